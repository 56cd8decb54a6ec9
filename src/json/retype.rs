//! Typing inside of a string or number: the tree keeps its shape and every value its id, only
//! places move. Most keys are of this kind, and in a large document reading all of it again takes
//! far longer than moving the places.

use std::sync::Arc;

use crate::json::builder::small;
use crate::json::lexer::{TokenKind, lex};
use crate::json::string::first_fault;
use crate::json::tree::{NodeId, NodeKind, Tree};
use crate::text::{Shift, TextEdit};

/// An edit that changes what one string or number says and nothing else of a tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retyped {
    /// The value, under the id that it has before and after.
    pub leaf: NodeId,
    /// Where places go.
    pub shift: Shift,
}

impl Tree {
    /// Whether an edit stays inside of one value of valid JSON and leaves it valid.
    pub fn retyped(&self, edit: &TextEdit) -> Option<Retyped> {
        let [indel] = edit.indels() else { return None };
        let old = indel.delete;
        let leaf = self.node_at(old.start);
        let range = self.range(leaf);
        let kind = self.kind(leaf);
        let is_inside = match kind {
            NodeKind::String => range.start < old.start && old.end < range.end,
            // What is typed before a number could as well belong to what stands there.
            NodeKind::Number => range.start <= old.start && range.start < old.end && old.end <= range.end,
            _ => false,
        };
        if !is_inside || !self.is_valid() {
            return None;
        }
        let before = self.text().get(range.start..old.start)?;
        let after = self.text().get(old.end..range.end)?;
        let source = [before, &indel.insert, after].concat();
        let is_sound = match (kind, lex(&source).as_slice()) {
            (_, [] | [_] | [_, _, _, ..]) => false,
            (NodeKind::Number, [token, _]) => token.kind == TokenKind::Number,
            (_, [token, _]) => match token.kind {
                TokenKind::String => true,
                TokenKind::EscapedString => first_fault(&source).is_none(),
                _ => false,
            },
        };
        is_sound.then_some(Retyped { leaf, shift: Shift { old, n_new: indel.insert.len() } })
    }

    /// Makes it the tree of the text after an edit that stays inside of a value.
    pub fn retype(&mut self, shift: Shift, text: Arc<str>) {
        let data = Arc::make_mut(&mut self.data);
        data.text = text;
        data.tokens = Default::default();
        for node in &mut data.nodes {
            node.start = small(shift.start(node.start as usize));
            node.end = small(shift.end(node.end as usize));
        }
        for member in &mut data.members {
            member.key_range = shift.range(member.key_range);
            member.range = shift.range(member.range);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use crate::text::TextRange;

    const TEXT: &str =
        "{\"a\": [12, \"b\\n\", -1.5e3], \"é\": {\"ö\": \"über x\"},\n \"n\": 7, \"t\": true, \"\": \"\"}";

    #[test]
    fn the_tree_is_as_if_read_anew() {
        let tree = parse(TEXT);
        let mut n_kept = 0;
        let places = (0..=TEXT.len())
            .flat_map(|start| (start..TEXT.len().min(start + 4)).map(move |end| (start, end)));
        for (start, end) in places {
            for typed in ["", "x", "3", "\"", "\\", "\\u0041", "é", ".", "\n", " ", "-", "}", "//", "${N}"] {
                let edit = TextEdit::replace(TextRange::new(start, end), typed);
                let Some(retyped) = tree.retyped(&edit) else { continue };
                let text: Arc<str> = edit.apply(TEXT).into();
                let mut moved = tree.clone();
                moved.retype(retyped.shift, text.clone());
                let anew = parse(text.clone());
                assert_eq!(moved.tokens(), anew.tokens());
                assert_eq!(
                    format!("{:?}", moved.data),
                    format!("{:?}", anew.data),
                    "“{typed}” at {start}..{end}"
                );
                n_kept += 1;
            }
        }
        assert!(200 < n_kept, "{n_kept}");
    }

    #[test]
    fn what_could_change_more_than_a_value_is_read_anew() {
        let tree = parse(TEXT);
        let check = |needle: &str, add: usize, typed: &str, kept: bool| {
            let edit = TextEdit::insert(TEXT.find(needle).unwrap() + add, typed);
            assert_eq!(tree.retyped(&edit).is_some(), kept, "“{typed}” at {needle} + {add}");
        };
        check("über", 3, "y", true);
        check("über", 3, "\"", false);
        check("über", 3, "\n", false);
        check("12", 2, "3", true);
        check("12", 0, "3", false);
        check("12", 2, "x", false);
        check("\"a\"", 1, "x", false);
        check("true", 2, "x", false);
        check("{", 1, " ", false);
        assert_eq!(parse("{\"a\": \"b\" \"c\": 1}").retyped(&TextEdit::insert(7, "x")), None);
    }
}
