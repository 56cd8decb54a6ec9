//! Every row of the palette, in every way an action can be waited for and in both query languages:
//! it fits wherever it may be put, is valid as it comes, and runs to its end on the samples that it
//! brings along. And the user's own rows, whole and broken.

use serde_json::{Value, json};
use stepglass::asl::integrations::INTEGRATIONS;
use stepglass::asl::{Document, EdgeKey, Pattern, QueryLanguage, ScopePath, StatePath, StateType};
use stepglass::studio::palette::snippets::{Snippet, add, import, read_all, rename, write_all};
use stepglass::studio::palette::{arguments_of, describe};
use stepglass::studio::{AnswerInput, Command, OpenedFrom, PALETTE, Studio, Template};

const CHAIN: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "Both" },
    "Both": {
      "Type": "Parallel",
      "Branches": [{ "StartAt": "X", "States": { "X": { "Type": "Pass", "End": true } } }],
      "ResultPath": null,
      "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Pick" }],
      "Next": "Pick"
    },
    "Pick": {
      "Type": "Choice",
      "Choices": [{ "Variable": "$.never", "IsPresent": true, "Next": "A" }],
      "Default": "Z"
    },
    "Z": { "Type": "Pass", "End": true }
  }
}"#;

const CHAIN_JSONATA: &str = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "Both" },
    "Both": {
      "Type": "Parallel",
      "Branches": [{ "StartAt": "X", "States": { "X": { "Type": "Pass", "End": true } } }],
      "Output": "{% $states.input %}",
      "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Pick" }],
      "Next": "Pick"
    },
    "Pick": {
      "Type": "Choice",
      "Choices": [{ "Condition": "{% $exists($states.input.never) %}", "Next": "A" }],
      "Default": "Z"
    },
    "Z": { "Type": "Pass", "End": true }
  }
}"#;

/// Places in both of them: from Start, onto a Next, a Catch, a rule, a Default, an End, in a branch.
const PLACES: &[&str] = &[
    "/StartAt",
    "/States/A/Next",
    "/States/Both/Catch/0/Next",
    "/States/Pick/Choices/0/Next",
    "/States/Pick/Default",
    "/States/Z/End",
    "/States/Both/Branches/0/States/X/End",
];

fn opened(text: &str) -> Studio {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "t.asl.json".into(), text: text.into(), from: OpenedFrom::Paste });
    studio
}

fn text_of(studio: &Studio) -> String {
    studio.document_view().text.to_string()
}

/// All templates: each row, and each other way to wait for an action.
fn templates() -> Vec<Template> {
    PALETTE
        .iter()
        .flat_map(|row| match row.patterns.is_empty() {
            true => vec![row.template()],
            false => row.patterns.iter().map(|it| row.template_with(*it)).collect(),
        })
        .collect()
}

fn is_terminal(template: &Template) -> bool {
    matches!(template.state_type, StateType::Succeed | StateType::Fail)
}

#[track_caller]
fn assert_clean(studio: &Studio, what: &str) {
    let problems = studio.problems_view();
    let problems: Vec<&str> = problems.problems.iter().map(|it| it.message.as_str()).collect();
    assert!(problems.is_empty(), "{what}: {problems:?}\n{}", text_of(studio));
}

/// Runs, gives each call that asks the answer that is proposed, and says how it ended.
fn run(studio: &mut Studio) -> &'static str {
    studio.dispatch(Command::Run);
    for _ in 0..100 {
        let view = studio.player_view();
        if let Some(ended) = view.ended {
            return ended;
        }
        assert!(view.refused.is_empty(), "{:?}\n{}", view.refused, text_of(studio));
        match view.question.clone() {
            Some(question) => {
                let answer = AnswerInput::Succeed(question.suggestion);
                studio.dispatch(Command::Answer { answer });
            }
            None => drop(studio.dispatch(Command::Compute)),
        }
    }
    "RUNNING"
}

#[test]
fn every_row_fits_everywhere_and_is_valid_as_it_comes() {
    for (text, language) in [(CHAIN, "JSONPath"), (CHAIN_JSONATA, "JSONata")] {
        assert_clean(&opened(text), language);
        for template in templates() {
            // One action is like another: the unusual ways to wait for it stand in one place.
            let is_usual = PALETTE.iter().any(|it| it.id == template.id);
            for place in PLACES.iter().skip(if is_usual { 0 } else { PLACES.len() - 1 }) {
                let what = format!("{} on {place} in {language}", template.id);
                let mut studio = opened(text);
                let command =
                    Command::InsertOnEdge { edge: EdgeKey::new(*place), template: template.clone() };
                if is_terminal(&template) && !place.ends_with("/End") {
                    assert!(studio.can(&command).is_err(), "{what}");
                    continue;
                }
                assert_eq!(studio.can(&command), Ok(()), "{what}");
                studio.dispatch(command);
                assert_clean(&studio, &what);
                studio.dispatch(Command::Undo);
                assert_eq!(text_of(&studio), text, "{what}");
            }
        }
    }
}

#[test]
fn every_row_runs_to_its_end_in_an_empty_machine() {
    for language in ["JSONPath", "JSONata"] {
        for template in templates() {
            let what = format!("{} in {language}", template.id);
            let mut studio = opened(&format!("{{\"QueryLanguage\": \"{language}\"}}"));
            studio.dispatch(Command::AddToScope { scope: ScopePath::new(""), template: template.clone() });
            assert_clean(&studio, &what);
            if template.id.contains(":send") && template.id.contains("sfn") {
                // Whose token it is, only the input can say.
                studio.dispatch(Command::SetInput { json: r#"{"taskToken": "1"}"#.into() });
            }
            let ended = if template.state_type == StateType::Fail { "FAILED" } else { "SUCCEEDED" };
            assert_eq!(
                run(&mut studio),
                ended,
                "{what}: {}\n{}",
                studio.player_view().sentence,
                text_of(&studio)
            );
        }
    }
}

#[test]
fn patterns_run_without_a_question_wherever_they_stand() {
    for text in [CHAIN, CHAIN_JSONATA] {
        for row in PALETTE.iter().filter(|it| it.group == "Patterns") {
            let mut studio = opened(text);
            let command =
                Command::InsertOnEdge { edge: EdgeKey::new("/States/A/Next"), template: row.template() };
            studio.dispatch(command);
            studio.dispatch(Command::Run);
            let view = studio.player_view();
            // Once more, by another verb: the second one has names and answers of its own.
            studio.dispatch(Command::AddBefore { state: state("/States/Z"), template: row.template() });
            assert_clean(&studio, &row.id);
            assert_eq!(
                studio.scenarios_view().mocks.iter().filter(|it| it.answers.is_empty()).count(),
                0,
                "{}",
                row.id
            );
            assert!(view.ended == Some("SUCCEEDED"), "{}: {}\n{}", row.id, view.sentence, text_of(&studio));
        }
    }
}

#[test]
fn the_ways_of_waiting_are_all_there() {
    let template = |id: &str, pattern: Pattern| {
        PALETTE.iter().find(|it| it.id == id).expect("the palette has this row").template_with(pattern)
    };
    let added = |template: Template| {
        let mut studio = opened("");
        studio.dispatch(Command::AddToScope { scope: ScopePath::new(""), template });
        let text: Value = serde_json::from_str(&text_of(&studio)).expect("the text is JSON");
        text["States"].as_object().and_then(|it| it.values().next().cloned()).unwrap_or_default()
    };
    assert_eq!(
        added(template("sqs:sendMessage", Pattern::WaitForTaskToken)),
        json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {
                "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/my-queue",
                "MessageBody": { "input.$": "$", "taskToken.$": "$$.Task.Token" },
            },
            "End": true,
        })
    );
    let ecs = added(template("ecs:runTask.sync", Pattern::RequestResponse));
    assert_eq!(ecs["Resource"], "arn:aws:states:::ecs:runTask");
    assert!(ecs["Parameters"].get("Overrides").is_none());
    let ecs = added(template("ecs:runTask.sync", Pattern::WaitForTaskToken));
    assert_eq!(
        ecs.pointer("/Parameters/Overrides/ContainerOverrides/0/Environment/0"),
        Some(&json!({ "Name": "TASK_TOKEN", "Value.$": "$$.Task.Token" }))
    );
    assert_eq!(describe(&template("ecs:runTask.sync", Pattern::Sync)).0, "ECS Run task");
}

#[test]
fn arguments_are_there_for_every_resource_of_the_table() {
    for call in INTEGRATIONS.iter() {
        let resource = call.resource(call.usual_pattern());
        assert!(
            arguments_of(&resource, QueryLanguage::Jsonata).is_some_and(|it| it.is_object()),
            "{resource}"
        );
    }
    assert_eq!(
        arguments_of("arn:aws:states:::lambda:invoke", QueryLanguage::Jsonata),
        Some(json!({ "FunctionName": "MyFunction", "Payload": "{% $states.input %}" }))
    );
    assert_eq!(arguments_of("arn:aws:states:::new:act", QueryLanguage::JsonPath), None);
}

#[test]
fn the_first_offer_of_an_answer_fits_the_resource() {
    let offered = |resource: &str| {
        let text = json!({ "StartAt": "T", "States": {
            "T": { "Type": "Task", "Resource": format!("arn:aws:states:::{resource}"), "End": true } } });
        let mut studio = opened(&text.to_string());
        studio.dispatch(Command::Run);
        let question = studio.player_view().question.clone().expect("nothing answers yet");
        // A mock made by hand begins with the same.
        assert_eq!(studio.proposed_answer(&state("/States/T")), question.suggestion);
        serde_json::from_str::<Value>(&question.suggestion).expect("a suggestion is JSON")
    };
    assert_eq!(offered("glue:startJobRun"), json!({ "JobRunId": "jr_1" }));
    assert_eq!(offered("glue:startJobRun.sync")["JobRunState"], "SUCCEEDED");
    assert_eq!(offered("states:startExecution.sync:2")["Output"], json!({}));
    assert_eq!(offered("states:startExecution.sync")["Output"], json!("{}"));
    assert_eq!(offered("sqs:sendMessage.waitForTaskToken"), json!({}));
    // Through the SDK the same comes back.
    assert_eq!(offered("aws-sdk:dynamodb:getItem"), json!({ "Item": { "id": { "S": "1" } } }));
    assert_eq!(offered("aws-sdk:iam:listRoles"), json!({}));
}

fn state(path: &str) -> StatePath {
    StatePath::new(path)
}

#[test]
fn states_saved_as_a_snippet_come_back_with_new_names_and_lead_on() {
    let studio = opened(CHAIN);
    let text = studio.snippet_of(&[state("/States/Pick"), state("/States/Both")]).expect("one scope");
    let mut kept = Vec::new();
    assert_eq!(add(&mut kept, &text, "  Both ways "), Ok(()));
    assert_eq!((kept[0].name.as_str(), kept[0].n_states), ("Both ways", 2));
    assert_eq!(describe(&kept[0].template()), ("Both ways".to_owned(), "snippet"));

    let mut studio = opened(CHAIN);
    let edge = EdgeKey::new("/States/A/Next");
    studio.dispatch(Command::InsertOnEdge { edge, template: kept[0].template() });
    assert_clean(&studio, "a snippet on a connection");
    let text: Value = serde_json::from_str(&text_of(&studio)).expect("the text is JSON");
    let new = &text["States"]["Both 2"];
    assert_eq!((&text["States"]["A"]["Next"], &new["Next"]), (&json!("Both 2"), &json!("Pick 2")));
    assert_eq!(new["Branches"][0]["StartAt"], "X 2");
    // What led out of the snippet leads on.
    assert_eq!(text["States"]["Pick 2"]["Default"], "Both");
    assert_eq!(text["States"]["Pick 2"]["Choices"][0]["Next"], "Both");
    assert_eq!(run(&mut studio), "SUCCEEDED");
    studio.dispatch(Command::Undo);
    assert_eq!(text_of(&studio), CHAIN);

    // At an end, what led out needs a Succeed.
    let edge = EdgeKey::new("/States/Z/End");
    studio.dispatch(Command::InsertOnEdge { edge, template: kept[0].template() });
    assert_clean(&studio, "a snippet at the end");

    // A single state that ended leads on.
    let text = studio.snippet_of(&[state("/States/Z")]).expect("one state");
    let template = Snippet::read(&text).expect("a snippet").template();
    studio.dispatch(Command::InsertOnEdge { edge: EdgeKey::new("/StartAt"), template });
    assert_clean(&studio, "a snippet at the start");
    assert!(text_of(&studio).contains("\"StartAt\": \"Z 2\""));

    let nothing = studio.snippet_of(&[]).unwrap_err();
    assert_eq!(nothing.0, "Select a state first");
    let apart = studio.snippet_of(&[state("/States/A"), state("/States/Both/Branches/0/States/X")]);
    assert_eq!(apart.unwrap_err().0, "Select states that stand in the same branch or body");
}

#[test]
fn a_snippet_keeps_its_query_language() {
    let jsonata = opened(CHAIN_JSONATA).snippet_of(&[state("/States/Both")]).expect("a state");
    let template = Snippet::read(&jsonata).expect("a snippet").template();
    let edge = EdgeKey::new("/States/A/Next");
    let mut studio = opened(CHAIN);
    studio.dispatch(Command::InsertOnEdge { edge: edge.clone(), template: template.clone() });
    assert_clean(&studio, "JSONata in a JSONPath machine");
    assert_eq!(run(&mut studio), "SUCCEEDED");
    let text: Value = serde_json::from_str(&text_of(&studio)).expect("the text is JSON");
    assert_eq!(text["States"]["Both 2"]["QueryLanguage"], "JSONata");

    let path = opened(CHAIN).snippet_of(&[state("/States/Both")]).expect("a state");
    let template = Snippet::read(&path).expect("a snippet").template();
    let studio = opened(CHAIN_JSONATA);
    let refusal = studio.can(&Command::InsertOnEdge { edge: edge.clone(), template }).unwrap_err();
    assert!(refusal.0.contains("JSONPath"), "{}", refusal.0);
    // What is the same in both goes anywhere.
    let pass = opened(CHAIN).snippet_of(&[state("/States/A")]).expect("a state");
    let template = Snippet::read(&pass).expect("a snippet").template();
    assert_eq!(studio.can(&Command::InsertOnEdge { edge, template }), Ok(()));
}

#[test]
fn snippets_are_kept_renamed_and_carried_in_a_file() {
    let pass =
        |name: &str| format!(r#"{{"Comment":"{name}","StartAt":"P","States":{{"P":{{"Type":"Pass"}}}}}}"#);
    let mut kept = Vec::new();
    for name in ["One", "One", "Two"] {
        assert_eq!(add(&mut kept, &pass("x"), name), Ok(()));
    }
    let names = |kept: &[Snippet]| kept.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&kept), ["One", "One 2", "Two"]);
    assert_eq!(read_all(&write_all(&kept)), kept);
    assert_eq!(rename(&mut kept, 1, " Other "), Ok(()));
    assert_eq!(rename(&mut kept, 1, "Two").unwrap_err().0, "There is another snippet “Two”");
    assert_eq!(rename(&mut kept, 1, " ").unwrap_err().0, "A snippet needs a name");
    assert_eq!(names(&kept), ["One", "Other", "Two"]);

    // A file adds what is not there yet.
    let file = format!("[{}, {}]", pass("One"), pass("Three"));
    assert_eq!(import(&mut kept, &file), Ok(1));
    assert_eq!(names(&kept), ["One", "Other", "Two", "Three"]);
    assert_eq!(import(&mut kept, CHAIN), Ok(1), "a definition is a snippet");
    assert!(import(&mut kept, "no JSON").is_err());
    for n in 0..200 {
        let _ = add(&mut kept, &pass("x"), &format!("{n}"));
    }
    assert_eq!(kept.len(), 100);
}

#[test]
fn broken_snippets_break_nothing() {
    let whole = r#"{"Comment":"Good","StartAt":"P","States":{"P":{"Type":"Pass"}}}"#;
    let deep = format!(
        "{{\"StartAt\":\"P\",\"States\":{{\"P\":{{\"Type\":\"Pass\",\"Result\":{}{}}}}}}}",
        "[".repeat(3_000),
        "]".repeat(3_000)
    );
    let large =
        format!(r#"{{"StartAt":"P","States":{{"P":{{"Type":"Pass","Comment":"{}"}}}}}}"#, "x".repeat(70_000));
    let broken = [
        "",
        "{",
        "null",
        "[",
        "7",
        "[7, null]",
        r#"[{"StartAt":"P"}]"#,
        r#"[{"StartAt":"Q","States":{"P":{"Type":"Pass"}}}]"#,
        r#"[{"StartAt":"P","States":{"P":7}}]"#,
        r#"[{"StartAt":"P","States":{"P":{"Type":"Sing"}}}]"#,
        &deep,
        &large,
    ];
    for text in broken {
        assert_eq!(read_all(text), [], "{}", text.chars().take(80).collect::<String>());
        assert_eq!(Snippet::read(text), None);
        let template = Template { state_type: StateType::Pass, id: text.to_owned() };
        let mut studio = opened(CHAIN);
        let edge = EdgeKey::new("/States/A/Next");
        studio.dispatch(Command::InsertOnEdge { edge, template });
        assert!(Document::new(text_of(&studio).as_str(), 0).is_intact());
    }
    assert_eq!(read_all(&format!("[7, {whole}, {large}]")).len(), 1);
}

#[test]
fn undo_takes_the_samples_of_a_pattern_away_and_redo_brings_them_back() {
    let mocks = |studio: &Studio| {
        let view = studio.scenarios_view();
        let answers = view.mocks.iter().map(|it| (it.state.clone(), it.answers.clone())).collect::<Vec<_>>();
        (view.input.clone(), answers)
    };
    // What a scenario holds for states that are not there is seen in its file only.
    let file = |studio: &mut Studio| format!("{:?}", studio.dispatch(Command::ExportMocks).effects);
    for template in templates() {
        let mut studio = opened(CHAIN);
        let (text, before, file_before) = (text_of(&studio), mocks(&studio), file(&mut studio));
        let add = Command::AddAfter { state: StatePath::new("/States/A"), template: template.clone() };
        studio.dispatch(add);
        let (after, file_after) = (mocks(&studio), file(&mut studio));
        studio.dispatch(Command::Undo);
        assert_eq!(text_of(&studio), text);
        assert_eq!(mocks(&studio), before, "{}", template.id);
        assert_eq!(file(&mut studio), file_before, "{}", template.id);
        studio.dispatch(Command::Redo);
        assert_eq!(mocks(&studio), after, "{}", template.id);
        assert_eq!(file(&mut studio), file_after, "{}", template.id);
        studio.dispatch(Command::Undo);
        assert_eq!(file(&mut studio), file_before, "{}", template.id);
    }
}

#[test]
fn samples_that_somebody_changed_stay() {
    let pattern = Template { state_type: StateType::Map, id: "map".into() };
    let mut studio = opened(CHAIN);
    studio.dispatch(Command::AddAfter { state: StatePath::new("/States/A"), template: pattern });
    assert_ne!(studio.scenarios_view().input, "{}");
    studio.dispatch(Command::SetInput { json: r#"{"items":[9]}"#.into() });
    let input = studio.scenarios_view().input.clone();
    studio.dispatch(Command::Undo);
    assert_eq!(studio.scenarios_view().input, input);
    studio.dispatch(Command::Redo);
    assert_eq!(studio.scenarios_view().input, input);
}
