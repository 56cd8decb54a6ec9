//! A field over the node for its new name. Enter renames everywhere, Escape leaves it; why a
//! name cannot be taken is said below the field while it is typed.

use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::app::canvas::Canvas;
use crate::app::parts::live::{heard, live, view};
use crate::asl::StatePath;
use crate::studio::Command;

/// Shown while a state is being renamed, in canvas coordinates.
#[component]
pub fn Rename() -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    live(move || {
        let state = canvas.renaming.get()?;
        let node = canvas.scene.with_untracked(|scene| scene.node_of_state(&state).cloned())?;
        let height = node.rect.h.min(40.0);
        let top = if node.frame { node.rect.y } else { node.rect.y + (node.rect.h - height) / 2.0 };
        Some(view! {
            <Field state=state x=node.rect.x y=top width=node.rect.w.clamp(160.0, 320.0) />
        })
    })
}

#[component]
fn Field(state: StatePath, x: f64, y: f64, width: f64) -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let input = NodeRef::<Input>::new();
    let old = state.name();
    let name = RwSignal::new(old.clone());
    let refusal = Memo::new({
        let (state, old) = (state.clone(), old.clone());
        move |_| {
            let name = name.get();
            if name == old {
                return None;
            }
            canvas.shell.can(&Command::Rename { state: state.clone(), name }).err().map(|it| it.0)
        }
    });
    input.on_load(|input| {
        // Both can only fail for an input that has gone.
        let _ = input.focus();
        input.select();
    });
    let close = move || {
        canvas.renaming.set(None);
        canvas.focus_tree();
    };
    let commit = {
        let (state, old) = (state.clone(), old.clone());
        move || {
            // The blur of a field that is taken away comes after its signals.
            let Some((name, refusal)) = name.try_get_untracked().zip(refusal.try_get_untracked()) else {
                return;
            };
            if name == old {
                close();
            } else if refusal.is_none() {
                close();
                canvas.shell.dispatch(Command::Rename { state: state.clone(), name });
            }
        }
    };
    let on_blur = {
        let commit = commit.clone();
        move |_| {
            // Leaving the field takes a good name and drops a bad one.
            if canvas.renaming.get_untracked().is_some() {
                commit();
                if canvas.renaming.get_untracked().is_some() {
                    canvas.renaming.set(None);
                }
            }
        }
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            commit();
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            close();
        }
        _ => {}
    };
    view! {
        <div
            class="canvas-rename"
            style:transform=format!("translate({x:.1}px, {y:.1}px)")
            style:width=format!("{width:.0}px")
        >
            <input
                node_ref=input
                aria-label=format!("New name of {old}")
                aria-invalid=live(move || refusal.with(Option::is_some).to_string())
                aria-describedby="canvas-rename-refusal"
                spellcheck="false"
                autocomplete="off"
                prop:value=old.clone()
                on:input=heard(move |event| name.set(event_target_value(&event)))
                on:keydown=heard(on_key)
                on:blur=heard(on_blur)
                on:pointerdown=|event| event.stop_propagation()
                on:dblclick=|event| event.stop_propagation()
            />
            <p id="canvas-rename-refusal" role="status">{live(move || refusal.get())}</p>
        </div>
    }
}
