//! The meaning of a document in a compact form: scopes, states and the connections between them,
//! each with its place in the text. Structure only. The value of any other field is read from the
//! tree through [`State::node`], so that a field is described once, in the field table.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::asl::names::{EdgeKey, ScopePath, StatePath};
use crate::json::NodeId;
use crate::text::TextRange;

/// Index of a scope in [`Machine::scopes`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ScopeId(pub u32);

/// Index of a state in [`Machine::states`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct StateId(pub u32);

/// A whole definition. Scopes and states stand in text order, an outer one before its inner ones.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// The first one is the machine itself.
    pub scopes: Vec<Scope>,
    pub states: Vec<State>,
    pub language: QueryLanguage,
    pub comment: Option<String>,
    /// The first Parallel or Map state whose inside was left out because it lies too deep.
    pub too_deep: Option<StateId>,
    index: Index,
}

/// Looks up addresses and names. Never iterated, so its order cannot reach anything.
#[derive(Clone, Debug, Default)]
struct Index {
    states: HashMap<StatePath, StateId>,
    scopes: HashMap<ScopePath, ScopeId>,
    /// By scope index; of duplicate names the last.
    names: Vec<HashMap<Arc<str>, StateId>>,
}

/// One set of `States` with its `StartAt`: names are resolved in here and nowhere else.
#[derive(Clone, Debug)]
pub struct Scope {
    pub path: ScopePath,
    /// The Parallel or Map state around this scope.
    pub parent: Option<StateId>,
    pub slot: ScopeSlot,
    /// The object with `StartAt` and `States`.
    pub node: NodeId,
    /// The value of `States`, when there is one.
    pub states_node: Option<NodeId>,
    pub start_at: Option<Target>,
    /// In text order. A duplicate name appears twice here; AWS keeps the last one.
    pub states: Vec<StateId>,
    pub comment: Option<String>,
}

/// Where a scope sits in its parent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum ScopeSlot {
    /// The machine itself.
    Root,
    /// The branch with this index of a Parallel state.
    Branch(usize),
    /// The body of a Map state.
    ItemProcessor,
    /// The body of a Map state under its deprecated name.
    Iterator,
}

/// One state.
#[derive(Clone, Debug)]
pub struct State {
    pub scope: ScopeId,
    pub name: String,
    pub path: StatePath,
    /// The state's object (or whatever stands in its place).
    pub node: NodeId,
    /// The name with its quotation marks.
    pub key_range: TextRange,
    /// From the name to the end of the object.
    pub range: TextRange,
    pub kind: StateKind,
    /// The effective language: the state's own, else that of the machine.
    pub language: QueryLanguage,
    pub comment: Option<String>,
    pub next: Option<Target>,
    /// `End` is true.
    pub end: bool,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
    /// A syntax error lies inside this state, so what is known of it may be incomplete.
    pub broken: bool,
    /// A later state of the same scope has the same name, and AWS keeps that one.
    pub shadowed: bool,
}

/// What the state does, with the parts that make structure.
#[derive(Clone, Debug)]
pub enum StateKind {
    Task {
        resource: Option<String>,
    },
    Pass,
    Choice {
        rules: Vec<ChoiceRule>,
        default: Option<Target>,
    },
    Wait,
    Succeed,
    Fail,
    Parallel {
        branches: Vec<ScopeId>,
    },
    Map {
        processor: Option<ScopeId>,
        /// `ProcessorConfig.Mode` is `DISTRIBUTED`.
        distributed: bool,
    },
    /// `Type` is missing, misspelled or not yet typed; the text stands here.
    Unknown {
        type_text: Option<String>,
    },
}

/// The eight types, for tables and palettes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, serde::Deserialize)]
pub enum StateType {
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
}

/// The two query languages of the States Language.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, serde::Deserialize,
)]
pub enum QueryLanguage {
    #[default]
    #[serde(rename = "JSONPath")]
    JsonPath,
    #[serde(rename = "JSONata")]
    Jsonata,
}

/// A reference to a state of the same scope.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    pub name: String,
    /// The string that holds the name.
    pub node: NodeId,
    /// Its place, quotation marks included.
    pub range: TextRange,
    /// The address of the connection it makes.
    pub key: EdgeKey,
}

/// One top-level rule of a Choice state.
#[derive(Clone, Debug)]
pub struct ChoiceRule {
    pub node: NodeId,
    pub next: Option<Target>,
    pub comment: Option<String>,
}

/// One entry of `Retry`.
#[derive(Clone, Debug)]
pub struct Retrier {
    pub node: NodeId,
    pub error_equals: Vec<String>,
    /// Default 3; 0 means never.
    pub max_attempts: u64,
}

/// One entry of `Catch`.
#[derive(Clone, Debug)]
pub struct Catcher {
    pub node: NodeId,
    pub error_equals: Vec<String>,
    pub next: Option<Target>,
}

impl Machine {
    /// The scope with this index.
    pub fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.scopes.get(id.0 as usize)
    }

    /// The state with this index.
    pub fn state(&self, id: StateId) -> Option<&State> {
        self.states.get(id.0 as usize)
    }

    /// The state at this address; of duplicates the last, as AWS keeps it.
    pub fn find(&self, path: &StatePath) -> Option<(StateId, &State)> {
        let id = *self.index.states.get(path)?;
        Some((id, self.state(id)?))
    }

    /// The scope at this address.
    pub fn find_scope(&self, path: &ScopePath) -> Option<(ScopeId, &Scope)> {
        let id = *self.index.scopes.get(path)?;
        Some((id, self.scope(id)?))
    }

    /// The innermost state whose text is at this offset.
    pub fn state_at(&self, offset: usize) -> Option<StateId> {
        // States stand in text order and an inner one after its outer one, so the last state that
        // starts before the offset or one around it is the answer.
        let after = self.states.partition_point(|it| it.range.start <= offset);
        let mut candidate = after.checked_sub(1).map(|it| StateId(it as u32));
        while let Some(id) = candidate {
            let state = self.state(id)?;
            if offset <= state.range.end {
                return candidate;
            }
            candidate = self.scope(state.scope).and_then(|it| it.parent);
        }
        None
    }

    /// The state of this name in a scope; of duplicates the last, as AWS keeps it.
    pub fn resolve(&self, scope: &Scope, name: &str) -> Option<StateId> {
        // Not by path: containers of one name have scopes of one path.
        let id = self.states.get(scope.states.first()?.0 as usize)?.scope;
        self.index.names.get(id.0 as usize)?.get(name).copied()
    }

    /// Adds a scope, in text order, with as much room for states as its list has.
    pub(crate) fn push_scope(&mut self, scope: Scope) -> ScopeId {
        let id = ScopeId(self.scopes.len() as u32);
        let n_states = scope.states.capacity();
        self.states.reserve(n_states);
        self.index.states.reserve(n_states);
        self.index.scopes.insert(scope.path.clone(), id);
        self.index.names.push(HashMap::with_capacity(n_states));
        self.scopes.push(scope);
        id
    }

    /// Adds a state to its scope under its name, in text order.
    pub(crate) fn push_state(&mut self, state: State, name: Arc<str>) -> StateId {
        let id = StateId(self.states.len() as u32);
        let scope_idx = state.scope.0 as usize;
        self.index.states.insert(state.path.clone(), id);
        let shadowed = self.index.names.get_mut(scope_idx).and_then(|it| it.insert(name, id));
        if let Some(shadowed) = shadowed.and_then(|it| self.states.get_mut(it.0 as usize)) {
            shadowed.shadowed = true;
        }
        if let Some(scope) = self.scopes.get_mut(scope_idx) {
            scope.states.push(id);
        }
        self.states.push(state);
        id
    }
}

impl State {
    /// Every connection that leaves the state, in the order in which they are tried.
    pub fn targets(&self) -> Vec<&Target> {
        let mut targets = Vec::new();
        if let StateKind::Choice { rules, default } = &self.kind {
            targets.extend(rules.iter().filter_map(|it| it.next.as_ref()));
            targets.extend(default);
        }
        targets.extend(&self.next);
        targets.extend(self.catch.iter().filter_map(|it| it.next.as_ref()));
        targets
    }
}

impl StateKind {
    /// The type, unless it is unknown.
    pub fn state_type(&self) -> Option<StateType> {
        Some(match self {
            StateKind::Task { .. } => StateType::Task,
            StateKind::Pass => StateType::Pass,
            StateKind::Choice { .. } => StateType::Choice,
            StateKind::Wait => StateType::Wait,
            StateKind::Succeed => StateType::Succeed,
            StateKind::Fail => StateType::Fail,
            StateKind::Parallel { .. } => StateType::Parallel,
            StateKind::Map { .. } => StateType::Map,
            StateKind::Unknown { .. } => return None,
        })
    }
}

impl StateType {
    /// All eight, in the order in which the palette and AWS's message list them.
    pub const ALL: [StateType; 8] = [
        StateType::Task,
        StateType::Wait,
        StateType::Pass,
        StateType::Succeed,
        StateType::Fail,
        StateType::Choice,
        StateType::Parallel,
        StateType::Map,
    ];

    /// The word of the States Language.
    pub fn as_str(self) -> &'static str {
        match self {
            StateType::Task => "Task",
            StateType::Pass => "Pass",
            StateType::Choice => "Choice",
            StateType::Wait => "Wait",
            StateType::Succeed => "Succeed",
            StateType::Fail => "Fail",
            StateType::Parallel => "Parallel",
            StateType::Map => "Map",
        }
    }

    /// Reads the word of the States Language.
    pub fn parse(text: &str) -> Option<StateType> {
        StateType::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

impl QueryLanguage {
    /// The word of the States Language.
    pub fn as_str(self) -> &'static str {
        match self {
            QueryLanguage::JsonPath => "JSONPath",
            QueryLanguage::Jsonata => "JSONata",
        }
    }
}
