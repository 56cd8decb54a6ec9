//! Play, step, step back, first, last, the step and its virtual time, the speed.

use leptos::prelude::*;

use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::parts::{ActionButton, Icon};
use crate::app::shell::Shell;
use crate::studio::{Command, PlayerCommand};

const SPEEDS: [f64; 5] = [0.5, 1.0, 2.0, 5.0, 20.0];

/// The row of buttons.
#[component]
pub fn Transport() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let player = shell.player;
    let playing = memo(move || player.with(|it| it.playing));
    let step = move || {
        player.with(|it| {
            if !it.run {
                return "Not run yet".to_string();
            }
            format!("Step {} of {}", it.step + 1, it.n_steps)
        })
    };
    let clock =
        move || player.with(|it| if it.run { format!("{} virtual", it.clock) } else { String::new() });
    view! {
        <div class="transport" role="group" aria-label="Player">
            <ActionButton id="first" icon="first" class="transport-button" />
            <ActionButton id="step-back" icon="step-back" class="transport-button" />
            <button
                type="button"
                class="primary transport-play"
                title="Play or pause (Space)"
                on:click=heard(move |_| {
                    let run = player.with_untracked(|it| it.run);
                    shell.dispatch(if run { Command::Player(PlayerCommand::TogglePlay) } else { Command::Run });
                })
            >
                {live(move || {
                    let (icon, words) = if playing.get() { ("pause", "Pause") } else { ("play", "Play") };
                    view! {
                        <Icon name=icon />
                        {words}
                    }
                })}
            </button>
            <ActionButton id="step" icon="step" class="transport-button" />
            <ActionButton id="last" icon="last" class="transport-button" />
        </div>
        <strong class="transport-step">{step}</strong>
        <span class="transport-clock mono">{clock}</span>
        <label class="transport-speed">
            <span class="visually-hidden">"Speed"</span>
            <select on:change=heard(move |event| {
                if let Ok(speed) = event_target_value(&event).parse() {
                    shell.dispatch(Command::Player(PlayerCommand::SetSpeed(speed)));
                }
            })>
                {SPEEDS
                    .into_iter()
                    .map(|speed| {
                        let chosen = move || player.with(|it| (it.speed - speed).abs() < 0.01);
                        view! { <option value=speed.to_string() selected=chosen>{format!("× {speed}")}</option> }
                    })
                    .collect_view()}
            </select>
        </label>
        <Stale />
        <Computing />
    }
}

/// Says that the definition changed since the run.
#[component]
fn Stale() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let stale = memo(move || shell.player.with(|it| it.stale));
    view! {
        <Shown when=live(move || stale.get())>
            <span class="stale" role="status">
                <span aria-hidden="true">"◌ "</span>
                "older than the definition"
            </span>
            <button
                type="button"
                class="button"
                title="Run again to here (Ctrl Enter)"
                on:click=heard(move |_| shell.dispatch(Command::RunAgainToHere))
            >
                "Run again to here"
            </button>
        </Shown>
    }
}

/// Says that a long run is still being computed, and stops it.
#[component]
fn Computing() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let n_steps = memo(move || shell.player.with(|it| it.computing));
    view! {
        <Shown when=live(move || n_steps.get().is_some())>
            <span class="stale" role="status">
                {live(move || format!("computing, {} steps so far", n_steps.get().unwrap_or_default()))}
            </span>
            <button type="button" class="button" on:click=heard(move |_| shell.dispatch(Command::StopComputing))>
                "Stop"
            </button>
        </Shown>
    }
}
