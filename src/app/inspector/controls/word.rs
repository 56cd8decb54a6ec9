//! One of a few words.

use leptos::prelude::*;

use crate::app::inspector::field::FieldHandle;
use crate::json::quote;
use crate::studio::Control;

/// The menu of the words; a word that is not among them stays choosable as long as it is set.
#[component]
pub fn WordChoice(field: FieldHandle) -> impl IntoView {
    let options = Memo::new(move |_| {
        field.view.with(|it| match &it.control {
            Control::Word { value, words } => options(value, words),
            _ => Vec::new(),
        })
    });
    let value = Memo::new(move |_| {
        field.view.with(|it| match &it.control {
            Control::Word { value, .. } => value.clone(),
            _ => String::new(),
        })
    });
    view! {
        <select
            id=field.id()
            class="inspector-input"
            aria-invalid=move || field.has_problems().then_some("true")
            aria-describedby=field.described_by()
            on:change=move |event| field.set(quote(&event_target_value(&event)))
        >
            {move || {
                let value = value.get();
                options
                    .get()
                    .into_iter()
                    .map(|(word, shown)| view! { <option value=word.clone() selected=word == value prop:selected=word == value>{shown}</option> })
                    .collect_view()
            }}
        </select>
    }
}

fn options(value: &str, words: &[String]) -> Vec<(String, String)> {
    let known = words.iter().any(|it| it == value);
    let first = match value {
        _ if known => None,
        "" => Some((String::new(), "Choose…".to_string())),
        value => Some((value.to_string(), format!("{value} (unknown)"))),
    };
    first.into_iter().chain(words.iter().map(|it| (it.clone(), it.clone()))).collect()
}
