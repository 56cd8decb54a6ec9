//! The browser's small store for settings such as the width of a pane. A browser may refuse it, so
//! every access may come to nothing.

use leptos::prelude::window;
use web_sys::Storage;

/// What was kept under this name.
pub fn read(name: &str) -> Option<String> {
    store()?.get_item(name).ok()?
}

/// Keeps a text; says whether the browser took it.
pub fn write(name: &str, text: &str) -> bool {
    store().is_some_and(|it| it.set_item(name, text).is_ok())
}

/// Forgets what was kept under this name.
pub fn delete(name: &str) {
    if let Some(store) = store() {
        // What is not there needs no deleting.
        let _ = store.remove_item(name);
    }
}

fn store() -> Option<Storage> {
    window().local_storage().ok()?
}
