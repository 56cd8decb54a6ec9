//! New states: on a connection, after a state, into a scope; and new branches.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::asl::{EdgeKey, QueryLanguage, Scope, ScopePath, StateKind, StatePath, StateType};
use crate::json::{NodeKind, insert_element};
use crate::studio::command::{ConnectTo, Refusal, Template};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::scene::{Edge, Exit, Kind, Scene};
use crate::studio::edit::{Plan, SelectAfter, refuse};
use crate::studio::palette::{Block, block as row_of};
use crate::studio::words::count;

/// Puts a new state on a connection: one new member, one changed reference.
pub(super) fn on_edge(scene: &Scene, key: &EdgeKey, template: &Template) -> Result<Plan, Refusal> {
    let edge = scene.edge(key)?;
    let row = row_of(template)?;
    let source = edge.source.and_then(|it| scene.machine.state(it));
    if let (Kind::Terminal, Some(source)) = (edge.kind, source) {
        return refuse(format!("“{}” has no next state, so nothing can follow it", source.name));
    }
    if is_terminal(row.state_type) && edge.kind != Kind::End {
        return refuse(format!(
            "{} has no next state, so it cannot stand between two states",
            row.state_type.as_str()
        ));
    }
    let exit = edge.target.map_or(Exit::Ends, |it| Exit::To(it.name.clone()));
    let after = source.map(|it| it.name.as_str());
    let new = NewState::new(scene, row, &exit);
    let scope =
        scene.machine.scope(edge.scope).ok_or_else(|| Refusal("This scope is not there any more".into()))?;
    let mut draft = Draft::new(scene.tree);
    new.add(scene, &mut draft, scope, Place::After(after))?;
    scene.retarget(&mut draft, &edge, &ConnectTo::State(new.name.clone()))?;
    new.plan(row, scope, draft, &scene.place_words(&edge))
}

/// Puts a new state behind another one; behind a Choice as one more way.
pub(super) fn after(scene: &Scene, path: &StatePath, template: &Template) -> Result<Plan, Refusal> {
    let (id, state) = scene.intact(path)?;
    let row = row_of(template)?;
    let ordinary = |it: &Edge| matches!(it.kind, Kind::Next | Kind::End | Kind::Terminal);
    if let Some(edge) = scene.edges_of(id).into_iter().find(ordinary) {
        return on_edge(scene, &edge.key, template);
    }
    let scope = scene.scope_of(state)?;
    let new = NewState::new(scene, row, &Exit::Ends);
    let mut draft = Draft::new(scene.tree);
    new.add(scene, &mut draft, scope, Place::After(Some(&state.name)))?;
    match &state.kind {
        StateKind::Choice { default, .. } => {
            add_way(scene, &mut draft, path, default.is_none(), &new.name)?;
        }
        StateKind::Unknown { .. } => {
            return refuse(format!("“{}” has no known Type yet; choose one first", state.name));
        }
        _ => scene.set_exit(&mut draft, id, &Exit::To(new.name.clone()))?,
    }
    new.plan(row, scope, draft, &format!("after “{}”", state.name))
}

/// Puts a new state between everything that leads to a state and this one.
pub(super) fn before(scene: &Scene, path: &StatePath, template: &Template) -> Result<Plan, Refusal> {
    let (id, state) = scene.state(path)?;
    let row = row_of(template)?;
    if is_terminal(row.state_type) {
        return refuse(format!(
            "{} has no next state, so it cannot stand before “{}”",
            row.state_type.as_str(),
            state.name
        ));
    }
    let scope = scene.scope_of(state)?;
    if scene.machine.resolve(scope, &state.name) != Some(id) {
        return refuse(format!("Several states are named “{}”; rename one first", state.name));
    }
    let new = NewState::new(scene, row, &Exit::To(state.name.clone()));
    let mut draft = Draft::new(scene.tree);
    new.add(scene, &mut draft, scope, Place::Before(&state.name))?;
    let to = ConnectTo::State(new.name.clone());
    let leads_here = |it: &Edge| it.target.is_some_and(|it| it.name == state.name);
    for edge in scene.edges(state.scope).into_iter().filter(leads_here) {
        scene.retarget(&mut draft, &edge, &to)?;
    }
    if scope.start_at.is_none() {
        set_start(&mut draft, scope, &new.name);
    }
    new.plan(row, scope, draft, &format!("before “{}”", state.name))
}

/// Puts a new state into a Choice: as the target of a new rule.
pub(super) fn to_choice(scene: &Scene, path: &StatePath, template: &Template) -> Result<Plan, Refusal> {
    let (_, state) = scene.intact(path)?;
    let row = row_of(template)?;
    let StateKind::Choice { default, .. } = &state.kind else {
        return refuse(format!("“{}” has no rules; only a Choice has", state.name));
    };
    let exit = default.as_ref().map_or(Exit::Ends, |it| Exit::To(it.name.clone()));
    let scope = scene.scope_of(state)?;
    let new = NewState::new(scene, row, &exit);
    let mut draft = Draft::new(scene.tree);
    new.add(scene, &mut draft, scope, Place::After(Some(&state.name)))?;
    add_way(scene, &mut draft, path, false, &new.name)?;
    new.plan(row, scope, draft, &format!("to a new rule of “{}”", state.name))
}

/// Puts a new state into a scope: as its first one, else unconnected.
pub(super) fn to_scope(scene: &Scene, path: &ScopePath, template: &Template) -> Result<Plan, Refusal> {
    let row = row_of(template)?;
    let (_, scope) = scene.scope(path)?;
    let new = NewState::new(scene, row, &Exit::Ends);
    let mut draft = Draft::new(scene.tree);
    let kind = scene.tree.kind(scope.node);
    if kind == NodeKind::Missing && scene.tree.text().trim_start_matches('\u{feff}').trim().is_empty() {
        // An empty text: the whole definition is new.
        let mut definition = json!({ "StartAt": new.name, "States": {} });
        if let Some(states) = definition.get_mut("States").and_then(Value::as_object_mut) {
            states.extend(new.states.clone());
        }
        let text = format!("{definition:#}");
        let whole = crate::text::TextRange::new(0, scene.tree.text().len());
        draft.replace(whole, format!("{text}\n"));
        return new.plan(row, scope, draft, "at the start");
    }
    if kind != NodeKind::Object {
        return refuse("The text is not a definition yet: it needs to be an object with StartAt and States");
    }
    new.add(scene, &mut draft, scope, Place::Last)?;
    let is_first = scope.states.is_empty();
    if is_first {
        set_start(&mut draft, scope, &new.name);
    }
    let place = if is_first {
        "at the start".to_owned()
    } else {
        format!("to {}, not connected yet", scene.scope_word(scope))
    };
    new.plan(row, scope, draft, &place)
}

/// One more branch of a Parallel, with one state in it; or the missing body of a Map.
pub(super) fn branch(scene: &Scene, path: &StatePath) -> Result<Plan, Refusal> {
    let (_, state) = scene.intact(path)?;
    let name = scene.fresh_name("Pass", &mut BTreeSet::new());
    let inner = json!({ "StartAt": name, "States": { name.as_str(): { "Type": "Pass", "End": true } } });
    let mut draft = Draft::new(scene.tree);
    let scope = match &state.kind {
        StateKind::Parallel { .. } => {
            let branches = scene.tree.get(state.node, "Branches");
            let idx = match branches.filter(|it| scene.tree.kind(*it) == NodeKind::Array) {
                Some(array) => {
                    let idx = scene.tree.elements(array).len();
                    draft.add(insert_element(scene.tree, array, idx, &inner));
                    idx
                }
                None => {
                    draft.object(state.node, |it| it.set("Branches", &json!([inner])));
                    0
                }
            };
            ScopePath::new(format!("{path}/Branches/{idx}"))
        }
        StateKind::Map { processor: None, .. } => {
            draft.object(state.node, |it| it.set("ItemProcessor", &inner));
            ScopePath::new(format!("{path}/ItemProcessor"))
        }
        StateKind::Map { .. } => {
            return refuse("A Map does one thing for each item; put a Parallel into it for branches");
        }
        _ => return refuse(format!("“{}” has no branches; only a Parallel has", state.name)),
    };
    Ok(Plan {
        edit: draft.finish()?,
        label: "Add branch".to_owned(),
        said: format!("Added a branch to “{}”", state.name),
        preview: format!("Add a branch to “{}”", state.name),
        select: SelectAfter::State(scope.state(&name)),
        ..Plan::default()
    })
}

/// One more way out of a Choice: its Default if there is none, else a new rule.
pub(super) fn add_way<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    choice: &StatePath,
    as_default: bool,
    target: &str,
) -> Result<(), Refusal> {
    let (_, state) = scene.intact(choice)?;
    if as_default {
        draft.object(state.node, |it| it.set("Default", &Value::from(target)));
        return Ok(());
    }
    let rule = match state.language {
        QueryLanguage::JsonPath => json!({ "Variable": "$.value", "IsPresent": true, "Next": target }),
        QueryLanguage::Jsonata => {
            json!({ "Condition": "{% $exists($states.input.value) %}", "Next": target })
        }
    };
    match scene.tree.get(state.node, "Choices").filter(|it| scene.tree.kind(*it) == NodeKind::Array) {
        Some(array) => {
            let idx = scene.tree.elements(array).len();
            draft.add(insert_element(scene.tree, array, idx, &rule));
        }
        None => {
            draft.object(state.node, |it| it.set("Choices", &json!([rule])));
        }
    }
    Ok(())
}

/// Lets a scope start at a state.
pub(super) fn set_start(draft: &mut Draft, scope: &Scope, name: &str) {
    let value = Value::from(name);
    match &scope.start_at {
        Some(target) => draft.replace(target.range, crate::json::quote(name)),
        None => draft.object(scope.node, |it| it.insert_before(Some("States"), "StartAt", &value)),
    };
}

/// Where a new member goes among the states of its scope.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    /// Right after this state; in front of all for `None`.
    After(Option<&'p str>),
    Before(&'p str),
    Last,
}

/// A new state, or several that belong together, the way in first.
struct NewState {
    name: String,
    states: Map<String, Value>,
    /// Why there are none.
    refusal: Option<Refusal>,
}

impl NewState {
    fn new(scene: &Scene, row: Block, exit: &Exit) -> NewState {
        let mut taken = BTreeSet::new();
        let next = match exit {
            Exit::To(target) => Some(target.as_str()),
            _ => None,
        };
        let mut fresh = |wish: &str| scene.fresh_name(wish, &mut taken);
        let (states, refusal) = match row.states(scene.machine.language, next, &mut fresh) {
            Ok(states) => (states, None),
            Err(refusal) => (Map::new(), Some(refusal)),
        };
        NewState { name: states.keys().next().cloned().unwrap_or_default(), states, refusal }
    }

    fn add<'d>(
        &self,
        scene: &Scene<'d>,
        draft: &mut Draft<'d>,
        scope: &Scope,
        place: Place,
    ) -> Result<(), Refusal> {
        if let Some(refusal) = &self.refusal {
            return Err(refusal.clone());
        }
        if scope.states_node.is_none() {
            let states = Value::Object(self.states.clone());
            draft.object(scope.node, |it| it.set("States", &states));
            return Ok(());
        }
        let node = scene.states_node(scope)?;
        let mut after = match place {
            Place::After(after) => after.map(str::to_owned),
            Place::Before(name) => {
                draft.object(node, |edit| {
                    let new = self.states.iter();
                    new.fold(edit, |edit, (new, body)| edit.insert_before(Some(name), new, body))
                });
                return Ok(());
            }
            Place::Last => scene.tree.members(node).last().map(|it| it.name.to_string()),
        };
        for (name, body) in &self.states {
            draft.object(node, |it| it.insert_after(after.as_deref(), name, body));
            after = Some(name.clone());
        }
        Ok(())
    }

    fn plan(&self, row: Block, scope: &Scope, draft: Draft, place: &str) -> Result<Plan, Refusal> {
        Ok(Plan {
            edit: draft.finish()?,
            label: format!("Insert {}", row.title()),
            said: match self.states.len() {
                1 => format!("Added “{}” {place}", self.name),
                n => {
                    format!("Added “{}” and {} {place}", self.name, count(n - 1, "more state", "more states"))
                }
            },
            preview: format!("Insert {} {place}", row.title()),
            select: SelectAfter::State(scope.path.state(&self.name)),
            ..Plan::default()
        })
    }
}

pub(super) fn is_terminal(state_type: StateType) -> bool {
    matches!(state_type, StateType::Succeed | StateType::Fail)
}
