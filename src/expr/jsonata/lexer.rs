//! Cuts the text of an expression into tokens, one at a time.
//!
//! A slash is a division after an operand and opens a regular expression anywhere else, so the
//! parser says at each step which of the two it expects. Offsets are bytes; the positions that the
//! reference implementation reports (characters up to the end of the token) are derived from them
//! only when an error is shown.

use crate::expr::jsonata::error::Fault;
use crate::json::float;

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// Punctuation and the word operators `and`, `or`, `in`.
    Operator(&'static str),
    /// A field name, bare or in backquotes.
    Name(String),
    /// A variable, without its `$`: empty for `$`, `$` for `$$`.
    Variable(String),
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
    Regex {
        pattern: String,
        ignore_case: bool,
        multiline: bool,
    },
    End,
}

/// A token and its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// What the parser expects where a slash may stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expect {
    Operand,
    Operator,
}

/// The operators, the longer ones first.
const OPERATORS: &[&str] = &[
    "..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#",
    ";", ":", "?", "+", "-", "*", "/", "%", "|", "=", "<", ">", "^", "&", "!", "~",
];

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B)
}

/// Whether a character ends a bare name.
fn ends_name(byte: u8) -> bool {
    is_space(byte) || b".[]{}(),@#;:?+-*/%|=<>^&!~".contains(&byte)
}

/// Reads one text from front to back.
pub struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Whether `?:` and `??` are operators (2.1 and later) or two marks each.
    modern: bool,
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str, modern: bool) -> Lexer<'t> {
        Lexer { text, at: 0, modern }
    }

    /// Reads on from here, which is the start of a token.
    pub fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next token; [`TokenKind::End`] for ever once the text is used up.
    pub fn next(&mut self, expect: Expect) -> Result<Token, Box<Fault>> {
        self.skip_space_and_comments()?;
        let start = self.at;
        if self.rest().is_empty() {
            return Ok(Token { kind: TokenKind::End, start, end: start });
        }
        let kind = self.kind(expect)?;
        Ok(Token { kind, start, end: self.at })
    }

    fn skip_space_and_comments(&mut self) -> Result<(), Box<Fault>> {
        loop {
            while self.at < self.text.len() && is_space(self.peek(0)) {
                self.at += 1;
            }
            if !self.rest().starts_with("/*") {
                return Ok(());
            }
            match self.rest().get(2..).and_then(|it| it.find("*/")) {
                Some(length) => self.at += length + 4,
                None => return Err(Fault::new("S0106").between(self.at, self.text.len()).at(self.at)),
            }
        }
    }

    fn kind(&mut self, expect: Expect) -> Result<TokenKind, Box<Fault>> {
        let first = self.peek(0);
        if first == b'/' && expect == Expect::Operand {
            return self.regex();
        }
        let is_operator = |it: &&&str| self.rest().starts_with(**it) && (self.modern || !is_modern(it));
        if let Some(operator) = OPERATORS.iter().find(is_operator) {
            self.at += operator.len();
            return Ok(TokenKind::Operator(operator));
        }
        match first {
            b'"' | b'\'' => self.string(first),
            b'0'..=b'9' => self.number(),
            b'`' => self.quoted_name(),
            _ => Ok(self.name()),
        }
    }

    fn string(&mut self, quote: u8) -> Result<TokenKind, Box<Fault>> {
        let start = self.at;
        self.at += 1;
        let mut res = String::new();
        loop {
            let rest = self.rest();
            let Some(length) = rest.bytes().position(|it| it == quote || it == b'\\') else {
                return Err(Fault::new("S0101").between(start, self.text.len()).at(self.text.len()));
            };
            res.push_str(rest.get(..length).unwrap_or_default());
            self.at += length;
            if self.peek(0) == quote {
                self.at += 1;
                return Ok(TokenKind::Text(res));
            }
            res.push(self.escape(start)?);
        }
    }

    /// One escape sequence; the backslash is still ahead.
    fn escape(&mut self, string_start: usize) -> Result<char, Box<Fault>> {
        let start = self.at;
        self.at += 1;
        let Some(escaped) = self.rest().chars().next() else {
            return Err(Fault::new("S0101").between(string_start, self.text.len()).at(self.text.len()));
        };
        self.at += escaped.len_utf8();
        Ok(match escaped {
            '"' | '\\' | '/' => escaped,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let high = self.hex_unit(start)?;
                let is_pair = (0xD800..0xDC00).contains(&high) && self.rest().starts_with("\\u");
                if !is_pair {
                    // A lone surrogate cannot live in a Rust string.
                    return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                let before_low = self.at;
                self.at += 2;
                let low = self.hex_unit(before_low)?;
                if (0xDC00..0xE000).contains(&low) {
                    let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                    return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                self.at = before_low;
                char::REPLACEMENT_CHARACTER
            }
            other => {
                return Err(Fault::new("S0103")
                    .between(start, self.at)
                    .at(start + 1)
                    .token(other.to_string()));
            }
        })
    }

    fn hex_unit(&mut self, start: usize) -> Result<u32, Box<Fault>> {
        let digits = self.rest().get(..4).filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|it| u32::from_str_radix(it, 16).ok()) {
            Some(unit) => {
                self.at += 4;
                Ok(unit)
            }
            None => Err(Fault::new("S0104").between(start, self.at).at(start + 1)),
        }
    }

    fn number(&mut self) -> Result<TokenKind, Box<Fault>> {
        let start = self.at;
        let digits = |lexer: &mut Self| {
            while lexer.peek(0).is_ascii_digit() {
                lexer.at += 1;
            }
        };
        // A leading zero stands alone: `007` is three numbers.
        if self.peek(0) == b'0' {
            self.at += 1;
        } else {
            digits(self);
        }
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            digits(self);
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let n_signs = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + n_signs).is_ascii_digit() {
                self.at += 1 + n_signs;
                digits(self);
            }
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        match float(text) {
            Some(number) if number.is_finite() => Ok(TokenKind::Number(number)),
            _ => Err(Fault::new("S0102").between(start, self.at).at(start).token(text)),
        }
    }

    fn quoted_name(&mut self) -> Result<TokenKind, Box<Fault>> {
        let start = self.at;
        let Some(length) = self.rest().get(1..).and_then(|it| it.find('`')) else {
            return Err(Fault::new("S0105").between(start, self.text.len()).at(self.text.len()));
        };
        let name = self.text.get(start + 1..start + 1 + length).unwrap_or_default();
        self.at = start + length + 2;
        Ok(TokenKind::Name(name.to_string()))
    }

    fn name(&mut self) -> TokenKind {
        let rest = self.rest();
        let length = rest.bytes().position(ends_name).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        self.at += length;
        if let Some(variable) = word.strip_prefix('$') {
            return TokenKind::Variable(variable.to_string());
        }
        match word {
            "and" => TokenKind::Operator("and"),
            "or" => TokenKind::Operator("or"),
            "in" => TokenKind::Operator("in"),
            "true" => TokenKind::Bool(true),
            "false" => TokenKind::Bool(false),
            "null" => TokenKind::Null,
            _ => TokenKind::Name(word.to_string()),
        }
    }

    /// A regular expression up to the slash that is neither escaped nor inside brackets.
    fn regex(&mut self) -> Result<TokenKind, Box<Fault>> {
        let opening = self.at;
        self.at += 1;
        let start = self.at;
        let (mut depth, mut is_escaped) = (0_i64, false);
        loop {
            let Some(byte) = self.text.as_bytes().get(self.at).copied() else {
                return Err(Fault::new("S0302").between(opening, self.text.len()).at(self.text.len()));
            };
            match byte {
                b'/' if depth == 0 && !is_escaped => break,
                b'(' | b'[' | b'{' if !is_escaped => depth += 1,
                b')' | b']' | b'}' if !is_escaped => depth -= 1,
                _ => {}
            }
            is_escaped = byte == b'\\' && !is_escaped;
            self.at += 1;
        }
        let pattern = self.text.get(start..self.at).unwrap_or_default().to_string();
        if pattern.is_empty() {
            return Err(Fault::new("S0301").between(opening, self.at + 1).at(self.at));
        }
        self.at += 1;
        let (mut ignore_case, mut multiline) = (false, false);
        loop {
            match self.peek(0) {
                b'i' => ignore_case = true,
                b'm' => multiline = true,
                _ => return Ok(TokenKind::Regex { pattern, ignore_case, multiline }),
            }
            self.at += 1;
        }
    }
}

/// The operators that came with 2.1.
pub fn is_modern(operator: &str) -> bool {
    matches!(operator, "?:" | "??")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[TokenKind]) {
        let mut lexer = Lexer::new(text, true);
        let mut expect = Expect::Operand;
        for it in expected {
            let token = lexer.next(expect).unwrap();
            assert_eq!(&token.kind, it, "{text}");
            expect = match it {
                TokenKind::Operator(_) => Expect::Operand,
                _ => Expect::Operator,
            };
        }
        assert_eq!(lexer.next(expect).unwrap().kind, TokenKind::End, "{text}");
    }

    #[test]
    fn words_numbers_and_marks() {
        use TokenKind::*;
        check(
            "$a.b:=-1.5e3",
            &[
                Variable("a".into()),
                Operator("."),
                Name("b".into()),
                Operator(":="),
                Operator("-"),
                Number(1500.0),
            ],
        );
        check(
            "`a b` in 'x\\n\\u0041\\ud83d\\ude00'",
            &[Name("a b".into()), Operator("in"), Text("x\nA😀".into())],
        );
        check("/* c */ 007", &[Number(0.0), Number(0.0), Number(7.0)]);
    }

    #[test]
    fn slash_divides_after_an_operand() {
        use TokenKind::*;
        check("4/2", &[Number(4.0), Operator("/"), Number(2.0)]);
        check("/[/]\\//i", &[Regex { pattern: "[/]\\/".into(), ignore_case: true, multiline: false }]);
    }

    #[test]
    fn unfinished_tokens_are_errors() {
        for (text, code) in [
            ("'abc", "S0101"),
            ("'abc\\", "S0101"),
            ("1e999", "S0102"),
            ("'\\y'", "S0103"),
            ("'\\u12'", "S0104"),
            ("`abc", "S0105"),
            ("/* abc", "S0106"),
            ("//", "S0301"),
            ("/abc", "S0302"),
        ] {
            let fault = Lexer::new(text, true).next(Expect::Operand).unwrap_err();
            assert_eq!(fault.code, code, "{text}");
        }
    }
}
