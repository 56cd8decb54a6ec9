//! The edits that fixes are made of. They are worked out while somebody types, for every problem,
//! so they look at the members beside the place and never at the whole text.

use crate::json::{Member, NodeId, Tree, quote};
use crate::text::{TextEdit, TextRange};

/// Takes a member away with its comma and its line.
pub fn remove(tree: &Tree, object: NodeId, member: &Member) -> TextEdit {
    let members = tree.members(object);
    let idx = members.partition_point(|it| it.range.start < member.range.start);
    let before = idx.checked_sub(1).and_then(|it| members.get(it));
    match (before, members.get(idx + 1)) {
        (_, Some(next)) => TextEdit::delete(TextRange::new(member.range.start, next.range.start)),
        (Some(before), None) => TextEdit::delete(TextRange::new(before.range.end, member.range.end)),
        (None, None) => {
            let range = tree.range(object);
            TextEdit::delete(TextRange::new(range.start + 1, range.end.saturating_sub(1)))
        }
    }
}

/// Adds a member behind the last one, spaced as that is. `json` is the text of its value.
pub fn add(tree: &Tree, object: NodeId, name: &str, json: &str) -> TextEdit {
    let members = tree.members(object);
    let Some((last, before)) = members.split_last() else {
        return TextEdit::insert(tree.range(object).start + 1, format!("{}: {json}", quote(name)));
    };
    let gap_start = before.last().map_or(tree.range(object).start + 1, |it| it.range.end);
    let gap = TextRange::new(gap_start, last.range.start).slice(tree.text());
    // Of a comma and the white space around it, only what comes behind the comma.
    let gap = gap.split_once(',').map_or(gap, |(_, behind)| behind);
    let colon = TextRange::new(last.key_range.end, tree.range(last.value).start).slice(tree.text());
    TextEdit::insert(last.range.end, format!(",{gap}{}{colon}{json}", quote(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[track_caller]
    fn check_remove(before: &str, name: &str, after: &str) {
        let tree = parse(before);
        let member = tree.member(tree.root(), name).unwrap();
        assert_eq!(remove(&tree, tree.root(), member).apply(before), after);
    }

    #[test]
    fn a_member_goes_with_its_comma_and_line() {
        check_remove(r#"{"a":1,"b":2}"#, "a", r#"{"b":2}"#);
        check_remove(r#"{"a":1,"b":2}"#, "b", r#"{"a":1}"#);
        check_remove("{\n  \"a\": 1,\n  \"b\": 2\n}", "a", "{\n  \"b\": 2\n}");
        check_remove("{\n  \"a\": 1,\n  \"b\": 2\n}", "b", "{\n  \"a\": 1\n}");
        check_remove("{\n  \"a\": 1\n}", "a", "{}");
    }

    #[track_caller]
    fn check_add(before: &str, after: &str) {
        let tree = parse(before);
        assert_eq!(add(&tree, tree.root(), "End", "true").apply(before), after);
    }

    #[test]
    fn a_member_comes_as_its_neighbors_stand() {
        check_add("{}", r#"{"End": true}"#);
        check_add(r#"{"a":1}"#, r#"{"a":1,"End":true}"#);
        check_add(r#"{ "a": 1, "b": 2 }"#, r#"{ "a": 1, "b": 2, "End": true }"#);
        check_add("{\r\n\t\"a\" : 1\r\n}", "{\r\n\t\"a\" : 1,\r\n\t\"End\" : true\r\n}");
        check_add("{\n  \"a\": 1,\n  \"b\": 2\n}", "{\n  \"a\": 1,\n  \"b\": 2,\n  \"End\": true\n}");
    }
}
