//! The document as the verbs see it: states, scopes and connections by their addresses, each
//! lookup with the sentence to say when it finds nothing.

use std::collections::BTreeSet;

use crate::asl::reading::scope_word;
use crate::asl::{
    Document, EdgeKey, Machine, Scope, ScopeId, ScopePath, State, StateId, StateKind, StatePath, Target,
};
use crate::json::{NodeId, Tree, quote};
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::refuse;
use crate::text::{InOrder, TextRange};

pub(crate) struct Scene<'d> {
    pub(crate) document: &'d Document,
    pub(crate) machine: &'d Machine,
    pub(crate) tree: &'d Tree,
}

/// A connection with what it needs to be changed.
#[derive(Clone)]
pub(crate) struct Edge<'d> {
    pub(crate) key: EdgeKey,
    pub(crate) scope: ScopeId,
    /// Nothing for a `StartAt`.
    pub(crate) source: Option<StateId>,
    pub(crate) kind: Kind,
    pub(crate) target: Option<&'d Target>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    StartAt,
    Next,
    /// `End` is true.
    End,
    Rule,
    Default,
    Catch,
    /// Out of a Succeed or Fail.
    Terminal,
}

/// Where a state leads in the ordinary way, when there is exactly one such way.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Exit {
    To(String),
    Ends,
    /// Neither `Next` nor `End` is there yet.
    Open,
}

impl<'d> Scene<'d> {
    pub(crate) fn new(document: &'d Document) -> Scene<'d> {
        Scene { document, machine: &document.machine, tree: &document.tree }
    }

    pub(crate) fn state(&self, path: &StatePath) -> Result<(StateId, &'d State), Refusal> {
        match self.machine.find(path) {
            Some(found) => Ok(found),
            None => refuse(format!("There is no state “{}” any more", path.name())),
        }
    }

    /// The state, if its text is whole.
    pub(crate) fn intact(&self, path: &StatePath) -> Result<(StateId, &'d State), Refusal> {
        let (id, state) = self.state(path)?;
        self.whole(state)?;
        Ok((id, state))
    }

    /// A state with a syntax error inside is changed only by typing: nobody knows what of it is
    /// meant.
    pub(crate) fn whole(&self, state: &State) -> Result<(), Refusal> {
        if !state.broken {
            return Ok(());
        }
        let line = self.broken_line(state.range);
        refuse(format!("The text of “{}” is unfinished at line {line}; mend it first", state.name))
    }

    /// The line, from 1, of the first syntax error in a stretch of text.
    pub(crate) fn broken_line(&self, range: TextRange) -> usize {
        let errors = self.tree.errors();
        let inside = errors.iter().find(|it| range.contains_inclusive(it.range.start));
        let at = inside.map_or(range.start, |it| it.range.start);
        self.document.line_index.line_column(at).line + 1
    }

    pub(crate) fn scope(&self, path: &ScopePath) -> Result<(ScopeId, &'d Scope), Refusal> {
        match self.machine.find_scope(path) {
            Some(found) => Ok(found),
            None => refuse("This branch or body is not there any more"),
        }
    }

    pub(crate) fn scope_of(&self, state: &State) -> Result<&'d Scope, Refusal> {
        match self.machine.scope(state.scope) {
            Some(scope) => Ok(scope),
            None => refuse(format!("There is no state “{}” any more", state.name)),
        }
    }

    /// The object of the states of a scope, when it is there.
    pub(crate) fn states_node(&self, scope: &Scope) -> Result<NodeId, Refusal> {
        match scope.states_node.filter(|it| self.tree.kind(*it) == crate::json::NodeKind::Object) {
            Some(node) => Ok(node),
            None => refuse(format!("The States of {} are not an object", scope_word(self.machine, scope))),
        }
    }

    /// All connections of a scope: the one from Start, then those of its states in text order.
    pub(crate) fn edges(&self, id: ScopeId) -> Vec<Edge<'d>> {
        let Some(scope) = self.machine.scope(id) else { return Vec::new() };
        let start = scope.start_at.as_ref().map(|target| Edge {
            key: target.key.clone(),
            scope: id,
            source: None,
            kind: Kind::StartAt,
            target: Some(target),
        });
        start.into_iter().chain(scope.states.iter().flat_map(|it| self.edges_of(*it))).collect()
    }

    /// The connections that leave a state.
    pub(crate) fn edges_of(&self, id: StateId) -> Vec<Edge<'d>> {
        let Some(state) = self.machine.state(id) else { return Vec::new() };
        let edge = |kind: Kind| {
            move |target: &'d Target| Edge {
                key: target.key.clone(),
                scope: state.scope,
                source: Some(id),
                kind,
                target: Some(target),
            }
        };
        let bare = |field: &str, kind: Kind| Edge {
            key: EdgeKey::new(format!("{}/{field}", state.path)),
            scope: state.scope,
            source: Some(id),
            kind,
            target: None,
        };
        let mut edges = Vec::new();
        match &state.kind {
            StateKind::Choice { rules, default } => {
                edges.extend(rules.iter().filter_map(|it| it.next.as_ref()).map(edge(Kind::Rule)));
                edges.extend(default.iter().map(edge(Kind::Default)));
            }
            StateKind::Succeed | StateKind::Fail => edges.push(bare("Type", Kind::Terminal)),
            _ => {
                edges.extend(state.next.iter().map(edge(Kind::Next)));
                if state.end && state.next.is_none() {
                    edges.push(bare("End", Kind::End));
                }
                edges.extend(state.catch.iter().filter_map(|it| it.next.as_ref()).map(edge(Kind::Catch)));
            }
        }
        edges
    }

    pub(crate) fn edge(&self, key: &EdgeKey) -> Result<Edge<'d>, Refusal> {
        let found = match key.as_str().strip_suffix("/StartAt") {
            Some(scope) => {
                let scope = self.machine.find_scope(&ScopePath::new(scope));
                scope.and_then(|(id, _)| self.edges(id).into_iter().find(|it| it.key == *key))
            }
            None => {
                let source = key.source().and_then(|it| self.machine.find(&it));
                source.and_then(|(id, _)| self.edges_of(id).into_iter().find(|it| it.key == *key))
            }
        };
        match found {
            Some(edge) => Ok(edge),
            None => refuse("This connection is not there any more"),
        }
    }

    /// The connections that lead to a state, those from itself left out.
    pub(crate) fn references(&self, id: StateId) -> Vec<Edge<'d>> {
        let Some(state) = self.machine.state(id) else { return Vec::new() };
        let Some(scope) = self.machine.scope(state.scope) else { return Vec::new() };
        if self.machine.resolve(scope, &state.name) != Some(id) {
            return Vec::new();
        }
        let edges = self.edges(state.scope).into_iter();
        edges
            .filter(|it| it.target.is_some_and(|it| it.name == state.name) && it.source != Some(id))
            .collect()
    }

    /// The one ordinary way out of a state, or why there is none.
    pub(crate) fn exit(&self, state: &State) -> Result<Exit, Refusal> {
        match &state.kind {
            StateKind::Succeed | StateKind::Fail => {
                refuse(format!("“{}” ends here and has no next state", state.name))
            }
            StateKind::Choice { rules, default } => {
                let nexts = rules.iter().filter_map(|it| it.next.as_ref()).chain(default);
                let names = nexts.map(|it| it.name.as_str()).into_set();
                match names.into_iter().collect::<Vec<_>>().as_slice() {
                    [only] => Ok(Exit::To((*only).to_owned())),
                    _ => refuse(format!("“{}” is a Choice with several ways out", state.name)),
                }
            }
            _ => Ok(match &state.next {
                Some(next) => Exit::To(next.name.clone()),
                None if state.end => Exit::Ends,
                None => Exit::Open,
            }),
        }
    }

    /// Lets a connection lead somewhere else.
    pub(crate) fn retarget(&self, draft: &mut Draft<'d>, edge: &Edge, to: &ConnectTo) -> Result<(), Refusal> {
        let source = edge.source.and_then(|it| self.machine.state(it));
        if let Some(source) = source {
            self.whole(source)?;
        }
        match (to, edge.kind, source) {
            (_, Kind::Terminal, Some(source)) => {
                refuse(format!("“{}” ends here and has no next state", source.name))
            }
            (ConnectTo::State(name), Kind::End, Some(source)) => {
                let value = serde_json::Value::from(name.as_str());
                draft.object(source.node, |it| it.rename("End", "Next").set("Next", &value));
                Ok(())
            }
            (ConnectTo::State(name), _, _) => {
                match edge.target {
                    Some(target) => draft.replace(target.range, quote(name)),
                    None => return refuse("This connection is not there any more"),
                };
                Ok(())
            }
            (ConnectTo::End, Kind::Next, Some(source)) => {
                let value = serde_json::Value::from(true);
                // An `End` that stands there already, set to false, is the one to use.
                let has_end = self.tree.get(source.node, "End").is_some();
                draft.object(source.node, |it| match has_end {
                    true => it.remove("Next").set("End", &value),
                    false => it.rename("Next", "End").set("End", &value),
                });
                Ok(())
            }
            (ConnectTo::End, Kind::End, _) => Ok(()),
            (ConnectTo::End, Kind::StartAt, _) => refuse("Start must lead to a state"),
            (ConnectTo::End, Kind::Catch, _) => {
                refuse("A Catch must lead to a state; add a Succeed or Fail to end there")
            }
            (ConnectTo::End, _, _) => {
                refuse("A rule of a Choice must lead to a state; add a Succeed to end there")
            }
        }
    }

    /// Gives a state its way out, whether it has one already or not.
    pub(crate) fn set_exit(&self, draft: &mut Draft<'d>, id: StateId, exit: &Exit) -> Result<(), Refusal> {
        let Some(state) = self.machine.state(id) else { return Ok(()) };
        let to = match exit {
            Exit::To(name) => ConnectTo::State(name.clone()),
            Exit::Ends | Exit::Open => ConnectTo::End,
        };
        let ordinary = |it: &Edge| matches!(it.kind, Kind::Next | Kind::End);
        if let Some(edge) = self.edges_of(id).into_iter().find(ordinary) {
            return self.retarget(draft, &edge, &to);
        }
        self.whole(state)?;
        draft.object(state.node, |it| match &to {
            ConnectTo::State(name) => it.remove("End").set("Next", &serde_json::Value::from(name.as_str())),
            ConnectTo::End => it.set("End", &serde_json::Value::from(true)),
        });
        Ok(())
    }

    /// A name that no state of the whole machine has: “Wait”, “Wait 2”, …
    pub(crate) fn fresh_name(&self, wish: &str, taken: &mut BTreeSet<String>) -> String {
        taken.extend(self.names());
        fresh_in(taken, wish)
    }

    /// The names of all states.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.machine.states.iter().map(|it| it.name.clone()).into_set()
    }

    /// “after “Charge card””, “at the start”.
    pub(crate) fn place_words(&self, edge: &Edge) -> String {
        match edge.source.and_then(|it| self.machine.state(it)) {
            Some(source) => format!("after “{}”", source.name),
            None => "at the start".to_owned(),
        }
    }

    /// “this branch”, “the state machine”.
    pub(crate) fn scope_word(&self, scope: &Scope) -> &'static str {
        scope_word(self.machine, scope)
    }
}

/// The name itself if it is not taken yet, else one with a number. It is taken then.
pub(crate) fn fresh_in(taken: &mut BTreeSet<String>, wish: &str) -> String {
    // “Wait 2” is copied to “Wait 3”, not to “Wait 2 2”.
    let base = match wish.rsplit_once(' ') {
        Some((base, number)) if !base.is_empty() && number.parse::<u32>().is_ok() => base,
        _ => wish,
    };
    let mut name = wish.to_owned();
    let mut number = 2;
    while taken.contains(&name) {
        let suffix = format!(" {number}");
        let start: String = base.chars().take(MAX_NAME_CHARS - suffix.len()).collect();
        name = format!("{start}{suffix}");
        number += 1;
    }
    taken.insert(name.clone());
    name
}

pub(crate) use crate::asl::validate::MAX_NAME_CHARS;
