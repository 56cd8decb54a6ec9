//! Which control shows a field, by the type of its value in the table. A value of another kind
//! than its control can hold is shown as it stands.

use crate::asl::errors::{ERRORS, errors_of};
use crate::asl::fields::{FieldRow, FieldType, Operand};
use crate::asl::{Document, Resource, State, StateKind};
use crate::json::{NodeId, NodeKind};
use crate::studio::inspector::form::Form;
use crate::studio::inspector::items::add_label;
use crate::studio::inspector::resource::resource;
use crate::studio::view::Control;

/// Objects inside objects are shown to this depth; deeper ones are a code field.
const MAX_DEPTH: usize = 4;

impl Form<'_> {
    pub(super) fn operand(&self, operand: Operand, value: NodeId) -> Control {
        match operand {
            Operand::Text | Operand::Pattern | Operand::Timestamp if self.is_string(value) => {
                Control::Text(self.text(value))
            }
            Operand::Number => Control::Number(self.source(value)),
            Operand::Flag | Operand::IsKind => match self.document.tree.as_bool(value) {
                Some(flag) => Control::Flag(flag),
                None => Control::Json(self.source(value)),
            },
            Operand::Path if self.is_string(value) => Control::Path { text: self.text(value), null: false },
            _ => Control::Json(self.source(value)),
        }
    }

    pub(super) fn control(
        &self,
        row: &FieldRow,
        object: NodeId,
        value: Option<NodeId>,
        depth: usize,
    ) -> Control {
        let tree = &self.document.tree;
        let string = value.filter(|it| self.is_string(*it)).map(|it| self.text(it));
        let text = || string.clone().unwrap_or_default();
        // A value of another kind than the control can hold is shown as it stands.
        let fits = value.is_none() || string.is_some();
        let source = || value.map(|it| self.source(it)).unwrap_or_default();
        match row.field_type {
            FieldType::Path | FieldType::ReferencePath | FieldType::PathOrIntrinsic => {
                let null = value.is_some_and(|it| tree.kind(it) == NodeKind::Null);
                if fits || null { Control::Path { text: text(), null } } else { Control::Json(source()) }
            }
            FieldType::Condition if fits => Control::Path { text: text(), null: false },
            FieldType::Text { .. } | FieldType::Timestamp if fits => Control::Text(text()),
            FieldType::Comment if fits => Control::Comment(text()),
            FieldType::Word(words) if fits => {
                // A field that is shown all the same stands for its first word as long as it is not set.
                let usual = words.first().filter(|_| value.is_none() && row.shown && !row.required);
                Control::Word {
                    value: usual.map_or_else(text, |it| (*it).to_owned()),
                    words: words.iter().map(|it| (*it).to_owned()).collect(),
                }
            }
            FieldType::Number { .. } => match value.map(|it| tree.kind(it)) {
                None | Some(NodeKind::Number | NodeKind::String) => Control::Number(source()),
                _ => Control::Json(source()),
            },
            FieldType::Flag => match value.and_then(|it| tree.as_bool(it)) {
                Some(flag) => Control::Flag(flag),
                None if value.is_none() => Control::Flag(false),
                None => Control::Json(source()),
            },
            FieldType::Target if fits => self.target(row, object, text()),
            FieldType::Resource if fits => resource(row, &text()),
            FieldType::Errors => self.errors(value),
            FieldType::Items(owner) if depth < MAX_DEPTH => match value {
                Some(array) if tree.kind(array) == NodeKind::Array => Control::Items {
                    items: tree.elements(array).iter().map(|it| self.item(owner, *it, depth + 1)).collect(),
                    add_label: add_label(owner),
                    example: self.item_example(owner, row),
                },
                None => Control::Items {
                    items: Vec::new(),
                    add_label: add_label(owner),
                    example: self.item_example(owner, row),
                },
                _ => Control::Json(source()),
            },
            FieldType::Group(owner) if depth < MAX_DEPTH => match value {
                Some(inner) if tree.kind(inner) == NodeKind::Object => {
                    let (fields, addable) = self.inner(owner).fields(owner, inner, depth + 1);
                    Control::Group { fields: fields.into_iter().map(|(_, it)| it).collect(), addable }
                }
                // What it would hold can be set at once; the object is made with it.
                None => Control::Group { fields: self.unmade(row, owner, object), addable: Vec::new() },
                _ => Control::Json(source()),
            },
            _ => Control::Json(source()),
        }
    }

    pub(super) fn target(&self, row: &FieldRow, object: NodeId, value: String) -> Control {
        let machine = &self.document.machine;
        let own = machine.scopes.iter().find(|it| it.node == object);
        let states = own.or(self.scope).map(|it| it.states.as_slice()).unwrap_or_default();
        let names = states.iter().filter_map(|it| machine.state(*it)).map(|it| it.name.clone()).collect();
        let is_way_out = row.name == "Next" && self.state.is_some_and(|it| it.node == object);
        let ends = is_way_out
            && self.document.tree.get(object, "End").and_then(|it| self.document.tree.as_bool(it))
                == Some(true);
        Control::Target { value, ends, states: names, can_end: is_way_out }
    }

    pub(super) fn errors(&self, value: Option<NodeId>) -> Control {
        let tree = &self.document.tree;
        let elements = value.map(|it| tree.elements(it)).unwrap_or_default();
        let names: Vec<String> =
            elements.iter().filter(|it| self.is_string(**it)).map(|it| self.text(*it)).collect();
        if value.is_some_and(|it| tree.kind(it) != NodeKind::Array) || names.len() != elements.len() {
            return Control::Json(value.map(|it| self.source(it)).unwrap_or_default());
        }
        let suggestions = error_suggestions(self.document, self.state);
        Control::Errors {
            suggestions: suggestions.into_iter().filter(|it| !names.contains(it)).collect(),
            names,
        }
    }
}

/// Names that can be matched: those of the call, those used elsewhere in the document, those of the
/// language.
fn error_suggestions(document: &Document, state: Option<&State>) -> Vec<String> {
    let called = state.and_then(|it| match &it.kind {
        StateKind::Task { resource } => resource.as_deref().map(Resource::parse),
        _ => None,
    });
    let of_call = called.map(|it| errors_of(&it.resource_type)).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    let used = document.machine.states.iter().filter(|it| Some(&it.path) != state.map(|it| &it.path));
    let used = used.flat_map(|it| {
        it.retry.iter().flat_map(|it| &it.error_equals).chain(it.catch.iter().flat_map(|it| &it.error_equals))
    });
    let known = ERRORS.iter().filter(|it| it.can_be_caught).map(|it| it.name);
    for name in of_call.iter().copied().chain(used.map(String::as_str)).chain(known) {
        if !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
    }
    names.truncate(40);
    names
}
