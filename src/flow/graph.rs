//! The definition as a picture before it is laid out: nodes and edges with stable addresses,
//! nested by the scope that holds them.

use serde::Serialize;

use crate::asl::{EdgeKey, ScopePath, StatePath, StateType};

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
    pub label: String,
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
