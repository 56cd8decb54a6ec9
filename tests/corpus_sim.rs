//! Whole runs against recordings of AWS: status, output, error, cause, what tasks were sent, and
//! the event history with types, ids, previous ids and details.
//!
//! The corpus lies outside of the project (`STEPGLASS_CORPUS`, else `../shared/corpus`); without
//! it these tests say so and pass. A case is left out only by one of the rules that the report
//! names; every other difference fails the test unless it is listed with its reason.

mod recorded;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use recorded::{Case, Verdict};
use stepglass::sim::{Mocks, Program, Run, RunRequest, RunStatus, StatesError};

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
    // Cases, and the distinct definitions among them, by kind and verdict.
    let mut tally: BTreeMap<String, BTreeMap<String, (usize, BTreeSet<String>)>> = BTreeMap::new();
    let mut faults = Vec::new();
    for case in &cases {
        let case = Case::new(case);
        let reason = KNOWN_DIFFERENCES.iter().find(|(id, _)| case.id.contains(id)).map(|it| it.1);
        let known = reason.is_some();
        let (row, fault) = match check(&case) {
            Verdict::Skipped(rule) => (format!("skipped: {rule}"), None),
            Verdict::Equal if known => {
                ("equal".to_string(), Some("is listed as different but agrees".to_string()))
            }
            Verdict::Equal => ("equal".to_string(), None),
            Verdict::Different(_) if known => {
                println!("different: {} ({})", case.id, reason.unwrap_or_default());
                ("different, reason known".to_string(), None)
            }
            Verdict::Different(what) => ("different".to_string(), Some(what)),
        };
        let (n, definitions) = tally.entry(case.kind.clone()).or_default().entry(row).or_default();
        *n += 1;
        definitions.insert(case.definition.to_string());
        faults.extend(fault.map(|it| format!("{}\n    {it}", case.id)));
    }
    for (kind, rows) in &tally {
        for (row, (n, definitions)) in rows {
            println!("{kind:24} {n:4} cases, {:4} distinct definitions: {row}", definitions.len());
        }
    }
    assert!(faults.is_empty(), "{} cases differ\n{}", faults.len(), faults.join("\n"));
}

fn check(case: &Case) -> Verdict {
    if let Some(rule) = case.skip_rule() {
        return Verdict::Skipped(rule);
    }
    let program = Arc::new(Program::from_value(&case.definition, 0));
    if let Some(refusal) = program.refusals().first() {
        return Verdict::Different(refusal.sentence.clone());
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
        run.answer(recorded::answer_of(&attempt));
    }
    case.compare(&run)
}
