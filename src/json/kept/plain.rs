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

    fn bring_back(value: &mut Value) -> Option<Value> {
        Some(value.take())
    }
}

impl Keep for Arc<Value> {
    fn keep(&self, out: &mut String) {
        Value::keep(self, out);
    }

    fn bring_back(value: &mut Value) -> Option<Arc<Value>> {
        Some(Arc::new(value.take()))
    }
}

impl Keep for Map<String, Value> {
    fn keep(&self, out: &mut String) {
        keep_members(out, self.iter());
    }

    fn bring_back(value: &mut Value) -> Option<Map<String, Value>> {
        value.as_object_mut().map(std::mem::take)
    }
}

impl Keep for String {
    fn keep(&self, out: &mut String) {
        push_quoted(out, self);
    }

    fn bring_back(value: &mut Value) -> Option<String> {
        match value {
            Value::String(text) => Some(std::mem::take(text)),
            _ => None,
        }
    }
}

impl Keep for bool {
    fn keep(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }

    fn bring_back(value: &mut Value) -> Option<bool> {
        value.as_bool()
    }
}

impl Keep for u64 {
    fn keep(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }

    fn bring_back(value: &mut Value) -> Option<u64> {
        value.as_u64()
    }
}

impl Keep for u32 {
    fn keep(&self, out: &mut String) {
        u64::from(*self).keep(out);
    }

    fn bring_back(value: &mut Value) -> Option<u32> {
        value.as_u64()?.try_into().ok()
    }
}

impl Keep for usize {
    fn keep(&self, out: &mut String) {
        (*self as u64).keep(out);
    }

    fn bring_back(value: &mut Value) -> Option<usize> {
        value.as_u64()?.try_into().ok()
    }
}

impl Keep for f64 {
    fn keep(&self, out: &mut String) {
        Value::from(*self).keep(out);
    }

    fn bring_back(value: &mut Value) -> Option<f64> {
        value.as_f64()
    }
}

impl<T: Keep> Keep for Option<T> {
    fn keep(&self, out: &mut String) {
        match self {
            Some(it) => it.keep(out),
            None => out.push_str("null"),
        }
    }

    fn bring_back(value: &mut Value) -> Option<Option<T>> {
        match value {
            Value::Null => Some(None),
            it => T::bring_back(it).map(Some),
        }
    }
}

impl<T: Keep> Keep for Vec<T> {
    fn keep(&self, out: &mut String) {
        keep_all(out, self.iter());
    }

    fn bring_back(value: &mut Value) -> Option<Vec<T>> {
        let mut all = Vec::new();
        for it in value.as_array_mut()? {
            all.push(T::bring_back(it)?);
        }
        Some(all)
    }
}

impl<T: Keep> Keep for VecDeque<T> {
    fn keep(&self, out: &mut String) {
        keep_all(out, self.iter());
    }

    fn bring_back(value: &mut Value) -> Option<VecDeque<T>> {
        Vec::bring_back(value).map(VecDeque::from)
    }
}

impl<T: Keep + Ord> Keep for BTreeSet<T> {
    fn keep(&self, out: &mut String) {
        keep_all(out, self.iter());
    }

    fn bring_back(value: &mut Value) -> Option<BTreeSet<T>> {
        let mut all = BTreeSet::new();
        for it in value.as_array_mut()? {
            all.insert(T::bring_back(it)?);
        }
        Some(all)
    }
}

impl<T: Keep> Keep for IndexMap<String, T> {
    fn keep(&self, out: &mut String) {
        keep_members(out, self.iter());
    }

    fn bring_back(value: &mut Value) -> Option<IndexMap<String, T>> {
        let mut all = IndexMap::new();
        for (name, it) in value.as_object_mut()? {
            all.insert(name.clone(), T::bring_back(it)?);
        }
        Some(all)
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

    fn bring_back(value: &mut Value) -> Option<(A, B)> {
        match value.as_array_mut()?.as_mut_slice() {
            [a, b] => Some((A::bring_back(a)?, B::bring_back(b)?)),
            _ => None,
        }
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

    fn bring_back(value: &mut Value) -> Option<(A, B, C)> {
        match value.as_array_mut()?.as_mut_slice() {
            [a, b, c] => Some((A::bring_back(a)?, B::bring_back(b)?, C::bring_back(c)?)),
            _ => None,
        }
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
