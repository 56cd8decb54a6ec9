//! A modal dialog on the browser's own `<dialog>`: it keeps the focus inside, closes with Escape
//! and gives the focus back.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::app::parts::live::{heard, view};
use wasm_bindgen::JsCast;

/// Marks what had the focus before.
const BEFORE: &str = "data-before-dialog";

/// Shows its children above the page until it is closed.
#[component]
pub fn Modal(
    #[prop(into)] title: String,
    #[prop(into, optional)] class: String,
    on_close: impl Fn() + Copy + 'static,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<Dialog>::new();
    // An open dialog that is taken away gives the focus to nobody.
    if let Some(before) = document().active_element() {
        // A valid name is never refused.
        let _ = before.set_attribute(BEFORE, "");
    }
    on_cleanup(|| request_animation_frame(give_focus_back));
    node.on_load(move |dialog| {
        // It can only fail when the element is already open or detached.
        let _ = dialog.show_modal();
    });
    let title_for_label = title.clone();
    view! {
        <dialog
            node_ref=node
            class=format!("dialog {class}")
            aria-label=title_for_label
            on:close=heard(move |_| on_close())
            on:click=heard(move |event: web_sys::MouseEvent| {
                // A click on the backdrop reaches the dialog itself.
                if event.target() == event.current_target() {
                    on_close();
                }
            })
        >
            <div class="dialog-body">
                <header class="dialog-header">
                    <h2>{title}</h2>
                    <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" on:click=heard(move |_| on_close())>
                        <crate::app::parts::Icon name="close" />
                    </button>
                </header>
                {children()}
            </div>
        </dialog>
    }
}

fn give_focus_back() {
    let Some(before) = document().query_selector(&format!("[{BEFORE}]")).ok().flatten() else { return };
    // It was found by the attribute.
    let _ = before.remove_attribute(BEFORE);
    let is_lost = document().active_element().is_none_or(|it| it.tag_name() == "BODY");
    // After a click on the graph nothing has the focus, and the keys are the graph's.
    let graph = || document().get_element_by_id("canvas").filter(|_| before.tag_name() == "BODY");
    let before = graph().unwrap_or_else(|| before.clone());
    if let Some(before) = before.dyn_ref::<web_sys::HtmlElement>().filter(|_| is_lost) {
        // Focus cannot be refused by an element that is shown.
        let _ = before.focus();
    }
}
