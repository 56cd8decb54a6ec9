//! An expression as a flat list of instructions for a machine with a stack.
//!
//! The compiler writes it once per expression; it is immutable and shared from then on. Because
//! calls, loops and branches are instructions, evaluation needs no call stack of its own.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::jsonata::ast::{NodeId, Tree};
use crate::expr::jsonata::regex::Regex;
use crate::expr::jsonata::signature::Signature;
use crate::expr::jsonata::syntax::BinaryOp;

/// A place in the list of instructions.
pub type Pc = u32;

/// A compiled expression.
#[derive(Debug, Default)]
pub struct Program {
    pub text: Arc<str>,
    pub tree: Arc<Tree>,
    pub code: Vec<Op>,
    /// For each instruction the node it belongs to.
    pub origins: Vec<u32>,
    /// Strings of the expression and names of fields, as JSON values so that they can be borrowed.
    pub constants: Vec<Value>,
    pub variables: Vec<Variable>,
    pub lambdas: Vec<Lambda>,
    pub transforms: Vec<Transform>,
    pub calls: Vec<CallSite>,
    pub regexes: Vec<Regex>,
    /// Lists of field names, for `a.b.c`.
    pub paths: Vec<Vec<String>>,
    /// Frames that are filled from a tuple: the number of the name for each slot.
    pub tuple_frames: Vec<Vec<u32>>,
    pub groups: Vec<Group>,
    /// For each order-by the directions of its terms: true for descending.
    pub sorts: Vec<Vec<bool>>,
    /// For each partial application which arguments are given.
    pub partials: Vec<Vec<bool>>,
    pub globals: Vec<String>,
    /// How many variables the outermost frame holds.
    pub n_slots: u32,
}

/// Where a variable may be found, the innermost place first.
#[derive(Debug, Clone, Default)]
pub struct Variable {
    /// Frames up from the current one, and the slot there. All but the last may be unset.
    pub places: Vec<(u32, u32)>,
    /// The number of the global name to fall back on.
    pub global: Option<u32>,
}

/// A function definition.
#[derive(Debug)]
pub struct Lambda {
    pub entry: Pc,
    pub n_params: u32,
    pub n_slots: u32,
    pub signature: Option<Signature>,
    pub node: NodeId,
    /// If all it does is to compare its two arguments by one field.
    pub comparison: Option<Comparison>,
}

/// A function such as `function($a, $b) { $a.price > $b.price }`.
#[derive(Debug)]
pub struct Comparison {
    pub names: Vec<String>,
    pub op: BinaryOp,
    /// The second argument stands on the left.
    pub is_swapped: bool,
}

/// `|pattern|update, delete|`
#[derive(Debug)]
pub struct Transform {
    pub pattern: Pc,
    pub update: Pc,
    pub delete: Option<Pc>,
    pub node: NodeId,
}

/// A call as written.
#[derive(Debug)]
pub struct CallSite {
    pub n_arguments: u32,
    /// The name of the function, for messages.
    pub name: Option<String>,
    /// What the name would mean with a `$` before it, if it has none.
    pub with_dollar: Option<u32>,
    /// How deep the call lies in the body that it belongs to.
    pub nesting: u32,
    pub keep_array: bool,
    /// The last thing that a function does: its caller decides what becomes of a sequence.
    pub is_tail: bool,
}

/// A grouping or an object constructor.
#[derive(Debug)]
pub struct Group {
    /// Where the value expression of each pair starts.
    pub values: Vec<Pc>,
    pub tuple_frame: Option<u32>,
}

/// The instructions. “Top” is the value on top of the stack. A place is a label while compiling.
#[derive(Debug, Clone, Copy)]
pub enum Op {
    /// Puts a string of the expression on the stack.
    Constant(u32),
    Number(f64),
    Bool(bool),
    Null,
    Undefined,
    Regex(u32),
    /// `$`
    Context,
    /// The context as the sequence that the first step of a path runs over.
    Input,
    /// The context as a sequence of one, even if it is an array.
    InputOnce,
    /// `$$`
    Root,
    Load(u32),
    /// Sets a variable and leaves its value.
    Store(u32),
    /// Forgets what an earlier run of a block has left in its variables.
    Clear {
        first: u32,
        n_slots: u32,
    },
    Pop,
    Jump(Pc),
    /// Takes the top and goes on elsewhere unless it counts as true.
    Unless(Pc),
    /// `and`, `or`: takes the top; goes on elsewhere with a boolean if that decides.
    And(Pc),
    Or(Pc),
    ToBool,
    /// `?:`, `??`: goes on elsewhere with the top if it will do, else takes it.
    IfTrue(Pc),
    IfDefined(Pc),
    Binary(BinaryOp),
    Concat,
    Negate,
    Wildcard,
    Descendants,
    /// Looks up one name in the context.
    Name(u32),
    /// Follows a list of names from the sequence on top.
    Walk {
        path: u32,
        is_last: bool,
    },
    /// Makes the result of a first step, which ran once, the result of a step.
    Single {
        is_last: bool,
    },
    /// Makes an array constructor with its predicates the sequence that the next step runs over.
    Written,
    /// Ends a path early if nothing is left.
    IfEmpty(Pc),
    StepBegin,
    /// The next item becomes the context, or the step is over.
    StepNext {
        exit: Pc,
        is_last: bool,
    },
    StepCollect(Pc),
    PathEnd {
        keeps: bool,
    },
    Collapse {
        keeps: bool,
    },
    /// Picks one item of the top.
    Pick(f64),
    FilterBegin,
    FilterNext {
        exit: Pc,
        tuple_frame: Option<u32>,
    },
    FilterTest(Pc),
    SortBegin(u32),
    SortNext {
        exit: Pc,
        tuple_frame: Option<u32>,
    },
    SortCollect(Pc),
    TupleBegin,
    TupleNext {
        exit: Pc,
        tuple_frame: u32,
    },
    TupleCollect {
        next: Pc,
        focus: Option<u32>,
        index: Option<u32>,
        ancestor: Option<u32>,
    },
    /// Numbers the tuples on top.
    TupleIndex(u32),
    /// The values of the tuples on top.
    TupleValues,
    ArrayBegin,
    /// Adds the top as one item.
    ArrayPush,
    /// Adds the items of the top.
    ArrayAppend,
    ArrayEnd {
        is_cons: bool,
    },
    /// An object whose keys are all written out; the top is what it is made from.
    ObjectBegin(u32),
    ObjectSet(u32),
    ObjectEnd,
    GroupBegin(u32),
    GroupNext {
        exit: Pc,
    },
    GroupKey(u32),
    GroupKeysEnd(Pc),
    GroupEach {
        exit: Pc,
    },
    GroupValue(Pc),
    FrameBegin {
        n_slots: u32,
    },
    FrameEnd,
    Lambda(u32),
    Transform(u32),
    Partial {
        site: u32,
        partial: u32,
    },
    Chain,
    Call(u32),
    TailCall(u32),
    Return,
    /// Notes the top as a value of a node.
    Probe(u32),
}
