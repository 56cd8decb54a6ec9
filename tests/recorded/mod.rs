//! Reading recorded executions and comparing runs with them, in spite of what the recordings lost:
//! placeholders for times, ids and names, texts that were parsed, events in one of several orders.

// Each test file that reads recordings needs another part of this one.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};
use stepglass::asl::MachineType;
use stepglass::sim::{Answer, Happening, HistoryEvent, Objects, Run, Settings, StatesError};

/// One recorded execution.
pub struct Case<'c> {
    pub id: String,
    pub kind: String,
    pub definition: Value,
    pub input: Value,
    case: &'c Value,
}

/// What a comparison found.
pub enum Verdict {
    Equal,
    Different(String),
    Skipped(&'static str),
}

/// Recorded task results that were not used yet.
pub struct Answers(BTreeMap<String, Vec<Value>>);

/// The lines of a file of the corpus, or none when the corpus is not there.
pub fn read_lines(path: &str) -> Option<Vec<Value>> {
    let root = std::env::var_os("STEPGLASS_CORPUS").map(PathBuf::from);
    let root = root.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    let Ok(text) = std::fs::read_to_string(root.join(path)) else {
        println!("SKIPPED: no corpus at {}, set STEPGLASS_CORPUS", root.display());
        return None;
    };
    Some(text.lines().map(|it| serde_json::from_str(it).expect("a line of JSON")).collect())
}

impl<'c> Case<'c> {
    pub fn new(case: &'c Value) -> Case<'c> {
        Case {
            id: case["id"].as_str().unwrap_or_default().to_string(),
            kind: case["kind"].as_str().unwrap_or_default().to_string(),
            definition: case["definition"].clone(),
            input: case["input"].clone(),
            case,
        }
    }

    /// The account of the recording.
    pub fn settings(&self) -> Settings {
        let is_express = self.case["state_machine_type"] == "EXPRESS";
        let started = &self.case["expected"]["history"][0]["executionStartedEventDetails"];
        let role_arn = if is_express { "sfn_role_arn" } else { "snf_role_arn" };
        Settings {
            task_millis: 0,
            start_millis: self.case["recorded_date"].as_str().and_then(millis_of_date).unwrap_or_default(),
            execution_name: "execution".to_string(),
            machine_name: "machine".to_string(),
            account: "111111111111".to_string(),
            role_arn: started["roleArn"].as_str().unwrap_or(role_arn).to_string(),
            machine_type: if is_express { MachineType::Express } else { MachineType::Standard },
            ..Settings::default()
        }
    }

    /// The rule by which the case cannot be compared, if there is one.
    pub fn skip_rule(&self) -> Option<&'static str> {
        if self.case["exclude_reasons"].as_array().is_some_and(|it| !it.is_empty()) {
            return Some("excluded by the corpus itself");
        }
        if self.case["needs_mock"] == true && self.case["mock_complete"] == false {
            return Some("task results were not recorded");
        }
        None
    }

    /// After how many events the execution was stopped from outside, if it was.
    pub fn n_events_until_stop(&self) -> Option<usize> {
        let history = self.case["expected"]["history"].as_array();
        (self.case["expected"]["status"] == "ABORTED").then(|| history.map_or(1, |it| it.len().max(1) - 1))
    }

    pub fn answers(&self) -> Answers {
        let tasks = self.case["mock"]["tasks"].as_object();
        let tasks = tasks.into_iter().flatten();
        Answers(
            tasks.map(|(state, it)| (state.clone(), it.as_array().cloned().unwrap_or_default())).collect(),
        )
    }

    /// The objects that were put into S3 before the execution.
    pub fn objects(&self) -> Objects {
        let mut objects = Objects::default();
        let calls = self.case["mock"]["setup_calls"].as_array().into_iter().flatten();
        for call in calls.filter(|it| it["service"] == "s3" && it["op"] == "put_object") {
            let text = |name: &str| call["kw"][name].as_str().unwrap_or_default();
            let address = format!("s3://{}/{}", text("Bucket"), text("Key"));
            objects.put(address, Arc::new(Value::from(text("Body"))));
        }
        objects
    }

    /// Compares everything that may be compared.
    pub fn compare(&self, run: &Run) -> Verdict {
        let expected = &self.case["expected"];
        let (status, error, output) = match run.outcome() {
            Some(Happening::ExecutionSucceeded { output }) => {
                ("SUCCEEDED", None, Some(output.as_ref().clone()))
            }
            Some(Happening::ExecutionFailed { error }) => ("FAILED", Some(error.clone()), None),
            Some(Happening::ExecutionTimedOut) => ("TIMED_OUT", None, None),
            Some(Happening::ExecutionAborted { .. }) => ("ABORTED", None, None),
            _ => ("RUNNING", None, None),
        };
        if expected["status"] != status {
            return Verdict::Different(format!("status {} but here {status} {error:?}", expected["status"]));
        }
        if let Some(output) = output
            && !same_payload(&expected["output"], &output)
        {
            return Verdict::Different(format!("output {}\n    but here {output}", expected["output"]));
        }
        if let Some(error) = error {
            let text = |field: &str| expected[field].as_str().unwrap_or_default().to_string();
            let cause = &expected["cause"];
            let cause_agrees = match cause {
                Value::Null => error.cause.is_empty(),
                cause => same(cause, &Value::from(error.cause.as_str())),
            };
            if text("error") != error.name || !cause_agrees {
                let (was, is) = (&error.name, &error.cause);
                return Verdict::Different(format!(
                    "error {} {cause}\n    but here {was} {is}",
                    expected["error"]
                ));
            }
        }
        match expected["history"].as_array() {
            Some(history) => self.compare_history(history, run),
            None => Verdict::Equal,
        }
    }

    fn compare_history(&self, expected: &[Value], run: &Run) -> Verdict {
        let actual: Vec<&HistoryEvent> = run.history().collect();
        let in_order = expected.len() == actual.len()
            && expected.iter().zip(&actual).all(|(was, is)| same_ids(was, is) && same_event(was, is));
        if in_order {
            return Verdict::Equal;
        }
        let nondeterminism = self.case["nondeterminism"].to_string();
        if !nondeterminism.contains("concurrency_order") && !nondeterminism.contains("event_ids_scrubbed") {
            let fault = expected.iter().enumerate().find_map(|(idx, was)| match actual.get(idx) {
                Some(is) if same_ids(was, is) && same_event(was, is) => None,
                is => {
                    Some(format!("event {was}\n    but here {:?}", is.map(|it| it.to_value(0).to_string())))
                }
            });
            return Verdict::Different(fault.unwrap_or_else(|| "more events than recorded".to_string()));
        }
        // One of several legal orders: the same events, each after an event of the same kind.
        let mut left: Vec<&HistoryEvent> = actual.clone();
        let scrubbed = nondeterminism.contains("event_ids_scrubbed");
        for was in expected {
            let before = previous_recorded(expected, was);
            let found = left.iter().position(|is| {
                same_event(was, is) && (scrubbed || same_previous(before, previous_logged(&actual, is)))
            });
            match found {
                Some(idx) => drop(left.remove(idx)),
                None => {
                    return Verdict::Different(format!("event {was}\n    is missing here (in any order)"));
                }
            }
        }
        // A recording without ids lost events that look alike.
        let all_there = left.is_empty() || scrubbed;
        if all_there { Verdict::Equal } else { Verdict::Different(format!("additional events {left:?}")) }
    }
}

impl Answers {
    /// The next result of a state, preferably one for a call with these parameters.
    pub fn take(&mut self, state: &str, parameters: &Value) -> Option<Value> {
        let attempts = self.0.get_mut(state)?;
        let idx = attempts.iter().position(|it| same_payload(&it["parameters"], parameters)).unwrap_or(0);
        (idx < attempts.len()).then(|| attempts.remove(idx))
    }
}

fn same_ids(was: &Value, is: &HistoryEvent) -> bool {
    was["id"] == is.id && was["previousEventId"] == is.previous_event_id
}

fn previous_recorded<'e>(events: &'e [Value], event: &Value) -> Option<&'e Value> {
    events.iter().find(|it| it["id"] == event["previousEventId"])
}

fn previous_logged<'e>(events: &[&'e HistoryEvent], event: &HistoryEvent) -> Option<&'e HistoryEvent> {
    events.iter().copied().find(|it| it.id == event.previous_event_id)
}

fn same_previous(was: Option<&Value>, is: Option<&HistoryEvent>) -> bool {
    match (was, is) {
        (Some(was), Some(is)) => same_event(was, is),
        (None, None) => true,
        _ => false,
    }
}

/// Whether type and details agree.
fn same_event(was: &Value, is: &HistoryEvent) -> bool {
    if was["type"] != is.event_type {
        return false;
    }
    let details = was.as_object().into_iter().flatten().find(|(name, _)| name.ends_with("EventDetails"));
    let empty = Map::new();
    let expected = details.and_then(|(_, it)| it.as_object()).unwrap_or(&empty);
    let actual = is.details_map();
    let free = |name: &str| match is.event_type {
        // The service's own answer, which no mock gives.
        "TaskSubmitted" => name == "output" || name == "outputDetails",
        "ActivityStarted" => name == "workerName",
        _ => false,
    };
    let names = |map: &Map<String, Value>| {
        let mut names: Vec<String> = map.keys().filter(|it| !free(it)).cloned().collect();
        names.sort();
        names
    };
    names(expected) == names(&actual)
        && expected.iter().all(|(name, was)| free(name) || actual.get(name).is_some_and(|is| same(was, is)))
}

/// Whether a payload agrees with what was recorded of it, which may be its text.
pub fn same_payload(was: &Value, is: &Value) -> bool {
    if same(was, is) {
        return true;
    }
    was.as_str().and_then(|it| serde_json::from_str::<Value>(it).ok()).is_some_and(|was| same(&was, is))
}

/// Equality in spite of placeholders and of texts that were parsed.
pub fn same(was: &Value, is: &Value) -> bool {
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => {
            // Recordings before 2024 have no RedriveCount.
            let names = |map: &Map<String, Value>| {
                let mut names: Vec<String> = map.keys().filter(|it| *it != "RedriveCount").cloned().collect();
                names.sort();
                names
            };
            names(was) == names(is)
                && was.iter().all(|(name, was)| is.get(name).is_none_or(|is| same(was, is)))
        }
        (Value::Array(was), Value::Array(is)) => {
            was.len() == is.len() && was.iter().zip(is).all(|(was, is)| same(was, is))
        }
        (Value::Number(was), Value::Number(is)) => was == is || was.as_f64() == is.as_f64(),
        (Value::String(was), Value::String(is)) if was == is || is_placeholder(was) || fits(was, is) => true,
        (Value::String(was), Value::String(is)) => {
            match (serde_json::from_str::<Value>(was), serde_json::from_str::<Value>(is)) {
                (Ok(was), Ok(is)) if !was.is_string() || !is.is_string() => same(&was, &is),
                (Ok(Value::String(was)), Ok(Value::String(is))) => {
                    was == is || is_placeholder(&was) || fits(&was, &is)
                }
                _ => false,
            }
        }
        (Value::String(was), Value::Number(_)) => was == "RandomNumberGenerated" || was == "<date>",
        // A text that began with a brace was parsed.
        (was, Value::String(is)) if !was.is_string() => {
            serde_json::from_str::<Value>(is).is_ok_and(|is| !is.is_string() && same(was, &is))
        }
        (was, is) => was == is,
    }
}

/// Words that stand for a whole value.
fn is_placeholder(was: &str) -> bool {
    matches!(
        was,
        "timestamp"
            | "date"
            | "start-time"
            | "entered-time"
            | "a_task_token"
            | "generated-uuid"
            | "map_run_arn"
    ) || was.ends_with("EventDetails.output")
        || was.ends_with("EventDetails.input")
}

/// Whether the text fits a pattern in which `<…>` stands for anything. So does the account number
/// that recordings have in place of the real one.
fn fits(pattern: &str, text: &str) -> bool {
    let pattern = pattern.replace("111111111111", "<account>");
    let pattern = pattern.as_str();
    let mut literals = Vec::new();
    let mut rest = pattern;
    while let Some(start) = rest.find('<') {
        let Some(len) = rest[start..].find('>') else { break };
        literals.push(&rest[..start]);
        rest = &rest[start + len + 1..];
    }
    if literals.is_empty() {
        return false;
    }
    literals.push(rest);
    let mut at = 0;
    for (idx, literal) in literals.iter().enumerate() {
        let found = match idx {
            0 => text.starts_with(literal).then_some(0),
            _ if idx + 1 == literals.len() => {
                let start = text.len().checked_sub(literal.len());
                start.filter(|it| at <= *it && text.ends_with(literal)).map(|it| it - at)
            }
            _ => text[at..].find(literal),
        };
        let Some(found) = found else { return false };
        at += found + literal.len();
    }
    true
}

/// `17-03-2024, 11:09:25` in milliseconds since 1970.
fn millis_of_date(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(", ")?;
    let mut date = date.split('-');
    let (day, month, year) = (date.next()?, date.next()?, date.next()?);
    let moment: jiff::Timestamp = format!("{year}-{month}-{day}T{time}Z").parse().ok()?;
    Some(moment.as_millisecond())
}

/// What was recorded that a call gave.
pub fn answer_of(attempt: &Value) -> Answer {
    let text = |field: &str| match &attempt[field] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match attempt["result"].as_str() {
        Some("succeeded") => Answer::Return(Arc::new(attempt["output"].clone())),
        Some("timed_out") => Answer::TimeOut,
        _ => {
            let cause = if attempt["cause_text"].is_string() { text("cause_text") } else { text("cause") };
            Answer::Throw(StatesError { name: text("error"), cause })
        }
    }
}
