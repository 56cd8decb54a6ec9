//! From a part of the tree to a `serde_json::Value`, for everything that computes, and what is
//! lost on the way: a number that no computer number equals, nesting beyond the bound.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use crate::json::read::read_json;
use crate::json::tree::{NodeId, NodeKind, Tree};

/// Deeper values read as `null`: a `Value` is dropped and compared by recursion, so it must be
/// shallow enough for the stack of a browser.
pub const MAX_VALUE_DEPTH: usize = 512;

/// The value of a node. Names keep their order, the last of duplicates wins at the place of the
/// first, as in `JSON.parse`. What is missing is `null`, a placeholder is its text.
pub fn value(tree: &Tree, id: NodeId) -> Value {
    value_at(tree, id, 0)
}

/// How well a number that a text spells can be computed with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NumberFidelity {
    /// Writing the number out gives a spelling of the same number.
    Exact,
    /// It is rounded, and this is what it becomes.
    Rounded {
        /// The number computed with.
        read: String,
    },
    /// It is too large for any number here, and reads as `null`.
    TooLarge,
}

/// Whether a number in JSON's spelling is computed with exactly.
pub fn number_fidelity(spelled: &str) -> NumberFidelity {
    match number(spelled) {
        None => NumberFidelity::TooLarge,
        Some(number) => {
            let read = number.to_string();
            if digits(&read) == digits(spelled) {
                NumberFidelity::Exact
            } else {
                NumberFidelity::Rounded { read }
            }
        }
    }
}

// The recursion is bounded by `MAX_VALUE_DEPTH`.
fn value_at(tree: &Tree, id: NodeId, depth: usize) -> Value {
    if depth >= MAX_VALUE_DEPTH {
        return Value::Null;
    }
    match tree.kind(id) {
        NodeKind::Null | NodeKind::Missing => Value::Null,
        NodeKind::True => Value::Bool(true),
        NodeKind::False => Value::Bool(false),
        NodeKind::Number => number(tree.source(id)).map_or(Value::Null, Value::Number),
        NodeKind::Placeholder => Value::String(tree.source(id).to_owned()),
        NodeKind::String => Value::String(tree.string(id).unwrap_or_default().into_owned()),
        NodeKind::Array => tree.elements(id).iter().map(|it| value_at(tree, *it, depth + 1)).collect(),
        NodeKind::Object => {
            let members = tree.members(id).iter();
            let entries = members.map(|it| (it.name.to_string(), value_at(tree, it.value, depth + 1)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// The number that a text spells as JSON does, and nothing else.
pub fn number(spelled: &str) -> Option<Number> {
    match read_json(spelled) {
        Ok(Value::Number(number)) if spelled.trim_ascii() == spelled => Some(number),
        _ => None,
    }
}

/// A decimal number as sign, digits without zeros at either end, and the power of ten of the
/// last digit; equal for all spellings of one number.
fn digits(spelled: &str) -> (bool, String, i64) {
    let (negative, rest) = match spelled.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, spelled),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let kept = all.trim_end_matches('0');
    let n_zeros = i64::try_from(all.len() - kept.len()).unwrap_or(0);
    let n_fraction = i64::try_from(fraction.len()).unwrap_or(0);
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let kept = kept.trim_start_matches('0').to_owned();
    match kept.len().cmp(&0) {
        Ordering::Greater => (negative, kept, exponent.saturating_add(n_zeros - n_fraction)),
        _ => (false, kept, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn valid_text_reads_as_serde_json_reads_it() {
        for text in [
            r#"{"b": [1, -2.5, 1e3, "é\n"], "a": {"x": null, "y": true}, "b": false}"#,
            "18446744073709551615",
            "-0.0",
            "[]",
        ] {
            let tree = parse(text);
            let expected: Value = serde_json::from_str(text).unwrap();
            assert_eq!(value(&tree, tree.root()), expected, "{text}");
            assert_eq!(value(&tree, tree.root()).to_string(), expected.to_string());
        }
    }

    #[test]
    fn numbers_that_cannot_be_kept_are_told() {
        let check = |spelled: &str, expected: NumberFidelity| {
            assert_eq!(number_fidelity(spelled), expected, "{spelled}");
        };
        for exact in ["0", "-0", "0.1", "1.50", "1e3", "100", "9007199254740993", "1E-7", "0.0e9"] {
            check(exact, NumberFidelity::Exact);
        }
        let rounded = |read: &str| NumberFidelity::Rounded { read: read.to_owned() };
        check("0.1000000000000000055", rounded("0.1"));
        check("18446744073709551616", rounded("1.8446744073709552e+19"));
        check("1e-400", rounded("0.0"));
        check("1e400", NumberFidelity::TooLarge);
    }

    #[test]
    fn nesting_beyond_the_bound_reads_as_null() {
        let text = "[".repeat(3_000) + &"]".repeat(3_000);
        let tree = parse(text.as_str());
        let mut depth = 0;
        let mut at = &value(&tree, tree.root());
        while let Some(inner) = at.get(0) {
            (at, depth) = (inner, depth + 1);
        }
        assert_eq!((at, depth), (&Value::Null, MAX_VALUE_DEPTH));
    }
}
