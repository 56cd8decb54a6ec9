//! One turn of the machine while it is being computed: the events and connections gathered so
//! far, and the two ways in which anything gets out of it: an event, and the step at its end.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::asl::EdgeKey;
use crate::sim::history::{Detail, HistoryEvent};
use crate::sim::mocks::Mocks;
use crate::sim::program::{Program, StateDef, StateIdx, Transition};
use crate::sim::snapshot::{Action, Execution, Outcome, Snapshot, Strand};
use crate::sim::trace::{Happening, Stage, StatesError, Step, StrandStep, VisitId};

/// AWS's limit of a Standard execution: the event with this number is the failure itself.
pub(crate) const MAX_EVENTS: u64 = 25_000;

/// What one step is computed with.
pub(crate) struct Turn<'r> {
    pub program: &'r Program,
    pub mocks: &'r Mocks,
    pub now: &'r mut Snapshot,
    pub events: Vec<HistoryEvent>,
    pub followed: Vec<EdgeKey>,
    /// An event did not fit into the history any more.
    pub overflown: bool,
}

/// Whose step it is, noted before the strand moves on.
pub(crate) struct Subject {
    state: crate::asl::StatePath,
    visit: VisitId,
    place: Arc<Vec<StrandStep>>,
    attempt: u32,
    stages: Arc<Vec<Stage>>,
    variables: Arc<Map<String, Value>>,
}

impl<'r> Turn<'r> {
    pub(crate) fn new(program: &'r Program, mocks: &'r Mocks, now: &'r mut Snapshot) -> Turn<'r> {
        Turn { program, mocks, now, events: Vec::new(), followed: Vec::new(), overflown: false }
    }

    /// The definition of a state. An index that the program does not know cannot arise; it would
    /// read as a state that does nothing and ends.
    pub(crate) fn state(&self, idx: StateIdx) -> Option<&'r StateDef> {
        let state = self.program.state(idx);
        debug_assert!(state.is_some(), "a strand stands in a state of its program");
        state
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
            "ExecutionSucceeded" | "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted"
        );
        if !ends && MAX_EVENTS <= self.now.n_events + 1 {
            self.overflown = true;
            return self.now.n_events;
        }
        self.now.n_events += 1;
        if !self.now.execution.recording {
            return self.now.n_events;
        }
        let details = details(&self.now.execution);
        self.events.push(HistoryEvent {
            id: self.now.n_events,
            previous_event_id,
            timestamp_millis: self.now.clock_millis,
            event_type,
            details_name,
            details,
        });
        self.now.n_events
    }

    /// Ends the whole run, whatever else goes on.
    pub(crate) fn stop(&mut self, error: StatesError, last_event: u64) {
        self.now.strands.clear();
        self.now.timers.clear();
        self.now.failing.clear();
        self.now.ready.clear();
        self.now.asking.clear();
        self.now.ready.push_front(Action::Finish(Outcome::Failed { error, last_event }));
    }

    /// Notes whose step it is.
    pub(crate) fn subject(&self, strand: &Strand) -> Subject {
        Subject {
            state: self.state(strand.state).map(|it| it.path.clone()).unwrap_or_default(),
            visit: strand.visit,
            place: Arc::clone(&strand.place),
            attempt: strand.attempt,
            stages: Arc::clone(&strand.stages),
            variables: Arc::clone(&strand.variables),
        }
    }

    /// The step of a state.
    pub(crate) fn step(&mut self, subject: Subject, happening: Happening) -> Step {
        Step {
            at_millis: self.now.clock_millis,
            state: Some(subject.state),
            visit: Some(subject.visit),
            strand: subject.place,
            attempt: subject.attempt,
            happening,
            stages: subject.stages,
            events: std::mem::take(&mut self.events),
            followed: std::mem::take(&mut self.followed),
            variables: subject.variables,
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
            started: None,
        }
    }

    /// Travels a connection.
    pub(crate) fn follow(&mut self, transition: &Transition) {
        if self.now.execution.recording {
            self.followed.push(transition.edge.clone());
        }
    }
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
