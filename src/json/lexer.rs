//! From text to tokens. Never fails: every byte belongs to exactly one token, and what is not
//! JSON becomes a token of a kind that the parser reports.
//!
//! Beyond JSON it knows what people really paste: comments, single and curly quotes, bare words,
//! and the bare `${Name}` that CloudFormation replaces before anybody reads the text as JSON. Where
//! a merge left a conflict, the tokens are those of its first side: the marks and the other side
//! are trivia, so that the text is drawn and edited as if that side had been kept.

use crate::text::conflict::{Conflict, mark_at};

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TokenKind {
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// A string whose content stands as it is between the quotes.
    String,
    /// A string with backslashes or control characters, to be decoded.
    EscapedString,
    /// A string that its line ends before its closing quote.
    OpenString,
    /// A string in single or curly quotes.
    OddString,
    /// A number in JSON's spelling.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// A bare run with `${…}` in it, to be replaced before the text is used.
    Placeholder,
    /// Any other bare run: an unquoted name, a number in a spelling of its own.
    Word,
    /// Spaces, tabs and line breaks.
    Whitespace,
    /// `// …` or `/* … */`, which JSON does not have.
    Comment,
    /// A byte order mark at the very start.
    ByteOrderMark,
    /// The first line of a merge conflict, or one of its marks that was left over.
    ConflictMark,
    /// The rest of a merge conflict behind its first side, up to its end.
    ConflictRest,
    /// Any other character.
    Stray,
    /// After the last byte.
    End,
}

impl TokenKind {
    /// Whether the parser steps over it.
    pub fn is_trivia(self) -> bool {
        use TokenKind::*;
        matches!(self, Whitespace | Comment | ByteOrderMark | ConflictMark | ConflictRest)
    }

    /// Whether it is a string in any condition.
    pub fn is_string(self) -> bool {
        use TokenKind::*;
        matches!(self, String | EscapedString | OpenString | OddString)
    }
}

/// A piece of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The offset of its first byte.
    pub start: u32,
    /// The offset after its last byte.
    pub end: u32,
}

/// Cuts a text into tokens that cover it without gaps, `End` last.
pub fn lex(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 4 + 2);
    let mut at = 0;
    // Where the first side of the conflict at hand ends, and where all of the conflict does.
    let (mut side_end, mut conflict_end) = (usize::MAX, 0);
    while let Some(first) = byte(text, at) {
        let (kind, end) = if at == side_end {
            side_end = usize::MAX;
            (TokenKind::ConflictRest, conflict_end)
        } else if matches!(first, b'<' | b'|' | b'=' | b'>')
            && let Some(mark) = mark_at(text, at)
        {
            if let Some(conflict) = Conflict::at(text, at) {
                let lines = conflict.range.slice(text).trim_end_matches(['\r', '\n']);
                (side_end, conflict_end) = (conflict.ours.end, at + lines.len());
            }
            (TokenKind::ConflictMark, mark.end)
        } else {
            // Only a comment can reach beyond: strings end with their lines.
            let (kind, end) = token_at(text, at, first);
            (kind, end.min(side_end))
        };
        tokens.push(Token { kind, start: offset(at), end: offset(end) });
        at = end;
    }
    tokens.push(Token { kind: TokenKind::End, start: offset(at), end: offset(at) });
    tokens
}

/// Documents are far below four gigabytes; one that is not would be cut off, not crash.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

fn token_at(text: &str, at: usize, first: u8) -> (TokenKind, usize) {
    match first {
        b'{' => (TokenKind::OpenBrace, at + 1),
        b'}' => (TokenKind::CloseBrace, at + 1),
        b'[' => (TokenKind::OpenBracket, at + 1),
        b']' => (TokenKind::CloseBracket, at + 1),
        b':' => (TokenKind::Colon, at + 1),
        b',' => (TokenKind::Comma, at + 1),
        b' ' | b'\t' | b'\n' | b'\r' => {
            let is_space = |it: &u8| matches!(it, b' ' | b'\t' | b'\n' | b'\r');
            let n = text.as_bytes().iter().skip(at).take_while(|it| is_space(it)).count();
            (TokenKind::Whitespace, at + n)
        }
        b'"' => string(text, at),
        b'/' => comment(text, at),
        b'\'' => odd_string(text, at, '\''),
        _ if is_word(first) => word(text, at),
        _ => other(text, at),
    }
}

fn string(text: &str, at: usize) -> (TokenKind, usize) {
    let mut kind = TokenKind::String;
    let mut end = at + 1;
    while let Some(byte) = byte(text, end) {
        match byte {
            b'"' => return (kind, end + 1),
            b'\n' => break,
            b'\\' => {
                kind = TokenKind::EscapedString;
                // A backslash before a line break does not carry the string over it.
                end += if self::byte(text, end + 1).is_some_and(|it| it != b'\n') { 2 } else { 1 };
            }
            0..0x20 => {
                kind = TokenKind::EscapedString;
                end += 1;
            }
            _ => end += 1,
        }
    }
    let line = text.get(at..end.min(text.len())).unwrap_or_default();
    (TokenKind::OpenString, at + open_string_len(line))
}

/// How much of a line belongs to a string without a closing quote. What the line ends with is
/// usually meant as JSON again: a comma, the end of an object, or the start of a value.
fn open_string_len(line: &str) -> usize {
    let line = line.trim_end();
    let mut kept = line;
    if let Some(head) = kept.strip_suffix(['{', '['])
        && let Some(head) = head.trim_end().strip_suffix(':')
    {
        return head.trim_end().len().max(1);
    }
    if let Some(head) = kept.strip_suffix(',') {
        kept = head.trim_end();
    } else if let Some(head) = kept.strip_suffix(':') {
        kept = head.trim_end();
    }
    let surplus =
        |text: &str, open: char, close: char| text.matches(close).count() > text.matches(open).count();
    while (kept.ends_with('}') && surplus(kept, '{', '}')) || (kept.ends_with(']') && surplus(kept, '[', ']'))
    {
        kept = kept.get(..kept.len() - 1).unwrap_or_default().trim_end();
    }
    kept.len().max(1)
}

/// A string in quotes that are not JSON's; without a closing one on the line, only the quote.
fn odd_string(text: &str, at: usize, close: char) -> (TokenKind, usize) {
    let mut chars = rest(text, at).char_indices();
    let open_len = chars.next().map_or(1, |(_, open)| open.len_utf8());
    while let Some((idx, char)) = chars.next() {
        match char {
            '\n' => break,
            '\\' => {
                chars.next();
            }
            _ if char == close => return (TokenKind::OddString, at + idx + char.len_utf8()),
            _ => {}
        }
    }
    (TokenKind::Stray, at + open_len)
}

/// A comment. A block that is never closed ends with its line, so that what follows lives on.
fn comment(text: &str, at: usize) -> (TokenKind, usize) {
    let rest = rest(text, at);
    let line_len = rest.find('\n').unwrap_or(rest.len());
    if rest.starts_with("//") {
        (TokenKind::Comment, at + line_len)
    } else if rest.starts_with("/*") {
        let closed = rest.get(2..).and_then(|it| it.find("*/")).map(|idx| idx + 4);
        (TokenKind::Comment, at + closed.unwrap_or(line_len))
    } else {
        (TokenKind::Stray, at + 1)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-' | b'.' | b'$')
}

fn word(text: &str, at: usize) -> (TokenKind, usize) {
    let mut end = at;
    let mut placeholder = false;
    while let Some(byte) = byte(text, end) {
        if byte == b'$' && rest(text, end).starts_with("${") {
            let line = rest(text, end).lines().next().unwrap_or_default();
            if let Some(close) = line.find('}') {
                placeholder = true;
                end += close + 1;
                continue;
            }
        }
        // Letters of any script belong to a name.
        let letter = match byte {
            0x80.. => rest(text, end).chars().next().filter(|it| it.is_alphanumeric()),
            _ if is_word(byte) => Some(char::from(byte)),
            _ => None,
        };
        let Some(letter) = letter else { break };
        end += letter.len_utf8();
    }
    let kind = match text.get(at..end).unwrap_or_default() {
        _ if placeholder => TokenKind::Placeholder,
        "true" => TokenKind::True,
        "false" => TokenKind::False,
        "null" => TokenKind::Null,
        word if is_number(word) => TokenKind::Number,
        _ => TokenKind::Word,
    };
    (kind, end)
}

fn other(text: &str, at: usize) -> (TokenKind, usize) {
    match rest(text, at).chars().next() {
        Some('\u{feff}') if at == 0 => (TokenKind::ByteOrderMark, at + 3),
        Some('“' | '”' | '„') => {
            let (kind, end) = odd_string(text, at, '”');
            if kind == TokenKind::Stray { odd_string(text, at, '“') } else { (kind, end) }
        }
        Some('‘' | '’') => odd_string(text, at, '’'),
        Some(first) if first.is_alphanumeric() => word(text, at),
        Some(first) => (TokenKind::Stray, at + first.len_utf8()),
        None => (TokenKind::Stray, text.len()),
    }
}

/// Whether a text is a number in JSON's spelling.
pub fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (text, None),
    };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|it| digits(it.strip_prefix(['+', '-']).unwrap_or(it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens that are no white space, as `Kind:text`.
    fn check(text: &str, expected: &[&str]) {
        let tokens = lex(text);
        let slice = |it: &Token| &text[it.start as usize..it.end as usize];
        assert_eq!(tokens.iter().map(slice).collect::<String>(), text, "tokens cover the text");
        let shown: Vec<String> = tokens
            .iter()
            .filter(|it| !matches!(it.kind, TokenKind::Whitespace | TokenKind::End))
            .map(|it| format!("{:?}:{}", it.kind, slice(it)))
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn json_is_cut_at_its_seams() {
        check(
            r#"{"a": [1.5e-3, true, "\n"]}"#,
            &[
                "OpenBrace:{",
                "String:\"a\"",
                "Colon::",
                "OpenBracket:[",
                "Number:1.5e-3",
                "Comma:,",
                "True:true",
                "Comma:,",
                "EscapedString:\"\\n\"",
                "CloseBracket:]",
                "CloseBrace:}",
            ],
        );
        check("01 1. -0 .5", &["Word:01", "Word:1.", "Number:-0", "Word:.5"]);
    }

    #[test]
    fn substitutions_outside_strings_are_placeholders() {
        check("${A::B}", &["Placeholder:${A::B}"]);
        check("1${A}0, $x", &["Placeholder:1${A}0", "Comma:,", "Word:$x"]);
        check("${open", &["Word:$", "OpenBrace:{", "Word:open"]);
    }

    #[test]
    fn an_open_string_leaves_the_end_of_its_line() {
        check("\"Next\": \"B,\n", &["String:\"Next\"", "Colon::", "OpenString:\"B", "Comma:,"]);
        check("\"A: {\n", &["OpenString:\"A", "Colon::", "OpenBrace:{"]);
        check("{\"a\": \"b}", &["OpenBrace:{", "String:\"a\"", "Colon::", "OpenString:\"b", "CloseBrace:}"]);
        check("\"${x},\r\n", &["OpenString:\"${x}", "Comma:,"]);
        check("\"", &["OpenString:\""]);
        check("\"a\\", &["OpenString:\"a\\"]);
    }

    #[test]
    fn what_is_not_json_is_named() {
        check("// x\n1", &["Comment:// x", "Number:1"]);
        check("/* a\nb */ 1 /* c", &["Comment:/* a\nb */", "Number:1", "Comment:/* c"]);
        check("'a' “b” 'c", &["OddString:'a'", "OddString:“b”", "Stray:'", "Word:c"]);
        check("\u{feff}{", &["ByteOrderMark:\u{feff}", "OpenBrace:{"]);
        check("größe = 😀", &["Word:größe", "Stray:=", "Stray:😀"]);
    }

    #[test]
    fn of_a_conflict_only_the_first_side_is_json() {
        check(
            "[\n<<<<<<< a\n1\n=======\n2 /*\n>>>>>>> b\n]",
            &[
                "OpenBracket:[",
                "ConflictMark:<<<<<<< a",
                "Number:1",
                "ConflictRest:=======\n2 /*\n>>>>>>> b",
                "CloseBracket:]",
            ],
        );
        check(
            "<<<<<<< a\n/* 1\n||||||| c\n*/=======\n=======\n>>>>>>> b\n=======\r\n1",
            &[
                "ConflictMark:<<<<<<< a",
                "Comment:/* 1\n",
                "ConflictRest:||||||| c\n*/=======\n=======\n>>>>>>> b",
                "ConflictMark:=======",
                "Number:1",
            ],
        );
    }
}
