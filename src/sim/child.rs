//! Executions inside of an execution: `startExecution` of a machine that the mocks know really
//! runs it. The child is computed ahead as far as it goes without an answer; the call then ends
//! after the child's own virtual time. What comes back has the shape of DescribeExecution.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::asl::resource::{Pattern, Resource, ResourceKind};
use crate::expr::{RandomSource, random};
use crate::json::read_json;
use crate::sim::calls;
use crate::sim::engine::{self, CANNOT_RUN, cannot_run};
use crate::sim::machines::Machine;
use crate::sim::mocks::Answer;
use crate::sim::pending::promise;
use crate::sim::program::{Kind, StateDef};
use crate::sim::request::{RunRequest, Settings};
use crate::sim::run::{Run, RunStatus};
use crate::sim::snapshot::{Calling, Phase, Strand};
use crate::sim::timestamp::format_millis;
use crate::sim::trace::{Happening, StatesError, Step};
use crate::sim::turn::Turn;

/// Machines that start each other go no deeper.
const MAX_DEPTH: u32 = 10;
/// All executions inside of one log no more events than this, so that every run ends.
const MAX_NESTED_EVENTS: u64 = 100_000;

/// What a call that may start an execution comes to.
pub(crate) enum Begun {
    /// It starts none that is known.
    Nothing,
    Child(Arc<Run>),
    /// The service refuses it.
    Refused(StatesError),
    /// The run cannot go on, as a sentence.
    Cannot(String),
}

/// Starts the execution that a call asks for, if its machine is known.
pub(crate) fn begin(turn: &mut Turn, resource: &Resource, parameters: &Value) -> Begun {
    if !starts_execution(resource) {
        return Begun::Nothing;
    }
    let arn = parameters.get("StateMachineArn").and_then(Value::as_str).unwrap_or_default();
    let Some((arn, machine)) = turn.mocks.machines.find(arn) else { return Begun::Nothing };
    if MAX_DEPTH <= turn.now.execution.depth {
        return Begun::Cannot(format!(
            "The machines start each other more than {MAX_DEPTH} deep; “{arn}” is not started again"
        ));
    }
    if MAX_NESTED_EVENTS <= turn.now.n_nested_events {
        return Begun::Cannot(format!(
            "The executions started by this one have logged {MAX_NESTED_EVENTS} events; “{arn}” is not started again"
        ));
    }
    let input = match input_of(parameters) {
        Ok(input) => Arc::new(input),
        Err(cause) => {
            let service =
                if matches!(resource.kind, ResourceKind::Sdk { .. }) { "Sfn" } else { "StepFunctions" };
            let name = format!("{service}.InvalidExecutionInputException");
            return Begun::Refused(StatesError { name, cause });
        }
    };
    let mut child = Run::start_inside(request(turn, arn, machine, parameters, input), turn.now);
    child.finish();
    Begun::Child(Arc::new(child))
}

fn request(
    turn: &mut Turn,
    arn: &str,
    machine: &Machine,
    parameters: &Value,
    input: Arc<Value>,
) -> RunRequest {
    let outer = &turn.now.execution.settings;
    let part = |idx: usize, other: &str| -> String {
        let part = arn.split(':').nth(idx).filter(|it| !it.is_empty());
        part.unwrap_or(other).to_string()
    };
    let clock_millis = i64::try_from(turn.now.clock_millis).unwrap_or(i64::MAX);
    let name = parameters.get("Name").and_then(Value::as_str).map(str::to_string);
    let settings = Settings {
        start_millis: outer.start_millis.saturating_add(clock_millis),
        region: part(3, &outer.region),
        account: part(4, &outer.account),
        machine_name: machine.name.clone(),
        machine_type: machine.machine_type,
        execution_name: name.unwrap_or_else(|| random::uuid_v4(&mut turn.now.random)),
        ..outer.clone()
    };
    let mut mocks = turn.mocks.clone();
    mocks.states = machine.states.clone();
    let seed = turn.now.random.next_u64();
    RunRequest { program: Arc::clone(&machine.program), input, mocks, seed, settings, start: None }
}

/// The child has moved on: its call ends when the child has ended, else it still asks.
pub(crate) fn go_on(turn: &mut Turn, mut strand: Strand, state: &StateDef) -> Step {
    let phase = std::mem::replace(&mut strand.phase, Phase::Ready);
    let (Phase::Calling(mut calling), Kind::Task(resource)) = (phase, &state.kind) else {
        debug_assert!(false, "only a call has a child");
        return engine::fail(turn, strand, state, StatesError::default());
    };
    let shown = calling.child.clone();
    let mut step = match harvest(turn, &mut calling, resource) {
        Harvest::Cannot(error) => engine::give_up(turn, &strand, error),
        Harvest::Ended { answer, delay_millis } => {
            let due_millis = promise(&mut calling, answer, Some(delay_millis), turn.now);
            turn.now.clear_timers(strand.id);
            turn.now.set_timer(strand.id, due_millis);
            turn.now.stop_asking(strand.id);
            calls::stand(turn, strand, *calling, Happening::Running)
        }
        Harvest::Open => calls::stand(turn, strand, *calling, Happening::Asking),
    };
    step.started = shown;
    step
}

/// What an execution has come to for the call that started it.
pub(crate) enum Harvest {
    /// The call does not end by itself.
    Open,
    Ended {
        answer: Answer,
        delay_millis: u64,
    },
    Cannot(StatesError),
}

/// Counts the child's events and reads its end.
pub(crate) fn harvest(turn: &mut Turn, calling: &mut Calling, resource: &Resource) -> Harvest {
    let Some(child) = calling.child.clone() else { return Harvest::Open };
    let n_events = child.n_events_inside();
    turn.now.n_nested_events += n_events.saturating_sub(calling.n_child_events);
    calling.n_child_events = n_events;
    if let Some(Happening::ExecutionFailed { error }) = child.outcome()
        && error.name == CANNOT_RUN
    {
        // The innermost machine says where.
        let place = match child.has_child_that_cannot_run() {
            true => String::new(),
            false => format!("In the machine “{}”: ", child.request().settings.machine_name),
        };
        return Harvest::Cannot(cannot_run(format!("{place}{}", error.cause)));
    }
    match resource.pattern {
        Pattern::RequestResponse => {
            let answer = Answer::Return(Arc::new(started(&child, resource, &calling.parameters)));
            Harvest::Ended { answer, delay_millis: turn.now.execution.settings.task_millis }
        }
        Pattern::WaitForTaskToken => Harvest::Open,
        Pattern::Sync | Pattern::Sync2 if child.status() != RunStatus::Ended => Harvest::Open,
        Pattern::Sync | Pattern::Sync2 => {
            let described = describe(&child, resource.pattern == Pattern::Sync2, &calling.parameters);
            let answer = match child.outcome() {
                Some(Happening::ExecutionSucceeded { .. }) => Answer::Return(Arc::new(described)),
                // Recorded for a child that failed as well as for one that timed out.
                _ => Answer::Throw(StatesError {
                    name: "States.TaskFailed".to_string(),
                    cause: described.to_string(),
                }),
            };
            Harvest::Ended { answer, delay_millis: child.clock_millis() }
        }
    }
}

/// What `startExecution` gives at once.
pub(crate) fn started(child: &Run, resource: &Resource, parameters: &Value) -> Value {
    let start_millis = child.request().settings.start_millis;
    let start = match resource.kind {
        ResourceKind::Sdk { .. } => Value::from(format_millis(start_millis)),
        _ => Value::from(start_millis),
    };
    json!({ "ExecutionArn": execution_arn(child, parameters), "StartDate": start })
}

/// DescribeExecution as the integration gives it. `parsed`: input and output are JSON, else JSON
/// text.
fn describe(child: &Run, parsed: bool, parameters: &Value) -> Value {
    let settings = &child.request().settings;
    let data = |value: &Value| if parsed { value.clone() } else { Value::from(value.to_string()) };
    let stop_millis = i64::try_from(child.clock_millis()).unwrap_or(i64::MAX);
    let (status, error, output) = match child.outcome() {
        Some(Happening::ExecutionSucceeded { output }) => ("SUCCEEDED", None, Some(output)),
        Some(Happening::ExecutionFailed { error }) => ("FAILED", Some(error), None),
        Some(Happening::ExecutionAborted { error }) => ("ABORTED", Some(error), None),
        _ => ("TIMED_OUT", None, None),
    };
    let mut described = Map::new();
    let mut put = |name: &str, value: Value| drop(described.insert(name.to_string(), value));
    for (name, words) in error.into_iter().flat_map(|it| [("Cause", &it.cause), ("Error", &it.name)]) {
        if !words.is_empty() {
            put(name, Value::from(words.as_str()));
        }
    }
    put("ExecutionArn", Value::from(execution_arn(child, parameters)));
    put("Input", data(&child.request().input));
    put("InputDetails", json!({ "Included": true }));
    put("Name", Value::from(settings.execution_name.as_str()));
    if let Some(output) = output {
        put("Output", data(output));
        put("OutputDetails", json!({ "Included": true }));
    }
    put("RedriveCount", Value::from(0));
    if output.is_some() {
        put("RedriveStatus", Value::from("NOT_REDRIVABLE"));
        put("RedriveStatusReason", Value::from("Execution is SUCCEEDED and cannot be redriven"));
    } else {
        put("RedriveStatus", Value::from("REDRIVABLE"));
    }
    put("StartDate", Value::from(settings.start_millis));
    put("StateMachineArn", parameters.get("StateMachineArn").cloned().unwrap_or_default());
    put("Status", Value::from(status));
    put("StopDate", Value::from(settings.start_millis.saturating_add(stop_millis)));
    Value::Object(described)
}

fn execution_arn(child: &Run, parameters: &Value) -> String {
    let settings = &child.request().settings;
    let arn = parameters.get("StateMachineArn").and_then(Value::as_str).unwrap_or_default();
    let partition = arn.split(':').nth(1).filter(|it| !it.is_empty()).unwrap_or("aws");
    let (region, account) = (&settings.region, &settings.account);
    let (machine, name) = (&settings.machine_name, &settings.execution_name);
    format!("arn:{partition}:states:{region}:{account}:execution:{machine}:{name}")
}

/// `states:startExecution` in all its patterns, and the same through the SDK.
fn starts_execution(resource: &Resource) -> bool {
    match &resource.kind {
        ResourceKind::Optimized { service, action } => service == "states" && action == "startExecution",
        ResourceKind::Sdk { service, action } => service == "sfn" && action == "startExecution",
        _ => false,
    }
}

/// The child's input: JSON, or the text of some; nothing is an empty object.
fn input_of(parameters: &Value) -> Result<Value, String> {
    match parameters.get("Input") {
        None | Some(Value::Null) => Ok(json!({})),
        Some(Value::String(text)) => {
            read_json(text).map_err(|it| format!("Invalid State Machine Execution Input: '{it}'"))
        }
        Some(input) => Ok(input.clone()),
    }
}
