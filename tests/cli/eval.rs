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
fn jsonata_reads_input_variables_and_states() {
    check(&["--jsonata", "a.b[0] + 1", "--input", r#"{"a":{"b":[1,2]}}"#], "", json!(2));
    check(&["--jsonata", "$sum($v) & $w", "--variables", r#"{"v":[1,2],"w":"x"}"#], "", json!("3x"));
    check(
        &[
            "--jsonata",
            "$states.input.n & $states.context.State.Name",
            "--input",
            "-",
            "--context",
            r#"{"State":{"Name":"S"}}"#,
        ],
        r#"{"n":1}"#,
        json!("1S"),
    );
    check(
        &["--jsonata", "$states.result.n", "--variables", r#"{"states":{"result":{"n":1}}}"#],
        "",
        json!(1),
    );
    check(&["--jsonata", "$eval('1 + 1') ?? 3", "--dialect", "full"], "", json!(2));
    check(&["--jsonata", "$random(42)"], "", json!(0.7275636800328681));
    for expression in ["a", "$states.context", "$nothing"] {
        let outcome = stepglass(&["eval", "--jsonata", expression, "--input", "-"], "");
        assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "", ""), "{expression}");
    }
}

#[test]
fn jsonata_faults_have_the_codes_of_the_reference() {
    check_fault(&["--jsonata", "1 +"], "S0207", "Unexpected end of expression", json!(3));
    check_fault(&["--jsonata", "1 + 'é' & x("], "S0203", "", json!(12));
    check_fault(&["--jsonata", "1 + 'x'"], "T2002", "right side", json!(3));
    check_fault(&["--jsonata", "$sum"], "States.QueryEvaluationError", "function", Value::Null);
    check_fault(&["--jsonata", "$eval('1')"], "T1006", "non-function", json!(6));
    let endless = "($f := function($n) { $n + $f($n + 1) }; $f(0))";
    for depth in ["500", "4000000000"] {
        let outcome = stepglass(&["eval", "--jsonata", endless, "--depth", depth], "");
        assert_eq!((outcome.code, &outcome.json()["error"]["code"]), (1, &json!("U1001")));
    }
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
