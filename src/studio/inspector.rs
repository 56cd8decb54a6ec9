//! The selected state as a form, made from the field table: what is set and what is required, and
//! what could be added. Knows no field by name but those that make structure.

use crate::asl::fields::{FieldRow, FieldType, GROUPS, Operand, Operator, Owner, fields_of, operator};
use crate::asl::reading::{catch_summary, retrier_reading, short_reading_of_rule};
use crate::asl::resource::SUGGESTIONS;
use crate::asl::{Document, QueryLanguage, Resource, Scope, State, StateKind, StatePath, StateType};
use crate::json::{NodeId, NodeKind};
use crate::studio::canvas::icon_of;
use crate::studio::view::{AddableField, Control, FieldGroup, FieldView, InspectorView, ItemView};
use crate::studio::words::count;

/// Objects inside objects are shown to this depth; deeper ones are a code field.
const MAX_DEPTH: usize = 4;
/// At most so many attempts are drawn.
const MAX_ATTEMPTS_SHOWN: u64 = 50;

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
        let at = document.tree.errors().iter().find(|it| state.range.contains_inclusive(it.range.start));
        let at = at.map_or(state.range.start, |it| it.range.start);
        view.note =
            Some(format!("The text of this state is unfinished at line {}; mend it in the text", line(at)));
    }
    let mut all = vec![("General", name)];
    all.extend(fields);
    view.groups = groups(all);
    view.addable = addable;
    view
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
    let (fields, addable) = form.fields(Owner::Machine, root, 0);
    view.groups = groups(fields);
    view.addable = addable;
    view
}

type Grouped = Vec<(&'static str, FieldView)>;

fn groups(fields: Grouped) -> Vec<FieldGroup> {
    let mut groups: Vec<FieldGroup> = Vec::new();
    for title in GROUPS {
        let inside: Vec<FieldView> =
            fields.iter().filter(|(group, _)| group == title).map(|(_, it)| it.clone()).collect();
        if !inside.is_empty() {
            groups.push(FieldGroup { title, summary: summary(&inside), fields: inside });
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
            (Control::Name(_), _) => {}
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

/// What all fields of one form have in common.
struct Form<'d> {
    document: &'d Document,
    scope: Option<&'d Scope>,
    state: Option<&'d State>,
    language: QueryLanguage,
}

impl Form<'_> {
    /// The fields of an object that are set or required, with their groups, and those to add.
    fn fields(&self, owner: Owner, node: NodeId, depth: usize) -> (Grouped, Vec<AddableField>) {
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
            if value.is_some() || row.required || is_way_out {
                let present = value.is_some() || (is_way_out && has_end);
                fields.push((row.group, self.field(row, &pointer, node, value, present, depth)));
            } else if row.instead.is_none() && !self.is_excluded(owner, row, node) {
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
        if matches!(owner, Owner::ChoiceRule | Owner::Condition) {
            self.operators(&mut fields, &mut addable, &pointer, node);
        }
        // What stands there and belongs to the other language, or to nothing, can be seen and removed.
        let known =
            |name: &str| fields.iter().any(|(_, it)| it.name == name) || name == "End" || name == "States";
        let unknown: Vec<FieldView> = tree
            .members(node)
            .iter()
            .filter(|it| !known(&it.name))
            .map(|it| self.unknown_field(&pointer, it, owner))
            .collect();
        fields.extend(unknown.into_iter().map(|it| ("General", it)));
        (fields, addable)
    }

    /// One of its rivals is set already: setting it would replace that, which a menu should not do.
    fn is_excluded(&self, owner: Owner, row: &FieldRow, node: NodeId) -> bool {
        let Some(group) = row.exclusive_group else { return false };
        let mut rivals = fields_of(owner, self.language).filter(|it| it.exclusive_group == Some(group));
        rivals.any(|it| self.document.tree.get(node, it.name).is_some())
    }

    fn field(
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
            control: self.control(row, pointer, object, value, depth),
            required: row.required,
            present,
            problems: self.problems(pointer, row.name, value),
        }
    }

    fn unknown_field(&self, pointer: &str, member: &crate::json::Member, owner: Owner) -> FieldView {
        let row = crate::asl::field(owner, &member.name);
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

    fn type_field(&self, state: &State) -> (&'static str, FieldView) {
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
        ("General", field)
    }

    /// The test of a rule is a field whose name is the operator.
    fn operators(&self, fields: &mut Grouped, addable: &mut Vec<AddableField>, pointer: &str, node: NodeId) {
        let tree = &self.document.tree;
        let set: Vec<(&Operator, NodeId)> =
            tree.members(node).iter().filter_map(|it| Some((operator(&it.name)?, it.value))).collect();
        for (row, value) in &set {
            let field = FieldView {
                owner: pointer.to_owned(),
                name: row.name.to_owned(),
                label: "Test",
                help: row.help,
                control: self.operand(row.operand, *value),
                required: true,
                present: true,
                problems: self.problems(pointer, row.name, Some(*value)),
            };
            // A rule reads “If … Test …”, so the test stands behind the variable.
            let at = fields.iter().position(|(_, it)| it.name == "Variable").map_or(0, |it| it + 1);
            fields.insert(at, ("General", field));
        }
        if set.is_empty() && self.language == QueryLanguage::JsonPath {
            addable.extend(crate::asl::OPERATORS.iter().map(|it| AddableField {
                owner: pointer.to_owned(),
                name: it.name,
                label: it.name,
                group: "General",
                help: it.help,
                example: operand_example(it.operand).to_owned(),
            }));
        }
    }

    fn operand(&self, operand: Operand, value: NodeId) -> Control {
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

    fn control(
        &self,
        row: &FieldRow,
        pointer: &str,
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
                Control::Word { value: text(), words: words.iter().map(|it| (*it).to_owned()).collect() }
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
            FieldType::Resource if fits => resource(&text()),
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
                _ => Control::Json(source()),
            },
            _ => {
                let _ = pointer;
                Control::Json(source())
            }
        }
    }

    /// Inside a branch or body names are those of that scope, and the language is the machine's.
    fn inner(&self, owner: Owner) -> Form<'_> {
        let own = matches!(owner, Owner::Branch | Owner::ItemProcessor);
        Form {
            document: self.document,
            scope: if own { None } else { self.scope },
            state: self.state,
            language: self.language,
        }
    }

    fn target(&self, row: &FieldRow, object: NodeId, value: String) -> Control {
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

    fn errors(&self, value: Option<NodeId>) -> Control {
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

    fn item(&self, owner: Owner, node: NodeId, depth: usize) -> ItemView {
        let tree = &self.document.tree;
        if tree.kind(node) != NodeKind::Object {
            let summary = self.source(node);
            return ItemView {
                pointer: tree.pointer(node),
                summary,
                fields: Vec::new(),
                addable: Vec::new(),
                attempts_at_secs: Vec::new(),
            };
        }
        let (fields, addable) = self.inner(owner).fields(owner, node, depth);
        let attempts_at_secs =
            if owner == Owner::Retrier { attempts(self.document, node) } else { Vec::new() };
        ItemView {
            pointer: tree.pointer(node),
            summary: self.item_summary(owner, node),
            fields: fields.into_iter().map(|(_, it)| it).collect(),
            addable,
            attempts_at_secs,
        }
    }

    fn item_summary(&self, owner: Owner, node: NodeId) -> String {
        let tree = &self.document.tree;
        let next = tree.get(node, "Next").and_then(|it| tree.string(it)).unwrap_or_default();
        let known = self.state;
        match owner {
            Owner::ChoiceRule => format!("{} → {next}", short_reading_of_rule(tree, node)),
            Owner::Retrier => {
                let retrier = known.and_then(|it| it.retry.iter().find(|it| it.node == node));
                retrier.map(|it| retrier_reading(tree, it)).unwrap_or_default()
            }
            Owner::Catcher => {
                let catcher = known.and_then(|it| it.catch.iter().find(|it| it.node == node));
                format!("{} → {next}", catcher.map(catch_summary).unwrap_or_default())
            }
            Owner::Branch => {
                let machine = &self.document.machine;
                let n_states =
                    machine.scopes.iter().find(|it| it.node == node).map_or(0, |it| it.states.len());
                let start = tree.get(node, "StartAt").and_then(|it| tree.string(it)).unwrap_or_default();
                format!("from “{start}”, {}", count(n_states, "state", "states"))
            }
            _ => crate::asl::reading::shortened(tree.source(node)),
        }
    }

    /// Targets in examples are made up; a state of this scope is a better first value.
    fn example(&self, row: &FieldRow) -> String {
        match row.field_type {
            FieldType::Target => crate::json::quote(&self.some_target()),
            FieldType::Items(owner @ (Owner::Catcher | Owner::ChoiceRule)) => {
                format!("[{}]", self.item_example(owner, row))
            }
            _ => row.example.to_owned(),
        }
    }

    fn item_example(&self, owner: Owner, row: &FieldRow) -> String {
        let next = crate::json::quote(&self.some_target());
        match (owner, self.language) {
            (Owner::Catcher, _) => format!("{{\"ErrorEquals\":[\"States.ALL\"],\"Next\":{next}}}"),
            (Owner::ChoiceRule, QueryLanguage::JsonPath) => {
                format!("{{\"Variable\":\"$.value\",\"IsPresent\":true,\"Next\":{next}}}")
            }
            (Owner::ChoiceRule, QueryLanguage::Jsonata) => {
                format!("{{\"Condition\":\"{{% $exists($states.input.value) %}}\",\"Next\":{next}}}")
            }
            (Owner::Retrier, _) => {
                r#"{"ErrorEquals":["States.ALL"],"IntervalSeconds":1,"MaxAttempts":3,"BackoffRate":2}"#
                    .to_owned()
            }
            (Owner::Branch, _) => {
                let name = crate::json::quote(&self.fresh_name());
                format!("{{\"StartAt\":{name},\"States\":{{{name}:{{\"Type\":\"Pass\",\"End\":true}}}}}}")
            }
            _ => row.example.to_owned(),
        }
    }

    /// Names stand once in the whole workflow, so an example must not use one that is there.
    fn fresh_name(&self) -> String {
        crate::studio::edit::Scene::new(self.document).fresh_name("Pass", &mut Default::default())
    }

    /// The last other state of the scope: errors are mostly handled near the end.
    fn some_target(&self) -> String {
        let machine = &self.document.machine;
        let own = self.state.map(|it| it.name.as_str());
        let states = self.scope.map(|it| it.states.as_slice()).unwrap_or_default();
        let names = states.iter().rev().filter_map(|it| machine.state(*it)).map(|it| it.name.as_str());
        names.clone().find(|it| Some(*it) != own).or(own).unwrap_or_default().to_owned()
    }

    fn problems(&self, pointer: &str, name: &str, value: Option<NodeId>) -> Vec<String> {
        let place = format!("{pointer}/{}", crate::asl::names::escape(name));
        let range = value.map(|it| self.document.tree.range(it));
        let inside = value
            .is_some_and(|it| !matches!(self.document.tree.kind(it), NodeKind::Object | NodeKind::Array));
        problems_at(self.document, &|it| {
            it.location.as_deref() == Some(place.as_str())
                || (inside
                    && range.is_some_and(|range| range.contains_range(it.range) && !it.range.is_empty()))
        })
    }

    fn is_string(&self, node: NodeId) -> bool {
        self.document.tree.kind(node) == NodeKind::String
    }

    fn text(&self, node: NodeId) -> String {
        self.document.tree.string(node).map(|it| it.into_owned()).unwrap_or_default()
    }

    fn source(&self, node: NodeId) -> String {
        crate::json::copy_value_text(&self.document.tree, node)
    }
}

fn problems_at(document: &Document, at: &dyn Fn(&crate::asl::Diagnostic) -> bool) -> Vec<String> {
    document.diagnostics.iter().filter(|it| at(it)).map(|it| it.message.clone()).collect()
}

fn resource(text: &str) -> Control {
    let known = Resource::parse(text);
    Control::Resource {
        text: text.to_owned(),
        service: known.service_label.clone(),
        action: known.action_label.clone(),
        pattern: match known.pattern.suffix() {
            "" => String::new(),
            ".waitForTaskToken" => "waits for the token".to_owned(),
            _ => "waits for the end".to_owned(),
        },
        suggestions: SUGGESTIONS.iter().map(|it| (it.resource.to_owned(), it.label.to_owned())).collect(),
    }
}

/// Names that can be matched, those used elsewhere in the document first.
fn error_suggestions(document: &Document, state: Option<&State>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let used = document.machine.states.iter().filter(|it| Some(&it.path) != state.map(|it| &it.path));
    let used = used.flat_map(|it| {
        it.retry.iter().flat_map(|it| &it.error_equals).chain(it.catch.iter().flat_map(|it| &it.error_equals))
    });
    for name in used.map(String::as_str).chain(crate::asl::errors::ERRORS.iter().map(|it| it.name)) {
        if !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
    }
    names.truncate(40);
    names
}

/// Seconds after the first failure at which each new attempt starts (asl.md 2.14), without jitter.
fn attempts(document: &Document, retrier: NodeId) -> Vec<f64> {
    let tree = &document.tree;
    let number = |name: &str, default: f64| {
        tree.get(retrier, name)
            .and_then(|it| tree.number(it))
            .and_then(|it| it.parse().ok())
            .unwrap_or(default)
    };
    let (interval, rate) = (number("IntervalSeconds", 1.0), number("BackoffRate", 2.0));
    let max_delay = number("MaxDelaySeconds", f64::MAX);
    let n_attempts = (number("MaxAttempts", 3.0).max(0.0) as u64).min(MAX_ATTEMPTS_SHOWN);
    let mut at = 0.0;
    let mut delay = interval;
    (0..n_attempts)
        .map(|_| {
            at += delay.min(max_delay);
            delay *= rate;
            at
        })
        .collect()
}

fn add_label(owner: Owner) -> &'static str {
    match owner {
        Owner::Retrier => "Add retrier",
        Owner::Catcher => "Add catcher",
        Owner::ChoiceRule => "Add rule",
        Owner::Branch => "Add branch",
        _ => "Add item",
    }
}

fn operand_example(operand: Operand) -> &'static str {
    match operand {
        Operand::Text => r#""text""#,
        Operand::Number => "0",
        Operand::Timestamp => r#""2026-01-01T00:00:00Z""#,
        Operand::Flag | Operand::IsKind => "true",
        Operand::Pattern => r#""text*""#,
        Operand::Path => r#""$.other""#,
        Operand::Rules => r#"[{"Variable":"$.value","IsPresent":true}]"#,
        Operand::Rule => r#"{"Variable":"$.value","IsPresent":true}"#,
    }
}
