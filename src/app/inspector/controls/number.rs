//! A number as it is spelled in the text, or an expression that gives one.

use leptos::prelude::*;

use crate::app::inspector::controls::line::Line;
use crate::app::inspector::draft::{Place, set};
use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{memo, view};
use crate::json::{decode, is_number, quote};
use crate::studio::{Command, Control};

/// The line with its unit.
#[component]
pub fn Number(field: FieldHandle) -> impl IntoView {
    let shown = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Number(json) if json.starts_with('"') => decode(json).into_owned(),
            Control::Number(json) => json.clone(),
            _ => String::new(),
        })
    });
    let unit = field.view.with_untracked(|it| unit(&it.name));
    view! { <Line field=field shown=shown encode=number mono=true unit=unit /> }
}

fn unit(name: &str) -> &'static str {
    match name {
        "BackoffRate" => "×",
        "ToleratedFailurePercentage" => "%",
        _ if name.ends_with("Seconds") => "s",
        _ => "",
    }
}

/// The spelling is kept; a unit that was typed along is left out.
fn number(place: &Place, text: &str) -> Result<Command, String> {
    let text = text.trim();
    if text.starts_with("{%") {
        return Ok(set(place, quote(text)));
    }
    let unit = unit(&place.name);
    let bare = text.strip_prefix('×').unwrap_or(text);
    let bare = if unit.is_empty() { bare } else { bare.strip_suffix(unit).unwrap_or(bare) }.trim();
    if is_number(bare) {
        return Ok(set(place, bare.to_string()));
    }
    Err("A number is needed here, for instance 5".into())
}
