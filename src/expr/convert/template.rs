//! Payload templates: as a JSONata payload, whose expressions stay where they were, or as one
//! expression that can be part of another.

use serde_json::{Map, Value};

use crate::expr::convert::call::list;
use crate::expr::convert::{Code, Place, Why, jsonata_of_call, jsonata_of_path, quoted, why};
use crate::expr::payload::expression_of;
use crate::expr::{Expression, MAX_DEPTH};

/// The JSONata expression of a path or an intrinsic function call.
pub fn jsonata_of_expression(expression: &Expression, place: &Place) -> Result<Code, Why> {
    match expression {
        Expression::Path(path) => jsonata_of_path(path, place),
        Expression::Call(call) => jsonata_of_call(call, place),
    }
}

/// A template as a payload: `"x.$": "$.y"` becomes `"x": "{% $states.input.y %}"`.
pub fn payload_of_template(template: &Value, place: &Place) -> Result<Value, Why> {
    payload(template, Some(place), 0)
}

/// A value that is taken as it is, as a payload.
pub fn payload_of_literal(value: &Value) -> Result<Value, Why> {
    payload(value, None, 0)
}

/// A template as one expression.
pub fn jsonata_of_template(template: &Value, place: &Place) -> Result<Code, Why> {
    whole(template, Some(place), 0)
}

/// A value that is taken as it is, as an expression.
pub fn jsonata_of_literal(value: &Value) -> Result<Code, Why> {
    whole(value, None, 0)
}

/// Recurses once per level, [`MAX_DEPTH`] at most.
fn payload(value: &Value, place: Option<&Place>, depth: usize) -> Result<Value, Why> {
    ensure_shallow(depth)?;
    Ok(match value {
        Value::String(text) if expression_of(text).is_some() => Code::atom(quoted(text)).field(),
        Value::Array(items) => {
            Value::Array(items.iter().map(|it| payload(it, place, depth + 1)).collect::<Result<_, Why>>()?)
        }
        Value::Object(members) => {
            let mut new = Map::new();
            for (key, value) in members {
                let value = match dynamic(key, value, place)? {
                    Some((_, code)) => code.field(),
                    None => payload(value, place, depth + 1)?,
                };
                insert(&mut new, key, place, value)?;
            }
            Value::Object(new)
        }
        other => other.clone(),
    })
}

/// Recurses once per level, [`MAX_DEPTH`] at most.
fn whole(value: &Value, place: Option<&Place>, depth: usize) -> Result<Code, Why> {
    ensure_shallow(depth)?;
    Ok(match value {
        Value::String(text) => Code::atom(quoted(text)),
        Value::Array(items) => {
            let items: Vec<Code> =
                items.iter().map(|it| whole(it, place, depth + 1)).collect::<Result<_, Why>>()?;
            Code::atom(list(&items)).maybe_array()
        }
        Value::Object(members) => {
            let mut new = Map::new();
            for (key, value) in members {
                let code = match dynamic(key, value, place)? {
                    Some((_, code)) => code,
                    None => whole(value, place, depth + 1)?,
                };
                insert(&mut new, key, place, Value::String(code.demanded()))?;
            }
            let members =
                new.iter().map(|(key, it)| format!("{}: {}", quoted(key), it.as_str().unwrap_or("")));
            Code::atom(format!("{{{}}}", members.collect::<Vec<_>>().join(", ")))
        }
        other => Code::atom(other.to_string()),
    })
}

/// The name without `.$` and the expression, for a field that has one.
fn dynamic<'k>(key: &'k str, value: &Value, place: Option<&Place>) -> Result<Option<(&'k str, Code)>, Why> {
    let (Some(name), Some(place)) = (key.strip_suffix(".$"), place) else { return Ok(None) };
    let unreadable = || Why(format!("“{key}” holds neither a path nor a function call"));
    let expression = value.as_str().and_then(|it| Expression::parse(it).ok()).ok_or_else(unreadable)?;
    Ok(Some((name, jsonata_of_expression(&expression, place)?)))
}

fn insert(
    members: &mut Map<String, Value>,
    key: &str,
    place: Option<&Place>,
    value: Value,
) -> Result<(), Why> {
    let name = place.and_then(|_| key.strip_suffix(".$")).unwrap_or(key);
    match members.insert(name.to_string(), value) {
        None => Ok(()),
        Some(_) => why(format!("two fields would have the name “{name}”")),
    }
}

fn ensure_shallow(depth: usize) -> Result<(), Why> {
    if depth < MAX_DEPTH {
        return Ok(());
    }
    why(format!("it is nested deeper than {MAX_DEPTH} levels"))
}
