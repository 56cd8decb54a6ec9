//! The verbs of the canvas and the inspector. Each computes one minimal `TextEdit`, or says in a
//! sentence why it cannot be done; nothing is changed here. One file for each family of verbs.

mod draft;
mod scene;
mod insert;
mod delete;
mod rename;
mod connect;
mod relocate;
mod duplicate;
mod fields;
mod condition;
mod convert;

use crate::asl::{Document, EdgeKey, StatePath};
use crate::studio::command::{Command, Refusal};
use crate::text::TextEdit;

pub(crate) use convert::conversion_refusals;
pub(crate) use scene::Scene;

/// An edit that can be made, and what goes with it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Plan {
    /// Empty when all is as wished already.
    pub edit: TextEdit,
    /// For “Undo …”: a verb phrase such as “Insert Wait”.
    pub label: String,
    /// What was done, in a sentence for the live region.
    pub said: String,
    /// What it would do, in a sentence for a gesture that is not finished.
    pub preview: String,
    pub select: SelectAfter,
    /// Addresses that change: what is selected, marked or remembered there moves along, and so
    /// does everything inside.
    pub moved: Vec<(StatePath, StatePath)>,
}

/// What is selected after an edit.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum SelectAfter {
    /// What was selected, at its new address.
    #[default]
    Same,
    State(StatePath),
    Edge(EdgeKey),
    Nothing,
}

/// The plan for a command that changes the document; `None` for any other command.
pub fn plan(document: &Document, command: &Command) -> Option<Result<Plan, Refusal>> {
    let scene = Scene::new(document);
    Some(match command {
        Command::InsertOnEdge { edge, template } => insert::on_edge(&scene, edge, template),
        Command::AddAfter { state, template } => insert::after(&scene, state, template),
        Command::AddToScope { scope, template } => insert::to_scope(&scene, scope, template),
        Command::AddBranch { state } => insert::branch(&scene, state),
        Command::Delete { state } => delete::delete(&scene, state),
        Command::Rename { state, name } => rename::rename(&scene, state, name),
        Command::Reconnect { edge, target } => connect::reconnect(&scene, edge, target),
        Command::Connect { state, target } => connect::connect(&scene, state, target),
        Command::MoveToEdge { state, edge } => relocate::to_edge(&scene, state, edge),
        Command::MoveToScope { state, scope } => relocate::to_scope(&scene, state, scope),
        Command::MoveEarlier { state } => relocate::earlier(&scene, state),
        Command::MoveLater { state } => relocate::later(&scene, state),
        Command::Duplicate { state } => duplicate::duplicate(&scene, state),
        Command::SetField { owner, field, json } => fields::set(&scene, owner, field, json),
        Command::RemoveField { owner, field } => fields::remove(&scene, owner, field),
        Command::AppendItem { owner, json } => fields::append(&scene, owner, json),
        Command::RemoveItem { owner, idx } => fields::remove_item(&scene, owner, *idx),
        Command::MoveItem { owner, from, to } => fields::move_item(&scene, owner, *from, *to),
        Command::DuplicateItem { owner, idx } => fields::duplicate_item(&scene, owner, *idx),
        Command::SetText { owner, json } => fields::set_text(&scene, owner, json),
        Command::ChangeCondition { owner, change } => condition::change(&scene, owner, change),
        Command::ConvertToJsonata { state } => convert::convert(&scene, state.as_ref()),
        Command::Fix { problem_idx } => fields::fix(&scene, *problem_idx),
        _ => return None,
    })
}

/// The address of something after states have moved or got other names.
pub fn mapped(path: &str, moved: &[(StatePath, StatePath)]) -> Option<String> {
    moved.iter().find_map(|(from, to)| {
        let rest = path.strip_prefix(from.as_str())?;
        (rest.is_empty() || rest.starts_with('/') || rest.starts_with('#')).then(|| format!("{to}{rest}"))
    })
}

pub(crate) fn refuse<T>(sentence: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(sentence.into()))
}
