//! The user's own rows: states under a name, kept as ASL text whose `Comment` is the name. They
//! live in the browser and travel as a file with an array of them, so everything read here may be
//! broken, huge or not ours: what cannot be used is left out, and nothing else suffers.

use serde_json::{Map, Value};

use crate::asl::{Document, QueryLanguage, StatePath, StateType};
use crate::json::{read_json, value};
use crate::studio::command::{Refusal, Template};
use crate::studio::edit::refuse;
use crate::studio::facade::Studio;
use crate::studio::palette::{PaletteRow, SNIPPETS};
use crate::studio::words::count;

/// Bytes of one snippet.
const MAX_BYTES: usize = 64 << 10;

/// How many are kept.
const MAX_SNIPPETS: usize = 100;

/// States under a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snippet {
    pub name: String,
    /// An object with `Comment`, `StartAt`, `States` and, in JSONata, `QueryLanguage`.
    pub text: String,
    /// Of the first state.
    pub state_type: StateType,
    pub n_states: usize,
}

fn object_of(text: &str) -> Option<Map<String, Value>> {
    match read_json(text) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

impl Snippet {
    /// The snippet that a text is: an object with a `StartAt` that is one of its `States`.
    pub fn read(text: &str) -> Option<Snippet> {
        if !text.starts_with('{') || MAX_BYTES < text.len() {
            return None;
        }
        Snippet::of(object_of(text)?)
    }

    fn of(object: Map<String, Value>) -> Option<Snippet> {
        let states = object.get("States")?.as_object()?;
        let first = states.get(object.get("StartAt")?.as_str()?)?;
        if !states.values().all(Value::is_object) {
            return None;
        }
        let type_name = first.get("Type")?.as_str()?;
        let state_type = StateType::ALL.into_iter().find(|it| it.as_str() == type_name)?;
        let name = object.get("Comment").and_then(Value::as_str).map(str::trim).filter(|it| !it.is_empty());
        let name: String = name.unwrap_or("Snippet").chars().take(80).collect();
        let n_states = states.len();
        let text = Value::Object(object).to_string();
        (text.len() <= MAX_BYTES).then_some(Snippet { name, text, state_type, n_states })
    }

    /// The same under another name.
    fn named(&self, name: &str) -> Option<Snippet> {
        let before = object_of(&self.text)?;
        let mut object = Map::new();
        object.insert("Comment".to_owned(), Value::from(name.trim()));
        object.extend(before.into_iter().filter(|(it, _)| it != "Comment"));
        Snippet::of(object)
    }

    /// As it is listed.
    pub fn row(&self) -> PaletteRow {
        PaletteRow {
            id: self.text.clone(),
            state_type: self.state_type,
            group: SNIPPETS,
            label: self.name.clone(),
            service: "",
            help: format!("Your snippet of {}", count(self.n_states, "state", "states")),
            keywords: "snippet",
            icon: "snippet",
            patterns: Vec::new(),
        }
    }

    /// The template that adds it.
    pub fn template(&self) -> Template {
        Template { state_type: self.state_type, id: self.text.clone() }
    }
}

/// What was kept; what of it is broken is left out.
pub fn read_all(text: &str) -> Vec<Snippet> {
    let items = match read_json(text) {
        Ok(Value::Array(items)) => items,
        // A single snippet, or a whole definition, is fine as well.
        Ok(one @ Value::Object(_)) => vec![one],
        _ => return Vec::new(),
    };
    let objects = items.into_iter().filter_map(|it| match it {
        Value::Object(object) => Snippet::of(object),
        _ => None,
    });
    objects.take(MAX_SNIPPETS).collect()
}

/// All of them as text: what is kept, and the file they travel in.
pub fn write_all(snippets: &[Snippet]) -> String {
    let items: Value = snippets.iter().filter_map(|it| read_json(&it.text).ok()).collect();
    format!("{items:#}")
}

/// Adds one under a name that no other has.
pub fn add(snippets: &mut Vec<Snippet>, text: &str, name: &str) -> Result<(), Refusal> {
    if name.trim().is_empty() {
        return refuse("A snippet needs a name");
    }
    if MAX_SNIPPETS <= snippets.len() {
        return refuse(format!("There are {MAX_SNIPPETS} snippets already; delete one first"));
    }
    let name = free_name(snippets, name.trim());
    match Snippet::read(text).and_then(|it| it.named(&name)) {
        Some(snippet) => snippets.push(snippet),
        None => return refuse("This is too large for a snippet; it may have 64 KB"),
    }
    Ok(())
}

/// Gives one another name.
pub fn rename(snippets: &mut [Snippet], idx: usize, name: &str) -> Result<(), Refusal> {
    if name.trim().is_empty() {
        return refuse("A snippet needs a name");
    }
    if snippets.iter().enumerate().any(|(it, other)| it != idx && other.name == name.trim()) {
        return refuse(format!("There is another snippet “{}”", name.trim()));
    }
    if let Some(snippet) = snippets.get_mut(idx)
        && let Some(renamed) = snippet.named(name)
    {
        *snippet = renamed;
    }
    Ok(())
}

/// Adds what is in a file, and says how many they are. What is there already stays as it is.
pub fn import(snippets: &mut Vec<Snippet>, text: &str) -> Result<usize, Refusal> {
    let found = read_all(text);
    if found.is_empty() {
        return refuse("There are no snippets in this file: it needs StartAt and States, or a list of such");
    }
    let mut n_added = 0;
    for snippet in found {
        if !snippets.contains(&snippet) {
            add(snippets, &snippet.text, &snippet.name)?;
            n_added += 1;
        }
    }
    Ok(n_added)
}

fn free_name(snippets: &[Snippet], name: &str) -> String {
    let is_free = |name: &str| snippets.iter().all(|it| it.name != name);
    let mut names = std::iter::once(name.to_owned()).chain((2..).map(|n| format!("{name} {n}")));
    names.find(|it| is_free(it)).unwrap_or_default()
}

/// The states of a snippet for a machine in this language, the way in first.
pub(super) fn states(text: &str, language: QueryLanguage) -> Result<Map<String, Value>, Refusal> {
    let object = read_json(text).unwrap_or_default();
    let (Some(Value::Object(states)), Some(start)) = (object.get("States"), object.get("StartAt")) else {
        return refuse("This snippet holds no states");
    };
    let mut ordered = Map::new();
    let first = states.iter().filter(|(name, _)| *start == **name);
    for (name, state) in first.chain(states.iter().filter(|(name, _)| *start != **name)) {
        ordered.insert(name.clone(), state.clone());
    }
    let own = object.get("QueryLanguage").and_then(Value::as_str).unwrap_or("JSONPath");
    if own == "JSONata" && language == QueryLanguage::JsonPath {
        say_jsonata(&mut ordered);
    } else if own != "JSONata" && language == QueryLanguage::Jsonata && ordered.values().any(speaks_json_path)
    {
        return refuse(
            "This snippet is in JSONPath, and this machine in JSONata, which takes no states in JSONPath",
        );
    }
    Ok(ordered)
}

/// Every state says that it is in JSONata, because the machine is not.
fn say_jsonata(states: &mut Map<String, Value>) {
    for state in states.values_mut().filter_map(Value::as_object_mut) {
        state.entry("QueryLanguage").or_insert_with(|| Value::from("JSONata"));
        for inner in state.values_mut() {
            let scopes = match inner {
                Value::Array(items) => items.iter_mut().collect(),
                one => vec![one],
            };
            for scope in scopes {
                if let Some(Value::Object(states)) = scope.get_mut("States") {
                    say_jsonata(states);
                }
            }
        }
    }
}

/// Whether a state has something that only JSONPath knows.
fn speaks_json_path(value: &Value) -> bool {
    const FIELDS: &[&str] =
        &["InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "ItemsPath", "Variable"];
    match value {
        Value::Array(items) => items.iter().any(speaks_json_path),
        Value::Object(members) => members.iter().any(|(name, it)| {
            FIELDS.contains(&name.as_str()) || name.ends_with(".$") || speaks_json_path(it)
        }),
        _ => false,
    }
}

impl Studio {
    /// These states as the text of a snippet.
    pub fn snippet_of(&self, states: &[StatePath]) -> Result<String, Refusal> {
        snippet_of(&self.document, states)
    }
}

fn snippet_of(document: &Document, paths: &[StatePath]) -> Result<String, Refusal> {
    let Some(scope) = paths.first().map(StatePath::scope) else {
        return refuse("Select a state first");
    };
    if paths.iter().any(|it| it.scope() != scope) {
        return refuse("Select states that stand in the same branch or body");
    }
    let chosen: Vec<_> = document.machine.states.iter().filter(|it| paths.contains(&it.path)).collect();
    if let Some(broken) = chosen.iter().find(|it| it.broken) {
        return refuse(format!("The text of “{}” is unfinished; mend it first", broken.name));
    }
    let is_led_to = |name: &str| {
        chosen.iter().any(|it| it.name != name && it.targets().iter().any(|target| target.name == name))
    };
    let start = chosen.iter().find(|it| !is_led_to(&it.name)).or(chosen.first());
    let Some(start) = start else { return refuse("Select a state first") };
    let states: Map<String, Value> =
        chosen.iter().map(|it| (it.name.clone(), value(&document.tree, it.node))).collect();
    let mut object = Map::new();
    object.insert("Comment".to_owned(), Value::from(start.name.as_str()));
    if document.machine.language == QueryLanguage::Jsonata {
        object.insert("QueryLanguage".to_owned(), Value::from("JSONata"));
    }
    object.insert("StartAt".to_owned(), Value::from(start.name.as_str()));
    object.insert("States".to_owned(), Value::Object(states));
    let text = Value::Object(object).to_string();
    match Snippet::read(&text) {
        Some(_) => Ok(text),
        None if MAX_BYTES < text.len() => refuse("This is too large for a snippet; it may have 64 KB"),
        None => refuse("This is nested too deep, or has no known Type, so it cannot be a snippet"),
    }
}
