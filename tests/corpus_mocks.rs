//! Mock configurations of Step Functions Local that nobody here wrote: they are read, written
//! without a change, and answer the calls of the machines they were made for.

mod recorded;

use std::sync::Arc;

use serde_json::{Value, json};
use stepglass::sim::{
    Happening, Program, Run, RunRequest, RunStatus, scenarios_of_machine, scenarios_to_file,
};

#[test]
fn published_mock_configurations_are_understood() {
    let Some(cases) = recorded::read_lines("sfn-local-mocks/mock_configs.jsonl") else { return };
    let (mut n_cases, mut n_runs) = (0, 0);
    for case in &cases {
        let file = &case["mock_config"];
        let machines = file["StateMachines"].as_object().expect("machines");
        for machine in machines.keys() {
            let read =
                scenarios_of_machine(file, machine).unwrap_or_else(|it| panic!("{}: {it}", case["id"]));
            assert_eq!(scenarios_to_file(&read).to_string(), file.to_string(), "{}", case["id"]);
            n_cases += read.scenarios.len();
            for start in case["start"].as_array().into_iter().flatten() {
                let (_, name) = start["stateMachineArn"].as_str().and_then(|it| it.split_once('#')).unzip();
                let Some(scenario) = read.scenarios.iter().find(|it| Some(it.name.as_str()) == name) else {
                    continue;
                };
                let input = match &start["input"] {
                    Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
                    Value::Null => json!({}),
                    other => other.clone(),
                };
                let mut run = Run::start(RunRequest {
                    program: Arc::new(Program::from_value(&case["definition"], 0)),
                    input: Arc::new(input),
                    mocks: scenario.mocks.clone(),
                    ..RunRequest::default()
                });
                let mocked = scenario.mocks.states.len() == run.request().program.callers().len();
                let status = run.finish();
                assert!(status == RunStatus::Ended || !mocked, "{}: {:?}", case["id"], run.question());
                let succeeded = matches!(run.outcome(), Some(Happening::ExecutionSucceeded { .. }));
                assert!(succeeded || !mocked, "{}: {:?}", case["id"], run.outcome());
                n_runs += 1;
            }
        }
    }
    println!("{n_cases} test cases kept as they are, {n_runs} runs");
    assert!(0 < n_runs);
}
