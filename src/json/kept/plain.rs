//! How plain values and lists of things are kept.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::json::kept::{Keep, begin_member, push_quoted};

impl Keep for Value {
    fn keep(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }

    fn read(value: &mut Value, _: &mut bool) -> Value {
        value.take()
    }
}

impl Keep for Arc<Value> {
    fn keep(&self, out: &mut String) {
        Value::keep(self, out);
    }

    fn read(value: &mut Value, _: &mut bool) -> Arc<Value> {
        Arc::new(value.take())
    }
}

impl Keep for Map<String, Value> {
    fn keep(&self, out: &mut String) {
        keep_members(out, self.iter());
    }

    fn read(value: &mut Value, damaged: &mut bool) -> Map<String, Value> {
        given(value.as_object_mut().map(std::mem::take), damaged)
    }
}

impl Keep for String {
    fn keep(&self, out: &mut String) {
        push_quoted(out, self);
    }

    fn read(value: &mut Value, damaged: &mut bool) -> String {
        match value {
            Value::String(text) => std::mem::take(text),
            _ => given(None, damaged),
        }
    }
}

impl Keep for bool {
    fn keep(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }

    fn read(value: &mut Value, damaged: &mut bool) -> bool {
        given(value.as_bool(), damaged)
    }
}

impl Keep for u64 {
    fn keep(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }

    fn read(value: &mut Value, damaged: &mut bool) -> u64 {
        given(value.as_u64(), damaged)
    }
}

impl Keep for u32 {
    fn keep(&self, out: &mut String) {
        u64::from(*self).keep(out);
    }

    fn read(value: &mut Value, damaged: &mut bool) -> u32 {
        given(u64::read(value, damaged).try_into().ok(), damaged)
    }
}

impl Keep for usize {
    fn keep(&self, out: &mut String) {
        (*self as u64).keep(out);
    }

    fn read(value: &mut Value, damaged: &mut bool) -> usize {
        given(u64::read(value, damaged).try_into().ok(), damaged)
    }
}

impl Keep for f64 {
    fn keep(&self, out: &mut String) {
        Value::from(*self).keep(out);
    }

    fn read(value: &mut Value, damaged: &mut bool) -> f64 {
        given(value.as_f64(), damaged)
    }
}

impl<T: Keep> Keep for Option<T> {
    fn keep(&self, out: &mut String) {
        match self {
            Some(it) => it.keep(out),
            None => out.push_str("null"),
        }
    }

    fn read(value: &mut Value, damaged: &mut bool) -> Option<T> {
        match value {
            Value::Null => None,
            it => Some(T::read(it, damaged)),
        }
    }
}

impl<T: Keep> Keep for Vec<T> {
    fn keep(&self, out: &mut String) {
        keep_all(out, self.iter());
    }

    fn read(value: &mut Value, damaged: &mut bool) -> Vec<T> {
        let mut all = Vec::new();
        for it in elements(value, damaged) {
            all.push(T::read(it, damaged));
        }
        all
    }
}

impl<T: Keep> Keep for VecDeque<T> {
    fn keep(&self, out: &mut String) {
        keep_all(out, self.iter());
    }

    fn read(value: &mut Value, damaged: &mut bool) -> VecDeque<T> {
        VecDeque::from(Vec::read(value, damaged))
    }
}

impl<T: Keep + Ord> Keep for BTreeSet<T> {
    fn keep(&self, out: &mut String) {
        keep_all(out, self.iter());
    }

    fn read(value: &mut Value, damaged: &mut bool) -> BTreeSet<T> {
        let mut all = BTreeSet::new();
        for it in elements(value, damaged) {
            all.insert(T::read(it, damaged));
        }
        all
    }
}

impl<T: Keep> Keep for IndexMap<String, T> {
    fn keep(&self, out: &mut String) {
        keep_members(out, self.iter());
    }

    fn read(value: &mut Value, damaged: &mut bool) -> IndexMap<String, T> {
        let mut all = IndexMap::new();
        for (name, mut it) in Map::read(value, damaged) {
            all.insert(name, T::read(&mut it, damaged));
        }
        all
    }
}

impl<A: Keep, B: Keep> Keep for (A, B) {
    fn keep(&self, out: &mut String) {
        out.push('[');
        self.0.keep(out);
        out.push(',');
        self.1.keep(out);
        out.push(']');
    }

    fn read(value: &mut Value, damaged: &mut bool) -> (A, B) {
        *damaged |= elements(value, damaged).len() != 2;
        (A::read(&mut element(value, 0), damaged), B::read(&mut element(value, 1), damaged))
    }
}

impl<A: Keep, B: Keep, C: Keep> Keep for (A, B, C) {
    fn keep(&self, out: &mut String) {
        out.push('[');
        self.0.keep(out);
        out.push(',');
        self.1.keep(out);
        out.push(',');
        self.2.keep(out);
        out.push(']');
    }

    fn read(value: &mut Value, damaged: &mut bool) -> (A, B, C) {
        *damaged |= elements(value, damaged).len() != 3;
        (
            A::read(&mut element(value, 0), damaged),
            B::read(&mut element(value, 1), damaged),
            C::read(&mut element(value, 2), damaged),
        )
    }
}

fn keep_all<'a, T: Keep + 'a>(out: &mut String, all: impl Iterator<Item = &'a T>) {
    out.push('[');
    for it in all {
        // No value ends so.
        if !out.ends_with('[') {
            out.push(',');
        }
        it.keep(out);
    }
    out.push(']');
}

fn keep_members<'a, T: Keep + 'a>(out: &mut String, members: impl Iterator<Item = (&'a String, &'a T)>) {
    out.push('{');
    for (name, it) in members {
        begin_member(out, name);
        it.keep(out);
    }
    out.push('}');
}

/// What was found, else nothing and damaged.
fn given<T: Default>(found: Option<T>, damaged: &mut bool) -> T {
    *damaged |= found.is_none();
    found.unwrap_or_default()
}

fn elements<'v>(value: &'v mut Value, damaged: &mut bool) -> &'v mut [Value] {
    match value {
        Value::Array(all) => all,
        _ => {
            *damaged = true;
            &mut []
        }
    }
}

/// Takes out an element.
fn element(value: &mut Value, idx: usize) -> Value {
    value.get_mut(idx).map(Value::take).unwrap_or_default()
}
