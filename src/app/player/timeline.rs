//! States as lanes over virtual time. Idle time is cut short with a visible break. Drawn in
//! percentages, so that nothing is measured; the slider below moves the cursor by keyboard.

use leptos::prelude::*;

use crate::app::parts::live::{Rows, effect, heard, live, memo, row, view};
use crate::app::parts::scroll_to;
use crate::app::shell::Shell;
use crate::studio::{BarKind, BarView, Command, LaneView, PlayerCommand};

/// Lanes, axis and slider.
#[component]
pub fn Timeline() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = shell.timeline;
    let lanes = memo(move || view.with(|it| it.lanes.clone()));
    let ticks = memo(move || view.with(|it| it.ticks.clone()));
    let breaks = memo(move || view.with(|it| it.breaks.clone()));
    let cursor = move || percent(view.with(|it| it.cursor));
    view! {
        <div class="timeline">
            <div class="timeline-scroll">
                <div class="timeline-lanes">
                    <svg class="timeline-grid" aria-hidden="true">
                        {live(move || {
                            ticks.get().into_iter().map(|(at, _)| {
                                view! { <line class="timeline-tick" x1=percent(at) x2=percent(at) y1="0" y2="100%" /> }
                            }).collect_view()
                        })}
                        {live(move || {
                            breaks.get().into_iter().map(|(at, words)| {
                                view! {
                                    <g class="timeline-break">
                                        <line x1=percent(at) x2=percent(at) y1="0" y2="100%" />
                                        <title>{words}</title>
                                    </g>
                                }
                            }).collect_view()
                        })}
                        <line class="timeline-cursor" x1=cursor x2=cursor y1="0" y2="100%" />
                    </svg>
                    <Rows rows=live(move || lanes.get().iter().cloned().map(|lane| {
                        row(lane_key(&lane), move || view! { <Lane lane=lane /> })
                    }).collect()) />
                </div>
            </div>
            <div class="timeline-axis" aria-hidden="true">
                <svg>
                    {live(move || {
                        ticks.get().into_iter().map(|(at, words)| {
                            view! { <text x=percent(at) y="12" text-anchor=anchor(at)>{words}</text> }
                        }).collect_view()
                    })}
                </svg>
            </div>
            <Scrub />
        </div>
    }
}

#[component]
fn Lane(lane: LaneView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let title = lane.title.clone();
    let state = lane.state.clone();
    let for_click = lane.state.clone();
    let selected = memo(move || shell.selection.with(|it| it.state.as_ref() == Some(&state)));
    let node = NodeRef::<leptos::html::Div>::new();
    let for_cursor = lane.state.clone();
    let at_cursor = memo(move || shell.data_flow.with(|it| it.state.as_ref() == Some(&for_cursor)));
    // The lane of the step at the cursor stays in view.
    effect(move || {
        if let (true, Some(node)) = (at_cursor.get(), node.get()) {
            scroll_to(&node);
        }
    });
    view! {
        <div class="lane" node_ref=node data-level=lane.level.min(4).to_string() data-selected=live(move || selected.get().to_string())>
            <button
                type="button"
                class="lane-title"
                title=title.clone()
                on:click=heard(move |_| shell.dispatch(Command::Select { state: Some(for_click.clone()) }))
            >
                {title.clone()}
            </button>
            <svg class="lane-bars" role="list" aria-label=format!("Visits of {title}")>
                {lane.bars.into_iter().map(|bar| view! { <Bar bar=bar /> }).collect_view()}
            </svg>
        </div>
    }
}

#[component]
fn Bar(bar: BarView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let step = bar.step;
    let width = (bar.to - bar.from).max(0.0);
    let middle = percent(bar.from + width / 2.0);
    let drawn = match bar.kind {
        BarKind::Attempt(status) => view! {
            <rect class="bar" x=percent(bar.from) width=percent(width.max(0.008)) y="5" height="22" rx="4" />
            <text class="bar-sign" x=percent(bar.from + width.max(0.008) / 2.0) y="20" text-anchor="middle">
                {if width < 0.012 { "" } else { status.sign() }}
            </text>
        },
        BarKind::Backoff | BarKind::Idle => view! {
            <rect class="bar-hit" x=percent(bar.from) width=percent(width) y="5" height="22" />
            <line class="bar-wait" x1=percent(bar.from) x2=percent(bar.to) y1="16" y2="16" />
            <text class="bar-words" x=middle y="12" text-anchor="middle">
                {if width < 0.05 {
                    String::new()
                } else if width < 0.18 {
                    // “2 s until the next attempt”: the time is what matters.
                    bar.words.split(" until").next().unwrap_or_default().to_string()
                } else {
                    bar.words.clone()
                }}
            </text>
        },
    };
    let (kind, status) = match bar.kind {
        BarKind::Attempt(status) => ("attempt", format!("{status:?}")),
        BarKind::Backoff => ("backoff", String::new()),
        BarKind::Idle => ("idle", String::new()),
    };
    view! {
        <g
            class="lane-bar"
            role="listitem"
            aria-label=bar.words.clone()
            data-kind=kind
            data-status=status
            on:click=heard(move |_| shell.dispatch(Command::Player(PlayerCommand::SeekStep(step))))
        >
            {drawn}
            <title>{bar.words.clone()}</title>
        </g>
    }
}

/// The slider over all steps.
#[component]
fn Scrub() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let player = shell.player;
    view! {
        <div class="scrub">
            <label class="lane-title" for="scrub">"Whole run"</label>
            <input
                id="scrub"
                type="range"
                min="0"
                max=live(move || player.with(|it| it.n_steps.saturating_sub(1).to_string()))
                prop:value=live(move || player.with(|it| it.step.to_string()))
                aria-valuetext=live(move || player.with(|it| format!("{} of {}. {}", it.step + 1, it.n_steps, it.sentence)))
                on:input=heard(move |event| {
                    if let Ok(step) = event_target_value(&event).parse() {
                        shell.dispatch(Command::Player(PlayerCommand::SeekStep(step)));
                    }
                })
            />
        </div>
    }
}

/// Lanes are drawn anew only when something on them changed.
fn lane_key(lane: &LaneView) -> String {
    let bars: Vec<String> = lane.bars.iter().map(|it| format!("{it:?}")).collect();
    format!("{}{}{}", lane.state, lane.level, bars.concat())
}

fn percent(fraction: f64) -> String {
    format!("{:.3}%", fraction * 100.0)
}

fn anchor(at: f64) -> &'static str {
    if at < 0.02 {
        "start"
    } else if 0.97 < at {
        "end"
    } else {
        "middle"
    }
}
