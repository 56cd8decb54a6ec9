//! Brings elements into view and moves the focus in a row of tabs.

use wasm_bindgen::JsCast;

/// Scrolls as little as possible to show the whole element.
pub fn scroll_to(element: &web_sys::Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Moves the focus to the tab with this index of the row that handles the key.
pub fn focus_tab(event: &web_sys::KeyboardEvent, idx: usize) {
    let row = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    let tab = row.and_then(|it| it.query_selector_all("[role=tab]").ok()?.get(idx as u32));
    if let Some(tab) = tab.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Focus cannot be refused by an element that is shown.
        let _ = tab.focus();
    }
}
