//! A dialog with a filter and a list: type to narrow, arrows to move, Enter to choose.

use std::rc::Rc;

use leptos::prelude::*;

use crate::app::parts::{Icon, Modal, scroll_to};
use crate::app::shell::Shell;

const N_SHOWN_MAX: usize = 200;

/// The indices of the lines that fit what was typed, best first.
pub type Search = Box<dyn Fn(&str) -> Vec<usize> + Send + Sync>;

/// One line of the list.
#[derive(Clone)]
pub struct Choice {
    pub label: String,
    /// Small words at the right: a shortcut, a sentence.
    pub note: String,
    pub icon: String,
    /// Why it cannot be chosen now.
    pub refusal: Option<String>,
    act: Rc<dyn Fn()>,
}

impl Choice {
    /// A line that can be chosen.
    pub fn new(
        label: impl Into<String>,
        note: impl Into<String>,
        icon: impl Into<String>,
        act: impl Fn() + 'static,
    ) -> Choice {
        Choice { label: label.into(), note: note.into(), icon: icon.into(), refusal: None, act: Rc::new(act) }
    }

    /// The same line with the reason why it cannot be chosen now, if there is one.
    pub fn refused(self, refusal: Option<String>) -> Choice {
        Choice { refusal, ..self }
    }
}

/// The dialog.
#[component]
pub fn ChooseDialog(
    #[prop(into)] title: String,
    choices: Vec<Choice>,
    /// What to say when there is nothing to choose from.
    #[prop(into, optional)]
    empty: String,
    /// Another search than by the words of the label.
    #[prop(optional)]
    search: Option<Search>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let filter = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let choices = StoredValue::new_local(choices);
    let shown = Memo::new(move |_| {
        let wanted = filter.get().to_lowercase();
        if let Some(search) = &search {
            return search(&wanted);
        }
        choices.with_value(|it| {
            let found = it.iter().enumerate().filter(|(_, it)| matches(&it.label, &wanted));
            found.map(|(idx, _)| idx).take(N_SHOWN_MAX).collect::<Vec<usize>>()
        })
    });
    let close = move || shell.dialog.set(None);
    let choose = move |idx: usize| {
        let Some(choice) = choices.with_value(|it| it.get(idx).cloned()) else { return };
        if let Some(refusal) = choice.refusal {
            shell.announce(refusal, true);
            return;
        }
        close();
        (choice.act)();
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let n_shown = shown.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => at.update(|it| *it = (*it + 1) % n_shown),
            "ArrowUp" => at.update(|it| *it = (*it + n_shown - 1) % n_shown),
            "Enter" => {
                let idx = shown.with_untracked(|it| it.get(at.get_untracked()).copied());
                if let Some(idx) = idx {
                    choose(idx);
                }
            }
            _ => return,
        }
        event.prevent_default();
        request_animation_frame(|| {
            let active = document().query_selector(".choose-row[aria-selected=true]").ok().flatten();
            if let Some(active) = active {
                scroll_to(&active);
            }
        });
    };
    let label = title.clone();
    view! {
        <Modal title=title class="choose" on_close=close>
            <input
                type="search"
                class="choose-filter"
                role="combobox"
                aria-expanded="true"
                aria-controls="choose-list"
                aria-label=label
                aria-activedescendant=move || format!("choose-{}", at.get())
                placeholder="Type to narrow"
                autofocus
                prop:value=move || filter.get()
                on:input=move |event| {
                    filter.set(event_target_value(&event));
                    at.set(0);
                }
                on:keydown=on_key
            />
            <ul class="choose-list" id="choose-list" role="listbox" aria-label="Choices">
                {move || {
                    let rows = shown.get();
                    if rows.is_empty() {
                        let none = if empty.is_empty() { "Nothing of that name".to_string() } else { empty.clone() };
                        return view! { <li class="choose-none" role="option" aria-selected="false" aria-disabled="true">{none}</li> }.into_any();
                    }
                    rows.into_iter()
                        .enumerate()
                        .filter_map(|(row, idx)| {
                            let choice = choices.with_value(|it| it.get(idx).cloned())?;
                            Some(view! {
                                <li
                                    id=format!("choose-{row}")
                                    class="choose-row"
                                    role="option"
                                    aria-selected=move || (at.get() == row).to_string()
                                    aria-disabled=choice.refusal.is_some().then_some("true")
                                    title=choice.refusal.clone()
                                    on:click=move |_| choose(idx)
                                >
                                    <Icon name=choice.icon />
                                    <span>{choice.label}</span>
                                    <span class="choose-note">{choice.note}</span>
                                </li>
                            })
                        })
                        .collect_view()
                        .into_any()
                }}
            </ul>
        </Modal>
    }
}

/// Every word that was typed occurs.
fn matches(label: &str, wanted: &str) -> bool {
    let label = label.to_lowercase();
    wanted.split_whitespace().all(|it| label.contains(it))
}
