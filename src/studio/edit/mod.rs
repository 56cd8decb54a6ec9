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
mod group;
mod take;
mod several;
mod move_several;
mod variables;
mod wrap;
mod branches;
mod fragment;
mod clipboard;
mod child;
pub mod operation;
mod fields;
mod condition;
mod convert;
mod layout;
mod conflict;

use crate::asl::{Document, EdgeKey, StatePath};
use crate::studio::command::{Command, Refusal};
use crate::text::TextEdit;

pub(crate) use convert::conversion_refusals;
pub use operation::{operation, operations_help};
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
    /// What goes to the clipboard.
    pub copy: Option<String>,
    /// A state machine that the document calls from now on.
    pub child: Option<Child>,
}

/// The definition of a state machine that a Task starts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Child {
    pub arn: String,
    pub text: String,
}

/// What is selected after an edit.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum SelectAfter {
    /// What was selected, at its new address.
    #[default]
    Same,
    State(StatePath),
    /// Several, the primary one last.
    States(Vec<StatePath>),
    Edge(EdgeKey),
    Nothing,
}

/// The plan for a command that changes the document or hands out a part of it; `None` for any other
/// command.
pub fn plan(document: &Document, command: &Command) -> Option<Result<Plan, Refusal>> {
    plan_with(document, &|_| None, command)
}

/// Like `plan`, where the definitions of other state machines are known by their ARN.
pub fn plan_with(
    document: &Document,
    machines: &dyn Fn(&str) -> Option<String>,
    command: &Command,
) -> Option<Result<Plan, Refusal>> {
    let scene = Scene::new(document);
    let plan = match command {
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
        Command::AddBefore { state, template } => insert::before(&scene, state, template),
        Command::AddToChoice { state, template } => insert::to_choice(&scene, state, template),
        Command::DeleteStates { states } => several::delete_states(&scene, states),
        Command::DuplicateStates { states } => duplicate::duplicate_states(&scene, states),
        Command::CopyStates { states } => clipboard::copy(&scene, states),
        Command::CutStates { states } => clipboard::cut(&scene, states),
        Command::Paste { text, at } => clipboard::paste(&scene, text, at),
        Command::MoveStates { states, edge } => move_several::move_states(&scene, states, edge),
        Command::MoveStatesToScope { states, scope } => {
            move_several::move_states_to_scope(&scene, states, scope)
        }
        Command::WrapInParallel { states } => wrap::in_parallel(&scene, states),
        Command::WrapInMap { states } => wrap::in_map(&scene, states),
        Command::Unwrap { state } => wrap::unwrap(&scene, state),
        Command::ExtractToChild { states, name } => child::extract(&scene, machines, states, name),
        Command::InlineChild { state } => child::inline(&scene, machines, state),
        Command::AddRule { state } => branches::add_rule(&scene, state),
        Command::RemoveRule { state, idx } => branches::remove_rule(&scene, state, *idx),
        Command::MoveRule { state, from, to } => branches::move_rule(&scene, state, *from, *to),
        Command::RemoveBranch { state, idx } => branches::remove_branch(&scene, state, *idx),
        Command::MoveBranch { state, from, to } => branches::move_branch(&scene, state, *from, *to),
        Command::SetField { owner, field, json } => fields::set(&scene, owner, field, json),
        Command::RemoveField { owner, field } => fields::remove(&scene, owner, field),
        Command::AppendItem { owner, json } => fields::append(&scene, owner, json),
        Command::RemoveItem { owner, idx } => fields::remove_item(&scene, owner, *idx),
        Command::MoveItem { owner, from, to } => fields::move_item(&scene, owner, *from, *to),
        Command::DuplicateItem { owner, idx } => fields::duplicate_item(&scene, owner, *idx),
        Command::SetText { owner, json } => fields::set_text(&scene, owner, json),
        Command::ChangeCondition { owner, change } => condition::change(&scene, owner, change),
        Command::ConvertToJsonata { state } => convert::convert(&scene, state.as_ref()),
        Command::Format => layout::lay_out(&scene),
        Command::Fix { problem_idx, fix_idx } => fields::fix(&scene, *problem_idx, *fix_idx),
        Command::Choose { command, .. } => return plan_with(document, machines, command),
        _ => return None,
    };
    Some(plan.and_then(|it| conflict::spared(&scene, command, it)))
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
