//! Moving a state: onto a connection, into another scope, one place earlier or later. Inside its
//! scope only references change; the text of the state stays where its author put it.

use crate::asl::{EdgeKey, Scope, ScopePath, State, StateId, StateKind, StatePath};
use crate::json::{ObjectEdit, copy_value_text, parse, quote};
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::connect::is_ordinary;
use crate::studio::edit::delete::heal;
use crate::studio::edit::draft::Draft;
use crate::studio::edit::insert::set_start;
use crate::studio::edit::scene::{Edge, Exit, Kind, Scene};
use crate::studio::edit::{Plan, SelectAfter, refuse};

/// Takes a state out of its place, heals there, and puts it on a connection.
pub(super) fn to_edge(scene: &Scene, path: &StatePath, key: &EdgeKey) -> Result<Plan, Refusal> {
    let (id, state) = scene.intact(path)?;
    let edge = scene.edge(key)?;
    if is_inside(key.as_str(), path) && edge.source != Some(id) {
        return refuse(format!("“{}” cannot be moved into itself", state.name));
    }
    let leads_here = edge.target.is_some_and(|it| it.name == state.name) && edge.scope == state.scope;
    if edge.source == Some(id) || leads_here {
        return refuse(format!("“{}” is there already", state.name));
    }
    let source = edge.source.and_then(|it| scene.machine.state(it));
    if let (Kind::Terminal, Some(source)) = (edge.kind, source) {
        return refuse(format!("“{}” has no next state, so nothing can follow it", source.name));
    }
    let new_exit = edge.target.map_or(Exit::Ends, |it| Exit::To(it.name.clone()));
    check_movable(scene, state, &new_exit)?;
    if edge.scope != state.scope {
        check_leaves(scene, state)?;
    }
    let mut draft = Draft::new(scene.tree);
    open_is_refused(heal(scene, &mut draft, id, state)?, state)?;
    scene.retarget(&mut draft, &edge, &ConnectTo::State(state.name.clone()))?;
    let place = scene.place_words(&edge);
    if edge.scope == state.scope {
        if !is_terminal(state) {
            scene.set_exit(&mut draft, id, &new_exit)?;
        }
        return moved_plan(draft, state, &place, state.path.clone());
    }
    let scope =
        scene.machine.scope(edge.scope).ok_or_else(|| Refusal("This scope is not there any more".into()))?;
    let after = source.map(|it| it.name.as_str());
    carry(scene, &mut draft, state, scope, after, &new_exit)?;
    moved_plan(draft, state, &place, scope.path.state(&state.name))
}

/// Moves a state into another branch or body: to its end where that has one, else unconnected.
pub(super) fn to_scope(scene: &Scene, path: &StatePath, scope_path: &ScopePath) -> Result<Plan, Refusal> {
    let (id, state) = scene.intact(path)?;
    let (scope_id, scope) = scene.scope(scope_path)?;
    if is_inside(scope_path.as_str(), path) {
        return refuse(format!("“{}” cannot be moved into itself", state.name));
    }
    if scope_id == state.scope {
        return refuse(format!("“{}” is there already", state.name));
    }
    let ends: Vec<Edge> = scene.edges(scope_id).into_iter().filter(|it| it.kind == Kind::End).collect();
    if let [end] = ends.as_slice() {
        return to_edge(scene, path, &end.key);
    }
    check_movable(scene, state, &Exit::Ends)?;
    check_leaves(scene, state)?;
    let mut draft = Draft::new(scene.tree);
    open_is_refused(heal(scene, &mut draft, id, state)?, state)?;
    let last = scope.states.last().and_then(|it| scene.machine.state(*it)).map(|it| it.name.as_str());
    carry(scene, &mut draft, state, scope, last, &Exit::Ends)?;
    if scope.states.is_empty() {
        set_start(&mut draft, scope, &state.name);
    }
    let place = format!("to {}", scene.scope_word(scope));
    moved_plan(draft, state, &place, scope.path.state(&state.name))
}

/// Changes places with the state before it in a simple chain.
pub(super) fn earlier(scene: &Scene, path: &StatePath) -> Result<Plan, Refusal> {
    let (id, state) = scene.intact(path)?;
    let references = scene.references(id);
    if references.iter().any(|it| it.kind == Kind::StartAt) {
        return refuse(format!("“{}” is the first state already", state.name));
    }
    let before: Vec<StateId> =
        references.iter().filter(|it| it.kind == Kind::Next).filter_map(|it| it.source).collect();
    match before.as_slice() {
        [before] => swap(scene, *before, id, state, "earlier"),
        [] => refuse(format!("No state leads to “{}” by its Next, so there is nothing to pass", state.name)),
        _ => refuse(format!("Several states lead to “{}”; drag it to the place you mean", state.name)),
    }
}

/// Changes places with the state after it in a simple chain.
pub(super) fn later(scene: &Scene, path: &StatePath) -> Result<Plan, Refusal> {
    let (id, state) = scene.intact(path)?;
    let scope = scene.scope_of(state)?;
    match scene.exit(state)? {
        Exit::To(next) => match scene.machine.resolve(scope, &next) {
            Some(next) if next != id => swap(scene, id, next, state, "later"),
            _ => refuse(format!("“{}” leads to no other state", state.name)),
        },
        Exit::Ends | Exit::Open => refuse(format!("“{}” is the last state already", state.name)),
    }
}

/// A → B → C becomes B → A → C: what led to A leads to B.
fn swap(scene: &Scene, first: StateId, second: StateId, moving: &State, way: &str) -> Result<Plan, Refusal> {
    let (Some(a), Some(b)) = (scene.machine.state(first), scene.machine.state(second)) else {
        return refuse(format!("There is no state “{}” any more", moving.name));
    };
    for state in [a, b] {
        if matches!(state.kind, StateKind::Choice { .. } | StateKind::Succeed | StateKind::Fail) {
            let kind = crate::asl::reading::kind_word(&state.kind);
            return refuse(format!("“{}” is a {kind} state, and a plain state cannot pass it", state.name));
        }
    }
    let exit = scene.exit(b)?;
    if exit == Exit::To(a.name.clone()) {
        return refuse(format!("“{}” and “{}” lead to each other", a.name, b.name));
    }
    let mut draft = Draft::new(scene.tree);
    for edge in scene.references(first) {
        scene.retarget(&mut draft, &edge, &ConnectTo::State(b.name.clone()))?;
    }
    scene.set_exit(&mut draft, first, &exit)?;
    scene.set_exit(&mut draft, second, &Exit::To(a.name.clone()))?;
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Move {} {way}", moving.name),
        said: format!("Moved “{}” {way}", moving.name),
        preview: format!("Move “{}” {way}", moving.name),
        select: SelectAfter::State(moving.path.clone()),
        ..Plan::default()
    })
}

/// Only a state with one way on can stand between two others; one without any only at an end.
fn check_movable(scene: &Scene, state: &State, new_exit: &Exit) -> Result<(), Refusal> {
    if matches!(state.kind, StateKind::Choice { .. }) {
        return refuse(format!(
            "“{}” has several ways out, so it cannot stand on one connection",
            state.name
        ));
    }
    if is_terminal(state) && matches!(new_exit, Exit::To(_)) {
        return refuse(format!("“{}” has no next state, so it cannot stand between two states", state.name));
    }
    if scene.machine.states.iter().filter(|it| it.name == state.name).count() > 1 {
        return refuse(format!("Several states are named “{}”; rename one first", state.name));
    }
    Ok(())
}

fn is_terminal(state: &State) -> bool {
    matches!(state.kind, StateKind::Succeed | StateKind::Fail)
}

/// A state that leaves its scope must leave something there, and take all its connections along.
fn check_leaves(scene: &Scene, state: &State) -> Result<(), Refusal> {
    if scene.scope_of(state)?.states.len() <= 1 {
        return refuse(format!("“{}” is the only state there; add another state first", state.name));
    }
    match state.catch.iter().find_map(|it| it.next.as_ref()) {
        Some(catcher) => refuse(format!(
            "A Catch of “{}” leads to “{}”, which stays behind; remove that first",
            state.name, catcher.name
        )),
        None => Ok(()),
    }
}

/// A move must not leave anything hanging: whoever wants that deletes and adds.
fn open_is_refused(open: Option<EdgeKey>, state: &State) -> Result<(), Refusal> {
    match open.and_then(|it| it.source()) {
        Some(source) => refuse(format!(
            "“{}” leads to “{}” and could not lead past it; connect “{}” elsewhere first",
            source.name(),
            state.name,
            source.name()
        )),
        None => Ok(()),
    }
}

/// Takes the text of a state out of its scope and writes it into another one, with its new exit.
fn carry<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    state: &State,
    scope: &Scope,
    after: Option<&str>,
    exit: &Exit,
) -> Result<(), Refusal> {
    let home = scene.scope_of(state)?;
    let home_node = scene.states_node(home)?;
    let text = with_exit(&copy_value_text(scene.tree, state.node), state, exit);
    draft.object(home_node, |it| it.remove(&state.name));
    match scope.states_node {
        Some(_) => {
            let node = scene.states_node(scope)?;
            draft.object(node, |it| it.insert_text_after(after, &state.name, &text));
        }
        None => {
            let states = format!("{{{}: {text}}}", quote(&state.name));
            draft.object(scope.node, |it| it.set_text("States", &states));
        }
    }
    Ok(())
}

/// The text of a state with another way out; nothing else changes.
fn with_exit(text: &str, state: &State, exit: &Exit) -> String {
    if is_terminal(state) {
        return text.to_owned();
    }
    let tree = parse(text);
    let edit = ObjectEdit::new(&tree, tree.root());
    let has = |name: &str| tree.get(tree.root(), name).is_some();
    let edit = match exit {
        Exit::To(name) => {
            let edit = if has("Next") { edit.remove("End") } else { edit.rename("End", "Next") };
            edit.set("Next", &serde_json::Value::from(name.as_str()))
        }
        Exit::Ends | Exit::Open => {
            let edit = if has("End") { edit.remove("Next") } else { edit.rename("Next", "End") };
            edit.set("End", &serde_json::Value::from(true))
        }
    };
    edit.finish().apply(text)
}

fn is_inside(pointer: &str, state: &StatePath) -> bool {
    pointer.strip_prefix(state.as_str()).is_some_and(|it| it.starts_with('/'))
}

fn moved_plan(draft: Draft, state: &State, place: &str, path: StatePath) -> Result<Plan, Refusal> {
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Move {}", state.name),
        said: format!("Moved “{}” {place}", state.name),
        preview: format!("Move “{}” {place}", state.name),
        moved: if path == state.path { Vec::new() } else { vec![(state.path.clone(), path.clone())] },
        select: SelectAfter::State(path),
        ..Plan::default()
    })
}

/// Where a plain copy of a state can be put behind it.
pub(super) fn way_on<'d>(scene: &Scene<'d>, id: StateId) -> Option<Edge<'d>> {
    scene.edges_of(id).into_iter().find(|it| is_ordinary(it))
}
