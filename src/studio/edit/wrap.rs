//! Putting states into a Parallel or Map of their own, and taking them out of it again.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::asl::{QueryLanguage, ScopePath, State, StateKind, StatePath, StateType};
use crate::json::Style;
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::group::Group;
use crate::studio::edit::scene::{Exit, Scene, fresh_in};
use crate::studio::edit::take::{NamedText, Taking, framed, inner_states};
use crate::studio::edit::variables::read_outside;
use crate::studio::edit::{Plan, SelectAfter, refuse};
use crate::text::TextEdit;

/// The states become the only branch of a new Parallel, which gives what they gave.
pub(super) fn in_parallel(scene: &Scene, states: &[StatePath]) -> Result<Plan, Refusal> {
    wrap(scene, states, StateType::Parallel)
}

/// The states become the body of a new Map.
pub(super) fn in_map(scene: &Scene, states: &[StatePath]) -> Result<Plan, Refusal> {
    wrap(scene, states, StateType::Map)
}

fn wrap(scene: &Scene, states: &[StatePath], wrapper: StateType) -> Result<Plan, Refusal> {
    let group = Group::of(scene, states)?;
    let (entry, exit) = (group.entry(scene)?, group.way_on(scene)?);
    if let Some((variable, state)) = read_outside(scene, &group) {
        return refuse(format!(
            "“{}” sets the variable “{variable}”, which is read outside; what a {} sets stays inside, so select its readers too",
            state.name,
            wrapper.as_str()
        ));
    }
    let mut taken = scene.names();
    let name = fresh_in(&mut taken, wrapper.as_str());
    let mut taking = Taking::new(scene, &group.members);
    taking.lead(&group.exits, &ConnectTo::End, &mut taken)?;
    let body = json!({ "StartAt": entry.name, "States": {} });
    let mut frame = Map::new();
    frame.insert("Type".to_owned(), Value::from(wrapper.as_str()));
    let place = match wrapper {
        StateType::Map => {
            let mut processor = json!({ "ProcessorConfig": { "Mode": "INLINE" } });
            if let (Some(processor), Value::Object(body)) = (processor.as_object_mut(), body) {
                processor.extend(body);
            }
            frame.insert("ItemProcessor".to_owned(), processor);
            "ItemProcessor"
        }
        _ => {
            frame.insert("Branches".to_owned(), json!([body]));
            // A Parallel gives a list of what its branches gave.
            let (field, value) = match scene.machine.language {
                QueryLanguage::JsonPath => ("OutputPath", "$[0]"),
                QueryLanguage::Jsonata => ("Output", "{% $states.result[0] %}"),
            };
            frame.insert(field.to_owned(), Value::from(value));
            "Branches/0"
        }
    };
    put_exit(&mut frame, &exit);
    let title = wrapper.as_str();
    let body = ScopePath::new(format!("{}/{place}", group.scope.path.state(&name)));
    let wrapper = (name, Value::Object(frame));
    let edit = replace_group(scene, &group, wrapper.clone(), &format!("/{place}/States"), taking.finish()?)?;
    let what = group.words();
    Ok(Plan {
        edit,
        label: format!("Wrap in {title}"),
        said: format!("Put {what} into “{}”", wrapper.0),
        preview: format!("Put {what} into a {title}"),
        select: SelectAfter::State(group.scope.path.state(&wrapper.0)),
        moved: group.members.iter().map(|(_, it)| (it.path.clone(), body.state(&it.name))).collect(),
        ..Plan::default()
    })
}

/// One state in the place of several: whatever led to these leads to it.
pub(super) fn replace_group(
    scene: &Scene,
    group: &Group,
    (name, frame): (String, Value),
    pointer: &str,
    states: Vec<NamedText>,
) -> Result<TextEdit, Refusal> {
    let node = scene.states_node(group.scope)?;
    let style = Style::near(scene.tree, node);
    let text = framed(&style, &frame, pointer, &states);
    let gone: Vec<&str> = group.members.iter().map(|(_, it)| it.name.as_str()).collect();
    let mut draft = Draft::new(scene.tree);
    draft.object(node, |it| it.insert_text_before(gone.first().copied(), &name, &text).remove_all(&gone));
    for edge in &group.entries {
        scene.retarget(&mut draft, edge, &ConnectTo::State(name.clone()))?;
    }
    draft.finish()
}

/// `Next`, or `End` where nothing follows.
pub(super) fn put_exit(state: &mut Map<String, Value>, exit: &Exit) {
    match exit {
        Exit::To(name) => state.insert("Next".to_owned(), Value::from(name.as_str())),
        Exit::Ends | Exit::Open => state.insert("End".to_owned(), Value::from(true)),
    };
}

/// The states inside a Map, or a Parallel of one branch, take its place. Several branches get the
/// same input each, so one after the other they would mean something else.
pub(super) fn unwrap(scene: &Scene, path: &StatePath) -> Result<Plan, Refusal> {
    let (_, state) = scene.intact(path)?;
    let body = match &state.kind {
        StateKind::Parallel { branches } => match branches.as_slice() {
            [only] => *only,
            [] => return refuse(format!("“{}” has no branch yet; delete it instead", state.name)),
            several => {
                return refuse(format!(
                    "“{}” has {} branches that get the same input at the same time; remove branches until one is left",
                    state.name,
                    several.len()
                ));
            }
        },
        StateKind::Map { processor: Some(body), .. } => *body,
        StateKind::Map { .. } => {
            return refuse(format!("“{}” has nothing inside yet; delete it instead", state.name));
        }
        _ => return refuse(format!("“{}” holds no states; only a Parallel or a Map does", state.name)),
    };
    for field in ["Retry", "Catch"] {
        if scene.tree.get(state.node, field).is_some_and(|it| !scene.tree.elements(it).is_empty()) {
            return refuse(format!(
                "“{}” has a {field} for everything inside; remove it, or move it to a state inside first",
                state.name
            ));
        }
    }
    let Some(scope) = scene.machine.scope(body) else {
        return refuse("This branch or body is not there any more");
    };
    let inside: Vec<StatePath> =
        scope.states.iter().filter_map(|it| scene.machine.state(*it)).map(|it| it.path.clone()).collect();
    if inside.is_empty() {
        return refuse(format!("“{}” has nothing inside yet; delete it instead", state.name));
    }
    let (id, _) = scene.state(path)?;
    let n_inside = inner_states(scene.machine, id).count();
    let stays = scene.machine.states.iter().enumerate().filter(|(idx, _)| {
        // States inside stand in one stretch behind the one around them.
        let first_gone = id.0 as usize + 1;
        !(first_gone..first_gone + n_inside).contains(idx)
    });
    let mut taken = stays.map(|(_, it)| it.name.clone()).collect();
    let edit = replace_by(scene, state, scene, &inside, None, &mut taken)?;
    let lost = lost_fields(scene, state);
    let said = match lost.is_empty() {
        true => format!("Took the states of “{}” out of it", state.name),
        false => {
            format!("Took the states of “{}” out of it; its {} went with it", state.name, lost.join(", "))
        }
    };
    Ok(Plan {
        edit: edit.edit,
        label: format!("Unwrap {}", state.name),
        said,
        preview: format!("Take the states of “{}” out of it", state.name),
        select: SelectAfter::States(edit.paths.iter().map(|(_, it)| it.clone()).collect()),
        moved: edit.paths,
        ..Plan::default()
    })
}

/// The fields of a container that say something about data or manner, and go with it.
fn lost_fields(scene: &Scene, state: &State) -> Vec<String> {
    let is_frame = |it: &str| {
        matches!(
            it,
            "Type" | "Branches" | "ItemProcessor" | "Iterator" | "Next" | "End" | "Comment" | "QueryLanguage"
        )
    };
    let names = scene.tree.members(state.node).iter().map(|it| it.name.to_string());
    names.filter(|it| !is_frame(it)).collect()
}

/// States in the place of one state.
pub(super) struct Replaced {
    pub(super) edit: TextEdit,
    /// Old and new addresses; of states of another document the old ones mean nothing.
    pub(super) paths: Vec<(StatePath, StatePath)>,
}

/// Puts all states of a scope, of this or another document, in the place of a state. What led to
/// the state leads to the first of them, what ended the scope leads on as the state did.
pub(super) fn replace_by(
    scene: &Scene,
    state: &State,
    source: &Scene,
    inside: &[StatePath],
    say_language: Option<QueryLanguage>,
    taken: &mut BTreeSet<String>,
) -> Result<Replaced, Refusal> {
    let group = Group::of(source, inside)?;
    let entry = group.entry(source)?;
    let mut taking = Taking::new(source, &group.members);
    taken.insert(state.name.clone());
    taking.rename(taken);
    if let Some(language) = say_language {
        taking.say_language(language);
    }
    let mut first = taking.name_of(entry);
    if let Exit::To(next) = scene.exit(state)? {
        // Whoever leads back to itself leads back to the first one now.
        let next = if next == state.name { first.clone() } else { next };
        taking.lead(&group.exits, &ConnectTo::State(next.clone()), taken)?;
        if taking.lead_succeeds_on(&next)?.contains(&entry.name.as_str()) {
            first = next;
        }
    }
    let paths = taking.new_names();
    let scope = scene.scope_of(state)?;
    let node = scene.states_node(scope)?;
    let mut draft = Draft::new(scene.tree);
    let texts = taking.finish()?;
    draft.object(node, |edit| {
        let edit = texts
            .iter()
            .fold(edit, |edit, (name, text)| edit.insert_text_before(Some(&state.name), name, text));
        edit.remove(&state.name)
    });
    let (id, _) = scene.state(&state.path)?;
    for edge in scene.references(id) {
        scene.retarget(&mut draft, &edge, &ConnectTo::State(first.clone()))?;
    }
    let paths = paths.into_iter().map(|(old, new)| (old, scope.path.state(&new))).collect();
    Ok(Replaced { edit: draft.finish()?, paths })
}
