//! A large graph as plain boxes and lines. From far away there is all of it, some dozens of parts in
//! one path; while one moves faster than states can be drawn, what is near is there without waiting
//! for any name, and no more of it: the browser would draw it far around the view. What is drawn in
//! full lies over it.

use leptos::prelude::*;

use crate::app::canvas::Canvas;
use crate::app::canvas::detail::Detail;
use crate::app::canvas::minimap::{DRAWN, paths, statuses};
use crate::app::canvas::node::status_word;
use crate::app::canvas::scene::Scene;
use crate::app::parts::live::{live, memo, view};
use crate::flow::Point;
use crate::studio::{EdgeView, NodeView};

/// As many parts share a path.
const PIECE: usize = 64;
/// Width of the lines as large as life.
const LINE: f64 = 1.5;

/// What a sketch is of; each lies below the same parts in full.
#[derive(Clone, Copy, PartialEq)]
pub enum Of {
    Frames,
    Edges,
    Boxes,
}

/// One kind of parts.
#[component]
pub fn Sketch(canvas: Canvas, of: Of) -> impl IntoView {
    let n_pieces = memo(move || match canvas.detail.with(Detail::is_large) {
        true => canvas.scene.with(|it| match of {
            Of::Edges => it.graph().edges.len().div_ceil(PIECE),
            Of::Frames | Of::Boxes => it.graph().nodes.len().div_ceil(PIECE),
        }),
        false => 0,
    });
    let word = match of {
        Of::Frames => "frames",
        Of::Edges => "edges",
        Of::Boxes => "boxes",
    };
    let pieces = move |n_pieces: usize| {
        let piece = |idx: usize| {
            let d = memo(move || canvas.scene.with(|it| piece(it, of, idx)));
            view! { <path d=d /> }
        };
        (0..n_pieces).map(piece).collect_view()
    };
    let rough = memo(move || canvas.detail.with(|it| rough(it, of)));
    let width = thin(canvas, 1.0);
    view! {
        <g
            class="canvas-sketch"
            data-of=word
            data-shown=live(move || canvas.detail.with(|it| it.is_far).then_some(""))
            stroke-width=width
        >
            {live(move || pieces(n_pieces.get()))}
        </g>
        <g class="canvas-sketch" data-of=word data-shown="" stroke-width=width>
            <path d=rough />
        </g>
    }
}

/// From far away, what the run did and what is selected.
#[component]
pub fn Marks(canvas: Canvas) -> impl IntoView {
    let is_far = memo(move || canvas.detail.with(|it| it.is_far));
    let travelled = memo(move || {
        canvas.travelled.with(|it| {
            canvas.scene.with(|scene| {
                let edges = scene.graph().edges.iter();
                lines(&mut edges.filter(|edge| it.times.contains_key(&edge.key)))
            })
        })
    });
    let picked = memo(move || {
        let shown = canvas.shell.selection.with(|it| it.shown.clone());
        canvas.scene.with(|scene| {
            let states = canvas.picked.get().into_iter().chain(shown);
            paths(&mut states.filter_map(|it| scene.node_of_state(&it).map(|it| it.rect)), "")
        })
    });
    view! {
        <g class="canvas-far" stroke-width=thin(canvas, 2.0)>
            {live(move || is_far.get().then(|| view! {
                <path class="canvas-far-travelled" d=travelled />
                {DRAWN.map(|status| {
                    let d = memo(move || match canvas.shell.shows_run() {
                        true => statuses(canvas, status),
                        false => String::new(),
                    });
                    view! { <path class="minimap-status" data-status=status_word(status) d=d /> }
                }).collect_view()}
                <path class="minimap-selected" d=picked />
            }))}
        </g>
    }
}

/// So many pixels wide also from far away; told when the camera rests.
fn thin(canvas: Canvas, pixels: f64) -> Memo<String> {
    memo(move || {
        // Not for each step of a zoom in which they are thick enough.
        let width = (pixels / canvas.viewport.rested.get().zoom).max(pixels * LINE);
        format!("{width:.1}")
    })
}

/// The path of one piece.
fn piece(scene: &Scene, of: Of, idx: usize) -> String {
    let places = idx * PIECE..(idx + 1) * PIECE;
    match of {
        Of::Edges => lines(&mut places.filter_map(|at| scene.graph().edges.get(at))),
        Of::Frames | Of::Boxes => boxes(&mut places.filter_map(|at| scene.graph().nodes.get(at)), of),
    }
}

/// The path of what is near and not drawn yet.
fn rough(detail: &Detail, of: Of) -> String {
    match of {
        Of::Edges => lines(&mut detail.rough_edges()),
        Of::Frames | Of::Boxes => boxes(&mut detail.rough_nodes(), of),
    }
}

fn boxes(nodes: &mut dyn Iterator<Item = &NodeView>, of: Of) -> String {
    let frames = of == Of::Frames;
    paths(&mut nodes.filter(|it| it.state.is_some() && it.frame == frames).map(|it| it.rect), "")
}

fn lines(edges: &mut dyn Iterator<Item = &EdgeView>) -> String {
    let mut path = String::new();
    edges.for_each(|it| line(&mut path, &it.points));
    path
}

fn line(path: &mut String, points: &[Point]) {
    use std::fmt::Write;
    for (idx, Point { x, y }) in points.iter().enumerate() {
        let letter = if idx == 0 { 'M' } else { 'L' };
        // Writing to a text never fails.
        let _ = write!(path, "{letter}{} {}", *x as i32, *y as i32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::canvas::scene::tests::sample;

    #[test]
    fn each_kind_of_parts_has_its_paths() {
        let scene = sample();
        let check = |of, idx, path: &str| assert_eq!(piece(&scene, of, idx), path);
        check(Of::Boxes, 0, "M0 60h200v40h-200zM20 240h180v40h-180zM300 240h180v40h-180z");
        check(Of::Frames, 0, "M0 160h500v240h-500z");
        check(Of::Edges, 0, "M100 12L100 60M100 100L100 160M250 400L250 460");
        check(Of::Boxes, 1, "");
    }
}
