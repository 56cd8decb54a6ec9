//! JSONata payloads: JSON in which a text `{% … %}` stands for the value of its expression
//! (`Arguments`, `Output`, `Assign`, `ItemSelector`, …). Keys are taken as they are, and so is
//! every other text. Each expression must give a value that JSON can hold.

use serde_json::{Map, Value};

use crate::expr::jsonata::{Budget, Dialect, Explanation, Jsonata, JsonataError, Outcome, World};
use crate::expr::{MAX_DEPTH, RandomSource, depth_within, json_text};

/// The error name of an expression that gives nothing or fails.
pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";

/// What the expressions of a state may read.
#[derive(Clone, Copy)]
pub struct QueryScope<'a> {
    /// The members of `$states`, in order.
    pub states: &'a [(&'static str, &'a Value)],
    /// The workflow variables.
    pub variables: &'a Map<String, Value>,
    /// The present moment, in milliseconds since 1970, for `$now` and `$millis`.
    pub now_millis: i64,
}

/// A payload whose expressions are read already, to be filled many times.
#[derive(Clone, Debug, PartialEq)]
pub struct Payload(Result<Part, QueryError>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// Holds no expression, however deep.
    Constant(Value),
    Array(Vec<Part>),
    Object(Vec<(String, Part)>),
    Query(Query),
}

/// One expression.
#[derive(Clone, Debug)]
struct Query {
    /// The way from the field to the expression: `/values[0]`.
    place: String,
    /// Between the marks.
    written: String,
    /// The same without spaces around it, as AWS quotes it.
    text: String,
    parsed: Result<Jsonata, JsonataError>,
}

/// Why a payload gives nothing. The state fails with [`QUERY_EVALUATION_ERROR`].
#[derive(Clone, Debug, PartialEq)]
pub struct QueryError {
    /// The guilty field as AWS writes it: `Output/values[0]`.
    pub location: String,
    /// AWS's sentence, without the state prefix.
    pub cause: String,
}

/// An expression of a payload, seen from inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// As it stands between the marks, spaces included.
    pub text: String,
    pub explanation: Result<Explanation, JsonataError>,
}

/// The expression inside `{% … %}`. AWS takes the marks at the very ends of the text only.
pub fn expression_of(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}

impl Payload {
    /// Reads every expression. What cannot be read fails when it is evaluated.
    pub fn new(written: &Value) -> Payload {
        if !depth_within(written, MAX_DEPTH) {
            let cause = format!("The value is nested deeper than {MAX_DEPTH} levels");
            return Payload(Err(QueryError { location: String::new(), cause }));
        }
        Payload(Ok(read(written, "")))
    }

    /// The payload with every expression replaced by its value. `field` is its name in the state.
    pub fn fill(
        &self,
        scope: &QueryScope,
        random: &mut dyn RandomSource,
        field: &str,
    ) -> Result<Value, QueryError> {
        match &self.0 {
            Ok(part) => fill(part, scope, random, field),
            Err(error) => Err(QueryError { location: field.to_string(), ..error.clone() }),
        }
    }
}

impl Payload {
    /// Whether anything in it is evaluated.
    pub fn has_expressions(&self) -> bool {
        self.0.as_ref().is_ok_and(|it| !matches!(it, Part::Constant(_)))
    }

    /// What the parts of every expression give, in the order in which they are written.
    pub fn explain(&self, scope: &QueryScope, random: &mut dyn RandomSource) -> Vec<Explained> {
        let Ok(root) = &self.0 else { return Vec::new() };
        let mut found = Vec::new();
        let mut pending = vec![root];
        while let Some(part) = pending.pop() {
            match part {
                Part::Constant(_) => {}
                Part::Array(items) => pending.extend(items.iter().rev()),
                Part::Object(members) => pending.extend(members.iter().rev().map(|it| &it.1)),
                Part::Query(query) => found.push(Explained {
                    text: query.written.clone(),
                    explanation: match &query.parsed {
                        Ok(parsed) => Ok(in_world(scope, random, |world| parsed.explain(world))),
                        Err(error) => Err(error.clone()),
                    },
                }),
            }
        }
        found
    }
}

/// AWS's sentence about a value of another type than the field takes.
pub fn unexpected_type(written: &Value, field: &str, expected: &str, value: &Value) -> String {
    let what =
        format!("Expected '{expected}', but was '{}' for value: {}", type_name(value), json_text(value));
    match written.as_str().and_then(expression_of) {
        Some(text) => {
            let text = text.trim();
            format!(
                "The JSONata expression '{text}' specified for the field '{field}' returned an unexpected result type. {what}"
            )
        }
        None => format!("The field '{field}' has an unexpected type. {what}"),
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Recurses once per level; the depth has been checked.
fn read(written: &Value, place: &str) -> Part {
    match written {
        Value::String(text) => match expression_of(text) {
            Some(inner) => Part::Query(Query {
                place: place.to_string(),
                written: inner.to_string(),
                text: inner.trim().to_string(),
                parsed: Jsonata::parse(inner, Dialect::Aws),
            }),
            None => Part::Constant(written.clone()),
        },
        Value::Array(items) => {
            let parts: Vec<Part> =
                items.iter().enumerate().map(|(idx, it)| read(it, &format!("{place}[{idx}]"))).collect();
            match parts.iter().all(|it| matches!(it, Part::Constant(_))) {
                true => Part::Constant(written.clone()),
                false => Part::Array(parts),
            }
        }
        Value::Object(members) => {
            let parts: Vec<(String, Part)> = members
                .iter()
                .map(|(name, it)| (name.clone(), read(it, &format!("{place}/{name}"))))
                .collect();
            match parts.iter().all(|(_, it)| matches!(it, Part::Constant(_))) {
                true => Part::Constant(written.clone()),
                false => Part::Object(parts),
            }
        }
        other => Part::Constant(other.clone()),
    }
}

/// Recurses once per level; the depth has been checked.
fn fill(
    part: &Part,
    scope: &QueryScope,
    random: &mut dyn RandomSource,
    field: &str,
) -> Result<Value, QueryError> {
    match part {
        Part::Constant(value) => Ok(value.clone()),
        Part::Array(items) => {
            items.iter().map(|it| fill(it, scope, random, field)).collect::<Result<_, _>>().map(Value::Array)
        }
        Part::Object(members) => members
            .iter()
            .map(|(name, it)| Ok((name.clone(), fill(it, scope, random, field)?)))
            .collect::<Result<_, _>>()
            .map(Value::Object),
        Part::Query(query) => query.value(scope, random).map_err(|what| {
            let location = format!("{field}{}", query.place);
            let text = &query.text;
            let cause =
                format!("The JSONata expression '{text}' specified for the field '{location}' {what}");
            QueryError { location, cause }
        }),
    }
}

impl Query {
    /// The value, or the rest of AWS's sentence.
    fn value(&self, scope: &QueryScope, random: &mut dyn RandomSource) -> Result<Value, String> {
        let thrown = |error: &JsonataError| {
            format!("threw an error during evaluation. {}: {}", error.code, error.message)
        };
        let parsed = self.parsed.as_ref().map_err(thrown)?;
        match in_world(scope, random, |world| parsed.evaluate(world)) {
            Ok(Some(Outcome::Json(value))) => Ok(value),
            Ok(Some(Outcome::Unsupported)) => Err("returned an unsupported result type.".to_string()),
            Ok(None) => Err("returned nothing (undefined).".to_string()),
            Err(error) => Err(thrown(&error)),
        }
    }
}

/// Does something with what an expression may read.
fn in_world<T>(
    scope: &QueryScope,
    random: &mut dyn RandomSource,
    act: impl FnOnce(&mut World<'_>) -> T,
) -> T {
    let states: Map<String, Value> =
        scope.states.iter().map(|(name, value)| ((*name).to_string(), (*value).clone())).collect();
    let states = Value::Object(states);
    let mut bindings: Vec<(&str, &Value)> =
        scope.variables.iter().map(|(name, value)| (name.as_str(), value)).collect();
    bindings.push(("states", &states));
    act(&mut World { input: None, bindings, now_millis: scope.now_millis, random, budget: Budget::default() })
}

impl PartialEq for Query {
    fn eq(&self, other: &Query) -> bool {
        self.place == other.place && self.text == other.text
    }
}
