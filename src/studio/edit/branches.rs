//! Rules of a Choice and branches of a Parallel. A rule or branch that moves keeps its text.

use crate::asl::{State, StateKind, StatePath};
use crate::json::{NodeKind, move_element, remove_element};
use crate::studio::command::Refusal;
use crate::studio::edit::delete::{moved_branches, reordered_branches};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::insert::add_way;
use crate::studio::edit::scene::Scene;
use crate::studio::edit::{Plan, SelectAfter, fields, refuse};

/// One more rule, which leads where the Default does, else where the last rule does.
pub(super) fn add_rule(scene: &Scene, path: &StatePath) -> Result<Plan, Refusal> {
    let (state, targets) = choice(scene, path)?;
    let Some(target) = targets.last() else {
        return refuse(format!("“{}” leads nowhere yet; connect it to a state first", state.name));
    };
    let mut draft = Draft::new(scene.tree);
    add_way(scene, &mut draft, path, false, target)?;
    Ok(Plan {
        edit: draft.finish()?,
        label: "Add rule".to_owned(),
        said: format!("Added a rule to “{}” that leads to “{target}”", state.name),
        preview: format!("Add a rule to “{}”", state.name),
        ..Plan::default()
    })
}

pub(super) fn remove_rule(scene: &Scene, path: &StatePath, idx: usize) -> Result<Plan, Refusal> {
    let (state, _) = choice(scene, path)?;
    let n_rules = scene.tree.get(state.node, "Choices").map_or(0, |it| scene.tree.elements(it).len());
    if n_rules == 1 {
        return refuse(format!(
            "This is the only rule of “{}”, and a Choice needs one; add another one first, or delete “{0}”",
            state.name
        ));
    }
    fields::remove_item(scene, &format!("{path}/Choices"), idx)
}

pub(super) fn move_rule(scene: &Scene, path: &StatePath, from: usize, to: usize) -> Result<Plan, Refusal> {
    choice(scene, path)?;
    fields::move_item(scene, &format!("{path}/Choices"), from, to)
}

/// The Choice and where it leads, its Default last.
fn choice<'d>(scene: &Scene<'d>, path: &StatePath) -> Result<(&'d State, Vec<&'d str>), Refusal> {
    let (_, state) = scene.intact(path)?;
    match &state.kind {
        StateKind::Choice { .. } => {
            Ok((state, state.targets().into_iter().map(|it| it.name.as_str()).collect()))
        }
        _ => refuse(format!("“{}” has no rules; only a Choice has", state.name)),
    }
}

/// Removes a branch with its states. A Parallel keeps its last one.
pub(super) fn remove_branch(scene: &Scene, path: &StatePath, idx: usize) -> Result<Plan, Refusal> {
    let (state, array, n_branches) = branches(scene, path)?;
    if n_branches <= idx {
        return refuse(format!("“{}” has no branch {}", state.name, idx + 1));
    }
    if n_branches == 1 {
        return refuse(format!(
            "This is the only branch of “{}”, and a Parallel needs one; delete “{0}” instead",
            state.name
        ));
    }
    let mut draft = Draft::new(scene.tree);
    draft.add(remove_element(scene.tree, array, idx));
    Ok(Plan {
        edit: draft.finish()?,
        label: "Remove branch".to_owned(),
        said: format!("Removed branch {} of “{}”", idx + 1, state.name),
        preview: format!("Remove branch {} of “{}”", idx + 1, state.name),
        select: SelectAfter::State(path.clone()),
        moved: moved_branches(path, &[idx], n_branches),
        ..Plan::default()
    })
}

/// Puts a branch at another place; what the Parallel gives is in this order.
pub(super) fn move_branch(scene: &Scene, path: &StatePath, from: usize, to: usize) -> Result<Plan, Refusal> {
    let (state, array, n_branches) = branches(scene, path)?;
    if n_branches <= from || n_branches <= to {
        return refuse(format!("“{}” has only {n_branches} branches", state.name));
    }
    let mut order: Vec<usize> = (0..n_branches).collect();
    let moving = order.remove(from);
    order.insert(to, moving);
    let mut draft = Draft::new(scene.tree);
    draft.add(move_element(scene.tree, array, from, to));
    Ok(Plan {
        edit: draft.finish()?,
        label: "Move branch".to_owned(),
        said: format!("Moved branch {} of “{}” to place {}", from + 1, state.name, to + 1),
        preview: format!("Move branch {} to place {}", from + 1, to + 1),
        moved: reordered_branches(path, order.into_iter()),
        ..Plan::default()
    })
}

fn branches<'d>(
    scene: &Scene<'d>,
    path: &StatePath,
) -> Result<(&'d State, crate::json::NodeId, usize), Refusal> {
    let (_, state) = scene.intact(path)?;
    let array = scene.tree.get(state.node, "Branches").filter(|it| scene.tree.kind(*it) == NodeKind::Array);
    match (&state.kind, array) {
        (StateKind::Parallel { .. }, Some(array)) => Ok((state, array, scene.tree.elements(array).len())),
        (StateKind::Parallel { .. }, None) => refuse(format!("“{}” has no branches yet", state.name)),
        _ => refuse(format!("“{}” has no branches; only a Parallel has", state.name)),
    }
}
