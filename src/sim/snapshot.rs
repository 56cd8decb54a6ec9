//! The whole state of the machine between two steps, as a value: where every strand of execution
//! stands, what is due when, how often what was called, and the random generator. Large parts are
//! shared, so a copy is cheap. Nothing here decides anything; the engine does.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::expr::RandomSource;
use crate::sim::distributed::MapRun;
use crate::sim::mocks::Answer;
use crate::sim::objects::Objects;
use crate::sim::program::{ScopeIdx, StateIdx};
use crate::sim::run::Settings;
use crate::sim::slots::Slots;
use crate::sim::trace::{ChildExecution, Stage, StatesError, StrandStep, VisitId};

/// Everything that decides what happens next.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub(crate) execution: Arc<Execution>,
    /// Virtual time since the start of the execution. Never goes back.
    pub(crate) clock_millis: u64,
    /// Events logged so far; the next one has this number plus one.
    pub(crate) n_events: u64,
    pub(crate) n_visits: u32,
    pub(crate) n_strands: u32,
    pub(crate) random: Random,
    pub(crate) strands: BTreeMap<StrandId, Arc<Strand>>,
    /// What can be done at once, in order.
    pub(crate) ready: VecDeque<Action>,
    /// Failures that still have to reach the Parallel or Map around them, in order.
    pub(crate) failing: VecDeque<Failing>,
    /// Sorted by time, then by `order`.
    pub(crate) timers: Vec<Timer>,
    pub(crate) n_timers: u64,
    /// Calls so far by state name, as mocks count them.
    pub(crate) invocations: Arc<BTreeMap<String, u32>>,
    /// The strand whose call waits for the user.
    pub(crate) asking: Option<StrandId>,
    /// Tokens handed out so far.
    pub(crate) n_tokens: u32,
    /// The child executions that run now.
    pub(crate) children: BTreeMap<ChildId, Child>,
    pub(crate) n_children: u32,
    /// Events logged in all child executions together.
    pub(crate) n_child_events: u64,
    /// Objects written by this run, or given as answers. They hide those of the mocks.
    pub(crate) written: Arc<Objects>,
    pub(crate) outcome: Option<Outcome>,
}

/// A child execution of a distributed Map, numbered over the whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ChildId(pub u32);

/// A child execution while it runs: it has a history of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Child {
    pub facts: Arc<ChildExecution>,
    /// The strand that stands for it in its Map.
    pub strand: StrandId,
    pub n_events: u64,
    pub max_events: u64,
}

/// What holds for a whole execution.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Execution {
    pub input: Arc<Value>,
    pub settings: Settings,
    /// When the machine's own `TimeoutSeconds` ends the execution.
    pub deadline_millis: Option<u64>,
    /// Whether stages and events are kept; without them only the outcome is known.
    pub recording: bool,
}

/// One line of execution: the machine itself, a branch or an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StrandId(pub u32);

/// Where one line of execution stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Strand {
    pub id: StrandId,
    pub parent: Option<StrandId>,
    /// Index of the branch or iteration in the parent.
    pub slot: usize,
    /// The nesting, outermost first.
    pub place: Arc<Vec<StrandStep>>,
    /// The child execution that this strand belongs to.
    pub child: Option<ChildId>,
    /// The item of the innermost Map around this strand.
    pub item: Option<Arc<Item>>,
    pub state: StateIdx,
    /// The raw input of the state.
    pub input: Arc<Value>,
    pub visit: VisitId,
    pub entered_millis: u64,
    pub entered_event: u64,
    /// From 1.
    pub attempt: u32,
    /// Failures taken by each retrier of the state.
    pub retries: Vec<u64>,
    pub phase: Phase,
    /// Variables as this strand sees them, outer ones included.
    pub variables: Arc<Map<String, Value>>,
    /// The event that the next one follows.
    pub last_event: u64,
    pub stages: Arc<Vec<Stage>>,
    /// `$$.Task.Token` of the attempt.
    pub token: Option<String>,
    /// What runs the children, while the state is a distributed Map.
    pub map_run: Option<Arc<MapRun>>,
}

/// The item that an iteration works on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub index: usize,
    pub value: Arc<Value>,
    /// The name of the member, where the items are those of an object.
    pub key: Option<String>,
    /// `STATE_DATA` or the address of an object; inline Maps do not tell.
    pub source: Option<Arc<str>>,
}

/// What a strand is doing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// Its next action stands in `ready`.
    Ready,
    /// A call is out.
    Calling(Calling),
    /// A Wait state runs; its output is known.
    Waiting,
    /// A retry is due later.
    BackingOff,
    /// Inner strands run.
    Joining(Join),
    /// It failed, and the failure stands in `failing`.
    Failed,
}

/// A call that is out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Calling {
    /// Counts the calls of this state name, from 0.
    pub invocation: u32,
    pub parameters: Arc<Value>,
    /// What comes back; `None` asks the user.
    pub answer: Option<Answer>,
    pub called_millis: u64,
    /// After this time without an answer the call ends with `States.Timeout`.
    pub limit_millis: Option<u64>,
}

/// Inner strands and what came of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Join {
    pub source: JoinSource,
    /// What became of each branch, iteration or child execution.
    pub slots: Slots,
    pub n_done: usize,
    /// Items of the child executions that failed.
    pub n_failed_items: usize,
    /// The branch or iteration that starts next.
    pub next_slot: usize,
    /// The data that inner strands are given or made from.
    pub effective: Arc<Value>,
}

/// What the inner strands work on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum JoinSource {
    Branches(Vec<ScopeIdx>),
    /// The iterations of an inline Map.
    Items {
        processor: ScopeIdx,
        items: Arc<Vec<Arc<Item>>>,
    },
    /// The child executions of a distributed Map.
    Children {
        processor: ScopeIdx,
        inputs: Arc<Vec<ChildInput>>,
        /// Over all inputs.
        n_items: usize,
    },
}

/// What one child execution works on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChildInput {
    pub input: Arc<Value>,
    /// Its item, unless it works on a batch.
    pub item: Option<Arc<Item>>,
    pub n_items: usize,
}

/// Something to do at once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    Start,
    /// Enter the strand's state.
    Enter(StrandId),
    /// Begin another attempt of the strand's state.
    Retry(StrandId),
    /// Start one more child execution of the distributed Map in which the strand stands.
    StartChild(StrandId),
    /// All inner strands are done.
    Complete(StrandId),
    Finish(Outcome),
}

/// A failure on its way out of a branch or iteration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failing {
    /// The strand that failed.
    pub strand: StrandId,
    pub error: StatesError,
    /// The other strands inside the same Parallel or Map that still have to be stopped, outer ones
    /// first; none before the failure itself is logged.
    pub stopping: Option<VecDeque<StrandId>>,
}

/// A moment at which a strand goes on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Timer {
    pub at_millis: u64,
    /// Timers of one moment go off in the order in which they were set.
    pub order: u64,
    pub strand: StrandId,
}

/// How an execution ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Succeeded { output: Arc<Value>, last_event: u64 },
    Failed { error: StatesError, last_event: u64 },
    TimedOut,
}

/// SplitMix64: small, seeded, and good enough for jitter and sample numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Random(pub u64);

impl RandomSource for Random {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Snapshot {
    /// Before the first step.
    pub(crate) fn new(execution: Execution, seed: u64) -> Snapshot {
        Snapshot {
            execution: Arc::new(execution),
            clock_millis: 0,
            n_events: 0,
            n_visits: 0,
            n_strands: 0,
            random: Random(seed),
            strands: BTreeMap::new(),
            ready: VecDeque::from([Action::Start]),
            failing: VecDeque::new(),
            timers: Vec::new(),
            n_timers: 0,
            invocations: Arc::new(BTreeMap::new()),
            asking: None,
            n_tokens: 0,
            children: BTreeMap::new(),
            n_children: 0,
            n_child_events: 0,
            written: Arc::default(),
            outcome: None,
        }
    }

    /// Virtual time since the start of the execution.
    pub fn clock_millis(&self) -> u64 {
        self.clock_millis
    }

    /// Wakes a strand at a moment; a moment too far away to count is the last one there is.
    pub(crate) fn set_timer(&mut self, strand: StrandId, at_millis: u64) {
        let order = self.n_timers;
        self.n_timers += 1;
        let idx = self.timers.partition_point(|it| (it.at_millis, it.order) <= (at_millis, order));
        self.timers.insert(idx, Timer { at_millis, order, strand });
    }

    /// Forgets the timers of a strand.
    pub(crate) fn clear_timers(&mut self, strand: StrandId) {
        self.timers.retain(|it| it.strand != strand);
    }

    /// Takes a strand out to change it; it must be put back.
    pub(crate) fn take(&mut self, id: StrandId) -> Option<Strand> {
        self.strands.remove(&id).map(Arc::unwrap_or_clone)
    }

    pub(crate) fn put(&mut self, strand: Strand) {
        self.strands.insert(strand.id, Arc::new(strand));
    }

    /// The strand whose call waits for the user.
    pub(crate) fn asked(&self) -> Option<(&Strand, &Calling)> {
        let strand = self.strands.get(&self.asking?)?;
        match &strand.phase {
            Phase::Calling(calling) => Some((strand.as_ref(), calling)),
            _ => None,
        }
    }
}

impl Default for Snapshot {
    fn default() -> Snapshot {
        let execution = Execution {
            input: Arc::default(),
            settings: Settings::default(),
            deadline_millis: None,
            recording: true,
        };
        Snapshot::new(execution, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_of_one_moment_keep_the_order_in_which_they_were_set() {
        let mut snapshot = Snapshot::default();
        for (strand, at_millis) in [(1, 5), (2, 3), (3, 5), (4, 3)] {
            snapshot.set_timer(StrandId(strand), at_millis);
        }
        let order: Vec<u32> = snapshot.timers.iter().map(|it| it.strand.0).collect();
        assert_eq!(order, [2, 4, 1, 3]);
    }
}
