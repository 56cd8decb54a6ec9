//! Runs that are large: many items, long histories, and data that is nearly as large as AWS lets
//! it be. The loop rewrites small parts of 200 KiB of orders, by a Pass and by a Task.

use std::cell::LazyCell;
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};
use stepglass::sim::{Answer, MockRow, Mocks, Program, Run, RunRequest, Settings};

use crate::{items, millis, row};

/// AWS ends a history there.
const MAX_EVENTS: usize = 25_000;
/// Events of one round of the loop.
const EVENTS_A_ROUND: usize = 9;

/// All rows of this file.
pub fn rows() {
    for (name, mode) in [("map_10000", "INLINE"), ("map_10000_distributed", "DISTRIBUTED")] {
        row(name, "ms", || {
            let request = items::request(mode);
            millis(10, || run(&request))
        });
    }
    for n_events in [1_000, 5_000, MAX_EVENTS] {
        row(&format!("history_{n_events}_step"), "ns a step", || {
            let request = history_request(n_events);
            let n_steps = run(&request).trace().len();
            millis(5, || run(&request)) * 1_000_000.0 / n_steps as f64
        });
    }
    row("history_25000", "ms", || {
        let request = history_request(MAX_EVENTS);
        millis(5, || run(&request))
    });
    row("history_25000_peak", "MB", peak_of_history);
    let seeks = LazyCell::new(seeks_in_history);
    row("history_25000_seek", "ms, median", || seeks[seeks.len() / 2]);
    row("history_25000_seek_worst", "ms", || seeks[seeks.len() - 1]);
}

/// What a process of its own does for the row of this name, if there is one.
pub fn alone(name: &str) -> bool {
    if name != PEAK {
        return false;
    }
    let run = run(&history_request(MAX_EVENTS));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap_or("NaN");
    println!("{} {}", kib.trim().trim_end_matches("kB"), run.trace().len());
    true
}

/// The name of the process of its own.
const PEAK: &str = "--peak-of-history";

/// The most memory that a process holds which does nothing but this run.
fn peak_of_history() -> f64 {
    let me = std::env::current_exe().expect("this program has a path");
    let output = Command::new(me).arg(PEAK).output().expect("it can be started again");
    let text = String::from_utf8_lossy(&output.stdout);
    let kib: f64 = text.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or(f64::NAN);
    kib * 1_024.0 / 1_000_000.0
}

/// Going to 500 steps all over the run, not in order: the machine before the step and the step with
/// all its data, computed again. Each the least of three times, in milliseconds, sorted.
fn seeks_in_history() -> Vec<f64> {
    let run = run(&history_request(MAX_EVENTS));
    let n_steps = run.trace().len();
    let mut seeks: Vec<f64> = (0..500)
        .map(|idx| {
            let step_idx = n_steps - 1 - (idx * 7_919) % n_steps;
            millis(3, || run.step(step_idx))
        })
        .collect();
    seeks.sort_by(f64::total_cmp);
    seeks
}

fn run(request: &RunRequest) -> Run {
    let mut run = Run::start(request.clone());
    run.finish();
    run
}

/// The loop over large data, for so many events.
pub fn history_request(n_events: usize) -> RunRequest {
    let definition = json!({ "StartAt": "Count", "States": {
        "Count": {
            "Type": "Pass",
            "Parameters": { "n.$": "States.MathAdd($.count.n, 1)" },
            "ResultPath": "$.count",
            "Next": "More"
        },
        "More": {
            "Type": "Choice",
            "Choices": [{ "Variable": "$.count.n", "NumericLessThanPath": "$.limit", "Next": "Work" }],
            "Default": "Done"
        },
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
            "ResultPath": "$.work",
            "Next": "Count"
        },
        "Done": { "Type": "Succeed" }
    } });
    let order = |idx: usize| {
        json!({
            "id": format!("order-{idx:05}"), "customer": { "name": "Ada Lovelace", "since": 1815 },
            "lines": [{ "sku": "A-17", "n": 2, "price": 9.5 }, { "sku": "B-4", "n": 1, "price": 120 }],
            "paid": idx.is_multiple_of(2), "note": "Please ring twice"
        })
    };
    let orders: Vec<Value> = (0..200 * 1024 / order(0).to_string().len()).map(order).collect();
    // The loop over a whole history does not end by itself.
    let n_rounds = if n_events < MAX_EVENTS { n_events / EVENTS_A_ROUND } else { MAX_EVENTS };
    let input = json!({ "count": { "n": 0 }, "limit": n_rounds, "orders": orders });
    let row = MockRow::new(0, None, Answer::Return(Arc::new(json!({ "ok": true, "took": 12 }))));
    let mocks = Mocks { states: [("Work".to_string(), vec![row])].into_iter().collect(), ..Mocks::default() };
    request(&definition, input, mocks)
}

fn request(definition: &Value, input: Value, mocks: Mocks) -> RunRequest {
    RunRequest {
        program: Arc::new(Program::from_value(definition, 1)),
        input: Arc::new(input),
        mocks,
        start: None,
        seed: 1,
        settings: Settings::default(),
    }
}
