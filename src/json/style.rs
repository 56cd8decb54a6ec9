//! How a text is laid out around a place, so that what is added looks as if its author had
//! written it: indentation, line ends, the space after a colon, one line or many.
//! The nearest example decides: siblings first, then what they are in, then the whole file.

use serde_json::Value;

use crate::json::string::quote;
use crate::json::tree::{NodeId, NodeKind, Tree};
use crate::text::TextRange;

/// Lists of plain values stay on one line up to this many characters.
pub(crate) const LONGEST_ON_ONE_LINE: usize = 80;
/// How many values of the file are looked at for a habit.
const MAX_EXAMPLES: u32 = 5_000;

/// The habits of a text near one place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Style {
    /// `\n` or `\r\n`.
    pub newline: &'static str,
    /// One level of indentation.
    pub unit: String,
    /// What stands between a name and its value.
    pub colon: String,
    /// What stands between values on one line.
    pub comma: String,
    /// Whether arrays of plain values are written on one line.
    pub inline_scalars: bool,
    /// Whether the whole text is one line.
    pub one_line: bool,
}

/// How the items of an object or array are set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// All on one line, with this between the brackets and the items.
    OneLine {
        /// Space inside the brackets.
        padding: String,
    },
    /// Each on a line of its own.
    Lines {
        /// The white space before every item.
        indent: String,
    },
}

impl Style {
    /// The style near a value.
    pub fn near(tree: &Tree, id: NodeId) -> Style {
        let text = tree.text();
        let newline = match text.find('\n') {
            Some(at) if at > 0 && text.as_bytes().get(at - 1) == Some(&b'\r') => "\r\n",
            _ => "\n",
        };
        let root = tree.range(tree.root()).slice(text);
        let one_line = !root.contains('\n') && tree.children(tree.root()).next().is_some();
        let colon = nearest(tree, id, |it| colon_in(tree, it));
        let comma = nearest(tree, id, |it| comma_in(tree, it));
        let spaced = if one_line { "" } else { " " };
        Style {
            newline,
            unit: nearest(tree, id, |it| unit_in(tree, it)).unwrap_or_else(|| "  ".to_owned()),
            colon: colon.unwrap_or_else(|| format!(":{spaced}")),
            comma: comma.unwrap_or_else(|| format!(",{spaced}")),
            inline_scalars: inline_scalars(tree),
            one_line,
        }
    }
}

impl Shape {
    /// How the items of an object or array are set, or should be when there are none.
    pub fn of(tree: &Tree, container: NodeId, style: &Style) -> Shape {
        let text = tree.text();
        let mut starts = item_ranges(tree, container).map(|it| it.start).peekable();
        match starts.peek().copied() {
            None if style.one_line => Shape::OneLine { padding: String::new() },
            None => {
                let outer = line_indent(text, tree.range(container).start);
                Shape::Lines { indent: format!("{outer}{}", style.unit) }
            }
            Some(first) => match starts.find(|it| starts_line(text, *it)) {
                Some(start) => Shape::Lines { indent: line_indent(text, start).to_owned() },
                None => {
                    let inside = TextRange::new(tree.range(container).start + 1, first);
                    Shape::OneLine { padding: inside.slice(text).to_owned() }
                }
            },
        }
    }

    /// How a value that is an item is written.
    pub fn render(&self, style: &Style, value: &Value) -> String {
        match self {
            Shape::OneLine { .. } => render_on_one_line(style, value),
            Shape::Lines { indent } => render(style, indent, value),
        }
    }

    /// What stands between two items.
    pub fn separator(&self, style: &Style) -> String {
        match self {
            Shape::OneLine { .. } => style.comma.clone(),
            Shape::Lines { indent } => format!(",{}{indent}", style.newline),
        }
    }
}

/// The ranges of the members or elements of a value.
pub(crate) fn item_ranges(tree: &Tree, container: NodeId) -> impl Iterator<Item = TextRange> + '_ {
    let members = tree.members(container).iter().map(|it| it.range);
    members.chain(tree.elements(container).iter().map(|it| tree.range(*it)))
}

/// The white space at the start of the line that an offset is on.
pub fn line_indent(text: &str, offset: usize) -> &str {
    let before = TextRange::new(0, offset).slice(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = TextRange::new(line_start, text.len()).slice(text);
    let n = line.bytes().take_while(|it| matches!(it, b' ' | b'\t')).count();
    TextRange::new(0, n).slice(line)
}

/// Whether only white space stands before an offset on its line, and the line is not the first.
pub(crate) fn starts_line(text: &str, offset: usize) -> bool {
    let before = TextRange::new(0, offset).slice(text);
    before.trim_end_matches([' ', '\t']).ends_with('\n')
}

/// A value over several lines; `indent` is the white space of the line it starts on.
pub fn render(style: &Style, indent: &str, value: &Value) -> String {
    let mut out = String::new();
    render_into(&mut out, style, indent, value, 0);
    out
}

/// A value without a line break.
pub fn render_on_one_line(style: &Style, value: &Value) -> String {
    let mut out = String::new();
    render_inline_into(&mut out, style, value, 0);
    out
}

/// Values nested deeper are cut: they could not have been read either.
const MAX_RENDER_DEPTH: usize = 1_000;

fn render_into(out: &mut String, style: &Style, indent: &str, value: &Value, depth: usize) {
    let is_plain = |it: &Value| !it.is_array() && !it.is_object();
    let inner = format!("{indent}{}", style.unit);
    let between = |out: &mut String, idx: usize| {
        out.push_str(if idx == 0 { "" } else { "," });
        out.push_str(style.newline);
        out.push_str(&inner);
    };
    match value {
        _ if style.one_line || depth > MAX_RENDER_DEPTH => render_inline_into(out, style, value, depth),
        Value::Array(items) if !items.is_empty() => {
            if style.inline_scalars && items.iter().all(is_plain) {
                let line = render_on_one_line(style, value);
                if line.chars().count() <= LONGEST_ON_ONE_LINE {
                    return out.push_str(&line);
                }
            }
            out.push('[');
            for (idx, item) in items.iter().enumerate() {
                between(out, idx);
                render_into(out, style, &inner, item, depth + 1);
            }
            out.push_str(style.newline);
            out.push_str(indent);
            out.push(']');
        }
        Value::Object(entries) if !entries.is_empty() => {
            out.push('{');
            for (idx, (name, item)) in entries.iter().enumerate() {
                between(out, idx);
                out.push_str(&quote(name));
                out.push_str(&style.colon);
                render_into(out, style, &inner, item, depth + 1);
            }
            out.push_str(style.newline);
            out.push_str(indent);
            out.push('}');
        }
        _ => render_inline_into(out, style, value, depth),
    }
}

fn render_inline_into(out: &mut String, style: &Style, value: &Value, depth: usize) {
    match value {
        _ if depth > MAX_RENDER_DEPTH => out.push_str("null"),
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => out.push_str(&quote(text)),
        Value::Array(items) => {
            out.push('[');
            for (idx, item) in items.iter().enumerate() {
                out.push_str(if idx == 0 { "" } else { &style.comma });
                render_inline_into(out, style, item, depth + 1);
            }
            out.push(']');
        }
        Value::Object(entries) => {
            out.push('{');
            for (idx, (name, item)) in entries.iter().enumerate() {
                out.push_str(if idx == 0 { "" } else { &style.comma });
                out.push_str(&quote(name));
                out.push_str(&style.colon);
                render_inline_into(out, style, item, depth + 1);
            }
            out.push('}');
        }
    }
}

/// The first answer on the way from a value to the root, and then among the root's children.
fn nearest<T>(tree: &Tree, id: NodeId, answer: impl Fn(NodeId) -> Option<T>) -> Option<T> {
    let down = tree.children(tree.root());
    tree.path_to_root(id).chain(down).find_map(answer)
}

fn unit_in(tree: &Tree, container: NodeId) -> Option<String> {
    let text = tree.text();
    let start = item_ranges(tree, container).map(|it| it.start).find(|it| starts_line(text, *it))?;
    // Looked for second: on a line of megabytes it takes a while, and there no item starts a line.
    let outer = line_indent(text, tree.range(container).start);
    let unit = line_indent(text, start).strip_prefix(outer)?;
    (!unit.is_empty()).then(|| unit.to_owned())
}

fn colon_in(tree: &Tree, container: NodeId) -> Option<String> {
    let between = tree
        .members(container)
        .iter()
        .map(|it| TextRange::new(it.key_range.end, tree.range(it.value).start).slice(tree.text()));
    let is_plain = |it: &&str| it.trim_matches([' ', '\t']) == ":";
    between.take(3).find(is_plain).map(str::to_owned)
}

fn comma_in(tree: &Tree, container: NodeId) -> Option<String> {
    let mut ranges = item_ranges(tree, container);
    let (first, second) = (ranges.next()?, ranges.next()?);
    let between = TextRange::new(first.end, second.start).slice(tree.text());
    (between.trim_matches([' ', '\t']) == ",").then(|| between.to_owned())
}

fn inline_scalars(tree: &Tree) -> bool {
    let n_nodes = u32::try_from(tree.n_nodes()).unwrap_or(u32::MAX).min(MAX_EXAMPLES);
    let is_plain = |it: &NodeId| !matches!(tree.kind(*it), NodeKind::Array | NodeKind::Object);
    let (mut n_inline, mut n_lines) = (0_usize, 0_usize);
    for array in (0..n_nodes).map(NodeId).filter(|it| tree.kind(*it) == NodeKind::Array) {
        if !tree.elements(array).is_empty() && tree.elements(array).iter().all(is_plain) {
            let inline = !tree.source(array).contains('\n');
            n_inline += usize::from(inline);
            n_lines += usize::from(!inline);
        }
    }
    n_inline > n_lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::parse;

    fn check(text: &str, expected: &str) {
        let tree = parse(text);
        let style = Style::near(&tree, tree.root());
        let shape = Shape::of(&tree, tree.root(), &style);
        assert_eq!(shape.render(&style, &json!({"x": [1, "a"], "y": {}})), expected, "{text}");
    }

    #[test]
    fn a_value_is_written_as_its_surroundings_are() {
        check("{}", "{\n    \"x\": [\n      1,\n      \"a\"\n    ],\n    \"y\": {}\n  }");
        check(r#"{"a":1,"b":2}"#, r#"{"x":[1,"a"],"y":{}}"#);
        check(r#"{ "a": 1, "b": 2 }"#, r#"{"x": [1, "a"], "y": {}}"#);
        check("{\r\n\t\"a\" : [1, 2]\r\n}", "{\r\n\t\t\"x\" : [1, \"a\"],\r\n\t\t\"y\" : {}\r\n\t}");
        check(
            "{\n   \"a\": {\"b\": 1}\n}",
            "{\n      \"x\": [\n         1,\n         \"a\"\n      ],\n      \"y\": {}\n   }",
        );
    }
}
