//! What the canvas does when something changes elsewhere: another document opens, an edit moves
//! the nodes, a state is to be shown, the pane grows, a row of the palette comes along.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use crate::app::canvas::camera::{Camera, PaneSize, ZOOM_STEP, holds, touches};
use crate::app::canvas::drag::carried_template;
use crate::app::canvas::pointer::THRESHOLD;
use crate::app::canvas::scene::Scene;
use crate::app::canvas::{Canvas, clipboard};
use crate::app::parts::live::effect;
use crate::app::shell::Shell;
use crate::flow::Rect;
use crate::studio::{Command, Dialog};

/// Keeps what the user looks at in its place when the layout changes, and shows another document
/// from its beginning.
pub fn changes(canvas: Canvas) {
    Effect::new(move |before: Option<Scene>| {
        let scene = canvas.scene.get();
        let viewport = canvas.viewport;
        // What is edited is the selection; the cursor has done its work.
        canvas.shell.cursor.set(None);
        if viewport.size() != PaneSize::default() {
            match before.as_ref().and_then(|before| anchor(canvas, before, &scene)) {
                Some((old, new)) if old == new => {}
                Some((old, new)) => viewport.slide(viewport.camera().anchored(old, new)),
                None => viewport.open(Camera::open(scene.graph().size, viewport.size())),
            }
        }
        scene
    });
    effect(move || {
        let (number, key) = canvas.shell.reveal_node.get();
        if 0 < number
            && let Some(rect) = canvas.scene.with_untracked(|it| it.node(&key).map(|it| it.rect))
        {
            canvas.viewport.measure();
            canvas.viewport.reveal(rect);
        }
    });
}

/// Where the thing that should not move stood and stands: what is selected, else what is nearest
/// to the middle of the view.
fn anchor(canvas: Canvas, before: &Scene, now: &Scene) -> Option<(Rect, Rect)> {
    let seen = canvas.viewport.camera().seen(canvas.viewport.size(), 0.0);
    let pair = |key: &str| Some((before.node(key)?.rect, now.node(key)?.rect));
    let selection = canvas.shell.selection.get_untracked();
    let selected = selection.shown.as_ref().and_then(|it| now.node_of_state(it));
    if let Some((old, new)) = selected.and_then(|it| pair(&it.key))
        && touches(seen, old)
    {
        return Some((old, new));
    }
    let (x, y) = (seen.x + seen.w / 2.0, seen.y + seen.h / 2.0);
    let far = |it: &Rect| (it.x + it.w / 2.0 - x).hypot(it.y + it.h / 2.0 - y);
    // Frames are poor anchors: they grow. Start and End stand for no state in particular.
    let states = before.graph().nodes.iter().filter(|it| it.state.is_some() && !it.frame);
    let kept = states.filter_map(|it| pair(&it.key));
    kept.min_by(|(one, _), (other, _)| far(one).total_cmp(&far(other)))
}

/// Answers the actions that are about the canvas.
pub fn wishes(canvas: Canvas) {
    effect(move || match canvas.shell.dialog.get() {
        Some(Dialog::FitCanvas) => canvas.fit(),
        Some(Dialog::ZoomIn) => canvas.viewport.zoom_by(ZOOM_STEP),
        Some(Dialog::ZoomOut) => canvas.viewport.zoom_by(1.0 / ZOOM_STEP),
        Some(Dialog::Rename) => {
            let state = canvas.shell.selection.with_untracked(|it| it.state.clone());
            canvas.renaming.set(state);
        }
        Some(Dialog::ContextMenu) => {
            canvas.shell.dialog.set(None);
            canvas.open_menu();
        }
        Some(Dialog::SelectAlso) => {
            canvas.shell.dialog.set(None);
            select_also(canvas.shell);
        }
        Some(Dialog::Paste) => {
            let sentence = "Press Ctrl V on the graph: only then the browser hands out what was copied";
            canvas.shell.dialog.set(None);
            match canvas.shell.clip.get_untracked() {
                Some(text) => clipboard::paste(canvas.shell, text),
                None => canvas.shell.tell(sentence),
            }
        }
        Some(Dialog::Close) => close(canvas),
        _ => {}
    });
}

/// Stops what is going on: a drag, a marquee, else the selecting of several states.
fn close(canvas: Canvas) {
    let shell = canvas.shell;
    let was_busy = canvas.is_dragging() || canvas.boxed.with_untracked(|it| !it.is_empty());
    canvas.forget_gesture();
    canvas.renaming.set(None);
    let selection = shell.selection.get_untracked();
    let ends = shell.cursor.with_untracked(Option::is_some) || !selection.others.is_empty();
    shell.cursor.set(None);
    if ends && !was_busy {
        shell.dispatch(Command::Select { state: selection.state.clone() });
    }
    canvas.focus_tree();
}

/// The keyboard's way to select several: the first time the arrows begin to walk without selecting,
/// then each state it is asked for comes in, or goes out.
fn select_also(shell: Shell) {
    match (shell.cursor.get_untracked(), shell.selection.with_untracked(|it| it.state.clone())) {
        (None, None) => shell.announce("Select a state first", true),
        (None, Some(state)) => {
            shell.cursor.set(Some(state));
            shell.tell(
                "Selecting several states: walk with the arrows, Shift Space adds or takes out, Esc ends",
            );
        }
        (Some(state), _) => shell.dispatch(Command::ToggleSelected { state }),
    }
}

/// Takes over a row of the palette. Every drag is followed over the whole window.
pub fn palette(canvas: Canvas) {
    // A press that does not move is a click, which adds the row in another way.
    let pressed = canvas.shell.palette_drag;
    let moved = window_event_listener(ev::pointermove, move |event| {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        if canvas.is_dragging() {
            canvas.carry_to(x, y);
        } else if pressed
            .with_untracked(|it| it.as_ref().is_some_and(|it| THRESHOLD < (x - it.x).hypot(y - it.y)))
            && let Some(drag) = pressed.try_update_untracked(Option::take).flatten()
        {
            canvas.take_up(carried_template(drag.template), x, y);
        }
    });
    let up = window_event_listener(ev::pointerup, move |_| {
        pressed.update_untracked(|it| *it = None);
        canvas.put_down();
    });
    // The row that is carried has the focus, in a pane with an Escape of its own.
    let escape = window_event_listener(ev::keydown, move |event| {
        if canvas.is_dragging() && event.key() == "Escape" {
            event.prevent_default();
            close(canvas);
        }
    });
    let cancel = window_event_listener(ev::pointercancel, move |_| canvas.cancel_drag());
    let blur = window_event_listener(ev::blur, move |_| canvas.cancel_drag());
    on_cleanup(move || {
        moved.remove();
        up.remove();
        escape.remove();
        cancel.remove();
        blur.remove();
    });
}

/// Draws what is left of a large graph, a frame after the other.
pub fn detail(canvas: Canvas) {
    effect(move || {
        if canvas.detail.with(|it| !it.is_done) {
            canvas.viewport.ask_frame();
        }
    });
}

/// Keeps the middle of the view in the middle when the pane changes its size. Who saw the whole graph
/// still sees it, and so does who saw the state that all is about.
pub fn pane_size(canvas: Canvas) {
    let viewport = canvas.viewport;
    let on_resize = Closure::<dyn FnMut()>::new(move || {
        let before = viewport.size();
        viewport.measure();
        let now = viewport.size();
        if now.w < 1.0 || now.h < 1.0 || now == before {
            return;
        }
        let size = canvas.scene.with_untracked(|it| it.graph().size);
        let seen = viewport.camera().seen(before, 0.0);
        if before == PaneSize::default() || holds(seen, size) {
            viewport.set(Camera::open(size, now));
            return;
        }
        let camera = viewport.camera().panned((now.w - before.w) / 2.0, (now.h - before.h) / 2.0);
        let shown = canvas.shell.selection.with_untracked(|it| it.shown.clone());
        let rect = canvas.scene.with_untracked(|it| Some(it.node_of_state(shown.as_ref()?)?.rect));
        let rect = rect.filter(|it| touches(seen, *it));
        viewport.set(rect.map_or(camera, |it| camera.revealing(it, now)));
    });
    let Ok(observer) = web_sys::ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else { return };
    // The canvas lives as long as the page, and so does what watches its size.
    on_resize.forget();
    viewport.pane.on_load(move |pane| observer.observe(&pane));
}
