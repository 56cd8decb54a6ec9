//! To be drawn.
use leptos::prelude::*;
/// The pane.
#[component]
pub fn ScenarioChooser() -> impl IntoView {
    view! { <section class="pane"></section> }
}
