//! Keys: one listener on the window asks the table of actions. Panes say with `data-keys` which
//! place has the focus; text fields keep everything but chords with Control or Command and the
//! function keys.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::shell::{Shell, is_typing};
use crate::flow::Direction;
use crate::studio::{Act, Command, Dialog, Place, Situation, action_for_key};

/// Listens as long as the page lives.
pub fn listen(shell: Shell) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| on_key(shell, &event));
    on_cleanup(move || handle.remove());
}

fn on_key(shell: Shell, event: &web_sys::KeyboardEvent) {
    // A composed character is text, and an open dialog or menu has its own keys.
    if event.default_prevented() || event.is_composing() || event.alt_key() {
        return;
    }
    let ctrl = event.ctrl_key() || event.meta_key();
    let typing = is_typing(event);
    let place = if typing { Place::Anywhere } else { focused_place() };
    let Some(action) = action_for_key(place, ctrl, event.shift_key(), &event.key()) else { return };
    let is_function_key = action.keys.iter().any(|it| it.key.starts_with('F') && it.key.len() > 1);
    if typing && !ctrl && !is_function_key {
        return;
    }
    // The code pane has its own search, and fields their own undo while they differ from the text.
    if typing && action.id == "find" {
        return;
    }
    // The browser hands the clipboard out with an event that follows the key.
    if matches!(action.id, "copy" | "cut" | "paste") {
        return;
    }
    if in_dialog() && action.id != "close" {
        return;
    }
    let is_button = event
        .target()
        .and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|it| it.tag_name() == "BUTTON" || it.tag_name() == "SUMMARY");
    if is_button && matches!(event.key().as_str(), " " | "Enter") && !ctrl {
        return;
    }
    event.prevent_default();
    match &action.act {
        crate::studio::Act::Ask(Dialog::NextPane) => move_between_panes(1),
        crate::studio::Act::Ask(Dialog::PreviousPane) => move_between_panes(-1),
        act => match walked(shell, act) {
            Some(direction) => walk_cursor(shell, direction),
            None => shell.act(action),
        },
    }
}

/// The direction of a step that moves the cursor and leaves the selection as it is.
fn walked(shell: Shell, act: &Act) -> Option<Direction> {
    shell.cursor.with_untracked(Option::is_some).then_some(())?;
    let Act::Do(command) = act else { return None };
    let (selection, player) = (shell.selection.get_untracked(), shell.player.get_untracked());
    match command(&Situation { selection: &selection, player: &player })? {
        Command::Walk(direction) => Some(direction),
        _ => None,
    }
}

fn walk_cursor(shell: Shell, direction: Direction) {
    let Some(from) = shell.cursor.get_untracked() else { return };
    if let Some(to) = shell.with_studio(|it| it.neighbor(&from, direction)) {
        shell.reveal_node.set((shell.next_number(), to.to_string()));
        shell.cursor.set(Some(to));
    }
}

/// Which of the panes with keys of their own has the focus.
pub fn focused_place() -> Place {
    let Some(active) = document().active_element() else { return Place::Run };
    if active.tag_name() == "BODY" {
        return Place::Graph;
    }
    let keys = active.closest("[data-keys]").ok().flatten().and_then(|it| it.get_attribute("data-keys"));
    match keys.as_deref() {
        Some("graph") => Place::Graph,
        Some("run") => Place::Run,
        _ => Place::Anywhere,
    }
}

fn in_dialog() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Moves the focus to the next pane that is shown: the first thing in it that takes it.
fn move_between_panes(by: i32) {
    let Ok(found) = document().query_selector_all("[data-pane]") else { return };
    let panes: Vec<web_sys::HtmlElement> = (0..found.length())
        .filter_map(|idx| found.get(idx)?.dyn_into::<web_sys::HtmlElement>().ok())
        .filter(|it| it.offset_width() > 0)
        .collect();
    let active = document().active_element();
    let at = panes.iter().position(|it| active.as_ref().is_some_and(|active| it.contains(Some(active))));
    let len = panes.len() as i32;
    let to = at.map_or(0, |it| (it as i32 + by).rem_euclid(len.max(1)));
    let Some(pane) = panes.get(to as usize) else { return };
    let inner = pane.query_selector("[data-pane-focus], .cm-content").ok().flatten();
    let target =
        inner.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()).unwrap_or_else(|| pane.clone());
    // A pane itself takes the focus through its tabindex.
    let _ = target.focus();
}
