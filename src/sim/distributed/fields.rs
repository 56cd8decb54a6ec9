//! Reading the fields of a Map and of the objects inside it: a literal, a path in the form
//! `…Path`, or a template. Every reader of a field comes through here, so that another query
//! language changes this file alone.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::json_text;
use crate::expr::payload::unexpected_type;
use crate::json::float;
use crate::sim::dataflow::Flow;
use crate::sim::program::StateDef;
use crate::sim::trace::StatesError;

/// A field as its state gives it.
pub(crate) struct Given {
    pub value: Value,
    /// The path by which it was found, where it was not written down itself.
    pub path: Option<String>,
}

/// The field at a place below the state, such as `ItemReader/ReaderConfig`.
pub(crate) fn inner<'s>(state: &'s StateDef, place: &str) -> Option<&'s Value> {
    let mut names = place.split('/');
    let outermost = state.field(names.next()?)?.as_ref();
    names.try_fold(outermost, |value, name| value.get(name))
}

/// The text at a place below the state.
pub(crate) fn text<'s>(state: &'s StateDef, place: &str) -> Option<&'s str> {
    inner(state, place).and_then(Value::as_str)
}

/// The value of a field or of its `…Path` form.
pub(crate) fn given(flow: &mut Flow, place: &str, data: &Arc<Value>) -> Result<Option<Given>, StatesError> {
    if flow.is_jsonata() {
        let Some(written) = inner(flow.state, place) else { return Ok(None) };
        let value = flow.payload(place, written)?;
        return Ok(Some(Given { value, path: None }));
    }
    let by_path = format!("{place}Path");
    if let Some(path) = text(flow.state, &by_path).map(str::to_string) {
        let value = flow.query(&by_path, &path, data)?;
        return Ok(Some(Given { value, path: Some(path) }));
    }
    Ok(inner(flow.state, place).map(|it| Given { value: it.clone(), path: None }))
}

/// A field that holds a whole number.
pub(crate) fn whole_number(
    flow: &mut Flow,
    place: &str,
    data: &Arc<Value>,
) -> Result<Option<i64>, StatesError> {
    let Some(given) = given(flow, place, data)? else { return Ok(None) };
    // AWS was recorded taking a text that spells a number.
    let number = given.value.as_i64().or_else(|| given.value.as_str().and_then(|it| it.parse().ok()));
    match number {
        Some(number) => Ok(Some(number)),
        None => Err(not_a_number(flow, place, &given, "integer")),
    }
}

/// A field that holds any number.
pub(crate) fn number(flow: &mut Flow, place: &str, data: &Arc<Value>) -> Result<Option<f64>, StatesError> {
    let Some(given) = given(flow, place, data)? else { return Ok(None) };
    let number = given.value.as_f64().or_else(|| given.value.as_str().and_then(float));
    match number {
        Some(number) => Ok(Some(number)),
        None => Err(not_a_number(flow, place, &given, "float")),
    }
}

/// A template at the first of these places that is there, filled.
pub(crate) fn template(
    flow: &mut Flow,
    places: &[&str],
    data: &Arc<Value>,
) -> Result<Option<Value>, StatesError> {
    for place in places {
        let Some(written) = inner(flow.state, place) else { continue };
        return match flow.is_jsonata() {
            true => flow.payload(place, written).map(Some),
            false => flow.fill(written, data).map(Some),
        };
    }
    Ok(None)
}

fn not_a_number(flow: &mut Flow, place: &str, given: &Given, kind: &str) -> StatesError {
    if let (true, Some(written)) = (flow.is_jsonata(), inner(flow.state, place)) {
        let cause = unexpected_type(written, place, "number", &given.value);
        return flow.query_error(Some(place), cause);
    }
    let name = place.rsplit('/').next().unwrap_or(place);
    let text = given.value.as_str().map_or_else(|| json_text(&given.value), str::to_string);
    flow.runtime(match &given.path {
        Some(path) => {
            format!("The {name}Path field refers to value \"{text}\" which is not a valid {kind}: {path}")
        }
        None => format!("The {name} field has the value \"{text}\" which is not a valid {kind}"),
    })
}
