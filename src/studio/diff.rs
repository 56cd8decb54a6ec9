//! Shows two values side by side, line by line, with what was added, removed, changed or moved
//! marked in words. Bounded: a value of any size gives at most [`MAX_LINES`] lines.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::asl::names::escape;
use crate::studio::view::{DataLine, DataMark};

/// Lines shown of one value; the last one then says how many more there are.
const MAX_LINES: usize = 2_000;
/// Characters shown of one string.
const MAX_TEXT: usize = 1_000;
/// Values with more parts than this are compared without looking for moved parts.
const MAX_PARTS: usize = 5_000;
/// Parts of the second value for which the first one is searched.
const MAX_SEARCHES: usize = 400;

/// Both values as lines, with the differences marked.
pub fn diff(before: &Value, after: &Value) -> (Vec<DataLine>, Vec<DataLine>) {
    let marks = compare(before, after);
    (lines(before, &marks.before), lines(after, &marks.after))
}

/// One value as lines, nothing marked.
pub fn plain(value: &Value) -> Vec<DataLine> {
    lines(value, &Marks::new())
}

/// The mark of the value at a pointer. What lies inside a marked value has the same mark.
type Marks = BTreeMap<String, (DataMark, String)>;

#[derive(Default)]
struct BothMarks {
    before: Marks,
    after: Marks,
}

/// A part of a value with its address, once as a pointer and once as a path for people.
#[derive(Clone)]
struct Part<'v> {
    pointer: String,
    path: String,
    value: &'v Value,
}

fn compare(before: &Value, after: &Value) -> BothMarks {
    let mut marks = BothMarks::default();
    let mut parts: Option<Vec<Part>> = None;
    let mut n_searches = 0;
    let mut stack = vec![(Part::root(before), Part::root(after))];
    while let Some((old, new)) = stack.pop() {
        if old.value == new.value {
            continue;
        }
        let mut source_of = |part: &Part| {
            n_searches += 1;
            if n_searches > MAX_SEARCHES {
                return None;
            }
            find_equal(parts.get_or_insert_with(|| all_parts(before)), part)
        };
        match (old.value, new.value) {
            (Value::Object(old_map), Value::Object(new_map)) => {
                if let Some(source) = is_container(new.value).then(|| source_of(&new)).flatten() {
                    marks.moved(&source, &new);
                    continue;
                }
                for (key, value) in old_map {
                    match new_map.get(key) {
                        Some(new_value) => {
                            stack.push((old.member(key, value), new.member(key, new_value)));
                        }
                        None => marks.set_before(&old.member(key, value), DataMark::Removed, "removed"),
                    }
                }
                for (key, value) in new_map.iter().filter(|(key, _)| !old_map.contains_key(*key)) {
                    let part = new.member(key, value);
                    match source_of(&part) {
                        Some(source) => marks.moved(&source, &part),
                        None => marks.set_after(&part, DataMark::Added, "added"),
                    }
                }
            }
            (Value::Array(old_items), Value::Array(new_items)) => {
                compare_items(&old, old_items, &new, new_items, &mut stack, &mut marks);
            }
            _ => match source_of(&new) {
                Some(source) => marks.moved(&source, &new),
                None => {
                    marks.set_before(&old, DataMark::Changed, &format!("changed to {}", short(new.value)));
                    marks.set_after(&new, DataMark::Changed, &format!("changed from {}", short(old.value)));
                }
            },
        }
    }
    marks
}

/// Items at the start and at the end that are the same stay; those between are compared in order.
fn compare_items<'v>(
    old: &Part<'v>,
    old_items: &'v [Value],
    new: &Part<'v>,
    new_items: &'v [Value],
    stack: &mut Vec<(Part<'v>, Part<'v>)>,
    marks: &mut BothMarks,
) {
    let same_start = old_items.iter().zip(new_items).take_while(|(a, b)| a == b).count();
    let rest = old_items.len().min(new_items.len()) - same_start;
    let same_end =
        old_items.iter().rev().zip(new_items.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let old_middle =
        old_items.iter().enumerate().skip(same_start).take(old_items.len() - same_start - same_end);
    let new_middle =
        new_items.iter().enumerate().skip(same_start).take(new_items.len() - same_start - same_end);
    let (mut old_middle, mut new_middle) = (old_middle, new_middle);
    loop {
        match (old_middle.next(), new_middle.next()) {
            (Some((old_idx, a)), Some((new_idx, b))) => {
                stack.push((old.item(old_idx, a), new.item(new_idx, b)));
            }
            (Some((idx, value)), None) => {
                marks.set_before(&old.item(idx, value), DataMark::Removed, "removed");
            }
            (None, Some((idx, value))) => {
                marks.set_after(&new.item(idx, value), DataMark::Added, "added");
            }
            (None, None) => return,
        }
    }
}

impl BothMarks {
    fn set_before(&mut self, part: &Part, mark: DataMark, words: &str) {
        self.before.entry(part.pointer.clone()).or_insert_with(|| (mark, words.to_owned()));
    }

    fn set_after(&mut self, part: &Part, mark: DataMark, words: &str) {
        self.after.insert(part.pointer.clone(), (mark, words.to_owned()));
    }

    /// The source keeps its own mark unless it went away, which “moved to” explains better.
    fn moved(&mut self, source: &Part, target: &Part) {
        self.set_after(target, DataMark::Moved, &format!("moved from {}", source.path));
        let to = (DataMark::Moved, format!("moved to {}", target.path));
        // What was inside went along.
        let inside = format!("{}/", source.pointer);
        self.before.retain(|pointer, _| !pointer.starts_with(&inside));
        self.before.insert(source.pointer.clone(), to);
    }
}

impl<'v> Part<'v> {
    fn root(value: &'v Value) -> Part<'v> {
        Part { pointer: String::new(), path: "$".to_owned(), value }
    }

    fn member(&self, key: &str, value: &'v Value) -> Part<'v> {
        Part {
            pointer: format!("{}/{}", self.pointer, escape(key)),
            path: path_below(&self.path, key),
            value,
        }
    }

    fn item(&self, idx: usize, value: &'v Value) -> Part<'v> {
        Part { pointer: format!("{}/{idx}", self.pointer), path: format!("{}[{idx}]", self.path), value }
    }
}

/// Every part of a value, outer ones first; none at all when there are too many.
fn all_parts(root: &Value) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut stack = vec![Part::root(root)];
    while let Some(part) = stack.pop() {
        match part.value {
            Value::Object(map) => stack.extend(map.iter().rev().map(|(key, it)| part.member(key, it))),
            Value::Array(items) => {
                stack.extend(items.iter().enumerate().rev().map(|(idx, it)| part.item(idx, it)));
            }
            _ => {}
        }
        parts.push(part);
        if parts.len() + stack.len() > MAX_PARTS {
            return Vec::new();
        }
    }
    parts
}

/// Where the same value stood before. Equal values that mean nothing (true, 0, "") and values
/// that stand in several places under other names are no evidence of a move.
fn find_equal<'v>(parts: &[Part<'v>], part: &Part) -> Option<Part<'v>> {
    let telling = match part.value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    };
    if !telling {
        return None;
    }
    let same: Vec<&Part> =
        parts.iter().filter(|it| it.value == part.value && it.pointer != part.pointer).collect();
    match same.as_slice() {
        [only] => Some((*only).clone()),
        several => {
            let name = part.pointer.rsplit('/').next();
            several.iter().find(|it| it.pointer.rsplit('/').next() == name).map(|it| (*it).clone())
        }
    }
}

fn is_container(value: &Value) -> bool {
    matches!(value, Value::Object(map) if !map.is_empty())
        || matches!(value, Value::Array(it) if !it.is_empty())
}

/// The path of a member: `$.total`, `$['a b']`.
pub(crate) fn path_below(path: &str, key: &str) -> String {
    let is_plain = key.chars().all(|it| it.is_alphanumeric() || it == '_') && !key.is_empty();
    if is_plain { format!("{path}.{key}") } else { format!("{path}{}", in_brackets(key)) }
}

/// A name of a path that has other signs than letters.
pub(crate) fn in_brackets(name: &str) -> String {
    format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A value in a few words.
pub fn short(value: &Value) -> String {
    match value {
        Value::Object(map) => crate::studio::words::count(map.len(), "key", "keys"),
        Value::Array(items) => crate::studio::words::count(items.len(), "item", "items"),
        Value::String(text) => cut(&quoted(text), 40),
        scalar => scalar.to_string(),
    }
}

enum Piece<'v> {
    Value { key: Option<String>, part: Part<'v>, depth: u32, comma: bool, inherited: DataMark },
    Close { text: String, pointer: String, depth: u32, mark: DataMark },
}

fn lines(root: &Value, marks: &Marks) -> Vec<DataLine> {
    let mut lines = Vec::new();
    let mut stack = vec![Piece::Value {
        key: None,
        part: Part::root(root),
        depth: 0,
        comma: false,
        inherited: DataMark::Kept,
    }];
    let mut n_left = 0;
    while let Some(piece) = stack.pop() {
        if lines.len() >= MAX_LINES {
            n_left += n_lines(&piece);
            continue;
        }
        match piece {
            Piece::Close { text, pointer, depth, mark } => {
                lines.push(DataLine { depth, text, pointer, mark, words: String::new() });
            }
            Piece::Value { key, part, depth, comma, inherited } => {
                let (mark, words) = marks.get(&part.pointer).cloned().unwrap_or((inherited, String::new()));
                let comma = if comma { "," } else { "" };
                let key = key.map(|it| format!("{}: ", quoted(&it))).unwrap_or_default();
                let (open, close) = match part.value {
                    Value::Object(map) if !map.is_empty() => ("{", "}"),
                    Value::Array(items) if !items.is_empty() => ("[", "]"),
                    scalar => {
                        let text = format!("{key}{}{comma}", scalar_text(scalar));
                        lines.push(DataLine { depth, text, pointer: part.pointer, mark, words });
                        continue;
                    }
                };
                let text = format!("{key}{open}");
                lines.push(DataLine { depth, text, pointer: part.pointer.clone(), mark, words });
                let text = format!("{close}{comma}");
                stack.push(Piece::Close { text, pointer: part.pointer.clone(), depth, mark });
                stack.extend(children(&part, depth + 1, mark).into_iter().rev());
            }
        }
    }
    if n_left > 0 {
        let text = format!("… {} more lines", crate::studio::words::grouped(n_left));
        lines.push(DataLine {
            depth: 0,
            text,
            pointer: String::new(),
            mark: DataMark::Kept,
            words: String::new(),
        });
    }
    lines
}

fn children<'v>(part: &Part<'v>, depth: u32, inherited: DataMark) -> Vec<Piece<'v>> {
    let child = |key: Option<String>, part: Part<'v>, comma: bool| Piece::Value {
        key,
        part,
        depth,
        comma,
        inherited,
    };
    match part.value {
        Value::Object(map) => map
            .iter()
            .enumerate()
            .map(|(idx, (key, it))| child(Some(key.clone()), part.member(key, it), idx + 1 < map.len()))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(idx, it)| child(None, part.item(idx, it), idx + 1 < items.len()))
            .collect(),
        _ => Vec::new(),
    }
}

fn n_lines(piece: &Piece) -> usize {
    let Piece::Value { part, .. } = piece else { return 1 };
    let mut n_lines = 0;
    let mut stack = vec![part.value];
    while let Some(value) = stack.pop() {
        n_lines += if is_container(value) { 2 } else { 1 };
        match value {
            Value::Object(map) => stack.extend(map.values()),
            Value::Array(items) => stack.extend(items),
            _ => {}
        }
    }
    n_lines
}

fn scalar_text(value: &Value) -> String {
    match value {
        Value::String(text) if text.chars().count() > MAX_TEXT => {
            let n_more = text.chars().count() - MAX_TEXT;
            let start: String = text.chars().take(MAX_TEXT).collect();
            format!("{} … {} more characters", quoted(&start), crate::studio::words::grouped(n_more))
        }
        Value::String(text) => quoted(text),
        Value::Object(_) => "{}".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        scalar => scalar.to_string(),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn cut(text: &str, n_chars: usize) -> String {
    crate::studio::words::cut(text, n_chars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// One line for each marked line: sign of the side, text, words.
    #[track_caller]
    fn check(before: Value, after: Value, expected: &[&str]) {
        let (old, new) = diff(&before, &after);
        let told = |side: &'static str| {
            move |it: &DataLine| format!("{side} {} {}", it.text, it.words).trim_end().to_owned()
        };
        let marked: Vec<String> = old
            .iter()
            .filter(|it| it.mark != DataMark::Kept)
            .map(told("-"))
            .chain(new.iter().filter(|it| it.mark != DataMark::Kept).map(told("+")))
            .collect();
        assert_eq!(marked, expected);
    }

    #[test]
    fn added_removed_and_changed_members_are_told_apart() {
        check(
            json!({"a": 1, "b": 2, "c": true}),
            json!({"a": 1, "b": 3, "d": "new"}),
            &[
                r#"- "b": 2, changed to 3"#,
                r#"- "c": true removed"#,
                r#"+ "b": 3, changed from 2"#,
                r#"+ "d": "new" added"#,
            ],
        );
    }

    #[test]
    fn a_value_found_under_another_name_has_moved() {
        check(
            json!({"order": {"total": 90, "id": "A"}}),
            json!({"amount": 90, "token": "tok"}),
            &[
                r#"- "order": { removed"#,
                r#"- "total": 90, moved to $.amount"#,
                r#"- "id": "A""#,
                "- }",
                r#"+ "amount": 90, moved from $.order.total"#,
                r#"+ "token": "tok" added"#,
            ],
        );
    }

    #[test]
    fn choosing_a_part_moves_it_as_a_whole() {
        check(
            json!({"order": {"id": "A"}, "n": 1}),
            json!({"id": "A"}),
            &[
                r#"- "order": { moved to $"#,
                r#"- "id": "A""#,
                "- },",
                "+ { moved from $.order",
                r#"+ "id": "A""#,
                "+ }",
            ],
        );
    }

    #[test]
    fn a_new_item_in_front_leaves_the_others_alone() {
        check(json!([1, 2, 3]), json!([9, 1, 2, 3]), &["+ 9, added"]);
        check(json!([1, 2, 3]), json!([1, 3]), &["- 2, removed"]);
    }

    #[test]
    fn trivial_values_are_never_moved() {
        check(json!({"a": true}), json!({"b": true}), &[r#"- "a": true removed"#, r#"+ "b": true added"#]);
        check(json!({"a": 0}), json!({"b": 0}), &[r#"- "a": 0 removed"#, r#"+ "b": 0 added"#]);
    }

    #[test]
    fn equal_values_have_no_marks() {
        check(json!({"a": [1, {"b": null}]}), json!({"a": [1, {"b": null}]}), &[]);
    }

    #[test]
    fn big_values_end_with_a_count() {
        let value = Value::from((0..5_000).collect::<Vec<i32>>());
        let lines = plain(&value);
        assert_eq!(lines.len(), MAX_LINES + 1);
        assert_eq!(lines.last().unwrap().text, "… 3,002 more lines");
    }

    #[test]
    fn deep_values_do_not_recurse() {
        let mut value = Value::Null;
        for _ in 0..1_000 {
            value = Value::Array(vec![value]);
        }
        assert_eq!(plain(&value).len(), 2_001, "1,000 lines down, null, and 999 lines up before the cut");
    }
}
