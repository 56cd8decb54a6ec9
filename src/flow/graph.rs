//! The definition as a picture before it is laid out: nodes and edges with stable addresses,
//! nested by the scope that holds them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Serialize;

use crate::asl::reading::{catch_summary, short_reading_of_rule};
use crate::asl::{
    EdgeKey, Machine, Scope, ScopeId, ScopePath, State, StateKind, StatePath, StateType, Target,
};
use crate::flow::inside::{Inside, inner_scopes, inside};
use crate::flow::layout::measure::{columns, shorten};
use crate::json::Tree;

/// Index of a node in [`FlowGraph::nodes`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct NodeIdx(pub u32);

/// Nodes and edges of a whole definition, outer scopes before inner ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlowGraph {
    pub nodes: Vec<FlowNode>,
    pub edges: Vec<FlowEdge>,
}

/// Something that is drawn as a shape.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowNode {
    pub key: NodeKey,
    pub scope: ScopePath,
    /// The Parallel or Map around this node.
    pub parent: Option<NodeIdx>,
    pub shape: Shape,
    /// The state's name; empty for Start and End.
    pub label: String,
    /// The scopes drawn inside this node, in order: one for each branch, one for the body of a Map.
    pub inner: Vec<ScopePath>,
    /// Part of the size: a badge, a subtitle and the like are drawn inside the box.
    pub size_hint: SizeHint,
    pub damaged: bool,
    /// What it holds lies too deep to be drawn; the text still has it.
    pub folded: bool,
    /// It is collapsed: what it holds is not in the graph, only counted.
    pub collapsed: Option<Inside>,
}

/// What a node stands for. Displayed as the pointer of the state, or that of the scope with
/// `#start` or `#end` behind it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum NodeKey {
    State(StatePath),
    Start(ScopePath),
    End(ScopePath),
    /// The place of a state that is referred to but does not exist, by scope and name.
    Missing(ScopePath, String),
}

/// The outline of a node; kinds differ by shape, never by color.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum Shape {
    Start,
    End,
    State(StateType),
    /// A state whose `Type` is missing or unknown.
    Unknown,
    /// A target that does not exist.
    Missing,
}

/// How wide the label wants to be.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct SizeHint {
    /// Columns of text, wide characters counted twice.
    pub columns: usize,
}

/// A connection between two nodes of one scope.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowEdge {
    pub key: EdgeKey,
    pub from: NodeIdx,
    pub to: NodeIdx,
    pub kind: EdgeKind,
    /// A short reading of the rule, “otherwise”, or the names of the errors; empty for Next.
    /// Cut to the room that the layout reserves.
    pub label: String,
    /// The label before it was cut, for sentences and tooltips.
    pub reading: String,
}

/// Why the connection is there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum EdgeKind {
    /// From the dot to the state that `StartAt` names.
    Start,
    Next,
    /// The rule with this index of `Choices`.
    Choice(usize),
    Default,
    /// The catcher with this index of `Catch`.
    Catch(usize),
    /// From a terminal state to the ring.
    End,
}

impl EdgeKind {
    /// The kind in one lower-case word, for attributes and files.
    pub fn word(self) -> &'static str {
        match self {
            EdgeKind::Start => "start",
            EdgeKind::Next => "next",
            EdgeKind::Choice(_) => "choice",
            EdgeKind::Default => "default",
            EdgeKind::Catch(_) => "catch",
            EdgeKind::End => "end",
        }
    }
}

impl std::fmt::Display for NodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NodeKey::State(path) => write!(f, "{path}"),
            NodeKey::Start(scope) => write!(f, "{scope}#start"),
            NodeKey::End(scope) => write!(f, "{scope}#end"),
            NodeKey::Missing(scope, name) => write!(f, "{scope}#missing/{name}"),
        }
    }
}

/// How many levels of nesting are drawn; a frame at the last one is folded.
const MAX_LEVELS: usize = 64;
/// Longest label of an edge, in columns.
const MAX_LABEL: usize = 26;

/// Draws a machine as nodes and edges. Outer scopes come before inner ones; in a scope the Start
/// comes first, then states in text order, then targets that do not exist, then the End.
pub fn graph(tree: &Tree, machine: &Machine) -> FlowGraph {
    graph_with(tree, machine, &BTreeSet::new())
}

/// The same with some of the Parallels and Maps collapsed: each is one closed box, and neither the
/// states inside nor their connections are there. All else keeps its keys.
pub fn graph_with(tree: &Tree, machine: &Machine, collapsed: &BTreeSet<StatePath>) -> FlowGraph {
    let mut graph = FlowGraph::default();
    let mut waiting = VecDeque::new();
    if !machine.scopes.is_empty() {
        waiting.push_back((ScopeId(0), None, 1));
    }
    while let Some((id, parent, level)) = waiting.pop_front() {
        let Some(scope) = machine.scope(id) else { continue };
        let mut plan = ScopePlan::new(&mut graph, machine, scope, parent);
        plan.add_nodes();
        plan.add_edges(tree);
        let states = plan.states;
        for (node, state) in states {
            let inner = inner_scopes(&state.kind);
            let Some(slot) = graph.nodes.get_mut(node.0 as usize) else { continue };
            if MAX_LEVELS <= level {
                slot.folded = !inner.is_empty();
                continue;
            }
            if collapsed.contains(&state.path) {
                slot.collapsed = inside(machine, &state.kind);
                continue;
            }
            slot.inner = inner.iter().filter_map(|it| machine.scope(*it)).map(|it| it.path.clone()).collect();
            waiting.extend(inner.into_iter().map(|it| (it, Some(node), level + 1)));
        }
    }
    graph
}

/// Whether the labels on the connections that leave a state are those of a graph, as far as it has
/// these connections.
pub fn reads_as(graph: &FlowGraph, tree: &Tree, state: &State) -> bool {
    let rules = match &state.kind {
        StateKind::Choice { rules, .. } => rules.as_slice(),
        _ => &[],
    };
    let rules = rules.iter().map(|it| (&it.next, short_reading_of_rule(tree, it.node)));
    let catchers = state.catch.iter().map(|it| (&it.next, catch_summary(it)));
    rules.chain(catchers).all(|(target, reading)| {
        let Some(target) = target else { return true };
        let edge = graph.edges.iter().find(|it| it.key == target.key);
        edge.is_none_or(|it| it.reading == reading)
    })
}

/// What becomes of one scope.
struct ScopePlan<'a, 'g> {
    graph: &'g mut FlowGraph,
    machine: &'a Machine,
    scope: &'a Scope,
    parent: Option<NodeIdx>,
    states: Vec<(NodeIdx, &'a State)>,
    by_name: BTreeMap<&'a str, NodeIdx>,
    missing: BTreeMap<String, NodeIdx>,
    start: Option<NodeIdx>,
    end: Option<NodeIdx>,
}

impl<'a, 'g> ScopePlan<'a, 'g> {
    fn new(
        graph: &'g mut FlowGraph,
        machine: &'a Machine,
        scope: &'a Scope,
        parent: Option<NodeIdx>,
    ) -> ScopePlan<'a, 'g> {
        ScopePlan {
            graph,
            machine,
            scope,
            parent,
            states: Vec::new(),
            by_name: BTreeMap::new(),
            missing: BTreeMap::new(),
            start: None,
            end: None,
        }
    }

    fn add_nodes(&mut self) {
        let path = &self.scope.path;
        if self.scope.start_at.is_some() || !self.scope.states.is_empty() {
            self.start = Some(self.add(NodeKey::Start(path.clone()), Shape::Start, String::new(), false));
        }
        for id in &self.scope.states {
            let Some(state) = self.machine.state(*id) else { continue };
            // Of states with the same name only the last one counts, so only that one is drawn.
            if state.shadowed {
                continue;
            }
            let shape = state.kind.state_type().map_or(Shape::Unknown, Shape::State);
            let key = NodeKey::State(state.path.clone());
            let node = self.add(key, shape, state.name.clone(), state.broken);
            self.states.push((node, state));
            self.by_name.insert(&state.name, node);
        }
        let targets = self.states.iter().flat_map(|(_, it)| it.targets());
        let wanted: Vec<String> =
            self.scope.start_at.iter().chain(targets).map(|it| it.name.clone()).collect();
        for name in wanted {
            if !self.by_name.contains_key(name.as_str()) && !self.missing.contains_key(&name) {
                let key = NodeKey::Missing(path.clone(), name.clone());
                let node = self.add(key, Shape::Missing, name.clone(), false);
                self.missing.insert(name, node);
            }
        }
        if self.states.iter().any(|(_, it)| it.end) {
            self.end = Some(self.add(NodeKey::End(path.clone()), Shape::End, String::new(), false));
        }
    }

    fn add(&mut self, key: NodeKey, shape: Shape, label: String, damaged: bool) -> NodeIdx {
        let idx = NodeIdx(self.graph.nodes.len() as u32);
        self.graph.nodes.push(FlowNode {
            key,
            scope: self.scope.path.clone(),
            parent: self.parent,
            shape,
            size_hint: SizeHint { columns: columns(&label) },
            label,
            inner: Vec::new(),
            damaged,
            folded: false,
            collapsed: None,
        });
        idx
    }

    fn add_edges(&mut self, tree: &Tree) {
        if let (Some(start), Some(target)) = (self.start, &self.scope.start_at) {
            self.connect(start, target, EdgeKind::Start, String::new());
        }
        for (node, state) in self.states.clone() {
            if let StateKind::Choice { rules, default } = &state.kind {
                for (idx, rule) in rules.iter().enumerate() {
                    if let Some(target) = &rule.next {
                        let reading = short_reading_of_rule(tree, rule.node);
                        self.connect(node, target, EdgeKind::Choice(idx), reading);
                    }
                }
                if let Some(target) = default {
                    self.connect(node, target, EdgeKind::Default, "otherwise".to_owned());
                }
            }
            if let Some(target) = &state.next {
                self.connect(node, target, EdgeKind::Next, String::new());
            }
            if let (true, Some(end)) = (state.end, self.end) {
                let key = EdgeKey::new(format!("{}/End", state.path));
                self.push(FlowEdge {
                    key,
                    from: node,
                    to: end,
                    kind: EdgeKind::End,
                    label: String::new(),
                    reading: String::new(),
                });
            }
            for (idx, catcher) in state.catch.iter().enumerate() {
                if let Some(target) = &catcher.next {
                    self.connect(node, target, EdgeKind::Catch(idx), catch_summary(catcher));
                }
            }
        }
    }

    fn connect(&mut self, from: NodeIdx, target: &Target, kind: EdgeKind, reading: String) {
        let known = self.by_name.get(target.name.as_str()).or_else(|| self.missing.get(&target.name));
        let Some(to) = known.copied() else { return };
        let label = shorten(&reading, MAX_LABEL);
        self.push(FlowEdge { key: target.key.clone(), from, to, kind, label, reading });
    }

    fn push(&mut self, edge: FlowEdge) {
        self.graph.edges.push(edge);
    }
}
