//! Intrinsic function calls.

use serde_json::Value;

use crate::expr::convert::jsonata_of_literal;
use crate::expr::convert::{Code, Place, Why, jsonata_of_path, quoted, why};
use crate::expr::{Intrinsic, intrinsic};
use intrinsic::{Argument, Invocation};

/// The JSONata expression of an intrinsic function call. Recurses as deep as calls nest, which
/// their parser bounds.
pub fn jsonata_of_call(call: &Invocation, place: &Place) -> Result<Code, Why> {
    let args: Vec<Code> = call.args.iter().map(|it| argument(it, place)).collect::<Result<_, Why>>()?;
    let arg = |idx: usize| args.get(idx).map(Code::demanded).unwrap_or_default();
    let literal = |idx: usize| match call.args.get(idx) {
        Some(Argument::Literal { value, .. }) => Some(value),
        _ => None,
    };
    let Intrinsic { name, .. } = call.row;
    let text = &call.text;
    Ok(match *name {
        "States.Format" => format(call, &args)?,
        "States.Array" => Code::atom(list(&args)).maybe_array(),
        "States.ArrayPartition" if literal(1).is_some_and(|it| it.as_u64().is_none()) => {
            return why(format!("“{text}” asks for pieces of no whole number of items"));
        }
        "States.ArrayPartition" => {
            Code::atom(format!("[$partition({}, {})[]]", arg(0), arg(1))).maybe_array()
        }
        "States.ArrayContains" => {
            let same = format!("function($item) {{ $item = {} }}", arg(1));
            Code::compound(format!("$count($filter({}, {same})) > 0", arg(0)))
        }
        "States.ArrayRange" => {
            let bounds: Vec<String> =
                (0..3).map(|idx| rounded(literal(idx), args.get(idx))).collect::<Result<_, Why>>()?;
            Code::atom(format!("[$range({})]", bounds.join(", "))).maybe_array()
        }
        "States.ArrayGetItem" => {
            if literal(1).is_some_and(|it| it.as_u64().is_none()) {
                return why(format!("“{text}” asks for an item by no whole number from 0"));
            }
            let index = match literal(1) {
                Some(index) => index.to_string(),
                None => {
                    let index = arg(1);
                    let whole = format!("{index} >= 0 and $floor({index}) = {index}");
                    format!("{whole} ? {index} : $error('The index is no whole number from 0')")
                }
            };
            let items = args.first().map(|it| Code::atom(it.demanded())).unwrap_or_else(|| Code::atom(""));
            Code::atom(format!("{}[{index}]", items.operand())).maybe_array().missable()
        }
        "States.ArrayLength" => Code::atom(format!("$count({})", arg(0))),
        "States.ArrayUnique" => Code::atom(format!("[$distinct({})[]]", arg(0))).maybe_array(),
        "States.Base64Encode" | "States.Base64Decode" => {
            if !literal(0).and_then(Value::as_str).is_some_and(str::is_ascii) {
                return why(format!("“{text}” may meet letters that JSONata encodes in another way"));
            }
            let function = if *name == "States.Base64Encode" { "$base64encode" } else { "$base64decode" };
            Code::atom(format!("{function}({})", arg(0)))
        }
        "States.Hash" => Code::atom(format!("$hash({}, {})", arg(0), arg(1))),
        "States.JsonMerge" => match literal(2) {
            Some(Value::Bool(false)) => Code::atom(format!("$merge([{}, {}])", arg(0), arg(1))),
            _ => return why(format!("“{text}” merges in depth")),
        },
        "States.MathRandom" if 2 < args.len() => return why(format!("“{text}” draws with a seed")),
        "States.MathRandom" => match (literal(0).and_then(Value::as_i64), literal(1).and_then(Value::as_i64))
        {
            (Some(from), Some(to)) if from < to => {
                let from = if from < 0 { format!("({from})") } else { from.to_string() };
                Code::compound(format!("{from} + $floor($random() * ({to} - {from}))"))
            }
            _ => return why(format!("“{text}” draws between numbers that are not written down")),
        },
        "States.MathAdd" => {
            let (left, right) = (rounded(literal(0), args.first())?, rounded(literal(1), args.get(1))?);
            Code::compound(format!("{left} + {right}"))
        }
        "States.StringSplit" => {
            let Some(delimiters) = literal(1).and_then(Value::as_str).filter(|it| !it.is_empty()) else {
                return why(format!("“{text}” splits at letters that are not written down"));
            };
            let pieces = format!("$split({}, /[{}]/)", arg(0), class(delimiters)?);
            Code::atom(format!("[$filter({pieces}, function($item) {{ $item != '' }})]")).maybe_array()
        }
        "States.UUID" => Code::atom("$uuid()"),
        "States.StringToJson" => {
            let source = arg(0);
            Code::compound(format!("$trim({source}) = '' ? null : $parse({source})")).maybe_array()
        }
        "States.JsonToString" => {
            let value = arg(0);
            let item = format!("$string([{value}])");
            let inner = format!("$substring({item}, 1, $length({item}) - 2)");
            Code::compound(format!("$type({value}) = 'string' ? {inner} : $string({value})"))
        }
        other => return why(format!("JSONata has no counterpart of {other}")),
    })
}

fn argument(argument: &Argument, place: &Place) -> Result<Code, Why> {
    match argument {
        Argument::Literal { value, .. } => jsonata_of_literal(value),
        Argument::Path { path, .. } => jsonata_of_path(path, place),
        Argument::Call(inner) => jsonata_of_call(inner, place),
    }
}

/// `[a, b]` with arrays kept in one piece.
pub(super) fn list(items: &[Code]) -> String {
    let items: Vec<String> = items.iter().map(item).collect();
    format!("[{}]", items.join(", "))
}

fn item(code: &Code) -> String {
    let text = code.demanded();
    match code.may_be_array {
        false => text,
        // A constructor inside a constructor stays as it is.
        true if text.starts_with('[') => text,
        true => format!("($type({text}) = 'array' ? [[{text}]] : {text})"),
    }
}

/// AWS rounds these arguments half up.
fn rounded(literal: Option<&Value>, arg: Option<&Code>) -> Result<String, Why> {
    if let Some(number) = literal.and_then(Value::as_i64) {
        return Ok(number.to_string());
    }
    let arg = arg.map(Code::demanded).unwrap_or_default();
    Ok(format!("$floor({arg} + 0.5)"))
}

/// The text with a value in the place of each `{}`.
fn format(call: &Invocation, args: &[Code]) -> Result<Code, Why> {
    let Some(Argument::Literal { value: Value::String(_), spelled: Some(spelled) }) = call.args.first()
    else {
        return why(format!("“{}” has a template that is not written down", call.text));
    };
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut values = call.args.iter().zip(args).skip(1);
    let mut chars = spelled.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next_if(|it| matches!(it, '\'' | '{' | '}' | '\\')) {
                Some(escaped) => plain.push(escaped),
                None => plain.push('\\'),
            },
            '{' if chars.next_if_eq(&'}').is_some() => {
                let Some((written, code)) = values.next() else { return uneven(call) };
                match written {
                    Argument::Literal { value: Value::String(text), .. } => plain.push_str(text),
                    Argument::Literal { value, .. } => plain.push_str(&value.to_string()),
                    _ => {
                        if !plain.is_empty() {
                            parts.push(quoted(&std::mem::take(&mut plain)));
                        }
                        parts.push(match code.may_miss || code.may_be_array {
                            true => format!("$text({})", code.text),
                            false => code.operand(),
                        });
                    }
                }
            }
            c => plain.push(c),
        }
    }
    if values.next().is_some() {
        return uneven(call);
    }
    if !plain.is_empty() || parts.is_empty() {
        parts.push(quoted(&plain));
    }
    Ok(match parts.as_slice() {
        [only] if only.starts_with('\'') || only.starts_with("$text(") => Code::atom(only.clone()),
        [only] => Code::atom(format!("$string({only})")),
        _ => Code::compound(parts.join(" & ")),
    })
}

fn uneven<T>(call: &Invocation) -> Result<T, Why> {
    why(format!("“{}” has not as many values as {{}}", call.text))
}

/// The inside of a character class of a regular expression.
fn class(letters: &str) -> Result<String, Why> {
    let mut class = String::new();
    for letter in letters.chars() {
        match letter {
            '\\' | ']' | '[' | '^' | '-' | '/' => class.extend(['\\', letter]),
            '\n' => class.push_str("\\n"),
            '\r' => class.push_str("\\r"),
            '\t' => class.push_str("\\t"),
            letter => class.push(letter),
        }
    }
    Ok(class)
}
