//! Whole runs against recordings of AWS: status, output, error, cause, what tasks were sent, and
//! the event history with types, ids, previous ids and details.
//!
//! The corpus lies outside of the project (`STEPGLASS_CORPUS`, else `../shared/corpus`); without
//! it these tests say so and pass. A case is left out only by one of the rules that the report
//! names; every other difference fails the test unless it is listed with its reason.

mod recorded;

use std::collections::BTreeMap;
use std::sync::Arc;

use recorded::{Case, Verdict};
use serde_json::{Value, json};
use stepglass::sim::{
    Answer, Happening, Mocks, Program, Run, RunRequest, RunStatus, Settings, StageName, StatesError,
};

/// Recordings that the simulator answers otherwise, with the reason. A case that is listed here
/// and agrees is a failure too, so that the list stays true.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[
    ("test_activity_task_on_deleted", "the activity was deleted before the call, which no task result says"),
    ("test_invoke_with_headers[singleStringHeader]", "API Gateway's own check of its parameters"),
    ("test_put_events_base#", "the input was recorded with another part replaced than the parameters"),
];

#[test]
fn recorded_executions_agree() {
    let Some(cases) = recorded::read_lines("aws-recorded/executions.jsonl") else { return };
    let mut tally: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut faults = Vec::new();
    for case in &cases {
        let case = Case::new(case);
        let known = KNOWN_DIFFERENCES.iter().any(|(id, _)| case.id.contains(id));
        let (row, fault) = match check(&case) {
            Verdict::Skipped(rule) => (format!("skipped: {rule}"), None),
            Verdict::Equal if known => {
                ("equal".to_string(), Some("is listed as different but agrees".to_string()))
            }
            Verdict::Equal => ("equal".to_string(), None),
            Verdict::Different(_) if known => ("different, reason known".to_string(), None),
            Verdict::Different(what) => ("different".to_string(), Some(what)),
        };
        *tally.entry(case.kind.clone()).or_default().entry(row).or_default() += 1;
        faults.extend(fault.map(|it| format!("{}\n    {it}", case.id)));
    }
    for (kind, rows) in &tally {
        for (row, n) in rows {
            println!("{kind:24} {n:4} {row}");
        }
    }
    assert!(faults.is_empty(), "{} cases differ\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn recorded_state_tests_agree() {
    let Some(cases) = recorded::read_lines("aws-recorded/teststate.jsonl") else { return };
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for case in &cases {
        let (row, fault) = match check_state(case) {
            Verdict::Skipped(rule) => (rule, None),
            Verdict::Equal => ("equal", None),
            Verdict::Different(what) => ("different", Some(what)),
        };
        *tally.entry(row).or_default() += 1;
        faults.extend(fault.map(|it| format!("{}\n    {it}", case["id"])));
    }
    for (row, n) in &tally {
        println!("state test {n:4} {row}");
    }
    assert!(faults.is_empty(), "{} state tests differ\n{}", faults.len(), faults.join("\n"));
}

/// Runs one state alone and compares what it did with the response and its inspection data.
fn check_state(case: &Value) -> Verdict {
    let (request, response) = (&case["request"], &case["response"]);
    let Some(status) = response["status"].as_str() else {
        return Verdict::Skipped("AWS refused the request");
    };
    if case["definition"].to_string().contains("JSONata") {
        return Verdict::Skipped("JSONata: next step");
    }
    if request.get("context").is_some() || request.get("stateConfiguration").is_some() {
        return Verdict::Skipped("a given context or configuration: next step");
    }
    let named = request["stateName"].as_str().and_then(|it| case["definition"]["States"].get(it));
    let state = named.unwrap_or(&case["definition"]);
    if matches!(state["Type"].as_str(), Some("Map" | "Parallel") | None) {
        return Verdict::Skipped("what is inside a Map or Parallel is not run by TestState");
    }
    let mut states = serde_json::Map::new();
    // Whatever comes next is there, so that the state can be left.
    for pointer in ["/Next", "/Default", "/Choices/0/Next", "/Choices/1/Next", "/Catch/0/Next"] {
        if let Some(name) = state.pointer(pointer).and_then(Value::as_str) {
            states.insert(name.to_string(), json!({"Type": "Succeed"}));
        }
    }
    states.insert("tested".to_string(), state.clone());
    let program = Arc::new(Program::from_value(&json!({"StartAt": "tested", "States": states}), 0));
    let input = Arc::new(case["input"].clone());
    let settings = Settings { task_millis: 0, ..Settings::default() };
    let mut run =
        Run::start(RunRequest { program, input, mocks: Default::default(), seed: 1, settings, start: None });
    if run.finish() == RunStatus::Asking {
        let mock = &request["mock"];
        let text = |it: &Value| it.as_str().unwrap_or_default().to_string();
        let result = mock["result"].as_str().and_then(|it| serde_json::from_str(it).ok());
        run.answer(match (result, mock.get("errorOutput")) {
            (Some(result), _) => Answer::Return(Arc::new(result)),
            (None, Some(error)) => {
                Answer::Throw(StatesError { name: text(&error["error"]), cause: text(&error["cause"]) })
            }
            (None, None) => return Verdict::Skipped("a real call"),
        });
        run.finish();
    }
    let Some(step) =
        run.trace().iter().rev().find(|it| it.state.as_ref().is_some_and(|it| it.name() == "tested"))
    else {
        return Verdict::Different("the state was never entered".to_string());
    };
    let agrees = match (&step.happening, status) {
        (Happening::Succeeded, "SUCCEEDED") => {
            let output = step.stages.iter().rev().find(|it| it.name == StageName::Output);
            let output = output.and_then(|it| it.after.as_ref().ok());
            output.is_some_and(|it| recorded::same_payload(&response["output"], it))
        }
        (Happening::Failed { error }, "FAILED") => {
            // TestState gives the cause without its frame.
            let cause = error.cause.split_once("). ").map_or(error.cause.as_str(), |(_, it)| it);
            response["error"].as_str().unwrap_or_default() == error.name
                && recorded::same(&response.get("cause").cloned().unwrap_or(json!("")), &Value::from(cause))
        }
        (Happening::Caught { .. }, "CAUGHT_ERROR") | (Happening::Retrying { .. }, "RETRIABLE") => true,
        _ => false,
    };
    if !agrees {
        return Verdict::Different(format!("{response}\n    but here {:?}", step.happening));
    }
    for stage in step.stages.iter() {
        let name = serde_json::to_value(stage.name).expect("a name");
        let was = name.as_str().and_then(|it| response["inspectionData"].get(it));
        if let (Some(was), Ok(is)) = (was, &stage.after)
            && !recorded::same_payload(was, is)
        {
            return Verdict::Different(format!("{name} {was}\n    but here {is}"));
        }
    }
    Verdict::Equal
}

fn check(case: &Case) -> Verdict {
    if let Some(rule) = case.skip_rule() {
        return Verdict::Skipped(rule);
    }
    let program = Arc::new(Program::from_value(&case.definition, 0));
    if let Some(refusal) = program.refusals().first() {
        return Verdict::Skipped(match refusal.field.as_str() {
            "QueryLanguage" => "JSONata: next step",
            _ => "refused for another reason",
        });
    }
    let mut run = Run::start(RunRequest {
        program,
        input: Arc::new(case.input.clone()),
        mocks: Mocks { objects: Arc::new(case.objects()), ..Mocks::default() },
        seed: 1,
        settings: case.settings(),
        start: None,
    });
    if let Some(n_events) = case.n_events_until_stop() {
        while run.history().count() < n_events && run.advance(1) == RunStatus::Going {}
        run.stop(StatesError::default()).expect("it runs");
    }
    let mut answers = case.answers();
    while run.finish() == RunStatus::Asking {
        let Some(question) = run.question() else { return Verdict::Different("no question".to_string()) };
        let Some(attempt) = answers.take(&question.state.name(), &question.parameters) else {
            return Verdict::Different(format!("a call of {} that was not recorded", question.state.name()));
        };
        if !recorded::same_payload(&attempt["parameters"], &question.parameters) {
            let (was, is) = (&attempt["parameters"], &question.parameters);
            return Verdict::Different(format!(
                "parameters of {}: {was} but here {is}",
                question.state.name()
            ));
        }
        run.answer(answer_of(&attempt));
    }
    case.compare(&run)
}

fn answer_of(attempt: &Value) -> Answer {
    let text = |field: &str| match &attempt[field] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match attempt["result"].as_str() {
        Some("succeeded") => Answer::Return(Arc::new(attempt["output"].clone())),
        Some("timed_out") => Answer::TimeOut,
        _ => {
            let cause = if attempt["cause_text"].is_string() { text("cause_text") } else { text("cause") };
            Answer::Throw(StatesError { name: text("error"), cause })
        }
    }
}
