//! Indefinite paths (wildcards, slices, unions, `..`, filters), translated to the JSONPath
//! crate's query model and evaluated by it. This is the only file that knows the crate.
//!
//! What Jayway does otherwise than the crate stays on this side: a filter on an object tests the
//! object itself, and `$`, `$$` and variables inside a filter are read before the crate sees it.

use jsonpath_rust::parser::model as crate_model;
use jsonpath_rust::query::js_path_process;
use serde_json::Value;

use crate::expr::path::filter::{Comparison, Filter, Operand};
use crate::expr::path::syntax::{Segment, Selector};
use crate::expr::path::{Miss, Node, Path};
use crate::expr::{Scope, depth_within, ensure_shallow};
use crate::json;

/// The crate recurses once per level for `..`, several frames each.
const MAX_DESCENT: usize = 200;

/// Runs the segments through the crate, in stretches between filters.
pub(super) fn query_crate<'v>(
    data: &'v Value,
    segments: &[Segment],
    scope: &Scope,
) -> Result<Vec<Node<'v>>, Miss> {
    if segments.iter().any(|it| it.descendant) && !depth_within(data, MAX_DESCENT) {
        return Err(Miss::limit(format!(
            "The data is nested deeper than {MAX_DESCENT} levels, which “..” cannot search"
        )));
    }
    let mut nodes = vec![Node { value: data, normal: String::new() }];
    let mut stretch = Vec::new();
    for segment in segments {
        match &segment.selector {
            Selector::Filter(filter) if !segment.descendant => {
                nodes = run(nodes, std::mem::take(&mut stretch));
                nodes = keep(nodes, translate_filter(filter, scope))?;
            }
            _ => stretch.push(translate_segment(segment, scope)),
        }
    }
    Ok(run(nodes, stretch))
}

fn run(nodes: Vec<Node>, segments: Vec<crate_model::Segment>) -> Vec<Node> {
    if segments.is_empty() {
        return nodes;
    }
    let query = crate_model::JpQuery::new(segments);
    let found = nodes.into_iter().flat_map(|node| {
        let inner = js_path_process(&query, node.value).unwrap_or_default();
        inner.into_iter().map(move |it| Node {
            value: it.val,
            normal: format!("{}{}", node.normal, it.path.strip_prefix('$').unwrap_or_default()),
        })
    });
    found.collect()
}

/// Jayway's filter: on an array it keeps items, on an object it keeps or drops the object.
fn keep(nodes: Vec<Node>, filter: crate_model::Filter) -> Result<Vec<Node>, Miss> {
    let selector = crate_model::Selector::Filter(filter);
    let segments = vec![crate_model::Segment::Selector(selector)];
    let mut kept = Vec::new();
    for node in nodes {
        match node.value {
            Value::Array(_) => kept.extend(run(vec![node], segments.clone())),
            Value::Object(_) => {
                ensure_shallow(node.value).map_err(|it| Miss::limit(it.cause))?;
                let alone = Value::Array(vec![node.value.clone()]);
                let probe = Node { value: &alone, normal: String::new() };
                if !run(vec![probe], segments.clone()).is_empty() {
                    kept.push(node);
                }
            }
            _ => {}
        }
    }
    Ok(kept)
}

fn translate_segment(segment: &Segment, scope: &Scope) -> crate_model::Segment {
    use crate_model::Selector as Crate;
    let translated = match &segment.selector {
        Selector::Name(name) => crate_model::Segment::Selector(Crate::Name(name.clone())),
        Selector::Index(index) => crate_model::Segment::Selector(Crate::Index(*index)),
        Selector::Names(names) => {
            crate_model::Segment::Selectors(names.iter().cloned().map(Crate::Name).collect())
        }
        Selector::Indexes(indexes) => {
            crate_model::Segment::Selectors(indexes.iter().copied().map(Crate::Index).collect())
        }
        Selector::Slice(from, to) => crate_model::Segment::Selector(Crate::Slice(*from, *to, None)),
        Selector::Wildcard => crate_model::Segment::Selector(Crate::Wildcard),
        Selector::Filter(filter) => {
            crate_model::Segment::Selector(Crate::Filter(translate_filter(filter, scope)))
        }
    };
    match segment.descendant {
        true => crate_model::Segment::Descendant(Box::new(translated)),
        false => translated,
    }
}

fn translate_filter(filter: &Filter, scope: &Scope) -> crate_model::Filter {
    use crate_model::{Filter as Crate, FilterAtom};
    match filter {
        Filter::Any(filters) => Crate::Or(filters.iter().map(|it| translate_filter(it, scope)).collect()),
        Filter::All(filters) => Crate::And(filters.iter().map(|it| translate_filter(it, scope)).collect()),
        Filter::Not(inner) => Crate::Atom(FilterAtom::filter(translate_filter(inner, scope), true)),
        Filter::Exists(Operand::Item(segments)) => {
            let segments = segments.iter().map(|it| translate_segment(it, scope)).collect();
            Crate::Atom(FilterAtom::test(crate_model::Test::RelQuery(segments), false))
        }
        Filter::Exists(operand) => constant(resolve(operand, scope).is_some()),
        Filter::Compare(left, comparison, right) => compare(left, *comparison, right, scope),
        Filter::In(item, list) => match resolve(list, scope) {
            Some(Value::Array(choices)) => Crate::Or(
                choices
                    .into_iter()
                    .map(|it| compare(item, Comparison::Equal, &Operand::Literal(it), scope))
                    .collect(),
            ),
            _ => constant(false),
        },
        Filter::Matches(operand, pattern) => {
            let subject = match operand {
                Operand::Item(segments) => {
                    let segments = segments.iter().map(|it| translate_segment(it, scope)).collect();
                    crate_model::FnArg::Test(Box::new(crate_model::Test::RelQuery(segments)))
                }
                other => match resolve(other, scope).as_ref().and_then(literal) {
                    Some(it) => crate_model::FnArg::Literal(it),
                    None => return constant(false),
                },
            };
            let pattern = crate_model::FnArg::Literal(crate_model::Literal::String(pattern.clone()));
            let function = crate_model::TestFunction::Match(subject, pattern);
            Crate::Atom(FilterAtom::test(crate_model::Test::Function(Box::new(function)), false))
        }
    }
}

/// A number equals a text that spells it: Jayway compares across the two.
fn compare(left: &Operand, comparison: Comparison, right: &Operand, scope: &Scope) -> crate_model::Filter {
    use crate_model::Comparison as Crate;
    let atom = |left: &Operand, right: &Operand| {
        let (Some(left), Some(right)) = (comparable(left, scope), comparable(right, scope)) else {
            return constant(false);
        };
        let comparison = match comparison {
            Comparison::Equal | Comparison::NotEqual => Crate::Eq(left, right),
            Comparison::Less => Crate::Lt(left, right),
            Comparison::LessOrEqual => Crate::Lte(left, right),
            Comparison::Greater => Crate::Gt(left, right),
            Comparison::GreaterOrEqual => Crate::Gte(left, right),
        };
        crate_model::Filter::Atom(crate_model::FilterAtom::cmp(Box::new(comparison)))
    };
    let mut ways = vec![atom(left, right)];
    if matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
        ways.extend(other_spelling(right, scope).map(|it| atom(left, &it)));
        ways.extend(other_spelling(left, scope).map(|it| atom(&it, right)));
    }
    let any = crate_model::Filter::Or(ways);
    match comparison {
        Comparison::NotEqual => crate_model::Filter::Atom(crate_model::FilterAtom::filter(any, true)),
        _ => any,
    }
}

fn other_spelling(operand: &Operand, scope: &Scope) -> Option<Operand> {
    match resolve(operand, scope)? {
        Value::Number(number) => Some(Operand::Literal(Value::String(number.to_string()))),
        Value::String(text) => Some(Operand::Literal(Value::Number(json::number(&text)?))),
        _ => None,
    }
}

/// The value of an operand that does not depend on the item.
fn resolve(operand: &Operand, scope: &Scope) -> Option<Value> {
    match operand {
        Operand::Item(_) => None,
        Operand::Literal(value) => Some(value.clone()),
        Operand::Data(root, segments) => {
            let path = Path { text: String::new(), root: root.clone(), segments: segments.clone() };
            path.select(scope).ok()
        }
    }
}

fn comparable(operand: &Operand, scope: &Scope) -> Option<crate_model::Comparable> {
    use crate_model::{Comparable, SingularQuery, SingularQuerySegment};
    if let Operand::Item(segments) = operand {
        let steps = segments.iter().filter_map(|it| match &it.selector {
            Selector::Name(name) => Some(SingularQuerySegment::Name(name.clone())),
            Selector::Index(index) => Some(SingularQuerySegment::Index(*index)),
            _ => None,
        });
        return Some(Comparable::SingularQuery(SingularQuery::Current(steps.collect())));
    }
    resolve(operand, scope).as_ref().and_then(literal).map(Comparable::Literal)
}

fn literal(value: &Value) -> Option<crate_model::Literal> {
    use crate_model::Literal;
    match value {
        Value::Null => Some(Literal::Null),
        Value::Bool(it) => Some(Literal::Bool(*it)),
        Value::Number(it) => Some(match it.as_i64() {
            Some(integer) => Literal::Int(integer),
            None => Literal::Float(it.as_f64()?),
        }),
        Value::String(it) => Some(Literal::String(it.clone())),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn constant(holds: bool) -> crate_model::Filter {
    match holds {
        true => crate_model::Filter::And(Vec::new()),
        false => crate_model::Filter::Or(Vec::new()),
    }
}

/// `['a'][0]` to `/a/0`.
pub(super) fn pointer_from_normal(normal: &str) -> String {
    let mut pointer = String::new();
    let mut chars = normal.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '[' {
            continue;
        }
        pointer.push('/');
        let quoted = chars.next_if_eq(&'\'').is_some();
        while let Some(c) = chars.next() {
            match c {
                '\'' if quoted => break,
                ']' if !quoted => break,
                '\\' if quoted => match chars.next() {
                    Some('n') => pointer.push('\n'),
                    Some('r') => pointer.push('\r'),
                    Some('t') => pointer.push('\t'),
                    Some('b') => pointer.push('\u{8}'),
                    Some('f') => pointer.push('\u{c}'),
                    Some('u') => {
                        let code: String = chars.by_ref().take(4).collect();
                        pointer.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
                    }
                    other => pointer.extend(other),
                },
                '~' => pointer.push_str("~0"),
                '/' => pointer.push_str("~1"),
                c => pointer.push(c),
            }
        }
    }
    pointer
}
