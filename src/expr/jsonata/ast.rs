//! The tree that is evaluated: paths are lists of steps, predicates hang on their step, and every
//! parent operator knows the step it looks at.
//!
//! All nodes live in one list. A node knows its bytes in the text, so that an error can be
//! underlined and a value shown where it arose.

use crate::expr::jsonata::signature::Signature;
use crate::expr::jsonata::syntax::{BinaryOp, Span};

/// The number of a node.
pub type NodeId = usize;

/// A parsed expression.
#[derive(Debug, Default)]
pub struct Tree {
    pub nodes: Vec<Node>,
    pub root: NodeId,
    /// For each parent operator, the label of the step it looks at.
    pub labels: Vec<u32>,
}

/// One sub-expression and what hangs on it.
#[derive(Debug)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
    /// The end of the guilty token, if this node fails.
    pub at: usize,
    /// Filters of an expression that is no step.
    pub predicates: Vec<NodeId>,
    /// Filters and positions of a step.
    pub stages: Vec<Stage>,
    pub group: Option<Vec<(NodeId, NodeId)>>,
    /// `@$x`
    pub focus: Option<String>,
    /// `#$i`
    pub index: Option<String>,
    /// The parent slot that wants what this step was applied to.
    pub ancestor: Option<usize>,
    /// Takes part in a stream of tuples.
    pub is_tuple: bool,
    pub keep_array: bool,
    /// An array constructor at an end of a path, which is not flattened.
    pub is_cons: bool,
    /// Parent slots that have not found their step yet.
    pub seeking: Vec<usize>,
    /// Contains a function definition or a transform, so variables may outlive their block.
    pub has_closure: bool,
}

/// What happens to the results of a step, in order.
#[derive(Debug, Clone)]
pub enum Stage {
    Filter(NodeId),
    Index(String),
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    Path {
        steps: Vec<NodeId>,
        keep_singleton: bool,
    },
    Name(String),
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
    Variable(String),
    Regex {
        pattern: String,
        ignore_case: bool,
        multiline: bool,
    },
    Wildcard,
    Descendants,
    Parent(usize),
    Negate(NodeId),
    Array(Vec<NodeId>),
    Object(Vec<(NodeId, NodeId)>),
    Block(Vec<NodeId>),
    Binary(BinaryOp, NodeId, NodeId),
    Bind(String, NodeId),
    Chain(NodeId, NodeId),
    Condition(NodeId, NodeId, Option<NodeId>),
    Call(NodeId, Vec<NodeId>),
    /// `None` for the holes.
    Partial(NodeId, Vec<Option<NodeId>>),
    Lambda {
        params: Vec<String>,
        signature: Option<Signature>,
        body: NodeId,
    },
    Transform {
        pattern: NodeId,
        update: NodeId,
        delete: Option<NodeId>,
    },
    Sort(Vec<(bool, NodeId)>),
    /// The place of `?` in a partial application; never evaluated.
    Hole,
}

impl Tree {
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }

    pub fn kind(&self, id: NodeId) -> &Kind {
        self.nodes.get(id).map_or(&Kind::Null, |it| &it.kind)
    }

    /// The nodes directly inside a node, in the order in which they are evaluated.
    pub fn children(&self, id: NodeId) -> Vec<NodeId> {
        let Some(node) = self.nodes.get(id) else { return Vec::new() };
        let mut res = node.kind.children();
        res.extend(&node.predicates);
        res.extend(node.stages.iter().filter_map(|it| match it {
            Stage::Filter(id) => Some(*id),
            Stage::Index(_) => None,
        }));
        for (key, value) in node.group.iter().flatten() {
            res.extend([*key, *value]);
        }
        res
    }
}

impl Kind {
    fn children(&self) -> Vec<NodeId> {
        match self {
            Kind::Path { steps: items, .. } | Kind::Array(items) | Kind::Block(items) => items.clone(),
            Kind::Negate(inner) | Kind::Bind(_, inner) => vec![*inner],
            Kind::Lambda { body, .. } => vec![*body],
            Kind::Object(pairs) => pairs.iter().flat_map(|(key, value)| [*key, *value]).collect(),
            Kind::Binary(_, left, right) | Kind::Chain(left, right) => vec![*left, *right],
            Kind::Condition(condition, then, otherwise) => {
                [*condition, *then].into_iter().chain(*otherwise).collect()
            }
            Kind::Call(callee, arguments) => {
                std::iter::once(*callee).chain(arguments.iter().copied()).collect()
            }
            Kind::Partial(callee, arguments) => {
                std::iter::once(*callee).chain(arguments.iter().flatten().copied()).collect()
            }
            Kind::Transform { pattern, update, delete } => {
                [*pattern, *update].into_iter().chain(*delete).collect()
            }
            Kind::Sort(terms) => terms.iter().map(|(_, term)| *term).collect(),
            Kind::Name(_)
            | Kind::Text(_)
            | Kind::Number(_)
            | Kind::Bool(_)
            | Kind::Null
            | Kind::Variable(_)
            | Kind::Regex { .. }
            | Kind::Wildcard
            | Kind::Descendants
            | Kind::Parent(_)
            | Kind::Hole => Vec::new(),
        }
    }
}
