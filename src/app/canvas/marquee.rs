//! Selecting several states: a marquee over empty space selects what it touches, and says so while
//! it is drawn. Its line follows the pointer through attributes alone; the states are told only
//! when others come under it.

use leptos::prelude::*;

use crate::app::canvas::Canvas;
use crate::app::canvas::camera::{holds, touches};
use crate::app::canvas::scene::{Scene, bounds};
use crate::asl::StatePath;
use crate::flow::{Point, Rect};
use crate::studio::{Command, NodeView};

impl Canvas {
    /// The marquee reaches from one place of the canvas to another.
    pub fn draw_marquee(self, from: Point, to: Point) {
        let area = bounds(&[from, to]);
        if let Some(rect) = self.marquee.get_untracked() {
            let line = 1.0 / self.viewport.camera().zoom;
            let sides = [("x", area.x), ("y", area.y), ("width", area.w), ("height", area.h)];
            for (name, value) in sides.into_iter().chain([("stroke-width", line)]) {
                // A number is never refused.
                let _ = rect.set_attribute(name, &format!("{value:.1}"));
            }
        }
        let states = self.scene.with_untracked(|scene| states_in(scene, area));
        if self.boxed.with_untracked(|it| *it != states) {
            self.boxed.set(states);
        }
    }

    /// The marquee is done: what it touches is selected, beside what was when it `adds`.
    pub fn select_boxed(self, adds: bool) {
        let mut states = self.boxed.get_untracked();
        self.clear_marquee();
        if adds {
            let selection = self.shell.selection.get_untracked();
            let before = selection.state.iter().chain(&selection.others);
            let mut all: Vec<StatePath> = before.cloned().collect();
            states.retain(|it| !all.contains(it));
            all.append(&mut states);
            states = all;
        }
        self.shell.dispatch(Command::SelectMany { states });
    }

    /// Takes the marquee away; nothing else changes.
    pub fn clear_marquee(self) {
        if let Some(rect) = self.marquee.get_untracked() {
            // What is not there needs no removing.
            let _ = rect.remove_attribute("width");
        }
        if self.boxed.with_untracked(|it| !it.is_empty()) {
            self.boxed.set(Vec::new());
        }
    }
}

/// The states that an area touches. A frame counts only as a whole, and then for all it holds: a
/// marquee inside of it is about its states.
pub fn states_in(scene: &Scene, area: Rect) -> Vec<StatePath> {
    let mut frames: Vec<&NodeView> = Vec::new();
    let mut states = Vec::new();
    for node in &scene.graph().nodes {
        let Some(state) = &node.state else { continue };
        let fits = if node.frame { holds(area, node.rect) } else { touches(area, node.rect) };
        if !fits || frames.iter().any(|it| scene.is_inside(node, it)) {
            continue;
        }
        if node.frame {
            frames.push(node);
        }
        states.push(state.clone());
    }
    states
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::canvas::scene::tests::sample;

    fn check(area: (f64, f64, f64, f64), expected: &str) {
        let states = states_in(&sample(), Rect { x: area.0, y: area.1, w: area.2, h: area.3 });
        assert_eq!(states.iter().map(StatePath::name).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn what_is_touched_counts_but_a_frame_only_as_a_whole() {
        check((-10.0, 50.0, 30.0, 20.0), "A");
        check((100.0, 220.0, 300.0, 100.0), "B C");
        check((-10.0, 50.0, 300.0, 300.0), "A B");
        check((-10.0, 50.0, 600.0, 500.0), "A P");
        check((600.0, 0.0, 10.0, 10.0), "");
    }
}
