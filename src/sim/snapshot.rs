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
use crate::sim::request::{RunRequest, Settings, StartAt};
use crate::sim::run::Run;
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
    /// Sorted by time; those of one moment stand in the order in which they were set.
    pub(crate) timers: Vec<Timer>,
    /// Calls so far by state name, as mocks count them.
    pub(crate) invocations: Arc<BTreeMap<String, u32>>,
    /// The strands whose calls wait for somebody, in the order in which they went out. Virtual time
    /// stands still while there are any.
    pub(crate) asking: Vec<StrandId>,
    /// Until this moment time may pass nevertheless.
    pub(crate) passing_millis: Option<u64>,
    /// Events that the executions inside of this one have logged so far.
    pub(crate) n_nested_events: u64,
    /// Tokens handed out so far.
    pub(crate) n_tokens: u32,
    /// The child executions that run now.
    pub(crate) children: BTreeMap<ChildId, Child>,
    pub(crate) n_children: u32,
    /// Events logged in all child executions together.
    pub(crate) n_child_events: u64,
    /// Objects written by this run, or given as answers. They hide those of the mocks.
    pub(crate) written: Arc<Objects>,
    /// What is kept of the steps that come.
    pub(crate) keep: Keep,
    /// Roughly the bytes of the data that was made and kept.
    pub(crate) n_bytes_kept: usize,
    pub(crate) outcome: Option<Outcome>,
}

/// What is kept of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Nothing: only the end of the execution counts.
    Outcome,
    /// What happened, without the data: that is computed again when somebody looks.
    Facts,
    Everything,
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
    /// Where it begins, if not at `StartAt`.
    pub start: Option<StartAt>,
    pub redrive_count: u32,
    /// The moment of the last redrive.
    pub redrive_millis: Option<u64>,
    /// How many executions are around this one.
    pub depth: u32,
    /// `n_nested_events` of the execution around when this one began.
    pub n_nested_before: u64,
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
    /// No less than the bytes of the input as JSON text, where it was measured.
    pub size: Option<usize>,
    pub visit: VisitId,
    pub entered_millis: u64,
    pub entered_event: u64,
    /// The event before the state was entered.
    pub event_before: u64,
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
    Calling(Box<Calling>),
    /// A Wait state runs; its output is known.
    Waiting,
    /// A retry is due later.
    BackingOff,
    /// Inner strands run.
    Joining(Box<Join>),
    /// It failed, and the failure stands in `failing`.
    Failed,
}

/// A call that is out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Calling {
    /// Counts the calls of this state name, from 0.
    pub invocation: u32,
    pub parameters: Arc<Value>,
    /// What comes back; `None` asks.
    pub answer: Option<Answer>,
    pub called_millis: u64,
    /// After this time without an answer the call ends with `States.Timeout`.
    pub timeout_millis: Option<u64>,
    /// After this time without a heartbeat, too.
    pub heartbeat_millis: Option<u64>,
    /// When it was heard of last.
    pub heard_millis: u64,
    /// With what success, failure and heartbeats are sent.
    pub token: Option<String>,
    /// The event of its start was logged.
    pub is_started: bool,
    /// Who took the work of an activity, if somebody said so.
    pub worker: Option<String>,
    /// The execution that the call started.
    pub child: Option<Arc<Run>>,
    /// Events inside of that execution which are counted in `n_nested_events`.
    pub n_child_events: u64,
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
    /// Log that the strand's call has started.
    Started(StrandId),
    /// The execution that the strand's call started has moved on.
    Child(StrandId),
    /// Log that the execution goes on after its end.
    Redriven,
    /// Do the strand's state again after a redrive.
    Resume(StrandId),
    Finish(Outcome),
}

impl Action {
    /// Who acts.
    pub(crate) fn strand(&self) -> Option<StrandId> {
        match self {
            Action::Enter(id)
            | Action::Retry(id)
            | Action::StartChild(id)
            | Action::Complete(id)
            | Action::Started(id)
            | Action::Child(id)
            | Action::Resume(id) => Some(*id),
            Action::Start | Action::Redriven | Action::Finish(_) => None,
        }
    }
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
    pub strand: StrandId,
}

/// How an execution ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Succeeded {
        output: Arc<Value>,
        last_event: u64,
    },
    Failed {
        error: StatesError,
        last_event: u64,
    },
    TimedOut,
    /// Somebody stopped it.
    Aborted {
        error: StatesError,
    },
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

impl Execution {
    /// One that nothing is around.
    pub(crate) fn new(request: &RunRequest) -> Execution {
        Execution {
            input: Arc::clone(&request.input),
            settings: request.settings.clone(),
            deadline_millis: request.program.timeout_secs.map(|it| it.saturating_mul(1_000)),
            start: request.start.clone(),
            redrive_count: 0,
            redrive_millis: None,
            depth: 0,
            n_nested_before: 0,
        }
    }
}

impl Snapshot {
    /// Before the first step.
    pub(crate) fn new(execution: Execution, seed: u64, keep: Keep) -> Snapshot {
        Snapshot {
            keep,
            n_bytes_kept: 0,
            clock_millis: 0,
            n_events: 0,
            n_visits: 0,
            n_strands: 0,
            random: Random(seed),
            strands: BTreeMap::new(),
            ready: VecDeque::from([Action::Start]),
            failing: VecDeque::new(),
            timers: Vec::new(),
            invocations: Arc::new(BTreeMap::new()),
            asking: Vec::new(),
            passing_millis: None,
            n_nested_events: execution.n_nested_before,
            n_tokens: 0,
            children: BTreeMap::new(),
            n_children: 0,
            n_child_events: 0,
            written: Arc::default(),
            outcome: None,
            execution: Arc::new(execution),
        }
    }

    /// The present moment in milliseconds since 1970.
    pub(crate) fn present_millis(&self) -> i64 {
        let clock_millis = i64::try_from(self.clock_millis).unwrap_or(i64::MAX);
        self.execution.settings.start_millis.saturating_add(clock_millis)
    }

    /// Wakes a strand at a moment; a moment too far away to count is the last one there is.
    pub(crate) fn set_timer(&mut self, strand: StrandId, at_millis: u64) {
        let idx = self.timers.partition_point(|it| it.at_millis <= at_millis);
        self.timers.insert(idx, Timer { at_millis, strand });
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

    /// When something happens next, if time may go there. A timer at the moment of the deadline
    /// still goes off.
    pub(crate) fn next_moment(&self) -> Option<u64> {
        let is_asking = !self.asking.is_empty();
        let timer = self.timers.first().map(|it| it.at_millis);
        let passes = timer.is_some() || (is_asking && self.passing_millis.is_some());
        let deadline = self.execution.deadline_millis.filter(|_| passes);
        let moment = match (timer, deadline) {
            (Some(timer), Some(deadline)) => timer.min(deadline),
            (timer, deadline) => timer.or(deadline)?,
        };
        let limit = match is_asking {
            true => self.passing_millis.unwrap_or(0).max(self.clock_millis),
            false => u64::MAX,
        };
        (moment <= limit).then_some(moment)
    }

    /// Whether the engine has anything to do without an answer.
    pub(crate) fn can_go_on(&self) -> bool {
        !self.ready.is_empty() || !self.failing.is_empty() || self.next_moment().is_some()
    }

    /// The strand that stands in this visit.
    pub(crate) fn strand_of(&self, visit: VisitId) -> Option<&Strand> {
        let found = self.strands.values().find(|it| it.visit == visit && it.phase != Phase::Ready);
        found.map(Arc::as_ref)
    }

    /// Nothing more comes of a strand that was stopped. What it would have done at once goes too: the
    /// machine after a step must be the same for who stays there and who plays the run again up to it.
    pub(crate) fn forget(&mut self, id: StrandId) {
        self.clear_timers(id);
        self.stop_asking(id);
        self.ready.retain(|it| it.strand() != Some(id));
    }

    /// The strand's call no longer waits for somebody.
    pub(crate) fn stop_asking(&mut self, id: StrandId) {
        self.asking.retain(|it| *it != id);
    }
}

impl Default for Snapshot {
    fn default() -> Snapshot {
        Snapshot::new(Execution::new(&RunRequest::default()), 0, Keep::Everything)
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
