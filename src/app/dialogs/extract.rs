//! The name of the state machine that the selected states become.

use leptos::prelude::*;

use crate::app::parts::Modal;
use crate::app::parts::live::{heard, live, view};
use crate::app::shell::Shell;
use crate::studio::Command;

/// The dialog.
#[component]
pub fn Extract() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let selection = shell.selection.get_untracked();
    let states: Vec<_> = selection.others.iter().chain(&selection.state).cloned().collect();
    let first = selection.state.as_ref().map(|it| it.name()).unwrap_or_default();
    let name = RwSignal::new(format!("{first} child"));
    let command = move || Command::ExtractToChild { states: states.clone(), name: name.get() };
    let refusal = Memo::new({
        let command = command.clone();
        move |_| shell.can(&command()).err().map(|it| it.0)
    });
    let close = move || shell.dialog.set(None);
    view! {
        <Modal title="Extract to a child machine" on_close=close>
            <form
                class="extract"
                on:submit=heard(move |event: web_sys::SubmitEvent| {
                    event.prevent_default();
                    if refusal.with_untracked(Option::is_none) {
                        close();
                        shell.dispatch(untrack(&command));
                    }
                })
            >
                <label>
                    "Name of the child machine"
                    <input
                        autofocus
                        spellcheck="false"
                        autocomplete="off"
                        aria-invalid=live(move || refusal.with(Option::is_some).to_string())
                        aria-describedby="extract-refusal"
                        prop:value=live(move || name.get())
                        on:input=heard(move |event| name.set(event_target_value(&event)))
                    />
                </label>
                <p id="extract-refusal" role="status">{refusal}</p>
                <footer class="convert-footer">
                    <button type="submit" class="primary" aria-disabled=live(move || refusal.with(Option::is_some).to_string())>
                        "Extract"
                    </button>
                </footer>
            </form>
        </Modal>
    }
}
