//! One object of a list: a line that sums it up, and its fields when it is open.

use leptos::prelude::*;

use crate::app::inspector::add_field::AddField;
use crate::app::inspector::field::Fields;
use crate::app::inspector::retry_timeline::RetryTimeline;
use crate::app::parts::{Icon, IconButton};
use crate::studio::{FieldView, ItemView};

/// What a card asks of its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CardOrder {
    Fold(usize),
    Move { from: usize, to: usize },
    Remove(usize),
}

/// The card.
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
            attempts_at_secs: Vec::new(),
        })
    });
    let fields = Memo::new(move |_| item.with(|it| it.fields.clone()));
    let addable = Memo::new(move |_| item.with(|it| it.addable.clone()));
    let attempts = Memo::new(move |_| item.with(|it| it.attempts_at_secs.clone()));
    let has_problems = Memo::new(move |_| fields.with(|it| it.iter().any(has_problem)));
    let n_items = Memo::new(move |_| items.with(Vec::len));
    let is_last = Signal::derive(move || n_items.get() <= idx + 1);
    let sign = match list.as_str() {
        "Retry" => view! { <Icon name="retry" /> }.into_any(),
        "Catch" => view! { <span class="card-sign">"⚡"</span> }.into_any(),
        "Branches" => view! { <Icon name="parallel" /> }.into_any(),
        _ => view! { <span class="card-number">{idx + 1}</span> }.into_any(),
    };
    let body_id = format!("{id}-body");
    let controls = body_id.clone();
    view! {
        <li class="inspector-card" data-open=move || is_open.get().to_string()>
            <div class="card-head">
                <button
                    type="button"
                    class="card-fold"
                    id=id
                    aria-expanded=move || is_open.get().to_string()
                    aria-controls=controls
                    title=move || item.with(|it| it.summary.clone())
                    on:click=move |_| on_order(CardOrder::Fold(idx))
                >
                    {sign}
                    <span class="card-summary">{move || item.with(|it| it.summary.clone())}</span>
                    <Show when=move || has_problems.get()>
                        <span class="inspector-warning">
                            <Icon name="warning" />
                            <span class="visually-hidden">"There are problems in here"</span>
                        </span>
                    </Show>
                </button>
                <Show when=move || { n_items.get() > 1 }>
                    <IconButton
                        icon="up"
                        label=format!("Move item {} up", idx + 1)
                        class="card-button"
                        disabled=Signal::derive(move || idx == 0)
                        on_click=move || on_order(CardOrder::Move { from: idx, to: idx.saturating_sub(1) })
                    />
                    <IconButton
                        icon="down"
                        label=format!("Move item {} down", idx + 1)
                        class="card-button"
                        disabled=is_last
                        on_click=move || on_order(CardOrder::Move { from: idx, to: idx + 1 })
                    />
                </Show>
                <IconButton
                    icon="trash"
                    label=format!("Remove item {}", idx + 1)
                    class="card-button"
                    on_click=move || on_order(CardOrder::Remove(idx))
                />
            </div>
            <div class="card-body" id=body_id hidden=move || !is_open.get()>
                // A component that holds its own kind needs a type that does not grow.
                {view! { <Fields fields=fields /> }.into_any()}
                <Show when=move || !attempts.with(Vec::is_empty)>
                    <RetryTimeline attempts_at_secs=attempts />
                </Show>
                <AddField addable=addable />
            </div>
        </li>
    }
}

fn has_problem(field: &FieldView) -> bool {
    !field.problems.is_empty()
}
