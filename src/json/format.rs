//! One canonical layout for a text, as an edit of the white space between its tokens. No name,
//! number, string or order ever changes, and text that is no JSON is left as it is.
//!
//! The form: every member and element on a line of its own, indented by one unit a level; `": "`
//! after a name; an object or array that its author wrote on one line stays on one line while that
//! has at most [`LONGEST_LINE`] columns, as `{"a": 1, "b": [2, 3]}`; one blank line between members
//! stays one. A document that is a single line has no layout of its own: there only lists of plain
//! values stay together. Line ends and the presence of a final line end are those of the file.
//! Laying out what is laid out changes nothing.

use crate::json::lexer::{Token, TokenKind};
use crate::json::style::Style;
use crate::json::tree::Tree;
use crate::text::{TextEdit, TextRange};

/// What stays on one line has at most so many columns, its indentation and comma included.
pub const LONGEST_LINE: usize = 100;

/// One level of indentation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Indent {
    /// As the file has it: as its first indented member; two spaces where there is none.
    #[default]
    AsWritten,
    /// So many spaces.
    Spaces(usize),
    Tab,
}

/// The edit that lays a text out, empty where it is laid out already; `None` where it is no JSON.
pub fn format(tree: &Tree, indent: Indent) -> Option<TextEdit> {
    if !tree.is_valid() {
        return None;
    }
    let line = Line::of(tree, indent);
    let pieces = pieces(tree);
    let mut edit = TextEdit::builder();
    let mut writer = Writer { line: &line, pieces: &pieces, open: Vec::new(), line_start: 0 };
    let mut before: Option<&Piece> = None;
    for (idx, piece) in pieces.iter().enumerate() {
        let wanted = writer.gap(idx, before, piece);
        let start = before.map_or(piece.gap_start, |it| it.end);
        let gap = TextRange::new(start, piece.start);
        if gap.slice(tree.text()) != wanted {
            edit.replace(gap, wanted);
        }
        before = Some(piece);
    }
    Some(edit.finish())
}

/// Deeper levels are not indented further: else the white space would outgrow the text.
const MAX_LEVELS: usize = 100;
/// A file that indents by more than this is not followed.
const WIDEST_UNIT: usize = 8;
/// What a tab counts for when the length of a line is told.
const TAB_COLUMNS: usize = 4;

/// How a line begins.
struct Line {
    newline: &'static str,
    unit: String,
    unit_columns: usize,
}

impl Line {
    fn of(tree: &Tree, indent: Indent) -> Line {
        let style = Style::near(tree, tree.root());
        let unit = match indent {
            Indent::AsWritten if style.unit.len() <= WIDEST_UNIT => style.unit,
            Indent::AsWritten => "  ".to_owned(),
            Indent::Spaces(n) => " ".repeat(n),
            Indent::Tab => "\t".to_owned(),
        };
        let unit_columns = unit.chars().map(|it| if it == '\t' { TAB_COLUMNS } else { 1 }).sum();
        Line { newline: style.newline, unit, unit_columns }
    }
}

/// A token that is no white space.
struct Piece {
    kind: TokenKind,
    start: usize,
    end: usize,
    /// Where the white space before the first one starts: behind a byte order mark.
    gap_start: usize,
    /// How many line ends are between the token before and this one.
    n_breaks: usize,
    /// The column it would have if the whole document were one line.
    column: usize,
    /// Of an opening bracket: the column after its closing one in that line.
    closes_at: usize,
    /// Of an opening bracket: what stands between it and its closing one.
    inside: Inside,
}

#[derive(Clone, Copy, Default)]
struct Inside {
    /// A line end.
    breaks: bool,
    /// An object or array.
    containers: bool,
}

/// The tokens with what must be known of each bracket before its inside is laid out. The brackets
/// of a valid text pair up.
fn pieces(tree: &Tree) -> Vec<Piece> {
    let text = tree.text();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open: Vec<(usize, Inside)> = Vec::new();
    let (mut column, mut n_breaks, mut gap_start) = (0, 0, 0);
    for Token { kind, start, end } in tree.tokens() {
        let range = TextRange::new(*start as usize, *end as usize);
        match kind {
            TokenKind::ByteOrderMark => gap_start = range.end,
            TokenKind::Whitespace => {
                n_breaks += range.slice(text).matches('\n').count();
                continue;
            }
            _ => {}
        }
        if *kind == TokenKind::ByteOrderMark {
            continue;
        }
        if let Some((_, inside)) = open.last_mut() {
            inside.breaks |= n_breaks > 0;
        }
        let width = range.slice(text).chars().count();
        let after = column + width;
        match kind {
            TokenKind::OpenBrace | TokenKind::OpenBracket => {
                if let Some((_, inside)) = open.last_mut() {
                    inside.containers = true;
                }
                open.push((pieces.len(), Inside::default()));
            }
            TokenKind::CloseBrace | TokenKind::CloseBracket => {
                if let Some((idx, inside)) = open.pop()
                    && let Some(opener) = pieces.get_mut(idx)
                {
                    opener.closes_at = after;
                    opener.inside = inside;
                    if let Some((_, outer)) = open.last_mut() {
                        outer.breaks |= inside.breaks;
                    }
                }
            }
            _ => {}
        }
        pieces.push(Piece {
            kind: *kind,
            start: range.start,
            end: range.end,
            gap_start,
            n_breaks,
            column,
            closes_at: after,
            inside: Inside::default(),
        });
        column = after + usize::from(matches!(kind, TokenKind::Colon | TokenKind::Comma));
        n_breaks = 0;
    }
    pieces
}

struct Writer<'p> {
    line: &'p Line,
    pieces: &'p [Piece],
    /// Of each open object or array, whether it is on one line.
    open: Vec<bool>,
    /// The index of the piece that starts the line at hand.
    line_start: usize,
}

impl Writer<'_> {
    /// What stands before a piece.
    fn gap(&mut self, idx: usize, before: Option<&Piece>, piece: &Piece) -> String {
        use TokenKind::{CloseBrace, CloseBracket, Colon, Comma, End, OpenBrace, OpenBracket};
        let Some(before) = before else {
            self.note_bracket(piece);
            return String::new();
        };
        let is_inline = self.open.last().copied().unwrap_or(true);
        if matches!(piece.kind, CloseBrace | CloseBracket) {
            self.open.pop();
        }
        let gap = match (before.kind, piece.kind) {
            (_, End) if piece.n_breaks > 0 => self.line.newline.to_owned(),
            (_, End | Colon | Comma) => String::new(),
            (OpenBrace, CloseBrace) | (OpenBracket, CloseBracket) => String::new(),
            (Colon, _) => " ".to_owned(),
            (Comma, _) if is_inline => " ".to_owned(),
            _ if is_inline => String::new(),
            _ => {
                self.line_start = idx;
                let is_apart = before.kind == Comma && piece.n_breaks > 1;
                let newlines = self.line.newline.repeat(if is_apart { 2 } else { 1 });
                newlines + &self.line.unit.repeat(self.level())
            }
        };
        self.note_bracket(piece);
        gap
    }

    fn note_bracket(&mut self, piece: &Piece) {
        if matches!(piece.kind, TokenKind::OpenBrace | TokenKind::OpenBracket) {
            let is_inline = self.stays_on_one_line(piece);
            self.open.push(is_inline);
        }
    }

    fn level(&self) -> usize {
        self.open.len().min(MAX_LEVELS)
    }

    fn stays_on_one_line(&self, opener: &Piece) -> bool {
        if self.open.last() == Some(&true) {
            return true;
        }
        let is_single_line = self.pieces.first().is_some_and(|it| !it.inside.breaks);
        let was_together = if is_single_line {
            opener.kind == TokenKind::OpenBracket && !opener.inside.containers
        } else {
            !opener.inside.breaks
        };
        let line_column = self.pieces.get(self.line_start).map_or(0, |it| it.column);
        // The comma that may follow counts too, so that the last one is as its siblings.
        let columns = self.level() * self.line.unit_columns + opener.closes_at - line_column + 1;
        was_together && columns <= LONGEST_LINE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[track_caller]
    fn check(text: &str, indent: Indent, expected: &str) {
        let tree = parse(text);
        let new = format(&tree, indent).expect("valid JSON").apply(text);
        assert_eq!(new, expected);
        let again = format(&parse(new.as_str()), indent).expect("still valid");
        assert!(again.is_empty(), "{again:?}");
    }

    #[test]
    fn members_stand_on_lines_of_their_own() {
        check(
            "{ \"b\" :1 , \"a\":\n[ 1,\n2], \"c\": {}\n,\"d\": [ ]}",
            Indent::AsWritten,
            "{\n  \"b\": 1,\n  \"a\": [\n    1,\n    2\n  ],\n  \"c\": {},\n  \"d\": []\n}",
        );
        check("[1,2]", Indent::AsWritten, "[1, 2]");
        check(" 1 \n\n", Indent::AsWritten, "1\n");
    }

    #[test]
    fn what_was_on_one_line_stays_there_while_it_fits() {
        check(
            "{\n  \"a\": { \"x\":[1,2,{\"y\" : 0}] },\n  \"b\":{\"c\":\n1} }",
            Indent::AsWritten,
            "{\n  \"a\": {\"x\": [1, 2, {\"y\": 0}]},\n  \"b\": {\n    \"c\": 1\n  }\n}",
        );
        let list = |n: usize| format!("[{}]", vec!["1"; n].join(", "));
        // Two columns of indentation, four of the name, 93 of the list and one for a comma.
        check(
            &format!("{{\n\"\": {}}}", list(31)),
            Indent::Spaces(2),
            &format!("{{\n  \"\": {}\n}}", list(31)),
        );
        let long = format!("{{\n  \"a\": {}\n}}", list(31));
        let lines = long.replace('[', "[\n    ").replace(']', "\n  ]").replace("1, ", "1,\n    ");
        check(&long, Indent::Spaces(2), &lines);
    }

    #[test]
    fn a_single_line_is_opened_up() {
        check(
            r#"{"a":{"b":["x","y"],"c":{"d":1}},"e":[[1],2]}"#,
            Indent::Tab,
            "{\n\t\"a\": {\n\t\t\"b\": [\"x\", \"y\"],\n\t\t\"c\": {\n\t\t\t\"d\": 1\n\t\t}\n\t},\n\t\"e\": [\n\t\t[1],\n\t\t2\n\t]\n}",
        );
    }

    #[test]
    fn what_is_the_files_own_stays() {
        check(
            "\u{feff}\r\n{\r\n    \"a\": 1.50e+2,\r\n\r\n\r\n   \"a\": \"\\u00e9\",\r\n\"n\": ${Seconds}}\r\n",
            Indent::AsWritten,
            "\u{feff}{\r\n    \"a\": 1.50e+2,\r\n\r\n    \"a\": \"\\u00e9\",\r\n    \"n\": ${Seconds}\r\n}\r\n",
        );
    }

    #[test]
    fn broken_text_is_left_alone() {
        for text in ["", "{\"a\": }", "{\"a\": 1,}", "// x\n{}", "{} {}"] {
            assert_eq!(format(&parse(text), Indent::AsWritten), None, "{text}");
        }
    }

    #[test]
    fn depth_costs_no_more_than_it_should() {
        let text = "[\n".repeat(50_000) + &"]".repeat(50_000);
        let new = format(&parse(text.as_str()), Indent::AsWritten).expect("valid JSON").apply(&text);
        assert!(new.len() < 100_000 * 2 * (MAX_LEVELS + 2));
    }
}
