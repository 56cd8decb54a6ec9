//! Editing commands as JSON, for the command line: `{"op":"rename","state":"A","to":"B"}`. One row
//! for each operation says what it takes.
//!
//! A state is its name, or its JSON Pointer where several scopes have one of that name. A
//! connection is the pointer of the member that states it, or `{"from":"A","to":"B"}`. A scope is
//! its pointer, empty for the machine, or the name of a Map or Parallel, with `branch` for
//! another one than the first. Everything is counted from 0. `to` is a name, or null for the end.

use serde_json::{Map, Value, json};

use crate::asl::names::nearest;
use crate::asl::{Document, EdgeKey, ScopePath, StateKind, StatePath};
use crate::json::{Style, render};
use crate::studio::command::{Command, ConnectTo, PasteAt, Refusal, Template};
use crate::studio::edit::refuse;
use crate::studio::edit::scene::Scene;
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

const OPERATIONS: &[Row] = &[
    op("insert", &["template", "after", "before", "edge", "scope", "branch", "choice"], insert),
    op("add-branch", ONE, |it| Ok(Command::AddBranch { state: it.state("state")? })),
    op("remove-branch", &["state", "branch"], |it| {
        Ok(Command::RemoveBranch { state: it.state("state")?, idx: it.index("branch")? })
    }),
    op("move-branch", &["state", "from", "to"], |it| {
        Ok(Command::MoveBranch { state: it.state("state")?, from: it.index("from")?, to: it.index("to")? })
    }),
    op("add-rule", ONE, |it| Ok(Command::AddRule { state: it.state("state")? })),
    op("remove-rule", &["state", "rule"], |it| {
        Ok(Command::RemoveRule { state: it.state("state")?, idx: it.index("rule")? })
    }),
    op("move-rule", &["state", "from", "to"], |it| {
        Ok(Command::MoveRule { state: it.state("state")?, from: it.index("from")?, to: it.index("to")? })
    }),
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
    op("set", &["state", "owner", "field", "value"], |it| {
        Ok(Command::SetField { owner: it.owner()?, field: it.text("field")?, json: it.json("value")? })
    }),
    op("remove-field", &["state", "owner", "field"], |it| {
        Ok(Command::RemoveField { owner: it.owner()?, field: it.text("field")? })
    }),
    op("append", &["state", "owner", "field", "value"], |it| {
        Ok(Command::AppendItem { owner: it.list()?, json: it.json("value")? })
    }),
    op("remove-item", &["state", "owner", "field", "idx"], |it| {
        Ok(Command::RemoveItem { owner: it.list()?, idx: it.index("idx")? })
    }),
    op("move-item", &["state", "owner", "field", "from", "to"], |it| {
        Ok(Command::MoveItem { owner: it.list()?, from: it.index("from")?, to: it.index("to")? })
    }),
    op("add-retry", &["state", "errors", "value"], |it| it.handler("Retry")),
    op("add-catch", &["state", "errors", "to", "value"], |it| it.handler("Catch")),
    op("to-jsonata", ONE, |it| {
        let state = it.has("state").then(|| it.state("state")).transpose()?;
        Ok(Command::ConvertToJsonata { state })
    }),
    op("fix", &["problem", "fix"], |it| {
        let fix_idx = if it.has("fix") { it.index("fix")? } else { 0 };
        Ok(Command::Fix { problem_idx: it.index("problem")?, fix_idx })
    }),
];

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
        return refuse(format!("“{name}” takes no “{other}”; it takes {}", row.takes.join(", ")));
    }
    (row.command)(&Reading { op: row.op, members, document })
}

/// The members of one operation.
struct Reading<'r> {
    op: &'static str,
    members: &'r Map<String, Value>,
    document: &'r Document,
}

impl Reading<'_> {
    fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    fn get(&self, name: &str) -> Result<&Value, Refusal> {
        match self.members.get(name) {
            Some(value) => Ok(value),
            None => refuse(format!("“{}” needs “{name}”", self.op)),
        }
    }

    fn text(&self, name: &str) -> Result<String, Refusal> {
        match self.get(name)?.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => refuse(format!("The “{name}” of “{}” must be a string", self.op)),
        }
    }

    fn index(&self, name: &str) -> Result<usize, Refusal> {
        match self.get(name)?.as_u64().and_then(|it| usize::try_from(it).ok()) {
            Some(idx) => Ok(idx),
            None => refuse(format!("The “{name}” of “{}” must be a number, counted from 0", self.op)),
        }
    }

    /// A value as JSON text in the style of the document.
    fn json(&self, name: &str) -> Result<String, Refusal> {
        let style = Style::near(&self.document.tree, self.document.tree.root());
        Ok(render(&style, "", self.get(name)?))
    }

    fn state(&self, name: &str) -> Result<StatePath, Refusal> {
        state_of(self.document, &self.text(name)?)
    }

    /// `states`, or `state` alone.
    fn states(&self) -> Result<Vec<StatePath>, Refusal> {
        if !self.has("states") {
            return Ok(vec![self.state("state")?]);
        }
        let Value::Array(states) = self.get("states")? else {
            return refuse(format!("The “states” of “{}” must be a list of names", self.op));
        };
        let path = |it: &Value| match it.as_str() {
            Some(name) => state_of(self.document, name),
            None => refuse(format!("The “states” of “{}” must be a list of names", self.op)),
        };
        states.iter().map(path).collect()
    }

    fn one_or_more(
        &self,
        one: fn(StatePath) -> Command,
        several: fn(Vec<StatePath>) -> Command,
    ) -> Result<Command, Refusal> {
        match self.has("states") {
            true => Ok(several(self.states()?)),
            false => Ok(one(self.state("state")?)),
        }
    }

    fn target(&self) -> Result<ConnectTo, Refusal> {
        match self.get("to")? {
            Value::Null => Ok(ConnectTo::End),
            _ => Ok(ConnectTo::State(self.text("to")?)),
        }
    }

    fn edge(&self) -> Result<EdgeKey, Refusal> {
        let ends = match self.get("edge")? {
            Value::String(pointer) => return Ok(EdgeKey::new(pointer.as_str())),
            Value::Object(ends) => ends,
            _ => return refuse(r#"An “edge” is a JSON Pointer, or {"from":"A","to":"B"}"#),
        };
        let from = ends.get("from").and_then(Value::as_str);
        let to = ends.get("to").and_then(Value::as_str);
        let Some(from) = from else {
            return refuse("The “edge” needs the name of a state as its “from”");
        };
        let scene = Scene::new(self.document);
        let (id, state) = scene.state(&state_of(self.document, from)?)?;
        let mut edges = scene.edges_of(id);
        edges.retain(|it| it.target.map(|it| it.name.as_str()) == to);
        match edges.as_slice() {
            [only] => Ok(only.key.clone()),
            [] => refuse(format!(
                "No connection leads from “{}” to {}",
                state.name,
                to.map_or("the end".to_owned(), |it| format!("“{it}”"))
            )),
            several => {
                let keys: Vec<&str> = several.iter().map(|it| it.key.as_str()).collect();
                refuse(format!("Several connections lead there; say which one: {}", keys.join(", ")))
            }
        }
    }

    fn scope(&self) -> Result<ScopePath, Refusal> {
        let text = self.text("scope")?;
        if text.is_empty() || self.document.machine.find_scope(&ScopePath::new(text.as_str())).is_some() {
            return Ok(ScopePath::new(text));
        }
        let path = state_of(self.document, &text)?;
        let machine = &self.document.machine;
        let branch = if self.has("branch") { self.index("branch")? } else { 0 };
        let found = match machine.find(&path).map(|(_, it)| &it.kind) {
            Some(StateKind::Parallel { branches }) => branches.get(branch).copied(),
            Some(StateKind::Map { processor, .. }) => *processor,
            _ => None,
        };
        match found.and_then(|it| machine.scope(it)) {
            Some(scope) => Ok(scope.path.clone()),
            None => refuse(format!("“{}” has no such branch or body", path.name())),
        }
    }

    /// The object whose field is meant: a state, or anything by its pointer.
    fn owner(&self) -> Result<String, Refusal> {
        match self.has("owner") {
            true => self.text("owner"),
            false => Ok(self.state("state")?.to_string()),
        }
    }

    /// The list that is meant: a field of a state or object, or itself by its pointer.
    fn list(&self) -> Result<String, Refusal> {
        let owner = self.owner()?;
        match self.has("field") || !self.has("owner") {
            true => Ok(format!("{owner}/{}", crate::asl::names::escape(&self.text("field")?))),
            false => Ok(owner),
        }
    }

    /// A retrier or catcher: `value` as it is, or one for these errors, all of them by default.
    fn handler(&self, field: &str) -> Result<Command, Refusal> {
        let owner = format!("{}/{field}", self.state("state")?);
        if self.has("value") {
            return Ok(Command::AppendItem { owner, json: self.json("value")? });
        }
        let errors = self.members.get("errors").cloned().unwrap_or_else(|| json!(["States.ALL"]));
        let mut handler = json!({ "ErrorEquals": errors });
        if field == "Catch" {
            let to = self.text("to")?;
            if let Some(handler) = handler.as_object_mut() {
                handler.insert("Next".to_owned(), Value::from(to));
            }
        }
        Ok(Command::AppendItem { owner, json: handler.to_string() })
    }
}

/// A state by its name or its JSON Pointer.
fn state_of(document: &Document, name: &str) -> Result<StatePath, Refusal> {
    let machine = &document.machine;
    let named: Vec<&StatePath> =
        machine.states.iter().filter(|it| it.name == name).map(|it| &it.path).collect();
    let path = StatePath::new(name);
    match named.as_slice() {
        [only] => Ok((*only).clone()),
        _ if machine.find(&path).is_some() => Ok(path),
        [] => {
            let names = machine.states.iter().map(|it| it.name.as_str());
            let meant = nearest(name, names).map(|it| format!("; did you mean “{it}”?")).unwrap_or_default();
            refuse(format!("There is no state “{name}”{meant}"))
        }
        several => {
            let paths: Vec<&str> = several.iter().map(|it| it.as_str()).collect();
            refuse(format!("Several states are named “{name}”; say which one: {}", paths.join(", ")))
        }
    }
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
    let text = if it.has("text") { it.text("text")? } else { it.json("value")? };
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
        return Ok(Command::MoveToScope { state: it.state("state")?, scope: it.scope()? });
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
