//! The player's heart: while it plays, time that passed is told to the studio.

use gloo::timers::callback::Interval;
use leptos::prelude::*;

use crate::app::parts::live::{effect, memo};
use crate::app::shell::Shell;
use crate::studio::Command;

const PERIOD_MILLIS: u32 = 50;

/// Ticks only while something plays.
pub fn run(shell: Shell) {
    let playing = memo(move || shell.player.get().playing);
    let interval = StoredValue::new_local(None::<Interval>);
    effect(move || {
        let ticking = playing.get().then(|| {
            Interval::new(PERIOD_MILLIS, move || {
                shell.dispatch(Command::Tick { elapsed_millis: u64::from(PERIOD_MILLIS) });
            })
        });
        interval.set_value(ticking);
    });
}
