//! Requests that nobody should send: a state test answers or refuses them, it never panics, hangs
//! or runs out of stack.

use serde_json::{Value, json};
use stepglass::sim::{TestRefusal, test_state};

/// Every request with one of its members replaced by each of these.
fn odd_values() -> Vec<Value> {
    let deep = "[".repeat(3_000) + &"]".repeat(3_000);
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!("{"),
        json!("\u{0}"),
        json!("null"),
        json!("[1,2]"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"a": {"b": [1]}}),
        json!(deep),
        json!("x".repeat(100_000)),
    ]
}

fn requests() -> Vec<Value> {
    let body = |name: &str| json!({"StartAt": name, "States": {name: {"Type": "Pass", "End": true}}});
    let map = json!({"Type": "Map", "ItemsPath": "$.l", "ItemSelector": {"v.$": "$$.Map.Item.Value"},
        "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"x.$": "$.x"}}, "MaxConcurrencyPath": "$.n",
        "ToleratedFailurePercentagePath": "$.p", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED",
            "ExecutionType": "STANDARD"}, "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}, "End": true});
    let task = json!({"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
        "Parameters": {"k.$": "States.Format('{}', $.k)"}, "Retry": [{"ErrorEquals": ["States.ALL"]}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "X", "ResultPath": "$.e"}], "ResultPath": "$.r", "End": true});
    vec![
        json!({"definition": map, "input": {"l": [1, 2, 3], "n": 2, "p": 5, "x": 1}, "inspectionLevel": "TRACE",
            "mock": {"result": [1], "fieldValidationMode": "STRICT"},
            "stateConfiguration": {"mapIterationFailureCount": 1, "mapItemReaderData": "[1]", "retrierRetryCount": 0}}),
        json!({"definition": task, "input": {"k": 1}, "variables": {"v": 1}, "context": {"State": {}},
            "inspectionLevel": "DEBUG", "mock": {"result": {"Item": {"a": {"S": "x"}}}}}),
        json!({"definition": task, "input": {"k": 1}, "mock": {"errorOutput": {"error": "E", "cause": "c"}},
            "stateConfiguration": {"retrierRetryCount": 3}, "inspectionLevel": "DEBUG"}),
        json!({"definition": {"Type": "Parallel", "Branches": [body("A"), body("B")], "End": true}, "mock": {"result": [1, 2]}}),
        json!({"definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "stateName": "A"}),
    ]
}

#[test]
fn any_member_may_be_anything() {
    for request in requests() {
        assert!(test_state(&request).is_ok(), "{:?}", test_state(&request));
        for pointer in pointers(&request) {
            for odd in odd_values() {
                let mut changed = request.clone();
                *changed.pointer_mut(&pointer).expect("there") = odd;
                check(&changed);
            }
        }
    }
}

#[test]
fn deep_definitions_and_large_data_are_survived() {
    let mut nested = r#"{"Type":"Pass","End":true}"#.to_string();
    for _ in 0..1_500 {
        nested = format!(
            r#"{{"Type":"Parallel","Branches":[{{"StartAt":"A","States":{{"A":{nested}}}}}],"End":true}}"#
        );
    }
    check(&json!({"definition": nested, "mock": {"result": "[1]"}}));
    check(
        &json!({"definition": format!(r#"{{"StartAt":"B","States":{{"B":{nested}}}}}"#), "stateName": "A"}),
    );
    let large = json!({"l": vec!["some words"; 100_000]});
    let definition = json!({"Type": "Pass", "End": true});
    let response =
        test_state(&json!({"definition": definition, "input": large.to_string()})).expect("a response");
    assert_eq!(response["error"], "States.DataLimitExceeded");
}

/// An answer has a status, a refusal a sentence.
fn check(request: &Value) {
    match test_state(request) {
        Ok(response) => assert!(response["status"].is_string(), "{request}"),
        Err(TestRefusal::Unsupported { rule, .. }) => assert!(!rule.is_empty()),
        Err(refusal) => assert!(!refusal.sentence().is_empty()),
    }
}

/// Every place in a value.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut idx = 0;
    while let Some(pointer) = found.get(idx).cloned() {
        idx += 1;
        match value.pointer(&pointer) {
            Some(Value::Object(members)) => {
                found.extend(
                    members
                        .keys()
                        .map(|it| format!("{pointer}/{}", it.replace('~', "~0").replace('/', "~1"))),
                );
            }
            Some(Value::Array(items)) => found.extend((0..items.len()).map(|it| format!("{pointer}/{it}"))),
            _ => {}
        }
    }
    found
}
