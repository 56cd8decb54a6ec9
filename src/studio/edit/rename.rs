//! Another name for a state, everywhere in its scope.

use crate::asl::StatePath;
use crate::json::quote;
use crate::studio::command::Refusal;
use crate::studio::edit::draft::Draft;
use crate::studio::edit::scene::{MAX_NAME_CHARS, Scene};
use crate::studio::edit::{Plan, SelectAfter, refuse};

/// Changes the name and every reference to it. Mocks follow by [`Plan::moved`].
pub(super) fn rename(scene: &Scene, path: &StatePath, name: &str) -> Result<Plan, Refusal> {
    let (id, state) = scene.state(path)?;
    let name = name.trim();
    let n_chars = name.chars().count();
    if name.is_empty() {
        return refuse("A state needs a name");
    }
    if n_chars > MAX_NAME_CHARS {
        return refuse(format!("A name has at most {MAX_NAME_CHARS} characters, this one has {n_chars}"));
    }
    if name != state.name && scene.machine.states.iter().any(|it| it.name == name) {
        return refuse(format!(
            "There is already a state “{name}”; every name stands once in the whole workflow"
        ));
    }
    let scope = scene.scope_of(state)?;
    let mut draft = Draft::new(scene.tree);
    draft.replace(state.key_range, quote(name));
    if scene.machine.resolve(scope, &state.name) == Some(id) {
        for edge in scene.edges(state.scope) {
            if let Some(target) = edge.target.filter(|it| it.name == state.name) {
                draft.replace(target.range, quote(name));
            }
        }
    }
    let new_path = scope.path.state(name);
    Ok(Plan {
        edit: if name == state.name { Default::default() } else { draft.finish()? },
        label: format!("Rename {}", state.name),
        said: format!("Renamed “{}” to “{name}”", state.name),
        preview: format!("Rename “{}” to “{name}”", state.name),
        select: SelectAfter::Same,
        moved: vec![(state.path.clone(), new_path)],
        ..Plan::default()
    })
}
