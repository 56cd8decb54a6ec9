//! The whole graph in a corner, when the view shows only a part of it: boxes with their status,
//! what is selected, and the part that is seen, which a press moves. One path for each kind of box;
//! while the camera moves, only the seen rectangle changes, without anything reactive.

use leptos::prelude::*;
use leptos::svg::Svg;
use wasm_bindgen::JsCast;

use crate::app::browser::settings;
use crate::app::canvas::Canvas;
use crate::app::canvas::camera::{PaneSize, holds};
use crate::app::canvas::node::status_word;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::flow::{Point, Rect};
use crate::studio::Status;

const KEPT: &str = "stepglass-minimap";
/// Free space around the graph, in canvas units for each unit of its longer side.
const AROUND: f64 = 0.04;

/// The sides of the corner, in CSS pixels.
const LONGEST: f64 = 190.0;
const SHORTEST: f64 = 64.0;

/// The statuses that are drawn over the plain boxes, the worst last.
const DRAWN: [Status; 6] =
    [Status::Succeeded, Status::Running, Status::Waiting, Status::Retried, Status::Caught, Status::Failed];

/// Whether the user wants it; kept in the browser.
pub fn wanted() -> RwSignal<bool> {
    RwSignal::new(settings::read(KEPT).as_deref() != Some("folded"))
}

/// Folds it, or shows it again.
pub fn fold(canvas: Canvas) {
    canvas.minimap.update(|it| *it = !*it);
    // A refused store only costs this choice.
    settings::write(KEPT, if canvas.minimap.get_untracked() { "shown" } else { "folded" });
}

/// The corner.
#[component]
pub fn Minimap() -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let viewport = canvas.viewport;
    let shown = memo(move || {
        let rested = viewport.rested.get();
        let size = canvas.scene.with(|it| it.graph().size);
        let pane = viewport.size();
        let has_graph = 0.0 < size.w && pane != PaneSize::default();
        canvas.minimap.get() && has_graph && !holds(rested.seen(pane, 0.0), size)
    });
    view! {
        <Shown when=live(move || shown.get())>
            <Picture canvas=canvas />
        </Shown>
    }
}

#[component]
fn Picture(canvas: Canvas) -> impl IntoView {
    let viewport = canvas.viewport;
    let (svg, seen) = (NodeRef::<Svg>::new(), viewport.seen);
    seen.on_load(move |_| request_animation_frame(move || viewport.show_seen()));
    let is_pressed = StoredValue::new(false);
    let go = move |event: &web_sys::PointerEvent| {
        let Some(svg) = svg.get_untracked() else { return };
        let area = svg.get_bounding_client_rect();
        let size = canvas.scene.with_untracked(|it| framed(it.graph().size));
        let scale = (area.width() / size.w).min(area.height() / size.h);
        let along = |at: i32, from: f64, len: f64, start: f64, part: f64| {
            start + (f64::from(at) - from - (len - part * scale) / 2.0) / scale
        };
        viewport.center(Point {
            x: along(event.client_x(), area.left(), area.width(), size.x, size.w),
            y: along(event.client_y(), area.top(), area.height(), size.y, size.h),
        });
    };
    let box_of = memo(move || {
        let Rect { x, y, w, h } = canvas.scene.with(|it| framed(it.graph().size));
        format!("{x:.0} {y:.0} {w:.0} {h:.0}")
    });
    // As wide and high as the graph is, within bounds.
    let side = move |len: fn(Rect) -> f64| {
        let size = canvas.scene.with(|it| framed(it.graph().size));
        format!("{:.0}px", (len(size) / size.w.max(size.h) * LONGEST).max(SHORTEST))
    };
    let plain = move |frames: bool| {
        canvas.scene.with(|scene| {
            let nodes = scene.graph().nodes.iter();
            paths(nodes.filter(|it| it.state.is_some() && it.frame == frames).map(|it| it.rect), "")
        })
    };
    let (frames, boxes) = (memo(move || plain(true)), memo(move || plain(false)));
    let selected = memo(move || {
        let selection = canvas.shell.selection.get();
        canvas.scene.with(|scene| {
            let states = selection.state.iter().chain(&selection.others);
            paths(states.filter_map(|it| scene.node_of_state(it)).map(|it| it.rect), "")
        })
    });
    view! {
        <svg
            node_ref=svg
            class="minimap"
            aria-hidden="true"
            style:width=live(move || side(|it| it.w))
            style:height=live(move || side(|it| it.h))
            viewBox=box_of
            on:pointerdown=heard(move |event: web_sys::PointerEvent| {
                event.stop_propagation();
                event.prevent_default();
                if let Some(target) = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok()) {
                    // Refused only when the pointer is gone already.
                    let _ = target.set_pointer_capture(event.pointer_id());
                }
                viewport.measure();
                is_pressed.set_value(true);
                go(&event);
            })
            on:pointermove=move |event| {
                if is_pressed.get_value() {
                    go(&event);
                }
            }
            on:pointerup=heard(move |_| is_pressed.set_value(false))
            on:pointercancel=heard(move |_| is_pressed.set_value(false))
        >
            <path class="minimap-frames" d=frames />
            <path class="minimap-boxes" d=boxes />
            {DRAWN.map(|status| {
                let d = memo(move || statuses(canvas, status));
                view! { <path class="minimap-status" data-status=status_word(status) d=d /> }
            }).collect_view()}
            <path class="minimap-selected" d=selected />
            <rect node_ref=seen class="minimap-seen" />
        </svg>
    }
}

/// The boxes with this status in the run, each with the strokes that tell it without its color.
fn statuses(canvas: Canvas, status: Status) -> String {
    let marks = canvas.shell.marks.get();
    canvas.scene.with(|scene| {
        let nodes = marks.nodes.iter().filter(|(_, mark)| mark.status == status);
        let nodes = nodes.filter_map(|(key, _)| scene.node(key)).filter(|it| it.state.is_some() && !it.frame);
        paths(nodes.map(|it| it.rect), status.sign())
    })
}

/// Boxes as path data: crossed out, struck through, or as they are, by the sign of their status.
fn paths(boxes: impl Iterator<Item = Rect>, sign: &str) -> String {
    use std::fmt::Write;
    let mut path = String::new();
    for Rect { x, y, w, h } in boxes {
        // Writing to a text never fails.
        let _ = write!(path, "M{x:.0} {y:.0}h{w:.0}v{h:.0}h-{w:.0}z");
        if matches!(sign, "⨯" | "⚡" | "↻") {
            let _ = write!(path, "M{x:.0} {:.0}l{w:.0}-{h:.0}", y + h);
        }
        if sign == "⨯" {
            let _ = write!(path, "M{x:.0} {y:.0}l{w:.0} {h:.0}");
        }
    }
    path
}

fn framed(size: Rect) -> Rect {
    let around = size.w.max(size.h).max(1.0) * AROUND;
    Rect { x: size.x - around, y: size.y - around, w: size.w + 2.0 * around, h: size.h + 2.0 * around }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_box_is_crossed_out_and_a_plain_one_is_not() {
        let boxes = || [Rect { x: 10.0, y: 20.0, w: 200.0, h: 40.0 }].into_iter();
        assert_eq!(paths(boxes(), ""), "M10 20h200v40h-200z");
        assert_eq!(paths(boxes(), "↻"), "M10 20h200v40h-200zM10 60l200-40");
        assert_eq!(paths(boxes(), "⨯"), "M10 20h200v40h-200zM10 60l200-40M10 20l200 40");
    }
}
