//! What the borders and signs of a run mean; and the bar with outline and zoom.

use std::collections::HashSet;

use leptos::prelude::*;

use crate::app::canvas::camera::ZOOM_STEP;
use crate::app::canvas::node::status_word;
use crate::app::canvas::scene::Scene;
use crate::app::canvas::{Canvas, minimap};
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::studio::{Action, NodeView, Status};

const ROWS: &[(Status, &str)] = &[
    (Status::Succeeded, "succeeded"),
    (Status::Running, "running"),
    (Status::Waiting, "waiting"),
    (Status::Retried, "retried or caught"),
    (Status::Failed, "failed"),
    (Status::NotReached, "not reached"),
];

/// Shown while there is a run; only the looks that occur in it.
#[component]
pub fn Legend() -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let shell = canvas.shell;
    let rows = memo(move || {
        if !shell.shows_run() {
            return Vec::new();
        }
        let marks = shell.marks.get();
        let plain = |status| if status == Status::Caught { Status::Retried } else { status };
        let mut present: Vec<Status> = marks.nodes.iter().map(|(_, mark)| plain(mark.status)).collect();
        let reached: HashSet<&str> = marks.nodes.iter().map(|(key, _)| key.as_str()).collect();
        let is_missing = |it: &NodeView| it.state.is_some() && !reached.contains(it.key.as_str());
        if canvas.scene.with(|it| it.graph().nodes.iter().any(is_missing)) {
            present.push(Status::NotReached);
        }
        ROWS.iter().map(|(status, _)| *status).filter(|it| present.contains(it)).collect::<Vec<_>>()
    });
    view! {
        <Shown when=live(move || rows.with(|it| !it.is_empty()))>
            <ul class="canvas-legend" aria-label="What the borders mean">
                {live(move || rows.get().into_iter().filter_map(|status| {
                    let (_, words) = ROWS.iter().find(|(it, _)| *it == status)?;
                    Some(view! {
                        <li>
                            <span class="canvas-swatch" data-status=status_word(status) aria-hidden="true">{status.sign()}</span>
                            {*words}
                        </li>
                    })
                }).collect_view())}
            </ul>
        </Shown>
    }
}

/// Outline at the left, zoom at the right.
#[component]
pub fn Bar() -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let viewport = canvas.viewport;
    let percent = move || viewport.rested.get().percent();
    let whole = move |_| viewport.zoom_by(1.0 / viewport.camera().zoom);
    view! {
        <div class="canvas-bar" on:pointerdown=|event| event.stop_propagation()>
            <div class="canvas-switches">
                {switch("Outline", "Show the graph as a list of sentences", canvas.outline_open, move || {
                    canvas.outline_open.update(|it| *it = !*it);
                })}
                {switch("Minimap", "Show where in a large graph you are", canvas.minimap, move || minimap::fold(canvas))}
                {live(move || {
                    let is_level = canvas.scene.with(Scene::is_level);
                    let action = Action::find(if is_level { "draw-down" } else { "draw-right" });
                    action.map(|it| view! {
                        <button class="canvas-button canvas-direction" title=it.label aria-label=it.label on:click=heard(move |_| canvas.shell.act(it))>
                            {if is_level { "↓" } else { "→" }}
                        </button>
                    })
                })}
                {switch("Select", "A drag over empty space selects states (Shift and drag)", canvas.boxing, move || {
                    canvas.boxing.update(|it| *it = !*it);
                })}
            </div>
            <div class="canvas-zoom" role="group" aria-label="Zoom">
                <button title="Zoom out, −" aria-label="Zoom out" on:click=heard(move |_| viewport.zoom_by(1.0 / ZOOM_STEP))>
                    "−"
                </button>
                <button title="As large as life" on:click=heard(whole)>{percent}</button>
                <button title="Zoom in, +" aria-label="Zoom in" on:click=heard(move |_| viewport.zoom_by(ZOOM_STEP))>
                    "+"
                </button>
                <button title="Fit the graph, 0" on:click=heard(move |_| canvas.fit())>"Fit"</button>
            </div>
        </div>
    }
}

fn switch(
    words: &'static str,
    title: &'static str,
    on: RwSignal<bool>,
    turn: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            class="canvas-button"
            aria-pressed=live(move || on.get().to_string())
            title=title
            on:click=heard(move |_| turn())
        >
            {words}
        </button>
    }
}
