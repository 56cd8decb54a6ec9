//! Which part of the canvas is seen, and how large. Plain arithmetic on values: nothing here
//! touches the page, so a pointer event costs a few additions and one attribute.

use crate::flow::{Point, Rect};

/// Smallest and largest zoom that can be reached by hand.
const ZOOMS: (f64, f64) = (0.1, 3.0);
/// One press of `+`.
pub const ZOOM_STEP: f64 = 1.25;
/// Free space around the graph when it is fitted.
const MARGIN: f64 = 20.0;

/// A place on the pane is `place on the canvas * zoom + (x, y)`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Camera {
    pub x: f64,
    pub y: f64,
    pub zoom: f64,
}

/// Width and height of the pane in CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct PaneSize {
    pub w: f64,
    pub h: f64,
    /// How much of the height the bar with outline and zoom covers, at the bottom.
    pub foot: f64,
}

impl Default for Camera {
    fn default() -> Camera {
        Camera { x: 0.0, y: 0.0, zoom: 1.0 }
    }
}

impl Camera {
    pub fn canvas_from_screen(&self, at: Point) -> Point {
        Point { x: (at.x - self.x) / self.zoom, y: (at.y - self.y) / self.zoom }
    }

    pub fn screen_from_canvas(&self, at: Point) -> Point {
        Point { x: at.x * self.zoom + self.x, y: at.y * self.zoom + self.y }
    }

    pub fn screen_rect(&self, rect: Rect) -> Rect {
        let at = self.screen_from_canvas(Point { x: rect.x, y: rect.y });
        Rect { x: at.x, y: at.y, w: rect.w * self.zoom, h: rect.h * self.zoom }
    }

    pub fn panned(self, dx: f64, dy: f64) -> Camera {
        Camera { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// Zooms so that the place under `at` (on the pane) stays under it.
    pub fn zoomed_about(self, at: Point, factor: f64) -> Camera {
        let zoom = (self.zoom * factor).clamp(ZOOMS.0, ZOOMS.1);
        let ratio = zoom / self.zoom;
        Camera { x: at.x - (at.x - self.x) * ratio, y: at.y - (at.y - self.y) * ratio, zoom }
    }

    /// All of the graph, centered, never larger than life.
    pub fn fit(graph: Rect, pane: PaneSize) -> Camera {
        Camera::fit_with(graph, pane, ZOOMS.0)
    }

    /// How a graph is first shown: all of it where that stays readable, else its beginning.
    pub fn open(graph: Rect, pane: PaneSize) -> Camera {
        Camera::fit_with(graph, pane, 0.55)
    }

    fn fit_with(graph: Rect, pane: PaneSize, smallest: f64) -> Camera {
        let room_w = (pane.w - 2.0 * MARGIN).max(1.0);
        let room_h = (pane.h - MARGIN - pane.foot).max(1.0);
        let zoom = (room_w / graph.w.max(1.0)).min(room_h / graph.h.max(1.0)).clamp(smallest, 1.0);
        let left = (pane.w - graph.w * zoom) / 2.0;
        let top = (room_h - graph.h * zoom) / 2.0 + MARGIN;
        Camera { x: left - graph.x * zoom, y: top.max(MARGIN / 2.0) - graph.y * zoom, zoom }
    }

    /// The smallest move that brings a box into view, with some space around it.
    pub fn revealing(self, rect: Rect, pane: PaneSize) -> Camera {
        let seen = self.screen_rect(rect);
        Camera {
            x: self.x + shift(seen.x, seen.w, MARGIN, pane.w - MARGIN),
            y: self.y + shift(seen.y, seen.h, MARGIN, pane.h - pane.foot),
            ..self
        }
    }

    /// Keeps on its place of the screen what stood at `old` and now stands at `new`.
    pub fn anchored(self, old: Rect, new: Rect) -> Camera {
        let dx = (old.x + old.w / 2.0) - (new.x + new.w / 2.0);
        let dy = (old.y + old.h / 2.0) - (new.y + new.h / 2.0);
        self.panned(dx * self.zoom, dy * self.zoom)
    }

    /// The part of the canvas that is seen, widened by `around` of its own size on each side.
    pub fn seen(&self, pane: PaneSize, around: f64) -> Rect {
        let (w, h) = (pane.w / self.zoom, pane.h / self.zoom);
        let at = self.canvas_from_screen(Point::default());
        Rect {
            x: at.x - w * around,
            y: at.y - h * around,
            w: w * (1.0 + 2.0 * around),
            h: h * (1.0 + 2.0 * around),
        }
    }

    /// As a CSS transform. The third dimension gives the picture a layer of its own, which moves
    /// without being drawn again.
    pub fn transform(&self) -> String {
        format!("translate3d({:.2}px, {:.2}px, 0px) scale({:.7})", self.x, self.y, self.zoom)
    }

    /// “80 %”.
    pub fn percent(&self) -> String {
        format!("{:.0} %", self.zoom * 100.0)
    }
}

/// How far a stretch must move to lie between two ends; its beginning wins where it is too long.
fn shift(at: f64, len: f64, from: f64, to: f64) -> f64 {
    let over = (at + len - to).max(0.0);
    let moved = at - over;
    if moved < from { from - at } else { -over }
}

/// Whether two boxes share a place.
pub fn touches(one: Rect, other: Rect) -> bool {
    one.x < other.x + other.w
        && other.x < one.x + one.w
        && one.y < other.y + other.h
        && other.y < one.y + one.h
}

/// Whether one box lies in another.
pub fn holds(outer: Rect, inner: Rect) -> bool {
    outer.x <= inner.x
        && outer.y <= inner.y
        && inner.x + inner.w <= outer.x + outer.w
        && inner.y + inner.h <= outer.y + outer.h
}

/// How fast the camera follows a drag that comes near the border of the pane, in pixels a frame.
pub fn drift(at: Point, pane: PaneSize) -> (f64, f64) {
    const NEAR: f64 = 40.0;
    const FASTEST: f64 = 14.0;
    let along = |at: f64, len: f64| {
        if at < NEAR {
            ((NEAR - at) / NEAR).min(1.0) * FASTEST
        } else if len - NEAR < at {
            -((at - (len - NEAR)) / NEAR).min(1.0) * FASTEST
        } else {
            0.0
        }
    };
    (along(at.x, pane.w), along(at.y, pane.h))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANE: PaneSize = PaneSize { w: 600.0, h: 700.0, foot: 56.0 };

    fn rect(x: f64, y: f64, w: f64, h: f64) -> Rect {
        Rect { x, y, w, h }
    }

    fn near(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-6, "{one} is not {other}");
    }

    #[test]
    fn zooming_keeps_the_place_under_the_pointer() {
        let camera = Camera { x: 30.0, y: -20.0, zoom: 0.8 };
        let pointer = Point { x: 210.0, y: 95.0 };
        let before = camera.canvas_from_screen(pointer);
        for factor in [1.25, 0.5, 100.0, 0.0001] {
            let after = camera.zoomed_about(pointer, factor).canvas_from_screen(pointer);
            near(before.x, after.x);
            near(before.y, after.y);
        }
        near(camera.zoomed_about(pointer, 1e9).zoom, ZOOMS.1);
    }

    #[test]
    fn fitting_shows_all_and_never_enlarges() {
        for graph in [rect(0.0, 0.0, 100.0, 80.0), rect(-50.0, 10.0, 4000.0, 900.0)] {
            let camera = Camera::fit(graph, PANE);
            let seen = camera.screen_rect(graph);
            assert!(0.0 <= seen.x && seen.x + seen.w <= PANE.w, "{seen:?}");
            assert!(0.0 <= seen.y && seen.y + seen.h <= PANE.h, "{seen:?}");
            assert!(camera.zoom <= 1.0);
        }
    }

    #[test]
    fn fitting_leaves_room_for_a_bar_of_several_lines() {
        let graph = rect(0.0, 0.0, 300.0, 2000.0);
        for foot in [56.0, 96.0, 200.0] {
            let pane = PaneSize { foot, ..PANE };
            let seen = Camera::fit(graph, pane).screen_rect(graph);
            assert!(MARGIN <= seen.y && seen.y + seen.h <= pane.h - foot + 1e-6, "{seen:?}");
        }
    }

    #[test]
    fn a_tall_graph_opens_readable_and_at_its_beginning() {
        let camera = Camera::open(rect(0.0, 0.0, 300.0, 9000.0), PANE);
        near(camera.zoom, 0.55);
        assert!(camera.y < 40.0 && 0.0 <= camera.y);
    }

    #[test]
    fn revealing_moves_as_little_as_possible() {
        let camera = Camera::default();
        assert_eq!(camera.revealing(rect(100.0, 100.0, 220.0, 52.0), PANE), camera);
        let moved = camera.revealing(rect(100.0, 2000.0, 220.0, 52.0), PANE);
        near(moved.x, 0.0);
        near(moved.screen_rect(rect(100.0, 2000.0, 220.0, 52.0)).y, PANE.h - PANE.foot - 52.0);
        let wide = camera.revealing(rect(500.0, 100.0, 5000.0, 52.0), PANE);
        near(wide.screen_rect(rect(500.0, 100.0, 5000.0, 52.0)).x, MARGIN);
    }

    #[test]
    fn the_anchor_stays_on_its_place_of_the_screen() {
        let camera = Camera { x: 5.0, y: 6.0, zoom: 0.7 };
        let (old, new) = (rect(10.0, 20.0, 220.0, 52.0), rect(130.0, 220.0, 220.0, 52.0));
        let (before, after) = (camera.screen_rect(old), camera.anchored(old, new).screen_rect(new));
        near(before.x, after.x);
        near(before.y, after.y);
    }

    #[test]
    fn only_a_drag_near_the_border_moves_the_camera() {
        assert_eq!(drift(Point { x: 300.0, y: 300.0 }, PANE), (0.0, 0.0));
        let (dx, dy) = drift(Point { x: 2.0, y: 699.0 }, PANE);
        assert!(0.0 < dx && dy < 0.0);
    }
}
