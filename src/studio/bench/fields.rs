//! Where an expression can be written: the fields of a state that take one, by the table of the
//! language, and the members of templates that hold one. Written with the command that sets a
//! field, so that it is one small edit and one undo step.

use crate::asl::fields::{FieldType, OPERATORS, Operand, Owner, fields_of};
use crate::asl::{Document, QueryLanguage, Severity, StatePath};
use crate::expr::payload::expression_of;
use crate::expr::{Expression, Path, jsonata};
use crate::json::{NodeId, NodeKind, quote};
use crate::studio::Studio;
use crate::studio::bench::evaluate::inner;
use crate::studio::command::{Command, Refusal};
use crate::studio::edit::{plan, refuse};

/// A place of a state that takes an expression.
#[derive(Clone, PartialEq, Debug)]
pub struct BenchField {
    /// JSON Pointer of the object that holds it.
    pub owner: String,
    /// The name of the member.
    pub name: String,
    /// Its place in the state: `Arguments.Payload.amount`, `Choices[0].Condition`.
    pub title: String,
    /// The field of the state that it is in: `Arguments`.
    pub field: String,
    /// The expression that stands there, without marks; empty when the field is not set, or is a
    /// plain value.
    pub text: String,
    pub is_set: bool,
    pub takes: Takes,
}

/// What may be written there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// A JSONPath.
    Path,
    /// A path to exactly one place.
    ReferencePath,
    /// A JSONPath or the call of an intrinsic function.
    PathOrCall,
    /// `{% … %}`.
    Jsonata,
}

/// More places than this are not offered.
const MAX_FIELDS: usize = 300;

/// What is looked at.
enum Place {
    /// An object of the language.
    Object(Owner),
    /// What is in a template or in a value with expressions.
    Template,
}

/// The places of a state that take an expression, in the order of the table.
pub fn bench_fields(document: &Document, state: &StatePath) -> Vec<BenchField> {
    let Some(state) = document.state(state) else { return Vec::new() };
    let Some(state_type) = state.kind.state_type() else { return Vec::new() };
    let tree = &document.tree;
    let mut found = Vec::new();
    let mut pending = vec![(state.node, Place::Object(Owner::State(state_type)))];
    while let Some((node, place)) = pending.pop() {
        if MAX_FIELDS <= found.len() {
            break;
        }
        let mut inside = Vec::new();
        let mut add = |name: &str, value: Option<NodeId>, takes: Takes| {
            found.push(field(document, state.path.as_str(), node, name, value, takes));
        };
        match place {
            Place::Object(owner) => {
                for row in fields_of(owner, state.language) {
                    let value = tree.get(node, row.name);
                    let is_jsonata = state.language == QueryLanguage::Jsonata;
                    match row.field_type {
                        // What is in branches and bodies are states of their own.
                        FieldType::Group(Owner::ItemProcessor) | FieldType::Items(Owner::Branch) => {}
                        FieldType::Group(owner) => inside.extend(value.map(|it| (it, Place::Object(owner)))),
                        FieldType::Items(owner) => {
                            let items = value.map(|it| tree.elements(it)).unwrap_or_default();
                            inside.extend(items.iter().map(|it| (*it, Place::Object(owner))));
                        }
                        field_type => match takes(&field_type, is_jsonata) {
                            Some(takes) if is_direct(document, value) => {
                                // Only fields of the state itself are offered before they are set.
                                let is_offered = matches!(owner, Owner::State(_)) && row.instead.is_none();
                                if value.is_some() || is_offered {
                                    add(row.name, value, takes);
                                }
                            }
                            Some(_) => inside.extend(value.map(|it| (it, Place::Template))),
                            None if is_template(&field_type) => {
                                inside.extend(value.map(|it| (it, Place::Template)));
                            }
                            None => {}
                        },
                    }
                }
                if matches!(owner, Owner::ChoiceRule | Owner::Condition) {
                    for operator in OPERATORS {
                        let Some(value) = tree.get(node, operator.name) else { continue };
                        match operator.operand {
                            Operand::Path => add(operator.name, Some(value), Takes::Path),
                            Operand::Rule => inside.push((value, Place::Object(Owner::Condition))),
                            Operand::Rules => inside.extend(
                                tree.elements(value).iter().map(|it| (*it, Place::Object(Owner::Condition))),
                            ),
                            _ => {}
                        }
                    }
                }
            }
            Place::Template => {
                for member in tree.members(node) {
                    let text = tree.string(member.value);
                    match state.language {
                        QueryLanguage::Jsonata if text.is_some_and(|it| expression_of(&it).is_some()) => {
                            add(&member.name, Some(member.value), Takes::Jsonata);
                        }
                        QueryLanguage::JsonPath if member.name.ends_with(".$") => {
                            add(&member.name, Some(member.value), Takes::PathOrCall);
                        }
                        _ => inside.push((member.value, Place::Template)),
                    }
                }
                inside.extend(tree.elements(node).iter().map(|it| (*it, Place::Template)));
            }
        }
        pending.extend(inside.into_iter().rev());
    }
    found
}

impl Studio {
    /// The places of a state that take an expression.
    pub fn bench_fields(&self, state: &StatePath) -> Vec<BenchField> {
        bench_fields(&self.document, state)
    }

    /// The command that writes an expression to a place, or why it cannot be written there.
    pub fn bench_apply(
        &self,
        language: QueryLanguage,
        text: &str,
        target: &BenchField,
    ) -> Result<Command, Refusal> {
        let title = &target.title;
        let (bare, _) = inner(language, text);
        let bare = bare.trim();
        if bare.is_empty() {
            return refuse("There is no expression to write yet");
        }
        check(language, bare, target)?;
        let json = match target.takes {
            Takes::Jsonata => quote(&format!("{{% {bare} %}}")),
            _ => quote(bare),
        };
        if target.is_set && target.text == bare {
            return refuse(format!("{title} is this expression already"));
        }
        let command = Command::SetField { owner: target.owner.clone(), field: target.name.clone(), json };
        let Some(planned) = plan(&self.document, &command) else {
            return refuse("This changes nothing in the text");
        };
        // What the rules of the language say about it there.
        let after = self.document.apply(&planned?.edit);
        let known = &self.document.diagnostics;
        let new = after.diagnostics.iter().find(|it| {
            it.severity == Severity::Error
                && !known.iter().any(|old| old.message == it.message && old.location == it.location)
        });
        match new {
            Some(problem) => {
                let hint = problem.hint.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
                refuse(format!("{title} cannot be this: {}{hint}", problem.message))
            }
            None => Ok(command),
        }
    }
}

/// Whether the expression is of the kind that the place takes.
fn check(language: QueryLanguage, text: &str, target: &BenchField) -> Result<(), Refusal> {
    let title = &target.title;
    match (target.takes, language) {
        (Takes::Jsonata, QueryLanguage::Jsonata) => {
            match jsonata::Jsonata::parse(text, jsonata::Dialect::Aws) {
                Ok(_) => Ok(()),
                Err(error) => refuse(format!("This is no JSONata yet: {error}")),
            }
        }
        (Takes::Jsonata, QueryLanguage::JsonPath) => {
            refuse(format!("{title} takes JSONata, and this is JSONPath"))
        }
        (_, QueryLanguage::Jsonata) => {
            refuse(format!("{title} takes JSONPath, and this is JSONata; convert the state to JSONata first"))
        }
        (takes, QueryLanguage::JsonPath) => match (takes, Expression::parse(text)) {
            (_, Err(error)) => refuse(format!("This is not complete yet: {}", error.message)),
            (Takes::Path | Takes::ReferencePath, Ok(Expression::Call(_))) => {
                refuse(format!("{title} takes a path, not a call of a function"))
            }
            (Takes::ReferencePath, Ok(Expression::Path(path))) if !is_reference(&path) => {
                refuse(format!("{title} takes a path to exactly one place, without filters and wildcards"))
            }
            _ => Ok(()),
        },
    }
}

fn is_reference(path: &Path) -> bool {
    path.is_reference()
}

/// What a field takes as its whole value; nothing for plain values and templates.
fn takes(field_type: &FieldType, is_jsonata: bool) -> Option<Takes> {
    match field_type {
        FieldType::Path => Some(Takes::Path),
        FieldType::ReferencePath => Some(Takes::ReferencePath),
        FieldType::PathOrIntrinsic => Some(Takes::PathOrCall),
        FieldType::Jsonata
        | FieldType::Condition
        | FieldType::Value
        | FieldType::Timestamp
        | FieldType::Text { jsonata: true }
        | FieldType::Number { jsonata: true, .. }
            if is_jsonata =>
        {
            Some(Takes::Jsonata)
        }
        _ => None,
    }
}

fn is_template(field_type: &FieldType) -> bool {
    matches!(field_type, FieldType::Template | FieldType::Value | FieldType::Assign)
}

/// Whether a value would be replaced as a whole: it is one expression or a plain value, or not
/// there.
fn is_direct(document: &Document, value: Option<NodeId>) -> bool {
    value.is_none_or(|it| !matches!(document.tree.kind(it), NodeKind::Object | NodeKind::Array))
}

fn field(
    document: &Document,
    state: &str,
    object: NodeId,
    name: &str,
    value: Option<NodeId>,
    takes: Takes,
) -> BenchField {
    let tree = &document.tree;
    let owner = tree.pointer(object);
    let mut title = String::new();
    let steps = owner.strip_prefix(state).unwrap_or_default();
    for step in steps.split('/').filter(|it| !it.is_empty()) {
        let step = crate::asl::names::unescape(step);
        match step.bytes().all(|it| it.is_ascii_digit()) {
            true => title.push_str(&format!("[{step}]")),
            false if title.is_empty() => title.push_str(&step),
            false => title.push_str(&format!(".{step}")),
        }
    }
    title.push_str(&if title.is_empty() { name.to_string() } else { format!(".{name}") });
    let first = steps
        .split('/')
        .nth(1)
        .map_or_else(|| name.to_string(), |it| crate::asl::names::unescape(it).to_string());
    let written = value.and_then(|it| tree.string(it)).unwrap_or_default();
    let text = match takes {
        Takes::Jsonata => expression_of(&written).unwrap_or_default().trim(),
        _ => &written,
    };
    let text = text.to_string();
    BenchField { owner, name: name.to_string(), title, field: first, text, is_set: value.is_some(), takes }
}
