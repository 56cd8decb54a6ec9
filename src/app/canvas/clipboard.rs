//! Copy, cut and paste of states through the clipboard events of the browser, which ask for no
//! permission. What is copied is ASL text, so it works across tabs and tools.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Event};

use crate::app::canvas::Canvas;
use crate::app::keys::focused_place;
use crate::app::shell::{Shell, is_in_text};
use crate::studio::{Action, Command, OpenedFrom, PasteAt, Place};

/// Listens as long as the page lives.
pub fn listen(canvas: Canvas) {
    let shell = canvas.shell;
    for (name, id) in [("copy", "copy"), ("cut", "cut")] {
        let event = leptos::ev::Custom::<Event>::new(name);
        let handle = window_event_listener(event, move |event| on_copy(shell, &event, id));
        on_cleanup(move || handle.remove());
    }
    let handle = window_event_listener(leptos::ev::paste, move |event| {
        if is_in_text(&event) {
            return;
        }
        let text = event.clipboard_data().and_then(|it| it.get_data("text/plain").ok());
        let Some(text) = text.filter(|it| !it.trim().is_empty()) else { return };
        event.prevent_default();
        paste(shell, text);
    });
    on_cleanup(move || handle.remove());
}

/// While the graph has the focus, the selected states go where the event takes them.
fn on_copy(shell: Shell, event: &Event, id: &'static str) {
    let has_states = shell.selection.with_untracked(|it| it.state.is_some());
    if is_in_text(event) || !has_states || focused_place() != Place::Graph {
        return;
    }
    let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
    let (Some(data), Some(action)) = (data, Action::find(id)) else { return };
    event.prevent_default();
    shell.clipboard.set_value(Some(data));
    shell.act(action);
    shell.clipboard.set_value(None);
}

/// Takes in a text from outside. On an empty page it opens; where there is something, its states
/// come after what is selected, and nothing that is there goes. What holds no states is told, with
/// a way to open it instead.
pub fn paste(shell: Shell, text: String) {
    let open = Command::Open { name: "pasted.asl.json".into(), text: text.clone(), from: OpenedFrom::Paste };
    let is_empty = shell.document.with_untracked(|it| it.text.trim().is_empty());
    if is_empty || shell.workspace.with_untracked(|it| it.welcome) {
        shell.dispatch(open);
        return;
    }
    let selection = shell.selection.get_untracked();
    let at = match (selection.edge.clone(), selection.state.clone()) {
        (Some(edge), _) => PasteAt::Edge(edge),
        (None, Some(state)) => PasteAt::After(state),
        (None, None) => PasteAt::Scope(Default::default()),
    };
    let command = Command::Paste { text, at };
    match shell.can(&command) {
        Ok(()) => {
            shell.dispatch(command);
            // A part of a workflow is meant as such; a whole one may have been meant to open.
            let said = shell.announcement.get_untracked().1;
            if matches!(&open, Command::Open { text, .. } if text.contains("\"StartAt\"")) {
                shell.offer(said, "Open as a new document", vec![Command::Undo, open]);
            }
        }
        Err(refusal) => shell.offer(refusal.0, "Open as a new document", vec![open]),
    }
}
