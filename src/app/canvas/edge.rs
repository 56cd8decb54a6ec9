//! One connection on the canvas: line, arrow head, what it is for, and the `+` that opens it.

use leptos::prelude::*;

use crate::app::canvas::{Canvas, lettering, route};
use crate::app::parts::live::{live, memo, view};
use crate::flow::{EdgeKind, Point};
use crate::studio::EdgeView;

/// Size of the words beside a line.
const LABEL: f64 = 12.0;
/// Longer readings of a rule are cut; the whole one is in the tooltip and the inspector.
const LABEL_ROOM: f64 = 200.0;

/// The line between two nodes.
#[component]
pub fn Edge(first: EdgeView) -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let key = StoredValue::new(first.key.clone());
    let edge = Memo::new(move |before: Option<&EdgeView>| {
        let now = key.with_value(|key| canvas.scene.with(|scene| scene.edge(key).cloned()));
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let selected = memo(move || {
        let selection = canvas.shell.selection.get();
        key.with_value(|key| selection.edge.as_ref() == Some(key))
    });
    let times = memo(move || {
        key.with_value(|key| canvas.travelled.with(|it| it.times.get(key).copied().unwrap_or(0)))
    });
    let just = memo(move || key.with_value(|key| canvas.travelled.with(|it| it.just.contains(key))));
    let open = memo(move || key.with_value(|key| canvas.open_edges.with(|it| it.contains(key))));
    view! {
        <g
            class="canvas-edge"
            data-edge=live(move || key.with_value(|it| it.to_string()))
            data-kind=live(move || edge.with(|it| it.kind.word()))
            data-travelled=live(move || (0 < times.get()).then_some(""))
            data-just=live(move || just.get().then_some(""))
            data-selected=live(move || selected.get().then_some(""))
            data-open=live(move || open.get().then_some(""))
        >
            {live(move || edge.with(|edge| inside(edge, times.get())))}
            {live(move || just.get().then(|| edge.with(token)))}
            {live(move || selected.get().then(|| edge.with(end_handle)))}
        </g>
    }
}

fn inside(edge: &EdgeView, times: u32) -> impl IntoView + use<> {
    let line = route::path(&edge.points);
    let tail = (edge.kind == EdgeKind::Default).then(|| route::diamond(&edge.points)).flatten();
    let count = (1 < times).then(|| {
        let at = edge.insert_at.unwrap_or_else(|| route::roomiest(&edge.points));
        // Labels stand at the right of upright lines, counts at the left.
        view! { <text class="canvas-times" x=at.x - 8.0 y=at.y + 4.0>{format!("×{times}")}</text> }
    });
    view! {
        <title>{edge.sentence.clone()}</title>
        <path class="canvas-edge-hit" d=line.clone() />
        <path class="canvas-edge-line" d=line />
        <path class="canvas-edge-arrow" d=route::arrow(&edge.points) />
        {tail.map(|(diamond, _)| view! { <path class="canvas-edge-diamond" d=diamond /> })}
        {label(edge)}
        {count}
        {edge.insert_at.map(plus)}
    }
}

fn label(edge: &EdgeView) -> impl IntoView + use<> {
    let Point { x, y } = edge.label_at;
    let is_beside = |plus: &Point| (plus.y - y).abs() < 14.0 && (0.0..16.0).contains(&(x - plus.x));
    let x = if edge.insert_at.as_ref().is_some_and(is_beside) { x + 6.0 } else { x };
    let number = edge.rule_number.map(|number| {
        view! {
            <g class="canvas-rule-number" transform=format!("translate({:.1} {y:.1})", x + 8.0)>
                <circle r="8" />
                <text y="4">{number.to_string()}</text>
            </g>
        }
    });
    let words = match edge.kind {
        EdgeKind::Catch(_) if !edge.label.starts_with('⚡') => format!("⚡ {}", edge.label),
        _ => edge.label.clone(),
    };
    let start = if edge.rule_number.is_some() { x + 22.0 } else { x };
    view! {
        {number}
        <text class="canvas-edge-label" x=start y=y + 4.0>{lettering::cut(&words, LABEL, LABEL_ROOM)}</text>
    }
}

fn plus(at: Point) -> impl IntoView + use<> {
    view! {
        <g class="canvas-plus" transform=format!("translate({:.1} {:.1})", at.x, at.y)>
            <title>"Add a state here"</title>
            <circle class="canvas-target" r="12" />
            <circle class="canvas-plus-disc" r="8" />
            <path class="canvas-plus-sign" d="M-4 0H4M0 -4V4" />
        </g>
    }
}

/// What travels along the line when the step at the cursor follows it.
fn token(edge: &EdgeView) -> impl IntoView + use<> {
    let way = format!("path(\"{}\")", route::path(&edge.points));
    view! { <circle class="canvas-token" r="5" style:offset-path=way /> }
}

/// What the end of a selected connection is dragged by.
fn end_handle(edge: &EdgeView) -> impl IntoView + use<> {
    let at = edge.points.last().copied().unwrap_or_default();
    view! {
        <g class="canvas-end-handle" transform=format!("translate({:.1} {:.1})", at.x, at.y)>
            <title>"Drag to another state, or to the end"</title>
            <circle class="canvas-target" r="12" />
            <circle class="canvas-knob" r="5" />
        </g>
    }
}
