//! Changes of the tree as edits of the text. Pure: a tree and a wish in, a `TextEdit` out, as
//! small as the change and in the style that surrounds it. What needs no change keeps every
//! byte: order, number spelling, blank lines.
//!
//! A wish that makes no sense (a member of a string, a name that is not there) is an empty edit.
//! Edits of different places may be joined with `TextEdit::union`; several changes of one object
//! are one `ObjectEdit`, because neighbors share commas.

use serde_json::Value;

use crate::json::object_edit::ObjectEdit;
use crate::json::splice::{Item, dedent, fit, splice};
use crate::json::style::{LONGEST_ON_ONE_LINE, Shape, Style, line_indent, render, render_on_one_line};
use crate::json::tree::{NodeId, NodeKind, Tree};
use crate::json::update::update;
use crate::json::value::value;
use crate::text::{TextEdit, TextRange};

/// Gives a member a value: replaces the value of the member of that name (of duplicates the
/// last), or adds the member at the end.
pub fn set_member(tree: &Tree, object: NodeId, name: &str, value: &Value) -> TextEdit {
    ObjectEdit::new(tree, object).set(name, value).finish()
}

/// Adds a member behind another one, or as the first for `None`. If the name is taken, that
/// member gets the value where it is.
pub fn insert_member_after(
    tree: &Tree,
    object: NodeId,
    after: Option<&str>,
    name: &str,
    value: &Value,
) -> TextEdit {
    ObjectEdit::new(tree, object).insert_after(after, name, value).finish()
}

/// Adds a member before another one, or as the last for `None`. If the name is taken, that
/// member gets the value where it is.
pub fn insert_member_before(
    tree: &Tree,
    object: NodeId,
    before: Option<&str>,
    name: &str,
    value: &Value,
) -> TextEdit {
    ObjectEdit::new(tree, object).insert_before(before, name, value).finish()
}

/// Removes a member (all duplicates) with its comma and its line.
pub fn remove_member(tree: &Tree, object: NodeId, name: &str) -> TextEdit {
    ObjectEdit::new(tree, object).remove(name).finish()
}

/// Gives a member another name where it stands (of duplicates the last).
pub fn rename_key(tree: &Tree, object: NodeId, old: &str, new: &str) -> TextEdit {
    ObjectEdit::new(tree, object).rename(old, new).finish()
}

/// Makes a value another one. Only the parts that differ are written; nothing happens when it
/// means the same already. Names in another order are no difference.
pub fn replace_value(tree: &Tree, node: NodeId, new: &Value) -> TextEdit {
    update(tree, node, new)
}

/// Adds an element before the one at `idx`, or at the end when there are not as many.
pub fn insert_element(tree: &Tree, array: NodeId, idx: usize, value: &Value) -> TextEdit {
    change_elements(tree, array, |items, shape, style| {
        items.insert(idx.min(items.len()), Item::New(shape.render(style, value)));
    })
}

/// Puts a copy of an element behind it, byte for byte.
pub fn duplicate_element(tree: &Tree, array: NodeId, idx: usize) -> TextEdit {
    let text = tree.elements(array).get(idx).map(|it| tree.source(*it).to_owned());
    change_elements(tree, array, |items, _, _| {
        if let Some(text) = text {
            items.insert(idx + 1, Item::New(text));
        }
    })
}

/// The edit that gives a value this text, whose lines after the first are indented as if the
/// first stood at the left margin. Only what differs is written.
pub fn set_value_text(tree: &Tree, node: NodeId, json_text: &str) -> TextEdit {
    let range = tree.range(node);
    let style = Style::near(tree, node);
    let text = fit(json_text, &style, line_indent(tree.text(), range.start));
    let mut edit = TextEdit::builder();
    for indel in TextEdit::diff(range.slice(tree.text()), &text).indels() {
        let place = TextRange::new(range.start + indel.delete.start, range.start + indel.delete.end);
        edit.replace(place, indel.insert.as_str());
    }
    edit.finish()
}

/// Removes an element with its comma and its line.
pub fn remove_element(tree: &Tree, array: NodeId, idx: usize) -> TextEdit {
    change_elements(tree, array, |items, _, _| {
        if idx < items.len() {
            items.remove(idx);
        }
    })
}

/// Removes several elements with their commas and lines.
pub fn remove_elements(tree: &Tree, array: NodeId, idxs: &[usize]) -> TextEdit {
    change_elements(tree, array, |items, _, _| {
        items.retain(|it| !matches!(it, Item::Kept(idx) if idxs.contains(idx)));
    })
}

/// Moves an element so that it is the one at `to` afterwards. When it takes more lines than all that
/// it passes, these move instead, which gives the same order with a smaller edit.
pub fn move_element(tree: &Tree, array: NodeId, from: usize, to: usize) -> TextEdit {
    let elements = tree.elements(array);
    let to = to.min(elements.len().saturating_sub(1));
    if from == to || elements.len() <= from {
        return TextEdit::default();
    }
    let text = |idx: usize| elements.get(idx).map(|it| tree.source(*it)).unwrap_or_default();
    let n_lines = |idx: usize| 1 + text(idx).matches('\n').count();
    let passed = if from < to { from + 1..to + 1 } else { to..from };
    let moves_others = passed.clone().map(n_lines).sum::<usize>() < n_lines(from);
    change_elements(tree, array, |items, _, _| {
        let moving = items.remove(from);
        items.insert(to, moving);
        for item in items {
            if let Item::Kept(idx) = item
                && (if moves_others { passed.contains(idx) } else { *idx == from })
            {
                *item = Item::New(text(*idx).to_owned());
            }
        }
    })
}

/// Moves a member with its text to another place: behind `after` in `to`, or to the front of it
/// for `None`. The text is indented anew. An object cannot move into itself.
pub fn move_member(tree: &Tree, from: NodeId, name: &str, to: NodeId, after: Option<&str>) -> TextEdit {
    let Some(member) = tree.member(from, name) else {
        return TextEdit::default();
    };
    if tree.path_to_root(to).any(|it| it == member.value) || after == Some(name) && from == to {
        return TextEdit::default();
    }
    let text = dedent(tree.text(), tree.range(member.value));
    if from == to {
        return ObjectEdit::new(tree, from).remove(name).insert_text_after(after, name, &text).finish();
    }
    let gone = ObjectEdit::new(tree, from).remove(name).finish();
    let come = ObjectEdit::new(tree, to).insert_text_after(after, name, &text).finish();
    gone.union(come).unwrap_or_default()
}

/// The text of a value, its lines after the first indented as if the first stood at the left
/// margin.
pub fn copy_value_text(tree: &Tree, node: NodeId) -> String {
    dedent(tree.text(), tree.range(node))
}

/// Whether the text of a node means this value already.
pub(crate) fn means(tree: &Tree, node: NodeId, new: &Value) -> bool {
    let kind_fits = match tree.kind(node) {
        NodeKind::Missing | NodeKind::Placeholder => false,
        NodeKind::Object => new.is_object(),
        NodeKind::Array => new.is_array(),
        _ => true,
    };
    kind_fits && !tree.is_broken(node) && value(tree, node) == *new
}

/// A value as it should be written in the place of a node.
pub(crate) fn rendered_in_place(tree: &Tree, node: NodeId, new: &Value) -> String {
    let style = Style::near(tree, node);
    let indent = indent_at(tree, node, &style);
    let on_one_line = |it: NodeId| !tree.source(it).contains('\n');
    let was_inline = tree.children(node).next().is_some() && on_one_line(node);
    let in_line = tree
        .parent(node)
        .is_some_and(|parent| matches!(Shape::of(tree, parent, &style), Shape::OneLine { .. }));
    if in_line || was_inline {
        let line = render_on_one_line(&style, new);
        if in_line || line.chars().count() <= LONGEST_ON_ONE_LINE {
            return line;
        }
    }
    render(&style, &indent, new)
}

/// The white space of the line that a value, or the name before it, starts on.
fn indent_at(tree: &Tree, node: NodeId, style: &Style) -> String {
    match tree.parent(node).map(|parent| Shape::of(tree, parent, style)) {
        Some(Shape::Lines { indent }) => indent,
        _ => crate::json::style::line_indent(tree.text(), tree.range(node).start).to_owned(),
    }
}

/// A new value for a place where none was may have to bring its own space and colon.
pub(crate) fn spaced(tree: &Tree, node: NodeId, text: String) -> String {
    let range = tree.range(node);
    let key = tree.member_of(node).map(|it| it.key_range);
    match key {
        Some(key) if range.is_empty() => {
            let between = TextRange::new(key.end, range.start).slice(tree.text());
            let colon = if between.contains(':') { "" } else { ":" };
            let space = if between.ends_with([' ', '\t', '\n']) { "" } else { " " };
            format!("{colon}{space}{text}")
        }
        _ => text,
    }
}

fn change_elements(
    tree: &Tree,
    array: NodeId,
    change: impl FnOnce(&mut Vec<Item>, &Shape, &Style),
) -> TextEdit {
    if tree.kind(array) != NodeKind::Array {
        return TextEdit::default();
    }
    let style = Style::near(tree, array);
    let shape = Shape::of(tree, array, &style);
    let mut items: Vec<Item> = (0..tree.elements(array).len()).map(Item::Kept).collect();
    change(&mut items, &shape, &style);
    let mut builder = TextEdit::builder();
    splice(&mut builder, tree, array, &items, &shape, &style);
    builder.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::parse;

    /// Applies an edit of the root and compares the text; only what is inserted was written.
    fn check(text: &str, edit: impl Fn(&Tree, NodeId) -> TextEdit, expected: &str, n_inserted: usize) {
        let tree = parse(text);
        let edit = edit(&tree, tree.root());
        assert_eq!(edit.apply(text), expected);
        assert_eq!(edit.indels().iter().map(|it| it.insert.len()).sum::<usize>(), n_inserted, "{edit:?}");
    }

    #[test]
    fn members_come_and_go_with_their_commas_and_lines() {
        let text = "{\r\n\t\"a\": 1.0,\r\n\r\n\t\"b\" : 2\r\n}\r\n";
        check(
            text,
            |tree, id| set_member(tree, id, "c", &json!({"d": []})),
            "{\r\n\t\"a\": 1.0,\r\n\r\n\t\"b\" : 2,\r\n\t\"c\": {\r\n\t\t\"d\": []\r\n\t}\r\n}\r\n",
            25,
        );
        check(text, |tree, id| set_member(tree, id, "a", &json!(1.0)), text, 0);
        check(text, |tree, id| remove_member(tree, id, "a"), "{\r\n\t\"b\" : 2\r\n}\r\n", 0);
        check(text, |tree, id| remove_member(tree, id, "b"), "{\r\n\t\"a\": 1.0\r\n}\r\n", 0);
        check(r#"{"a":1}"#, |tree, id| remove_member(tree, id, "a"), "{}", 2);
        check("{}", |tree, id| set_member(tree, id, "a", &json!(1)), "{\n  \"a\": 1\n}", 12);
        check(
            r#"{"a":1,"b":2}"#,
            |tree, id| insert_member_after(tree, id, None, "c", &json!([1, 2])),
            r#"{"c":[1,2],"a":1,"b":2}"#,
            10,
        );
    }

    #[test]
    fn what_stays_keeps_its_own_indentation() {
        check(
            "{\n    \"a\": 1,\n  \"b\": 2\n}",
            |tree, id| remove_member(tree, id, "a"),
            "{\n  \"b\": 2\n}",
            0,
        );
    }

    #[test]
    fn the_smaller_of_two_that_change_places_is_written_anew() {
        let text = "[\n  [\n    1\n  ],\n  2,\n  3\n]";
        check(text, |tree, id| move_element(tree, id, 0, 1), "[\n  2,\n  [\n    1\n  ],\n  3\n]", 5);
        check(text, |tree, id| move_element(tree, id, 2, 0), "[\n  3,\n  [\n    1\n  ],\n  2\n]", 5);
        check(text, |tree, id| move_element(tree, id, 0, 2), "[\n  2,\n  3,\n  [\n    1\n  ]\n]", 10);
    }

    #[test]
    fn edits_of_one_object_join_or_collide_but_never_break_it() {
        let text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}";
        let tree = parse(text);
        let root = tree.root();
        let names = ["a", "b", "c"];
        for first in names {
            for second in names.iter().filter(|it| **it != first) {
                let one = remove_member(&tree, root, first);
                let others = [
                    remove_member(&tree, root, second),
                    set_member(&tree, root, "d", &json!(4)),
                    rename_key(&tree, root, second, "z"),
                    insert_member_before(&tree, root, Some(second), "y", &json!(null)),
                ];
                for other in others {
                    if let Ok(both) = one.clone().union(other) {
                        let new = both.apply(text);
                        assert!(serde_json::from_str::<Value>(&new).is_ok(), "{new}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_untouched_state_can_be_changed_while_another_is_broken() {
        check(
            "{\n  \"a\": {\n    \"x\": \n  },\n  \"b\": {\n    \"y\": 1\n  }\n}",
            |tree, id| tree.get(id, "b").map(|it| set_member(tree, it, "y", &json!(2))).unwrap_or_default(),
            "{\n  \"a\": {\n    \"x\": \n  },\n  \"b\": {\n    \"y\": 2\n  }\n}",
            1,
        );
        check("{\n  \"a\":\n}", |tree, id| set_member(tree, id, "a", &json!(true)), "{\n  \"a\": true\n}", 5);
    }

    #[test]
    fn a_moved_member_takes_the_indentation_of_its_new_place() {
        check(
            "{\n  \"a\": {\n    \"x\": [\n      1\n    ]\n  },\n  \"b\": 2\n}",
            |tree, id| {
                tree.get(id, "a").map(|it| move_member(tree, it, "x", id, Some("a"))).unwrap_or_default()
            },
            "{\n  \"a\": {},\n  \"x\": [\n    1\n  ],\n  \"b\": 2\n}",
            22,
        );
    }
}
