//! Asks for the data that a run from the selected state begins with.

use leptos::prelude::*;

use crate::app::parts::Modal;
use crate::app::parts::live::{heard, live, memo, view};
use crate::app::player::answer::json_fault;
use crate::app::shell::Shell;
use crate::studio::{Command, Studio};

/// The dialog.
#[component]
pub fn RunFrom() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let close = move || shell.dialog.set(None);
    let Some(start) = shell.with_studio(Studio::run_from_view) else {
        return view! {
            <Modal title="Run from here" on_close=close>
                <p>"Select the state to run from first"</p>
            </Modal>
        };
    };
    let (input, variables) = (RwSignal::new(start.input), RwSignal::new(start.variables));
    let state = StoredValue::new(start.state.clone());
    let fault = memo(move || input.with(|it| json_fault(it)).or_else(|| variables.with(|it| json_fault(it))));
    let field = |words: &'static str, rows: &'static str, text: RwSignal<String>| {
        view! {
            <label>
                {words}
                <textarea
                    class="mono"
                    rows=rows
                    spellcheck="false"
                    prop:value=live(move || text.get())
                    on:input=heard(move |event| text.set(event_target_value(&event)))
                ></textarea>
            </label>
        }
    };
    view! {
        <Modal title=format!("Run from {}", start.state.name()) on_close=close>
            <p>{start.words}</p>
            <form
                class="answer-form"
                on:submit=heard(move |event: web_sys::SubmitEvent| {
                    event.prevent_default();
                    if fault.get_untracked().is_none() {
                        let (input, variables) = (input.get_untracked(), variables.get_untracked());
                        let state = state.get_value();
                        close();
                        shell.dispatch(Command::RunFrom { state, input, variables });
                    }
                })
            >
                {field("Input", "10", input)}
                {field("Variables", "3", variables)}
                <p class="form-fault" role="status">{live(move || fault.get())}</p>
                <button type="submit" class="primary" aria-disabled=live(move || fault.get().is_some().then_some("true"))>
                    "Run from here"
                </button>
            </form>
        </Modal>
    }
}
