//! Undo and redo, one history for the text, the canvas and the forms. It stores *inverted*
//! edits, so undoing restores the exact bytes; it never looks at what the text means. What a step
//! changes besides the text, its owner keeps with it as a value of its own type.
//!
//! Time comes in as data. Typing that goes on at the same place within half a second is one
//! step, and so is walking a menu whose value changes with each key; a command is always a step of
//! its own. The history is data, so it can be kept and a reload restores it.

use std::collections::VecDeque;

use crate::text::{Side, TextEdit, TextRange};

/// Typing and choosing join the step before when they follow within this time.
const JOIN_WITHIN_MILLIS: u64 = 500;
/// The oldest steps are forgotten beyond this count.
const MAX_STEPS: usize = 10_000;
/// The oldest steps are forgotten when all texts kept take more than this many bytes.
const MAX_BYTES: usize = 64 << 20;

/// What made an edit: decides how it groups and what the menu calls it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum EditOrigin {
    /// Keys pressed in the code pane; neighboring ones join.
    Typing,
    /// Text pasted or dropped into the code pane.
    Paste,
    /// A command, with its name as the menu shows it: “Insert Wait”.
    Command(String),
    /// A value chosen by a control that changes it with each key; those of the same field join.
    Choice { label: String, field: String },
}

impl EditOrigin {
    /// The words after “Undo” and “Redo”.
    pub fn label(&self) -> &str {
        match self {
            EditOrigin::Typing => "Typing",
            EditOrigin::Paste => "Paste",
            EditOrigin::Command(label) | EditOrigin::Choice { label, .. } => label,
        }
    }

    /// Whether more of the same kind may join it.
    fn is_open(&self) -> bool {
        matches!(self, EditOrigin::Typing | EditOrigin::Choice { .. })
    }
}

/// The steps that can be undone and redone.
#[derive(Clone, PartialEq, Debug)]
pub struct History<B = ()> {
    pub(crate) undo: VecDeque<Step<B>>,
    pub(crate) redo: Vec<Step<B>>,
    /// Whether the next edit may join the newest step.
    pub(crate) open: bool,
    /// The text bytes that all steps keep.
    pub(crate) n_bytes: usize,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Step<B> {
    /// Takes the text back over this step (forward, on the redo stack).
    pub(crate) edit: TextEdit,
    pub(crate) origin: EditOrigin,
    pub(crate) at_millis: u64,
    /// Selected before the step was made.
    pub(crate) selection: TextRange,
    /// What it changed besides the text.
    pub(crate) beside: Option<B>,
}

/// What to do to the text, and what to select then.
#[derive(Clone, PartialEq, Debug)]
pub struct Undone<B = ()> {
    /// To be applied to the text as it is.
    pub edit: TextEdit,
    /// What is undone or redone, as the menu called it.
    pub label: String,
    /// The selection to restore, in offsets of the text after the edit.
    pub selection: TextRange,
    /// What is to be turned besides the text.
    pub beside: Option<B>,
}

impl<B> Default for History<B> {
    fn default() -> History<B> {
        History { undo: VecDeque::new(), redo: Vec::new(), open: false, n_bytes: 0 }
    }
}

impl<B: Clone> History<B> {
    /// An empty history.
    pub fn new() -> History<B> {
        History::default()
    }

    /// Remembers an edit by its inverse (`edit.invert(old)`), or what was changed beside the text.
    /// What was undone before can no longer be redone.
    pub fn record(
        &mut self,
        inverse: TextEdit,
        origin: EditOrigin,
        at_millis: u64,
        selection_before: TextRange,
        beside: Option<B>,
    ) {
        if inverse.is_empty() && beside.is_none() {
            return;
        }
        for step in std::mem::take(&mut self.redo) {
            self.n_bytes = self.n_bytes.saturating_sub(step.n_bytes());
        }
        let open = origin.is_open();
        if self.open
            && let Some(last) = self.undo.back_mut()
            && at_millis.saturating_sub(last.at_millis) <= JOIN_WITHIN_MILLIS
            && goes_on(last, &inverse, &origin)
        {
            self.n_bytes = self.n_bytes.saturating_sub(last.n_bytes());
            last.edit = inverse.compose(&last.edit);
            last.at_millis = at_millis;
            self.n_bytes += last.n_bytes();
        } else {
            let step = Step { edit: inverse, origin, at_millis, selection: selection_before, beside };
            self.n_bytes += step.n_bytes();
            self.undo.push_back(step);
        }
        self.open = open;
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
    pub fn undo(&mut self, text: &str) -> Option<Undone<B>> {
        let step = self.undo.pop_back()?;
        let (undone, opposite) = self.turn(step, text);
        self.redo.push(opposite);
        Some(undone)
    }

    /// Makes the newest undone step again. The caller applies the edit to `text`.
    pub fn redo(&mut self, text: &str) -> Option<Undone<B>> {
        let step = self.redo.pop()?;
        let (mut undone, opposite) = self.turn(step, text);
        // The caret goes to where the edit ended, as if it had just been made.
        let end = opposite.edit.indels().last().map_or(0, |it| it.delete.end);
        undone.selection = TextRange::empty(end);
        self.undo.push_back(opposite);
        Some(undone)
    }

    /// What the newest step keeps beside its edit.
    pub fn beside_mut(&mut self) -> Option<&mut Option<B>> {
        self.undo.back_mut().map(|it| &mut it.beside)
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

    fn turn(&mut self, step: Step<B>, text: &str) -> (Undone<B>, Step<B>) {
        self.open = false;
        self.n_bytes = self.n_bytes.saturating_sub(step.n_bytes());
        let opposite = Step { edit: step.edit.invert(text), ..step.clone() };
        self.n_bytes += opposite.n_bytes();
        let label = step.origin.label().to_owned();
        (Undone { edit: step.edit, label, selection: step.selection, beside: step.beside }, opposite)
    }
}

impl<B> Step<B> {
    fn n_bytes(&self) -> usize {
        let of_indel = |it: &crate::text::Indel| it.insert.len() + size_of::<crate::text::Indel>();
        self.edit.indels().iter().map(of_indel).sum::<usize>() + size_of::<Step<B>>()
    }
}

/// Whether an edit goes on with what the last step did: types at the same place, or chooses for the
/// same field.
fn goes_on<B>(last: &Step<B>, inverse: &TextEdit, origin: &EditOrigin) -> bool {
    match (&last.origin, origin) {
        (EditOrigin::Typing, EditOrigin::Typing) => adjacent(&last.edit, inverse),
        (EditOrigin::Choice { field: one, .. }, EditOrigin::Choice { field: other, .. }) => one == other,
        _ => false,
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
        history: History<u8>,
    }

    impl Pad {
        fn new(text: &str) -> Pad {
            Pad { text: text.into(), history: History::new() }
        }

        fn edit(&mut self, edit: TextEdit, origin: EditOrigin, at_millis: u64) {
            let inverse = edit.invert(&self.text);
            self.text = edit.apply(&self.text);
            let selection = TextRange::empty(edit.indels().first().map_or(0, |it| it.delete.start));
            self.history.record(inverse, origin, at_millis, selection, None);
        }

        fn typed(&mut self, at: usize, text: &str, at_millis: u64) {
            self.edit(TextEdit::insert(at, text), EditOrigin::Typing, at_millis);
        }

        fn undo(&mut self) -> Option<Undone<u8>> {
            let undone = self.history.undo(&self.text)?;
            self.text = undone.edit.apply(&self.text);
            Some(undone)
        }

        fn redo(&mut self) -> Option<Undone<u8>> {
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
    fn quick_choices_for_one_field_are_one_step() {
        let choose = |pad: &mut Pad, field: &str, word: &str, at_millis| {
            let all = TextRange::new(0, pad.text.len());
            let origin = EditOrigin::Choice { label: format!("Set {field}"), field: field.into() };
            pad.edit(TextEdit::replace(all, word), origin, at_millis);
        };
        let mut pad = Pad::new("Pass");
        choose(&mut pad, "Type", "Task", 0);
        choose(&mut pad, "Type", "Wait", 500);
        choose(&mut pad, "Next", "Fail", 600);
        choose(&mut pad, "Next", "Map", 1_200);
        pad.typed(3, "!", 1_201);
        assert_eq!(pad.history.n_undo(), 4);
        for (label, text) in [("Typing", "Map"), ("Set Next", "Fail"), ("Set Next", "Wait")] {
            assert_eq!(pad.undo().unwrap().label, label);
            assert_eq!(pad.text, text);
        }
        pad.undo();
        assert_eq!(pad.text, "Pass");
    }

    #[test]
    fn what_is_not_text_is_turned_in_its_place() {
        let mut pad = Pad::new("");
        let label = || EditOrigin::Command("Set the type".into());
        pad.typed(0, "a", 0);
        pad.history.record(TextEdit::default(), label(), 0, TextRange::empty(0), Some(7));
        pad.history.record(TextEdit::default(), label(), 0, TextRange::empty(0), None);
        pad.typed(1, "b", 1);
        let turned = |it: Option<Undone<u8>>| it.map(|it| (it.label, it.beside)).unwrap();
        assert_eq!(turned(pad.undo()), ("Typing".into(), None));
        assert_eq!(turned(pad.undo()), ("Set the type".into(), Some(7)));
        assert_eq!(pad.text, "a");
        assert_eq!(turned(pad.redo()), ("Set the type".into(), Some(7)));
        assert_eq!(turned(pad.redo()), ("Typing".into(), None));
        assert_eq!(pad.text, "ab");
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
