//! Any JSON in a small code field. What is typed is checked at once; only JSON is committed.

use leptos::prelude::*;

use crate::app::inspector::controls::area::Area;
use crate::app::inspector::draft::{Place, set};
use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{memo, view};
use crate::json::parse;
use crate::studio::{Command, Control};
use crate::text::LineIndex;

/// The field.
#[component]
pub fn JsonText(field: FieldHandle) -> impl IntoView {
    let shown = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Json(json) => json.clone(),
            _ => String::new(),
        })
    });
    view! { <Area field=field shown=shown encode=json mono=true checked=true min_rows=2 /> }
}

/// The text of the whole state.
#[component]
pub fn Definition(field: FieldHandle) -> impl IntoView {
    let shown = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Definition(json) => json.clone(),
            _ => String::new(),
        })
    });
    view! { <Area field=field shown=shown encode=definition mono=true checked=true min_rows=4 max_rows=40 /> }
}

fn definition(place: &Place, text: &str) -> Result<Command, String> {
    match json_fault(text) {
        Some(fault) => Err(fault),
        None => Ok(Command::SetText { owner: place.owner.clone(), json: text.trim().to_string() }),
    }
}

fn json(place: &Place, text: &str) -> Result<Command, String> {
    match json_fault(text) {
        Some(fault) => Err(fault),
        None => Ok(set(place, text.trim().to_string())),
    }
}

/// Why a text is not JSON, and where.
pub fn json_fault(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some("A JSON value is needed here, for instance \"text\", 5 or {}".into());
    }
    let tree = parse(text);
    let error = tree.errors().first()?;
    let line = LineIndex::new(text).line_column(error.range.start).line + 1;
    Some(format!("Not JSON yet, line {line}: {}", error.message))
}
