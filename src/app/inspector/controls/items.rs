//! A list of objects as cards: rules, retriers, catchers, branches. Which cards are open is
//! remembered by place and follows when cards are moved or removed.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::app::inspector::controls::card::{Card, CardOrder};
use crate::app::inspector::field::FieldHandle;
use crate::app::inspector::focus_id;
use crate::app::parts::live::{Rows, heard, live, memo, row, view};
use crate::studio::{Command, Control, ItemView};

/// The cards and the button that adds one.
#[component]
pub fn Items(field: FieldHandle) -> impl IntoView {
    let items = memo(move || field.view.with(|it| items_of(&it.control)));
    let n_items = memo(move || items.with(Vec::len));
    let add = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Items { add_label, example, .. } => (*add_label, example.clone()),
            _ => ("", String::new()),
        })
    });
    // A single card has nothing to be hidden from.
    let open =
        RwSignal::new(if n_items.get_untracked() == 1 { BTreeSet::from([0]) } else { BTreeSet::new() });
    let list = move || field.pointer();
    let card_id = move |idx: usize| format!("{}-{idx}", field.id());
    let order = move |order: CardOrder| match order {
        CardOrder::Fold(idx) => open.update(|it| {
            if !it.remove(&idx) {
                it.insert(idx);
            }
        }),
        CardOrder::Move { from, to } => {
            field.send(Command::MoveItem { owner: list(), from, to });
            open.update(|it| {
                let (from_open, to_open) = (it.remove(&from), it.remove(&to));
                it.extend(from_open.then_some(to).into_iter().chain(to_open.then_some(from)));
            });
            focus_id(card_id(to));
        }
        CardOrder::Duplicate(idx) => {
            field.send(Command::DuplicateItem { owner: list(), idx });
            open.update(|it| {
                *it = it.iter().map(|at| if idx < *at { at + 1 } else { *at }).chain([idx + 1]).collect();
            });
            focus_id(card_id(idx + 1));
        }
        CardOrder::Remove(idx) => {
            field.send(Command::RemoveItem { owner: list(), idx });
            open.update(|it| {
                *it = it
                    .iter()
                    .filter(|at| **at != idx)
                    .map(|at| if idx < *at { at - 1 } else { *at })
                    .collect();
            });
            // The next card takes its place; after the last one the button that adds is next.
            let is_last = n_items.get_untracked() <= idx;
            focus_id(if is_last { field.id() } else { card_id(idx) });
        }
    };
    let append = move |_| {
        let idx = n_items.get_untracked();
        let json = add.with_untracked(|it| it.1.clone());
        field.send(Command::AppendItem { owner: list(), json });
        open.update(|it| {
            it.insert(idx);
        });
        focus_id(card_id(idx));
    };
    let name = field.view.with_untracked(|it| it.name.clone());
    let label_id = format!("{}-label", field.id());
    let card = move |idx: usize, list: String| {
        row(idx.to_string(), move || {
            view! {
                <Card
                    idx=idx
                    id=card_id(idx)
                    list=list
                    items=items
                    is_open=memo(move || open.with(|it| it.contains(&idx)))
                    on_order=order
                />
            }
        })
    };
    view! {
        <ol class="inspector-items" aria-labelledby=label_id>
            <Rows rows=live(move || (0..n_items.get()).map(|idx| card(idx, name.clone())).collect()) />
        </ol>
        <button type="button" class="link" id=field.id() aria-describedby=field.described_by() on:click=heard(append)>
            "+ " {live(move || add.get().0)}
        </button>
    }
}

fn items_of(control: &Control) -> Vec<ItemView> {
    match control {
        Control::Items { items, .. } => items.clone(),
        _ => Vec::new(),
    }
}
