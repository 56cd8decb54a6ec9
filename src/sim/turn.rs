//! One turn of the machine while it is being computed: the events and connections gathered so
//! far, and the two ways in which anything gets out of it: an event, and the step at its end.

use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use crate::asl::EdgeKey;
use crate::expr::RandomSource;
use crate::sim::dataflow::no_stages;
use crate::sim::history::{Detail, HistoryEvent};
use crate::sim::mocks::Mocks;
use crate::sim::program::{Program, StateDef, StateIdx, Transition};
use crate::sim::request::Interleaving;
use crate::sim::snapshot::{Action, ChildId, Execution, Keep, Outcome, Random, Snapshot, Strand, Timer};
use crate::sim::trace::{ChildExecution, Happening, Stage, StatesError, Step, StrandStep, VisitId};

/// AWS's limit of a Standard execution: the event with this number is the failure itself.
pub(crate) const MAX_EVENTS: u64 = 25_000;
/// Child executions have histories of their own, each within AWS's limit. All together would not
/// fit into any memory, so this is ours.
const MAX_CHILD_EVENTS: u64 = 2_000_000;

/// What one step is computed with.
pub(crate) struct Turn<'r> {
    pub program: &'r Program,
    pub mocks: &'r Mocks,
    pub now: &'r mut Snapshot,
    pub events: Vec<HistoryEvent>,
    pub followed: Vec<EdgeKey>,
    /// The child execution in which the strand at work stands; events go to its history.
    pub within: Option<ChildId>,
    /// An event did not fit into this history any more.
    pub overflown: Option<Overflow>,
}

/// Which history is full.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Overflow {
    Execution,
    Child(ChildId),
    /// All child executions together log more than can be kept.
    AllChildren,
}

/// The stages of a visit and the variables.
type Data = (Arc<Vec<Stage>>, Arc<Map<String, Value>>);

/// Whose step it is, noted before the strand moves on.
pub(crate) struct Subject {
    state: crate::asl::StatePath,
    visit: VisitId,
    place: Arc<Vec<StrandStep>>,
    attempt: u32,
    /// Where it is kept.
    data: Option<Data>,
    inside: Option<Arc<ChildExecution>>,
}

impl<'r> Turn<'r> {
    pub(crate) fn new(program: &'r Program, mocks: &'r Mocks, now: &'r mut Snapshot) -> Turn<'r> {
        let (events, followed) = (Vec::new(), Vec::new());
        Turn { program, mocks, now, events, followed, within: None, overflown: None }
    }

    /// The definition of a state. An index that the program does not know cannot arise; it would
    /// read as a state that does nothing and ends.
    pub(crate) fn state(&self, idx: StateIdx) -> Option<&'r StateDef> {
        let state = self.program.state(idx);
        debug_assert!(state.is_some(), "a strand stands in a state of its program");
        state
    }

    /// Takes what is done next of what can be done at once.
    pub(crate) fn next_ready(&mut self) -> Option<Action> {
        let n_ready = self.now.ready.len();
        // What a redrive does again follows its event in any order.
        if self.now.ready.front() == Some(&Action::Redriven) {
            return self.now.ready.pop_front();
        }
        match self.now.execution.settings.interleaving {
            Interleaving::InOrder => self.now.ready.pop_front(),
            Interleaving::Reversed => self.now.ready.pop_back(),
            Interleaving::Shuffled { .. } if n_ready < 2 => self.now.ready.pop_front(),
            Interleaving::Shuffled { seed } => {
                let idx = self.draw(seed, n_ready);
                self.now.ready.swap_remove_front(idx)
            }
        }
    }

    /// Takes the timer that goes off next; there must be one.
    pub(crate) fn next_timer(&mut self) -> Timer {
        let first_millis = self.now.timers.first().map_or(0, |it| it.at_millis);
        let n_due = || self.now.timers.partition_point(|it| it.at_millis <= first_millis);
        let idx = match self.now.execution.settings.interleaving {
            // What runs in reverse order sets its timers in that order.
            Interleaving::InOrder | Interleaving::Reversed => 0,
            Interleaving::Shuffled { seed } => self.draw(seed, n_due()),
        };
        self.now.timers.remove(idx)
    }

    /// A number below `n`. Draws nothing from the generator of the run, whose numbers belong to
    /// the workflow.
    fn draw(&self, seed: u64, n: usize) -> usize {
        let now = &self.now;
        let moment = u64::from(now.n_visits) ^ ((now.timers.len() as u64) << 20) ^ (now.n_events << 40);
        let drawn = Random(seed ^ moment.wrapping_mul(0xD6E8_FEB8_6659_FD93)).next_u64();
        usize::try_from(drawn % (n.max(1) as u64)).unwrap_or(0)
    }

    /// Logs an event and gives its number.
    pub(crate) fn emit(
        &mut self,
        previous_event_id: u64,
        event_type: &'static str,
        details_name: &'static str,
        details: Vec<(&'static str, Detail)>,
    ) -> u64 {
        self.log(previous_event_id, event_type, details_name, |_| details)
    }

    /// [`Turn::emit`] with details that are made only where a history is kept.
    pub(crate) fn log(
        &mut self,
        previous_event_id: u64,
        event_type: &'static str,
        details_name: &'static str,
        details: impl FnOnce(&Execution) -> Vec<(&'static str, Detail)>,
    ) -> u64 {
        let ends = matches!(
            event_type,
            "ExecutionSucceeded" | "ExecutionFailed" | "ExecutionAborted" | "ExecutionTimedOut"
        );
        let (counter, max_events) = match self.within.and_then(|it| self.now.children.get_mut(&it)) {
            Some(child) => (&mut child.n_events, child.max_events),
            None => (&mut self.now.n_events, MAX_EVENTS),
        };
        if !ends && max_events <= *counter + 1 {
            self.overflown = Some(self.within.map_or(Overflow::Execution, Overflow::Child));
            return *counter;
        }
        *counter += 1;
        let id = *counter;
        if self.within.is_some() {
            self.now.n_child_events += 1;
            if MAX_CHILD_EVENTS < self.now.n_child_events {
                self.overflown = Some(Overflow::AllChildren);
            }
        }
        if self.now.keep == Keep::Outcome {
            return id;
        }
        let mut details = details(&self.now.execution);
        if self.now.keep == Keep::Facts {
            for (_, detail) in &mut details {
                if matches!(detail, Detail::Payload(_) | Detail::Variables(_)) {
                    *detail = Detail::NotKept;
                }
            }
        }
        self.events.push(HistoryEvent {
            id,
            previous_event_id,
            timestamp_millis: self.now.clock_millis,
            event_type,
            details_name,
            details,
        });
        id
    }

    /// Ends the whole run, whatever else goes on.
    pub(crate) fn stop(&mut self, error: StatesError, last_event: u64) {
        self.now.strands.clear();
        self.now.timers.clear();
        self.now.failing.clear();
        self.now.ready.clear();
        self.now.asking.clear();
        self.now.children.clear();
        self.now.ready.push_front(Action::Finish(Outcome::Failed { error, last_event }));
    }

    /// Notes whose step it is.
    pub(crate) fn subject(&self, strand: &Strand) -> Subject {
        Subject {
            state: self.state(strand.state).map(|it| it.path.clone()).unwrap_or_default(),
            visit: strand.visit,
            place: Arc::clone(&strand.place),
            attempt: strand.attempt,
            data: (self.now.keep == Keep::Everything)
                .then(|| (Arc::clone(&strand.stages), Arc::clone(&strand.variables))),
            inside: strand.child.and_then(|it| self.now.children.get(&it)).map(|it| Arc::clone(&it.facts)),
        }
    }

    /// The step of a state.
    pub(crate) fn step(&mut self, subject: Subject, happening: Happening) -> Step {
        let is_whole = subject.data.is_some();
        let (stages, variables) = subject.data.unwrap_or_else(|| (no_stages(), no_variables()));
        Step {
            at_millis: self.now.clock_millis,
            state: Some(subject.state),
            visit: Some(subject.visit),
            strand: subject.place,
            attempt: subject.attempt,
            happening,
            stages,
            events: std::mem::take(&mut self.events),
            followed: std::mem::take(&mut self.followed),
            variables,
            inside: subject.inside,
            is_whole,
            started: None,
        }
    }

    /// The step of the execution itself.
    pub(crate) fn execution_step(&mut self, happening: Happening) -> Step {
        Step {
            at_millis: self.now.clock_millis,
            state: None,
            visit: None,
            strand: Arc::default(),
            attempt: 1,
            happening,
            stages: Arc::default(),
            events: std::mem::take(&mut self.events),
            followed: std::mem::take(&mut self.followed),
            variables: Arc::default(),
            inside: None,
            is_whole: self.now.keep == Keep::Everything,
            started: None,
        }
    }

    /// Travels a connection.
    pub(crate) fn follow(&mut self, transition: &Transition) {
        if self.now.keep != Keep::Outcome {
            self.followed.push(transition.edge.clone());
        }
    }
}

fn no_variables() -> Arc<Map<String, Value>> {
    static NONE: LazyLock<Arc<Map<String, Value>>> = LazyLock::new(Arc::default);
    Arc::clone(&NONE)
}

/// A text that many events share.
pub(crate) fn text(text: &Arc<str>) -> Detail {
    Detail::Text(Arc::clone(text))
}

/// A text, number or object that stands in an event as it is.
pub(crate) fn plain(value: impl Into<Value>) -> Detail {
    Detail::Plain(Box::new(value.into()))
}

/// What AWS says about every payload: that it is whole.
pub(crate) fn whole() -> Detail {
    Detail::Whole
}

/// `error` and `cause`, each only where there is one.
pub(crate) fn error_details(error: &StatesError) -> Vec<(&'static str, Detail)> {
    let mut details = Vec::new();
    if !error.cause.is_empty() {
        details.push(("cause", plain(error.cause.clone())));
    }
    if !error.name.is_empty() {
        details.push(("error", plain(error.name.clone())));
    }
    details
}
