//! A run: a program with its input, mocks, seed and decisions, computed ahead step by step.

use std::sync::Arc;

use serde_json::Value;

use crate::asl::StatePath;
use crate::sim::mocks::{Answer, Mocks};
use crate::sim::program::Program;
use crate::sim::snapshot::Snapshot;
use crate::sim::trace::{Step, VisitId};

/// Everything a run is determined by, besides later decisions.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRequest {
    pub program: Arc<Program>,
    pub input: Arc<Value>,
    pub mocks: Mocks,
    /// Decides jitter, `States.MathRandom` and `States.UUID`.
    pub seed: u64,
    pub settings: Settings,
}

/// Facts about the imagined account.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How long a mocked call takes in virtual time.
    pub task_millis: u64,
    /// The moment of the start, in milliseconds since 1970.
    pub start_millis: i64,
    pub execution_name: String,
    pub machine_name: String,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// There is more to compute.
    Going,
    /// A call stands open; see [`Run::question`].
    Asking,
    Ended,
}

/// A call that waits for its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub state: StatePath,
    pub visit: VisitId,
    /// Counts the calls of this state name over the execution, from 0, as mocks do.
    pub invocation: u32,
    /// Counts the attempts of this visit, from 1.
    pub attempt: u32,
    pub resource: String,
    pub parameters: Arc<Value>,
}

/// An answer given by the user after the step with this index, in place of what the mocks say.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub step_idx: usize,
    pub answer: Answer,
}

/// A run and its trace. Equal requests and decisions give equal traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    request: RunRequest,
    decisions: Vec<Decision>,
    steps: Vec<Arc<Step>>,
    now: Snapshot,
}

impl Run {
    /// A run before its first step.
    pub fn start(request: RunRequest) -> Run {
        Run { request, decisions: Vec::new(), steps: Vec::new(), now: Snapshot::default() }
    }

    /// Computes up to `max_steps` further steps; stops early at a question or the end.
    pub fn advance(&mut self, _max_steps: usize) -> RunStatus {
        RunStatus::Ended
    }

    /// How far it is.
    pub fn status(&self) -> RunStatus {
        RunStatus::Ended
    }

    /// All steps so far.
    pub fn trace(&self) -> &[Arc<Step>] {
        &self.steps
    }

    /// The call that stands open, while the status is [`RunStatus::Asking`].
    pub fn question(&self) -> Option<Question> {
        None
    }

    /// Answers the open call. Without a question nothing happens. Call [`Run::advance`] after it.
    pub fn answer(&mut self, _answer: Answer) {}

    /// The call that the step belongs to, answered or not: what [`Run::fork`] would answer.
    pub fn call_at(&self, _step_idx: usize) -> Option<Question> {
        None
    }

    /// Another run that is equal up to the call of the step with this index and answers that call
    /// differently. `None` where the step belongs to no call.
    pub fn fork(&self, _step_idx: usize, _answer: Answer) -> Option<Run> {
        None
    }

    /// The same input, mocks and decisions on another program, up to where this run's step
    /// `step_idx` is. Gives the run and the index of the step that corresponds: same state, visit
    /// and happening, else the last one before the runs part.
    pub fn replay_on(&self, program: Arc<Program>, _step_idx: usize) -> (Run, usize) {
        (Run::start(RunRequest { program, ..self.request.clone() }), 0)
    }

    /// The machine after the step with this index.
    pub fn snapshot(&self, _step_idx: usize) -> Option<Snapshot> {
        Some(self.now.clone())
    }

    /// What the run is determined by.
    pub fn request(&self) -> &RunRequest {
        &self.request
    }

    /// The answers given by the user, in order.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            task_millis: 1_000,
            start_millis: 1_767_225_600_000,
            execution_name: "run".to_string(),
            machine_name: "StateMachine".to_string(),
        }
    }
}
