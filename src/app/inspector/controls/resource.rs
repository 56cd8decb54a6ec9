//! What a task calls: the resource as it stands, what it is in words, and what else there is.

use leptos::prelude::*;

use crate::app::inspector::controls::line::Line;
use crate::app::inspector::draft::{Place, as_json_string};
use crate::app::inspector::field::FieldHandle;
use crate::studio::{Command, Control};

/// The line with its suggestions.
#[component]
pub fn ResourceText(field: FieldHandle) -> impl IntoView {
    let shown = Memo::new(move |_| {
        field.view.with(|it| match &it.control {
            Control::Resource { text, .. } => text.clone(),
            _ => String::new(),
        })
    });
    let words = Memo::new(move |_| {
        field.view.with(|it| match &it.control {
            Control::Resource { service, action, pattern, .. } => [service, action, pattern]
                .into_iter()
                .filter(|it| !it.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(" · "),
            _ => String::new(),
        })
    });
    let suggestions = Memo::new(move |_| {
        field.view.with(|it| match &it.control {
            Control::Resource { suggestions, .. } => suggestions.clone(),
            _ => Vec::new(),
        })
    });
    let list = format!("{}-list", field.id());
    view! {
        <Show when=move || !words.with(String::is_empty)>
            <p class="inspector-calls">{move || words.get()}</p>
        </Show>
        <Line field=field shown=shown encode=resource mono=true list=list.clone() placeholder="arn:aws:states:::…" />
        <datalist id=list>
            {move || {
                suggestions
                    .get()
                    .into_iter()
                    .map(|(value, words)| view! { <option value=value>{words}</option> })
                    .collect_view()
            }}
        </datalist>
    }
}

fn resource(place: &Place, text: &str) -> Result<Command, String> {
    match text.trim() {
        "" => Err("A task needs something to call, for instance arn:aws:states:::lambda:invoke".into()),
        text => as_json_string(place, text),
    }
}
