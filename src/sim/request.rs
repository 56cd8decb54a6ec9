//! What a run is determined by, besides later decisions: the program, its input, what calls
//! answer, the seed, and facts about the imagined account.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::asl::{EdgeKey, MachineType, StatePath};
use crate::sim::mocks::Mocks;
use crate::sim::program::{Program, StateIdx, To, Transition};
use crate::sim::sources::Sources;

/// Everything a run is determined by, besides later decisions.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RunRequest {
    pub program: Arc<Program>,
    /// The input of the execution, `$$.Execution.Input`.
    pub input: Arc<Value>,
    pub mocks: Mocks,
    /// Decides jitter, `States.MathRandom` and `States.UUID`.
    pub seed: u64,
    pub settings: Settings,
    /// Where the run begins, if not at `StartAt`.
    pub start: Option<StartAt>,
}

/// A run that begins in the middle of its machine.
#[derive(Clone, Debug, PartialEq)]
pub struct StartAt {
    /// Any state, also one inside of a Map or Parallel: the run then ends where that branch or
    /// iteration does.
    pub state: StatePath,
    /// The raw input of that state.
    pub input: Arc<Value>,
    /// The variables it sees.
    pub variables: Arc<Map<String, Value>>,
}

/// Facts about the imagined account.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How long a mocked call takes in virtual time, unless its mock says otherwise.
    pub task_millis: u64,
    /// The moment of the start, in milliseconds since 1970.
    pub start_millis: i64,
    pub execution_name: String,
    pub machine_name: String,
    pub region: String,
    pub account: String,
    pub role_arn: String,
    pub machine_type: MachineType,
    pub interleaving: Interleaving,
    /// Whom the run follows where the sources disagree.
    pub sources: Sources,
}

/// In which order branches, iterations and child executions act that could act at the same moment.
/// AWS promises none; a workflow should give the same under each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Interleaving {
    /// Whoever could act first acts first, as in the histories that AWS was recorded giving.
    #[default]
    InOrder,
    /// Whoever could act last acts first: the last branch goes on until it waits, then the others.
    Reversed,
    /// In an order that depends on the seed alone.
    Shuffled { seed: u64 },
}

impl StartAt {
    /// The way into the state.
    pub(crate) fn transition(&self, program: &Program) -> Transition {
        let found = program.states.iter().position(|it| it.path == self.state);
        let to = match found {
            Some(idx) => To::State(StateIdx(idx)),
            None => To::Nowhere(format!("There is no state at “{}” to start with", self.state)),
        };
        Transition { edge: EdgeKey::new(String::new()), to }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            task_millis: 1_000,
            start_millis: 1_767_225_600_000,
            execution_name: "run".to_string(),
            machine_name: "StateMachine".to_string(),
            region: "us-east-1".to_string(),
            account: "123456789012".to_string(),
            role_arn: "arn:aws:iam::123456789012:role/StateMachine".to_string(),
            machine_type: MachineType::Standard,
            interleaving: Interleaving::InOrder,
            sources: Sources::default(),
        }
    }
}
