//! One line to type in, with its draft.

use leptos::prelude::*;

use crate::app::inspector::controls::paint::{Paint, follow};
use crate::app::inspector::draft::{Draft, Encode};
use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{heard, live, view};

/// The line. `shown` is what is in the text, `encode` makes a command of what is typed.
#[component]
pub fn Line(
    field: FieldHandle,
    shown: Memo<String>,
    encode: Encode,
    /// For code: paths, resources, numbers.
    #[prop(optional)]
    mono: bool,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(optional)] placeholder: &'static str,
    /// Id of the list of suggestions.
    #[prop(optional, into)]
    list: Option<String>,
    /// It may hold an expression: suggestions while typing, faults after a moment.
    #[prop(optional)]
    expression: bool,
    /// The unit, shown behind the line.
    #[prop(optional)]
    unit: &'static str,
) -> impl IntoView {
    let draft = Draft::new(field.form, field.place, shown, encode);
    let type_in = move |text| if expression { draft.type_in_expression(text) } else { draft.type_in(text) };
    let paint = NodeRef::new();
    view! {
        <div class="inspector-line" data-painted=expression.then_some("true") data-mono=mono.then_some("true")>
            {expression.then(|| view! { <Paint field=field draft=draft paint=paint /> })}
            <input
                type="text"
                on:scroll=heard(move |event| follow(paint, &event))
                id=field.id()
                class="inspector-input"
                data-mono=mono.then_some("true")
                prop:value=live(move || draft.text())
                placeholder=placeholder
                list=list
                disabled=disabled
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=live(move || (draft.refusal().is_some() || field.has_problems()).then_some("true"))
                aria-describedby=field.described_by()
                data-expression=live(move || expression.then(|| field.expression(false)))
                aria-autocomplete=expression.then_some("list")
                on:input=heard(move |event| type_in(event_target_value(&event)))
                on:change=heard(move |_| draft.commit())
                on:blur=heard(move |_| draft.commit())
                on:keydown=heard(move |event| draft.on_key(&event, false))
            />
            {(!unit.is_empty()).then(|| view! { <span class="inspector-unit">{unit}</span> })}
        </div>
        <Refusal field=field draft=draft />
    }
}

/// What is wrong with the draft, under the control.
#[component]
pub fn Refusal(field: FieldHandle, draft: Draft) -> impl IntoView {
    view! {
        <p class="inspector-refusal" id=format!("{}-refusal", field.id()) role="status">
            {live(move || draft.refusal())}
        </p>
    }
}
