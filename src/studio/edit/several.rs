//! Deleting and moving several states at once, as one edit.

use crate::asl::{EdgeKey, Scope, ScopeId, ScopeSlot, State, StateId, StateKind, StatePath};
use crate::json::remove_elements;
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::delete::{delete, moved_branches};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::group::{Group, edge_words, outermost};
use crate::studio::edit::relocate::to_edge;
use crate::studio::edit::scene::{Edge, Exit, Kind, Scene};
use crate::studio::edit::take::Taking;
use crate::studio::edit::{Plan, SelectAfter, refuse};
use crate::studio::words::count;

type Members<'d> = Vec<(StateId, &'d State)>;

/// Removes states of any scopes. What led to one of them leads to where the way on from there
/// comes out of what is removed.
pub(super) fn delete_states(scene: &Scene, states: &[StatePath]) -> Result<Plan, Refusal> {
    let mut members = outermost(scene, states)?;
    match members.as_slice() {
        [] => return refuse("Nothing is selected; select states first"),
        [(_, only)] => return delete(scene, &only.path),
        _ => {}
    }
    let n_states = count(members.len(), "state", "states");
    let mut draft = Draft::new(scene.tree);
    let (mut open, mut healed) = (None, None);
    // Whole branches by the state that they are branches of.
    let mut branches: Vec<(&State, Vec<usize>)> = Vec::new();
    while let Some((_, first)) = members.first().copied() {
        let (here, rest): (Members, Members) =
            members.into_iter().partition(|(_, it)| it.scope == first.scope);
        members = rest;
        let scope = scene.scope_of(first)?;
        if here.len() == scope.states.len() {
            let (parent, idx) = branch_of(scene, scope)?;
            match branches.iter_mut().find(|(it, _)| it.path == parent.path) {
                Some((_, idxs)) => idxs.push(idx),
                None => branches.push((parent, vec![idx])),
            }
            continue;
        }
        let node = scene.states_node(scope)?;
        let names: Vec<&str> = here.iter().map(|(_, it)| it.name.as_str()).collect();
        draft.object(node, |it| it.remove_all(&names));
        heal(scene, &mut draft, first.scope, &here, &mut open, &mut healed)?;
    }
    let mut moved = Vec::new();
    for (parent, idxs) in &branches {
        let array = scene.tree.get(parent.node, "Branches");
        let n_branches = array.map_or(0, |it| scene.tree.elements(it).len());
        let Some(array) = array.filter(|_| idxs.len() < n_branches) else {
            return refuse(format!("These are all states of “{}”; delete “{0}” instead", parent.name));
        };
        draft.add(remove_elements(scene.tree, array, idxs));
        moved.extend(moved_branches(&parent.path, idxs, n_branches));
        healed = healed.or(Some(parent.path.clone()));
    }
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Delete {n_states}"),
        preview: format!("Delete {n_states}"),
        said: match &open {
            Some(_) => format!("Deleted {n_states}; what led to them is open now"),
            None => format!("Deleted {n_states}"),
        },
        select: match (open, healed) {
            (Some(edge), _) => SelectAfter::Edge(edge),
            (None, Some(path)) => SelectAfter::State(path),
            (None, None) => SelectAfter::Nothing,
        },
        moved,
        ..Plan::default()
    })
}

/// The Parallel and the index of a branch; nothing else may lose all its states.
fn branch_of<'d>(scene: &Scene<'d>, scope: &Scope) -> Result<(&'d State, usize), Refusal> {
    let parent = scope.parent.and_then(|it| scene.machine.state(it));
    match (parent, scope.slot) {
        (Some(parent), ScopeSlot::Branch(idx)) => Ok((parent, idx)),
        (Some(parent), _) => {
            refuse(format!("These are all states of “{}”; delete “{0}” instead", parent.name))
        }
        (None, _) => refuse("These are all states, and a workflow needs one; leave one of them"),
    }
}

/// Lets what leads to the states from outside lead past all of them. Remembers the first
/// connection that cannot, and the first state that was connected anew.
fn heal<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    scope: ScopeId,
    gone: &Members<'d>,
    open: &mut Option<EdgeKey>,
    healed: &mut Option<StatePath>,
) -> Result<(), Refusal> {
    let mut is_gone = vec![false; scene.machine.states.len()];
    for (id, _) in gone {
        if let Some(flag) = is_gone.get_mut(id.0 as usize) {
            *flag = true;
        }
    }
    let is_gone = |id: StateId| is_gone.get(id.0 as usize).copied().unwrap_or_default();
    let Some(home) = scene.machine.scope(scope) else { return Ok(()) };
    let beyond = |from: StateId| {
        let mut at = from;
        for _ in 0..=gone.len() {
            let Ok(Exit::To(name)) = scene.machine.state(at).map_or(Ok(Exit::Open), |it| scene.exit(it))
            else {
                return None;
            };
            match scene.machine.resolve(home, &name) {
                Some(next) if is_gone(next) => at = next,
                _ => return Some(name),
            }
        }
        None
    };
    for edge in scene.edges(scope).into_iter().filter(|it| !it.source.is_some_and(is_gone)) {
        let target = edge.target.and_then(|it| scene.machine.resolve(home, &it.name));
        let Some(target) = target.filter(|it| is_gone(*it)) else { continue };
        let source = edge.source.and_then(|it| scene.machine.state(it));
        let to = match beyond(target) {
            Some(name) => Some(ConnectTo::State(name)),
            None if edge.kind == Kind::Next => Some(ConnectTo::End),
            None => None,
        };
        // An edge of a damaged state is left to its author.
        match to.filter(|_| !source.is_some_and(|it| it.broken)) {
            Some(to) => {
                scene.retarget(draft, &edge, &to)?;
                *healed = healed.take().or(source.map(|it| it.path.clone()));
            }
            None => *open = open.take().or(Some(edge.key)),
        }
    }
    Ok(())
}

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
    let is_inside =
        |path: &StatePath| key.as_str().strip_prefix(path.as_str()).is_some_and(|it| it.starts_with('/'));
    if let Some((_, outer)) = group.members.iter().find(|(_, it)| is_inside(&it.path)) {
        return refuse(format!("“{}” cannot be moved into itself", outer.name));
    }
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
    if edge.scope != group.scope_id && group.is_whole_scope() {
        return refuse(format!("{what} are all states there; leave one, or move what they are in"));
    }
    let mut draft = Draft::new(scene.tree);
    for entry in &group.entries {
        let past = match (&way_on, entry.kind) {
            (Exit::To(name), _) => ConnectTo::State(name.clone()),
            (_, Kind::Next) => ConnectTo::End,
            _ => {
                return refuse(format!(
                    "{} and could not lead past it; connect that elsewhere first",
                    edge_words(scene, entry)
                ));
            }
        };
        scene.retarget(&mut draft, entry, &past)?;
    }
    scene.retarget(&mut draft, &edge, &ConnectTo::State(entry.name.clone()))?;
    let place = scene.place_words(&edge);
    if edge.scope == group.scope_id {
        for exit in group.exits.iter().filter(|it| it.kind != Kind::Terminal) {
            scene.retarget(&mut draft, exit, &to)?;
        }
        return moved_plan(draft, &group, &group.scope.path, &place);
    }
    let Some(scope) = scene.machine.scope(edge.scope) else {
        return refuse("This branch or body is not there any more");
    };
    let mut taking = Taking::new(scene, &group.members);
    taking.lead(&group.exits, &to, &mut scene.names())?;
    let names: Vec<&str> = group.members.iter().map(|(_, it)| it.name.as_str()).collect();
    draft.object(scene.states_node(group.scope)?, |it| it.remove_all(&names));
    put_behind(scene, &mut draft, scope, &edge, taking.finish()?)?;
    moved_plan(draft, &group, &scope.path, &place)
}

/// Writes states behind the source of a connection.
pub(super) fn put_behind<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    scope: &Scope,
    edge: &Edge,
    texts: Vec<(String, String)>,
) -> Result<(), Refusal> {
    let node = scene.states_node(scope)?;
    let source = edge.source.and_then(|it| scene.machine.state(it));
    let mut after = source.map(|it| it.name.clone());
    for (name, text) in texts {
        draft.object(node, |it| it.insert_text_after(after.as_deref(), &name, &text));
        after = Some(name);
    }
    Ok(())
}

fn moved_plan(
    draft: Draft,
    group: &Group,
    scope: &crate::asl::ScopePath,
    place: &str,
) -> Result<Plan, Refusal> {
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
