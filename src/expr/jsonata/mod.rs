//! JSONata: the query language of states that say so.
//!
//! A text becomes tokens (`lexer`), a written tree (`parser`, `syntax`), a tree of paths and steps
//! (`shape`, `ast`) and a list of instructions (`compile`, `program`); a machine runs them
//! (`machine`) on values that borrow from the input wherever they can (`value`). None of these
//! recurses deeper than the data itself may nest, and every evaluation has a budget, so neither a
//! deep text nor an endless recursion can bring a page down.
//!
//! What the language means follows its reference implementation; what AWS changes is the
//! [`Dialect`].

mod lexer;
mod syntax;
mod parser;
mod signature;
mod ast;
mod shape;
mod program;
mod compile;
mod value;
mod object;
mod burial;
mod write;
mod ops;
mod machine;
mod functions;
mod regex;
mod world;
mod error;
mod explain;
mod references;
mod tokens;
pub mod pictures;

use std::sync::Arc;

use serde_json::Value;

pub use error::JsonataError;
pub use explain::{Explanation, Origin, Part, Shown};
pub use functions::{Builtin, Dialects, Family, builtins};
pub use references::{References, TopLevel, VariableReference};
pub use tokens::{Word, WordKind, words};
pub use world::{Budget, World};

use crate::expr::jsonata::ast::Tree;
use crate::expr::jsonata::compile::compile;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::machine::Machine;
use crate::expr::jsonata::program::Program;
use crate::expr::jsonata::value::Val;
use crate::expr::jsonata::world::{Control, Store, outer};
use crate::expr::jsonata::write::{Unplain, json};

/// Which JSONata is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// AWS Step Functions: 2.0.6 without `$eval`, with functions of its own.
    Aws,
    /// 2.2, with `?:`, `??` and `$eval`.
    Full,
}

/// A parsed expression. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Jsonata {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    dialect: Dialect,
    program: Program,
}

/// What an expression gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Json(Value),
    /// A function, a regular expression or a number that JSON cannot hold, alone or somewhere
    /// inside. AWS: “returned an unsupported result type”.
    Unsupported,
}

impl Jsonata {
    /// Parses an expression.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Jsonata, JsonataError> {
        let parsed = parser::parse(text, dialect).and_then(shape::shape);
        let program = parsed.and_then(|tree| compile(Arc::from(text), Arc::new(tree), false));
        match program {
            Ok(program) => Ok(Jsonata { inner: Arc::new(Inner { dialect, program }) }),
            Err(fault) => Err(fault.finish(text)),
        }
    }

    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.inner.program.text
    }

    /// The dialect it was parsed in.
    pub fn dialect(&self) -> Dialect {
        self.inner.dialect
    }

    /// Evaluates the expression; `None` is JSONata's undefined.
    pub fn evaluate(&self, world: &mut World<'_>) -> Result<Option<Outcome>, JsonataError> {
        let store = Store::default();
        let program = &self.inner.program;
        let mut machine = self.machine(program, world, &store);
        machine.run().and_then(|it| outcome_of(&it)).map_err(|it| it.finish(self.text()))
    }

    fn machine<'a, 'w>(
        &self,
        program: &'a Program,
        world: &'a mut World<'w>,
        store: &'a Store,
    ) -> Machine<'a, 'a> {
        let root = world.input.map_or(Val::Undefined, Val::In);
        let control = Control::new(
            self.inner.dialect,
            world.now_millis,
            &mut *world.random,
            &world.bindings,
            world.budget,
            store,
        );
        Machine::new(program, control, root.clone(), outer(root))
    }

    fn tree(&self) -> &Tree {
        &self.inner.program.tree
    }
}

/// A value as callers see it.
fn outcome_of(value: &Val<'_>) -> Result<Option<Outcome>, Box<Fault>> {
    match json(value, 0) {
        Ok(value) => Ok(value.map(Outcome::Json)),
        Err(Unplain::Unsupported) => Ok(Some(Outcome::Unsupported)),
        Err(Unplain::TooDeep) => Err(Fault::new("U1003")),
    }
}
