//! Choice: tries its rules in order. Rules are compiled once, when the program is made, into
//! trees of tests with a bounded depth.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::Value;

use crate::expr::payload::unexpected_type;
use crate::sim::dataflow::Flow;
use crate::sim::jsonata::Exit;
use crate::sim::program::Transition;
use crate::sim::states::{Leaving, Move};
use crate::sim::timestamp;
use crate::sim::trace::{StageName, StatesError};

/// One rule of `Choices`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub(crate) test: Test,
    pub(crate) next: Transition,
    pub(crate) assign: Option<Arc<Value>>,
    pub(crate) output: Option<Arc<Value>>,
    /// The rule as written.
    pub(crate) text: Arc<Value>,
    /// Its JSON Pointer.
    pub(crate) pointer: Arc<str>,
}

/// A test of a rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Data {
        variable: String,
        operator: &'static Operator,
        operand: Operand,
    },
    /// `Condition` of JSONata.
    Condition(Arc<Value>),
    /// A rule that cannot be carried out; the sentence says why.
    Broken(String),
}

/// What a variable is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Literal(Arc<Value>),
    /// The field ended in `Path`.
    Path {
        field: String,
        path: String,
    },
}

/// A comparison operator of the States Language; those in [`OPERATORS`] that compare also exist
/// with `Path` at the end.
#[derive(Debug, PartialEq)]
pub(crate) struct Operator {
    name: &'static str,
    what: What,
}

#[derive(Debug, PartialEq)]
enum What {
    Text(Relation),
    Number(Relation),
    Moment(Relation),
    Boolean,
    Matches,
    IsNull,
    IsPresent,
    IsNumeric,
    IsString,
    IsBoolean,
    IsTimestamp,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Relation {
    Equal,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

#[rustfmt::skip]
static OPERATORS: &[Operator] = &[
    Operator { name: "StringEquals", what: What::Text(Relation::Equal) },
    Operator { name: "StringLessThan", what: What::Text(Relation::Less) },
    Operator { name: "StringGreaterThan", what: What::Text(Relation::Greater) },
    Operator { name: "StringLessThanEquals", what: What::Text(Relation::LessOrEqual) },
    Operator { name: "StringGreaterThanEquals", what: What::Text(Relation::GreaterOrEqual) },
    Operator { name: "NumericEquals", what: What::Number(Relation::Equal) },
    Operator { name: "NumericLessThan", what: What::Number(Relation::Less) },
    Operator { name: "NumericGreaterThan", what: What::Number(Relation::Greater) },
    Operator { name: "NumericLessThanEquals", what: What::Number(Relation::LessOrEqual) },
    Operator { name: "NumericGreaterThanEquals", what: What::Number(Relation::GreaterOrEqual) },
    Operator { name: "TimestampEquals", what: What::Moment(Relation::Equal) },
    Operator { name: "TimestampLessThan", what: What::Moment(Relation::Less) },
    Operator { name: "TimestampGreaterThan", what: What::Moment(Relation::Greater) },
    Operator { name: "TimestampLessThanEquals", what: What::Moment(Relation::LessOrEqual) },
    Operator { name: "TimestampGreaterThanEquals", what: What::Moment(Relation::GreaterOrEqual) },
    Operator { name: "BooleanEquals", what: What::Boolean },
    Operator { name: "StringMatches", what: What::Matches },
    Operator { name: "IsNull", what: What::IsNull },
    Operator { name: "IsPresent", what: What::IsPresent },
    Operator { name: "IsNumeric", what: What::IsNumeric },
    Operator { name: "IsString", what: What::IsString },
    Operator { name: "IsBoolean", what: What::IsBoolean },
    Operator { name: "IsTimestamp", what: What::IsTimestamp },
];

/// How deep `And`, `Or` and `Not` may be nested.
const MAX_NESTING: usize = 60;

pub(crate) fn begin<'p>(
    flow: &mut Flow<'p>,
    raw: &Arc<Value>,
    rules: &'p [Rule],
    default: Option<&Transition>,
) -> Result<Move, StatesError> {
    let state = flow.state;
    let effective = flow.input_path(raw)?;
    if flow.is_jsonata() {
        return begin_jsonata(flow, raw, rules, default);
    }
    let mut taken = None;
    for (idx, rule) in rules.iter().enumerate() {
        match holds(&rule.test, flow, &effective) {
            Ok(false) => {}
            Ok(true) => {
                if flow.is_kept {
                    let after = Ok(Arc::new(Value::from(idx + 1)));
                    let pointer = Some(Arc::clone(&rule.pointer));
                    flow.record(StageName::Choice, Some(Arc::clone(&rule.text)), pointer, &effective, after)?;
                }
                let assign_field = rule.assign.as_ref().map(|_| format!("Choices/{idx}/Assign"));
                taken = Some((rule.assign.as_ref(), assign_field.unwrap_or_default(), &rule.next));
                break;
            }
            Err(error) => {
                let pointer = Some(Arc::clone(&rule.pointer));
                flow.record(
                    StageName::Choice,
                    Some(Arc::clone(&rule.text)),
                    pointer,
                    &effective,
                    Err(error),
                )?;
            }
        }
    }
    let (assign, assign_field, by) = match (taken, default) {
        (Some(taken), _) => taken,
        (None, Some(default)) => {
            flow.record_field(StageName::Choice, "Default", &effective, Ok(Arc::new(Value::Null)))?;
            (state.field("Assign"), "Assign".to_string(), default)
        }
        (None, None) => return Err(no_match(flow, &effective)),
    };
    let assigned = flow.assign(&assign_field, assign, &effective)?;
    let output = flow.output_path(&effective)?;
    Ok(Move::Leave(Leaving { output, assigned, by: by.clone() }))
}

fn begin_jsonata<'p>(
    flow: &mut Flow<'p>,
    raw: &Arc<Value>,
    rules: &'p [Rule],
    default: Option<&Transition>,
) -> Result<Move, StatesError> {
    for (idx, rule) in rules.iter().enumerate() {
        let holds = match &rule.test {
            Test::Condition(written) => condition(flow, idx, written),
            Test::Broken(sentence) => Err(flow.runtime(sentence.clone())),
            _ => Err(flow.runtime("The rule has no Condition")),
        };
        if matches!(holds, Ok(false)) {
            continue;
        }
        let after = holds.map(|_| Arc::new(Value::from(idx + 1)));
        let pointer = Some(Arc::clone(&rule.pointer));
        flow.record(StageName::Choice, Some(Arc::clone(&rule.text)), pointer, raw, after)?;
        let exit = Exit::of_entry("Choices", idx, rule.assign.as_ref(), rule.output.as_ref());
        return flow.leave(&exit, raw, &rule.next);
    }
    let Some(default) = default else { return Err(no_match(flow, raw)) };
    flow.record_field(StageName::Choice, "Default", raw, Ok(Arc::new(Value::Null)))?;
    flow.leave(&Exit::of_state(flow), raw, default)
}

fn condition(flow: &mut Flow, idx: usize, written: &Arc<Value>) -> Result<bool, StatesError> {
    let location = format!("Choices[{idx}]/Condition");
    let value = flow.payload(&location, written)?;
    value.as_bool().ok_or_else(|| {
        flow.query_error(Some(&location), unexpected_type(written, &location, "boolean", &value))
    })
}

fn no_match(flow: &mut Flow, data: &Arc<Value>) -> StatesError {
    let mut error =
        flow.runtime("Failed to transition out of the state. The state does not point to a next state.");
    error.name = "States.NoChoiceMatched".to_string();
    // The error goes on in any case.
    let _ = flow.record(StageName::Choice, None, None, data, Err(error.clone()));
    error
}

/// Compiles a rule.
pub(crate) fn compile(rule: &Value) -> Test {
    compile_within(rule, 0)
}

/// Recurses at most [`MAX_NESTING`] times.
fn compile_within(rule: &Value, depth: usize) -> Test {
    if MAX_NESTING < depth {
        return Test::Broken(format!("The rule is nested deeper than {MAX_NESTING} levels"));
    }
    let list = |value: &Value| match value.as_array() {
        Some(rules) => rules.iter().map(|it| compile_within(it, depth + 1)).collect(),
        None => vec![Test::Broken("And and Or need a list of rules".to_string())],
    };
    if let Some(rules) = rule.get("And") {
        return Test::All(list(rules));
    }
    if let Some(rules) = rule.get("Or") {
        return Test::Any(list(rules));
    }
    if let Some(inner) = rule.get("Not") {
        return Test::Not(Box::new(compile_within(inner, depth + 1)));
    }
    let Some(members) = rule.as_object() else {
        return Test::Broken("A rule must be an object".to_string());
    };
    if let (Some(condition), 0) = (rule.get("Condition"), depth) {
        return Test::Condition(Arc::new(condition.clone()));
    }
    let Some(variable) = rule.get("Variable").and_then(Value::as_str) else {
        return Test::Broken("The rule has no Variable".to_string());
    };
    let comparison = members.iter().find_map(|(field, value)| {
        let find = |name: &str| OPERATORS.iter().find(|it| it.name == name);
        if let Some(operator) = find(field) {
            return Some((operator, Operand::Literal(Arc::new(value.clone()))));
        }
        let operator = find(field.strip_suffix("Path")?).filter(|it| it.compares())?;
        Some((operator, Operand::Path { field: field.clone(), path: value.as_str()?.to_string() }))
    });
    match comparison {
        Some((operator, operand)) => Test::Data { variable: variable.to_string(), operator, operand },
        None => Test::Broken("The rule has no comparison operator".to_string()),
    }
}

/// Whether a test holds. Recurses no deeper than the rule was compiled.
fn holds(test: &Test, flow: &Flow, data: &Value) -> Result<bool, StatesError> {
    match test {
        Test::All(tests) => {
            for test in tests {
                if !holds(test, flow, data)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Test::Any(tests) => {
            for test in tests {
                if holds(test, flow, data)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Test::Not(test) => holds(test, flow, data).map(|it| !it),
        Test::Condition(_) => Err(flow.runtime("A Condition belongs to a JSONata state")),
        Test::Broken(sentence) => Err(flow.runtime(sentence.clone())),
        Test::Data { variable, operator, operand } => {
            let value = flow.lookup("Variable", variable, data)?;
            if operator.what == What::IsPresent {
                let Operand::Literal(expected) = operand else { return Ok(false) };
                return Ok(expected.as_bool() == Some(value.is_some()));
            }
            let Some(value) = value else {
                let cause = "The choice state's condition path references an invalid value.";
                return Err(flow.runtime(format!("Invalid path '{variable}': {cause}")));
            };
            match operand {
                Operand::Literal(expected) => Ok(operator.holds(&value, expected)),
                Operand::Path { field, path } => Ok(operator.holds(&value, &flow.query(field, path, data)?)),
            }
        }
    }
}

impl Test {
    /// The `Condition` as written.
    pub(crate) fn condition(&self) -> Option<&Arc<Value>> {
        match self {
            Test::Condition(written) => Some(written),
            _ => None,
        }
    }
}

impl Operator {
    fn compares(&self) -> bool {
        matches!(self.what, What::Text(_) | What::Number(_) | What::Moment(_) | What::Boolean)
    }

    /// A value of another type makes a test false, never an error.
    fn holds(&self, value: &Value, expected: &Value) -> bool {
        let is = |found: bool| expected.as_bool() == Some(found);
        match &self.what {
            What::Text(relation) => match (value, expected) {
                (Value::String(value), Value::String(expected)) => {
                    relation.accepts(compare_utf16(value, expected))
                }
                _ => false,
            },
            What::Number(relation) => compare_numbers(value, expected).is_some_and(|it| relation.accepts(it)),
            What::Moment(relation) => {
                let moment = |it: &Value| it.as_str().and_then(timestamp::parse);
                match (moment(value), moment(expected)) {
                    (Some(value), Some(expected)) => relation.accepts(value.cmp(&expected)),
                    _ => false,
                }
            }
            What::Boolean => value.is_boolean() && value == expected,
            What::Matches => match (value, expected) {
                (Value::String(value), Value::String(pattern)) => matches_pattern(value, pattern),
                _ => false,
            },
            What::IsNull => is(value.is_null()),
            What::IsPresent => is(true),
            What::IsNumeric => is(value.is_number()),
            What::IsString => is(value.is_string()),
            What::IsBoolean => is(value.is_boolean()),
            What::IsTimestamp => is(value.as_str().and_then(timestamp::parse).is_some()),
        }
    }
}

impl Relation {
    fn accepts(self, ordering: Ordering) -> bool {
        match self {
            Relation::Equal => ordering.is_eq(),
            Relation::Less => ordering.is_lt(),
            Relation::Greater => ordering.is_gt(),
            Relation::LessOrEqual => ordering.is_le(),
            Relation::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// AWS orders texts by UTF-16 code units, as Java does.
fn compare_utf16(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

/// Whole numbers are compared exactly; what is no number compares with nothing.
fn compare_numbers(left: &Value, right: &Value) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

/// `*` stands for any characters; a backslash takes the next character as it is. Backtracks only
/// to the last star, so the time is bounded by the product of the lengths.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    let mut parts = Vec::new();
    let mut escaped = false;
    for letter in pattern.chars() {
        match letter {
            '\\' if !escaped => escaped = true,
            '*' if !escaped => parts.push(None),
            letter => {
                escaped = false;
                parts.push(Some(letter));
            }
        }
    }
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut part_idx) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match parts.get(part_idx) {
            Some(None) => {
                star = Some((part_idx, at));
                part_idx += 1;
            }
            Some(Some(letter)) if text.get(at) == Some(letter) => {
                at += 1;
                part_idx += 1;
            }
            _ => match star {
                Some((star_idx, from)) => {
                    star = Some((star_idx, from + 1));
                    part_idx = star_idx + 1;
                    at = from + 1;
                }
                None => return false,
            },
        }
    }
    parts.iter().skip(part_idx).all(Option::is_none)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(operator: &str, value: Value, expected: Value, holds: bool) {
        let found = OPERATORS.iter().find(|it| it.name == operator).expect("an operator");
        assert_eq!(found.holds(&value, &expected), holds, "{value} {operator} {expected}");
    }

    #[test]
    fn another_type_is_false_and_no_error() {
        check("StringEquals", json!(1), json!("1"), false);
        check("NumericEquals", json!("1"), json!(1), false);
        check("NumericEquals", json!(true), json!(1), false);
        check("BooleanEquals", json!(0), json!(false), false);
        check("TimestampEquals", json!("now"), json!("2016-03-14T01:59:00Z"), false);
    }

    #[test]
    fn numbers_compare_by_value() {
        check("NumericEquals", json!(1), json!(1.0), true);
        check("NumericLessThan", json!(9_007_199_254_740_992_i64), json!(9_007_199_254_740_993_i64), true);
        check("NumericGreaterThanEquals", json!(2.5), json!(2), true);
    }

    #[test]
    fn moments_compare_across_offsets() {
        check("TimestampEquals", json!("2016-03-14T02:59:00+01:00"), json!("2016-03-14T01:59:00Z"), true);
        check("TimestampLessThan", json!("2016-03-14T01:59:00Z"), json!("2016-03-14T01:59:00.5Z"), true);
    }

    #[test]
    fn texts_compare_by_utf_16_units() {
        check("StringLessThan", json!("A"), json!("AB"), true);
        check("StringLessThan", json!("\u{1F600}"), json!("\u{FFFD}"), true);
    }

    #[test]
    fn kinds_are_asked_both_ways() {
        check("IsNull", json!(null), json!(true), true);
        check("IsNull", json!(1), json!(false), true);
        check("IsNumeric", json!(true), json!(true), false);
        check("IsTimestamp", json!("2016-03-14T01:59:00Z"), json!(true), true);
        check("IsString", json!("2016-03-14T01:59:00Z"), json!(true), true);
    }

    #[test]
    fn only_the_star_is_a_wildcard() {
        for (text, pattern, matches) in [
            ("foo-23.log", "foo*.log", true),
            ("foo.log", "foo*.log", true),
            ("foo.lo", "foo*.log", false),
            ("zebra.log", "*.log", true),
            ("a?b", "a?b", true),
            ("axb", "a?b", false),
            ("a*b", "a\\*b", true),
            ("axb", "a\\*b", false),
            ("a\\b", "a\\\\b", true),
            ("", "*", true),
            ("", "", true),
            ("aXbXc", "a*b*c", true),
            ("aXbX", "a*b*c", false),
        ] {
            check("StringMatches", json!(text), json!(pattern), matches);
        }
    }

    #[test]
    fn deep_rules_are_cut_off() {
        let mut rule = json!({"Variable": "$.a", "IsNull": true});
        for _ in 0..100 {
            rule = json!({ "Not": rule });
        }
        let mut test = &compile(&rule);
        while let Test::Not(inner) = test {
            test = inner;
        }
        assert!(matches!(test, Test::Broken(_)));
    }
}
