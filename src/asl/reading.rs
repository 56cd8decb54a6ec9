//! Rules, retriers, catchers and calls in a few plain words, for edge labels, badges and lists.
//! Says what stands in the text; whether it is right is for the rules in `validate`.

use std::fmt::Write as _;

use crate::asl::fields::{Operand, Operator, operator};
use crate::asl::machine::{Catcher, Machine, Retrier, Scope, State, StateKind};
use crate::asl::resource::{Resource, ResourceKind};
use crate::json::{NodeId, NodeKind, Tree, float};

/// The longest piece of the user's own text in a reading, in characters.
const MAX_PIECE: usize = 40;
/// How deep And, Or and Not are read; what lies deeper is an ellipsis.
const MAX_DEPTH: usize = 4;

/// What a choice rule tests: “total > 500”, “status is not present”, “a = 1 and b = 2”, or the
/// shortened text of a JSONata condition.
pub fn short_reading_of_rule(tree: &Tree, rule: NodeId) -> String {
    if let Some(condition) = tree.get(rule, "Condition") {
        return match tree.string(condition) {
            Some(text) => shortened(bare_expression(&text)),
            None => shortened(tree.source(condition)),
        };
    }
    read_condition(tree, rule, 0)
}

/// How a state retries: “3× after 2 s, ×2”, several retriers joined by “; ”. `None` without
/// retriers that retry.
pub fn retry_summary(tree: &Tree, state: &State) -> Option<String> {
    let parts: Vec<String> = state.retry.iter().map(|it| retrier_reading(tree, it)).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// How many new attempts the retriers of a state allow together: the number on the badge.
pub fn n_retries(state: &State) -> u64 {
    state.retry.iter().fold(0, |sum, it| sum.saturating_add(it.max_attempts))
}

/// What one retrier does: “Card.Busy: 3× after 2 s, ×2, at most 60 s”.
pub fn retrier_reading(tree: &Tree, retrier: &Retrier) -> String {
    let mut reading = String::new();
    if !is_any_error(&retrier.error_equals) {
        let _ = write!(reading, "{}: ", error_names(&retrier.error_equals));
    }
    if retrier.max_attempts == 0 {
        reading.push_str("never");
        return reading;
    }
    let number = |name: &str, default: &str| match tree.get(retrier.node, name) {
        Some(node) => tree.number(node).unwrap_or(default).to_owned(),
        None => default.to_owned(),
    };
    let _ = write!(reading, "{}× after {} s", retrier.max_attempts, number("IntervalSeconds", "1"));
    let rate = number("BackoffRate", "2");
    if float(&rate) != Some(1.0) && retrier.max_attempts > 1 {
        let _ = write!(reading, ", ×{rate}");
    }
    if tree.get(retrier.node, "MaxDelaySeconds").is_some() {
        let _ = write!(reading, ", at most {} s", number("MaxDelaySeconds", "…"));
    }
    reading
}

/// Which errors a catcher takes: “Card.Declined”, “any error”, “A, B and 2 more”.
pub fn catch_summary(catcher: &Catcher) -> String {
    if is_any_error(&catcher.error_equals) {
        return "any error".into();
    }
    error_names(&catcher.error_equals)
}

/// What a task calls, on one line: “Lambda · charge”. The name of a function, table or queue
/// that the definition states takes the place of the action.
pub fn call_reading(tree: &Tree, state: &State) -> Option<String> {
    let StateKind::Task { resource: Some(resource) } = &state.kind else { return None };
    Some(reading_of_call(tree, state, &Resource::parse(resource)))
}

/// The same of a resource that was taken apart before.
pub fn reading_of_call(tree: &Tree, state: &State, resource: &Resource) -> String {
    match called_name(tree, state, resource) {
        Some(name) => [&*resource.service_label, " · ", &name].concat(),
        None => resource.describe(),
    }
}

/// The state's kind in a word or two, for people: “task”, “choice”, “state of unknown type”.
pub fn kind_word(kind: &StateKind) -> &'static str {
    match kind {
        StateKind::Task { .. } => "task",
        StateKind::Pass => "pass",
        StateKind::Choice { .. } => "choice",
        StateKind::Wait => "wait",
        StateKind::Succeed => "succeed",
        StateKind::Fail => "fail",
        StateKind::Parallel { .. } => "parallel",
        StateKind::Map { .. } => "map",
        StateKind::Unknown { .. } => "state of unknown type",
    }
}

/// Where a scope is, for messages: “this branch”, “this item processor”, “the state machine”.
pub fn scope_word(machine: &Machine, scope: &Scope) -> &'static str {
    match scope.parent.and_then(|it| machine.state(it)).map(|it| &it.kind) {
        Some(StateKind::Parallel { .. }) => "this branch",
        Some(StateKind::Map { .. }) => "this item processor",
        _ => "the state machine",
    }
}

/// Cuts text to the length of a label, at a character and with an ellipsis.
pub fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(MAX_PIECE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.into(),
    }
}

// Bounded by `MAX_DEPTH`.
fn read_condition(tree: &Tree, rule: NodeId, depth: usize) -> String {
    if depth >= MAX_DEPTH {
        return "…".into();
    }
    let test = tree.members(rule).iter().find_map(|it| Some((operator(&it.name)?, it.value)));
    let Some((operator, operand)) = test else {
        return tree
            .get(rule, "Variable")
            .and_then(|it| tree.string(it))
            .map_or("…".into(), |it| value_name(&it));
    };
    match operator.operand {
        Operand::Rule => read_negation(tree, operand, depth),
        Operand::Rules => {
            let rules = tree.elements(operand);
            let parts: Vec<String> = rules
                .iter()
                .map(|it| {
                    let part = read_condition(tree, *it, depth + 1);
                    if rules.len() > 1 && needs_brackets(tree, *it, operator) {
                        format!("({part})")
                    } else {
                        part
                    }
                })
                .collect();
            parts.join(&format!(" {} ", operator.sign))
        }
        _ => {
            let variable = tree.get(rule, "Variable").and_then(|it| tree.string(it));
            let variable = variable.map_or("…".into(), |it| value_name(&it));
            read_test(tree, &variable, operator, operand)
        }
    }
}

fn read_negation(tree: &Tree, rule: NodeId, depth: usize) -> String {
    let inner = read_condition(tree, rule, depth + 1);
    let is_combined = tree.members(rule).iter().filter_map(|it| operator(&it.name)).any(|it| it.combines());
    if is_combined { format!("not ({inner})") } else { format!("not {inner}") }
}

fn needs_brackets(tree: &Tree, rule: NodeId, outer: &Operator) -> bool {
    let mut inner = tree.members(rule).iter().filter_map(|it| operator(&it.name));
    inner.any(|it| it.operand == Operand::Rules && it.name != outer.name)
}

fn read_test(tree: &Tree, variable: &str, operator: &Operator, operand: NodeId) -> String {
    let sign = operator.sign;
    match operator.operand {
        Operand::IsKind if tree.as_bool(operand) == Some(false) => format!("{variable} is not {sign}"),
        Operand::IsKind => format!("{variable} is {sign}"),
        Operand::Path => {
            let other = tree.string(operand).map_or("…".into(), |it| value_name(&it));
            format!("{variable} {sign} {other}")
        }
        Operand::Timestamp => {
            let moment = tree.string(operand).unwrap_or_else(|| tree.source(operand).into());
            format!("{variable} {sign} {}", shortened(&moment))
        }
        _ if tree.kind(operand) == NodeKind::Missing => format!("{variable} {sign} …"),
        _ => format!("{variable} {sign} {}", shortened(tree.source(operand))),
    }
}

/// A path as people would name the value: `$.order.total` is “order.total”, `$` the “input”.
fn value_name(path: &str) -> String {
    let name = match path {
        "$" => "input",
        "$$" => "context",
        _ => match path.strip_prefix("$$.").or_else(|| path.strip_prefix("$.")) {
            Some(inside) => inside,
            None => path,
        },
    };
    shortened(name)
}

fn bare_expression(text: &str) -> &str {
    text.strip_prefix("{%").and_then(|it| it.strip_suffix("%}")).unwrap_or(text).trim()
}

fn is_any_error(names: &[String]) -> bool {
    names.iter().any(|it| it == "States.ALL")
}

fn error_names(names: &[String]) -> String {
    let short = |it: &String| shortened(it.strip_prefix("States.").unwrap_or(it));
    match names {
        [] => "no error".into(),
        [one] => short(one),
        [one, two] => format!("{}, {}", short(one), short(two)),
        [one, two, rest @ ..] => format!("{}, {} and {} more", short(one), short(two), rest.len()),
    }
}

/// What the arguments of a call name as its object.
fn called_name(tree: &Tree, state: &State, resource: &Resource) -> Option<String> {
    let (service, field) = match &resource.kind {
        ResourceKind::LambdaInvoke => ("lambda", "FunctionName"),
        ResourceKind::Optimized { service, .. } => match service.as_str() {
            "states" => ("states", "StateMachineArn"),
            "glue" => ("glue", "JobName"),
            _ => return None,
        },
        _ => return None,
    };
    let arguments = tree.get(state.node, "Arguments").or_else(|| tree.get(state.node, "Parameters"))?;
    let name = tree.get(arguments, field).and_then(|it| tree.string(it))?;
    if name.starts_with("{%") {
        return None;
    }
    let placeholder = name.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
    let bare = match placeholder {
        Some(inside) if !inside.contains('{') => inside,
        _ => name_in_arn(&name, service),
    };
    (!bare.is_empty()).then(|| shortened(bare))
}

/// The name of a function or state machine without what surrounds it in an ARN.
fn name_in_arn<'t>(text: &'t str, service: &str) -> &'t str {
    let marker = if service == "states" { ":stateMachine:" } else { ":function:" };
    let name = text.split_once(marker).map_or(text, |(_, name)| name);
    if name.contains("${") { name } else { name.split(':').next().unwrap_or(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::lower::lower;
    use crate::json::parse;

    #[track_caller]
    fn check_rule(rule: &str, expected: &str) {
        let tree = parse(rule);
        assert_eq!(short_reading_of_rule(&tree, tree.root()), expected, "{rule}");
    }

    #[test]
    fn a_rule_reads_like_a_sentence() {
        check_rule(r#"{"Variable":"$.total","NumericGreaterThan":500,"Next":"A"}"#, "total > 500");
        check_rule(r#"{"Variable":"$.status","IsPresent":false}"#, "status is not present");
        check_rule(r#"{"Variable":"$.status","StringEquals":"done"}"#, r#"status = "done""#);
        check_rule(r#"{"Variable":"$.a","NumericLessThanEqualsPath":"$.b.c"}"#, "a ≤ b.c");
        check_rule(r#"{"Variable":"$$.State.RetryCount","NumericEquals":0}"#, "State.RetryCount = 0");
        check_rule(r#"{"Variable":"$.paid","BooleanEquals":true}"#, "paid is true");
        check_rule(
            r#"{"Variable":"$.at","TimestampLessThan":"2026-01-01T00:00:00Z"}"#,
            "at < 2026-01-01T00:00:00Z",
        );
        check_rule(r#"{"Condition":"{% $states.input.total > 500 %}"}"#, "$states.input.total > 500");
        check_rule(r#"{"Condition":true}"#, "true");
    }

    #[test]
    fn combined_rules_keep_their_meaning() {
        let a = r#"{"Variable":"$.a","IsNull":true}"#;
        let b = r#"{"Variable":"$.b","IsNull":true}"#;
        check_rule(&format!(r#"{{"And":[{a},{b}]}}"#), "a is null and b is null");
        check_rule(&format!(r#"{{"Not":{a}}}"#), "not a is null");
        check_rule(&format!(r#"{{"Not":{{"Or":[{a},{b}]}}}}"#), "not (a is null or b is null)");
        check_rule(
            &format!(r#"{{"And":[{a},{{"Or":[{a},{b}]}}]}}"#),
            "a is null and (a is null or b is null)",
        );
    }

    #[test]
    fn half_typed_rules_still_read() {
        check_rule(r#"{"Variable":"$.total"}"#, "total");
        check_rule(r#"{"Variable":"$.total","NumericGreaterThan":}"#, "total > …");
        check_rule("{}", "…");
        check_rule("[]", "…");
        let deep = format!("{}{}", r#"{"Not":"#.repeat(3000), "}".repeat(3000));
        let tree = parse(deep.as_str());
        assert!(short_reading_of_rule(&tree, tree.root()).contains('…'));
    }

    #[track_caller]
    fn check_state(state: &str, retry: Option<&str>, catch: &str, call: Option<&str>) {
        let tree = parse(format!(r#"{{"StartAt":"A","States":{{"A":{state}}}}}"#));
        let machine = lower(&tree);
        let state = &machine.states[0];
        assert_eq!(retry_summary(&tree, state).as_deref(), retry);
        let catches: Vec<String> = state.catch.iter().map(catch_summary).collect();
        assert_eq!(catches.join(" | "), catch);
        assert_eq!(call_reading(&tree, state).as_deref(), call);
    }

    #[test]
    fn retriers_catchers_and_calls_read_in_a_line() {
        check_state(
            r#"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"arn:aws:lambda:eu-west-1:111111111111:function:charge:live"},
                "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":2}],"Catch":[{"ErrorEquals":["Card.Declined"],"Next":"B"},{"ErrorEquals":["States.ALL"],"Next":"B"}]}"#,
            Some("3× after 2 s, ×2"),
            "Card.Declined | any error",
            Some("Lambda · charge"),
        );
        check_state(
            r#"{"Type":"Task","Resource":"${Fn}","Retry":[{"ErrorEquals":["A","B","C","D"],"MaxAttempts":5,"BackoffRate":1.0,"MaxDelaySeconds":60},{"ErrorEquals":["States.Timeout"],"MaxAttempts":0}]}"#,
            Some("A, B and 2 more: 5× after 1 s, at most 60 s; Timeout: never"),
            "",
            Some("Lambda · Fn"),
        );
        check_state(r#"{"Type":"Pass"}"#, None, "", None);
    }
}
