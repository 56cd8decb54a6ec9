//! Texts: the name of the state, one line, several lines.

use leptos::prelude::*;

use crate::app::inspector::controls::area::Area;
use crate::app::inspector::controls::line::Line;
use crate::app::inspector::draft::{Place, as_json_string};
use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{memo, view};
use crate::asl::StatePath;
use crate::studio::{Command, Control};

/// The name of the state; every reference follows.
#[component]
pub fn Name(field: FieldHandle) -> impl IntoView {
    let shown = memo(move || text_of(field));
    view! { <Line field=field shown=shown encode=rename /> }
}

/// One line, written as a JSON string.
#[component]
pub fn OneLine(field: FieldHandle) -> impl IntoView {
    let shown = memo(move || text_of(field));
    view! { <Line field=field shown=shown encode=as_json_string expression=true /> }
}

/// Several lines, written as a JSON string.
#[component]
pub fn LongText(field: FieldHandle) -> impl IntoView {
    let shown = memo(move || text_of(field));
    view! { <Area field=field shown=shown encode=as_json_string min_rows=2 /> }
}

fn text_of(field: FieldHandle) -> String {
    field.view.with(|it| match &it.control {
        Control::Name(text) | Control::Text(text) | Control::Comment(text) => text.clone(),
        _ => String::new(),
    })
}

fn rename(place: &Place, name: &str) -> Result<Command, String> {
    match name.trim() {
        "" => Err("A state needs a name".into()),
        name => Ok(Command::Rename { state: StatePath::new(place.state.as_str()), name: name.to_string() }),
    }
}
