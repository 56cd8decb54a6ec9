//! True or false.

use leptos::prelude::*;

use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{heard, live, memo, view};
use crate::studio::Control;

/// A box to tick.
#[component]
pub fn Flag(field: FieldHandle) -> impl IntoView {
    let is_on = memo(move || field.view.with(|it| it.control == Control::Flag(true)));
    view! {
        <div class="inspector-check">
            <input
                type="checkbox"
                id=field.id()
                prop:checked=live(move || is_on.get())
                aria-describedby=field.described_by()
                on:change=heard(move |event| field.set(event_target_checked(&event).to_string()))
            />
            <span aria-hidden="true">{live(move || if is_on.get() { "Yes" } else { "No" })}</span>
        </div>
    }
}
