//! What the studio knows of expressions, for the editor and for single fields: offsets are counted
//! as the page counts them, and answers go over as flat lists.

use std::sync::Arc;

use wasm_bindgen::JsValue;

use crate::app::code::bridge::{self, flat_completions, flat_hover};
use crate::app::code::offsets::EditorText;
use crate::app::shell::Shell;
use crate::studio::{FieldDraft, Writing};
use crate::text::TextRange;

/// From, to and class of each word of the expressions in a stretch.
pub fn words(shell: Shell, text: &EditorText, from: u32, to: u32) -> Vec<u32> {
    let range = TextRange::new(text.byte(from as usize), text.byte(to as usize));
    let words = shell.with_studio(|it| it.expression_words(range));
    let flat = words.iter().flat_map(|it| {
        let (from, to) = text.range(it.range);
        [from as u32, to as u32, it.class as u32]
    });
    flat.collect()
}

/// What could be written in the document.
pub fn complete(shell: Shell, text: &EditorText, at: u32, explicit: bool) -> JsValue {
    answer_completions(shell, text, Writing::InDocument, at, explicit)
}

/// What a word of the document means.
pub fn hover(shell: Shell, text: &EditorText, at: u32) -> JsValue {
    answer_hover(shell, text, Writing::InDocument, at)
}

/// Offers the same in the fields of the inspector.
pub fn watch_fields(shell: Shell) {
    let complete = move |what: String, text: String, at: u32, explicit: bool| {
        in_field(&what, text, |draft, text| {
            answer_completions(shell, text, Writing::InField(draft), at, explicit)
        })
    };
    let hover = move |what: String, text: String, at: u32, _: bool| {
        in_field(&what, text, |draft, text| answer_hover(shell, text, Writing::InField(draft), at))
    };
    bridge::watch_fields(Box::new(complete), Box::new(hover));
}

/// What a field says of itself: `json` or `text`, its name, and the pointer of the object.
pub fn field_words(is_json: bool, owner: &str, name: &str) -> String {
    format!("{} {name} {owner}", if is_json { "json" } else { "text" })
}

fn in_field(what: &str, text: String, ask: impl FnOnce(&FieldDraft, &EditorText) -> JsValue) -> JsValue {
    let mut parts = what.splitn(3, ' ').map(str::to_string);
    let is_json = parts.next().is_some_and(|it| it == "json");
    let name = parts.next().unwrap_or_default();
    let owner = parts.next().unwrap_or_default();
    let shown = EditorText::new(Arc::from(text.as_str()));
    ask(&FieldDraft { owner, name, text, is_json }, &shown)
}

fn answer_completions(
    shell: Shell,
    text: &EditorText,
    place: Writing<'_>,
    at: u32,
    explicit: bool,
) -> JsValue {
    let found = shell.with_studio(|it| it.complete(place, text.byte(at as usize), explicit));
    let Some(found) = found else { return JsValue::NULL };
    let (from, to) = text.range(found.range);
    flat_completions(from, to, &found)
}

fn answer_hover(shell: Shell, text: &EditorText, place: Writing<'_>, at: u32) -> JsValue {
    let Some(found) = shell.with_studio(|it| it.hover(place, text.byte(at as usize))) else {
        return JsValue::NULL;
    };
    let (from, to) = text.range(found.range);
    flat_hover(from, to, &found)
}
