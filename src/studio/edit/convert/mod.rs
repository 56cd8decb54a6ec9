//! From JSONPath to JSONata: one state, or the whole machine.
//!
//! A state converts as a whole or not at all. The machine gets `"QueryLanguage": "JSONata"` when
//! every state converts; otherwise those that do get it for themselves, because a state may not
//! say JSONPath where the machine says JSONata, and the sentence names the first that stays.
//!
//! One thing changes with the language and cannot be kept: data that a path does not find fails
//! with `States.Runtime`, which nothing catches, and in JSONata with `States.QueryEvaluationError`,
//! which a Catch or Retry of all errors takes. The comparison of runs says where that happens.

mod state;
mod choice;

use serde_json::Value;

use crate::asl::{Document, QueryLanguage, State, StateKind, StatePath};
use crate::json::value;
use crate::studio::command::Refusal;
use crate::studio::edit::convert::state::{Change, changes};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::scene::Scene;
use crate::studio::edit::{Plan, SelectAfter, refuse};

const LANGUAGE: &str = "QueryLanguage";

/// Why a state stays in JSONPath.
pub(super) struct Stays {
    pub field: String,
    pub reason: String,
}

/// Converts one state, or all there are.
pub(super) fn convert(scene: &Scene, state: Option<&StatePath>) -> Result<Plan, Refusal> {
    match state {
        Some(path) => one(scene, path),
        None => all(scene),
    }
}

fn one(scene: &Scene, path: &StatePath) -> Result<Plan, Refusal> {
    let (_, state) = scene.intact(path)?;
    if state.language == QueryLanguage::Jsonata {
        return refuse(format!("“{}” is in JSONata already", state.name));
    }
    let changes = changes_of(scene, state)?;
    let mut draft = Draft::new(scene.tree);
    apply(scene, &mut draft, state, &changes, true);
    plan(draft, format!("Converted “{}” to JSONata", state.name))
}

fn all(scene: &Scene) -> Result<Plan, Refusal> {
    let states: Vec<&State> =
        scene.machine.states.iter().filter(|it| it.language == QueryLanguage::JsonPath).collect();
    if states.is_empty() {
        return refuse("Every state is in JSONata already");
    }
    if let Some(deep) = scene.machine.too_deep.and_then(|it| scene.machine.state(it)) {
        return refuse(format!("The inside of “{}” lies too deep to be read", deep.name));
    }
    let mut draft = Draft::new(scene.tree);
    let mut converted = Vec::new();
    let mut refusals = Vec::new();
    for state in &states {
        match scene.whole(state).and_then(|()| changes_of(scene, state)) {
            Ok(changes) => converted.push((*state, changes)),
            Err(refusal) => refusals.push(refusal),
        }
    }
    let (n_states, n_converted) = (states.len(), converted.len());
    let whole = refusals.is_empty();
    for (state, changes) in &converted {
        apply(scene, &mut draft, state, changes, !whole);
    }
    let Some(root) = scene.machine.scopes.first().map(|it| it.node) else {
        return refuse("There is no machine");
    };
    match (refusals.into_iter().next(), n_converted) {
        (Some(first), 0) => Err(first),
        (Some(first), _) => {
            plan(draft, format!("Converted {n_converted} of {n_states} states to JSONata. {}", first.0))
        }
        (None, _) => {
            let jsonata = Value::from("JSONata");
            draft.object(root, |it| it.insert_before(Some("StartAt"), LANGUAGE, &jsonata));
            plan(draft, "Converted the state machine to JSONata".to_string())
        }
    }
}

/// The states that would stay in JSONPath, each with the sentence that says which field of it has
/// no faithful translation, and why.
pub(crate) fn conversion_refusals(document: &Document) -> Vec<(StatePath, String)> {
    let scene = Scene::new(document);
    let states = document.machine.states.iter().filter(|it| it.language == QueryLanguage::JsonPath);
    let refused = states.filter_map(|state| {
        let refusal = scene.whole(state).and_then(|()| changes_of(&scene, state)).err()?;
        Some((state.path.clone(), refusal.0))
    });
    refused.collect()
}

fn changes_of(scene: &Scene, state: &State) -> Result<Vec<Change>, Refusal> {
    let name = &state.name;
    let Value::Object(mut members) = value(scene.tree, state.node) else {
        return refuse(format!("“{name}” stays in JSONPath: it is not an object"));
    };
    let mut inner = None;
    for field in ["ItemProcessor", "Iterator", "Branches"] {
        // What is inside are states of their own.
        inner = inner.or(members.shift_remove(field));
    }
    if matches!(state.kind, StateKind::Unknown { .. }) {
        return refuse(format!("“{name}” stays in JSONPath: its Type is not known"));
    }
    changes(&state.kind, &members).map_err(|Stays { field, reason }| {
        Refusal(format!("“{name}” stays in JSONPath, because in its {field} {reason}"))
    })
}

fn apply<'d>(scene: &Scene<'d>, draft: &mut Draft<'d>, state: &State, changes: &[Change], says_so: bool) {
    let has = |field: &str| scene.tree.get(state.node, field).is_some();
    draft.object(state.node, |mut edit| {
        for change in changes {
            edit = match change {
                Change::Rename(old, new) => edit.rename(old, new),
                Change::Remove(field) => edit.remove(field),
                Change::Set(field, value) => {
                    let last = ["Next", "End"].into_iter().find(|it| has(it));
                    edit.insert_before(last, field, value)
                }
            };
        }
        match (says_so, has(LANGUAGE)) {
            (true, _) => edit.insert_after(Some("Type"), LANGUAGE, &Value::from("JSONata")),
            (false, true) => edit.remove(LANGUAGE),
            (false, false) => edit,
        }
    });
}

fn plan(draft: Draft, said: String) -> Result<Plan, Refusal> {
    let preview = said.replacen("Converted", "Convert", 1);
    Ok(Plan {
        edit: draft.finish()?,
        label: "Convert to JSONata".to_owned(),
        said,
        preview,
        select: SelectAfter::Same,
        ..Plan::default()
    })
}
