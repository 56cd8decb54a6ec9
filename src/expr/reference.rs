//! Reference paths as places to read and write: `ResultPath` puts a result into the raw input.

use serde_json::{Map, Value};

use crate::expr::path::syntax::{Root, Segment, Selector};
use crate::expr::{
    ExprError, MAX_DEPTH, Path, RESULT_PATH_MATCH_FAILURE, RUNTIME, Scope, ensure_shallow, json_text,
};

/// The value at a reference path.
pub fn get(path: &Path, scope: &Scope) -> Result<Value, ExprError> {
    refuse_other_paths(path)?;
    path.query(scope)
}

/// A copy of the raw input with `value` at the path: the field is replaced when it exists and is
/// created, with the objects above it, when it does not. An array is not extended, and a number,
/// text or null is not turned into an object: that is `States.ResultPathMatchFailure`.
pub fn put(raw: &Value, path: &Path, value: Value) -> Result<Value, ExprError> {
    refuse_other_paths(path)?;
    if *path.root() != Root::Input {
        let cause = format!("The path '{}' must start with “$.” to say where the result goes", path.text());
        return Err(ExprError::new(RUNTIME, cause));
    }
    if path.segments().is_empty() {
        return Ok(value);
    }
    ensure_shallow(raw)?;
    if let Some(segment) = misfit(raw, path) {
        let step = match &segment.selector {
            Selector::Name(name) => name.clone(),
            Selector::Index(index) => index.to_string(),
            _ => path.text().to_string(),
        };
        // The wording users report; no recording has this failure.
        let cause = format!("Unable to apply step \"{step}\" to input {}", json_text(raw));
        return Err(ExprError::new(RESULT_PATH_MATCH_FAILURE, cause).at(segment.start, segment.end));
    }
    let mut result = raw.clone();
    write(&mut result, path, value);
    Ok(result)
}

/// Whether [`write`] can put a value at the path.
pub(crate) fn can_put(raw: &Value, path: &Path) -> bool {
    refuse_other_paths(path).is_ok() && *path.root() == Root::Input && misfit(raw, path).is_none()
}

/// [`put`] into the data itself, after [`can_put`].
pub(crate) fn write(mut place: &mut Value, path: &Path, value: Value) {
    for segment in path.segments() {
        let next = match (&segment.selector, place) {
            // What is missing is created as an object, for the names that follow.
            (Selector::Name(name), Value::Object(members)) => {
                Some(members.entry(name.clone()).or_insert_with(|| Value::Object(Map::new())))
            }
            (Selector::Index(index), Value::Array(items)) => {
                usize::try_from(*index).ok().and_then(|it| items.get_mut(it))
            }
            _ => None,
        };
        debug_assert!(next.is_some(), "the path fits");
        let Some(next) = next else { return };
        place = next;
    }
    *place = value;
}

/// The first step of the path that cannot be taken.
fn misfit<'p>(raw: &Value, path: &'p Path) -> Option<&'p Segment> {
    // Nothing: from here on objects are created.
    let mut place = Some(raw);
    for segment in path.segments() {
        place = match (&segment.selector, place) {
            (Selector::Name(name), Some(Value::Object(members))) => members.get(name),
            (Selector::Name(_), None) => None,
            (Selector::Index(index), Some(Value::Array(items))) => {
                let item = usize::try_from(*index).ok().and_then(|it| items.get(it));
                if item.is_none() {
                    return Some(segment);
                }
                item
            }
            _ => return Some(segment),
        };
    }
    None
}

fn refuse_other_paths(path: &Path) -> Result<(), ExprError> {
    if MAX_DEPTH < path.segments().len() {
        return Err(ExprError::new(RUNTIME, format!("The path has more than {MAX_DEPTH} steps")));
    }
    if path.is_reference() {
        return Ok(());
    }
    let cause = format!("The path '{}' is not a reference path: it must name one node", path.text());
    Err(ExprError::new(RUNTIME, cause).at(0, path.text().len()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(raw: Value, path: &str, expected: Value) {
        let path = Path::parse(path).expect(path);
        let actual = match put(&raw, &path, json!("R")) {
            Ok(value) => value,
            Err(error) => json!(format!("{}: {}", error.name, error.cause)),
        };
        assert_eq!(actual, expected, "{}", path.text());
    }

    #[test]
    fn results_are_put_where_the_path_says() {
        check(json!({"a": 1}), "$", json!("R"));
        check(json!(5), "$", json!("R"));
        check(json!({"a": 1}), "$.a", json!({"a": "R"}));
        check(json!({"a": 1}), "$.b", json!({"a": 1, "b": "R"}));
        check(json!({}), "$.enigma.mystery", json!({"enigma": {"mystery": "R"}}));
        check(json!({"a": {"b": 1}}), "$.a.c.d", json!({"a": {"b": 1, "c": {"d": "R"}}}));
        check(json!({"a": [1, {"x": 2}]}), "$.a[1].x", json!({"a": [1, {"x": "R"}]}));
        check(json!({"a": [1, 2]}), "$.a[0]", json!({"a": ["R", 2]}));
        check(json!([1, 2]), "$[1]", json!([1, "R"]));
    }

    #[test]
    fn key_order_is_kept() {
        let raw = json!({"z": 1, "a": 2});
        let path = Path::parse("$.z").expect("a path");
        let text = json_text(&put(&raw, &path, json!(3)).expect("fits"));
        assert_eq!(text, r#"{"z":3,"a":2}"#);
    }

    #[test]
    fn what_is_no_object_cannot_take_a_field() {
        let fault = |step: &str, input: &str| {
            json!(format!("States.ResultPathMatchFailure: Unable to apply step \"{step}\" to input {input}"))
        };
        check(json!("text"), "$.a", fault("a", "\"text\""));
        check(json!([1]), "$.a", fault("a", "[1]"));
        check(json!({"a": 1}), "$.a.b", fault("b", "{\"a\":1}"));
        check(json!({"a": null}), "$.a.b", fault("b", "{\"a\":null}"));
        check(json!({"a": [1]}), "$.a[1]", fault("1", "{\"a\":[1]}"));
        check(json!({}), "$.a[0]", fault("0", "{}"));
    }

    #[test]
    fn other_paths_are_refused() {
        let refused = |path: &str| {
            json!(format!("States.Runtime: The path '{path}' is not a reference path: it must name one node"))
        };
        check(json!({}), "$.a[*]", refused("$.a[*]"));
        check(json!({}), "$..a", refused("$..a"));
        check(
            json!({}),
            "$$.a",
            json!("States.Runtime: The path '$$.a' must start with “$.” to say where the result goes"),
        );
    }
}
