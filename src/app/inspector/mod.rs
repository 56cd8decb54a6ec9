//! To be drawn.
use leptos::prelude::*;
/// The pane.
#[component]
pub fn InspectorPane() -> impl IntoView {
    view! { <section class="pane"></section> }
}
