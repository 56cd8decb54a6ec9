//! A row of tabs: one is chosen, arrows move between them.

use leptos::prelude::*;

use crate::app::parts::focus_tab;
use crate::app::parts::live::{heard, live, memo, view};

/// The row. Panels belong to the caller; it reads `chosen`.
#[component]
pub fn Tabs<T>(
    /// Value, words and tooltip of each tab.
    tabs: Vec<(T, String, String)>,
    #[prop(into)] chosen: Signal<T>,
    #[prop(into)] label: String,
    #[prop(into, optional)] class: String,
    on_choose: impl Fn(T) + Copy + 'static,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let values: Vec<T> = tabs.iter().map(|it| it.0).collect();
    let on_key = move |event: web_sys::KeyboardEvent| {
        let at = values.iter().position(|it| *it == chosen.get_untracked()).unwrap_or_default();
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % values.len().max(1),
            "ArrowLeft" => (at + values.len().max(1) - 1) % values.len().max(1),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(value) = values.get(to) {
            on_choose(*value);
        }
        focus_tab(&event, to);
    };
    view! {
        <div class=format!("tabs {class}") role="tablist" aria-label=label on:keydown=heard(on_key)>
            {tabs
                .into_iter()
                .map(|(value, words, tooltip)| {
                    let is_chosen = memo(move || chosen.get() == value);
                    view! {
                        <button
                            type="button"
                            role="tab"
                            class="tab"
                            title=tooltip
                            aria-selected=live(move || is_chosen.get().to_string())
                            tabindex=live(move || if is_chosen.get() { "0" } else { "-1" })
                            on:click=heard(move |_| on_choose(value))
                        >
                            {words}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
