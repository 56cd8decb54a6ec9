//! A list of error names as chips. Enter or a comma adds a name, Backspace in the empty line
//! removes the last one.

use leptos::prelude::*;

use crate::app::inspector::field::FieldHandle;
use crate::app::inspector::focus_id;
use crate::app::parts::Icon;
use crate::app::parts::live::{Rows, heard, live, memo, row, view};
use crate::json::quote;
use crate::studio::{Command, Control};

/// The chips and the line.
#[component]
pub fn ErrorNames(field: FieldHandle) -> impl IntoView {
    let names = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Errors { names, .. } => names.clone(),
            _ => Vec::new(),
        })
    });
    let suggestions = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Errors { names, suggestions } => {
                suggestions.iter().filter(|it| !names.contains(it)).cloned().collect()
            }
            _ => Vec::new(),
        })
    });
    let typed = RwSignal::new(String::new());
    let list = move || field.pointer();
    let add = move || {
        // A control that is taken away is left after its signals have gone.
        let Some(name) = typed.try_with_untracked(|it| it.trim().trim_end_matches(',').trim().to_string())
        else {
            return;
        };
        typed.set(String::new());
        if !name.is_empty() && !names.with_untracked(|it| it.contains(&name)) {
            field.send(Command::AppendItem { owner: list(), json: quote(&name) });
        }
    };
    let remove = move |idx: usize| {
        field.send(Command::RemoveItem { owner: list(), idx });
        focus_id(field.id());
    };
    let on_input = move |event: web_sys::Event| {
        typed.set(event_target_value(&event));
        if typed.with_untracked(|it| it.ends_with(',')) {
            add();
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let is_empty = typed.with_untracked(String::is_empty);
        match event.key().as_str() {
            _ if event.is_composing() => return,
            "Enter" => add(),
            "Backspace" if is_empty => match names.with_untracked(Vec::len).checked_sub(1) {
                Some(last) => remove(last),
                None => return,
            },
            "Escape" if is_empty => field.form.leave(),
            "Escape" => typed.set(String::new()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let list_id = format!("{}-list", field.id());
    let chip = move |(idx, name): (usize, String)| {
        let words = format!("Remove {name}");
        row(format!("{idx} {name}"), move || {
            view! {
                <li class="inspector-chip">
                    <span>{name}</span>
                    <button
                        type="button"
                        class="inspector-chip-remove"
                        aria-label=words.clone()
                        title=words
                        on:click=heard(move |_| remove(idx))
                    >
                        <Icon name="close" />
                    </button>
                </li>
            }
        })
    };
    view! {
        <div class="inspector-chips" aria-invalid=live(move || field.has_problems().then_some("true"))>
            <ul class="inspector-chip-list">
                <Rows rows=live(move || names.get().into_iter().enumerate().map(chip).collect()) />
            </ul>
            <input
                type="text"
                id=field.id()
                class="inspector-chip-input"
                data-mono="true"
                list=list_id.clone()
                placeholder="Add an error name…"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=field.described_by()
                prop:value=live(move || typed.get())
                on:input=heard(on_input)
                on:change=heard(move |_| add())
                on:keydown=heard(on_key)
            />
        </div>
        <datalist id=list_id>
            {live(move || suggestions.get().into_iter().map(|it: String| view! { <option value=it></option> }).collect_view())}
        </datalist>
    }
}
