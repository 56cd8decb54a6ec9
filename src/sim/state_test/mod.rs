//! One state alone, as AWS's TestState runs it: the same request, the same response, the same
//! refusals. Calls are never made: what they would give comes as a mock, and what is inside a Map
//! or Parallel is not run.
//!
//! Read `request` (what is asked), `subject` (the state out of its definition), `check` (what AWS
//! refuses), `trial` (the state runs), `response` (which members a level shows).

mod request;
mod subject;
mod check;
mod shapes;
mod apis;
mod trial;
mod items;
mod response;

use serde_json::Value;

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestRefusal {
    /// AWS refuses the request, with this code (`ValidationException`) and message.
    Aws { code: &'static str, message: String },
    /// AWS would answer, this simulator cannot; the sentence says why.
    Unsupported { rule: &'static str, sentence: String },
}

/// Carries out a TestState request and gives its response, both with the members of that API.
///
/// Where the API takes JSON text (`definition`, `input`, `mock.result`, …), a value that is no
/// text is taken as it is.
pub fn test_state(request: &Value) -> Result<Value, TestRefusal> {
    let test = request::read(request)?;
    let subject = subject::subject(&test)?;
    check::check(&test, &subject)?;
    let trial = trial::run(&test, &subject)?;
    Ok(response::response(&test, &subject, trial))
}

impl TestRefusal {
    fn validation(message: impl Into<String>) -> TestRefusal {
        TestRefusal::Aws { code: "ValidationException", message: message.into() }
    }

    fn definition(message: impl Into<String>) -> TestRefusal {
        TestRefusal::Aws { code: "InvalidDefinition", message: message.into() }
    }

    /// The whole sentence for the user.
    pub fn sentence(&self) -> String {
        match self {
            TestRefusal::Aws { code, message } => format!("{code}: {message}"),
            TestRefusal::Unsupported { sentence, .. } => sentence.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Tests a state with a mocked result or none and compares the whole response.
    #[track_caller]
    fn check(request: Value, expected: Value) {
        assert_eq!(test_state(&request), Ok(expected));
    }

    #[track_caller]
    fn check_refused(request: Value, sentence: &str) {
        let refusal = test_state(&request).map_err(|it| it.sentence());
        assert_eq!(refusal, Err(sentence.to_string()));
    }

    #[test]
    fn a_level_shows_what_it_shows() {
        let definition =
            json!({"Type": "Pass", "Parameters": {"a": 1}, "ResultPath": "$.b", "Next": "There"});
        let request =
            |level: &str| json!({"definition": definition, "input": "{}", "inspectionLevel": level});
        check(
            request("INFO"),
            json!({"output": "{\"b\":{\"a\":1}}", "nextState": "There", "status": "SUCCEEDED"}),
        );
        check(
            request("DEBUG"),
            json!({"output": "{\"b\":{\"a\":1}}", "inspectionData": {"input": "{}", "afterInputPath": "{}",
                "afterParameters": "{\"a\":1}", "afterResultSelector": "{\"a\":1}",
                "afterResultPath": "{\"b\":{\"a\":1}}"}, "nextState": "There", "status": "SUCCEEDED"}),
        );
    }

    #[test]
    fn a_mocked_error_is_retried_until_the_count_is_used_up_and_then_caught() {
        let request = |count: u64| {
            json!({"definition": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "MaxAttempts": 2}],
                "Catch": [{"ErrorEquals": ["Lost"], "Next": "X"}, {"ErrorEquals": ["States.ALL"],
                    "ResultPath": "$.e", "Next": "Mend"}], "End": true},
                "inspectionLevel": "DEBUG", "mock": {"errorOutput": {"error": "Busy", "cause": "why"}},
                "stateConfiguration": {"retrierRetryCount": count}})
        };
        let stages = |details: Value| json!({"input": "{}", "afterInputPath": "{}", "afterParameters": "{}", "errorDetails": details});
        check(
            request(1),
            json!({"error": "Busy", "cause": "why", "status": "RETRIABLE",
                "inspectionData": stages(json!({"retryIndex": 0, "retryBackoffIntervalSeconds": 6}))}),
        );
        check(
            request(2),
            json!({"output": "{\"e\":{\"Error\":\"Busy\",\"Cause\":\"why\"}}", "error": "Busy", "cause": "why",
                "inspectionData": stages(json!({"catchIndex": 1, "retryIndex": 0})),
                "nextState": "Mend", "status": "CAUGHT_ERROR"}),
        );
    }

    #[test]
    fn a_map_shows_its_items_and_fails_above_its_tolerance() {
        let request = |n_failed: u64| {
            json!({"definition": {"Type": "Map", "ItemsPath": "$.l", "MaxConcurrency": 2,
                "ToleratedFailurePercentage": 50, "ItemSelector": {"n.$": "$$.Map.Item.Value"},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                    "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}, "ResultPath": "$.r", "End": true},
                "input": "{\"l\":[1,2]}", "inspectionLevel": "TRACE", "mock": {"result": "[3,4]"},
                "stateConfiguration": {"mapIterationFailureCount": n_failed}})
        };
        check(
            request(1),
            json!({"output": "{\"l\":[1,2],\"r\":[3,4]}", "inspectionData": {"input": "{\"l\":[1,2]}",
                "afterInputPath": "{\"l\":[1,2]}", "afterResultSelector": "[3,4]",
                "afterResultPath": "{\"l\":[1,2],\"r\":[3,4]}", "afterItemsPath": "[1,2]",
                "afterItemSelector": "[{\"n\":1},{\"n\":2}]", "toleratedFailurePercentage": 50.0,
                "maxConcurrency": 2}, "status": "SUCCEEDED"}),
        );
        let failed = test_state(&request(2)).expect("a response");
        assert_eq!(failed["error"], "States.ExceedToleratedFailureThreshold");
    }

    /// The names of the members of `inspectionData` at the level DEBUG, input left out.
    #[track_caller]
    fn check_stages(definition: Value, mock: Value, expected: &[&str]) {
        let mut request =
            json!({"definition": definition, "input": "{\"l\":[1]}", "inspectionLevel": "DEBUG"});
        if !mock.is_null() {
            request["mock"] = mock;
        }
        let response = test_state(&request).expect("a response");
        let names = response["inspectionData"].as_object().expect("an object").keys();
        let names: Vec<&str> = names.map(String::as_str).filter(|it| *it != "input").collect();
        assert_eq!(names, expected, "{response}");
    }

    #[test]
    fn every_type_shows_stages_of_its_own() {
        let task = json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true});
        let branch = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}});
        let parallel = json!({"Type": "Parallel", "InputPath": "$.l", "Branches": [branch], "End": true});
        let map =
            |path: &str| json!({"Type": "Map", "ItemsPath": path, "ItemProcessor": branch, "End": true});
        let result = json!({"result": "[1]", "fieldValidationMode": "NONE"});
        let error = json!({"errorOutput": {"error": "E"}});
        let before = ["afterInputPath", "afterParameters"];
        let after = ["afterResultSelector", "afterResultPath"];
        check_stages(task.clone(), result.clone(), &[&before[..], &["result"], &after].concat());
        check_stages(task, error.clone(), &before);
        check_stages(parallel.clone(), result.clone(), &after);
        check_stages(parallel, error.clone(), &[]);
        let items = ["afterItemsPath", "maxConcurrency"];
        check_stages(map("$.l"), result.clone(), &[&["afterInputPath"], &after[..], &items].concat());
        check_stages(map("$.l"), error, &[&["afterInputPath"], &items[..]].concat());
        check_stages(map("$"), result, &["afterInputPath"]);
        check_stages(
            json!({"Type": "Pass", "Result": 1, "End": true}),
            Value::Null,
            &[&["result"], &after[..]].concat(),
        );
        check_stages(json!({"Type": "Wait", "Seconds": 9, "Next": "X"}), Value::Null, &["afterInputPath"]);
        check_stages(json!({"Type": "Fail", "Error": "E"}), Value::Null, &["afterInputPath"]);
    }

    #[test]
    fn a_choice_names_the_way_it_takes() {
        let definition = json!({"Type": "Choice", "Default": "Else",
            "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "One"}]});
        let next = |input: &str| {
            test_state(&json!({"definition": definition, "input": input})).expect("a response")["nextState"]
                .clone()
        };
        assert_eq!((next("{\"n\":1}"), next("{\"n\":2}")), (json!("One"), json!("Else")));
    }

    #[test]
    fn the_context_is_the_given_one_or_that_of_a_test() {
        let task = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
            "Parameters": {"c.$": "$$"}});
        let seen = |context: Option<Value>| {
            let mut request =
                json!({"definition": task, "inspectionLevel": "DEBUG", "mock": {"result": "{}"}});
            if let Some(context) = context {
                request["context"] = context;
            }
            let response = test_state(&request).expect("a response");
            let text = response["inspectionData"]["afterParameters"].as_str().expect("text").to_string();
            serde_json::from_str::<Value>(&text).expect("JSON")["c"].clone()
        };
        assert_eq!(seen(Some(json!({"State": {"Name": "x"}}))), json!({"State": {"Name": "x"}}));
        let own = seen(None);
        assert_eq!((&own["State"]["Name"], &own["State"]["RetryCount"]), (&json!("StateName"), &json!(0)));
        assert_eq!(own["Execution"]["RedriveCount"], Value::Null);
        check_refused(
            json!({"definition": task, "mock": {"result": "{}"}, "context": {"Map": {}}}),
            "ValidationException: Invalid Context object provided: 'Map' field is not supported when mocking a \
             Context object",
        );
    }

    #[test]
    fn variables_are_read_and_shown() {
        let request = json!({"definition": {"Type": "Pass", "Parameters": {"x.$": "$v"}, "Assign": {"w": 2},
            "End": true}, "variables": "{\"v\":1}", "inspectionLevel": "DEBUG"});
        let response = test_state(&request).expect("a response");
        assert_eq!(response["output"], "{\"x\":1}");
        assert_eq!(response["inspectionData"]["variables"], "{\"v\":1,\"w\":2}");
    }

    #[test]
    fn requests_that_cannot_be_carried_out_are_refused() {
        let task = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true});
        check_refused(
            json!({"definition": task}),
            "ValidationException: RoleArn must be specified when testing a Task state",
        );
        check_refused(
            json!({"definition": task, "mock": {"result": "{\"StatusCode\":\"x\"}"}}),
            "ValidationException: Mock result schema validation error: Field 'StatusCode' must be a number",
        );
        check_refused(
            json!({"definition": {"Type": "Wait", "Seconds": 1, "End": true}, "mock": {"result": "1"}}),
            "ValidationException: State type 'Wait' is not supported when a mock is specified",
        );
        check_refused(
            json!({"definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "stateName": "B"}),
            "ValidationException: State not found in definition",
        );
        check_refused(
            json!({"definition": {"Type": "Parallel", "Next": "Elsewhere", "Branches": [{"StartAt": "A",
                "States": {"A": {"Type": "Pass", "Next": "B"}}}]}, "mock": {"result": "[1]"}}),
            "InvalidDefinition: Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B \
             at /States/StateName/Branches/0/States/A/Next'",
        );
        check_refused(
            json!({"definition": {"Type": "Nope"}}),
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The field 'Type' \
             should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at \
             /States/StateName/Type'",
        );
    }
}
