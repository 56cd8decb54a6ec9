//! Deleting several states at once, as one edit.

use crate::asl::{EdgeKey, Scope, ScopeId, ScopeSlot, State, StateId, StatePath};
use crate::json::remove_elements;
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::delete::{delete, moved_branches};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::group::outermost;
use crate::studio::edit::scene::{Exit, Kind, Scene};
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
