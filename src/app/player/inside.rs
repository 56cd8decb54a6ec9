//! What runs inside of the state at the cursor: iterations, branches, child executions, and the
//! execution that a call started.

use leptos::prelude::*;

use crate::app::parts::IconButton;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::shell::Shell;
use crate::studio::Command;

/// “Child 3 of 40”, with ways to the others.
#[component]
pub fn Iteration() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = memo(move || shell.player.with(|it| it.iteration.clone()));
    let go = move |idx: usize| shell.dispatch(Command::GoToIteration { idx });
    let at = move || view.with(|it| it.as_ref().and_then(|it| it.idx));
    let is_first = Signal::derive(move || at().is_none_or(|it| it == 0));
    let is_last = Signal::derive(move || {
        view.with(|it| it.as_ref().is_none_or(|it| it.idx.is_some_and(|at| it.n <= at + 1)))
    });
    let word = move || view.with(|it| it.as_ref().map(|it| it.word).unwrap_or_default());
    view! {
        <Shown when=live(move || view.with(Option::is_some))>
            <div
                class="iteration"
                role="group"
                aria-label=live(move || view.with(|it| it.as_ref().map(|it| format!("Inside of {}", it.title))))
                title=live(move || view.with(|it| it.as_ref().map(|it| it.name.clone()).filter(|it| !it.is_empty())))
            >
                <IconButton
                    icon="step-back"
                    label=Signal::derive(move || format!("{} before", word()))
                    disabled=is_first
                    on_click=move || go(at().unwrap_or(1).saturating_sub(1))
                />
                <label>
                    <span>{word} " "</span>
                    <input
                        type="number"
                        min="1"
                        max=live(move || view.with(|it| it.as_ref().map(|it| it.n.to_string())))
                        prop:value=live(move || at().map(|it| (it + 1).to_string()).unwrap_or_default())
                        on:change=heard(move |event| {
                            if let Ok(number) = event_target_value(&event).parse::<usize>() {
                                go(number.saturating_sub(1));
                            }
                        })
                    />
                    <span>{live(move || view.with(|it| it.as_ref().map(|it| format!(" of {}", it.n))))}</span>
                </label>
                <IconButton
                    icon="step"
                    label=Signal::derive(move || format!("{} after", word()))
                    disabled=is_last
                    on_click=move || go(at().map_or(0, |it| it + 1))
                />
            </div>
        </Shown>
    }
}

/// The execution that the call at the cursor started, as a list of what happened in it.
#[component]
pub fn Started() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = memo(move || shell.player.with(|it| it.started.clone()));
    live(move || {
        view.get().map(|it| {
                let steps = it.steps.iter().cloned();
                view! {
                    <details class="started">
                        <summary>
                            "Execution of " <strong>{it.machine.clone()}</strong> ": " {it.status}
                        </summary>
                        <ol tabindex="0" aria-label=format!("Steps of {}", it.machine)>
                            {steps
                                .map(|(clock, words)| view! { <li><span class="mono">{clock}</span> " " {words}</li> })
                                .collect_view()}
                        </ol>
                        {(0 < it.n_left_out).then(|| format!("and {} further steps", it.n_left_out))}
                        {(!it.end.is_empty())
                            .then(|| view! { <pre class="lens-code" tabindex="0" aria-label="Its end">{it.end.clone()}</pre> })}
                    </details>
                }
            })
    })
}
