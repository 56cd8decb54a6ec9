//! The camera on the page: where it is kept, how it reaches the pixels, and who is told when it
//! rests. A move writes one transform on the picture and one on the layer over it; nothing
//! reactive runs until it has rested.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::svg::{G, Rect as SvgRect};
use wasm_bindgen::JsCast;

use crate::app::canvas::camera::{Camera, PaneSize, holds};
use crate::flow::{Point, Rect};

/// After this long without a move the camera rests.
const REST_MILLIS: u32 = 90;
/// How much more than the view is drawn of a large graph, in views on each side.
pub const CULL_AROUND: f64 = 0.75;
/// How long nodes slide after an edit; the same as in the style sheet.
const SLIDE_MILLIS: u32 = 200;

/// A handle to the camera of the one canvas.
#[derive(Clone, Copy)]
pub struct Viewport {
    state: StoredValue<State, LocalStorage>,
    pub pane: NodeRef<Div>,
    pub picture: NodeRef<G>,
    /// HTML in canvas coordinates: the field for a new name, the question beside a node.
    pub layer: NodeRef<Div>,
    /// On the minimap, the part that is seen.
    pub seen: NodeRef<SvgRect>,
    /// Where the camera rests: for the zoom shown and for leaving out what is far away.
    pub rested: RwSignal<Camera>,
}

#[derive(Default)]
struct State {
    camera: Camera,
    size: PaneSize,
    /// Upper left corner of the pane in the window.
    corner: Point,
    /// Looks whether the camera has come to rest; there while it has not.
    rest: Option<gloo::timers::callback::Timeout>,
    /// The camera has moved since that was looked at last.
    has_moved: bool,
    sliding: bool,
    slide: Option<gloo::timers::callback::Timeout>,
}

impl Default for Viewport {
    fn default() -> Viewport {
        Viewport {
            state: StoredValue::new_local(State::default()),
            pane: NodeRef::new(),
            picture: NodeRef::new(),
            layer: NodeRef::new(),
            seen: NodeRef::new(),
            rested: RwSignal::new(Camera::default()),
        }
    }
}

impl Viewport {
    pub fn camera(self) -> Camera {
        self.state.with_value(|it| it.camera)
    }

    pub fn size(self) -> PaneSize {
        self.state.with_value(|it| it.size)
    }

    /// Reads the place of the pane in the window anew; once for each gesture is enough.
    pub fn measure(self) {
        let Some(pane) = self.pane.get_untracked() else { return };
        let rect = pane.get_bounding_client_rect();
        self.state.update_value(|it| {
            it.corner = Point { x: rect.left(), y: rect.top() };
            it.size = PaneSize { w: rect.width(), h: rect.height() };
        });
    }

    /// A place of the window as a place on the pane.
    pub fn pane_from_window(self, x: f64, y: f64) -> Point {
        self.state.with_value(|it| Point { x: x - it.corner.x, y: y - it.corner.y })
    }

    pub fn canvas_from_window(self, x: f64, y: f64) -> Point {
        self.camera().canvas_from_screen(self.pane_from_window(x, y))
    }

    pub fn window_from_canvas(self, at: Point) -> Point {
        let at = self.camera().screen_from_canvas(at);
        self.state.with_value(|it| Point { x: at.x + it.corner.x, y: at.y + it.corner.y })
    }

    /// Whether a place on the pane is inside it.
    pub fn contains(self, at: Point) -> bool {
        let size = self.size();
        0.0 <= at.x && 0.0 <= at.y && at.x <= size.w && at.y <= size.h
    }

    /// Moves the camera at once.
    pub fn set(self, camera: Camera) {
        self.show(camera, false);
    }

    /// Moves the camera along with nodes that slide to new places.
    pub fn slide(self, camera: Camera) {
        self.show(camera, true);
    }

    pub fn reveal(self, rect: Rect) {
        let camera = self.camera().revealing(rect, self.size());
        if camera != self.camera() {
            self.slide(camera);
        }
    }

    /// Zooms about the middle of the pane.
    pub fn zoom_by(self, factor: f64) {
        let size = self.size();
        self.set(self.camera().zoomed_about(Point { x: size.w / 2.0, y: size.h / 2.0 }, factor));
    }

    fn show(self, camera: Camera, sliding: bool) {
        let transform = camera.transform();
        let picture = self.picture.get_untracked().map(|it| it.unchecked_into::<web_sys::SvgElement>());
        let layer = self.layer.get_untracked();
        let styles =
            [picture.as_ref().map(|it| it.style()), layer.as_deref().map(web_sys::HtmlElement::style)];
        for style in styles.iter().flatten() {
            // A transform in the right form is never refused.
            let _ = style.set_property("transform", &transform);
        }
        self.show_seen_of(camera);
        let was_sliding = self.state.with_value(|it| it.sliding);
        if was_sliding != sliding
            && let Some(pane) = self.pane.get_untracked()
        {
            // As above; the attribute turns the transition of the camera on and off.
            let _ = if sliding {
                pane.set_attribute("data-sliding", "")
            } else {
                pane.remove_attribute("data-sliding")
            };
        }
        let slide = sliding.then(|| {
            gloo::timers::callback::Timeout::new(SLIDE_MILLIS, move || {
                if let Some(pane) = self.pane.try_get_untracked().flatten() {
                    let _ = pane.remove_attribute("data-sliding");
                }
                let _ = self.state.try_update_value(|it| it.sliding = false);
            })
        });
        let is_watched = self.state.try_update_value(|it| {
            it.camera = camera;
            it.slide = slide;
            it.sliding = sliding;
            std::mem::replace(&mut it.has_moved, true) || it.rest.is_some()
        });
        if is_watched == Some(false) {
            self.watch_for_rest();
        }
        // Far from where it rested last, a large graph has not been drawn yet.
        let drawn = self.rested.with_untracked(|it| it.seen(self.size(), CULL_AROUND));
        if !holds(drawn, camera.seen(self.size(), 0.0)) {
            self.rested.set(camera);
        }
    }

    /// One timer for a whole movement, not one for each event of it.
    fn watch_for_rest(self) {
        let rest = gloo::timers::callback::Timeout::new(REST_MILLIS, move || {
            // The page may have let go of the canvas in the meantime.
            let Some((camera, has_moved)) = self.state.try_update_value(|it| {
                it.rest = None;
                (it.camera, std::mem::take(&mut it.has_moved))
            }) else {
                return;
            };
            if has_moved {
                self.watch_for_rest();
            } else {
                let _ = self.rested.try_set(camera);
            }
        });
        self.state.update_value(|it| it.rest = Some(rest));
    }

    /// Puts the frame of the minimap where the camera is.
    pub fn show_seen(self) {
        self.show_seen_of(self.camera());
    }

    fn show_seen_of(self, camera: Camera) {
        let Some(frame) = self.seen.try_get_untracked().flatten() else { return };
        let Rect { x, y, w, h } = camera.seen(self.size(), 0.0);
        for (name, value) in [("x", x), ("y", y), ("width", w), ("height", h)] {
            // A number is never refused.
            let _ = frame.set_attribute(name, &format!("{value:.1}"));
        }
    }

    /// Moves a place of the canvas to the middle of the pane.
    pub fn center(self, at: Point) {
        let (camera, size) = (self.camera(), self.size());
        let (x, y) = (size.w / 2.0 - at.x * camera.zoom, size.h / 2.0 - at.y * camera.zoom);
        self.set(Camera { x, y, ..camera });
    }
}
