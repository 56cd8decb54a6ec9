//! What the text means as Amazon States Language: a tree is lowered to a machine, rules look at
//! both and say what is wrong. Nothing here fails and nothing here runs a workflow.

pub mod diagnostic;
pub mod machine;
pub mod names;

pub use diagnostic::{Diagnostic, Fix, Severity};
pub use machine::{
    Catcher, ChoiceRule, Machine, QueryLanguage, Retrier, Scope, ScopeId, ScopeSlot, State, StateId,
    StateKind, StateType, Target,
};
pub use names::{EdgeKey, ScopePath, StatePath};
