//! What all parts of the form share: which groups are open, where the focus is, and how commands
//! are sent. Addresses in the form are relative to the state, so that a control lives on when the
//! state gets another name.

use std::collections::BTreeMap;

use leptos::html::Section;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::inspector::draft::Place;
use crate::app::parts::live::{effect, memo};
use crate::app::shell::Shell;
use crate::studio::{AddableField, Command, Dialog};

/// So many refused texts are remembered.
const MAX_REFUSED: usize = 20;

/// A handle to the form of the selected state.
#[derive(Clone, Copy)]
pub struct Form {
    pub shell: Shell,
    /// Pointer of the selected state; empty for the machine.
    pub state: Memo<String>,
    /// What the user folded or opened, by title of the group.
    folds: RwSignal<BTreeMap<&'static str, bool>>,
    /// Id of the control that had the focus last, while it is in the form.
    focused: StoredValue<Option<String>>,
    /// What was typed and refused, of controls that are not shown now.
    refused: StoredValue<Vec<(Place, String)>>,
}

impl Form {
    /// The form on what is selected.
    pub fn new(shell: Shell) -> Form {
        let state = memo(move || {
            shell.inspector.with(|it| it.state.as_ref().map(ToString::to_string).unwrap_or_default())
        });
        Form {
            shell,
            state,
            folds: RwSignal::new(BTreeMap::new()),
            focused: StoredValue::new(None),
            refused: StoredValue::new(Vec::new()),
        }
    }

    /// Keeps what was typed into a control that goes away and could not be written to the text.
    pub fn keep_refused(self, place: Place, text: String) {
        self.refused.update_value(|it| {
            it.truncate(MAX_REFUSED);
            it.insert(0, (place, text));
        });
    }

    /// What was kept of a control that is shown again.
    pub fn take_refused(self, place: &Place) -> Option<String> {
        let mut kept = None;
        self.refused.update_value(|it| {
            let at = it.iter().position(|it| it.0 == *place);
            kept = at.map(|at| it.remove(at).1);
        });
        kept
    }

    /// A place as seen from the state: `/Retry/0` for `/States/A/Retry/0`.
    pub fn relative(self, pointer: &str) -> String {
        self.state.with(|state| pointer.strip_prefix(state.as_str()).unwrap_or(pointer).to_string())
    }

    /// Whether a group shows its fields.
    pub fn is_open(self, title: &'static str) -> bool {
        let chosen = self.folds.with(|it| it.get(title).copied());
        // What shapes the data is summed up in a line.
        chosen.unwrap_or(matches!(title, "Configuration" | "Error handling"))
    }

    /// Folds an open group or opens a folded one.
    pub fn fold(self, title: &'static str, open: bool) {
        self.folds.update(|it| {
            it.insert(title, !open);
        });
    }

    /// Sends a command; the refusal is what to say under the control.
    pub fn send(self, command: Command) -> Result<(), String> {
        self.shell.can(&command).map_err(|it| it.0)?;
        self.shell.dispatch(command);
        Ok(())
    }

    /// Sets a field to its first value, opens what holds it and goes there.
    pub fn add(self, field: &AddableField) {
        let id = dom_id(&self.relative_untracked(&field.owner), field.name);
        let command = Command::SetField {
            owner: field.owner.clone(),
            field: field.name.to_string(),
            json: field.example.clone(),
        };
        match self.send(command) {
            Ok(()) => {
                self.folds.update(|it| {
                    it.insert(field.group, true);
                });
                crate::app::inspector::focus_id(id);
            }
            Err(sentence) => self.shell.announce(sentence, true),
        }
    }

    /// The same as [`Form::relative`], outside of views.
    pub fn relative_untracked(self, pointer: &str) -> String {
        untrack(|| self.relative(pointer))
    }

    /// Puts the focus on the first control of the form.
    pub fn focus_first(self) {
        focus_later(|| {
            let found = document().query_selector(
                ".inspector-fields:not([hidden]) :is(input, select, textarea, button):not([disabled]):not([tabindex='-1'])",
            );
            let control: web_sys::HtmlElement = found.ok().flatten()?.dyn_into().ok()?;
            Some(control)
        });
    }

    /// Gives the focus back to the graph.
    pub fn leave(self) {
        self.shell.dialog.set(Some(Dialog::Close));
        focus_later(|| {
            let found = document().query_selector("[data-pane=graph] [data-pane-focus]");
            found.ok().flatten()?.dyn_into().ok()
        });
    }

    /// Notes which control has the focus.
    pub fn remember_focus(self, target: Option<web_sys::EventTarget>) {
        let id = target.and_then(|it| it.dyn_into::<web_sys::Element>().ok()).map(|it| it.id());
        self.focused.set_value(id);
    }

    /// The focus leaves the form, unless its control is taken away under it. While that happens the
    /// control still seems to be there, so this is looked at a frame later.
    pub fn forget_focus(self, target: Option<web_sys::EventTarget>) {
        let Some(control) = target.and_then(|it| it.dyn_into::<web_sys::Node>().ok()) else { return };
        request_animation_frame(move || {
            let active = document().active_element();
            let is_inside =
                active.is_some_and(|it| it.closest(".inspector-pane").is_ok_and(|it| it.is_some()));
            if !is_inside && document().contains(Some(&control)) {
                self.focused.set_value(None);
            }
        });
    }

    /// When a change of the document takes the focused control away, the focus goes to the one
    /// that stands in its place, else to the pane.
    pub fn keep_focus(self, pane: NodeRef<Section>) {
        effect(move || {
            self.shell.inspector.track();
            let Some(id) = self.focused.get_value() else { return };
            request_animation_frame(move || {
                let is_lost = document().active_element().is_none_or(|it| it.tag_name() == "BODY");
                if !is_lost || self.focused.get_value().is_none() {
                    return;
                }
                let control = document().get_element_by_id(&id).and_then(|it| it.dyn_into().ok());
                let target: Option<web_sys::HtmlElement> =
                    control.or_else(|| pane.get_untracked().and_then(|it| it.dyn_into().ok()));
                if let Some(target) = target {
                    // Focus cannot be refused by an element that is shown.
                    let _ = target.focus();
                }
            });
        });
    }
}

/// The id of a control in the page: letters and digits stay, everything else is spelled out, so
/// that any name makes a valid id.
pub fn dom_id(owner: &str, name: &str) -> String {
    let mut id = String::from("inspector");
    for part in owner.split('/').filter(|it| !it.is_empty()).chain([name]) {
        id.push('-');
        for c in part.chars() {
            if c.is_ascii_alphanumeric() {
                id.push(c);
            } else {
                id.push_str(&format!("_{:x}", u32::from(c)));
            }
        }
    }
    id
}

/// Gives the focus to what `find` finds, as soon as the page has been drawn.
pub fn focus_later(find: impl Fn() -> Option<web_sys::HtmlElement> + 'static) {
    // The first frame may still be the one in which the form is made.
    request_animation_frame(move || {
        request_animation_frame(move || {
            if let Some(element) = find() {
                // Focus cannot be refused by an element that is shown.
                let _ = element.focus();
            }
        });
    });
}
