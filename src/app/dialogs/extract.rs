//! The name of the state machine that the selected states become.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::dialogs::NameDialog;
use crate::app::parts::live::view;
use crate::app::shell::Shell;
use crate::studio::Command;

/// The dialog.
#[component]
pub fn Extract() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let selection = shell.selection.get_untracked();
    let states: Vec<_> = selection.others.iter().chain(&selection.state).cloned().collect();
    let first = selection.state.as_ref().map(|it| it.name()).unwrap_or_default();
    view! {
        <NameDialog
            title="Extract to a child machine"
            label="Name of the child machine"
            initial=format!("{first} child")
            verb="Extract"
            on_close=Callback::new(move |()| shell.dialog.set(None))
            command=Arc::new(move |name| Command::ExtractToChild { states: states.clone(), name })
        />
    }
}
