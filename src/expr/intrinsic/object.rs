//! Functions between JSON values and JSON text, and on objects.

use serde_json::Value;

use crate::expr::intrinsic::{Call, Intrinsic};
use crate::expr::json_text;
use crate::json::read_json;

pub const ROWS: &[Intrinsic] = &[
    Intrinsic {
        name: "States.StringToJson",
        arity: (1, 1),
        args: &["text"],
        help: "Reads a JSON text; a blank text gives null",
        example: ("States.StringToJson('{\"a\": [1]}')", r#"{"a":[1]}"#),
        body: parse,
    },
    Intrinsic {
        name: "States.JsonToString",
        arity: (1, 1),
        args: &["value"],
        help: "Writes a value as compact JSON text",
        example: ("States.JsonToString(States.Array('a', 1))", r#""[\"a\",1]""#),
        body: |call| Ok(Value::String(json_text(call.arg(0)))),
    },
    Intrinsic {
        name: "States.JsonMerge",
        arity: (3, 3),
        args: &["object", "object", "deep"],
        help: "Puts the fields of the second object over the first; only shallow merging (false) exists",
        example: (
            "States.JsonMerge(States.StringToJson('{\"a\":1,\"b\":2}'), States.StringToJson('{\"b\":3}'), false)",
            r#"{"a":1,"b":3}"#,
        ),
        body: merge,
    },
];

fn parse(call: &mut Call) -> Result<Value, String> {
    let text = call.text(0)?.trim();
    match text {
        "" => Ok(Value::Null),
        // Java reads an integer here, which has no negative zero.
        "-0" => Ok(Value::from(0)),
        text => read_json(text).map_err(|error| format!("The text is not JSON: {error}")),
    }
}

/// AWS documents the third argument as reserved: deep merging is refused.
fn merge(call: &mut Call) -> Result<Value, String> {
    let [Value::Object(first), Value::Object(second), deep] = call.args.as_slice() else {
        return Err("The first two arguments must be objects".to_string());
    };
    match deep {
        Value::Bool(false) => {
            let mut merged = first.clone();
            merged.extend(second.iter().map(|(key, value)| (key.clone(), value.clone())));
            Ok(Value::Object(merged))
        }
        Value::Bool(true) => {
            Err("Deep merging is not supported; the third argument must be false".to_string())
        }
        _ => Err("The third argument must be false".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::expr::intrinsic::tests::check;

    #[test]
    fn texts_become_values_and_back() {
        for (text, value) in [
            ("", json!(null)),
            (" ", json!(null)),
            ("null", json!(null)),
            ("-0", json!(0)),
            ("1.1", json!(1.1)),
            ("true", json!(true)),
            ("\"x\"", json!("x")),
            ("[1, 2]", json!([1, 2])),
        ] {
            check(json!({"t": text}), "States.StringToJson($.t)", value);
        }
        check(
            json!({"v": {"Arg1": 1, "Arg2": []}}),
            "States.JsonToString($.v)",
            json!("{\"Arg1\":1,\"Arg2\":[]}"),
        );
        check(json!(0), "States.JsonToString('x')", json!("\"x\""));
        check(
            json!(0),
            "States.StringToJson('[1')",
            json!(
                "States.IntrinsicFailure: The text is not JSON: EOF while parsing a list at line 1 column 2"
            ),
        );
        let input = json!({"t": format!("{}{}", "[".repeat(3_000), "]".repeat(3_000))});
        check(
            input,
            "States.StringToJson($.t)",
            json!(
                "States.IntrinsicFailure: The text is not JSON: recursion limit exceeded at line 1 column 128"
            ),
        );
    }

    #[test]
    fn merging_is_shallow() {
        let input = json!({"a": {"x": {"p": 1}, "y": 1}, "b": {"x": {"q": 2}}});
        check(input.clone(), "States.JsonMerge($.a, $.b, false)", json!({"x": {"q": 2}, "y": 1}));
        check(
            input.clone(),
            "States.JsonMerge($.a, $.b, true)",
            json!("States.IntrinsicFailure: Deep merging is not supported; the third argument must be false"),
        );
        check(
            input,
            "States.JsonMerge($.a, 1, false)",
            json!("States.IntrinsicFailure: The first two arguments must be objects"),
        );
    }
}
