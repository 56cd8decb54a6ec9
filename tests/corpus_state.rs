//! States tested alone against what AWS's TestState was recorded answering: the whole response
//! with every member, or the reason of the refusal.
//!
//! The corpus lies outside of the project (`STEPGLASS_CORPUS`, else `../shared/corpus`); without
//! it this test says so and passes. A case is left out only by one of the rules that the report
//! names; every other difference fails the test unless it is listed with its reason.

mod recorded;

use std::collections::{BTreeMap, BTreeSet};

use recorded::Verdict;
use serde_json::{Map, Value, json};
use stepglass::sim::{TestRefusal, test_state};

/// Recordings that are answered otherwise here, with the reason. A case that is listed and agrees
/// is a failure too, so that the list stays true.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[];

#[test]
fn recorded_state_tests_agree() {
    let Some(cases) = recorded::read_lines("aws-recorded/teststate.jsonl") else { return };
    // Cases, and the distinct definitions among them.
    let mut tally: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
    let mut faults = Vec::new();
    for case in &cases {
        let id = case["id"].as_str().unwrap_or_default();
        let is_known = KNOWN_DIFFERENCES.iter().any(|(known, _)| id.contains(known));
        let kind = if case["response"].get("status").is_some() { "responses" } else { "refusals" };
        let (row, fault) = match check(case) {
            Verdict::Skipped(rule) => (format!("skipped: {rule}"), None),
            Verdict::Equal if is_known => ("equal".to_string(), Some("is listed but agrees".to_string())),
            Verdict::Equal => ("equal".to_string(), None),
            Verdict::Different(_) if is_known => ("different, reason known".to_string(), None),
            Verdict::Different(what) => ("different".to_string(), Some(what)),
        };
        let (n, definitions) = tally.entry(format!("{kind}: {row}")).or_default();
        *n += 1;
        definitions.insert(case["request"]["definition"].to_string());
        faults.extend(fault.map(|it| format!("{id}\n    {it}")));
    }
    for (row, (n, definitions)) in &tally {
        println!("state tests {n:4} cases, {:4} distinct definitions: {row}", definitions.len());
    }
    assert!(faults.is_empty(), "{} state tests differ\n{}", faults.len(), faults.join("\n"));
}

fn check(case: &Value) -> Verdict {
    let answer = match test_state(&case["request"]) {
        Err(TestRefusal::Unsupported { rule: "a real call", .. }) => {
            test_state(&with_recorded_result(&case["request"], &case["response"]))
        }
        answer => answer,
    };
    match (&case["response"], answer) {
        (recorded, Ok(response)) if recorded.get("status").is_some() => {
            match difference(recorded, &response) {
                None => Verdict::Equal,
                Some(what) => Verdict::Different(what),
            }
        }
        (recorded, Err(TestRefusal::Aws { code, message })) if recorded.get("status").is_none() => {
            match refusal(recorded) {
                (it, words) if it == code && words == message => Verdict::Equal,
                (it, words) => Verdict::Different(format!("{it}: {words}\n    but here {code}: {message}")),
            }
        }
        (recorded, answer) => Verdict::Different(format!("{recorded}\n    but here {answer:?}")),
    }
}

/// AWS made a real call. What it answered stands in the response, which says nothing of what this
/// simulator makes of it.
fn with_recorded_result(request: &Value, response: &Value) -> Value {
    let result = response["inspectionData"].get("result").unwrap_or(&response["output"]);
    let mut request = request.clone();
    request["mock"] = json!({ "result": result, "fieldValidationMode": "NONE" });
    request
}

/// Every member of either side.
fn difference(recorded: &Value, response: &Value) -> Option<String> {
    let mut recorded = recorded.as_object().cloned().unwrap_or_default();
    recorded.remove("ResponseMetadata");
    let response = response.as_object().cloned().unwrap_or_default();
    object_difference(&recorded, &response)
}

fn object_difference(recorded: &Map<String, Value>, response: &Map<String, Value>) -> Option<String> {
    for (name, was) in recorded {
        let Some(is) = response.get(name) else { return Some(format!("{name} {was} is missing")) };
        if name == "inspectionData" || name == "errorDetails" {
            let (Some(was), Some(is)) = (was.as_object(), is.as_object()) else {
                return Some(format!("{name} is no object"));
            };
            if let Some(what) = object_difference(was, is) {
                return Some(format!("{name}: {what}"));
            }
            continue;
        }
        if !recorded::same(was, is) {
            return Some(format!("{name} {was}\n    but here {is}"));
        }
    }
    response
        .keys()
        .find(|it| !recorded.contains_key(*it))
        .map(|it| format!("{it} is too much: {}", response[it]))
}

/// Code and message of a recorded refusal, in either of the two forms.
fn refusal(recorded: &Value) -> (String, String) {
    let text = |it: &Value| it.as_str().unwrap_or_default().to_string();
    if recorded.get("Error").is_some() {
        return (text(&recorded["Error"]["Code"]), text(&recorded["Error"]["Message"]));
    }
    let message = text(&recorded["exception_value"]);
    let message = message.split_once("operation: ").map_or(message.clone(), |(_, it)| it.to_string());
    (text(&recorded["exception_typename"]), message)
}
