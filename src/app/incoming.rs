//! Texts that come in: files dropped on the page, files chosen, samples. What is pasted is the
//! canvas's to take.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use crate::app::browser::files;
use crate::app::shell::Shell;
use crate::studio::{Command, OpenedFrom};

/// Listens as long as the page lives.
pub fn listen(shell: Shell) {
    let over = window_event_listener(leptos::ev::dragover, |event| {
        if has_files(&event) {
            event.prevent_default();
        }
    });
    let drop = window_event_listener(leptos::ev::drop, move |event| {
        let files = event.data_transfer().and_then(|it| it.files());
        let Some(file) = files.and_then(|it| it.get(0)) else { return };
        event.prevent_default();
        open_with(shell, async move { files::read(file).await.map(Some) }, OpenedFrom::Drop);
    });
    on_cleanup(move || {
        over.remove();
        drop.remove();
    });
}

/// Lets the user choose a file and opens it.
pub fn open_file(shell: Shell) {
    open_with(shell, files::open(), OpenedFrom::File);
}

/// Opens one of our samples by its name in `examples/`.
pub fn open_sample(shell: Shell, id: &'static str) {
    spawn_local(async move {
        let definition = fetch(&format!("examples/{id}.asl.json")).await;
        let mocks = fetch(&format!("examples/{id}.mocks.json")).await;
        match (definition, mocks) {
            (Some(definition), Some(mocks)) => {
                shell.dispatch(Command::OpenSample { id: id.into(), definition, mocks });
            }
            _ => shell.announce("The sample could not be loaded; check the connection and try again", true),
        }
    });
}

fn open_with(
    shell: Shell,
    reading: impl Future<Output = Result<Option<files::Opened>, String>> + 'static,
    from: OpenedFrom,
) {
    spawn_local(async move {
        match reading.await {
            Ok(Some(files::Opened { name, text, handle })) => {
                let revision = || shell.document.with_untracked(|it| it.revision);
                let before = revision();
                shell.dispatch(Command::Open { name, text, from });
                // What is no definition is refused, and the old document stays.
                if let Some(handle) = handle.filter(|_| before != revision()) {
                    files::keep("", handle);
                }
            }
            Ok(None) => {}
            Err(sentence) => shell.announce(sentence, true),
        }
    });
}

async fn fetch(path: &str) -> Option<String> {
    let response = wasm_bindgen_futures::JsFuture::from(window().fetch_with_str(path)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    wasm_bindgen_futures::JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

fn has_files(event: &web_sys::DragEvent) -> bool {
    event.data_transfer().is_some_and(|it| it.types().includes(&"Files".into(), 0))
}
