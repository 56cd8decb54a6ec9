//! The strip of stages, in the order in which the service applies them. An unset stage is a thin
//! bar, because the data passes through it.

use leptos::prelude::*;

use crate::app::parts::focus_tab;
use crate::app::parts::live::{heard, live, memo, view};
use crate::app::shell::Shell;
use crate::studio::{Command, StageStatus, StageView};

/// The strip.
#[component]
pub fn StageStrip() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = shell.data_flow;
    let stages = memo(move || view.with(|it| it.stages.clone()));
    let chosen = memo(move || view.with(|it| it.chosen));
    let on_key = move |event: web_sys::KeyboardEvent| {
        let n_stages = stages.with_untracked(Vec::len);
        let to = match event.key().as_str() {
            "ArrowRight" => (chosen.get_untracked() + 1).min(n_stages.saturating_sub(1)),
            "ArrowLeft" => chosen.get_untracked().saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        shell.dispatch(Command::ChooseStage { idx: to });
        focus_tab(&event, to);
    };
    view! {
        <div class="stages" role="tablist" aria-label="Stages of the data" on:keydown=heard(on_key)>
            {live(move || {
                stages
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(idx, stage)| view! { <Stage idx=idx stage=stage chosen=chosen /> })
                    .collect_view()
            })}
        </div>
    }
}

#[component]
fn Stage(idx: usize, stage: StageView, chosen: Memo<usize>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let words = match stage.status {
        StageStatus::Unset => "passes through",
        StageStatus::Done => "done",
        StageStatus::Failed => "failed",
        StageStatus::NotReached => "not reached",
    };
    view! {
        <button
            type="button"
            role="tab"
            class="stage"
            data-status=format!("{:?}", stage.status)
            aria-selected=live(move || (chosen.get() == idx).to_string())
            tabindex=live(move || if chosen.get() == idx { "0" } else { "-1" })
            title=format!("{}: {} – {words}", stage.title, stage.question)
            on:click=heard(move |_| shell.dispatch(Command::ChooseStage { idx }))
        >
            <strong>{stage.title}</strong>
            <span class="stage-question">{stage.question}</span>
            <span class="stage-summary mono">{stage.summary}</span>
        </button>
    }
}
