//! The items inside of one object, by the `InputType` of the reader.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::{MAX_DEPTH, depth_within};
use crate::json::read_json;
use crate::sim::distributed::csv;
use crate::sim::distributed::fields;
use crate::sim::distributed::reader::{Stop, failed};
use crate::sim::objects::text_of;
use crate::sim::program::StateDef;

/// One item that was read.
pub(super) struct Found {
    /// The name of the member, where the items are those of an object.
    pub key: Option<String>,
    pub value: Value,
    /// `$$.Map.Item.Source`.
    pub source: Arc<str>,
}

/// The items of an object.
pub(super) fn records(state: &StateDef, content: &Value, source: &Arc<str>) -> Result<Vec<Found>, Stop> {
    let config = |name: &str| fields::inner(state, &format!("ItemReader/ReaderConfig/{name}"));
    let text = |name: &str| config(name).and_then(Value::as_str);
    let found = |key: Option<String>, value: Value| Found { key, value, source: Arc::clone(source) };
    match text("InputType") {
        None | Some("JSON") => {
            let value = parsed(content, source)?;
            // An empty pointer means the whole.
            let at = value.pointer(text("ItemsPointer").unwrap_or_default()).ok_or_else(|| {
                failed("The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure.")
            })?;
            match at {
                Value::Array(items) => Ok(items.iter().map(|it| found(None, it.clone())).collect()),
                // AWS was recorded refusing a whole object, before it had pointers.
                Value::Object(members) if text("ItemsPointer").is_some_and(|it| !it.is_empty()) => {
                    Ok(members.iter().map(|(key, it)| found(Some(key.clone()), it.clone())).collect())
                }
                _ => Err(failed("Attempting to map over non-iterable node.")),
            }
        }
        Some("JSONL") => {
            let items = lines(content, source)?;
            Ok(items.into_iter().map(|it| found(None, it)).collect())
        }
        Some("CSV") => {
            let Value::String(content) = content else {
                return Err(failed(&format!("The object “{source}” holds JSON, not lines of CSV")));
            };
            let given = text("CSVHeaderLocation") == Some("GIVEN");
            let headers: Vec<String> = config("CSVHeaders")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|it| it.as_str().map(str::to_string))
                .collect();
            let delimiter = csv::delimiter(text("CSVDelimiter"));
            let rows = csv::rows(content, delimiter, given.then_some(&headers)).map_err(failed)?;
            Ok(rows.into_iter().map(|it| found(None, it)).collect())
        }
        Some(other) => Err(failed(&format!("Objects of the type “{other}” cannot be read"))),
    }
}

/// An object as JSON.
pub(super) fn parsed(content: &Value, source: &str) -> Result<Value, Stop> {
    let value = match content {
        Value::String(text) => {
            read_json(text).map_err(|it| failed(&format!("The object “{source}” is not valid JSON: {it}")))?
        }
        other => other.clone(),
    };
    match depth_within(&value, MAX_DEPTH) {
        true => Ok(value),
        false => Err(failed(&format!("The object “{source}” is nested deeper than {MAX_DEPTH} levels"))),
    }
}

/// One JSON value a line. A mock may give the list at once.
fn lines(content: &Value, source: &str) -> Result<Vec<Value>, Stop> {
    if let Value::Array(items) = content {
        return Ok(items.clone());
    }
    let text = text_of(content);
    let lines = text.lines().enumerate().filter(|(_, it)| !it.trim().is_empty());
    let values = lines.map(|(idx, line)| {
        read_json(line).map_err(|it| {
            failed(&format!("Line {} of the object “{source}” is not valid JSON: {it}", idx + 1))
        })
    });
    values.collect()
}
