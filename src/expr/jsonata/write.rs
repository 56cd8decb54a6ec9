//! Values as text and as plain JSON: `$string`, the `&` operator, and the result of an expression.
//!
//! Numbers are written as JavaScript writes them. A whole number becomes a JSON integer, because
//! AWS prints 1, not 1.0.

use serde_json::{Map, Number, Value};

use crate::expr::MAX_DEPTH;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::ops::{Outcome, too_deep};
use crate::expr::jsonata::value::{Val, View};
use crate::json::float;

/// Whole numbers up to here are exact, so they can be integers.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// A number as a JSON number; `null` for what JSON cannot hold.
pub fn json_number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= MAX_EXACT {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// A number as JavaScript prints it.
pub fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".into();
    }
    if !number.is_finite() {
        return if number.is_nan() { "NaN".into() } else { format!("{}Infinity", sign(number)) };
    }
    if number.fract() == 0.0 && number.abs() < MAX_EXACT {
        return format!("{}", number as i64);
    }
    // Rust gives the shortest digits that read back; JavaScript places the point differently.
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(|it| *it != '.').collect();
    let n_digits = digits.len() as i32;
    let point = exponent + 1;
    let zeros = |n: i32| "0".repeat(n.max(0) as usize);
    let body = if n_digits <= point && point <= 21 {
        format!("{digits}{}", zeros(point - n_digits))
    } else if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at_checked(point as usize).unwrap_or((&digits, ""));
        format!("{whole}.{fraction}")
    } else if -6 < point && point <= 0 {
        format!("0.{}{digits}", zeros(-point))
    } else {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
        let dot = if rest.is_empty() { "" } else { "." };
        format!("{first}{dot}{rest}e{}{}", if exponent < 0 { "-" } else { "+" }, exponent.abs())
    };
    format!("{}{body}", sign(number))
}

fn sign(number: f64) -> &'static str {
    if number < 0.0 { "-" } else { "" }
}

/// The number that `$string` shows: rounded to 15 digits unless whole.
fn rounded(number: f64) -> f64 {
    if number.fract() == 0.0 {
        return number;
    }
    float(&format!("{number:.14e}")).unwrap_or(number)
}

/// The text of a value: strings as they are, functions as nothing, all else as JSON.
pub fn text_of(value: &Val<'_>, is_pretty: bool) -> Outcome<String> {
    let mut out = String::new();
    write_text(value, is_pretty, &mut out)?;
    Ok(out)
}

/// Adds the text of a value.
pub fn write_text(value: &Val<'_>, is_pretty: bool, out: &mut String) -> Outcome<()> {
    match value.view() {
        View::Undefined | View::Function => Ok(()),
        View::Text(text) => {
            out.push_str(text);
            Ok(())
        }
        View::Number(number) if !number.is_finite() => Err(Fault::new("D3001").value(number_text(number))),
        View::Array(items) if value.marks().is_outer => write_json(&items.get(0), is_pretty, 0, out),
        _ => write_json(value, is_pretty, 0, out),
    }
}

fn write_json(value: &Val<'_>, is_pretty: bool, depth: usize, out: &mut String) -> Outcome<()> {
    if MAX_DEPTH < depth {
        return Err(too_deep());
    }
    match value.view() {
        View::Undefined | View::Null => out.push_str("null"),
        View::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        View::Number(number) => {
            if number.is_infinite() {
                return Err(Fault::new("D1001").value(number_text(number)));
            }
            match number.is_nan() {
                true => out.push_str("null"),
                false => out.push_str(&number_text(rounded(number))),
            }
        }
        View::Text(text) => write_quoted(text, out),
        View::Function => out.push_str("\"\""),
        View::Array(items) => {
            out.push('[');
            for (idx, item) in items.iter().enumerate() {
                separate(idx, is_pretty, depth, out);
                write_json(&item, is_pretty, depth + 1, out)?;
            }
            close(!items.is_empty(), is_pretty, depth, out);
            out.push(']');
        }
        View::Object(object) => {
            out.push('{');
            let entries = object.entries().into_iter().filter(|it| !it.1.is_undefined());
            let mut is_empty = true;
            for (idx, (name, value)) in entries.enumerate() {
                is_empty = false;
                separate(idx, is_pretty, depth, out);
                write_quoted(name.as_str(), out);
                out.push_str(if is_pretty { ": " } else { ":" });
                write_json(&value, is_pretty, depth + 1, out)?;
            }
            close(!is_empty, is_pretty, depth, out);
            out.push('}');
        }
    }
    Ok(())
}

fn separate(idx: usize, is_pretty: bool, depth: usize, out: &mut String) {
    if idx != 0 {
        out.push(',');
    }
    if is_pretty {
        new_line(depth + 1, out);
    }
}

fn close(has_items: bool, is_pretty: bool, depth: usize, out: &mut String) {
    if has_items && is_pretty {
        new_line(depth, out);
    }
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// A JSON string.
pub fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A value as plain JSON. `None` when it is undefined, contains a function or a number that JSON
/// cannot hold, or nests too deep.
pub fn plain(value: &Val<'_>) -> Option<Value> {
    json(value, 0).ok().flatten()
}

/// Why a value cannot be plain JSON.
#[derive(Debug, PartialEq)]
pub enum Unplain {
    /// A function, or a number that is infinite or not a number.
    Unsupported,
    TooDeep,
}

/// A value as plain JSON; `None` when it is undefined.
pub fn json(value: &Val<'_>, depth: usize) -> Result<Option<Value>, Unplain> {
    if MAX_DEPTH < depth {
        return Err(Unplain::TooDeep);
    }
    Ok(Some(match value.view() {
        View::Undefined => return Ok(None),
        View::Null => Value::Null,
        View::Bool(value) => Value::Bool(value),
        View::Number(number) if !number.is_finite() => return Err(Unplain::Unsupported),
        View::Number(number) => match value {
            // A whole number of the input may be longer than a float can hold.
            Val::In(whole @ Value::Number(it)) if !it.is_f64() => (*whole).clone(),
            _ => json_number(number),
        },
        View::Text(text) => Value::String(text.to_string()),
        View::Function => return Err(Unplain::Unsupported),
        View::Array(items) if value.marks().is_outer => return json(&items.get(0), depth),
        View::Array(items) => {
            let mut res = Vec::with_capacity(items.len());
            for item in items.iter() {
                res.push(json(&item, depth + 1)?.unwrap_or(Value::Null));
            }
            Value::Array(res)
        }
        View::Object(object) => {
            let mut res = Map::with_capacity(object.len());
            for (name, value) in object.entries() {
                if let Some(value) = json(&value, depth + 1)? {
                    res.insert(name.as_str().to_string(), value);
                }
            }
            Value::Object(res)
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_in_javascript() {
        for (number, expected) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (1.5e-7, "1.5e-7"),
            (0.000001, "0.000001"),
            (-123.456, "-123.456"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
        ] {
            assert_eq!(number_text(number), expected);
        }
    }

    #[test]
    fn whole_numbers_become_integers() {
        assert_eq!(json_number(1.0).to_string(), "1");
        assert_eq!(json_number(1.5).to_string(), "1.5");
        assert_eq!(json_number(1e300).as_f64(), Some(1e300));
    }
}
