//! Short messages, and the sentences for screen readers.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::app::parts::live::{effect, heard, live, view};
use crate::app::shell::Shell;

const SHOWN_MILLIS: u32 = 6_000;

/// The message that is shown, for six seconds or as long as the pointer rests on it.
#[component]
pub fn Toast() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let held = RwSignal::new(false);
    let gone = RwSignal::new(0_u64);
    effect(move || {
        let Some((number, _)) = shell.toast.get() else { return };
        if !held.get() {
            Timeout::new(SHOWN_MILLIS, move || {
                if !held.get_untracked() {
                    gone.set(number);
                }
            })
            .forget();
        }
    });
    let shown = move || shell.toast.get().filter(|(number, _)| gone.get() < *number);
    view! {
        <div class="toast-place">
            {live(move || {
                shown()
                    .map(|(number, sentence)| {
                        let offered = shell.offered.get().filter(|it| it.0 == number);
                        view! {
                            <div
                                class="toast"
                                on:pointerenter=heard(move |_| held.set(true))
                                on:pointerleave=heard(move |_| held.set(false))
                            >
                                <span>{sentence}</span>
                                {offered.map(|(_, verb, commands)| view! {
                                    <button
                                        type="button"
                                        class="button"
                                        on:click=heard(move |_| {
                                            gone.set(number);
                                            commands.iter().for_each(|it| shell.dispatch(it.clone()));
                                        })
                                    >
                                        {verb}
                                    </button>
                                })}
                                <button
                                    type="button"
                                    class="icon-button"
                                    aria-label="Close message"
                                    on:click=heard(move |_| gone.set(number))
                                >
                                    <crate::app::parts::Icon name="close" />
                                </button>
                            </div>
                        }
                    })
            })}
        </div>
    }
}

/// The live regions: one polite, one assertive.
#[component]
pub fn LiveRegion() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let sentence = move |urgent: bool| {
        let (number, sentence, is_urgent) = shell.announcement.get();
        // Equal sentences in a row must differ to be read again.
        let pad = if number % 2 == 0 { "" } else { "\u{a0}" };
        if urgent == is_urgent { format!("{sentence}{pad}") } else { String::new() }
    };
    view! {
        <div class="visually-hidden" aria-live="polite">{live(move || sentence(false))}</div>
        <div class="visually-hidden" aria-live="assertive">{live(move || sentence(true))}</div>
    }
}
