//! A path into the data, with a switch for null where null has a meaning of its own.

use leptos::prelude::*;

use crate::app::inspector::controls::line::Line;
use crate::app::inspector::draft::{Place, as_json_string};
use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::asl::fields::rows;
use crate::studio::{Command, Control};

/// The line and the switch.
#[component]
pub fn PathText(field: FieldHandle) -> impl IntoView {
    let shown = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Path { text, null: false } => text.clone(),
            _ => String::new(),
        })
    });
    let is_null = memo(move || field.view.with(|it| matches!(it.control, Control::Path { null: true, .. })));
    let can_be_null = field.view.with_untracked(|it| rows().any(|row| row.name == it.name && row.nullable));
    let shows_switch = memo(move || can_be_null || is_null.get());
    let switch_id = format!("{}-null", field.id());
    let switch = move |event: web_sys::Event| {
        field.set(if event_target_checked(&event) { "null".to_string() } else { "\"$\"".to_string() });
    };
    view! {
        <Line field=field shown=shown encode=path mono=true disabled=is_null placeholder="$" expression=true />
        <Shown when=live(move || shows_switch.get())>
            <label class="inspector-check" for=switch_id.clone()>
                <input type="checkbox" id=switch_id.clone() prop:checked=live(move || is_null.get()) on:change=heard(switch) />
                <code>"null"</code>
                {live(move || null_means(field))}
            </label>
        </Shown>
    }
}

/// What null does here, in the words of the field's help.
fn null_means(field: FieldHandle) -> &'static str {
    let help = field.view.with(|it| it.help);
    help.split_once("; null ").map_or(" instead of a path", |(_, meaning)| meaning)
}

fn path(place: &Place, text: &str) -> Result<Command, String> {
    match text.trim() {
        "" => Err("A path is needed here, for instance $.order; to do without, remove the field".into()),
        text => as_json_string(place, text),
    }
}
