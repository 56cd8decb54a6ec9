//! The members of an operation, read as what a command needs. What is missing or names nothing is
//! refused with a sentence.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::asl::fields::{Owner, rows};
use crate::asl::names::{escape, nearest};
use crate::asl::{Document, EdgeKey, ScopePath, StateKind, StatePath};
use crate::json::{Style, render};
use crate::studio::command::{Command, ConditionChange, ConnectTo, Refusal};
use crate::studio::edit::refuse;
use crate::studio::edit::scene::Scene;

/// The members of one operation.
pub(super) struct Reading<'r> {
    pub(super) op: &'static str,
    pub(super) members: &'r Map<String, Value>,
    pub(super) document: &'r Document,
}

impl Reading<'_> {
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub(super) fn get(&self, name: &str) -> Result<&Value, Refusal> {
        match self.members.get(name) {
            Some(value) => Ok(value),
            None => refuse(format!("“{}” needs “{name}”", self.op)),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<String, Refusal> {
        match self.get(name)?.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => refuse(format!("The “{name}” of “{}” must be a string", self.op)),
        }
    }

    pub(super) fn index(&self, name: &str) -> Result<usize, Refusal> {
        match self.get(name)?.as_u64().and_then(|it| usize::try_from(it).ok()) {
            Some(idx) => Ok(idx),
            None => refuse(format!("The “{name}” of “{}” must be a number, counted from 0", self.op)),
        }
    }

    /// A value as JSON text in the style of the document.
    pub(super) fn json(&self, name: &str) -> Result<String, Refusal> {
        let style = Style::near(&self.document.tree, self.document.tree.root());
        Ok(render(&style, "", self.get(name)?))
    }

    pub(super) fn state(&self, name: &str) -> Result<StatePath, Refusal> {
        state_of(self.document, &self.text(name)?)
    }

    /// `states`, or `state` alone.
    pub(super) fn states(&self) -> Result<Vec<StatePath>, Refusal> {
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

    pub(super) fn one_or_more(
        &self,
        one: fn(StatePath) -> Command,
        several: fn(Vec<StatePath>) -> Command,
    ) -> Result<Command, Refusal> {
        match self.has("states") {
            true => Ok(several(self.states()?)),
            false => Ok(one(self.state("state")?)),
        }
    }

    pub(super) fn target(&self) -> Result<ConnectTo, Refusal> {
        match self.get("to")? {
            Value::Null => Ok(ConnectTo::End),
            _ => Ok(ConnectTo::State(self.text("to")?)),
        }
    }

    pub(super) fn edge(&self) -> Result<EdgeKey, Refusal> {
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

    pub(super) fn scope(&self) -> Result<ScopePath, Refusal> {
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

    /// The object that is meant: a state, a rule of it or what is inside by its place, or anything by
    /// its pointer.
    pub(super) fn owner(&self) -> Result<String, Refusal> {
        let mut owner = match self.has("owner") {
            true => self.text("owner")?,
            false => self.state("state")?.to_string(),
        };
        if self.has("rule") {
            // Writing to a string cannot fail.
            let _ = write!(owner, "/Choices/{}", self.index("rule")?);
        }
        if self.has("at") {
            let at = self.text("at")?;
            if !at.is_empty() && !at.starts_with('/') {
                return refuse("An “at” is a JSON Pointer from there on, for instance /Retry/0");
            }
            owner.push_str(&at);
        }
        Ok(owner)
    }

    /// The list that is meant: a field of a state or object, or itself by its place.
    pub(super) fn list(&self) -> Result<String, Refusal> {
        let owner = self.owner()?;
        match self.has("field") || !["owner", "rule", "at"].iter().any(|it| self.has(it)) {
            true => Ok(format!("{owner}/{}", escape(&self.text("field")?))),
            false => Ok(owner),
        }
    }

    /// A list of a state by its name.
    pub(super) fn list_of_state(&self, field: &str) -> Result<String, Refusal> {
        Ok(format!("{}/{field}", self.state("state")?))
    }

    /// JSON text: `text` as it is spelled, or `value`.
    pub(super) fn spelled(&self) -> Result<String, Refusal> {
        if self.has("text") { self.text("text") } else { self.json("value") }
    }

    pub(super) fn condition(&self, change: ConditionChange) -> Result<Command, Refusal> {
        Ok(Command::ChangeCondition { owner: self.owner()?, change })
    }

    /// A setting of the machine.
    pub(super) fn setting(&self) -> Result<String, Refusal> {
        let field = self.text("field")?;
        let names = || {
            rows().filter(|it| it.owners.contains(&Owner::Machine) && it.name != "States").map(|it| it.name)
        };
        if names().any(|it| it == field) {
            return Ok(field);
        }
        let names: Vec<&str> = names().collect();
        refuse(format!("A machine has no setting “{field}”; it has {}", names.join(", ")))
    }

    /// A retrier or catcher: `value` as it is, or one for these errors, all of them by default.
    pub(super) fn handler(&self, field: &str) -> Result<Command, Refusal> {
        let owner = self.list_of_state(field)?;
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
