//! Colors, completion and hover of JSONPath and of intrinsic function calls.

use serde_json::Value;

use crate::asl::Document;
use crate::expr::intrinsic::{Intrinsic, MANY, find};
use crate::expr::intrinsics;
use crate::studio::diff::{in_brackets, short};
use crate::studio::expressions::data::LastData;
use crate::studio::expressions::scope::{context_members, variables};
use crate::studio::expressions::site::{Kind, Spot};
use crate::studio::expressions::{
    Completion, CompletionKind, Completions, Hover, WordClass, WordSpan, fields_of, ranked, written_at,
};

/// A word of a path or a call.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    class: WordClass,
    start: usize,
    end: usize,
}

/// The words of a path or a call, however broken.
fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|it| it.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        let run = |belongs: fn(char) -> bool| rest.find(|it: char| !belongs(it)).unwrap_or(rest.len());
        let is_after_dot = found.last().is_some_and(|it| text.get(it.start..it.end) == Some("."));
        let (class, len) = match first {
            it if it.is_whitespace() => {
                at += it.len_utf8();
                continue;
            }
            '\'' => (WordClass::Text, quoted(rest)),
            '$' => {
                let sign = if rest.starts_with("$$") { 2 } else { 1 };
                let name = rest.get(sign..).unwrap_or_default();
                let name = if sign == 2 { 0 } else { name.find(|it| !is_word(it)).unwrap_or(name.len()) };
                (WordClass::Variable, sign + name)
            }
            '@' => (WordClass::Variable, 1),
            // A name of a path may hold nearly anything.
            it if is_after_dot && !matches!(it, '.' | '[' | '*' | ',' | '(' | ')') => (
                WordClass::Name,
                run(|it| !matches!(it, '.' | '[' | ',' | ')' | ']' | '=' | '<' | '>' | '!' | ' '))
                    .max(first.len_utf8()),
            ),
            it if it.is_ascii_digit() => (WordClass::Value, run(|it| it.is_ascii_digit() || it == '.')),
            it if is_word(it) => {
                let len = run(|it| is_word(it) || it == '.');
                let is_call = rest.starts_with("States.");
                (if is_call { WordClass::Function } else { WordClass::Value }, len)
            }
            it => (WordClass::Operator, it.len_utf8()),
        };
        found.push(Piece { class, start: at, end: at + len });
        at += len;
    }
    found
}

fn is_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

/// The length of a quoted text; without an end it goes to the end.
fn quoted(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, it) in rest.char_indices().skip(1) {
        match it {
            '\'' if !is_escaped => return at + 1,
            it => is_escaped = it == '\\' && !is_escaped,
        }
    }
    rest.len()
}

/// The colored words.
pub(super) fn words(spot: &Spot, found: &mut Vec<WordSpan>) {
    let pieces = pieces(&spot.text).into_iter();
    found.extend(pieces.map(|it| WordSpan { range: spot.range(it.start, it.end), class: it.class }));
}

/// What could be written.
pub(super) fn complete(
    document: &Document,
    spot: &Spot,
    data: Option<&LastData>,
    explicit: bool,
) -> Option<Completions> {
    let pieces = pieces(&spot.text);
    let next = pieces.partition_point(|it| it.end < spot.at);
    let current = pieces.get(next).filter(|it| it.start < spot.at);
    if current.is_some_and(|it| matches!(it.class, WordClass::Text)) {
        return None;
    }
    let is_name = |it: &&Piece| it.class != WordClass::Operator;
    let before = if current.filter(is_name).is_none() && current.is_some() { next + 1 } else { next };
    let current = current.filter(is_name);
    let start = current.map_or(spot.at, |it| it.start);
    let written = spot.text.get(start..spot.at)?;
    let text = |it: &Piece| spot.text.get(it.start..it.end).unwrap_or_default();
    let left = before.checked_sub(1).and_then(|it| pieces.get(it));
    let mut range = spot.range(start, spot.at);
    let items = if left.is_some_and(|it| text(it) == ".") {
        let left = left?;
        let base = base(&spot.text, &pieces, before - 1)?;
        let mut items = ranked(members(data, &base), written);
        // A name with signs goes into brackets, and the dot goes away.
        if items.iter().any(|it| it.insert.starts_with('[')) {
            range = spot.range(left.start, spot.at);
            for it in items.iter_mut().filter(|it| !it.insert.starts_with('[')) {
                it.insert.insert(0, '.');
            }
        }
        items
    } else if current.is_none() && !explicit {
        return None;
    } else {
        ranked(operands(document, spot, data), written)
    };
    Some(written_at(spot, range, items))
}

/// The path in front of a piece, beginning at its root; `@` of a filter is the data in front of it.
fn base(text: &str, pieces: &[Piece], before: usize) -> Option<String> {
    let mut depth = 0_usize;
    let last = pieces.get(before.checked_sub(1)?)?;
    let end = last.end;
    for (idx, piece) in pieces.iter().enumerate().take(before).rev() {
        let word = text.get(piece.start..piece.end).unwrap_or_default();
        match word {
            "]" => depth += 1,
            "[" if 0 < depth => depth -= 1,
            "@" if depth == 0 => {
                let open = pieces.iter().take(idx).rposition(|it| text.get(it.start..it.end) == Some("["))?;
                let around = base(text, pieces, open)?;
                let rest = text.get(piece.end..end)?;
                return Some(format!("{around}[*]{rest}"));
            }
            word if depth == 0 && word.starts_with('$') => {
                return text.get(piece.start..end).map(str::to_string);
            }
            "(" | "," if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn members(data: Option<&LastData>, base: &str) -> Vec<(String, Completion)> {
    let value = data.and_then(|it| it.query(base));
    let mut found = value.as_ref().map(keys).unwrap_or_default();
    if let Some(below) = base.strip_prefix("$$").map(|it| it.strip_prefix('.').unwrap_or(it)) {
        for (name, help) in context_members(below) {
            match found.iter_mut().find(|it| it.0 == name) {
                Some(known) => known.1.help = help.to_string(),
                None => found.push(member(name, String::new(), help, CompletionKind::Member)),
            }
        }
    }
    found
}

fn keys(value: &Value) -> Vec<(String, Completion)> {
    let key = |(name, value): (&String, &Value)| member(name, short(value), "", CompletionKind::Data);
    fields_of(value).into_iter().map(key).collect()
}

fn member(name: &str, detail: String, help: &str, kind: CompletionKind) -> (String, Completion) {
    let is_plain = !name.is_empty() && name.chars().all(|it| is_word(it) || it == '-');
    let insert = match is_plain {
        true => name.to_string(),
        false => in_brackets(name),
    };
    let it =
        Completion { label: name.to_string(), kind, detail, help: help.to_string(), insert, caret_back: 0 };
    (name.to_string(), it)
}

/// What a path or an argument can begin with.
fn operands(document: &Document, spot: &Spot, data: Option<&LastData>) -> Vec<(String, Completion)> {
    let mut found = Vec::new();
    let mut push = |label: String, detail: String, help: String| {
        let (insert, kind) = (label.clone(), CompletionKind::Variable);
        found.push((label.clone(), Completion { label, kind, detail, help, insert, caret_back: 0 }));
    };
    if spot.site.kind == Kind::ReferencePath {
        push("$".to_string(), String::new(), "The input of the state".to_string());
        return found;
    }
    let whole = data.and_then(|it| it.query("$")).map(|it| short(&it)).unwrap_or_default();
    push("$".to_string(), whole, "The data that comes in here".to_string());
    push(
        "$$".to_string(),
        String::new(),
        "The context object: the execution, the state, the item of a Map".to_string(),
    );
    for (name, state) in variables(document, &spot.site.state) {
        let value = data.and_then(|it| it.variable(&name)).map(short).unwrap_or_default();
        push(format!("${name}"), value, format!("A variable, set in “{state}”"));
    }
    if spot.site.kind == Kind::PathOrCall {
        found.extend(intrinsics().map(call));
    }
    found
}

fn call(it: &'static Intrinsic) -> (String, Completion) {
    let completion = Completion {
        label: it.name.to_string(),
        kind: CompletionKind::Function,
        detail: arguments(it),
        help: it.help.to_string(),
        insert: format!("{}()", it.name),
        caret_back: u32::from(it.arity.1 != 0),
    };
    (it.name.to_string(), completion)
}

/// `(array, index)`.
fn arguments(it: &Intrinsic) -> String {
    let more = if it.arity.1 == MANY { ", …" } else { "" };
    let args: Vec<String> = it
        .args
        .iter()
        .enumerate()
        .map(|(idx, name)| match it.arity.0 <= idx && it.arity.1 != MANY {
            true => format!("[{name}]"),
            false => (*name).to_string(),
        })
        .collect();
    format!("({}{more})", args.join(", "))
}

/// What the word at the place means.
pub(super) fn hover(spot: &Spot, data: Option<&LastData>) -> Option<Hover> {
    let pieces = pieces(&spot.text);
    let idx = pieces.iter().position(|it| it.start <= spot.at && spot.at < it.end)?;
    let piece = pieces.get(idx)?;
    let text = spot.text.get(piece.start..piece.end)?;
    if piece.class == WordClass::Function {
        let it = find(text)?;
        let title = format!("{}{}", it.name, arguments(it));
        let help = format!("{}; {} gives {}", it.help, it.example.0, it.example.1);
        return Some(Hover { range: spot.range(piece.start, piece.end), title, help, value: None });
    }
    if !matches!(piece.class, WordClass::Variable | WordClass::Name) {
        return None;
    }
    let path = base(&spot.text, &pieces, idx + 1)?;
    let value = data.and_then(|it| it.query(&path)).map(|it| short(&it));
    let help = path.strip_prefix("$$.").and_then(|below| {
        let (parent, name) = below.rsplit_once('.').unwrap_or(("", below));
        context_members(parent).find(|it| it.0 == name)
    });
    let help = help.map(|it| it.1.to_string()).unwrap_or_default();
    let is_known = value.is_some() || !help.is_empty();
    is_known.then(|| Hover { range: spot.range(piece.start, piece.end), title: path, help, value })
}
