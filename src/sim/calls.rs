//! Calls on their way out and back: the events that AWS logs for each kind of resource, who
//! answers, and when.

use std::sync::Arc;

use serde_json::json;

use crate::asl::resource::{Pattern, Resource, ResourceKind};
use crate::sim::engine::{fail, limit_fault, take_result};
use crate::sim::history::Detail;
use crate::sim::mocks::Answer;
use crate::sim::program::{Kind, StateDef};
use crate::sim::snapshot::{Calling, Execution, Phase, Snapshot, Strand};
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

/// How long a call that never answers takes when the state sets no limit. AWS would wait three
/// years, which helps nobody who looks at a timeline.
const SILENT_MILLIS: u64 = 60_000;
const TIMEOUT: &str = "States.Timeout";

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
    let invocations = Arc::make_mut(&mut turn.now.invocations);
    let invocation = match invocations.get_mut(state.name.as_ref()) {
        Some(counter) => {
            *counter += 1;
            *counter - 1
        }
        None => {
            invocations.insert(state.name.to_string(), 1);
            0
        }
    };
    log_call(turn, &mut strand, resource, &request);
    let limits = [request.timeout_secs, request.heartbeat_secs];
    let answer = turn.mocks.answer(&state.name, invocation).cloned();
    let calling = Calling {
        invocation,
        parameters: request.parameters,
        answer: None,
        called_millis: turn.now.clock_millis,
        limit_millis: limits.iter().flatten().min().map(|it| it.saturating_mul(1_000)),
    };
    let happening = match &answer {
        Some(answer) => {
            let due_millis = due_millis(&calling, answer, turn.now);
            turn.now.set_timer(strand.id, due_millis);
            Happening::Running
        }
        None => {
            turn.now.asking = Some(strand.id);
            Happening::Asking
        }
    };
    strand.phase = Phase::Calling(Calling { answer, ..calling });
    let subject = turn.subject(&strand);
    turn.now.put(strand);
    turn.step(subject, happening)
}

/// When the answer arrives.
pub(crate) fn due_millis(calling: &Calling, answer: &Answer, now: &Snapshot) -> u64 {
    let silent_millis = || match (calling.limit_millis, now.execution.deadline_millis) {
        (Some(limit_millis), _) => limit_millis,
        // Without a limit of its own the call outlasts the execution.
        (None, Some(deadline_millis)) => deadline_millis.saturating_add(1),
        (None, None) => SILENT_MILLIS,
    };
    let took_millis = match answer {
        Answer::Throw(error) if error.name == TIMEOUT => silent_millis(),
        Answer::Return(_) | Answer::Throw(_) => now.execution.settings.task_millis,
        Answer::TimeOut => silent_millis(),
    };
    calling.called_millis.saturating_add(took_millis).max(now.clock_millis)
}

/// The answer is here.
pub(crate) fn end(turn: &mut Turn, mut strand: Strand, state: &StateDef, calling: Calling) -> Step {
    let Kind::Task(resource) = &state.kind else {
        debug_assert!(false, "only a Task calls");
        return fail(turn, strand, state, StatesError::default());
    };
    let error = match calling.answer {
        Some(Answer::Return(result)) => match limit_fault(&result, limit_name(resource)) {
            None => {
                let (event, name) = names(resource, "Succeeded");
                strand.last_event = turn.log(strand.last_event, event, name, |_| {
                    let mut details =
                        vec![("output", Detail::Payload(Arc::clone(&result))), ("outputDetails", whole())];
                    details.extend(resource_details(resource));
                    details
                });
                return take_result(turn, strand, state, &result);
            }
            Some(error) => error,
        },
        Some(Answer::Throw(error)) => error,
        Some(Answer::TimeOut) | None => StatesError { name: TIMEOUT.to_string(), cause: String::new() },
    };
    let (event, name) = names(resource, if error.name == TIMEOUT { "TimedOut" } else { "Failed" });
    let mut details = error_details(&error);
    details.extend(resource_details(resource));
    strand.last_event = turn.emit(strand.last_event, event, name, details);
    fail(turn, strand, state, error)
}

fn log_call(turn: &mut Turn, strand: &mut Strand, resource: &Resource, request: &Request) {
    let (event, name) = names(resource, "Scheduled");
    strand.last_event =
        turn.log(strand.last_event, event, name, |execution| call_details(resource, request, execution));
    let (event, name) = names(resource, "Started");
    strand.last_event = turn.log(strand.last_event, event, name, |_| match family(resource) {
        Family::Service => resource_details(resource),
        Family::Activity => vec![("workerName", plain("worker"))],
        Family::Lambda => Vec::new(),
    });
    if resource.pattern != Pattern::RequestResponse {
        let (event, name) = names(resource, "Submitted");
        strand.last_event = turn.emit(strand.last_event, event, name, resource_details(resource));
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
