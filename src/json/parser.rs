//! From tokens to the tree. Never fails: broken text gives the tree of what is there and one
//! error for each cause.
//!
//! A valid text is read in one strict pass that knows nothing of layout. Only when that pass
//! meets a fault the text is read again with recovery, where indentation (`recover.rs`) tells
//! which bracket is missing or too many. So layout can never change what a valid text means.
//!
//! No recursion: open objects and arrays are frames on an explicit stack.

use std::sync::Arc;

use crate::json::builder::{Builder, Expect, Key, Opening};
use crate::json::cursor::Cursor;
use crate::json::lexer::{Token, TokenKind, lex};
use crate::json::recover::{Layout, Mismatch};
use crate::json::string::{decode, first_fault};
use crate::json::tree::{NodeKind, Tree, TreeData};
use crate::json::wording::{close_of, conflict_message, quoted, word_message};
use crate::text::Arrange;
use crate::text::TextRange;

/// Objects and arrays nested deeper than this become `Missing`.
pub const MAX_DEPTH: usize = 100_000;

/// The tree of a text, whatever the text.
pub fn parse(text: impl Into<Arc<str>>) -> Tree {
    let text = text.into();
    let tokens = lex(&text);
    let data = match Parser::new(&text, &tokens, None).run() {
        Some(data) => data,
        None => {
            let layout = Layout::new(&text, &tokens);
            Parser::new(&text, &tokens, Some(layout)).run().unwrap_or_default()
        }
    };
    Tree::new(TreeData { text: text.clone(), tokens: tokens.into(), ..data })
}

pub(crate) struct Parser<'t> {
    text: &'t str,
    pub(crate) tokens: Cursor<'t>,
    /// `None` in the strict pass, which gives up at the first error.
    layout: Option<Layout>,
    pub(crate) out: Builder,
}

impl<'t> Parser<'t> {
    pub(crate) fn new(text: &'t str, tokens: &'t [Token], layout: Option<Layout>) -> Parser<'t> {
        Parser { text, tokens: Cursor::new(text, tokens), layout, out: Builder::new() }
    }

    /// `None` when the strict pass met a fault.
    fn run(mut self) -> Option<TreeData> {
        self.remarks();
        self.root();
        while !self.out.frames.is_empty() {
            self.step();
            if self.out.failed && self.layout.is_none() {
                return None;
            }
        }
        if self.tokens.kind() != TokenKind::End {
            let range = TextRange::new(self.tokens.range().start, self.text.trim_end().len());
            self.out.error(range, "Text after the end of the document".to_owned(), Some("the end"));
        }
        while self.tokens.kind() != TokenKind::End {
            self.advance();
        }
        if self.out.failed && self.layout.is_none() {
            return None;
        }
        self.out.data.errors.arrange_by_key(|it| it.range.start);
        Some(self.out.data)
    }

    fn root(&mut self) {
        while self.out.frames.is_empty() && !self.out.done {
            match self.tokens.kind() {
                TokenKind::End => {
                    let range = TextRange::empty(self.text.len());
                    let message = "The document is empty: start with “{”";
                    self.out.error(range, message.to_owned(), Some("“{”"));
                    self.out.missing(TextRange::empty(self.tokens.last().end));
                }
                kind if kind.is_string() && self.tokens.is_name() => {
                    self.out.error(
                        self.tokens.range(),
                        "Expected “{” before the first name".to_owned(),
                        Some("“{”"),
                    );
                    self.open(NodeKind::Object, false, true);
                }
                TokenKind::Word | TokenKind::Stray if self.layout.is_some() && self.tokens.opens_later() => {
                    self.out.error(self.tokens.range(), "Expected “{”".to_owned(), Some("“{”"));
                    while !self.tokens.opens() {
                        self.advance();
                    }
                }
                _ => self.value(),
            }
        }
    }

    /// Takes at least one token or closes at least one frame.
    pub(crate) fn step(&mut self) {
        let Some(frame) = self.out.frames.last() else {
            return;
        };
        let (kind, expect) = (frame.kind, frame.expect);
        match (self.tokens.kind(), kind, expect) {
            (TokenKind::End, ..) => self.end(),
            (TokenKind::CloseBrace | TokenKind::CloseBracket, _, _) => self.closer(),
            (TokenKind::Comma, _, _) => self.comma(),
            (_, NodeKind::Object, Expect::Value) => self.member_value(),
            (_, NodeKind::Object, Expect::Item | Expect::ItemOrClose) => self.key(),
            (_, _, Expect::CommaOrClose) => self.unseparated(),
            (token, ..) if token.is_string() && self.tokens.is_name() => self.key_in_array(),
            _ => self.value(),
        }
    }

    fn comma(&mut self) {
        let Some(frame) = self.out.frames.last() else { return };
        let mut silent = frame.silent && frame.after_orphan;
        let in_array = frame.kind == NodeKind::Array;
        match frame.expect {
            Expect::CommaOrClose => {}
            Expect::Value => self.no_value(),
            Expect::Item | Expect::ItemOrClose => {
                let message = "Unexpected “,”: nothing stands before it".to_owned();
                self.out.error(self.tokens.range(), message, None);
                silent = true;
            }
        }
        self.advance();
        self.out.expect(Expect::Item);
        if silent || (self.finds_feet() && (in_array || self.tokens.is_name())) {
            self.out.set_silent(silent);
        }
    }

    /// Whether a fault that was told before ends here at the latest: with its line.
    fn finds_feet(&self) -> bool {
        self.layout.as_ref().is_none_or(|it| it.one_line || it.column(self.tokens.index()).is_some())
    }

    fn key(&mut self) {
        let kind = self.tokens.kind();
        if !kind.is_string() && !self.tokens.is_name() {
            if self.close_by_column(NodeKind::Array) {
                return;
            }
            let message = format!("Expected a name in double quotes{}", self.instead());
            self.out.error(self.tokens.range(), message, Some("a name in double quotes"));
            return self.skip();
        }
        if self.close_by_column(NodeKind::Object) {
            return;
        }
        if self.finds_feet() && self.tokens.is_name() {
            self.out.set_silent(false);
        } else if !self.tokens.is_quoted_name() && self.out.frames.last().is_some_and(|it| it.silent) {
            return self.skip();
        }
        self.out.note_column(self.column());
        let range = self.tokens.range();
        let mut key = Key { range, name: self.name(), broken: false };
        key.broken = if kind.is_string() {
            self.string_faults()
        } else {
            let message = format!("Write the name in double quotes: “\"{}\"”", key.name);
            self.out.error(range, message, Some("a name in double quotes"));
            true
        };
        let (name, told) = (key.name.clone(), key.broken);
        if let Some(frame) = self.out.frames.last_mut() {
            frame.key = Some(key);
            frame.expect = Expect::Value;
        }
        self.advance();
        if self.tokens.kind() == TokenKind::Colon {
            return self.advance();
        }
        if told {
            self.out.set_silent(true);
        }
        self.out.error(range, format!("Expected “:” and a value after “{name}”"), Some("“:”"));
        self.out.set_silent(true);
        let value_here = self.tokens.starts_value() && !self.tokens.is_name();
        if !(value_here && (self.column().is_none() || self.tokens.opens())) {
            self.out.missing(TextRange::empty(self.tokens.last().end));
        }
    }

    fn member_value(&mut self) {
        if self.tokens.kind() == TokenKind::Colon {
            self.out.error(self.tokens.range(), "Unexpected second “:”".to_owned(), Some("a value"));
            return self.advance();
        }
        if let Some(layout) = &self.layout
            && self.tokens.kind().is_string()
            && self.tokens.is_name()
        {
            // Either the value is missing and this is the next name, or its “{” is.
            let column = self.column();
            let frame = self.out.frames.last();
            let own = frame.and_then(|it| it.item_column.or(Some(it.indent)));
            let settled = layout.is_settled(self.tokens.index());
            if column.is_some() && (column <= own || settled) {
                self.no_value();
                return self.out.set_silent(true);
            }
            if !settled {
                let name = self.key_name();
                self.out.error(self.tokens.range(), format!("Expected “{{” after {name}"), Some("“{”"));
                return self.open(NodeKind::Object, false, true);
            }
        }
        self.value();
    }

    /// A name in an array: the array ends before it, or an object starts there.
    fn key_in_array(&mut self) {
        if self.close_by_column(NodeKind::Object) {
            return;
        }
        if self.layout.as_ref().is_none_or(|it| it.is_settled(self.tokens.index())) {
            return self.value();
        }
        self.out.error(self.tokens.range(), "Expected “{” before this name".to_owned(), Some("“{”"));
        self.open(NodeKind::Object, false, true);
    }

    /// Something else than a comma or the end after a member or element.
    fn unseparated(&mut self) {
        let named = self.tokens.is_name();
        let container = if named { NodeKind::Object } else { NodeKind::Array };
        if self.close_by_column(container) {
            return;
        }
        let object = self.out.frames.last().is_some_and(|it| it.kind == NodeKind::Object);
        let (what, close) = self.last_item();
        if if object { named } else { self.tokens.starts_value() } {
            let place = self.tokens.last();
            self.out.error(place, format!("Expected “,” after {what}"), Some("“,”"));
            return self.out.expect(Expect::Item);
        }
        let message = format!("Expected “,” or “{close}” after {what}{}", self.instead());
        self.out.error(self.tokens.range(), message, Some("“,”"));
        self.skip();
    }

    /// A value, or the error that there is none. Takes a token or closes the question.
    fn value(&mut self) {
        if self.out.frames.last().is_some_and(|it| it.kind == NodeKind::Array) {
            self.out.note_column(self.column());
        }
        let range = self.tokens.range();
        let kind = match self.tokens.kind() {
            TokenKind::OpenBrace => return self.open(NodeKind::Object, false, false),
            TokenKind::OpenBracket => return self.open(NodeKind::Array, false, false),
            TokenKind::Number => NodeKind::Number,
            TokenKind::True => NodeKind::True,
            TokenKind::False => NodeKind::False,
            TokenKind::Null => NodeKind::Null,
            TokenKind::Placeholder => NodeKind::Placeholder,
            TokenKind::String => NodeKind::String,
            kind if kind.is_string() => {
                let broken = self.string_faults();
                self.advance();
                return self.out.leaf(NodeKind::String, range, broken);
            }
            TokenKind::Word => {
                self.out.error(range, word_message(range.slice(self.text)), Some("a value"));
                self.advance();
                self.out.missing(range);
                return self.out.set_silent(true);
            }
            _ => {
                let place = match self.out.frames.last() {
                    None => "at the start of the document".to_owned(),
                    Some(frame) if frame.kind == NodeKind::Array => "in the list".to_owned(),
                    Some(_) => format!("after {}", self.key_name()),
                };
                let message = format!("Expected a value {place}{}", self.instead());
                self.out.error(range, message, Some("a value"));
                if self.out.frames.is_empty() {
                    self.out.missing(TextRange::empty(range.start));
                }
                return self.advance();
            }
        };
        self.advance();
        self.out.leaf(kind, range, false);
    }

    /// Tells what is wrong with the string at hand; whether anything is.
    fn string_faults(&mut self) -> bool {
        let range = self.tokens.range();
        let source = range.slice(self.text);
        match self.tokens.kind() {
            TokenKind::OpenString => {
                let message = "The string is not closed: a double quote is missing".to_owned();
                self.out.error(range, message, Some("a double quote"));
            }
            TokenKind::OddString => {
                let message = "Write double quotes: JSON knows no others".to_owned();
                self.out.error(range, message, Some("double quotes"));
            }
            TokenKind::EscapedString => {
                let Some((at, len, message)) = first_fault(source) else { return false };
                let start = range.start + at;
                self.out.error(TextRange::new(start, start + len), message, None);
            }
            _ => return false,
        }
        true
    }

    fn no_value(&mut self) {
        let name = self.key_name();
        let place = self.tokens.last();
        self.out.error(place, format!("Expected a value after {name}"), Some("a value"));
        self.out.missing(TextRange::empty(self.tokens.last().end));
    }

    /// Steps over a token that fits nowhere; what it opens is read and dropped.
    fn skip(&mut self) {
        self.out.set_silent(true);
        match self.tokens.kind() {
            TokenKind::OpenBrace => self.open(NodeKind::Object, true, false),
            TokenKind::OpenBracket => self.open(NodeKind::Array, true, false),
            _ => self.advance(),
        }
    }

    fn open(&mut self, kind: NodeKind, orphan: bool, implied: bool) {
        let range = if implied { TextRange::empty(self.tokens.range().start) } else { self.tokens.range() };
        if self.out.frames.len() >= MAX_DEPTH {
            return self.too_deep();
        }
        // A bracket that is missing after a name would have stood on the line of the name.
        let of_key = self.out.frames.last().and_then(|it| it.key.as_ref().and(it.item_column));
        let here = self.layout.as_ref().map_or(0, |it| it.indent(self.tokens.index()));
        let indent = if implied { of_key.unwrap_or(u32::MAX) } else { here };
        self.out.open(Opening { kind, range, indent, orphan, implied });
        if !implied {
            self.advance();
        }
    }

    /// Steps over everything up to the closing bracket of the one that is too deep.
    fn too_deep(&mut self) {
        let range = self.tokens.range();
        let message = format!("Nested deeper than {MAX_DEPTH} levels");
        self.out.error(range, message, None);
        let mut depth = 0_usize;
        loop {
            match self.tokens.kind() {
                TokenKind::OpenBrace | TokenKind::OpenBracket => depth += 1,
                TokenKind::CloseBrace | TokenKind::CloseBracket => depth = depth.saturating_sub(1),
                TokenKind::End => break,
                _ => {}
            }
            self.advance();
            if depth == 0 {
                break;
            }
        }
        self.out.missing(TextRange::new(range.start, self.tokens.last().end));
    }

    fn closer(&mut self) {
        let kind = match self.tokens.kind() {
            TokenKind::CloseBrace => NodeKind::Object,
            _ => NodeKind::Array,
        };
        let Some(layout) = &self.layout else {
            if self.out.frames.last().is_none_or(|it| it.kind != kind) {
                self.out.failed = true;
                return;
            }
            return self.close_top();
        };
        let next = self.tokens.next_kind();
        match layout.mismatch(self.tokens.index(), kind, next, &self.out.frames) {
            Mismatch::None => self.close_top(),
            Mismatch::WrongBracket => {
                let right = if kind == NodeKind::Object { "“]”" } else { "“}”" };
                let message = format!("Expected {right} here, not “{}”", self.tokens.source());
                self.out.error(self.tokens.range(), message, Some(right));
                self.close_top();
            }
            Mismatch::Surplus => {
                let message = format!(
                    "Unexpected “{}”: nothing is open here that it could close",
                    self.tokens.source()
                );
                self.out.error(self.tokens.range(), message, None);
                if self.out.frames.last().is_some_and(|it| it.expect == Expect::Value) {
                    self.out.missing(TextRange::empty(self.tokens.last().end));
                }
                self.out.set_silent(true);
                self.advance();
            }
            Mismatch::Missing { n_frames } => {
                self.close_implied(n_frames);
                self.close_top();
            }
        }
    }

    /// Closes the innermost frame with the bracket at hand.
    fn close_top(&mut self) {
        let expect = self.out.frames.last().map_or(Expect::CommaOrClose, |it| it.expect);
        match expect {
            Expect::Value => self.no_value(),
            Expect::Item if self.out.frames.last().is_some_and(|it| !it.silent) => {
                let place = self.tokens.last();
                let message = format!("Remove the comma before “{}”", self.tokens.source());
                self.out.error(place, message, None);
            }
            _ => {}
        }
        self.advance();
        self.out.close(self.tokens.last().end);
    }

    /// A name that starts a line at the column of an outer object's members ends what is open
    /// inside of that object.
    fn close_by_column(&mut self, container: NodeKind) -> bool {
        let Some(layout) = &self.layout else {
            return false;
        };
        match layout.frames_ended(self.tokens.index(), container, &self.out.frames) {
            0 => false,
            n_frames => {
                self.close_implied(n_frames);
                true
            }
        }
    }

    /// Closes frames whose closing bracket is missing: one cause, one error.
    fn close_implied(&mut self, n_frames: usize) {
        if let Some(frame) = self.out.frames.last() {
            let close = close_of(frame.kind);
            let (what, _) = self.last_item();
            let place = self.tokens.last();
            let expected = format!("“{close}”");
            self.out.error(place, format!("Expected “{close}” after {what}"), Some(&expected));
        }
        for _ in 0..n_frames {
            self.out.mark_broken();
            if self.out.frames.last().is_some_and(|it| it.expect == Expect::Value) {
                self.out.missing(TextRange::empty(self.tokens.last().end));
            }
            self.out.close(self.tokens.last().end);
        }
        // What follows the missing bracket may lack its comma too; that is the same fault.
        if self.tokens.kind() != TokenKind::Comma {
            self.out.set_silent(true);
        }
    }

    fn end(&mut self) {
        self.close_implied(self.out.frames.len());
    }

    /// The column of the current token when it starts a line.
    fn column(&self) -> Option<u32> {
        self.layout.as_ref().and_then(|it| it.column(self.tokens.index()))
    }

    /// Takes the current token, and tells what stands after it that is no JSON.
    fn advance(&mut self) {
        self.tokens.advance();
        self.remarks();
    }

    /// A comment or conflict hides no other fault and is hidden by none.
    pub(crate) fn remarks(&mut self) {
        while let Some((kind, range)) = self.tokens.pop_remark() {
            let silent = self.out.frames.last().is_some_and(|it| it.silent);
            self.out.set_silent(false);
            let message = match kind {
                TokenKind::Comment => "JSON has no comments: use a “Comment” field".to_owned(),
                _ => conflict_message(self.text, range),
            };
            self.out.error(range, message, None);
            self.out.set_silent(silent);
        }
    }

    /// The name whose value is due, for a sentence.
    fn key_name(&self) -> String {
        match self.out.frames.last().and_then(|it| it.key.as_ref()) {
            Some(key) => quoted(&key.name),
            None => "the name".to_owned(),
        }
    }

    /// The name a token stands for.
    fn name(&mut self) -> Arc<str> {
        match self.tokens.kind() {
            kind if kind.is_string() => self.out.name(&decode(self.tokens.source())),
            _ => self.out.name(self.tokens.source()),
        }
    }

    /// What stands before this place, and what would close the innermost frame.
    fn last_item(&self) -> (String, &'static str) {
        let Some(frame) = self.out.frames.last() else {
            return ("the value".to_owned(), "}");
        };
        let close = close_of(frame.kind);
        let is_empty = frame.expect == Expect::ItemOrClose;
        let what = match (frame.kind, &frame.key) {
            (_, Some(key)) => quoted(&key.name),
            (NodeKind::Object, _) if is_empty => "“{”".to_owned(),
            (NodeKind::Object, _) => match self.out.last_member() {
                Some(member) => format!("the value of {}", quoted(&member.name)),
                None => "this member".to_owned(),
            },
            _ if is_empty => "“[”".to_owned(),
            _ => "this element".to_owned(),
        };
        (what, close)
    }

    /// “, not “x””: what stands there instead.
    fn instead(&self) -> String {
        match self.tokens.kind() {
            TokenKind::End => String::new(),
            _ => format!(", not {}", quoted(self.tokens.source())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let tree = parse(text);
        let found: Vec<(&str, &str)> =
            tree.errors().iter().map(|it| (it.range.slice(text), it.message.as_str())).collect();
        assert_eq!(found, expected, "{text}");
        assert_eq!(tree.print(), text);
    }

    #[test]
    fn each_fault_is_told_once_at_its_place() {
        check(r#"{"a": 1 "b": 2}"#, &[("1", "Expected “,” after the value of “a”")]);
        check(r#"{"a": 1,}"#, &[(",", "Remove the comma before “}”")]);
        check(r#"{"a": , "b": 1}"#, &[(":", "Expected a value after “a”")]);
        check(r#"{"a" 1}"#, &[("\"a\"", "Expected “:” and a value after “a”")]);
        check(r#"{"a", "b": 1}"#, &[("\"a\"", "Expected “:” and a value after “a”")]);
        check(r#"{a: 1}"#, &[("a", "Write the name in double quotes: “\"a\"”")]);
        check(r#"{"a": True}"#, &[("True", "Write “true” instead of “True”")]);
        check(r#"[1, , 2]"#, &[(",", "Unexpected “,”: nothing stands before it")]);
        check(r#"[01]"#, &[("01", "“01” is not a number in JSON")]);
        check(
            "{\n  \"a\": \"b,\n  \"c\": 1\n}",
            &[("\"b", "The string is not closed: a double quote is missing")],
        );
        check(r#"{"a": 1} x"#, &[("x", "Text after the end of the document")]);
        check("", &[("", "The document is empty: start with “{”")]);
        check(" \n", &[("", "The document is empty: start with “{”")]);
    }

    #[test]
    fn what_is_missing_has_a_place_in_the_tree() {
        let tree = parse("{\n  \"a\":\n  \"b\": ${Seconds}\n}");
        let kinds: Vec<NodeKind> = tree.children(tree.root()).map(|it| tree.kind(it)).collect();
        assert_eq!(kinds, [NodeKind::Missing, NodeKind::Placeholder]);
        let broken: Vec<bool> = tree.members(tree.root()).iter().map(|it| it.broken).collect();
        assert_eq!(broken, [true, false]);
        assert!(tree.is_broken(tree.root()));
    }

    #[test]
    fn nesting_has_no_end_but_the_bound() {
        for depth in [3_000, MAX_DEPTH, MAX_DEPTH + 50_000] {
            let text = "[".repeat(depth) + &"]".repeat(depth);
            let tree = parse(text.as_str());
            assert_eq!(tree.n_nodes(), depth.min(MAX_DEPTH + 1));
            assert_eq!(tree.errors().len(), usize::from(depth > MAX_DEPTH));
            assert_eq!(parse(&text[..depth]).errors().len().min(1), 1);
        }
    }
}
