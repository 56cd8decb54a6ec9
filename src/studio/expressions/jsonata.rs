//! Colors, completion and hover of JSONata.

use serde_json::Value;

use crate::asl::Document;
use crate::expr::jsonata::{Builtin, Dialect, Shown, Word, WordKind, builtins, words as words_of};
use crate::studio::diff::short;
use crate::studio::expressions::chain::Chain;
use crate::studio::expressions::data::LastData;
use crate::studio::expressions::scope::{context_members, states_members, variables};
use crate::studio::expressions::site::Spot;
use crate::studio::expressions::{
    Completion, CompletionKind, Completions, Hover, WordClass, WordSpan, fields_of, ranked, written_at,
};
use crate::studio::insight::in_short;
use crate::studio::words::{cut, grouped};

/// The colored words of an expression, its marks included.
pub(super) fn words(spot: &Spot, found: &mut Vec<WordSpan>) {
    for word in words_of(&spot.text) {
        found.push(WordSpan { range: spot.range(word.start, word.end), class: class(&word) });
    }
    let (open, close) = spot.marks();
    found.push(WordSpan { range: open, class: WordClass::Mark });
    found.extend(close.map(|range| WordSpan { range, class: WordClass::Mark }));
}

fn class(word: &Word) -> WordClass {
    match word.kind {
        WordKind::Function => WordClass::Function,
        WordKind::Variable => WordClass::Variable,
        WordKind::Name => WordClass::Name,
        WordKind::Text | WordKind::Regex => WordClass::Text,
        WordKind::Number | WordKind::Word => WordClass::Value,
        WordKind::Operator => WordClass::Operator,
        WordKind::Comment => WordClass::Comment,
    }
}

/// What could be written.
pub(super) fn complete(
    document: &Document,
    spot: &Spot,
    data: Option<&LastData>,
    explicit: bool,
) -> Option<Completions> {
    let words = words_of(&spot.text);
    let chain = Chain { text: &spot.text, words: &words };
    // The word that is being written, and the first one that is not in front of the place.
    let next = words.partition_point(|it| it.end < spot.at);
    let current = words.get(next).filter(|it| it.start < spot.at);
    let is_name = |it: &&Word| {
        matches!(it.kind, WordKind::Function | WordKind::Variable | WordKind::Name | WordKind::Word)
    };
    let operator_end = current.filter(|it| it.kind == WordKind::Operator && it.end == spot.at);
    if current.is_some() && operator_end.is_none() && current.filter(is_name).is_none() {
        return None;
    }
    let current = current.filter(is_name);
    let before = if operator_end.is_some() { next + 1 } else { next };
    let start = current.map_or(spot.at, |it| it.start);
    let written = spot.text.get(start..spot.at)?;
    let is_after_dot =
        before.checked_sub(1).and_then(|it| words.get(it)).is_some_and(|it| it.of(&spot.text) == ".");
    let items = if is_after_dot && !written.starts_with('$') {
        members(spot, data, &chain.path(before.checked_sub(2)?)?)
    } else if current.is_none() && !explicit {
        return None;
    } else {
        operands(document, spot, data, &chain, before)
    };
    Some(written_at(spot, spot.range(start, spot.at), ranked(items, written)))
}

/// What can stand behind the dot of a path.
fn members(spot: &Spot, data: Option<&LastData>, path: &str) -> Vec<(String, Completion)> {
    let path = path.trim();
    if path == "$states" {
        let value = |name: &str| data.and_then(|it| it.member(name)).map(short).unwrap_or_default();
        let members = states_members(&spot.site).into_iter();
        return members.map(|(name, help)| member(name, value(name), help)).collect();
    }
    let value = data.and_then(|it| it.evaluate(path));
    let mut found = value.as_ref().map(keys).unwrap_or_default();
    let context = path.strip_prefix("$states.context");
    if let Some(below) = context.map(|it| it.strip_prefix('.').unwrap_or(it)) {
        let help = |name: &str| context_members(below).find(|it| it.0 == name).map(|it| it.1);
        for (name, it) in &mut found {
            it.help = help(name).unwrap_or_default().to_string();
        }
        for (name, help) in context_members(below) {
            if !found.iter().any(|it| it.0 == name) {
                found.push(member(name, String::new(), help));
            }
        }
    }
    found
}

fn member(name: &str, detail: String, help: &str) -> (String, Completion) {
    let completion = Completion {
        label: name.to_string(),
        kind: CompletionKind::Member,
        detail,
        help: help.to_string(),
        insert: name.to_string(),
        caret_back: 0,
    };
    (name.to_string(), completion)
}

/// The keys of an object, or of the objects of an array, with their values.
fn keys(value: &Value) -> Vec<(String, Completion)> {
    let key = |(name, value): (&String, &Value)| {
        let (_, it) = member(name, short(value), "");
        (name.clone(), Completion { kind: CompletionKind::Data, insert: step(name), ..it })
    };
    fields_of(value).into_iter().map(key).collect()
}

/// A key as a step of a path.
fn step(name: &str) -> String {
    let is_plain = name.chars().all(|it| it.is_alphanumeric() || it == '_')
        && name.starts_with(|it: char| it.is_alphabetic() || it == '_')
        && !matches!(name, "and" | "or" | "in" | "true" | "false" | "null" | "function");
    match (is_plain, name.contains('`')) {
        (true, _) => name.to_string(),
        (false, false) => format!("`{name}`"),
        (false, true) => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// What a value can begin with: fields of the items at hand, variables, functions.
fn operands(
    document: &Document,
    spot: &Spot,
    data: Option<&LastData>,
    chain: &Chain<'_>,
    before: usize,
) -> Vec<(String, Completion)> {
    let around = chain.around(before).and_then(|it| data?.evaluate(&it));
    let mut found = around.as_ref().map(keys).unwrap_or_default();
    let mut push = |name: String, detail: String, help: String| {
        let label = format!("${name}");
        if !found.iter().any(|it| it.1.label == label) {
            let insert = label.clone();
            let kind = CompletionKind::Variable;
            found.push((label.clone(), Completion { label, kind, detail, help, insert, caret_back: 0 }));
        }
    };
    push(
        "states".to_string(),
        String::new(),
        "The input of the state, its result and the context".to_string(),
    );
    let value = |name: &str| data.and_then(|it| it.variable(name)).map(short).unwrap_or_default();
    for (name, state) in variables(document, &spot.site.state) {
        let detail = value(&name);
        push(name, detail, format!("A variable, set in “{state}”"));
    }
    for name in bound(chain, before) {
        push(name.to_string(), String::new(), "Set in this expression".to_string());
    }
    for it in builtins(Dialect::Aws) {
        let completion = Completion {
            label: format!("${}", it.name),
            kind: CompletionKind::Function,
            detail: format!("({})", it.parameters),
            help: it.help.to_string(),
            insert: format!("${}()", it.name),
            caret_back: u32::from(!it.parameters.is_empty()),
        };
        found.push((completion.label.clone(), completion));
    }
    found
}

/// The names that the expression binds in front of a word.
fn bound<'t>(chain: &Chain<'t>, before: usize) -> Vec<&'t str> {
    let mut found = Vec::new();
    let seen = chain.words.get(..before.min(chain.words.len())).unwrap_or_default();
    let text = |it: &Word| it.of(chain.text);
    let mut in_parameters = false;
    for (idx, word) in seen.iter().enumerate() {
        let left = idx.checked_sub(1).and_then(|it| seen.get(it)).map(text).unwrap_or_default();
        match text(word) {
            "(" if matches!(left, "function" | "λ") => in_parameters = true,
            ")" => in_parameters = false,
            name if word.kind == WordKind::Variable => {
                let is_set = seen.get(idx + 1).is_some_and(|it| text(it) == ":=");
                let name = name.get(1..).unwrap_or_default();
                let is_new = !name.is_empty() && name != "$" && !found.contains(&name);
                if is_new && (is_set || in_parameters || matches!(left, "@" | "#")) {
                    found.push(name);
                }
            }
            _ => {}
        }
    }
    found
}

/// What the word at the place means.
pub(super) fn hover(spot: &Spot, data: Option<&LastData>) -> Option<Hover> {
    let words = words_of(&spot.text);
    let idx = words.iter().position(|it| it.start <= spot.at && spot.at < it.end)?;
    let word = words.get(idx)?;
    let chain = Chain { text: &spot.text, words: &words };
    let text = word.of(&spot.text);
    let function = builtins(Dialect::Aws).find(|it| Some(it.name) == text.strip_prefix('$'));
    if word.kind == WordKind::Function
        && let Some(it) = function
        && data.is_none_or(|data| data.variable(it.name).is_none())
    {
        let range = spot.range(word.start, word.end);
        return Some(Hover { range, title: signature(it), help: it.help.to_string(), value: None });
    }
    if !matches!(word.kind, WordKind::Variable | WordKind::Name | WordKind::Function) {
        // An operator shows what it gave; what a text or a number says, it says itself.
        return match word.kind {
            WordKind::Operator => part_at(spot, data?, spot.at),
            _ => None,
        };
    }
    let path = chain.path(idx).filter(|_| word.kind != WordKind::Function);
    let help = path.as_deref().map(|it| help_of(spot, it)).unwrap_or_default();
    let part = data.and_then(|it| part_at(spot, it, spot.at));
    if let Some(part) = part {
        let title = match (word.kind, path) {
            (WordKind::Name, Some(path)) if path.starts_with('$') => cut(&path, 60),
            _ => part.title,
        };
        return Some(Hover { help, title, ..part });
    }
    // The expression cannot be read, but this part of it can.
    let path = path?;
    let value = data.and_then(|it| it.evaluate(&path)).map(|it| short(&it));
    let is_known = value.is_some() || !help.is_empty();
    is_known.then(|| Hover { range: spot.range(word.start, word.end), title: path, help, value })
}

/// What is known of a path without any run.
fn help_of(spot: &Spot, path: &str) -> String {
    let Some(rest) = path.strip_prefix("$states.") else { return String::new() };
    let states = states_members(&spot.site).into_iter().find(|it| it.0 == rest);
    let context = rest.strip_prefix("context.").and_then(|below| {
        let (parent, name) = below.rsplit_once('.').unwrap_or(("", below));
        context_members(parent).find(|it| it.0 == name)
    });
    states.or(context).map(|it| it.1.to_string()).unwrap_or_default()
}

/// The smallest part of the expression at a place, with what it gave.
fn part_at(spot: &Spot, data: &LastData, at: usize) -> Option<Hover> {
    let explanation = data.explain(&spot.text)?;
    let holds = explanation.parts.iter().filter(|it| it.start <= at && at < it.end);
    // The later one of two equals is inside of the earlier one.
    let part = holds.rev().min_by_key(|it| it.end - it.start)?;
    let mut value = in_short(&part.value);
    if 1 < part.count {
        value.push_str(&format!(" the first of {} times", grouped(part.count as usize)));
    }
    if part.value == Shown::Undefined {
        value = "nothing".to_string();
    }
    let title = cut(spot.text.get(part.start..part.end)?.trim(), 60);
    let range = spot.range(part.start, part.end);
    Some(Hover { range, title, help: String::new(), value: Some(value) })
}

fn signature(it: &Builtin) -> String {
    format!("${}({})", it.name, it.parameters)
}
