//! A copy of a state behind it, with names of its own for itself and for everything inside.

use std::collections::{BTreeMap, BTreeSet};

use crate::asl::{Machine, ScopeId, State, StateId, StatePath};
use crate::json::{copy_value_text, parse, quote};
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::relocate::way_on;
use crate::studio::edit::scene::Scene;
use crate::studio::edit::{Plan, SelectAfter};
use crate::text::{TextEdit, TextRange};

/// The copy of a plain state follows it and leads on as it did. The copy of a state with several
/// ways out, or none, stands unconnected.
pub(super) fn duplicate(scene: &Scene, path: &StatePath) -> Result<Plan, Refusal> {
    let (id, state) = scene.intact(path)?;
    let scope = scene.scope_of(state)?;
    let node = scene.states_node(scope)?;
    let mut taken = BTreeSet::new();
    let name = scene.fresh_name(&base_name(&state.name), &mut taken);
    let renames = inner_names(scene, id, &mut taken);
    let text = with_names(scene, state, id, &renames);
    let mut draft = Draft::new(scene.tree);
    draft.object(node, |it| it.insert_text_after(Some(&state.name), &name, &text));
    if let Some(edge) = way_on(scene, id) {
        scene.retarget(&mut draft, &edge, &ConnectTo::State(name.clone()))?;
    }
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Duplicate {}", state.name),
        said: format!("Added “{name}”, a copy of “{}”", state.name),
        preview: format!("Duplicate “{}”", state.name),
        select: SelectAfter::State(scope.path.state(&name)),
        moved: Vec::new(),
    })
}

/// “Wait 2” is copied to “Wait 3”, not to “Wait 2 2”.
fn base_name(name: &str) -> String {
    match name.rsplit_once(' ') {
        Some((base, number)) if !base.is_empty() && number.parse::<u32>().is_ok() => base.to_owned(),
        _ => name.to_owned(),
    }
}

/// New names for the states inside, by their scope.
fn inner_names(
    scene: &Scene,
    outer: StateId,
    taken: &mut BTreeSet<String>,
) -> BTreeMap<(ScopeId, String), String> {
    let mut names = BTreeMap::new();
    for (_, inner) in inner_states(scene.machine, outer) {
        let name = scene.fresh_name(&base_name(&inner.name), taken);
        names.insert((inner.scope, inner.name.clone()), name);
    }
    names
}

/// States stand in text order, those inside another one right after it.
fn inner_states(machine: &Machine, outer: StateId) -> impl Iterator<Item = (StateId, &State)> {
    let end = machine.state(outer).map_or(0, |it| it.range.end);
    let first = outer.0 as usize + 1;
    let states = machine.states.iter().enumerate().skip(first);
    states.take_while(move |(_, it)| it.range.start < end).map(|(idx, it)| (StateId(idx as u32), it))
}

/// The text of a state with other names inside it.
fn with_names(
    scene: &Scene,
    state: &State,
    id: StateId,
    names: &BTreeMap<(ScopeId, String), String>,
) -> String {
    if names.is_empty() {
        return copy_value_text(scene.tree, state.node);
    }
    let mut edit = TextEdit::builder();
    let mut rename = |scope: ScopeId, name: &str, range: TextRange| {
        if let Some(new) = names.get(&(scope, name.to_owned())) {
            edit.replace(range, quote(new));
        }
    };
    let mut scopes = BTreeSet::new();
    for (_, inner) in inner_states(scene.machine, id) {
        rename(inner.scope, &inner.name, inner.key_range);
        scopes.insert(inner.scope);
    }
    for scope in scopes {
        for edge in scene.edges(scope) {
            if let Some(target) = edge.target {
                rename(scope, &target.name, target.range);
            }
        }
    }
    // Only what lies inside the state has changed, so its text can be cut out of the new one.
    let edit = edit.finish();
    let range = edit.map_range(scene.tree.range(state.node));
    let whole = edit.apply(scene.tree.text());
    let tree = parse(whole.as_str());
    match tree.find(state.path.as_str()).filter(|it| tree.range(*it) == range) {
        Some(node) => copy_value_text(&tree, node),
        None => range.slice(&whole).to_owned(),
    }
}
