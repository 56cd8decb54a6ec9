//! An object with fields of its own, set off by a line at its side.

use leptos::prelude::*;

use crate::app::inspector::add_field::AddField;
use crate::app::inspector::field::{FieldHandle, Fields};
use crate::app::parts::live::{memo, view};
use crate::studio::Control;

/// The fields of the object.
#[component]
pub fn GroupFields(field: FieldHandle) -> impl IntoView {
    let fields = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Group { fields, .. } => fields.clone(),
            _ => Vec::new(),
        })
    });
    let addable = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Group { addable, .. } => addable.clone(),
            _ => Vec::new(),
        })
    });
    view! {
        <div class="inspector-nested" role="group" id=field.id() aria-labelledby=format!("{}-label", field.id())>
            // A component that holds its own kind needs a type that does not grow.
            {view! { <Fields fields=fields /> }}
            <AddField addable=addable />
        </div>
    }
}
