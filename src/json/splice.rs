//! The one place that knows who owns a comma: changes the list of items of an object or array.
//!
//! Items that stay are never touched, and neither is what lies between two of them that stay
//! neighbors. So the edits for different gaps are disjoint, and each is as small as can be.

use crate::json::style::{Shape, Style, item_ranges, line_indent, starts_line};
use crate::json::tree::{NodeId, NodeKind, Tree};
use crate::text::{TextEditBuilder, TextRange};

/// What a place in the new list holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    /// The item that was the nth of the old list. Kept items keep their order.
    Kept(usize),
    /// A new item, written as it will stand.
    New(String),
}

/// Adds to an edit what makes the items of a container the given ones.
pub(crate) fn splice(
    edit: &mut TextEditBuilder,
    tree: &Tree,
    container: NodeId,
    items: &[Item],
    shape: &Shape,
    style: &Style,
) {
    let old: Vec<TextRange> = item_ranges(tree, container).collect();
    let kept = items.iter().filter(|it| matches!(it, Item::Kept(_))).count();
    let news: Vec<&str> = items.iter().filter_map(new_text).collect();
    match (kept, old.is_empty(), news.is_empty()) {
        (0, true, true) => {}
        (0, true, false) => edit_whole(edit, tree, container, &news, shape, style),
        (0, false, true) => edit_whole(edit, tree, container, &[], shape, style),
        _ => edit_gaps(edit, tree.text(), &old, items, &shape.separator(style)),
    }
}

fn new_text(item: &Item) -> Option<&str> {
    match item {
        Item::New(text) => Some(text),
        Item::Kept(_) => None,
    }
}

/// Writes the container anew, brackets included: so two such edits collide instead of putting
/// two members side by side without a comma.
fn edit_whole(
    edit: &mut TextEditBuilder,
    tree: &Tree,
    container: NodeId,
    news: &[&str],
    shape: &Shape,
    style: &Style,
) {
    let range = tree.range(container);
    let (open, close) = match tree.kind(container) {
        NodeKind::Object => ("{", "}"),
        _ => ("[", "]"),
    };
    let inside = news.join(&shape.separator(style));
    let text = match shape {
        _ if news.is_empty() => format!("{open}{close}"),
        Shape::OneLine { padding } => format!("{open}{padding}{inside}{padding}{close}"),
        Shape::Lines { indent } => {
            let (newline, outer) = (style.newline, line_indent(tree.text(), range.start));
            format!("{open}{newline}{indent}{inside}{newline}{outer}{close}")
        }
    };
    edit.replace(range, text);
}

/// Goes through the gaps between the items that stay.
fn edit_gaps(edit: &mut TextEditBuilder, text: &str, old: &[TextRange], items: &[Item], separator: &str) {
    let mut news: Vec<&str> = Vec::new();
    let mut before: Option<usize> = None;
    for item in items {
        match item {
            Item::New(text) => news.push(text),
            Item::Kept(idx) => {
                edit_gap(edit, text, old, before, Some(*idx), &news, separator);
                news.clear();
                before = Some(*idx);
            }
        }
    }
    edit_gap(edit, text, old, before, None, &news, separator);
}

/// The gap between two items that stay; `None` is the start or the end of the list.
fn edit_gap(
    edit: &mut TextEditBuilder,
    text: &str,
    old: &[TextRange],
    before: Option<usize>,
    after: Option<usize>,
    news: &[&str],
    separator: &str,
) {
    let first_gone = before.map_or(0, |idx| idx + 1);
    let gone = old.get(first_gone..after.unwrap_or(old.len())).unwrap_or_default();
    let before = before.and_then(|idx| old.get(idx));
    let after = after.and_then(|idx| old.get(idx));
    match (gone, news) {
        ([], []) => {}
        ([], _) => match (before, after) {
            (Some(before), _) => {
                let text: String = news.iter().flat_map(|it| [separator, it]).collect();
                edit.insert(before.end, text);
            }
            (None, Some(after)) => {
                let text: String = news.iter().flat_map(|it| [it, separator]).collect();
                edit.insert(after.start, text);
            }
            (None, None) => {}
        },
        ([first, ..], []) => match (before, after) {
            (_, Some(after)) => {
                edit.delete(TextRange::new(
                    line_start(text, *first, *after),
                    line_start(text, *after, *first),
                ));
            }
            (Some(before), None) => {
                let end = gone.last().map_or(first.end, |it| it.end);
                edit.delete(TextRange::new(before.end, end));
            }
            (None, None) => {}
        },
        ([first, ..], _) => {
            let end = gone.last().map_or(first.end, |it| it.end);
            edit.replace(TextRange::new(first.start, end), news.join(separator));
        }
    }
}

/// Where an item that goes, or the one behind it that stays, begins: with the white space before
/// it when both start a line, so that what stays keeps its own indentation.
fn line_start(text: &str, item: TextRange, other: TextRange) -> usize {
    if !starts_line(text, item.start) || !starts_line(text, other.start) {
        return item.start;
    }
    let (own, others) = (line_indent(text, item.start), line_indent(text, other.start));
    if own == others { item.start } else { item.start - own.len() }
}

/// A text at the left margin, as it stands at an indentation.
pub fn fit(text: &str, style: &Style, indent: &str) -> String {
    let mut lines = text.split('\n').map(|it| it.strip_suffix('\r').unwrap_or(it));
    let mut fitted = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        fitted.push_str(style.newline);
        if !line.is_empty() {
            fitted.push_str(indent);
            fitted.push_str(line);
        }
    }
    fitted
}

/// A part of a text, its lines after the first moved to the left by the indentation of the line
/// it starts on.
pub fn dedent(text: &str, range: TextRange) -> String {
    let indent = line_indent(text, range.start);
    let mut lines = range.slice(text).split('\n');
    let mut moved = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        moved.push('\n');
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        let line_start = TextRange::new(indent.len().min(blank), line.len());
        moved.push_str(line.strip_prefix(indent).unwrap_or(line_start.slice(line)));
    }
    moved
}
