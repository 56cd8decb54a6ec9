//! Where to go: a state of the same scope, or the end.

use leptos::prelude::*;

use crate::app::inspector::draft::set;
use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{heard, live, memo, view};
use crate::json::quote;
use crate::studio::Control;

/// Values of the menu: the kind in the first letter, so that a state may have any name.
const END: &str = "e";
const NOWHERE: &str = "n";

/// The menu.
#[component]
pub fn TargetChoice(field: FieldHandle) -> impl IntoView {
    let menu = memo(move || field.view.with(|it| menu(&it.control)));
    let choose = move |event: web_sys::Event| {
        let chosen = event_target_value(&event);
        let mut place = field.place.get_untracked();
        if chosen == END {
            place.name = "End".to_string();
            field.choose(set(&place, "true".to_string()));
        } else if let Some(name) = chosen.strip_prefix('s') {
            if place.name == "End" {
                place.name = "Next".to_string();
            }
            field.choose(set(&place, quote(name)));
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
                menu.get()
                    .into_iter()
                    .map(|(value, words, chosen)| view! { <option value=value selected=chosen prop:selected=chosen>{words}</option> })
                    .collect_view()
            })}
        </select>
    }
}

/// Value, words and whether it is chosen.
fn menu(control: &Control) -> Vec<(String, String, bool)> {
    let Control::Target { value, ends, states, can_end } = control else { return Vec::new() };
    let mut menu = Vec::new();
    let known = *ends || states.contains(value);
    if !known && value.is_empty() {
        menu.push((NOWHERE.to_string(), "Choose a state…".to_string(), true));
    } else if !known {
        menu.push((NOWHERE.to_string(), format!("{value} (there is no such state)"), true));
    }
    for state in states {
        menu.push((format!("s{state}"), state.clone(), !ends && state == value));
    }
    if *can_end || *ends {
        menu.push((END.to_string(), "End here".to_string(), *ends));
    }
    menu
}
