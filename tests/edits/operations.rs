//! Operations as the command line reads them.

use serde_json::{Value, json};
use stepglass::asl::Document;
use stepglass::studio::edit::operation;

use crate::check::*;

#[track_caller]
fn done(text: &str, operation_json: Value) -> String {
    let command = operation(&operation_json, &Document::new(text, 0)).map_err(|it| it.0);
    edited(text, &command.unwrap_or_else(|it| panic!("{operation_json}: {it}")))
}

#[track_caller]
fn refused(text: &str, operation_json: Value, sentence: &str) {
    let refusal = operation(&operation_json, &Document::new(text, 0)).expect_err("this should be refused");
    assert_eq!(refusal.0, sentence);
}

#[test]
fn every_operation_does_what_its_command_does() {
    let chain = [
        json!({"op":"insert","template":"wait","after":"A"}),
        json!({"op":"insert","template":"wait","before":"A"}),
        json!({"op":"insert","template":"wait","edge":"/States/A/Next"}),
        json!({"op":"insert","template":"wait","edge":{"from":"A","to":"B"}}),
        json!({"op":"insert","template":"wait","edge":{"from":"C"}}),
        json!({"op":"insert","template":"wait","scope":""}),
        json!({"op":"delete","state":"B"}),
        json!({"op":"delete","states":["A","/States/B"]}),
        json!({"op":"rename","state":"A","to":"Z"}),
        json!({"op":"duplicate","state":"A"}),
        json!({"op":"duplicate","states":["A","B"]}),
        json!({"op":"cut","states":["A","B"]}),
        json!({"op":"paste","text":"\"N\": {\"Type\":\"Pass\"}","after":"A"}),
        json!({"op":"paste","value":{"Type":"Pass"},"edge":"/StartAt"}),
        json!({"op":"paste","value":{"Type":"Pass"},"scope":""}),
        json!({"op":"connect","state":"C","to":"A"}),
        json!({"op":"connect","state":"B","to":null}),
        json!({"op":"reconnect","edge":"/StartAt","to":"B"}),
        json!({"op":"move","state":"C","edge":"/StartAt"}),
        json!({"op":"move","states":["B","C"],"edge":"/StartAt"}),
        json!({"op":"move-earlier","state":"B"}),
        json!({"op":"move-later","state":"B"}),
        json!({"op":"wrap","states":["A","B"],"in":"Parallel"}),
        json!({"op":"wrap","state":"B","in":"Map"}),
        json!({"op":"extract","states":["A","B"],"name":"Child"}),
        json!({"op":"set","state":"A","field":"Comment","value":"x"}),
        json!({"op":"set","owner":"","field":"TimeoutSeconds","value":5}),
        json!({"op":"remove-field","state":"A","field":"Next"}),
        json!({"op":"append","state":"A","field":"Retry","value":{"ErrorEquals":["E"]}}),
        json!({"op":"append","owner":"/States/A/Retry","value":{"ErrorEquals":["E"]}}),
        json!({"op":"add-retry","state":"A"}),
        json!({"op":"add-catch","state":"A","errors":["E"],"to":"C"}),
        json!({"op":"to-jsonata"}),
        json!({"op":"to-jsonata","state":"A"}),
        json!({"op":"set-machine","field":"TimeoutSeconds","value":5}),
        json!({"op":"set-machine","field":"StartAt","value":"B"}),
        json!({"op":"replace","state":"A","value":{"Type":"Wait","Seconds":1,"Next":"B"}}),
        json!({"op":"replace","owner":"","text":"{\"StartAt\":\"A\"}"}),
    ];
    for operation in chain {
        assert_ne!(done(CHAIN, operation.clone()), CHAIN, "{operation}");
    }
    let nested = [
        json!({"op":"add-branch","state":"P"}),
        json!({"op":"remove-branch","state":"P","branch":0}),
        json!({"op":"move-branch","state":"P","from":0,"to":1}),
        json!({"op":"move","state":"Y","scope":""}),
        json!({"op":"move","state":"Last","scope":"P","branch":1}),
        json!({"op":"insert","template":"wait","scope":"P","branch":1}),
        json!({"op":"format"}),
    ];
    for operation in nested {
        assert_ne!(done(NESTED, operation.clone()), NESTED, "{operation}");
    }
    let rules = CHOICE.replace(
        "\"Next\": \"Yes\" }\n",
        "\"Next\": \"Yes\" },\n { \"Variable\": \"$.b\", \"IsNull\": true, \"Next\": \"Done\" }\n",
    );
    let choice = [
        json!({"op":"add-rule","state":"Pick"}),
        json!({"op":"remove-rule","state":"Pick","rule":1}),
        json!({"op":"move-rule","state":"Pick","from":1,"to":0}),
        json!({"op":"insert","template":"pass","choice":"Pick"}),
        json!({"op":"remove-item","state":"Yes","field":"Catch","idx":0}),
        json!({"op":"move-item","owner":"/States/Pick/Choices","from":0,"to":1}),
    ];
    for operation in choice {
        assert_ne!(done(&rules, operation.clone()), rules, "{operation}");
    }
    let wrapped = done(CHAIN, json!({"op":"wrap","state":"B","in":"Map"}));
    assert_eq!(done(&wrapped, json!({"op":"unwrap","state":"Map"})), CHAIN);
    let called = done(CHAIN, json!({"op":"extract","state":"B","name":"Child"}));
    let inline = operation(&json!({"op":"inline","state":"Child"}), &Document::new(called.as_str(), 0));
    check_refused(
        &called,
        inline.expect("read"),
        "The definition of “Child” is not known here; open it, copy its states and paste them",
    );
    let misspelled = CHAIN.replace("\"Next\": \"B\"", "\"Nxt\": \"B\"");
    let fixed = Document::new(misspelled.as_str(), 0).diagnostics.iter().position(|it| !it.fixes.is_empty());
    assert_ne!(done(&misspelled, json!({"op":"fix","problem":fixed})), misspelled);
}

/// One operation after the other on the same text; each is checked with its undo.
#[track_caller]
fn check_all(text: &str, operations: &[Value], pointer: &str, expected: Value) {
    let after = operations.iter().fold(text.to_owned(), |text, it| done(&text, it.clone()));
    let after: Value = serde_json::from_str(&after).expect("JSON");
    assert_eq!(after.pointer(pointer), Some(&expected), "{operations:?}");
}

#[test]
fn conditions_are_built_and_taken_apart() {
    let test = |path: &str| json!({"Variable": path, "IsPresent": true});
    let rule = |condition: Value| {
        let mut rule = condition;
        rule["Next"] = json!("Yes");
        rule
    };
    let at = "/States/Pick/Choices/0";
    let add = json!({"op":"add-condition","state":"Pick","rule":0});
    let and = rule(json!({"And": [test("$.a"), test("$.a")]}));
    check_all(CHOICE, std::slice::from_ref(&add), at, and);
    let set = json!({"op":"set","state":"Pick","rule":0,"at":"/And/1","field":"Variable","value":"$.b"});
    let built = [
        add,
        set,
        json!({"op":"move-condition","state":"Pick","rule":0,"at":"/And/1","to":0}),
        json!({"op":"wrap-condition","state":"Pick","rule":0,"at":"/And/0","in":"Not"}),
        json!({"op":"add-condition","owner":"/States/Pick/Choices/0/And/1","in":"Or"}),
        json!({"op":"test-with","state":"Pick","rule":0,"at":"/And/1/Or/0","operator":"NumericEquals"}),
        json!({"op":"append","state":"Pick","rule":0,"at":"/And/1/Or","value":test("$.c")}),
    ];
    let or = json!({"Or": [{"Variable": "$.a", "NumericEquals": 0}, test("$.a"), test("$.c")]});
    check_all(CHOICE, &built, at, rule(json!({"And": [{"Not": test("$.b")}, or]})));
    let taken: Vec<Value> = built
        .into_iter()
        .chain([
            json!({"op":"remove-condition","state":"Pick","rule":0,"at":"/And/1"}),
            json!({"op":"unwrap-condition","state":"Pick","rule":0}),
        ])
        .collect();
    check_all(CHOICE, &taken, at, rule(test("$.b")));
    let more = [
        json!({"op":"add-rule","state":"Pick","value":rule(test("$.z"))}),
        json!({"op":"wrap-condition","state":"Pick","rule":1,"in":"Or"}),
        json!({"op":"duplicate-condition","state":"Pick","rule":1,"at":"/Or/0"}),
        json!({"op":"move-rule","state":"Pick","from":1,"to":0}),
        json!({"op":"replace","state":"Pick","rule":1,"value":rule(json!({"Not": test("$.y")}))}),
    ];
    check_all(CHOICE, &more, at, rule(json!({"Or": [test("$.z"), test("$.z")]})));
    check_all(CHOICE, &more, "/States/Pick/Choices/1", rule(json!({"Not": test("$.y")})));
    refused(
        CHOICE,
        json!({"op":"move-condition","state":"Pick","rule":0,"to":1}),
        "“move-condition” needs a place in an And or Or, for instance “at”: \"/And/1\"",
    );
}

#[test]
fn retriers_catchers_and_any_value_are_reached() {
    let retry = |name: &str| json!({"op":"add-retry","state":"Yes","errors":[name]});
    let errors = |names: &[&str]| -> Value { names.iter().map(|it| json!({"ErrorEquals": [it]})).collect() };
    let three =
        [retry("A"), retry("B"), retry("C"), json!({"op":"move-retry","state":"Yes","from":2,"to":0})];
    check_all(CHOICE, &three, "/States/Yes/Retry", errors(&["C", "A", "B"]));
    let fewer = [&three[..], &[json!({"op":"remove-retry","state":"Yes","idx":1})]].concat();
    check_all(CHOICE, &fewer, "/States/Yes/Retry", errors(&["C", "B"]));
    let catchers = [
        json!({"op":"add-catch","state":"Yes","errors":["A"],"to":"Done"}),
        json!({"op":"move-catch","state":"Yes","from":1,"to":0}),
        json!({"op":"remove-catch","state":"Yes","idx":1}),
        json!({"op":"duplicate-item","state":"Yes","field":"Catch","idx":0}),
        json!({"op":"set","state":"Yes","at":"/Catch/1","field":"ErrorEquals","value":["B"]}),
        json!({"op":"append","state":"Yes","at":"/Catch/1/ErrorEquals","value":"C"}),
    ];
    let both = json!([{"ErrorEquals":["A"],"Next":"Done"}, {"ErrorEquals":["B","C"],"Next":"Done"}]);
    check_all(CHOICE, &catchers, "/States/Yes/Catch", both);
    let deep = [
        json!({"op":"set","state":"No","field":"Parameters","value":{"a":{"b":[1]}}}),
        json!({"op":"set","state":"No","at":"/Parameters/a","field":"c/d","value":null}),
        json!({"op":"move-item","state":"No","at":"/Parameters/a","field":"b","from":0,"to":0}),
        json!({"op":"append","state":"No","at":"/Parameters/a/b","value":2}),
        json!({"op":"remove-item","owner":"/States/No/Parameters/a/b","idx":0}),
        json!({"op":"set-machine","field":"QueryLanguage","value":"JSONPath"}),
        json!({"op":"set-machine","field":"Version","value":"1.0"}),
        json!({"op":"unset-machine","field":"Version"}),
    ];
    check_all(CHOICE, &deep, "/States/No/Parameters", json!({"a":{"b":[2],"c/d":null}}));
    check_all(CHOICE, &deep, "/QueryLanguage", json!("JSONPath"));
    refused(
        CHOICE,
        json!({"op":"set-machine","field":"States","value":{}}),
        "A machine has no setting “States”; it has Comment, QueryLanguage, Version, TimeoutSeconds, StartAt",
    );
    refused(
        CHOICE,
        json!({"op":"set","state":"No","at":"Parameters","field":"x","value":1}),
        "An “at” is a JSON Pointer from there on, for instance /Retry/0",
    );
    refused(CHOICE, json!({"op":"format","state":"No"}), "“format” takes no “state”; it takes nothing else");
}

#[test]
fn a_value_is_written_in_the_style_of_the_file() {
    let text = "{\n\t\"StartAt\": \"A\",\n\t\"States\": {\n\t\t\"A\": {\n\t\t\t\"Type\": \"Pass\",\n\t\t\t\"End\": true\n\t\t}\n\t}\n}\n";
    assert_eq!(
        done(text, json!({"op":"set","state":"A","field":"Result","value":{"a":{"b":1}}})),
        text.replace(
            "\"Pass\",",
            "\"Pass\",\n\t\t\t\"Result\": {\n\t\t\t\t\"a\": {\n\t\t\t\t\t\"b\": 1\n\t\t\t\t}\n\t\t\t},"
        )
    );
}

#[test]
fn what_cannot_be_read_says_what_can() {
    let names = stepglass::studio::edit::operations_help();
    let names: Vec<&str> = names.lines().filter_map(|it| it.split_whitespace().next()).collect();
    let all = names.join(", ");
    refused(
        CHAIN,
        json!({"op":"renam"}),
        &format!("There is no operation “renam”, but “rename”; there are {all}"),
    );
    refused(
        CHAIN,
        json!({"op":"frobnicate"}),
        &format!("There is no operation “frobnicate”; there are {all}"),
    );
    refused(CHAIN, json!({}), &format!("An operation needs a name as its “op”, one of {all}"));
    refused(
        CHAIN,
        json!([]),
        r#"An operation is a JSON object, for instance {"op":"rename","state":"A","to":"B"}"#,
    );
    refused(CHAIN, json!({"op":"rename","state":"A"}), "“rename” needs “to”");
    refused(
        CHAIN,
        json!({"op":"rename","state":"A","name":"B"}),
        "“rename” takes no “name”; it takes state, to",
    );
    refused(CHAIN, json!({"op":"delete","state":"AB"}), "There is no state “AB”");
    refused(CHOICE, json!({"op":"delete","state":"Pik"}), "There is no state “Pik”; did you mean “Pick”?");
    refused(CHAIN, json!({"op":"delete","state":7}), "The “state” of “delete” must be a string");
    refused(
        CHAIN,
        json!({"op":"insert","template":"wait"}),
        "“insert” needs a place: after, before, edge, scope or choice",
    );
    refused(
        CHAIN,
        json!({"op":"insert","template":"wat","after":"A"}),
        "There is no template “wat”; did you mean “wait”?",
    );
    refused(CHAIN, json!({"op":"connect","state":"A","to":5}), "The “to” of “connect” must be a string");
    refused(
        CHAIN,
        json!({"op":"insert","template":"wait","edge":{"from":"A","to":"C"}}),
        "No connection leads from “A” to “C”",
    );
    refused(
        CHAIN,
        json!({"op":"wrap","state":"A","in":"Pass"}),
        "States can be wrapped in Parallel or Map, not in “Pass”",
    );
    refused(CHAIN, json!({"op":"insert","template":"wait","scope":"A"}), "“A” has no such branch or body");
    let twice = NESTED.replace("\"Z\"", "\"Last\"");
    refused(
        &twice,
        json!({"op":"delete","state":"Last"}),
        "Several states are named “Last”; say which one: /States/P/Branches/1/States/Last, /States/Last",
    );
    done(&twice, json!({"op":"delete","state":"/States/P/Branches/1/States/Last"}));
}
