//! Several lines to type in, with their draft. Enter makes a new line; the draft is committed with
//! Control and Enter or by going elsewhere.

use leptos::prelude::*;

use crate::app::inspector::controls::line::Refusal;
use crate::app::inspector::controls::paint::{Paint, follow};
use crate::app::inspector::draft::{Draft, Encode};
use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{heard, live, view};

/// The lines.
#[component]
pub fn Area(
    field: FieldHandle,
    shown: Memo<String>,
    encode: Encode,
    /// For code.
    #[prop(optional)]
    mono: bool,
    /// What is wrong is said while typing.
    #[prop(optional)]
    checked: bool,
    #[prop(optional)] min_rows: usize,
    /// Rows shown at most; the rest scrolls.
    #[prop(default = 14)]
    max_rows: usize,
) -> impl IntoView {
    let draft = Draft::new(field.form, field.place, shown, encode);
    let rows = move || draft.text().lines().count().clamp(min_rows.max(1), max_rows).to_string();
    let type_in = move |text| if checked { draft.type_in_checked(text) } else { draft.type_in(text) };
    let paint = NodeRef::new();
    view! {
        <div class="inspector-line" data-painted=checked.then_some("true") data-mono=mono.then_some("true")>
        {checked.then(|| view! { <Paint field=field draft=draft paint=paint is_json=true /> })}
        <textarea
            on:scroll=heard(move |event| follow(paint, &event))
            id=field.id()
            class="inspector-area"
            data-mono=mono.then_some("true")
            rows=rows
            prop:value=live(move || draft.text())
            wrap=if mono { "off" } else { "soft" }
            autocomplete="off"
            autocapitalize="off"
            spellcheck=if mono { "false" } else { "true" }
            data-expression=live(move || checked.then(|| field.expression(true)))
            aria-autocomplete=checked.then_some("list")
            aria-invalid=live(move || (draft.refusal().is_some() || field.has_problems()).then_some("true"))
            aria-describedby=field.described_by()
            on:input=heard(move |event| type_in(event_target_value(&event)))
            on:blur=heard(move |_| draft.commit())
            on:keydown=heard(move |event| draft.on_key(&event, true))
        ></textarea>
        </div>
        <Refusal field=field draft=draft />
    }
}
