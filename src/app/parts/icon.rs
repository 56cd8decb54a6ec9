//! A drawn sign. Decoration only: its button carries the words.

use leptos::prelude::*;

use crate::app::parts::live::view;

/// The icon with this name from [`crate::flow::icons`], 16 px, in the color of the text.
#[component]
pub fn Icon(#[prop(into)] name: String) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=crate::flow::icon(&name) />
        </svg>
    }
}
