//! No definition, input or mock file makes the simulator panic, hang or grow without bound.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use stepglass::sim::{
    Answer, Happening, Mocks, Objects, Program, Run, RunRequest, RunStatus, Settings, check,
    scenarios_from_file, scenarios_to_file,
};

/// Runs a few steps of anything and answers what it asks.
fn play(definition: &Value, input: Value) -> Run {
    play_with(definition, input, Mocks::default())
}

fn play_with(definition: &Value, input: Value, mocks: Mocks) -> Run {
    let program = Arc::new(Program::from_value(definition, 0));
    let mut run = Run::start(RunRequest {
        program,
        input: Arc::new(input),
        mocks,
        seed: 1,
        settings: Settings::default(),
        start: None,
    });
    for _ in 0..200 {
        match run.advance(100) {
            RunStatus::Ended => break,
            RunStatus::Going => {}
            RunStatus::Asking => run.answer(Answer::Return(Arc::new(json!({"a": [1]})))),
        }
    }
    run
}

#[track_caller]
fn check_failure(definition: Value, input: Value, name: &str, cause: &str) {
    let run = play(&definition, input);
    let Some(Happening::ExecutionFailed { error }) = run.outcome() else { panic!("{:?}", run.outcome()) };
    assert_eq!(error.name, name);
    assert!(error.cause.contains(cause), "{} should contain {cause}", error.cause);
}

#[test]
fn what_cannot_run_stops_with_a_sentence() {
    let stop = "Stepglass.CannotRun";
    check_failure(json!(null), json!({}), stop, "StartAt is missing");
    check_failure(json!({"StartAt": "A"}), json!({}), stop, "There is no state “A” here");
    check_failure(json!({"StartAt": "A", "States": {"A": 5}}), json!({}), stop, "State “A” has no Type");
    let state = |state: Value| json!({"StartAt": "A", "States": {"A": state}});
    check_failure(state(json!({"Type": "Loop"})), json!({}), stop, "unknown Type “Loop”");
    check_failure(state(json!({"Type": "Pass"})), json!({}), stop, "says neither Next nor End");
    check_failure(state(json!({"Type": "Pass", "Next": "B"})), json!({}), stop, "There is no state “B” here");
    check_failure(state(json!({"Type": "Task", "End": true})), json!({}), stop, "has no Resource");
    check_failure(state(json!({"Type": "Map", "End": true})), json!([1]), stop, "has no ItemProcessor");
    check_failure(state(json!({"Type": "Parallel", "End": true})), json!({}), stop, "has no Branches");
    check_failure(state(json!({"Type": "Choice"})), json!({}), stop, "has no rules");
    let parquet = json!({"Type": "Map", "End": true, "ItemReader": {"ReaderConfig": {"InputType": "PARQUET"}},
        "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}});
    check_failure(state(parquet), json!({}), stop, "reads Parquet files");
    // Inside a Map no catcher helps either.
    let map = json!({"Type": "Map", "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A"}],
        "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Pass"}}}});
    check_failure(state(map), json!([1, 2]), stop, "says neither Next nor End");
}

#[test]
fn what_is_not_yet_supported_is_refused_with_state_and_field() {
    let program = Program::from_value(
        &json!({"StartAt": "M", "States": {
            "M": {"Type": "Map", "End": true, "ItemReader": {"ReaderConfig": {"InputType": "PARQUET"}},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "P",
                "States": {"P": {"Type": "Pass", "End": true}}}}
        }}),
        0,
    );
    let refusals: Vec<(&str, &str)> =
        program.refusals().iter().map(|it| (it.state.as_str(), it.field.as_str())).collect();
    assert_eq!(refusals, [("/States/M", "ItemReader")]);
}

#[test]
fn data_that_nests_ever_deeper_fails_in_time() {
    let branch = json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}});
    let around =
        json!({"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [branch], "Next": "A"}}});
    check_failure(around, json!(1), "States.DataLimitExceeded", "nested deeper than");
}

#[test]
fn data_that_grows_ever_larger_fails_in_time() {
    let twice = json!({"Type": "Pass", "Parameters": {"a.$": "States.Array($, $)"}, "OutputPath": "$.a", "Next": "A"});
    let definition = json!({"StartAt": "A", "States": {"A": twice}});
    let cause = "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.";
    check_failure(definition, json!("text"), "States.DataLimitExceeded", cause);
}

#[test]
fn deep_definitions_are_survived() {
    let mut inner = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
    // Texts are read no deeper than 512 levels, of which a Parallel takes four.
    for _ in 0..120 {
        inner =
            json!({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [inner], "End": true}}});
    }
    let run = play(&inner, json!({}));
    assert!(100 < run.trace().len());
    let mut template = json!(1);
    for _ in 0..1_500 {
        template = Value::Array(vec![template]);
    }
    let definition =
        json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": template, "End": true}}});
    check_failure(definition, json!({}), "Stepglass.CannotRun", "nested deeper than");
}

/// One definition with everything in it, to be damaged.
fn rich() -> Value {
    json!({"StartAt": "T", "TimeoutSeconds": 500, "States": {
        "T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "InputPath": "$.in",
            "Parameters": {"t.$": "$$.Task.Token"}, "ResultSelector": {"r.$": "$.a"}, "ResultPath": "$.t",
            "TimeoutSecondsPath": "$.n", "HeartbeatSeconds": 3, "Credentials": {"RoleArn": "x"},
            "Retry": [{"ErrorEquals": ["A"], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 2}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "C"}], "Next": "M"},
        "M": {"Type": "Map", "ItemsPath": "$.in.list", "ItemSelector": {"v.$": "$$.Map.Item.Value"},
            "MaxConcurrencyPath": "$.in.n", "ResultPath": "$.m", "Next": "R",
            "ItemProcessor": {"StartAt": "W", "States": {
                "W": {"Type": "Wait", "SecondsPath": "$.v", "Next": "F"},
                "F": {"Type": "Pass", "Assign": {"x.$": "States.MathAdd($.v, 1)"}, "End": true}}}},
        "R": {"Type": "Map", "Label": "r", "MaxConcurrency": 2, "ResultPath": "$.r", "Next": "C",
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/a", "MaxItemsPath": "$.n"},
                "Parameters": {"Bucket": "b", "Key.$": "$.s"}},
            "ItemBatcher": {"BatchInput": {"n.$": "$.n"}, "MaxItemsPerBatch": 2, "MaxInputBytesPerBatchPath": "$.n"},
            "ToleratedFailurePercentagePath": "$.n", "ToleratedFailureCount": 1,
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix.$": "$.s"},
                "WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSONL"}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                "StartAt": "I", "States": {"I": {"Type": "Pass", "OutputPath": "$.Items", "End": true}}}},
        "C": {"Type": "Choice", "Choices": [
            {"And": [{"Variable": "$.in.n", "NumericGreaterThanPath": "$.in.n"},
                {"Not": {"Variable": "$.s", "StringMatches": "*a"}}], "Next": "E"}], "Default": "P"},
        "P": {"Type": "Parallel", "Branches": [
            {"StartAt": "B", "States": {"B": {"Type": "Succeed", "OutputPath": "$.in"}}},
            {"StartAt": "D", "States": {"D": {"Type": "Wait", "Timestamp": "2026-01-01T00:00:00Z", "End": true}}}],
            "OutputPath": "$[0]", "Next": "E"},
        "E": {"Type": "Fail", "ErrorPath": "States.Format('{}', $.n)", "Cause": "c"}
    }})
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!(1e300)),
        Just(json!(u64::MAX)),
        Just(json!("")),
        Just(json!("$")),
        Just(json!("$$")),
        Just(json!("$.in[*]..a[?(@.b)]")),
        Just(json!("States.Array(States.Array(")),
        Just(json!("é\u{1F600}\u{202E}")),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"x.$": "$.none"}])),
        Just(json!({"x.$": 5, "__proto__": {"States": 1}})),
        "\\PC{0,12}".prop_map(Value::from),
    ]
}

/// Puts a value at the place with this number, counted through the whole document.
fn damage(value: &mut Value, at: &mut usize, odd: &Value) {
    if *at == 0 {
        *value = odd.clone();
        *at = usize::MAX;
        return;
    }
    *at -= 1;
    match value {
        Value::Array(items) => items.iter_mut().for_each(|it| damage(it, at, odd)),
        Value::Object(members) => members.values_mut().for_each(|it| damage(it, at, odd)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_definitions_never_panic(
        damages in proptest::collection::vec((0..200_usize, odd_value()), 1..4),
        input in odd_value(),
    ) {
        let mut definition = rich();
        for (at, odd) in damages {
            damage(&mut definition, &mut at.clone(), &odd);
        }
        play(&definition, json!({"in": {"list": [1, 2], "n": 2}, "n": 4, "s": "a", "odd": input}));
        play(&definition, input);
    }

    #[test]
    fn damaged_mock_files_never_panic(damages in proptest::collection::vec((0..120_usize, odd_value()), 1..4)) {
        let arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:child";
        let mut file = json!({
            "StateMachines": {
                "m": {"TestCases": {"c": {"T": "r", "W": "q"}, "d": {"T": "q"}}},
                "child": {"TestCases": {"c": {"A": "q"}}}
            },
            "MockedResponses": {
                "r": {"0": {"Return": 1, "DelaySeconds": 2.5}, "1-2": {"Throw": {"Error": "E", "Cause": "c"}},
                    "3": {"Throw": {"Error": "States.Timeout"}, "LoseHeartbeat": true}},
                "q": {"0-99999999": {"Choices": [
                    {"Item": "0-1", "RetryCount": 2, "When": {"a": [1, {"b": null}]}, "Compute": {"x.$": "$$.State"}},
                    {"When": 1, "Return": {}, "DelaySeconds": 0}
                ], "Compute": {"y.$": "States.Array($)"}, "Return": []}}
            },
            "Objects": {"s3://b/k": [1, {"a": 2}], "s3://b/l": "text"},
            "Machines": {
                arn: {"Definition": {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "f", "End": true}}},
                    "Case": "c", "Type": "EXPRESS"},
                "plain": {"StartAt": "A", "States": {}}
            },
            "Stepglass": {"Title": "t", "Scenarios": {"c": {"Input": {}, "Note": "n",
                "Expect": {"Status": "FAILED", "Output": {}, "OutputContains": 1, "Error": "", "Cause": "", "Path": ["T"]}}}}
        });
        for (at, odd) in damages {
            damage(&mut file, &mut at.clone(), &odd);
        }
        match scenarios_from_file(&file) {
            Err(sentence) => assert!(!sentence.is_empty() && !sentence.ends_with('.'), "{sentence}"),
            Ok(read) => {
                let (written, before) = (scenarios_to_file(&read).to_string(), file.to_string());
                assert!(written == before, "nothing was changed");
                let program = Arc::new(Program::from_value(&json!({"StartAt": "T", "States": {
                    "T": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync",
                        "Parameters": {"StateMachineArn": arn}, "HeartbeatSeconds": 2, "Next": "W"},
                    "W": {"Type": "Task", "Resource": "f", "End": true}}}), 0));
                for scenario in read.scenarios {
                    let (input, mocks) = (scenario.input.clone(), scenario.mocks.clone());
                    let mut run =
                        Run::start(RunRequest { program: program.clone(), input, mocks, ..RunRequest::default() });
                    run.finish();
                    let _ = check(&scenario, &run);
                }
            }
        }
    }

    #[test]
    fn no_object_breaks_a_reader(
        text in prop_oneof!["[\\PC\n\r\"\\\\,|]{0,60}", Just("[".repeat(5_000)), Just("\"".repeat(999))],
        content in odd_value(),
        kind in 0..6_usize,
        lists in any::<bool>(),
    ) {
        let config = [
            json!({"InputType": "CSV"}),
            json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", 1, "b"], "CSVDelimiter": "PIPE"}),
            json!({"InputType": "JSON"}),
            json!({"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN"}),
            json!({"InputType": "MANIFEST"}),
            json!({"InputType": "JSONL", "ManifestType": "ATHENA_DATA"}),
        ][kind].clone();
        let resource = if lists { "arn:aws:states:::s3:listObjectsV2" } else { "arn:aws:states:::s3:getObject" };
        let definition = json!({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
            "ItemReader": {"Resource": resource, "ReaderConfig": config, "Parameters": {"Bucket": "b", "Key": "k"}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "A",
                "States": {"A": {"Type": "Pass", "End": true}}}}}});
        for content in [Value::from(text), content] {
            let mut objects = Objects::default();
            objects.put("s3://b/k".to_string(), Arc::new(content));
            play_with(&definition, json!({}), Mocks { objects: Arc::new(objects), ..Mocks::default() });
        }
    }
}
