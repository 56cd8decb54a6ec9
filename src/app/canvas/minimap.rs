//! The whole graph in a corner, when the view shows only a part of it: boxes with their status,
//! what is selected, and the part that is seen, which a press moves. One path for each kind of box;
//! while the camera moves, only the box around what is seen moves, without anything reactive.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::browser::settings;
use crate::app::canvas::Canvas;
use crate::app::canvas::camera::{Camera, PaneSize, holds};
use crate::app::canvas::node::status_word;
use crate::app::parts::live::{Shown, effect, heard, live, memo, view};
use crate::flow::{Point, Rect};
use crate::studio::Status;

const KEPT: &str = "stepglass-minimap";
/// Free space around the graph, in canvas units for each unit of its longer side.
const AROUND: f64 = 0.04;

/// The sides of the corner without its border, in CSS pixels.
const LONGEST: f64 = 190.0;
const SHORTEST: f64 = 64.0;
const BORDER: f64 = 1.0;

/// The statuses that are drawn over the plain boxes, the worst last.
pub const DRAWN: [Status; 6] =
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
    let (corner, seen) = (NodeRef::<Div>::new(), viewport.seen);
    let size = memo(move || canvas.scene.with(|it| framed(it.graph().size)));
    effect(move || viewport.set_map(map_of(size.get())));
    seen.on_load(move |_| viewport.show_seen());
    let is_pressed = StoredValue::new(false);
    let go = move |event: &web_sys::PointerEvent| {
        let Some(corner) = corner.get_untracked() else { return };
        let area = corner.get_bounding_client_rect();
        let at = |at: i32, from: f64| f64::from(at) - from - BORDER;
        let at = Point { x: at(event.client_x(), area.left()), y: at(event.client_y(), area.top()) };
        viewport.center(map_of(size.get_untracked()).canvas_from_screen(at));
    };
    let box_of = memo(move || {
        let Rect { x, y, w, h } = size.get();
        format!("{x:.0} {y:.0} {w:.0} {h:.0}")
    });
    let side = move |len: fn(Rect) -> f64| format!("{:.0}px", side(size.get(), len) + 2.0 * BORDER);
    let plain = move |frames: bool| {
        canvas.scene.with(|scene| {
            let nodes = scene.graph().nodes.iter();
            paths(&mut nodes.filter(|it| it.state.is_some() && it.frame == frames).map(|it| it.rect), "")
        })
    };
    let (frames, boxes) = (memo(move || plain(true)), memo(move || plain(false)));
    let selected = memo(move || {
        let selection = canvas.shell.selection.get();
        canvas.scene.with(|scene| {
            let states = selection.state.iter().chain(&selection.others);
            paths(&mut states.filter_map(|it| scene.node_of_state(it)).map(|it| it.rect), "")
        })
    });
    view! {
        <div
            node_ref=corner
            class="minimap"
            aria-hidden="true"
            style:width=live(move || side(|it| it.w))
            style:height=live(move || side(|it| it.h))
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
            <svg viewBox=box_of>
                <path class="minimap-frames" d=frames />
                <path class="minimap-boxes" d=boxes />
                {DRAWN.map(|status| {
                    let d = memo(move || statuses(canvas, status));
                    view! { <path class="minimap-status" data-status=status_word(status) d=d /> }
                }).collect_view()}
                <path class="minimap-selected" d=selected />
            </svg>
            <div node_ref=seen class="minimap-seen"></div>
        </div>
    }
}

/// The boxes with this status in the run, each with the strokes that tell it without its color.
pub fn statuses(canvas: Canvas, status: Status) -> String {
    let marks = canvas.shell.marks.get();
    canvas.scene.with(|scene| {
        let nodes = marks.nodes.iter().filter(|(_, mark)| mark.status == status);
        let nodes = nodes.filter_map(|(key, _)| scene.node(key)).filter(|it| it.state.is_some() && !it.frame);
        paths(&mut nodes.map(|it| it.rect), status.sign())
    })
}

/// Boxes as path data: crossed out, struck through, or as they are, by the sign of their status.
pub fn paths(boxes: &mut dyn Iterator<Item = Rect>, sign: &str) -> String {
    use std::fmt::Write;
    let mut path = String::new();
    for rect in boxes {
        // Whole numbers are written in a tenth of the time.
        let [x, y, w, h] = [rect.x, rect.y, rect.w, rect.h].map(|it| it as i32);
        // Writing to a text never fails.
        let _ = write!(path, "M{x} {y}h{w}v{h}h-{w}z");
        if matches!(sign, "⨯" | "⚡" | "↻") {
            let _ = write!(path, "M{x} {}l{w}-{h}", y + h);
        }
        if sign == "⨯" {
            let _ = write!(path, "M{x} {y}l{w} {h}");
        }
    }
    path
}

/// The length of a side, by how long the graph is along it.
fn side(size: Rect, len: fn(Rect) -> f64) -> f64 {
    (len(size) / size.w.max(size.h) * LONGEST).max(SHORTEST).round()
}

/// How the corner shows the canvas: all of it, in its middle.
fn map_of(size: Rect) -> Camera {
    let (w, h) = (side(size, |it| it.w), side(size, |it| it.h));
    let zoom = (w / size.w).min(h / size.h);
    let along = |len: f64, start: f64, part: f64| (len - part * zoom) / 2.0 - start * zoom;
    Camera { x: along(w, size.x, size.w), y: along(h, size.y, size.h), zoom }
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
        let check = |sign: &str, path: &str| {
            let boxes = [Rect { x: 10.0, y: 20.0, w: 200.0, h: 40.0 }];
            assert_eq!(paths(&mut boxes.into_iter(), sign), path);
        };
        check("", "M10 20h200v40h-200z");
        check("↻", "M10 20h200v40h-200zM10 60l200-40");
        check("⨯", "M10 20h200v40h-200zM10 60l200-40M10 20l200 40");
    }

    #[test]
    fn the_corner_shows_the_whole_graph_in_its_middle() {
        let graph = Rect { x: -40.0, y: 0.0, w: 300.0, h: 9000.0 };
        let shown = map_of(graph).screen_rect(graph);
        assert!((shown.h - LONGEST).abs() < 1e-6 && shown.y.abs() < 1e-6, "{shown:?}");
        assert!((shown.x + shown.w / 2.0 - SHORTEST / 2.0).abs() < 1e-6, "{shown:?}");
    }
}
