//! The events AWS would have logged, as rows of a table.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::Value;

use crate::sim::history::Detail;
use crate::sim::{HistoryEvent, Step};
use crate::studio::view::{EventRow, EventsView};
use crate::studio::words::clock;

/// Bytes of the details in one row.
const MAX_DETAILS: usize = 240;

/// All events of the run; only `cursor` depends on where the player stands.
pub fn events(steps: &[Arc<Step>]) -> EventsView {
    // Child executions have histories of their own.
    let own = steps.iter().enumerate().filter(|(_, it)| it.inside.is_none());
    let rows = own.flat_map(|(idx, step)| step.events.iter().map(move |it| row(idx, step, it)));
    EventsView { rows: rows.collect(), cursor: 0 }
}

/// The number of events logged up to and with a step.
pub fn n_events_until(steps: &[Arc<Step>], cursor: usize) -> usize {
    steps.iter().take(cursor + 1).filter(|it| it.inside.is_none()).map(|it| it.events.len()).sum()
}

fn row(step_idx: usize, step: &Step, event: &HistoryEvent) -> EventRow {
    EventRow {
        id: event.id,
        previous: event.previous_event_id,
        type_name: event.event_type,
        state: step.state.as_ref().map(|it| it.name()).unwrap_or_default(),
        clock: clock(event.timestamp_millis),
        details: details(event),
        step: step_idx,
    }
}

fn details(event: &HistoryEvent) -> String {
    let mut parts = Vec::new();
    let mut n_left = MAX_DETAILS;
    for (name, detail) in &event.details {
        let value = match detail {
            Detail::Payload(value) => json_start(value, n_left),
            Detail::Variables(variables) => json_start(variables, n_left),
            Detail::Text(text) => json_start(text, n_left),
            Detail::Number(number) => json_start(number, n_left),
            Detail::Whole => continue,
            Detail::NotKept => "…".to_owned(),
            Detail::Plain(value) => json_start(value, n_left),
        };
        n_left = n_left.saturating_sub(value.len() + name.len());
        parts.push(format!("{}: {value}", Value::from(*name)));
        if n_left == 0 {
            break;
        }
    }
    if parts.is_empty() { String::new() } else { format!("{{{}}}", parts.join(", ")) }
}

/// The first bytes of a value as JSON, without writing the rest of a large one.
pub fn json_start(value: &impl serde::Serialize, max_bytes: usize) -> String {
    let mut start = Start { bytes: Vec::new(), max_bytes };
    let whole = serde_json::to_writer(&mut start, value).is_ok();
    let text = String::from_utf8_lossy(&start.bytes);
    // A character cut in half at the end is not shown.
    let text = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
    if whole { text.to_owned() } else { format!("{text}…") }
}

struct Start {
    bytes: Vec<u8>,
    max_bytes: usize,
}

impl Write for Start {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = bytes.len().min(self.max_bytes.saturating_sub(self.bytes.len()));
        self.bytes.extend(bytes.iter().take(n));
        if n < bytes.len() { Err(io::ErrorKind::WriteZero.into()) } else { Ok(n) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(json_start(&json!({"a": 1}), 100), r#"{"a":1}"#);
        assert_eq!(json_start(&json!("ééé"), 4), "\"é…");
        assert_eq!(json_start(&json!("a".repeat(100_000)), 3), "\"aa…");
    }

    #[test]
    fn a_row_names_every_detail() {
        let event = HistoryEvent {
            id: 2,
            previous_event_id: 0,
            timestamp_millis: 1_500,
            event_type: "PassStateEntered",
            details_name: "stateEnteredEventDetails",
            details: vec![
                ("input", Detail::Payload(Arc::new(json!({"a": 1})))),
                ("name", Detail::Text(Arc::from("P"))),
            ],
        };
        let mut step =
            (*crate::studio::player::tests::step("P", 1, &[], 1_500, crate::sim::Happening::Running)).clone();
        step.events.push(event);
        let view = events(&[Arc::new(step)]);
        let row = view.rows.first().unwrap();
        assert_eq!((row.state.as_str(), row.clock.as_str()), ("P", "00:00:01.500"));
        assert_eq!(row.details, r#"{"input": {"a":1}, "name": "P"}"#);
    }
}
