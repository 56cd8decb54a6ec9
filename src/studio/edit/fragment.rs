//! Pasted text as a definition: whatever form states were copied in, here they are a document with
//! `States`. Text that is no part of a workflow is refused with a sentence.

use crate::asl::{Document, StateType};
use crate::json::{NodeId, NodeKind, Tree, line_indent, parse, quote};
use crate::studio::command::Refusal;
use crate::studio::edit::refuse;

const FORMS: &str = "paste a definition, an object of states, a state with its name, or one state";

/// The states in a text.
pub(super) struct Fragment {
    pub(super) document: Document,
    /// The text says by itself in which query language it is: it is a definition.
    pub(super) says_language: bool,
}

/// Reads a definition, an object of states, one or more states with their names and with or
/// without braces, or one state alone.
pub(super) fn read(text: &str) -> Result<Fragment, Refusal> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let text = text.strip_suffix(',').unwrap_or(text).trim_end();
    if text.is_empty() {
        return refuse(format!("There is no text to paste; {FORMS}"));
    }
    let text = unindented(text);
    let text = if text.starts_with('"') { format!("{{{text}}}") } else { text };
    let tree = parse(text.as_str());
    if let Some(error) = tree.errors().first() {
        let line = text.get(..error.range.start).unwrap_or_default().matches('\n').count() + 1;
        return refuse(format!("What is pasted is not JSON, line {line}: {}", error.message));
    }
    let root = tree.root();
    let definition = match form(&tree, root) {
        Form::Definition => text,
        Form::States => format!("{{\"States\": {text}}}"),
        Form::State(state_type) => {
            format!("{{\"States\": {{{}: {text}}}}}", quote(state_type.as_str()))
        }
        Form::Empty => return refuse(format!("There are no states in what is pasted; {FORMS}")),
        Form::Other => return refuse(format!("What is pasted is no part of a workflow; {FORMS}")),
    };
    let says_language = matches!(form(&tree, root), Form::Definition);
    Ok(Fragment { document: Document::new(definition, 0), says_language })
}

enum Form {
    /// An object with `States`.
    Definition,
    /// An object of states by their names.
    States,
    /// One state without its name.
    State(StateType),
    Empty,
    Other,
}

fn form(tree: &Tree, root: NodeId) -> Form {
    let state_type = |node: NodeId| {
        let word = tree.get(node, "Type").and_then(|it| tree.string(it))?;
        StateType::parse(&word)
    };
    let members = tree.members(root);
    if let Some(states) = tree.get(root, "States").filter(|it| tree.kind(*it) == NodeKind::Object)
        && state_type(states).is_none()
    {
        return if tree.members(states).is_empty() { Form::Empty } else { Form::Definition };
    }
    if let Some(state_type) = state_type(root) {
        return Form::State(state_type);
    }
    match members {
        [] if tree.kind(root) == NodeKind::Object => Form::Empty,
        [_, ..] if members.iter().all(|it| state_type(it.value).is_some()) => Form::States,
        _ => Form::Other,
    }
}

/// The text as if its last line stood at the left margin: what is copied from the middle of a file
/// has lost the indentation of its first line only.
fn unindented(text: &str) -> String {
    let indent = line_indent(text, text.len());
    if indent.is_empty() {
        return text.to_owned();
    }
    let lines: Vec<&str> = text.split('\n').map(|it| it.strip_prefix(indent).unwrap_or(it)).collect();
    lines.join("\n")
}
