//! Any combination of changes to the members of one object as one edit. Neighbors share a comma,
//! so such changes must be known together.

use serde_json::Value;

use crate::json::edit::spaced;
use crate::json::splice::{Item, fit, splice};
use crate::json::string::quote;
use crate::json::style::{Shape, Style, line_indent};
use crate::json::tree::{NodeId, NodeKind, Tree};
use crate::json::update::update;
use crate::text::{InOrder, TextEdit};

/// Collects changes of one object. Each sees the ones before: a member can be renamed and then
/// set under its new name, or added and then have another added behind it.
pub struct ObjectEdit<'t> {
    tree: &'t Tree,
    object: NodeId,
    style: Style,
    shape: Shape,
    slots: Vec<Slot>,
}

/// A member of the object as it will be.
struct Slot {
    /// The old member that stays here.
    origin: Option<usize>,
    name: String,
    renamed: bool,
    /// The text of the new value; `None` keeps the old one.
    value: Option<String>,
    /// Changes inside of the old value.
    patch: TextEdit,
}

impl<'t> ObjectEdit<'t> {
    /// Starts with the object as it is. For a value that is no object the edit stays empty.
    pub fn new(tree: &'t Tree, object: NodeId) -> ObjectEdit<'t> {
        let style = Style::near(tree, object);
        let shape = Shape::of(tree, object, &style);
        let slot = |(idx, name): (usize, &str)| Slot {
            origin: Some(idx),
            name: name.to_owned(),
            renamed: false,
            value: None,
            patch: TextEdit::default(),
        };
        let names = tree.members(object).iter().map(|it| &*it.name);
        let slots = names.enumerate().map(slot).collect();
        ObjectEdit { tree, object, style, shape, slots }
    }

    /// Gives a member a value, or adds it at the end.
    pub fn set(self, name: &str, value: &Value) -> Self {
        let end = self.slots.len();
        self.put(end, name, value)
    }

    /// Like `set` with JSON text, whose lines after the first are indented as if the first stood
    /// at the left margin.
    pub fn set_text(self, name: &str, json_text: &str) -> Self {
        let end = self.slots.len();
        self.put_text(end, name, json_text)
    }

    /// Adds a member behind another one; as the first for `None`, at the end when the other one
    /// is not there. A name that is taken is set where it stands.
    pub fn insert_after(self, after: Option<&str>, name: &str, value: &Value) -> Self {
        let at = self.place_after(after);
        self.put(at, name, value)
    }

    /// Like `insert_after` with JSON text.
    pub fn insert_text_after(self, after: Option<&str>, name: &str, json_text: &str) -> Self {
        let at = self.place_after(after);
        self.put_text(at, name, json_text)
    }

    /// Adds a member before another one; as the last for `None` and when the other one is not
    /// there. A name that is taken is set where it stands.
    pub fn insert_before(self, before: Option<&str>, name: &str, value: &Value) -> Self {
        let at = self.place_before(before);
        self.put(at, name, value)
    }

    /// Like `insert_before` with JSON text.
    pub fn insert_text_before(self, before: Option<&str>, name: &str, json_text: &str) -> Self {
        let at = self.place_before(before);
        self.put_text(at, name, json_text)
    }

    /// Removes a member, and all duplicates of it.
    pub fn remove(mut self, name: &str) -> Self {
        self.slots.retain(|it| it.name != name);
        self
    }

    /// Removes members, and all duplicates of them.
    pub fn remove_all(mut self, names: &[&str]) -> Self {
        let gone = names.iter().copied().into_set();
        self.slots.retain(|it| !gone.contains(it.name.as_str()));
        self
    }

    /// Gives a member another name where it stands. Of duplicates it is the last, the one that
    /// counts.
    pub fn rename(mut self, old: &str, new: &str) -> Self {
        if let Some(slot) = self.slots.iter_mut().rev().find(|it| it.name == old)
            && old != new
        {
            slot.name = new.to_owned();
            slot.renamed = true;
        }
        self
    }

    /// The names as they will be, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map(|it| it.name.as_str())
    }

    /// The one edit that makes all changes.
    pub fn finish(self) -> TextEdit {
        let ObjectEdit { tree, object, style, shape, slots } = self;
        if tree.kind(object) != NodeKind::Object {
            return TextEdit::default();
        }
        let mut edit = TextEdit::builder();
        let mut items = Vec::with_capacity(slots.len());
        for slot in slots {
            let member = slot.origin.and_then(|idx| tree.members(object).get(idx));
            let (Some(idx), Some(member)) = (slot.origin, member) else {
                let value = slot.value.unwrap_or_default();
                items.push(Item::New(format!("{}{}{value}", quote(&slot.name), style.colon)));
                continue;
            };
            items.push(Item::Kept(idx));
            if slot.renamed && *slot.name != *member.name {
                edit.replace(member.key_range, quote(&slot.name));
            }
            edit.extend(slot.patch);
            if let Some(text) = slot.value {
                edit.replace(tree.range(member.value), spaced(tree, member.value, text));
            }
        }
        splice(&mut edit, tree, object, &items, &shape, &style);
        edit.finish()
    }

    fn place_after(&self, after: Option<&str>) -> usize {
        let Some(after) = after else { return 0 };
        let at = self.slots.iter().rposition(|it| it.name == after);
        at.map_or(self.slots.len(), |idx| idx + 1)
    }

    fn place_before(&self, before: Option<&str>) -> usize {
        let at = before.and_then(|name| self.slots.iter().rposition(|it| it.name == name));
        at.unwrap_or(self.slots.len())
    }

    fn put(self, at: usize, name: &str, value: &Value) -> Self {
        match self.old_value(name) {
            Some(old) => {
                let patch = update(self.tree, old, value);
                self.put_slot(at, name, None, patch)
            }
            None => {
                let text = self.shape.render(&self.style, value);
                self.put_slot(at, name, Some(text), TextEdit::default())
            }
        }
    }

    fn put_text(self, at: usize, name: &str, json_text: &str) -> Self {
        let text = match &self.shape {
            Shape::Lines { indent } => fit(json_text, &self.style, indent),
            Shape::OneLine { .. } => {
                let start = self.tree.range(self.object).start;
                fit(json_text, &self.style, line_indent(self.tree.text(), start))
            }
        };
        let same = self.old_value(name).is_some_and(|old| self.tree.source(old) == text);
        self.put_slot(at, name, Some(text).filter(|_| !same), TextEdit::default())
    }

    /// Sets the value of the last slot of a name, or adds a slot.
    fn put_slot(mut self, at: usize, name: &str, value: Option<String>, patch: TextEdit) -> Self {
        match self.slots.iter_mut().rev().find(|it| it.name == name) {
            Some(slot) => {
                slot.value = value;
                slot.patch = patch;
            }
            None => {
                let slot = Slot { origin: None, name: name.to_owned(), renamed: false, value, patch };
                self.slots.insert(at.min(self.slots.len()), slot);
            }
        }
        self
    }

    /// The value in the tree of the last slot of a name.
    fn old_value(&self, name: &str) -> Option<NodeId> {
        let slot = self.slots.iter().rev().find(|it| it.name == name)?;
        self.tree.members(self.object).get(slot.origin?).map(|it| it.value)
    }
}
