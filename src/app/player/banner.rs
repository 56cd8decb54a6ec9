//! One line over the canvas: what happened at the cursor, and the way on.

use leptos::prelude::*;

use crate::app::parts::ActionButton;
use crate::app::shell::Shell;
use crate::studio::Dialog;

/// The line; nothing without a run.
#[component]
pub fn RunBanner() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let player = shell.player;
    let shown = Memo::new(move |_| shell.shows_run() && player.with(|it| !it.sentence.is_empty()));
    let is_failure = Memo::new(move |_| {
        player.with(|it| it.step + 1 == it.n_steps && it.ended.is_some_and(|it| it != "SUCCEEDED"))
    });
    let differently =
        Memo::new(move |_| player.with(|it| it.can_answer_differently && it.question.is_none()));
    let asks = Memo::new(move |_| player.with(|it| it.question.is_some()));
    view! {
        <Show when=move || shown.get()>
            <div class="run-banner" data-failed=move || is_failure.get().to_string()>
                <span class="run-banner-words">{move || player.with(|it| it.sentence.clone())}</span>
                <Show when=move || is_failure.get()>
                    <ActionButton id="redrive" />
                </Show>
                <Show when=move || asks.get()>
                    <ActionButton id="stop-execution" />
                </Show>
                <button type="button" class="link" on:click=move |_| shell.dialog.set(Some(Dialog::RunFromHere))>
                    "Run from here…"
                </button>
                <Show when=move || differently.get()>
                    <button type="button" class="link" on:click=move |_| shell.dialog.set(Some(Dialog::FailThisCall))>
                        "Answer differently…"
                    </button>
                </Show>
            </div>
        </Show>
    }
}
