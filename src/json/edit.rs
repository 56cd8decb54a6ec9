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
use crate::json::style::{Shape, Style, render, render_on_one_line};
use crate::json::tree::{NodeId, NodeKind, Tree};
use crate::json::value::value;
use crate::text::{TextEdit, TextRange};

/// Containers that fit here stay on the one line they were on.
const LONGEST_ON_ONE_LINE: usize = 80;

/// Gives a member a value: replaces the value of the member of that name (of duplicates the
/// last), or adds the member at the end.
pub fn set_member(tree: &Tree, object: NodeId, name: &str, value: &Value) -> TextEdit {
    ObjectEdit::new(tree, object).set(name, value).finish()
}

/// Like `set_member` with the value as JSON text, whose lines after the first are indented as if
/// the first stood at the left margin.
pub fn set_member_text(tree: &Tree, object: NodeId, name: &str, json_text: &str) -> TextEdit {
    ObjectEdit::new(tree, object).set_text(name, json_text).finish()
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

/// Replaces a value. Nothing happens when it means the same already.
pub fn replace_value(tree: &Tree, node: NodeId, new: &Value) -> TextEdit {
    if means(tree, node, new) {
        return TextEdit::default();
    }
    let text = rendered_in_place(tree, node, new);
    TextEdit::replace(tree.range(node), spaced(tree, node, text))
}

/// Replaces a value by JSON text, whose lines after the first are indented as if the first stood
/// at the left margin.
pub fn replace_value_text(tree: &Tree, node: NodeId, json_text: &str) -> TextEdit {
    let style = Style::near(tree, node);
    let text = fit(json_text, &style, &indent_at(tree, node, &style));
    if text == tree.source(node) {
        return TextEdit::default();
    }
    TextEdit::replace(tree.range(node), spaced(tree, node, text))
}

/// Adds an element before the one at `idx`, or at the end when there are not as many.
pub fn insert_element(tree: &Tree, array: NodeId, idx: usize, value: &Value) -> TextEdit {
    change_elements(tree, array, |items, shape, style| {
        items.insert(idx.min(items.len()), Item::New(shape.render(style, value)));
    })
}

/// Removes an element with its comma and its line.
pub fn remove_element(tree: &Tree, array: NodeId, idx: usize) -> TextEdit {
    change_elements(tree, array, |items, _, _| {
        if idx < items.len() {
            items.remove(idx);
        }
    })
}

/// Moves the text of an element so that it is the one at `to` afterwards.
pub fn move_element(tree: &Tree, array: NodeId, from: usize, to: usize) -> TextEdit {
    let text = tree.elements(array).get(from).map(|it| tree.source(*it).to_owned());
    change_elements(tree, array, |items, _, _| {
        if let Some(text) = text.filter(|_| from != to) {
            items.remove(from);
            items.insert(to.min(items.len()), Item::New(text));
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

/// The text of a member's name and value, its lines after the first indented as if the first
/// stood at the left margin.
pub fn copy_member_text(tree: &Tree, object: NodeId, name: &str) -> Option<String> {
    tree.member(object, name).map(|member| dedent(tree.text(), member.range))
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
