//! A template as the states that will stand in the machine: in its query language, with names that
//! nobody has yet, and led on to where the way goes.

use serde_json::{Map, Value, json};

use crate::asl::{QueryLanguage, StateType};
use crate::json::read_json;
use crate::studio::command::{Refusal, Template};
use crate::studio::edit::refuse;
use crate::studio::palette::speech::spoken;
use crate::studio::palette::{PALETTE, actions, describe, flow, patterns, snippets};

/// Where a described state leads when it is done with what was added.
const NEXT: &str = "@next";

/// States to be added.
#[derive(Clone, Copy)]
pub(crate) struct Block<'t> {
    /// Of the first state.
    pub(crate) state_type: StateType,
    template: &'t Template,
}

/// What a template adds.
pub(crate) fn block(template: &Template) -> Result<Block<'_>, Refusal> {
    let state_type = match snippets::Snippet::read(&template.id) {
        Some(snippet) => snippet.state_type,
        None if described_by(template).is_some() => template.state_type,
        None => return refuse("There is nothing of this name to add"),
    };
    Ok(Block { state_type, template })
}

fn described_by(template: &Template) -> Option<Value> {
    described(&template.id).or_else(|| {
        let row = PALETTE.iter().find(|it| it.state_type == template.state_type)?;
        described(&row.id)
    })
}

fn described(id: &str) -> Option<Value> {
    let pattern = || patterns::pattern(id).map(|it| it.states.to_owned());
    match flow::described(id).or_else(pattern) {
        Some(text) => read_json(&text).ok(),
        None => actions::described(id),
    }
}

impl Block<'_> {
    /// What is added, for “Insert …”.
    pub(crate) fn title(self) -> String {
        describe(self.template).0
    }

    /// The states in the language of a machine, the way in first, with names of their own, leading
    /// to `next`, or to the end of the scope.
    pub(crate) fn states(
        self,
        language: QueryLanguage,
        next: Option<&str>,
        fresh: &mut dyn FnMut(&str) -> String,
    ) -> Result<Map<String, Value>, Refusal> {
        let states = match described_by(self.template) {
            _ if self.template.id.starts_with('{') => snippets::states(&self.template.id, language)?,
            Some(described) => match spoken(&described, language) {
                Value::Object(states) => states,
                _ => Map::new(),
            },
            None => Map::new(),
        };
        let mut states = renamed(&states, Some(NEXT), fresh);
        let mut succeed = None;
        for body in states.values_mut().filter_map(Value::as_object_mut) {
            let leads_on = body.get("Next").is_some_and(|it| it == NEXT);
            match next {
                None if leads_on => {
                    body.shift_remove("Next");
                    body.insert("End".to_owned(), Value::from(true));
                }
                // Where a snippet ended, the way goes on.
                Some(next) if body.get("End") == Some(&Value::from(true)) => {
                    body.shift_remove("End");
                    body.insert("Next".to_owned(), Value::from(next));
                }
                _ => {}
            }
            for way in ways(body).into_iter().filter(|it| **it == NEXT) {
                *way = match next {
                    Some(next) => Value::from(next),
                    // A rule or a catcher cannot end anything itself.
                    None => Value::from(succeed.get_or_insert_with(|| fresh("Succeed")).as_str()),
                };
            }
        }
        if let Some(name) = succeed {
            states.insert(name, json!({ "Type": "Succeed" }));
        }
        Ok(states)
    }
}

/// The same states with names that nobody has, inside of them too. A way to a state that is not
/// among them leads to `lost`, or stays. The text of a snippet has been read by a parser that bounds
/// its depth.
fn renamed(
    states: &Map<String, Value>,
    lost: Option<&str>,
    fresh: &mut dyn FnMut(&str) -> String,
) -> Map<String, Value> {
    let names: Vec<(String, String)> = states.keys().map(|it| (it.clone(), fresh(it))).collect();
    let new_name = |old: &str| names.iter().find(|(it, _)| it == old).map(|(_, new)| new.as_str());
    let mut renamed = Map::new();
    for (name, body) in states {
        let mut body = body.clone();
        if let Some(body) = body.as_object_mut() {
            for way in ways(body) {
                if let Some(target) = way.as_str().and_then(new_name).or(lost) {
                    *way = Value::from(target);
                }
            }
            for field in ["Branches", "ItemProcessor", "Iterator"] {
                match body.get_mut(field) {
                    Some(Value::Array(scopes)) => scopes.iter_mut().for_each(|it| rename_scope(it, fresh)),
                    Some(scope) => rename_scope(scope, fresh),
                    None => {}
                }
            }
        }
        renamed.insert(new_name(name).unwrap_or(name).to_owned(), body);
    }
    renamed
}

fn rename_scope(scope: &mut Value, fresh: &mut dyn FnMut(&str) -> String) {
    let Some(scope) = scope.as_object_mut() else { return };
    let Some(Value::Object(states)) = scope.get("States") else { return };
    let new = renamed(states, None, fresh);
    let start = scope.get("StartAt").and_then(Value::as_str);
    // The order of the states is kept, so the place tells the new name.
    let at = start.and_then(|start| states.keys().position(|it| it == start)).unwrap_or(0);
    let start = new.keys().nth(at).cloned().unwrap_or_default();
    scope.insert("StartAt".to_owned(), Value::from(start));
    scope.insert("States".to_owned(), Value::Object(new));
}

/// All places of a state that name the state that follows.
fn ways(body: &mut Map<String, Value>) -> Vec<&mut Value> {
    let mut ways = Vec::new();
    for (name, value) in body.iter_mut() {
        match (name.as_str(), value) {
            ("Next" | "Default", value) => ways.push(value),
            ("Choices" | "Catch", Value::Array(items)) => {
                ways.extend(items.iter_mut().filter_map(|it| it.get_mut("Next")));
            }
            _ => {}
        }
    }
    ways
}
