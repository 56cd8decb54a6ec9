//! What happened in a run, step by step. A step is the smallest thing a reader can stop at: a state
//! was entered, a call was answered, a wait ended. Everything the views show of a run is read
//! from here, nothing is computed while playing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::asl::{EdgeKey, StatePath};
use crate::expr::Payload;
use crate::expr::payload::{Explained, QueryScope};
use crate::json::keep;
use crate::sim::history::HistoryEvent;
use crate::sim::run::Run;
use crate::sim::snapshot::Random;

/// One step of a run. The machine after it: [`crate::sim::Run::snapshot`].
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Virtual time since the start of the execution.
    pub at_millis: u64,
    /// Nothing for the start and the end of the execution itself.
    pub state: Option<StatePath>,
    /// The visit this step belongs to; attempts of one visit share it. Counts from 0.
    pub visit: Option<VisitId>,
    /// Where in nested Maps and Parallels this happened, outermost first.
    pub strand: Arc<Vec<StrandStep>>,
    /// Which attempt of the visit, from 1.
    pub attempt: u32,
    pub happening: Happening,
    /// The data-flow stages known after this step for this attempt, in the order of application.
    pub stages: Arc<Vec<Stage>>,
    /// Events that AWS would have logged for this step.
    pub events: Vec<HistoryEvent>,
    /// Connections travelled by this step.
    pub followed: Vec<EdgeKey>,
    /// Variables after this step, as this strand sees them.
    pub variables: Arc<serde_json::Map<String, Value>>,
    /// The execution that the call of this step started, as far as it was after this step. Its
    /// times count from its own start, which is the moment of the call.
    pub started: Option<Arc<Run>>,
    /// The child execution in which this happened; its events count for themselves and stand in no
    /// other history.
    pub inside: Option<Arc<ChildExecution>>,
    /// Whether the data is here: the stages, the variables and the payloads of the events. If not,
    /// [`Run::step`] computes it again.
    pub is_whole: bool,
}

/// An execution that a distributed Map started for an item or a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildExecution {
    /// `$$.Execution.Id`.
    pub arn: String,
    /// `$$.Execution.Name`.
    pub name: String,
    /// `$$.StateMachine.Name`: the machine and the label of the Map.
    pub machine: String,
    pub map_run_arn: String,
    pub input: Arc<Value>,
    /// Virtual time since the start of the whole run.
    pub start_millis: u64,
}

/// One entry of a state, numbered over the whole run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct VisitId(pub u32);
keep! { VisitId(_) }

/// One level of nesting: the Map or Parallel, and the iteration or branch in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct StrandStep {
    pub state: StatePath,
    pub visit: VisitId,
    pub idx: usize,
}

/// What a step was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Happening {
    ExecutionStarted,
    /// A state was entered and goes on: a call is out, branches run.
    Running,
    /// Nothing happens until this virtual time (a Wait state).
    Waiting {
        until_millis: u64,
    },
    /// A call stands open for the answer of the user.
    Asking,
    /// The state was left in the ordinary way.
    Succeeded,
    /// An attempt failed and is repeated after a delay.
    Retrying {
        retrier_idx: usize,
        delay_millis: u64,
        error: StatesError,
    },
    /// The next attempt starts.
    Retried,
    /// An attempt failed and a catcher took it.
    Caught {
        catcher_idx: usize,
        error: StatesError,
    },
    Failed {
        error: StatesError,
    },
    /// A sibling failed, so this one was stopped.
    Aborted,
    ExecutionSucceeded {
        output: Arc<Value>,
    },
    ExecutionFailed {
        error: StatesError,
    },
    ExecutionTimedOut,
    /// Somebody stopped it; both parts may be empty.
    ExecutionAborted {
        error: StatesError,
    },
    /// It goes on after its end, for the time with this number.
    ExecutionRedriven {
        count: u32,
    },
}

/// An error of the workflow: data inside the simulation, never a failure of ours.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct StatesError {
    /// For instance `States.Timeout` or `Card.Declined`.
    pub name: String,
    pub cause: String,
}
keep! { StatesError { name, cause } }

/// One transformation of the data of a state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stage {
    pub name: StageName,
    /// The field's text, for instance `$.order` or the template; `None` where the field is unset
    /// and the data passes through.
    pub expression: Option<Arc<Value>>,
    /// JSON Pointer of the field, to find it in the text.
    pub field: Option<Arc<str>>,
    pub before: Arc<Value>,
    pub after: Result<Arc<Value>, Arc<StatesError>>,
    /// What the expressions of the field read (JSONata only).
    #[serde(skip)]
    pub read: Option<Arc<QueryData>>,
}

/// What the JSONata expressions of a field read, so that they can be evaluated again and looked
/// into. For an `ItemSelector`, what they read for the first item.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryData {
    /// The members of `$states` without the context, in order.
    pub states: Vec<(&'static str, Arc<Value>)>,
    /// The context object without the input of the execution, which is kept once and not with
    /// every step; nothing where no expression of the machine reads it.
    pub context: Option<Value>,
    pub variables: Arc<Map<String, Value>>,
    /// In milliseconds since 1970.
    pub now_millis: i64,
    pub(crate) random: Random,
}

impl QueryData {
    /// What each expression of a field gives, part by part, in the order of the text.
    pub fn explain(&self, written: &Value, execution_input: &Value) -> Vec<Explained> {
        let mut context = self.context.clone();
        if let Some(Value::Object(execution)) = context.as_mut().and_then(|it| it.get_mut("Execution")) {
            execution.insert("Input".to_string(), execution_input.clone());
        }
        let mut states: Vec<(&'static str, &Value)> =
            self.states.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        states.extend(context.as_ref().map(|it| ("context", it)));
        let scope = QueryScope { states: &states, variables: &self.variables, now_millis: self.now_millis };
        Payload::new(written).explain(&scope, &mut self.random.clone())
    }
}

/// Stages by the names of TestState's `inspectionData` (asl.md 2.3, 2.18), in the order in which
/// they can occur.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StageName {
    Input,
    AfterInputPath,
    AfterItemsPath,
    /// The data that an `ItemReader` read, from the place that its `ItemsPointer` names.
    AfterItemsPointer,
    AfterParameters,
    AfterArguments,
    AfterItemSelector,
    /// The inputs of child executions that take batches.
    AfterItemBatcher,
    /// What the call, the branches or the iterations gave, or `Result` of a Pass.
    Result,
    AfterResultSelector,
    AfterResultPath,
    /// The rule of a Choice that was taken; `after` is its number from 1, or null for Default.
    Choice,
    /// The variables assigned.
    Assign,
    /// What the state passes on.
    Output,
}
