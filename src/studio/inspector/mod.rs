//! The selected state as a form, made from the field table: what is set and what is required, and
//! what could be added. Knows no field by name but those that make structure.

mod form;
mod control;
mod items;
mod conditions;
mod retry;
mod resource;

use crate::asl::fields::{GROUPS, Owner};
use crate::asl::{Document, QueryLanguage, State, StateKind, StatePath};
use crate::flow::drawing::icon_of;
use crate::json::{NodeKind, copy_value_text};
use crate::studio::edit::Scene;
use crate::studio::expressions::variables;
use crate::studio::inspector::form::{Form, Grouped, problems_at};
use crate::studio::view::{AddableField, Control, FieldGroup, FieldView, InspectorView};
use crate::studio::words::count;
use crate::text::Arrange;

/// A longer state is read in the text only.
const MAX_DEFINITION: usize = 64 << 10;

/// The form for a state, or for the whole definition when none is selected.
pub fn inspector(document: &Document, selected: Option<&StatePath>) -> InspectorView {
    match selected.and_then(|it| document.state(it)) {
        Some(state) => state_form(document, state),
        None => machine_form(document),
    }
}

fn state_form(document: &Document, state: &State) -> InspectorView {
    let type_text = match &state.kind {
        StateKind::Unknown { type_text } => type_text.clone().unwrap_or_default(),
        kind => kind.state_type().map(|it| it.as_str().to_owned()).unwrap_or_default(),
    };
    let line = |offset: usize| document.line_index.line_column(offset).line + 1;
    let mut view = InspectorView {
        state: Some(state.path.clone()),
        title: state.name.clone(),
        type_name: type_text,
        icon: icon_of(&state.kind),
        language: state.language.as_str(),
        lines: lines(line(state.range.start), line(state.range.end)),
        ..InspectorView::default()
    };
    let scope = document.machine.scope(state.scope);
    let form = Form { document, scope, state: Some(state), language: state.language };
    let name = FieldView {
        owner: state.path.to_string(),
        name: "Name".to_owned(),
        label: "Name",
        help: "Unique in the whole workflow; everything that refers to it follows",
        control: Control::Name(state.name.clone()),
        required: true,
        present: true,
        problems: problems_at(document, &|it| it.range == state.key_range),
    };
    let (fields, addable) = match state.kind.state_type() {
        Some(state_type) => form.fields(Owner::State(state_type), state.node, 0),
        // Of an unknown type nothing is known but that it needs one.
        None => (vec![form.type_field(state)], Vec::new()),
    };
    if state.broken {
        let line = Scene::new(document).broken_line(state.range);
        view.note = Some(format!("The text of this state is unfinished at line {line}; mend it in the text"));
    } else if document.tree.is_broken(state.node) {
        let line = Scene::new(document).broken_line(state.range);
        view.note = Some(format!("Two sides changed this state at line {line}; the first one is shown"));
    }
    let mut all = vec![("Configuration", name)];
    all.extend(fields);
    view.groups = groups(all);
    view.addable = in_groups(addable);
    let takes_arguments = matches!(state.kind, StateKind::Task { .. } | StateKind::Parallel { .. });
    if state.language == QueryLanguage::Jsonata && takes_arguments {
        for title in view.groups.iter_mut().map(|it| &mut it.title).filter(|it| **it == "Input") {
            *title = "Arguments";
        }
    }
    add_variables(&mut view.groups, variables(document, &state.path));
    view.groups.extend(definition(document, state));
    view
}

/// The variables that the state can read stand with those it sets.
fn add_variables(groups: &mut Vec<FieldGroup>, variables: Vec<(String, String)>) {
    if variables.is_empty() {
        return;
    }
    let summary = count(variables.len(), "in scope", "in scope");
    let at = match groups.iter().position(|it| it.title == "Variables") {
        Some(at) => at,
        None => {
            let at = groups.iter().position(|it| it.title == "Error handling").unwrap_or(groups.len());
            let empty = FieldGroup { title: "Variables", ..FieldGroup::default() };
            groups.insert(at, empty);
            at
        }
    };
    if let Some(group) = groups.get_mut(at) {
        let parts = [summary, std::mem::take(&mut group.summary)];
        group.summary = parts.into_iter().rev().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ");
        group.variables = variables;
    }
}

/// The text of the state, to be read and changed in place.
fn definition(document: &Document, state: &State) -> Option<FieldGroup> {
    let text = document.tree.source(state.node);
    if document.tree.kind(state.node) != NodeKind::Object || MAX_DEFINITION < text.len() {
        return None;
    }
    let field = FieldView {
        owner: state.path.to_string(),
        name: "Definition".to_owned(),
        label: "This state in the States Language",
        help: "What you change here changes the same lines of the text",
        control: Control::Definition(copy_value_text(&document.tree, state.node)),
        required: true,
        present: true,
        problems: Vec::new(),
    };
    let summary = count(text.lines().count(), "line", "lines");
    Some(FieldGroup { title: "Definition", summary, fields: vec![field], variables: Vec::new() })
}

fn machine_form(document: &Document) -> InspectorView {
    let root = document.tree.root();
    let mut view = InspectorView {
        title: "Workflow".to_owned(),
        type_name: "State machine".to_owned(),
        icon: "states",
        language: document.machine.language.as_str(),
        ..InspectorView::default()
    };
    if document.tree.kind(root) != NodeKind::Object {
        view.note = Some("There is no definition yet: add a state, paste one or open a sample".to_owned());
        return view;
    }
    view.lines = lines(1, document.line_index.n_lines());
    let scope = document.machine.scopes.first();
    let form = Form { document, scope, state: None, language: document.machine.language };
    let machine_type = FieldView {
        owner: String::new(),
        name: "Machine type".to_owned(),
        label: "Type",
        help: "Chosen when the state machine is created; Express ones end within five minutes and wait for no job or callback",
        control: Control::MachineType(document.machine_type),
        required: true,
        present: true,
        problems: Vec::new(),
    };
    let (mut fields, addable) = form.fields(Owner::Machine, root, 0);
    fields.insert(0, ("Configuration", machine_type));
    view.groups = groups(fields);
    view.addable = in_groups(addable);
    view
}

/// What could be added, in the order of the groups.
fn in_groups(mut addable: Vec<AddableField>) -> Vec<AddableField> {
    addable.arrange_by_key(|it| GROUPS.iter().position(|title| *title == it.group));
    addable
}

fn groups(fields: Grouped) -> Vec<FieldGroup> {
    let mut groups: Vec<FieldGroup> = Vec::new();
    for title in GROUPS {
        let inside: Vec<FieldView> =
            fields.iter().filter(|(group, _)| group == title).map(|(_, it)| it.clone()).collect();
        if !inside.is_empty() {
            groups.push(FieldGroup {
                title,
                summary: summary(&inside),
                fields: inside,
                variables: Vec::new(),
            });
        }
    }
    groups
}

/// “2 fields set”, “1 retrier, 1 catcher”.
fn summary(fields: &[FieldView]) -> String {
    let mut parts = Vec::new();
    let mut n_plain = 0;
    for field in fields.iter().filter(|it| it.present) {
        match (&field.control, field.name.as_str()) {
            (Control::Items { items, .. }, "Retry") => parts.push(count(items.len(), "retrier", "retriers")),
            (Control::Items { items, .. }, "Catch") => parts.push(count(items.len(), "catcher", "catchers")),
            (Control::Items { items, .. }, "Choices") => parts.push(count(items.len(), "rule", "rules")),
            (Control::Items { items, .. }, "Branches") => {
                parts.push(count(items.len(), "branch", "branches"))
            }
            (Control::Name(_) | Control::MachineType(_), _) => {}
            _ => n_plain += 1,
        }
    }
    if n_plain > 0 {
        parts.push(count(n_plain, "field set", "fields set"));
    }
    parts.join(", ")
}

fn lines(first: usize, last: usize) -> String {
    if first == last { format!("line {first}") } else { format!("lines {first}–{last}") }
}
