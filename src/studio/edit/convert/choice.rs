//! The rules of a Choice as Conditions. A value of another type makes a test false; a missing one
//! fails the state, except for IsPresent.

use serde_json::{Map, Value};

use crate::expr::Path;
use crate::expr::convert::{Place, Why, jsonata_of_path, payload_of_template, quoted};
use crate::studio::edit::convert::Stays;
use crate::studio::edit::convert::state::stays;

const MOMENT: &str = concat!(
    r"/^(\d\d\d\d-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))",
    // A leap day.
    r"|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)",
    r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d([.]\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/"
);
const MAX_NESTING: usize = 60;

/// A rule with its `Condition`; `output` is what the state passes on.
pub(super) fn rule(written: &Value, place: &Place, output: Option<&Value>) -> Result<Value, Stays> {
    let Value::Object(members) = written else {
        return Err(stays("Choices", Why("a rule is not an object".to_string())));
    };
    let refused = |it: Why| stays("Choices", it);
    let condition = test(written, place, 0).map_err(refused)?;
    let condition = crate::expr::convert::Code::atom(condition).field();
    let mut new = Map::new();
    new.insert("Condition".to_string(), condition);
    for (name, value) in members {
        match name.as_str() {
            "Next" | "Comment" => drop(new.insert(name.clone(), value.clone())),
            "Assign" => {
                let assign = payload_of_template(value, place).map_err(refused)?;
                new.insert(name.clone(), assign);
            }
            _ => {}
        }
    }
    if let Some(output) = output {
        new.insert("Output".to_string(), output.clone());
    }
    Ok(Value::Object(new))
}

/// Recurses [`MAX_NESTING`] times at most.
fn test(rule: &Value, place: &Place, depth: usize) -> Result<String, Why> {
    if MAX_NESTING < depth {
        return Err(Why(format!("a rule is nested deeper than {MAX_NESTING} levels")));
    }
    for (name, word) in [("And", " and "), ("Or", " or ")] {
        let Some(rules) = rule.get(name) else { continue };
        let rules = rules.as_array().filter(|it| !it.is_empty());
        let rules = rules.ok_or_else(|| Why(format!("{name} has no rules")))?;
        let tests: Result<Vec<String>, Why> = rules.iter().map(|it| test(it, place, depth + 1)).collect();
        return tests.map(|it| format!("({})", it.join(word)));
    }
    if let Some(inner) = rule.get("Not") {
        return test(inner, place, depth + 1).map(|it| format!("$not({it})"));
    }
    let variable = rule.get("Variable").and_then(Value::as_str).unwrap_or_default();
    let path = Path::parse(variable).map_err(|_| Why("a rule has no Variable".to_string()))?;
    if !path.is_definite() {
        return Err(Why(format!("“{variable}” may select several values")));
    }
    let value = jsonata_of_path(&path, place)?;
    const OTHERS: &[&str] = &["Variable", "Next", "Comment", "Assign"];
    let members = rule.as_object().into_iter().flatten();
    let operators: Vec<(&String, &Value)> =
        members.filter(|(name, _)| !OTHERS.contains(&name.as_str())).collect();
    let [(operator, expected)] = operators.as_slice() else {
        return Err(Why("a rule has not exactly one operator".to_string()));
    };
    let demanded = value.demanded();
    compared(operator, expected, &value.text, &demanded, place)
}

fn compared(
    operator: &str,
    expected: &Value,
    value: &str,
    demanded: &str,
    place: &Place,
) -> Result<String, Why> {
    let unknown = || Why(format!("{operator} is not known"));
    if let Some(kind) = operator.strip_prefix("Is") {
        let wanted =
            expected.as_bool().ok_or_else(|| Why(format!("{operator} is neither true nor false")))?;
        let is = |name: &str| format!("$type({demanded}) {} '{name}'", if wanted { "=" } else { "!=" });
        let found = match kind {
            "Present" => format!("$exists({value})"),
            "Null" => return Ok(is("null")),
            "Numeric" => return Ok(is("number")),
            "String" => return Ok(is("string")),
            "Boolean" => return Ok(is("boolean")),
            "Timestamp" => format!("($type({demanded}) = 'string' and $contains({value}, {MOMENT}))"),
            _ => return Err(unknown()),
        };
        return Ok(if wanted { found } else { format!("$not({found})") });
    }
    if operator == "StringMatches" {
        let pattern = expected.as_str().ok_or_else(|| Why("StringMatches has no pattern".to_string()))?;
        let pattern = regex(pattern);
        return Ok(format!("($type({demanded}) = 'string' and $contains({value}, {pattern}))"));
    }
    let (operator, by_path) = match operator.strip_suffix("Path") {
        Some(operator) => (operator, true),
        None => (operator, false),
    };
    let families =
        [("String", "string"), ("Numeric", "number"), ("Timestamp", "string"), ("Boolean", "boolean")];
    let family = families.iter().find(|(name, _)| operator.starts_with(name));
    let (family, kind) = family.ok_or_else(unknown)?;
    let sign = match operator.strip_prefix(family).unwrap_or_default() {
        "Equals" => "=",
        "LessThan" if *family != "Boolean" => "<",
        "GreaterThan" if *family != "Boolean" => ">",
        "LessThanEquals" if *family != "Boolean" => "<=",
        "GreaterThanEquals" if *family != "Boolean" => ">=",
        _ => return Err(unknown()),
    };
    let (other, other_demanded) = match by_path {
        true => {
            let text = expected.as_str().unwrap_or_default();
            let path = Path::parse(text).map_err(|_| Why(format!("{operator}Path has no path")))?;
            let code = jsonata_of_path(&path, place)?;
            (code.text.clone(), Some(code.demanded()))
        }
        false => {
            let fits = match *kind {
                "string" => expected.is_string(),
                "number" => expected.is_number(),
                _ => expected.is_boolean(),
            };
            if !fits {
                return Err(Why(format!("{operator} compares with a value of another type")));
            }
            (expected.as_str().map_or_else(|| expected.to_string(), quoted), None)
        }
    };
    if *family == "Timestamp" {
        let is_moment = |demanded: &str, plain: &str| {
            format!("$type({demanded}) = 'string' and $contains({plain}, {MOMENT})")
        };
        let both = match &other_demanded {
            Some(demanded_other) => {
                format!("{} and {}", is_moment(demanded, value), is_moment(demanded_other, &other))
            }
            None => is_moment(demanded, value),
        };
        return Ok(format!("({both} and $toMillis({value}) {sign} $toMillis({other}))"));
    }
    Ok(match (sign, other_demanded) {
        ("=", None) => format!("{demanded} = {other}"),
        ("=", Some(other)) => format!("({demanded} = {other} and $type({value}) = '{kind}')"),
        (sign, None) => format!("($type({demanded}) = '{kind}' and {value} {sign} {other})"),
        (sign, Some(demanded_other)) => format!(
            "($type({demanded}) = '{kind}' and $type({demanded_other}) = '{kind}' and {value} {sign} {other})"
        ),
    })
}

/// `*` stands for any letters; a backslash takes the next one as it is.
fn regex(pattern: &str) -> String {
    let mut out = String::from("/^");
    let mut escaped = false;
    for letter in pattern.chars() {
        match letter {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '*' if !escaped => out.push_str("[\\s\\S]*"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            letter if letter.is_ascii_punctuation() => out.extend(['\\', letter]),
            letter => out.push(letter),
        }
        escaped = false;
    }
    out.push_str("$/");
    out
}
