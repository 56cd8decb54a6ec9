//! Carrying something over the canvas: a row of the palette, a state, the end of a connection, a
//! new connection. Nothing changes until it is put down; Escape leaves no trace. What is possible
//! where is asked of the studio and remembered while the drag lasts.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::app::canvas::Canvas;
use crate::app::canvas::camera::drift;
use crate::app::canvas::drop::{Carried, Drop, Place, drop_at};
use crate::app::canvas::target::tail_of;
use crate::app::shell::Shell;
use crate::asl::EdgeKey;
use crate::flow::Point;
use crate::studio::Template;
use crate::studio::palette::describe;

/// How long one frame may spend on finding out which connections would open.
const SEARCH_MILLIS: f64 = 5.0;

/// A row of the palette under the pointer, on its way to the canvas.
#[derive(Clone, PartialEq, Debug)]
pub struct PaletteDrag {
    pub template: Template,
    /// The pointer, in the window.
    pub x: f64,
    pub y: f64,
}

/// What is shown while something is carried.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Shown {
    pub carried: Option<Carried>,
    /// The place below the pointer that takes it, or why it does not.
    pub place: Option<Place>,
    pub words: String,
    pub refusal: Option<String>,
}

/// The drag that is going on.
pub struct Drag {
    pub carried: Carried,
    /// The pointer in the window.
    window: Point,
    answers: HashMap<Place, Result<(), String>>,
    drop: Option<Drop>,
    /// Connections that have not been asked about yet.
    unasked: Vec<EdgeKey>,
    /// The pointer has been away from the border, so coming near it is meant; on the way in from
    /// the palette it is not.
    may_drift: bool,
}

/// Lets a row of the palette follow the pointer once it moves. Called on `pointerdown`; the canvas
/// takes over from there. The row needs `touch-action: none`.
pub fn start_palette_drag(shell: Shell, template: Template, event: &web_sys::PointerEvent) {
    // A touch is bound to the row it began on, which would keep the canvas from following it.
    if let Some(element) = event.target().and_then(|it| {
        use wasm_bindgen::JsCast;
        it.dyn_into::<web_sys::Element>().ok()
    }) {
        // There may be nothing to let go of.
        let _ = element.release_pointer_capture(event.pointer_id());
    }
    let drag = PaletteDrag { template, x: f64::from(event.client_x()), y: f64::from(event.client_y()) };
    shell.palette_drag.set(Some(drag));
}

/// What a row of the palette is called and looks like.
pub fn carried_template(template: Template) -> Carried {
    let (label, icon) = describe(&template);
    Carried::Template { template, label, icon }
}

impl Canvas {
    /// Takes something up.
    pub fn take_up(self, carried: Carried, x: f64, y: f64) {
        self.viewport.measure();
        let scene = self.scene.get_untracked();
        let unasked = if carried.is_placed() {
            let edges = scene.graph().edges.iter().filter(|it| it.insert_at.is_some());
            edges.map(|it| it.key.clone()).collect()
        } else {
            Vec::new()
        };
        self.drag.set_value(Some(Drag {
            carried: carried.clone(),
            window: Point { x, y },
            answers: HashMap::new(),
            drop: None,
            unasked,
            may_drift: false,
        }));
        self.shown.set(Shown { carried: Some(carried), ..Shown::default() });
        self.carry_to(x, y);
        self.on_frame();
    }

    pub fn is_dragging(self) -> bool {
        self.drag.with_value(Option::is_some)
    }

    /// The pointer moved.
    pub fn carry_to(self, x: f64, y: f64) {
        self.move_ghost(x, y);
        let at = self.viewport.pane_from_window(x, y);
        let (inside, camera) = (self.viewport.contains(at), self.viewport.camera());
        let scene = self.scene.get_untracked();
        let mut shown = None;
        self.drag.update_value(|drag| {
            let Some(drag) = drag else { return };
            drag.window = Point { x, y };
            drag.drop = inside
                .then(|| drop_at(&scene, &drag.carried, camera.canvas_from_screen(at), camera.zoom))
                .flatten();
            let refusal = drag.drop.as_ref().and_then(|drop| {
                let answer = drag.answers.entry(drop.place.clone()).or_insert_with(|| match &drop.command {
                    Ok(command) => self.shell.can(command).map_err(|it| it.0),
                    Err(sentence) => Err(sentence.clone()),
                });
                answer.clone().err()
            });
            shown = Some(Shown {
                carried: Some(drag.carried.clone()),
                place: drag.drop.as_ref().map(|it| it.place.clone()),
                words: drag.drop.as_ref().map(|it| it.words.clone()).unwrap_or_default(),
                refusal,
            });
        });
        if let Some(shown) = shown {
            self.show(shown);
        }
    }

    /// Puts it down where the pointer is, if it may go there.
    pub fn put_down(self) {
        let Some(drag) = self.drag.try_update_value(Option::take).flatten() else { return };
        let refusal = self.shown.with_untracked(|it| it.refusal.clone());
        self.clear();
        self.focus_tree();
        match (drag.drop, refusal) {
            (_, Some(sentence)) => self.shell.announce(sentence, true),
            (Some(Drop { command: Ok(command), .. }), None) => self.shell.dispatch(command),
            _ => {}
        }
    }

    /// Forgets the drag; nothing has changed.
    pub fn cancel_drag(self) {
        if self.is_dragging() {
            self.drag.set_value(None);
            self.clear();
        }
    }

    fn clear(self) {
        self.shown.set(Shown::default());
        self.open_edges.update(|it| it.clear());
        self.shell.pending.set(None);
        if let Some(rubber) = self.rubber.get_untracked() {
            let _ = rubber.remove_attribute("d");
        }
    }

    fn show(self, shown: Shown) {
        if self.shown.with_untracked(|it| *it == shown) {
            return;
        }
        let command = self.drag.with_value(|drag| {
            let drop = drag.as_ref()?.drop.as_ref()?;
            drop.command.clone().ok().filter(|_| shown.refusal.is_none())
        });
        self.shown.set(shown);
        self.shell.pending.set(command);
    }

    /// The ghost follows the pointer through its style alone.
    fn move_ghost(self, x: f64, y: f64) {
        if let Some(ghost) = self.ghost.get_untracked() {
            let transform = format!("translate({:.0}px, {:.0}px)", x + 14.0, y + 10.0);
            // A transform in the right form is never refused.
            let _ = web_sys::HtmlElement::style(&ghost).set_property("transform", &transform);
        }
        if let Some(rubber) = self.rubber.get_untracked() {
            let to = self.viewport.canvas_from_window(x, y);
            let from = self.drag.with_value(|drag| {
                let carried = &drag.as_ref()?.carried;
                self.scene.with_untracked(|scene| tail_of(scene, carried))
            });
            let line = from.map(|from| format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y));
            // Path data in the right form is never refused.
            let _ = rubber.set_attribute("d", &line.unwrap_or_default());
        }
    }

    /// Once a frame while something is carried: the camera drifts near the border, and more
    /// connections learn whether they would open.
    fn on_frame(self) {
        request_animation_frame(move || {
            let Some(window) = self.drag.try_with_value(|it| it.as_ref().map(|it| it.window)).flatten()
            else {
                return;
            };
            let at = self.viewport.pane_from_window(window.x, window.y);
            if self.viewport.contains(at) {
                let (dx, dy) = drift(at, self.viewport.size());
                let is_near = dx != 0.0 || dy != 0.0;
                let may_drift = self.drag.try_update_value(|drag| {
                    drag.as_mut().is_some_and(|drag| {
                        drag.may_drift |= !is_near;
                        drag.may_drift
                    })
                });
                if is_near && may_drift == Some(true) {
                    self.viewport.set(self.viewport.camera().panned(dx, dy));
                    self.carry_to(window.x, window.y);
                }
            }
            self.move_ghost(window.x, window.y);
            self.ask_about_edges();
            self.on_frame();
        });
    }

    fn ask_about_edges(self) {
        let until = js_sys::Date::now() + SEARCH_MILLIS;
        let mut opened = Vec::new();
        self.drag.update_value(|drag| {
            let Some(drag) = drag else { return };
            while js_sys::Date::now() < until {
                let Some(edge) = drag.unasked.pop() else { return };
                let possible = drag.carried.onto_edge(&edge).is_some_and(|it| self.shell.can(&it).is_ok());
                if possible {
                    opened.push(edge);
                }
            }
        });
        if !opened.is_empty() {
            self.open_edges.update(|it| it.extend(opened));
        }
    }
}
