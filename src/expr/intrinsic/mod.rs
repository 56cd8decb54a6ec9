//! Intrinsic functions: `States.Format('{}', $.name)`.
//!
//! One table row per function: its name, how many arguments, help, example and body. Parsing,
//! checks, completion and documentation read the row; a new function is a row with a body in the
//! file of its family. Functions that draw random numbers take them from the caller.

mod array;
mod encoding;
mod number;
mod object;
mod parser;
mod string;

use std::collections::BTreeSet;

use serde_json::Value;

pub use parser::{Argument, Invocation};

use crate::expr::{ExprError, INTRINSIC_FAILURE, Path, PathError, RUNTIME, RandomSource, Scope, json_text};
use crate::text::InOrder;

/// A row: one function of the language.
#[derive(Debug)]
pub struct Intrinsic {
    /// As written, `States.Format`.
    pub name: &'static str,
    /// The fewest and the most arguments.
    pub arity: (usize, usize),
    /// The arguments' names; the last stands for all further ones.
    pub args: &'static [&'static str],
    /// One sentence.
    pub help: &'static str,
    /// A call and what it gives.
    pub example: (&'static str, &'static str),
    /// Arguments to result; the `Err` is the sentence for the cause.
    pub body: fn(&mut Call) -> Result<Value, String>,
}

/// What a body gets.
pub struct Call<'c> {
    pub args: Vec<Value>,
    /// The first argument as it was spelled between its quotes, when it was a literal text.
    /// `States.Format` needs it to tell `\{}` from `{}`.
    pub first_spelled: Option<String>,
    pub random: &'c mut dyn RandomSource,
}

/// As many arguments as one likes.
pub const MANY: usize = usize::MAX;

/// Calls inside calls inside calls: AWS takes ten.
pub const MAX_NESTING: usize = 10;

const FAMILIES: &[&[Intrinsic]] = &[array::ROWS, string::ROWS, number::ROWS, encoding::ROWS, object::ROWS];

/// All functions, family by family.
pub fn intrinsics() -> impl Iterator<Item = &'static Intrinsic> {
    FAMILIES.iter().copied().flatten()
}

/// The row of a function.
pub fn find(name: &str) -> Option<&'static Intrinsic> {
    intrinsics().find(|it| it.name == name)
}

/// What the value of a `"x.$"` field can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Path(Path),
    Call(Invocation),
}

impl Expression {
    /// Reads a path (when the text starts with `$`) or an intrinsic function call.
    pub fn parse(text: &str) -> Result<Expression, PathError> {
        match text.starts_with('$') {
            true => Path::parse(text).map(Expression::Path),
            false => parser::parse(text).map(Expression::Call),
        }
    }

    /// The expression as it was written.
    pub fn text(&self) -> &str {
        match self {
            Expression::Path(path) => path.text(),
            Expression::Call(invocation) => &invocation.text,
        }
    }

    /// The value of the expression; `field` is the key that holds it, for the cause
    /// (`value.$`, `ErrorPath`).
    pub fn evaluate(
        &self,
        scope: &Scope,
        random: &mut dyn RandomSource,
        field: &str,
    ) -> Result<Value, ExprError> {
        match self {
            Expression::Path(path) => path.query_for_field(scope, field),
            Expression::Call(invocation) => evaluate_call(invocation, scope, random),
        }
    }

    /// The variables the expression reads: names without `$`, sorted.
    pub fn variables(&self) -> BTreeSet<&str> {
        self.paths().into_iter().flat_map(|(_, path)| path.variables()).into_set()
    }

    /// The paths the expression reads, with their offsets in its text, in reading order.
    pub fn paths(&self) -> Vec<(usize, &Path)> {
        let mut found = Vec::new();
        match self {
            Expression::Path(path) => found.push((0, path)),
            Expression::Call(invocation) => collect_paths(invocation, &mut found),
        }
        found
    }
}

fn collect_paths<'e>(invocation: &'e Invocation, found: &mut Vec<(usize, &'e Path)>) {
    for argument in &invocation.args {
        match argument {
            Argument::Path { path, start } => found.push((*start, path)),
            Argument::Call(inner) => collect_paths(inner, found),
            Argument::Literal { .. } => {}
        }
    }
}

fn evaluate_call(
    invocation: &Invocation,
    scope: &Scope,
    random: &mut dyn RandomSource,
) -> Result<Value, ExprError> {
    let mut args = Vec::with_capacity(invocation.args.len());
    let mut first_spelled = None;
    for (idx, argument) in invocation.args.iter().enumerate() {
        args.push(match argument {
            Argument::Literal { value, spelled } => {
                if idx == 0 {
                    first_spelled.clone_from(spelled);
                }
                value.clone()
            }
            Argument::Path { path, start } => path.query(scope).map_err(|error| {
                let (from, to) = error.range.unwrap_or((0, path.text().len()));
                let data = path.data(scope).unwrap_or(scope.input);
                let problem = format!(
                    "The JsonPath argument for the field '{}' could not be found in the input '{}'",
                    path.text(),
                    json_text(data)
                );
                let error = failure(RUNTIME, invocation, &problem);
                ExprError { is_missing: true, ..error }.at(start + from, start + to)
            })?,
            Argument::Call(inner) => evaluate_call(inner, scope, random)?,
        });
    }
    let mut call = Call { args, first_spelled, random };
    (invocation.row.body)(&mut call).map_err(|problem| {
        failure(INTRINSIC_FAILURE, invocation, &problem).at(invocation.start, invocation.end)
    })
}

/// The frame users report around a function's own sentence. No recording has a failing function,
/// so neither frame nor sentences are proven.
fn failure(name: &str, invocation: &Invocation, problem: &str) -> ExprError {
    let cause = format!("The function '{}' had the following error: {problem}", invocation.text);
    ExprError::new(name, cause)
}

impl Call<'_> {
    /// An argument by position; null when it was left out.
    pub fn arg(&self, idx: usize) -> &Value {
        self.args.get(idx).unwrap_or(&Value::Null)
    }

    /// An argument that must be an array.
    pub fn array(&self, idx: usize) -> Result<&Vec<Value>, String> {
        self.arg(idx).as_array().ok_or_else(|| self.wrong(idx, "an array"))
    }

    /// An argument that must be a text.
    pub fn text(&self, idx: usize) -> Result<&str, String> {
        self.arg(idx).as_str().ok_or_else(|| self.wrong(idx, "a string"))
    }

    /// An argument that must be a whole number.
    pub fn integer(&self, idx: usize) -> Result<i64, String> {
        let number = self.arg(idx);
        let whole = number.as_f64().filter(|it| it.fract() == 0.0 && it.abs() < 9e15);
        number.as_i64().or(whole.map(|it| it as i64)).ok_or_else(|| self.wrong(idx, "an integer"))
    }

    /// An argument that must be a number, rounded half up as AWS does: 1.5 to 2, -1.5 to -1.
    pub fn rounded(&self, idx: usize) -> Result<i64, String> {
        let number = self.arg(idx);
        let rounded = number.as_f64().map(|it| (it + 0.5).floor()).filter(|it| it.abs() < 9.2e18);
        number.as_i64().or(rounded.map(|it| it as i64)).ok_or_else(|| self.wrong(idx, "a number"))
    }

    fn wrong(&self, idx: usize, wanted: &str) -> String {
        format!("Argument {} must be {wanted}, but was {}", idx + 1, kind(self.arg(idx)))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expr::NoVariables;
    use crate::expr::random::tests::Counter;

    /// Evaluates a call on an input; a failure becomes its error name and problem.
    pub fn check(input: Value, text: &str, expected: Value) {
        let context = json!({"Execution": {"Name": "e1"}});
        let scope = Scope { input: &input, context: &context, variables: &NoVariables };
        let expression = Expression::parse(text).unwrap_or_else(|it| panic!("{text}: {it}"));
        let actual = match expression.evaluate(&scope, &mut Counter(1), "x.$") {
            Ok(value) => value,
            Err(error) => {
                let problem = error.cause.split_once("' had the following error: ");
                json!(format!("{}: {}", error.name, problem.map_or(error.cause.as_str(), |it| it.1)))
            }
        };
        assert_eq!(actual, expected, "{text}");
    }

    #[test]
    fn every_row_is_complete_and_its_example_holds() {
        let mut names = Vec::new();
        for row in intrinsics() {
            names.push(row.name);
            assert!(row.name.starts_with("States."));
            assert!(row.arity.0 <= row.arity.1);
            assert!(row.args.len() == row.arity.1 || row.arity.1 == MANY, "{}", row.name);
            let (call, result) = row.example;
            if result.contains('…') {
                assert!(Expression::parse(call).is_ok(), "{call}");
            } else {
                check(Value::Null, call, serde_json::from_str(result).expect(result));
            }
        }
        assert_eq!(names.len(), 18);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 18);
    }

    #[test]
    fn calls_nest_and_read_paths() {
        let input = json!({"a": [1, 2, 3], "s": "x-y"});
        check(input.clone(), "States.ArrayGetItem(States.StringSplit($.s, '-'), 1)", json!("y"));
        check(input.clone(), "States.MathAdd(States.ArrayLength($.a),\n  -1)", json!(2));
        check(input.clone(), "States.Array($.a[?(@ > 1)], $$.Execution.Name)", json!([[2, 3], "e1"]));
        check(
            input,
            "States.Array($.none)",
            json!(
                "States.Runtime: The JsonPath argument for the field '$.none' could not be found in the input '{\"a\":[1,2,3],\"s\":\"x-y\"}'"
            ),
        );
    }

    #[test]
    fn failures_name_the_call_and_its_place() {
        let scope = Scope { input: &json!({"a": 1}), context: &Value::Null, variables: &NoVariables };
        let text = "States.Array(States.ArrayLength($.a))";
        let expression = Expression::parse(text).expect(text);
        let error = expression.evaluate(&scope, &mut Counter(1), "x.$").expect_err(text);
        assert_eq!(error.name, "States.IntrinsicFailure");
        assert_eq!(
            error.cause,
            "The function 'States.ArrayLength($.a)' had the following error: Argument 1 must be an array, but was a number"
        );
        assert_eq!(error.range, Some((13, 36)));
    }

    #[test]
    fn paths_are_listed_with_their_places() {
        let text = "States.Format('{}{}', $.a, States.JsonToString($$.b))";
        let expression = Expression::parse(text).expect(text);
        let found: Vec<_> = expression.paths().into_iter().map(|(at, it)| (at, it.text())).collect();
        assert_eq!(found, [(22, "$.a"), (47, "$$.b")]);
    }
}
