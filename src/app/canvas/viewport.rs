//! The camera on the page: where it is kept, how it reaches the pixels, and who is told when it
//! rests. A move writes one transform on the picture, which is a layer of its own: the browser moves
//! what it has drawn, and draws it anew in its new size when the camera rests. Nothing reactive runs
//! until then, except that a large graph gets a few more parts with each frame.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::canvas::camera::{Camera, PaneSize};
use crate::app::canvas::pace::Pace;
use crate::flow::{Point, Rect};

/// After this long without a move the camera rests.
const REST_MILLIS: u32 = 90;
/// Between the bar at the bottom of the pane and what is fitted above it, or stands on it.
const ABOVE_BAR: (f64, f64) = (14.0, 10.0);
/// The box around what is seen is never smaller on the minimap, in CSS pixels.
const SEEN: f64 = 4.0;
/// How long nodes slide after an edit; the same as in the style sheet.
const SLIDE_MILLIS: u32 = 200;

/// A handle to the camera of the one canvas.
#[derive(Clone, Copy)]
pub struct Viewport {
    state: StoredValue<State, LocalStorage>,
    pub pane: NodeRef<Div>,
    /// All that is in canvas coordinates.
    pub picture: NodeRef<Div>,
    /// The buttons over the bottom of the pane.
    pub bar: NodeRef<Div>,
    /// On the minimap, the part that is seen.
    pub seen: NodeRef<Div>,
    /// Where the camera rests: for the zoom shown.
    pub rested: RwSignal<Camera>,
    /// Grows with the frames of a movement in which something may be drawn, and after it with each
    /// while [`Viewport::ask_frame`] is called.
    pub frames: RwSignal<u32>,
    /// Grows when another document is shown.
    pub opened: RwSignal<u32>,
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
    /// Somebody waits for the next frame.
    awaits_frame: bool,
    pace: Pace,
    /// The zoom in which the browser has drawn the picture, and what it is told about it.
    drawn_zoom: f64,
    hint: &'static str,
    /// How the minimap shows the canvas.
    map: Camera,
    /// The size of the box on the minimap.
    seen: (f64, f64),
    sliding: bool,
    slide: Option<gloo::timers::callback::Timeout>,
}

impl Default for Viewport {
    fn default() -> Viewport {
        Viewport {
            state: StoredValue::new_local(State::default()),
            pane: NodeRef::new(),
            picture: NodeRef::new(),
            bar: NodeRef::new(),
            seen: NodeRef::new(),
            rested: RwSignal::new(Camera::default()),
            frames: RwSignal::new(0),
            opened: RwSignal::new(0),
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
        let bar = self.bar.get_untracked().map_or(rect.bottom(), |it| it.get_bounding_client_rect().top());
        let covered = (rect.bottom() - bar).max(0.0);
        let now = match 0.0 < rect.width() {
            true => PaneSize { w: rect.width(), h: rect.height(), foot: covered + ABOVE_BAR.0 },
            false => PaneSize::default(),
        };
        let before = self.state.try_update_value(|it| {
            it.corner = Point { x: rect.left(), y: rect.top() };
            std::mem::replace(&mut it.size, now)
        });
        // What stands on the bar goes up with it.
        if 0.0 < now.foot
            && before.is_some_and(|it| it.foot != now.foot)
            && let Some(stage) = pane.parent_element()
        {
            let style = stage.unchecked_into::<web_sys::HtmlElement>().style();
            // A style in the right form is never refused.
            let _ = style.set_property("--canvas-foot", &format!("{:.0}px", covered + ABOVE_BAR.1));
        }
    }

    /// Whether the camera is on its way.
    pub fn is_moving(self) -> bool {
        self.state.with_value(|it| it.rest.is_some())
    }

    /// How many parts of a large graph may be drawn in this frame.
    pub fn n_parts(self) -> usize {
        self.state.with_value(|it| it.pace.n_parts())
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

    /// Shows what has nothing to do with what was seen before.
    pub fn open(self, camera: Camera) {
        self.show(camera, false);
        self.opened.update(|it| *it += 1);
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
        self.style_picture("transform", &camera.transform());
        self.hint(camera.zoom, true);
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
        self.ask_frame();
    }

    /// On its way the picture is scaled as it is, not drawn again for each size; but it is when it
    /// has become much smaller, as ever more of it is seen, or much larger.
    fn hint(self, zoom: f64, is_moving: bool) {
        let hint = self.state.try_update_value(|it| {
            let is_near = (0.5..=2.0).contains(&(zoom / it.drawn_zoom));
            let hint = if is_moving && is_near { "transform" } else { "auto" };
            if hint == "auto" {
                it.drawn_zoom = zoom;
            }
            (std::mem::replace(&mut it.hint, hint) != hint).then_some(hint)
        });
        if let Some(hint) = hint.flatten() {
            self.style_picture("will-change", hint);
        }
    }

    fn style_picture(self, name: &str, value: &str) {
        if let Some(picture) = self.picture.try_get_untracked().flatten() {
            // A value in the right form is never refused.
            let _ = web_sys::HtmlElement::style(&picture).set_property(name, value);
        }
    }

    /// Counts the next frame; asking for it several times is asking once.
    pub fn ask_frame(self) {
        let awaited = self.state.try_update_value(|it| std::mem::replace(&mut it.awaits_frame, true));
        if awaited == Some(false) {
            request_animation_frame(move || {
                // The page may have let go of the canvas in the meantime.
                let start = js_sys::Date::now();
                let Some((is_moving, draws)) = self.state.try_update_value(|it| {
                    it.awaits_frame = false;
                    let is_moving = it.rest.is_some();
                    (is_moving, !is_moving || it.pace.turn(start))
                }) else {
                    return;
                };
                if draws {
                    self.frames.update(|it| *it = it.wrapping_add(1));
                }
                // All frames of a movement are watched, to see which of them come late.
                if is_moving {
                    self.ask_frame();
                }
                if is_moving && draws {
                    // Its turn comes when the browser has done its part of the frame.
                    let after = move || {
                        let millis = js_sys::Date::now() - start;
                        let _ = self.state.try_update_value(|it| it.pace.took(millis));
                    };
                    gloo::timers::callback::Timeout::new(0, after).forget();
                }
            });
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
                let _ = self.state.try_update_value(|it| it.pace.rest());
                self.hint(camera.zoom, false);
                let _ = self.rested.try_set(camera);
            }
        });
        self.state.update_value(|it| it.rest = Some(rest));
    }

    /// The minimap shows the canvas in this way from now on.
    pub fn set_map(self, map: Camera) {
        self.state.update_value(|it| it.map = map);
        self.show_seen();
    }

    /// Puts the box of the minimap where the camera is.
    pub fn show_seen(self) {
        self.state.update_value(|it| it.seen = (0.0, 0.0));
        self.show_seen_of(self.camera());
    }

    fn show_seen_of(self, camera: Camera) {
        let Some(frame) = self.seen.try_get_untracked().flatten() else { return };
        let seen = camera.seen(self.size(), 0.0);
        let style = web_sys::HtmlElement::style(&frame);
        self.state.update_value(|it| {
            let Rect { x, y, w, h } = it.map.screen_rect(seen);
            let size = (w.max(SEEN), h.max(SEEN));
            // None of these is ever refused.
            let _ = style.set_property("transform", &format!("translate({x:.1}px, {y:.1}px)"));
            if std::mem::replace(&mut it.seen, size) != size {
                let _ = style.set_property("width", &format!("{:.1}px", size.0));
                let _ = style.set_property("height", &format!("{:.1}px", size.1));
            }
        });
    }

    /// Moves a place of the canvas to the middle of the pane.
    pub fn center(self, at: Point) {
        let (camera, size) = (self.camera(), self.size());
        let (x, y) = (size.w / 2.0 - at.x * camera.zoom, size.h / 2.0 - at.y * camera.zoom);
        self.set(Camera { x, y, ..camera });
    }
}
