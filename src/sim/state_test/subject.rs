//! The state out of its definition, which is the state itself or the state machine around it. As
//! in AWS, the state stands alone while it is tested and is called `StateName`.

use serde_json::{Value, json};

use crate::asl::{Diagnostic, Document, Severity};
use crate::json;
use crate::sim::program::{Program, StateDef, StateIdx};
use crate::sim::state_test::TestRefusal;
use crate::sim::state_test::request::StateTest;

/// A state ready to be tested.
pub(super) struct Subject {
    /// The machine that has this state only.
    pub definition: Value,
    pub program: Program,
}

/// How AWS calls a state that is tested.
pub(super) const STATE_NAME: &str = "StateName";

/// Rules that say something about a whole machine; a state that stands alone may break them.
const RULES_OF_MACHINES: &[&str] = &["unknown-target", "unreachable-state", "no-terminal-state"];

pub(super) fn subject(test: &StateTest) -> Result<Subject, TestRefusal> {
    let definition = match &test.state_name {
        None => single(&test.definition)?,
        Some(name) => out_of_machine(&test.definition, name)?,
    };
    let program = Program::from_value(&definition, 0);
    Ok(Subject { definition, program })
}

impl Subject {
    /// The state. A machine made here always has its state; the alternative is never seen.
    pub fn state(&self) -> Result<&StateDef, TestRefusal> {
        self.program.state(StateIdx(0)).ok_or_else(|| TestRefusal::definition("There is no state"))
    }
}

fn single(text: &str) -> Result<Value, TestRefusal> {
    let alone = Document::new(text, 0);
    if !alone.is_intact() {
        return Err(first_fault(&alone, &[]));
    }
    let wrapped = format!(r#"{{"StartAt":"{STATE_NAME}","States":{{"{STATE_NAME}":{text}}}}}"#);
    let document = Document::new(wrapped, 0);
    check(&document, RULES_OF_MACHINES)?;
    Ok(json::value(&document.tree, document.tree.root()))
}

fn out_of_machine(text: &str, name: &str) -> Result<Value, TestRefusal> {
    let document = Document::new(text, 0);
    let machine = json::value(&document.tree, document.tree.root());
    let found = find(&machine, name).cloned();
    let Some(state) = found else {
        if !document.is_intact() {
            return Err(first_fault(&document, &[]));
        }
        return Err(TestRefusal::validation("State not found in definition"));
    };
    check(&document, &[])?;
    let mut alone = json!({ "StartAt": STATE_NAME, "States": { STATE_NAME: state } });
    if let (Some(language), Value::Object(members)) = (machine.get("QueryLanguage"), &mut alone) {
        members.insert("QueryLanguage".to_string(), language.clone());
    }
    Ok(alone)
}

/// The state with this name in any scope; names are unique in a machine.
fn find<'v>(machine: &'v Value, name: &str) -> Option<&'v Value> {
    let mut scopes = vec![machine];
    while let Some(scope) = scopes.pop() {
        let Some(states) = scope.get("States").and_then(Value::as_object) else { continue };
        if let Some(state) = states.get(name) {
            return Some(state);
        }
        for state in states.values() {
            scopes.extend(["ItemProcessor", "Iterator"].iter().filter_map(|it| state.get(it)));
            scopes.extend(state.get("Branches").and_then(Value::as_array).into_iter().flatten());
        }
    }
    None
}

fn check(document: &Document, but: &[&str]) -> Result<(), TestRefusal> {
    match faults(document, but).next() {
        None => Ok(()),
        Some(_) => Err(first_fault(document, but)),
    }
}

fn faults<'d>(document: &'d Document, but: &[&str]) -> impl Iterator<Item = &'d Diagnostic> {
    let but: Vec<String> = but.iter().map(|it| it.to_string()).collect();
    let errors = document.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    errors.filter(move |it| !(but.iter().any(|rule| rule == it.rule) && is_about_outer_scope(it)))
}

/// Whether a fault is one of the scope in which the state stands, not of one inside of the state.
fn is_about_outer_scope(fault: &Diagnostic) -> bool {
    let start = format!("/States/{STATE_NAME}/");
    let inside = fault.location.as_deref().and_then(|it| it.strip_prefix(&start));
    inside.is_none_or(|it| !["ItemProcessor", "Iterator", "Branches"].iter().any(|slot| it.starts_with(slot)))
}

/// AWS names the first fault only.
fn first_fault(document: &Document, but: &[&str]) -> TestRefusal {
    let Some(fault) = faults(document, but).next() else {
        return TestRefusal::definition("Invalid State Machine Definition");
    };
    let place = fault.location.as_ref().map(|it| format!(" at {it}")).unwrap_or_default();
    let (code, message) = (fault.code, &fault.message);
    TestRefusal::definition(format!("Invalid State Machine Definition: '{code}: {message}{place}'"))
}
