//! The colors of what is typed: the same text once more behind the control, whose own letters are
//! transparent. So the control stays a plain one of the browser.

use leptos::html::Pre;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::inspector::draft::Draft;
use crate::app::inspector::field::FieldHandle;
use crate::app::parts::live::{live, memo, view};
use crate::studio::WordClass;
use crate::text::TextRange;

/// The painted text.
#[component]
pub fn Paint(
    field: FieldHandle,
    draft: Draft,
    paint: NodeRef<Pre>,
    #[prop(optional)] is_json: bool,
) -> impl IntoView {
    let pieces = memo(move || {
        let draft = field.draft(is_json, draft.text());
        let words = field.form.shell.with_studio(|it| it.draft_words(&draft));
        let mut pieces: Vec<(&'static str, String)> = Vec::new();
        let mut at = 0;
        let rest = TextRange::empty(draft.text.len());
        for (range, class) in words.iter().map(|it| (it.range, class(it.class))).chain([(rest, "")]) {
            if at < range.start {
                pieces.push(("", TextRange::new(at, range.start).slice(&draft.text).to_string()));
            }
            pieces.push((class, range.slice(&draft.text).to_string()));
            at = range.end;
        }
        pieces
    });
    view! {
        <pre class="inspector-paint" aria-hidden="true" node_ref=paint>
            {live(move || pieces.get().into_iter().map(|(class, text)| view! { <span class=class>{text}</span> }).collect_view())}
            "\n"
        </pre>
    }
}

/// The paint is scrolled as its control is.
pub fn follow(paint: NodeRef<Pre>, event: &web_sys::Event) {
    let control = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    if let (Some(paint), Some(control)) = (paint.get_untracked(), control) {
        paint.set_scroll_top(control.scroll_top());
        paint.set_scroll_left(control.scroll_left());
    }
}

fn class(class: WordClass) -> &'static str {
    match class {
        WordClass::Mark | WordClass::Operator => "code-word-operator",
        WordClass::Function => "code-word-function",
        WordClass::Variable => "code-word-variable",
        WordClass::Name => "code-word-name",
        WordClass::Text => "code-word-text",
        WordClass::Value => "code-word-value",
        WordClass::Comment => "code-word-comment",
    }
}
