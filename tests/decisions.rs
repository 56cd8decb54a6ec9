//! What is done to a run from outside: answers in any order, task tokens, activities, time that
//! passes while calls stand open, stopping, redrive, and runs that begin in the middle. Each also
//! replays: going to any step, and deciding the same again, give the same trace.

use std::sync::Arc;

use serde_json::{Value, json};
use stepglass::asl::{MachineType, StatePath};
use stepglass::json::Keep;
use stepglass::sim::{
    Answer, CallId, Deed, Happening, Machine, MockRow, Mocks, Program, Run, RunRequest, RunStatus, Settings,
    StartAt, StatesError, step,
};

const TOKEN: &str = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
const ACTIVITY: &str = "arn:aws:states:eu-west-1:123456789012:activity:work";
const CALL: &str = "arn:aws:states:::lambda:invoke";

fn request(definition: Value, input: Value, mocks: Mocks) -> RunRequest {
    let program = Arc::new(Program::from_value(&definition, 0));
    RunRequest { program, input: Arc::new(input), mocks, seed: 3, ..RunRequest::default() }
}

fn start(definition: Value) -> Run {
    let mut run = Run::start(request(definition, json!({}), Mocks::default()));
    run.finish();
    run
}

fn one(state: Value) -> Value {
    json!({"StartAt": "A", "States": {"A": state}})
}

/// Two branches that call, A first.
fn both(a: Value, b: Value) -> Value {
    json!({"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "A", "States": {"A": a}}, {"StartAt": "B", "States": {"B": b}}
    ]}}})
}

fn returns(value: Value) -> Answer {
    Answer::Return(Arc::new(value))
}

fn error(name: &str, cause: &str) -> StatesError {
    StatesError { name: name.to_string(), cause: cause.to_string() }
}

fn mocks(rows: &[(&str, Vec<Answer>)]) -> Mocks {
    let rows = rows.iter().map(|(state, answers)| {
        let rows = answers.iter().zip(0..).map(|(it, n)| MockRow::new(n, Some(n), it.clone()));
        (state.to_string(), rows.collect())
    });
    Mocks { states: rows.collect(), ..Mocks::default() }
}

/// `ID<-PREVIOUS Type` of each event.
fn events(run: &Run) -> Vec<String> {
    run.history().map(|it| format!("{}<-{} {}", it.id, it.previous_event_id, it.event_type)).collect()
}

fn ending(run: &Run) -> String {
    match run.outcome() {
        Some(Happening::ExecutionSucceeded { output }) => format!("{} {output}", run.clock_millis()),
        Some(Happening::ExecutionFailed { error }) => {
            format!("{} {} {}", run.clock_millis(), error.name, error.cause)
        }
        other => format!("{} {other:?}", run.clock_millis()),
    }
}

/// Every step comes out again by going there and by deciding the same on the same program.
#[track_caller]
fn check_repeats(run: &Run) {
    let (request, trace) = (run.request(), run.trace());
    for idx in 0..trace.len() {
        let snapshot = run.snapshot(idx).expect("a snapshot of every step");
        let decided = run.decisions().iter().any(|it| it.step_idx == idx);
        if !decided && idx + 1 < trace.len() {
            let (next, _) = step(&request.program, &request.mocks, &snapshot);
            assert!(next.as_ref() == trace.get(idx + 1).map(|it| it.as_ref()), "after step {idx}");
        }
    }
    let last = trace.len() - 1;
    let (mut again, _) = run.replay_on(Arc::clone(&request.program), last);
    again.finish();
    let n_same = again.trace().iter().zip(trace).take_while(|(left, right)| left == right).count();
    assert_eq!((n_same, again.trace().len()), (trace.len(), trace.len()), "replay");
    // Every single decision can also be made again from the file form.
    let kept = run.decisions().to_vec().to_json();
    let mut kept: Value = serde_json::from_str(&kept).expect("JSON");
    assert_eq!(Vec::bring_back(&mut kept).as_deref(), Some(run.decisions()));
}

#[test]
fn open_calls_are_answered_in_any_order() {
    let call =
        |name: &str| json!({"Type": "Task", "Resource": CALL, "Parameters": {"is": name}, "End": true});
    for order in [[0, 1], [1, 0]] {
        let mut run = start(both(call("a"), call("b")));
        assert_eq!(run.status(), RunStatus::Asking);
        let questions = run.questions();
        let asked: Vec<String> = questions.iter().map(|it| it.parameters.to_string()).collect();
        assert_eq!(asked, [r#"{"is":"a"}"#, r#"{"is":"b"}"#]);
        for idx in order {
            assert_eq!(run.status(), RunStatus::Asking);
            let answer = Answer::Return(Arc::new(json!(idx)));
            assert!(run.decide(questions[idx].call.clone(), Deed::Answer { answer, delay_millis: None }));
            run.finish();
        }
        assert_eq!(ending(&run), "1000 [0,1]");
        check_repeats(&run);
    }
}

#[test]
fn a_failure_ends_the_questions_of_its_siblings() {
    let call = |_| json!({"Type": "Task", "Resource": CALL, "End": true});
    let mut run = start(both(call(0), call(1)));
    let second = run.questions().remove(1);
    let answer = Answer::Throw(error("Oops", ""));
    run.decide(second.call.clone(), Deed::Answer { answer, delay_millis: Some(0) });
    assert_eq!(run.finish(), RunStatus::Ended);
    assert_eq!(ending(&run), "0 Oops ");
    assert!(run.trace().iter().any(|it| it.happening == Happening::Aborted));
    assert!(!run.decide(second.call, Deed::Heartbeat), "nothing is open any more");
    check_repeats(&run);
}

#[test]
fn tokens_succeed_fail_and_are_refused() {
    let token = json!({"Type": "Task", "Resource": TOKEN, "Parameters": {"t.$": "$$.Task.Token"}, "End": true,
        "Catch": [{"ErrorEquals": ["No"], "Next": "A"}]});
    let mut run = start(one(token));
    assert_eq!(run.question().and_then(|it| it.token).as_deref(), Some("task-token-1"));
    let refused = run.send_task_success("task-token-2", Arc::new(json!(1)));
    assert_eq!(refused, Err("No open call waits with the task token “task-token-2”".to_string()));
    let refused = run.send_task_heartbeat("task-token-1");
    assert_eq!(
        refused,
        Err("The call with the task token “task-token-1” has no heartbeat to send".to_string())
    );
    run.send_task_failure("task-token-1", error("No", "not yet")).expect("it waits");
    assert_eq!(run.finish(), RunStatus::Asking);
    run.send_task_success("task-token-2", Arc::new(json!("done"))).expect("it waits");
    run.finish();
    assert_eq!(ending(&run), "0 \"done\"");
    check_repeats(&run);
}

#[test]
fn heartbeats_reset_the_time_and_time_can_pass() {
    let state = json!({"Type": "Task", "Resource": TOKEN, "Parameters": {"t.$": "$$.Task.Token"},
        "TimeoutSeconds": 60, "HeartbeatSeconds": 10, "End": true});
    // Nobody sends anything.
    let mut run = start(one(state.clone()));
    run.let_time_pass(None).expect("there is a timeout");
    run.finish();
    assert_eq!(ending(&run), "10000 States.Timeout ");
    check_repeats(&run);
    // Two heartbeats, then an answer that comes in time.
    let mut run = start(one(state.clone()));
    for millis in [8_000, 9_000] {
        run.let_time_pass(Some(millis)).expect("time passes");
        assert_eq!(run.finish(), RunStatus::Asking);
        run.send_task_heartbeat("task-token-1").expect("it waits");
    }
    run.let_time_pass(Some(9_999)).expect("time passes");
    assert_eq!(run.finish(), RunStatus::Asking);
    run.send_task_success("task-token-1", Arc::new(json!(1))).expect("it waits");
    run.finish();
    assert_eq!(ending(&run), "26999 1");
    check_repeats(&run);
    // One heartbeat is not enough.
    let mut run = start(one(state));
    run.let_time_pass(Some(8_000)).expect("time passes");
    run.finish();
    run.send_task_heartbeat("task-token-1").expect("it waits");
    run.let_time_pass(Some(30_000)).expect("time passes");
    run.finish();
    assert_eq!(ending(&run), "18000 States.Timeout ");
    check_repeats(&run);
}

#[test]
fn time_stands_still_while_a_call_is_open() {
    let wait = json!({"Type": "Wait", "Seconds": 5, "End": true});
    let state = json!({"Type": "Task", "Resource": TOKEN, "End": true});
    let mut run = start(both(state, wait));
    assert_eq!((run.status(), run.clock_millis()), (RunStatus::Asking, 0));
    run.let_time_pass(None).expect("the other branch waits");
    assert_eq!((run.finish(), run.clock_millis()), (RunStatus::Asking, 5_000));
    assert!(run.let_time_pass(None).is_err(), "nothing would ever happen");
    run.let_time_pass(Some(1_000)).expect("time passes");
    run.send_task_success("task-token-1", Arc::new(json!(1))).expect("it waits");
    run.finish();
    assert_eq!(ending(&run), "6000 [1,{}]");
    check_repeats(&run);
}

#[test]
fn the_timeout_of_the_machine_ends_open_calls() {
    let mut definition = one(json!({"Type": "Task", "Resource": CALL, "End": true}));
    definition["TimeoutSeconds"] = json!(7);
    let mut run = start(definition);
    run.let_time_pass(None).expect("the machine has a timeout");
    run.finish();
    assert_eq!(run.outcome(), Some(&Happening::ExecutionTimedOut));
    assert_eq!(run.clock_millis(), 7_000);
    check_repeats(&run);
}

#[test]
fn an_activity_starts_when_a_worker_takes_its_work() {
    let state = json!({"Type": "Task", "Resource": ACTIVITY, "TimeoutSeconds": 30, "HeartbeatSeconds": 5, "End": true});
    let mut run = start(one(state.clone()));
    assert!(run.send_task_success("task-token-1", Arc::new(json!(1))).is_err(), "nobody has it");
    assert!(run.get_activity_task("other", "me").is_err());
    run.let_time_pass(Some(20_000)).expect("time passes");
    run.finish();
    let token = run.get_activity_task(ACTIVITY, "Jo").expect("there is work");
    assert_eq!(run.finish(), RunStatus::Asking);
    assert!(run.get_activity_task(ACTIVITY, "Jim").is_err(), "Jo has it");
    run.let_time_pass(Some(4_000)).expect("time passes");
    run.finish();
    run.send_task_heartbeat(&token).expect("Jo works");
    run.let_time_pass(Some(4_000)).expect("time passes");
    run.finish();
    run.send_task_success(&token, Arc::new(json!("done"))).expect("Jo is done");
    run.finish();
    assert_eq!(ending(&run), "28000 \"done\"");
    let expected = ["3<-2 ActivityScheduled", "4<-3 ActivityStarted", "5<-4 ActivitySucceeded"];
    assert_eq!(events(&run)[2..5], expected);
    let started = run.history().nth(3).expect("the start");
    assert_eq!(started.details_map(), *json!({"workerName": "Jo"}).as_object().expect("an object"));
    check_repeats(&run);
    // Work that nobody takes runs into the timeout, not into the heartbeat, and never starts.
    let mut run = start(one(state));
    run.let_time_pass(None).expect("there is a timeout");
    run.finish();
    assert_eq!(ending(&run), "30000 States.Timeout ");
    assert_eq!(events(&run)[3], "4<-3 ActivityTimedOut");
    check_repeats(&run);
}

#[test]
fn an_execution_can_be_stopped() {
    let mut run = start(one(json!({"Type": "Task", "Resource": CALL, "End": true})));
    run.stop(error("Why", "because")).expect("it runs");
    assert_eq!(run.finish(), RunStatus::Ended);
    assert_eq!(run.outcome(), Some(&Happening::ExecutionAborted { error: error("Why", "because") }));
    assert_eq!(events(&run).last().map(String::as_str), Some("5<-0 ExecutionAborted"));
    assert!(run.stop(StatesError::default()).is_err());
    check_repeats(&run);
}

#[test]
fn questions_inside_of_a_started_machine_are_answered_there() {
    let arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:Inner";
    let start_it = json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": arn}, "OutputPath": "$.Output", "End": true});
    let inner = both(
        json!({"Type": "Task", "Resource": CALL, "End": true}),
        json!({"Type": "Wait", "Seconds": 9, "End": true}),
    );
    let mut mocks = Mocks::default();
    mocks.add_machine(arn, Machine::new(arn, inner));
    let mut run = Run::start(request(one(start_it), json!({}), mocks));
    assert_eq!(run.finish(), RunStatus::Asking);
    let question = run.question().expect("the inner call asks");
    assert_eq!((question.machine.as_deref(), question.call.0.len()), (Some("Inner"), 2));
    run.answer(returns(json!("inner")));
    run.finish();
    assert_eq!(ending(&run), "9000 [\"inner\",{}]");
    let last = run.child_at(run.trace().len() - 2).expect("the call has a child");
    assert_eq!(last.status(), RunStatus::Ended);
    check_repeats(&run);
}

#[test]
fn a_redrive_does_again_only_what_failed() {
    let definition = json!({"StartAt": "First", "States": {
        "First": {"Type": "Task", "Resource": CALL, "ResultPath": "$.first", "Next": "Each"},
        "Each": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": {"StartAt": "Work", "States": {
            "Work": {"Type": "Task", "Resource": CALL, "Next": "Note",
                "Retry": [{"ErrorEquals": ["Flaky"], "MaxAttempts": 1}]},
            "Note": {"Type": "Pass", "Parameters": {"was.$": "$", "redrives.$": "$$.Execution.RedriveCount"}, "End": true}
        }}, "End": true}
    }});
    let flaky = || Answer::Throw(error("Flaky", ""));
    let answers = vec![returns(json!("a")), flaky(), returns(json!("c")), flaky(), returns(json!("b"))];
    let mocks = mocks(&[("First", vec![returns(json!(1))]), ("Work", answers)]);
    let mut run = Run::start(request(definition, json!({"items": [1, 2, 3]}), mocks));
    assert_eq!(run.redrive(), Err("An execution can be redriven only after its end".to_string()));
    run.finish();
    assert_eq!(ending(&run), "4000 Flaky ");
    let n_events = run.history().count() as u64;
    run.redrive().expect("it failed");
    assert_eq!(run.outcome(), None);
    run.finish();
    assert_eq!(
        ending(&run),
        r#"5000 [{"was":"a","redrives":0},{"was":"b","redrives":1},{"was":"c","redrives":0}]"#
    );
    let after: Vec<String> = run
        .history()
        .filter(|it| n_events < it.id)
        .map(|it| {
            format!(
                "{}<-{} {}",
                it.id - n_events,
                it.previous_event_id as i64 - n_events as i64,
                it.event_type
            )
        })
        .collect();
    let expected = [
        "1<-0 ExecutionRedriven",
        "2<-1 TaskScheduled",
        "3<-2 TaskStarted",
        "4<-3 TaskSucceeded",
        "5<-4 TaskStateExited",
        "6<-5 PassStateEntered",
        "7<-6 PassStateExited",
        "8<-7 MapIterationSucceeded",
    ];
    assert_eq!(after[..8], expected);
    let calls = |name: &str| {
        let exits = run.history().filter(|it| it.event_type == "TaskStateExited");
        exits.filter(|it| it.details_map()["name"] == name).count()
    };
    assert_eq!((calls("First"), calls("Work")), (1, 3));
    assert_eq!(run.redrive(), Err("An execution that succeeded cannot be redriven".to_string()));
    check_repeats(&run);
}

#[test]
fn a_redrive_begins_with_all_attempts_and_the_whole_time() {
    let mut definition = one(json!({"Type": "Task", "Resource": CALL, "Next": "Look",
        "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}]}));
    definition["States"]["Look"] =
        json!({"Type": "Pass", "Parameters": {"ctx.$": "$$.Execution"}, "Next": "Wait"});
    definition["States"]["Wait"] = json!({"Type": "Wait", "Seconds": 9, "End": true});
    definition["TimeoutSeconds"] = json!(10);
    let fails = || Answer::Throw(error("E", ""));
    let all = vec![fails(), fails(), fails(), returns(json!(1)), returns(json!(2))];
    let mut run = Run::start(request(definition, json!({}), mocks(&[("A", all)])));
    run.finish();
    // Call, pause, call.
    assert_eq!(ending(&run), "3000 E ");
    run.redrive().expect("it failed");
    run.finish();
    // Three seconds until the second attempt has succeeded, then the machine's time is over.
    assert_eq!((run.outcome(), run.clock_millis()), (Some(&Happening::ExecutionTimedOut), 13_000));
    run.redrive().expect("it timed out");
    run.finish();
    assert_eq!(run.clock_millis(), 22_000);
    let Some(Happening::ExecutionSucceeded { output }) = run.outcome() else { panic!("{}", ending(&run)) };
    assert_eq!(output["ctx"]["RedriveCount"], 1);
    assert_eq!(output["ctx"]["RedriveTime"], "2026-01-01T00:00:03.000Z");
    let redriven: Vec<Value> = run
        .history()
        .filter(|it| it.event_type == "ExecutionRedriven")
        .map(|it| it.details_map().into())
        .collect();
    assert_eq!(redriven, [json!({"redriveCount": 1}), json!({"redriveCount": 2})]);
    check_repeats(&run);
}

#[test]
fn a_redrive_enters_other_states_again_and_goes_on_beside_them() {
    // Inside a Parallel a Pass fails while the sibling waits.
    let mut definition = both(
        json!({"Type": "Pass", "OutputPath": "$.none", "End": true}),
        json!({"Type": "Wait", "Seconds": 4, "End": true}),
    );
    let mut run = start(definition.clone());
    let failed = ending(&run);
    assert!(failed.starts_with("0 States.Runtime"), "{failed}");
    run.redrive().expect("it failed");
    run.finish();
    let n_entered = |run: &Run, event: &str| run.history().filter(|it| it.event_type == event).count();
    assert_eq!((n_entered(&run, "PassStateEntered"), n_entered(&run, "ParallelStateEntered")), (2, 1));
    check_repeats(&run);
    // A Parallel that fails after its branches succeeded runs them again.
    definition["States"]["Both"]["ResultSelector"] = json!({"x.$": "$[7]"});
    definition["States"]["Both"]["Branches"][0]["States"]["A"] = json!({"Type": "Succeed"});
    let mut run = start(definition);
    assert!(ending(&run).starts_with("4000 States.Runtime"));
    run.redrive().expect("it failed");
    run.finish();
    assert!(ending(&run).starts_with("8000 States.Runtime"), "{}", ending(&run));
    assert_eq!(n_entered(&run, "SucceedStateEntered"), 2);
    check_repeats(&run);
}

#[test]
fn a_redrive_goes_on_with_a_map_run_that_had_started_nothing() {
    // The sibling fails before the Map run has room to start anything, and after the redrive again.
    let body = json!({"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "In",
        "States": {"In": {"Type": "Pass", "End": true}}});
    let run_of_items = json!({"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": body, "End": true});
    let definition = both(run_of_items, json!({"Type": "Fail", "Error": "No"}));
    let mut run = Run::start(request(definition, json!({"items": [1, 2]}), Mocks::default()));
    let started = |run: &Run, name: &str| {
        run.trace().iter().filter(|it| it.state.as_ref().is_some_and(|it| it.name() == name)).count()
    };
    run.finish();
    assert_eq!((ending(&run).as_str(), started(&run, "In")), ("0 No ", 0));
    run.redrive().expect("it failed");
    run.finish();
    assert_eq!(ending(&run), "0 No ");
    assert!(0 < started(&run, "In"), "a child execution has begun");
    let map_runs = run.history().filter(|it| it.event_type == "MapRunStarted").count();
    assert_eq!(map_runs, 1);
    check_repeats(&run);
}

#[test]
fn what_cannot_be_redriven_says_why() {
    let definition = one(json!({"Type": "Fail"}));
    let settings = Settings { machine_type: MachineType::Express, ..Settings::default() };
    let request = RunRequest { settings, ..request(definition, json!({}), Mocks::default()) };
    let mut run = Run::start(request);
    run.finish();
    assert_eq!(run.redrive(), Err("An Express execution cannot be redriven".to_string()));
    let mut run = start(json!({}));
    assert_eq!(run.redrive(), Err("What cannot be run at all cannot be redriven".to_string()));
    let mut run = start(json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}));
    assert_eq!(run.redrive(), Err("The history is full, so the execution cannot be redriven".to_string()));
}

#[test]
fn a_stopped_execution_can_be_redriven() {
    let mut run = start(one(json!({"Type": "Task", "Resource": CALL, "End": true})));
    run.stop(StatesError::default()).expect("it runs");
    run.finish();
    run.redrive().expect("it was stopped");
    assert_eq!(run.finish(), RunStatus::Asking);
    run.answer(returns(json!(5)));
    run.finish();
    assert_eq!(ending(&run), "1000 5");
    check_repeats(&run);
}

#[test]
fn a_run_begins_at_any_state() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "Each"},
        "Each": {"Type": "Map", "ItemProcessor": {"StartAt": "B", "States": {
            "B": {"Type": "Pass", "Next": "C"},
            "C": {"Type": "Pass", "Parameters": {"in.$": "$", "var.$": "$v", "all.$": "$$.Execution.Input"}, "End": true}
        }}, "Next": "D"},
        "D": {"Type": "Pass", "Assign": {"w.$": "$v"}, "Next": "E"},
        "E": {"Type": "Pass", "Parameters": {"w.$": "$w"}, "End": true}
    }});
    let variables = json!({"v": 8}).as_object().cloned().expect("an object");
    let begin = |state: &str| {
        let state = StatePath::new(state);
        let start = StartAt { state, input: Arc::new(json!([1])), variables: Arc::new(variables.clone()) };
        let request = request(definition.clone(), json!("whole"), Mocks::default());
        let mut run = Run::start(RunRequest { start: Some(start), ..request });
        run.finish();
        run
    };
    let run = begin("/States/D");
    assert_eq!(ending(&run), r#"0 {"w":8}"#);
    assert_eq!(events(&run)[..2], ["1<-0 ExecutionStarted", "2<-0 PassStateEntered"]);
    check_repeats(&run);
    let run = begin("/States/Each/ItemProcessor/States/C");
    assert_eq!(ending(&run), r#"0 {"in":[1],"var":8,"all":"whole"}"#);
    check_repeats(&run);
    let run = begin("/States/Z");
    assert_eq!(ending(&run), "0 Stepglass.CannotRun There is no state at “/States/Z” to start with");
}

#[test]
fn a_fork_keeps_what_was_decided_about_other_calls() {
    let call = || json!({"Type": "Task", "Resource": CALL, "End": true});
    let mut run = start(both(call(), call()));
    run.answer(returns(json!("a")));
    run.answer(returns(json!("b")));
    run.finish();
    assert_eq!(ending(&run), r#"1000 ["a","b"]"#);
    let of =
        |name: &str| run.trace().iter().position(|it| it.state.as_ref().is_some_and(|it| it.name() == name));
    let mut other = run.fork(of("B").expect("B calls"), returns(json!("c"))).expect("a call");
    other.finish();
    assert_eq!(ending(&other), r#"1000 ["a","c"]"#);
    check_repeats(&other);
    assert!(!other.decide(CallId::default(), Deed::Heartbeat), "an execution has no heartbeat");
}

#[test]
fn a_machine_that_starts_itself_stops_with_a_sentence() {
    let arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:Loop";
    let again = one(json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync",
        "Parameters": {"StateMachineArn": arn}, "Next": "A", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A"}]}));
    let mut mocks = Mocks::default();
    mocks.add_machine(arn, Machine::new(arn, again.clone()));
    let mut run = Run::start(request(again, json!({}), mocks));
    run.finish();
    let sentence = "The machines start each other more than 10 deep; “ARN” is not started again";
    let expected = format!("0 Stepglass.CannotRun In the machine “Loop”: {}", sentence.replace("ARN", arn));
    assert_eq!(ending(&run), expected);
    check_repeats(&run);
}

#[test]
fn machines_that_multiply_come_to_an_end() {
    let arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:Many";
    let start_it = json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync",
        "Parameters": {"StateMachineArn": arn}, "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Stop"}]});
    let inner = json!({"StartAt": "S", "States": {"S": start_it, "Stop": {"Type": "Succeed"}}});
    let many = json!({"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.x", "End": true, "ItemProcessor": inner}}});
    let mut many = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": {"x": [1, 2, 3, 4]}, "Next": "M"}, "M": many["States"]["M"]}});
    // The innermost ones ask nobody and end, or ask and stay.
    for resource in ["", CALL] {
        if !resource.is_empty() {
            many["States"]["P"] = json!({"Type": "Pass", "Result": {"x": [1, 2, 3, 4]}, "Next": "M"});
            many["States"]["M"]["ItemProcessor"]["States"]["Stop"] =
                json!({"Type": "Task", "Resource": CALL, "End": true});
        }
        let mut mocks = Mocks::default();
        mocks.add_machine(arn, Machine::new(arn, many.clone()));
        let mut run = Run::start(request(many.clone(), json!({}), mocks));
        run.finish();
        let end = ending(&run);
        assert!(end.contains("Stepglass.CannotRun") && end.contains("is not started again"), "{end}");
    }
}
