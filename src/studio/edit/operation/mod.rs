//! Editing commands as JSON, for the command line: `{"op":"rename","state":"A","to":"B"}`. One row
//! for each operation says what it takes; every command of the editor that changes the text has one.
//!
//! A state is its name, or its JSON Pointer where several scopes have one of that name. A
//! connection is the pointer of the member that states it, or `{"from":"A","to":"B"}`. A scope is
//! its pointer, empty for the machine, or the name of a Map or Parallel, with `branch` for
//! another one than the first. What lies inside a state is meant by `at`, a pointer from there on,
//! and by `rule` for a rule of a Choice; `owner` is the pointer of anything. Everything is counted
//! from 0. `to` is a name, or null for the end.

mod reading;

use serde_json::Value;

use crate::asl::Document;
use crate::asl::names::nearest;
use crate::studio::command::{Command, ConditionChange, PasteAt, Refusal, Template};
use crate::studio::edit::operation::reading::Reading;
use crate::studio::edit::refuse;
use crate::studio::palette::PALETTE;

/// One operation: its name, the members that it takes besides `op`, and how it becomes a command.
struct Row {
    op: &'static str,
    takes: &'static [&'static str],
    command: fn(&Reading) -> Result<Command, Refusal>,
}

const fn op(
    op: &'static str,
    takes: &'static [&'static str],
    command: fn(&Reading) -> Result<Command, Refusal>,
) -> Row {
    Row { op, takes, command }
}

const ONE: &[&str] = &["state"];
const SOME: &[&str] = &["state", "states"];
const CONDITION: &[&str] = &["state", "rule", "at", "owner"];
const HANDLER: &[&str] = &["state", "idx"];
const HANDLER_TO: &[&str] = &["state", "from", "to"];

const OPERATIONS: &[Row] = &[
    // States and connections.
    op("insert", &["template", "after", "before", "edge", "scope", "branch", "choice"], insert),
    op("delete", SOME, |it| {
        it.one_or_more(|state| Command::Delete { state }, |states| Command::DeleteStates { states })
    }),
    op("rename", &["state", "to"], |it| {
        Ok(Command::Rename { state: it.state("state")?, name: it.text("to")? })
    }),
    op("duplicate", SOME, |it| {
        it.one_or_more(|state| Command::Duplicate { state }, |states| Command::DuplicateStates { states })
    }),
    op("cut", SOME, |it| Ok(Command::CutStates { states: it.states()? })),
    op("paste", &["text", "value", "after", "edge", "scope", "branch"], paste),
    op("connect", &["state", "to"], |it| {
        Ok(Command::Connect { state: it.state("state")?, target: it.target()? })
    }),
    op("reconnect", &["edge", "to"], |it| Ok(Command::Reconnect { edge: it.edge()?, target: it.target()? })),
    op("move", &["state", "states", "edge", "scope", "branch"], move_to),
    op("move-earlier", ONE, |it| Ok(Command::MoveEarlier { state: it.state("state")? })),
    op("move-later", ONE, |it| Ok(Command::MoveLater { state: it.state("state")? })),
    op("wrap", &["state", "states", "in"], wrap),
    op("unwrap", ONE, |it| Ok(Command::Unwrap { state: it.state("state")? })),
    op("extract", &["state", "states", "name"], |it| {
        Ok(Command::ExtractToChild { states: it.states()?, name: it.text("name")? })
    }),
    op("inline", ONE, |it| Ok(Command::InlineChild { state: it.state("state")? })),
    op("add-branch", ONE, |it| Ok(Command::AddBranch { state: it.state("state")? })),
    op("remove-branch", &["state", "branch"], |it| {
        Ok(Command::RemoveBranch { state: it.state("state")?, idx: it.index("branch")? })
    }),
    op("move-branch", &["state", "from", "to"], |it| {
        Ok(Command::MoveBranch { state: it.state("state")?, from: it.index("from")?, to: it.index("to")? })
    }),
    // Rules of a Choice and what they ask for.
    op("add-rule", &["state", "value"], |it| match it.has("value") {
        true => Ok(Command::AppendItem { owner: it.list_of_state("Choices")?, json: it.json("value")? }),
        false => Ok(Command::AddRule { state: it.state("state")? }),
    }),
    op("remove-rule", &["state", "rule"], |it| {
        Ok(Command::RemoveRule { state: it.state("state")?, idx: it.index("rule")? })
    }),
    op("move-rule", &["state", "from", "to"], |it| {
        Ok(Command::MoveRule { state: it.state("state")?, from: it.index("from")?, to: it.index("to")? })
    }),
    op("test-with", &["state", "rule", "at", "owner", "operator"], |it| {
        it.condition(ConditionChange::Operator(it.text("operator")?))
    }),
    op("add-condition", &["state", "rule", "at", "owner", "in"], |it| {
        it.condition(ConditionChange::Add(if it.has("in") { it.text("in")? } else { "And".to_owned() }))
    }),
    op("wrap-condition", &["state", "rule", "at", "owner", "in"], |it| {
        it.condition(ConditionChange::Wrap(it.text("in")?))
    }),
    op("unwrap-condition", CONDITION, |it| it.condition(ConditionChange::Unwrap)),
    op("duplicate-condition", CONDITION, |it| it.condition(ConditionChange::Duplicate)),
    op("remove-condition", CONDITION, |it| it.condition(ConditionChange::Remove)),
    op("move-condition", &["state", "rule", "at", "owner", "to"], move_condition),
    // Retriers and catchers.
    op("add-retry", &["state", "errors", "value"], |it| it.handler("Retry")),
    op("remove-retry", HANDLER, |it| remove_item(it, it.list_of_state("Retry")?)),
    op("move-retry", HANDLER_TO, |it| move_item(it, it.list_of_state("Retry")?)),
    op("add-catch", &["state", "errors", "to", "value"], |it| it.handler("Catch")),
    op("remove-catch", HANDLER, |it| remove_item(it, it.list_of_state("Catch")?)),
    op("move-catch", HANDLER_TO, |it| move_item(it, it.list_of_state("Catch")?)),
    // Any field of anything.
    op("set", &["state", "rule", "at", "owner", "field", "value"], |it| {
        Ok(Command::SetField { owner: it.owner()?, field: it.text("field")?, json: it.json("value")? })
    }),
    op("remove-field", &["state", "rule", "at", "owner", "field"], |it| {
        Ok(Command::RemoveField { owner: it.owner()?, field: it.text("field")? })
    }),
    op("append", &["state", "rule", "at", "owner", "field", "value"], |it| {
        Ok(Command::AppendItem { owner: it.list()?, json: it.json("value")? })
    }),
    op("remove-item", &["state", "rule", "at", "owner", "field", "idx"], |it| remove_item(it, it.list()?)),
    op("move-item", &["state", "rule", "at", "owner", "field", "from", "to"], |it| move_item(it, it.list()?)),
    op("duplicate-item", &["state", "rule", "at", "owner", "field", "idx"], |it| {
        Ok(Command::DuplicateItem { owner: it.list()?, idx: it.index("idx")? })
    }),
    op("replace", &["state", "rule", "at", "owner", "value", "text"], |it| {
        Ok(Command::SetText { owner: it.owner()?, json: it.spelled()? })
    }),
    // The machine.
    op("set-machine", &["field", "value"], |it| {
        Ok(Command::SetField { owner: String::new(), field: it.setting()?, json: it.json("value")? })
    }),
    op("unset-machine", &["field"], |it| {
        Ok(Command::RemoveField { owner: String::new(), field: it.setting()? })
    }),
    op("to-jsonata", ONE, |it| {
        let state = it.has("state").then(|| it.state("state")).transpose()?;
        Ok(Command::ConvertToJsonata { state })
    }),
    op("fix", &["problem", "fix"], |it| {
        let fix_idx = if it.has("fix") { it.index("fix")? } else { 0 };
        Ok(Command::Fix { problem_idx: it.index("problem")?, fix_idx })
    }),
    op("format", &[], |_| Ok(Command::Format)),
];

fn takes(row: &Row) -> String {
    if row.takes.is_empty() { "nothing else".to_owned() } else { row.takes.join(", ") }
}

/// Every operation with the members that it takes, a line each.
pub fn operations_help() -> String {
    let line = |it: &Row| format!("  {:20} {}\n", it.op, it.takes.join(", "));
    OPERATIONS.iter().map(line).collect()
}

/// The command that a JSON object asks for. A refusal says what is missing or unknown.
pub fn operation(json: &Value, document: &Document) -> Result<Command, Refusal> {
    let Value::Object(members) = json else {
        return refuse(r#"An operation is a JSON object, for instance {"op":"rename","state":"A","to":"B"}"#);
    };
    let names = || OPERATIONS.iter().map(|it| it.op);
    let all = || names().collect::<Vec<_>>().join(", ");
    let Some(name) = members.get("op").and_then(Value::as_str) else {
        return refuse(format!("An operation needs a name as its “op”, one of {}", all()));
    };
    let Some(row) = OPERATIONS.iter().find(|it| it.op == name) else {
        let meant = nearest(name, names()).map(|it| format!(", but “{it}”")).unwrap_or_default();
        return refuse(format!("There is no operation “{name}”{meant}; there are {}", all()));
    };
    if let Some(other) = members.keys().find(|it| *it != "op" && !row.takes.contains(&it.as_str())) {
        return refuse(format!("“{name}” takes no “{other}”; it takes {}", takes(row)));
    }
    (row.command)(&Reading { op: row.op, members, document })
}

fn insert(it: &Reading) -> Result<Command, Refusal> {
    let template = template(&it.text("template")?)?;
    if it.has("after") {
        return Ok(Command::AddAfter { state: it.state("after")?, template });
    }
    if it.has("before") {
        return Ok(Command::AddBefore { state: it.state("before")?, template });
    }
    if it.has("choice") {
        return Ok(Command::AddToChoice { state: it.state("choice")?, template });
    }
    if it.has("edge") {
        return Ok(Command::InsertOnEdge { edge: it.edge()?, template });
    }
    if it.has("scope") {
        return Ok(Command::AddToScope { scope: it.scope()?, template });
    }
    refuse("“insert” needs a place: after, before, edge, scope or choice")
}

fn template(id: &str) -> Result<Template, Refusal> {
    match PALETTE.iter().find(|it| it.id == id) {
        Some(row) => Ok(row.template()),
        None => {
            let meant = nearest(id, PALETTE.iter().map(|it| it.id.as_str()));
            let meant = meant.map(|it| format!("; did you mean “{it}”?")).unwrap_or_default();
            refuse(format!("There is no template “{id}”{meant}"))
        }
    }
}

fn paste(it: &Reading) -> Result<Command, Refusal> {
    let text = it.spelled()?;
    let at = if it.has("after") {
        PasteAt::After(it.state("after")?)
    } else if it.has("edge") {
        PasteAt::Edge(it.edge()?)
    } else if it.has("scope") {
        PasteAt::Scope(it.scope()?)
    } else {
        return refuse("“paste” needs a place: after, edge or scope");
    };
    Ok(Command::Paste { text, at })
}

fn move_to(it: &Reading) -> Result<Command, Refusal> {
    if it.has("edge") {
        let edge = it.edge()?;
        return Ok(match it.has("states") {
            true => Command::MoveStates { states: it.states()?, edge },
            false => Command::MoveToEdge { state: it.state("state")?, edge },
        });
    }
    if it.has("scope") {
        let scope = it.scope()?;
        return Ok(match it.has("states") {
            true => Command::MoveStatesToScope { states: it.states()?, scope },
            false => Command::MoveToScope { state: it.state("state")?, scope },
        });
    }
    refuse("“move” needs a place: edge or scope")
}

fn wrap(it: &Reading) -> Result<Command, Refusal> {
    let states = it.states()?;
    match it.text("in")?.as_str() {
        "Parallel" => Ok(Command::WrapInParallel { states }),
        "Map" => Ok(Command::WrapInMap { states }),
        other => refuse(format!("States can be wrapped in Parallel or Map, not in “{other}”")),
    }
}

fn remove_item(it: &Reading, owner: String) -> Result<Command, Refusal> {
    Ok(Command::RemoveItem { owner, idx: it.index("idx")? })
}

fn move_item(it: &Reading, owner: String) -> Result<Command, Refusal> {
    Ok(Command::MoveItem { owner, from: it.index("from")?, to: it.index("to")? })
}

/// To another place in the And or Or that it stands in.
fn move_condition(it: &Reading) -> Result<Command, Refusal> {
    let condition = it.owner()?;
    let place = condition.rsplit_once('/').and_then(|(list, idx)| Some((list, idx.parse().ok()?)));
    match place {
        Some((list, from)) if ["/And", "/Or"].iter().any(|it| list.ends_with(it)) => {
            Ok(Command::MoveItem { owner: list.to_owned(), from, to: it.index("to")? })
        }
        _ => refuse("“move-condition” needs a place in an And or Or, for instance “at”: \"/And/1\""),
    }
}
