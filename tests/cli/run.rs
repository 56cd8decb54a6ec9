//! `stepglass run`: endings, histories, traces, and what is refused.

use std::fs;

use serde_json::{Value, json};

use crate::{Folder, MOCKS, Outcome, RETRIED, stepglass};

#[test]
fn a_run_that_succeeds_prints_its_output_and_history() {
    let outcome = run(&["--input", r#"{"n":2}"#, "--case", "paid"]);
    let report = outcome.json();
    assert_eq!((&report["status"], &report["output"]), (&json!("SUCCEEDED"), &json!({"ok": true})));
    assert_eq!(names(&report), ["status", "output", "history"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
}

#[test]
fn a_workflow_that_fails_exits_with_1_and_says_why_in_json() {
    let outcome = run(&["--input", r#"{"n":1}"#, "--case", "paid"]);
    let report = outcome.json();
    assert_eq!(names(&report), ["status", "error", "cause", "history"]);
    assert_eq!((&report["error"], &report["cause"]), (&json!("TooFew"), &json!("One is not enough")));
    assert_eq!(outcome.code, 1);
}

#[test]
fn events_are_those_of_aws_in_order() {
    let outcome =
        run(&["--input", r#"{"n":2}"#, "--case", "busy once", "--start-time", "1970-01-01T00:01:00Z"]);
    let report = outcome.json();
    let events = report["history"].as_array().unwrap();
    assert_eq!(
        events[0],
        json!({"timestamp": 60.0, "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
            "executionStartedEventDetails": {"input": "{\"n\":2}", "inputDetails": {"truncated": false},
                "roleArn": events[0]["executionStartedEventDetails"]["roleArn"]}})
    );
    assert_eq!(events.last().unwrap()["type"], "ExecutionSucceeded");
    assert_eq!(events.iter().filter(|it| it["type"] == "TaskScheduled").count(), 2);
    assert_eq!(report["output"], json!({"ok": 2}));
}

#[test]
fn a_trace_has_an_entry_for_each_attempt() {
    let report = run(&["--input", r#"{"n":2}"#, "--case", "busy once", "--trace"]).json();
    let trace = report["trace"].as_array().unwrap();
    let shown: Vec<(&str, u64, &str)> = trace
        .iter()
        .map(|it| {
            (it["state"].as_str().unwrap(), it["attempt"].as_u64().unwrap(), it["status"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("Check", 1, "SUCCEEDED"),
        ("Charge", 1, "RETRIABLE"),
        ("Charge", 2, "SUCCEEDED"),
        ("Done", 1, "SUCCEEDED"),
    ];
    assert_eq!(shown, expected);
    assert_eq!(trace[1]["inspectionData"]["afterParameters"], json!({"FunctionName": "charge"}));
    assert_eq!(trace[1]["fields"]["afterParameters"], "/States/Charge/Parameters");
    let details = json!({"retryIndex": 0, "retryBackoffIntervalSeconds": 2.0});
    assert_eq!(trace[1]["inspectionData"]["errorDetails"], details);
    assert_eq!(trace[2]["output"], json!({"ok": 2}));
}

#[test]
fn input_comes_from_the_argument_a_file_or_standard_input() {
    let folder = Folder::new("inputs");
    let input = folder.file("input.json", r#"{"n":2}"#);
    let by_word = run(&["--case", "paid", "--input", r#"{"n":2}"#]);
    let by_file = run(&["--case", "paid", "--input", &format!("@{input}")]);
    let by_name = run(&["--case", "paid", "--input", &input]);
    let by_pipe = run_with(&["--case", "paid", "--input", "-"], r#"{"n":2}"#);
    for other in [by_file, by_name, by_pipe] {
        assert_eq!(other.code, 0, "{}", other.err);
        assert_eq!(other.out, by_word.out);
    }
}

#[test]
fn facts_about_the_execution_are_those_of_the_command_line() {
    let definition = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"c.$":"$$","u.$":"States.UUID()"},"End":true}}}"#;
    let args =
        ["run", "-", "--name", "n1", "--machine", "m1", "--type", "EXPRESS", "--start-time", "0", "--seed"];
    let with_seed = |seed: &'static str| stepglass(&[args.as_slice(), &[seed]].concat(), definition).json();
    let (first, again, other) = (with_seed("1"), with_seed("1"), with_seed("2"));
    assert_eq!(first, again);
    assert_ne!(first["output"]["u"], other["output"]["u"]);
    let context = &first["output"]["c"];
    assert_eq!(context["Execution"]["Name"], "n1");
    assert_eq!(context["StateMachine"]["Name"], "m1");
    assert_eq!(context["Execution"]["StartTime"], "1970-01-01T00:00:00.000Z");
    assert!(context["Execution"]["Id"].as_str().unwrap().contains(":express:m1:n1:"), "{context}");
}

#[test]
fn another_machine_really_runs() {
    let folder = Folder::new("machines");
    let child =
        folder.file("child.asl.yaml", "StartAt: A\nStates: {A: {Type: Pass, Result: {n: 7}, End: true}}\n");
    let parent = r#"{"StartAt":"Start","States":{"Start":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
        "Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:Child","Input":{}},
        "OutputPath":"$.Output","End":true}}}"#;
    let arn_and_file = format!("arn:aws:states:us-east-1:123456789012:stateMachine:Child={child}");
    let outcome = stepglass(&["run", "-", "--machine-file", &arn_and_file], parent);
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
    assert_eq!(outcome.json()["output"], json!({"n": 7}));
}

#[test]
fn a_call_without_an_answer_is_named() {
    let outcome = run(&["--input", r#"{"n":2}"#, "--case", "nobody"]);
    assert_eq!((outcome.code, outcome.out.as_str()), (2, ""));
    assert!(outcome.err.contains("“Charge” calls arn:aws:states:::lambda:invoke"), "{}", outcome.err);
}

#[test]
fn what_aws_would_refuse_is_refused_with_its_words() {
    for (definition, kind, sentence) in [
        (r#"{"StartAt":"A","States":{}}"#, "STANDARD", "Value cannot be empty at /States"),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Nope"}}}"#,
            "STANDARD",
            "Standard input, line 1, column 38: SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these \
             values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type",
        ),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","End":true}}}"#,
            "EXPRESS",
            "Express state machine does not support '.waitForTaskToken' service integration",
        ),
    ] {
        let outcome = stepglass(&["run", "-", "--type", kind], definition);
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{}", outcome.err);
        assert!(outcome.err.contains(sentence), "{}", outcome.err);
    }
}

#[test]
fn wrong_requests_exit_with_2_and_a_sentence() {
    let folder = Folder::new("wrong");
    let good = folder.file("good.asl.json", RETRIED);
    let broken = folder.file("broken.asl.json", &RETRIED[..RETRIED.len() - 2]);
    let list = folder.file("list.json", "[1,2]");
    let binary = folder.path("binary.json");
    fs::write(&binary, [0xff, 0xfe, 0x00, 0x01]).unwrap();
    let binary = binary.to_string_lossy().into_owned();
    let mocks = folder.file("mocks.json", MOCKS);
    let other = format!("arn:aws:states:us-east-1:1:stateMachine:x={good}");
    let nowhere = format!("arn:aws:states:us-east-1:1:stateMachine:x={}", folder.path("no.json").display());
    for (args, sentence) in [
        (vec!["run", "no such file.json"], "Cannot read “no such file.json”: there is no such file"),
        (vec!["run", &broken], "line 6, column 27: Expected “}”"),
        (vec!["render", "--json", &list], "not a state machine"),
        (vec!["render", "--json", &binary], "is not a text file in UTF-8"),
        (vec!["render", "--svg", "--json", &good], "cannot be used with"),
        (vec!["render", &good], "--json"),
        (vec!["run", &good, "--input", "{n:1}"], "The input is not JSON"),
        (vec!["run", &good, "--input", "@nowhere.json"], "Cannot read “nowhere.json”"),
        (vec!["run", &good, "--input", "nowhere.json"], "There is no file “nowhere.json”"),
        (vec!["run", &good, "--start-time", "yesterday"], "“yesterday” is no time"),
        (vec!["run", &good, "--name", ""], "Invalid Name: ''"),
        (vec!["run", &good, "--name", "a b"], "Invalid Name: 'a b'"),
        (vec!["run", &good, "--type", "FAST"], "STANDARD, EXPRESS"),
        (vec!["run", &good, "--machine-file", "x.json"], "does not have the form ARN=FILE"),
        (vec!["run", &good, "--machine-file", &nowhere], "there is no such file"),
        (
            vec!["run", &good, "--machine-file", &other, "--machine-file", &other],
            "There are two files for “arn:",
        ),
        (
            vec!["run", &good, "--mocks", &mocks],
            "choose one with --case. It has “paid”, “busy once”, “nobody”",
        ),
        (vec!["run", &good, "--mocks", &mocks, "--case", "x"], "has no test case “x”"),
        (vec!["run", &good, "--mocks", &good, "--case", "x"], "The file has no StateMachines"),
        (vec!["run", "-", "--input", "-"], "Only one of definition and input"),
        (vec!["paint"], "unrecognized subcommand"),
    ] {
        let outcome = stepglass(&args, "");
        assert_eq!(outcome.code, 2, "{args:?}: {}", outcome.err);
        assert!(outcome.err.contains(sentence), "{args:?}: {}", outcome.err);
        assert_eq!(outcome.out, "", "{args:?}");
    }
}

fn names(report: &Value) -> Vec<&str> {
    report.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Runs the definition above with the mocks above.
fn run(args: &[&str]) -> Outcome {
    run_with(args, "")
}

fn run_with(args: &[&str], stdin: &str) -> Outcome {
    let folder = Folder::new("run");
    let (definition, mocks) = (folder.file("orders.asl.json", RETRIED), folder.file("mocks.json", MOCKS));
    let all: Vec<&str> =
        ["run", &definition, "--mocks", &mocks].into_iter().chain(args.iter().copied()).collect();
    stepglass(&all, stdin)
}

#[test]
fn the_other_source_is_followed_on_the_questions_named() {
    let definition =
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x.$":"$.no"},"End":true}}}"#;
    let error = |args: &[&str]| {
        let outcome = stepglass(&[&["run", "-"], args].concat(), definition);
        assert_eq!(outcome.code, 1, "{}", outcome.err);
        outcome.json()["error"].clone()
    };
    assert_eq!(error(&[]), "States.Runtime");
    assert_eq!(error(&["--sources", "map-items,template-path"]), "States.ParameterPathFailure");
    assert_eq!(error(&["--sources", "map-items"]), "States.Runtime");

    let refused = stepglass(&["run", "-", "--sources", "template-path,nonsense"], definition);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert_eq!(
        refused.err.trim_end(),
        "“nonsense” is no question on which sources disagree. There are template-path, heartbeat-loss, \
         data-limit, task-failed, map-items, branch-error"
    );
    let fixed = stepglass(&["run", "-", "--sources", "processor-language"], definition);
    assert_eq!((fixed.code, fixed.out.as_str()), (2, ""));
    assert!(fixed.err.contains("cannot be chosen"), "{}", fixed.err);
    let help = stepglass(&["run", "--help"], "").out;
    assert!(help.contains("heartbeat-loss: A task sends no heartbeat within HeartbeatSeconds"), "{help}");
}
