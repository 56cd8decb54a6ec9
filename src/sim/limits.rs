//! How large and how deep data may be, measured without writing anything down.

use std::io;

use serde_json::Value;

use crate::expr::{MAX_DEPTH, depth_within};
use crate::sim::trace::StatesError;

/// AWS's limit for the data that a state passes on, in bytes of UTF-8 JSON text.
pub(crate) const MAX_DATA_BYTES: usize = 262_144;

/// No less than the bytes of data as JSON text, or why it cannot be passed on; `what` is a state or
/// the resource of a task. A loop can nest data ever deeper, so depth is limited before anything
/// recurses into it.
pub(crate) fn measured(data: &Value, what: &str) -> Result<usize, StatesError> {
    if let Some(size) = size_at_most(data, 0).filter(|it| *it <= MAX_DATA_BYTES) {
        return Ok(size);
    }
    let cause = if !depth_within(data, MAX_DEPTH) {
        format!("The state/task '{what}' returned a result that is nested deeper than {MAX_DEPTH} levels.")
    } else if let Some(size) = size_within_limit(data) {
        return Ok(size);
    } else {
        let limit = "returned a result with a size exceeding the maximum number of bytes service limit.";
        format!("The state/task '{what}' {limit}")
    };
    Err(StatesError { name: "States.DataLimitExceeded".to_string(), cause })
}

/// No less than the bytes of the data as JSON text, found quickly: what is small by this measure
/// needs no other. `None` where it is nested deeply.
pub(crate) fn size_at_most(data: &Value, depth: usize) -> Option<usize> {
    // Each byte of a text is written as six at most, `\u0000`, and a number takes 25 at most.
    let text = |it: &str| it.len().saturating_mul(6).saturating_add(3);
    Some(match data {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(_) => 25,
        Value::String(it) => text(it),
        Value::Array(_) | Value::Object(_) if 50 < depth => return None,
        Value::Array(items) => {
            items.iter().try_fold(2, |sum, it| Some(sum + 1 + size_at_most(it, depth + 1)?))?
        }
        Value::Object(members) => members
            .iter()
            .try_fold(2, |sum, (key, it)| Some(sum + 2 + text(key) + size_at_most(it, depth + 1)?))?,
    })
}

/// The bytes of the data as JSON text, if they are within AWS's limit. Counts without writing
/// anything down.
fn size_within_limit(data: &Value) -> Option<usize> {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            match self.0 <= MAX_DATA_BYTES {
                true => Ok(bytes.len()),
                false => Err(io::Error::other("too large")),
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, data).ok()?;
    Some(count.0)
}
