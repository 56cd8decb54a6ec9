//! How AWS spells values inside messages and strings. Its interpreter is written in Java, and
//! that shows: JSON as Jackson writes it, and objects in `States.Format` as Java maps
//! (`{Id=1, Tags=[a, b]}`). Never recurses, so any nesting is safe.

use serde_json::{Number, Value};

/// Compact JSON: `{"a":1,"b":[true]}`.
pub fn json_text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &JSON, &mut out);
    out
}

/// Java's `toString`: strings bare, objects `{a=1, b=[true]}`.
pub fn java_text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &JAVA, &mut out);
    out
}

struct Spelling {
    comma: &'static str,
    colon: &'static str,
    quoted: bool,
}

const JSON: Spelling = Spelling { comma: ",", colon: ":", quoted: true };
const JAVA: Spelling = Spelling { comma: ", ", colon: "=", quoted: false };

enum Open<'a> {
    Array(std::slice::Iter<'a, Value>),
    Object(serde_json::map::Iter<'a>),
}

fn write(value: &Value, spelling: &Spelling, out: &mut String) {
    let mut open = Vec::new();
    open.extend(begin(value, spelling, out));
    let mut first = true;
    while let Some(container) = open.last_mut() {
        let (key, child) = match container {
            Open::Array(items) => (None, items.next()),
            Open::Object(members) => match members.next() {
                Some((key, child)) => (Some(key), Some(child)),
                None => (None, None),
            },
        };
        let Some(child) = child else {
            out.push(if matches!(container, Open::Array(_)) { ']' } else { '}' });
            open.pop();
            first = false;
            continue;
        };
        if !first {
            out.push_str(spelling.comma);
        }
        if let Some(key) = key {
            write_string(key, spelling, out);
            out.push_str(spelling.colon);
        }
        let inner = begin(child, spelling, out);
        first = inner.is_some();
        open.extend(inner);
    }
}

/// Writes a scalar, or the opening bracket of a container and returns what it holds.
fn begin<'a>(value: &'a Value, spelling: &Spelling, out: &mut String) -> Option<Open<'a>> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Value::Number(it) => out.push_str(&number_text(it)),
        Value::String(it) => write_string(it, spelling, out),
        Value::Array(items) => {
            out.push('[');
            return Some(Open::Array(items.iter()));
        }
        Value::Object(members) => {
            out.push('{');
            return Some(Open::Object(members.iter()));
        }
    }
    None
}

fn write_string(text: &str, spelling: &Spelling, out: &mut String) {
    if !spelling.quoted {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A number as Java prints it: integers plain, doubles with at least one digit after the point,
/// and in scientific notation below 0.001 and from ten million on.
fn number_text(number: &Number) -> String {
    if !number.is_f64() {
        return number.to_string();
    }
    let value = number.as_f64().unwrap_or_default();
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        let text = value.to_string();
        return if text.contains('.') { text } else { format!("{text}.0") };
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(value: Value, json: &str, java: &str) {
        assert_eq!(json_text(&value), json);
        assert_eq!(java_text(&value), java);
    }

    #[test]
    fn values_are_spelled_as_aws_spells_them() {
        check(json!({"Arg1": 1, "Arg2": []}), r#"{"Arg1":1,"Arg2":[]}"#, "{Arg1=1, Arg2=[]}");
        check(json!([[], {}, [null]]), "[[],{},[null]]", "[[], {}, [null]]");
        check(json!([{"a": {"b": "c"}}, true]), r#"[{"a":{"b":"c"}},true]"#, "[{a={b=c}}, true]");
        check(json!("a\"b\\\n\u{1}é🎉"), "\"a\\\"b\\\\\\n\\u0001é🎉\"", "a\"b\\\n\u{1}é🎉");
    }

    #[test]
    fn numbers_are_spelled_as_java_spells_them() {
        check(json!(1.0), "1.0", "1.0");
        check(json!(-1.5), "-1.5", "-1.5");
        check(json!(1e7), "1.0E7", "1.0E7");
        check(json!(12345678.9), "1.23456789E7", "1.23456789E7");
        check(json!(0.00012), "1.2E-4", "1.2E-4");
        check(json!(9007199254740993_i64), "9007199254740993", "9007199254740993");
    }

    #[test]
    fn nesting_does_not_use_the_call_stack() {
        let mut value = json!(1);
        for _ in 0..3_000 {
            value = Value::Array(vec![value]);
        }
        assert_eq!(json_text(&value).len(), 6_001);
    }
}
