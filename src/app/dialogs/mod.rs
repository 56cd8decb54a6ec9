//! To be drawn.
use leptos::prelude::*;
/// The pane.
#[component]
pub fn Dialogs() -> impl IntoView {
    view! { <section class="pane"></section> }
}
