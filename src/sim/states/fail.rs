//! Fail: ends its scope with an error, written out or read from the raw input.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::json_text;
use crate::sim::dataflow::Flow;
use crate::sim::states::Move;
use crate::sim::trace::StatesError;

pub(crate) fn begin(flow: &mut Flow, raw: &Arc<Value>) -> Result<Move, StatesError> {
    flow.begin(raw)?;
    let name = text_of(flow, "Error", "ErrorPath", raw)?;
    let cause = text_of(flow, "Cause", "CausePath", raw)?;
    Ok(Move::Fail(StatesError { name, cause }))
}

fn text_of(flow: &mut Flow, field: &str, path_field: &str, raw: &Value) -> Result<String, StatesError> {
    let state = flow.state;
    if flow.is_jsonata() {
        let text = flow.typed(field, "string", |it| it.as_str().map(str::to_string))?;
        return Ok(text.unwrap_or_default());
    }
    if let Some(path) = state.field(path_field).and_then(|it| it.as_str()) {
        return Ok(match flow.evaluate(path_field, path, raw)? {
            Value::String(text) => text,
            other => json_text(&other),
        });
    }
    Ok(state.field(field).and_then(|it| it.as_str()).unwrap_or_default().to_string())
}
