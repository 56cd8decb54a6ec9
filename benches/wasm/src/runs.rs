//! Whole executions, and the editing of large workflows.

use std::cell::RefCell;

#[path = "../../editing.rs"]
mod editing;
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

thread_local! {
    static DESK: RefCell<Option<editing::Desk>> = const { RefCell::new(None) };
}

/// Works on the workflow that was opened last; gives more than nothing when it did.
fn at_desk(work: impl FnOnce(&mut editing::Desk) -> usize) -> u32 {
    DESK.with_borrow_mut(|it| it.as_mut().map_or(0, |it| work(it).max(1) as u32))
}

/// Opens a workflow of about so many states, or for a negative number of about so many bytes; gives
/// its size in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn open_desk(size: i32) -> u32 {
    let n = size.unsigned_abs() as usize;
    let desk = if size < 0 { editing::Desk::of_bytes(n) } else { editing::Desk::new(n) };
    DESK.set(Some(desk));
    at_desk(|it| it.n_bytes())
}

/// One character typed, up to all new views.
#[unsafe(no_mangle)]
pub extern "C" fn keystroke() -> u32 {
    at_desk(|it| it.keystroke())
}

/// A field inserted, up to all new views.
#[unsafe(no_mangle)]
pub extern "C" fn field() -> u32 {
    at_desk(|it| it.field())
}

/// A character that leaves the text unfinished, up to all new views.
#[unsafe(no_mangle)]
pub extern "C" fn unfinished() -> u32 {
    at_desk(|it| it.unfinished())
}

/// One of the stages of reading a text alone: parse, lower, validate, graph, layout.
#[unsafe(no_mangle)]
pub extern "C" fn stage(idx: u32) -> u32 {
    at_desk(|it| it.stage(idx as usize))
}

/// A state dropped on a connection, up to all new views.
#[unsafe(no_mangle)]
pub extern "C" fn drop_on_edge() -> u32 {
    at_desk(|it| it.drop_on_edge())
}

/// Takes the drop back.
#[unsafe(no_mangle)]
pub extern "C" fn undo() -> u32 {
    at_desk(|it| {
        it.undo();
        1
    })
}

/// Lays the text out.
#[unsafe(no_mangle)]
pub extern "C" fn format() -> u32 {
    at_desk(|it| it.format())
}
