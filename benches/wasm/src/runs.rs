//! Whole executions.

#[path = "../../items.rs"]
mod items;
#[path = "../../transitions.rs"]
mod transitions;

/// Computes so many runs with trace and history; gives their state transitions.
#[unsafe(no_mangle)]
pub extern "C" fn traced_transitions(n_runs: u32) -> u64 {
    let request = transitions::request();
    (0..n_runs).map(|_| if transitions::traced(&request) > 0 { transitions::N_TRANSITIONS } else { 0 }).sum()
}

/// Computes so many runs without a trace; gives their state transitions.
#[unsafe(no_mangle)]
pub extern "C" fn lean_transitions(n_runs: u32) -> u64 {
    let request = transitions::request();
    (0..n_runs).map(|_| if transitions::lean(&request) { transitions::N_TRANSITIONS } else { 0 }).sum()
}

/// Runs the inline Map over 10,000 items; gives the number of steps.
#[unsafe(no_mangle)]
pub extern "C" fn map_items() -> u32 {
    let mut run = stepglass::sim::Run::start(items::request("INLINE"));
    run.finish();
    u32::try_from(run.trace().len()).unwrap_or(u32::MAX)
}
