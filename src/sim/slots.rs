//! What became of each branch, iteration or child execution of one state. Kept in small shared
//! pieces, so that a snapshot of a Map over thousands of items costs only what changed since the
//! last one.

use std::sync::Arc;

use serde_json::Value;

use crate::sim::snapshot::StrandId;
use crate::sim::trace::{ChildExecution, StatesError};

/// One of the things a state waits for.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) enum Slot {
    #[default]
    Waiting,
    Running(StrandId),
    /// A branch or iteration gave this.
    Done(Arc<Value>),
    /// A child execution ended, well or not.
    Ended(Arc<Ended>),
}

/// A child execution after its end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ended {
    pub facts: Arc<ChildExecution>,
    /// Virtual time since the start of the whole run.
    pub stop_millis: u64,
    pub outcome: Result<Arc<Value>, StatesError>,
}

/// A list of slots of fixed length; all of them wait at first.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Slots {
    pieces: Vec<Arc<Vec<Slot>>>,
    len: usize,
}

const PIECE: usize = 64;

impl Slots {
    pub(crate) fn new(len: usize) -> Slots {
        // Shared until one of them changes.
        let waiting = Arc::new(vec![Slot::Waiting; PIECE]);
        Slots { pieces: vec![waiting; len.div_ceil(PIECE)], len }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn set(&mut self, idx: usize, slot: Slot) {
        let place = self.pieces.get_mut(idx / PIECE).and_then(|it| Arc::make_mut(it).get_mut(idx % PIECE));
        debug_assert!(place.is_some() && idx < self.len, "a strand fills a slot of its own state");
        if let Some(place) = place {
            *place = slot;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.pieces.iter().flat_map(|it| it.iter()).take(self.len)
    }

    /// The strands that run.
    pub(crate) fn running(&self) -> impl Iterator<Item = StrandId> {
        self.iter().filter_map(|it| match it {
            Slot::Running(strand) => Some(*strand),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_what_it_had() {
        let mut slots = Slots::new(200);
        slots.set(70, Slot::Running(StrandId(7)));
        let copy = slots.clone();
        slots.set(70, Slot::Done(Arc::default()));
        slots.set(199, Slot::Running(StrandId(9)));
        assert_eq!(copy.running().collect::<Vec<_>>(), [StrandId(7)]);
        assert_eq!(slots.running().collect::<Vec<_>>(), [StrandId(9)]);
        assert_eq!((slots.len(), slots.iter().count()), (200, 200));
        assert_eq!(Slots::new(0).iter().count(), 0);
    }
}
