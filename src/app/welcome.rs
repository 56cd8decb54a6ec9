//! To be drawn.
use leptos::prelude::*;
/// The pane.
#[component]
pub fn Welcome() -> impl IntoView {
    view! { <section class="pane"></section> }
}
