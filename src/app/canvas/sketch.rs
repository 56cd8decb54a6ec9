//! The parts of a large graph that are not drawn in full: plain boxes and lines, some dozens of
//! them in one path. While one moves fast, and from far away, the shape of the workflow is there
//! without waiting for any name.

use leptos::prelude::*;

use crate::app::canvas::Canvas;
use crate::app::canvas::detail::PIECE;
use crate::app::canvas::minimap::{DRAWN, paths, statuses};
use crate::app::canvas::node::status_word;
use crate::app::canvas::scene::Scene;
use crate::app::parts::live::live;
use crate::flow::Point;

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
    let edges = of == Of::Edges;
    let n_pieces = Memo::new(move |_| canvas.detail.with(|it| it.n_pieces(edges)));
    let word = match of {
        Of::Frames => "frames",
        Of::Edges => "edges",
        Of::Boxes => "boxes",
    };
    let pieces = move |n_pieces: usize| {
        let piece = |idx: usize| {
            let in_full = Memo::new(move |_| canvas.detail.with(|it| it.piece(edges, idx)));
            let d = Memo::new(move |_| canvas.scene.with(|it| piece(it, of, idx, in_full.get())));
            view! { <path d=d /> }
        };
        (0..n_pieces).map(piece).collect_view()
    };
    view! {
        <g class="canvas-sketch" data-of=word stroke-width=thin(canvas)>{live(move || pieces(n_pieces.get()))}</g>
    }
}

/// From far away, what the run did and what is selected.
#[component]
pub fn Marks(canvas: Canvas) -> impl IntoView {
    let is_far = Memo::new(move |_| canvas.detail.with(|it| it.is_far));
    let travelled = Memo::new(move |_| {
        let mut path = String::new();
        canvas.travelled.with(|it| canvas.scene.with(|scene| {
            let edges = scene.graph().edges.iter();
            edges.filter(|edge| it.times.contains_key(&edge.key)).for_each(|it| line(&mut path, &it.points));
        }));
        path
    });
    let picked = Memo::new(move |_| {
        canvas.scene.with(|scene| {
            let picked = canvas.picked.get();
            paths(&mut picked.iter().filter_map(|it| scene.node_of_state(it)).map(|it| it.rect), "")
        })
    });
    view! {
        <g class="canvas-far" stroke-width=thin(canvas)>
            {live(move || is_far.get().then(|| view! {
                <path class="canvas-far-travelled" d=travelled />
                {DRAWN.map(|status| {
                    let d = Memo::new(move |_| match canvas.shell.shows_run() {
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

/// Lines that can be seen also from far away; told when the camera rests.
fn thin(canvas: Canvas) -> Memo<String> {
    Memo::new(move |_| {
        // Not for each step of a zoom in which they are thick enough.
        let width = (1.0 / canvas.viewport.rested.get().zoom).max(LINE);
        format!("{width:.1}")
    })
}

/// The path of one piece, without the parts that are drawn in full.
fn piece(scene: &Scene, of: Of, idx: usize, in_full: u64) -> String {
    let mut path = String::new();
    let is_left = |at: &usize| in_full >> at & 1 == 0;
    let places = (0..PIECE).filter(is_left).map(|at| idx * PIECE + at);
    if of == Of::Edges {
        let edges = places.filter_map(|at| scene.graph().edges.get(at));
        edges.for_each(|it| line(&mut path, &it.points));
        return path;
    }
    let nodes = places.filter_map(|at| scene.graph().nodes.get(at));
    let mut boxes = nodes.filter(|it| it.state.is_some() && it.frame == (of == Of::Frames)).map(|it| it.rect);
    paths(&mut boxes, "")
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
    fn a_piece_leaves_out_what_is_drawn_in_full() {
        let scene = sample();
        let all = "M0 60h200v40h-200zM20 240h180v40h-180zM300 240h180v40h-180z";
        assert_eq!(piece(&scene, Of::Boxes, 0, 0), all);
        assert_eq!(piece(&scene, Of::Frames, 0, 0), "M0 160h500v240h-500z");
        assert_eq!(piece(&scene, Of::Boxes, 0, 0b1000010), "M20 240h180v40h-180z");
        assert_eq!(piece(&scene, Of::Edges, 0, 0b101), "M100 100L100 160");
        assert_eq!(piece(&scene, Of::Boxes, 1, 0), "");
    }
}
