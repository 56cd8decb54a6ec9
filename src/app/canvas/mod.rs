//! To be drawn.
pub mod drag;
use leptos::prelude::*;
/// The pane.
#[component]
pub fn CanvasPane() -> impl IntoView {
    view! { <section class="pane"></section> }
}
