//! To be drawn.
pub mod clock;
use leptos::prelude::*;
/// The pane.
#[component]
pub fn LensPane() -> impl IntoView {
    view! { <section class="pane"></section> }
}
/// The pane.
#[component]
pub fn PlayerPane() -> impl IntoView {
    view! { <section class="pane"></section> }
}
