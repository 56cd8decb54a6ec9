//! What the engine can do, as the page offers it: several open calls, heartbeats, time, stop,
//! redrive, a start in the middle, child executions, started machines and expectations.

mod samples;

use serde_json::{Value, json};
use stepglass::asl::StatePath;
use stepglass::sim::StatesError;
use stepglass::studio::{AnswerInput, Command, Effect, PlayerCommand, Status, Studio};

fn opened(definition: Value, mocks: Value) -> Studio {
    let mut studio = Studio::new();
    let (definition, mocks) = (definition.to_string(), mocks.to_string());
    studio.dispatch(Command::OpenSample { id: "t".into(), definition, mocks });
    assert_eq!(studio.workspace_view().notice, None);
    studio
}

fn file(case: Value, responses: Value, more: Value) -> Value {
    let mut file = json!({
        "StateMachines": { "t": { "TestCases": { "One": case } } },
        "MockedResponses": responses,
    });
    for (name, value) in more.as_object().expect("an object") {
        file[name] = value.clone();
    }
    file
}

fn path(name: &str) -> StatePath {
    StatePath::new(format!("/States/{name}"))
}

fn succeed(json: &str) -> Command {
    Command::Answer { answer: AnswerInput::Succeed(json.into()) }
}

fn refusal(studio: &Studio, command: &Command) -> String {
    studio.can(command).expect_err("it is not possible").0
}

/// The run comes back from its project with equal views.
#[track_caller]
fn check_kept(studio: &Studio) {
    let again = Studio::restore(&studio.project()).expect("a project");
    assert_eq!(again.player_view(), studio.player_view());
    assert_eq!(again.events_view(), studio.events_view());
    assert_eq!(again.timeline_view(), studio.timeline_view());
    assert_eq!(again.scenarios_view(), studio.scenarios_view());
}

fn status(studio: &Studio, key: &str) -> Status {
    let marks = studio.marks_view();
    marks.nodes.iter().find(|(it, _)| it == key).map(|(_, it)| it.status).unwrap_or_default()
}

fn output(studio: &mut Studio) -> String {
    studio.dispatch(Command::Player(PlayerCommand::Last));
    studio.events_view().rows.last().map(|it| it.details.clone()).unwrap_or_default()
}

fn branches() -> Value {
    let branch = |name: &str| {
        json!({ "StartAt": name, "States": { name: { "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "HeartbeatSeconds": 30,
            "TimeoutSeconds": 100,
            "Parameters": { "QueueUrl": "q", "MessageBody.$": "$$.Task.Token" }, "End": true } } })
    };
    json!({ "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true,
        "Branches": [branch("Left"), branch("Right")] } } })
}

#[test]
fn of_several_open_calls_any_is_answered_first() {
    let mut studio = opened(branches(), file(json!({}), json!({}), json!({})));
    studio.dispatch(Command::Run);
    let calls = studio.player_view().questions.clone();
    let titles: Vec<_> = calls.iter().map(|it| (it.title.as_str(), it.chosen)).collect();
    assert_eq!(titles, [("Left", true), ("Right", false)]);
    assert_ne!(calls[0].words, calls[1].words, "the tokens differ");
    studio.dispatch(Command::ChooseQuestion { call: calls[1].call.clone() });
    let question = studio.player_view().question.clone().expect("a question");
    assert_eq!(question.title, "Right");
    assert!(question.token.is_some() && question.can_send_heartbeat && !question.can_take);
    studio.dispatch(succeed("2"));
    let left = studio.player_view().question.clone().expect("the other question");
    assert_eq!((left.title.as_str(), studio.player_view().questions.len()), ("Left", 1));
    assert!(refusal(&studio, &Command::ChooseQuestion { call: calls[1].call.clone() }).contains("any more"));
    check_kept(&studio);
    studio.dispatch(succeed("1"));
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    assert_eq!(output(&mut studio), r#"{"output": [1,2]}"#);
    check_kept(&studio);
    assert!(!studio.player_view().stale);
    // Answers became mocks, so that the next run needs none.
    studio.dispatch(Command::Run);
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
}

#[test]
fn heartbeats_keep_a_call_alive_while_time_passes() {
    let mut studio = samples::opened("courier");
    assert_eq!(studio.problems_view().problems, []);
    studio.dispatch(Command::Run);
    let next = |studio: &Studio| studio.player_view().question.as_ref().and_then(|it| it.next.clone());
    assert_eq!(next(&studio), Some("01:00:00.000".into()));
    studio.dispatch(Command::LetTimePass { millis: Some(1_800_000) });
    assert_eq!(studio.player_view().question.as_ref().map(|it| it.now.clone()), Some("00:30:00.000".into()));
    studio.dispatch(Command::SendHeartbeat);
    assert_eq!(next(&studio), Some("01:30:00.000".into()));
    check_kept(&studio);
    studio.dispatch(succeed(r#"{"receiver": "Ines"}"#));
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    assert_eq!(output(&mut studio), r#"{"output": {"receiver":"Ines","price":7}}"#);
    assert_eq!(studio.player_view().clock, "00:30:00.000");
    check_kept(&studio);
    // The mock that was kept answers at the same moment.
    studio.dispatch(Command::Run);
    assert_eq!(output(&mut studio), r#"{"output": {"receiver":"Ines","price":7}}"#);
    assert_eq!(studio.player_view().clock, "00:30:00.000");
}

#[test]
fn without_a_heartbeat_the_call_times_out() {
    let mut studio = samples::opened("courier");
    studio.dispatch(Command::Run);
    studio.dispatch(Command::LetTimePass { millis: None });
    assert_eq!(studio.player_view().ended, Some("FAILED"));
    assert!(output(&mut studio).contains("ParcelLost"));
    assert_eq!(refusal(&studio, &Command::LetTimePass { millis: None }), "No call waits for an answer");
    check_kept(&studio);
}

#[test]
fn the_work_of_an_activity_is_taken_before_its_heartbeat() {
    let activity = "arn:aws:states:us-east-1:123456789012:activity:dig";
    let definition = json!({ "StartAt": "Dig", "States": { "Dig": { "Type": "Task", "Resource": activity,
        "HeartbeatSeconds": 10, "End": true } } });
    let mut studio = opened(definition, file(json!({}), json!({}), json!({})));
    studio.dispatch(Command::Run);
    assert!(studio.player_view().question.as_ref().is_some_and(|it| it.can_take));
    assert_eq!(refusal(&studio, &Command::SendHeartbeat), "No worker has taken the task yet");
    studio.dispatch(Command::TakeTask);
    assert!(studio.player_view().question.as_ref().is_some_and(|it| !it.can_take && it.can_send_heartbeat));
    assert_eq!(refusal(&studio, &Command::TakeTask), "“Dig” waits for no worker");
    studio.dispatch(Command::SendHeartbeat);
    studio.dispatch(succeed("1"));
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    check_kept(&studio);
}

#[test]
fn a_run_is_stopped_and_goes_on_by_a_redrive() {
    let mut studio = opened(branches(), file(json!({}), json!({}), json!({})));
    assert!(refusal(&studio, &Command::Redrive).contains("no run yet"));
    studio.dispatch(Command::Run);
    assert_eq!(refusal(&studio, &Command::Redrive), "An execution can be redriven only after its end");
    studio.dispatch(Command::StopExecution);
    assert_eq!(studio.player_view().ended, Some("ABORTED"));
    assert_eq!(refusal(&studio, &Command::StopExecution), "The execution has ended already");
    assert_eq!(status(&studio, "/States/P/Branches/0/States/Left"), Status::Aborted);
    check_kept(&studio);
    studio.dispatch(Command::Redrive);
    assert_eq!(studio.player_view().questions.len(), 2);
    assert_eq!(status(&studio, "/States/P/Branches/0/States/Left"), Status::Waiting);
    assert_eq!(status(&studio, "/States/P"), Status::Running);
    check_kept(&studio);
    studio.dispatch(Command::Answer {
        answer: AnswerInput::Fail(StatesError { name: "E".into(), cause: String::new() }),
    });
    assert_eq!(studio.player_view().ended, Some("FAILED"));
    studio.dispatch(Command::Redrive);
    assert_eq!(studio.player_view().ended, None);
    check_kept(&studio);
}

#[test]
fn a_run_begins_at_the_selected_state_with_what_it_had() {
    let definition = json!({ "StartAt": "A", "States": {
        "A": { "Type": "Pass", "Result": 1, "ResultPath": "$.a", "Assign": { "v": 5 }, "Next": "B" },
        "B": { "Type": "Pass", "Parameters": { "a.$": "$.a", "v.$": "$v" }, "End": true } } });
    let mut studio = opened(definition, file(json!({}), json!({}), json!({})));
    studio.dispatch(Command::Select { state: Some(path("B")) });
    let before = studio.run_from_view().expect("a state is selected");
    assert_eq!((before.input.as_str(), before.variables.as_str()), ("{}", "{}"));
    studio.dispatch(Command::Run);
    studio.dispatch(Command::Player(PlayerCommand::Last));
    let after = studio.run_from_view().expect("a state is selected");
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    assert_eq!((json(&after.input), json(&after.variables)), (json!({"a": 1}), json!({"v": 5})));
    let run_from = |input: &str, variables: &str| Command::RunFrom {
        state: path("B"),
        input: input.into(),
        variables: variables.into(),
    };
    assert!(refusal(&studio, &run_from("{", "{}")).starts_with("The input is not JSON"));
    assert!(refusal(&studio, &run_from("{}", "[]")).starts_with("The variables must be"));
    studio.dispatch(run_from(r#"{"a": 7}"#, &after.variables));
    assert_eq!(output(&mut studio), r#"{"output": {"a":7,"v":5}}"#);
    assert!(studio.events_view().rows.iter().all(|it| it.state != "A"));
    check_kept(&studio);
    studio.dispatch(Command::RunAgainToHere);
    assert_eq!(output(&mut studio), r#"{"output": {"a":7,"v":5}}"#);
}

#[test]
fn child_executions_are_gone_through_one_by_one() {
    let mut studio = samples::opened("price-list");
    assert_eq!(studio.problems_view().problems, []);
    studio.dispatch(Command::Run);
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    assert_eq!(studio.player_view().differences.as_deref(), Some(&vec![]));
    studio.dispatch(Command::Player(PlayerCommand::Step));
    let view = studio.player_view().iteration.clone().expect("the Map");
    assert_eq!((view.title.as_str(), view.word, view.idx, view.n), ("For each row", "Child", None, 8));
    for idx in [2, 7, 0] {
        studio.dispatch(Command::GoToIteration { idx });
        let view = studio.player_view().iteration.clone().expect("a child");
        assert_eq!((view.word, view.idx, view.n), ("Child", Some(idx), 8));
        assert!(!view.name.is_empty());
        assert!(studio.player_view().sentence.contains("Has a price?"), "{}", studio.player_view().sentence);
    }
    assert_eq!(refusal(&studio, &Command::GoToIteration { idx: 8 }), "Number 9 did not begin in this run");
    check_kept(&studio);
    studio.dispatch(Command::Player(PlayerCommand::First));
    assert_eq!(studio.player_view().iteration, None);
}

#[test]
fn a_started_machine_is_shown_as_a_list() {
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:Ship";
    let definition = json!({ "StartAt": "S", "States": { "S": { "Type": "Task", "End": true,
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": { "StateMachineArn": arn, "Input": { "a": 1 } } } } });
    let pack = json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": { "FunctionName": "f" }, "End": true });
    let machines = json!({ "Machines": { arn: { "StartAt": "Pack", "States": { "Pack": pack } } } });
    let mut studio = opened(definition, file(json!({}), json!({}), machines));
    studio.dispatch(Command::Run);
    let call = studio.player_view().questions.clone().pop().expect("Pack asks");
    assert!(call.words.contains("Ship"), "{}", call.words);
    let question = studio.player_view().question.clone().expect("Pack asks");
    assert_eq!((question.title.as_str(), question.machine.as_deref()), ("Pack", Some("Ship")));
    check_kept(&studio);
    studio.dispatch(succeed(r#"{"Payload": 3}"#));
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    let n_steps = studio.player_view().n_steps;
    let shown = (0..n_steps).filter_map(|idx| {
        studio.dispatch(Command::Player(PlayerCommand::SeekStep(idx)));
        studio.player_view().started.clone()
    });
    let last = shown.last().expect("the call started it");
    assert_eq!((last.machine.as_str(), last.status, last.n_left_out), ("Ship", "SUCCEEDED", 0));
    assert!(last.steps.iter().any(|(_, words)| words == "Pack succeeded"), "{:?}", last.steps);
    assert!(last.end.contains("Payload"));
    check_kept(&studio);
}

#[test]
fn objects_machines_and_expectations_survive_project_and_download() {
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:Ship";
    let definition = json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } });
    let mocks = json!({
        "Comment": "not ours",
        "StateMachines": {
            "t": { "TestCases": { "One": {} } },
            "Ship": { "TestCases": { "One": { "Pack": "packed" } } }
        },
        "MockedResponses": { "packed": { "0": { "Return": 1 } } },
        "Machines": { arn: { "StartAt": "Pack", "States": {} } },
        "Objects": { "s3://b/k.csv": "a,b\n1,2\n" },
        "Stepglass": { "Title": "T", "Scenarios": { "One": { "Expect": { "Status": "FAILED", "Output": 3 } } } }
    });
    let mut studio = opened(definition, mocks.clone());
    let download = |studio: &mut Studio| {
        let reply = studio.dispatch(Command::ExportMocks);
        reply.effects.iter().find_map(|it| match it {
            Effect::Download { name, text, .. } => {
                Some((name.clone(), serde_json::from_str::<Value>(text).expect("JSON")))
            }
            _ => None,
        })
    };
    assert_eq!(download(&mut studio), Some(("t.mocks.json".into(), mocks.clone())));
    studio.dispatch(Command::Run);
    let differences = studio.player_view().differences.clone().expect("something is expected");
    assert_eq!(differences.len(), 2, "{differences:?}");
    check_kept(&studio);
    let mut again = Studio::restore(&studio.project()).expect("a project");
    assert_eq!(download(&mut again), Some(("t.mocks.json".into(), mocks)));
    // A run of an edited definition is not compared.
    again.dispatch(Command::Rename { state: path("A"), name: "B".into() });
    assert_eq!(again.player_view().differences, None);
}

#[test]
fn an_object_that_was_given_as_an_answer_is_kept_with_the_scenario() {
    let mut studio = samples::opened("price-list");
    studio.dispatch(Command::SetInput { json: json!({ "bucket": "b", "key": "k.csv" }).to_string() });
    studio.dispatch(Command::Run);
    assert_eq!(studio.player_view().question.as_ref().map(|it| it.title.as_str()), Some("For each row"));
    studio.dispatch(succeed(r#""article,price\nLamp,1\n""#));
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    let differences = studio.player_view().differences.clone().expect("something is expected");
    assert_eq!(differences.len(), 1, "{differences:?}");
    check_kept(&studio);
    studio.dispatch(Command::Run);
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"), "it does not ask again");
    let reply = studio.dispatch(Command::ExportMocks);
    let text = format!("{:?}", reply.effects);
    assert!(text.contains("s3://b/k.csv") && !text.contains("For each row\\\": {"), "{text}");
}
