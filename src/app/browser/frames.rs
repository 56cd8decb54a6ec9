//! Later: the next frame, or after a while.

use leptos::prelude::request_animation_frame;

/// Calls back after the page was painted, so that long work never freezes it.
pub fn next(callback: impl FnOnce() + 'static) {
    request_animation_frame(move || {
        gloo::timers::callback::Timeout::new(0, callback).forget();
    });
}
