//! Reads an intrinsic function call: name, parentheses, arguments. The text can be wrong in ways
//! that AWS reports when the state machine is created, so each fault has a sentence and a place.

use serde_json::Value;

use crate::expr::intrinsic::{Intrinsic, MANY, MAX_NESTING, find, intrinsics};
use crate::expr::path::near_miss::nearest;
use crate::expr::path::syntax::{Cursor, parse_from_root};
use crate::expr::{Path, PathError};
use crate::json::read_json;

/// A call that is spelled correctly: the function exists and takes this many arguments.
#[derive(Debug, Clone)]
pub struct Invocation {
    pub row: &'static Intrinsic,
    pub args: Vec<Argument>,
    /// The call as written.
    pub text: String,
    /// Start byte in the whole expression.
    pub start: usize,
    /// End byte in the whole expression.
    pub end: usize,
}

impl PartialEq for Invocation {
    fn eq(&self, other: &Invocation) -> bool {
        (&self.text, self.start) == (&other.text, other.start)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A text, number, boolean or null; `spelled` is what stood between a text's quotes.
    Literal {
        value: Value,
        spelled: Option<String>,
    },
    /// A path and where it starts in the whole expression.
    Path {
        path: Path,
        start: usize,
    },
    Call(Invocation),
}

/// Reads a whole text as one call.
pub fn parse(text: &str) -> Result<Invocation, PathError> {
    let mut cursor = Cursor::new(text);
    let invocation = parse_call(&mut cursor)?;
    cursor.skip_space();
    match cursor.peek() {
        None => Ok(invocation),
        Some(_) => Err(to_end(&cursor, "Nothing can follow the call")),
    }
}

fn parse_call(cursor: &mut Cursor) -> Result<Invocation, PathError> {
    let start = cursor.at;
    let name = cursor.take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
    let Some(row) = find(name) else { return Err(unknown(cursor, name, start)) };
    if MAX_NESTING <= cursor.depth {
        let message = format!("Calls can be nested {MAX_NESTING} deep at most");
        return Err(PathError { message, start, end: cursor.at });
    }
    cursor.skip_space();
    if !cursor.eat('(') {
        return Err(cursor.error(&format!("“(” is missing after “{name}”")));
    }
    cursor.depth += 1;
    let mut args = Vec::new();
    cursor.skip_space();
    while !cursor.eat(')') {
        if !args.is_empty() && !cursor.eat(',') {
            return Err(cursor.error("Expected “,” or “)” after the argument"));
        }
        cursor.skip_space();
        args.push(parse_argument(cursor)?);
        cursor.skip_space();
    }
    cursor.depth -= 1;
    let (end, text) = (cursor.at, cursor.text.get(start..cursor.at).unwrap_or_default().to_string());
    let (fewest, most) = row.arity;
    if args.len() < fewest || most < args.len() {
        let message = format!("“{name}” takes {}, not {}", count(fewest, most), args.len());
        return Err(PathError { message, start, end });
    }
    Ok(Invocation { row, args, text, start, end })
}

fn unknown(cursor: &Cursor, name: &str, start: usize) -> PathError {
    let names = intrinsics().map(|it| it.name);
    let message = match (name, nearest(name, names)) {
        ("", _) => "Expected a path that starts with $ or a call such as States.Format(…)".to_string(),
        (_, Some(known)) => format!("There is no function “{name}”; did you mean “{known}”?"),
        (_, None) => format!("There is no function “{name}”"),
    };
    let end = if name.is_empty() { cursor.text.len() } else { cursor.at };
    PathError { message, start, end }
}

fn count(fewest: usize, most: usize) -> String {
    let plural = |n: usize| if n == 1 { "argument" } else { "arguments" };
    match (fewest, most) {
        (_, MANY) => format!("{fewest} or more {}", plural(MANY)),
        (0, 0) => "no arguments".to_string(),
        _ if fewest == most => format!("{fewest} {}", plural(fewest)),
        _ => format!("{fewest} to {most} {}", plural(most)),
    }
}

fn parse_argument(cursor: &mut Cursor) -> Result<Argument, PathError> {
    let start = cursor.at;
    match cursor.peek() {
        Some('$') => {
            parse_from_root(cursor, |c| c.is_whitespace() || matches!(c, ',' | ')'))?;
            let text = cursor.text.get(start..cursor.at).unwrap_or_default();
            let path = Path::parse(text).map_err(|error| PathError {
                message: error.message,
                start: start + error.start,
                end: start + error.end,
            })?;
            Ok(Argument::Path { path, start })
        }
        Some('\'') => parse_text(cursor),
        Some('S') => parse_call(cursor).map(Argument::Call),
        None => Err(cursor.error("The call is not closed with “)”")),
        _ => {
            let word = cursor.take_while(|c| !c.is_whitespace() && !matches!(c, ',' | ')'));
            match read_json(word) {
                Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => {
                    Ok(Argument::Literal { value, spelled: None })
                }
                _ => Err(PathError {
                    message: "An argument is a path, a call, a number, true, false, null or a text in single quotes".to_string(),
                    start,
                    end: cursor.at,
                }),
            }
        }
    }
}

/// `'…'` with the escapes `\'`, `\{`, `\}` and `\\`; any other backslash is an error (recorded:
/// AWS refuses such a state machine).
fn parse_text(cursor: &mut Cursor) -> Result<Argument, PathError> {
    let start = cursor.at;
    cursor.eat('\'');
    let spelled_start = cursor.at;
    let mut value = String::new();
    loop {
        let at = cursor.at;
        match cursor.bump() {
            Some('\'') => {
                let spelled = cursor.text.get(spelled_start..at).map(str::to_string);
                return Ok(Argument::Literal { value: Value::String(value), spelled });
            }
            Some('\\') => match cursor.bump() {
                Some(escaped @ ('\'' | '{' | '}' | '\\')) => value.push(escaped),
                _ => {
                    let message =
                        "A backslash in a text can only stand before ' { } or another backslash".to_string();
                    return Err(PathError { message, start: at, end: cursor.at });
                }
            },
            Some(c) => value.push(c),
            None => {
                let message = "The text has no closing quote".to_string();
                return Err(PathError { message, start, end: at });
            }
        }
    }
}

fn to_end(cursor: &Cursor, message: &str) -> PathError {
    PathError { message: message.to_string(), start: cursor.at, end: cursor.text.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_fault(text: &str, expected: &str) {
        let error = parse(text).expect_err(text);
        assert_eq!(format!("{}..{} {}", error.start, error.end, error.message), expected, "{text}");
    }

    #[test]
    fn faults_have_places() {
        check_fault("ipsum", "0..5 There is no function “ipsum”");
        check_fault("", "0..0 Expected a path that starts with $ or a call such as States.Format(…)");
        check_fault(
            " States.UUID()",
            "0..14 Expected a path that starts with $ or a call such as States.Format(…)",
        );
        check_fault(
            "States.format('{}', 1)",
            "0..13 There is no function “States.format”; did you mean “States.Format”?",
        );
        check_fault("States.UUID", "11..11 “(” is missing after “States.UUID”");
        check_fault("States.UUID(1)", "0..14 “States.UUID” takes no arguments, not 1");
        check_fault("States.Hash($.a)", "0..16 “States.Hash” takes 2 arguments, not 1");
        check_fault("States.Format()", "0..15 “States.Format” takes 1 or more arguments, not 0");
        check_fault("States.MathRandom(1)", "0..20 “States.MathRandom” takes 2 to 3 arguments, not 1");
        check_fault("States.UUID()[0]", "13..16 Nothing can follow the call");
        check_fault("States.Array(1 2)", "15..16 Expected “,” or “)” after the argument");
        check_fault("States.Array(1", "14..14 Expected “,” or “)” after the argument");
        check_fault("States.Array(", "13..13 The call is not closed with “)”");
        check_fault("States.Array('a", "13..15 The text has no closing quote");
        check_fault(
            "States.Array('a\\n')",
            "15..17 A backslash in a text can only stand before ' { } or another backslash",
        );
        check_fault(
            "States.Array($.a[)",
            "17..18 Expected a quoted name, an index, * or ?(…) in the brackets",
        );
        check_fault(
            "States.Array(\"a\")",
            "13..16 An argument is a path, a call, a number, true, false, null or a text in single quotes",
        );
    }

    #[test]
    fn escapes_are_undone() {
        let invocation = parse(r"States.Array('it\'s \{\} \\')").expect("a call");
        let Some(Argument::Literal { value, spelled }) = invocation.args.first() else {
            panic!("a literal");
        };
        assert_eq!(*value, Value::String(r"it's {} \".to_string()));
        assert_eq!(spelled.as_deref(), Some(r"it\'s \{\} \\"));
    }

    #[test]
    fn ten_calls_nest_and_more_are_refused() {
        let nested = |n: usize| format!("{}1{}", "States.Array(".repeat(n), ")".repeat(n));
        assert!(parse(&nested(10)).is_ok());
        let error = parse(&nested(11)).expect_err("too deep");
        assert_eq!(error.message, "Calls can be nested 10 deep at most");
        assert!(parse(&nested(3_000)).is_err());
    }
}
