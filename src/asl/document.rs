//! A document: the text and everything derived from it, for one revision. An immutable value that
//! is cheap to clone; an edit makes a new one.

use std::sync::Arc;

use crate::asl::diagnostic::Diagnostic;
use crate::asl::lower::lower;
use crate::asl::machine::{Machine, State};
use crate::asl::names::StatePath;
use crate::asl::validate::{MachineType, validate};
use crate::json::{NodeId, Tree, parse};
use crate::text::{LineIndex, TextEdit};

/// One revision of a definition. Every part is shared, so a clone costs a few counters.
#[derive(Clone, Debug)]
pub struct Document {
    /// The text, byte for byte.
    pub text: Arc<str>,
    pub tree: Tree,
    pub machine: Arc<Machine>,
    /// Everything that is wrong, by place.
    pub diagnostics: Arc<[Diagnostic]>,
    pub line_index: Arc<LineIndex>,
    /// Counts the edits since the document was opened.
    pub revision: u64,
    pub machine_type: MachineType,
}

impl Document {
    /// Reads a text as a standard workflow. Takes any text at all.
    pub fn new(text: impl Into<Arc<str>>, revision: u64) -> Document {
        Document::with_type(text, revision, MachineType::Standard)
    }

    /// Reads a text that is to run as a workflow of this type.
    pub fn with_type(text: impl Into<Arc<str>>, revision: u64, machine_type: MachineType) -> Document {
        let text: Arc<str> = text.into();
        let tree = parse(text.clone());
        let machine = lower(&tree);
        Document {
            diagnostics: validate(&tree, &machine, machine_type).into(),
            machine: Arc::new(machine),
            line_index: Arc::new(LineIndex::new(&text)),
            tree,
            text,
            revision,
            machine_type,
        }
    }

    /// The document after an edit, with the next revision.
    pub fn apply(&self, edit: &TextEdit) -> Document {
        Document::with_type(edit.apply(&self.text), self.revision + 1, self.machine_type)
    }

    /// Whether the text is valid JSON; broken text still has a machine.
    pub fn is_intact(&self) -> bool {
        self.tree.is_valid()
    }

    /// The innermost state whose text is at this offset.
    pub fn state_at(&self, offset: usize) -> Option<StatePath> {
        // States stand in text order and an inner one after its outer one, so the last state that
        // starts before the offset or one around it is the answer.
        let machine = &self.machine;
        let after = machine.states.partition_point(|it| it.range.start <= offset);
        let mut candidate = machine.states.get(after.checked_sub(1)?);
        while let Some(state) = candidate {
            if offset <= state.range.end {
                return Some(state.path.clone());
            }
            let parent = machine.scope(state.scope).and_then(|it| it.parent);
            candidate = parent.and_then(|it| machine.state(it));
        }
        None
    }

    /// The state at an address.
    pub fn state(&self, path: &StatePath) -> Option<&State> {
        self.machine.find(path).map(|(_, state)| state)
    }

    /// The value of a field of a state.
    pub fn field(&self, path: &StatePath, name: &str) -> Option<NodeId> {
        self.tree.get(self.state(path)?.node, name)
    }
}

/// Two documents are equal when they are the same revision of the same text.
impl PartialEq for Document {
    fn eq(&self, other: &Document) -> bool {
        self.revision == other.revision
            && self.machine_type == other.machine_type
            && (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NESTED: &str = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}], "End":true}, "B":{"Type":"Succeed"}}}"#;

    #[track_caller]
    fn check_state_at(marker: &str, expected: Option<&str>) {
        let document = Document::new(NESTED, 0);
        let offset = NESTED.find(marker).unwrap() + 1;
        let path = document.state_at(offset);
        assert_eq!(path.as_ref().map(|it| it.as_str()), expected, "at {marker}");
    }

    #[test]
    fn the_caret_is_in_the_innermost_state() {
        check_state_at(r#""Pass""#, Some("/States/P/Branches/0/States/A"));
        check_state_at(r#""Branches""#, Some("/States/P"));
        check_state_at(r#""End":true}, "B""#, Some("/States/P"));
        check_state_at(r#""Succeed""#, Some("/States/B"));
        check_state_at(r#""StartAt":"P""#, None);
        check_state_at(r#""StartAt":"A""#, Some("/States/P"));
    }

    #[test]
    fn fields_are_found_by_address() {
        let document = Document::new(NESTED, 3);
        let path = StatePath::new("/States/P/Branches/0/States/A");
        let node = document.field(&path, "Type").unwrap();
        assert_eq!(document.tree.source(node), r#""Pass""#);
        assert_eq!(document.field(&path, "Nope"), None);
        assert_eq!(document.revision, 3);
    }

    #[test]
    fn an_edit_makes_the_next_revision() {
        let document = Document::new(NESTED, 3);
        let at = NESTED.find("\"Succeed\"").unwrap();
        let range = crate::text::TextRange::new(at, at + 9);
        let next = document.apply(&TextEdit::replace(range, "\"Fail\""));
        assert_eq!(next.revision, 4);
        assert!(next.text.contains("\"Fail\"") && *document.text == *NESTED);
    }
}
