//! To be drawn.
use leptos::prelude::*;
/// The pane.
#[component]
pub fn ProblemsBar() -> impl IntoView {
    view! { <section class="pane"></section> }
}
