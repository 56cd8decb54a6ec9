//! To be drawn.
use leptos::prelude::*;
/// The pane.
#[component]
pub fn AddPane() -> impl IntoView {
    view! { <section class="pane"></section> }
}
