//! Snapshots kept along a run, so that any step can be gone to without computing everything anew.
//! A snapshot of many strands is large; the more of them there are, the fewer are kept, so that
//! what is kept stays in proportion to the steps.

use crate::sim::snapshot::{Keep, Snapshot};

/// Snapshots with the number of steps before each, in order. The first one is before any step.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Checkpoints {
    kept: Vec<(usize, Snapshot)>,
}

/// At least so many steps lie between two checkpoints.
const MIN_STEPS: usize = 32;
/// Making more data than this again takes too long.
const MAX_BYTES: usize = 1_024 * 1_024;
/// Where the data is too large to be kept with the steps, a checkpoint holds a copy of its own.
const MIN_STEPS_OF_FACTS: usize = 512;
/// One step more for so many strands.
const STRANDS_PER_STEP: usize = 8;

impl Checkpoints {
    pub(crate) fn new(first: Snapshot) -> Checkpoints {
        Checkpoints { kept: vec![(0, first)] }
    }

    /// Keeps the machine after so many steps, if that is worth it.
    pub(crate) fn note(&mut self, n_steps: usize, now: &Snapshot) {
        let (n_last, n_bytes) = self.kept.last().map_or((0, 0), |(n_steps, it)| (*n_steps, it.n_bytes_kept));
        let n_between = if now.keep == Keep::Facts { MIN_STEPS_OF_FACTS } else { MIN_STEPS };
        let is_far = n_last + n_between.max(now.strands.len() / STRANDS_PER_STEP) <= n_steps;
        if is_far || n_bytes.saturating_add(MAX_BYTES) < now.n_bytes_kept {
            self.kept.push((n_steps, now.clone()));
        }
    }

    /// The last checkpoint after at most so many steps, and how many those are.
    pub(crate) fn before(&self, n_steps: usize) -> Option<(usize, &Snapshot)> {
        let n_kept = self.kept.partition_point(|(n_before, _)| *n_before <= n_steps);
        let (n_before, snapshot) = self.kept.get(n_kept.checked_sub(1)?)?;
        Some((*n_before, snapshot))
    }

    /// Those that hold for another run which is equal for so many steps.
    pub(crate) fn until(&self, n_steps: usize) -> Checkpoints {
        let kept = self.kept.iter().take_while(|(n_before, _)| *n_before <= n_steps);
        Checkpoints { kept: kept.cloned().collect() }
    }
}
