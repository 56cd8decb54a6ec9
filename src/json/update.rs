//! Makes a value mean something else by changing only the parts that differ, so that a form may
//! hand over a whole value and every number spelling, order and blank line it did not touch
//! stays as the author wrote it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::json::edit::{means, rendered_in_place, spaced};
use crate::json::object_edit::ObjectEdit;
use crate::json::splice::{Item, splice};
use crate::json::style::{Shape, Style};
use crate::json::tree::{NodeId, NodeKind, Tree};
use crate::json::value::MAX_VALUE_DEPTH;
use crate::text::{InOrder, TextEdit, TextEditBuilder};

/// The smallest edit after which a node means `new`.
pub(crate) fn update(tree: &Tree, node: NodeId, new: &Value) -> TextEdit {
    let mut edit = TextEdit::builder();
    update_into(&mut edit, tree, node, new, 0);
    edit.finish()
}

// The recursion is bounded by `MAX_VALUE_DEPTH`; beyond it a part is written anew as a whole.
fn update_into(edit: &mut TextEditBuilder, tree: &Tree, node: NodeId, new: &Value, depth: usize) {
    if means(tree, node, new) {
        return;
    }
    let whole = tree.is_broken(node) || depth >= MAX_VALUE_DEPTH;
    match (tree.kind(node), new) {
        (NodeKind::Object, Value::Object(entries)) if !whole && keeps_order(tree, node, entries) => {
            update_object(edit, tree, node, entries, depth);
        }
        (NodeKind::Array, Value::Array(items)) if !whole && !items.is_empty() => {
            update_array(edit, tree, node, items, depth);
        }
        _ => {
            let text = rendered_in_place(tree, node, new);
            edit.replace(tree.range(node), spaced(tree, node, text));
        }
    }
}

/// Whether the names that stay are in the same order in both, some stay, and none is there twice.
fn keeps_order(tree: &Tree, object: NodeId, entries: &Map<String, Value>) -> bool {
    let order: BTreeMap<&str, usize> = entries.keys().map(String::as_str).zip(0..).into_map();
    let kept = tree.members(object).iter().filter_map(|it| order.get(&*it.name).copied());
    let places: Vec<usize> = kept.collect();
    !places.is_empty() && places.is_sorted_by(|left, right| left < right)
}

fn update_object(
    edit: &mut TextEditBuilder,
    tree: &Tree,
    object: NodeId,
    entries: &Map<String, Value>,
    depth: usize,
) {
    let mut members = ObjectEdit::new(tree, object);
    for member in tree.members(object) {
        match entries.get(&*member.name) {
            Some(new) => update_into(edit, tree, member.value, new, depth + 1),
            None => members = members.remove(&member.name),
        }
    }
    let mut before: Option<&str> = None;
    for (name, new) in entries {
        if tree.get(object, name).is_none() {
            members = members.insert_after(before, name, new);
        }
        before = Some(name);
    }
    edit.extend(members.finish());
}

fn update_array(edit: &mut TextEditBuilder, tree: &Tree, array: NodeId, items: &[Value], depth: usize) {
    let old = tree.elements(array);
    let same = |(node, item): &(&NodeId, &Value)| means(tree, **node, item);
    let n_head = old.iter().zip(items).take_while(same).count();
    let n_both = old.len().min(items.len());
    let n_tail = old.iter().rev().zip(items.iter().rev()).take(n_both - n_head).take_while(same).count();
    // In between, elements change one for one, and what is left over comes or goes.
    let n_changed = n_both - n_head - n_tail;
    for (node, item) in old.iter().zip(items).skip(n_head).take(n_changed) {
        update_into(edit, tree, *node, item, depth + 1);
    }
    let style = Style::near(tree, array);
    let shape = Shape::of(tree, array, &style);
    let kept_head = (0..n_head + n_changed).map(Item::Kept);
    let n_new = items.len() - n_head - n_changed - n_tail;
    let new = items.iter().skip(n_head + n_changed).take(n_new);
    let new = new.map(|it| Item::New(shape.render(&style, it)));
    let kept_tail = (old.len() - n_tail..old.len()).map(Item::Kept);
    let list: Vec<Item> = kept_head.chain(new).chain(kept_tail).collect();
    splice(edit, tree, array, &list, &shape, &style);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::parse;

    fn check(text: &str, new: Value, expected: &str) {
        let tree = parse(text);
        assert_eq!(update(&tree, tree.root(), &new).apply(text), expected);
    }

    #[test]
    fn only_the_parts_that_differ_are_written() {
        check(
            "{\"a\": 1.50,\n\n \"b\": [1e3, 2,  3], \"c\": {}}",
            json!({"a": 1.5, "b": [1000.0, 7, 3, 4], "c": {"d": null}}),
            "{\"a\": 1.50,\n\n \"b\": [1e3, 7,  3, 4], \"c\": {\n  \"d\": null\n }}",
        );
        check("{\"a\": 1, \"b\": 2.0, \"c\": 3}", json!({"x": 0, "b": 2.0}), "{\"x\": 0, \"b\": 2.0}");
        check("[1.0, 2.0, 3.0]", json!([1.0, 3.0]), "[1.0, 3.0]");
        check("{\"a\": 1, \"b\": 2}", json!({"b": 2, "a": 1}), "{\"a\": 1, \"b\": 2}");
    }
}
