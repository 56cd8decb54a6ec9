//! Where the sources disagree: what each says, who says it, and which one runs follow.

use leptos::prelude::*;

use crate::app::parts::Modal;
use crate::app::parts::live::{heard, live, view};
use crate::app::shell::Shell;
use crate::sim::{DISAGREEMENTS, Disagreement};
use crate::studio::Command;

/// The dialog.
#[component]
pub fn SourcesDialog() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <Modal title="Where the sources disagree" class="sources" on_close=move || shell.dialog.set(None)>
            <p class="lens-note">
                "A run does what AWS was recorded doing, unless you choose the other source. The choice is kept with this workflow and counts from the next run on"
            </p>
            {DISAGREEMENTS
                .iter()
                .map(|row| {
                    view! {
                        <fieldset class="choices">
                            <legend>{row.title}</legend>
                            {choice(shell, row, false)}
                            {choice(shell, row, true)}
                        </fieldset>
                    }
                })
                .collect_view()}
        </Modal>
    }
}

fn choice(shell: Shell, row: &'static Disagreement, other: bool) -> impl IntoView {
    let side = if other { &row.other } else { &row.by_default };
    let question = row.question;
    view! {
        <label class="choice">
            <input
                type="radio"
                name=row.id
                disabled=other && !row.can_switch
                prop:checked=live(move || shell.workspace.get().sources.takes_other(question) == other)
                on:change=heard(move |_| shell.dispatch(Command::ChooseSource { question, other }))
            />
            <span>
                {side.says}" · "<small>{side.source}{(other && !row.can_switch).then_some("; cannot be chosen yet")}</small>
            </span>
        </label>
    }
}
