//! From pointer events to what they mean: a click, a pan, a pinch, a drag. Hits are found in the
//! views by place, so what is drawn may change without changing what can be grabbed.

use std::collections::BTreeMap;

use leptos::prelude::*;
use web_sys::{PointerEvent, WheelEvent};

use crate::app::canvas::Canvas;
use crate::app::canvas::drop::Carried;
use crate::app::canvas::scene::Hit;
use crate::asl::{EdgeKey, StatePath};
use crate::flow::Point;
use crate::studio::{Command, Dialog, NodeView, SelectionView};

/// Less than this is a click with a shaking hand.
pub const THRESHOLD: f64 = 4.0;

/// What the pointers are doing.
#[derive(Default)]
pub struct Gesture {
    /// Where each pointer is in the window.
    pointers: BTreeMap<i32, Point>,
    doing: Doing,
}

#[derive(Default)]
enum Doing {
    #[default]
    Nothing,
    Pressing {
        from: Point,
        on: Pressed,
        /// Shift, Control or Command was held: states are added to those selected.
        adds: bool,
    },
    Panning,
    /// Drawing a marquee from this place of the canvas.
    Boxing(Point),
    Pinching,
    Dragging,
}

/// What the press began on.
#[derive(Clone, Debug)]
enum Pressed {
    Empty,
    /// The second part says that a drag moves it; in a frame's body a drag moves the canvas.
    State(StatePath, Option<Carried>),
    Chevron(StatePath),
    Edge(EdgeKey),
    Insert(EdgeKey),
    EdgeEnd(EdgeKey),
    Port(StatePath),
}

impl Canvas {
    pub fn on_pointer_down(self, event: &PointerEvent) {
        let at = window_point(event);
        self.viewport.measure();
        let n_pointers = self.gesture.try_update_value(|it| {
            it.pointers.insert(event.pointer_id(), at);
            it.pointers.len()
        });
        if n_pointers == Some(2) {
            self.cancel_drag();
            self.set_doing(Doing::Pinching);
            return;
        }
        self.capture(event);
        self.focus_tree();
        self.shell.cursor.set(None);
        // The middle button always moves the canvas; the right one is the browser's.
        match event.button() {
            0 => {
                let adds = event.shift_key() || event.ctrl_key() || event.meta_key();
                self.set_doing(Doing::Pressing { from: at, on: self.pressed(event, at), adds });
            }
            1 => {
                event.prevent_default();
                self.set_doing(Doing::Panning);
            }
            _ => {}
        }
    }

    pub fn on_pointer_move(self, event: &PointerEvent) {
        let at = window_point(event);
        let mut begin = None;
        let mut hovers = false;
        self.gesture.update_value(|gesture| {
            let before = gesture.pointers.insert(event.pointer_id(), at);
            let Some(before) = before else {
                hovers = true;
                gesture.pointers.remove(&event.pointer_id());
                return;
            };
            match &gesture.doing {
                Doing::Nothing => {}
                Doing::Pressing { from, on, adds } => {
                    if THRESHOLD < (at.x - from.x).hypot(at.y - from.y) {
                        begin = Some((*from, on.clone(), *adds));
                    }
                }
                Doing::Boxing(from) => self.draw_marquee(*from, self.viewport.canvas_from_window(at.x, at.y)),
                Doing::Panning => {
                    let camera = self.viewport.camera().panned(at.x - before.x, at.y - before.y);
                    self.viewport.set(camera);
                }
                Doing::Pinching => self.pinch(&gesture.pointers, event.pointer_id(), before, at),
                Doing::Dragging => {}
            }
        });
        if hovers {
            self.name_hovered(at);
        }
        // What is carried follows the pointer over the whole window, and is put down there.
        if let Some((from, on, adds)) = begin {
            self.begin(on, from, at, adds);
        }
    }

    pub fn on_pointer_up(self, event: &PointerEvent) {
        let doing = self.gesture.try_update_value(|it| {
            it.pointers.remove(&event.pointer_id());
            std::mem::take(&mut it.doing)
        });
        match doing {
            Some(Doing::Pressing { on, adds, .. }) => self.click(on, adds),
            Some(Doing::Boxing(_)) => self.select_boxed(event.shift_key()),
            _ => {}
        }
    }

    /// Lets go of whatever the pointers were doing.
    pub fn forget_gesture(self) {
        self.gesture.set_value(Gesture::default());
        self.clear_marquee();
        self.cancel_drag();
    }

    pub fn on_pointer_cancel(self, event: &PointerEvent) {
        self.gesture.update_value(|it| {
            it.pointers.remove(&event.pointer_id());
            it.doing = Doing::Nothing;
        });
        self.clear_marquee();
        self.cancel_drag();
    }

    pub fn on_wheel(self, event: &WheelEvent) {
        event.prevent_default();
        // Once is enough for a movement of many turns.
        if !self.viewport.is_moving() {
            self.viewport.measure();
        }
        // Lines and pages as pixels.
        let unit = match event.delta_mode() {
            1 => 16.0,
            2 => self.viewport.size().h,
            _ => 1.0,
        };
        let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
        let camera = self.viewport.camera();
        // A pinch on a touchpad arrives as a wheel with Control.
        let camera = if event.ctrl_key() || event.meta_key() {
            let at = self.viewport.pane_from_window(f64::from(event.client_x()), f64::from(event.client_y()));
            camera.zoomed_about(at, (-dy.clamp(-60.0, 60.0) * 0.008).exp())
        } else if event.shift_key() && dx == 0.0 {
            camera.panned(-dy, 0.0)
        } else {
            camera.panned(-dx, -dy)
        };
        self.viewport.set(camera);
        if self.is_dragging() {
            self.carry_to(f64::from(event.client_x()), f64::from(event.client_y()));
        }
    }

    /// A double click renames.
    pub fn on_double_click(self, x: f64, y: f64) {
        let at = self.viewport.canvas_from_window(x, y);
        let scene = self.scene.get_untracked();
        let selection = self.shell.selection.get_untracked();
        if let Hit::Node(NodeView { state: Some(state), .. }) =
            scene.hit(at, self.viewport.camera().zoom, &selection)
        {
            self.renaming.set(Some(state.clone()));
        }
    }

    fn pressed(self, event: &PointerEvent, at: Point) -> Pressed {
        let scene = self.scene.get_untracked();
        let selection = self.shell.selection.get_untracked();
        let zoom = self.viewport.camera().zoom;
        let place = self.viewport.canvas_from_window(at.x, at.y);
        match scene.hit(place, zoom, &selection) {
            Hit::EdgeEnd(edge) => Pressed::EdgeEnd(edge.key.clone()),
            Hit::Port(NodeView { state: Some(state), .. }) => Pressed::Port(state.clone()),
            Hit::Node(node) => match &node.state {
                Some(state) => {
                    // A finger moves the canvas, unless it is on what is selected.
                    let is_selected =
                        selection.state.as_ref() == Some(state) || selection.others.contains(state);
                    let may_move = event.pointer_type() != "touch" || is_selected;
                    let carried = || match is_selected && !selection.others.is_empty() {
                        true => carried_states(&selection),
                        false => carried_state(node, state),
                    };
                    Pressed::State(state.clone(), may_move.then(carried))
                }
                None => Pressed::Empty,
            },
            Hit::Chevron(NodeView { state: Some(state), .. }) => Pressed::Chevron(state.clone()),
            Hit::Insert(edge) => Pressed::Insert(edge.key.clone()),
            Hit::Edge(edge) => Pressed::Edge(edge.key.clone()),
            Hit::Body(NodeView { state: Some(state), .. }) => Pressed::State(state.clone(), None),
            Hit::Port(_) | Hit::Chevron(_) | Hit::Body(_) | Hit::Nothing => Pressed::Empty,
        }
    }

    /// The pointer has left the place where it was pressed.
    fn begin(self, on: Pressed, from: Point, at: Point, adds: bool) {
        let is_space = matches!(on, Pressed::Empty | Pressed::State(_, None) | Pressed::Edge(_));
        if adds || (is_space && self.boxing.get_untracked()) {
            let corner = self.viewport.canvas_from_window(from.x, from.y);
            self.set_doing(Doing::Boxing(corner));
            return self.draw_marquee(corner, self.viewport.canvas_from_window(at.x, at.y));
        }
        let carried = match on {
            Pressed::State(_, Some(carried)) => Some(carried),
            Pressed::EdgeEnd(edge) => Some(Carried::EdgeEnd { edge }),
            Pressed::Port(state) => Some(Carried::Port { state }),
            Pressed::Empty
            | Pressed::State(_, None)
            | Pressed::Chevron(_)
            | Pressed::Edge(_)
            | Pressed::Insert(_) => None,
        };
        match carried {
            Some(carried) => {
                if let Carried::State { state, .. } = &carried {
                    self.shell.dispatch(Command::Select { state: Some(state.clone()) });
                }
                self.set_doing(Doing::Dragging);
                self.take_up(carried, at.x, at.y);
            }
            None => {
                self.set_doing(Doing::Panning);
                self.viewport.set(self.viewport.camera().panned(at.x - from.x, at.y - from.y));
            }
        }
    }

    fn click(self, on: Pressed, adds: bool) {
        match on {
            // A hand that adds must not lose what it has.
            Pressed::Empty if adds => {}
            Pressed::State(state, _) if adds => self.shell.dispatch(Command::ToggleSelected { state }),
            Pressed::Empty => self.shell.dispatch(Command::Select { state: None }),
            Pressed::State(state, _) | Pressed::Port(state) => {
                self.shell.dispatch(Command::Select { state: Some(state) });
            }
            Pressed::Chevron(state) => self.shell.dispatch(Command::ToggleCollapse { state }),
            Pressed::Edge(edge) | Pressed::EdgeEnd(edge) => {
                self.shell.dispatch(Command::SelectEdge { edge });
            }
            Pressed::Insert(edge) => {
                self.shell.dispatch(Command::SelectEdge { edge });
                self.shell.dialog.set(Some(Dialog::AddAfter));
            }
        }
    }

    fn pinch(self, pointers: &BTreeMap<i32, Point>, moved: i32, before: Point, at: Point) {
        let Some(other) = pointers.iter().find(|(id, _)| **id != moved).map(|(_, it)| *it) else { return };
        let length = |it: Point| (it.x - other.x).hypot(it.y - other.y).max(1.0);
        let middle = self.viewport.pane_from_window((at.x + other.x) / 2.0, (at.y + other.y) / 2.0);
        let camera = self.viewport.camera().zoomed_about(middle, length(at) / length(before));
        self.viewport.set(camera.panned((at.x - before.x) / 2.0, (at.y - before.y) / 2.0));
    }

    /// A box that is too small for its name says it in a tooltip.
    fn name_hovered(self, at: Point) {
        let Some(picture) = self.viewport.picture.get_untracked() else { return };
        let place = self.viewport.canvas_from_window(at.x, at.y);
        let is_far = self.detail.with_untracked(|it| it.is_far);
        let title = self.scene.with_untracked(|scene| {
            let node = scene.node_at(place).filter(|_| is_far);
            node.map(|it| it.title.clone()).unwrap_or_default()
        });
        if picture.title() != title {
            picture.set_title(&title);
        }
    }

    fn set_doing(self, doing: Doing) {
        self.gesture.update_value(|it| it.doing = doing);
    }

    fn capture(self, event: &PointerEvent) {
        if let Some(pane) = self.viewport.pane.get_untracked() {
            // Refused only when the pointer is gone already; then there is nothing to follow.
            let _ = pane.set_pointer_capture(event.pointer_id());
        }
    }
}

fn carried_state(node: &NodeView, state: &StatePath) -> Carried {
    Carried::State { state: state.clone(), label: node.title.clone(), icon: node.icon }
}

fn carried_states(selection: &SelectionView) -> Carried {
    let states: Vec<StatePath> = selection.state.iter().chain(&selection.others).cloned().collect();
    Carried::States { label: format!("{} states", states.len()), states }
}

fn window_point(event: &PointerEvent) -> Point {
    Point { x: f64::from(event.client_x()), y: f64::from(event.client_y()) }
}
