//! The fields of one object: those that are set or required, those that could be added, and those
//! that do not belong there.

use crate::asl::fields::{FieldRow, FieldType, Owner, field, fields_of};
use crate::asl::names::escape;
use crate::asl::{Diagnostic, Document, QueryLanguage, Scope, State, StateType};
use crate::json::{Member, NodeId, NodeKind};
use crate::studio::inspector::conditions::is_test;
use crate::studio::view::{AddableField, Control, FieldView};

/// Fields with the titles of their groups.
pub(super) type Grouped = Vec<(&'static str, FieldView)>;

/// What all fields of one form have in common.
pub(super) struct Form<'d> {
    pub(super) document: &'d Document,
    pub(super) scope: Option<&'d Scope>,
    pub(super) state: Option<&'d State>,
    pub(super) language: QueryLanguage,
}

impl Form<'_> {
    /// The fields of an object that are set or required, with their groups, and those to add.
    pub(super) fn fields(&self, owner: Owner, node: NodeId, depth: usize) -> (Grouped, Vec<AddableField>) {
        let tree = &self.document.tree;
        let pointer = tree.pointer(node);
        let mut fields = Vec::new();
        let mut addable = Vec::new();
        let has_end = tree.get(node, "End").is_some();
        for row in fields_of(owner, self.language) {
            // States are shown on the canvas, and the way out is one control, not two.
            if matches!(row.field_type, FieldType::States) || row.name == "End" {
                continue;
            }
            let value = tree.get(node, row.name);
            let is_way_out = row.name == "Next" && matches!(owner, Owner::State(_));
            let fits_here = self.has_its_place(row, node);
            if value.is_some() || row.required || is_way_out || (row.shown && fits_here) {
                let present = value.is_some() || (is_way_out && has_end);
                fields.push((row.group, self.field(row, &pointer, node, value, present, depth)));
            } else if row.instead.is_none() && fits_here && !self.is_excluded(owner, row, node) {
                addable.push(AddableField {
                    owner: pointer.clone(),
                    name: row.name,
                    label: row.label,
                    group: row.group,
                    help: row.help,
                    example: self.example(row),
                });
            }
        }
        if owner == Owner::ChoiceRule && self.language == QueryLanguage::JsonPath {
            fields.retain(|(_, it)| it.name != "Variable");
            addable.retain(|it| it.name != "Variable");
            fields.insert(0, ("Configuration", self.condition_field(&pointer, node)));
        }
        // What stands there and belongs to the other language, or to nothing, can be seen and removed.
        let known = |name: &str| {
            fields.iter().any(|(_, it)| it.name == name)
                || matches!(field(owner, name).map(|it| it.field_type), Some(FieldType::States))
                || (name == "End" && fields.iter().any(|(_, it)| it.name == "Next"))
                || (owner == Owner::ChoiceRule && self.language == QueryLanguage::JsonPath && is_test(name))
        };
        let unknown: Vec<FieldView> = tree
            .members(node)
            .iter()
            .filter(|it| !known(&it.name))
            .map(|it| self.unknown_field(&pointer, it, owner))
            .collect();
        fields.extend(unknown.into_iter().map(|it| ("Configuration", it)));
        (fields, addable)
    }

    /// The fields that are shown of an object that is not there yet.
    pub(super) fn unmade(&self, row: &FieldRow, owner: Owner, parent: NodeId) -> Vec<FieldView> {
        let pointer = format!("{}/{}", self.document.tree.pointer(parent), escape(row.name));
        let rows = fields_of(owner, self.language).filter(|it| it.shown && it.when.is_none());
        rows.map(|it| self.field(it, &pointer, parent, None, false, 0)).collect()
    }

    /// Whether what the field depends on is set so that it has its place here.
    fn has_its_place(&self, row: &FieldRow, object: NodeId) -> bool {
        let Some((way, words)) = row.when else { return true };
        let tree = &self.document.tree;
        let node = way.split('/').try_fold(object, |at, name| tree.get(at, name));
        node.and_then(|it| tree.string(it)).is_some_and(|it| words.contains(&&*it))
    }

    /// One of its rivals is set already: setting it would replace that, which a menu should not do.
    pub(super) fn is_excluded(&self, owner: Owner, row: &FieldRow, node: NodeId) -> bool {
        let Some(group) = row.exclusive_group else { return false };
        let mut rivals = fields_of(owner, self.language).filter(|it| it.exclusive_group == Some(group));
        rivals.any(|it| self.document.tree.get(node, it.name).is_some())
    }

    pub(super) fn field(
        &self,
        row: &FieldRow,
        pointer: &str,
        object: NodeId,
        value: Option<NodeId>,
        present: bool,
        depth: usize,
    ) -> FieldView {
        FieldView {
            owner: pointer.to_owned(),
            name: row.name.to_owned(),
            label: row.label,
            help: row.help,
            control: self.control(row, object, value, depth),
            required: row.required,
            present,
            problems: self.problems(pointer, row.name, value),
        }
    }

    pub(super) fn unknown_field(&self, pointer: &str, member: &Member, owner: Owner) -> FieldView {
        let row = field(owner, &member.name);
        FieldView {
            owner: pointer.to_owned(),
            name: member.name.to_string(),
            label: row.map_or("Not a field of this state", |it| it.label),
            help: row.map_or(
                "The States Language has no such field here",
                |_| "This field belongs to the other query language",
            ),
            control: Control::Json(self.document.tree.source(member.value).to_owned()),
            required: false,
            present: true,
            problems: self.problems(pointer, &member.name, Some(member.value)),
        }
    }

    pub(super) fn type_field(&self, state: &State) -> (&'static str, FieldView) {
        let value = self.document.tree.get(state.node, "Type");
        let text = value.map(|it| self.text(it)).unwrap_or_default();
        let words = StateType::ALL.iter().map(|it| it.as_str().to_owned()).collect();
        let field = FieldView {
            owner: state.path.to_string(),
            name: "Type".to_owned(),
            label: "Kind",
            help: "What the state does",
            control: Control::Word { value: text, words },
            required: true,
            present: value.is_some(),
            problems: self.problems(state.path.as_str(), "Type", value),
        };
        ("Configuration", field)
    }

    /// Inside a branch or body names are those of that scope, and the language is the machine's.
    pub(super) fn inner(&self, owner: Owner) -> Form<'_> {
        let own = matches!(owner, Owner::Branch | Owner::ItemProcessor);
        Form {
            document: self.document,
            scope: if own { None } else { self.scope },
            state: self.state,
            language: self.language,
        }
    }

    pub(super) fn problems(&self, pointer: &str, name: &str, value: Option<NodeId>) -> Vec<String> {
        let place = format!("{pointer}/{}", escape(name));
        let range = value.map(|it| self.document.tree.range(it));
        let inside = value
            .is_some_and(|it| !matches!(self.document.tree.kind(it), NodeKind::Object | NodeKind::Array));
        problems_at(self.document, &|it| {
            it.location.as_deref() == Some(place.as_str())
                || (inside
                    && range.is_some_and(|range| range.contains_range(it.range) && !it.range.is_empty()))
        })
    }

    pub(super) fn is_string(&self, node: NodeId) -> bool {
        self.document.tree.kind(node) == NodeKind::String
    }

    pub(super) fn text(&self, node: NodeId) -> String {
        self.document.tree.string(node).map(|it| it.into_owned()).unwrap_or_default()
    }

    pub(super) fn source(&self, node: NodeId) -> String {
        crate::json::copy_value_text(&self.document.tree, node)
    }
}

pub(super) fn problems_at(document: &Document, at: &dyn Fn(&Diagnostic) -> bool) -> Vec<String> {
    document.diagnostics.iter().filter(|it| at(it)).map(|it| it.message.clone()).collect()
}
