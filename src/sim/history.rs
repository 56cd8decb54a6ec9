//! Events with the names, ids and fields of AWS's GetExecutionHistory. Payloads are kept as shared
//! values and become JSON text only when somebody looks, so that a long history which carries a
//! large document along costs no copies.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// One event, as AWS would have logged it.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEvent {
    /// Counts from 1 over the execution.
    pub id: u64,
    /// The event that led to this one; 0 for the first two.
    pub previous_event_id: u64,
    /// Virtual time since the start of the execution.
    pub timestamp_millis: u64,
    /// A `HistoryEventType`, for instance `TaskStateEntered`.
    pub event_type: &'static str,
    /// The member that carries the details, for instance `stateEnteredEventDetails`; empty if none.
    pub details_name: &'static str,
    /// The details with AWS's field names, in AWS's (alphabetical) order.
    pub details: Vec<(&'static str, Detail)>,
}

/// One member of an event's details.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// A payload (`input`, `output`, `parameters`): AWS gives it as JSON text.
    Payload(Arc<Value>),
    /// `assignedVariables`: each value becomes JSON text.
    Variables(Arc<Map<String, Value>>),
    /// A text that many events share.
    Text(Arc<str>),
    Number(u64),
    /// `{"truncated": false}`: the payload beside it is whole.
    Whole,
    /// A payload that is not kept; see [`crate::sim::Run::step`].
    NotKept,
    /// Anything else that stands in the event as it is.
    Plain(Box<Value>),
}

impl HistoryEvent {
    /// The details with payloads as JSON text, as AWS shows them.
    pub fn details_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        for (name, detail) in &self.details {
            map.insert((*name).to_string(), detail.to_value());
        }
        map
    }

    /// The member of the details with this name.
    pub fn detail(&self, name: &str) -> Option<&Detail> {
        self.details.iter().find(|(it, _)| *it == name).map(|(_, detail)| detail)
    }

    /// The whole event as GetExecutionHistory prints it. `start_millis` is the moment of the start
    /// in milliseconds since 1970.
    pub fn to_value(&self, start_millis: i64) -> Value {
        let mut map = Map::new();
        let at_millis = start_millis.saturating_add(i64::try_from(self.timestamp_millis).unwrap_or(i64::MAX));
        map.insert("timestamp".to_string(), Value::from(at_millis as f64 / 1000.0));
        map.insert("type".to_string(), Value::from(self.event_type));
        map.insert("id".to_string(), Value::from(self.id));
        map.insert("previousEventId".to_string(), Value::from(self.previous_event_id));
        if !self.details_name.is_empty() {
            map.insert(self.details_name.to_string(), Value::Object(self.details_map()));
        }
        Value::Object(map)
    }
}

impl Serialize for HistoryEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value(0).serialize(serializer)
    }
}

impl Detail {
    /// The detail as it stands in AWS's JSON.
    pub fn to_value(&self) -> Value {
        match self {
            Detail::Payload(value) => Value::from(value.to_string()),
            Detail::Variables(variables) => {
                variables.iter().map(|(name, value)| (name.clone(), Value::from(value.to_string()))).collect()
            }
            Detail::Text(text) => Value::from(text.as_ref()),
            Detail::Number(number) => Value::from(*number),
            Detail::Whole => json!({ "truncated": false }),
            Detail::NotKept => Value::Null,
            Detail::Plain(value) => value.as_ref().clone(),
        }
    }
}
