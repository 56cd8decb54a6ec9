//! Keeps the project in the browser: shortly after each change, and at once when the page is
//! hidden. A refused store is told once and never costs the text.

use std::cell::{Cell, RefCell};

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::browser::storage;
use crate::app::shell::{SaveState, Shell};
use crate::studio::Studio;

const DELAY_MILLIS: u32 = 400;

thread_local! {
    static TIMER: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    static ON: Cell<bool> = const { Cell::new(false) };
}

/// Saves after a short rest; further changes start the rest anew.
pub fn soon(shell: Shell) {
    shell.saved.set(SaveState::Saving);
    TIMER.with(|timer| *timer.borrow_mut() = Some(Timeout::new(DELAY_MILLIS, move || now(shell))));
}

/// Saves at once.
pub fn now(shell: Shell) {
    TIMER.with(|timer| {
        if let Some(timer) = timer.borrow_mut().take() {
            timer.cancel();
        }
    });
    if !ON.with(Cell::get) {
        return;
    }
    let project = shell.with_studio(Studio::project);
    spawn_local(async move {
        let state = match storage::write(&project).await {
            Ok(()) => SaveState::Saved,
            Err(sentence) => {
                if !matches!(shell.saved.get_untracked(), SaveState::Refused(_)) {
                    shell.announce(&*sentence, true);
                }
                SaveState::Refused(sentence)
            }
        };
        shell.saved.set(state);
    });
}

/// Brings back what the browser kept, then begins to save. Until then nothing is written, so an
/// early change cannot replace what is still being read.
pub fn restore(shell: Shell) {
    spawn_local(async move {
        match storage::read().await {
            Ok(Some(project)) => match Studio::restore(&project) {
                Ok(studio) => {
                    shell.replace_studio(studio);
                    shell.saved.set(SaveState::Saved);
                }
                Err(refusal) => shell.announce(refusal.0, true),
            },
            Ok(None) => {}
            Err(sentence) => {
                shell.announce(&*sentence, true);
                shell.saved.set(SaveState::Refused(sentence));
            }
        }
        ON.with(|it| it.set(true));
        crate::app::mark_ready();
    });
}

/// Saves when the page is hidden or left with a change not yet written.
pub fn save_when_hidden(shell: Shell) {
    let handle = window_event_listener_untyped("pagehide", move |_| now(shell));
    on_cleanup(move || handle.remove());
    let handle = window_event_listener_untyped("visibilitychange", move |_| {
        if document().hidden() {
            now(shell);
        }
    });
    on_cleanup(move || handle.remove());
}
