//! `stepglass state`: the response of TestState for a state of a file.

use serde_json::json;

use crate::{Folder, RETRIED, stepglass};

#[test]
fn a_state_of_a_machine_answers_as_teststate_does() {
    let folder = Folder::new("state");
    let file = folder.file("orders.asl.json", RETRIED);
    let mock = r#"{"errorOutput":{"error":"Busy","cause":"later"}}"#;
    let args = ["state", &file, "--state", "Charge", "--input", "{}", "--mock", mock, "--level", "DEBUG"];
    let outcome = stepglass(&args, "");
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
    assert_eq!(
        outcome.json(),
        json!({"error": "Busy", "cause": "later", "inspectionData": {"input": "{}", "afterInputPath": "{}",
            "afterParameters": "{\"FunctionName\":\"charge\"}",
            "errorDetails": {"retryIndex": 0, "retryBackoffIntervalSeconds": 2}}, "status": "RETRIABLE"})
    );
    let count =
        stepglass(&[args.as_slice(), &["--state-configuration", r#"{"retrierRetryCount":1}"#]].concat(), "");
    assert_eq!(count.json()["status"], "FAILED");
}

#[test]
fn a_state_alone_takes_all_its_data_from_options() {
    let state = r#"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters":{"t.$":"$$.Task.Token","v.$":"$v"},"ResultPath":"$.r","Next":"There"}"#;
    let folder = Folder::new("state-data");
    let input = folder.file("input.json", r#"{"i":1}"#);
    let args = [
        "state",
        "-",
        "--input",
        &format!("@{input}"),
        "--variables",
        r#"{"v":2}"#,
        "--context",
        r#"{"Task":{"Token":"abc"}}"#,
        "--mock",
        r#"{"result":"[1, 2]"}"#,
        "--level",
        "TRACE",
    ];
    let response = stepglass(&args, state).json();
    assert_eq!(response["output"], r#"{"i":1,"r":[1,2]}"#);
    assert_eq!(response["nextState"], "There");
    assert_eq!(response["inspectionData"]["afterParameters"], r#"{"t":"abc","v":2}"#);
    assert_eq!(response["inspectionData"]["variables"], r#"{"v":2}"#);
}

#[test]
fn a_refusal_of_aws_exits_with_2_and_its_reason() {
    let folder = Folder::new("state-wrong");
    let file = folder.file("orders.asl.json", RETRIED);
    for (args, sentence) in [
        (
            vec!["--state", "Charge"],
            "ValidationException: RoleArn must be specified when testing a Task state",
        ),
        (vec!["--state", "Nobody"], "ValidationException: State not found in definition"),
        (vec!["--state", "Done", "--mock", r#"{"result":"1"}"#], "State type 'Succeed' is not supported"),
        (
            vec!["--state", "Done", "--mock", r#"{"Result":"1"}"#],
            "Unknown parameter in mock: \"Result\", must be one of",
        ),
        (vec!["--state", "Done", "--level", "LOUD"], "INFO"),
        (vec!["--state", "Done", "--variables", "[]"], "'variables' must be a JSON object"),
        (vec![], "The field 'Type' is required but was missing at /States/StateName"),
    ] {
        let all: Vec<&str> = ["state", &file].into_iter().chain(args.iter().copied()).collect();
        let outcome = stepglass(&all, "");
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{args:?}");
        assert!(outcome.err.contains(sentence), "{args:?}: {}", outcome.err);
    }
}
