//! From a text that is nothing but JSON to a `serde_json::Value`: records, answers, snippets, what a
//! state sends. What is edited goes through `parse`, which takes any text. It reads and refuses
//! exactly what `serde_json::from_str` does, with the same words.

use std::fmt;

use serde_json::{Map, Number, Value};

use crate::json::float::float;

/// Arrays and objects inside of each other.
const MAX_DEPTH: usize = 127;

/// The value that a text spells. Of fields with one name the last one counts, at the place of the first.
///
/// # Errors
/// The first place at which the text is no JSON.
pub fn read_json(text: &str) -> Result<Value, ReadError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    match reader.next_word() {
        Some(_) => Err(reader.error_at_next("trailing characters")),
        None => Ok(value),
    }
}

/// Why a text is no JSON, and where; both from one, the column in bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadError {
    what: &'static str,
    /// From one.
    pub line: usize,
    /// From one, in bytes.
    pub column: usize,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.what, self.line, self.column)
    }
}

const NO_VALUE: &str = "EOF while parsing a value";
const NO_STRING_END: &str = "EOF while parsing a string";
const NO_NUMBER: &str = "invalid number";

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    // The recursion is bounded by `MAX_DEPTH`.
    fn value(&mut self, depth: usize) -> Result<Value, ReadError> {
        let Some(first) = self.next_word() else {
            return Err(self.error_at_next(NO_VALUE));
        };
        match first {
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'-' | b'0'..=b'9' => self.number().map(Value::Number),
            b'"' => self.string().map(Value::String),
            b'[' | b'{' if depth >= MAX_DEPTH => Err(self.error_at_next("recursion limit exceeded")),
            b'[' => self.array(depth + 1),
            b'{' => self.object(depth + 1),
            _ => Err(self.error_at_next("expected value")),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            match self.next_word() {
                None => return Err(self.error_at_next("EOF while parsing a list")),
                Some(b']') => break,
                Some(b',') if !elements.is_empty() => {
                    self.at += 1;
                    match self.next_word() {
                        Some(b']') => return Err(self.error_at_next("trailing comma")),
                        None => return Err(self.error_at_next(NO_VALUE)),
                        Some(_) => {}
                    }
                }
                Some(_) if elements.is_empty() => {}
                Some(_) => return Err(self.error_at_next("expected `,` or `]`")),
            }
            elements.push(self.value(depth)?);
        }
        self.at += 1;
        Ok(Value::Array(elements))
    }

    fn object(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.at += 1;
        let mut members = Map::new();
        loop {
            match self.next_word() {
                None => return Err(self.error_at_next("EOF while parsing an object")),
                Some(b'}') => break,
                Some(b',') if !members.is_empty() => {
                    self.at += 1;
                    match self.next_word() {
                        Some(b'"') => {}
                        Some(b'}') => return Err(self.error_at_next("trailing comma")),
                        Some(_) => return Err(self.error_at_next("key must be a string")),
                        None => return Err(self.error_at_next(NO_VALUE)),
                    }
                }
                Some(b'"') if members.is_empty() => {}
                Some(_) if members.is_empty() => return Err(self.error_at_next("key must be a string")),
                Some(_) => return Err(self.error_at_next("expected `,` or `}`")),
            }
            let name = self.string()?;
            match self.next_word() {
                Some(b':') => self.at += 1,
                Some(_) => return Err(self.error_at_next("expected `:`")),
                None => return Err(self.error_at_next("EOF while parsing an object")),
            }
            let value = self.value(depth)?;
            members.insert(name, value);
        }
        self.at += 1;
        Ok(Value::Object(members))
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, ReadError> {
        for expected in word.bytes() {
            match self.take() {
                Some(found) if found == expected => {}
                Some(_) => return Err(self.error("expected ident")),
                None => return Err(self.error(NO_VALUE)),
            }
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Number, ReadError> {
        let start = self.at;
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(is_negative);
        match self.take() {
            None => return Err(self.error(NO_VALUE)),
            Some(b'0') if self.peek().is_some_and(|it| it.is_ascii_digit()) => {
                return Err(self.error_at_next(NO_NUMBER));
            }
            Some(b'0'..=b'9') => self.digits(),
            Some(_) => return Err(self.error(NO_NUMBER)),
        }
        let mut is_whole = true;
        if self.peek() == Some(b'.') {
            is_whole = false;
            self.at += 1;
            let before = self.at;
            self.digits();
            if self.at == before {
                let what = if self.peek().is_some() { NO_NUMBER } else { NO_VALUE };
                return Err(self.error_at_next(what));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_whole = false;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            match self.take() {
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return Err(self.error(NO_NUMBER)),
                None => return Err(self.error(NO_VALUE)),
            }
        }
        let spelled = self.text.get(start..self.at).unwrap_or_default();
        let whole = match (is_whole, is_negative) {
            (false, _) => None,
            (true, false) => spelled.parse::<u64>().ok().map(Number::from),
            (true, true) => spelled.parse::<i64>().ok().filter(|it| *it != 0).map(Number::from),
        };
        let number = whole.or_else(|| Number::from_f64(float(spelled)?));
        number.ok_or_else(|| self.error("number out of range"))
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|it| it.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Result<String, ReadError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let n_plain = rest.iter().take_while(|it| !matches!(it, b'"' | b'\\' | 0..0x20)).count();
            text.push_str(self.text.get(self.at..self.at + n_plain).unwrap_or_default());
            self.at += n_plain;
            match self.take() {
                None => return Err(self.error(NO_STRING_END)),
                Some(b'"') => return Ok(text),
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => {
                    return Err(
                        self.error("control character (\\u0000-\\u001F) found while parsing a string")
                    );
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        Ok(match self.take() {
            None => return Err(self.error(NO_STRING_END)),
            Some(char @ (b'"' | b'\\' | b'/')) => char::from(char),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            Some(_) => return Err(self.error("invalid escape")),
        })
    }

    /// After `\u`: four digits, and for half a pair its other half.
    fn code_point(&mut self) -> Result<char, ReadError> {
        let first = self.four_digits()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.lone());
        }
        for expected in [b'\\', b'u'] {
            match self.take() {
                Some(found) if found == expected => {}
                Some(_) => return Err(self.error("unexpected end of hex escape")),
                None => return Err(self.error(NO_STRING_END)),
            }
        }
        let second = self.four_digits()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(self.lone());
        }
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or_else(|| self.lone())
    }

    fn lone(&self) -> ReadError {
        self.error("lone leading surrogate in hex escape")
    }

    fn four_digits(&mut self) -> Result<u32, ReadError> {
        let Some(digits) = self.text.as_bytes().get(self.at..self.at + 4) else {
            self.at = self.text.len();
            return Err(self.error(NO_STRING_END));
        };
        let number = digits.iter().try_fold(0, |sum, it| Some(sum * 16 + char::from(*it).to_digit(16)?));
        self.at += 4;
        number.ok_or_else(|| self.error("invalid escape"))
    }

    /// The first byte that is no white space, not yet taken.
    fn next_word(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
        self.peek()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// At the byte taken last.
    fn error(&self, what: &'static str) -> ReadError {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line_start = before.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
        let line = 1 + before.iter().filter(|it| **it == b'\n').count();
        ReadError { what, line, column: self.at - line_start }
    }

    /// At the byte that would come next.
    fn error_at_next(&self, what: &'static str) -> ReadError {
        Reader { text: self.text, at: (self.at + 1).min(self.text.len()) }.error(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) {
        let expected = serde_json::from_str::<Value>(text).map_err(|it| it.to_string());
        let found = read_json(text).map_err(|it| it.to_string());
        match &expected {
            // It stops in the middle of an exponent of ten digits.
            Err(it) if it.starts_with("number out of range") => {
                assert!(found.as_ref().is_err_and(|it| it.starts_with("number out of range")), "{text:?}");
            }
            _ => assert_eq!(found, expected, "{text:?}"),
        }
        if let (Ok(found), Ok(expected)) = (found, expected) {
            assert_eq!(found.to_string(), expected.to_string(), "{text:?}");
        }
    }

    #[test]
    fn serde_json_reads_and_refuses_the_same() {
        let texts = [
            "{\"a\": [1, -2.5e3, \"x\\u00e9\\ud83d\\ude00\\n\\/\", true, false, null, {}], \"b\": 1, \"a\": 0}",
            "[-0, 0.0, 18446744073709551615, 18446744073709551616, -9223372036854775808, -9223372036854775809, 1e-400]",
            "\u{feff}1",
            "01",
            "-",
            "1.",
            "1.e",
            "1e",
            "1e+",
            "1e999",
            "-1e999",
            "0e99999999999",
            "nul",
            "nulx",
            "é",
            "\"é",
            "\"\u{1}\"",
            "\"\\x\"",
            "\"\\u12",
            "\"\\u12g4\"",
            "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud800x\"",
            "\"\\ud800\\n\"",
            "\"\\ud800\\u0041\"",
            "\"\\ud800\\ud800\"",
            "\"\\ud800",
            "\"\\ud800\\",
            "[1,]",
            "[,1]",
            "{,}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{\"a\"",
            "{a:1}",
            "{\"a\":1 2}",
            "[1 2]",
            "[\n1,\n\n",
            "{\n\"a\":\n",
            "1 2",
            "",
            " ",
            "\n\n x",
            "[1}",
            "{\"a\":1]",
            "{1:2}",
            "[\"\\u00e9é\"",
            "\"a\nb\"",
        ];
        for text in texts {
            check(text);
            // Cut off and with each byte replaced.
            for (at, _) in text.char_indices() {
                check(&text[..at]);
                for wrong in ["\"", "}", "]", ",", ":", "9", ".", "\\", " ", "e", "x", "\n"] {
                    let after = text[at..].chars().next().map_or(at, |it| at + it.len_utf8());
                    check(&format!("{}{wrong}{}", &text[..at], &text[after..]));
                    check(&format!("{}{wrong}{}", &text[..at], &text[at..]));
                }
            }
        }
    }

    #[test]
    fn nesting_is_bounded() {
        for depth in [126, 127, 128, 129, 3_000] {
            check(&format!("{}1{}", "[".repeat(depth), "]".repeat(depth)));
            check(&format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)));
        }
    }
}
