//! A dialog with a filter and a list: type to narrow, arrows to move, Enter to choose.

use std::rc::Rc;

use leptos::prelude::*;

use crate::app::browser::settings;
use crate::app::parts::live::{heard, live, memo, view};
use crate::app::parts::{Icon, Modal, scroll_to};
use crate::app::shell::Shell;
use crate::text::Arrange;
use crate::text::words::grouped;

/// More lines than this are only counted.
const N_SHOWN_MAX: usize = 100;
/// Under this name the browser keeps what was chosen last, newest first, one on a line.
const RECENT: &str = "stepglass-recent";
const N_RECENT: usize = 8;

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
    /// Begins with what was chosen last, while nothing is typed.
    #[prop(optional)]
    remembers: bool,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let filter = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let choices = StoredValue::new_local(choices);
    let recent = if remembers { settings::read(RECENT).unwrap_or_default() } else { String::new() };
    let recent = StoredValue::new_local(recent);
    let found = memo(move || {
        let wanted = filter.get().trim().to_lowercase();
        match &search {
            Some(search) => search(&wanted),
            None => choices.with_value(|it| recent.with_value(|recent| ranked(it, &wanted, recent))),
        }
    });
    let shown = memo(move || found.with(|it| it.iter().copied().take(N_SHOWN_MAX).collect::<Vec<_>>()));
    let n_more = memo(move || found.with(Vec::len).saturating_sub(N_SHOWN_MAX));
    let close = move || shell.dialog.set(None);
    let choose = move |idx: usize| {
        let Some(choice) = choices.with_value(|it| it.get(idx).cloned()) else { return };
        if let Some(refusal) = choice.refusal {
            shell.announce(refusal, true);
            return;
        }
        if remembers {
            let others = recent.get_value();
            let others = others.lines().filter(|it| *it != choice.label).take(N_RECENT - 1);
            let lines: Vec<&str> = std::iter::once(choice.label.as_str()).chain(others).collect();
            // A refused store only costs the order.
            settings::write(RECENT, &lines.join("\n"));
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
                aria-activedescendant=live(move || format!("choose-{}", at.get()))
                placeholder="Type to narrow"
                autofocus
                prop:value=live(move || filter.get())
                on:input=heard(move |event| {
                    filter.set(event_target_value(&event));
                    at.set(0);
                })
                on:keydown=heard(on_key)
            />
            <ul class="choose-list" id="choose-list" role="listbox" aria-label="Choices">
                {live(move || {
                    let rows = shown.get();
                    if rows.is_empty() {
                        let none = if empty.is_empty() { "Nothing of that name".to_string() } else { empty.clone() };
                        return view! { <li class="choose-none" role="option" aria-selected="false" aria-disabled="true">{none}</li> };
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
                                    aria-selected=live(move || (at.get() == row).to_string())
                                    aria-disabled=choice.refusal.is_some().then_some("true")
                                    title=choice.refusal.clone()
                                    on:click=heard(move |_| choose(idx))
                                >
                                    <Icon name=choice.icon />
                                    <span>{choice.label}</span>
                                    <span class="choose-note">{choice.note}</span>
                                </li>
                            })
                        })
                        .collect_view()
                        .into_any()
                })}
                {live(move || match n_more.get() {
                    0 => None,
                    n => Some(view! {
                        <li class="choose-none" role="option" aria-selected="false" aria-disabled="true">
                            {format!("and {} more: type to narrow", grouped(n))}
                        </li>
                    }),
                })}
            </ul>
        </Modal>
    }
}

/// The choices that fit what was typed, best first: those that begin with it, those in which a word
/// does, those in which its words occur, those in which its letters follow each other. With nothing
/// typed, all of them, the ones chosen last first.
fn ranked(choices: &[Choice], wanted: &str, recent: &str) -> Vec<usize> {
    let mut ranks: Vec<(usize, usize)> = Vec::new();
    for (idx, choice) in choices.iter().enumerate() {
        let rank = match wanted {
            "" => Some(recent.lines().position(|it| it == choice.label).unwrap_or(N_RECENT)),
            _ => rank(&choice.label.to_lowercase(), wanted),
        };
        ranks.extend(rank.map(|it| (it, idx)));
    }
    ranks.arrange_by_key(|it| *it);
    ranks.into_iter().map(|(_, idx)| idx).collect()
}

fn rank(label: &str, wanted: &str) -> Option<usize> {
    if label.starts_with(wanted) {
        return Some(0);
    }
    if label
        .match_indices(wanted)
        .any(|(at, _)| label.get(..at).is_some_and(|it| !it.ends_with(char::is_alphanumeric)))
    {
        return Some(1);
    }
    if wanted.split_whitespace().all(|it| label.contains(it)) {
        return Some(2);
    }
    let mut letters = label.chars();
    let follow = wanted.chars().filter(|it| !it.is_whitespace()).all(|it| letters.any(|letter| letter == it));
    follow.then_some(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, recent: &str, expected: &str) {
        let labels = ["Charge card", "Order card", "Recharge", "Cancel order", "Add Wait after Charge card"];
        let choices: Vec<Choice> = labels.iter().map(|it| Choice::new(*it, "", "", || {})).collect();
        let found: Vec<&str> =
            ranked(&choices, wanted, recent).into_iter().filter_map(|it| labels.get(it).copied()).collect();
        assert_eq!(found.join(", "), expected);
    }

    #[test]
    fn what_begins_with_the_words_comes_first_and_letters_in_order_last() {
        check("charge", "", "Charge card, Add Wait after Charge card, Recharge");
        check("order", "", "Order card, Cancel order");
        check("card order", "", "Order card");
        check("crd", "", "Charge card, Order card, Cancel order, Add Wait after Charge card");
        check("zzz", "", "");
    }

    #[test]
    fn with_nothing_typed_what_was_chosen_last_comes_first() {
        check(
            "",
            "Recharge\nOrder card",
            "Recharge, Order card, Charge card, Cancel order, Add Wait after Charge card",
        );
    }
}
