//! States as text: out of one document, into another.

use expect_test::expect;
use stepglass::asl::{ScopePath, StatePath};
use stepglass::studio::{Command, Effect, PasteAt};

use crate::check::*;

/// What a command puts on the clipboard.
#[track_caller]
fn copied(text: &str, command: Command) -> String {
    let mut studio = opened(text);
    assert_eq!(studio.can(&command), Ok(()));
    let reply = studio.dispatch(command);
    let text = reply.effects.into_iter().find_map(|it| match it {
        Effect::Copy { text } => Some(text),
        _ => None,
    });
    let text = text.expect("something is copied");
    serde_json::from_str::<serde_json::Value>(&text).expect("what is copied is JSON");
    text
}

fn copy(names: &[&str]) -> Command {
    Command::CopyStates { states: names.iter().map(|it| path(it)).collect() }
}

fn paste(text: &str, at: PasteAt) -> Command {
    Command::Paste { text: text.to_owned(), at }
}

fn after(name: &str) -> PasteAt {
    PasteAt::After(path(name))
}

#[test]
fn what_is_copied_is_a_definition() {
    expect![[r#"
        {
          "StartAt": "B",
          "States": {
            "B": {
              "Type": "Pass",
              "Next": "C"
            }
          }
        }"#]]
    .assert_eq(&copied(CHAIN, copy(&["B"])));
    expect![[r#"
        {
          "StartAt": "Pick",
          "States": {
            "Pick": {
              "Type": "Choice",
              "Choices": [
                { "Variable": "$.a", "IsPresent": true, "Next": "Yes" }
              ],
              "Default": "No"
            },
            "Yes": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [{ "ErrorEquals": ["E"], "Next": "No" }], "Next": "Done" }
          }
        }"#]].assert_eq(&copied(CHOICE, copy(&["Yes", "Pick"])));
    let line = r#"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":1.50,"End":true}}}"#;
    expect![[
        r#"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":1.50,"End":true}}}"#
    ]]
    .assert_eq(&copied(line, copy(&["A"])));
    let mut studio = opened(CHAIN);
    studio.dispatch(copy(&["A"]));
    assert_eq!(text_of(&studio), CHAIN);
    assert_eq!(studio.document_view().undo, None, "copying is nothing to undo");
}

#[test]
fn cut_and_pasted_back_is_as_it_was() {
    for (text, names, at) in [
        (CHAIN, &["B"][..], "/States/A/Next"),
        (CHAIN, &["A", "B"], "/StartAt"),
        (CHAIN, &["C"], "/States/B/End"),
        (NESTED, &["P"], "/StartAt"),
        (CHOICE, &["No"], "/States/Pick/Default"),
    ] {
        let states = || names.iter().map(|it| path(it)).collect::<Vec<_>>();
        let clip = copied(text, Command::CutStates { states: states() });
        let cut = match names {
            ["No"] => continue, // What only ends cannot be healed; it stays open.
            _ => edited(text, &Command::CutStates { states: states() }),
        };
        assert_eq!(edited(&cut, &paste(&clip, PasteAt::Edge(edge(at)))), text);
    }
}

#[test]
fn every_form_of_states_is_taken() {
    let pasted = |clip: &str| edited(CHAIN, &paste(clip, after("A")));
    let new =
        |name: &str| {
            CHAIN.replace(
        "\"Next\": \"B\"\n    },",
        &format!("\"Next\": \"{name}\"\n    }},\n    \"{name}\": {{ \"Type\": \"Pass\", \"Next\": \"B\" }},"),
    )
        };
    let alone = r#"{ "Type": "Pass", "End": true }"#;
    assert_eq!(pasted(alone), new("Pass"));
    assert_eq!(pasted(&format!("\"X\": {alone}")), new("X"));
    assert_eq!(pasted(&format!("  \"X\": {alone},\n")), new("X"));
    assert_eq!(pasted(&format!("{{ \"B\": {alone} }}")), new("B 2"));
    assert_eq!(pasted(&format!("{{ \"States\": {{ \"__proto__\": {alone} }} }}")), new("__proto__"));
    assert_eq!(
        pasted(&format!("\u{feff}{{ \"StartAt\": \"🐙\", \"States\": {{ \"🐙\": {alone} }} }}")),
        new("🐙")
    );
    // From the middle of a file, with the indentation of the first line missing.
    let middle = "\"X\": {\n            \"Type\": \"Pass\",\n            \"End\": true\n          },";
    assert_eq!(
        pasted(middle),
        CHAIN.replace(
            "\"Next\": \"B\"\n    },",
            "\"Next\": \"X\"\n    },\n    \"X\": {\n      \"Type\": \"Pass\",\n      \"Next\": \"B\"\n    },"
        )
    );
}

#[test]
fn references_follow_their_states_and_the_place() {
    let clip = copied(CHOICE, copy(&["Pick", "Yes"]));
    // In its own workflow rules and catchers find their states again.
    expect![[r#"
        {
          "StartAt": "Pick",
          "States": {
            "Pick": {
              "Type": "Choice",
              "Choices": [
                { "Variable": "$.a", "IsPresent": true, "Next": "Yes" }
              ],
              "Default": "No"
            },
            "Yes": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [{ "ErrorEquals": ["E"], "Next": "No" }], "Next": "Done" },
            "No": { "Type": "Pass", "Next": "Pick 2" },
            "Pick 2": {
              "Type": "Choice",
              "Choices": [
                { "Variable": "$.a", "IsPresent": true, "Next": "Yes 2" }
              ],
              "Default": "No"
            },
            "Yes 2": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [{ "ErrorEquals": ["E"], "Next": "No" }], "End": true },
            "Done": { "Type": "Succeed" }
          }
        }
    "#]].assert_eq(&edited(CHOICE, &paste(&clip, after("No"))));
    // Elsewhere they lead on, by a Succeed where nothing follows.
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
              "Next": "C"
            },
            "C": {
              "Type": "Pass",
              "Next": "Pick"
            },
            "Pick": {
              "Type": "Choice",
              "Choices": [
                { "Variable": "$.a", "IsPresent": true, "Next": "Yes" }
              ],
              "Default": "Succeed"
            },
            "Yes": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [{ "ErrorEquals": ["E"], "Next": "Succeed" }], "End": true },
            "Succeed": {
              "Type": "Succeed"
            }
          }
        }
    "#]].assert_eq(&edited(CHAIN, &paste(&clip, after("C"))));
    // Names inside are made unique, too.
    let clip = copied(NESTED, copy(&["P"]));
    let inner = PasteAt::Scope(ScopePath::new("/States/P/Branches/0"));
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
                    "X": { "Type": "Pass", "End": true },
                    "P 2": {
                      "Type": "Parallel",
                      "Branches": [
                        {
                          "StartAt": "X 2",
                          "States": {
                            "X 2": { "Type": "Pass", "End": true }
                          }
                        },
                        {
                          "StartAt": "Y 2",
                          "States": {
                            "Y 2": { "Type": "Pass", "Next": "Z 2" },
                            "Z 2": { "Type": "Pass", "End": true }
                          }
                        }
                      ],
                      "End": true
                    }
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
              "Next": "Last"
            },
            "Last": { "Type": "Pass", "End": true }
          }
        }
    "#]]
    .assert_eq(&edited(NESTED, &paste(&clip, inner)));
}

#[test]
fn behind_a_choice_is_one_more_way_and_behind_an_end_nothing_is_connected() {
    let clip = r#""N": { "Type": "Pass", "Next": "Somewhere" }"#;
    expect![[r#"
        {
          "StartAt": "Pick",
          "States": {
            "Pick": {
              "Type": "Choice",
              "Choices": [
                { "Variable": "$.a", "IsPresent": true, "Next": "Yes" },
                {
                  "Variable": "$.value",
                  "IsPresent": true,
                  "Next": "N"
                }
              ],
              "Default": "No"
            },
            "N": { "Type": "Pass", "End": true },
            "Yes": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [{ "ErrorEquals": ["E"], "Next": "No" }], "Next": "Done" },
            "No": { "Type": "Pass", "End": true },
            "Done": { "Type": "Succeed" }
          }
        }
    "#]].assert_eq(&edited(CHOICE, &paste(clip, after("Pick"))));
    expect![[r#"
        {
          "StartAt": "Pick",
          "States": {
            "Pick": {
              "Type": "Choice",
              "Choices": [
                { "Variable": "$.a", "IsPresent": true, "Next": "Yes" }
              ],
              "Default": "No"
            },
            "Yes": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [{ "ErrorEquals": ["E"], "Next": "No" }], "Next": "Done" },
            "No": { "Type": "Pass", "End": true },
            "Done": { "Type": "Succeed" },
            "N": { "Type": "Pass", "End": true }
          }
        }
    "#]].assert_eq(&edited(CHOICE, &paste(clip, after("Done"))));
    let blank = edited("", &paste(clip, PasteAt::Scope(ScopePath::new(""))));
    expect![[r#"
        {
          "StartAt": "N",
          "States": {
            "N": { "Type": "Pass", "End": true }
          }
        }
    "#]]
    .assert_eq(&blank);
}

#[test]
fn languages_are_told_apart() {
    let jsonata = r#"{ "QueryLanguage": "JSONata", "StartAt": "J", "States": { "J": { "Type": "Pass", "Output": "{% 1 %}", "End": true } } }"#;
    let in_jsonpath = edited(CHAIN, &paste(jsonata, after("C")));
    assert!(
        in_jsonpath.contains(
            r#""J": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 %}", "End": true }"#
        ),
        "{in_jsonpath}"
    );
    let jsonpath =
        r#"{ "StartAt": "J", "States": { "J": { "Type": "Pass", "ResultPath": "$.a", "End": true } } }"#;
    check_refused(
        jsonata,
        paste(jsonpath, after("J")),
        "What is pasted is in JSONPath and this workflow is in JSONata; convert it to JSONata first, where it comes from",
    );
    edited(jsonata, &paste(&jsonpath.replace("\"ResultPath\": \"$.a\", ", ""), after("J")));
}

#[test]
fn what_is_no_state_is_refused() {
    let forms = "paste a definition, an object of states, a state with its name, or one state";
    for (clip, sentence) in [
        ("", format!("There is no text to paste; {forms}")),
        ("{}", format!("There are no states in what is pasted; {forms}")),
        (r#"{"States":{}}"#, format!("There are no states in what is pasted; {forms}")),
        (r#"{"a":1}"#, format!("What is pasted is no part of a workflow; {forms}")),
        (r#"[1]"#, format!("What is pasted is no part of a workflow; {forms}")),
        ("12", format!("What is pasted is no part of a workflow; {forms}")),
        (r#"{"Type":"Passs"}"#, format!("What is pasted is no part of a workflow; {forms}")),
    ] {
        check_refused(CHAIN, paste(clip, after("A")), &sentence);
    }
    let mut studio = opened(CHAIN);
    for clip in ["{ \"A\": {", "hello", "\"A\"", "{\"Type\": \"Pass\",}"] {
        let refusal = studio.can(&paste(clip, after("A"))).expect_err("no JSON").0;
        assert!(refusal.starts_with("What is pasted is not JSON, line 1: "), "{refusal}");
        studio.dispatch(paste(clip, after("A")));
        assert_eq!(text_of(&studio), CHAIN);
    }
    check_refused(
        CHAIN,
        paste(r#""F": { "Type": "Fail" }"#, PasteAt::Edge(edge("/StartAt"))),
        "What is pasted has no way on, so it cannot stand between two states; paste it into the scope",
    );
    check_refused(
        CHAIN,
        paste("{}", PasteAt::After(StatePath::new("/States/Q"))),
        &format!("There are no states in what is pasted; {forms}"),
    );
    // Nested far beyond what is read.
    let deep = format!("{{\"Type\":\"Pass\",\"Result\":{}1{}}}", "[".repeat(3_000), "]".repeat(3_000));
    let _ = studio.can(&paste(&deep, after("A")));
}
