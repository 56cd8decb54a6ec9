//! The machine: one pure step from a snapshot to the next. What can be done at once is done in
//! order; when nothing can, time jumps to the earliest timer. One strand acts per step.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::asl::StateType;
use crate::expr::payload::QUERY_EVALUATION_ERROR;
use crate::sim::calls;
use crate::sim::child;
use crate::sim::dataflow::{EvaluationFailed, Flow, no_stages};
use crate::sim::distributed;
use crate::sim::history::Detail;
use crate::sim::join;
use crate::sim::jsonata::Exit;
use crate::sim::limits::measured;
use crate::sim::mocks::Mocks;
use crate::sim::program::{Catcher, Kind, Program, StateDef, StateIdx, To, Transition};
use crate::sim::redrive;
use crate::sim::retry::{Recovery, recover};
use crate::sim::snapshot::{Action, Keep, Outcome, Phase, Snapshot, Strand, StrandId};
use crate::sim::states::{self, Leaving, Move};
use crate::sim::trace::{Happening, StatesError, Step, VisitId};
use crate::sim::turn::{Overflow, Turn, error_details, plain, text, whole};

/// A run that has made so much data keeps no more of it with its steps. Roughly in bytes.
const MAX_BYTES_KEPT: usize = 16 * 1_024 * 1_024;
/// The name of the failure with which a run stops where AWS would not even start.
pub const CANNOT_RUN: &str = "Stepglass.CannotRun";
/// The sentence of a run that we lost, which would be a fault of ours.
pub(crate) const STANDS_STILL: &str = "Nothing is left to do, and yet the execution has not ended";

/// Computes the next step and the machine after it; no step when the run has ended or waits for an
/// answer.
pub fn step(program: &Program, mocks: &Mocks, snapshot: &Snapshot) -> (Option<Step>, Snapshot) {
    let mut next = snapshot.clone();
    let step = advance(program, mocks, &mut next);
    (step, next)
}

/// [`step`] in place.
pub(crate) fn advance(program: &Program, mocks: &Mocks, now: &mut Snapshot) -> Option<Step> {
    while now.outcome.is_none() {
        let mut turn = Turn::new(program, mocks, now);
        let mut step = act(&mut turn);
        if let (Some(overflow), None) = (turn.overflown, &turn.now.outcome) {
            overflown(&mut turn, overflow, &mut step);
        }
        match step {
            Act::Done(step) => {
                if now.keep == Keep::Everything && MAX_BYTES_KEPT < now.n_bytes_kept {
                    now.keep = Keep::Facts;
                }
                return Some(step);
            }
            Act::Quiet => {}
            // With nothing to do and nobody to ask it would stand still for ever.
            Act::Idle if now.asking.is_empty() && now.timers.is_empty() => {
                let mut turn = Turn::new(program, mocks, now);
                turn.stop(cannot_run(STANDS_STILL.to_string()), turn.now.n_events);
            }
            Act::Idle => return None,
        }
    }
    None
}

/// A history is full: its execution fails. That of a child execution does so within the step that
/// filled it.
fn overflown(turn: &mut Turn, overflow: Overflow, act: &mut Act) {
    let cause = "The execution reached the maximum number of history events (25000).";
    let error = StatesError { name: "States.Runtime".to_string(), cause: cause.to_string() };
    let last_event = turn.now.n_events;
    match overflow {
        Overflow::Execution => turn.stop(error, last_event),
        Overflow::Child(child) => {
            distributed::fail_child(turn, child, error.clone());
            if let Act::Done(step) = act {
                step.events.append(&mut turn.events);
                step.happening = Happening::Failed { error };
            }
        }
        Overflow::AllChildren => {
            let sentence = "The child executions together log more events than can be kept".to_string();
            turn.stop(cannot_run(sentence), last_event);
        }
    }
}

/// What came of one turn.
#[allow(clippy::large_enum_variant, reason = "nearly every turn gives a step")]
pub(crate) enum Act {
    Done(Step),
    /// Nothing worth a step happened; go on.
    Quiet,
    /// There is nothing to do.
    Idle,
}

fn act(turn: &mut Turn) -> Act {
    let clock_millis = turn.now.clock_millis;
    // Calls that end in the same moment as a failure still report before it spreads.
    let due = turn.now.timers.first().is_some_and(|it| it.at_millis <= clock_millis);
    if !turn.now.failing.is_empty() && !due {
        return join::propagate(turn);
    }
    if !turn.now.failing.is_empty() {
        return timer(turn);
    }
    match turn.next_ready() {
        Some(Action::Start) => start(turn),
        Some(Action::Enter(id)) => with(turn, id, enter),
        Some(Action::Retry(id)) => with(turn, id, attempt),
        Some(Action::StartChild(id)) => distributed::start_child(turn, id),
        Some(Action::Complete(id)) => with(turn, id, join::complete),
        Some(Action::Started(id)) => with(turn, id, calls::start),
        Some(Action::Child(id)) => with(turn, id, child::go_on),
        Some(Action::Redriven) => redrive::begin(turn),
        Some(Action::Resume(id)) => with(turn, id, redrive::resume),
        Some(Action::Finish(outcome)) => finish(turn, outcome),
        None => timer(turn),
    }
}

/// Acts on a strand, unless it was stopped in the meantime.
fn with(turn: &mut Turn, id: StrandId, act: fn(&mut Turn, Strand, &StateDef) -> Step) -> Act {
    let Some(strand) = turn.now.take(id) else { return Act::Quiet };
    let Some(state) = turn.state(strand.state) else { return Act::Quiet };
    turn.within = strand.child;
    Act::Done(act(turn, strand, state))
}

fn start(turn: &mut Turn) -> Act {
    let execution = Arc::clone(&turn.now.execution);
    turn.log(0, "ExecutionStarted", "executionStartedEventDetails", |execution| {
        vec![
            ("input", Detail::Payload(Arc::clone(&execution.input))),
            ("inputDetails", whole()),
            ("roleArn", plain(execution.settings.role_arn.as_str())),
        ]
    });
    let begin = match &execution.start {
        None => turn.program.scopes.first().map(|it| (it.start.clone(), Arc::clone(&execution.input))),
        Some(place) => Some((place.transition(turn.program), Arc::clone(&place.input))),
    };
    match begin {
        Some((by, input)) => {
            let strand = Strand {
                id: StrandId(0),
                parent: None,
                slot: 0,
                place: Arc::default(),
                child: None,
                item: None,
                state: StateIdx(0),
                input: Arc::clone(&input),
                size: None,
                visit: VisitId(0),
                entered_millis: 0,
                entered_event: 0,
                event_before: 0,
                attempt: 1,
                retries: Vec::new(),
                phase: Phase::Ready,
                variables: execution.start.as_ref().map(|it| Arc::clone(&it.variables)).unwrap_or_default(),
                // AWS was recorded letting the first state follow nothing.
                last_event: 0,
                stages: Arc::default(),
                token: None,
                map_run: None,
            };
            turn.now.n_strands = 1;
            travel(turn, strand, &by, input);
        }
        None => turn.stop(cannot_run("The definition has no states".to_string()), 1),
    }
    Act::Done(turn.execution_step(Happening::ExecutionStarted))
}

pub(crate) fn enter(turn: &mut Turn, mut strand: Strand, state: &StateDef) -> Step {
    strand.visit = VisitId(turn.now.n_visits);
    turn.now.n_visits += 1;
    strand.entered_millis = turn.now.clock_millis;
    strand.attempt = 1;
    strand.retries = vec![0; state.retry.len()];
    let event = entered_event(state.state_type());
    strand.event_before = strand.last_event;
    strand.entered_event = turn.log(strand.last_event, event, "stateEnteredEventDetails", |_| {
        vec![
            ("input", Detail::Payload(Arc::clone(&strand.input))),
            ("inputDetails", whole()),
            ("name", text(&state.name)),
        ]
    });
    strand.last_event = strand.entered_event;
    attempt(turn, strand, state)
}

/// Begins an attempt of the state in which the strand stands.
pub(crate) fn attempt(turn: &mut Turn, mut strand: Strand, state: &StateDef) -> Step {
    strand.stages = no_stages();
    strand.map_run = None;
    if let Some(sentence) = &state.fault {
        return give_up(turn, &strand, cannot_run(sentence.clone()));
    }
    calls::hand_out_token(turn, &mut strand, state);
    let mut flow = Flow::new(state, &mut strand, turn.now);
    let result = states::begin(&mut flow, turn.now);
    settle(turn, strand, flow, result)
}

/// Carries out what a state decided.
pub(crate) fn settle(
    turn: &mut Turn,
    mut strand: Strand,
    mut flow: Flow,
    decided: Result<Move, StatesError>,
) -> Step {
    let state = flow.state;
    match decided {
        Ok(Move::Branch(plan)) => join::start(turn, strand, flow, plan),
        Ok(Move::RunMap(plan)) => distributed::start(turn, strand, flow, plan),
        Ok(Move::Leave(leaving)) => {
            let size = flow.size_of_output;
            keep(turn, &mut strand, flow);
            leave(turn, strand, state, leaving, size)
        }
        Ok(Move::Call(request)) => {
            keep(turn, &mut strand, flow);
            calls::call(turn, strand, state, request)
        }
        Ok(Move::Wait { until_millis }) => {
            keep(turn, &mut strand, flow);
            strand.phase = Phase::Waiting;
            turn.now.set_timer(strand.id, until_millis);
            let subject = turn.subject(&strand);
            turn.now.put(strand);
            turn.step(subject, Happening::Waiting { until_millis })
        }
        Ok(Move::Fail(error)) | Err(error) => {
            if let Some(failed) = flow.evaluation_failed.take() {
                log_evaluation_failed(turn, &mut strand, state, &error, failed);
            }
            keep(turn, &mut strand, flow);
            fail(turn, strand, state, error)
        }
    }
}

/// Keeps what the evaluation of a state left behind.
pub(crate) fn keep(turn: &mut Turn, strand: &mut Strand, flow: Flow) {
    turn.now.random = flow.random;
    turn.now.n_bytes_kept += flow.n_bytes_kept;
    strand.input = flow.raw;
    strand.stages = if flow.stages.is_empty() { no_stages() } else { Arc::new(flow.stages) };
}

/// Goes on with the result of a call or of inner strands.
pub(crate) fn take_result(
    turn: &mut Turn,
    mut strand: Strand,
    state: &StateDef,
    result: &Arc<Value>,
) -> Step {
    let mut flow = Flow::new(state, &mut strand, turn.now);
    let decided = states::take_result(&mut flow, result);
    settle(turn, strand, flow, decided)
}

fn leave(
    turn: &mut Turn,
    mut strand: Strand,
    state: &StateDef,
    leaving: Leaving,
    size: Option<usize>,
) -> Step {
    let is_new = !Arc::ptr_eq(&leaving.output, &strand.input);
    if is_new && size.is_none() {
        match measured(&leaving.output, &state.name) {
            Ok(size) => strand.size = Some(size),
            Err(error) => return fail(turn, strand, state, error),
        }
    }
    if is_new {
        strand.size = size.or(strand.size);
        strand.input = Arc::clone(&leaving.output);
    }
    exit(turn, &mut strand, state, &leaving);
    turn.follow(&leaving.by);
    let subject = turn.subject(&strand);
    travel(turn, strand, &leaving.by, leaving.output);
    turn.step(subject, Happening::Succeeded)
}

/// Sets the variables and logs that the state was left.
fn exit(turn: &mut Turn, strand: &mut Strand, state: &StateDef, leaving: &Leaving) {
    if let Some(assigned) = &leaving.assigned {
        let variables = Arc::make_mut(&mut strand.variables);
        variables.extend(assigned.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    let Some(event) = exited_event(state.state_type()) else { return };
    strand.last_event = turn.log(strand.last_event, event, "stateExitedEventDetails", |_| {
        let mut details = Vec::with_capacity(5);
        if let Some(assigned) = &leaving.assigned {
            details.push(("assignedVariables", Detail::Variables(Arc::clone(assigned))));
            details.push(("assignedVariablesDetails", whole()));
        }
        details.push(("name", text(&state.name)));
        details.push(("output", Detail::Payload(Arc::clone(&leaving.output))));
        details.push(("outputDetails", whole()));
        details
    });
}

/// Moves a strand along a transition, which may be the end of its scope.
pub(crate) fn travel(turn: &mut Turn, mut strand: Strand, by: &Transition, data: Arc<Value>) {
    match &by.to {
        To::State(idx) => {
            strand.state = *idx;
            if !Arc::ptr_eq(&strand.input, &data) {
                strand.size = None;
            }
            strand.input = data;
            strand.stages = no_stages();
            strand.phase = Phase::Ready;
            strand.token = None;
            turn.now.ready.push_back(Action::Enter(strand.id));
            if by.edge.as_str().ends_with("/StartAt") {
                turn.follow(by);
            }
            turn.now.put(strand);
        }
        To::End => join::arrive(turn, strand, data),
        To::Nowhere(sentence) => turn.stop(cannot_run(sentence.clone()), strand.last_event),
    }
}

/// A state failed: it tries again, a catcher takes it, or the failure spreads.
pub(crate) fn fail(turn: &mut Turn, mut strand: Strand, state: &StateDef, error: StatesError) -> Step {
    let sources = turn.now.execution.settings.sources;
    let recovery = recover(state, &mut strand.retries, &error.name, sources, &mut turn.now.random);
    // AWS logs the failure of a Map or Parallel unless it tries again, and that of a Map whose
    // Items it could not evaluate.
    let has_begun = matches!(strand.phase, Phase::Joining(_))
        || (matches!(state.kind, Kind::Map { .. }) && error.name == QUERY_EVALUATION_ERROR);
    if has_begun && !matches!(recovery, Recovery::Retry { .. }) {
        let event =
            if state.state_type() == StateType::Map { "MapStateFailed" } else { "ParallelStateFailed" };
        strand.last_event = turn.emit(strand.last_event, event, "", Vec::new());
    }
    match recovery {
        Recovery::Retry { retrier_idx, delay_millis } => {
            strand.phase = Phase::BackingOff;
            let subject = turn.subject(&strand);
            let due_millis = turn.now.clock_millis.saturating_add(delay_millis);
            turn.now.set_timer(strand.id, due_millis);
            turn.now.put(strand);
            turn.step(subject, Happening::Retrying { retrier_idx, delay_millis, error })
        }
        Recovery::Catch { catcher_idx, catcher } => {
            let output = Arc::new(error_output(&error));
            let mut flow = Flow::new(state, &mut strand, turn.now);
            if flow.is_jsonata() {
                return catch_jsonata(turn, strand, flow, catcher_idx, catcher, error);
            }
            let field = format!("Catch/{catcher_idx}/ResultPath");
            let merged = flow.result_path(&field, catcher.result_path.as_ref(), &output);
            let left = merged.and_then(|merged| {
                let field = format!("Catch/{catcher_idx}/Assign");
                let assigned = flow.assign(&field, catcher.assign.as_ref(), &output)?;
                Ok(Leaving { output: merged, assigned, by: catcher.next.clone() })
            });
            keep(turn, &mut strand, flow);
            caught(turn, strand, state, left, catcher_idx, error)
        }
        Recovery::Fail => spread(turn, strand, error),
    }
}

/// A JSONata catcher makes its own output.
fn catch_jsonata<'p>(
    turn: &mut Turn,
    mut strand: Strand,
    mut flow: Flow<'p>,
    catcher_idx: usize,
    catcher: &'p Catcher,
    error: StatesError,
) -> Step {
    let state = flow.state;
    let written = Exit::of_entry("Catch", catcher_idx, catcher.assign.as_ref(), catcher.output.as_ref());
    let left = flow.catch(&written, &Arc::new(error_output(&error)), &catcher.next);
    if let (Err(error), Some(failed)) = (&left, flow.evaluation_failed.take()) {
        log_evaluation_failed(turn, &mut strand, state, error, failed);
    }
    keep(turn, &mut strand, flow);
    caught(turn, strand, state, left, catcher_idx, error)
}

/// Goes where a catcher leads, unless its own fields failed.
fn caught(
    turn: &mut Turn,
    mut strand: Strand,
    state: &StateDef,
    left: Result<Leaving, StatesError>,
    catcher_idx: usize,
    error: StatesError,
) -> Step {
    match left {
        Ok(leaving) => {
            exit(turn, &mut strand, state, &leaving);
            turn.follow(&leaving.by);
            let subject = turn.subject(&strand);
            travel(turn, strand, &leaving.by, leaving.output);
            turn.step(subject, Happening::Caught { catcher_idx, error })
        }
        Err(error) => spread(turn, strand, error),
    }
}

/// AWS logs an expression that could not be evaluated before what comes of it.
pub(crate) fn log_evaluation_failed(
    turn: &mut Turn,
    strand: &mut Strand,
    state: &StateDef,
    error: &StatesError,
    failed: EvaluationFailed,
) {
    // AWS was recorded evaluating before it logs that the state was entered, but for a Wait.
    let has_just_entered = strand.last_event == strand.entered_event && !matches!(state.kind, Kind::Wait);
    let previous = if has_just_entered { strand.event_before } else { strand.last_event };
    strand.last_event = turn.log(previous, "EvaluationFailed", "evaluationFailedEventDetails", |_| {
        let mut details = error_details(error);
        details.extend(failed.location.map(|it| ("location", plain(it))));
        details.push(("state", text(&state.name)));
        details
    });
}

/// Nothing took the failure.
fn spread(turn: &mut Turn, mut strand: Strand, error: StatesError) -> Step {
    let subject = turn.subject(&strand);
    match strand.parent {
        None => turn.stop(error.clone(), strand.last_event),
        Some(_) if distributed::stands_for_child(turn, &strand) => {
            distributed::child_failed(turn, strand, error.clone());
        }
        Some(_) => {
            strand.phase = Phase::Failed;
            join::report_failure(turn, strand, error.clone());
        }
    }
    turn.step(subject, Happening::Failed { error })
}

/// Stops the whole run at a state that cannot be carried out.
pub(crate) fn give_up(turn: &mut Turn, strand: &Strand, error: StatesError) -> Step {
    let subject = turn.subject(strand);
    turn.stop(error.clone(), strand.last_event);
    turn.step(subject, Happening::Failed { error })
}

fn timer(turn: &mut Turn) -> Act {
    let Some(moment) = turn.now.next_moment() else { return Act::Idle };
    let is_late = turn.now.execution.deadline_millis.is_some_and(|it| it == moment)
        && turn.now.timers.first().is_none_or(|it| moment < it.at_millis);
    turn.now.clock_millis = turn.now.clock_millis.max(moment);
    if is_late {
        return finish(turn, Outcome::TimedOut);
    }
    let timer = turn.next_timer();
    with(turn, timer.strand, wake)
}

fn wake(turn: &mut Turn, mut strand: Strand, state: &StateDef) -> Step {
    match std::mem::replace(&mut strand.phase, Phase::Ready) {
        Phase::Calling(calling) if state.state_type() == StateType::Map => {
            turn.now.stop_asking(strand.id);
            distributed::read_answer(turn, strand, state, *calling)
        }
        Phase::Calling(calling) => calls::end(turn, strand, state, *calling),
        Phase::BackingOff => {
            strand.attempt += 1;
            strand.stages = no_stages();
            turn.now.ready.push_back(Action::Retry(strand.id));
            let subject = turn.subject(&strand);
            turn.now.put(strand);
            turn.step(subject, Happening::Retried)
        }
        _ => {
            let mut flow = Flow::new(state, &mut strand, turn.now);
            let decided = states::resume(&mut flow);
            settle(turn, strand, flow, decided)
        }
    }
}

fn finish(turn: &mut Turn, outcome: Outcome) -> Act {
    let happening = match &outcome {
        Outcome::Succeeded { output, last_event } => {
            let details = vec![("output", Detail::Payload(Arc::clone(output))), ("outputDetails", whole())];
            turn.emit(*last_event, "ExecutionSucceeded", "executionSucceededEventDetails", details);
            Happening::ExecutionSucceeded { output: Arc::clone(output) }
        }
        Outcome::Failed { error, last_event } => {
            turn.emit(*last_event, "ExecutionFailed", "executionFailedEventDetails", error_details(error));
            Happening::ExecutionFailed { error: error.clone() }
        }
        Outcome::TimedOut => {
            turn.emit(0, "ExecutionTimedOut", "executionTimedOutEventDetails", Vec::new());
            Happening::ExecutionTimedOut
        }
        Outcome::Aborted { error } => {
            turn.emit(0, "ExecutionAborted", "executionAbortedEventDetails", error_details(error));
            Happening::ExecutionAborted { error: error.clone() }
        }
    };
    turn.now.strands = BTreeMap::new();
    turn.now.children = BTreeMap::new();
    turn.now.timers.clear();
    turn.now.ready.clear();
    turn.now.failing.clear();
    turn.now.asking.clear();
    turn.now.outcome = Some(outcome);
    Act::Done(turn.execution_step(happening))
}

/// The data that a catcher puts into the input. AWS was recorded giving null for both parts when
/// there is no error name, and an empty text for a cause that is missing beside one.
pub(crate) fn error_output(error: &StatesError) -> Value {
    if error.name.is_empty() {
        let cause = if error.cause.is_empty() { Value::Null } else { Value::from(error.cause.as_str()) };
        return json!({ "Error": null, "Cause": cause });
    }
    json!({ "Error": error.name, "Cause": error.cause })
}

pub(crate) fn cannot_run(sentence: String) -> StatesError {
    StatesError { name: CANNOT_RUN.to_string(), cause: sentence }
}

fn entered_event(state_type: StateType) -> &'static str {
    match state_type {
        StateType::Task => "TaskStateEntered",
        StateType::Pass => "PassStateEntered",
        StateType::Choice => "ChoiceStateEntered",
        StateType::Wait => "WaitStateEntered",
        StateType::Succeed => "SucceedStateEntered",
        StateType::Fail => "FailStateEntered",
        StateType::Parallel => "ParallelStateEntered",
        StateType::Map => "MapStateEntered",
    }
}

fn exited_event(state_type: StateType) -> Option<&'static str> {
    Some(match state_type {
        StateType::Task => "TaskStateExited",
        StateType::Pass => "PassStateExited",
        StateType::Choice => "ChoiceStateExited",
        StateType::Wait => "WaitStateExited",
        StateType::Succeed => "SucceedStateExited",
        StateType::Fail => return None,
        StateType::Parallel => "ParallelStateExited",
        StateType::Map => "MapStateExited",
    })
}
