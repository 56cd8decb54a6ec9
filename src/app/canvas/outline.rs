//! The same graph as a tree of sentences: what screen readers and keys walk through. It is one
//! tab stop, always there, and can be shown as a list beside the picture.

use leptos::attr::custom::custom_attribute;
use leptos::html::Ul;
use leptos::prelude::*;

use crate::app::canvas::Canvas;
use crate::app::parts::live::{Rows, effect, heard, live, memo, row, view};
use crate::app::parts::scroll_to;
use crate::studio::{Command, NodeView};

/// The states in reading order.
#[component]
pub fn Outline(tree: NodeRef<Ul>) -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let shell = canvas.shell;
    let keys = memo(move || {
        canvas.scene.with(|scene| {
            let states = scene.graph().nodes.iter().filter(|it| it.state.is_some());
            states.map(|it| it.key.clone()).collect::<Vec<_>>()
        })
    });
    let active = memo(move || {
        let selection = shell.selection.get();
        let cursor = shell.cursor.get();
        let state = cursor.as_ref().or(selection.shown.as_ref())?;
        canvas.scene.with(|scene| scene.node_of_state(state).map(|it| id_of(&it.key)))
    });
    // Only the open list scrolls; the hidden one has nothing to show.
    effect(move || {
        if let (Some(id), true) = (active.get(), canvas.outline_open.get())
            && let Some(item) = document().get_element_by_id(&id)
        {
            scroll_to(&item);
        }
    });
    let has_run = memo(move || shell.player.with(|it| it.run));
    let n_states = move || keys.with(Vec::len);
    view! {
            <ul
                node_ref=tree
                id="canvas"
                class="outline"
                data-open=live(move || canvas.outline_open.get().then_some(""))
                role="tree"
                tabindex="0"
                data-pane-focus=""
                aria-multiselectable="true"
                aria-label=live(move || match n_states() {
                    0 => "The workflow has no states yet".to_string(),
                    1 => "The workflow, 1 state".to_string(),
                    n => format!("The workflow, {n} states"),
                })
                aria-activedescendant=live(move || active.get())
            >
                <Rows rows=live(move || keys.get().into_iter().map(|key| {
                    row(key.clone(), move || view! { <Item key=key has_run=has_run /> })
                }).collect()) />
            </ul>
    }
}

#[component]
fn Item(key: String, has_run: Memo<bool>) -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let shell = canvas.shell;
    let id = id_of(&key);
    let mark = shell.mark_of(&key);
    let node = Memo::new(move |before: Option<&Option<NodeView>>| {
        canvas.scene.with(|scene| scene.node(&key).cloned()).or_else(|| before.cloned().flatten())
    });
    let read = move |what: fn(&NodeView) -> String| node.with(|it| it.as_ref().map(what));
    let selected = memo(move || {
        let selection = shell.selection.get();
        let state = node.with(|it| it.as_ref().and_then(|it| it.state.clone()));
        state.is_some() && (selection.shown == state || canvas.is_picked(state.as_ref()))
    });
    let sentence = move || {
        let sentence = read(|it| it.sentence.clone()).unwrap_or_default();
        let words = mark.with(|it| it.words.clone());
        if words.is_empty() || !has_run.get() { sentence } else { format!("{sentence}; {words}") }
    };
    let level = move || read(|it| it.level.max(1).to_string());
    let select = move |_| {
        if let Some(state) = node.with_untracked(|it| it.as_ref().and_then(|it| it.state.clone())) {
            shell.dispatch(Command::Select { state: Some(state) });
        }
    };
    view! {
        <li
            id=id
            role="treeitem"
            class="outline-item"
            {..custom_attribute("aria-level", level)}
            aria-posinset=live(move || read(|it| it.position.max(1).to_string()))
            aria-setsize=live(move || read(|it| it.set_size.max(1).to_string()))
            aria-expanded=live(move || node.with(|it| {
                it.as_ref().filter(|it| it.frame || it.collapsed).map(|it| it.frame.to_string())
            }))
            aria-selected=live(move || selected.get().to_string())
            on:click=heard(select)
        >
            {sentence}
        </li>
    }
}

/// An id for `aria-activedescendant`, which must not hold spaces.
fn id_of(key: &str) -> String {
    let mut id = String::from("state-");
    for char in key.chars() {
        match char {
            'a'..='z' | 'A'..='Z' | '0'..='9' => id.push(char),
            '/' => id.push('-'),
            _ => id.push_str(&format!("_{:x}_", u32::from(char))),
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_different_for_different_keys_and_hold_no_spaces() {
        assert_eq!(id_of("/States/Charge card"), "state--States-Charge_20_card");
        assert_ne!(id_of("/States/a b"), id_of("/States/a_b"));
        assert!(!id_of("/States/🙂 \u{202e}x").contains(char::is_whitespace));
    }
}
