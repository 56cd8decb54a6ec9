//! `stepglass eval`: values, nothing, and faults as JSON.

use serde_json::{Value, json};

use crate::stepglass;

#[track_caller]
fn check(args: &[&str], stdin: &str, expected: Value) {
    let outcome = stepglass(&[&["eval"], args].concat(), stdin);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""), "{}", outcome.out);
    assert!(outcome.out.ends_with('\n'));
    assert_eq!(outcome.json(), expected);
}

#[track_caller]
fn check_fault(args: &[&str], code: &str, message: &str, position: Value) {
    let outcome = stepglass(&[&["eval"], args].concat(), "");
    assert_eq!((outcome.code, outcome.err.as_str()), (1, ""));
    let error = outcome.json()["error"].clone();
    assert_eq!((&error["code"], &error["position"]), (&json!(code), &position), "{error}");
    assert!(error["message"].as_str().unwrap().contains(message), "{error}");
}

#[test]
fn paths_read_input_context_and_variables() {
    check(&["--jsonpath", "$.a[?(@.n>1)].n", "--input", r#"{"a":[{"n":1},{"n":2}]}"#], "", json!([2]));
    check(&["--jsonpath", "$.b", "--input", "-"], r#"{"b":"c"}"#, json!("c"));
    check(&["--jsonpath", "$$.Execution.Name", "--context", r#"{"Execution":{"Name":"x"}}"#], "", json!("x"));
    check(&["--jsonpath", "$v.w", "--variables", r#"{"v":{"w":3}}"#], "", json!(3));
}

#[test]
fn intrinsic_functions_are_called() {
    check(
        &["--intrinsic", "States.Format('{} of {}', $.a, 2)", "--input", r#"{"a":1}"#],
        "",
        json!("1 of 2"),
    );
    check(&["--intrinsic", "States.MathAdd(1, 2)"], "", json!(3));
}

#[test]
fn what_is_undefined_prints_nothing() {
    let outcome = stepglass(&["eval", "--jsonpath", "$", "--input", "-"], "");
    assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "", ""));
}

#[test]
fn faults_are_json_with_a_place() {
    check_fault(
        &["--jsonpath", "$.é.b", "--input", r#"{"é":{}}"#],
        "States.Runtime",
        "No results for path",
        json!(3),
    );
    check_fault(&["--intrinsic", "States.Nope()"], "SCHEMA_VALIDATION_FAILED", "", json!(0));
    check_fault(
        &["--intrinsic", "States.ArrayGetItem($, 7)", "--input", "[]"],
        "States.IntrinsicFailure",
        "",
        json!(0),
    );
}

#[test]
fn one_expression_is_asked_for() {
    for (args, sentence) in [
        (vec!["eval"], "required"),
        (vec!["eval", "--jsonpath", "$", "--intrinsic", "States.UUID()"], "cannot be used with"),
        (vec!["eval", "--jsonpath", "$", "--input", "{"], "The input is not JSON"),
        (vec!["eval", "--jsonpath", "$", "--dialect", "none"], "aws, full"),
    ] {
        let outcome = stepglass(&args, "");
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{args:?}");
        assert!(outcome.err.contains(sentence), "{args:?}: {}", outcome.err);
    }
}
