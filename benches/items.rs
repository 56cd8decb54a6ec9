//! A Map over many items with one Pass for each, natively and in Wasm.

use std::sync::Arc;

use serde_json::{Value, json};
use stepglass::sim::{Mocks, Program, RunRequest, Settings};

const N_ITEMS: usize = 10_000;

/// A Map over all items, `INLINE` or `DISTRIBUTED`. Four events an item: those of 10,000 inline ones
/// do not fit into a history, so that run ends as in AWS, with event 25,000.
pub fn request(mode: &str) -> RunRequest {
    let definition = json!({ "StartAt": "Each", "States": { "Each": {
        "Type": "Map",
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": mode, "ExecutionType": "STANDARD" },
            "StartAt": "Item",
            "States": { "Item": { "Type": "Pass", "End": true } }
        },
        "End": true
    } } });
    let items: Vec<Value> = (0..N_ITEMS).map(|n| json!({ "n": n, "name": format!("Item {n}") })).collect();
    RunRequest {
        program: Arc::new(Program::from_value(&definition, 1)),
        input: Arc::new(Value::from(items)),
        mocks: Mocks::default(),
        start: None,
        seed: 1,
        settings: Settings::default(),
    }
}
