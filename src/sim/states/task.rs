//! Task: prepares a call. Who answers it, and when, is the engine's business.

use std::sync::Arc;

use serde_json::Value;

use crate::sim::dataflow::Flow;
use crate::sim::states::Move;
use crate::sim::trace::{StageName, StatesError};

/// A call as it goes out.
pub(crate) struct Request {
    pub parameters: Arc<Value>,
    pub timeout_secs: Option<u64>,
    pub heartbeat_secs: Option<u64>,
    /// `Credentials.RoleArn` with its value.
    pub role_arn: Option<Value>,
}

pub(crate) fn begin(flow: &mut Flow, raw: &Arc<Value>) -> Result<Move, StatesError> {
    let state = flow.state;
    let effective = flow.input_path(raw)?;
    if flow.is_jsonata() {
        return begin_jsonata(flow, raw);
    }
    let parameters = flow.template(StageName::AfterParameters, "Parameters", &effective)?;
    let timeout_secs = seconds(flow, "TimeoutSeconds", "TimeoutSecondsPath", &effective)?;
    let heartbeat_secs = seconds(flow, "HeartbeatSeconds", "HeartbeatSecondsPath", &effective)?;
    let role_arn = match state.field("Credentials") {
        Some(credentials) => flow.fill(credentials, &effective)?.get("RoleArn").cloned(),
        None => None,
    };
    Ok(Move::Call(Request { parameters, timeout_secs, heartbeat_secs, role_arn }))
}

fn begin_jsonata(flow: &mut Flow, raw: &Arc<Value>) -> Result<Move, StatesError> {
    let parameters = flow.arguments(raw)?;
    let timeout_secs = flow.typed("TimeoutSeconds", "number", Value::as_u64)?;
    let heartbeat_secs = flow.typed("HeartbeatSeconds", "number", Value::as_u64)?;
    let role_arn = flow.value("Credentials")?.and_then(|it| it.get("RoleArn").cloned());
    Ok(Move::Call(Request { parameters, timeout_secs, heartbeat_secs, role_arn }))
}

fn seconds(
    flow: &Flow,
    field: &str,
    path_field: &str,
    effective: &Value,
) -> Result<Option<u64>, StatesError> {
    let Some(path) = flow.state.field(path_field).and_then(|it| it.as_str()) else {
        return Ok(flow.state.field(field).and_then(|it| it.as_u64()));
    };
    let value = flow.query(path_field, path, effective)?;
    match value.as_u64().filter(|it| 0 < *it) {
        Some(secs) => Ok(Some(secs)),
        None => Err(flow.runtime(format!(
            "The {path_field} parameter does not reference a positive integer: {path} == {value}"
        ))),
    }
}
