//! The expression languages of a state machine, as pure functions over JSON values.
//!
//! A JSONPath state reads data in three ways: a *path* (`$.order.id`, `$$.Execution.Id`,
//! `$variable`), an *intrinsic function call* (`States.Format('{}', $.name)`), and a *payload
//! template* whose `"x.$"` fields hold either. It writes data in one way: a *reference path*
//! (`ResultPath`). Each has a file here; `jsonata` will be their neighbor.
//!
//! Nothing in this wing knows states, clocks or randomness. What an expression may read comes in
//! a [`Scope`]; random numbers come from the caller as a [`RandomSource`]; a failure is an
//! [`ExprError`] with the error name and the cause that AWS was recorded giving, without the
//! "An error occurred while executing the state …" prefix, which the simulator adds.
//!
//! Only `path/engine.rs` knows the JSONPath crate.

pub mod path;
pub mod reference;
pub mod intrinsic;
pub mod template;
pub mod jsonata;
pub mod payload;
pub mod convert;
pub mod random;
pub mod digest;
mod display;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

pub use display::{java_text, json_text};
pub use intrinsic::{Expression, Intrinsic, intrinsics};
pub use path::{NearMiss, Path, PathError, Root};
pub use payload::Payload;
pub use random::{JavaRandom, RandomSource};
pub use template::{Template, TemplateFault, check, evaluate, expressions};

/// Everything an expression may read.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// `$`: the data of the stage at hand.
    pub input: &'a Value,
    /// `$$`: the context object.
    pub context: &'a Value,
    /// `$name`: the workflow variables.
    pub variables: &'a dyn Variables,
}

/// The workflow variables visible at one place. A trait, because the simulator layers scopes.
pub trait Variables {
    /// The value of a variable; the name comes without its `$`.
    fn get(&self, name: &str) -> Option<&Value>;

    /// All visible names, in a defined order; used for “did you mean” only.
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// No variables at all.
pub struct NoVariables;

impl Variables for NoVariables {
    fn get(&self, _name: &str) -> Option<&Value> {
        None
    }
}

impl Variables for BTreeMap<String, Value> {
    fn get(&self, name: &str) -> Option<&Value> {
        BTreeMap::get(self, name)
    }

    fn names(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}

impl Variables for IndexMap<String, Value> {
    fn get(&self, name: &str) -> Option<&Value> {
        IndexMap::get(self, name)
    }

    fn names(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}

impl Variables for serde_json::Map<String, Value> {
    fn get(&self, name: &str) -> Option<&Value> {
        serde_json::Map::get(self, name)
    }

    fn names(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}

/// The expression could not be applied to the data; the state fails with this.
#[derive(Debug, Clone, PartialEq)]
pub struct ExprError {
    /// `States.Runtime`, `States.IntrinsicFailure`, `States.ResultPathMatchFailure`, …
    pub name: String,
    /// AWS's sentence, without the state prefix.
    pub cause: String,
    /// The guilty bytes inside the expression text, start and end.
    pub range: Option<(usize, usize)>,
    /// The template field that holds the expression, as a JSON Pointer into the template.
    pub field: Option<String>,
    /// A path selects nothing in the data.
    pub is_missing: bool,
}

/// The error name of paths that select nothing: AWS was recorded giving this one where the
/// specification says `States.ParameterPathFailure`.
pub const RUNTIME: &str = "States.Runtime";
/// The error name of an intrinsic function that cannot be applied to its arguments.
pub const INTRINSIC_FAILURE: &str = "States.IntrinsicFailure";
/// The error name of a `ResultPath` that does not fit the raw input.
pub const RESULT_PATH_MATCH_FAILURE: &str = "States.ResultPathMatchFailure";

/// How deep a value may be nested before this wing refuses to touch it. The call stack of a
/// browser is 1 MiB, and copying or comparing a value recurses once per level.
pub const MAX_DEPTH: usize = 500;

impl ExprError {
    /// An error without a place.
    pub fn new(name: &str, cause: impl Into<String>) -> ExprError {
        ExprError { name: name.to_string(), cause: cause.into(), range: None, field: None, is_missing: false }
    }

    /// The same error, placed inside the expression text unless it already has a place.
    pub fn at(mut self, start: usize, end: usize) -> ExprError {
        self.range = self.range.or(Some((start, end)));
        self
    }
}

/// Whether no part of the value is nested deeper than `limit`. Never recurses, so it is the
/// guard to ask before anything that does.
pub fn depth_within(value: &Value, limit: usize) -> bool {
    let mut pending = vec![(value, 1)];
    while let Some((value, depth)) = pending.pop() {
        if limit < depth {
            return false;
        }
        match value {
            Value::Array(items) => pending.extend(items.iter().map(|it| (it, depth + 1))),
            Value::Object(members) => pending.extend(members.values().map(|it| (it, depth + 1))),
            _ => {}
        }
    }
    true
}

/// Refuses a value that is nested too deeply to be copied.
pub(crate) fn ensure_shallow(value: &Value) -> Result<(), ExprError> {
    let is_flat = !matches!(value, Value::Array(_) | Value::Object(_));
    if is_flat || depth_within(value, MAX_DEPTH) {
        return Ok(());
    }
    Err(ExprError::new(RUNTIME, format!("The data is nested deeper than {MAX_DEPTH} levels")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::expr::random::tests::Counter;

    proptest! {
        #[test]
        fn any_text_is_survivable(text in r"\PC*") {
            evaluate_text(&text);
        }

        #[test]
        fn anything_like_a_path_is_survivable(text in r"\$[$a-c.\[\]'*:?(@)=<!&|, 0-9/~\\-]{0,24}") {
            evaluate_text(&text);
        }

        #[test]
        fn anything_like_a_call_is_survivable(
            name in "(Array|Format|MathAdd|StringSplit|ArrayRange|ArrayPartition|Hash|MathRandom|JsonMerge)",
            args in r"[$.abS'{}\\,() 0-9e-]{0,24}",
        ) {
            evaluate_text(&format!("States.{name}({args})"));
        }
    }

    /// Whatever can be parsed can be evaluated and located, and faults lie inside the text.
    fn evaluate_text(text: &str) {
        let input = json!({"a": [1, {"b": "x"}], "b": {"a": null}, "c": 1.5});
        let scope = Scope { input: &input, context: &input, variables: &NoVariables };
        let range = match Expression::parse(text) {
            Ok(expression) => {
                for (start, path) in expression.paths() {
                    assert!(text[start..].starts_with(path.text()));
                    assert!(path.locate(&scope).iter().all(|it| input.pointer(it).is_some()), "{text}");
                    path.nearest_key(&scope);
                }
                match expression.evaluate(&scope, &mut Counter(1), "x.$") {
                    Ok(_) => None,
                    Err(error) => error.range,
                }
            }
            Err(error) => Some((error.start, error.end)),
        };
        if let Some((start, end)) = range {
            assert!(text.get(start..end).is_some(), "{text}: {start}..{end}");
        }
    }
}
