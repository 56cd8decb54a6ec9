//! What every part of an expression gave, and where it came from.
//!
//! The expression is compiled once more with a probe behind each node and run as usual; without
//! that request nothing is noted. Values that were copied from the data are recognized by their
//! address, because the machine borrows and never copies them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::Value;

use crate::expr::MAX_DEPTH;
use crate::expr::jsonata::compile::compile;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::machine::Notes;
use crate::expr::jsonata::value::{Val, View};
use crate::expr::jsonata::world::Store;
use crate::expr::jsonata::write::{Unplain, json};
use crate::expr::jsonata::{Jsonata, JsonataError, Outcome, World, outcome_of};

/// An evaluation, seen from inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What the whole expression gives.
    pub result: Result<Option<Outcome>, JsonataError>,
    /// Where the parts of the result came from.
    pub origins: Vec<Origin>,
    /// What each sub-expression gave that was evaluated at all, by its place in the text; where
    /// several are at one place, only the outermost.
    pub parts: Vec<Part>,
}

/// What a sub-expression gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its bytes in the text.
    pub start: usize,
    pub end: usize,
    /// How often it was evaluated.
    pub count: u32,
    /// What it gave the first time.
    pub value: Shown,
    /// Where the parts of that value came from.
    pub origins: Vec<Origin>,
}

/// A value to be shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    Undefined,
    Json(Value),
    Function,
    /// Too large to copy for showing: an array or object with so many items.
    Large {
        is_array: bool,
        n_items: usize,
    },
    /// A value that contains functions, or numbers that JSON cannot hold.
    Unsupported,
}

/// A part of a value that is a copy of a part of the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The part, as a JSON Pointer into the value; empty for the whole.
    pub part: String,
    /// The variable that it was read from, without its `$`; empty for the input.
    pub variable: String,
    /// Where it is there, as a JSON Pointer.
    pub path: String,
}

/// Values with more parts than this are not copied for showing.
const MAX_SHOWN: usize = 10_000;
/// So many parts of one value are traced back.
const MAX_ORIGINS: usize = 1_000;
/// So many parts of values are copied in all.
const MAX_COPIED: usize = 400_000;

/// Parts of a value that were borrowed, and where they are in it.
type Borrowed<'a> = Vec<(String, &'a Value)>;

impl Jsonata {
    /// Evaluates the expression and notes what each part of it gives.
    pub fn explain(&self, world: &mut World<'_>) -> Explanation {
        let whole = &self.inner.program;
        let program = match compile(whole.text.clone(), Arc::clone(&whole.tree), true) {
            Ok(program) => program,
            // It was compiled before, so it compiles again.
            Err(fault) => {
                let result = Err(fault.finish(self.text()));
                return Explanation { result, origins: Vec::new(), parts: Vec::new() };
            }
        };
        let store = Store::default();
        let (input, bindings) = (world.input, world.bindings.clone());
        let n_steps = usize::try_from(world.budget.n_steps).unwrap_or(usize::MAX);
        let mut machine = self.machine(&program, world, &store);
        machine.notes = Some(Notes::default());
        let value = machine.run();
        let notes = machine.notes.take().unwrap_or_default();

        let mut traced: Vec<Borrowed<'_>> = Vec::new();
        let mut found = BTreeMap::new();
        let mut left = MAX_COPIED;
        for (id, note) in notes.values.iter().enumerate() {
            let (Some((value, count)), Some(node)) = (note, whole.tree.node(id)) else { continue };
            let (start, end) = node.span;
            let mut borrowed = Vec::new();
            trace(value, String::new(), 0, &mut borrowed);
            let part =
                Part { start, end, count: *count, value: shown(value, &mut left), origins: Vec::new() };
            traced.push(borrowed);
            // Outer nodes come later, and the widest of one start first.
            found.insert((start, usize::MAX - end), (part, traced.len() - 1));
        }
        if let Ok(value) = &value {
            let mut borrowed = Vec::new();
            trace(value, String::new(), 0, &mut borrowed);
            traced.push(borrowed);
        }
        let places = places(&traced, input, &bindings);
        let origins_of = |idx: usize| {
            let borrowed = traced.get(idx).map(Vec::as_slice).unwrap_or_default();
            let origin = |(part, value): &(String, &Value)| {
                let (variable, path) = places.get(&std::ptr::from_ref(*value))?.clone();
                Some(Origin { part: part.clone(), variable, path })
            };
            borrowed.iter().filter_map(origin).collect::<Vec<_>>()
        };
        let parts =
            found.into_values().map(|(part, idx)| Part { origins: origins_of(idx), ..part }).collect();
        let origins = if value.is_ok() { origins_of(traced.len().saturating_sub(1)) } else { Vec::new() };
        let whole = value.and_then(|it| match is_small(&it, &mut 0, n_steps) {
            true => outcome_of(&it),
            // A range is no work before it is copied.
            false => Err(Fault::new("U1002")),
        });
        let result = whole.map_err(|it: Box<Fault>| it.finish(self.text()));
        Explanation { result, origins, parts }
    }
}

fn shown(value: &Val<'_>, left: &mut usize) -> Shown {
    let mut n_parts = 0;
    if !is_small(value, &mut n_parts, MAX_SHOWN) || *left < n_parts {
        return match value.view() {
            View::Array(items) => Shown::Large { is_array: true, n_items: items.len() },
            View::Object(object) => Shown::Large { is_array: false, n_items: object.len() },
            _ => Shown::Unsupported,
        };
    }
    *left -= n_parts;
    match json(value, 0) {
        Ok(Some(value)) => Shown::Json(value),
        Ok(None) => Shown::Undefined,
        Err(_) if value.is_function() => Shown::Function,
        Err(Unplain::Unsupported | Unplain::TooDeep) => Shown::Unsupported,
    }
}

/// Whether a value has few enough parts to be copied.
fn is_small(value: &Val<'_>, n_parts: &mut usize, max_parts: usize) -> bool {
    let mut pending = vec![value.clone()];
    while let Some(value) = pending.pop() {
        *n_parts += 1;
        let n_inside = match value.view() {
            View::Array(items) => items.len(),
            View::Object(object) => object.len(),
            View::Text(text) => text.len() / 64,
            _ => 0,
        };
        if max_parts < *n_parts + pending.len() + n_inside {
            return false;
        }
        match value.view() {
            View::Array(items) => pending.extend(items.iter()),
            View::Object(object) => pending.extend(object.values()),
            View::Text(_) => *n_parts += n_inside,
            _ => {}
        }
    }
    true
}

/// Collects the parts of a value that live in the data.
fn trace<'a>(value: &Val<'a>, at: String, depth: usize, out: &mut Borrowed<'a>) {
    if MAX_DEPTH < depth || MAX_ORIGINS <= out.len() {
        return;
    }
    match value {
        Val::In(value) => out.push((at, value)),
        value => match value.view() {
            View::Array(items) => {
                for (idx, item) in items.iter().enumerate().take(MAX_ORIGINS) {
                    trace(&item, format!("{at}/{idx}"), depth + 1, out);
                }
            }
            View::Object(object) => {
                for (name, value) in object.entries().into_iter().take(MAX_ORIGINS) {
                    trace(&value, format!("{at}/{}", escaped(name.as_str())), depth + 1, out);
                }
            }
            _ => {}
        },
    }
}

/// A name as part of a JSON Pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Where the borrowed values are in the data: variable and JSON Pointer by address.
fn places(
    traced: &[Borrowed<'_>],
    input: Option<&Value>,
    bindings: &[(&str, &Value)],
) -> HashMap<*const Value, (String, String)> {
    let mut wanted: HashMap<*const Value, Option<(String, String)>> =
        traced.iter().flatten().map(|it| (std::ptr::from_ref(it.1), None)).collect();
    let mut n_left = wanted.len();
    let roots = bindings.iter().rev().map(|(name, value)| (*name, *value)).chain(input.map(|it| ("", it)));
    for (variable, root) in roots {
        let mut pending = vec![(root, String::new())];
        while let Some((value, path)) = pending.pop() {
            if n_left == 0 {
                break;
            }
            match value {
                Value::Array(items) => {
                    pending.extend(items.iter().enumerate().map(|(idx, it)| (it, format!("{path}/{idx}"))));
                }
                Value::Object(fields) => {
                    let field = |(name, it): (&String, _)| (it, format!("{path}/{}", escaped(name)));
                    pending.extend(fields.iter().map(field));
                }
                _ => {}
            }
            if let Some(place) = wanted.get_mut(&std::ptr::from_ref(value))
                && place.is_none()
            {
                *place = Some((variable.to_string(), path));
                n_left -= 1;
            }
        }
    }
    wanted.into_iter().filter_map(|(address, place)| Some((address, place?))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expr::jsonata::{Budget, Dialect};
    use crate::expr::random::tests::Counter;

    fn explain(text: &str, input: &Value) -> Explanation {
        let states = json!({"input": input});
        let mut world = World {
            input: Some(input),
            bindings: vec![("states", &states)],
            now_millis: 0,
            random: &mut Counter(1),
            budget: Budget::default(),
        };
        Jsonata::parse(text, Dialect::Full).unwrap().explain(&mut world)
    }

    fn check(text: &str, input: Value, part: &str, expected: (Value, u32, &[&str])) {
        let explanation = explain(text, &input);
        let found = explanation.parts.iter().find(|it| text.get(it.start..it.end) == Some(part));
        let found = found.unwrap_or_else(|| panic!("no part {part}: {:#?}", explanation.parts));
        let origins: Vec<String> =
            found.origins.iter().map(|it| format!("{}={}{}", it.part, it.variable, it.path)).collect();
        assert_eq!((&found.value, found.count), (&Shown::Json(expected.0), expected.1), "{text}: {part}");
        assert_eq!(origins, expected.2, "{text}: {part}");
    }

    #[test]
    fn parts_show_their_value_and_where_it_came_from() {
        let input = json!({"a": {"b": [1, 2]}, "c": "x"});
        check(
            "$states.input.a.b[0] + 1",
            input.clone(),
            "$states.input.a.b[0]",
            (json!(1), 1, &["=states/input/a/b/0"]),
        );
        check("$states.input.a.b[0] + 1", input.clone(), "$states.input.a.b[0] + 1", (json!(2), 1, &[]));
        check(
            "{'k': c, 'n': [a.b, 1]}",
            input.clone(),
            "{'k': c, 'n': [a.b, 1]}",
            (json!({"k": "x", "n": [1, 2, 1]}), 1, &["/k=/c", "/n/0=/a/b/0", "/n/1=/a/b/1"]),
        );
        check("$map(a.b, function($v) { $v * 2 })", input, "$v * 2", (json!(2), 2, &[]));
    }

    #[test]
    fn parts_before_an_error_are_shown() {
        let explanation = explain("(1 + 2) + 'x'", &json!(null));
        assert_eq!(explanation.result.unwrap_err().code, "T2002");
        let three = explanation.parts.iter().find(|it| (it.start, it.end) == (0, 7)).unwrap();
        assert_eq!(three.value, Shown::Json(json!(3)));
    }

    #[test]
    fn the_result_is_the_same_as_without_looking() {
        let input = json!({"a": [{"b": 1}, {"b": 2}], "o": {"x": 1}});
        for text in ["a.b", "a[b=2]", "$sum(a.b)", "a{$string(b): b}", "o.*", "a^(>b).b", "{'x': a.b}"] {
            let mut world = World {
                input: Some(&input),
                bindings: Vec::new(),
                now_millis: 0,
                random: &mut Counter(1),
                budget: Budget::default(),
            };
            let expected = Jsonata::parse(text, Dialect::Full).unwrap().evaluate(&mut world);
            assert_eq!(explain(text, &input).result, expected, "{text}");
        }
    }
}
