//! A document: the text and everything derived from it, for one revision. An immutable value that
//! is cheap to clone; an edit makes a new one.

use std::sync::Arc;

use crate::asl::diagnostic::Diagnostic;
use crate::asl::lower::lower;
use crate::asl::machine::{Machine, State, StateId};
use crate::asl::names::StatePath;
use crate::asl::retype::{is_of_structure, retype};
use crate::asl::validate::{Before, MachineType, validate, validate_reread, validate_retyped};
use crate::json::{NodeId, Retyped, Tree, parse};
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
    /// In what it differs from the revision before.
    pub since: Since,
}

/// In what a document differs from the revision before it, as far as that is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Since {
    /// In anything.
    #[default]
    Everything,
    /// A value inside of this state has another text, or one outside of all states. All states and
    /// connections are the same, and everything else has at most moved.
    Inside(Option<StateId>),
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
            since: Since::Everything,
        }
    }

    /// The document after an edit, with the next revision.
    pub fn apply(&self, edit: &TextEdit) -> Document {
        let mut next = self.clone();
        next.edit(edit);
        next
    }

    /// Makes it the next revision. Where only the text inside of a value changes, all the rest is
    /// taken over, and without a copy where nobody else holds it.
    pub fn edit(&mut self, edit: &TextEdit) {
        let text: Arc<str> = edit.apply(&self.text).into();
        let Some(retyped) = self.retyped(edit) else {
            *self = self.after(edit, text);
            return;
        };
        let shift = retyped.shift;
        self.tree.retype(shift, text.clone());
        let machine = Arc::make_mut(&mut self.machine);
        let state = retype(machine, &self.tree, retyped);
        self.diagnostics =
            validate_retyped(&self.tree, machine, self.machine_type, &self.diagnostics, shift, state).into();
        Arc::make_mut(&mut self.line_index).edit(shift.old, shift.n_new, &self.text, &text);
        self.text = text;
        self.revision += 1;
        self.since = Since::Inside(state);
    }

    /// After an edit that may change anything: where it is sound JSON before and after, only the part
    /// that the edit touches is read and checked again.
    fn after(&self, edit: &TextEdit, text: Arc<str>) -> Document {
        let (revision, machine_type) = (self.revision + 1, self.machine_type);
        let Some((tree, reread)) = self.tree.reread(edit, &text) else {
            return Document::with_type(text, revision, machine_type);
        };
        let machine = lower(&tree);
        let before = Before { machine: &self.machine, diagnostics: &self.diagnostics };
        let diagnostics = validate_reread(&tree, &machine, machine_type, &before, &reread).into();
        let mut line_index = self.line_index.clone();
        Arc::make_mut(&mut line_index).edit(reread.shift.old, reread.shift.n_new, &self.text, &text);
        let machine = Arc::new(machine);
        Document {
            text,
            tree,
            machine,
            diagnostics,
            line_index,
            revision,
            machine_type,
            since: Since::Everything,
        }
    }

    /// Whether an edit changes the text inside of one value only, so that all states and connections
    /// stay what and where they are.
    pub fn retyped(&self, edit: &TextEdit) -> Option<Retyped> {
        self.tree.retyped(edit).filter(|it| !is_of_structure(&self.machine, &self.tree, it.leaf))
    }

    /// Whether the text is valid JSON; broken text still has a machine.
    pub fn is_intact(&self) -> bool {
        self.tree.is_valid()
    }

    /// The innermost state whose text is at this offset.
    pub fn state_at(&self, offset: usize) -> Option<StatePath> {
        let state = self.machine.state(self.machine.state_at(offset)?)?;
        Some(state.path.clone())
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

    /// As if the text had been read anew, in every part.
    #[track_caller]
    fn check_same(document: &Document, what: &str) {
        let anew = Document::with_type(document.text.clone(), document.revision, document.machine_type);
        assert_eq!(document.tree.text(), &*document.text, "{what}");
        assert_eq!(*document.line_index, *anew.line_index, "{what}");
        assert_eq!(document.machine.language, anew.machine.language, "{what}");
        assert_eq!(format!("{:?}", document.machine.scopes), format!("{:?}", anew.machine.scopes), "{what}");
        assert_eq!(format!("{:?}", document.machine.states), format!("{:?}", anew.machine.states), "{what}");
        assert_eq!(document.diagnostics, anew.diagnostics, "{what}");
    }

    const FAULTY: &str = r#"{"Comment":"é","QueryLanguage":"JSONPath","StartAt":"P","States":{
"P":{"Type":"Parallel","Comment":"two","Branches":[
 {"StartAt":"A","Comment":"c","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessag","TimeoutSeconds":3,"HeartbeatSeconds":20,"Next":"B"},
  "B":{"Type":"Wait","Seconds":10,"Next":"Nowhere"}}},{"StartAt":"C","States":{"C":{"Type":"Fail","Error":"E"}}}],
 "Retry":[{"ErrorEquals":["States.Al"],"MaxAttempts":2},{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["X"]}],"Next":"M"},
"M":{"Type":"Map","Label":"ok","ItemsPath":"$.items","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"D","States":{
 "D":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":5,"Comment":"big","Next":"E"},{"Next":"D"}],"Default":"E"},"E":{"Type":"Succeed"},
 "J":{"Type":"Pass","QueryLanguage":"JSONata","Output":{"a":"{% $states.input.x + 1 %}"},"End":true}}},"Catch":[{"ErrorEquals":["Y"],"Next":"M2"}],"Next":"M2"},
"M2":{"Type":"Pass","Parameters":{"a.$":"$.b","c":"${Name}"},"Nope":"x","ResultPath":"$.é","End":true},"M2":{"Type":"Nope","Next":"M"},"S":"str"}}"#;

    #[test]
    fn an_edit_is_as_if_the_new_text_were_read_anew() {
        let document = Document::new(FAULTY, 3);
        let mut n_kept = 0;
        for start in (0..FAULTY.len()).filter(|it| FAULTY.is_char_boundary(*it)) {
            for (len, typed) in [(0, "x"), (0, "7"), (1, ""), (0, "é"), (2, "$.")] {
                let edit = TextEdit::replace(crate::text::TextRange::new(start, start + len), typed);
                // What is read anew is not tried, because it takes long and is the same by definition.
                if document.retyped(&edit).is_some() {
                    let next = document.apply(&edit);
                    check_same(&next, &format!("“{typed}” for {len} at {start}"));
                    assert!(next.since != Since::Everything && next.revision == 4);
                    n_kept += 1;
                }
            }
        }
        assert!(500 < n_kept, "{n_kept}");
    }

    #[test]
    fn typing_goes_on_in_place() {
        let mut document = Document::new(FAULTY, 0);
        let at = FAULTY.find("two").unwrap() + 1;
        for (idx, typed) in "größer, \\u0041 und mehr".char_indices() {
            document.edit(&TextEdit::insert(at + idx, typed));
            check_same(&document, "typing");
        }
        assert_eq!(document.state_at(at), Some(StatePath::new("/States/P")));
    }
}
