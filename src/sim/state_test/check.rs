//! What AWS refuses before it runs a state: mocks where there is nothing to mock or of a wrong
//! shape, states that need one, contexts that are none.

use serde_json::Value;

use crate::asl::resource::{Pattern, ResourceKind};
use crate::sim::program::{Kind, StateDef};
use crate::sim::state_test::TestRefusal;
use crate::sim::state_test::request::{FieldValidation, Mock, MockAnswer, StateTest};
use crate::sim::state_test::shapes;
use crate::sim::state_test::subject::Subject;

pub(super) fn check(test: &StateTest, subject: &Subject) -> Result<(), TestRefusal> {
    let state = subject.state()?;
    let Some(mock) = &test.mock else { return check_unmocked(test, state) };
    let state_type = state.state_type().as_str();
    if !matches!(state.kind, Kind::Task(_) | Kind::Map { .. } | Kind::Parallel { .. }) {
        let message = format!("State type '{state_type}' is not supported when a mock is specified");
        return Err(TestRefusal::validation(message));
    }
    if let Some(context) = &test.context {
        check_context(context)?;
    }
    check_result(mock, state)
}

fn check_unmocked(test: &StateTest, state: &StateDef) -> Result<(), TestRefusal> {
    let given = [
        ("RetrierRetryCount", test.configuration.retrier_retry_count.is_some()),
        ("ErrorCausedByState", test.configuration.error_caused_by_state.is_some()),
        ("MapIterationFailureCount", test.configuration.map_iteration_failure_count.is_some()),
        ("MapItemReaderData", test.configuration.map_item_reader_data.is_some()),
        ("Context", test.context.is_some()),
    ];
    if let Some((name, _)) = given.iter().find(|(_, is_given)| *is_given) {
        let message = format!("TestState does not support {name} when a mock is not specified.");
        return Err(TestRefusal::validation(message));
    }
    match &state.kind {
        Kind::Map { .. } | Kind::Parallel { .. } => Err(TestRefusal::definition(
            "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, \
             Pass, Succeed, Fail, Choice]",
        )),
        Kind::Task(resource) => {
            if resource.kind == ResourceKind::Activity || resource.pattern != Pattern::RequestResponse {
                let what = "Activity tasks, .sync or .waitForTaskToken service integration patterns";
                let message = format!("TestState only supports {what} when a mock is specified");
                return Err(TestRefusal::definition(message));
            }
            if test.role_arn.is_none() {
                return Err(TestRefusal::validation("RoleArn must be specified when testing a Task state"));
            }
            Err(TestRefusal::Unsupported {
                rule: "a real call",
                sentence: "Only AWS can make this call: give what it answers as a mock".to_string(),
            })
        }
        _ => Ok(()),
    }
}

/// Which members of a context are texts, by their place.
const CONTEXT_TEXTS: &[(&str, &str)] = &[
    ("Execution", "Id"),
    ("Execution", "Name"),
    ("Execution", "RoleArn"),
    ("Execution", "StartTime"),
    ("State", "EnteredTime"),
    ("State", "Name"),
    ("StateMachine", "Id"),
    ("StateMachine", "Name"),
    ("Task", "Token"),
];

fn check_context(context: &Value) -> Result<(), TestRefusal> {
    let invalid =
        |what: String| Err(TestRefusal::validation(format!("Invalid Context object provided: {what}")));
    if context.get("Map").is_some() {
        return invalid("'Map' field is not supported when mocking a Context object".to_string());
    }
    for part in ["Execution", "State", "StateMachine", "Task"] {
        if context.get(part).is_some_and(|it| !it.is_object()) {
            return invalid(format!("{part} must be an object"));
        }
    }
    for (part, name) in CONTEXT_TEXTS {
        if context.get(part).and_then(|it| it.get(name)).is_some_and(|it| !it.is_string()) {
            return invalid(format!("{part}.{name} must be a string"));
        }
    }
    for (part, name) in [("State", "RetryCount"), ("Execution", "RedriveCount")] {
        if context.get(part).and_then(|it| it.get(name)).is_some_and(|it| !it.is_number()) {
            return invalid(format!("{part}.{name} must be a number"));
        }
    }
    Ok(())
}

fn check_result(mock: &Mock, state: &StateDef) -> Result<(), TestRefusal> {
    let MockAnswer::Result(result) = &mock.answer else { return Ok(()) };
    match &state.kind {
        Kind::Map { .. } if state.field("ResultWriter").is_some() => match result.is_object() {
            true => Ok(()),
            false => Err(TestRefusal::validation("Mocked result must be a JSON object.")),
        },
        Kind::Map { .. } => match result.is_array() {
            true => Ok(()),
            false => Err(TestRefusal::validation("Mocked result must be an array.")),
        },
        Kind::Parallel { branches } => match result.as_array() {
            None => Err(TestRefusal::validation("Mocked result must be an array.")),
            Some(outputs) if outputs.len() != branches.len() => {
                let message = "Mocked result must have one item for each branch of the Parallel state.";
                Err(TestRefusal::validation(message))
            }
            Some(_) => Ok(()),
        },
        Kind::Task(resource) if mock.validation != FieldValidation::None => {
            let strict = mock.validation == FieldValidation::Strict;
            match shapes::fault(resource, result, strict) {
                Some(fault) => {
                    Err(TestRefusal::validation(format!("Mock result schema validation error: {fault}")))
                }
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}
