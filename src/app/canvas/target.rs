//! What is seen of a drag: the gap that opens, the frame or state that takes it, the line that is
//! being drawn, the ghost under the pointer with the reason when a place stays shut.

use leptos::prelude::*;

use crate::app::canvas::drop::{Carried, Place};
use crate::app::canvas::scene::{Scene, port_of};
use crate::app::canvas::{Canvas, lettering, route, shape};
use crate::app::parts::Icon;
use crate::app::parts::live::{Shown, live, memo, view};
use crate::flow::Rect;

/// Width and height of the open gap.
const GAP: (f64, f64) = (176.0, 32.0);

/// Drawn over the picture, in canvas coordinates.
#[component]
pub fn Target() -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    view! {
        <g class="canvas-target-marks" aria-hidden="true">
            {live(move || canvas.shown.with(|shown| {
                let place = shown.place.as_ref().filter(|_| shown.refusal.is_none())?;
                let label = shown.carried.as_ref().map(|it| it.label().to_string()).unwrap_or_default();
                canvas.scene.with(|scene| target(scene, place, &label))
            }))}
        </g>
    }
}

/// Where the keyboard is while it selects several states.
#[component]
pub fn Cursor() -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    live(move || {
        let state = canvas.shell.cursor.get()?;
        let Rect { x, y, w, h } = canvas.scene.with(|it| it.node_of_state(&state).map(|it| it.rect))?;
        Some(
            view! { <rect class="canvas-cursor" x=x - 6.0 y=y - 6.0 width=w + 12.0 height=h + 12.0 rx="12" /> },
        )
    })
}

/// The thing under the pointer.
#[component]
pub fn Ghost() -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let ghost = canvas.ghost;
    view! {
        <div
            node_ref=ghost
            class="canvas-ghost"
            data-shown=live(move || canvas.shown.with(|it| it.carried.is_some().then_some("")))
            aria-hidden="true"
        >
            {live(move || canvas.shown.with(|shown| {
                let (icon, label) = match shown.carried.as_ref()? {
                    Carried::Template { label, icon, .. } | Carried::State { label, icon, .. } => {
                        (*icon, label.clone())
                    }
                    Carried::States { label, .. } => ("menu", label.clone()),
                    Carried::EdgeEnd { .. } | Carried::Port { .. } => ("pass", String::new()),
                };
                let label = lettering::cut(&label, 13.0, 160.0);
                Some(view! {
                    <div class="canvas-ghost-box"><Icon name=icon />{label}</div>
                    {shown.refusal.clone().map(|it| view! { <div class="canvas-ghost-refusal">{it}</div> })}
                })
            }))}
        </div>
    }
}

/// One line at the bottom while something is carried.
#[component]
pub fn Hint() -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let words = memo(move || {
        canvas.shown.with(|shown| {
            shown.carried.as_ref()?;
            Some(match (&shown.refusal, shown.words.is_empty()) {
                (Some(refusal), _) => refusal.clone(),
                (None, false) => shown.words.clone(),
                (None, true) => "Choose a place".to_string(),
            })
        })
    });
    view! {
        <Shown when=live(move || words.with(Option::is_some))>
            <div class="canvas-hint">
                <span>{live(move || words.get())}</span>
                <span class="canvas-hint-key">"Esc cancels"</span>
            </div>
        </Shown>
    }
}

fn target(scene: &Scene, place: &Place, label: &str) -> Option<AnyView> {
    match place {
        Place::Edge(key) => {
            let edge = scene.edge(key)?;
            let at = edge.insert_at.unwrap_or_else(|| route::roomiest(&edge.points));
            Some(view! {
                <path class="canvas-gap-line" d=route::path(&edge.points) />
                <path class="canvas-gap-arrow" d=route::arrow(&edge.points) />
                {gap(at.x, at.y, label)}
            })
        }
        Place::Node(key) => Some(highlight(scene.node(key)?.rect)),
        Place::Before(key) => Some(beside(scene.node(key)?.rect, false, scene.is_level(), label)),
        Place::After(key) => Some(beside(scene.node(key)?.rect, true, scene.is_level(), label)),
        Place::Body(_, key) => {
            let Rect { x, y, w, h } = scene.node(key)?.rect;
            let header = shape::HEADER;
            Some(highlight(Rect { x: x + 8.0, y: y + header + 8.0, w: w - 16.0, h: h - header - 16.0 }))
        }
        Place::Canvas => None,
    }
}

/// The gap on the side of a state that the flow comes from, or goes to.
fn beside(rect: Rect, after: bool, is_level: bool, label: &str) -> AnyView {
    let Rect { x, y, w, h } = rect;
    let place = |start: f64, len: f64, gap: f64| {
        if after { start + len + gap / 2.0 + 4.0 } else { start - gap / 2.0 - 4.0 }
    };
    match is_level {
        true => gap(place(x, w, GAP.0), y + h / 2.0, label),
        false => gap(x + w / 2.0, place(y, h, GAP.1), label),
    }
}

fn gap(x: f64, y: f64, label: &str) -> AnyView {
    let words = lettering::cut(&format!("{label} goes here"), 12.0, GAP.0 - 24.0);
    view! {
        <g transform=format!("translate({x:.1} {y:.1})")>
            <rect class="canvas-gap" x=-GAP.0 / 2.0 y=-GAP.1 / 2.0 width=GAP.0 height=GAP.1 rx=GAP.1 / 2.0 />
            <text class="canvas-gap-words" y="4.5">{words}</text>
        </g>
    }
}

fn highlight(rect: Rect) -> AnyView {
    view! {
        <rect class="canvas-taker" x=rect.x - 4.0 y=rect.y - 4.0 width=rect.w + 8.0 height=rect.h + 8.0 rx="11" />
    }
}

/// The line of a new connection, or of the end that is being moved, up to the pointer's target.
pub fn tail_of(scene: &Scene, carried: &Carried) -> Option<crate::flow::Point> {
    match carried {
        Carried::EdgeEnd { edge } => scene.edge(edge)?.points.first().copied(),
        Carried::Port { state } => Some(port_of(scene.node_of_state(state)?, scene.is_level())),
        _ => None,
    }
}
