//! Asks for a name: one line, what is wrong with it, and the button that takes it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::parts::Modal;
use crate::app::parts::live::{heard, live, memo, view};
use crate::app::shell::Shell;
use crate::studio::Command;

/// Asks for the name that a command needs.
#[component]
pub fn NameDialog(
    title: &'static str,
    #[prop(default = "Name")] label: &'static str,
    initial: String,
    verb: &'static str,
    on_close: Callback<()>,
    command: Arc<dyn Fn(String) -> Command + Send + Sync>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let command_for_refusal = command.clone();
    view! {
        <Modal title=title on_close=move || on_close.run(())>
            <NameForm
                label=label
                initial=initial
                verb=verb
                refusal=Box::new(move |name| shell.can(&command_for_refusal(name.to_string())).err().map(|it| it.0))
                on_name=Box::new(move |name| {
                    on_close.run(());
                    shell.dispatch(command(name));
                })
            />
        </Modal>
    }
}

/// Why a name cannot be taken, in a sentence.
pub type NameRefusal = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The form. It takes no name that is empty or refused.
#[component]
pub fn NameForm(
    label: &'static str,
    initial: String,
    #[prop(into)] verb: String,
    refusal: NameRefusal,
    on_name: Box<dyn Fn(String)>,
) -> impl IntoView {
    let name = RwSignal::new(initial);
    let refusal = memo(move || name.with(|it| refusal(it.trim())));
    let is_refused =
        move || (refusal.with(Option::is_some) || name.with(|it| it.trim().is_empty())).then_some("true");
    // Nobody is told off for what is not typed yet.
    let told = move || refusal.get().filter(|_| name.with(|it| !it.is_empty()));
    view! {
        <form
            class="name-form"
            on:submit=heard(move |event: web_sys::SubmitEvent| {
                event.prevent_default();
                if untrack(is_refused).is_none() {
                    on_name(name.with_untracked(|it| it.trim().to_string()));
                }
            })
        >
            <label>
                {label}
                <input
                    type="text"
                    autofocus
                    spellcheck="false"
                    autocomplete="off"
                    aria-invalid=live(move || told().map(|_| "true"))
                    aria-describedby="name-refusal"
                    prop:value=live(move || name.get())
                    on:input=heard(move |event| name.set(event_target_value(&event)))
                />
            </label>
            <p id="name-refusal" role="status">{live(told)}</p>
            <button type="submit" class="primary" aria-disabled=live(is_refused)>{verb}</button>
        </form>
    }
}
