//! Into a Parallel or Map, and out again.

use expect_test::expect;
use stepglass::asl::StatePath;
use stepglass::studio::Command;

use crate::check::*;

fn paths(names: &[&str]) -> Vec<StatePath> {
    names.iter().map(|it| path(it)).collect()
}

fn parallel(names: &[&str]) -> Command {
    Command::WrapInParallel { states: paths(names) }
}

#[test]
fn a_chain_becomes_a_branch() {
    expect![[r#"
        {
          "StartAt": "Parallel",
          "States": {
            "Parallel": {
              "Type": "Parallel",
              "Branches": [
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
              ],
              "OutputPath": "$[0]",
              "Next": "C"
            },
            "C": {
              "Type": "Pass",
              "End": true
            }
          }
        }
    "#]]
    .assert_eq(&edited(CHAIN, &parallel(&["A", "B"])));
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
              "Next": "Map"
            },
            "Map": {
              "Type": "Map",
              "ItemProcessor": {
                "ProcessorConfig": {
                  "Mode": "INLINE"
                },
                "StartAt": "C",
                "States": {
                  "C": {
                    "Type": "Pass",
                    "End": true
                  }
                }
              },
              "End": true
            }
          }
        }
    "#]]
    .assert_eq(&edited(CHAIN, &Command::WrapInMap { states: paths(&["C"]) }));
}

#[test]
fn a_rule_that_leads_out_ends_by_a_succeed() {
    // The rule and the Default lead to the same state, and a catcher does.
    let text = "{\r\n\t\"QueryLanguage\": \"JSONata\",\r\n\t\"StartAt\": \"C\",\r\n\t\"States\": {\r\n\t\t\"C\": {\r\n\t\t\t\"Type\": \"Choice\",\r\n\t\t\t\"Choices\": [\r\n\t\t\t\t{ \"Condition\": \"{% true %}\", \"Next\": \"Z\" }\r\n\t\t\t],\r\n\t\t\t\"Default\": \"T\"\r\n\t\t},\r\n\t\t\"T\": {\r\n\t\t\t\"Type\": \"Pass\",\r\n\t\t\t\"Next\": \"Z\"\r\n\t\t},\r\n\t\t\"Z\": {\r\n\t\t\t\"Type\": \"Pass\",\r\n\t\t\t\"End\": true\r\n\t\t}\r\n\t}\r\n}\r\n";
    let after = edited(text, &parallel(&["T", "C"]));
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "line ends stay");
    expect![[r#"
        {
        →"QueryLanguage": "JSONata",
        →"StartAt": "Parallel",
        →"States": {
        →→"Parallel": {
        →→→"Type": "Parallel",
        →→→"Branches": [
        →→→→{
        →→→→→"StartAt": "C",
        →→→→→"States": {
        →→→→→→"C": {
        →→→→→→→"Type": "Choice",
        →→→→→→→"Choices": [
        →→→→→→→→{ "Condition": "{% true %}", "Next": "Succeed" }
        →→→→→→→],
        →→→→→→→"Default": "T"
        →→→→→→},
        →→→→→→"T": {
        →→→→→→→"Type": "Pass",
        →→→→→→→"End": true
        →→→→→→},
        →→→→→→"Succeed": {
        →→→→→→→"Type": "Succeed"
        →→→→→→}
        →→→→→}
        →→→→}
        →→→],
        →→→"Output": "{% $states.result[0] %}",
        →→→"Next": "Z"
        →→},
        →→"Z": {
        →→→"Type": "Pass",
        →→→"End": true
        →→}
        →}
        }
    "#]]
    .assert_eq(&after.replace("\r\n", "\n").replace('\t', "→"));
}

#[test]
fn what_has_several_ways_is_not_wrapped() {
    check_refused(
        CHOICE,
        parallel(&["Pick"]),
        "The Default of “Pick” leads to “No”, but the selection goes on to “Yes”; there must be one way on, so select both ends of the other one or connect it elsewhere first",
    );
    check_refused(
        CHOICE,
        parallel(&["Yes"]),
        "A Catch of “Yes” leads to “No”, but the selection goes on to “Done”; there must be one way on, so select both ends of the other one or connect it elsewhere first",
    );
    check_refused(
        CHAIN,
        parallel(&["A", "C"]),
        "“B” leads to “C”, but the selection begins with “A”; let it lead there first, or select other states",
    );
    check_refused(CHAIN, parallel(&[]), "Nothing is selected; select states first");
}

#[test]
fn what_is_wrapped_comes_out_again() {
    for names in [&["A"][..], &["A", "B"], &["B", "C"], &["A", "B", "C"]] {
        for command in [parallel(names), Command::WrapInMap { states: paths(names) }] {
            let wrapped = edited(CHAIN, &command);
            let wrapper = if matches!(command, Command::WrapInMap { .. }) { "Map" } else { "Parallel" };
            assert_eq!(edited(&wrapped, &Command::Unwrap { state: path(wrapper) }), CHAIN, "{command:?}");
        }
    }
}

#[test]
fn the_states_of_a_body_take_its_place() {
    let text = r#"{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "M" },
    "M": {
      "Type": "Map",
      "ItemsPath": "$.items",
      "ItemProcessor": {
        "StartAt": "I",
        "States": {
          "I": {
            "Type": "Choice",
            "Choices": [ { "Variable": "$", "IsNull": true, "Next": "None" } ],
            "Default": "J"
          },
          "J": { "Type": "Pass", "End": true },
          "None": { "Type": "Succeed" }
        }
      },
      "ResultPath": "$.done",
      "Next": "Z"
    },
    "Z": { "Type": "Pass", "Next": "M" }
  }
}
"#;
    expect![[r#"
        {
          "StartAt": "A",
          "States": {
            "A": { "Type": "Pass", "Next": "I" },
            "I": {
              "Type": "Choice",
              "Choices": [ { "Variable": "$", "IsNull": true, "Next": "Z" } ],
              "Default": "J"
            },
            "J": { "Type": "Pass", "Next": "Z" },
            "Z": { "Type": "Pass", "Next": "I" }
          }
        }
    "#]]
    .assert_eq(&edited(text, &Command::Unwrap { state: path("M") }));
    let kept = text.replace("\"Succeed\" }", "\"Succeed\", \"OutputPath\": \"$.a\" }");
    let after = edited(&kept, &Command::Unwrap { state: path("M") });
    assert!(
        after.contains("\"None\": { \"Type\": \"Pass\", \"OutputPath\": \"$.a\", \"Next\": \"Z\" }"),
        "{after}"
    );
    let mut studio = opened(text);
    let preview = studio.preview(&Command::Unwrap { state: path("M") }).expect("possible");
    assert_eq!(preview.sentence, "Take the states of “M” out of it");
    let reply = studio.dispatch(Command::Unwrap { state: path("M") });
    assert!(
        format!("{reply:?}")
            .contains("Took the states of “M” out of it; its ItemsPath, ResultPath went with it")
    );

    check_refused(
        NESTED,
        Command::Unwrap { state: path("P") },
        "“P” has 2 branches that get the same input at the same time; remove branches until one is left",
    );
    check_refused(
        CHAIN,
        Command::Unwrap { state: path("A") },
        "“A” holds no states; only a Parallel or a Map does",
    );
    check_refused(
        &text.replace("\"ResultPath\": \"$.done\"", "\"Catch\": [{\"ErrorEquals\":[\"E\"],\"Next\":\"A\"}]"),
        Command::Unwrap { state: path("M") },
        "“M” has a Catch for everything inside; remove it, or move it to a state inside first",
    );
}
