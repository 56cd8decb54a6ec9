//! JSON strings: from the spelling to the text they mean, and back.

use std::borrow::Cow;

/// What a string token says. Total: quotes may be missing or odd, an escape that JSON does not
/// know stands for itself, and half a surrogate pair becomes U+FFFD.
pub fn decode(source: &str) -> Cow<'_, str> {
    // Nearly all strings, of which there are thousands at every keystroke.
    let plain = source.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    if let Some(plain) = plain.filter(|it| !it.contains('\\')) {
        return Cow::Borrowed(plain);
    }
    let content = content(source);
    if !content.contains('\\') {
        return Cow::Borrowed(content);
    }
    let mut decoded = String::with_capacity(content.len());
    let mut rest = content;
    while let Some((before, after)) = rest.split_once('\\') {
        decoded.push_str(before);
        let (char, len) = escape(after);
        decoded.push(char);
        rest = after.get(len..).unwrap_or_default();
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Where in the source of a string token a byte of the decoded text is spelled. What lies behind the
/// end is at the closing quote; what an escape spells begins at its backslash.
pub fn source_offset(source: &str, decoded: usize) -> usize {
    let content = content(source);
    let open = match source.len() == content.len() {
        true => 0,
        false => source.chars().next().map_or(0, char::len_utf8),
    };
    let mut left = decoded;
    let mut rest = content;
    while let Some((before, after)) = rest.split_once('\\') {
        if left < before.len() {
            break;
        }
        left -= before.len();
        let (char, len) = escape(after);
        if left < char.len_utf8() {
            return open + content.len() - after.len() - 1;
        }
        left -= char.len_utf8();
        rest = after.get(len..).unwrap_or_default();
    }
    open + content.len() - rest.len() + left.min(rest.len())
}

/// The text between the quotes of a string token, as spelled. A closing quote is only taken off
/// when it is one: `"a\"` is still open.
fn content(source: &str) -> &str {
    let mut chars = source.chars();
    let Some(open) = chars.next().filter(|it| matches!(it, '"' | '\'' | '“' | '”' | '„' | '‘' | '’'))
    else {
        return source;
    };
    let inner = chars.as_str();
    let close: &[char] = match open {
        '"' => &['"'],
        '\'' => &['\''],
        '‘' | '’' => &['’'],
        _ => &['”', '“'],
    };
    match inner.strip_suffix(close) {
        Some(content) if n_backslashes(content).is_multiple_of(2) => content,
        _ => inner,
    }
}

fn n_backslashes(content: &str) -> usize {
    content.bytes().rev().take_while(|it| *it == b'\\').count()
}

/// The character an escape means and how many bytes it takes after the backslash.
fn escape(after: &str) -> (char, usize) {
    let Some(first) = after.chars().next() else {
        return ('\\', 0);
    };
    let char = match first {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(after).unwrap_or(('u', 1)),
        other => other,
    };
    (char, first.len_utf8())
}

fn unicode_escape(after: &str) -> Option<(char, usize)> {
    let unit = hex4(after)?;
    if let Some(char) = char::from_u32(unit) {
        return Some((char, 5));
    }
    let low = after.get(5..).and_then(|it| it.strip_prefix('\\')).and_then(hex4);
    match low {
        Some(low @ 0xDC00..0xE000) if unit < 0xDC00 => {
            let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            Some((char::from_u32(code)?, 11))
        }
        _ => Some(('\u{fffd}', 5)),
    }
}

/// The number in `uXXXX`.
fn hex4(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    digits.bytes().all(|it| it.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// What JSON forbids inside a string token, as an offset in the token, a length and a sentence.
pub(crate) fn first_fault(source: &str) -> Option<(usize, usize, String)> {
    let mut chars = source.char_indices();
    while let Some((idx, char)) = chars.next() {
        match char {
            '\\' => {
                let after = source.get(idx + 1..).unwrap_or_default();
                match after.chars().next() {
                    Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => {
                        chars.next();
                    }
                    Some('u') if hex4(after).is_some() => {
                        chars.next();
                    }
                    Some('u') => {
                        let message = "“\\u” needs four hexadecimal digits after it";
                        return Some((idx, 2, message.to_owned()));
                    }
                    Some(other) if other >= ' ' => {
                        let message =
                            format!("“\\{other}” is no escape in JSON: write “\\\\” for a backslash");
                        return Some((idx, 1 + other.len_utf8(), message));
                    }
                    _ => {
                        let message = "A backslash cannot end a line: write “\\\\” for a backslash";
                        return Some((idx, 1, message.to_owned()));
                    }
                }
            }
            '\t' => {
                let message = "A tab in a string must be written as “\\t”";
                return Some((idx, 1, message.to_owned()));
            }
            '\u{0}'..' ' => {
                let message = format!(
                    "Character {} in a string must be written as “\\u{:04x}”",
                    u32::from(char),
                    u32::from(char)
                );
                return Some((idx, 1, message));
            }
            _ => {}
        }
    }
    None
}

/// A text as a JSON string with quotes. Only what JSON demands is escaped.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    push_quoted(&mut quoted, text);
    quoted
}

/// Writes a text as [`quote`] does, behind what is there.
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    let is_special = |it: char| matches!(it, '"' | '\\' | '\u{0}'..' ');
    out.push('"');
    let mut rest = text;
    while let Some((at, char)) = rest.char_indices().find(|it| is_special(it.1)) {
        out.push_str(rest.get(..at).unwrap_or_default());
        match char {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\u{0}'..' ' => out.push_str(&format!("\\u{:04x}", u32::from(char))),
            quote_or_backslash => out.extend(['\\', quote_or_backslash]),
        }
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_mean_what_json_says() {
        for spelled in [r#""""#, r#""aé😀""#, r#""\"\\\/\b\f\n\r\t""#, r#""\u00e9\uD83D\uDE00x""#] {
            let expected: String = serde_json::from_str(spelled).unwrap();
            assert_eq!(decode(spelled), expected, "{spelled}");
            assert_eq!(first_fault(spelled), None);
            assert_eq!(quote(&expected), serde_json::to_string(&expected).unwrap());
        }
    }

    #[test]
    fn broken_spellings_still_mean_something() {
        for (spelled, expected) in [
            ("\"abc", "abc"),
            ("\"a\\\"", "a\""),
            ("'a'", "a"),
            ("“a”", "a"),
            ("\"\\q\\u12\"", "qu12"),
            ("\"\\ud800x\"", "\u{fffd}x"),
            ("\"a\\", "a\\"),
            ("\"", ""),
        ] {
            assert_eq!(decode(spelled), expected, "{spelled}");
        }
    }

    #[test]
    fn every_byte_of_a_text_is_found_in_its_spelling() {
        let check = |source: &str, decoded: usize, expected: &str| {
            let at = source_offset(source, decoded);
            assert!(source[at..].starts_with(expected), "{source} {decoded}: {}", &source[at..]);
        };
        check(r#""abc""#, 1, "bc");
        check(r#""abc""#, 3, "\"");
        check(r#""abc""#, 9, "\"");
        check("\"abc", 3, "");
        check(r#""a\nb\"c""#, 1, r"\n");
        check(r#""a\nb\"c""#, 2, "b");
        check(r#""a\nb\"c""#, 3, "\\\"");
        check(r#""a\nb\"c""#, 4, "c");
        check(r#""\uD83D\uDE00x""#, 4, "x");
        check("“aé”", 1, "é");
    }

    #[test]
    fn faults_are_told_at_their_place() {
        let check = |source: &str, at: usize, len: usize| {
            let fault = first_fault(source).map(|(at, len, _)| (at, len));
            assert_eq!(fault, Some((at, len)), "{source}");
        };
        check("\"a\\q\"", 2, 2);
        check("\"\\u12\"", 1, 2);
        check("\"a\tb\"", 2, 1);
    }
}
