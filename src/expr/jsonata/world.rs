//! What an evaluation may see and spend.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use crate::expr::RandomSource;
use crate::expr::jsonata::Dialect;
use crate::expr::jsonata::compile::compile;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::functions::builtin;
use crate::expr::jsonata::ops::{Outcome, made};
use crate::expr::jsonata::parser::parse;
use crate::expr::jsonata::program::Program;
use crate::expr::jsonata::regex::{Captures, Regex};
use crate::expr::jsonata::shape::shape;
use crate::expr::jsonata::value::{Items, Marks, SEQUENCE, Val};

/// Everything that an expression may read.
pub struct World<'w> {
    /// `$` and `$$`; undefined when absent.
    pub input: Option<&'w Value>,
    /// Variables by name, without the `$`. They come before the built-in functions.
    pub bindings: Vec<(&'w str, &'w Value)>,
    /// What `$now` and `$millis` say, in milliseconds since 1970.
    pub now_millis: i64,
    pub random: &'w mut dyn RandomSource,
    pub budget: Budget,
}

/// How much work an expression may be, counted and never timed, so that it fails everywhere alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Calls, repetitions and values made.
    pub n_steps: u64,
    /// Bytes of text made.
    pub n_bytes: u64,
    /// How deep calls may nest, in sub-expressions.
    pub depth: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { n_steps: 20_000_000, n_bytes: 64 << 20, depth: 200_000 }
    }
}

/// So many frames may be held by function values.
const MAX_FRAMES: usize = 2_000_000;
/// So many expressions may be given to `$eval` in one evaluation.
const MAX_EVALS: usize = 1_000;

/// The world as the machine and the functions use it.
pub struct Control<'a, 'w> {
    pub dialect: Dialect,
    pub now_millis: i64,
    pub random: &'w mut dyn RandomSource,
    bindings: &'w [(&'w str, &'a Value)],
    n_steps: u64,
    n_bytes: u64,
    depth: u32,
    store: &'a Store,
    n_evals: usize,
}

/// Values and programs that come into being while evaluating and live as long as the evaluation.
#[derive(Default)]
pub struct Store {
    first: Link,
}

type Link = OnceCell<Box<Shelf>>;

#[derive(Default)]
struct Shelf {
    value: OnceCell<Value>,
    program: OnceCell<Program>,
    next: Link,
}

impl Drop for Store {
    fn drop(&mut self) {
        // One after the other: a long list must not be dropped by deep recursion.
        let mut next = self.first.take();
        while let Some(mut shelf) = next {
            next = shelf.next.take();
        }
    }
}

impl Store {
    fn shelf(&self) -> &Shelf {
        let mut link = &self.first;
        while let Some(shelf) = link.get() {
            link = &shelf.next;
        }
        link.get_or_init(Box::default)
    }
}

impl<'a, 'w> Control<'a, 'w> {
    pub fn new(
        dialect: Dialect,
        now_millis: i64,
        random: &'w mut dyn RandomSource,
        bindings: &'w [(&'w str, &'a Value)],
        budget: Budget,
        store: &'a Store,
    ) -> Control<'a, 'w> {
        let Budget { n_steps, n_bytes, depth } = budget;
        Control { dialect, now_millis, random, bindings, n_steps, n_bytes, depth, store, n_evals: 0 }
    }

    /// What a name means that the expression does not bind.
    pub fn global(&self, name: &str) -> Val<'a> {
        if let Some((_, value)) = self.bindings.iter().rev().find(|it| it.0 == name) {
            return Val::In(value);
        }
        builtin(name, self.dialect).map_or(Val::Undefined, Val::Builtin)
    }

    /// Pays for so many steps or values.
    #[inline]
    pub fn spend(&mut self, n_steps: usize) -> Outcome<()> {
        match self.n_steps.checked_sub(n_steps as u64) {
            Some(rest) => {
                self.n_steps = rest;
                Ok(())
            }
            None => Err(Fault::new("U1001")),
        }
    }

    /// Pays for so many bytes of text.
    pub fn spend_bytes(&mut self, n_bytes: usize) -> Outcome<()> {
        match self.n_bytes.checked_sub(n_bytes as u64) {
            Some(rest) => {
                self.n_bytes = rest;
                Ok(())
            }
            None => Err(Fault::new("U1002")),
        }
    }

    pub fn check_depth(&self, depth: u32) -> Outcome<()> {
        if self.depth < depth.saturating_add(1) { Err(Fault::new("U1001")) } else { Ok(()) }
    }

    pub fn check_frames(&self, n_frames: usize) -> Outcome<()> {
        if MAX_FRAMES < n_frames { Err(Fault::new("U1001")) } else { Ok(()) }
    }

    /// Searches a text; every step of the search is paid for.
    pub fn search(&mut self, regex: &Regex, text: &str, from: usize) -> Outcome<Option<Captures>> {
        let mut n_steps = self.n_steps;
        let res = regex.find(text, from, &mut n_steps);
        self.n_steps = n_steps;
        res.map_err(|_| Fault::new("U1001"))
    }

    /// Keeps a JSON value that was read from a text.
    pub fn keep(&mut self, value: Value) -> Outcome<Val<'a>> {
        self.n_evals += 1;
        if MAX_EVALS < self.n_evals {
            return Ok(crate::expr::jsonata::value::copied(&value));
        }
        Ok(Val::In(self.store.shelf().value.get_or_init(|| value)))
    }

    /// Compiles the text given to `$eval`.
    pub fn compile(&mut self, text: &str) -> Outcome<&'a Program> {
        self.n_evals += 1;
        if MAX_EVALS < self.n_evals {
            return Err(Fault::new("U1001"));
        }
        let program = parse(text, self.dialect)
            .and_then(shape)
            .and_then(|tree| compile(Arc::from(text), Arc::new(tree), false))
            .map_err(|fault| Fault::new("D3120").value(fault.sentence()))?;
        Ok(self.store.shelf().program.get_or_init(|| program))
    }
}

/// An input that is an array counts as one value, so it is put into a sequence of one.
pub fn outer(value: Val<'_>) -> Val<'_> {
    if value.as_array().is_none() || value.marks().is_sequence {
        return value;
    }
    made(Items::List(vec![value]), Marks { is_outer: true, ..SEQUENCE })
}
