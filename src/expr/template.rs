//! Payload templates: JSON in which a field whose name ends with `.$` holds a path or an
//! intrinsic function call instead of its value.

use serde_json::{Map, Value};

use crate::expr::{ExprError, Expression, MAX_DEPTH, PathError, RUNTIME, RandomSource, Scope, depth_within};
use crate::json::escape;

/// The template with every `"x.$"` field, at any depth, replaced by a field `"x"` with the value
/// of its expression.
pub fn evaluate(template: &Value, scope: &Scope, random: &mut dyn RandomSource) -> Result<Value, ExprError> {
    Template::new(template).fill(scope, random)
}

/// A template whose expressions are read already, to be filled many times.
#[derive(Debug, Clone, PartialEq)]
pub struct Template(Result<Part, ExprError>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    /// Holds no expression, however deep.
    Constant(Value),
    Array(Vec<Part>),
    /// The members of the result, still empty, so that no key is hashed again; and for each of them
    /// its key as written and its value.
    Object(Map<String, Value>, Vec<(String, Part)>),
    Expression(Expression),
    /// A field that can never be evaluated.
    Fault(ExprError),
}

impl Template {
    /// Reads every expression. A fault becomes the failure of [`Template::fill`] at its place.
    pub fn new(template: &Value) -> Template {
        if !depth_within(template, MAX_DEPTH) {
            let cause = format!("The template is nested deeper than {MAX_DEPTH} levels");
            return Template(Err(ExprError::new(RUNTIME, cause)));
        }
        Template(Ok(read(template)))
    }

    /// See [`evaluate`].
    pub fn fill(&self, scope: &Scope, random: &mut dyn RandomSource) -> Result<Value, ExprError> {
        match &self.0 {
            Ok(part) => fill(part, "", scope, random),
            Err(error) => Err(error.clone()),
        }
    }
}

/// A field of a template that can never be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateFault {
    /// The field, as a JSON Pointer into the template.
    pub pointer: String,
    /// AWS's sentence.
    pub message: String,
    /// What exactly is wrong, with its place inside the field's text; none when the value is no
    /// text or when two fields collide.
    pub detail: Option<PathError>,
}

/// Every fault of a template; fields of an object come before what is nested in it.
pub fn check(template: &Value) -> Vec<TemplateFault> {
    let mut faults = Vec::new();
    visit_fields(template, |field| faults.extend(read_field(&field).err()));
    faults
}

/// Every readable expression of a template with its field, as a JSON Pointer; in the order of
/// [`check`].
pub fn expressions(template: &Value) -> Vec<(String, Expression)> {
    let mut found = Vec::new();
    visit_fields(template, |field| {
        if let Some(Ok(expression)) = field.value.as_str().map(Expression::parse) {
            found.push((field.pointer, expression));
        }
    });
    found
}

/// A field whose name ends with `.$`.
struct Field<'t> {
    /// The object that holds it.
    members: &'t Map<String, Value>,
    key: &'t str,
    /// The key without `.$`.
    name: &'t str,
    value: &'t Value,
    pointer: String,
}

fn visit_fields<'t>(template: &'t Value, mut visit: impl FnMut(Field<'t>)) {
    let mut pending = vec![(String::new(), template)];
    while let Some((pointer, value)) = pending.pop() {
        match value {
            Value::Array(items) => {
                let children = items.iter().enumerate().map(|(idx, it)| (format!("{pointer}/{idx}"), it));
                pending.extend(children.rev());
            }
            Value::Object(members) => {
                let mut children = Vec::new();
                for (key, child) in members {
                    let pointer = pointer_to(&pointer, key);
                    match key.strip_suffix(".$") {
                        Some(name) => visit(Field { members, key, name, value: child, pointer }),
                        None => children.push((pointer, child)),
                    }
                }
                pending.extend(children.into_iter().rev());
            }
            _ => {}
        }
    }
}

fn read_field(field: &Field) -> Result<Expression, TemplateFault> {
    let fault = |message: String, detail: Option<PathError>| TemplateFault {
        pointer: field.pointer.clone(),
        message,
        detail,
    };
    if field.members.contains_key(field.name) {
        return Err(fault(collision(field.key, field.name), None));
    }
    let unreadable = || {
        format!(
            "The value for the field '{}' must be a valid JSONPath or a valid intrinsic function call",
            field.key
        )
    };
    match field.value.as_str().map(Expression::parse) {
        Some(Ok(expression)) => Ok(expression),
        Some(Err(error)) => Err(fault(unreadable(), Some(error))),
        None => Err(fault(unreadable(), None)),
    }
}

fn collision(key: &str, name: &str) -> String {
    format!("The fields '{key}' and '{name}' would have the same name")
}

/// Recurses once per level; the depth has been checked.
fn read(template: &Value) -> Part {
    match template {
        Value::Array(items) => {
            let parts: Vec<Part> = items.iter().map(read).collect();
            match parts.iter().all(|it| matches!(it, Part::Constant(_))) {
                true => Part::Constant(template.clone()),
                false => Part::Array(parts),
            }
        }
        Value::Object(members) => {
            let parts: Vec<(String, String, Part)> = members
                .iter()
                .map(|(key, value)| match key.strip_suffix(".$") {
                    Some(name) => {
                        let field = Field { members, key, name, value, pointer: String::new() };
                        let part = match read_field(&field) {
                            Ok(expression) => Part::Expression(expression),
                            Err(fault) => Part::Fault(failure(fault)),
                        };
                        (key.clone(), name.to_string(), part)
                    }
                    None => (key.clone(), key.clone(), read(value)),
                })
                .collect();
            if parts.iter().all(|(_, _, it)| matches!(it, Part::Constant(_))) {
                return Part::Constant(template.clone());
            }
            let names = parts.iter().map(|(_, name, _)| (name.clone(), Value::Null)).collect();
            Part::Object(names, parts.into_iter().map(|(key, _, part)| (key, part)).collect())
        }
        other => Part::Constant(other.clone()),
    }
}

fn failure(fault: TemplateFault) -> ExprError {
    let error = ExprError::new(RUNTIME, fault.message);
    match fault.detail {
        Some(detail) => error.at(detail.start, detail.end),
        None => error,
    }
}

/// Recurses once per level; the depth has been checked. `key` holds the part.
fn fill(part: &Part, key: &str, scope: &Scope, random: &mut dyn RandomSource) -> Result<Value, ExprError> {
    match part {
        Part::Constant(value) => Ok(value.clone()),
        Part::Array(items) => {
            let mut filled = Vec::with_capacity(items.len());
            for (idx, item) in items.iter().enumerate() {
                filled.push(fill(item, "", scope, random).map_err(|it| inside(it, &idx.to_string()))?);
            }
            Ok(Value::Array(filled))
        }
        Part::Object(empty, members) => {
            let mut filled = empty.clone();
            let mut places = filled.values_mut();
            for (key, part) in members {
                let value = fill(part, key, scope, random).map_err(|it| inside(it, key))?;
                // Only of two members with one name, which is a fault, the second has no place.
                if let Some(place) = places.next() {
                    *place = value;
                }
            }
            Ok(Value::Object(filled))
        }
        Part::Expression(expression) => expression.evaluate(scope, random, key),
        Part::Fault(error) => Err(error.clone()),
    }
}

/// The same error, one level further out.
fn inside(mut error: ExprError, step: &str) -> ExprError {
    let inner = error.field.take().unwrap_or_default();
    error.field = Some(pointer_to("", step) + &inner);
    error
}

fn pointer_to(parent: &str, key: &str) -> String {
    format!("{parent}/{}", escape(key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expr::NoVariables;
    use crate::expr::random::tests::Counter;

    fn run(template: &Value) -> Result<Value, ExprError> {
        let input = json!({"flagged": 7, "vals": [0, 10, 20, 30], "name": "Ada"});
        let context = json!({"DayOfWeek": "TUESDAY"});
        let scope = Scope { input: &input, context: &context, variables: &NoVariables };
        evaluate(template, &scope, &mut Counter(1))
    }

    fn check_fault(template: Value, cause: &str, field: &str, range: Option<(usize, usize)>) {
        let error = run(&template).expect_err("a fault");
        assert_eq!((error.name.as_str(), error.cause.as_str()), ("States.Runtime", cause), "{template}");
        assert_eq!(error.field.as_deref(), Some(field), "{template}");
        assert_eq!(error.range, range, "{template}");
    }

    #[test]
    fn fields_are_filled_at_any_depth() {
        let template = json!({
            "flagged": true,
            "parts": {"first.$": "$.vals[0]", "last3.$": "$.vals[1:]"},
            "weekday.$": "$$.DayOfWeek",
            "list": [{"greeting.$": "States.Format('Hello, {}', $.name)"}, "$.name", 1],
            "literal": "$.name",
        });
        let expected = json!({
            "flagged": true,
            "parts": {"first": 0, "last3": [10, 20, 30]},
            "weekday": "TUESDAY",
            "list": [{"greeting": "Hello, Ada"}, "$.name", 1],
            "literal": "$.name",
        });
        assert_eq!(run(&template), Ok(expected));
        assert_eq!(run(&json!("$.name")), Ok(json!("$.name")));
        assert_eq!(run(&json!({".$": "$.name"})), Ok(json!({"": "Ada"})));
    }

    #[test]
    fn failures_name_the_field() {
        let cause = "The JSONPath '$.no' specified for the field 'x.$' could not be found in the input '{\"flagged\":7,\"vals\":[0,10,20,30],\"name\":\"Ada\"}'";
        check_fault(json!({"a": [{"b/c": {"x.$": "$.no"}}]}), cause, "/a/0/b~1c/x.$", Some((1, 4)));
        let message =
            "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call";
        check_fault(json!({"x.$": "no path"}), message, "/x.$", Some((0, 2)));
        check_fault(json!({"x.$": 5}), message, "/x.$", None);
        check_fault(
            json!({"x.$": "$", "x": 1}),
            "The fields 'x.$' and 'x' would have the same name",
            "/x.$",
            None,
        );
    }

    #[test]
    fn faults_are_found_without_data() {
        let template = json!({
            "ok.$": "$.anything[*]",
            "a": [1, {"bad.$": "ipsum"}],
            "worse.$": {"x": 1},
            "twice": 1,
            "twice.$": "$",
        });
        let found: Vec<_> = check(&template)
            .into_iter()
            .map(|it| (it.pointer, it.detail.map(|detail| detail.message)))
            .collect();
        let expected = [
            ("/worse.$".to_string(), None),
            ("/twice.$".to_string(), None),
            ("/a/1/bad.$".to_string(), Some("There is no function “ipsum”".to_string())),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn hostile_nesting_is_refused() {
        let mut template = json!({"x.$": "$.name"});
        for _ in 0..3_000 {
            template = Value::Array(vec![template]);
        }
        assert!(run(&template).expect_err("too deep").cause.contains("nested deeper"));
        assert_eq!(check(&template), []);
    }
}
