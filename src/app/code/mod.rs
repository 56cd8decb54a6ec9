//! To be drawn.
use leptos::prelude::*;
/// The pane.
#[component]
pub fn CodePane() -> impl IntoView {
    view! { <section class="pane"></section> }
}
/// The text that the code pane shows now, for the rescue after a fault.
pub fn text_shown() -> Option<String> {
    None
}
