//! The run: transport, timeline and events below, the data of the chosen step at the right.

pub mod clock;
pub mod transport;
pub mod timeline;
pub mod events;
pub mod banner;
pub mod lens;
pub mod expression;
pub mod bench;
pub mod stages;
pub mod data;
pub mod answer;
pub mod mocks;
pub mod inside;
pub mod run_from;
pub mod expectation;

use leptos::prelude::*;

use crate::app::parts::Tabs;
use crate::app::parts::live::{Shown, effect, heard, live, memo, view};
use crate::app::shell::Shell;

/// The pane below: where in time the run stands.
#[component]
pub fn PlayerPane() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let tab = RwSignal::new(PlayerTab::Timeline);
    let tabs = vec![
        (PlayerTab::Timeline, "Timeline".to_string(), "States over virtual time".to_string()),
        (PlayerTab::Events, "Events".to_string(), "What AWS would have logged".to_string()),
    ];
    let has_run = memo(move || shell.player.with(|it| it.run));
    let refused = memo(move || shell.player.with(|it| it.refused.clone()));
    view! {
        <section class="pane player-pane" data-pane="player" data-keys="run" tabindex="-1" aria-label="Player">
            <header class="player-header">
                <transport::Transport />
                <inside::Iteration />
                <Tabs tabs=tabs chosen=tab label="View of the run" class="player-tabs" on_choose=move |it| tab.set(it) />
            </header>
            <Shown when=live(move || !refused.get().is_empty())>
                <ul class="player-refused" role="status">
                    {live(move || refused.get().into_iter().map(|it| view! { <li>{it}</li> }).collect_view())}
                </ul>
            </Shown>
            <expectation::Expectation />
            <Shown
                when=live(move || has_run.get())
                fallback=move || {
                    view! {
                        <div class="empty">
                            <p>"Run the scenario to see every step, every retry and every wait in virtual time"</p>
                            <button type="button" class="primary" on:click=heard(move |_| shell.dispatch(crate::studio::Command::Run))>
                                "Run"
                            </button>
                        </div>
                    }
                }
            >
                <div class="player-body">
                    {live(move || match tab.get() {
                        PlayerTab::Timeline => view! { <timeline::Timeline /> },
                        PlayerTab::Events => view! { <events::Events /> },
                    })}
                </div>
            </Shown>
        </section>
    }
}

#[derive(Clone, Copy, PartialEq)]
enum PlayerTab {
    Timeline,
    Events,
}

/// The pane at the right: the open question, the data flow and the mocks.
#[component]
pub fn LensPane() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let tab = RwSignal::new(LensTab::DataFlow);
    let tabs = vec![
        (LensTab::DataFlow, "Data flow".to_string(), "What the state did to its data".to_string()),
        (LensTab::Mocks, "Mocks".to_string(), "What the tasks answer".to_string()),
        (LensTab::Bench, "Bench".to_string(), "Try an expression on the data of this step".to_string()),
        (LensTab::Input, "Input".to_string(), "What the run starts with".to_string()),
    ];
    effect(move || match shell.dialog.get() {
        Some(crate::studio::Dialog::EditMock) => tab.set(LensTab::Mocks),
        Some(crate::studio::Dialog::FailThisCall) => tab.set(LensTab::DataFlow),
        Some(crate::studio::Dialog::Bench) => {
            tab.set(LensTab::Bench);
            bench::open(shell);
        }
        _ => {}
    });
    view! {
        <section class="pane lens-pane" data-pane="lens" data-keys="run" tabindex="-1" aria-label="Data flow">
            <answer::OpenQuestion />
            <inside::Started />
            <div class="pane-body lens-body">
                {live(move || match tab.get() {
                    LensTab::DataFlow => view! { <lens::Lens /> },
                    LensTab::Mocks => view! { <mocks::Mocks /> },
                    LensTab::Bench => view! { <bench::BenchPane /> },
                    LensTab::Input => view! { <mocks::Input /> },
                })}
            </div>
            <footer class="lens-tabs">
                <Tabs tabs=tabs chosen=tab label="Data of the run" on_choose=move |it| tab.set(it) />
            </footer>
        </section>
    }
}

#[derive(Clone, Copy, PartialEq)]
enum LensTab {
    DataFlow,
    Mocks,
    Bench,
    Input,
}
