//! A list of commands, opened by a button or where the pointer is: arrows and first letters move,
//! Enter chooses, Escape closes and gives the focus back.

use leptos::html::Div;
use leptos::prelude::*;

use crate::app::parts::live::{Shown, heard, live, view};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// The button and its list.
#[component]
pub fn Menu(
    #[prop(into)] label: Signal<String>,
    #[prop(into, optional)] class: String,
    /// What the button shows.
    #[prop(into)]
    face: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<Div>::new();
    provide_context(MenuOpen(open));
    let button = NodeRef::<leptos::html::Button>::new();
    let on_key = move |event: KeyboardEvent| {
        let Some(root) = root.get_untracked().filter(|_| open.get_untracked()) else { return };
        match walk(&root, &event) {
            Walked::Inside => {}
            Walked::Closed => {
                open.set(false);
                if let Some(button) = button.get_untracked() {
                    let _ = button.focus();
                }
            }
            Walked::Left => open.set(false),
        }
    };
    view! {
        <div
            class=format!("menu {class}")
            node_ref=root
            on:keydown=heard(on_key)
            on:focusout=heard(move |event| {
                // The menu may be on its way out together with the focused item.
                if !root.try_get_untracked().flatten().is_some_and(|root| keeps_focus(&root, &event)) {
                    let _ = open.try_set(false);
                }
            })
        >
            <button
                type="button"
                class="menu-button"
                node_ref=button
                title=label
                aria-label=label
                aria-haspopup="menu"
                aria-expanded=live(move || open.get().to_string())
                on:click=heard(move |_| {
                    open.update(|it| *it = !*it);
                    if open.get_untracked() {
                        request_animation_frame(move || {
                            if let Some(root) = root.get_untracked() {
                                focus_item(&root, 0);
                            }
                        });
                    }
                })
            >
                {face.run()}
            </button>
            <Shown when=live(move || open.get())>
                <div class="menu-list" role="menu" aria-label=label>
                    {children()}
                </div>
            </Shown>
        </div>
    }
}

/// Tells the lines of a list how they close it.
#[derive(Clone, Copy)]
pub struct MenuOpen(pub RwSignal<bool>);

/// One line of the list.
#[component]
pub fn MenuItem(
    #[prop(into)] label: String,
    #[prop(into, optional)] shortcut: String,
    /// Why it cannot be chosen now, shown under its name; empty when it can.
    #[prop(into, optional)]
    refusal: String,
    on_choose: impl Fn() + 'static,
) -> impl IntoView {
    let open = expect_context::<MenuOpen>().0;
    let is_refused = !refusal.is_empty();
    view! {
        <button
            type="button"
            role="menuitem"
            class="menu-item"
            tabindex="-1"
            // Still focusable, so that its reason can be read.
            aria-disabled=is_refused.then_some("true")
            on:click=heard(move |_| {
                if !is_refused {
                    open.set(false);
                    on_choose();
                }
            })
        >
            <span>{label}</span>
            <kbd>{shortcut}</kbd>
            {is_refused.then(|| view! { <small class="menu-reason">{refusal}</small> })}
        </button>
    }
}

/// What a key did in an open list.
pub enum Walked {
    Inside,
    /// Escape: the focus goes back to where it was.
    Closed,
    /// Tab: the focus goes on by itself.
    Left,
}

/// Moves the focus among the lines of the list in `root`.
pub fn walk(root: &HtmlElement, event: &KeyboardEvent) -> Walked {
    let key = event.key();
    let items = items(root);
    let active = document().active_element();
    let at = items.iter().position(|it| Some(it.unchecked_ref::<web_sys::Element>()) == active.as_ref());
    let n_items = items.len().max(1);
    let after = at.map_or(0, |it| (it + 1) % n_items);
    let is_letter = key.chars().count() == 1 && key != " " && !event.ctrl_key() && !event.meta_key();
    let walked = match key.as_str() {
        "ArrowDown" => focus_item(root, after),
        "ArrowUp" => focus_item(root, at.unwrap_or(0).checked_sub(1).unwrap_or(n_items - 1)),
        "Home" => focus_item(root, 0),
        "End" => focus_item(root, n_items - 1),
        "Escape" => Walked::Closed,
        "Tab" => return Walked::Left,
        _ if is_letter => {
            let wanted = key.to_lowercase();
            let begins = |idx: &usize| {
                let words = items.get(*idx).and_then(|it| it.text_content()).unwrap_or_default();
                words.to_lowercase().starts_with(&wanted)
            };
            match (0..n_items).map(|it| (after + it) % n_items).find(begins) {
                Some(idx) => focus_item(root, idx),
                None => Walked::Inside,
            }
        }
        _ => return Walked::Inside,
    };
    event.prevent_default();
    event.stop_propagation();
    walked
}

/// Gives the focus to the line with this index.
pub fn focus_item(root: &HtmlElement, idx: usize) -> Walked {
    if let Some(item) = items(root).get(idx) {
        // Focus cannot be refused by an element that is shown.
        let _ = item.focus();
    }
    Walked::Inside
}

/// Whether the focus that is on its way out of something stays in `root`.
pub fn keeps_focus(root: &HtmlElement, event: &web_sys::FocusEvent) -> bool {
    let to = event.related_target().and_then(|it| it.dyn_into::<web_sys::Node>().ok());
    to.is_some_and(|to| root.contains(Some(&to)))
}

fn items(root: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = root.query_selector_all("[role^=menuitem]") else { return Vec::new() };
    (0..found.length()).filter_map(|idx| found.get(idx)?.dyn_into().ok()).collect()
}
