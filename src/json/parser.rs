//! From tokens to the tree. Never fails: broken text gives the tree of what is there and one
//! error for each cause.
//!
//! A valid text is read in one strict pass that knows nothing of layout. Only when that pass
//! meets a fault the text is read again with recovery, where indentation (`recover.rs`) tells
//! which bracket is missing or too many. So layout can never change what a valid text means.
//!
//! No recursion: open objects and arrays are frames on an explicit stack.

use std::sync::Arc;

use crate::json::cursor::Cursor;
use crate::json::lexer::{Token, TokenKind, lex};
use crate::json::recover::{Layout, Mismatch};
use crate::json::string::{decode, first_fault, quote};
use crate::json::tree::{Member, NO_PARENT, Node, NodeId, NodeKind, SyntaxError, Tree, TreeData};
use crate::text::TextRange;

/// Objects and arrays nested deeper than this become `Missing`.
pub const MAX_DEPTH: usize = 100_000;
/// A text that is no JSON at all is not described fault by fault.
const MAX_ERRORS: usize = 1_000;

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
    Tree::new(TreeData { text: text.clone(), tokens, ..data })
}

pub(crate) struct Parser<'t> {
    text: &'t str,
    tokens: Cursor<'t>,
    /// `None` in the strict pass, which gives up at the first error.
    layout: Option<Layout>,
    frames: Vec<Frame>,
    /// Members and elements of the frames, of the outermost first.
    pending_members: Vec<Member>,
    pending_elements: Vec<NodeId>,
    data: TreeData,
    done: bool,
    failed: bool,
}

/// An object or array that is still open.
pub(crate) struct Frame {
    node: u32,
    pub(crate) kind: NodeKind,
    expect: Expect,
    /// Where its members or elements start among the pending ones.
    first_pending: usize,
    key: Option<Key>,
    /// It stands where no value can be, so it is read and then dropped.
    orphan: bool,
    /// Its opening bracket is missing.
    pub(crate) implied: bool,
    broken: bool,
    /// An error was told and the parser has not found its feet since.
    silent: bool,
    /// The indentation of the line it opens on.
    pub(crate) indent: u32,
    /// The column of its members, from the first that starts a line.
    pub(crate) item_column: Option<u32>,
}

struct Key {
    range: TextRange,
    name: Arc<str>,
    broken: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A member or element, or the end: right after the opening bracket.
    ItemOrClose,
    /// A member or element: after a comma.
    Item,
    /// The value of a member.
    Value,
    /// What follows a member or element.
    CommaOrClose,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, tokens: &'t [Token], layout: Option<Layout>) -> Parser<'t> {
        Parser {
            text,
            tokens: Cursor::new(text, tokens),
            layout,
            frames: Vec::new(),
            pending_members: Vec::new(),
            pending_elements: Vec::new(),
            data: TreeData::default(),
            done: false,
            failed: false,
        }
    }

    /// `None` when the strict pass met a fault.
    fn run(mut self) -> Option<TreeData> {
        self.root();
        while !self.frames.is_empty() {
            self.step();
            if self.failed {
                return None;
            }
        }
        if self.tokens.kind() != TokenKind::End {
            let range = TextRange::new(self.tokens.range().start, self.text.trim_end().len());
            self.error(range, "Text after the end of the document".to_owned(), Some("the end"));
        }
        while self.tokens.kind() != TokenKind::End {
            self.tokens.advance();
        }
        if self.failed {
            return None;
        }
        self.data.errors.sort_by_key(|it| it.range.start);
        Some(self.data)
    }

    fn root(&mut self) {
        while self.frames.is_empty() && !self.done {
            match self.tokens.kind() {
                TokenKind::End => {
                    let range = TextRange::empty(self.text.len());
                    let message = "The document is empty: start with “{”";
                    self.error(range, message.to_owned(), Some("“{”"));
                    self.missing(TextRange::empty(self.tokens.last().end));
                }
                kind if kind.is_string() && self.tokens.is_name() => {
                    self.error(
                        self.tokens.range(),
                        "Expected “{” before the first name".to_owned(),
                        Some("“{”"),
                    );
                    self.open(NodeKind::Object, false, true);
                }
                TokenKind::Word | TokenKind::Stray if self.layout.is_some() && self.tokens.opens_later() => {
                    self.error(self.tokens.range(), "Expected “{”".to_owned(), Some("“{”"));
                    while !self.tokens.opens() {
                        self.tokens.advance();
                    }
                }
                _ => self.value("at the start of the document"),
            }
        }
    }

    /// Takes at least one token or closes at least one frame.
    fn step(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let (kind, expect) = (frame.kind, frame.expect);
        match (self.tokens.kind(), kind, expect) {
            (TokenKind::End, ..) => self.end(),
            (TokenKind::CloseBrace | TokenKind::CloseBracket, _, _) => self.closer(),
            (TokenKind::Comma, _, _) => self.comma(),
            (_, NodeKind::Object, Expect::Value) => self.member_value(),
            (_, NodeKind::Object, Expect::Item | Expect::ItemOrClose) => self.key(),
            (_, _, Expect::CommaOrClose) => self.unseparated(),
            (token, ..) if token.is_string() && self.tokens.is_name() => self.key_in_array(),
            _ => self.value("in the list"),
        }
    }

    fn comma(&mut self) {
        let expect = self.frames.last().map_or(Expect::CommaOrClose, |it| it.expect);
        match expect {
            Expect::CommaOrClose => {}
            Expect::Value => self.no_value(),
            Expect::Item | Expect::ItemOrClose => {
                let message = "Unexpected “,”: nothing stands before it".to_owned();
                self.error(self.tokens.range(), message, None);
            }
        }
        self.tokens.advance();
        self.expect(Expect::Item);
        self.speak_again();
    }

    fn key(&mut self) {
        let kind = self.tokens.kind();
        if !kind.is_string() && !self.tokens.is_name() {
            if self.close_by_column(NodeKind::Array) {
                return;
            }
            let message = format!("Expected a name in double quotes{}", self.instead());
            self.error(self.tokens.range(), message, Some("a name in double quotes"));
            return self.skip();
        }
        if self.close_by_column(NodeKind::Object) {
            return;
        }
        self.note_column();
        self.speak_again();
        let range = self.tokens.range();
        let mut key = Key { range, name: self.name(), broken: false };
        let fault_before = self.data.errors.len();
        if kind.is_string() {
            self.string_faults();
        } else {
            let message = format!("Write the name in double quotes: “\"{}\"”", key.name);
            self.error(range, message, Some("a name in double quotes"));
        }
        key.broken = fault_before < self.data.errors.len();
        let (name, told) = (key.name.clone(), key.broken);
        if let Some(frame) = self.frames.last_mut() {
            frame.key = Some(key);
            frame.expect = Expect::Value;
        }
        self.tokens.advance();
        if self.tokens.kind() == TokenKind::Colon {
            return self.tokens.advance();
        }
        if told {
            self.fall_silent();
        }
        self.error(range, format!("Expected “:” and a value after “{name}”"), Some("“:”"));
        let value_here = self.tokens.starts_value() && !self.tokens.is_name();
        if !(value_here && (self.column().is_none() || self.tokens.opens())) {
            self.fall_silent();
            self.missing(TextRange::empty(self.tokens.last().end));
        }
    }

    fn member_value(&mut self) {
        if self.tokens.kind() == TokenKind::Colon {
            self.error(self.tokens.range(), "Unexpected second “:”".to_owned(), Some("a value"));
            return self.tokens.advance();
        }
        if self.tokens.kind().is_string() && self.tokens.is_name() && self.layout.is_some() {
            // Either the value is missing and this is the next name, or its “{” is.
            let column = self.column();
            let frame = self.frames.last();
            let own = frame.and_then(|it| it.item_column.or(Some(it.indent)));
            if column.is_some() && column <= own {
                self.no_value();
                return self.expect(Expect::CommaOrClose);
            }
            let name = self.key_name();
            self.error(self.tokens.range(), format!("Expected “{{” after {name}"), Some("“{”"));
            return self.open(NodeKind::Object, false, true);
        }
        let name = self.key_name();
        self.value(&format!("after {name}"));
    }

    /// A name in an array: the array ends before it, or an object starts there.
    fn key_in_array(&mut self) {
        if self.close_by_column(NodeKind::Object) {
            return;
        }
        self.error(self.tokens.range(), "Expected “{” before this name".to_owned(), Some("“{”"));
        self.open(NodeKind::Object, false, true);
    }

    /// Something else than a comma or the end after a member or element.
    fn unseparated(&mut self) {
        let named = self.tokens.is_name();
        let container = if named { NodeKind::Object } else { NodeKind::Array };
        if self.close_by_column(container) {
            return;
        }
        let object = self.frames.last().is_some_and(|it| it.kind == NodeKind::Object);
        let (what, close) = self.last_item();
        if if object { named } else { self.tokens.starts_value() } {
            let place = self.tokens.last();
            self.error(place, format!("Expected “,” after {what}"), Some("“,”"));
            return self.expect(Expect::Item);
        }
        let message = format!("Expected “,” or “{close}” after {what}{}", self.instead());
        self.error(self.tokens.range(), message, Some("“,”"));
        self.skip();
    }

    /// A value, or the error that there is none. Takes a token or closes the question.
    fn value(&mut self, place: &str) {
        if self.frames.last().is_some_and(|it| it.kind == NodeKind::Array) {
            self.note_column();
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
                self.string_faults();
                NodeKind::String
            }
            TokenKind::Word => {
                self.error(range, word_message(range.slice(self.text)), Some("a value"));
                NodeKind::Missing
            }
            _ => {
                let message = format!("Expected a value {place}{}", self.instead());
                self.error(range, message, Some("a value"));
                if self.frames.is_empty() {
                    self.missing(TextRange::empty(range.start));
                }
                return self.tokens.advance();
            }
        };
        self.tokens.advance();
        let node = self.push_node(kind, range);
        self.attach(node, kind == NodeKind::Missing);
    }

    fn string_faults(&mut self) {
        let range = self.tokens.range();
        let source = range.slice(self.text);
        match self.tokens.kind() {
            TokenKind::OpenString => {
                let message = "The string is not closed: a double quote is missing".to_owned();
                self.error(range, message, Some("a double quote"));
            }
            TokenKind::OddString => {
                let message = "Write double quotes: JSON knows no others".to_owned();
                self.error(range, message, Some("double quotes"));
            }
            TokenKind::EscapedString => {
                if let Some((at, len, message)) = first_fault(source) {
                    let start = range.start + at;
                    self.error(TextRange::new(start, start + len), message, None);
                }
            }
            _ => {}
        }
    }

    fn no_value(&mut self) {
        let name = self.key_name();
        let place = self.tokens.last();
        self.error(place, format!("Expected a value after {name}"), Some("a value"));
        self.missing(TextRange::empty(self.tokens.last().end));
    }

    /// Steps over a token that fits nowhere; what it opens is read and dropped.
    fn skip(&mut self) {
        self.fall_silent();
        match self.tokens.kind() {
            TokenKind::OpenBrace => self.open(NodeKind::Object, true, false),
            TokenKind::OpenBracket => self.open(NodeKind::Array, true, false),
            _ => self.tokens.advance(),
        }
    }

    fn open(&mut self, kind: NodeKind, orphan: bool, implied: bool) {
        let range = if implied { TextRange::empty(self.tokens.range().start) } else { self.tokens.range() };
        if self.frames.len() >= MAX_DEPTH {
            return self.too_deep();
        }
        // A bracket that is missing after a name would have stood on the line of the name.
        let of_key = self.frames.last().and_then(|it| it.key.as_ref().and(it.item_column));
        let here = self.layout.as_ref().map_or(0, |it| it.indent(self.tokens.index()));
        let indent = if implied { of_key.unwrap_or(u32::MAX) } else { here };
        let node = self.push_node(kind, range);
        self.frames.push(Frame {
            node,
            kind,
            expect: Expect::ItemOrClose,
            first_pending: match kind {
                NodeKind::Object => self.pending_members.len(),
                _ => self.pending_elements.len(),
            },
            key: None,
            orphan,
            implied,
            broken: implied,
            silent: false,
            indent,
            item_column: None,
        });
        if !implied {
            self.tokens.advance();
        }
    }

    /// Steps over everything up to the closing bracket of the one that is too deep.
    fn too_deep(&mut self) {
        let range = self.tokens.range();
        let message = format!("Nested deeper than {MAX_DEPTH} levels");
        self.error(range, message, None);
        let mut depth = 0_usize;
        loop {
            match self.tokens.kind() {
                TokenKind::OpenBrace | TokenKind::OpenBracket => depth += 1,
                TokenKind::CloseBrace | TokenKind::CloseBracket => depth = depth.saturating_sub(1),
                TokenKind::End => break,
                _ => {}
            }
            self.tokens.advance();
            if depth == 0 {
                break;
            }
        }
        let node = self.push_node(NodeKind::Missing, TextRange::new(range.start, self.tokens.last().end));
        self.attach(node, true);
    }

    fn closer(&mut self) {
        let kind = match self.tokens.kind() {
            TokenKind::CloseBrace => NodeKind::Object,
            _ => NodeKind::Array,
        };
        let Some(layout) = &self.layout else {
            if self.frames.last().is_none_or(|it| it.kind != kind) {
                self.failed = true;
                return;
            }
            return self.close_top();
        };
        let next = self.tokens.next_kind();
        match layout.mismatch(self.tokens.index(), kind, next, &self.frames) {
            Mismatch::None => self.close_top(),
            Mismatch::WrongBracket => {
                let right = if kind == NodeKind::Object { "“]”" } else { "“}”" };
                let message = format!("Expected {right} here, not “{}”", self.tokens.source());
                self.error(self.tokens.range(), message, Some(right));
                self.close_top();
            }
            Mismatch::Surplus => {
                let message = format!(
                    "Unexpected “{}”: nothing is open here that it could close",
                    self.tokens.source()
                );
                self.error(self.tokens.range(), message, None);
                self.tokens.advance();
            }
            Mismatch::Missing { n_frames } => {
                self.close_implied(n_frames);
                self.close_top();
            }
        }
    }

    /// Closes the innermost frame with the bracket at hand.
    fn close_top(&mut self) {
        let expect = self.frames.last().map_or(Expect::CommaOrClose, |it| it.expect);
        match expect {
            Expect::Value => self.no_value(),
            Expect::Item if self.frames.last().is_some_and(|it| !it.silent) => {
                let place = self.tokens.last();
                let message = format!("Remove the comma before “{}”", self.tokens.source());
                self.error(place, message, None);
            }
            _ => {}
        }
        self.tokens.advance();
        self.pop();
    }

    /// A name that starts a line at the column of an outer object's members ends what is open
    /// inside of that object.
    fn close_by_column(&mut self, container: NodeKind) -> bool {
        let Some(layout) = &self.layout else { return false };
        match layout.frames_ended(self.tokens.index(), container, &self.frames) {
            0 => false,
            n_frames => {
                self.close_implied(n_frames);
                true
            }
        }
    }

    /// Closes frames whose closing bracket is missing: one cause, one error.
    fn close_implied(&mut self, n_frames: usize) {
        if let Some(frame) = self.frames.last() {
            let close = close_of(frame.kind);
            let (what, _) = self.last_item();
            let place = self.tokens.last();
            let expected = format!("“{close}”");
            self.error(place, format!("Expected “{close}” after {what}"), Some(&expected));
        }
        for _ in 0..n_frames {
            if let Some(frame) = self.frames.last_mut() {
                frame.broken = true;
                if frame.expect == Expect::Value {
                    self.missing(TextRange::empty(self.tokens.last().end));
                }
            }
            self.pop();
        }
        // What follows the missing bracket may lack its comma too; that is the same fault.
        if self.tokens.kind() != TokenKind::Comma {
            self.fall_silent();
        }
    }

    fn end(&mut self) {
        self.close_implied(self.frames.len());
    }

    fn pop(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let (first, n_children) = if frame.kind == NodeKind::Object {
            let first = self.data.members.len();
            self.data.members.extend(self.pending_members.drain(frame.first_pending..));
            (first, self.data.members.len() - first)
        } else {
            let first = self.data.elements.len();
            self.data.elements.extend(self.pending_elements.drain(frame.first_pending..));
            (first, self.data.elements.len() - first)
        };
        let end = u32::try_from(self.tokens.last().end).unwrap_or(u32::MAX);
        if let Some(node) = self.data.nodes.get_mut(frame.node as usize) {
            node.end = end.max(node.start);
            node.first_child = u32::try_from(first).unwrap_or(u32::MAX);
            node.n_children = u32::try_from(n_children).unwrap_or(u32::MAX);
            node.broken = frame.broken;
        }
        if frame.orphan {
            self.expect(Expect::CommaOrClose);
            if let Some(outer) = self.frames.last_mut() {
                outer.broken = true;
            }
        } else {
            self.attach(frame.node, frame.broken);
        }
    }

    fn missing(&mut self, range: TextRange) {
        let node = self.push_node(NodeKind::Missing, range);
        self.attach(node, true);
    }

    /// Makes a value that is complete the next child of the innermost frame, or the root.
    fn attach(&mut self, node: u32, broken: bool) {
        let end = self.data.nodes.get_mut(node as usize).map_or(0, |it| {
            it.broken |= broken;
            it.end as usize
        });
        let Some(frame) = self.frames.last_mut() else {
            self.data.root = node;
            self.done = true;
            return;
        };
        frame.expect = Expect::CommaOrClose;
        frame.broken |= broken;
        if frame.kind == NodeKind::Array {
            self.pending_elements.push(NodeId(node));
        } else if let Some(key) = frame.key.take() {
            let range = TextRange::new(key.range.start, end.max(key.range.end));
            let broken = broken || key.broken;
            self.pending_members.push(Member {
                key_range: key.range,
                name: key.name,
                value: NodeId(node),
                range,
                broken,
            });
        }
    }

    fn push_node(&mut self, kind: NodeKind, range: TextRange) -> u32 {
        let id = u32::try_from(self.data.nodes.len()).unwrap_or(u32::MAX);
        self.data.nodes.push(Node {
            kind,
            broken: false,
            parent: self.frames.last().map_or(NO_PARENT, |it| it.node),
            start: u32::try_from(range.start).unwrap_or(u32::MAX),
            end: u32::try_from(range.end).unwrap_or(u32::MAX),
            first_child: 0,
            n_children: 0,
        });
        id
    }

    fn error(&mut self, range: TextRange, message: String, expected: Option<&str>) {
        if self.layout.is_none() {
            self.failed = true;
            return;
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.broken = true;
            match &mut frame.key {
                Some(key) => key.broken = true,
                None if frame.expect == Expect::CommaOrClose && frame.kind == NodeKind::Object => {
                    let n_own = self.pending_members.len() - frame.first_pending;
                    if let Some(last) = self.pending_members.last_mut().filter(|_| n_own > 0) {
                        last.broken = true;
                    }
                }
                None => {}
            }
            if frame.silent {
                return;
            }
        } else if let Some(root) = self.data.nodes.get_mut(self.data.root as usize).filter(|_| self.done) {
            root.broken = true;
        }
        if self.data.errors.len() < MAX_ERRORS {
            let expected = expected.map(str::to_owned);
            self.data.errors.push(SyntaxError { range, message, expected });
        }
    }

    fn fall_silent(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.silent = true;
        }
    }

    fn speak_again(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.silent = false;
        }
    }

    fn expect(&mut self, expect: Expect) {
        if let Some(frame) = self.frames.last_mut() {
            frame.expect = expect;
        }
    }

    /// The column of the current token when it starts a line.
    fn column(&self) -> Option<u32> {
        self.layout.as_ref().and_then(|it| it.column(self.tokens.index()))
    }

    fn note_column(&mut self) {
        let column = self.column();
        if let Some(frame) = self.frames.last_mut() {
            frame.item_column = frame.item_column.or(column);
        }
    }

    /// The name a token stands for.
    fn name(&self) -> Arc<str> {
        match self.tokens.kind() {
            kind if kind.is_string() => decode(self.tokens.source()).into(),
            _ => self.tokens.source().into(),
        }
    }

    /// The name whose value is due, for a sentence.
    fn key_name(&self) -> String {
        match self.frames.last().and_then(|it| it.key.as_ref()) {
            Some(key) => quoted(&key.name),
            None => "the name".to_owned(),
        }
    }

    /// What stands before this place, and what would close the innermost frame.
    fn last_item(&self) -> (String, &'static str) {
        let Some(frame) = self.frames.last() else { return ("the value".to_owned(), "}") };
        let close = close_of(frame.kind);
        let is_empty = frame.expect == Expect::ItemOrClose;
        let what = match (frame.kind, &frame.key) {
            (_, Some(key)) => quoted(&key.name),
            (NodeKind::Object, _) if is_empty => "“{”".to_owned(),
            (NodeKind::Object, _) => match self.pending_members.last() {
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

fn close_of(kind: NodeKind) -> &'static str {
    if kind == NodeKind::Object { "}" } else { "]" }
}

/// A user's text in a sentence, cut when it is long.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("“{}…”", TextRange::new(0, end).slice(text)),
        None => format!("“{text}”"),
    }
}

fn word_message(word: &str) -> String {
    let right = match word.to_ascii_lowercase().as_str() {
        "true" => "true",
        "false" => "false",
        "null" | "none" | "nil" | "undefined" => "null",
        _ if word.starts_with(|it: char| it.is_ascii_digit() || "+-.".contains(it)) => {
            return format!("{} is not a number in JSON", quoted(word));
        }
        _ => return format!("Write text in double quotes: {}", quoted(&quote(word))),
    };
    format!("Write “{right}” instead of {}", quoted(word))
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
