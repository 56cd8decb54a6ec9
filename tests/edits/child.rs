//! States as a state machine of their own: two documents, one undo.

use expect_test::expect;
use stepglass::asl::StatePath;
use stepglass::studio::{Command, Effect, Studio};

use crate::check::*;

fn extract(names: &[&str], name: &str) -> Command {
    Command::ExtractToChild { states: names.iter().map(|it| path(it)).collect(), name: name.to_owned() }
}

const JSONATA: &str = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Pass",
      "Output": { "n": "{% $states.input.n + 1 %}" },
      "Next": "B"
    },
    "B": {
      "Type": "Choice",
      "Choices": [
        { "Condition": "{% $states.input.n < 3 %}", "Next": "A" }
      ],
      "Default": "C"
    },
    "C": {
      "Type": "Succeed"
    }
  }
}
"#;

/// What a run gives.
fn ran(studio: &mut Studio) -> String {
    studio.dispatch(Command::Run);
    let events = studio.events_view();
    let last = events.rows.last().expect("a run has events");
    format!("{} {}", last.type_name, last.details)
}

#[test]
fn a_selection_becomes_a_machine_that_is_called() {
    let mut studio = opened(CHAIN);
    studio.dispatch(extract(&["A", "B"], "Prepare order"));
    expect![[r#"
        {
          "StartAt": "Prepare order",
          "States": {
            "Prepare order": {
              "Type": "Task",
              "Resource": "arn:aws:states:::states:startExecution.sync:2",
              "Parameters": {
                "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:Prepare-order",
                "Input.$": "$"
              },
              "OutputPath": "$.Output",
              "Next": "C"
            },
            "C": {
              "Type": "Pass",
              "End": true
            }
          }
        }
    "#]]
    .assert_eq(&text_of(&studio));
    let children = studio.children_view();
    assert_eq!(children.len(), 1);
    assert_eq!(children[0].callers, [path("Prepare order")]);
    assert_eq!(children[0].name, "Prepare-order");
    expect![[r#"
        {
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Pass",
              "Next": "B"
            },
            "B": {
              "Type": "Pass",
              "End": true
            }
          }
        }
    "#]]
    .assert_eq(&children[0].text);

    let reply = studio.dispatch(Command::ExportChildren);
    let file = Effect::Download {
        name: "Prepare-order.asl.json".into(),
        mime: "application/json",
        text: children[0].text.clone(),
    };
    assert_eq!(reply.effects, [file]);
    check_refused(CHAIN, Command::ExportChildren, "No state machine was extracted from this workflow");

    let mut studio = opened(JSONATA);
    studio.dispatch(extract(&["A", "B"], "Count"));
    expect![[r#"
        {
          "QueryLanguage": "JSONata",
          "StartAt": "Count",
          "States": {
            "Count": {
              "Type": "Task",
              "Resource": "arn:aws:states:::states:startExecution.sync:2",
              "Arguments": {
                "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:Count",
                "Input": "{% $states.input %}"
              },
              "Output": "{% $states.result.Output %}",
              "Next": "C"
            },
            "C": {
              "Type": "Succeed"
            }
          }
        }
    "#]]
    .assert_eq(&text_of(&studio));
    expect![[r#"
        {
          "QueryLanguage": "JSONata",
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Pass",
              "Output": { "n": "{% $states.input.n + 1 %}" },
              "Next": "B"
            },
            "B": {
              "Type": "Choice",
              "Choices": [
                { "Condition": "{% $states.input.n < 3 %}", "Next": "A" }
              ],
              "Default": "Succeed"
            },
            "Succeed": {
              "Type": "Succeed"
            }
          }
        }
    "#]]
    .assert_eq(&studio.children_view()[0].text);
}

#[test]
fn one_undo_takes_both_documents_back() {
    for text in [CHAIN, JSONATA] {
        let mut studio = opened(text);
        studio.dispatch(Command::SetInput { json: r#"{"n":0}"#.into() });
        let before = ran(&mut studio);
        studio.dispatch(extract(&["A", "B"], "Child"));
        let extracted = text_of(&studio);
        assert_eq!(ran(&mut studio), before, "the child runs and gives the same");
        let restored = Studio::restore(&studio.project()).expect("a project");
        assert_eq!(restored.children_view(), studio.children_view());
        assert_eq!(
            studio.can(&extract(&["C"], "Child")).expect_err("taken").0,
            "There is already a state machine “Child”; choose another name"
        );
        studio.dispatch(Command::Undo);
        assert_eq!(text_of(&studio), text);
        assert_eq!(studio.children_view(), []);
        assert_eq!(studio.can(&extract(&["C"], "Child")), Ok(()), "its name is free again");
        studio.dispatch(Command::Redo);
        assert_eq!(text_of(&studio), extracted);
        assert_eq!(studio.children_view().len(), 1);
        studio.dispatch(Command::InlineChild { state: path("Child") });
        assert_eq!(studio.children_view(), []);
        assert_eq!(ran(&mut studio), before, "and back it is the same");
        studio.dispatch(Command::Undo);
        assert_eq!(text_of(&studio), extracted);
        assert_eq!(studio.children_view().len(), 1);
    }
}

#[test]
fn extracted_and_inlined_is_as_it_was() {
    for names in [&["A"][..], &["A", "B"], &["B", "C"], &["C"]] {
        let mut studio = opened(CHAIN);
        studio.dispatch(extract(names, "Child"));
        assert_ne!(text_of(&studio), CHAIN);
        studio.dispatch(Command::InlineChild { state: path("Child") });
        assert_eq!(text_of(&studio), CHAIN, "{names:?}");
    }
}

#[test]
fn what_would_not_be_the_same_is_refused() {
    check_refused(
        CHOICE,
        extract(&["Yes"], "Child"),
        "A Catch of “Yes” leads to “No”, which stays behind, and no connection leaves a state machine; select that too, or remove the Catch first",
    );
    check_refused(
        CHAIN,
        extract(&["A"], " *"),
        "The new state machine needs a name, of letters, digits, - and _",
    );
    check_refused(
        CHAIN,
        Command::InlineChild { state: path("A") },
        "“A” does not call a state machine by startExecution.sync:2",
    );
    let called = edited(CHAIN, &extract(&["B"], "Child"));
    check_refused(
        &called,
        Command::InlineChild { state: path("Child") },
        "The definition of “Child” is not known here; open it, copy its states and paste them",
    );
    let inner = StatePath::new("/States/P/Branches/0/States/X");
    check_refused(
        NESTED,
        Command::ExtractToChild { states: vec![inner, path("Last")], name: "C".into() },
        "“X” and “Last” are not in the same branch or body; select states of one of them",
    );
    let shared = JSONATA
        .replace("\"Output\": { \"n\": \"{% $states.input.n + 1 %}\" },", "\"Assign\": { \"n\": 1 },")
        .replace("$states.input.n < 3", "$n < 3 and $name");
    check_refused(
        &shared,
        extract(&["A"], "Child"),
        "“A” sets the variable “n”, which is read outside; a child machine gives back its output only, so select its readers too",
    );
    check_refused(
        &shared,
        Command::WrapInParallel { states: vec![path("A")] },
        "“A” sets the variable “n”, which is read outside; what a Parallel sets stays inside, so select its readers too",
    );
    let read = shared
        .replace("\"Default\": \"C\"", "\"Default\": \"A\"")
        .replace("\"Next\": \"A\"", "\"Next\": \"C\"");
    let read = read.replace("\"Default\": \"A\"", "\"Default\": \"C\"");
    check_refused(
        &read,
        extract(&["B"], "Child"),
        "“B” reads the variable “n”, which is set outside; a child machine gets its input only, so select the state that sets it too",
    );
    edited(&shared, &extract(&["A", "B"], "Child"));
    let context = CHAIN.replacen("\"Pass\",", "\"Pass\",\n      \"InputPath\": \"$$.Execution.Input\",", 1);
    check_refused(
        &context,
        extract(&["A"], "Child"),
        "“A” reads $$.Execution, which is another one in a child machine; put it into the input first",
    );
    let mut studio = opened(CHAIN);
    studio.dispatch(extract(&["B"], "Child"));
    studio.dispatch(Command::SetField {
        owner: "/States/Child".into(),
        field: "ResultPath".into(),
        json: "\"$.x\"".into(),
    });
    assert_eq!(
        studio.can(&Command::InlineChild { state: path("Child") }).expect_err("it would be lost").0,
        "The ResultPath of “Child” would be lost; only a call that gives its whole input and takes the Output can be inlined"
    );
}

fn open_child(name: &str) -> Command {
    Command::OpenChild { state: path(name) }
}

fn write(studio: &mut Studio, field: &str, json: &str) {
    let owner = "/States/A".into();
    studio.dispatch(Command::SetField { owner, field: field.into(), json: json.into() });
}

#[test]
fn a_child_is_edited_in_place_and_its_parent_runs_what_was_written() {
    let mut studio = opened(CHAIN);
    let without = ran(&mut studio);
    studio.dispatch(extract(&["A", "B"], "Child"));
    let (parent, undo) = (text_of(&studio), studio.document_view().undo.clone());
    let child = studio.children_view()[0].text.clone();
    assert_eq!(ran(&mut studio), without);

    let reply = studio.dispatch(open_child("Child"));
    assert!(reply.effects.contains(&Effect::ReplaceCode { text: child.clone() }));
    let view = studio.document_view();
    assert_eq!((&*view.text, view.file_name.as_str()), (child.as_str(), "Child.asl.json"));
    assert_eq!((view.parents.clone(), view.undo.clone()), (vec!["t".to_owned()], None));
    write(&mut studio, "Result", r#"{"from":"the child"}"#);
    let changed = text_of(&studio);
    assert!(ran(&mut studio).contains("the child"), "it runs alone");

    // A reload in between changes nothing.
    let project = studio.project();
    studio = Studio::restore(&project).expect("a project");
    assert_eq!(studio.project(), project);
    assert_eq!(studio.document_view().parents, ["t"]);

    studio.dispatch(Command::BackToParent { levels: 1 });
    let view = studio.document_view();
    assert_eq!((&*view.text, &view.undo, view.parents.len()), (parent.as_str(), &undo, 0));
    assert_eq!(view.file_name, "t.asl.json");
    assert_eq!(studio.children_view()[0].text, changed);
    let now = ran(&mut studio);
    assert!(now.contains("the child"), "{now}");

    // The child has a history of its own, which waits for the next visit.
    studio.dispatch(open_child("Child"));
    studio.dispatch(Command::Undo);
    assert_eq!(text_of(&studio), child);
    studio.dispatch(Command::Redo);
    assert_eq!(text_of(&studio), changed);
    studio.dispatch(Command::BackToParent { levels: 1 });

    // And the parent has its own.
    studio.dispatch(Command::Undo);
    assert_eq!(text_of(&studio), CHAIN);
    assert_eq!(ran(&mut studio), without);
    studio.dispatch(Command::Redo);
    assert_eq!(ran(&mut studio), now, "the child is as it was written");
    studio.dispatch(Command::InlineChild { state: path("Child") });
    assert!(text_of(&studio).contains("the child"));
}

#[test]
fn answers_given_in_a_child_answer_its_parent() {
    let task = CHAIN.replacen(
        "\"Pass\"",
        "\"Task\",\n      \"Resource\": \"arn:aws:lambda:us-east-1:123456789012:function:f\"",
        1,
    );
    let mut studio = opened(&task);
    studio.dispatch(extract(&["A"], "Child"));
    studio.dispatch(Command::AddScenario { name: "Second".into() });
    studio.dispatch(open_child("Child"));
    assert_eq!(studio.scenarios_view().names, ["Scenario 1", "Second"]);
    assert_eq!(studio.scenarios_view().chosen, "Second");
    let answer = stepglass::studio::AnswerInput::Succeed(r#"{"answered":"here"}"#.into());
    let answers = vec![stepglass::studio::MockAnswer { first: 0, last: None, answer }];
    studio.dispatch(Command::SetMock { state: "A".into(), answers });
    assert!(ran(&mut studio).contains("here"));
    studio.dispatch(Command::BackToParent { levels: 1 });
    assert!(ran(&mut studio).contains("here"), "{}", ran(&mut studio));
    studio.dispatch(Command::ChooseScenario { name: "Scenario 1".into() });
    assert!(!ran(&mut studio).contains("here"), "the other scenario has no answer");
}

#[test]
fn a_child_may_have_children() {
    let mut studio = opened(CHAIN);
    studio.dispatch(extract(&["A", "B"], "Child"));
    studio.dispatch(open_child("Child"));
    studio.dispatch(extract(&["B"], "Grandchild"));
    studio.dispatch(open_child("Grandchild"));
    assert_eq!(studio.document_view().parents, ["t", "Child"]);
    let owner = "/States/B".into();
    let json = r#"{"from":"below"}"#.into();
    studio.dispatch(Command::SetField { owner, field: "Result".into(), json });
    let restored = Studio::restore(&studio.project()).expect("a project");
    assert_eq!(restored.project(), studio.project());

    studio.dispatch(Command::BackToParent { levels: 2 });
    assert_eq!(studio.document_view().parents.len(), 0);
    let names: Vec<String> = studio.children_view().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["Grandchild", "Child"]);
    assert!(ran(&mut studio).contains("below"));
    studio.dispatch(Command::Undo);
    assert_eq!((text_of(&studio).as_str(), studio.children_view().len()), (CHAIN, 0));
    studio.dispatch(Command::Redo);
    assert!(ran(&mut studio).contains("below"));
}

#[test]
fn ways_down_and_up_that_are_shut_say_why() {
    let mut studio = opened(CHAIN);
    let refusal = |studio: &Studio, command: Command| studio.can(&command).expect_err("shut").0;
    assert_eq!(refusal(&studio, Command::BackToParent { levels: 1 }), "No parent workflow is open");
    assert_eq!(
        refusal(&studio, open_child("A")),
        "“A” does not say by a plain StateMachineArn which machine it calls"
    );
    let unknown = opened(&edited(CHAIN, &extract(&["B"], "Child")));
    assert_eq!(
        refusal(&unknown, open_child("Child")),
        "The definition of “Child” is not known here; open its file instead"
    );
    studio.dispatch(extract(&["A"], "Child"));
    studio.dispatch(open_child("Child"));
    assert_eq!(refusal(&studio, Command::BackToParent { levels: 2 }), "No parent workflow is open");
    assert_eq!(refusal(&studio, Command::BackToParent { levels: 0 }), "No parent workflow is open");

    // Broken text in the child is kept as it is, and the parent is not harmed.
    let end = studio.document_view().text.len();
    let all = stepglass::text::TextRange::new(0, end);
    let edit = stepglass::text::TextEdit::replace(all, "{ no");
    studio.dispatch(Command::Type { edit, at_millis: 0 });
    studio.dispatch(Command::BackToParent { levels: 1 });
    assert_eq!(studio.children_view()[0].text, "{ no");
    ran(&mut studio);
    studio.dispatch(open_child("Child"));
    studio.dispatch(Command::Undo);
    assert!(text_of(&studio).contains("StartAt"));

    // Opening something else forgets nothing: it can be brought back, parents and all.
    studio.dispatch(Command::New);
    assert_eq!(studio.document_view().parents.len(), 0);
    studio.dispatch(Command::BringBack);
    assert_eq!(studio.document_view().parents, ["t"]);
}
