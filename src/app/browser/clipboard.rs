//! The clipboard.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// Puts a text on the clipboard.
pub async fn write(text: &str) -> Result<(), String> {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return Err("This browser gives no access to the clipboard here; select the text and copy it".into());
    }
    let written = JsFuture::from(clipboard.write_text(text)).await;
    written.map(|_| ()).map_err(|_| "The browser refused the clipboard; select the text and copy it".into())
}
