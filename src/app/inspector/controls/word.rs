//! One of a few words.

use leptos::prelude::*;

use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{heard, live, memo, view};
use crate::asl::MachineType;
use crate::json::quote;
use crate::studio::{Command, Control};

/// The types of state machines, as AWS writes them.
const TYPES: [(MachineType, &str); 2] =
    [(MachineType::Standard, "Standard"), (MachineType::Express, "Express")];

/// The menu of the words; a word that is not among them stays choosable as long as it is set.
#[component]
pub fn WordChoice(field: FieldHandle) -> impl IntoView {
    let options = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Word { value, words } => options(value, words),
            _ => TYPES.iter().map(|(_, word)| (word.to_string(), word.to_string())).collect(),
        })
    });
    let value = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Word { value, .. } => value.clone(),
            Control::MachineType(now) => {
                TYPES.iter().find(|it| it.0 == *now).map(|it| it.1.to_string()).unwrap_or_default()
            }
            _ => String::new(),
        })
    });
    let choose = move |event: web_sys::Event| {
        let word = event_target_value(&event);
        let is_type = field.view.with_untracked(|it| matches!(it.control, Control::MachineType(_)));
        match TYPES.iter().find(|it| is_type && it.1 == word) {
            Some((chosen, _)) => field.send(Command::SetMachineType(*chosen)),
            None => field.set(quote(&word)),
        }
    };
    view! {
        <select
            id=field.id()
            class="inspector-input"
            aria-invalid=live(move || field.has_problems().then_some("true"))
            aria-describedby=field.described_by()
            on:change=heard(choose)
        >
            {live(move || {
                let value = value.get();
                options
                    .get()
                    .into_iter()
                    .map(|(word, shown)| view! { <option value=word.clone() selected=word == value prop:selected=word == value>{shown}</option> })
                    .collect_view()
            })}
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
