//! Going to a step, replaying and stepping give the same, and equal inputs give equal traces:
//! over the recorded executions, and over random programs with random answers.

mod recorded;

mod samples;

use std::sync::Arc;

use proptest::prelude::*;
use recorded::Case;
use serde_json::{Map, Value, json};
use stepglass::sim::{
    Answer, CallId, Decision, Deed, Happening, Interleaving, Machine, MockRow, Mocks, Numbers, Objects, Only,
    Program, Run, RunRequest, RunStatus, Settings, StatesError, step,
};

#[test]
fn recorded_executions_repeat_themselves() {
    let Some(cases) = recorded::read_lines("aws-recorded/executions.jsonl") else { return };
    let mut n_runs = 0;
    for case in cases.iter().filter(|it| it["kind"] != "io_case") {
        let case = Case::new(case);
        let program = Arc::new(Program::from_value(&case.definition, 0));
        if !program.refusals().is_empty() {
            continue;
        }
        n_runs += 1;
        check(RunRequest {
            program,
            input: Arc::new(case.input.clone()),
            mocks: Mocks::default(),
            seed: 3,
            settings: case.settings(),
            start: None,
        });
    }
    println!("{n_runs} recorded executions repeat themselves");
    assert!(300 < n_runs);
}

#[test]
fn a_long_loop_ends_at_the_limit_of_the_history() {
    let program = Program::from_value(
        &json!({"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": "B"},
            "B": {"Type": "Wait", "Seconds": 1, "Next": "A"}
        }}),
        0,
    );
    let mut run = Run::start(request(program, json!({}), Mocks::default()));
    assert_eq!(run.finish(), RunStatus::Ended);
    let last = run.history().last().expect("an event");
    assert_eq!((last.id, last.event_type), (25_000, "ExecutionFailed"));
    let Some(Happening::ExecutionFailed { error }) = run.outcome() else { panic!("it fails") };
    assert_eq!(error.name, "States.Runtime");
    assert_eq!(error.cause, "The execution reached the maximum number of history events (25000).");
    assert!(run.history().zip(1..).all(|(event, id)| event.id == id));
}

#[test]
fn another_answer_changes_what_follows_and_nothing_before() {
    let program = Program::from_value(
        &json!({"StartAt": "Ask", "States": {
            "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {}, "Next": "Is it"},
            "Is it": {"Type": "Choice", "Choices": [{"Variable": "$.ok", "BooleanEquals": true, "Next": "Yes"}],
                "Default": "No"},
            "Yes": {"Type": "Succeed"},
            "No": {"Type": "Fail", "Error": "Refused"}
        }}),
        0,
    );
    let mut run = Run::start(request(program, json!({}), Mocks::default()));
    assert_eq!(run.finish(), RunStatus::Asking);
    let question = run.question().expect("it asks");
    assert_eq!((question.state.as_str(), question.invocation, question.attempt), ("/States/Ask", 0, 1));
    run.answer(Answer::Return(Arc::new(json!({"ok": true}))));
    assert_eq!(run.finish(), RunStatus::Ended);
    assert!(matches!(run.outcome(), Some(Happening::ExecutionSucceeded { .. })));

    // From the step that shows the answer as well as from the call.
    for step_idx in [1, 2] {
        let mut other = run.fork(step_idx, Answer::Return(Arc::new(json!({"ok": false})))).expect("a call");
        assert_eq!(other.finish(), RunStatus::Ended);
        assert_eq!(other.trace()[..2], run.trace()[..2]);
        assert!(matches!(other.outcome(), Some(Happening::ExecutionFailed { .. })));
    }
    assert!(run.fork(3, Answer::TimeOut).is_none(), "a Choice calls nobody");

    // The same decisions on an edited program stop at the same visit of the same state.
    let edited = Program::from_value(
        &json!({"StartAt": "First", "States": {
            "First": {"Type": "Pass", "Next": "Ask"},
            "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {}, "Next": "Is it"},
            "Is it": {"Type": "Choice", "Choices": [{"Variable": "$.ok", "BooleanEquals": true, "Next": "No"}],
                "Default": "No"},
            "No": {"Type": "Fail", "Error": "Refused"}
        }}),
        1,
    );
    let (mut again, step_idx) = run.replay_on(Arc::new(edited), 3);
    assert_eq!(step_idx, 4);
    assert_eq!(again.trace()[step_idx].state, run.trace()[3].state);
    assert_eq!(again.finish(), RunStatus::Ended);
    assert!(matches!(again.outcome(), Some(Happening::ExecutionFailed { .. })));

    // A mock that was changed wins over the earlier answer.
    let row = MockRow::new(0, None, Answer::Return(Arc::new(json!({"ok": false}))));
    let mocks = Mocks { states: [("Ask".to_string(), vec![row])].into_iter().collect(), ..Mocks::default() };
    let (mut mocked, step_idx) = run.replay_with(RunRequest { mocks, ..run.request().clone() }, 3);
    assert_eq!(step_idx, 3);
    mocked.finish();
    assert!(matches!(mocked.outcome(), Some(Happening::ExecutionFailed { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_programs_repeat_themselves(choices in proptest::collection::vec(any::<u8>(), 40..200)) {
        check(random_program(choices));
    }
}

#[test]
fn a_program_that_once_did_not_repeat_itself() {
    // Map runs were stopped while an iteration of theirs was about to go on, and somebody let time pass.
    let choices = vec![
        187, 14, 144, 41, 162, 0, 19, 26, 67, 212, 92, 243, 0, 0, 182, 0, 0, 0, 11, 48, 0, 44, 88, 182, 43,
        234, 117, 0, 0, 0, 0, 0, 0, 42, 0, 0, 1, 110, 24, 73, 5, 0, 0, 0, 0, 64, 0, 0, 0, 111, 0, 92, 15, 56,
        187, 141, 0, 0, 0, 74, 0, 0, 0, 38, 0, 114, 45, 8, 0, 43, 0, 3, 52, 21, 190, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0,
    ];
    check(random_program(choices));
}

fn random_program(choices: Vec<u8>) -> RunRequest {
    let mut source = Source { choices, at: 0 };
    let definition = source.scope(0, &mut 0);
    let program = Program::from_value(&definition, 0);
    let mut mocks = source.mocks(&program);
    mocks.add_machine(
        CHILD,
        Machine::new(
            CHILD,
            json!({"StartAt": "W", "States": {
                "W": {"Type": "Wait", "Seconds": 1, "Next": "Ask"},
                "Ask": {"Type": "Task", "Resource": RESOURCES[1], "TimeoutSeconds": 3, "End": true}
            }}),
        ),
    );
    let mut request = request(program, json!({"list": [1, 2, 3], "n": 1}), mocks);
    request.settings.interleaving = match source.pick(3) {
        0 => Interleaving::InOrder,
        1 => Interleaving::Reversed,
        _ => Interleaving::Shuffled { seed: 4 },
    };
    request
}

fn request(program: Program, input: Value, mocks: Mocks) -> RunRequest {
    RunRequest {
        program: Arc::new(program),
        input: Arc::new(input),
        mocks,
        seed: 5,
        settings: Settings::default(),
        start: None,
    }
}

const CHILD: &str = "arn:aws:states:eu-west-1:123456789012:stateMachine:Child";
const RESOURCES: [&str; 4] = [
    "arn:aws:lambda:eu-west-1:123456789012:function:f",
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "arn:aws:states:eu-west-1:123456789012:activity:work",
    "arn:aws:states:::states:startExecution.sync:2",
];

/// Random programs loop; more steps would show nothing new.
const MAX_STEPS: usize = 600;

/// Whatever a run asks, it is told something that depends on the question only.
fn play(request: &RunRequest, slice: usize) -> Run {
    let mut run = Run::start(request.clone());
    loop {
        let left = MAX_STEPS.saturating_sub(run.trace().len());
        match run.advance(slice.min(left)) {
            _ if left == 0 => return run,
            // What failed goes on twice.
            RunStatus::Ended if run.decisions().iter().filter(|it| it.deed == Deed::Redrive).count() < 2 => {
                if run.redrive().is_err() {
                    return run;
                }
            }
            RunStatus::Ended => return run,
            RunStatus::Going => {}
            RunStatus::Asking => {
                // Any of the open calls may be the next one.
                let mut questions = run.questions();
                let at = (questions[0].visit.0 + run.decisions().len() as u32) as usize % questions.len();
                let question = questions.swap_remove(at);
                let number = question.visit.0 + question.invocation + run.decisions().len() as u32;
                let answer = match number % 7 {
                    0 | 1 => Answer::Return(question.parameters),
                    2 => Answer::Throw(StatesError { name: "Oops".to_string(), cause: "random".to_string() }),
                    3 => Answer::TimeOut,
                    4 => Answer::LoseHeartbeat,
                    5 => {
                        let millis = number.is_multiple_of(2).then_some(u64::from(number) * 100);
                        if run.decide(CallId::default(), Deed::Wait { millis }) {
                            continue;
                        }
                        // No moment to wait for.
                        Answer::Return(question.parameters)
                    }
                    _ => {
                        run.decide(question.call.clone(), Deed::Heartbeat);
                        Answer::Compute(Arc::new(json!({"n": 2, "list.$": "States.Array($)"})))
                    }
                };
                let delay_millis = number.is_multiple_of(3).then_some(u64::from(number % 5) * 700);
                run.decide(question.call, Deed::Answer { answer, delay_millis });
            }
        }
    }
}

#[track_caller]
fn check(request: RunRequest) {
    let run = play(&request, 1_000);
    let stands_still = |it: &Happening| matches!(it, Happening::ExecutionFailed { error } if error.cause.starts_with("Nothing is left to do"));
    assert!(!run.trace().iter().any(|it| stands_still(&it.happening)), "every run comes to an end");
    assert!(run == play(&request, 1), "slices change nothing");
    let trace = run.trace();
    let ids: Vec<u64> = run.history().map(|it| it.id).collect();
    assert!(ids.iter().copied().eq(1..=ids.len() as u64), "events are numbered without a gap");
    assert!(run.history().all(|it| it.previous_event_id < it.id), "an event follows an earlier one");
    assert!(trace.windows(2).all(|it| it[0].at_millis <= it[1].at_millis), "time never goes back");

    for idx in (0..trace.len()).step_by(1 + trace.len() / 40) {
        // Seek, then step: the next step is the one of the trace.
        let snapshot = run.snapshot(idx).expect("a snapshot of every step");
        let decided = run.decisions().iter().any(|it| it.step_idx == idx);
        if !decided && idx + 1 < trace.len() {
            let (next, _) = step(&request.program, &request.mocks, &snapshot);
            assert!(next.as_ref() == trace.get(idx + 1).map(|it| it.as_ref()), "after step {idx}");
        }
        // The same answer again: the same run.
        if let Some((call, answer)) = run.decisions().iter().find(|it| it.step_idx == idx).and_then(answer_of)
        {
            let call_idx = trace.iter().position(|it| it.visit == call.0.first().copied());
            let mut fork =
                run.fork(call_idx.expect("the call"), answer).expect("a decision belongs to a call");
            fork.advance(20);
            let n_same = fork.trace().iter().zip(trace).take_while(|(left, right)| left == right).count();
            assert!(call_idx.is_some_and(|it| it < n_same), "after the answer to step {idx}");
        }
    }
    // Replay on the same program: the same place.
    if let Some(idx) = trace.len().checked_sub(1) {
        let (again, at) = run.replay_on(Arc::clone(&request.program), idx);
        assert!((at, again.trace()) == (idx, trace), "replay");
    }
}

/// The call and its answer, of a decision that gives one.
fn answer_of(decision: &Decision) -> Option<(CallId, Answer)> {
    match &decision.deed {
        Deed::Answer { answer, .. } => Some((decision.call.clone(), answer.clone())),
        _ => None,
    }
}

/// Builds definitions from a list of numbers, so that a failure shrinks well.
struct Source {
    choices: Vec<u8>,
    at: usize,
}

impl Source {
    fn pick(&mut self, n: u8) -> u8 {
        let choice = self.choices.get(self.at % self.choices.len()).copied().unwrap_or(0);
        self.at += 1;
        choice.wrapping_add((self.at / self.choices.len()) as u8) % n
    }

    fn scope(&mut self, depth: u8, n_states: &mut usize) -> Value {
        let n_here = 1 + self.pick(4) as usize;
        let names: Vec<String> = (0..n_here).map(|it| format!("S{}", *n_states + it)).collect();
        *n_states += n_here;
        let mut states = Map::new();
        for (idx, name) in names.iter().enumerate() {
            states.insert(name.clone(), self.state(depth, n_states, &names, idx));
        }
        json!({"StartAt": names[0], "States": states})
    }

    fn state(&mut self, depth: u8, n_states: &mut usize, names: &[String], idx: usize) -> Value {
        let next = names.get(idx + 1 + self.pick(2) as usize).or(names.get(idx + 1));
        // A target anywhere makes loops, which end at the limit of the history or of an input.
        let anywhere = names[self.pick(names.len() as u8) as usize].clone();
        let mut state = match self.pick(if depth < 2 { 12 } else { 8 }) {
            0 => json!({"Type": "Pass", "Result": {"list": [4, 5], "n": 2}, "ResultPath": "$.r"}),
            1 => {
                json!({"Type": "Pass", "Parameters": {"n.$": "$.n", "list.$": "$.list", "id.$": "States.UUID()"}})
            }
            2 => json!({"Type": "Wait", "Seconds": self.pick(9)}),
            3 => json!({"Type": "Choice", "Default": anywhere, "Choices": [
                {"Variable": "$.n", "NumericLessThan": self.pick(4), "Next": names[idx]},
                {"Variable": "$.none", "IsPresent": false, "Next": anywhere}
            ]}),
            4 => json!({"Type": "Pass", "Assign": {"v.$": "$$.State.EnteredTime", "w": self.pick(9)}}),
            5 if next.is_none() => json!({"Type": "Fail", "Error": "Random", "CausePath": "$.none"}),
            5..8 => json!({
                "Type": "Task", "Resource": RESOURCES[self.pick(4) as usize], "HeartbeatSeconds": 1 + self.pick(2),
                "Parameters": {"StateMachineArn": CHILD, "n": 1}, "TimeoutSeconds": 2 + self.pick(4), "ResultPath": "$.t",
                "Retry": [{"ErrorEquals": ["Oops"], "MaxAttempts": self.pick(3), "JitterStrategy": "FULL"}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": anywhere, "ResultPath": "$.e"}]
            }),
            8 => self.distributed(depth, n_states, &anywhere),
            9 => json!({
                "Type": "Map", "ItemsPath": "$.list", "MaxConcurrency": self.pick(3), "ResultPath": "$.m",
                "ItemSelector": {"n.$": "$$.Map.Item.Value", "list": [1]},
                "ItemProcessor": self.scope(depth + 1, n_states),
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": anywhere, "ResultPath": "$.e"}]
            }),
            _ => json!({
                "Type": "Parallel", "ResultPath": "$.p",
                "Branches": [self.scope(depth + 1, n_states), self.scope(depth + 1, n_states)],
                "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": self.pick(2)}]
            }),
        };
        if !matches!(state["Type"].as_str(), Some("Choice" | "Fail")) {
            match next {
                Some(next) => state["Next"] = json!(next),
                None => state["End"] = json!(true),
            }
        }
        state
    }

    fn distributed(&mut self, depth: u8, n_states: &mut usize, anywhere: &str) -> Value {
        let mut body = self.scope(depth + 1, n_states);
        body["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
        let mut state = json!({
            "Type": "Map", "MaxConcurrency": self.pick(3), "ResultPath": "$.m", "ItemProcessor": body,
            // Without it a loop doubles the data each time around.
            "ResultSelector": {"done": true},
            "ItemSelector": {"n.$": "$$.Map.Item.Value", "list": [1, 2]},
            "ToleratedFailureCount": self.pick(3),
            "Retry": [{"ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "MaxAttempts": self.pick(2)}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": anywhere, "ResultPath": "$.e"}]
        });
        if self.pick(2) == 0 {
            let key = ["known.csv", "unknown.csv"][self.pick(2) as usize];
            state["ItemReader"] = json!({"Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV"}, "Parameters": {"Bucket": "b", "Key": key}});
        } else {
            state["ItemsPath"] = json!("$.list");
        }
        if self.pick(3) == 0 {
            state["ItemBatcher"] = json!({"MaxItemsPerBatch": 2});
        }
        if self.pick(3) == 0 {
            state["ResultWriter"] = json!({"Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "b", "Prefix": "out"}});
        }
        state
    }

    fn mocks(&mut self, program: &Program) -> Mocks {
        let mut objects = Objects::default();
        objects.put("s3://b/known.csv".to_string(), Arc::new(json!("n,m\n1,2\n3,4\n5\n")));
        let mut mocks = Mocks { objects: Arc::new(objects), ..Mocks::default() };
        for caller in program.callers() {
            let mut rows = Vec::new();
            for first in 0..self.pick(3) as u32 {
                let answer = match self.pick(5) {
                    0 | 1 => Answer::Return(Arc::new(json!({"n": 1, "list": [7]}))),
                    2 => Answer::Throw(StatesError { name: "Oops".to_string(), cause: String::new() }),
                    3 => Answer::LoseHeartbeat,
                    _ => Answer::TimeOut,
                };
                let delay_millis = (self.pick(3) == 0).then(|| u64::from(self.pick(9)) * 400);
                let item = (self.pick(4) == 0).then_some(Numbers { first: 0, last: 1 });
                let only = Only { item, ..Only::default() };
                rows.push(MockRow { only, delay_millis, ..MockRow::new(first, Some(first), answer) });
            }
            mocks.states.insert(caller.name(), rows);
        }
        mocks
    }
}

#[test]
fn a_step_has_a_call_exactly_where_there_is_one_to_tell() {
    let mut n_calls = 0;
    for id in samples::ids() {
        let (definition, mocks) = samples::texts(&id);
        let document = stepglass::asl::Document::new(definition, 1);
        let program = std::sync::Arc::new(stepglass::sim::Program::new(&document));
        let file = serde_json::from_str(&mocks).expect("JSON");
        for scenario in stepglass::sim::scenarios_from_file(&file).expect("scenarios").scenarios {
            let mut run = stepglass::sim::Run::start(stepglass::sim::RunRequest {
                program: program.clone(),
                input: scenario.input.clone(),
                mocks: scenario.mocks.clone(),
                seed: 1,
                settings: stepglass::sim::Settings::default(),
                start: None,
            });
            run.finish();
            for idx in 0..run.trace().len() {
                assert_eq!(run.has_call_at(idx), run.call_at(idx).is_some(), "{id}, step {idx}");
                n_calls += usize::from(run.has_call_at(idx));
            }
        }
    }
    assert!(n_calls > 100, "{n_calls}");
}
