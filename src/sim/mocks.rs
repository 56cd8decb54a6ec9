//! What calls answer. A mock belongs to a state name and says for the first, second, … call over
//! the whole execution what comes back, as AWS's MockConfigFile does. A call without a mock asks.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::sim::objects::Objects;
use crate::sim::trace::StatesError;

/// The answers of all states of one scenario, by state name.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Mocks {
    pub states: IndexMap<String, Vec<MockRow>>,
    /// The objects in S3, for distributed Maps.
    pub objects: Arc<Objects>,
}

/// Which calls of a state are answered, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct MockRow {
    /// The first call this row is for, counted from 0 over the execution.
    pub first: u32,
    /// The last one; `None` means this and all later ones.
    pub last: Option<u32>,
    pub answer: Answer,
}

/// How a call ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It succeeds with this result.
    Return(Arc<Value>),
    /// It fails.
    Throw(StatesError),
    /// It never answers: the timeout of the state ends it.
    TimeOut,
}

/// An input with the answers that calls give: everything a run needs besides the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The name of the test case in the file, unique in its document.
    pub name: String,
    /// What the scenario shows, in a sentence; empty if nobody wrote one.
    pub note: String,
    pub input: Arc<Value>,
    pub mocks: Mocks,
}

impl Mocks {
    /// The answer to the call number `invocation` (from 0) of a state; `None` asks.
    pub fn answer(&self, state: &str, invocation: u32) -> Option<&Answer> {
        let rows = self.states.get(state)?;
        let row =
            rows.iter().find(|it| it.first <= invocation && it.last.is_none_or(|last| invocation <= last))?;
        Some(&row.answer)
    }
}
