//! Verbs over a selection, before a state, into a Choice; and the selection itself.

use expect_test::expect;
use stepglass::asl::StatePath;
use stepglass::studio::{Command, Effect};

use crate::check::*;

fn paths(names: &[&str]) -> Vec<StatePath> {
    names.iter().map(|it| path(it)).collect()
}

/// A loop back, a catcher across, and a state that nothing leads to.
const LOOP: &str = r#"{
  "StartAt": "Ask",
  "States": {
    "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [ { "ErrorEquals": [ "E" ], "Next": "Wait" } ], "Next": "Done?" },
    "Wait": { "Type": "Wait", "Seconds": 1, "Next": "Ask" },
    "Done?": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.done", "BooleanEquals": true, "Next": "End" }
      ],
      "Default": "Wait"
    },
    "Lost": { "Type": "Pass", "Next": "End" },
    "End": { "Type": "Succeed" }
  }
}
"#;

#[test]
fn before_a_state_everything_that_leads_to_it_is_caught() {
    let before = |name: &str, id: &str| Command::AddBefore { state: path(name), template: template(id) };
    check(
        LOOP,
        before("Wait", "pass"),
        &[
            "-\"Ask\": { \"Type\": \"Task\", \"Resource\": \"arn:aws:states:::sns:publish\", \"Catch\": [ { \"ErrorEquals\": [ \"E\" ], \"Next\": \"Wait\" } ], \"Next\": \"Done?\" },",
            "+\"Ask\": { \"Type\": \"Task\", \"Resource\": \"arn:aws:states:::sns:publish\", \"Catch\": [ { \"ErrorEquals\": [ \"E\" ], \"Next\": \"Pass\" } ], \"Next\": \"Done?\" },",
            "+\"Pass\": {",
            "+\"Type\": \"Pass\",",
            "+\"Next\": \"Wait\"",
            "+},",
            "-\"Default\": \"Wait\"",
            "+\"Default\": \"Pass\"",
        ],
    );
    check(
        LOOP,
        before("Ask", "wait"),
        &[
            "-\"StartAt\": \"Ask\",",
            "+\"StartAt\": \"Wait 2\",",
            "+\"Wait 2\": {",
            "+\"Type\": \"Wait\",",
            "+\"Seconds\": 5,",
            "+\"Next\": \"Ask\"",
            "+},",
            "-\"Wait\": { \"Type\": \"Wait\", \"Seconds\": 1, \"Next\": \"Ask\" },",
            "+\"Wait\": { \"Type\": \"Wait\", \"Seconds\": 1, \"Next\": \"Wait 2\" },",
        ],
    );
    // Nothing leads to it: the new state does.
    check(
        LOOP,
        before("Lost", "pass"),
        &["+\"Pass\": {", "+\"Type\": \"Pass\",", "+\"Next\": \"Lost\"", "+},"],
    );
    check_refused(LOOP, before("Wait", "fail"), "Fail has no next state, so it cannot stand before “Wait”");
}

#[test]
fn into_a_choice_a_state_comes_with_a_rule() {
    let into = |name: &str, id: &str| Command::AddToChoice { state: path(name), template: template(id) };
    let after = edited(LOOP, &into("Done?", "pass"));
    expect![[r#"
        {
          "StartAt": "Ask",
          "States": {
            "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [ { "ErrorEquals": [ "E" ], "Next": "Wait" } ], "Next": "Done?" },
            "Wait": { "Type": "Wait", "Seconds": 1, "Next": "Ask" },
            "Done?": {
              "Type": "Choice",
              "Choices": [
                { "Variable": "$.done", "BooleanEquals": true, "Next": "End" },
                {
                  "Variable": "$.value",
                  "IsPresent": true,
                  "Next": "Pass"
                }
              ],
              "Default": "Wait"
            },
            "Pass": {
              "Type": "Pass",
              "Next": "Wait"
            },
            "Lost": { "Type": "Pass", "Next": "End" },
            "End": { "Type": "Succeed" }
          }
        }
    "#]].assert_eq(&after);
    // No Default: what comes into it ends.
    let without = CHOICE.replace(",\n      \"Default\": \"No\"", "");
    let after = edited(&without, &into("Pick", "wait"));
    assert!(after.contains("\"Seconds\": 5,\n      \"End\": true"), "{after}");
    let jsonata = r#"{"QueryLanguage":"JSONata","StartAt":"C","States":{"C":{"Type":"Choice","Choices":[],"Default":"D"},"D":{"Type":"Succeed"}}}"#;
    let after = edited(jsonata, &into("C", "succeed"));
    expect![[r#"{"QueryLanguage":"JSONata","StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Condition":"{% $exists($states.input.value) %}","Next":"Succeed"}],"Default":"D"},"Succeed":{"Type":"Succeed"},"D":{"Type":"Succeed"}}}"#]].assert_eq(&after);
    check_refused(CHAIN, into("A", "pass"), "“A” has no rules; only a Choice has");
}

#[test]
fn several_states_go_and_their_neighbors_meet() {
    let delete = |names: &[&str]| Command::DeleteStates { states: paths(names) };
    check(
        CHAIN,
        delete(&["A", "B"]),
        &[
            "-\"StartAt\": \"A\",",
            "+\"StartAt\": \"C\",",
            "-\"A\": {",
            "-\"Type\": \"Pass\",",
            "-\"Next\": \"B\"",
            "-},",
            "-\"B\": {",
            "-\"Type\": \"Pass\",",
            "-\"Next\": \"C\"",
            "-},",
        ],
    );
    check(
        CHAIN,
        delete(&["C", "B"]),
        &[
            "-\"Next\": \"B\"",
            "-},",
            "-\"B\": {",
            "-\"Type\": \"Pass\",",
            "-\"Next\": \"C\"",
            "-},",
            "-\"C\": {",
            "-\"Type\": \"Pass\",",
        ],
    );
    // Whole branches go with their states, and addresses behind them move up.
    let three = NESTED.replace(
        "        {\n          \"StartAt\": \"Y\"",
        "        { \"StartAt\": \"W\", \"States\": { \"W\": { \"Type\": \"Pass\", \"End\": true } } },\n        {\n          \"StartAt\": \"Y\"",
    );
    let inner = |idx: usize, name: &str| StatePath::new(format!("/States/P/Branches/{idx}/States/{name}"));
    let after = edited(&three, &Command::DeleteStates { states: vec![inner(0, "X"), inner(2, "Y")] });
    expect![[r#"
        {
          "StartAt": "P",
          "States": {
            "P": {
              "Type": "Parallel",
              "Branches": [
                { "StartAt": "W", "States": { "W": { "Type": "Pass", "End": true } } },
                {
                  "StartAt": "Z",
                  "States": {
                    "Z": { "Type": "Pass", "End": true }
                  }
                }
              ],
              "Next": "Last"
            },
            "Last": { "Type": "Pass", "End": true }
          }
        }
    "#]]
    .assert_eq(&after);
    check_refused(
        NESTED,
        Command::DeleteStates { states: vec![inner(0, "X"), inner(1, "Y"), inner(1, "Z")] },
        "These are all states of “P”; delete “P” instead",
    );
    check_refused(
        CHAIN,
        delete(&["A", "B", "C"]),
        "These are all states, and a workflow needs one; leave one of them",
    );
    // A state inside another one that goes, too, goes with it.
    let after = edited(NESTED, &Command::DeleteStates { states: vec![path("P"), inner(1, "Y")] });
    assert_eq!(
        after,
        "{\n  \"StartAt\": \"Last\",\n  \"States\": {\n    \"Last\": { \"Type\": \"Pass\", \"End\": true }\n  }\n}\n"
    );
}

#[test]
fn copies_of_several_are_connected_as_the_originals_are() {
    let after = edited(CHAIN, &Command::DuplicateStates { states: paths(&["A", "B"]) });
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
              "Next": "A 2"
            },
            "A 2": {
              "Type": "Pass",
              "Next": "B 2"
            },
            "B 2": {
              "Type": "Pass",
              "Next": "C"
            },
            "C": {
              "Type": "Pass",
              "End": true
            }
          }
        }
    "#]]
    .assert_eq(&after);
    // The loop of the copies is a loop of its own; several ways on leave them unconnected.
    let after = edited(LOOP, &Command::DuplicateStates { states: paths(&["Ask", "Wait", "Done?"]) });
    expect![[r#"
        {
          "StartAt": "Ask",
          "States": {
            "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [ { "ErrorEquals": [ "E" ], "Next": "Wait" } ], "Next": "Done?" },
            "Wait": { "Type": "Wait", "Seconds": 1, "Next": "Ask" },
            "Done?": {
              "Type": "Choice",
              "Choices": [
                { "Variable": "$.done", "BooleanEquals": true, "Next": "End" }
              ],
              "Default": "Wait"
            },
            "Ask 2": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [ { "ErrorEquals": [ "E" ], "Next": "Wait 2" } ], "Next": "Done? 2" },
            "Wait 2": { "Type": "Wait", "Seconds": 1, "Next": "Ask 2" },
            "Done? 2": {
              "Type": "Choice",
              "Choices": [
                { "Variable": "$.done", "BooleanEquals": true, "Next": "End" }
              ],
              "Default": "Wait 2"
            },
            "Lost": { "Type": "Pass", "Next": "End" },
            "End": { "Type": "Succeed" }
          }
        }
    "#]].assert_eq(&after);
}

#[test]
fn a_chain_moves_as_one() {
    let five = r#"{
	"StartAt": "A",
	"States": {
		"A": {"Type": "Pass", "Next": "B"},
		"B": {"Type": "Pass", "Next": "C"},
		"C": {"Type": "Pass", "Next": "D"},
		"D": {"Type": "Pass", "Next": "E"},
		"E": {"Type": "Pass", "End": true}
	}
}"#;
    let moves = |names: &[&str], key: &str| Command::MoveStates { states: paths(names), edge: edge(key) };
    check(
        five,
        moves(&["B", "C"], "/States/D/Next"),
        &[
            "-\"A\": {\"Type\": \"Pass\", \"Next\": \"B\"},",
            "+\"A\": {\"Type\": \"Pass\", \"Next\": \"D\"},",
            "-\"C\": {\"Type\": \"Pass\", \"Next\": \"D\"},",
            "-\"D\": {\"Type\": \"Pass\", \"Next\": \"E\"},",
            "+\"C\": {\"Type\": \"Pass\", \"Next\": \"E\"},",
            "+\"D\": {\"Type\": \"Pass\", \"Next\": \"B\"},",
        ],
    );
    check(
        five,
        moves(&["D", "E"], "/StartAt"),
        &[
            "-\"StartAt\": \"A\",",
            "+\"StartAt\": \"D\",",
            "-\"C\": {\"Type\": \"Pass\", \"Next\": \"D\"},",
            "+\"C\": {\"Type\": \"Pass\", \"End\": true},",
            "-\"E\": {\"Type\": \"Pass\", \"End\": true}",
            "+\"E\": {\"Type\": \"Pass\", \"Next\": \"A\"}",
        ],
    );
    check_refused(five, moves(&["B", "C"], "/States/C/Next"), "2 states are there already");
    check_refused(
        five,
        moves(&["A", "C"], "/States/D/Next"),
        "“B” leads to “C”, but the selection begins with “A”; let it lead there first, or select other states",
    );
    let inner = |idx: usize, name: &str| StatePath::new(format!("/States/P/Branches/{idx}/States/{name}"));
    let nested = NESTED.replace("\"X\": { \"Type\": \"Pass\", \"End\": true }", "\"X\": { \"Type\": \"Pass\", \"Next\": \"V\" },\n            \"V\": { \"Type\": \"Pass\", \"Next\": \"U\" },\n            \"U\": { \"Type\": \"Pass\", \"End\": true }");
    let command =
        Command::MoveStates { states: vec![inner(0, "V"), inner(0, "U")], edge: edge("/States/P/Next") };
    let after = edited(&nested, &command);
    expect![[r#"
        {
          "StartAt": "P",
          "States": {
            "P": {
              "Type": "Parallel",
              "Branches": [
                {
                  "StartAt": "X",
                  "States": {
                    "X": { "Type": "Pass", "End": true }
                  }
                },
                {
                  "StartAt": "Y",
                  "States": {
                    "Y": { "Type": "Pass", "Next": "Z" },
                    "Z": { "Type": "Pass", "End": true }
                  }
                }
              ],
              "Next": "V"
            },
            "V": { "Type": "Pass", "Next": "U" },
            "U": { "Type": "Pass", "Next": "Last" },
            "Last": { "Type": "Pass", "End": true }
          }
        }
    "#]]
    .assert_eq(&after);
    check_refused(
        NESTED,
        Command::MoveStates { states: vec![inner(1, "Y"), inner(1, "Z")], edge: edge("/States/P/Next") },
        "2 states are all states there; leave one, or move what they are in",
    );
    check_refused(
        NESTED,
        Command::MoveStates { states: vec![inner(0, "X"), path("Last")], edge: edge("/States/P/Next") },
        "“X” and “Last” are not in the same branch or body; select states of one of them",
    );
}

#[test]
fn a_chain_moves_into_another_branch() {
    let inner = |idx: usize, name: &str| StatePath::new(format!("/States/P/Branches/{idx}/States/{name}"));
    let into = |states: Vec<StatePath>, scope: &str| Command::MoveStatesToScope {
        states,
        scope: stepglass::asl::ScopePath::new(scope),
    };
    let chain = NESTED.replace(
        "\"Last\": { \"Type\": \"Pass\", \"End\": true }",
        "\"Last\": { \"Type\": \"Pass\", \"Next\": \"M\" },\n    \"M\": { \"Type\": \"Pass\", \"Next\": \"N\" },\n    \"N\": { \"Type\": \"Pass\", \"End\": true }",
    );
    // To the one end of the branch; what led to them ends or leads past.
    check(
        &chain,
        into(vec![path("Last"), path("M")], "/States/P/Branches/0"),
        &[
            "-\"X\": { \"Type\": \"Pass\", \"End\": true }",
            "+\"X\": { \"Type\": \"Pass\", \"Next\": \"Last\" },",
            "+\"Last\": { \"Type\": \"Pass\", \"Next\": \"M\" },",
            "+\"M\": { \"Type\": \"Pass\", \"End\": true }",
            "-\"Next\": \"Last\"",
            "+\"Next\": \"N\"",
            "-\"Last\": { \"Type\": \"Pass\", \"Next\": \"M\" },",
            "-\"M\": { \"Type\": \"Pass\", \"Next\": \"N\" },",
        ],
    );
    // Where several states end they stand beside the others.
    let ends = chain.replace(
        "\"Y\": { \"Type\": \"Pass\", \"Next\": \"Z\" }",
        "\"Y\": { \"Type\": \"Pass\", \"End\": true }",
    );
    check(
        &ends,
        into(vec![path("M"), path("N")], "/States/P/Branches/1"),
        &[
            "-\"Z\": { \"Type\": \"Pass\", \"End\": true }",
            "+\"Z\": { \"Type\": \"Pass\", \"End\": true },",
            "+\"M\": { \"Type\": \"Pass\", \"Next\": \"N\" },",
            "+\"N\": { \"Type\": \"Pass\", \"End\": true }",
            "-\"Last\": { \"Type\": \"Pass\", \"Next\": \"M\" },",
            "-\"M\": { \"Type\": \"Pass\", \"Next\": \"N\" },",
            "-\"N\": { \"Type\": \"Pass\", \"End\": true }",
            "+\"Last\": { \"Type\": \"Pass\", \"End\": true }",
        ],
    );
    // An empty branch begins with them, whether it has States already or not.
    for empty in ["{ }", "{ \"States\": {} }"] {
        let with_empty = chain.replace("\"Branches\": [\n", &format!("\"Branches\": [\n        {empty},\n"));
        let after = edited(&with_empty, &into(vec![path("M"), path("N")], "/States/P/Branches/0"));
        let value: serde_json::Value = serde_json::from_str(&after).expect("JSON");
        let branch = &value["States"]["P"]["Branches"][0];
        assert_eq!(branch["StartAt"], "M", "{after}");
        assert_eq!(branch["States"]["N"]["End"], true, "{after}");
    }
    // Out of a branch.
    let longer = NESTED.replace("\"X\": { \"Type\": \"Pass\", \"End\": true }", "\"X\": { \"Type\": \"Pass\", \"Next\": \"V\" },\n            \"V\": { \"Type\": \"Pass\", \"Next\": \"U\" },\n            \"U\": { \"Type\": \"Pass\", \"End\": true }");
    edited(&longer, &into(vec![inner(0, "V"), inner(0, "U")], ""));

    check_refused(&chain, into(vec![path("M"), path("N")], ""), "2 states are there already");
    check_refused(
        &chain,
        into(vec![path("P"), path("Last")], "/States/P/Branches/0"),
        "“P” cannot be moved into itself",
    );
    check_refused(
        &longer,
        into(vec![inner(1, "Y"), inner(1, "Z")], "/States/P/Branches/0"),
        "2 states are all states there; leave one, or move what they are in",
    );
    check_refused(
        &chain.replace("\"X\"", "\"N\""),
        into(vec![path("M"), path("N")], "/States/P/Branches/0"),
        "Several states are named “N”; rename one first",
    );
    let assigned = chain
        .replace("\"M\": { ", "\"M\": { \"Assign\": {\"n\": 1}, ")
        .replace("\"N\": { ", "\"N\": { \"InputPath\": \"$n\", ");
    check_refused(
        &assigned,
        into(vec![path("Last"), path("M")], "/States/P/Branches/0"),
        "“M” sets the variable “n”, which is read outside; select its readers too",
    );
}

#[test]
fn rules_and_branches_keep_their_bytes_where_they_go() {
    let rules = CHOICE.replace(
        "\"Next\": \"Yes\" }\n",
        "\"Next\": \"Yes\" },\n        {  \"Variable\":\"$.b\",\"NumericEquals\":1.50, \"Next\":\"Done\"  }\n",
    );
    check(
        &rules,
        Command::MoveRule { state: path("Pick"), from: 1, to: 0 },
        &[
            "-{ \"Variable\": \"$.a\", \"IsPresent\": true, \"Next\": \"Yes\" },",
            "-{  \"Variable\":\"$.b\",\"NumericEquals\":1.50, \"Next\":\"Done\"  }",
            "+{  \"Variable\":\"$.b\",\"NumericEquals\":1.50, \"Next\":\"Done\"  },",
            "+{ \"Variable\": \"$.a\", \"IsPresent\": true, \"Next\": \"Yes\" }",
        ],
    );
    check(
        &rules,
        Command::RemoveRule { state: path("Pick"), idx: 0 },
        &["-{ \"Variable\": \"$.a\", \"IsPresent\": true, \"Next\": \"Yes\" },"],
    );
    check_refused(
        CHOICE,
        Command::RemoveRule { state: path("Pick"), idx: 0 },
        "This is the only rule of “Pick”, and a Choice needs one; add another one first, or delete “Pick”",
    );
    let after = edited(CHOICE, &Command::AddRule { state: path("Pick") });
    assert!(after.contains("\"Next\": \"Yes\" },\n        {\n          \"Variable\": \"$.value\",\n          \"IsPresent\": true,\n          \"Next\": \"No\"\n        }\n"), "{after}");

    let mut studio = opened(NESTED);
    let z = |idx: usize| StatePath::new(format!("/States/P/Branches/{idx}/States/Z"));
    studio.dispatch(Command::Select { state: Some(z(1)) });
    studio.dispatch(Command::MoveBranch { state: path("P"), from: 1, to: 0 });
    assert_eq!(studio.selection_view().state, Some(z(0)), "the selection goes with its branch");
    studio.dispatch(Command::Undo);
    assert_eq!(text_of(&studio), NESTED);
    assert_eq!(studio.selection_view().state, Some(z(1)));
    edited(NESTED, &Command::MoveBranch { state: path("P"), from: 0, to: 1 });
    let after = edited(NESTED, &Command::RemoveBranch { state: path("P"), idx: 0 });
    assert!(!after.contains("\"X\""), "{after}");
    check_refused(
        &after,
        Command::RemoveBranch { state: path("P"), idx: 0 },
        "This is the only branch of “P”, and a Parallel needs one; delete “P” instead",
    );
}

#[test]
fn an_edge_may_lead_back_and_to_where_it_comes_from() {
    let connect = |from: &str, target: &str| Command::Connect { state: path(from), target: to(target) };
    check(CHAIN, connect("B", "A"), &["-\"Next\": \"C\"", "+\"Next\": \"A\""]);
    check(CHAIN, connect("B", "B"), &["-\"Next\": \"C\"", "+\"Next\": \"B\""]);
    check(CHAIN, connect("C", "C"), &["-\"End\": true", "+\"Next\": \"C\""]);
    check(
        LOOP,
        Command::Reconnect { edge: edge("/States/Ask/Catch/0/Next"), target: to("Ask") },
        &[
            "-\"Ask\": { \"Type\": \"Task\", \"Resource\": \"arn:aws:states:::sns:publish\", \"Catch\": [ { \"ErrorEquals\": [ \"E\" ], \"Next\": \"Wait\" } ], \"Next\": \"Done?\" },",
            "+\"Ask\": { \"Type\": \"Task\", \"Resource\": \"arn:aws:states:::sns:publish\", \"Catch\": [ { \"ErrorEquals\": [ \"E\" ], \"Next\": \"Ask\" } ], \"Next\": \"Done?\" },",
        ],
    );
}

#[test]
fn several_are_selected_as_one_and_come_back_with_undo() {
    let mut studio = opened(CHAIN);
    let shown = |studio: &stepglass::studio::Studio| {
        let view = studio.selection_view();
        let names: Vec<String> = view.others.iter().chain(&view.state).map(|it| it.name()).collect();
        names.join(" ")
    };
    studio.dispatch(Command::SelectAll);
    assert_eq!(shown(&studio), "A B C");
    studio.dispatch(Command::ToggleSelected { state: path("C") });
    assert_eq!(shown(&studio), "A B");
    studio.dispatch(Command::ToggleSelected { state: path("A") });
    assert_eq!(shown(&studio), "B");
    studio.dispatch(Command::ToggleSelected { state: path("C") });
    studio.dispatch(Command::Rename { state: path("B"), name: "__proto__".into() });
    assert_eq!(shown(&studio), "__proto__ C");
    let states = paths(&["__proto__", "C"]);
    studio.dispatch(Command::DeleteStates { states });
    assert_eq!(shown(&studio), "A");
    studio.dispatch(Command::Undo);
    assert_eq!(shown(&studio), "__proto__ C", "what was selected comes back");
    studio.dispatch(Command::Undo);
    assert_eq!(shown(&studio), "B C");
    // The inner states follow their container.
    let mut studio = opened(NESTED);
    let inner = |p: &str, name: &str| StatePath::new(format!("/States/{p}/Branches/1/States/{name}"));
    studio.dispatch(Command::SelectMany { states: vec![inner("P", "Y"), inner("P", "Z"), inner("P", "Y")] });
    assert_eq!(shown(&studio), "Z Y");
    studio.dispatch(Command::Rename { state: path("P"), name: "🐙".into() });
    assert_eq!(studio.selection_view().state, Some(inner("🐙", "Y")));
    studio.dispatch(Command::SelectAll);
    assert_eq!(shown(&studio), "Z Y");
    let reply = studio.dispatch(Command::SelectMany { states: vec![] });
    assert_eq!(shown(&studio), "");
    assert!(reply.effects.iter().any(|it| matches!(it, Effect::Announce { .. })));
    studio.dispatch(Command::SelectAll);
    assert_eq!(shown(&studio), "🐙 Last");
    let restored = stepglass::studio::Studio::restore(&studio.project()).expect("a project");
    assert_eq!(shown(&restored), "🐙 Last", "a reload finds them selected");
    let gone = StatePath::new("/States/P");
    assert_eq!(
        studio.can(&Command::SelectMany { states: vec![gone] }).expect_err("gone").0,
        "There is no state “P” any more"
    );
}

#[test]
fn thousands_at_once_are_one_edit() {
    let n = 2_000;
    let state = |idx: usize| match idx + 1 < n {
        true => format!("\"S{idx}\": {{\"Type\": \"Pass\", \"Next\": \"S{}\"}}", idx + 1),
        false => format!("\"S{idx}\": {{\"Type\": \"Pass\", \"End\": true}}"),
    };
    let states: Vec<String> = (0..n).map(state).collect();
    let text =
        format!("{{\n  \"StartAt\": \"S0\",\n  \"States\": {{\n    {}\n  }}\n}}", states.join(",\n    "));
    let some: Vec<StatePath> = (1..n).map(|it| path(&format!("S{it}"))).collect();
    let wrapped = edited(&text, &Command::WrapInParallel { states: some.clone() });
    assert_eq!(edited(&wrapped, &Command::Unwrap { state: path("Parallel") }), text);
    edited(&text, &Command::DuplicateStates { states: some.clone() });
    let left = edited(&text, &Command::DeleteStates { states: some });
    assert_eq!(
        left,
        "{\n  \"StartAt\": \"S0\",\n  \"States\": {\n    \"S0\": {\"Type\": \"Pass\", \"End\": true}\n  }\n}"
    );
    edited(&left, &Command::Paste { text, at: stepglass::studio::PasteAt::After(path("S0")) });
}

#[test]
fn a_state_with_a_conflict_is_live_and_its_conflict_neither_lost_nor_doubled() {
    let conflict = "<<<<<<< HEAD\n      \"Result\": 1,\n=======\n      \"Result\": 2,\n>>>>>>> feature\n";
    let text = CHAIN.replace("\"B\": {\n", &format!("\"B\": {{\n{conflict}"));
    let b = || path("B");
    let set = |field: &str, json: &str| Command::SetField {
        owner: b().to_string(),
        field: field.into(),
        json: json.into(),
    };
    let studio = opened(&text);
    let node = studio.graph_view().nodes.iter().find(|it| it.state == Some(b())).cloned().expect("B");
    assert_eq!(node.damaged, None);
    assert!(node.problems.is_some(), "the conflict is marked");
    check(&text, set("Comment", "\"x\""), &["+\"Comment\": \"x\","]);
    check(&text, set("Result", "3"), &["-\"Result\": 1,", "+\"Result\": 3,"]);
    check(
        &text,
        Command::Rename { state: b(), name: "D".into() },
        &["-\"Next\": \"B\"", "+\"Next\": \"D\"", "-\"B\": {", "+\"D\": {"],
    );
    check(&text, Command::Connect { state: b(), target: to("A") }, &["-\"Next\": \"C\"", "+\"Next\": \"A\""]);
    for command in [
        Command::Delete { state: b() },
        Command::Duplicate { state: b() },
        Command::DuplicateStates { states: paths(&["A", "B"]) },
        Command::CopyStates { states: paths(&["B"]) },
        Command::CutStates { states: paths(&["B", "C"]) },
        Command::WrapInMap { states: paths(&["B"]) },
        Command::SetText { owner: b().to_string(), json: "{\"Type\": \"Succeed\"}".into() },
        Command::ExtractToChild { states: paths(&["B"]), name: "Child".into() },
    ] {
        let refusal = studio.can(&command).expect_err(&format!("{command:?}"));
        assert_eq!(refusal.0, "Choose a side of the conflict in line 9 first", "{command:?}");
    }
    let mut studio = studio;
    studio.dispatch(Command::Run);
    assert_eq!(studio.player_view().ended, Some("FAILED"), "nobody has chosen what runs there");
}
