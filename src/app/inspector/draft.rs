//! What has been typed into a control and is not yet in the text. It is committed when the
//! control is left or Enter is pressed, and given up with Escape. A draft that cannot be committed
//! stays where it is, with a sentence.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::app::inspector::form::Form;
use crate::studio::Command;

/// The member that a control shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Place {
    /// Pointer of the object.
    pub owner: String,
    pub name: String,
    /// Pointer of the state.
    pub state: String,
}

/// Turns what was typed into a command, or says what is wrong with it.
pub type Encode = fn(&Place, &str) -> Result<Command, String>;

/// A fault inside of an expression is told when nothing was typed for so long.
const PATIENCE_MILLIS: u32 = 400;

/// The draft of one control.
#[derive(Clone, Copy)]
pub struct Draft {
    form: Form,
    place: Memo<Place>,
    shown: Memo<String>,
    encode: Encode,
    typed: RwSignal<Option<String>>,
    refusal: RwSignal<Option<String>>,
    /// Where the typing began: the selection may have moved on when the control is left.
    began_at: StoredValue<Place>,
    checking: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Draft {
    /// A control without a draft.
    pub fn new(form: Form, place: Memo<Place>, shown: Memo<String>, encode: Encode) -> Draft {
        let draft = Draft {
            form,
            place,
            shown,
            encode,
            typed: RwSignal::new(None),
            refusal: RwSignal::new(None),
            began_at: StoredValue::new(Place::default()),
            checking: StoredValue::new_local(None),
        };
        // Another state is shown: what was typed belongs to the one before.
        Effect::new(move |before: Option<Place>| {
            let place = place.get();
            if before.as_ref() != Some(&place) {
                if before.is_some() && draft.typed.get_untracked().is_some() {
                    draft.commit();
                    if let Some(text) = draft.typed.get_untracked() {
                        form.keep_refused(draft.began_at.get_value(), text);
                    }
                    draft.give_up();
                }
                if let Some(text) = form.take_refused(&place) {
                    draft.type_in_checked(text);
                }
            }
            place
        });
        // The control goes away: what was typed is still meant for the text.
        on_cleanup(move || draft.commit_later());
        draft
    }

    /// What the control shows.
    pub fn text(self) -> String {
        self.typed.get().unwrap_or_else(|| self.shown.get())
    }

    /// What is wrong with the draft, in a sentence.
    pub fn refusal(self) -> Option<String> {
        self.refusal.get()
    }

    /// Somebody typed.
    pub fn type_in(self, text: String) {
        if self.typed.with_untracked(Option::is_none) {
            self.began_at.set_value(self.place.get_untracked());
        }
        self.refusal.set(None);
        self.typed.set(Some(text));
    }

    /// Somebody typed; what is wrong is said at once.
    pub fn type_in_checked(self, text: String) {
        self.type_in_expression(text.clone());
        if text != self.shown.get_untracked() {
            self.refusal.set((self.encode)(&self.began_at.get_value(), &text).err());
        }
    }

    /// Somebody typed an expression; what is wrong inside of it is said after a moment.
    pub fn type_in_expression(self, text: String) {
        self.type_in(text);
        self.checking.set_value(Some(Timeout::new(PATIENCE_MILLIS, move || self.check())));
    }

    fn check(self) {
        // The control may have been left or taken away meanwhile.
        let Some(typed) = self.typed.try_get_untracked().flatten() else { return };
        let Ok(command) = (self.encode)(&self.began_at.get_value(), &typed) else { return };
        self.refusal.set(self.form.shell.with_studio(|it| it.fault_after(&command)));
    }

    /// Writes the draft to the text. It stays when it is refused.
    pub fn commit(self) {
        // A control that is taken away is left after its signals have gone.
        let Some(typed) = self.typed.try_get_untracked().flatten() else { return };
        if typed == self.shown.get_untracked() {
            self.give_up();
            return;
        }
        let outcome = (self.encode)(&self.began_at.get_value(), &typed).and_then(|it| self.form.send(it));
        match outcome {
            Ok(()) => self.give_up(),
            Err(sentence) => self.refusal.set(Some(sentence)),
        }
    }

    /// Writes the draft to the text when what happens now is over.
    fn commit_later(self) {
        let typed = self.typed.try_get_untracked().flatten();
        let place = self.began_at.try_get_value();
        let (Some(typed), Some(place)) = (typed, place) else { return };
        if self.shown.try_get_untracked().is_some_and(|it| it == typed) {
            return;
        }
        let form = self.form;
        match (self.encode)(&place, &typed) {
            // What cannot be set any more went away together with its control.
            Ok(command) => request_animation_frame(move || drop(form.send(command))),
            Err(_) => form.keep_refused(place, typed),
        }
    }

    /// Shows again what is in the text.
    pub fn give_up(self) {
        self.typed.set(None);
        self.refusal.set(None);
    }

    /// Enter commits, Escape gives up; without a draft Escape goes back to the graph.
    pub fn on_key(self, event: &web_sys::KeyboardEvent, is_multiline: bool) {
        if event.is_composing() {
            return;
        }
        let is_dirty = self.typed.with_untracked(Option::is_some);
        let ctrl = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "Enter" if is_dirty && (!is_multiline || ctrl) => self.commit(),
            "Enter" if !is_multiline && !ctrl => {}
            "Escape" if is_dirty => self.give_up(),
            "Escape" => self.form.leave(),
            // While it differs from the text, the control has its own undo.
            "z" | "Z" | "y" if ctrl && is_dirty => {
                event.stop_propagation();
                return;
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Writes a text as a JSON string.
pub fn as_json_string(place: &Place, text: &str) -> Result<Command, String> {
    Ok(set(place, crate::json::quote(text)))
}

/// Sets the member to this JSON text.
pub fn set(place: &Place, json: String) -> Command {
    Command::SetField { owner: place.owner.clone(), field: place.name.clone(), json }
}
