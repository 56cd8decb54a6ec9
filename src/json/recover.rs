//! What indentation says about brackets in a broken text: which closing bracket is missing,
//! which is one too many. Only asked once the text is known to be broken, and only believed
//! when the brackets do not pair up by themselves and most closing brackets that start a line
//! stand below the line that opened them.

use crate::json::builder::Frame;
use crate::json::lexer::{Token, TokenKind};
use crate::json::tree::NodeKind;
use crate::text::TextRange;

/// With fewer closing brackets than this, indentation gets the benefit of the doubt.
const FEW: usize = 12;
/// A bracket closes nothing that is open further out than this, however a text is nested: so the
/// work stays in proportion to the text.
const FAR: usize = 256;

/// The indentation of every token's line.
pub(crate) struct Layout {
    lines: Vec<Line>,
    /// Whether the text has no second line.
    pub(crate) one_line: bool,
    /// Whether brackets may be placed by indentation.
    trusted: bool,
    /// Whether brackets that end a longer object also start a line, all of them.
    closers_start_lines: bool,
}

#[derive(Clone, Copy)]
struct Line {
    indent: u32,
    starts_line: bool,
    settled: bool,
}

/// What is wrong with a closing bracket.
pub(crate) enum Mismatch {
    /// Nothing: it closes the innermost frame.
    None,
    /// It closes the innermost frame, but is of the other kind.
    WrongBracket,
    /// It closes nothing.
    Surplus,
    /// It closes an outer frame; so many inside of that have lost theirs.
    Missing { n_frames: usize },
}

impl Layout {
    pub(crate) fn new(text: &str, tokens: &[Token]) -> Layout {
        let mut lines = Vec::with_capacity(tokens.len());
        let mut indent = 0;
        let mut starts_line = true;
        for token in tokens {
            let range = TextRange::new(token.start as usize, token.end as usize);
            if token.kind == TokenKind::Whitespace {
                let space = range.slice(text);
                if let Some((_, after)) = space.rsplit_once('\n') {
                    indent = u32::try_from(after.len()).unwrap_or(u32::MAX);
                    starts_line = true;
                } else if range.start == 0 {
                    indent = u32::try_from(space.len()).unwrap_or(u32::MAX);
                }
                lines.push(Line { indent, starts_line: false, settled: false });
            } else {
                lines.push(Line { indent, starts_line, settled: false });
                starts_line = starts_line && token.kind == TokenKind::ByteOrderMark;
            }
        }
        let one_line = !text.trim().contains('\n');
        let mut layout = Layout { lines, one_line, trusted: false, closers_start_lines: false };
        layout.judge(tokens);
        layout
    }

    /// The indentation of the line a token is on, in bytes.
    pub(crate) fn indent(&self, idx: usize) -> u32 {
        self.lines.get(idx).map_or(0, |it| it.indent)
    }

    /// The column of a token that is the first of its line.
    pub(crate) fn column(&self, idx: usize) -> Option<u32> {
        self.lines.get(idx).filter(|it| it.starts_line).map(|it| it.indent)
    }

    /// The column of a token that starts a line, where layout may place brackets.
    fn trusted_column(&self, idx: usize) -> Option<u32> {
        self.column(idx).filter(|_| self.trusted && !self.is_settled(idx))
    }

    /// How many frames end before a token that starts a line: a name at the column of an outer
    /// object's members, or a value at the column of an outer array's elements.
    pub(crate) fn frames_ended(&self, idx: usize, container: NodeKind, frames: &[Frame]) -> usize {
        let Some(column) = self.trusted_column(idx) else {
            return 0;
        };
        for (n_frames, frame) in frames.iter().rev().take(FAR).enumerate() {
            if frame.kind != container {
                continue;
            }
            match frame.item_column {
                Some(own) if own == column => return n_frames,
                Some(own) if own < column => return 0,
                None if n_frames == 0 && column > frame.indent => return 0,
                _ => {}
            }
        }
        0
    }

    /// What a closing bracket of a kind means for the open frames.
    pub(crate) fn mismatch(&self, idx: usize, kind: NodeKind, next: TokenKind, frames: &[Frame]) -> Mismatch {
        let Some(top) = frames.last() else {
            return Mismatch::Surplus;
        };
        let indent = self.indent(idx);
        let fits = top.kind == kind;
        let n_above = |found: &dyn Fn(&Frame) -> bool| {
            frames.iter().rev().take(FAR).position(|it| it.kind == kind && found(it))
        };
        if fits && (top.implied || self.is_settled(idx)) {
            return Mismatch::None;
        }
        if let Some(column) = self.trusted_column(idx) {
            if fits && top.indent == column {
                return Mismatch::None;
            }
            let ends_early = |n_frames: usize| n_frames + 1 == frames.len() && next != TokenKind::End;
            if let Some(n_frames) = n_above(&|it| it.indent == column)
                && !(fits && ends_early(n_frames))
            {
                return Mismatch::Missing { n_frames };
            }
            return match (fits, top.indent.cmp(&column)) {
                // Nothing comes after, so it can only be the end of the document.
                (true, _) if next == TokenKind::End && frames.len() == 1 => Mismatch::None,
                (_, std::cmp::Ordering::Less) => Mismatch::Surplus,
                (true, _) => Mismatch::None,
                (false, std::cmp::Ordering::Equal) => Mismatch::WrongBracket,
                (false, _) => match n_above(&|_| true) {
                    Some(n_frames) => Mismatch::Missing { n_frames },
                    None => Mismatch::Surplus,
                },
            };
        }
        if fits {
            // The document ends with this bracket, or it is one too many.
            let goes_on = matches!(next, TokenKind::Comma | TokenKind::CloseBrace | TokenKind::CloseBracket);
            let ends_root = frames.len() == 1 && goes_on;
            let too_deep = self.trusted && self.closers_start_lines && top.indent < indent;
            return if ends_root || too_deep { Mismatch::Surplus } else { Mismatch::None };
        }
        match n_above(&|it| !self.trusted || it.indent >= indent) {
            Some(n_frames) => Mismatch::Missing { n_frames },
            None if next == TokenKind::End => Mismatch::WrongBracket,
            None => Mismatch::Surplus,
        }
    }

    /// Whether the brackets around a token are surely right, so that none is missing inside.
    pub(crate) fn is_settled(&self, idx: usize) -> bool {
        self.lines.get(idx).is_none_or(|it| it.settled)
    }

    /// Pairs up the brackets. A pair is settled when its ends stand as a pair should and the
    /// brackets between them pair up: then nothing between them needs layout to be understood,
    /// however oddly it is set.
    fn judge(&mut self, tokens: &[Token]) {
        let mut open: Vec<Open> = Vec::new();
        let mut settled_from: Vec<usize> = vec![usize::MAX; tokens.len()];
        let (mut n_starting, mut n_fitting, mut n_trailing) = (0_usize, 0_usize, 0_usize);
        for (idx, token) in tokens.iter().enumerate() {
            let opener = match token.kind {
                TokenKind::OpenBrace | TokenKind::OpenBracket => {
                    open.push(Open { idx, kind: token.kind, indent: self.indent(idx), damaged: false });
                    continue;
                }
                TokenKind::CloseBrace => TokenKind::OpenBrace,
                TokenKind::CloseBracket => TokenKind::OpenBracket,
                _ => continue,
            };
            let column = self.column(idx);
            let here = column.unwrap_or(self.indent(idx));
            let top = open.last().filter(|it| it.kind == opener);
            let fits =
                top.is_some_and(|it| it.indent == here || self.next_column(tokens, idx) == Some(it.indent));
            let outer = column.and_then(|column| {
                let mut near = open.iter().enumerate().rev().take(FAR);
                near.find(|(_, it)| it.kind == opener && it.indent == column).map(|(depth, _)| depth)
            });
            n_starting += usize::from(column.is_some());
            n_fitting += usize::from(column.is_some() && (fits || outer.is_some()));
            n_trailing += usize::from(column.is_none() && top.is_some_and(|it| it.indent < here));
            let damaged = match (top.is_some(), outer) {
                (true, _) if fits => {
                    if column.is_some()
                        && let Some(Open { idx: from, damaged: false, .. }) = open.last()
                        && let Some(slot) = settled_from.get_mut(idx)
                    {
                        *slot = *from;
                    }
                    open.pop().is_some_and(|it| it.damaged)
                }
                (_, Some(depth)) => {
                    open.truncate(depth);
                    true
                }
                (true, None) => open.pop().is_some_and(|it| it.damaged),
                (false, None) => true,
            };
            if let Some(outer) = open.last_mut() {
                outer.damaged |= damaged;
            }
        }
        self.settle(&settled_from, balanced(tokens));
        let consistent = n_starting < FEW || n_fitting * 4 >= n_starting * 3;
        self.trusted = n_starting > 0 && consistent;
        // The one that is too many may itself trail.
        self.closers_start_lines = n_starting >= 3 && n_trailing <= 1;
    }

    fn settle(&mut self, settled_from: &[usize], balanced: bool) {
        // From the end, so that an outer pair is met before what is in it.
        let mut until = usize::MAX;
        for (idx, line) in self.lines.iter_mut().enumerate().rev() {
            let from = settled_from.get(idx).copied().unwrap_or(usize::MAX);
            if from < idx && (until == usize::MAX || idx < until) {
                until = from;
            }
            line.settled = balanced || (until != usize::MAX && until < idx);
            if until == idx {
                until = usize::MAX;
            }
        }
    }

    /// The column of what follows a closing bracket and its comma, when that starts a line.
    fn next_column(&self, tokens: &[Token], idx: usize) -> Option<u32> {
        let mut after = tokens.iter().enumerate().skip(idx + 1);
        let (idx, _) = after.find(|(_, it)| !it.kind.is_trivia() && it.kind != TokenKind::Comma)?;
        let closes = tokens.get(idx).is_some_and(|it| {
            matches!(it.kind, TokenKind::CloseBrace | TokenKind::CloseBracket | TokenKind::End)
        });
        self.column(idx).filter(|_| !closes)
    }
}

/// Whether all brackets pair up by kind alone.
fn balanced(tokens: &[Token]) -> bool {
    let mut open = Vec::new();
    let pairs_up = |kind: TokenKind| match kind {
        TokenKind::OpenBrace => {
            open.push(TokenKind::CloseBrace);
            true
        }
        TokenKind::OpenBracket => {
            open.push(TokenKind::CloseBracket);
            true
        }
        TokenKind::CloseBrace | TokenKind::CloseBracket => open.pop() == Some(kind),
        _ => true,
    };
    tokens.iter().map(|it| it.kind).all(pairs_up) && open.is_empty()
}

/// An opening bracket without its partner so far.
struct Open {
    idx: usize,
    kind: TokenKind,
    indent: u32,
    /// Whether the brackets inside do not pair up.
    damaged: bool,
}

#[cfg(test)]
mod tests {
    use crate::json::{NodeId, Tree, parse};

    /// The names at every depth, as `a(b c)`.
    fn outline(tree: &Tree, id: NodeId) -> String {
        let inner = |value: NodeId| match outline(tree, value) {
            inside if inside.is_empty() => inside,
            inside => format!("({inside})"),
        };
        let members = tree.members(id).iter().map(|it| format!("{}{}", it.name, inner(it.value)));
        let elements = tree.elements(id).iter().map(|it| format!("-{}", inner(*it)));
        members.chain(elements).collect::<Vec<_>>().join(" ")
    }

    fn check(text: &str, expected: &str, n_errors: usize) {
        let tree = parse(text);
        let messages: Vec<&str> = tree.errors().iter().map(|it| it.message.as_str()).collect();
        assert_eq!(outline(&tree, tree.root()), expected, "{text}\n{messages:#?}");
        assert_eq!(messages.len(), n_errors, "{text}\n{messages:#?}");
        assert_eq!(tree.print(), text);
    }

    const WHOLE: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Choice",
      "Choices": [
        {
          "Variable": "$.x",
          "Next": "B"
        },
        {
          "Variable": "$.y",
          "Next": "B"
        }
      ],
      "Default": "B"
    },
    "B": {
      "Type": "Pass",
      "Parameters": {
        "p": 1
      },
      "End": true
    }
  },
  "TimeoutSeconds": 5
}
"#;
    const OUTLINE: &str = "StartAt States(A(Type Choices(-(Variable Next) -(Variable Next)) Default) \
                           B(Type Parameters(p) End)) TimeoutSeconds";

    #[test]
    fn a_whole_document_needs_no_recovery() {
        check(WHOLE, OUTLINE, 0);
    }

    #[test]
    fn one_bracket_gone_or_too_many_changes_nothing_else() {
        for (at, char) in WHOLE.char_indices().filter(|(_, it)| "{}[]".contains(*it)) {
            if at == 0 || WHOLE[at + 1..].trim().is_empty() {
                continue;
            }
            let without = format!("{}{}", &WHOLE[..at], &WHOLE[at + 1..]);
            let tree = parse(without.as_str());
            assert!(!tree.errors().is_empty(), "{without}");
            let kept = outline(&tree, tree.root());
            // What lost its bracket may become its neighbor's part, states never do.
            for state in ["StartAt States(A(Type Choices", " B(Type", "TimeoutSeconds"] {
                assert!(kept.contains(state), "{char} at {at}: {kept}\n{without}");
            }
            if "]}".contains(char) {
                check(&without, OUTLINE, 1);
                let line_start = WHOLE[..at].rfind('\n').map_or(0, |it| it + 1);
                let column = at - line_start;
                let twice = format!("{}{char}\n{}{}", &WHOLE[..at], " ".repeat(column), &WHOLE[at..]);
                check(&twice, OUTLINE, 1);
            }
        }
    }

    #[test]
    fn text_on_one_line_recovers_by_kind_of_bracket() {
        check(r#"{"a": [{"b": 1], "c": 2}"#, "a(-(b)) c", 1);
        check(r#"{"a": {"b": 1}}, "c": 2}"#, "a(b) c", 1);
        check(r#"{"a": 1]"#, "a", 1);
        check(r#"{"a": {"b": 1"#, "a(b)", 1);
    }

    #[test]
    fn layout_is_not_believed_when_the_brackets_pair_up() {
        check("{\n\"a\": {\n    \"b\": 1,\n},\n        \"c\": [\n1 ]\n  }", "a(b) c(-)", 1);
    }
}
