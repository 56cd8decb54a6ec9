//! Parallel and Map: starting inner strands, gathering what they give, and letting the first
//! failure stop the others.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;

use crate::asl::StateType;
use crate::sim::dataflow::Flow;
use crate::sim::distributed;
use crate::sim::engine::{self, Act, keep, travel};
use crate::sim::history::Detail;
use crate::sim::program::{Kind, StateDef};
use crate::sim::slots::{Slot, Slots};
use crate::sim::snapshot::{Action, Failing, Join, JoinSource, Outcome, Phase, Strand, StrandId};
use crate::sim::sources::Question;
use crate::sim::states::map;
use crate::sim::trace::{Happening, StageName, StatesError, Step, StrandStep, VisitId};
use crate::sim::turn::{Turn, plain, text};

/// What a Parallel or Map wants to run.
pub(crate) struct Plan {
    pub source: JoinSource,
    pub n_slots: usize,
    pub n_at_once: usize,
    pub effective: Arc<Value>,
}

/// How many item inputs the stage of an `ItemSelector` shows.
const MAX_SHOWN_ITEMS: usize = 10;

/// Starts the first inner strands.
pub(crate) fn start(turn: &mut Turn, mut strand: Strand, mut flow: Flow, plan: Plan) -> Step {
    let state = flow.state;
    let (event, name, details) = match &plan.source {
        JoinSource::Branches(_) => ("ParallelStateStarted", "", Vec::new()),
        _ => ("MapStateStarted", "mapStateStartedEventDetails", vec![("length", plain(plan.n_slots))]),
    };
    let started_event = turn.emit(strand.last_event, event, name, details);
    strand.last_event = started_event;
    let is_map = matches!(plan.source, JoinSource::Items { .. });
    if is_map && let Err(error) = distributed::check_tolerance(&mut flow, &plan.effective) {
        return engine::settle(turn, strand, flow, Err(error));
    }
    let mut join = Box::new(Join {
        source: plan.source,
        slots: Slots::new(plan.n_slots),
        n_done: 0,
        n_failed_items: 0,
        next_slot: 0,
        effective: plan.effective,
    });
    let mut shown = Vec::new();
    while join.next_slot < plan.n_slots.min(plan.n_at_once) {
        match start_slot(turn, &strand, &mut flow, &mut join, started_event) {
            Ok(input) if shown.len() < MAX_SHOWN_ITEMS => shown.push(input),
            Ok(_) => {}
            Err(error) => {
                remove_all(turn, join.slots.running().collect());
                let effective = Arc::clone(&join.effective);
                let field = map::selector(state);
                let failed = flow.record_field(StageName::AfterItemSelector, field, &effective, Err(error));
                return engine::settle(turn, strand, flow, Err(failed.err().unwrap_or_default()));
            }
        }
    }
    if is_map {
        let effective = Arc::clone(&join.effective);
        // The stage only shows; what was computed for an iteration went to it.
        let shown = Ok(self::shown(&shown));
        let _ = flow.record_field(StageName::AfterItemSelector, map::selector(state), &effective, shown);
    }
    if plan.n_slots == 0 {
        turn.now.ready.push_back(Action::Complete(strand.id));
    }
    keep(turn, &mut strand, flow);
    strand.phase = Phase::Joining(join);
    let subject = turn.subject(&strand);
    turn.now.put(strand);
    turn.step(subject, Happening::Running)
}

/// Starts the next branch or iteration and gives its input.
fn start_slot(
    turn: &mut Turn,
    outer: &Strand,
    flow: &mut Flow,
    join: &mut Join,
    previous_event: u64,
) -> Result<Arc<Value>, StatesError> {
    let slot = join.next_slot;
    join.next_slot += 1;
    let state = flow.state;
    let (scope, item, input, last_event) = match &join.source {
        JoinSource::Branches(branches) => {
            let scope = branches.get(slot).copied();
            (scope, outer.item.clone(), Arc::clone(&join.effective), previous_event)
        }
        JoinSource::Items { processor, items } => {
            let Some(item) = items.get(slot) else { return Ok(Arc::clone(&join.effective)) };
            let input = map::item_input(flow, &join.effective, item)?;
            let event = iteration_event(turn, state, "MapIterationStarted", slot, previous_event);
            (Some(*processor), Some(Arc::clone(item)), input, event)
        }
        // Child executions start one by one, see `distributed::start_child`.
        JoinSource::Children { .. } => return Ok(Arc::clone(&join.effective)),
    };
    let mut place = outer.place.as_ref().clone();
    place.push(StrandStep { state: state.path.clone(), visit: outer.visit, idx: slot });
    let id = StrandId(turn.now.n_strands);
    turn.now.n_strands += 1;
    let strand = Strand {
        id,
        parent: Some(outer.id),
        slot,
        place: Arc::new(place),
        child: outer.child,
        item,
        state: outer.state,
        input: Arc::clone(&input),
        size: None,
        visit: VisitId(0),
        entered_millis: 0,
        entered_event: 0,
        event_before: 0,
        attempt: 1,
        retries: Vec::new(),
        phase: Phase::Ready,
        variables: Arc::clone(&outer.variables),
        last_event,
        stages: Arc::default(),
        token: None,
        map_run: None,
    };
    join.slots.set(slot, Slot::Running(id));
    if let Some(scope) = scope.and_then(|it| turn.program.scope(it)) {
        travel(turn, strand, &scope.start, Arc::clone(&input));
    }
    Ok(input)
}

/// A strand came to the end of its scope.
pub(crate) fn arrive(turn: &mut Turn, strand: Strand, output: Arc<Value>) {
    let Some(mut outer) = strand.parent.and_then(|it| turn.now.take(it)) else {
        let outcome = Outcome::Succeeded { output, last_event: strand.last_event };
        turn.now.ready.push_back(Action::Finish(outcome));
        return;
    };
    if distributed::stands_for_child(turn, &strand) {
        return distributed::child_succeeded(turn, outer, &strand, &output);
    }
    let Some(state) = turn.state(outer.state) else { return };
    outer.last_event = strand.last_event;
    let phase = std::mem::replace(&mut outer.phase, Phase::Ready);
    let Phase::Joining(mut join) = phase else {
        debug_assert!(false, "a strand ends inside a state that joins");
        outer.phase = phase;
        turn.now.put(outer);
        return;
    };
    join.slots.set(strand.slot, Slot::Done(output));
    join.n_done += 1;
    if matches!(join.source, JoinSource::Items { .. }) {
        let event = iteration_event(turn, state, "MapIterationSucceeded", strand.slot, strand.last_event);
        if join.n_done == join.slots.len() {
            outer.last_event = event;
        }
    }
    if join.n_done == join.slots.len() {
        turn.now.ready.push_back(Action::Complete(outer.id));
    } else if join.next_slot < join.slots.len() {
        let mut flow = Flow::new(state, &mut outer, turn.now);
        // AWS lets the next iteration follow the last event inside the one that made room.
        let started = start_slot(turn, &outer, &mut flow, &mut join, strand.last_event);
        keep(turn, &mut outer, flow);
        if let Err(error) = started {
            // Reported as a failure of the iteration that made room.
            outer.phase = Phase::Joining(join);
            let id = outer.id;
            turn.now.put(outer);
            let others = inside(turn, id, strand.id);
            turn.now.failing.push_back(Failing { strand: strand.id, error, stopping: Some(others) });
            turn.now.put(Strand { phase: Phase::Failed, ..strand });
            return;
        }
    }
    outer.phase = Phase::Joining(join);
    turn.now.put(outer);
}

/// All inner strands are done.
pub(crate) fn complete(turn: &mut Turn, mut strand: Strand, state: &StateDef) -> Step {
    let phase = std::mem::replace(&mut strand.phase, Phase::Ready);
    let Phase::Joining(join) = phase else {
        debug_assert!(false, "only a state that joins is completed");
        return engine::fail(turn, strand, state, StatesError::default());
    };
    let event = match join.source {
        JoinSource::Branches(_) => "ParallelStateSucceeded",
        JoinSource::Items { .. } => "MapStateSucceeded",
        JoinSource::Children { .. } => return distributed::complete(turn, strand, state, &join),
    };
    // AWS lets the exit follow the last inner event, not this one.
    turn.emit(strand.last_event, event, "", Vec::new());
    let results = join.slots.iter().map(|it| match it {
        Slot::Done(output) => output.as_ref().clone(),
        _ => Value::Null,
    });
    let result = Arc::new(Value::Array(results.collect()));
    engine::take_result(turn, strand, state, &result)
}

/// Notes a failure that has to leave its branch or iteration.
pub(crate) fn report_failure(turn: &mut Turn, strand: Strand, error: StatesError) {
    turn.now.failing.push_back(Failing { strand: strand.id, error, stopping: None });
    turn.now.put(strand);
}

/// Takes the first failure one step further out: logs it, stops one sibling, or, when none is
/// left, lets the Parallel or Map fail.
pub(crate) fn propagate(turn: &mut Turn) -> Act {
    let Some(mut failing) = turn.now.failing.pop_front() else { return Act::Quiet };
    let Some(strand) = turn.now.strands.get(&failing.strand).cloned() else { return Act::Quiet };
    let Some(outer) = strand.parent.and_then(|it| turn.now.strands.get(&it)).cloned() else {
        return Act::Quiet;
    };
    let (Some(state), Some(outer_state)) = (turn.state(strand.state), turn.state(outer.state)) else {
        return Act::Quiet;
    };
    let is_map =
        matches!(&outer.phase, Phase::Joining(join) if matches!(join.source, JoinSource::Items { .. }));
    turn.within = strand.child;
    let mut stopping = match failing.stopping.take() {
        Some(stopping) => stopping,
        None => {
            if is_map {
                iteration_event(turn, outer_state, "MapIterationFailed", strand.slot, strand.last_event);
            }
            // A Map or Parallel has logged its own failure; a Task or Wait only breaks off.
            if matches!(state.kind, Kind::Task(_) | Kind::Wait) {
                log_abort(turn, state, strand.last_event);
            }
            inside(turn, outer.id, strand.id)
        }
    };
    while let Some(inner) = stopping.pop_front() {
        let Some(inner) = turn.now.take(inner) else { continue };
        turn.within = inner.child;
        turn.now.forget(inner.id);
        let subject = turn.subject(&inner);
        if distributed::stands_for_child(turn, &inner) {
            distributed::abort_child(turn, &inner);
        } else {
            if is_map && inner.parent == Some(outer.id) {
                iteration_event(turn, outer_state, "MapIterationAborted", inner.slot, strand.last_event);
            }
            let (Some(inner_state), false) = (turn.state(inner.state), inner.phase == Phase::Ready) else {
                continue;
            };
            if inner.map_run.is_some() {
                turn.emit(strand.last_event, "MapRunAborted", "", Vec::new());
            }
            log_abort(turn, inner_state, strand.last_event);
            if inner.phase == Phase::Failed {
                continue;
            }
        }
        turn.now.failing.push_front(Failing { stopping: Some(stopping), ..failing });
        return Act::Done(turn.step(subject, Happening::Aborted));
    }
    turn.now.strands.remove(&strand.id);
    let Some(mut outer) = turn.now.take(outer.id) else { return Act::Quiet };
    turn.within = outer.child;
    outer.last_event = match outer.map_run.clone() {
        Some(run) => distributed::log_failure(turn, &run, &failing.error),
        None => strand.last_event,
    };
    let is_parallel = matches!(outer_state.kind, Kind::Parallel { .. });
    if is_parallel && turn.now.execution.settings.sources.takes_other(Question::BranchError) {
        failing.error.name = "States.BranchFailed".to_string();
    }
    Act::Done(engine::fail(turn, outer, outer_state, failing.error))
}

/// The strands inside `outer`, at any depth, but not the one that failed. Outer strands have lower
/// numbers than the ones inside them, so they come first. A child execution is one of them, what
/// runs in it is its own matter.
pub(crate) fn inside(turn: &Turn, outer: StrandId, failed: StrandId) -> VecDeque<StrandId> {
    let mut found = BTreeSet::new();
    let mut pending = vec![outer];
    while let Some(id) = pending.pop() {
        let Some(strand) = turn.now.strands.get(&id) else { continue };
        found.insert(id);
        match &strand.phase {
            Phase::Joining(join) if matches!(join.source, JoinSource::Children { .. }) => {
                found.extend(join.slots.running());
            }
            Phase::Joining(join) => pending.extend(join.slots.running()),
            _ => {}
        }
    }
    found.into_iter().filter(|it| *it != outer && *it != failed).collect()
}

/// Removes strands with all that runs inside of them, without a word.
pub(crate) fn remove_all(turn: &mut Turn, mut pending: Vec<StrandId>) {
    while let Some(id) = pending.pop() {
        let Some(strand) = turn.now.take(id) else { continue };
        turn.now.forget(id);
        if let Some(child) = strand.child.filter(|_| distributed::stands_for_child(turn, &strand)) {
            turn.now.children.remove(&child);
        }
        if let Phase::Joining(join) = &strand.phase {
            pending.extend(join.slots.running());
        }
    }
}

/// The first inputs of iterations, for the stage that shows them.
pub(crate) fn shown(inputs: &[Arc<Value>]) -> Arc<Value> {
    let inputs = inputs.iter().take(MAX_SHOWN_ITEMS).map(|it| it.as_ref().clone());
    Arc::new(Value::Array(inputs.collect()))
}

/// Only states that can be stopped halfway have an event for it.
fn log_abort(turn: &mut Turn, state: &StateDef, previous_event: u64) {
    let event = match state.state_type() {
        StateType::Task => "TaskStateAborted",
        StateType::Wait => "WaitStateAborted",
        StateType::Parallel => "ParallelStateAborted",
        StateType::Map => "MapStateAborted",
        _ => return,
    };
    turn.emit(previous_event, event, "", Vec::new());
}

fn iteration_event(
    turn: &mut Turn,
    state: &StateDef,
    event: &'static str,
    index: usize,
    previous_event: u64,
) -> u64 {
    let details_name = match event {
        "MapIterationStarted" => "mapIterationStartedEventDetails",
        "MapIterationSucceeded" => "mapIterationSucceededEventDetails",
        "MapIterationFailed" => "mapIterationFailedEventDetails",
        _ => "mapIterationAbortedEventDetails",
    };
    let details: Vec<(&'static str, Detail)> = vec![("index", plain(index)), ("name", text(&state.name))];
    turn.emit(previous_event, event, details_name, details)
}
