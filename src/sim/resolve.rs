//! Walks a definition and resolves it: names within their own scope, defaults filled in, every
//! fault kept with the state it belongs to. Never recurses, so nesting costs no stack.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::asl::resource::Resource;
use crate::asl::{EdgeKey, QueryLanguage, ScopePath, StatePath, StateType};
use crate::expr::{MAX_DEPTH, depth_within};
use crate::sim::code::Code;
use crate::sim::program::{
    Catcher, FieldDef, Kind, Program, Retrier, ScopeDef, ScopeIdx, StateDef, StateIdx, To, Transition, mark,
};
use crate::sim::states::choice::{Operand, Rule, Test, compile};

/// A scope whose place in the program is known but whose states are not yet read.
struct Pending<'v> {
    idx: ScopeIdx,
    path: ScopePath,
    value: &'v Value,
}

/// Reads a whole definition.
pub(crate) fn resolve(definition: &Value) -> Program {
    let mut program = Program {
        timeout_secs: definition.get("TimeoutSeconds").and_then(Value::as_u64),
        ..Program::default()
    };
    let machine_language = language_of(definition).unwrap_or_default();
    let mut pending = VecDeque::new();
    open_scope(&mut program, &mut pending, ScopePath::default(), definition);
    while let Some(scope) = pending.pop_front() {
        read_scope(&mut program, &mut pending, &scope, machine_language);
    }
    program
}

/// Reserves the place of a scope; its states follow later.
fn open_scope<'v>(
    program: &mut Program,
    pending: &mut VecDeque<Pending<'v>>,
    path: ScopePath,
    value: &'v Value,
) -> ScopeIdx {
    let idx = ScopeIdx(program.scopes.len());
    let edge = EdgeKey::new(format!("{path}/StartAt"));
    let start = Transition { edge, to: To::Nowhere("StartAt is missing".to_string()) };
    program.scopes.push(ScopeDef { path: path.clone(), start });
    pending.push_back(Pending { idx, path, value });
    idx
}

fn read_scope<'v>(
    program: &mut Program,
    pending: &mut VecDeque<Pending<'v>>,
    scope: &Pending<'v>,
    machine_language: QueryLanguage,
) {
    let states = members(scope.value.get("States"));
    let first = program.states.len();
    let names: IndexMap<&str, StateIdx> =
        states.keys().enumerate().map(|(idx, name)| (name.as_str(), StateIdx(first + idx))).collect();
    if let Some(name) = scope.value.get("StartAt").and_then(Value::as_str)
        && let Some(def) = program.scopes.get_mut(scope.idx.0)
    {
        def.start.to = target(&names, name);
    }
    for (name, value) in states {
        // The place is taken before inner scopes are opened, which only queue up.
        let state = read_state(program, pending, scope, &names, machine_language, name, value);
        program.states.push(state);
    }
}

fn read_state<'v>(
    program: &mut Program,
    pending: &mut VecDeque<Pending<'v>>,
    scope: &Pending<'v>,
    names: &IndexMap<&str, StateIdx>,
    machine_language: QueryLanguage,
    name: &str,
    value: &'v Value,
) -> StateDef {
    let path = scope.path.state(name);
    let members = members(Some(value));
    let type_text = members.get("Type").and_then(Value::as_str);
    let (kind, mut fault) = match type_text.and_then(StateType::parse) {
        Some(StateType::Task) => task(name, members),
        Some(StateType::Pass) => (Kind::Pass, None),
        Some(StateType::Wait) => (Kind::Wait, None),
        Some(StateType::Succeed) => (Kind::Succeed, None),
        Some(StateType::Fail) => (Kind::Fail, None),
        Some(StateType::Choice) => choice(names, &path, name, members),
        Some(StateType::Parallel) => {
            let branches = list(members.get("Branches"));
            let fault = branches.is_empty().then(|| format!("State “{name}” has no Branches"));
            let branches = branches.iter().enumerate().map(|(idx, branch)| {
                open_scope(program, pending, ScopePath::new(format!("{path}/Branches/{idx}")), branch)
            });
            (Kind::Parallel { branches: branches.collect() }, fault)
        }
        Some(StateType::Map) => {
            let slot = if members.contains_key("ItemProcessor") { "ItemProcessor" } else { "Iterator" };
            let body = members.get(slot).unwrap_or(&Value::Null);
            let fault = body.is_null().then(|| format!("State “{name}” has no ItemProcessor"));
            let processor = open_scope(program, pending, ScopePath::new(format!("{path}/{slot}")), body);
            (Kind::Map { processor }, fault)
        }
        None => {
            let fault = match type_text {
                Some(text) => format!("State “{name}” has the unknown Type “{text}”"),
                None => format!("State “{name}” has no Type"),
            };
            (Kind::Pass, Some(fault))
        }
    };
    let mut fields = Vec::new();
    let mut put = |field: &str, value: &Value| {
        let pointer = Arc::from(format!("{path}/{field}"));
        fields.push(FieldDef { name: field.to_string(), pointer, written: Arc::new(value.clone()) });
    };
    for (field, value) in members {
        if matches!(field.as_str(), "Branches" | "ItemProcessor" | "Iterator" | "Choices" | "Comment") {
            continue;
        }
        if depth_within(value, MAX_DEPTH) {
            put(field, value);
        } else {
            fault = Some(format!("{field} of state “{name}” is nested deeper than {MAX_DEPTH} levels"));
        }
    }
    if let Some(config) =
        ["ItemProcessor", "Iterator"].iter().find_map(|it| members.get(*it)?.get("ProcessorConfig"))
    {
        put("ProcessorConfig", config);
    }
    let catch = catchers(names, &path, members);
    let language = language_of(value).unwrap_or(machine_language);
    let code = match language {
        QueryLanguage::JsonPath => code(&kind, &fields, &catch),
        QueryLanguage::Jsonata => jsonata_code(&kind, &fields, &catch),
    };
    StateDef {
        name: Arc::from(name),
        language,
        next: way_out(names, &path, name, &kind, members),
        retry: list(members.get("Retry")).iter().map(retrier).collect(),
        catch,
        code,
        reads_context: mentions_context(members),
        kind,
        path,
        marks: fields.iter().fold(0, |marks, it| marks | mark(&it.name)),
        fields,
        fault,
    }
}

/// Reads the paths and templates of a state. What a field holds is seen from its value: a text that
/// begins with `$` may be a path, anything with members a template.
fn code(kind: &Kind, fields: &[FieldDef], catch: &[Catcher]) -> Code {
    let mut code = Code::default();
    let written = fields.iter().map(|it| &it.written);
    let of_catch = catch.iter().flat_map(|it| [&it.result_path, &it.assign]).flatten();
    let of_rules = match kind {
        Kind::Choice { rules, .. } => rules.as_slice(),
        _ => &[],
    };
    for written in written.chain(of_catch).chain(of_rules.iter().filter_map(|it| it.assign.as_ref())) {
        match written.as_ref() {
            Value::String(text) if text.starts_with('$') => code.add_path(text),
            Value::Object(_) | Value::Array(_) => code.add_template(written),
            _ => {}
        }
    }
    let mut tests: Vec<&Test> = of_rules.iter().map(|it| &it.test).collect();
    while let Some(test) = tests.pop() {
        match test {
            Test::All(inner) | Test::Any(inner) => tests.extend(inner),
            Test::Not(inner) => tests.push(inner),
            Test::Data { variable, operand, .. } => {
                code.add_path(variable);
                if let Operand::Path { path, .. } = operand {
                    code.add_path(path);
                }
            }
            Test::Condition(_) | Test::Broken(_) => {}
        }
    }
    code
}

/// Reads the expressions of a JSONata state.
fn jsonata_code(kind: &Kind, fields: &[FieldDef], catch: &[Catcher]) -> Code {
    let of_catch = catch.iter().flat_map(|it| [&it.output, &it.assign]).flatten();
    let rules = match kind {
        Kind::Choice { rules, .. } => rules.as_slice(),
        _ => &[],
    };
    let of_rules = rules.iter().flat_map(|it| [it.test.condition(), it.assign.as_ref(), it.output.as_ref()]);
    let mut code = Code::default();
    for written in fields.iter().map(|it| &it.written).chain(of_catch).chain(of_rules.flatten()) {
        if matches!(written.as_ref(), Value::String(_) | Value::Object(_) | Value::Array(_)) {
            code.add_payload(written);
        }
    }
    code
}

fn task(name: &str, members: &Map<String, Value>) -> (Kind, Option<String>) {
    let resource = members.get("Resource").and_then(Value::as_str);
    let fault = resource.is_none().then(|| format!("State “{name}” has no Resource"));
    (Kind::Task(Resource::parse(resource.unwrap_or_default())), fault)
}

fn choice(
    names: &IndexMap<&str, StateIdx>,
    path: &StatePath,
    name: &str,
    members: &Map<String, Value>,
) -> (Kind, Option<String>) {
    let default = members.get("Default").map(|it| transition(names, format!("{path}/Default"), Some(it)));
    let rules = list(members.get("Choices"));
    if rules.is_empty() {
        return (
            Kind::Choice { rules: Vec::new(), default },
            Some(format!("State “{name}” has no rules in Choices")),
        );
    }
    if !rules.iter().all(|it| depth_within(it, MAX_DEPTH)) {
        let fault = format!("Choices of state “{name}” is nested deeper than {MAX_DEPTH} levels");
        return (Kind::Choice { rules: Vec::new(), default }, Some(fault));
    }
    let rules = rules.iter().enumerate().map(|(idx, rule)| Rule {
        next: transition(names, format!("{path}/Choices/{idx}/Next"), rule.get("Next")),
        test: compile(rule),
        assign: rule.get("Assign").map(|it| Arc::new(it.clone())),
        output: rule.get("Output").map(|it| Arc::new(it.clone())),
        text: Arc::new(rule.clone()),
        pointer: Arc::from(format!("{path}/Choices/{idx}")),
    });
    (Kind::Choice { rules: rules.collect(), default }, None)
}

fn way_out(
    names: &IndexMap<&str, StateIdx>,
    path: &StatePath,
    name: &str,
    kind: &Kind,
    members: &Map<String, Value>,
) -> Transition {
    let end = |field: &str| Transition { edge: EdgeKey::new(format!("{path}/{field}")), to: To::End };
    match (kind, members.get("Next")) {
        (Kind::Succeed | Kind::Fail, _) => end("Type"),
        (_, Some(next)) => transition(names, format!("{path}/Next"), Some(next)),
        (_, None) if members.get("End") == Some(&Value::Bool(true)) => end("End"),
        (_, None) => Transition {
            edge: EdgeKey::new(format!("{path}/Next")),
            to: To::Nowhere(format!("State “{name}” says neither Next nor End")),
        },
    }
}

fn catchers(
    names: &IndexMap<&str, StateIdx>,
    path: &StatePath,
    members: &Map<String, Value>,
) -> Vec<Catcher> {
    let catchers =
        list(members.get("Catch")).iter().enumerate().filter(|(_, it)| depth_within(it, MAX_DEPTH));
    let catchers = catchers.map(|(idx, it)| Catcher {
        error_equals: strings(it.get("ErrorEquals")),
        next: transition(names, format!("{path}/Catch/{idx}/Next"), it.get("Next")),
        result_path: it.get("ResultPath").map(|it| Arc::new(it.clone())),
        output: it.get("Output").map(|it| Arc::new(it.clone())),
        assign: it.get("Assign").map(|it| Arc::new(it.clone())),
    });
    catchers.collect()
}

/// The items of an array; none for anything else.
fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The members of an object; none for anything else.
fn members(value: Option<&Value>) -> &Map<String, Value> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.and_then(Value::as_object).unwrap_or(&NONE)
}

fn language_of(value: &Value) -> Option<QueryLanguage> {
    match value.get("QueryLanguage").and_then(Value::as_str)? {
        "JSONata" => Some(QueryLanguage::Jsonata),
        "JSONPath" => Some(QueryLanguage::JsonPath),
        _ => None,
    }
}

fn target(names: &IndexMap<&str, StateIdx>, name: &str) -> To {
    match names.get(name) {
        Some(idx) => To::State(*idx),
        None => To::Nowhere(format!("There is no state “{name}” here")),
    }
}

fn transition(names: &IndexMap<&str, StateIdx>, edge: String, next: Option<&Value>) -> Transition {
    let to = match next.and_then(Value::as_str) {
        Some(name) => target(names, name),
        None => To::Nowhere("Next is missing".to_string()),
    };
    Transition { edge: EdgeKey::new(edge), to }
}

fn retrier(value: &Value) -> Retrier {
    let number =
        |field: &str| value.get(field).and_then(Value::as_f64).filter(|it| it.is_finite() && 0.0 <= *it);
    Retrier {
        error_equals: strings(value.get("ErrorEquals")),
        interval_secs: number("IntervalSeconds").unwrap_or(1.0),
        max_attempts: value.get("MaxAttempts").and_then(Value::as_u64).unwrap_or(3),
        backoff_rate: number("BackoffRate").unwrap_or(2.0),
        max_delay_secs: number("MaxDelaySeconds"),
        full_jitter: value.get("JitterStrategy").and_then(Value::as_str) == Some("FULL"),
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_string).collect()
}

/// Whether any text of the state's own fields may read the context object: as `$$`, or in JSONata
/// as a member of `$states`, which may be handed on as a whole.
fn mentions_context(members: &Map<String, Value>) -> bool {
    let own = members
        .iter()
        .filter(|(field, _)| !matches!(field.as_str(), "Branches" | "ItemProcessor" | "Iterator"));
    let mut pending: Vec<&Value> = own.map(|(_, value)| value).collect();
    while let Some(value) = pending.pop() {
        match value {
            Value::String(text) if text.contains("$$") || reads_states_context(text) => return true,
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => pending.extend(members.values()),
            _ => {}
        }
    }
    false
}

fn reads_states_context(text: &str) -> bool {
    const OTHERS: &[&str] = &[".input", ".result", ".errorOutput"];
    text.starts_with("{%")
        && text.split("$states").skip(1).any(|rest| !OTHERS.iter().any(|it| rest.starts_with(it)))
}
