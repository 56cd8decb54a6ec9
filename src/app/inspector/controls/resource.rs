//! What a task calls: what it is in words, the choices of which it is made, and the resource as it
//! stands.

use leptos::prelude::*;

use crate::app::inspector::controls::line::Line;
use crate::app::inspector::draft::{Place, as_json_string};
use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{Rows, Shown, heard, live, memo, row, view};
use crate::json::quote;
use crate::studio::{Command, Control, PickView};

/// The menus and the line.
#[component]
pub fn ResourceText(field: FieldHandle) -> impl IntoView {
    let shown = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Resource { text, .. } => text.clone(),
            _ => String::new(),
        })
    });
    let words = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Resource { words, .. } => words.clone(),
            _ => String::new(),
        })
    });
    let picks = move || {
        field.view.with(|it| match &it.control {
            Control::Resource { picks, .. } => picks.clone(),
            _ => Vec::new(),
        })
    };
    let picks = memo(picks);
    let menu = move |label: &'static str| {
        row(label.to_owned(), move || view! { <Pick field=field label=label picks=picks /> })
    };
    view! {
        // With an action to choose the menus say it all.
        <Shown when=live(move || !words.with(String::is_empty) && picks.with(|it| it.len() < 2))>
            <p class="inspector-calls">{live(move || words.get())}</p>
        </Shown>
        <div class="inspector-picks">
            <Rows rows=live(move || picks.with(|it| it.iter().map(|it| it.label).map(menu).collect())) />
        </div>
        <Line field=field shown=shown encode=resource mono=true placeholder="arn:aws:states:::…" />
    }
}

/// One menu; what is chosen is the whole value.
#[component]
fn Pick(field: FieldHandle, label: &'static str, picks: Memo<Vec<PickView>>) -> impl IntoView {
    let options = move || {
        let pick = picks.with(|it| it.iter().find(|it| it.label == label).cloned());
        let pick = pick.unwrap_or(PickView { label, options: Vec::new(), chosen: String::new() });
        let none =
            pick.chosen.is_empty().then(|| view! { <option value="" selected=true>{label} "…"</option> });
        let options = pick.options.into_iter().map(|(value, words)| {
            let is_chosen = value == pick.chosen;
            view! { <option value=value selected=is_chosen prop:selected=is_chosen>{words}</option> }
        });
        view! { {none} {options.collect_view()} }
    };
    view! {
        <select
            class="inspector-input"
            aria-label=label
            title=label
            on:change=heard(move |event| field.set(quote(&event_target_value(&event))))
        >
            {options}
        </select>
    }
}

fn resource(place: &Place, text: &str) -> Result<Command, String> {
    match text.trim() {
        "" => Err("A task needs something to call, for instance arn:aws:states:::lambda:invoke".into()),
        text => as_json_string(place, text),
    }
}
