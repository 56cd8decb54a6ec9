//! What stands in the box of a state beside its name.

use crate::asl::reading::{call_reading, reading_of_call, shortened};
use crate::asl::{Resource, State, StateKind};
use crate::json::Tree;
use crate::text::words::{count, duration};

/// The icon of a state: that of the service it calls, or of its kind.
pub fn icon_of(kind: &StateKind) -> &'static str {
    match kind {
        StateKind::Task { resource: Some(resource) } => Resource::parse(resource).icon(),
        StateKind::Task { resource: None } => "api",
        StateKind::Pass => "pass",
        StateKind::Choice { .. } => "choice",
        StateKind::Wait => "wait",
        StateKind::Succeed => "succeed",
        StateKind::Fail => "fail",
        StateKind::Parallel { .. } => "parallel",
        StateKind::Map { .. } => "map",
        StateKind::Unknown { .. } => "unknown",
    }
}

/// Icon and subtitle of a state, with its resource read once for both.
pub fn face(tree: &Tree, state: &State) -> (&'static str, String) {
    match &state.kind {
        StateKind::Task { resource: Some(resource) } => {
            let resource = Resource::parse(resource);
            (resource.icon(), reading_of_call(tree, state, &resource))
        }
        kind => (icon_of(kind), subtitle(tree, state)),
    }
}

/// Small muted words: the service called, “2 branches”, “for each item, 4 at a time”.
pub fn subtitle(tree: &Tree, state: &State) -> String {
    match &state.kind {
        StateKind::Task { .. } => call_reading(tree, state).unwrap_or_default(),
        StateKind::Parallel { branches } => count(branches.len(), "branch", "branches"),
        StateKind::Map { .. } => {
            match tree.get(state.node, "MaxConcurrency").and_then(|it| tree.number(it)) {
                Some("0") | None => "for each item".to_owned(),
                Some("1") => "for each item, one after the other".to_owned(),
                Some(limit) => format!("for each item, {limit} at a time"),
            }
        }
        StateKind::Wait => wait_words(tree, state),
        StateKind::Unknown { type_text: Some(text) } if !text.is_empty() => format!("unknown type “{text}”"),
        StateKind::Unknown { .. } => "no type yet".to_owned(),
        StateKind::Fail => tree
            .get(state.node, "Error")
            .and_then(|it| tree.string(it))
            .map(|it| it.into_owned())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn wait_words(tree: &Tree, state: &State) -> String {
    let seconds = tree.get(state.node, "Seconds").and_then(|it| tree.number(it));
    if let Some(seconds) = seconds.and_then(|it| it.parse::<u64>().ok()) {
        return duration(seconds.saturating_mul(1_000));
    }
    let until = ["Timestamp", "TimestampPath", "SecondsPath", "Seconds"];
    let text = until.iter().find_map(|it| tree.get(state.node, it)).and_then(|it| tree.string(it));
    text.map(|it| shortened(&it)).unwrap_or_default()
}
