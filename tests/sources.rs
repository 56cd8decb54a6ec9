//! Where the sources disagree: for each question a small machine, what becomes of it by default,
//! and what the other source makes of it.

use std::sync::Arc;

use serde_json::{Value, json};
use stepglass::asl::Document;
use stepglass::sim::{
    Answer, DISAGREEMENTS, Deed, Disagreement, Happening, Program, Run, RunRequest, RunStatus, Scenario,
    Settings, Sources, scenarios_from_file,
};
use stepglass::studio::{Command, PlayerCommand, Studio};

fn sources(id: &str, other: bool) -> Sources {
    let row = Disagreement::find(id).expect("a question");
    Sources::default().with(row.question, other)
}

fn start(definition: &Value, input: Value, answers: Value, sources: Sources) -> Run {
    let responses: Vec<Scenario> = scenarios_from_file(&json!({
        "StateMachines": {"M": {"TestCases": {"One": answers["case"]}}},
        "MockedResponses": answers["responses"],
    }))
    .map(|it| it.scenarios)
    .unwrap_or_default();
    Run::start(RunRequest {
        program: Arc::new(Program::from_value(definition, 0)),
        input: Arc::new(input),
        mocks: responses.into_iter().next().map(|it| it.mocks).unwrap_or_default(),
        settings: Settings { sources, ..Settings::default() },
        ..RunRequest::default()
    })
}

/// The output, or the name of the error.
fn outcome(run: &Run) -> Value {
    match run.outcome() {
        Some(Happening::ExecutionSucceeded { output }) => output.as_ref().clone(),
        Some(Happening::ExecutionFailed { error }) => json!({ "failed": error.name }),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check(id: &str, definition: Value, input: Value, by_default: Value, other: Value) {
    check_with(id, definition, input, json!({}), by_default, other);
}

#[track_caller]
fn check_with(id: &str, definition: Value, input: Value, answers: Value, by_default: Value, other: Value) {
    let run = |sources: Sources| {
        let mut run = start(&definition, input.clone(), answers.clone(), sources);
        assert_eq!(run.finish(), RunStatus::Ended);
        outcome(&run)
    };
    assert_eq!(run(Sources::default()), by_default, "{id}, by default");
    assert_eq!(run(sources(id, true)), other, "{id}, the other source");
    // Each question is decided for itself.
    let rest: Vec<&str> = DISAGREEMENTS.iter().map(|it| it.id).filter(|it| *it != id).collect();
    assert_eq!(run(Sources::from_ids(&rest)), by_default, "{id}, with all others switched");
}

fn failed(name: &str) -> Value {
    json!({ "failed": name })
}

/// One state, whose error a catcher with this list turns into its name.
fn caught(mut state: Value, error_equals: Value) -> Value {
    state["Catch"] = json!([{"ErrorEquals": error_equals, "Next": "Caught"}]);
    state["End"] = json!(true);
    json!({"StartAt": "A", "States": {
        "A": state,
        "Caught": {"Type": "Pass", "Parameters": {"caught.$": "$.Error"}, "End": true}
    }})
}

fn task() -> Value {
    json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"})
}

/// The answer of the state A.
fn answers(entry: Value) -> Value {
    json!({"case": {"A": "R"}, "responses": {"R": {"0": entry}}})
}

#[test]
fn a_path_in_a_template_that_finds_nothing() {
    for state in [
        json!({"Type": "Pass", "Parameters": {"x.$": "$.no"}, "End": true}),
        json!({"Type": "Pass", "Parameters": {"x": [{"y.$": "States.Format('{}', $.no)"}]}, "End": true}),
        json!({"Type": "Pass", "Assign": {"x.$": "$.no"}, "End": true}),
    ] {
        let definition = json!({"StartAt": "A", "States": {"A": state}});
        let other = failed("States.ParameterPathFailure");
        check("template-path", definition, json!({"a": 1}), failed("States.Runtime"), other);
    }
    // What cannot be caught under one name can be under the other.
    let mut state = task();
    state["Parameters"] = json!({"x.$": "$.no"});
    let definition = caught(state, json!(["States.ParameterPathFailure"]));
    let other = json!({"caught": "States.ParameterPathFailure"});
    check("template-path", definition, json!({}), failed("States.Runtime"), other);
}

#[test]
fn a_path_outside_of_templates_keeps_its_error() {
    for state in [
        json!({"Type": "Pass", "InputPath": "$.no", "End": true}),
        json!({"Type": "Pass", "Parameters": {"x.$": "States.StringToJson('{')"}, "End": true}),
    ] {
        let run = |sources: Sources| {
            let definition = json!({"StartAt": "A", "States": {"A": state}});
            let mut run = start(&definition, json!({}), json!({}), sources);
            run.finish();
            outcome(&run)
        };
        assert_eq!(run(Sources::default()), run(sources("template-path", true)));
    }
}

#[test]
fn a_heartbeat_that_fails_to_come() {
    let mut state = task();
    state["Resource"] = json!("arn:aws:states:::sqs:sendMessage.waitForTaskToken");
    state["HeartbeatSeconds"] = json!(5);
    state["TimeoutSeconds"] = json!(100);
    let definition = caught(state, json!(["States.ALL"]));
    let (by_default, other) =
        (json!({"caught": "States.Timeout"}), json!({"caught": "States.HeartbeatTimeout"}));
    let lost = answers(json!({"Throw": {"Error": "States.Timeout", "Cause": ""}, "LoseHeartbeat": true}));
    check_with("heartbeat-loss", definition.clone(), json!({}), lost, by_default.clone(), other.clone());

    // The same for a call that is left open.
    for (sources, expected) in [(Sources::default(), by_default), (sources("heartbeat-loss", true), other)] {
        let mut run = start(&definition, json!({}), json!({}), sources);
        assert_eq!(run.finish(), RunStatus::Asking);
        assert!(run.decide(Default::default(), Deed::Wait { millis: None }));
        assert_eq!(run.finish(), RunStatus::Ended);
        assert_eq!(outcome(&run), expected);
        assert!(run.history().any(|it| it.event_type == "TaskTimedOut"));
    }
}

#[test]
fn a_timeout_with_heartbeats_is_no_lost_heartbeat() {
    let mut state = task();
    state["Resource"] = json!("arn:aws:states:::sqs:sendMessage.waitForTaskToken");
    state["HeartbeatSeconds"] = json!(60);
    state["TimeoutSeconds"] = json!(100);
    let definition = caught(state, json!(["States.ALL"]));
    let mut run = start(&definition, json!({}), json!({}), sources("heartbeat-loss", true));
    assert_eq!(run.finish(), RunStatus::Asking);
    run.decide(Default::default(), Deed::Wait { millis: Some(50_000) });
    run.finish();
    let call = run.question().expect("a call").call;
    assert!(run.decide(call, Deed::Heartbeat));
    run.finish();
    assert!(run.decide(Default::default(), Deed::Wait { millis: None }));
    assert_eq!(run.finish(), RunStatus::Ended);
    assert_eq!(outcome(&run), json!({"caught": "States.Timeout"}));

    let mut run = start(&definition, json!({}), json!({}), sources("heartbeat-loss", true));
    run.finish();
    run.answer(Answer::TimeOut);
    run.finish();
    assert_eq!(outcome(&run), json!({"caught": "States.Timeout"}));
}

#[test]
fn a_result_beyond_the_limit_and_states_all() {
    let large = answers(json!({"Return": "x".repeat(300_000)}));
    let limit = "States.DataLimitExceeded";
    let definition = caught(task(), json!(["States.ALL"]));
    let by_default = json!({"caught": limit});
    check_with("data-limit", definition, json!({}), large.clone(), by_default.clone(), failed(limit));
    // By its name it is caught in any case.
    let definition = caught(task(), json!([limit]));
    check_with("data-limit", definition, json!({}), large, by_default.clone(), by_default);
}

#[test]
fn what_states_task_failed_stands_for() {
    let definition = caught(task(), json!(["States.TaskFailed"]));
    let check_error = |error: &str, by_default: Value, other: Value| {
        let answers = answers(json!({"Throw": {"Error": error, "Cause": ""}}));
        check_with("task-failed", definition.clone(), json!({}), answers, by_default, other);
    };
    let caught = |error: &str| json!({ "caught": error });
    check_error("States.Permissions", caught("States.Permissions"), failed("States.Permissions"));
    check_error("Card.Declined", caught("Card.Declined"), caught("Card.Declined"));
    check_error("States.TaskFailed", caught("States.TaskFailed"), caught("States.TaskFailed"));
    check_error("States.Timeout", failed("States.Timeout"), failed("States.Timeout"));
}

#[test]
fn items_that_are_an_object() {
    let machine = |mode: &str| {
        json!({"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": {
            "Type": "Map", "Items": "{% $states.input.prices %}", "End": true,
            "ItemSelector": {"name": "{% $states.context.Map.Item.Key %}",
                "price": "{% $states.context.Map.Item.Value %}"},
            "ItemProcessor": {"ProcessorConfig": {"Mode": mode, "ExecutionType": "STANDARD"},
                "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}}}})
    };
    let input = json!({"prices": {"lamp": 3, "bulb": 1}});
    let items = json!([{"name": "lamp", "price": 3}, {"name": "bulb", "price": 1}]);
    for mode in ["INLINE", "DISTRIBUTED"] {
        let failed = failed("States.QueryEvaluationError");
        check("map-items", machine(mode), input.clone(), failed.clone(), items.clone());
        // Anything else is no list of items for either source.
        check("map-items", machine(mode), json!({"prices": 1}), failed.clone(), failed);
    }
}

#[test]
fn a_branch_that_fails() {
    let branch =
        json!({"StartAt": "B", "States": {"B": {"Type": "Fail", "Error": "Card.Declined", "Cause": "c"}}});
    let parallel = json!({"Type": "Parallel", "Branches": [branch]});
    let definition = caught(parallel.clone(), json!(["States.ALL"]));
    let caught_as = |name: &str| json!({ "caught": name });
    let (own, other) = ("Card.Declined", "States.BranchFailed");
    check("branch-error", definition, json!({}), caught_as(own), caught_as(other));
    let definition = caught(parallel.clone(), json!([own]));
    check("branch-error", definition, json!({}), caught_as(own), failed(other));

    // An iteration is no branch.
    let map = json!({"Type": "Map", "ItemProcessor": branch});
    let definition = caught(map, json!(["States.ALL"]));
    check("branch-error", definition, json!([1]), caught_as(own), caught_as(own));
}

#[test]
fn an_item_processor_with_a_query_language_is_always_refused() {
    let definition = json!({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {
        "QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}}}});
    let document = Document::new(definition.to_string(), 1);
    let refused = document.diagnostics.iter().any(|it| it.message.contains("QueryLanguage"));
    assert!(refused, "{:?}", document.diagnostics);
    let row = Disagreement::find("processor-language").expect("a question");
    assert!(!row.can_switch);
    assert_eq!(Sources::default().with(row.question, true), Sources::default());
}

#[test]
fn a_choice_is_kept_with_the_project_and_asks_for_another_run() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Parameters": {"x.$": "$.no"}, "End": true}}});
    let mut studio = Studio::new();
    studio.dispatch(Command::OpenSample {
        id: "t".into(),
        definition: definition.to_string(),
        mocks: "{}".into(),
    });
    let note = |studio: &Studio| studio.data_flow_view().note.clone();
    let error = |studio: &Studio| studio.events_view().rows.last().map(|it| it.details.clone());
    studio.dispatch(Command::Run);
    assert!(error(&studio).is_some_and(|it| it.contains("States.Runtime")));
    assert!(!studio.player_view().stale);
    studio.dispatch(Command::Player(PlayerCommand::SeekStep(1)));
    assert_eq!(note(&studio).as_deref(), Some(Disagreement::find("template-path").expect("a row").remark));

    let question = Disagreement::find("template-path").expect("a question").question;
    studio.dispatch(Command::ChooseSource { question, other: true });
    assert!(studio.workspace_view().sources.takes_other(question));
    assert!(studio.player_view().stale);
    // The run that is shown keeps the rules it was made by.
    let mut studio = Studio::restore(&studio.project()).expect("a project");
    assert!(studio.player_view().stale);
    assert!(error(&studio).is_some_and(|it| it.contains("States.Runtime")));

    studio.dispatch(Command::RunAgainToHere);
    assert!(!studio.player_view().stale);
    let studio = Studio::restore(&studio.project()).expect("a project");
    assert!(error(&studio).is_some_and(|it| it.contains("States.ParameterPathFailure")));
    assert!(studio.workspace_view().sources.takes_other(question));

    let mut studio = studio;
    studio.dispatch(Command::New);
    assert_eq!(studio.workspace_view().sources, Sources::default());
}

/// What the page says beside the errors of a run.
#[track_caller]
fn check_remark(state: Value, answers: Value, expected: Option<&str>) {
    let definition = caught(state, json!(["States.ALL"]));
    let mocks = json!({
        "StateMachines": {"t": {"TestCases": {"One": answers["case"]}}},
        "MockedResponses": answers["responses"],
    });
    let mut studio = Studio::new();
    let (definition, mocks) = (definition.to_string(), mocks.to_string());
    studio.dispatch(Command::OpenSample { id: "t".into(), definition, mocks });
    studio.dispatch(Command::Run);
    let steps = studio.player_view().n_steps;
    let note = (0..steps).find_map(|idx| {
        studio.dispatch(Command::Player(PlayerCommand::SeekStep(idx)));
        let view = studio.data_flow_view();
        view.note.clone().filter(|it| it.contains("AWS was recorded"))
    });
    assert_eq!(note.as_deref(), expected.map(|it| Disagreement::find(it).expect("a row").remark));
}

#[test]
fn an_error_says_that_another_source_names_it_differently() {
    let thrown = |error: &str| answers(json!({"Throw": {"Error": error, "Cause": ""}}));
    let mut state = task();
    state["HeartbeatSeconds"] = json!(5);
    check_remark(state.clone(), thrown("States.Timeout"), Some("heartbeat-loss"));
    check_remark(state.clone(), thrown("Card.Declined"), None);
    state["TimeoutSeconds"] = json!(9);
    check_remark(state, thrown("States.Timeout"), None);
    let branch =
        json!({"StartAt": "B", "States": {"B": {"Type": "Fail", "Error": "Card.Declined", "Cause": "c"}}});
    let parallel = json!({"Type": "Parallel", "Branches": [branch]});
    check_remark(parallel, json!({"case": {}, "responses": {}}), Some("branch-error"));
}
