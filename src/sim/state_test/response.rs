//! The response: which members it has for which type of state and level, in the form of the API.
//! What AWS was recorded showing is a table here, because it follows from nothing else.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::asl::QueryLanguage;
use crate::expr::json_text;
use crate::sim::program::{Kind, StateDef};
use crate::sim::state_test::request::StateTest;
use crate::sim::state_test::subject::Subject;
use crate::sim::state_test::trial::{Status, Trial};
use crate::sim::trace::StageName;

pub(super) fn response(test: &StateTest, subject: &Subject, trial: Trial) -> Value {
    let mut response = Map::new();
    if let Some(output) = &trial.output {
        response.insert("output".to_string(), json_text(output).into());
    }
    if let Some(error) = &trial.error {
        // What a Fail state does not say is left out.
        for (name, words) in [("error", &error.name), ("cause", &error.cause)] {
            if !words.is_empty() {
                response.insert(name.to_string(), words.as_str().into());
            }
        }
    }
    if let (true, Ok(state)) = (test.shows_data, subject.state()) {
        response.insert("inspectionData".to_string(), inspection(state, &trial));
    }
    if let Some(next) = trial.way_out.as_deref().and_then(|it| next_state(&subject.definition, it)) {
        response.insert("nextState".to_string(), next.into());
    }
    let status = match trial.status {
        Status::Succeeded => "SUCCEEDED",
        Status::Failed => "FAILED",
        Status::Retriable => "RETRIABLE",
        Status::CaughtError => "CAUGHT_ERROR",
    };
    response.insert("status".to_string(), status.into());
    Value::Object(response)
}

/// The name that stands at a way out. It need not be a state: the rest of a machine is not there.
fn next_state<'d>(definition: &'d Value, way_out: &str) -> Option<&'d str> {
    let names_a_state = way_out.ends_with("/Next") || way_out.ends_with("/Default");
    definition.pointer(way_out).filter(|_| names_a_state).and_then(Value::as_str)
}

fn inspection(state: &StateDef, trial: &Trial) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Option<Arc<Value>>| {
        if let Some(value) = value {
            members.insert(name.to_string(), json_text(&value).into());
        }
    };
    for name in stages(state) {
        put(name, stage(name, state, trial));
    }
    let variables = Value::Object(trial.variables.clone());
    put("variables", (!trial.variables.is_empty()).then(|| Arc::new(variables)));
    let items = &trial.items;
    let is_jsonpath = state.language == QueryLanguage::JsonPath;
    put("afterItemsPath", items.selected.clone().filter(|_| is_jsonpath));
    put("afterItemsPointer", items.pointed.clone().filter(|_| is_jsonpath));
    put("afterItemSelector", items.inputs.clone());
    put("afterItemBatcher", items.batches.clone());
    let numbers = [
        ("toleratedFailureCount", items.tolerance.count.map(Value::from)),
        ("toleratedFailurePercentage", items.tolerance.percentage.map(Value::from)),
        ("maxConcurrency", items.max_concurrency.map(Value::from)),
        ("errorDetails", error_details(trial)),
    ];
    for (name, value) in numbers {
        if let Some(value) = value {
            members.insert(name.to_string(), value);
        }
    }
    Value::Object(members)
}

fn error_details(trial: &Trial) -> Option<Value> {
    let mut details = Map::new();
    let numbers = [
        ("catchIndex", trial.catch_idx.map(|it| json!(it))),
        ("retryIndex", trial.retry_idx.map(|it| json!(it))),
        ("retryBackoffIntervalSeconds", trial.backoff_secs.map(|it| json!(it))),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            details.insert(name.to_string(), number);
        }
    }
    (!details.is_empty()).then_some(Value::Object(details))
}

/// The stages that AWS was recorded showing, as far as a test gets.
fn stages(state: &StateDef) -> &'static [&'static str] {
    let is_jsonpath = state.language == QueryLanguage::JsonPath;
    match &state.kind {
        Kind::Task(_) if is_jsonpath => &[
            "input",
            "afterInputPath",
            "afterParameters",
            "result",
            "afterResultSelector",
            "afterResultPath",
        ],
        Kind::Task(_) => &["input", "afterArguments", "result"],
        // A `Result` hides what went in.
        Kind::Pass if is_jsonpath && state.field("Result").is_some() => {
            &["input", "result", "afterResultSelector", "afterResultPath"]
        }
        Kind::Pass if is_jsonpath => {
            &["input", "afterInputPath", "afterParameters", "afterResultSelector", "afterResultPath"]
        }
        Kind::Parallel { .. } if is_jsonpath => &["input", "afterResultSelector", "afterResultPath"],
        Kind::Map { .. } if is_jsonpath => {
            &["input", "afterInputPath", "afterResultSelector", "afterResultPath"]
        }
        _ if is_jsonpath => &["input", "afterInputPath"],
        _ => &["input"],
    }
}

/// The data after a stage, unless the test did not get there.
fn stage(name: &str, state: &StateDef, trial: &Trial) -> Option<Arc<Value>> {
    let after = |name: StageName| {
        let stage = trial.stages.iter().rev().find(|it| it.name == name)?;
        stage.after.as_ref().ok().cloned()
    };
    match name {
        "input" => after(StageName::Input),
        "afterInputPath" => match &state.kind {
            // A Fail has no InputPath; the data passes through.
            Kind::Fail => after(StageName::Input),
            _ => after(StageName::AfterInputPath),
        },
        "afterParameters" => after(StageName::AfterParameters),
        "afterArguments" => after(StageName::AfterArguments),
        "result" => after(StageName::Result),
        "afterResultSelector" => match &state.kind {
            // A Pass has no ResultSelector; the data passes through.
            Kind::Pass => after(StageName::Result).or_else(|| after(StageName::AfterParameters)),
            _ => after(StageName::AfterResultSelector),
        },
        _ => after(StageName::AfterResultPath),
    }
}
