//! A TestState request, read and in order. What is no JSON or of a wrong kind is refused here.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::expr::{MAX_DEPTH, depth_within};
use crate::json::read_json;
use crate::sim::state_test::TestRefusal;
use crate::sim::trace::StatesError;

/// One request.
pub(super) struct StateTest {
    /// The text of a state or a state machine.
    pub definition: String,
    pub state_name: Option<String>,
    pub input: Arc<Value>,
    pub variables: Map<String, Value>,
    pub context: Option<Value>,
    pub mock: Option<Mock>,
    pub configuration: Configuration,
    /// `inspectionLevel` is not `INFO`: the response tells of the data on its way. What `TRACE`
    /// adds to `DEBUG` is the request and response of a real HTTP call.
    pub shows_data: bool,
    pub role_arn: Option<String>,
}

/// What the call, the branches or the iterations would have given.
pub(super) struct Mock {
    pub answer: MockAnswer,
    pub validation: FieldValidation,
}

pub(super) enum MockAnswer {
    Result(Arc<Value>),
    Error(StatesError),
}

/// How closely a mocked result is compared with what the called API can answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldValidation {
    /// All required fields are there, and the fields that are there are right.
    Strict,
    /// The fields that are there are right.
    Present,
    None,
}

/// `stateConfiguration`: facts about the visit of the state.
#[derive(Default)]
pub(super) struct Configuration {
    /// Retries already taken by the retrier that matches.
    pub retrier_retry_count: Option<u64>,
    pub error_caused_by_state: Option<String>,
    pub map_iteration_failure_count: Option<u64>,
    /// What an ItemReader would have read.
    pub map_item_reader_data: Option<String>,
}

pub(super) fn read(request: &Value) -> Result<StateTest, TestRefusal> {
    let level = word(request, "inspectionLevel", &["INFO", "DEBUG", "TRACE"])?;
    let state_name = text(request, "stateName")?;
    if state_name.as_deref() == Some("") {
        return Err(invalid("Invalid length for parameter stateName, value: 0, valid min length: 1"));
    }
    let definition = match request.get("definition") {
        Some(Value::String(text)) => text.clone(),
        Some(value @ Value::Object(_)) => value.to_string(),
        _ => return Err(wrong("definition", "must be the JSON text of a state or state machine")),
    };
    let input = data(request, "input")?.unwrap_or_else(|| Value::Object(Map::new()));
    let variables = match data(request, "variables")? {
        None => Map::new(),
        Some(Value::Object(variables)) => variables,
        Some(_) => return Err(wrong("variables", "must be a JSON object")),
    };
    let context = data(request, "context")?;
    if context.as_ref().is_some_and(|it| !it.is_object()) {
        return Err(wrong("context", "must be a JSON object"));
    }
    Ok(StateTest {
        definition,
        state_name,
        input: Arc::new(input),
        variables,
        context,
        mock: mock(request.get("mock"))?,
        configuration: configuration(request.get("stateConfiguration"))?,
        shows_data: level.is_some_and(|it| it != "INFO"),
        role_arn: text(request, "roleArn")?,
    })
}

fn mock(value: Option<&Value>) -> Result<Option<Mock>, TestRefusal> {
    let Some(value) = value.filter(|it| !it.is_null()) else { return Ok(None) };
    known_members(value, "mock", &["result", "errorOutput", "fieldValidationMode"])?;
    let validation = match word(value, "fieldValidationMode", &["STRICT", "PRESENT", "NONE"])?.as_deref() {
        Some("PRESENT") => FieldValidation::Present,
        Some("NONE") => FieldValidation::None,
        _ => FieldValidation::Strict,
    };
    let answer = match (data(value, "result")?, value.get("errorOutput")) {
        (Some(result), None) => MockAnswer::Result(Arc::new(result)),
        (None, Some(error)) => {
            known_members(error, "mock.errorOutput", &["error", "cause"])?;
            MockAnswer::Error(StatesError {
                name: text(error, "error")?.unwrap_or_default(),
                cause: text(error, "cause")?.unwrap_or_default(),
            })
        }
        (None, None) => return Err(wrong("mock", "must have one of the fields result and errorOutput")),
        (Some(_), Some(_)) => {
            let message = "A test mock should have only one of the following fields: [result, errorOutput].";
            return Err(TestRefusal::validation(message));
        }
    };
    Ok(Some(Mock { answer, validation }))
}

fn configuration(value: Option<&Value>) -> Result<Configuration, TestRefusal> {
    let Some(value) = value.filter(|it| !it.is_null()) else { return Ok(Configuration::default()) };
    let names = ["retrierRetryCount", "errorCausedByState", "mapIterationFailureCount", "mapItemReaderData"];
    known_members(value, "stateConfiguration", &names)?;
    let count = |name: &str| match value.get(name) {
        None => Ok(None),
        Some(count) => match count.as_u64() {
            Some(count) => Ok(Some(count)),
            None => Err(invalid(format!(
                "Invalid value for parameter stateConfiguration.{name}, value: {count}, valid min value: 0"
            ))),
        },
    };
    let reader_data = match value.get("mapItemReaderData") {
        Some(Value::Array(_) | Value::Object(_)) => value.get("mapItemReaderData").map(Value::to_string),
        _ => text(value, "mapItemReaderData")?,
    };
    Ok(Configuration {
        retrier_retry_count: count("retrierRetryCount")?,
        error_caused_by_state: text(value, "errorCausedByState")?,
        map_iteration_failure_count: count("mapIterationFailureCount")?,
        map_item_reader_data: reader_data,
    })
}

/// What the SDKs say before they send a request.
fn invalid(what: impl AsRef<str>) -> TestRefusal {
    let message = format!("Parameter validation failed:\n{}", what.as_ref());
    TestRefusal::Aws { code: "ParamValidationError", message }
}

fn known_members(value: &Value, of: &str, names: &[&str]) -> Result<(), TestRefusal> {
    let Some(members) = value.as_object() else { return Err(wrong(of, "must be an object")) };
    match members.keys().find(|it| !names.contains(&it.as_str())) {
        Some(name) => {
            let known = names.join(", ");
            Err(invalid(format!("Unknown parameter in {of}: \"{name}\", must be one of: {known}")))
        }
        None => Ok(()),
    }
}

/// A member that is one of some words.
fn word(value: &Value, name: &str, words: &[&str]) -> Result<Option<String>, TestRefusal> {
    let word = text(value, name)?;
    match &word {
        Some(it) if !words.contains(&it.as_str()) => Err(TestRefusal::validation(format!(
            "1 validation error detected: Value '{it}' at '{name}' failed to satisfy constraint: Member must satisfy \
             enum value set: [{}]",
            words.join(", ")
        ))),
        _ => Ok(word),
    }
}

fn text(value: &Value, name: &str) -> Result<Option<String>, TestRefusal> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(name, "must be a text")),
    }
}

/// A member that holds JSON text, or the value itself.
fn data(value: &Value, name: &str) -> Result<Option<Value>, TestRefusal> {
    let found = match value.get(name) {
        None => return Ok(None),
        Some(Value::String(text)) => match read_json(text) {
            Ok(value) => value,
            Err(error) => return Err(wrong(name, &format!("is not JSON: {error}"))),
        },
        Some(value) => value.clone(),
    };
    match depth_within(&found, MAX_DEPTH) {
        true => Ok(Some(found)),
        false => Err(wrong(name, &format!("is nested deeper than {MAX_DEPTH} levels"))),
    }
}

fn wrong(name: &str, what: &str) -> TestRefusal {
    TestRefusal::validation(format!("'{name}' {what}"))
}
