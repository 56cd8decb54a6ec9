//! Undo and redo, one history for the text, the canvas and the forms. It stores *inverted*
//! edits, so undoing restores the exact bytes; it never looks at what the text means.
//!
//! Time comes in as data. Typing that goes on at the same place within half a second is one
//! step; a command is always a step of its own. The history can be serialized, so a reload
//! restores it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::text::{Side, TextEdit, TextRange};

/// Typing joins the step before when it follows within this time.
const JOIN_WITHIN_MILLIS: u64 = 500;
/// The oldest steps are forgotten beyond this count.
const MAX_STEPS: usize = 10_000;
/// The oldest steps are forgotten when all texts kept take more than this many bytes.
const MAX_BYTES: usize = 64 << 20;

/// What made an edit: decides how it groups and what the menu calls it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum EditOrigin {
    /// Keys pressed in the code pane; neighboring ones join.
    Typing,
    /// Text pasted or dropped into the code pane.
    Paste,
    /// A command, with its name as the menu shows it: “Insert Wait”.
    Command(String),
}

impl EditOrigin {
    /// The words after “Undo” and “Redo”.
    pub fn label(&self) -> &str {
        match self {
            EditOrigin::Typing => "Typing",
            EditOrigin::Paste => "Paste",
            EditOrigin::Command(label) => label,
        }
    }
}

/// The steps that can be undone and redone.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct History {
    undo: VecDeque<Step>,
    redo: Vec<Step>,
    /// Whether the next typing may join the newest step.
    open: bool,
    /// The text bytes that all steps keep.
    n_bytes: usize,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Step {
    /// Takes the text back over this step (forward, on the redo stack).
    edit: TextEdit,
    origin: EditOrigin,
    at_millis: u64,
    /// Selected before the step was made.
    selection: TextRange,
}

/// What to do to the text, and what to select then.
#[derive(Clone, PartialEq, Debug)]
pub struct Undone {
    /// To be applied to the text as it is.
    pub edit: TextEdit,
    /// What is undone or redone, as the menu called it.
    pub label: String,
    /// The selection to restore, in offsets of the text after the edit.
    pub selection: TextRange,
}

impl History {
    /// An empty history.
    pub fn new() -> History {
        History::default()
    }

    /// Remembers an edit by its inverse (`edit.invert(old)`). What was undone before can no
    /// longer be redone.
    pub fn record(
        &mut self,
        inverse: TextEdit,
        origin: EditOrigin,
        at_millis: u64,
        selection_before: TextRange,
    ) {
        if inverse.is_empty() {
            return;
        }
        for step in std::mem::take(&mut self.redo) {
            self.n_bytes = self.n_bytes.saturating_sub(step.n_bytes());
        }
        let typing = origin == EditOrigin::Typing;
        if self.open
            && typing
            && let Some(last) = self.undo.back_mut()
            && at_millis.saturating_sub(last.at_millis) <= JOIN_WITHIN_MILLIS
            && adjacent(&last.edit, &inverse)
        {
            self.n_bytes = self.n_bytes.saturating_sub(last.n_bytes());
            last.edit = inverse.compose(&last.edit);
            last.at_millis = at_millis;
            self.n_bytes += last.n_bytes();
        } else {
            let step = Step { edit: inverse, origin, at_millis, selection: selection_before };
            self.n_bytes += step.n_bytes();
            self.undo.push_back(step);
        }
        self.open = typing;
        while self.undo.len() > 1 && (self.undo.len() > MAX_STEPS || self.n_bytes > MAX_BYTES) {
            let oldest = self.undo.pop_front();
            self.n_bytes = self.n_bytes.saturating_sub(oldest.map_or(0, |it| it.n_bytes()));
        }
    }

    /// Ends the current step: later typing starts a new one.
    pub fn isolate(&mut self) {
        self.open = false;
    }

    /// Takes the newest step back. The caller applies the edit to `text`.
    pub fn undo(&mut self, text: &str) -> Option<Undone> {
        let step = self.undo.pop_back()?;
        let (undone, opposite) = self.turn(step, text);
        self.redo.push(opposite);
        Some(undone)
    }

    /// Makes the newest undone step again. The caller applies the edit to `text`.
    pub fn redo(&mut self, text: &str) -> Option<Undone> {
        let step = self.redo.pop()?;
        let (mut undone, opposite) = self.turn(step, text);
        // The caret goes to where the edit ended, as if it had just been made.
        let end = opposite.edit.indels().last().map_or(0, |it| it.delete.end);
        undone.selection = TextRange::empty(end);
        self.undo.push_back(opposite);
        Some(undone)
    }

    /// What `undo` would take back; `None` when there is nothing.
    pub fn undo_label(&self) -> Option<&str> {
        self.undo.back().map(|step| step.origin.label())
    }

    /// What `redo` would make again; `None` when there is nothing.
    pub fn redo_label(&self) -> Option<&str> {
        self.redo.last().map(|step| step.origin.label())
    }

    /// How many steps can be undone.
    pub fn n_undo(&self) -> usize {
        self.undo.len()
    }

    /// How many steps can be redone.
    pub fn n_redo(&self) -> usize {
        self.redo.len()
    }

    /// Forgets everything, for a new document.
    pub fn clear(&mut self) {
        *self = History::default();
    }

    fn turn(&mut self, step: Step, text: &str) -> (Undone, Step) {
        self.open = false;
        self.n_bytes = self.n_bytes.saturating_sub(step.n_bytes());
        let opposite = Step { edit: step.edit.invert(text), ..step.clone() };
        self.n_bytes += opposite.n_bytes();
        let label = step.origin.label().to_owned();
        (Undone { edit: step.edit, label, selection: step.selection }, opposite)
    }
}

impl Step {
    fn n_bytes(&self) -> usize {
        let of_indel = |it: &crate::text::Indel| it.insert.len() + size_of::<crate::text::Indel>();
        self.edit.indels().iter().map(of_indel).sum::<usize>() + size_of::<Step>()
    }
}

/// Whether an edit goes on where the last one ended. Both are inverses; what `last` deletes is
/// what had been typed, in the text that `next` leads back to.
fn adjacent(last: &TextEdit, next: &TextEdit) -> bool {
    next.indels().iter().all(|indel| {
        let start = next.map_offset(indel.delete.start, Side::Before);
        let typed_over = TextRange::new(start, start + indel.insert.len());
        let touches =
            |it: &crate::text::Indel| it.delete.start <= typed_over.end && typed_over.start <= it.delete.end;
        last.indels().iter().any(touches)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pad {
        text: String,
        history: History,
    }

    impl Pad {
        fn new(text: &str) -> Pad {
            Pad { text: text.into(), history: History::new() }
        }

        fn edit(&mut self, edit: TextEdit, origin: EditOrigin, at_millis: u64) {
            let inverse = edit.invert(&self.text);
            self.text = edit.apply(&self.text);
            let selection = TextRange::empty(edit.indels().first().map_or(0, |it| it.delete.start));
            self.history.record(inverse, origin, at_millis, selection);
        }

        fn typed(&mut self, at: usize, text: &str, at_millis: u64) {
            self.edit(TextEdit::insert(at, text), EditOrigin::Typing, at_millis);
        }

        fn undo(&mut self) -> Option<Undone> {
            let undone = self.history.undo(&self.text)?;
            self.text = undone.edit.apply(&self.text);
            Some(undone)
        }

        fn redo(&mut self) -> Option<Undone> {
            let undone = self.history.redo(&self.text)?;
            self.text = undone.edit.apply(&self.text);
            Some(undone)
        }
    }

    #[test]
    fn neighboring_typing_is_one_step_until_a_pause() {
        let mut pad = Pad::new("ac");
        pad.typed(1, "b", 0);
        pad.typed(2, "b", 400);
        pad.edit(TextEdit::delete(TextRange::new(2, 3)), EditOrigin::Typing, 800);
        pad.typed(2, "!", 1_400);
        pad.typed(0, "?", 1_500);
        assert_eq!(pad.text, "?ab!c");
        assert_eq!(pad.history.n_undo(), 3);
        assert_eq!(pad.undo().unwrap().label, "Typing");
        assert_eq!(pad.text, "ab!c");
        pad.undo();
        assert_eq!(pad.text, "abc");
        assert_eq!(pad.undo().unwrap().selection, TextRange::empty(1));
        assert_eq!(pad.text, "ac");
        assert_eq!(pad.undo(), None);
        assert_eq!(pad.redo().unwrap().selection, TextRange::empty(2));
        assert_eq!(pad.text, "abc");
    }

    #[test]
    fn commands_and_isolated_typing_stand_alone() {
        let mut pad = Pad::new("");
        pad.typed(0, "a", 0);
        pad.edit(TextEdit::insert(1, "b"), EditOrigin::Command("Insert Wait".into()), 1);
        pad.typed(2, "c", 2);
        pad.history.isolate();
        pad.typed(3, "d", 3);
        assert_eq!(pad.history.n_undo(), 4);
        pad.undo();
        pad.undo();
        assert_eq!(pad.history.undo_label(), Some("Insert Wait"));
        assert_eq!(pad.history.redo_label(), Some("Typing"));
        pad.typed(2, "x", 4);
        assert_eq!(pad.history.redo_label(), None);
    }

    #[test]
    fn a_reload_restores_the_history() {
        let mut pad = Pad::new("");
        pad.typed(0, "é", 0);
        pad.edit(TextEdit::delete(TextRange::new(0, 2)), EditOrigin::Paste, 9);
        let saved = serde_json::to_string(&pad.history).unwrap();
        assert_eq!(serde_json::from_str::<History>(&saved).unwrap(), pad.history);
    }

    #[test]
    fn old_steps_are_forgotten_at_the_bound() {
        let mut pad = Pad::new("");
        let label = || EditOrigin::Command("Replace".into());
        for n in 0..MAX_STEPS as u64 + 5 {
            pad.edit(TextEdit::insert(0, "x"), label(), n);
        }
        assert_eq!(pad.history.n_undo(), MAX_STEPS);
        let big = TextEdit::insert(0, "y".repeat(MAX_BYTES));
        pad.edit(big, label(), 0);
        let gone = TextEdit::delete(TextRange::new(0, MAX_BYTES));
        pad.edit(gone, label(), 0);
        assert_eq!(pad.history.n_undo(), 1, "the newest step always stays");
    }
}
