//! The names that an expression may use: workflow variables, the members of `$states` and of the
//! context object.

use crate::asl::{Document, ScopeId, StateKind, StatePath};
use crate::json::NodeId;
use crate::studio::expressions::site::Site;

/// A member of the context object (asl.md 2.8), with what it holds.
pub(super) const CONTEXT: &[(&str, &str)] = &[
    ("Execution", "The execution"),
    ("Execution.Id", "The ARN of the execution"),
    ("Execution.Input", "What the execution was started with"),
    ("Execution.Name", "The name of the execution"),
    ("Execution.RoleArn", "The role in which the execution runs"),
    ("Execution.StartTime", "When the execution began"),
    ("Execution.RedriveCount", "How often the execution was redriven"),
    ("Execution.RedriveTime", "When the execution was last redriven"),
    ("State", "The state at hand"),
    ("State.Name", "The name of the state"),
    ("State.EnteredTime", "When the state was entered"),
    ("State.RetryCount", "How often the state was retried in this visit"),
    ("StateMachine", "The state machine"),
    ("StateMachine.Id", "The ARN of the state machine"),
    ("StateMachine.Name", "The name of the state machine"),
    ("Task", "The task that waits for a token"),
    ("Task.Token", "The token with which a callback answers the task"),
    ("Map", "The Map state around, or at hand"),
    ("Map.Item", "The item of this iteration"),
    ("Map.Item.Index", "The number of the item, from 0"),
    ("Map.Item.Value", "The item itself"),
    ("Map.Item.Key", "The name of the item, when the items are the fields of an object"),
    ("Map.Item.Source", "Where the items come from"),
];

/// The members of the context object below a place: name and help.
pub(super) fn context_members(below: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    CONTEXT.iter().filter_map(move |(path, help)| {
        let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
        (parent == below).then_some((name, *help))
    })
}

/// The members of `$states` that exist at a site: name and help.
pub(super) fn states_members(site: &Site) -> Vec<(&'static str, &'static str)> {
    let mut found = vec![("input", "What came into the state")];
    if site.owner.has_result(&site.field) {
        found.push(("result", "What the call, the branches or the iterations gave"));
    }
    if site.owner.has_error_output(&site.field) {
        found.push(("errorOutput", "The error that was caught: Error and Cause"));
    }
    found.push(("context", "The context object: the execution, the state, the item of a Map"));
    found
}

/// The workflow variables that a state can read: name, and the first state that sets it. In the
/// order of the text, its own scope before those around it.
pub(crate) fn variables(document: &Document, state: &StatePath) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut next = document.state(state).map(|it| it.scope);
    while let Some(scope) = next {
        let ids = document.machine.scope(scope).map(|it| it.states.as_slice()).unwrap_or_default();
        for it in ids.iter().filter_map(|it| document.machine.state(*it)) {
            let rules = match &it.kind {
                StateKind::Choice { rules, .. } => rules.as_slice(),
                _ => &[],
            };
            let inner = it.catch.iter().map(|it| it.node).chain(rules.iter().map(|it| it.node));
            for node in std::iter::once(it.node).chain(inner) {
                for name in assigned(document, node) {
                    if !found.iter().any(|known| known.0 == name) {
                        found.push((name, it.name.clone()));
                    }
                }
            }
        }
        next = outer(document, scope);
    }
    found
}

fn assigned(document: &Document, object: NodeId) -> impl Iterator<Item = String> {
    let fields = document.tree.get(object, "Assign").map(|it| document.tree.members(it));
    let names = fields.unwrap_or_default().iter().map(|it| it.name.strip_suffix(".$").unwrap_or(&it.name));
    names.filter(|it| !it.is_empty()).map(str::to_string)
}

/// The scope around, unless the children are executions of their own, which read no variables.
fn outer(document: &Document, scope: ScopeId) -> Option<ScopeId> {
    let parent = document.machine.state(document.machine.scope(scope)?.parent?)?;
    let is_distributed = matches!(parent.kind, StateKind::Map { distributed: true, .. });
    (!is_distributed).then_some(parent.scope)
}
