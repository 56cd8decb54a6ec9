//! Child executions: each starts when there is room for it, logs events into its own history, and
//! fills its slot in the Map when it ends.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::random::uuid_v4;
use crate::sim::distributed::{MapRun, tolerance};
use crate::sim::engine::{self, Act};
use crate::sim::history::Detail;
use crate::sim::join;
use crate::sim::program::To;
use crate::sim::slots::{Ended, Slot};
use crate::sim::snapshot::{Action, Child, ChildId, Failing, Join, JoinSource, Phase, Strand, StrandId};
use crate::sim::trace::{ChildExecution, StatesError, StrandStep, VisitId};
use crate::sim::turn::{MAX_EVENTS, Turn, error_details, plain, whole};

/// Starts the next child execution and enters its first state.
pub(crate) fn start_child(turn: &mut Turn, outer: StrandId) -> Act {
    let Some(mut outer) = turn.now.take(outer) else { return Act::Quiet };
    let (mut join, run) = match (std::mem::replace(&mut outer.phase, Phase::Ready), outer.map_run.clone()) {
        (Phase::Joining(join), Some(run)) => (join, run),
        (phase, _) => {
            debug_assert!(false, "only a Map run starts child executions");
            turn.now.put(Strand { phase, ..outer });
            return Act::Quiet;
        }
    };
    let started = match has_room(&join, &run) {
        true => new_child(turn, &outer, &run, &mut join),
        false => None,
    };
    // Noted first: the child can end or stop the whole run in its very first state.
    if started.is_some() && has_room(&join, &run) {
        turn.now.ready.push_back(Action::StartChild(outer.id));
    }
    outer.phase = Phase::Joining(join);
    turn.now.put(outer);
    let Some(mut strand) = started else { return Act::Quiet };
    let Some(scope) = turn.program.scope(run.processor) else { return Act::Quiet };
    turn.within = strand.child;
    match &scope.start.to {
        To::State(idx) => {
            strand.state = *idx;
            turn.follow(&scope.start);
            log_start(turn, &strand);
            match turn.state(*idx) {
                Some(state) => Act::Done(engine::enter(turn, strand, state)),
                None => Act::Quiet,
            }
        }
        To::Nowhere(sentence) => {
            turn.stop(engine::cannot_run(sentence.clone()), strand.last_event);
            Act::Quiet
        }
        To::End => Act::Quiet,
    }
}

/// Whether the strand stands for a child execution in its Map.
pub(crate) fn stands_for_child(turn: &Turn, strand: &Strand) -> bool {
    let child = strand.child.and_then(|it| turn.now.children.get(&it));
    child.is_some_and(|it| it.strand == strand.id)
}

/// A child execution came to its end.
pub(crate) fn child_succeeded(turn: &mut Turn, outer: Strand, strand: &Strand, output: &Arc<Value>) {
    let details = vec![("output", Detail::Payload(Arc::clone(output))), ("outputDetails", whole())];
    turn.emit(strand.last_event, "ExecutionSucceeded", "executionSucceededEventDetails", details);
    fill(turn, outer, strand, Ok(Arc::clone(output)));
}

/// A failure left a child execution.
pub(crate) fn child_failed(turn: &mut Turn, strand: Strand, error: StatesError) {
    let details = error_details(&error);
    turn.emit(strand.last_event, "ExecutionFailed", "executionFailedEventDetails", details);
    let Some(outer) = strand.parent.and_then(|it| turn.now.take(it)) else {
        debug_assert!(false, "a child execution has a Map around it");
        return;
    };
    fill(turn, outer, &strand, Err(error));
}

/// Lets a child execution fail from outside, whatever it is doing.
pub(crate) fn fail_child(turn: &mut Turn, child: ChildId, error: StatesError) {
    let Some(top) = turn.now.children.get(&child).map(|it| it.strand) else { return };
    let Some(mut strand) = turn.now.take(top) else { return };
    turn.now.clear_timers(top);
    if let Phase::Joining(join) = &strand.phase {
        let inner: Vec<StrandId> = join.slots.running().collect();
        join::remove_all(turn, inner);
    }
    strand.last_event = turn.now.children.get(&child).map_or(0, |it| it.n_events);
    turn.within = Some(child);
    child_failed(turn, strand, error);
}

/// Notes the end of a child execution in its Map and goes on from there.
fn fill(turn: &mut Turn, mut outer: Strand, strand: &Strand, outcome: Result<Arc<Value>, StatesError>) {
    let child = strand.child.and_then(|it| turn.now.children.remove(&it));
    turn.within = outer.child;
    let (Some(child), Some(run)) = (child, outer.map_run.clone()) else {
        debug_assert!(false, "a child execution ends once, inside of a Map run");
        return turn.now.put(outer);
    };
    let Phase::Joining(mut join) = std::mem::replace(&mut outer.phase, Phase::Ready) else {
        debug_assert!(false, "a child execution ends inside of a Map run");
        return turn.now.put(outer);
    };
    let had_room = has_room(&join, &run);
    let failed = outcome.is_err();
    let ended = Ended { facts: child.facts, stop_millis: turn.now.clock_millis, outcome };
    join.slots.set(strand.slot, Slot::Ended(Arc::new(ended)));
    join.n_done += 1;
    let id = outer.id;
    if let (true, JoinSource::Children { inputs, n_items, .. }) = (failed, &join.source) {
        join.n_failed_items += inputs.get(strand.slot).map_or(1, |it| it.n_items);
        if run.tolerance.is_exceeded(join.n_failed_items, *n_items) {
            outer.phase = Phase::Joining(join);
            turn.now.put(outer);
            return stop_run(turn, id, strand);
        }
    }
    // The last children may end in the moment in which the run is about to stop.
    let is_stopping = is_stopping(turn, id);
    if join.n_done == join.slots.len() && !is_stopping {
        turn.now.ready.push_back(Action::Complete(id));
    } else if !had_room && has_room(&join, &run) && !is_stopping {
        turn.now.ready.push_back(Action::StartChild(id));
    }
    outer.phase = Phase::Joining(join);
    turn.now.put(outer);
}

/// Too many items failed: the other child executions are stopped, then the Map fails.
fn stop_run(turn: &mut Turn, outer: StrandId, strand: &Strand) {
    if is_stopping(turn, outer) {
        return;
    }
    turn.now.ready.retain(|it| *it != Action::StartChild(outer));
    let stopping = join::inside(turn, outer, strand.id);
    turn.now.failing.push_back(Failing {
        strand: strand.id,
        error: tolerance::exceeded(),
        stopping: Some(stopping),
    });
    turn.now.put(Strand { phase: Phase::Failed, ..strand.clone() });
}

/// Whether the failure of a child execution is on its way to this Map.
fn is_stopping(turn: &Turn, outer: StrandId) -> bool {
    let of_run = |it: &Failing| turn.now.strands.get(&it.strand).is_some_and(|it| it.parent == Some(outer));
    turn.now.failing.iter().any(of_run)
}

fn new_child(turn: &mut Turn, outer: &Strand, run: &MapRun, join: &mut Join) -> Option<Strand> {
    let slot = join.next_slot;
    let JoinSource::Children { inputs, .. } = &join.source else { return None };
    let given = inputs.get(slot)?;
    let id = StrandId(turn.now.n_strands);
    turn.now.n_strands += 1;
    let child = ChildId(turn.now.n_children);
    turn.now.n_children += 1;
    let facts = Arc::new(facts(turn, run, &given.input));
    let max_events = if run.is_express { u64::MAX } else { MAX_EVENTS };
    turn.now.children.insert(child, Child { facts, strand: id, n_events: 0, max_events });
    let mut place = outer.place.as_ref().clone();
    let state = turn.state(outer.state).map(|it| it.path.clone()).unwrap_or_default();
    place.push(StrandStep { state, visit: outer.visit, idx: slot });
    let strand = Strand {
        id,
        parent: Some(outer.id),
        slot,
        place: Arc::new(place),
        child: Some(child),
        item: given.item.clone(),
        state: outer.state,
        input: Arc::clone(&given.input),
        size: None,
        visit: VisitId(0),
        entered_millis: 0,
        entered_event: 0,
        event_before: 0,
        attempt: 1,
        retries: Vec::new(),
        phase: Phase::Ready,
        // ASL: a child execution cannot read the variables outside.
        variables: Arc::default(),
        // The first state follows nothing, as in any execution.
        last_event: 0,
        stages: Arc::default(),
        token: None,
        map_run: None,
    };
    join.slots.set(slot, Slot::Running(id));
    join.next_slot += 1;
    Some(strand)
}

fn facts(turn: &mut Turn, run: &MapRun, input: &Arc<Value>) -> ChildExecution {
    let name = uuid_v4(&mut turn.now.random);
    let settings = &turn.now.execution.settings;
    let of_account = format!("arn:aws:states:{}:{}", settings.region, settings.account);
    let machine = &run.machine;
    ChildExecution {
        arn: match run.is_express {
            true => format!("{of_account}:express:{machine}:{name}:1"),
            false => format!("{of_account}:execution:{machine}:{name}"),
        },
        name,
        machine: machine.clone(),
        map_run_arn: run.arn.clone(),
        input: Arc::clone(input),
        start_millis: turn.now.clock_millis,
    }
}

fn log_start(turn: &mut Turn, strand: &Strand) {
    let details = vec![
        ("input", Detail::Payload(Arc::clone(&strand.input))),
        ("inputDetails", whole()),
        ("roleArn", plain(turn.now.execution.settings.role_arn.as_str())),
    ];
    turn.emit(0, "ExecutionStarted", "executionStartedEventDetails", details);
}

fn has_room(join: &Join, run: &MapRun) -> bool {
    join.next_slot < join.slots.len() && join.next_slot - join.n_done < run.n_at_once
}

/// Stops a child execution together with its Map. As AWS was recorded stopping an execution, that
/// is all its history says, whatever was going on in it.
pub(crate) fn abort_child(turn: &mut Turn, strand: &Strand) {
    if let Phase::Joining(join) = &strand.phase {
        join::remove_all(turn, join.slots.running().collect());
    }
    turn.emit(0, "ExecutionAborted", "executionAbortedEventDetails", Vec::new());
    if let Some(child) = strand.child {
        turn.now.children.remove(&child);
    }
}
