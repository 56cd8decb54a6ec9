//! Moving several states at once: onto a connection, or into another branch or body. What led to
//! them leads past them; what led out of them leads on from the new place.

use serde_json::json;

use crate::asl::{EdgeKey, Scope, ScopePath, State, StateId, StateKind, StatePath};
use crate::json::Style;
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::group::{Group, edge_words};
use crate::studio::edit::insert::set_start;
use crate::studio::edit::relocate::{to_edge, to_scope};
use crate::studio::edit::scene::{Edge, Exit, Kind, Scene};
use crate::studio::edit::take::{NamedText, Taking, framed};
use crate::studio::edit::variables::read_outside;
use crate::studio::edit::{Plan, SelectAfter, refuse};

/// Takes a chain out of its place, heals there, and puts it on a connection.
pub(super) fn move_states(scene: &Scene, states: &[StatePath], key: &EdgeKey) -> Result<Plan, Refusal> {
    let group = Group::of(scene, states)?;
    if let [(_, only)] = group.members.as_slice() {
        return to_edge(scene, &only.path, key);
    }
    let edge = scene.edge(key)?;
    let entry = group.entry(scene)?;
    let way_on = group.way_on(scene)?;
    let what = group.words();
    let is_here =
        edge.source.is_some_and(|it| group.has(it)) || group.entries.iter().any(|it| it.key == *key);
    if is_here {
        return refuse(format!("{what} are there already"));
    }
    check_is_outside(&group, key.as_str())?;
    let source = edge.source.and_then(|it| scene.machine.state(it));
    if let (Kind::Terminal, Some(source)) = (edge.kind, source) {
        return refuse(format!("“{}” has no next state, so nothing can follow it", source.name));
    }
    let to = edge.target.map_or(ConnectTo::End, |it| ConnectTo::State(it.name.clone()));
    let stops = |it: &&(StateId, &State)| matches!(it.1.kind, StateKind::Succeed);
    if to != ConnectTo::End {
        if let Some((_, state)) = group.members.iter().find(stops) {
            return refuse(format!(
                "“{}” has no next state, so it cannot stand between two states",
                state.name
            ));
        }
        if way_on == Exit::Open {
            return refuse(format!("{what} have no way on, so they cannot stand between two states"));
        }
    }
    let scope = scene.machine.scope(edge.scope).filter(|_| edge.scope != group.scope_id);
    if let Some(scope) = scope {
        check_leaves(scene, &group, scope)?;
    }
    let mut draft = Draft::new(scene.tree);
    lead_past(scene, &mut draft, &group, &way_on)?;
    scene.retarget(&mut draft, &edge, &ConnectTo::State(entry.name.clone()))?;
    let place = scene.place_words(&edge);
    let Some(scope) = scope else {
        for exit in group.exits.iter().filter(|it| it.kind != Kind::Terminal) {
            scene.retarget(&mut draft, exit, &to)?;
        }
        return moved_plan(draft, &group, &group.scope.path, &place);
    };
    let texts = take_out(scene, &mut draft, &group, &to)?;
    put_after(scene, &mut draft, scope, source.map(|it| it.name.clone()), texts)?;
    moved_plan(draft, &group, &scope.path, &place)
}

/// Moves a chain into another branch or body: to its end where that has one, else unconnected.
pub(super) fn move_states_to_scope(
    scene: &Scene,
    states: &[StatePath],
    path: &ScopePath,
) -> Result<Plan, Refusal> {
    let group = Group::of(scene, states)?;
    if let [(_, only)] = group.members.as_slice() {
        return to_scope(scene, &only.path, path);
    }
    let (scope_id, scope) = scene.scope(path)?;
    check_is_outside(&group, path.as_str())?;
    if scope_id == group.scope_id {
        return refuse(format!("{} are there already", group.words()));
    }
    let ends: Vec<Edge> = scene.edges(scope_id).into_iter().filter(|it| it.kind == Kind::End).collect();
    if let [end] = ends.as_slice() {
        return move_states(scene, states, &end.key);
    }
    let entry = group.entry(scene)?;
    let way_on = group.way_on(scene)?;
    check_leaves(scene, &group, scope)?;
    let mut draft = Draft::new(scene.tree);
    lead_past(scene, &mut draft, &group, &way_on)?;
    let texts = take_out(scene, &mut draft, &group, &ConnectTo::End)?;
    match scope.states_node {
        Some(_) => {
            let last = scope.states.last().and_then(|it| scene.machine.state(*it));
            put_after(scene, &mut draft, scope, last.map(|it| it.name.clone()), texts)?;
        }
        None => {
            let states = framed(&Style::near(scene.tree, scope.node), &json!({}), "", &texts);
            draft.object(scope.node, |it| it.set_text("States", &states));
        }
    }
    if scope.states.is_empty() {
        set_start(&mut draft, scope, &entry.name);
    }
    moved_plan(draft, &group, &scope.path, &format!("to {}", scene.scope_word(scope)))
}

/// Nothing goes into itself.
fn check_is_outside(group: &Group, pointer: &str) -> Result<(), Refusal> {
    let is_inside =
        |path: &StatePath| pointer.strip_prefix(path.as_str()).is_some_and(|it| it.starts_with('/'));
    match group.members.iter().find(|(_, it)| is_inside(&it.path)) {
        Some((_, outer)) => refuse(format!("“{}” cannot be moved into itself", outer.name)),
        None => Ok(()),
    }
}

/// States that leave their scope leave something there, nothing that they gave to others, and meet
/// no namesakes.
fn check_leaves(scene: &Scene, group: &Group, scope: &Scope) -> Result<(), Refusal> {
    if group.is_whole_scope() {
        return refuse(format!(
            "{} are all states there; leave one, or move what they are in",
            group.words()
        ));
    }
    let is_taken =
        |name: &str| scope.states.iter().any(|it| scene.machine.state(*it).is_some_and(|it| it.name == name));
    if let Some((_, state)) = group.members.iter().find(|(_, it)| is_taken(&it.name)) {
        return refuse(format!("Several states are named “{}”; rename one first", state.name));
    }
    match read_outside(scene, group) {
        Some((variable, state)) => refuse(format!(
            "“{}” sets the variable “{variable}”, which is read outside; select its readers too",
            state.name
        )),
        None => Ok(()),
    }
}

/// Lets what leads to the states lead to where they lead on.
fn lead_past<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    group: &Group<'d>,
    way_on: &Exit,
) -> Result<(), Refusal> {
    for entry in &group.entries {
        let past = match (way_on, entry.kind) {
            (Exit::To(name), _) => ConnectTo::State(name.clone()),
            (_, Kind::Next) => ConnectTo::End,
            _ => {
                return refuse(format!(
                    "{} and could not lead past it; connect that elsewhere first",
                    edge_words(scene, entry)
                ));
            }
        };
        scene.retarget(draft, entry, &past)?;
    }
    Ok(())
}

/// Removes the states from their scope and gives their texts, with their ways out led on.
fn take_out<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    group: &Group<'d>,
    to: &ConnectTo,
) -> Result<Vec<NamedText>, Refusal> {
    let mut taking = Taking::new(scene, &group.members);
    taking.lead(&group.exits, to, &mut scene.names())?;
    let names: Vec<&str> = group.members.iter().map(|(_, it)| it.name.as_str()).collect();
    draft.object(scene.states_node(group.scope)?, |it| it.remove_all(&names));
    taking.finish()
}

/// Writes states behind one of the scope.
fn put_after<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    scope: &Scope,
    mut after: Option<String>,
    texts: Vec<NamedText>,
) -> Result<(), Refusal> {
    let node = scene.states_node(scope)?;
    for (name, text) in texts {
        draft.object(node, |it| it.insert_text_after(after.as_deref(), &name, &text));
        after = Some(name);
    }
    Ok(())
}

fn moved_plan(draft: Draft, group: &Group, scope: &ScopePath, place: &str) -> Result<Plan, Refusal> {
    let what = group.words();
    let paths: Vec<(StatePath, StatePath)> =
        group.members.iter().map(|(_, it)| (it.path.clone(), scope.state(&it.name))).collect();
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Move {}", group.label()),
        said: format!("Moved {what} {place}"),
        preview: format!("Move {what} {place}"),
        select: SelectAfter::States(paths.iter().map(|(_, it)| it.clone()).collect()),
        moved: paths.into_iter().filter(|(from, to)| from != to).collect(),
        ..Plan::default()
    })
}
