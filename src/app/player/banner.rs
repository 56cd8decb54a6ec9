//! One line over the canvas: what happened at the cursor, and the way on.

use leptos::prelude::*;

use crate::app::parts::ActionButton;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::shell::Shell;
use crate::studio::Dialog;

/// The line; nothing without a run.
#[component]
pub fn RunBanner() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let player = shell.player;
    let shown = memo(move || shell.shows_run() && player.with(|it| !it.sentence.is_empty()));
    let is_failure = memo(move || {
        player.with(|it| it.step + 1 == it.n_steps && it.ended.is_some_and(|it| it != "SUCCEEDED"))
    });
    let differently = memo(move || player.with(|it| it.can_answer_differently && it.question.is_none()));
    let asks = memo(move || player.with(|it| it.question.is_some()));
    view! {
        <Shown when=live(move || shown.get())>
            <div class="run-banner" data-failed=live(move || is_failure.get().to_string())>
                <span class="run-banner-words">{live(move || player.with(|it| it.sentence.clone()))}</span>
                <Shown when=live(move || is_failure.get())>
                    <ActionButton id="redrive" />
                </Shown>
                <Shown when=live(move || asks.get())>
                    <ActionButton id="stop-execution" />
                </Shown>
                <button type="button" class="link" on:click=heard(move |_| shell.dialog.set(Some(Dialog::RunFromHere)))>
                    "Run from here…"
                </button>
                <Shown when=live(move || differently.get())>
                    <button type="button" class="link" on:click=heard(move |_| shell.dialog.set(Some(Dialog::FailThisCall)))>
                        "Answer differently…"
                    </button>
                </Shown>
            </div>
        </Shown>
    }
}
