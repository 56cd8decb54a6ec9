//! What every state did to its data, one entry for each attempt of each visit, with the stages
//! under the names of TestState's `inspectionData`.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::sim::{Happening, Run, Stage, StageName, Step, VisitId};

/// The attempts in the order in which they began.
pub fn trace(run: &Run) -> impl Iterator<Item = Value> {
    // The last step of an attempt knows all its stages and how it went.
    let mut attempts: IndexMap<(VisitId, u32), (&Step, usize)> = IndexMap::new();
    for (idx, step) in run.trace().iter().enumerate() {
        if let Some(visit) = step.visit {
            let entry = attempts.entry((visit, step.attempt)).or_insert((step, idx));
            entry.1 = idx;
        }
    }
    attempts.into_values().filter_map(|(first, last)| Some(attempt(first, &*run.step(last)?)))
}

fn attempt(first: &Step, last: &Step) -> Value {
    let mut entry = Map::new();
    let mut put = |name: &str, value: Value| {
        entry.insert(name.to_string(), value);
    };
    let path = last.state.clone().unwrap_or_default();
    put("state", path.name().to_string().into());
    put("path", path.as_str().into());
    if !last.strand.is_empty() {
        let within = last.strand.iter().map(|it| json!({ "state": it.state.name(), "index": it.idx }));
        put("within", within.collect());
    }
    put("visit", last.visit.map_or(0, |it| it.0).into());
    put("attempt", last.attempt.into());
    put("startedMillis", first.at_millis.into());
    put("endedMillis", last.at_millis.into());
    let (status, error) = match &last.happening {
        Happening::Succeeded => ("SUCCEEDED", None),
        Happening::Retrying { error, .. } => ("RETRIABLE", Some(error)),
        Happening::Caught { error, .. } => ("CAUGHT_ERROR", Some(error)),
        Happening::Failed { error } => ("FAILED", Some(error)),
        Happening::Aborted => ("ABORTED", None),
        _ => ("RUNNING", None),
    };
    put("status", status.into());
    let is_left = matches!(last.happening, Happening::Succeeded | Happening::Caught { .. });
    let caught = matches!(last.happening, Happening::Caught { .. });
    // A catcher's data is that of its ResultPath: OutputPath is not applied to it.
    let output = if caught { StageName::AfterResultPath } else { StageName::Output };
    if let (true, Some(value)) =
        (is_left, last.stages.iter().rev().find(|it| it.name == output).and_then(after))
    {
        put("output", value.clone());
    }
    if let Some(error) = error {
        put("error", error.name.as_str().into());
        put("cause", error.cause.as_str().into());
    }
    put("inspectionData", inspection(last));
    put("fields", fields(last));
    Value::Object(entry)
}

/// The data after each stage.
fn inspection(step: &Step) -> Value {
    let mut members = Map::new();
    for stage in step.stages.iter().filter(|it| it.name != StageName::Output) {
        if let Some(value) = after(stage) {
            members.insert(word(stage.name), value.clone());
        }
    }
    if !step.variables.is_empty() {
        members.insert("variables".to_string(), Value::Object(step.variables.as_ref().clone()));
    }
    if let Happening::Retrying { retrier_idx, delay_millis, .. } = &step.happening {
        let secs = *delay_millis as f64 / 1_000.0;
        let details = json!({ "retryIndex": retrier_idx, "retryBackoffIntervalSeconds": secs });
        members.insert("errorDetails".to_string(), details);
    }
    if let Happening::Caught { catcher_idx, .. } = &step.happening {
        members.insert("errorDetails".to_string(), json!({ "catchIndex": catcher_idx }));
    }
    Value::Object(members)
}

/// The fields that made the stages, as pointers into the definition.
fn fields(step: &Step) -> Value {
    let named = step.stages.iter().filter_map(|it| Some((word(it.name), Value::from(it.field.as_deref()?))));
    Value::Object(named.collect())
}

fn after(stage: &Stage) -> Option<&Value> {
    stage.after.as_ref().ok().map(|it| it.as_ref())
}

fn word(name: StageName) -> String {
    serde_json::to_value(name).ok().and_then(|it| it.as_str().map(str::to_string)).unwrap_or_default()
}
