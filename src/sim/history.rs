//! Events with the names, ids and fields of AWS's GetExecutionHistory.

use serde::Serialize;
use serde_json::{Map, Value};

/// One event, as AWS would have logged it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEvent {
    /// Counts from 1 over the execution.
    pub id: u64,
    /// The event that led to this one; 0 for the first two.
    pub previous_event_id: u64,
    /// Virtual time since the start of the execution.
    pub timestamp_millis: u64,
    /// A `HistoryEventType`, for instance `TaskStateEntered`.
    #[serde(rename = "type")]
    pub event_type: &'static str,
    /// The member that carries the details, for instance `stateEnteredEventDetails`; empty if none.
    #[serde(skip)]
    pub details_name: &'static str,
    /// The details with AWS's field names; payloads (`input`, `output`, …) are JSON text.
    #[serde(skip)]
    pub details: Map<String, Value>,
}
