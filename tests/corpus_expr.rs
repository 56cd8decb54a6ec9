//! The expression languages against recordings of AWS: every recorded stage of a JSONPath state
//! that this wing can compute alone is computed again from the stage before it and compared.
//!
//! The corpus lies outside of the project (`STEPGLASS_CORPUS`, else `../shared/corpus`); without
//! it these tests say so and pass.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use stepglass::expr::jsonata::{Dialect, Jsonata};
use stepglass::expr::payload::expression_of;
use stepglass::expr::{self, ExprError, Expression, Path, RandomSource, Scope, reference};

/// Recordings that this wing answers otherwise, with the reason. A case that is listed here and
/// agrees is a failure too, so that the list stays true.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[];

#[test]
fn recorded_executions_agree() {
    let Some(cases) = read_lines("aws-recorded/executions.jsonl") else { return };
    let mut tally = Tally::default();
    for case in &cases {
        let id = case["id"].as_str().unwrap_or_default();
        if case["kind"] != "history" {
            tally.skip("no event history, so no stages");
        } else if case["exclude_reasons"].as_array().is_some_and(|it| !it.is_empty()) {
            tally.skip("excluded by the corpus itself");
        } else {
            check_history(id, case, &mut tally);
        }
    }
    tally.report("executions", 400);
}

#[test]
fn recorded_state_tests_agree() {
    let Some(cases) = read_lines("aws-recorded/teststate.jsonl") else { return };
    let mut tally = Tally::default();
    for case in &cases {
        check_inspection(case["id"].as_str().unwrap_or_default(), case, &mut tally);
    }
    tally.report("state tests", 50);
}

#[test]
fn recorded_validations_agree() {
    let Some(cases) = read_lines("aws-recorded/validate.jsonl") else { return };
    let mut tally = Tally::default();
    for case in &cases {
        let id = case["id"].as_str().unwrap_or_default();
        let mut states = Vec::new();
        collect_states(&case["definition"], &mut states);
        let templates = states
            .iter()
            .filter(|(_, state)| {
                state["QueryLanguage"] != "JSONata" && case["definition"]["QueryLanguage"] != "JSONata"
            })
            .flat_map(|(_, state)| TEMPLATE_FIELDS.iter().filter_map(|field| state.get(*field)));
        let mut n_templates = 0;
        let mut messages = BTreeSet::new();
        for template in templates {
            n_templates += 1;
            messages.extend(expr::check(template).into_iter().map(|it| it.message));
        }
        if n_templates == 0 {
            tally.skip("no payload template");
            continue;
        }
        let recorded = case["expected"].to_string();
        let recorded = ["must be a valid JSONPath or a valid intrinsic function call"]
            .iter()
            .any(|it| recorded.contains(it));
        let agrees = match recorded {
            true => messages.iter().any(|it| case["expected"].to_string().contains(it)),
            false => messages.is_empty(),
        };
        tally.add(id, "template faults", agrees, || {
            format!("recorded {}, found {messages:?}", case["expected"])
        });
    }
    tally.report("validations", 5);
}

#[test]
fn recorded_variable_references_agree() {
    let Some(cases) = read_lines("aws-recorded/variable_references.jsonl") else { return };
    let mut tally = Tally::default();
    for case in &cases {
        if case["definition"].to_string().contains(r#""TimestampPath":"timestamp""#) {
            tally.skip("the path itself is a placeholder");
            continue;
        }
        let mut states = Vec::new();
        collect_states(&case["definition"], &mut states);
        let mut found = Map::new();
        for (name, state) in states {
            let mut names = BTreeSet::new();
            let language = [&state["QueryLanguage"], &case["definition"]["QueryLanguage"]];
            match language.into_iter().find_map(Value::as_str) {
                Some("JSONata") => collect_query_variables(state, &mut names),
                _ => collect_variables(state, &mut names),
            }
            if !names.is_empty() {
                found.insert(name.to_string(), names.into_iter().collect());
            }
        }
        let agrees = found == *case["variableReferences"].as_object().unwrap_or(&Map::new());
        let id = case["id"].as_str().unwrap_or_default();
        tally.add(id, "variables", agrees, || {
            format!("recorded {}, found {found:?}", case["variableReferences"])
        });
    }
    tally.report("variable references", 5);
}

/// The variables in the fields of a state, not in the states inside of it.
fn collect_variables(value: &Value, names: &mut BTreeSet<String>) {
    for (key, child) in value.as_object().into_iter().flatten() {
        match child {
            _ if ["Branches", "ItemProcessor", "Iterator", "Result"].contains(&key.as_str()) => {}
            Value::String(text) if key.ends_with(".$") || key.ends_with("Path") || key == "Variable" => {
                let expression = Expression::parse(text);
                names.extend(expression.iter().flat_map(|it| it.variables()).map(str::to_string));
            }
            Value::Array(items) => items.iter().for_each(|it| collect_variables(it, names)),
            other => collect_variables(other, names),
        }
    }
}

/// The same for a JSONata state: what its expressions read and do not bind themselves.
fn collect_query_variables(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let Some(inner) = expression_of(text) else { return };
            let expression = Jsonata::parse(inner, Dialect::Aws).unwrap_or_else(|it| panic!("{text}: {it}"));
            let free = expression.references().variables.into_iter();
            names.extend(free.filter(|it| !it.is_builtin && it.name != "states").map(|it| it.name));
        }
        Value::Array(items) => items.iter().for_each(|it| collect_query_variables(it, names)),
        Value::Object(members) => {
            let is_inner = |key: &str| ["Branches", "ItemProcessor", "Iterator"].contains(&key);
            let own = members.iter().filter(|(key, _)| !is_inner(key));
            own.for_each(|(_, it)| collect_query_variables(it, names));
        }
        _ => {}
    }
}

#[test]
fn variables_of_jsonata_states_are_those_from_outside() {
    let state = json!({
        "Type": "Map", "Items": "{% $orders[$states.context.n < $limit] %}", "Comment": "$no",
        "Assign": {"x": ["{% ($t := $a; $t & $sum($b)) %}"]},
        "ItemProcessor": {"States": {"Inner": {"Type": "Pass", "Output": "{% $inner %}"}}},
    });
    let mut names = BTreeSet::new();
    collect_query_variables(&state, &mut names);
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a", "b", "limit", "orders"]);
}

/// Published workflows were accepted by AWS, so each of their paths and calls must be readable.
#[test]
fn expressions_of_published_workflows_are_readable() {
    let Some(manifest) = read_lines("workflows/manifest.jsonl") else { return };
    let mut tally = Tally::default();
    for entry in &manifest {
        let file = entry["file"].as_str().unwrap_or_default();
        let text = std::fs::read_to_string(corpus().join("workflows").join(file)).unwrap_or_default();
        let Ok(definition) = serde_json::from_str::<Value>(&text) else {
            tally.skip("not strict JSON");
            continue;
        };
        let mut pending = vec![&definition];
        while let Some(value) = pending.pop() {
            match value {
                Value::String(text) => {
                    let inner = expression_of(text).filter(|it| !it.contains("${"));
                    let Some(inner) = inner else { continue };
                    let fault = Jsonata::parse(inner, Dialect::Aws).err();
                    tally.add(file, "JSONata", fault.is_none(), || format!("{text}: {fault:?}"));
                }
                Value::Array(items) => pending.extend(items),
                Value::Object(members) => {
                    for (key, child) in members {
                        let Some(text) = child.as_str().filter(|it| !it.contains("${")) else {
                            pending.push(child);
                            continue;
                        };
                        let fault = match PATH_FIELDS.contains(&key.as_str()) {
                            true => Expression::parse(text).err(),
                            false if key.ends_with(".$") => Expression::parse(text).err(),
                            false => {
                                pending.push(child);
                                continue;
                            }
                        };
                        let fault = fault.map(|it| it.message);
                        tally.add(file, key, fault.is_none(), || format!("{text}: {fault:?}"));
                    }
                }
                _ => {}
            }
        }
    }
    tally.report("published expressions", 1_000);
}

const TEMPLATE_FIELDS: &[&str] = &["Parameters", "ResultSelector", "ItemSelector", "Assign"];

const PATH_FIELDS: &[&str] = &["InputPath", "OutputPath", "ResultPath", "ItemsPath", "Variable"];

/// Follows an event history: each event that shows what a state made of its data is compared.
fn check_history(id: &str, case: &Value, tally: &mut Tally) {
    let mut found = Vec::new();
    collect_states(&case["definition"], &mut found);
    let states: BTreeMap<&str, &Value> = found.into_iter().collect();
    let machine_is_jsonata = case["definition"]["QueryLanguage"] == "JSONata";
    let events: Vec<&Value> = case["expected"]["history"].as_array().into_iter().flatten().collect();
    let by_id: BTreeMap<i64, &Value> =
        events.iter().filter_map(|it| Some((it["id"].as_i64()?, *it))).collect();
    let mut variables = Map::new();
    for event in &events {
        let (name, details) = (state_name(event), details(event));
        let previous = by_id.get(&event["previousEventId"].as_i64().unwrap_or(-1)).copied();
        let is_failure = event["type"] == "ExecutionFailed";
        if event["type"] == "MapIterationStarted" {
            check_iteration(id, case, event, &by_id, &states, &variables, tally);
            continue;
        }
        let Some((state_name, entered)) = (match is_failure {
            true => previous.and_then(|it| Some((state_name(it)?, it))),
            false => name.and_then(|name| entered_before(&by_id, event, name)),
        }) else {
            continue;
        };
        let Some(state) = states.get(state_name) else { continue };
        // What a state assigns is read by the states after it, not by itself.
        let scope_variables = variables.clone();
        if let Some(assigned) = details["assignedVariables"].as_object() {
            variables.extend(assigned.iter().map(|(key, text)| (key.clone(), parsed(text))));
        }
        if state["QueryLanguage"] == "JSONata" || machine_is_jsonata {
            tally.skip("JSONata: held by the whole histories of corpus_sim");
            continue;
        }
        let context = context(case, state_name, state);
        let stages = Stages { state, context: &context, variables: &scope_variables };
        let input = parsed(&self::details(entered)["input"]);
        let kind = event["type"].as_str().unwrap_or_default();
        let subject = format!("{state_name} {kind}");
        if is_failure {
            check_failure(id, &subject, &stages, &input, details, tally);
            continue;
        }
        let actual = match kind {
            "PassStateExited" => stages.pass(&input),
            "WaitStateExited" | "ChoiceStateExited" | "SucceedStateExited" => stages.through(&input),
            "TaskScheduled" | "LambdaFunctionScheduled" | "ActivityScheduled" => stages.task_input(&input),
            "TaskStateExited" => match previous.map(|it| (it["type"].as_str().unwrap_or_default(), it)) {
                Some(("TaskSucceeded" | "LambdaFunctionSucceeded" | "ActivitySucceeded", succeeded)) => {
                    stages.task_output(&input, parsed(&self::details(succeeded)["output"]))
                }
                _ => continue,
            },
            _ => continue,
        };
        let expected = ["output", "parameters", "input"].iter().find_map(|it| details.get(*it));
        let expected = parsed(expected.unwrap_or(&Value::Null));
        tally.compare(id, &subject, actual, &expected);
        if let Some(assigned) = details["assignedVariables"].as_object().filter(|_| kind == "PassStateExited")
        {
            let expected = assigned.iter().map(|(key, text)| (key.clone(), parsed(text))).collect();
            let actual = stages.pass_assign(&input);
            tally.compare(id, &format!("{subject} Assign"), actual, &Value::Object(expected));
        }
    }
}

/// What an iteration of a Map in the machine itself begins with: the item, or what the
/// `ItemSelector` makes of it. Nested Maps are left out: their `$$.Map` is the outer one's too.
fn check_iteration(
    id: &str,
    case: &Value,
    started: &Value,
    by_id: &BTreeMap<i64, &Value>,
    states: &BTreeMap<&str, &Value>,
    variables: &Map<String, Value>,
    tally: &mut Tally,
) {
    let (name, index) = (details(started)["name"].as_str().unwrap_or_default(), &details(started)["index"]);
    let Some(state) = states.get(name).filter(|_| case["definition"]["States"].get(name).is_some()) else {
        return;
    };
    if state["QueryLanguage"] == "JSONata" || case["definition"]["QueryLanguage"] == "JSONata" {
        return tally.skip("JSONata: held by the whole histories of corpus_sim");
    }
    let first = by_id.values().find(|it| it["previousEventId"] == started["id"]);
    let (Some((_, entered)), Some(first)) = (entered_before(by_id, started, name), first) else { return };
    let mut context = context(case, name, state);
    let no_context = context.clone();
    let stages = Stages { state, context: &no_context, variables };
    let input = stages.path("InputPath", &parsed(&details(entered)["input"]));
    let items = input.clone().and_then(|it| stages.path("ItemsPath", &it));
    let (Ok(input), Ok(items)) = (input, items) else { return };
    let item = index.as_u64().and_then(|it| items.get(it as usize)).cloned().unwrap_or_default();
    context["Map"] = json!({"Item": {"Index": index, "Value": item, "Source": "STATE_DATA"}});
    let stages = Stages { state, context: &context, variables };
    let selector = ["ItemSelector", "Parameters"].into_iter().find(|it| state.get(it).is_some());
    let actual = match selector {
        Some(field) => stages.template(field, &input),
        None => Ok(item),
    };
    tally.compare(id, &format!("{name} iteration {index}"), actual, &parsed(&details(first)["input"]));
}

/// The event at which the state was entered from which this event came.
fn entered_before<'c>(
    by_id: &BTreeMap<i64, &'c Value>,
    event: &'c Value,
    name: &'c str,
) -> Option<(&'c str, &'c Value)> {
    let mut at = event;
    for _ in 0..by_id.len() {
        at = by_id.get(&at["previousEventId"].as_i64()?)?;
        if details(at)["name"] == name && at["type"].as_str()?.ends_with("StateEntered") {
            return Some((name, at));
        }
    }
    None
}

fn check_failure(
    id: &str,
    subject: &str,
    stages: &Stages,
    input: &Value,
    details: &Value,
    tally: &mut Tally,
) {
    let error = details["error"].as_str().unwrap_or_default();
    let cause = details["cause"].as_str().unwrap_or_default();
    let cause = cause
        .split_once("). ")
        .filter(|_| cause.starts_with("An error occurred while"))
        .map_or(cause, |it| it.1);
    let result = match stages.state["Type"].as_str() {
        Some("Fail") => stages.fail(input),
        Some("Pass") => stages.pass(input),
        Some("Task") => stages.task_limits(input).and_then(|()| stages.task_input(input)),
        _ => {
            tally.skip("a failure that the expressions do not decide");
            return;
        }
    };
    match result {
        Ok(actual) if stages.state["Type"] == "Fail" => {
            let expected = json!({"Error": error, "Cause": cause});
            tally.compare(id, subject, Ok(actual), &expected);
        }
        Ok(actual) if cause.contains("Invalid path '") || cause.contains("The JSONPath '") => {
            tally.add(id, subject, false, || format!("recorded {error}: {cause}\n   found {actual}"));
        }
        Ok(_) => tally.skip("a failure that the expressions do not decide"),
        Err(fault) => {
            let agrees = fault.name == error && matches_text(cause, &fault.cause);
            tally.add(id, subject, agrees, || {
                format!("recorded {error}: {cause}\n   found {}: {}", fault.name, fault.cause)
            });
        }
    }
}

/// A TestState answer shows each stage; each is computed from the recorded one before it.
fn check_inspection(id: &str, case: &Value, tally: &mut Tally) {
    let inspection = &case["response"]["inspectionData"];
    let definition = &case["definition"];
    let state = match case["request"]["stateName"].as_str() {
        Some(name) => {
            let mut found = Vec::new();
            collect_states(definition, &mut found);
            found.into_iter().find(|it| it.0 == name).map_or(&Value::Null, |it| it.1)
        }
        None => definition,
    };
    if state["QueryLanguage"] == "JSONata" || definition["QueryLanguage"] == "JSONata" {
        return tally.skip("JSONata: held by the whole responses of corpus_state");
    }
    if inspection.is_null() || state["Type"].is_null() {
        return tally.skip("no stages recorded");
    }
    let stage = |name: &str| inspection.get(name).map(parsed);
    let context = match case["request"].get("context") {
        Some(context) => parsed(context),
        None => context(&json!({"input": parsed(&case["input"])}), "state", state),
    };
    let variables = Map::new();
    let stages = Stages { state, context: &context, variables: &variables };
    let steps = [
        ("input", "afterInputPath", "InputPath"),
        ("afterInputPath", "afterParameters", "Parameters"),
        ("result", "afterResultSelector", "ResultSelector"),
    ];
    for (before, after, field) in steps {
        let (Some(before), Some(expected)) = (stage(before), stage(after)) else { continue };
        let actual = match field {
            "InputPath" => stages.path(field, &before),
            _ => stages.template(field, &before),
        };
        tally.compare(id, after, actual, &expected);
    }
    if let (Some(input), Some(result), Some(expected)) =
        (stage("input"), stage("afterResultSelector"), stage("afterResultPath"))
    {
        tally.compare(id, "afterResultPath", stages.result_path(&input, result), &expected);
    }
    if let (Some(before), "SUCCEEDED") =
        (stage("afterResultPath"), case["response"]["status"].as_str().unwrap_or(""))
    {
        let expected = parsed(&case["response"]["output"]);
        tally.compare(id, "output", stages.path("OutputPath", &before), &expected);
    }
    let (status, cause) = (&case["response"]["status"], case["response"]["cause"].as_str().unwrap_or(""));
    let decides = state["Type"] == "Task" || state["Type"] == "Pass";
    if *status == "FAILED" && case["response"]["error"] == "States.Runtime" && decides {
        let fault = stages.task_input(&stage("input").unwrap_or_default()).err();
        let found = fault.map(|it| it.cause).unwrap_or_default();
        tally.add(id, "cause", matches_text(cause, &found), || format!("recorded {cause}\n   found {found}"));
    }
}

/// The data flow of one JSONPath state, in the order of AWS's TestState stages.
struct Stages<'c> {
    state: &'c Value,
    context: &'c Value,
    variables: &'c Map<String, Value>,
}

impl Stages<'_> {
    fn scope<'s>(&'s self, input: &'s Value) -> Scope<'s> {
        Scope { input, context: self.context, variables: self.variables }
    }

    /// `InputPath` and `OutputPath`: absent is everything, null is nothing.
    fn path(&self, field: &str, data: &Value) -> Result<Value, ExprError> {
        match self.state.get(field) {
            None => Ok(data.clone()),
            Some(Value::String(text)) => parse_path(text).query(&self.scope(data)),
            Some(_) => Ok(json!({})),
        }
    }

    fn template(&self, field: &str, data: &Value) -> Result<Value, ExprError> {
        match self.state.get(field) {
            None => Ok(data.clone()),
            Some(template) => expr::evaluate(template, &self.scope(data), &mut Zeroes),
        }
    }

    fn result_path(&self, raw: &Value, result: Value) -> Result<Value, ExprError> {
        match self.state.get("ResultPath") {
            None => Ok(result),
            Some(Value::String(text)) => reference::put(raw, &parse_path(text), result),
            Some(_) => Ok(raw.clone()),
        }
    }

    fn pass_result(&self, raw: &Value) -> Result<Value, ExprError> {
        let input = self.template("Parameters", &self.path("InputPath", raw)?)?;
        Ok(self.state.get("Result").cloned().unwrap_or(input))
    }

    fn pass(&self, raw: &Value) -> Result<Value, ExprError> {
        self.path("OutputPath", &self.result_path(raw, self.pass_result(raw)?)?)
    }

    fn pass_assign(&self, raw: &Value) -> Result<Value, ExprError> {
        self.template("Assign", &self.pass_result(raw)?)
    }

    fn through(&self, raw: &Value) -> Result<Value, ExprError> {
        self.path("OutputPath", &self.path("InputPath", raw)?)
    }

    fn task_input(&self, raw: &Value) -> Result<Value, ExprError> {
        self.template("Parameters", &self.path("InputPath", raw)?)
    }

    fn task_limits(&self, raw: &Value) -> Result<(), ExprError> {
        for field in ["TimeoutSecondsPath", "HeartbeatSecondsPath"] {
            self.path(field, raw)?;
        }
        Ok(())
    }

    fn task_output(&self, raw: &Value, result: Value) -> Result<Value, ExprError> {
        let result = self.template("ResultSelector", &result)?;
        self.path("OutputPath", &self.result_path(raw, result)?)
    }

    fn fail(&self, raw: &Value) -> Result<Value, ExprError> {
        let text = |literal: &str, path: &str| match self.state.get(path).and_then(Value::as_str) {
            Some(text) => parse_expression(text).evaluate(&self.scope(raw), &mut Zeroes, path),
            None => Ok(self.state.get(literal).cloned().unwrap_or_else(|| json!(""))),
        };
        Ok(json!({"Error": text("Error", "ErrorPath")?, "Cause": text("Cause", "CausePath")?}))
    }
}

fn parse_path(text: &str) -> Path {
    Path::parse(text).unwrap_or_else(|it| panic!("{text}: {it}"))
}

fn parse_expression(text: &str) -> Expression {
    Expression::parse(text).unwrap_or_else(|it| panic!("{text}: {it}"))
}

struct Zeroes;

impl RandomSource for Zeroes {
    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// The context object, with names where the recordings have placeholders.
fn context(case: &Value, state_name: &str, state: &Value) -> Value {
    let machine = "arn:aws:states:us-east-1:111111111111:stateMachine:M";
    let execution = "arn:aws:states:us-east-1:111111111111:execution:M:E";
    let mut context = json!({
        "Execution": {
            "Id": execution, "Input": case["input"], "Name": "E", "RoleArn": "snf_role_arn",
            "StartTime": "date", "RedriveCount": 0,
        },
        "StateMachine": {"Id": machine, "Name": "M"},
        "State": {"Name": state_name, "EnteredTime": "date"},
    });
    if ["Task", "Map", "Parallel"].iter().any(|it| state["Type"] == *it) {
        context["State"]["RetryCount"] = json!(0);
    }
    if state["Resource"].as_str().is_some_and(|it| it.ends_with(".waitForTaskToken")) {
        context["Task"] = json!({"Token": "token"});
    }
    context
}

/// Every state of a machine with its name, nested ones included.
fn collect_states<'d>(machine: &'d Value, found: &mut Vec<(&'d str, &'d Value)>) {
    for (name, state) in machine["States"].as_object().into_iter().flatten() {
        found.push((name, state));
        for branch in state["Branches"].as_array().into_iter().flatten() {
            collect_states(branch, found);
        }
        collect_states(&state["ItemProcessor"], found);
        collect_states(&state["Iterator"], found);
    }
}

fn details(event: &Value) -> &Value {
    let members = event.as_object().into_iter().flatten();
    members.into_iter().find(|(key, _)| key.ends_with("Details")).map_or(&Value::Null, |it| it.1)
}

fn state_name(event: &Value) -> Option<&str> {
    details(event)["name"].as_str().filter(|_| {
        let kind = event["type"].as_str().unwrap_or_default();
        kind.ends_with("StateEntered") || kind.ends_with("StateExited")
    })
}

/// The recordings keep objects as objects and everything else as JSON text.
fn parsed(recorded: &Value) -> Value {
    match recorded {
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| recorded.clone()),
        other => other.clone(),
    }
}

/// Equal up to the recordings' placeholders.
fn matches(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| matches(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| matches(a, b)))
        }
        (Value::String(a), Value::String(b)) => matches_text(a, b),
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        // `RandomNumberGenerated` stands for a number.
        (Value::String(a), Value::Number(_)) => a == "RandomNumberGenerated",
        (a, b) => a == b,
    }
}

/// Texts that stand for whatever AWS made up.
const PLACEHOLDERS: &[&str] =
    &["date", "start-time", "entered-time", "generated-uuid", "task_token", "<omitted>"];

fn matches_text(expected: &str, actual: &str) -> bool {
    if PLACEHOLDERS.contains(&expected) {
        return true;
    }
    // `<…>` inside a text matches anything.
    let mut pieces = Vec::new();
    let mut rest = expected;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((inside, after)) = after.split_once('>') else { break };
        if inside.is_empty() || inside.contains(' ') {
            return expected == actual;
        }
        pieces.push(before);
        rest = after;
    }
    if pieces.is_empty() {
        return expected == actual;
    }
    let Some(mut tail) = actual.strip_prefix(pieces[0]) else { return false };
    for piece in &pieces[1..] {
        let Some(at) = tail.find(piece) else { return false };
        tail = &tail[at + piece.len()..];
    }
    tail.ends_with(rest)
}

#[derive(Default)]
struct Tally {
    n_equal: usize,
    ids: BTreeSet<String>,
    different: Vec<(String, String)>,
    skipped: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn skip(&mut self, reason: &'static str) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    fn add(&mut self, id: &str, subject: &str, agrees: bool, explain: impl FnOnce() -> String) {
        self.ids.insert(id.to_string());
        match agrees {
            true => self.n_equal += 1,
            false => self.different.push((id.to_string(), format!("{id}\n   {subject}: {}", explain()))),
        }
    }

    fn compare(&mut self, id: &str, subject: &str, actual: Result<Value, ExprError>, expected: &Value) {
        let agrees = actual.as_ref().is_ok_and(|it| matches(expected, it));
        self.add(id, subject, agrees, || format!("recorded {expected}\n   found {actual:?}"));
    }

    /// Prints the counts; fails on a difference that is not listed, and when less was compared
    /// than the corpus holds, so that a broken reader does not pass.
    fn report(&self, what: &str, n_at_least: usize) {
        let n_checked = self.n_equal + self.different.len();
        println!("{what}: {n_checked} checked, {} equal", self.n_equal);
        for (reason, n) in &self.skipped {
            println!("   {n} skipped: {reason}");
        }
        let known = |id: &str| KNOWN_DIFFERENCES.iter().find(|it| id.contains(it.0));
        for (_, reason) in self.different.iter().filter_map(|it| known(&it.0)) {
            println!("   known difference: {reason}");
        }
        for (part, _) in KNOWN_DIFFERENCES {
            let differs = self.different.iter().any(|it| it.0.contains(part));
            assert!(differs || !self.ids.iter().any(|it| it.contains(part)), "{part} agrees by now");
        }
        let unknown: Vec<_> =
            self.different.iter().filter(|it| known(&it.0).is_none()).map(|it| it.1.as_str()).collect();
        assert!(unknown.is_empty(), "{} differ:\n{}", unknown.len(), unknown.join("\n"));
        assert!(n_at_least <= n_checked, "only {n_checked} were checked");
    }
}

fn corpus() -> PathBuf {
    match std::env::var_os("STEPGLASS_CORPUS") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
    }
}

fn read_lines(file: &str) -> Option<Vec<Value>> {
    let path = corpus().join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("SKIPPED: there is no corpus at {}", path.display());
        return None;
    };
    Some(text.lines().filter_map(|it| serde_json::from_str(it).ok()).collect())
}
