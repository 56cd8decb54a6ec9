//! Redrive: an execution goes on after its end, from where it failed. What had succeeded stays:
//! finished branches and iterations keep their outputs, and only the states that failed or were
//! stopped are done again, with all their attempts. Event numbers go on.

use std::sync::Arc;

use crate::asl::MachineType;
use crate::sim::engine::{self, Act, CANNOT_RUN};
use crate::sim::history::Detail;
use crate::sim::program::{Kind, StateDef};
use crate::sim::run::Run;
use crate::sim::snapshot::{Action, Outcome, Phase, Snapshot, Strand};
use crate::sim::trace::{Happening, Step, VisitId};
use crate::sim::turn::{MAX_EVENTS, Turn};

/// Why the execution cannot be redriven, if so.
pub(crate) fn refusal(run: &Run, ended: &Snapshot) -> Option<&'static str> {
    match &ended.outcome {
        None => Some("An execution can be redriven only after its end"),
        Some(Outcome::Succeeded { .. }) => Some("An execution that succeeded cannot be redriven"),
        Some(Outcome::Failed { error, .. }) if error.name == CANNOT_RUN => {
            Some("What cannot be run at all cannot be redriven")
        }
        Some(_) if run.request().settings.machine_type == MachineType::Express => {
            Some("An Express execution cannot be redriven")
        }
        Some(_) if MAX_EVENTS <= ended.n_events + 1 => {
            Some("The history is full, so the execution cannot be redriven")
        }
        Some(_) => None,
    }
}

/// The machine as it goes on. `ended` is how it stood at its end, `before` how it stood before
/// the failure spread.
pub(crate) fn going_on(ended: &Snapshot, before: &Snapshot, timeout_secs: Option<u64>) -> Snapshot {
    let mut now = Snapshot {
        strands: before.strands.clone(),
        children: before.children.clone(),
        ready: before.ready.clone(),
        outcome: None,
        ..ended.clone()
    };
    let execution = Arc::make_mut(&mut now.execution);
    execution.redrive_count += 1;
    execution.redrive_millis = Some(now.clock_millis);
    execution.deadline_millis =
        timeout_secs.map(|it| now.clock_millis.saturating_add(it.saturating_mul(1_000)));
    // A Map or Parallel that failed by itself, after all inside of it, is done again as a whole.
    let failed_alone = matches!(ended.outcome, Some(Outcome::Failed { .. })) && before.failing.is_empty();
    now.ready.retain(|it| match it {
        Action::Start | Action::StartChild(_) | Action::Enter(_) => true,
        Action::Complete(id) => !failed_alone || before.strands.get(id).is_some_and(|it| it.parent.is_some()),
        _ => false,
    });
    let ids: Vec<_> = now.strands.keys().copied().collect();
    for id in ids {
        let Some(mut strand) = now.take(id) else { continue };
        // A Map run that had no child execution yet, or none at this moment, goes on with the next one.
        let queued = [Action::Enter(id), Action::Complete(id), Action::StartChild(id)];
        let is_queued = queued.iter().any(|it| now.ready.contains(it));
        let runs_inner = matches!(strand.phase, Phase::Joining(_))
            && before.strands.values().any(|it| it.parent == Some(id));
        if !runs_inner && !is_queued {
            strand.phase = Phase::Ready;
            now.ready.push_back(Action::Resume(id));
        }
        now.put(strand);
    }
    now.ready.push_front(Action::Redriven);
    now
}

/// Logs the redrive, which what is done again follows.
pub(crate) fn begin(turn: &mut Turn) -> Act {
    let count = turn.now.execution.redrive_count;
    let details = vec![("redriveCount", Detail::Number(u64::from(count)))];
    let last_event = turn.now.n_events;
    let event = turn.emit(last_event, "ExecutionRedriven", "executionRedrivenEventDetails", details);
    let resumed: Vec<_> = turn
        .now
        .ready
        .iter()
        .filter_map(|it| match it {
            Action::Resume(id) => Some(*id),
            _ => None,
        })
        .collect();
    for id in resumed {
        if let Some(strand) = turn.now.take(id) {
            turn.now.put(Strand { last_event: event, ..strand });
        }
    }
    Act::Done(turn.execution_step(Happening::ExecutionRedriven { count }))
}

/// Does a state again. AWS schedules the call of a Task anew without entering the state again.
pub(crate) fn resume(turn: &mut Turn, mut strand: Strand, state: &StateDef) -> Step {
    match state.kind {
        Kind::Task(_) | Kind::Map { .. } | Kind::Parallel { .. } => {
            strand.visit = VisitId(turn.now.n_visits);
            turn.now.n_visits += 1;
            strand.attempt = 1;
            strand.retries = vec![0; state.retry.len()];
            strand.token = None;
            engine::attempt(turn, strand, state)
        }
        _ => engine::enter(turn, strand, state),
    }
}
