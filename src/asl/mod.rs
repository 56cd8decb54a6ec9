//! What the text means as Amazon States Language: a tree is lowered to a machine, rules look at
//! both and say what is wrong. Nothing here fails and nothing here runs a workflow.

pub mod names;
pub mod machine;
pub mod lower;
mod retype;
mod conflicted;
pub mod document;
pub mod recognize;
pub mod fields;
pub mod services;
pub mod resource;
pub mod integrations;
pub mod errors;
pub mod reading;
pub mod diagnostic;
pub mod validate;

pub use diagnostic::{Diagnostic, Fix, Severity};
pub use document::{Document, Since};
pub use fields::{
    FieldLanguage, FieldRow, FieldType, GROUPS, OPERATORS, Operand, Operator, Owner, field, fields_of,
    operator,
};
pub use lower::lower;
pub use machine::{
    Catcher, ChoiceRule, Machine, QueryLanguage, Retrier, Scope, ScopeId, ScopeSlot, State, StateId,
    StateKind, StateType, Target,
};
pub use names::{EdgeKey, ScopePath, StatePath};
pub use recognize::{Recognized, recognize};
pub use resource::{Pattern, Resource, ResourceKind};
pub use validate::{MachineType, validate};
