//! The JSONata of a stage, to be looked into: a click or the arrow keys choose a part of it, and
//! below stands what that part gave and where that came from.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::app::parts::live::{heard, live, memo, view};
use crate::app::parts::scroll_to;
use crate::studio::{ExplainView, Look};
use crate::text::Arrange;

/// A piece of the text that belongs to the same parts throughout.
#[derive(Clone, PartialEq)]
struct Piece {
    start: usize,
    text: String,
    is_chosen: bool,
    /// The error that stands here.
    fault: Option<String>,
    /// What the smallest part here gave.
    title: String,
}

/// The text of the expression and what its chosen part gave.
#[component]
pub fn ExpressionText(
    text: String,
    #[prop(into)] view: Signal<Arc<ExplainView>>,
    /// Chooses another part.
    look: impl Fn(Look) + Copy + 'static,
) -> impl IntoView {
    let pieces = memo(move || view.with(|it| pieces(it, &text)));
    let is_chosen = memo(move || view.with(|it| it.chosen.is_some()));
    let found = NodeRef::<leptos::html::Div>::new();
    let turn = move |to: Look| {
        look(to);
        // What was found may be below the fold.
        request_animation_frame(move || {
            if let Some(found) = found.try_get_untracked().flatten() {
                scroll_to(&found);
            }
        });
    };
    let begin = move || {
        if view.with_untracked(|it| it.text.is_empty()) {
            look(Look::Over);
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let way = match event.key().as_str() {
            "ArrowRight" => Look::Next,
            "ArrowLeft" => Look::Previous,
            "ArrowUp" => Look::Wider,
            "ArrowDown" => Look::Narrower,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        turn(way);
    };
    let on_click = move |event: web_sys::MouseEvent| {
        let target = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok());
        let offset = target.and_then(|it| it.get_attribute("data-at")).and_then(|it| it.parse().ok());
        if let Some(offset) = offset {
            turn(Look::At { offset });
        }
    };
    view! {
        <div
            class="lens-code is-live"
            role="application"
            tabindex="0"
            aria-label="Expression, part by part"
            aria-describedby="lens-hint"
            on:focus=heard(move |_| begin())
            on:pointerenter=heard(move |_| begin())
            on:keydown=heard(on_key)
            on:click=heard(on_click)
        >
            {live(move || {
                pieces
                    .get()
                    .into_iter()
                    .map(|piece| {
                        view! {
                            <span
                                class="lens-piece"
                                class:is-chosen=piece.is_chosen
                                class:is-fault=piece.fault.is_some()
                                data-at=piece.start
                                title=piece.fault.unwrap_or(piece.title)
                            >
                                {piece.text}
                            </span>
                        }
                    })
                    .collect_view()
            })}
        </div>
        <div class="lens-part" role="status" node_ref=found>
            {live(move || view.with(|it| part(it)))}
        </div>
        <p class="lens-hint" id="lens-hint" class:visually-hidden=live(move || is_chosen.get())>
            "Click a part, or move with the arrow keys: left and right, up to what is around it, down into it"
        </p>
    }
}

/// What the chosen part gave.
fn part(view: &ExplainView) -> AnyView {
    let faults: Vec<String> = view.faults.iter().map(|it| it.message.clone()).collect();
    let from = view.from.iter().map(|it| match it.part.as_str() {
        "" => format!("from {}", it.path),
        part => format!("{part} from {}", it.path),
    });
    let from: Vec<String> = from.collect();
    let value: Vec<String> =
        view.value.iter().map(|it| format!("{}{}", "  ".repeat(it.depth as usize), it.text)).collect();
    let is_short = value.len() < 2;
    view! {
        {faults.into_iter().map(|it| view! { <p class="lens-error"><strong>"⨯ "</strong>{it}</p> }).collect_view()}
        <p class="lens-sentence mono">{view.sentence.clone()}</p>
        {from.into_iter().map(|it| view! { <p class="lens-from mono">"← "{it}</p> }).collect_view()}
        {(!is_short).then(|| view! { <pre class="lens-value">{value.join("\n")}</pre> })}
    }
}

/// The text cut wherever a part or an error begins or ends.
fn pieces(view: &ExplainView, text: &str) -> Vec<Piece> {
    let is_current = view.text == text;
    let (parts, faults) = if is_current { (&*view.parts, &*view.faults) } else { (&[][..], &[][..]) };
    let chosen = view.chosen.and_then(|it| parts.get(it)).map(|it| it.range);
    let ranges = parts.iter().map(|it| it.range).chain(faults.iter().map(|it| it.range));
    let mut cuts: Vec<usize> = ranges.flat_map(|it| [it.start, it.end]).chain([0, text.len()]).collect();
    cuts.arrange();
    cuts.dedup();
    let piece = |cut: &[usize]| {
        let (start, end) = (*cut.first()?, *cut.last()?);
        let holds = |it: crate::text::TextRange| it.start <= start && end <= it.end;
        let smallest = parts.iter().filter(|it| holds(it.range)).min_by_key(|it| it.range.len());
        Some(Piece {
            start,
            text: text.get(start..end)?.to_string(),
            is_chosen: chosen.is_some_and(holds),
            fault: faults.iter().find(|it| holds(it.range)).map(|it| it.message.clone()),
            title: smallest.map(|it| it.value.clone()).unwrap_or_default(),
        })
    };
    cuts.windows(2).filter_map(piece).collect()
}
