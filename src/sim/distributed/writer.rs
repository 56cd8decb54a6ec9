//! `ResultWriter`: what child executions gave, as the result of the Map or as objects in S3 with a
//! manifest that lists them.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::sim::dataflow::Flow;
use crate::sim::distributed::{MapRun, fields};
use crate::sim::objects::address;
use crate::sim::request::Settings;
use crate::sim::slots::{Ended, Slot, Slots};
use crate::sim::timestamp::format_millis;
use crate::sim::trace::StatesError;

/// The result of the Map and the objects written for it.
pub(super) struct Written {
    pub result: Arc<Value>,
    /// Addresses with what the objects contain.
    pub objects: Vec<(String, Value)>,
}

/// How results are shown.
#[derive(Clone, Copy, PartialEq)]
enum Transformation {
    /// Everything that is known of each execution.
    None,
    /// The outputs alone.
    Compact,
    /// The outputs, and the items of those that are arrays.
    Flatten,
}

/// Gathers the results; every child execution has ended.
pub(super) fn write(
    flow: &mut Flow,
    settings: &Settings,
    run: &MapRun,
    slots: &Slots,
) -> Result<Written, StatesError> {
    let executions: Vec<&Ended> = slots
        .iter()
        .filter_map(|it| match it {
            Slot::Ended(ended) => Some(ended.as_ref()),
            _ => None,
        })
        .collect();
    let is_exported = fields::inner(flow.state, "ResultWriter/Resource").is_some();
    let transformation = match fields::text(flow.state, "ResultWriter/WriterConfig/Transformation") {
        Some("NONE") => Transformation::None,
        Some("COMPACT") => Transformation::Compact,
        Some("FLATTEN") => Transformation::Flatten,
        _ if is_exported => Transformation::None,
        _ => Transformation::Compact,
    };
    if !is_exported {
        let results = results(settings, &executions, transformation);
        return Ok(Written { result: Arc::new(Value::Array(results)), objects: Vec::new() });
    }
    let places = ["ResultWriter/Arguments", "ResultWriter/Parameters"];
    let arguments = fields::template(flow, &places, &run.effective)?.unwrap_or_default();
    let text = |name: &str| arguments.get(name).and_then(Value::as_str);
    let Some(bucket) = text("Bucket") else {
        let cause = "The ResultWriter names no Bucket".to_string();
        return Err(StatesError { name: "States.ResultWriterFailed".to_string(), cause });
    };
    let folder = match text("Prefix") {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}/{}", run.id),
        _ => run.id.clone(),
    };
    let is_lines = fields::text(flow.state, "ResultWriter/WriterConfig/OutputType") == Some("JSONL");
    let (succeeded, failed): (Vec<&Ended>, Vec<&Ended>) =
        executions.into_iter().partition(|it| it.outcome.is_ok());
    let mut objects = Vec::new();
    let mut files = Map::new();
    let groups = [("FAILED", failed), ("PENDING", Vec::new()), ("SUCCEEDED", succeeded)];
    for (status, group) in groups {
        let mut listed = Vec::new();
        if !group.is_empty() {
            // What failed has no output, so all that is known of it is written.
            let shown = if status == "FAILED" { Transformation::None } else { transformation };
            let content = file(results(settings, &group, shown), is_lines);
            let key = format!("{folder}/{status}_0.{}", if is_lines { "jsonl" } else { "json" });
            listed.push(json!({ "Key": key, "Size": content.len() }));
            objects.push((address(bucket, &key), Value::from(content)));
        }
        files.insert(status.to_string(), Value::Array(listed));
    }
    let key = format!("{folder}/manifest.json");
    let manifest = json!({ "DestinationBucket": bucket, "MapRunArn": run.arn, "ResultFiles": files });
    objects.push((address(bucket, &key), manifest));
    let details = json!({ "Bucket": bucket, "Key": key });
    let result = Arc::new(json!({ "MapRunArn": run.arn, "ResultWriterDetails": details }));
    Ok(Written { result, objects })
}

/// What is shown of each execution; one that failed has no output.
fn results(settings: &Settings, executions: &[&Ended], transformation: Transformation) -> Vec<Value> {
    let mut results = Vec::new();
    for execution in executions {
        match (transformation, &execution.outcome) {
            (Transformation::None, _) => results.push(described(settings, execution)),
            (_, Err(_)) => {}
            (Transformation::Flatten, Ok(output)) if output.is_array() => {
                results.extend(output.as_array().into_iter().flatten().cloned());
            }
            (_, Ok(output)) => results.push(output.as_ref().clone()),
        }
    }
    results
}

/// Everything that AWS exports of an execution, in the order in which it does.
fn described(settings: &Settings, execution: &Ended) -> Value {
    let facts = &execution.facts;
    let moment = |at_millis: u64| {
        let at_millis = i64::try_from(at_millis).unwrap_or(i64::MAX);
        format_millis(settings.start_millis.saturating_add(at_millis))
    };
    let machine =
        format!("arn:aws:states:{}:{}:stateMachine:{}", settings.region, settings.account, facts.machine);
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_string(), value);
    if let Err(error) = &execution.outcome {
        put("Cause", Value::from(error.cause.as_str()));
        put("Error", Value::from(error.name.as_str()));
    }
    put("ExecutionArn", Value::from(facts.arn.as_str()));
    put("Input", Value::from(facts.input.to_string()));
    put("InputDetails", json!({ "Included": true }));
    put("Name", Value::from(facts.name.as_str()));
    let is_done = execution.outcome.is_ok();
    if let Ok(output) = &execution.outcome {
        put("Output", Value::from(output.to_string()));
        put("OutputDetails", json!({ "Included": true }));
    }
    put("RedriveCount", Value::from(0));
    put("RedriveStatus", Value::from(if is_done { "NOT_REDRIVABLE" } else { "REDRIVABLE" }));
    if is_done {
        put("RedriveStatusReason", Value::from("Execution is SUCCEEDED and cannot be redriven"));
    }
    put("StartDate", Value::from(moment(facts.start_millis)));
    put("StateMachineArn", Value::from(machine));
    put("Status", Value::from(if is_done { "SUCCEEDED" } else { "FAILED" }));
    put("StopDate", Value::from(moment(execution.stop_millis)));
    Value::Object(members)
}

fn file(results: Vec<Value>, is_lines: bool) -> String {
    match is_lines {
        true => results.iter().map(|it| format!("{it}\n")).collect(),
        false => Value::Array(results).to_string(),
    }
}
