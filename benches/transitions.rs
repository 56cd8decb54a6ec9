//! The workflow whose state transitions are counted, natively and in Wasm: a loop of a Pass that
//! counts, a Choice and a mocked Task.

use std::sync::Arc;

use serde_json::json;
use stepglass::sim::{Answer, MockRow, Mocks, Program, Run, RunRequest, Settings, outcome_of};

/// Rounds of the loop; a round is three transitions and nine events, so that the history holds it.
const N_ROUNDS: u64 = 2_500;

/// State transitions of one run.
pub const N_TRANSITIONS: u64 = N_ROUNDS * 3;

/// A run before its first step.
pub fn request() -> RunRequest {
    let definition = json!({ "StartAt": "Count", "States": {
        "Count": {
            "Type": "Pass",
            "Parameters": { "n.$": "States.MathAdd($.n, 1)", "limit.$": "$.limit" },
            "Next": "More"
        },
        "More": {
            "Type": "Choice",
            "Choices": [{ "Variable": "$.n", "NumericLessThanPath": "$.limit", "Next": "Work" }],
            "Default": "Done"
        },
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
            "ResultPath": null,
            "Next": "Count"
        },
        "Done": { "Type": "Succeed" }
    } });
    let row = MockRow { first: 0, last: None, answer: Answer::Return(Arc::new(json!({ "ok": true }))) };
    RunRequest {
        program: Arc::new(Program::from_value(&definition, 1)),
        input: Arc::new(json!({ "n": 0, "limit": N_ROUNDS })),
        mocks: Mocks { states: [("Work".to_string(), vec![row])].into_iter().collect(), ..Mocks::default() },
        seed: 1,
        settings: Settings::default(),
    }
}

/// The whole run with trace and history; gives the number of steps.
pub fn traced(request: &RunRequest) -> usize {
    let mut run = Run::start(request.clone());
    run.finish();
    run.trace().len()
}

/// The outcome alone.
pub fn lean(request: &RunRequest) -> bool {
    outcome_of(request).is_some()
}
