//! Paths. A definite one becomes the same steps; an indefinite one builds its array in full view.

use serde_json::Value;

use crate::expr::convert::{Code, OWN_NAMES, Place, Why, quoted, step, why};
use crate::expr::path::filter::{Comparison, Filter, Operand};
use crate::expr::path::{Path, Root, Segment, Selector, is_single};
use crate::json;

/// The JSONata expression of a path.
pub fn jsonata_of_path(path: &Path, place: &Place) -> Result<Code, Why> {
    let root = match path.root() {
        Root::Input => place.input.clone(),
        Root::Context => Code::atom("$states.context"),
        Root::Variable(name) if OWN_NAMES.contains(&name.as_str()) => {
            return why(format!("the variable “${name}” has a name that the translation needs"));
        }
        Root::Variable(name) => Code::atom(format!("${name}")).maybe_array().missable(),
    };
    let segments = path.segments();
    let n_definite = segments.iter().take_while(|it| is_single(it)).count();
    let (before, after) = segments.split_at_checked(n_definite).unwrap_or((segments, &[]));
    let start = definite(&root, before)?;
    let Some((gathering, after)) = after.split_first() else { return Ok(start) };
    let text = path.text();
    if gathering.descendant {
        return why(format!("“{text}” searches at every depth"));
    }
    if !after.iter().all(|it| is_single(it) && matches!(it.selector, Selector::Name(_))) {
        return why(format!("“{text}” gathers more than once"));
    }
    let items = match &gathering.selector {
        Selector::Names(names) if after.is_empty() => return gathered(&start, names),
        Selector::Names(_) => return why(format!("“{text}” selects several names on the way")),
        Selector::Indexes(_) => return why(format!("“{text}” selects several items by number")),
        Selector::Wildcard => {
            let members = "$each($values, function($item) { $item })[]";
            let array = "$type($values) = 'array' ? $values";
            format!("[{array} : $type($values) = 'object' ? {members}]")
        }
        Selector::Slice(from, to) => {
            let limit = |sign: &str, bound: &Option<i64>| {
                bound.map(|it| match it < 0 {
                    true => format!("$index {sign} $count($values) - {}", it.unsigned_abs()),
                    false => format!("$index {sign} {it}"),
                })
            };
            let limits: Vec<String> = limit(">=", from).into_iter().chain(limit("<", to)).collect();
            let within = if limits.is_empty() { "true".to_string() } else { limits.join(" and ") };
            let source = "$type($values) = 'array' ? $values : []";
            format!("[$filter({source}, function($item, $index) {{ {within} }})[]]")
        }
        Selector::Filter(filter) => {
            let source = "$type($values) in ['array', 'object'] ? [$values] : []";
            let holds = condition(filter, text)?;
            format!("[$filter({source}, function($item) {{ {holds} }})[]]")
        }
        Selector::Name(_) | Selector::Index(_) => return why(format!("“{text}” cannot be read")),
    };
    let values = match after.is_empty() {
        true => format!("( $values := {}; {items} )", start.text),
        false => {
            let found = each(after)?;
            let found = format!("[$map($items, function($item) {{ {found} }})[]]");
            format!("( $values := {}; $items := {items}; {found} )", start.text)
        }
    };
    Ok(Code::atom(values).maybe_array())
}

fn definite(root: &Code, segments: &[Segment]) -> Result<Code, Why> {
    if segments.is_empty() {
        return Ok(root.clone());
    }
    let mut text = root.operand();
    for segment in segments {
        match &segment.selector {
            Selector::Index(index) => text.push_str(&format!("[{index}]")),
            Selector::Name(name) => text.push_str(&step(name)?),
            _ => {}
        }
    }
    Ok(Code::atom(text).maybe_array().missable())
}

/// `['a','b']` at the end: one object with those that are there. What is no object has no members to
/// choose from.
fn gathered(start: &Code, names: &[String]) -> Result<Code, Why> {
    let members: Result<Vec<String>, Why> = names
        .iter()
        .map(|name| Ok(format!("{}: {}{}", quoted(name), start.operand(), step(name)?)))
        .collect();
    let (start, members) = (start.operand(), members?.join(", "));
    Ok(Code::atom(format!("($type({start}) = 'object' ? {{{members}}} : $error('No object'))")))
}

/// The value below `$item`; nothing for an item that has no such names.
fn each(names: &[Segment]) -> Result<String, Why> {
    let mut text = "$item".to_string();
    let mut objects = Vec::new();
    for segment in names {
        objects.push(format!("$type({text}) = 'object'"));
        if let Selector::Name(name) = &segment.selector {
            text.push_str(&step(name)?);
        }
    }
    Ok(format!("{} ? {text}", objects.join(" and ")))
}

/// Recurses as deep as filters nest, which their parser bounds.
fn condition(filter: &Filter, path: &str) -> Result<String, Why> {
    let joined = |filters: &[Filter], word: &str| -> Result<String, Why> {
        let parts: Result<Vec<String>, Why> = filters.iter().map(|it| condition(it, path)).collect();
        Ok(format!("({})", parts?.join(word)))
    };
    match filter {
        Filter::Any(filters) => joined(filters, " or "),
        Filter::All(filters) => joined(filters, " and "),
        Filter::Not(inner) => Ok(format!("$not({})", condition(inner, path)?)),
        Filter::Exists(Operand::Item(segments)) => Ok(format!("$exists({})", of_item(segments, path)?)),
        Filter::Compare(Operand::Item(segments), comparison, Operand::Literal(literal)) => {
            compared(&of_item(segments, path)?, *comparison, literal, path)
        }
        Filter::Matches(..) => why(format!("“{path}” filters with a regular expression")),
        _ => why(format!("“{path}” filters by more than comparing a field with a value")),
    }
}

fn of_item(segments: &[Segment], path: &str) -> Result<String, Why> {
    if !segments.iter().all(is_single) {
        return why(format!("“{path}” filters by more than comparing a field with a value"));
    }
    definite(&Code::atom("$item"), segments).map(|it| it.text)
}

/// Jayway takes a number and the text that spells it for equal.
fn compared(item: &str, comparison: Comparison, literal: &Value, path: &str) -> Result<String, Why> {
    let (text, kind, twin) = match literal {
        Value::String(text) => {
            let twin = json::number(text).map(|it| it.to_string());
            (quoted(text), "string", twin)
        }
        Value::Number(number) => (number.to_string(), "number", Some(quoted(&number.to_string()))),
        Value::Null | Value::Bool(_) => (literal.to_string(), "", None),
        _ => return why(format!("“{path}” filters by more than comparing a field with a value")),
    };
    let equal = match twin {
        Some(twin) => format!("({item} = {text} or {item} = {twin})"),
        None => format!("{item} = {text}"),
    };
    let sign = match comparison {
        Comparison::Equal => return Ok(equal),
        Comparison::NotEqual => return Ok(format!("$not({equal})")),
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    };
    match kind {
        "" => why(format!("“{path}” asks whether something is more or less than {text}")),
        kind => Ok(format!("($type({item}) = '{kind}' and {item} {sign} {text})")),
    }
}
