//! Data as lines, with what happened to each marked by a sign, a word and a fill.

use leptos::html::Div;
use leptos::prelude::*;

use crate::app::parts::live::{effect, live, memo, view};
use crate::studio::{DataLine, DataMark};

/// As in the style sheet.
const LINE_HEIGHT: i32 = 20;

/// One side of the comparison.
#[component]
pub fn DataColumn(title: &'static str, lines: Signal<Vec<DataLine>>) -> impl IntoView {
    let lines = memo(move || lines.get());
    let body = NodeRef::<Div>::new();
    // The first change comes into view, with two lines above it.
    effect(move || {
        let Some(first) = lines.with(|it| it.iter().position(|it| it.mark != DataMark::Kept)) else { return };
        request_animation_frame(move || {
            if let Some(body) = body.try_get_untracked().flatten() {
                body.set_scroll_top((first as i32 - 2).max(0) * LINE_HEIGHT);
            }
        });
    });
    view! {
        <section class="data-column" aria-label=title>
            <h3>{title}</h3>
            // Focusable, because it scrolls.
            <div node_ref=body class="data-lines mono" tabindex="0" role="region" aria-label=format!("Data {title}")>
                {live(move || lines.get().into_iter().map(|line| view! { <Line line=line /> }).collect_view())}
            </div>
        </section>
    }
}

#[component]
fn Line(line: DataLine) -> impl IntoView {
    let (name, sign) = match line.mark {
        DataMark::Kept => ("kept", " "),
        DataMark::Added => ("added", "+"),
        DataMark::Removed => ("removed", "−"),
        DataMark::Changed => ("changed", "~"),
        DataMark::Moved => ("moved", "→"),
    };
    let indent = "  ".repeat(line.depth as usize);
    view! {
        <div class="data-line" data-mark=name title=line.pointer>
            <span class="data-sign" aria-hidden="true">{sign}</span>
            <span class="data-text">{indent}{line.text}</span>
            <span class="data-words">{line.words}</span>
        </div>
    }
}
