//! Base64 and hashes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::expr::digest;
use crate::expr::intrinsic::{Call, Intrinsic};
use crate::expr::json_text;

/// The functions of this family take no longer texts (characters).
const MAX_CHARS: usize = 10_000;

pub const ROWS: &[Intrinsic] = &[
    Intrinsic {
        name: "States.Base64Encode",
        arity: (1, 1),
        args: &["text"],
        help: "Encodes a text of up to 10,000 characters as Base64",
        example: ("States.Base64Encode('Data to encode')", "\"RGF0YSB0byBlbmNvZGU=\""),
        body: |call| Ok(Value::String(STANDARD.encode(short(call.text(0)?)?))),
    },
    Intrinsic {
        name: "States.Base64Decode",
        arity: (1, 1),
        args: &["text"],
        help: "Decodes a Base64 text of up to 10,000 characters",
        example: ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", "\"Data to encode\""),
        body: decode,
    },
    Intrinsic {
        name: "States.Hash",
        arity: (2, 2),
        args: &["data", "algorithm"],
        help: "The hexadecimal hash of a value: MD5, SHA-1, SHA-256, SHA-384 or SHA-512",
        example: ("States.Hash('input data', 'SHA-1')", "\"aaff4a450a104cd177d28d18d74485e8cae074b7\""),
        body: hash,
    },
];

fn short(text: &str) -> Result<&str, String> {
    match text.chars().nth(MAX_CHARS) {
        None => Ok(text),
        Some(_) => Err(format!("The text is longer than {MAX_CHARS} characters")),
    }
}

fn decode(call: &mut Call) -> Result<Value, String> {
    let bytes = STANDARD.decode(short(call.text(0)?)?).map_err(|_| "The text is not Base64".to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "The decoded bytes are not UTF-8 text".to_string())?;
    Ok(Value::String(text))
}

fn hash(call: &mut Call) -> Result<Value, String> {
    let data = match call.arg(0) {
        Value::String(text) => text.clone(),
        other => json_text(other),
    };
    let data = short(&data)?;
    let algorithm = call.text(1)?;
    digest::hash(algorithm, data.as_bytes())
        .map(Value::String)
        .ok_or_else(|| format!("“{algorithm}” is not one of MD5, SHA-1, SHA-256, SHA-384 and SHA-512"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::expr::intrinsic::tests::check;

    #[test]
    fn base64_round_trips_and_says_what_is_wrong() {
        check(json!(0), "States.Base64Encode('')", json!(""));
        check(json!(0), "States.Base64Decode(States.Base64Encode('é🎉'))", json!("é🎉"));
        check(
            json!(0),
            "States.Base64Decode('%%')",
            json!("States.IntrinsicFailure: The text is not Base64"),
        );
        check(
            json!(0),
            "States.Base64Decode('/w==')",
            json!("States.IntrinsicFailure: The decoded bytes are not UTF-8 text"),
        );
        let fault = json!("States.IntrinsicFailure: The text is longer than 10000 characters");
        check(json!({"t": "é".repeat(10_001)}), "States.Base64Encode($.t)", fault);
    }

    #[test]
    fn hashes() {
        check(json!(0), "States.Hash('input data', 'MD5')", json!("812f45842bc6d66ee14572ce20db8e86"));
        check(
            json!({"o": {"a": 1}}),
            "States.ArrayContains(States.Array(States.Hash($.o, 'MD5')), States.Hash('\\{\"a\":1\\}', 'MD5'))",
            json!(true),
        );
        let fault =
            json!("States.IntrinsicFailure: “sha” is not one of MD5, SHA-1, SHA-256, SHA-384 and SHA-512");
        check(json!(0), "States.Hash('x', 'sha')", fault);
    }
}
