//! Deleting a state and joining its neighbors: A → B → C becomes A → C.

use crate::asl::{ScopeSlot, State, StateId, StatePath};
use crate::json::remove_element;
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::scene::{Edge, Exit, Kind, Scene};
use crate::studio::edit::{Plan, SelectAfter, refuse};

/// Removes a state. Where it leads on in exactly one way, everything that led to it leads there;
/// where it ended the scope, plain predecessors end it. Connections that can do neither are left
/// open, and the first of them is selected.
pub(super) fn delete(scene: &Scene, path: &StatePath) -> Result<Plan, Refusal> {
    // A damaged state may be deleted: that is one way to mend it.
    let (id, state) = scene.state(path)?;
    let scope = scene.scope_of(state)?;
    if scope.states.len() <= 1 {
        return delete_scope_of(scene, state);
    }
    let mut draft = Draft::new(scene.tree);
    let node = scene.states_node(scope)?;
    draft.object(node, |it| it.remove(&state.name));
    let open = heal(scene, &mut draft, id, state)?;
    let select = match &open {
        Some(key) => SelectAfter::Edge(key.clone()),
        None => previous(scene, id, state),
    };
    let said = match &open {
        Some(_) => format!("Deleted “{}”; what led to it is open now", state.name),
        None => format!("Deleted “{}”", state.name),
    };
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Delete {}", state.name),
        preview: format!("Delete “{}”", state.name),
        said,
        select,
        ..Plan::default()
    })
}

/// Lets everything that leads to a state lead past it. Gives the first connection that cannot.
pub(super) fn heal<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    id: StateId,
    state: &State,
) -> Result<Option<crate::asl::EdgeKey>, Refusal> {
    let exit = scene.exit(state).ok().filter(|it| *it != Exit::To(state.name.clone()));
    let mut open = None;
    for edge in scene.references(id) {
        // An edge of a damaged state is left to its author.
        let source_is_broken = edge.source.and_then(|it| scene.machine.state(it)).is_some_and(|it| it.broken);
        let to = match &exit {
            Some(Exit::To(name)) => Some(ConnectTo::State(name.clone())),
            _ if edge.kind == Kind::Next => Some(ConnectTo::End),
            _ => None,
        };
        match to.filter(|_| !source_is_broken) {
            Some(to) => scene.retarget(draft, &edge, &to)?,
            None => open = open.or(Some(edge.key)),
        }
    }
    Ok(open)
}

/// The state before, else the one after, else the one around.
fn previous(scene: &Scene, id: StateId, state: &State) -> SelectAfter {
    let before = |it: &Edge| it.source.and_then(|it| scene.machine.state(it)).map(|it| it.path.clone());
    let references = scene.references(id);
    let plain = references.iter().filter(|it| it.kind == Kind::Next).find_map(before);
    let exit = scene.exit(state).ok();
    let next = || match exit {
        Some(Exit::To(name)) => {
            let scope = scene.machine.scope(state.scope)?;
            let next = scene.machine.resolve(scope, &name).and_then(|it| scene.machine.state(it))?;
            (next.path != state.path).then(|| next.path.clone())
        }
        _ => None,
    };
    let around = || {
        let parent = scene.machine.scope(state.scope).and_then(|it| it.parent);
        parent.and_then(|it| scene.machine.state(it)).map(|it| it.path.clone())
    };
    plain
        .or_else(|| references.iter().find_map(before))
        .or_else(next)
        .or_else(around)
        .map_or(SelectAfter::Nothing, SelectAfter::State)
}

/// The only state of a branch takes the branch with it; other scopes cannot be empty.
fn delete_scope_of(scene: &Scene, state: &State) -> Result<Plan, Refusal> {
    let scope = scene.scope_of(state)?;
    let parent = scope.parent.and_then(|it| scene.machine.state(it));
    let (Some(parent), ScopeSlot::Branch(idx)) = (parent, scope.slot) else {
        return match parent {
            Some(parent) => refuse(format!(
                "“{}” is the only state in “{}”; delete “{}”, or add another state first",
                state.name, parent.name, parent.name
            )),
            None => refuse(format!(
                "“{}” is the only state, and a workflow needs one; add another state first",
                state.name
            )),
        };
    };
    let array = scene.tree.get(parent.node, "Branches");
    let Some(array) = array.filter(|it| scene.tree.elements(*it).len() > 1) else {
        return refuse(format!(
            "“{}” is the only state in the only branch of “{}”; delete “{}”, or add another state first",
            state.name, parent.name, parent.name
        ));
    };
    Ok(Plan {
        edit: remove_element(scene.tree, array, idx),
        label: "Delete branch".to_owned(),
        preview: format!("Delete “{}” and its branch", state.name),
        said: format!("Deleted “{}” and its branch of “{}”", state.name, parent.name),
        select: SelectAfter::State(parent.path.clone()),
        moved: moved_branches(&parent.path, &[idx], scene.tree.elements(array).len()),
        ..Plan::default()
    })
}

/// The branches after removed ones count from less.
pub(super) fn moved_branches(
    parent: &StatePath,
    removed: &[usize],
    n_branches: usize,
) -> Vec<(StatePath, StatePath)> {
    let stay = (0..n_branches).filter(|it| !removed.contains(it));
    reordered_branches(parent, stay)
}

/// The addresses of branches that change when those that had these indices stand in this order.
pub(super) fn reordered_branches(
    parent: &StatePath,
    order: impl Iterator<Item = usize>,
) -> Vec<(StatePath, StatePath)> {
    let branch = |idx: usize| StatePath::new(format!("{parent}/Branches/{idx}"));
    let changed = order.enumerate().filter(|(new, old)| new != old);
    changed.map(|(new, old)| (branch(old), branch(new))).collect()
}
