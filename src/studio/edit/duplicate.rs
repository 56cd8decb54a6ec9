//! Copies of states behind them, with names of their own for themselves and for everything inside.

use crate::asl::{StateId, StatePath};
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::group::Group;
use crate::studio::edit::relocate::way_on;
use crate::studio::edit::scene::{Exit, Scene};
use crate::studio::edit::take::Taking;
use crate::studio::edit::{Plan, SelectAfter};

/// The copy of a plain state follows it and leads on as it did. The copy of a state with several
/// ways out, or none, stands unconnected.
pub(super) fn duplicate(scene: &Scene, path: &StatePath) -> Result<Plan, Refusal> {
    let (id, state) = scene.intact(path)?;
    let scope = scene.scope_of(state)?;
    let node = scene.states_node(scope)?;
    let mut taking = Taking::new(scene, &[(id, state)]);
    // References of a state to itself stay: the copy leads on as the original does.
    taking.rename_apart(&mut scene.names());
    let mut draft = Draft::new(scene.tree);
    let name = taking.name_of(state);
    for (name, text) in taking.finish()? {
        draft.object(node, |it| it.insert_text_after(Some(&state.name), &name, &text));
    }
    if let Some(edge) = way_on(scene, id) {
        scene.retarget(&mut draft, &edge, &ConnectTo::State(name.clone()))?;
    }
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Duplicate {}", state.name),
        said: format!("Added “{name}”, a copy of “{}”", state.name),
        preview: format!("Duplicate “{}”", state.name),
        select: SelectAfter::State(scope.path.state(&name)),
        ..Plan::default()
    })
}

/// Copies of several states, connected with each other as the originals are. Where these have one
/// beginning and one way on the copies stand there; else unconnected.
pub(super) fn duplicate_states(scene: &Scene, states: &[StatePath]) -> Result<Plan, Refusal> {
    let group = Group::of(scene, states)?;
    if let [(_, only)] = group.members.as_slice() {
        return duplicate(scene, &only.path);
    }
    let node = scene.states_node(group.scope)?;
    let mut taking = Taking::new(scene, &group.members);
    taking.rename(&mut scene.names());
    let names: Vec<String> = group.members.iter().map(|(_, it)| taking.name_of(it)).collect();
    let mut draft = Draft::new(scene.tree);
    // The way on of the originals leads to the copies, which lead on as the originals did.
    if let (Ok(entry), Ok(Exit::To(_) | Exit::Ends)) = (group.entry(scene), group.way_on(scene)) {
        let to = ConnectTo::State(taking.name_of(entry));
        let is_terminal = |id: StateId| way_on(scene, id).is_none();
        if !group.exits.iter().filter_map(|it| it.source).any(is_terminal) {
            for exit in &group.exits {
                scene.retarget(&mut draft, exit, &to)?;
            }
        }
    }
    let mut after = group.members.last().map(|(_, it)| it.name.clone());
    for (name, text) in taking.finish()? {
        draft.object(node, |it| it.insert_text_after(after.as_deref(), &name, &text));
        after = Some(name);
    }
    let what = group.words();
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Duplicate {}", group.label()),
        said: format!("Added copies of {what}"),
        preview: format!("Duplicate {what}"),
        select: SelectAfter::States(names.iter().map(|it| group.scope.path.state(it)).collect()),
        ..Plan::default()
    })
}
