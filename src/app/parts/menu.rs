//! A button that opens a list of commands: arrows move, Enter chooses, Escape closes.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

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
    let items = move || -> Vec<web_sys::HtmlElement> {
        let Some(root) = root.get_untracked() else { return Vec::new() };
        let Ok(found) = root.query_selector_all("[role=menuitem]") else { return Vec::new() };
        (0..found.length()).filter_map(|idx| found.get(idx)?.dyn_into().ok()).collect()
    };
    let focus = move |idx: usize| {
        if let Some(item) = items().get(idx) {
            // Focus cannot be refused by an element that is shown.
            let _ = item.focus();
        }
    };
    let button = NodeRef::<leptos::html::Button>::new();
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let items = items();
        let active = document().active_element();
        let at = items.iter().position(|it| Some(it.unchecked_ref::<web_sys::Element>()) == active.as_ref());
        match event.key().as_str() {
            "ArrowDown" => focus(at.map_or(0, |it| (it + 1) % items.len().max(1))),
            "ArrowUp" => focus(at.map_or(0, |it| (it + items.len().max(1) - 1) % items.len().max(1))),
            "Home" => focus(0),
            "End" => focus(items.len().saturating_sub(1)),
            "Escape" if open.get_untracked() => close(),
            "Tab" => {
                open.set(false);
                return;
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div
            class=format!("menu {class}")
            node_ref=root
            on:keydown=on_key
            on:focusout=move |event| {
                // The menu may be on its way out together with the focused item.
                let inside = event
                    .related_target()
                    .and_then(|it| it.dyn_into::<web_sys::Node>().ok())
                    .zip(root.try_get_untracked().flatten())
                    .is_some_and(|(to, root)| root.contains(Some(&to)));
                if !inside {
                    let _ = open.try_set(false);
                }
            }
        >
            <button
                type="button"
                class="menu-button"
                node_ref=button
                title=label
                aria-label=label
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| {
                    open.update(|it| *it = !*it);
                    if open.get_untracked() {
                        request_animation_frame(move || focus(0));
                    }
                }
            >
                {face.run()}
            </button>
            <Show when=move || open.get()>
                <div class="menu-list" role="menu" aria-label=label>
                    {children()}
                </div>
            </Show>
        </div>
    }
}

#[derive(Clone, Copy)]
struct MenuOpen(RwSignal<bool>);

/// One line of the list.
#[component]
pub fn MenuItem(
    #[prop(into)] label: String,
    #[prop(into, optional)] shortcut: String,
    on_choose: impl Fn() + 'static,
) -> impl IntoView {
    let open = expect_context::<MenuOpen>().0;
    view! {
        <button
            type="button"
            role="menuitem"
            class="menu-item"
            tabindex="-1"
            on:click=move |_| {
                open.set(false);
                on_choose();
            }
        >
            <span>{label}</span>
            <kbd>{shortcut}</kbd>
        </button>
    }
}
