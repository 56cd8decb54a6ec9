//! Wait: lets virtual time pass.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::json_text;
use crate::sim::dataflow::Flow;
use crate::sim::jsonata::Exit;
use crate::sim::snapshot::Snapshot;
use crate::sim::states::{Leaving, Move};
use crate::sim::timestamp::{self, Moment};
use crate::sim::trace::{StageName, StatesError};

/// AWS counts the delay in a signed 32-bit number of seconds.
const MAX_DELAY_SECS: i64 = i32::MAX as i64;

pub(crate) fn begin(flow: &mut Flow, raw: &Arc<Value>, now: &Snapshot) -> Result<Move, StatesError> {
    let effective = flow.input_path(raw)?;
    let delay_millis = match flow.is_jsonata() {
        true => jsonata_delay_millis(flow, now)?,
        false => delay_millis(flow, &effective, now)?,
    };
    if MAX_DELAY_SECS.saturating_mul(1_000) < delay_millis {
        return Err(flow.runtime("Wait state delay is too long."));
    }
    let delay_millis = u64::try_from(delay_millis).unwrap_or(0);
    Ok(Move::Wait { until_millis: now.clock_millis.saturating_add(delay_millis) })
}

pub(crate) fn resume(flow: &mut Flow) -> Result<Move, StatesError> {
    let state = flow.state;
    if flow.is_jsonata() {
        let raw = Arc::clone(&flow.raw);
        return flow.leave(&Exit::of_state(flow), &raw, &state.next);
    }
    let effective = flow.after(StageName::AfterInputPath).unwrap_or_default();
    let assigned = flow.assign("Assign", state.field("Assign"), &effective)?;
    let output = flow.output_path(&effective)?;
    Ok(Move::Leave(Leaving { output, assigned, by: state.next.clone() }))
}

/// May be negative: a moment in the past.
fn delay_millis(flow: &Flow, effective: &Value, now: &Snapshot) -> Result<i64, StatesError> {
    let field = |name: &str| flow.state.field(name).map(|it| it.as_ref());
    if let Some(secs) = field("Seconds") {
        let millis = secs.as_f64().map(|it| (it * 1_000.0) as i64);
        return millis.ok_or_else(|| flow.runtime("The value of Seconds must be a number"));
    }
    if let Some(Value::String(path)) = field("SecondsPath") {
        let value = flow.lookup("SecondsPath", path, effective)?;
        return seconds(flow, path, value.as_deref());
    }
    let moment = if let Some(Value::String(text)) = field("Timestamp") {
        let moment = timestamp::parse(text);
        moment.ok_or_else(|| flow.runtime("String does not match RFC3339 timestamp"))?
    } else if let Some(Value::String(path)) = field("TimestampPath") {
        let value = flow.lookup("TimestampPath", path, effective)?;
        let Some(value) = value else {
            let cause = format!("The TimestampPath parameter does not reference an input value: {path}");
            return Err(flow.runtime(cause));
        };
        let text = value.as_str().map_or_else(|| json_text(&value), str::to_string);
        timestamp::parse(&text).ok_or_else(|| {
            let what = "does not reference a valid ISO-8601 extended offset date-time format string";
            flow.runtime(format!("The TimestampPath parameter {what}: {path} == {text}"))
        })?
    } else {
        return Err(flow.runtime("The state says neither how long to wait nor until when"));
    };
    Ok(until(moment, now))
}

/// May be negative: a moment in the past.
fn jsonata_delay_millis(flow: &mut Flow, now: &Snapshot) -> Result<i64, StatesError> {
    if let Some(secs) = flow.typed("Seconds", "number", Value::as_f64)? {
        return Ok((secs * 1_000.0) as i64);
    }
    let Some(text) = flow.typed("Timestamp", "string", |it| it.as_str().map(str::to_string))? else {
        return Err(flow.runtime("The state says neither how long to wait nor until when"));
    };
    match timestamp::parse(&text) {
        Some(moment) => Ok(until(moment, now)),
        None => {
            let what = "cannot be parsed as an ISO-8601 extended offset date-time format string";
            Err(flow.query_error(Some("Timestamp"), format!("The Timestamp field {what}: {text}")))
        }
    }
}

/// From the present moment to another one.
fn until(moment: Moment, now: &Snapshot) -> i64 {
    let due_millis = moment.secs.saturating_mul(1_000).saturating_add(i64::from(moment.nanos / 1_000_000));
    due_millis.saturating_sub(now.present_millis())
}

fn seconds(flow: &Flow, path: &str, value: Option<&Value>) -> Result<i64, StatesError> {
    let Some(value) = value else {
        let cause = format!("The SecondsPath parameter does not reference an input value: {path}");
        return Err(flow.runtime(cause));
    };
    match value.as_i64() {
        Some(secs) if secs < 0 => {
            Err(flow
                .runtime(format!("The SecondsPath parameter references a negative value: {path} == {secs}")))
        }
        Some(secs) => Ok(secs.saturating_mul(1_000)),
        None => {
            let text = json_text(value);
            let cause =
                format!("The SecondsPath parameter cannot be parsed as a long value: {path} == {text}");
            Err(flow.runtime(cause))
        }
    }
}
