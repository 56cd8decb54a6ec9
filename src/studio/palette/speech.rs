//! One description, two query languages. The rows of the palette are written in neither: a string
//! in arguments that begins with `$` is an expression (`$` the input, `$.id` a part of it, `$$.…`
//! the context, `$result…` the result, `$error…` the error in a catcher, any other name a
//! variable), and a few members stand for what the languages say with different ones:
//!
//! | here | in JSONPath | in JSONata |
//! | --- | --- | --- |
//! | `Arguments` | `Parameters` with `….$` | `Arguments` with `{% … %}` |
//! | `"Output": "$"` | `"ResultPath": null` | `"Output": "{% $states.input %}"` |
//! | `"Output": "$result.Body"` | `"OutputPath": "$.Body"` | `Output` |
//! | `"Output": { … }` | `ResultSelector` | `Output` |
//! | `Items` | `ItemsPath` | `Items` |
//! | `"Has": path` | `Variable` and `IsPresent` | `$exists(…)` |
//! | `"Is": [path, text]` | `IsPresent` and `StringEquals` | `… = '…'` |

use serde_json::{Map, Value, json};

use crate::asl::QueryLanguage;

/// A state, or a part of one, in the query language. Only our own rows come here, so they nest no
/// deeper than we wrote them.
pub(super) fn spoken(described: &Value, language: QueryLanguage) -> Value {
    match described {
        Value::Array(items) => Value::Array(items.iter().map(|it| spoken(it, language)).collect()),
        Value::Object(members) => {
            let mut said = Map::new();
            for (name, value) in members {
                say(&mut said, name, value, language);
            }
            Value::Object(said)
        }
        other => other.clone(),
    }
}

fn say(said: &mut Map<String, Value>, name: &str, value: &Value, language: QueryLanguage) {
    let is_path = language == QueryLanguage::JsonPath;
    let (name, value) = match (name, value) {
        ("Arguments", _) => (if is_path { "Parameters" } else { name }, template(value, language)),
        ("Assign" | "ItemSelector", _) => (name, template(value, language)),
        ("Output", Value::String(text)) if is_path && text == "$" => ("ResultPath", Value::Null),
        ("Output", Value::String(text)) if is_path => ("OutputPath", Value::from(path(text))),
        ("Output", _) => (if is_path { "ResultSelector" } else { name }, template(value, language)),
        ("Items", Value::String(text)) if is_path => ("ItemsPath", Value::from(path(text))),
        ("Items", _) => (name, template(value, language)),
        ("Has", Value::String(text)) if is_path => {
            said.insert("Variable".to_owned(), Value::from(path(text)));
            ("IsPresent", Value::from(true))
        }
        ("Has", Value::String(text)) => {
            ("Condition", Value::from(format!("{{% $exists({}) %}}", jsonata(text))))
        }
        ("Is", Value::Array(sides)) => match sides.as_slice() {
            [Value::String(left), Value::String(right)] if is_path => {
                // A comparison with what is not there would fail.
                let left = path(left);
                let both = json!([
                    { "Variable": left, "IsPresent": true },
                    { "Variable": left, "StringEquals": right },
                ]);
                ("And", both)
            }
            [Value::String(left), Value::String(right)] => {
                ("Condition", Value::from(format!("{{% {} = '{right}' %}}", jsonata(left))))
            }
            _ => return,
        },
        _ => (name, spoken(value, language)),
    };
    said.insert(name.to_owned(), value);
}

/// A payload template: expressions at any depth.
pub(super) fn template(value: &Value, language: QueryLanguage) -> Value {
    match value {
        Value::String(text) if text.starts_with('$') => match language {
            QueryLanguage::JsonPath => Value::from(path(text)),
            QueryLanguage::Jsonata => Value::from(format!("{{% {} %}}", jsonata(text))),
        },
        Value::Array(items) => Value::Array(items.iter().map(|it| template(it, language)).collect()),
        Value::Object(members) => {
            let mut said = Map::new();
            for (name, value) in members {
                let is_path = language == QueryLanguage::JsonPath
                    && value.as_str().is_some_and(|it| it.starts_with('$'));
                let name = if is_path { format!("{name}.$") } else { name.clone() };
                said.insert(name, template(value, language));
            }
            Value::Object(said)
        }
        other => other.clone(),
    }
}

/// In JSONPath the result and the error are what the field looks at.
fn path(text: &str) -> String {
    for root in ["$result", "$error"] {
        if let Some(rest) = text.strip_prefix(root).filter(|it| !it.starts_with(char::is_alphanumeric)) {
            return format!("${rest}");
        }
    }
    text.to_owned()
}

fn jsonata(text: &str) -> String {
    let roots = [("$$", "$states.context"), ("$result", "$states.result"), ("$error", "$states.errorOutput")];
    for (root, said) in roots {
        if let Some(rest) = text.strip_prefix(root).filter(|it| !it.starts_with(char::is_alphanumeric)) {
            return format!("{said}{rest}");
        }
    }
    match text.strip_prefix('$') {
        Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => format!("$states.input{rest}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(described: Value, path: Value, jsonata: Value) {
        assert_eq!(spoken(&described, QueryLanguage::JsonPath), path);
        assert_eq!(spoken(&described, QueryLanguage::Jsonata), jsonata);
    }

    #[test]
    fn arguments_are_said_in_both_languages() {
        check(
            json!({"Arguments": {"A": "$", "B": {"C": "$.x[0]", "D": ["plain", 1]}, "T": "$$.Task.Token", "V": "$seen.x"}}),
            json!({"Parameters": {"A.$": "$", "B": {"C.$": "$.x[0]", "D": ["plain", 1]}, "T.$": "$$.Task.Token", "V.$": "$seen.x"}}),
            json!({"Arguments": {"A": "{% $states.input %}", "B": {"C": "{% $states.input.x[0] %}", "D": ["plain", 1]},
                "T": "{% $states.context.Task.Token %}", "V": "{% $seen.x %}"}}),
        );
    }

    #[test]
    fn what_becomes_the_output_is_said_in_both_languages() {
        check(json!({"Output": "$"}), json!({"ResultPath": null}), json!({"Output": "{% $states.input %}"}));
        check(
            json!({"Output": "$result.Body"}),
            json!({"OutputPath": "$.Body"}),
            json!({"Output": "{% $states.result.Body %}"}),
        );
        check(
            json!({"Output": {"a": "$result[0]"}, "Assign": {"e": "$error", "resultant": "$resultant"}}),
            json!({"ResultSelector": {"a.$": "$[0]"}, "Assign": {"e.$": "$", "resultant.$": "$resultant"}}),
            json!({"Output": {"a": "{% $states.result[0] %}"},
                "Assign": {"e": "{% $states.errorOutput %}", "resultant": "{% $resultant %}"}}),
        );
    }

    #[test]
    fn rules_are_said_in_both_languages() {
        check(
            json!([{"Has": "$.a", "Next": "B"}, {"Is": ["$b.c", "x"], "Next": "C"}]),
            json!([{"Variable": "$.a", "IsPresent": true, "Next": "B"},
                {"And": [{"Variable": "$b.c", "IsPresent": true}, {"Variable": "$b.c", "StringEquals": "x"}], "Next": "C"}]),
            json!([{"Condition": "{% $exists($states.input.a) %}", "Next": "B"},
                {"Condition": "{% $b.c = 'x' %}", "Next": "C"}]),
        );
    }
}
