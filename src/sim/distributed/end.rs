//! A Map run ends: with results, written to S3 or passed on, or with a failure.

use std::sync::Arc;

use crate::sim::dataflow::Flow;
use crate::sim::distributed::{MapRun, writer};
use crate::sim::engine::{self, keep, log_evaluation_failed};
use crate::sim::program::StateDef;
use crate::sim::slots::Slots;
use crate::sim::snapshot::{Join, JoinSource, Phase, Strand};
use crate::sim::trace::{StatesError, Step};
use crate::sim::turn::{Turn, error_details};

/// From this moment on (1 October 2024, in milliseconds since 1970) the exit of a distributed Map
/// follows the start of its run, as that of an inline Map follows the last inner event. AWS was
/// recorded letting it follow the success of the run until August 2024 and this way since
/// November 2024.
const EXIT_FOLLOWS_START_MILLIS: i64 = 1_727_740_800_000;

/// All child executions have ended.
pub(crate) fn complete(turn: &mut Turn, mut strand: Strand, state: &StateDef, join: &Join) -> Step {
    let mut flow = Flow::new(state, &mut strand, turn.now);
    let Some(run) = strand.map_run.clone() else {
        debug_assert!(false, "only a Map run is completed");
        return fail(turn, strand, flow, StatesError::default());
    };
    let written = writer::write(&mut flow, &turn.now.execution.settings, &run, &join.slots);
    let written = match written {
        Ok(written) => written,
        Err(error) => return fail(turn, strand, flow, error),
    };
    keep(turn, &mut strand, flow);
    if !written.objects.is_empty() {
        let store = Arc::make_mut(&mut turn.now.written);
        for (address, content) in written.objects {
            store.put(address, Arc::new(content));
        }
    }
    let succeeded = turn.emit(run.started_event, "MapRunSucceeded", "", Vec::new());
    turn.emit(succeeded, "MapStateSucceeded", "", Vec::new());
    let is_newer = EXIT_FOLLOWS_START_MILLIS <= turn.now.execution.settings.start_millis;
    strand.last_event = if is_newer { run.started_event } else { succeeded };
    engine::take_result(turn, strand, state, &written.result)
}

/// The run fails before any child execution started, or after all of them ended.
pub(super) fn fail(turn: &mut Turn, mut strand: Strand, mut flow: Flow, error: StatesError) -> Step {
    let state = flow.state;
    if let Some(failed) = flow.evaluation_failed.take() {
        log_evaluation_failed(turn, &mut strand, state, &error, failed);
    }
    keep(turn, &mut strand, flow);
    let run = strand.map_run.clone();
    if let Some(run) = run {
        strand.last_event = log_failure(turn, &run, &error);
        // The Map has begun to run, so its failure has an event too.
        strand.phase = Phase::Joining(Box::new(Join {
            source: JoinSource::Children { processor: run.processor, inputs: Arc::default(), n_items: 0 },
            slots: Slots::default(),
            n_done: 0,
            n_failed_items: 0,
            next_slot: 0,
            effective: Arc::clone(&run.effective),
        }));
    }
    engine::fail(turn, strand, state, error)
}

/// Logs that the run failed.
pub(crate) fn log_failure(turn: &mut Turn, run: &MapRun, error: &StatesError) -> u64 {
    let details = error_details(error);
    turn.emit(run.started_event, "MapRunFailed", "mapRunFailedEventDetails", details)
}
