//! The text. CodeMirror shows and edits it; the truth stays in the document, so changes go in
//! both directions as small edits, and undo is the application's.

pub mod bridge;
pub mod expressions;
pub mod offsets;
pub mod preview;

use std::rc::Rc;
use std::sync::Arc;

use gloo::timers::callback::Timeout;
use leptos::html::Div;
use leptos::prelude::*;

use crate::app::code::bridge::{Editor, Hooks, Mark};
use crate::app::code::offsets::{EditorText, with_newlines};
use crate::app::parts::live::{Shown, effect, live, view};
use crate::app::shell::{CodeOrder, Shell};
use crate::studio::{Command, Dialog, ProblemView};
use crate::text::{TextEdit, TextRange, Utf16Change};

/// A new problem waits this long before it is underlined, so that half a word is not scolded.
const PATIENCE_MILLIS: u32 = 400;

/// The editor and the text that it shows. Copies are handles to the same thing.
#[derive(Clone, Copy)]
struct Pane {
    shell: Shell,
    editor: StoredValue<Option<Rc<Editor>>, LocalStorage>,
    text: StoredValue<EditorText, LocalStorage>,
    /// Problems that are underlined, by what they say.
    underlined: StoredValue<Vec<(&'static str, String)>, LocalStorage>,
    waiting: StoredValue<Option<Timeout>, LocalStorage>,
}

/// The pane with the text.
#[component]
pub fn CodePane() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let pane = Pane {
        shell,
        editor: StoredValue::new_local(None),
        text: StoredValue::new_local(EditorText::new(Arc::from(""))),
        underlined: StoredValue::new_local(Vec::new()),
        waiting: StoredValue::new_local(None),
    };
    let place = NodeRef::<Div>::new();
    place.on_load(move |place| pane.open(&place));
    effect(move || {
        shell.code_orders.track();
        shell.document.track();
        pane.catch_up();
    });
    effect(move || {
        let range = shell.selection.get().range;
        shell.document.track();
        pane.highlight(range);
    });
    effect(move || {
        shell.problems.track();
        pane.underline();
    });
    effect(move || {
        if shell.dialog.get() == Some(Dialog::FindInText) {
            pane.with_editor(Editor::open_search);
        }
    });
    let pending = preview::pending(shell);
    effect(move || {
        let lines = pending.with(|it| it.as_ref().map(preview::lines)).unwrap_or_default();
        // It goes before the edit that it announced comes, so that the reader's place is right.
        pane.with_editor(|it| it.set_preview(&lines));
    });
    let words = move || pending.with(|it| it.as_ref().map(preview::words));
    let name = move || shell.document.get().file_name.clone();
    let language = move || shell.document.get().language;
    view! {
        <section class="pane code-pane" data-pane="code" aria-label="Code">
            <header class="pane-header">
                <h2 class="pane-title">"Code"</h2>
                <span class="code-file">{name}</span>
                <span class="pane-note">{language}</span>
            </header>
            <div node_ref=place class="code-editor"></div>
            <Shown when=live(move || pending.with(Option::is_some))>
                <footer class="code-footer">{words}</footer>
            </Shown>
        </section>
    }
}

impl Pane {
    fn open(self, place: &web_sys::HtmlElement) {
        let shell = self.shell;
        let hooks = Hooks {
            on_change: Box::new(move |changes, length| self.typed(&changes, length)),
            on_select: Box::new(move |from, to| self.caret_moved(from, to)),
            on_fix: Box::new(move |problem_idx, fix_idx| {
                shell.dispatch(Command::Fix { problem_idx: problem_idx as usize, fix_idx: fix_idx as usize });
            }),
            on_undo: Box::new(move || shell.dispatch(Command::Undo)),
            on_redo: Box::new(move || shell.dispatch(Command::Redo)),
            on_first_focus: Box::new(move || {
                shell.announce("Tab indents here. Press Escape, then Tab, to leave", false);
            }),
            words: Box::new(move |from, to| {
                self.text.with_value(|text| expressions::words(shell, text, from, to))
            }),
            complete: Box::new(move |at, explicit| {
                self.text.with_value(|text| expressions::complete(shell, text, at, explicit))
            }),
            hover: Box::new(move |at| self.text.with_value(|text| expressions::hover(shell, text, at))),
        };
        let editor = Rc::new(Editor::new(place, hooks));
        expressions::watch_fields(shell);
        self.editor.set_value(Some(editor));
        self.replace(shell.document.with_untracked(|it| it.text.clone()));
        self.highlight(shell.selection.with_untracked(|it| it.range));
        self.underline();
    }

    fn with_editor<T>(self, ask: impl FnOnce(&Editor) -> T) -> Option<T> {
        // A handle of its own, since the editor calls back while it is being called.
        let editor = self.editor.with_value(|it| it.clone())?;
        Some(ask(&editor))
    }

    /// The user changed the text.
    fn typed(self, changes: &[Utf16Change], length: usize) {
        let edit = self.text.with_value(|text| text.edit_from_changes(changes));
        let new = self.text.with_value(|text| EditorText::new(Arc::from(edit.apply(text.text()))));
        let is_same = new.n_units() == length;
        self.text.set_value(new);
        self.shell.dispatch(Command::Type { edit, at_millis: js_sys::Date::now() as u64 });
        debug_assert!(is_same, "the editor and the document differ");
        if !is_same {
            self.replace(self.shell.document.with_untracked(|it| it.text.clone()));
        }
    }

    fn caret_moved(self, from: u32, to: u32) {
        let range =
            self.text.with_value(|text| TextRange::new(text.byte(from as usize), text.byte(to as usize)));
        self.shell.dispatch(Command::SelectText { range });
    }

    /// Does what was ordered; afterwards the editor shows the document.
    fn catch_up(self) {
        if self.editor.with_value(Option::is_none) {
            return;
        }
        let orders = self.shell.code_orders.try_update_untracked(std::mem::take).unwrap_or_default();
        let mut reveal = None;
        let mut focus = false;
        for order in orders {
            match order {
                CodeOrder::Edit(edit) => self.edit(&edit),
                CodeOrder::Replace(text) => self.replace(Arc::from(text)),
                // After an edit from elsewhere the reader keeps his place and his caret; the lines
                // of the selected state are marked all the same.
                CodeOrder::Reveal { range, scroll: false } if range.is_empty() => {}
                CodeOrder::Reveal { range, scroll } => reveal = Some((range, scroll)),
                CodeOrder::Focus => focus = true,
            }
        }
        let document = self.shell.document.with_untracked(|it| it.text.clone());
        let difference = self.text.with_value(|text| {
            let same = Arc::ptr_eq(text.text(), &document) || **text.text() == *document;
            (!same).then(|| TextEdit::diff(text.text(), &document))
        });
        if let Some(edit) = difference {
            self.edit(&edit);
        }
        if let Some((range, scroll)) = reveal {
            let (from, to) = self.text.with_value(|text| text.range(range));
            self.with_editor(|it| it.set_selection(from as u32, to as u32, scroll));
        }
        if focus {
            self.with_editor(Editor::focus);
        }
    }

    fn edit(self, edit: &TextEdit) {
        let changes = self.text.with_value(|text| text.changes_from_edit(edit));
        let new = self.text.with_value(|text| EditorText::new(Arc::from(edit.apply(text.text()))));
        self.text.set_value(new);
        self.with_editor(|it| it.apply_changes(&changes));
    }

    fn replace(self, text: Arc<str>) {
        self.with_editor(|it| it.set_doc(&with_newlines(&text)));
        self.text.set_value(EditorText::new(text));
    }

    fn highlight(self, range: Option<TextRange>) {
        self.catch_up();
        let (from, to) = self.text.with_value(|text| range.map(|it| text.range(it))).unwrap_or_default();
        self.with_editor(|it| it.set_highlight(from as u32, to as u32));
    }

    /// Mended problems lose their mark at once, new ones get it after a moment while one types.
    fn underline(self) {
        self.catch_up();
        let problems = self.shell.problems.get_untracked();
        let known = self.underlined.get_value();
        let is_typing = self.with_editor(Editor::has_focus) == Some(true);
        let is_known = |it: &ProblemView| known.contains(&(it.code, it.message.clone()));
        // A fault inside of an expression has a place of its own, so it disturbs nobody.
        let is_shown = |it: &(usize, &ProblemView)| !is_typing || it.1.in_expression || is_known(it.1);
        let shown: Vec<(usize, &ProblemView)> =
            problems.problems.iter().enumerate().filter(is_shown).collect();
        let n_waiting = problems.problems.len() - shown.len();
        self.mark(&shown);
        let later = (0 < n_waiting).then(|| {
            Timeout::new(PATIENCE_MILLIS, move || {
                let problems = self.shell.problems.get_untracked();
                self.mark(&problems.problems.iter().enumerate().collect::<Vec<_>>());
            })
        });
        self.waiting.set_value(later);
    }

    fn mark(self, problems: &[(usize, &ProblemView)]) {
        self.underlined.set_value(problems.iter().map(|(_, it)| (it.code, it.message.clone())).collect());
        let mark = |text: &EditorText, (problem_idx, problem): (usize, &ProblemView)| {
            let (from, to) = text.range(problem.range);
            let hint = problem.hint.as_ref().map(|it| format!(". {it}")).unwrap_or_default();
            Mark {
                from: from as u32,
                to: to as u32,
                is_error: problem.severity == crate::asl::Severity::Error,
                problem_idx,
                message: format!("{}{hint}", problem.message),
                fixes: problem.fixes.clone(),
            }
        };
        let marks: Vec<Mark> =
            self.text.with_value(|text| problems.iter().map(|it| mark(text, *it)).collect());
        self.with_editor(|it| it.set_diagnostics(&marks));
    }
}
