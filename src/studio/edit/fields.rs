//! Changes made in the inspector: fields of any object, items of any array, and fixes.

use crate::asl::fields::{FieldType, Owner, field};
use crate::json::{
    NodeId, NodeKind, duplicate_element, insert_element, move_element, parse, remove_element, set_value_text,
};
use crate::studio::command::Refusal;
use crate::studio::edit::draft::Draft;
use crate::studio::edit::scene::Scene;
use crate::studio::edit::{Plan, SelectAfter, refuse};
use crate::studio::owner::owner_of;

/// Sets a member to a JSON text. What cannot stand beside it takes its place: `End` for `Next`,
/// `Timestamp` for `Seconds`.
pub(super) fn set(scene: &Scene, owner: &str, name: &str, json: &str) -> Result<Plan, Refusal> {
    let json = checked(json)?;
    if scene.tree.find(owner).is_none() {
        return set_in_new(scene, owner, name, json);
    }
    let object = object_at(scene, owner)?;
    let rivals = rivals(scene, object, name);
    let mut draft = Draft::new(scene.tree);
    draft.object(object, |edit| {
        let present = scene.tree.get(object, name).is_some();
        let (edit, rest) = match (present, rivals.split_first()) {
            (false, Some((first, rest))) => (edit.rename(first, name), rest),
            _ => (edit, rivals.as_slice()),
        };
        let edit = rest.iter().fold(edit, |edit, it| edit.remove(it));
        // A new field comes before the way out, where people look for the end of a state.
        let last =
            scene.tree.members(object).last().map(|it| &*it.name).filter(|it| matches!(*it, "Next" | "End"));
        match value_of(json) {
            // A new object or list that was given on one line is set as the text around it.
            Ok(value) if !present && rivals.is_empty() && is_plain_container(&value, json) => {
                edit.insert_before(last, name, &value)
            }
            _ => edit.insert_text_before(last, name, json),
        }
    });
    plan(draft, &format!("Set {name}"), &format!("Set {name}{}", in_words(scene, owner)))
}

/// It can be written anew without losing how it was spelled.
fn is_plain_container(value: &serde_json::Value, json: &str) -> bool {
    let is_container = value.is_object() || value.is_array();
    is_container && !json.contains('\n') && format!("{value}") == json
}

/// Sets the first member of an object that is not there yet, for instance the mode of a Map without
/// ProcessorConfig. It becomes the first member of what holds it, as AWS writes it.
fn set_in_new(scene: &Scene, owner: &str, name: &str, json: &str) -> Result<Plan, Refusal> {
    let (parent, member) = owner.rsplit_once('/').unwrap_or(("", owner));
    let object = object_at(scene, parent)?;
    // A state that was deleted meanwhile must not come back by a field of it.
    let row = owner_of(scene.document, object).and_then(|it| field(it, &crate::asl::names::unescape(member)));
    if !row.is_some_and(|it| matches!(it.field_type, FieldType::Group(_))) {
        return refuse("This part of the definition is not there any more");
    }
    let value = serde_json::Value::Object([(name.to_owned(), value_of(json)?)].into_iter().collect());
    let mut draft = Draft::new(scene.tree);
    draft.object(object, |it| it.insert_after(None, &crate::asl::names::unescape(member), &value));
    plan(draft, &format!("Set {name}"), &format!("Set {name}{}", in_words(scene, parent)))
}

/// Gives an object another text.
pub(super) fn set_text(scene: &Scene, owner: &str, json: &str) -> Result<Plan, Refusal> {
    let json = checked(json)?;
    let object = object_at(scene, owner)?;
    let tree = parse(json);
    if tree.kind(tree.root()) != NodeKind::Object {
        return refuse("An object is needed here, in braces: { … }");
    }
    let mut draft = Draft::new(scene.tree);
    draft.add(set_value_text(scene.tree, object, json));
    plan(draft, "Edit definition", &format!("Changed the definition{}", in_words(scene, owner)))
}

/// Puts a copy of an item behind it.
pub(super) fn duplicate_item(scene: &Scene, owner: &str, idx: usize) -> Result<Plan, Refusal> {
    let array = array_at(scene, owner)?;
    if idx >= scene.tree.elements(array).len() {
        return refuse(format!("{} has no item {}", last_name(owner), idx + 1));
    }
    let what = item_word(owner);
    let mut draft = Draft::new(scene.tree);
    draft.add(duplicate_element(scene.tree, array, idx));
    plan(
        draft,
        &format!("Duplicate {what}"),
        &format!("Duplicated {what} {}{}", idx + 1, in_words(scene, owner)),
    )
}

/// Removes a member.
pub(super) fn remove(scene: &Scene, owner: &str, name: &str) -> Result<Plan, Refusal> {
    let object = object_at(scene, owner)?;
    if scene.tree.get(object, name).is_none() {
        return refuse(format!("{name} is not set"));
    }
    let mut draft = Draft::new(scene.tree);
    draft.object(object, |it| it.remove(name));
    plan(draft, &format!("Remove {name}"), &format!("Removed {name}{}", in_words(scene, owner)))
}

/// Adds to the end of an array, which is made when it is not there yet.
pub(super) fn append(scene: &Scene, owner: &str, json: &str) -> Result<Plan, Refusal> {
    let json = checked(json)?;
    let value = value_of(json)?;
    let mut draft = Draft::new(scene.tree);
    match scene.tree.find(owner) {
        Some(array) if scene.tree.kind(array) == NodeKind::Array => {
            whole(scene, array)?;
            let idx = scene.tree.elements(array).len();
            draft.add(insert_element(scene.tree, array, idx, &value));
        }
        Some(_) => return refuse(format!("{} is not a list", last_name(owner))),
        None => {
            let (parent, name) = owner.rsplit_once('/').unwrap_or(("", owner));
            let object = object_at(scene, parent)?;
            let list = serde_json::Value::Array(vec![value]);
            draft.object(object, |it| it.set(&crate::asl::names::unescape(name), &list));
        }
    }
    let what = item_word(owner);
    plan(draft, &format!("Add {what}"), &format!("Added {what}{}", in_words(scene, owner)))
}

/// Removes an item; with the last one a list goes that may be left out.
pub(super) fn remove_item(scene: &Scene, owner: &str, idx: usize) -> Result<Plan, Refusal> {
    let array = array_at(scene, owner)?;
    let n_items = scene.tree.elements(array).len();
    if idx >= n_items {
        return refuse(format!("{} has no item {}", last_name(owner), idx + 1));
    }
    let what = item_word(owner);
    let mut draft = Draft::new(scene.tree);
    match (n_items, scene.tree.parent(array)) {
        (1, Some(parent)) if matches!(last_name(owner).as_str(), "Retry" | "Catch") => {
            draft.object(parent, |it| it.remove(&last_name(owner)));
        }
        _ => {
            draft.add(remove_element(scene.tree, array, idx));
        }
    }
    plan(draft, &format!("Remove {what}"), &format!("Removed {what} {}{}", idx + 1, in_words(scene, owner)))
}

/// Moves an item to another place in its list.
pub(super) fn move_item(scene: &Scene, owner: &str, from: usize, to: usize) -> Result<Plan, Refusal> {
    let array = array_at(scene, owner)?;
    let n_items = scene.tree.elements(array).len();
    if from >= n_items || to >= n_items {
        return refuse(format!("{} has only {n_items} items", last_name(owner)));
    }
    let mut draft = Draft::new(scene.tree);
    draft.add(move_element(scene.tree, array, from, to));
    let what = item_word(owner);
    plan(draft, &format!("Move {what}"), &format!("Moved {what} {} to place {}", from + 1, to + 1))
}

/// A change that mends a problem.
pub(super) fn fix(scene: &Scene, problem_idx: usize, fix_idx: usize) -> Result<Plan, Refusal> {
    let Some(problem) = scene.document.diagnostics.get(problem_idx) else {
        return refuse("This problem is not there any more");
    };
    let Some(fix) = problem.fixes.get(fix_idx) else {
        return refuse("There is no quick fix for this problem");
    };
    Ok(Plan {
        edit: fix.edit.clone(),
        label: fix.label.clone(),
        said: format!("Done: {}", fix.label),
        preview: fix.label.clone(),
        select: SelectAfter::Same,
        ..Plan::default()
    })
}

pub(super) fn plan(draft: Draft, label: &str, said: &str) -> Result<Plan, Refusal> {
    Ok(Plan {
        edit: draft.finish()?,
        label: label.to_owned(),
        said: said.to_owned(),
        preview: label.to_owned(),
        ..Plan::default()
    })
}

/// JSON text as it may stand in the document.
fn checked(json: &str) -> Result<&str, Refusal> {
    let json = json.trim();
    let tree = parse(json);
    match tree.errors().first() {
        None if !json.is_empty() => Ok(json),
        Some(error) if !json.is_empty() => refuse(format!("This is not JSON: {}", error.message)),
        _ => refuse("A JSON value is needed here, for instance \"text\", 5 or {}"),
    }
}

fn value_of(json: &str) -> Result<serde_json::Value, Refusal> {
    let tree = parse(json);
    Ok(crate::json::value(&tree, tree.root()))
}

pub(super) fn object_at(scene: &Scene, pointer: &str) -> Result<NodeId, Refusal> {
    match scene.tree.find(pointer) {
        Some(node) if scene.tree.kind(node) == NodeKind::Object => {
            whole(scene, node)?;
            Ok(node)
        }
        Some(_) => refuse(format!("{} is not an object", last_name(pointer))),
        None => refuse("This part of the definition is not there any more"),
    }
}

fn array_at(scene: &Scene, pointer: &str) -> Result<NodeId, Refusal> {
    match scene.tree.find(pointer) {
        Some(node) if scene.tree.kind(node) == NodeKind::Array => {
            whole(scene, node)?;
            Ok(node)
        }
        Some(_) => refuse(format!("{} is not a list", last_name(pointer))),
        None => refuse("This list is not there any more"),
    }
}

/// The object itself must be whole; damage elsewhere, or in states inside it, does no harm.
fn whole(scene: &Scene, node: NodeId) -> Result<(), Refusal> {
    let range = scene.tree.range(node);
    if !scene.tree.is_broken(node) {
        return Ok(());
    }
    let owner = scene.document.state_at(range.start).and_then(|it| scene.document.state(&it).cloned());
    match owner {
        Some(state) if state.broken => scene.whole(&state),
        // The machine and other scopes hold damaged states and can be changed all the same.
        _ => Ok(()),
    }
}

/// The members that cannot stand beside this one.
fn rivals(scene: &Scene, object: NodeId, name: &str) -> Vec<String> {
    let here = |it: &str| it != name && scene.tree.get(object, it).is_some();
    if matches!(name, "Next" | "End") {
        let rival = if name == "Next" { "End" } else { "Next" };
        let is_state = matches!(owner_of(scene.document, object), Some(Owner::State(_)));
        return [rival].into_iter().filter(|it| is_state && here(it)).map(str::to_owned).collect();
    }
    let Some(owner) = owner_of(scene.document, object) else { return Vec::new() };
    let Some(group) = field(owner, name).and_then(|it| it.exclusive_group) else { return Vec::new() };
    let members = scene.tree.members(object).iter().map(|it| it.name.to_string());
    members
        .filter(|it| here(it) && field(owner, it).is_some_and(|row| row.exclusive_group == Some(group)))
        .collect()
}

fn last_name(pointer: &str) -> String {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    if name.is_empty() { "The definition".to_owned() } else { crate::asl::names::unescape(name) }
}

fn item_word(owner: &str) -> &'static str {
    match last_name(owner).as_str() {
        "Retry" => "retrier",
        "Catch" => "catcher",
        "Choices" => "rule",
        "And" | "Or" => "condition",
        "ErrorEquals" => "error name",
        "Branches" => "branch",
        _ => "item",
    }
}

/// “ of “Wait”” for a place in a state.
pub(super) fn in_words(scene: &Scene, pointer: &str) -> String {
    let node = scene.tree.find(pointer);
    let state = node.and_then(|it| scene.document.state_at(scene.tree.range(it).start + 1));
    state.map(|it| format!(" of “{}”", it.name())).unwrap_or_default()
}
