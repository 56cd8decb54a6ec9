//! The functions of the language, one row each.
//!
//! A row carries the signature that is checked before the body runs, and what completion and hover
//! say about the function. Bodies are in the family files; those that call functions themselves
//! only say how the work begins, and the machine drives it.

mod aws;
mod arrays;
mod hof;
mod numbers;
mod objects;
mod strings;
mod table;
mod time;
mod url;

use std::sync::OnceLock;

pub use table::BUILTINS;

use crate::expr::jsonata::Dialect;
use crate::expr::jsonata::machine::Work;
use crate::expr::jsonata::ops::Outcome;
use crate::expr::jsonata::signature::Signature;
use crate::expr::jsonata::value::Val;
use crate::expr::jsonata::world::Control;

/// A function of the language.
#[derive(Debug)]
pub struct Builtin {
    /// Without the `$`.
    pub name: &'static str,
    /// In JSONata's notation, such as `<s-nn?:s>`.
    pub signature_text: &'static str,
    /// The parameters by name, as shown to people: `str, start[, length]`.
    pub parameters: &'static str,
    /// One line.
    pub help: &'static str,
    pub family: Family,
    pub dialects: Dialects,
    /// How many arguments it takes when it is given to another function.
    pub arity: u8,
    pub run: Run,
    pub parsed: OnceLock<Signature>,
}

/// What a function is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    String,
    Number,
    Array,
    Object,
    Boolean,
    HigherOrder,
    Time,
    Control,
    /// Added by AWS Step Functions.
    Aws,
}

/// Where a function exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialects {
    Both,
    Aws,
    Full,
}

/// How a function is run.
#[derive(Clone, Copy)]
pub enum Run {
    Plain(for<'a> fn(&mut Control<'a, '_>, &mut [Val<'a>]) -> Outcome<Val<'a>>),
    Driven(for<'a> fn(Vec<Val<'a>>) -> Outcome<Work<'a>>),
    Eval,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Run")
    }
}

impl Builtin {
    /// The signature, parsed when it is first needed.
    pub fn signature(&self) -> &Signature {
        self.parsed.get_or_init(|| Signature::parse(self.signature_text).unwrap_or_else(|_| Signature::any()))
    }

    /// Whether the function exists in a dialect.
    pub fn is_in(&self, dialect: Dialect) -> bool {
        match self.dialects {
            Dialects::Both => true,
            Dialects::Aws => dialect == Dialect::Aws,
            Dialects::Full => dialect == Dialect::Full,
        }
    }
}

/// The function with this name.
pub fn builtin(name: &str, dialect: Dialect) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|it| it.name == name && it.is_in(dialect))
}

/// The functions of a dialect, for completion and hover.
pub fn builtins(dialect: Dialect) -> impl Iterator<Item = &'static Builtin> {
    BUILTINS.iter().filter(move |it| it.is_in(dialect))
}

// What the bodies ask of their arguments. The signature has been checked before, so a wrong kind
// only ever is a missing argument.

fn argument<'m, 'a>(arguments: &'m [Val<'a>], idx: usize) -> &'m Val<'a> {
    arguments.get(idx).unwrap_or(&Val::Undefined)
}

fn text<'m>(arguments: &'m [Val<'_>], idx: usize) -> Option<&'m str> {
    argument(arguments, idx).as_text()
}

fn number(arguments: &[Val<'_>], idx: usize) -> Option<f64> {
    argument(arguments, idx).as_number()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_unique_and_their_signatures_can_be_read() {
        for (idx, it) in BUILTINS.iter().enumerate() {
            assert!(Signature::parse(it.signature_text).is_ok(), "{}", it.name);
            assert!(
                BUILTINS.iter().skip(idx + 1).all(|other| other.name != it.name
                    || (it.dialects != Dialects::Both && other.dialects != it.dialects)),
                "{}",
                it.name
            );
            assert!(!it.help.is_empty() && !it.help.ends_with('.'), "{}", it.name);
        }
    }
}
