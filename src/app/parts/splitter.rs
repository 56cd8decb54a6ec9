//! The gap between two panes: drag it, or move it with the arrow keys; a double click resets it.
//! The width is a custom property on the workspace, kept in the browser.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::browser::settings;
use crate::app::parts::live::{heard, live, view};

/// A splitter that sets the custom property `--{name}` in pixels.
#[component]
pub fn Splitter(
    name: &'static str,
    label: &'static str,
    initial: f64,
    min: f64,
    max: f64,
    /// `1.0` when dragging right (or down) makes the pane larger, `-1.0` otherwise.
    sense: f64,
    #[prop(optional)] horizontal: bool,
) -> impl IntoView {
    let key = format!("stepglass-{name}");
    let kept: f64 = settings::read(&key).and_then(|it| it.parse().ok()).unwrap_or(initial);
    let size = RwSignal::new(kept.clamp(min, max));
    let node = NodeRef::<Div>::new();
    let place = move || {
        let workspace = node.get_untracked().and_then(|it| it.closest(".workspace").ok().flatten());
        if let Some(workspace) = workspace.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            // A valid property name is never refused.
            let _ =
                workspace.style().set_property(&format!("--{name}"), &format!("{}px", size.get_untracked()));
        }
    };
    node.on_load(move |_| request_animation_frame(place));
    let change = move |to: f64| {
        size.set(to.clamp(min, max));
        place();
        // A refused store only costs the width of a pane.
        settings::write(&key, &size.get_untracked().to_string());
    };
    let from = StoredValue::new(None::<(f64, f64)>);
    let along = move |event: &web_sys::PointerEvent| {
        f64::from(if horizontal { event.client_y() } else { event.client_x() })
    };
    let on_key = {
        let change = change.clone();
        move |event: web_sys::KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => 16.0 * sense,
                "ArrowLeft" | "ArrowUp" => -16.0 * sense,
                "Home" => min - size.get_untracked(),
                "End" => max - size.get_untracked(),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            change(size.get_untracked() + step);
        }
    };
    let on_move = {
        let change = change.clone();
        move |event: web_sys::PointerEvent| {
            if let Some((start, size)) = from.get_value() {
                change(size + (along(&event) - start) * sense);
            }
        }
    };
    view! {
        <div
            class=format!("splitter splitter-{name}")
            node_ref=node
            role="separator"
            tabindex="0"
            aria-label=label
            aria-orientation=if horizontal { "horizontal" } else { "vertical" }
            aria-valuenow=live(move || format!("{:.0}", size.get()))
            aria-valuemin=min.to_string()
            aria-valuemax=max.to_string()
            on:pointerdown=heard(move |event: web_sys::PointerEvent| {
                from.set_value(Some((along(&event), size.get_untracked())));
                if let Some(node) = node.get_untracked() {
                    // Without capture the drag only ends early.
                    let _ = node.set_pointer_capture(event.pointer_id());
                }
            })
            on:pointermove=heard(on_move)
            on:pointerup=heard(move |_| from.set_value(None))
            on:pointercancel=heard(move |_| from.set_value(None))
            on:dblclick=heard(move |_| change(initial))
            on:keydown=heard(on_key)
        ></div>
    }
}
