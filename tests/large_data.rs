//! Runs that make more data than is kept: the steps far in come without it, and what is computed
//! again is what happened.

use std::sync::Arc;

use serde_json::{Value, json};
use stepglass::sim::{
    Answer, Detail, Happening, MockRow, Mocks, Program, Run, RunRequest, Settings, Step, outcome_of,
};

const N_ROUNDS: u64 = 150;

/// A loop that rewrites small parts of large data, by every kind of state that can.
fn request() -> RunRequest {
    let definition = json!({"StartAt": "Count", "States": {
        "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.count.n, 1)"},
            "ResultPath": "$.count", "Next": "Note"},
        "Note": {"Type": "Pass", "InputPath": "$.count.n", "ResultPath": "$.deep.new.n",
            "Assign": {"last.$": "$"}, "Next": "Work"},
        "Work": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
            "ResultPath": "$.work", "Retry": [{"ErrorEquals": ["Again"]}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Misfit"}],
            "Next": "Misfit"},
        "Misfit": {"Type": "Pass", "Result": 1, "ResultPath": "$.list[0]", "Next": "Both"},
        "Both": {"Type": "Parallel", "ResultPath": "$.both", "Next": "More", "Branches": [
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.a",
                "OutputPath": "$.a", "End": true}}},
            {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 1, "OutputPath": "$.count",
                "End": true}}}]},
        "More": {"Type": "Choice", "Default": "Done", "Choices": [
            {"Variable": "$.count.n", "NumericLessThanPath": "$.limit", "Next": "Count"}]},
        "Done": {"Type": "Succeed"}
    }});
    let rows = json!((0..400).map(|n| json!({"id": n, "tags": ["a", "b"]})).collect::<Vec<_>>());
    let error =
        |name: &str| Answer::Throw(stepglass::sim::StatesError { name: name.into(), cause: "c".into() });
    let work = vec![
        MockRow::new(0, Some(99), Answer::Return(Arc::new(json!({"ok": true})))),
        MockRow::new(100, Some(100), error("Again")),
        MockRow::new(101, Some(110), error("Other")),
        MockRow::new(111, None, Answer::Return(Arc::new(json!(null)))),
    ];
    RunRequest {
        program: Arc::new(Program::from_value(&definition, 1)),
        input: Arc::new(json!({"count": {"n": 0}, "limit": N_ROUNDS, "deep": {}, "list": [0], "rows": rows})),
        mocks: Mocks { states: [("Work".to_string(), work)].into_iter().collect(), ..Mocks::default() },
        start: None,
        seed: 1,
        settings: Settings::default(),
    }
}

fn finished() -> Run {
    let mut run = Run::start(request());
    run.finish();
    run
}

#[test]
fn a_step_that_is_computed_again_is_what_happened() {
    let run = finished();
    let first = run.trace().iter().position(|it| !it.is_whole).expect("more data than is kept");
    assert!(first < run.trace().len() / 2, "most steps are checked here: {first}");
    let again: Vec<Arc<Step>> = run.whole_steps().collect();
    assert_eq!(again.len(), run.trace().len());
    for (idx, (kept, whole)) in run.trace().iter().zip(&again).enumerate() {
        assert!(whole.is_whole);
        if idx % 101 == 0 || (first..first + 8).contains(&idx) {
            assert_eq!(run.step(idx).as_ref(), Some(whole), "step {idx}");
        }
        assert_eq!(facts(kept), facts(whole), "step {idx}");
    }
}

/// A step without its data.
fn facts(step: &Step) -> Step {
    let mut step =
        Step { stages: Arc::default(), variables: Arc::default(), is_whole: false, ..step.clone() };
    for (_, detail) in step.events.iter_mut().flat_map(|it| &mut it.details) {
        if matches!(detail, Detail::Payload(_) | Detail::Variables(_)) {
            *detail = Detail::NotKept;
        }
    }
    step
}

#[test]
fn every_event_has_its_payload_again() {
    let run = finished();
    let counted: Vec<Value> = run
        .whole_steps()
        .filter(|it| it.state.as_ref().is_some_and(|it| it.name() == "Count"))
        .filter_map(|it| {
            let exit = it.events.iter().find(|it| it.event_type == "PassStateExited")?;
            match exit.detail("output") {
                Some(Detail::Payload(output)) => output.pointer("/count/n").cloned(),
                _ => None,
            }
        })
        .collect();
    assert_eq!(counted, (1..=N_ROUNDS).map(Value::from).collect::<Vec<_>>());
    assert!(run.history().zip(1..).all(|(event, id)| event.id == id));
}

#[test]
fn the_outcome_is_the_same_whatever_is_kept() {
    let run = finished();
    let outcome = run.outcome().expect("it ends");
    assert!(matches!(outcome, Happening::ExecutionSucceeded { .. }), "{outcome:?}");
    assert_eq!(outcome_of(&request()).as_ref(), Some(outcome));
}

#[test]
fn stepping_and_going_to_a_step_lead_to_the_same_machine() {
    let run = finished();
    let mut other = Run::start(request());
    for step_idx in 0..run.trace().len() {
        other.advance(1);
        if step_idx % 311 == 0 {
            assert_eq!(run.snapshot(step_idx), other.snapshot(step_idx), "step {step_idx}");
        }
    }
}
