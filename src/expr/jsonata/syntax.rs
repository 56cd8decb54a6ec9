//! The tree as it is written, before paths are put together: what the parser hands to `shape`.
//!
//! Nodes live in one list and name each other by number; a node always comes after the nodes
//! inside it, so every later pass is a loop and never a recursion.

use crate::expr::jsonata::signature::Signature;

/// The number of a written node.
pub type RawId = usize;

/// Bytes of the text, start and end.
pub type Span = (usize, usize);

/// A node as written.
#[derive(Debug)]
pub struct Raw {
    pub kind: RawKind,
    /// The whole sub-expression.
    pub span: Span,
    /// The end of the token that made the node: where the reference implementation places it.
    pub at: usize,
    /// Followed by `[]`: a single result stays an array.
    pub keep_array: bool,
}

/// The operators that take two values and give one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Concat,
    In,
    Range,
    And,
    Or,
    /// `?:`, the left side unless it counts as false.
    Default,
    /// `??`, the left side unless it is undefined.
    Coalesce,
}

impl BinaryOp {
    /// The operator as written.
    pub fn text(self) -> &'static str {
        use BinaryOp::*;
        match self {
            Add => "+",
            Subtract => "-",
            Multiply => "*",
            Divide => "/",
            Modulo => "%",
            Equal => "=",
            NotEqual => "!=",
            Less => "<",
            LessOrEqual => "<=",
            Greater => ">",
            GreaterOrEqual => ">=",
            Concat => "&",
            In => "in",
            Range => "..",
            And => "and",
            Or => "or",
            Default => "?:",
            Coalesce => "??",
        }
    }
}

/// What was written.
#[derive(Debug)]
pub enum RawKind {
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
    Parent,
    /// The text ended where an operand was due.
    Nothing,
    /// `?` among the arguments of a partial application.
    Hole,
    Negate(RawId),
    Array(Vec<RawId>),
    Object(Vec<(RawId, RawId)>),
    Block(Vec<RawId>),
    Binary(BinaryOp, RawId, RawId),
    Dot(RawId, RawId),
    Predicate(RawId, RawId),
    Group(RawId, Vec<(RawId, RawId)>),
    /// Terms: descending or not, and the key.
    Sort(RawId, Vec<(bool, RawId)>),
    Bind(String, RawId),
    Focus(RawId, String),
    Index(RawId, String),
    /// `~>`
    Chain(RawId, RawId),
    Condition(RawId, RawId, Option<RawId>),
    Call(RawId, Vec<RawId>),
    Partial(RawId, Vec<RawId>),
    Lambda {
        params: Vec<String>,
        signature: Option<Signature>,
        body: RawId,
    },
    Transform {
        pattern: RawId,
        update: RawId,
        delete: Option<RawId>,
    },
}
