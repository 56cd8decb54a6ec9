//! What there is to see of calls and of what runs inside of others, as plain data: open calls,
//! iterations and child executions, executions that a call started, and starts in the middle.

use crate::asl::StatePath;
use crate::sim::CallId;

/// A call without an answer.
#[derive(Clone, PartialEq, Debug)]
pub struct QuestionView {
    pub state: StatePath,
    pub title: String,
    /// What is called, and with what.
    pub calls: String,
    pub parameters: String,
    /// First proposal for “Succeed with…”, as JSON text.
    pub suggestion: String,
    /// Names for “Fail with…”: those of Retry and Catch first.
    pub errors: Vec<String>,
    /// Index of the call in this execution.
    pub invocation: u32,
    /// The machine whose state calls, where it was started from another.
    pub machine: Option<String>,
    /// What `SendTaskSuccess` and the like name.
    pub token: Option<String>,
    /// The work of an activity that no worker has taken yet.
    pub can_take: bool,
    pub can_send_heartbeat: bool,
    /// Virtual time now, as “00:00:04.900”.
    pub now: String,
    /// When something happens next by itself, for instance the timeout.
    pub next: Option<String>,
}

/// One of several open calls.
#[derive(Clone, PartialEq, Debug)]
pub struct OpenCallView {
    pub call: CallId,
    pub title: String,
    /// “call 2 · item 3 · Ship · task-token-1”.
    pub words: String,
    pub chosen: bool,
}

/// Where among the iterations, branches or child executions of a state the cursor stands.
#[derive(Clone, PartialEq, Debug)]
pub struct IterationView {
    /// The Map or Parallel.
    pub title: String,
    /// “Iteration”, “Branch” or “Child”.
    pub word: &'static str,
    /// From 0; none at a step of the Map or Parallel itself.
    pub idx: Option<usize>,
    /// How many of them began.
    pub n: usize,
    /// The name of the child execution.
    pub name: String,
}

/// An execution that a call started, to read.
#[derive(Clone, PartialEq, Debug)]
pub struct StartedView {
    pub machine: String,
    /// `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED` or `RUNNING`.
    pub status: &'static str,
    /// Time since its own start, and what happened.
    pub steps: Vec<(String, String)>,
    /// Steps that are not in the list, because there are too many.
    pub n_left_out: usize,
    /// Its output, or its error, as text.
    pub end: String,
}

/// What “Run from here” begins with, to be changed.
#[derive(Clone, PartialEq, Debug)]
pub struct RunFromView {
    pub state: StatePath,
    /// JSON texts.
    pub input: String,
    pub variables: String,
    /// Where they come from.
    pub words: String,
}
