//! Functions on texts.

use serde_json::Value;

use crate::expr::intrinsic::{Call, Intrinsic, MANY};
use crate::expr::java_text;

pub const ROWS: &[Intrinsic] = &[
    Intrinsic {
        name: "States.Format",
        arity: (1, MANY),
        args: &["template", "value"],
        help: "Puts values into the {} of a template, in order",
        example: ("States.Format('Hello, {}! You are {}.', 'Ada', 36)", "\"Hello, Ada! You are 36.\""),
        body: format_template,
    },
    Intrinsic {
        name: "States.StringSplit",
        arity: (2, 2),
        args: &["text", "delimiters"],
        help: "Cuts a text at each character of the delimiters and drops empty pieces",
        example: ("States.StringSplit('1,2;3', ',;')", r#"["1","2","3"]"#),
        body: split,
    },
    Intrinsic {
        name: "States.UUID",
        arity: (0, 0),
        args: &[],
        help: "A random UUID, version 4",
        example: ("States.UUID()", "\"ca4c1140-dcc1-40cd-ad05-7b4aa23df4a8\"…"),
        body: |call| Ok(Value::String(crate::expr::random::uuid_v4(call.random))),
    },
];

/// AWS prints objects and arrays in Java's way rather than failing (recorded:
/// `{Arg1=1, Arg2=[]}`).
fn format_template(call: &mut Call) -> Result<Value, String> {
    let template = match &call.first_spelled {
        Some(spelled) => spelled.as_str(),
        None => call.text(0)?,
    };
    let mut out = String::new();
    let mut values = call.args.iter().skip(1);
    let mut n_places = 0;
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next_if(|it| matches!(it, '\'' | '{' | '}' | '\\')) {
                Some(escaped) => out.push(escaped),
                None => out.push('\\'),
            },
            '{' if chars.next_if_eq(&'}').is_some() => {
                n_places += 1;
                out.push_str(&values.next().map(java_text).unwrap_or_default());
            }
            c => out.push(c),
        }
    }
    let n_values = call.args.len().saturating_sub(1);
    if n_places != n_values {
        return Err(format!("The template has {n_places} {{}}, but there are {n_values} values for it"));
    }
    Ok(Value::String(out))
}

fn split(call: &mut Call) -> Result<Value, String> {
    let (text, delimiters) = (call.text(0)?, call.text(1)?);
    let pieces = text.split(|c| delimiters.contains(c)).filter(|it| !it.is_empty());
    Ok(pieces.map(Value::from).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::expr::intrinsic::tests::check;

    #[test]
    fn templates() {
        let input = json!({"t": "<{}>", "o": {"Arg1": 1, "Arg2": []}, "n": null, "f": 1.1, "e": ""});
        check(input.clone(), "States.Format($.t, 'x')", json!("<x>"));
        check(input.clone(), "States.Format('{}', $.o)", json!("{Arg1=1, Arg2=[]}"));
        check(input.clone(), "States.Format('{} {} {}', $.n, $.f, true)", json!("null 1.1 true"));
        check(input.clone(), "States.Format('[{}]', $.e)", json!("[]"));
        check(
            input.clone(),
            "States.Format('\\{\\} {} it\\'s')",
            json!("States.IntrinsicFailure: The template has 1 {}, but there are 0 values for it"),
        );
        check(input.clone(), "States.Format('\\{\\} {} it\\'s', 1)", json!("{} 1 it's"));
        check(input.clone(), "States.Format('{}', '{}')", json!("{}"));
        check(
            input.clone(),
            "States.Format('a { b', 1)",
            json!("States.IntrinsicFailure: The template has 0 {}, but there are 1 values for it"),
        );
        check(
            input,
            "States.Format($.f)",
            json!("States.IntrinsicFailure: Argument 1 must be a string, but was a number"),
        );
    }

    #[test]
    fn delimiters_are_a_set() {
        check(
            json!(0),
            "States.StringSplit('This.is+a,test=string', '.+,=')",
            json!(["This", "is", "a", "test", "string"]),
        );
        check(json!(0), "States.StringSplit(',,,,', ',')", json!([]));
        check(json!(0), "States.StringSplit(', , ,', ',')", json!([" ", " "]));
        check(json!(0), "States.StringSplit('abc', '')", json!(["abc"]));
        check(json!(0), "States.StringSplit('Hello\nWorld', '\n')", json!(["Hello", "World"]));
    }

    #[test]
    fn uuids_differ_and_repeat_with_the_source() {
        check(
            json!(0),
            "States.ArrayLength(States.ArrayUnique(States.Array(States.UUID(), States.UUID())))",
            json!(2),
        );
    }
}
