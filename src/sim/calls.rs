//! Calls on their way out and back: the events that AWS logs for each kind of resource, who
//! answers, and when.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::asl::resource::{Pattern, Resource, ResourceKind};
use crate::expr::payload::{Payload, QueryScope};
use crate::expr::{self, Scope};
use crate::sim::child::{self, Begun, Harvest};
use crate::sim::context::context;
use crate::sim::engine::{cannot_run, fail, give_up, take_result};
use crate::sim::history::Detail;
use crate::sim::limits::measured;
use crate::sim::mocks::{Answer, Call};
use crate::sim::pending::{TIMEOUT, is_heartbeat_loss, promise, set_limit};
use crate::sim::program::{Kind, StateDef};
use crate::sim::snapshot::{Action, Calling, Execution, Phase, Strand};
use crate::sim::states::task::Request;
use crate::sim::trace::{Happening, StatesError, Step};
use crate::sim::turn::{Turn, error_details, plain, text, whole};

/// Which events a call logs.
#[derive(Clone, Copy, PartialEq)]
enum Family {
    /// `LambdaFunctionScheduled`, …: a function's own ARN.
    Lambda,
    /// `ActivityScheduled`, …
    Activity,
    /// `TaskScheduled`, …
    Service,
}

/// Gives the attempt its token, if the resource waits for one.
pub(crate) fn hand_out_token(turn: &mut Turn, strand: &mut Strand, state: &StateDef) {
    if let Kind::Task(resource) = &state.kind
        && resource.pattern == Pattern::WaitForTaskToken
    {
        turn.now.n_tokens += 1;
        strand.token = Some(format!("task-token-{}", turn.now.n_tokens));
    }
}

/// Sends a call out.
pub(crate) fn call(turn: &mut Turn, mut strand: Strand, state: &StateDef, request: Request) -> Step {
    let Kind::Task(resource) = &state.kind else {
        debug_assert!(false, "only a Task calls");
        return fail(turn, strand, state, StatesError::default());
    };
    let mut calling = Calling {
        invocation: count(turn, state),
        parameters: Arc::clone(&request.parameters),
        answer: None,
        called_millis: turn.now.clock_millis,
        timeout_millis: request.timeout_secs.map(|it| it.saturating_mul(1_000)),
        heartbeat_millis: request.heartbeat_secs.map(|it| it.saturating_mul(1_000)),
        heard_millis: turn.now.clock_millis,
        token: token(turn, &strand, resource),
        is_started: false,
        worker: None,
        child: None,
        n_child_events: 0,
    };
    log_scheduled(turn, &mut strand, resource, &request);
    let due_millis = match child::begin(turn, resource, &calling.parameters) {
        Begun::Cannot(sentence) => return give_up(turn, &strand, cannot_run(sentence)),
        Begun::Refused(error) => Some(promise(&mut calling, Answer::Throw(error), None, turn.now)),
        Begun::Nothing => mocked(turn, &strand, state, &mut calling),
        Begun::Child(run) => {
            calling.child = Some(run);
            match child::harvest(turn, &mut calling, resource) {
                Harvest::Cannot(error) => {
                    let child = calling.child.take();
                    let step = give_up(turn, &strand, error);
                    return Step { started: child, ..step };
                }
                Harvest::Ended { answer, delay_millis } => {
                    Some(promise(&mut calling, answer, Some(delay_millis), turn.now))
                }
                Harvest::Open if resource.pattern == Pattern::WaitForTaskToken => {
                    mocked(turn, &strand, state, &mut calling)
                }
                Harvest::Open => None,
            }
        }
    };
    // A worker has to take the work of an activity first.
    let is_taken = due_millis.is_some() || family(resource) != Family::Activity;
    // A child execution has its history for itself.
    if is_taken && (turn.now.ready.is_empty() || strand.child.is_some()) {
        log_started(turn, &mut strand, resource, &mut calling);
    } else if is_taken {
        // AWS was recorded scheduling all calls of one moment before the first of them starts.
        turn.now.ready.push_back(Action::Started(strand.id));
    }
    let child = calling.child.clone();
    let happening = match due_millis {
        Some(due_millis) => {
            turn.now.set_timer(strand.id, due_millis);
            Happening::Running
        }
        None => {
            turn.now.asking.push(strand.id);
            set_limit(turn.now, strand.id, &calling);
            Happening::Asking
        }
    };
    let step = stand(turn, strand, calling, happening);
    Step { started: child, ..step }
}

/// Sends out a call that is no Task's and logs nothing: a Map needs what its reader would read.
pub(crate) fn ask(turn: &mut Turn, strand: Strand, state: &StateDef, parameters: Arc<Value>) -> Step {
    let mut calling = Calling {
        invocation: count(turn, state),
        parameters,
        answer: None,
        called_millis: turn.now.clock_millis,
        timeout_millis: None,
        heartbeat_millis: None,
        heard_millis: turn.now.clock_millis,
        token: None,
        is_started: true,
        worker: None,
        child: None,
        n_child_events: 0,
    };
    match mocked(turn, &strand, state, &mut calling) {
        Some(due_millis) => {
            turn.now.set_timer(strand.id, due_millis);
            stand(turn, strand, calling, Happening::Running)
        }
        None => {
            turn.now.asking.push(strand.id);
            stand(turn, strand, calling, Happening::Asking)
        }
    }
}

/// The call goes on.
pub(crate) fn stand(turn: &mut Turn, mut strand: Strand, calling: Calling, happening: Happening) -> Step {
    strand.phase = Phase::Calling(Box::new(calling));
    let subject = turn.subject(&strand);
    turn.now.put(strand);
    turn.step(subject, happening)
}

/// Logs that a call which went out together with others has started.
pub(crate) fn start(turn: &mut Turn, mut strand: Strand, state: &StateDef) -> Step {
    let phase = std::mem::replace(&mut strand.phase, Phase::Ready);
    let (Phase::Calling(mut calling), Kind::Task(resource)) = (phase, &state.kind) else {
        debug_assert!(false, "only a call starts");
        return fail(turn, strand, state, StatesError::default());
    };
    log_started(turn, &mut strand, resource, &mut calling);
    let calling = *calling;
    let is_open = turn.now.asking.contains(&strand.id);
    if is_open {
        set_limit(turn.now, strand.id, &calling);
    }
    stand(turn, strand, calling, if is_open { Happening::Asking } else { Happening::Running })
}

/// The answer is here, or the time is over.
pub(crate) fn end(turn: &mut Turn, mut strand: Strand, state: &StateDef, mut calling: Calling) -> Step {
    let Kind::Task(resource) = &state.kind else {
        debug_assert!(false, "only a Task calls");
        return fail(turn, strand, state, StatesError::default());
    };
    turn.now.stop_asking(strand.id);
    let sources = turn.now.execution.settings.sources;
    let silence = sources.silence(is_heartbeat_loss(&calling));
    let timed_out = || StatesError { name: silence.to_string(), cause: String::new() };
    let answer = calling.answer.take();
    if !calling.is_started && (answer.is_some() || family(resource) != Family::Activity) {
        log_started(turn, &mut strand, resource, &mut calling);
    }
    let answer = match answer {
        Some(Answer::Compute(template)) => match compute(turn, &strand, state, &template, &calling) {
            Ok(result) => Some(Answer::Return(result)),
            Err(sentence) => return give_up(turn, &strand, cannot_run(sentence)),
        },
        answer => answer,
    };
    let error = match answer {
        Some(Answer::Return(result)) => match measured(&result, limit_name(resource)) {
            Ok(_) => {
                let (event, name) = names(resource, "Succeeded");
                strand.last_event = turn.log(strand.last_event, event, name, |_| {
                    let mut details =
                        vec![("output", Detail::Payload(Arc::clone(&result))), ("outputDetails", whole())];
                    details.extend(resource_details(resource));
                    details
                });
                // What it sent may be the very input that the result is put into.
                drop(calling);
                return take_result(turn, strand, state, &result);
            }
            Err(error) => error,
        },
        Some(Answer::Throw(error)) => error,
        Some(Answer::TimeOut | Answer::LoseHeartbeat | Answer::Compute(_)) | None => timed_out(),
    };
    let (event, name) =
        names(resource, if error.name == TIMEOUT || error.name == silence { "TimedOut" } else { "Failed" });
    let mut details = error_details(&error);
    details.extend(resource_details(resource));
    strand.last_event = turn.emit(strand.last_event, event, name, details);
    fail(turn, strand, state, error)
}

/// Counts a call of the state.
fn count(turn: &mut Turn, state: &StateDef) -> u32 {
    let invocations = Arc::make_mut(&mut turn.now.invocations);
    match invocations.get_mut(state.name.as_ref()) {
        Some(counter) => {
            *counter = counter.saturating_add(1);
            *counter - 1
        }
        None => {
            invocations.insert(state.name.to_string(), 1);
            0
        }
    }
}

/// With what the call is answered from outside: the token in the context object, or the one that
/// a worker gets with the work of an activity.
fn token(turn: &mut Turn, strand: &Strand, resource: &Resource) -> Option<String> {
    if strand.token.is_none() && family(resource) == Family::Activity {
        turn.now.n_tokens += 1;
        return Some(format!("task-token-{}", turn.now.n_tokens));
    }
    strand.token.clone()
}

/// Asks the mocks and gives the moment of the answer, if there is one.
fn mocked(turn: &mut Turn, strand: &Strand, state: &StateDef, calling: &mut Calling) -> Option<u64> {
    let parameters = Arc::clone(&calling.parameters);
    let call = Call {
        state: &state.name,
        invocation: calling.invocation,
        item: strand.item.as_ref().map(|it| it.index),
        retry_count: strand.attempt.saturating_sub(1),
        parameters: &parameters,
    };
    let row = turn.mocks.row(&call)?;
    Some(promise(calling, row.answer.clone(), row.delay_millis, turn.now))
}

/// The result that a mock computes from the parameters. The one place where mocks evaluate
/// anything.
fn compute(
    turn: &mut Turn,
    strand: &Strand,
    state: &StateDef,
    template: &Value,
    calling: &Calling,
) -> Result<Arc<Value>, String> {
    let inside = strand.child.and_then(|it| turn.now.children.get(&it));
    let context = context(&turn.now.execution, state, strand, inside.map(|it| it.facts.as_ref()));
    let (input, variables) = (calling.parameters.as_ref(), strand.variables.as_ref());
    let payload = Payload::new(template);
    let computed = if payload.has_expressions() {
        let states = [("input", input), ("context", &context)];
        let scope = QueryScope { states: &states, variables, now_millis: turn.now.present_millis() };
        payload.fill(&scope, &mut turn.now.random, "Compute").map_err(|it| it.cause)
    } else {
        let scope = Scope { input, context: &context, variables };
        expr::evaluate(template, &scope, &mut turn.now.random).map_err(|it| it.cause)
    };
    computed.map(Arc::new).map_err(|cause| {
        let (name, invocation) = (&state.name, calling.invocation);
        format!("The mock of “{name}” cannot compute the result of call {invocation}: {cause}")
    })
}

fn log_scheduled(turn: &mut Turn, strand: &mut Strand, resource: &Resource, request: &Request) {
    let (event, name) = names(resource, "Scheduled");
    strand.last_event =
        turn.log(strand.last_event, event, name, |execution| call_details(resource, request, execution));
}

fn log_started(turn: &mut Turn, strand: &mut Strand, resource: &Resource, calling: &mut Calling) {
    calling.is_started = true;
    let (event, name) = names(resource, "Started");
    strand.last_event = turn.log(strand.last_event, event, name, |_| match family(resource) {
        Family::Service => resource_details(resource),
        Family::Activity => vec![("workerName", plain(calling.worker.as_deref().unwrap_or("worker")))],
        Family::Lambda => Vec::new(),
    });
    if resource.pattern != Pattern::RequestResponse {
        let (event, name) = names(resource, "Submitted");
        strand.last_event = turn.log(strand.last_event, event, name, |_| {
            let mut details = Vec::new();
            if let Some(child) = &calling.child {
                let output = child::started(child, resource, &calling.parameters);
                details.push(("output", Detail::Payload(Arc::new(output))));
                details.push(("outputDetails", whole()));
            }
            details.extend(resource_details(resource));
            details
        });
    }
}

/// What the event of an outgoing call says.
fn call_details(
    resource: &Resource,
    request: &Request,
    execution: &Execution,
) -> Vec<(&'static str, Detail)> {
    let parameters = Detail::Payload(Arc::clone(&request.parameters));
    let mut details = Vec::with_capacity(4);
    if let (Some(secs), false) = (request.heartbeat_secs, family(resource) == Family::Lambda) {
        details.push(("heartbeatInSeconds", Detail::Number(secs)));
    }
    match family(resource) {
        Family::Service => {
            details.push(("parameters", parameters));
            details.push(("region", plain(execution.settings.region.as_str())));
            details.extend(resource_details(resource));
        }
        Family::Lambda | Family::Activity => {
            details.push(("input", parameters));
            details.push(("inputDetails", whole()));
            details.push(("resource", text(&resource.resource)));
        }
    }
    if let Some(role_arn) = &request.role_arn {
        details.push(("taskCredentials", plain(json!({ "roleArn": role_arn }))));
    }
    if let Some(secs) = request.timeout_secs {
        details.push(("timeoutInSeconds", Detail::Number(secs)));
    }
    details
}

fn family(resource: &Resource) -> Family {
    match resource.kind {
        ResourceKind::Lambda | ResourceKind::Placeholder => Family::Lambda,
        // What is no ARN at all was recorded as the name of an activity.
        ResourceKind::Activity | ResourceKind::Unknown => Family::Activity,
        _ => Family::Service,
    }
}

/// The name of the call in the cause of `States.DataLimitExceeded`.
fn limit_name(resource: &Resource) -> &str {
    match family(resource) {
        Family::Service => &resource.resource_type,
        Family::Lambda | Family::Activity => &resource.resource,
    }
}

fn resource_details(resource: &Resource) -> Vec<(&'static str, Detail)> {
    match family(resource) {
        Family::Service => {
            vec![("resource", text(&resource.resource)), ("resourceType", text(&resource.resource_type))]
        }
        Family::Lambda | Family::Activity => Vec::new(),
    }
}

/// The event of a call, and the member that carries its details.
#[rustfmt::skip]
fn names(resource: &Resource, what: &str) -> (&'static str, &'static str) {
    match (family(resource), what) {
        (Family::Service, "Scheduled") => ("TaskScheduled", "taskScheduledEventDetails"),
        (Family::Service, "Started") => ("TaskStarted", "taskStartedEventDetails"),
        (Family::Service, "Submitted") => ("TaskSubmitted", "taskSubmittedEventDetails"),
        (Family::Service, "Succeeded") => ("TaskSucceeded", "taskSucceededEventDetails"),
        (Family::Service, "TimedOut") => ("TaskTimedOut", "taskTimedOutEventDetails"),
        (Family::Service, _) => ("TaskFailed", "taskFailedEventDetails"),
        (Family::Lambda, "Scheduled") => ("LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails"),
        (Family::Lambda, "Started") => ("LambdaFunctionStarted", ""),
        (Family::Lambda, "Succeeded") => ("LambdaFunctionSucceeded", "lambdaFunctionSucceededEventDetails"),
        (Family::Lambda, "TimedOut") => ("LambdaFunctionTimedOut", "lambdaFunctionTimedOutEventDetails"),
        (Family::Lambda, _) => ("LambdaFunctionFailed", "lambdaFunctionFailedEventDetails"),
        (Family::Activity, "Scheduled") => ("ActivityScheduled", "activityScheduledEventDetails"),
        (Family::Activity, "Started") => ("ActivityStarted", "activityStartedEventDetails"),
        (Family::Activity, "Succeeded") => ("ActivitySucceeded", "activitySucceededEventDetails"),
        (Family::Activity, "TimedOut") => ("ActivityTimedOut", "activityTimedOutEventDetails"),
        (Family::Activity, _) => ("ActivityFailed", "activityFailedEventDetails"),
    }
}
