//! One object of a list: a line that sums it up, and its fields when it is open.

use leptos::prelude::*;

use crate::app::inspector::add_field::AddField;
use crate::app::inspector::field::Fields;
use crate::app::inspector::retry_timeline::RetryTimeline;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::parts::{Icon, IconButton};
use crate::studio::{FieldView, ItemView};

/// What a card asks of its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CardOrder {
    Fold(usize),
    Move { from: usize, to: usize },
    Duplicate(usize),
    Remove(usize),
}

/// The card. On its line Control with an arrow moves it.
#[component]
pub fn Card(
    idx: usize,
    /// Id of the button that opens it.
    id: String,
    /// The list's field, for instance `Retry`; decides the sign.
    list: String,
    items: Memo<Vec<ItemView>>,
    is_open: Memo<bool>,
    on_order: impl Fn(CardOrder) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let item = Memo::new(move |previous: Option<&ItemView>| {
        let found = items.with(|it| it.get(idx).cloned());
        // While it goes away it keeps its last content.
        found.or_else(|| previous.cloned()).unwrap_or_else(|| ItemView {
            pointer: String::new(),
            summary: String::new(),
            fields: Vec::new(),
            addable: Vec::new(),
            retry: None,
        })
    });
    let fields = memo(move || item.with(|it| it.fields.clone()));
    let addable = memo(move || item.with(|it| it.addable.clone()));
    let retry = memo(move || item.with(|it| it.retry.clone()));
    let has_problems = memo(move || fields.with(|it| it.iter().any(has_problem)));
    let n_items = memo(move || items.with(Vec::len));
    let is_last = Signal::derive(move || n_items.get() <= idx + 1);
    let sign = match list.as_str() {
        "Retry" => view! { <Icon name="retry" /> },
        "Catch" => view! { <span class="card-sign">"⚡"</span> },
        "Branches" => view! { <Icon name="parallel" /> },
        _ => view! { <span class="card-number">{idx + 1}</span> },
    };
    let body_id = format!("{id}-body");
    let controls = body_id.clone();
    let move_up = move || {
        if 0 < idx {
            on_order(CardOrder::Move { from: idx, to: idx - 1 });
        }
    };
    let move_down = move || {
        if !is_last.get_untracked() {
            on_order(CardOrder::Move { from: idx, to: idx + 1 });
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        match event.key().as_str() {
            _ if !event.ctrl_key() && !event.meta_key() => return,
            "ArrowUp" => move_up(),
            "ArrowDown" => move_down(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <li class="inspector-card" data-open=live(move || is_open.get().to_string())>
            <div class="card-head">
                <button
                    type="button"
                    class="card-fold"
                    id=id
                    aria-expanded=live(move || is_open.get().to_string())
                    aria-controls=controls
                    title=live(move || item.with(|it| it.summary.clone()))
                    on:click=heard(move |_| on_order(CardOrder::Fold(idx)))
                    on:keydown=heard(on_key)
                >
                    {sign}
                    <span class="card-summary">{live(move || item.with(|it| it.summary.clone()))}</span>
                    <Shown when=live(move || has_problems.get())>
                        <span class="inspector-warning">
                            <Icon name="warning" />
                            <span class="visually-hidden">"There are problems in here"</span>
                        </span>
                    </Shown>
                </button>
                <div class="card-buttons">
                    <Shown when=live(move || { n_items.get() > 1 })>
                        <IconButton
                            icon="up"
                            label=format!("Move item {} up (Ctrl ↑)", idx + 1)
                            class="card-button"
                            disabled=Signal::derive(move || idx == 0)
                            on_click=move_up
                        />
                        <IconButton
                            icon="down"
                            label=format!("Move item {} down (Ctrl ↓)", idx + 1)
                            class="card-button"
                            disabled=is_last
                            on_click=move_down
                        />
                    </Shown>
                    <IconButton
                        icon="copy"
                        label=format!("Duplicate item {}", idx + 1)
                        class="card-button"
                        on_click=move || on_order(CardOrder::Duplicate(idx))
                    />
                    <IconButton
                        icon="trash"
                        label=format!("Remove item {}", idx + 1)
                        class="card-button"
                        on_click=move || on_order(CardOrder::Remove(idx))
                    />
                </div>
            </div>
            <div class="card-body" id=body_id hidden=live(move || !is_open.get())>
                // A component that holds its own kind needs a type that does not grow.
                {view! { <Fields fields=fields /> }}
                <Shown when=live(move || retry.with(Option::is_some))>
                    <RetryTimeline retry=retry />
                </Shown>
                <AddField addable=addable />
            </div>
        </li>
    }
}

fn has_problem(field: &FieldView) -> bool {
    !field.problems.is_empty()
}
