//! What an editor knows of the expressions in a text while they are written: what each word is,
//! what could be written next and what a word means, with the values of the last run. The page
//! asks for one place at a time and only draws the answers.
//!
//! Everything works on half-typed text: nothing here needs an expression that can be read.

mod site;
mod scope;
mod data;
mod chain;
mod jsonata;
mod jsonpath;

pub(crate) use scope::variables;

use serde_json::Value;

use crate::asl::Severity;
use crate::json::{NodeKind, Tree, parse};
use crate::studio::command::Command;
use crate::studio::edit::plan;
use crate::studio::expressions::data::LastData;
use crate::studio::expressions::site::{Kind, Spot, expressions_in, expressions_in_draft};
use crate::studio::facade::Studio;
use crate::text::{Arrange, TextRange};

/// What a word of an expression is, for its color.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WordClass {
    /// `{%` and `%}`.
    Mark = 0,
    Function = 1,
    Variable = 2,
    /// A step of a path.
    Name = 3,
    Text = 4,
    /// A number, `true`, `and`, …
    Value = 5,
    Operator = 6,
    Comment = 7,
}

/// A word of an expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WordSpan {
    /// In the document.
    pub range: TextRange,
    pub class: WordClass,
}

/// What is typed into a field and is not yet in the document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FieldDraft {
    /// JSON Pointer of the object that has the field.
    pub owner: String,
    pub name: String,
    pub text: String,
    /// The text is JSON; otherwise it is what the string says.
    pub is_json: bool,
}

/// Where somebody writes.
#[derive(Clone, Copy, Debug)]
pub enum Writing<'w> {
    InDocument,
    InField(&'w FieldDraft),
}

/// What could be written at a place.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Completions {
    /// What is replaced, in the document or in the draft.
    pub range: TextRange,
    /// The best first.
    pub items: Vec<Completion>,
}

/// Something that could be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// As it is listed.
    pub label: String,
    pub kind: CompletionKind,
    /// A signature, or the value in the last run.
    pub detail: String,
    /// One line; may be empty.
    pub help: String,
    /// What is written, spelled as the text needs it.
    pub insert: String,
    /// How many characters before its end the caret goes.
    pub caret_back: u32,
}

/// What a completion stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompletionKind {
    /// A key of the data.
    Data = 0,
    Variable = 1,
    Function = 2,
    /// A member of `$states` or of the context object.
    Member = 3,
}

/// What a word means.
#[derive(Clone, PartialEq, Debug)]
pub struct Hover {
    pub range: TextRange,
    /// `$round(number[, precision])`, or the path that was pointed at.
    pub title: String,
    /// One line; may be empty.
    pub help: String,
    /// The value in the last run, in short.
    pub value: Option<String>,
}

/// More than this is not listed.
const MAX_ITEMS: usize = 200;
/// Of an array, so many items tell the names.
const MAX_SAMPLED: usize = 50;
/// What is typed into a field is colored up to this size.
const MAX_COLORED: usize = 64 << 10;
/// A document above this size is not checked again with every draft.
const MAX_CHECKED: usize = 512 << 10;

impl Studio {
    /// The words of the expressions in a stretch of the document, in order.
    pub fn expression_words(&self, range: TextRange) -> Vec<WordSpan> {
        let mut found = Vec::new();
        for spot in expressions_in(&self.document, range) {
            match spot.site.kind {
                Kind::Query => jsonata::words(&spot, &mut found),
                _ => jsonpath::words(&spot, &mut found),
            }
        }
        found.retain(|it| range.start <= it.range.end && it.range.start <= range.end && !it.range.is_empty());
        found.arrange_by_key(|it| it.range.start);
        found
    }

    /// The words of what is typed into a field: of its expressions, and of JSON its names and values.
    pub fn draft_words(&self, draft: &FieldDraft) -> Vec<WordSpan> {
        if MAX_COLORED < draft.text.len() {
            return Vec::new();
        }
        let tree = parse(draft.text.as_str());
        let mut found = Vec::new();
        for spot in expressions_in_draft(&self.document, draft, &tree) {
            match spot.site.kind {
                Kind::Query => jsonata::words(&spot, &mut found),
                _ => jsonpath::words(&spot, &mut found),
            }
        }
        found.retain(|it| !it.range.is_empty());
        found.arrange_by_key(|it| it.range.start);
        if draft.is_json {
            found = with_json_words(&tree, found);
        }
        found
    }

    /// What could be written at an offset. Unless somebody asked for it (`explicit`), nothing is
    /// offered before a word has begun.
    pub fn complete(&self, place: Writing<'_>, offset: usize, explicit: bool) -> Option<Completions> {
        let spot = self.spot(place, offset).filter(Spot::is_inside)?;
        let data = LastData::of(self, &spot.site);
        let mut found = match spot.site.kind {
            Kind::Query => jsonata::complete(&self.document, &spot, data.as_ref(), explicit),
            _ => jsonpath::complete(&self.document, &spot, data.as_ref(), explicit),
        }?;
        found.items.truncate(MAX_ITEMS);
        (!found.items.is_empty()).then_some(found)
    }

    /// What the word at an offset means and what it gave in the last run.
    pub fn hover(&self, place: Writing<'_>, offset: usize) -> Option<Hover> {
        let spot = self.spot(place, offset).filter(Spot::is_inside)?;
        let data = LastData::of(self, &spot.site);
        match spot.site.kind {
            Kind::Query => jsonata::hover(&spot, data.as_ref()),
            _ => jsonpath::hover(&spot, data.as_ref()),
        }
    }

    /// What would be wrong with a field if this command had set it; the first fault, in a sentence.
    pub fn fault_after(&self, command: &Command) -> Option<String> {
        let Command::SetField { owner, field, .. } = command else { return None };
        if MAX_CHECKED < self.document.text.len() {
            return None;
        }
        let plan = plan(&self.document, command)?.ok()?;
        let document = self.document.apply(&plan.edit);
        let member = document.tree.member(document.tree.find(owner)?, field)?;
        let is_inside = |it: TextRange| member.range.start <= it.start && it.end <= member.range.end;
        let fault = document
            .diagnostics
            .iter()
            .find(|it| it.severity == Severity::Error && is_inside(it.range) && is_of_expression(it.rule))?;
        let place = fault.range.slice(&document.text);
        let hint = fault.hint.as_deref().map(|it| format!(": {it}")).unwrap_or_default();
        let place = crate::studio::words::cut(place, 40);
        Some(format!("{}{hint}, at “{place}”", fault.message.trim_end_matches('.')))
    }

    fn spot(&self, place: Writing<'_>, offset: usize) -> Option<Spot> {
        match place {
            Writing::InDocument => Spot::in_document(&self.document, offset),
            Writing::InField(draft) => Spot::in_draft(&self.document, draft, offset),
        }
    }
}

/// The names and values of JSON, with the expressions inside of its strings.
fn with_json_words(tree: &Tree, expressions: Vec<WordSpan>) -> Vec<WordSpan> {
    let mut words = Vec::new();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        let members = tree.members(node).iter();
        words.extend(members.map(|it| WordSpan { range: it.key_range, class: WordClass::Name }));
        pending.extend(tree.children(node));
        let class = match tree.kind(node) {
            NodeKind::String => WordClass::Text,
            NodeKind::Number | NodeKind::True | NodeKind::False | NodeKind::Null => WordClass::Value,
            _ => continue,
        };
        words.push(WordSpan { range: tree.range(node), class });
    }
    words.arrange_by_key(|it| it.range.start);
    let mut inside = expressions.into_iter().peekable();
    let mut found = Vec::new();
    for word in words {
        let mut at = word.range.start;
        while let Some(part) = inside.next_if(|it| it.range.end <= word.range.end) {
            if at < part.range.start {
                found.push(WordSpan { range: TextRange::new(at, part.range.start), ..word });
            }
            at = part.range.end.max(at);
            found.push(part);
        }
        if at < word.range.end {
            found.push(WordSpan { range: TextRange::new(at, word.range.end), ..word });
        }
    }
    found
}

/// Whether a rule is about the inside of expressions.
pub(crate) fn is_of_expression(rule: &str) -> bool {
    matches!(rule, "jsonata-syntax" | "jsonata-reference" | "path-syntax" | "template-field")
}

/// Whether a written beginning asks for a name: equal beginnings first (0), then names that hold it
/// (1); upper and lower case are one, and the `$` of a name need not be written. Nothing where it
/// does not fit.
fn rank(name: &str, written: &str) -> Option<u8> {
    let (name, written) = (name.to_lowercase(), written.to_lowercase());
    let bare = name.strip_prefix('$').unwrap_or(&name);
    let wanted = match (written.strip_prefix('$'), name.starts_with('$')) {
        (Some(_), false) => return None,
        (Some(wanted), true) => wanted,
        (None, _) => written.as_str(),
    };
    match (bare.starts_with(wanted), bare.contains(wanted)) {
        (true, _) => Some(0),
        (false, true) if 2 <= wanted.len() => Some(1),
        _ => None,
    }
}

/// The completions as they are written at a place: spelled for the text around it, and a function
/// without the parentheses that stand there already.
fn written_at(spot: &Spot, range: TextRange, mut items: Vec<Completion>) -> Completions {
    let follows_call = spot.text.get(spot.at..).is_some_and(|it| it.starts_with('('));
    for it in &mut items {
        if follows_call && it.kind == CompletionKind::Function {
            it.insert.truncate(it.insert.len().saturating_sub(2));
            it.caret_back = 0;
        }
        it.insert = spot.spell(&it.insert);
    }
    Completions { range, items }
}

/// The fields of an object, or of the first objects of an array, each name once.
fn fields_of(value: &Value) -> Vec<(&String, &Value)> {
    let objects: Vec<&Value> = match value {
        Value::Array(items) => items.iter().take(MAX_SAMPLED).collect(),
        value => vec![value],
    };
    let mut found: Vec<(&String, &Value)> = Vec::new();
    for field in objects.iter().filter_map(|it| it.as_object()).flatten() {
        if found.len() < MAX_ITEMS && !found.iter().any(|it| it.0 == field.0) {
            found.push(field);
        }
    }
    found
}

/// Keeps what fits what was written, the best first; the order given decides among equals.
fn ranked(items: Vec<(String, Completion)>, written: &str) -> Vec<Completion> {
    let mut found: Vec<(u8, Completion)> =
        items.into_iter().filter_map(|(name, it)| Some((rank(&name, written)?, it))).collect();
    found.arrange_by_key(|it| it.0);
    // A name that stands there already in full has nothing to add.
    let is_done = found.len() == 1 && found.iter().all(|it| it.1.label == written);
    if is_done { Vec::new() } else { found.into_iter().map(|it| it.1).collect() }
}
