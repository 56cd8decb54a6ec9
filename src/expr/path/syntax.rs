//! The spelling of paths: text in, segments with their places out. Knows no data and no crate.
//!
//! The dialect is AWS's, which is Jayway's of its early versions: names run up to the next `.`
//! or `[` and may hold nearly anything (`$.delivery-partner`); `$$` is the context object and
//! `$name` a variable; unquoted words in filters are strings; functions such as `length()` are
//! not known.

use std::fmt;

use crate::expr::path::filter::{Filter, parse_filter};

/// Where a path starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// `$`
    Input,
    /// `$$`
    Context,
    /// `$name`
    Variable(String),
}

/// One step of a path, with its bytes in the path's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub selector: Selector,
    /// `..`: the selector applies at every depth.
    pub descendant: bool,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Selector {
    Name(String),
    Index(i64),
    /// `['a','b']`
    Names(Vec<String>),
    /// `[0,2]`
    Indexes(Vec<i64>),
    /// `[from:to]`
    Slice(Option<i64>, Option<i64>),
    Wildcard,
    Filter(Filter),
}

/// The text is not a path: what is wrong, and which bytes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    pub message: String,
    pub start: usize,
    pub end: usize,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Root and segments of a whole text. Space after the path is nothing, space before it is wrong.
pub fn parse_path(text: &str) -> Result<(Root, Vec<Segment>), PathError> {
    let mut cursor = Cursor::new(text.trim_end());
    if cursor.peek() != Some('$') {
        return Err(cursor.error("A path starts with $"));
    }
    parse_from_root(&mut cursor, |_| false)
}

/// `$`, `$$` or `$name` and what follows, up to a character that ends the path.
pub fn parse_from_root(
    cursor: &mut Cursor,
    ends: fn(char) -> bool,
) -> Result<(Root, Vec<Segment>), PathError> {
    cursor.eat('$');
    let root = if cursor.eat('$') {
        Root::Context
    } else {
        match cursor.take_while(|c| c.is_alphanumeric() || c == '_') {
            "" => Root::Input,
            name => Root::Variable(name.to_string()),
        }
    };
    Ok((root, parse_segments(cursor, ends)?))
}

/// The segments from here to the end of the text or to a character that ends the path. Names end
/// there too, so that a filter can ask for `@.a==1`.
pub fn parse_segments(cursor: &mut Cursor, ends: fn(char) -> bool) -> Result<Vec<Segment>, PathError> {
    let mut segments = Vec::new();
    while let Some(c) = cursor.peek() {
        let start = cursor.at;
        let mut descendant = false;
        let selector = match c {
            '[' => parse_bracket(cursor)?,
            '.' => {
                cursor.eat('.');
                descendant = cursor.eat('.');
                match cursor.peek() {
                    Some('[') => parse_bracket(cursor)?,
                    Some('*') => {
                        cursor.eat('*');
                        Selector::Wildcard
                    }
                    _ => Selector::Name(parse_name(cursor, ends)?),
                }
            }
            c if ends(c) => break,
            _ => return Err(cursor.error("Only “.” or “[” can follow here")),
        };
        segments.push(Segment { selector, descendant, start, end: cursor.at });
    }
    Ok(segments)
}

fn parse_name(cursor: &mut Cursor, ends: fn(char) -> bool) -> Result<String, PathError> {
    let start = cursor.at;
    let mut name = String::new();
    while let Some(c) = cursor.peek() {
        match c {
            '.' | '[' => break,
            // The specification's reference paths may escape any character of a name.
            '\\' => {
                cursor.eat('\\');
                name.extend(parse_escape(cursor));
            }
            '(' if cursor.rest().starts_with("()") => {
                return Err(PathError {
                    message: format!(
                        "Step Functions has no JSONPath functions, so “{name}()” would be read as a field; use an intrinsic function such as States.ArrayLength"
                    ),
                    start,
                    end: cursor.at + 2,
                });
            }
            c if ends(c) => break,
            c if c.is_whitespace() => {
                return Err(cursor.error("A name with a space needs the form ['my name']"));
            }
            c => {
                cursor.bump();
                name.push(c);
            }
        }
    }
    if name.is_empty() {
        return Err(cursor.error("A field name is missing after “.”"));
    }
    Ok(name)
}

fn parse_escape(cursor: &mut Cursor) -> Option<char> {
    let c = cursor.bump()?;
    if c != 'u' {
        return Some(c);
    }
    let code = cursor.rest().get(..4).and_then(|it| u32::from_str_radix(it, 16).ok());
    match code.and_then(char::from_u32) {
        Some(escaped) => {
            cursor.at += 4;
            Some(escaped)
        }
        None => Some(c),
    }
}

fn parse_bracket(cursor: &mut Cursor) -> Result<Selector, PathError> {
    let start = cursor.at;
    cursor.eat('[');
    cursor.skip_space();
    let selector = match cursor.peek() {
        Some('*') => {
            cursor.eat('*');
            Selector::Wildcard
        }
        Some('?') => {
            cursor.eat('?');
            Selector::Filter(parse_filter(cursor)?)
        }
        Some('\'' | '"') => parse_names(cursor)?,
        Some('0'..='9' | '-' | ':') => parse_indexes(cursor)?,
        Some('(') => {
            return Err(
                cursor.error("Script expressions [(…)] are not supported; use an index or a filter [?(…)]")
            );
        }
        Some(']') => return Err(cursor.error("The brackets are empty; write [*] for all items")),
        _ => return Err(cursor.error("Expected a quoted name, an index, * or ?(…) in the brackets")),
    };
    cursor.skip_space();
    if !cursor.eat(']') {
        let end = cursor.text.len();
        let message = "The bracket “[” is not closed properly".to_string();
        return Err(PathError { message, start, end });
    }
    Ok(selector)
}

fn parse_names(cursor: &mut Cursor) -> Result<Selector, PathError> {
    let mut names = vec![parse_quoted(cursor)?];
    cursor.skip_space();
    while cursor.eat(',') {
        cursor.skip_space();
        names.push(parse_quoted(cursor)?);
        cursor.skip_space();
    }
    Ok(match names.len() {
        1 => Selector::Name(names.pop().unwrap_or_default()),
        _ => Selector::Names(names),
    })
}

/// A quoted text. A backslash protects the quote; before anything else it stands for itself
/// (recorded: `$['Test\"…']` reads the key `Test\"…`).
pub fn parse_quoted(cursor: &mut Cursor) -> Result<String, PathError> {
    let start = cursor.at;
    let Some(quote @ ('\'' | '"')) = cursor.bump() else {
        cursor.at = start;
        return Err(cursor.error("Expected a quoted name"));
    };
    let mut name = String::new();
    while let Some(c) = cursor.bump() {
        match c {
            c if c == quote => return Ok(name),
            '\\' if cursor.peek() == Some(quote) => name.extend(cursor.bump()),
            c => name.push(c),
        }
    }
    let end = cursor.at;
    Err(PathError { message: "The quoted name has no closing quote".to_string(), start, end })
}

fn parse_indexes(cursor: &mut Cursor) -> Result<Selector, PathError> {
    let first = parse_index(cursor)?;
    cursor.skip_space();
    if cursor.eat(':') {
        cursor.skip_space();
        let second = parse_index(cursor)?;
        cursor.skip_space();
        if cursor.peek() == Some(':') {
            return Err(cursor.error("A slice has a start and an end, but no step"));
        }
        return Ok(Selector::Slice(first, second));
    }
    let mut indexes = Vec::from_iter(first);
    while cursor.eat(',') {
        cursor.skip_space();
        match parse_index(cursor)? {
            Some(index) => indexes.push(index),
            None => return Err(cursor.error("Expected an index")),
        }
        cursor.skip_space();
    }
    Ok(match (indexes.len(), indexes.first()) {
        (1, Some(index)) => Selector::Index(*index),
        _ => Selector::Indexes(indexes),
    })
}

fn parse_index(cursor: &mut Cursor) -> Result<Option<i64>, PathError> {
    let start = cursor.at;
    cursor.eat('-');
    cursor.take_while(|c| c.is_ascii_digit());
    let text = cursor.text.get(start..cursor.at).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i64>() {
        Ok(index) if index.unsigned_abs() <= i64::from(i32::MAX).unsigned_abs() => Ok(Some(index)),
        _ => Err(PathError { message: format!("“{text}” is not an index"), start, end: cursor.at }),
    }
}

/// A place in a text that is being read.
pub struct Cursor<'a> {
    pub text: &'a str,
    /// Bytes read so far; always on a character boundary.
    pub at: usize,
    /// Filters open around here, so that nesting can be refused before the call stack ends.
    pub depth: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, at: 0, depth: 0 }
    }

    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    pub fn eat_text(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    pub fn take_while(&mut self, belongs: fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    pub fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// An error at the next character, or at the end of the text.
    pub fn error(&self, message: &str) -> PathError {
        let len = self.peek().map_or(0, char::len_utf8);
        PathError { message: message.to_string(), start: self.at, end: self.at + len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let actual = match parse_path(text) {
            Ok((root, segments)) => {
                let root = match root {
                    Root::Input => "$".to_string(),
                    Root::Context => "$$".to_string(),
                    Root::Variable(name) => format!("${name}"),
                };
                segments.iter().fold(root, |mut out, segment| {
                    out += if segment.descendant { " .." } else { " " };
                    out + &match &segment.selector {
                        Selector::Filter(_) => "?".to_string(),
                        other => format!("{other:?}"),
                    }
                })
            }
            Err(error) => format!("{}..{} {}", error.start, error.end, error.message),
        };
        assert_eq!(actual, expected, "{text}");
    }

    #[test]
    fn roots() {
        check("$", "$");
        check("$$", "$$");
        check("$name", "$name");
        check("$größe.x", "$größe Name(\"x\")");
        check("$$.Map.Item", "$$ Name(\"Map\") Name(\"Item\")");
        check("$.a ", "$ Name(\"a\")");
    }

    #[test]
    fn names_hold_nearly_anything() {
        check("$.delivery-partner", "$ Name(\"delivery-partner\")");
        check("$.a:b.@c", "$ Name(\"a:b\") Name(\"@c\")");
        check("$['a b'][\"c.d\"]", "$ Name(\"a b\") Name(\"c.d\")");
        check("$.\\stor\\e.boo\\k", "$ Name(\"store\") Name(\"book\")");
        check("$.foo\\.bar", "$ Name(\"foo.bar\")");
        check("$['it\\'s']", "$ Name(\"it's\")");
    }

    #[test]
    fn brackets() {
        check("$[0][-1]", "$ Index(0) Index(-1)");
        check("$.a[1:5].b", "$ Name(\"a\") Slice(Some(1), Some(5)) Name(\"b\")");
        check("$[:1][2:][:]", "$ Slice(None, Some(1)) Slice(Some(2), None) Slice(None, None)");
        check("$[*].*..*", "$ Wildcard Wildcard ..Wildcard");
        check("$.[0]", "$ Index(0)");
        check("$.[*].['a', 'b']", "$ Wildcard Names([\"a\", \"b\"])");
        check("$[ 0 , 2 ]", "$ Indexes([0, 2])");
        check("$..name[?(@.a>1)]", "$ ..Name(\"name\") ?");
    }

    #[test]
    fn faults_have_places() {
        check("", "0..0 A path starts with $");
        check("a.b", "0..1 A path starts with $");
        check("$.", "2..2 A field name is missing after “.”");
        check("$.a..", "5..5 A field name is missing after “.”");
        check("$.a b", "3..4 A name with a space needs the form ['my name']");
        check("$-a", "1..2 Only “.” or “[” can follow here");
        check("$['a", "2..4 The quoted name has no closing quote");
        check("$[0", "1..3 The bracket “[” is not closed properly");
        check("$[]", "2..3 The brackets are empty; write [*] for all items");
        check("$[0:9:2]", "5..6 A slice has a start and an end, but no step");
        check("$[99999999999]", "2..13 “99999999999” is not an index");
        check(
            "$[(@.length-1)].bar",
            "2..3 Script expressions [(…)] are not supported; use an index or a filter [?(…)]",
        );
        check(
            "$.list.length()",
            "7..15 Step Functions has no JSONPath functions, so “length()” would be read as a field; use an intrinsic function such as States.ArrayLength",
        );
    }
}
