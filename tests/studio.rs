//! The whole story without a browser: open, edit, run, step, answer, keep and restore.

mod samples;

use stepglass::asl::{EdgeKey, MachineType, StatePath};
use stepglass::sim::StatesError;
use stepglass::studio::{
    AnswerInput, Command, ConditionChange, Effect, MockAnswer, OpenedFrom, PALETTE, PlayerCommand,
    StageStatus, Status, Studio, Template,
};
use stepglass::text::{TextEdit, TextRange};

fn opened(text: &str) -> Studio {
    let mut studio = Studio::new();
    open(&mut studio, text);
    studio
}

fn open(studio: &mut Studio, text: &str) {
    studio.dispatch(Command::Open { name: "t.asl.json".into(), text: text.into(), from: OpenedFrom::Paste });
}

fn text_of(studio: &Studio) -> String {
    studio.document_view().text.to_string()
}

fn path(name: &str) -> StatePath {
    StatePath::new(format!("/States/{name}"))
}

fn play_to_the_end(studio: &mut Studio) {
    studio.dispatch(Command::Player(PlayerCommand::TogglePlay));
    for _ in 0..10_000 {
        if !studio.player_view().playing {
            return;
        }
        studio.dispatch(Command::Tick { elapsed_millis: 500 });
    }
    panic!("it plays for ever");
}

fn sentence(studio: &Studio) -> String {
    studio.player_view().sentence.clone()
}

#[test]
fn the_support_call_is_played_changed_and_run_again() {
    let mut studio = samples::opened("support-call");
    let original = text_of(&studio);
    assert_eq!(studio.problems_view().problems, []);
    assert_eq!(studio.scenarios_view().names.len(), 3);

    // Play it to Close Case.
    studio.dispatch(Command::ChooseScenario { name: "Resolved at first call".into() });
    studio.dispatch(Command::Run);
    assert_eq!((studio.player_view().step, sentence(&studio).as_str()), (0, "Step 1: The execution starts"));
    play_to_the_end(&mut studio);
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    assert!(sentence(&studio).ends_with("The execution succeeded"), "{}", sentence(&studio));
    let mark = |studio: &Studio, name: &str| {
        let key = format!("/States/{name}");
        studio.marks_view().nodes.iter().find(|(it, _)| *it == key).map(|(_, it)| it.status)
    };
    assert_eq!(mark(&studio, "Close Case"), Some(Status::Succeeded));
    assert_eq!(mark(&studio, "Escalate Case"), None);

    // Step back twice: Close Case has not ended then.
    studio.dispatch(Command::Player(PlayerCommand::StepBack));
    studio.dispatch(Command::Player(PlayerCommand::StepBack));
    assert_eq!(mark(&studio, "Close Case"), Some(Status::Running));

    // Another answer of Work on Case; the run is older than the scenario then.
    assert!(!studio.player_view().stale);
    let answer = AnswerInput::Succeed(r#"{"Case": "2041", "Status": 0}"#.into());
    let answers = vec![MockAnswer { first: 0, last: None, answer }];
    studio.dispatch(Command::SetMock { state: "Work on Case".into(), answers });
    assert!(studio.player_view().stale);
    studio.dispatch(Command::RunAgainToHere);
    assert!(!studio.player_view().stale);
    assert_eq!(sentence(&studio), "Step 8: Is Case Resolved succeeded", "where the two runs part");
    play_to_the_end(&mut studio);
    assert_eq!(studio.player_view().ended, Some("FAILED"));
    assert_eq!(mark(&studio, "Fail"), Some(Status::Failed));
    assert!(sentence(&studio).contains("Engage Tier 2 Support."), "{}", sentence(&studio));

    // A Wait on a connection: one state and one Next, and undo to the identical bytes.
    let template = PALETTE.iter().find(|it| it.id == "wait").map(|it| it.template()).unwrap();
    let edge = EdgeKey::new("/States/Assign Case/Next");
    studio.dispatch(Command::InsertOnEdge { edge, template });
    let after: serde_json::Value = serde_json::from_str(&text_of(&studio)).unwrap();
    let mut expected: serde_json::Value = serde_json::from_str(&original).unwrap();
    expected["States"]["Assign Case"]["Next"] = "Wait".into();
    expected["States"]["Wait"] = serde_json::json!({"Type": "Wait", "Seconds": 5, "Next": "Work on Case"});
    assert_eq!(after, expected);
    assert!(studio.player_view().stale, "the run stays, older than the definition");
    assert_eq!(studio.document_view().undo.as_deref(), Some("Undo Insert Wait"));
    studio.dispatch(Command::Undo);
    assert_eq!(text_of(&studio), original);
    assert!(!studio.player_view().stale, "the text is as it was when it was run");

    // Break a brace and go on editing another state.
    let brace = original.find("\"Assign Case\": {").unwrap() + "\"Assign Case\": ".len();
    let edit = TextEdit::delete(TextRange::new(brace, brace + 1));
    studio.dispatch(Command::Type { edit, at_millis: 10_000 });
    assert!(studio.problems_view().n_errors > 0);
    studio.dispatch(Command::Rename { state: path("Close Case"), name: "Case closed".into() });
    assert!(text_of(&studio).contains("\"Case closed\": {"));
    assert!(studio.graph_view().nodes.iter().any(|it| it.title == "Case closed"));

    // Keep everything and find it as it was.
    assert_same(&studio, &Studio::restore(&studio.project()).unwrap());
}

/// All that a reader can see is equal.
#[track_caller]
fn assert_same(one: &Studio, other: &Studio) {
    let document = |it: &Studio| {
        let view = it.document_view();
        (view.text.clone(), view.file_name.clone(), view.undo.clone(), view.redo.clone(), view.saved)
    };
    assert_eq!(document(one), document(other));
    assert_eq!(one.graph_view(), other.graph_view());
    assert_eq!(one.selection_view(), other.selection_view());
    assert_eq!(one.inspector_view(), other.inspector_view());
    assert_eq!(one.scenarios_view(), other.scenarios_view());
    assert_eq!(one.workspace_view(), other.workspace_view());
    assert_eq!(one.player_view(), other.player_view());
    assert_eq!(one.marks_view(), other.marks_view());
    assert_eq!(one.timeline_view(), other.timeline_view());
    assert_eq!(one.events_view(), other.events_view());
    assert_eq!(one.data_flow_view(), other.data_flow_view());
}

#[test]
fn every_sample_runs_in_every_scenario_and_comes_back_from_its_project() {
    // One waits for an answer, which is what it shows.
    for id in samples::ids().iter().filter(|it| *it != "courier") {
        let mut studio = samples::opened(id);
        assert_eq!(studio.problems_view().problems, [], "{id}");
        assert_eq!(studio.workspace_view().notice, None, "{id}");
        for name in studio.scenarios_view().names.clone() {
            studio.dispatch(Command::ChooseScenario { name: name.clone() });
            let reply = studio.dispatch(Command::Run);
            assert_eq!(studio.player_view().refused, Vec::<String>::new(), "{id}, {name}");
            assert!(!reply.effects.contains(&Effect::Continue));
            let view = studio.player_view();
            assert!(view.ended.is_some(), "{id}, {name}: {}", view.sentence);
            studio.dispatch(Command::Player(PlayerCommand::SeekStep(view.n_steps / 2)));
            studio.dispatch(Command::Player(PlayerCommand::SetSpeed(4.0)));
            studio.dispatch(Command::ChooseStage { idx: 1 });
            assert_same(&studio, &Studio::restore(&studio.project()).unwrap());
            let positions = studio.timeline_view().positions.clone();
            assert!(positions.windows(2).all(|it| it[0] <= it[1]), "{id}, {name}");
            assert_eq!(positions.len(), view.n_steps);
        }
    }
}

const TASKS: &str = r#"{
  "StartAt": "One",
  "States": {
    "One": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Two" },
    "Two": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Catch": [{ "ErrorEquals": ["Card.Declined"], "Next": "Sorry" }],
      "End": true
    },
    "Sorry": { "Type": "Pass", "End": true }
  }
}
"#;

#[test]
fn a_call_without_a_mock_asks_and_its_answer_is_remembered() {
    let mut studio = opened(TASKS);
    studio.dispatch(Command::Run);
    let question = studio.player_view().question.clone().expect("One has no mock");
    assert_eq!((question.title.as_str(), question.invocation), ("One", 0));
    assert_eq!(question.suggestion, "{\n  \"Payload\": {},\n  \"StatusCode\": 200\n}");
    let bad = AnswerInput::Succeed("{".into());
    assert!(studio.can(&Command::Answer { answer: bad }).is_err());
    studio.dispatch(Command::Answer { answer: AnswerInput::Succeed("{\"n\": 1}".into()) });
    let question = studio.player_view().question.clone().expect("Two has no mock");
    assert_eq!((question.title.as_str(), question.errors[0].as_str()), ("Two", "Card.Declined"));
    let declined = StatesError { name: "Card.Declined".into(), cause: "No money".into() };
    studio.dispatch(Command::Answer { answer: AnswerInput::Fail(declined) });
    let view = studio.player_view();
    assert_eq!((view.question.clone(), view.ended), (None, Some("SUCCEEDED")));
    assert!(view.sentence.ends_with("Two failed with Card.Declined, which was caught"), "{}", view.sentence);
    assert!(!view.stale, "answers belong to the run");
    assert_same(&studio, &Studio::restore(&studio.project()).unwrap());
    // The next run asks nothing.
    studio.dispatch(Command::Run);
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    let mocks = studio.scenarios_view().mocks.iter().map(|it| it.answers.len()).collect::<Vec<_>>();
    assert_eq!(mocks, [1, 1]);
}

#[test]
fn answering_differently_forks_from_the_cursor_and_changes_no_mock() {
    let mut studio = opened(TASKS);
    for name in ["One", "Two"] {
        let answers = vec![MockAnswer { first: 0, last: None, answer: AnswerInput::Succeed("{}".into()) }];
        studio.dispatch(Command::SetMock { state: name.into(), answers });
    }
    studio.dispatch(Command::Run);
    let scenarios = studio.scenarios_view();
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    assert!(!studio.player_view().can_answer_differently, "the first step is no call");
    studio.dispatch(Command::Player(PlayerCommand::Step));
    assert!(studio.player_view().can_answer_differently);
    let broken = StatesError { name: "Oops".into(), cause: String::new() };
    studio.dispatch(Command::AnswerDifferently { answer: AnswerInput::Fail(broken) });
    let view = studio.player_view();
    assert_eq!(view.ended, Some("FAILED"));
    assert!(view.sentence.contains("One failed with Oops"), "{}", view.sentence);
    assert_eq!(studio.scenarios_view(), scenarios);
    assert_same(&studio, &Studio::restore(&studio.project()).unwrap());
}

#[test]
fn what_cannot_be_run_yet_is_refused_with_a_sentence() {
    let text = r#"{"StartAt":"A","States":{"A":{"Type":"Map","End":true,
        "ItemReader":{"ReaderConfig":{"InputType":"PARQUET"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
        "StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}}}}"#;
    let mut studio = opened(text);
    let refusal = studio.can(&Command::Run).unwrap_err();
    studio.dispatch(Command::Run);
    assert!(!studio.player_view().run);
    assert_eq!(studio.player_view().refused, [refusal.0]);
}

#[test]
fn a_long_run_is_computed_in_slices_and_can_be_stopped() {
    let endless =
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}"#;
    let mut studio = opened(endless);
    let reply = studio.dispatch(Command::Run);
    assert!(reply.effects.contains(&Effect::Continue));
    assert_eq!(studio.player_view().computing, Some(1_000));
    studio.dispatch(Command::Compute);
    assert_eq!(studio.player_view().computing, Some(2_000));
    studio.dispatch(Command::StopComputing);
    assert_eq!(studio.player_view().computing, None);
    let reply = studio.dispatch(Command::Compute);
    assert!(!reply.effects.contains(&Effect::Continue));
    // Left alone it ends honestly, at AWS's limit of events.
    studio.dispatch(Command::Run);
    for _ in 0..100 {
        studio.dispatch(Command::Compute);
    }
    assert_eq!(studio.player_view().ended, Some("FAILED"));
    assert_eq!(studio.events_view().rows.len(), 25_000);
}

#[test]
fn the_lens_follows_the_cursor_and_the_chosen_stage() {
    let text = r#"{"StartAt":"A","States":{
        "A":{"Type":"Pass","InputPath":"$.order","Result":{"ok":true},"ResultPath":"$.done","Next":"B"},
        "B":{"Type":"Pass","InputPath":"$.ordr","End":true}}}"#;
    let mut studio = opened(text);
    studio.dispatch(Command::SetInput { json: r#"{"order":{"id":7}}"#.into() });
    studio.dispatch(Command::Run);
    assert!(studio.data_flow_view().note.is_some(), "the first step has no state");
    studio.dispatch(Command::Player(PlayerCommand::SeekStep(1)));
    let view = studio.data_flow_view();
    let titles: Vec<&str> = view.stages.iter().map(|it| it.title).collect();
    assert_eq!(titles, ["Input", "InputPath", "Parameters", "Result", "ResultPath", "OutputPath"]);
    studio.dispatch(Command::ChooseStage { idx: 1 });
    let view = studio.data_flow_view();
    assert_eq!((view.chosen, view.expression.as_str(), view.expression_line), (1, "$.order", Some(2)));
    assert_eq!(view.after.first().map(|it| it.words.as_str()), Some("moved from $.order"));
    // At the failing state its stage is shown.
    studio.dispatch(Command::Player(PlayerCommand::Last));
    studio.dispatch(Command::Player(PlayerCommand::StepBack));
    let view = studio.data_flow_view();
    let chosen = view.stages.get(view.chosen).expect("a stage is chosen");
    assert_eq!((chosen.title, chosen.status), ("InputPath", StageStatus::Failed));
    let error = view.error.clone().unwrap_or_default();
    assert!(error.contains("did you mean “order”?"), "{error}");
}

#[track_caller]
fn check_open(text: &str, notice: &str, kept: &str) {
    let mut studio = opened("{}");
    open(&mut studio, text);
    let told = studio.workspace_view().notice.clone().unwrap_or_default();
    assert!(told.contains(notice), "{told}");
    assert_eq!(text_of(&studio), kept);
    touch_everything(&mut studio);
}

/// Nothing panics, whatever is open.
fn touch_everything(studio: &mut Studio) {
    studio.graph_view();
    studio.problems_view();
    studio.inspector_view();
    studio.scenarios_view();
    studio.dispatch(Command::Run);
    studio.marks_view();
    studio.timeline_view();
    studio.events_view();
    studio.data_flow_view();
    studio.player_view();
    let restored = Studio::restore(&studio.project()).unwrap();
    assert_eq!(text_of(&restored), text_of(studio));
}

#[test]
fn whatever_is_opened_is_kept_and_explained() {
    check_open("", "empty", "");
    check_open("{\"StartAt\": ", "", "{\"StartAt\": ");
    check_open("[1, 2]", "a list", "[1, 2]");
    check_open("hello", "other text", "hello");
    let big = format!(
        "{{\"StartAt\":\"A\",\"States\":{{\"A\":{{\"Type\":\"Pass\",\"Comment\":\"{}\",\"End\":true}}}}}}",
        "x".repeat(5 << 20)
    );
    check_open(&big, "5.2 MB", &big);
    let deep = "[".repeat(3_000) + &"]".repeat(3_000);
    check_open(&deep, "a list", &deep);
    let deep = format!(
        "{{\"StartAt\":\"A\",\"States\":{{\"A\":{{\"Type\":\"Pass\",\"Result\":{deep},\"End\":true}}}}}}"
    );
    check_open(&deep, "", &deep);
}

#[test]
fn a_binary_file_is_refused_and_the_old_document_stays() {
    let mut studio = opened(TASKS);
    open(&mut studio, "\u{0}PNG\u{fffd}\u{fffd}");
    assert_eq!(text_of(&studio), TASKS);
    assert!(
        studio.workspace_view().notice.as_deref().is_some_and(|it| it.starts_with("This is not a text file"))
    );
}

#[test]
fn a_template_gives_its_definition_and_undo_brings_it_back() {
    let template = r#"{"Resources":{"Flow":{"Type":"AWS::StepFunctions::StateMachine","Properties":{
        "Definition":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}}}}}"#;
    let mut studio = opened(template);
    assert_eq!(studio.document_view().n_states, 1);
    let notice = studio.workspace_view().notice.clone().unwrap_or_default();
    assert!(notice.starts_with("Took the definition out of “Resources.Flow”"), "{notice}");
    studio.dispatch(Command::Undo);
    assert_eq!(text_of(&studio), template);
}

#[test]
fn odd_names_are_names_like_any_other() {
    let text = r#"{"StartAt":"__proto__","States":{"__proto__":{"Type":"Pass","Next":"😀 מצב/~"},"😀 מצב/~":{"Type":"Pass","End":true}}}"#;
    let mut studio = opened(text);
    assert_eq!(studio.problems_view().problems, []);
    let second = studio.graph_view().nodes.iter().rev().find_map(|it| it.state.clone()).unwrap();
    studio.dispatch(Command::Select { state: Some(second) });
    assert_eq!(studio.inspector_view().title, "😀 מצב/~");
    studio.dispatch(Command::Run);
    assert_eq!(studio.player_view().ended, Some("SUCCEEDED"));
    touch_everything(&mut studio);
}

#[test]
fn a_damaged_project_gives_its_text_back() {
    let project = opened(TASKS).project();
    let cut: String = project.chars().take(project.chars().count() - 40).collect();
    let mut studio = Studio::restore(&cut).unwrap();
    assert_eq!(text_of(&studio), TASKS);
    touch_everything(&mut studio);
    let newer = project.replacen("\"version\":1", "\"version\":9", 1);
    assert_eq!(text_of(&Studio::restore(&newer).unwrap()), TASKS);
    assert!(Studio::restore("{}").is_err() && Studio::restore("").is_err());
}

#[test]
fn nothing_is_lost_when_a_command_makes_no_sense() {
    let mut studio = opened(TASKS);
    let before = studio.project();
    let gone = || path("Gone");
    let template = Template { state_type: stepglass::asl::StateType::Wait, id: "wait".into() };
    for command in [
        Command::Redo,
        Command::Delete { state: gone() },
        Command::Rename { state: gone(), name: "x".into() },
        Command::AddAfter { state: gone(), template: template.clone() },
        Command::AddToScope { scope: stepglass::asl::ScopePath::new("/States/One"), template },
        Command::Duplicate { state: gone() },
        Command::MoveEarlier { state: gone() },
        Command::RemoveField { owner: "/nowhere".into(), field: "x".into() },
        Command::RemoveItem { owner: "/States".into(), idx: 0 },
        Command::Fix { problem_idx: 99, fix_idx: 0 },
        Command::Select { state: Some(gone()) },
        Command::ShowProblem { problem_idx: 99 },
        Command::Player(PlayerCommand::Step),
        Command::Answer { answer: AnswerInput::TimeOut },
        Command::AnswerDifferently { answer: AnswerInput::TimeOut },
        Command::ChooseStage { idx: 99 },
        Command::ChooseScenario { name: "none".into() },
        Command::RenameScenario { name: String::new() },
        Command::DeleteScenario,
        Command::SetInput { json: "{".into() },
    ] {
        let refusal = studio.can(&command).expect_err(&format!("{command:?}"));
        let reply = studio.dispatch(command);
        assert!(reply.effects.contains(&Effect::Announce { sentence: refusal.0, assertive: true }));
    }
    assert_eq!(studio.project(), before);
}

#[test]
fn what_was_open_before_comes_back_with_its_history() {
    let mut studio = Studio::new();
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;
    let open =
        |text: &str| Command::Open { name: "a.asl.json".into(), text: text.into(), from: OpenedFrom::Paste };
    assert!(studio.can(&Command::BringBack).is_err());
    studio.dispatch(open(text));
    studio.dispatch(Command::Rename { state: StatePath::new("/States/A"), name: "B".into() });
    let renamed = studio.document_view().text.clone();
    studio.dispatch(open("Dear Sir or Madam,"));
    assert_eq!(&*studio.document_view().text, "Dear Sir or Madam,");
    studio.dispatch(Command::BringBack);
    assert_eq!(studio.document_view().text, renamed);
    studio.dispatch(Command::Undo);
    assert_eq!(&*studio.document_view().text, text);
    studio.dispatch(Command::BringBack);
    assert_eq!(&*studio.document_view().text, "Dear Sir or Madam,");
}

#[test]
fn the_lens_shows_what_a_selected_state_did_until_now() {
    let mut studio = samples::opened("support-call");
    studio.dispatch(Command::Run);
    studio.dispatch(Command::Player(PlayerCommand::Last));
    assert_eq!(studio.data_flow_view().stages.len(), 1, "the output of the run");
    studio.dispatch(Command::Select { state: Some(StatePath::new("/States/Work on Case")) });
    assert_eq!(studio.data_flow_view().state, Some(StatePath::new("/States/Work on Case")));
    studio.dispatch(Command::ChooseStage { idx: 0 });
    assert_eq!(studio.data_flow_view().chosen, 0);
    studio.dispatch(Command::Player(PlayerCommand::StepBack));
    assert_eq!(studio.data_flow_view().state, Some(StatePath::new("/States/Close Case")));
}

#[test]
fn formatting_is_an_edit_like_any_other() {
    let text = "{\"StartAt\":\"A\",\n    \"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}\n";
    let mut studio = opened(text);
    studio.dispatch(Command::Select { state: Some(path("A")) });
    studio.dispatch(Command::Format);
    let formatted = text_of(&studio);
    assert_eq!(
        formatted,
        "{\n    \"StartAt\": \"A\",\n    \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}\n}\n"
    );
    assert_eq!(studio.selection_view().state, Some(path("A")), "what was selected stays selected");
    let refusal = studio.can(&Command::Format).expect_err("nothing is left to do").0;
    assert_eq!(refusal, "The definition is formatted already");
    assert_eq!(studio.document_view().undo.as_deref(), Some("Undo Format the definition"));
    studio.dispatch(Command::Undo);
    assert_eq!(text_of(&studio), text);
    studio.dispatch(Command::Redo);
    assert_eq!(text_of(&studio), formatted);
    let refusal = opened("{\"StartAt\": ").can(&Command::Format).expect_err("no JSON").0;
    assert_eq!(
        refusal,
        "The text is not JSON yet, and only JSON can be formatted; F4 goes to the first problem"
    );
}

#[test]
fn every_form_of_export_is_offered_with_its_own_name() {
    let mut studio = samples::opened("support-call");
    let mut download = |command| match studio.dispatch(command).effects.as_slice() {
        [Effect::Download { name, mime, text }] => (name.clone(), *mime, text.clone()),
        other => panic!("{other:?}"),
    };
    let (name, mime, text) = download(Command::ExportMermaid);
    assert_eq!((name.as_str(), mime), ("support-call.mmd", "text/plain"));
    assert!(text.starts_with("flowchart TD") && text.contains("Close Case"), "{text}");
    let (name, mime, text) = download(Command::ExportSvg);
    assert_eq!((name.as_str(), mime), ("support-call.svg", "image/svg+xml"));
    assert!(text.starts_with("<svg"), "{text}");
    let (name, mime, text) = download(Command::ExportAsl);
    assert_eq!((name.as_str(), mime), ("support-call.asl.json", "application/json"));
    assert_eq!(text, text_of(&studio));
    assert!(opened("").can(&Command::ExportMermaid).is_err());
}

#[test]
fn quick_choices_for_one_field_undo_together() {
    let text = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.n", "IsNull": true, "Next": "C"}], "Default": "C"},
        "C": {"Type": "Succeed"}}}"#;
    let set = |field: &str, json: &str| Command::SetField {
        owner: "/States/A".into(),
        field: field.into(),
        json: json.into(),
    };
    let test = |operator: &str| Command::ChangeCondition {
        owner: "/States/B/Choices/0".into(),
        change: ConditionChange::Operator(operator.into()),
    };
    let steps = |commands: &[(Command, u64)]| {
        let mut studio = opened(text);
        for (command, at_millis) in commands {
            let command = Command::Choose { command: Box::new(command.clone()), at_millis: *at_millis };
            assert_eq!(studio.can(&command), Ok(()));
            studio.dispatch(command);
        }
        let mut n_steps = 0;
        while studio.can(&Command::Undo).is_ok() {
            studio.dispatch(Command::Undo);
            n_steps += 1;
        }
        assert_eq!(text_of(&studio), text);
        n_steps
    };
    let (c, a, end) = (set("Next", "\"C\""), set("Next", "\"A\""), set("End", "true"));
    assert_eq!(steps(&[(c.clone(), 0), (a.clone(), 400), (end.clone(), 800)]), 1, "one walk");
    assert_eq!(steps(&[(c.clone(), 0), (a, 400), (end, 1_000)]), 2, "a pause");
    assert_eq!(steps(&[(c, 0), (set("Comment", "\"x\""), 10)]), 2, "two fields");
    assert_eq!(
        steps(&[(test("IsString"), 0), (test("NumericEquals"), 100), (test("StringMatches"), 200)]),
        1
    );
}

#[test]
fn what_is_not_text_is_undone_in_its_turn() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}}"#;
    let mut studio = opened(text);
    let shown = |studio: &Studio| {
        let project: serde_json::Value = serde_json::from_str(&studio.project()).expect("a project");
        let n_selected = studio.selection_view().others.len() + 1;
        let input = project["scenarios"][0]["input"].to_string();
        format!(
            "{} {} {n_selected} {input}",
            project["machine_type"].as_str().unwrap_or_default(),
            text_of(studio).matches("\"Type\"").count()
        )
    };
    let map = PALETTE.iter().find(|it| it.id == "map").expect("a Map").template();
    let mut states = vec![shown(&studio)];
    for command in [
        Command::SetMachineType(MachineType::Express),
        Command::Rename { state: path("A"), name: "C".into() },
        Command::InsertOnEdge { edge: EdgeKey::new("/States/C/Next"), template: map },
        Command::SelectMany { states: vec![path("C"), path("B")] },
        Command::SetMachineType(MachineType::Standard),
        Command::SetMachineType(MachineType::Standard),
        Command::DeleteStates { states: vec![path("C"), path("B")] },
    ] {
        assert_eq!(studio.can(&command), Ok(()));
        studio.dispatch(command);
        states.push(shown(&studio));
    }
    let there = [
        "STANDARD 2 1 {}",
        "EXPRESS 2 1 {}",
        "EXPRESS 2 1 {}",
        "EXPRESS 4 1 {\"items\":[1,2,3]}",
        "EXPRESS 4 2 {\"items\":[1,2,3]}",
        "STANDARD 4 2 {\"items\":[1,2,3]}",
        "STANDARD 4 2 {\"items\":[1,2,3]}",
        "STANDARD 2 1 {\"items\":[1,2,3]}",
    ];
    assert_eq!(states, there);
    // The same with and without a reload between all steps.
    for reload in [false, true] {
        for (command, expected) in [
            (Command::Undo, [there[6], there[3], there[2], there[1], there[0]]),
            (Command::Redo, [there[1], there[2], there[3], "STANDARD 4 1 {\"items\":[1,2,3]}", there[7]]),
        ] {
            for expected in expected {
                if reload {
                    studio = Studio::restore(&studio.project()).expect("a project");
                }
                studio.dispatch(command.clone());
                assert_eq!(shown(&studio), expected, "{command:?}");
            }
            assert!(studio.can(&command).is_err());
        }
        assert_eq!(text_of(&studio).matches("\"Type\"").count(), 2);
    }
}
