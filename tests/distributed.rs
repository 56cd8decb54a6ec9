//! Distributed Maps and concurrency as a caller meets them: questions for objects, histories of
//! child executions, orders of execution, and what many items cost.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use stepglass::sim::{
    Answer, Happening, Interleaving, Mocks, Objects, Program, Run, RunRequest, RunStatus, Settings,
};

fn request(definition: &Value, input: Value, objects: Value, interleaving: Interleaving) -> RunRequest {
    let objects = Objects::from_file(Some(&objects)).expect("objects");
    RunRequest {
        program: Arc::new(Program::from_value(definition, 0)),
        input: Arc::new(input),
        mocks: Mocks { objects: Arc::new(objects), ..Mocks::default() },
        seed: 3,
        settings: Settings { interleaving, ..Settings::default() },
        start: None,
    }
}

fn start(definition: &Value, input: Value) -> Run {
    Run::start(request(definition, input, json!({}), Interleaving::InOrder))
}

/// A distributed Map, or an inline one, with these further fields around a body.
fn map(mode: &str, body: Value, fields: Value) -> Value {
    let mut state = json!({"Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": mode, "ExecutionType": "STANDARD"}, "StartAt": "A", "States": body}});
    for (name, value) in fields.as_object().expect("fields") {
        state[name] = value.clone();
    }
    json!({"StartAt": "M", "States": {"M": state}})
}

fn output(run: &Run) -> Value {
    match run.outcome() {
        Some(Happening::ExecutionSucceeded { output }) => output.as_ref().clone(),
        other => panic!("{other:?}"),
    }
}

fn reading() -> Value {
    let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSONL"},
        "Parameters": {"Bucket": "b", "Key.$": "$.key"}});
    map("DISTRIBUTED", json!({"A": {"Type": "Pass", "End": true}}), json!({"ItemReader": reader}))
}

#[test]
fn a_reader_asks_for_an_object_and_takes_the_answer() {
    let mut run = start(&reading(), json!({"key": "k"}));
    assert_eq!(run.finish(), RunStatus::Asking);
    let question = run.question().expect("a question");
    assert_eq!(question.state.name(), "M");
    assert_eq!(question.resource, "arn:aws:states:::s3:getObject");
    assert_eq!(*question.parameters, json!({"Bucket": "b", "Key": "k"}));
    run.answer(Answer::Return(Arc::new(json!("1\n2\n"))));
    assert_eq!(run.finish(), RunStatus::Ended);
    assert_eq!(output(&run), json!([1, 2]));
    let written: Vec<(&str, &Value)> =
        run.written_objects().map(|(it, value)| (it, value.as_ref())).collect();
    assert_eq!(written, [("s3://b/k", &json!("1\n2\n"))]);

    // Another answer gives another run from there on, and a replay gives the same run.
    let asked = run.trace().iter().position(|it| it.happening == Happening::Asking).expect("a question");
    let mut other = run.fork(asked, Answer::Return(Arc::new(json!([5])))).expect("a fork");
    other.finish();
    assert_eq!(output(&other), json!([5]));
    let (mut again, _) = run.replay_on(Arc::clone(&run.request().program), run.trace().len() - 1);
    again.finish();
    assert_eq!(again.trace(), run.trace());
}

#[test]
fn a_given_object_is_not_asked_for() {
    let objects = json!({"s3://b/k": "true\n"});
    let mut run = Run::start(request(&reading(), json!({"key": "k"}), objects, Interleaving::InOrder));
    assert_eq!(run.finish(), RunStatus::Ended);
    assert_eq!(output(&run), json!([true]));
    assert_eq!(run.written_objects().count(), 0);
}

#[test]
fn each_child_execution_has_a_history_of_its_own() {
    let body = json!({"A": {"Type": "Pass", "End": true}});
    let mut run = start(&map("DISTRIBUTED", body, json!({"Label": "each"})), json!([1, 2, 3]));
    run.finish();
    let own: Vec<&str> = run.history().map(|it| it.event_type).collect();
    assert_eq!(
        own,
        [
            "ExecutionStarted",
            "MapStateEntered",
            "MapStateStarted",
            "MapRunStarted",
            "MapRunSucceeded",
            "MapStateSucceeded",
            "MapStateExited",
            "ExecutionSucceeded",
        ]
    );
    let ids: Vec<u64> = run.history().map(|it| it.id).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6, 7, 8]);
    let children: BTreeSet<&str> =
        run.trace().iter().filter_map(|it| it.inside.as_ref()).map(|it| it.arn.as_str()).collect();
    assert_eq!(children.len(), 3);
    for arn in children {
        assert!(
            arn.starts_with("arn:aws:states:us-east-1:123456789012:execution:StateMachine/each:"),
            "{arn}"
        );
        let events: Vec<(u64, u64, &str)> =
            run.child_history(arn).map(|it| (it.id, it.previous_event_id, it.event_type)).collect();
        assert_eq!(
            events,
            [
                (1, 0, "ExecutionStarted"),
                (2, 0, "PassStateEntered"),
                (3, 2, "PassStateExited"),
                (4, 3, "ExecutionSucceeded"),
            ]
        );
    }
}

#[test]
fn the_exit_follows_as_aws_was_recorded_at_the_time() {
    let body = json!({"A": {"Type": "Pass", "End": true}});
    let definition = map("DISTRIBUTED", body, json!({}));
    let previous = |start_millis: i64| {
        let mut request = request(&definition, json!([1]), json!({}), Interleaving::InOrder);
        request.settings.start_millis = start_millis;
        let mut run = Run::start(request);
        run.finish();
        let exited = run.history().find(|it| it.event_type == "MapStateExited").expect("an exit");
        let previous = run.history().find(|it| it.id == exited.previous_event_id).expect("an event");
        previous.event_type
    };
    // 19 August and 13 November 2024.
    assert_eq!(previous(1_724_025_600_000), "MapRunSucceeded");
    assert_eq!(previous(1_731_456_000_000), "MapRunStarted");
}

#[test]
fn a_child_execution_can_fill_its_history_without_ending_the_run() {
    let body = json!({
        "A": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 0, "Next": "B"}], "Default": "C"},
        "B": {"Type": "Pass", "Next": "A"},
        "C": {"Type": "Pass", "End": true}});
    let fields = json!({"ToleratedFailureCount": 1});
    let mut run = start(&map("DISTRIBUTED", body, fields), json!([7, 0, 8]));
    run.finish();
    assert_eq!(output(&run), json!([7, 8]));
    let failed = run.trace().iter().flat_map(|it| &it.events).find(|it| it.event_type == "ExecutionFailed");
    let failed = failed.expect("a failure");
    assert_eq!(failed.id, 25_000);
    assert!(failed.details_map()["cause"].to_string().contains("maximum number of history events (25000)"));
}

/// Branches that meet at moments of their own and tell in which order they ran.
fn race() -> Value {
    let branch = |seconds: u64| {
        json!({"StartAt": format!("W{seconds}"), "States": {
            format!("W{seconds}"): {"Type": "Wait", "Seconds": seconds / 2, "Next": format!("E{seconds}")},
            format!("E{seconds}"): {"Type": "Pass", "End": true}}})
    };
    json!({"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true,
        "Branches": [branch(2), branch(3), branch(4), branch(5)]}}})
}

#[test]
fn the_order_of_equal_moments_can_be_chosen() {
    let order = |interleaving: Interleaving| {
        let mut run = Run::start(request(&race(), json!({}), json!({}), interleaving));
        run.finish();
        let ends = run.trace().iter().filter_map(|it| it.state.as_ref()).map(|it| it.name());
        let ends: Vec<String> = ends.filter(|it| it.starts_with('E')).collect();
        (ends.join(" "), output(&run))
    };
    let result = json!([{}, {}, {}, {}]);
    assert_eq!(order(Interleaving::InOrder), ("E2 E3 E4 E5".to_string(), result.clone()));
    assert_eq!(order(Interleaving::Reversed), ("E3 E2 E5 E4".to_string(), result.clone()));
    let seen: BTreeSet<String> = (0..20).map(|seed| order(Interleaving::Shuffled { seed }).0).collect();
    assert!(2 < seen.len(), "{seen:?}");
    // Never across moments, and the same seed gives the same order.
    assert!(seen.iter().all(|it| it.find("E2").max(it.find("E3")) < it.find("E4").min(it.find("E5"))));
    assert_eq!(order(Interleaving::Shuffled { seed: 5 }), order(Interleaving::Shuffled { seed: 5 }));
}

#[test]
fn the_result_of_a_map_does_not_depend_on_the_order() {
    let body =
        json!({"A": {"Type": "Wait", "SecondsPath": "$", "Next": "B"}, "B": {"Type": "Pass", "End": true}});
    let items = json!([3, 1, 2, 0, 1, 1]);
    for mode in ["INLINE", "DISTRIBUTED"] {
        let definition = map(mode, body.clone(), json!({"MaxConcurrency": 2}));
        for interleaving in
            [Interleaving::InOrder, Interleaving::Reversed, Interleaving::Shuffled { seed: 9 }]
        {
            let mut run = Run::start(request(&definition, items.clone(), json!({}), interleaving));
            run.finish();
            assert_eq!(output(&run), items, "{mode} {interleaving:?}");
        }
    }
}

/// Ten times the items must not cost much more than ten times the time.
#[test]
fn the_cost_of_a_map_is_linear_in_its_items() {
    let bodies = [
        ("INLINE", json!({"A": {"Type": "Pass", "End": true}})),
        ("DISTRIBUTED", json!({"A": {"Type": "Pass", "End": true}})),
        ("DISTRIBUTED", json!({"A": {"Type": "Wait", "Seconds": 1, "End": true}})),
    ];
    for (mode, body) in bodies {
        let definition = map(mode, body.clone(), json!({}));
        let secs = |n: usize| {
            let items: Vec<usize> = (0..n).collect();
            let least = (0..3).map(|_| {
                let mut run = start(&definition, json!(items));
                let before = std::time::Instant::now();
                run.finish();
                let secs = before.elapsed().as_secs_f64();
                assert!(n < 5_000 || mode == "DISTRIBUTED" || run.history().count() == 25_000);
                secs
            });
            least.fold(f64::INFINITY, f64::min)
        };
        let (small, large) = (secs(1_000), secs(10_000));
        println!("{mode} {body} 1,000 items {small:.3} s, 10,000 items {large:.3} s");
        assert!(large < small * 40.0, "{mode} {body}: {small} s for 1,000, {large} s for 10,000");
    }
}
