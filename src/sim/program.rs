//! A definition made ready to run: every name resolved to an index, every field at hand, nothing
//! left to look up. Immutable and tagged with the document revision it was made from. Knows
//! nothing of data or time.

use std::sync::Arc;

use serde_json::Value;

use crate::asl::resource::Resource;
use crate::asl::{Document, EdgeKey, QueryLanguage, ScopePath, State, StatePath, StateType};
use crate::json;
use crate::sim::code::Code;
use crate::sim::refuse;
use crate::sim::resolve;
use crate::sim::states::choice::Rule;

/// A resolved definition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    pub(crate) revision: u64,
    /// The first one is the machine itself, an outer scope before its inner ones.
    pub(crate) scopes: Vec<ScopeDef>,
    pub(crate) states: Vec<StateDef>,
    /// The machine's own `TimeoutSeconds`.
    pub(crate) timeout_secs: Option<u64>,
    pub(crate) refusals: Vec<Unsupported>,
}

/// Something that the simulator does not run yet. A run never starts wrongly: it is refused with
/// these sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    pub state: StatePath,
    /// The field of the state, for instance `ItemReader`.
    pub field: String,
    /// The whole sentence for the user.
    pub sentence: String,
}

/// Index of a scope in a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ScopeIdx(pub usize);

/// Index of a state in a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StateIdx(pub usize);

/// One set of states.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScopeDef {
    pub path: ScopePath,
    pub start: Transition,
}

/// One state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StateDef {
    pub name: Arc<str>,
    pub path: StatePath,
    pub kind: Kind,
    pub language: QueryLanguage,
    /// All fields but those that hold inner states, in text order.
    pub fields: Vec<FieldDef>,
    /// Tells most names that are no field without a look at the fields; see [`mark`].
    pub marks: u64,
    /// What the fields hold of paths and templates.
    pub code: Code,
    /// `Next` or `End`; a Succeed or Fail ends here too.
    pub next: Transition,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
    /// Some field may read the context object, so it has to be built.
    pub reads_context: bool,
    /// Why a run cannot get past this state, as a sentence.
    pub fault: Option<String>,
}

/// One field of a state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldDef {
    pub name: String,
    /// Its JSON Pointer.
    pub pointer: Arc<str>,
    pub written: Arc<Value>,
}

/// What the state does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Task(Resource),
    Pass,
    Choice { rules: Vec<Rule>, default: Option<Transition> },
    Wait,
    Succeed,
    Fail,
    Parallel { branches: Vec<ScopeIdx> },
    Map { processor: ScopeIdx },
}

/// A way out of a state, or into a scope.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Transition {
    pub edge: EdgeKey,
    pub to: To,
}

/// Where a transition leads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum To {
    State(StateIdx),
    /// The scope ends.
    End,
    /// There is no such state in this scope, or nothing is said at all; the sentence says which.
    Nowhere(String),
}

/// One entry of `Retry` with its defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Retrier {
    pub error_equals: Vec<String>,
    pub interval_secs: f64,
    pub max_attempts: u64,
    pub backoff_rate: f64,
    pub max_delay_secs: Option<f64>,
    /// `JitterStrategy` is `FULL`.
    pub full_jitter: bool,
}

/// One entry of `Catch`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Catcher {
    pub error_equals: Vec<String>,
    pub next: Transition,
    pub result_path: Option<Arc<Value>>,
    pub output: Option<Arc<Value>>,
    pub assign: Option<Arc<Value>>,
}

impl Program {
    /// Makes a definition ready to run. Never fails: what is missing becomes a fault of the state,
    /// and a run that gets there stops with a sentence.
    pub fn from_value(definition: &Value, revision: u64) -> Program {
        let mut program = resolve::resolve(definition);
        program.revision = revision;
        program.refusals = refuse::refusals(&program);
        for refusal in &program.refusals {
            let state = program.states.iter_mut().find(|it| it.path == refusal.state);
            if let Some(state) = state {
                state.fault.get_or_insert_with(|| refusal.sentence.clone());
            }
        }
        program
    }

    /// Makes a document ready to run. A state whose text is unfinished becomes a fault.
    pub fn new(document: &Document) -> Program {
        let definition = json::value(&document.tree, document.tree.root());
        let mut program = Program::from_value(&definition, document.revision);
        // A state with a merge conflict counts among them: nobody has chosen yet what it does.
        let is_unfinished = |it: &&State| it.broken || document.tree.is_broken(it.node);
        for broken in document.machine.states.iter().filter(is_unfinished) {
            if let Some(state) = program.states.iter_mut().find(|it| it.path == broken.path) {
                state
                    .fault
                    .get_or_insert_with(|| format!("The text of state “{}” is unfinished", broken.name));
            }
        }
        program
    }

    /// The document revision this was made from.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What cannot be run yet; empty for a program that can.
    pub fn refusals(&self) -> &[Unsupported] {
        &self.refusals
    }

    /// The addresses of all states that call something and therefore can be mocked, in text order.
    pub fn callers(&self) -> Vec<StatePath> {
        let calls = self.states.iter().filter(|it| matches!(it.kind, Kind::Task(_)));
        calls.map(|it| it.path.clone()).collect()
    }

    pub(crate) fn scope(&self, idx: ScopeIdx) -> Option<&ScopeDef> {
        self.scopes.get(idx.0)
    }

    pub(crate) fn state(&self, idx: StateIdx) -> Option<&StateDef> {
        self.states.get(idx.0)
    }
}

/// A bit that stands for the name, and for some others.
pub(crate) fn mark(name: &str) -> u64 {
    let first = name.bytes().next().unwrap_or(0);
    1 << ((usize::from(first) + 11 * name.len()) % 64)
}

impl StateDef {
    /// The field as written, unless it is absent.
    pub(crate) fn field(&self, name: &str) -> Option<&Arc<Value>> {
        if self.marks & mark(name) == 0 {
            return None;
        }
        self.fields.iter().find(|it| it.name == name).map(|it| &it.written)
    }

    /// JSON Pointer of a field of this state.
    pub(crate) fn pointer(&self, field: &str) -> Arc<str> {
        match self.fields.iter().find(|it| it.name == field) {
            Some(known) => Arc::clone(&known.pointer),
            None => Arc::from(format!("{}/{field}", self.path)),
        }
    }

    pub(crate) fn state_type(&self) -> StateType {
        match self.kind {
            Kind::Task(_) => StateType::Task,
            Kind::Pass => StateType::Pass,
            Kind::Choice { .. } => StateType::Choice,
            Kind::Wait => StateType::Wait,
            Kind::Succeed => StateType::Succeed,
            Kind::Fail => StateType::Fail,
            Kind::Parallel { .. } => StateType::Parallel,
            Kind::Map { .. } => StateType::Map,
        }
    }
}
