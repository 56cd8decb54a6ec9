//! The line below everything: what is open, and that it stays here.

use leptos::prelude::*;

use crate::app::parts::live::{heard, live, view};
use crate::app::shell::{SaveState, Shell};

/// The line.
#[component]
pub fn StatusBar() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let saved = move || match shell.saved.get() {
        SaveState::Nothing => "nothing is uploaded".to_string(),
        SaveState::Saving => "saving in this browser…".to_string(),
        SaveState::Saved => "saved in this browser, nothing is uploaded".to_string(),
        SaveState::Refused(_) => {
            "not kept by this browser: save it as a file · nothing is uploaded".to_string()
        }
    };
    let line = move || {
        let workspace = shell.workspace.get();
        // An empty text has a problem, but nobody has written it yet.
        if workspace.welcome { saved() } else { format!("{} · {}", workspace.status_line, saved()) }
    };
    view! {
        <footer class="status-bar" data-save=live(move || format!("{:?}", shell.saved.get()))>
            <span class="status-line">{line}</span>
            <button
                type="button"
                class="link quiet"
                on:click=heard(move |_| shell.dialog.set(Some(crate::studio::Dialog::Keys)))
            >
                "? keys"
            </button>
        </footer>
    }
}
