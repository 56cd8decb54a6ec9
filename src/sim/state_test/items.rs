//! What a Map would work on: its items after each of its fields, and the numbers that bound its
//! iterations. Nothing is iterated.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::json::read_json;
use crate::sim::dataflow::Flow;
use crate::sim::distributed::{Tolerance, batches, check_tolerance, exceeded, fields};
use crate::sim::state_test::request::StateTest;
use crate::sim::states::map;
use crate::sim::trace::{StageName, StatesError};

/// The data and numbers of a Map as far as they were found.
#[derive(Default)]
pub(super) struct Items {
    /// After `ItemsPath`.
    pub selected: Option<Arc<Value>>,
    /// After `ItemReader.ReaderConfig.ItemsPointer`.
    pub pointed: Option<Arc<Value>>,
    /// The inputs of the iterations, where `ItemSelector` makes them.
    pub inputs: Option<Arc<Value>>,
    /// The same in batches, where `ItemBatcher` makes some.
    pub batches: Option<Arc<Value>>,
    /// 0 for no limit.
    pub max_concurrency: Option<u64>,
    pub tolerance: Tolerance,
    n_items: usize,
}

pub(super) fn prepare(test: &StateTest, flow: &mut Flow) -> Result<Items, StatesError> {
    let mut found = Items::default();
    let effective = flow.input_path(&test.input)?;
    let items = match flow.state.field("ItemReader").cloned() {
        Some(reader) => {
            let items = read(test, flow, &reader, &mut found)?;
            map::numbered(items.into_iter().map(|it| (None, it)), None)
        }
        None => {
            let items = map::items(flow, &effective, None)?;
            found.selected = flow.after(StageName::AfterItemsPath);
            items
        }
    };
    found.n_items = items.len();
    let max_concurrency = fields::whole_number(flow, "MaxConcurrency", &effective)?;
    found.max_concurrency = Some(max_concurrency.and_then(|it| u64::try_from(it).ok()).unwrap_or(0));
    found.tolerance = check_tolerance(flow, &effective)?;
    let selects = flow.state.field(map::selector(flow.state)).is_some();
    let inputs: Result<Vec<Arc<Value>>, StatesError> =
        items.iter().map(|it| map::item_input(flow, &effective, it)).collect();
    let inputs = inputs?;
    if flow.state.field("ItemBatcher").is_some() {
        let batches = batches(flow, &effective, &inputs)?;
        found.batches = Some(list(batches.iter().map(|it| &it.input)));
    }
    found.inputs = selects.then(|| list(inputs.iter()));
    Ok(found)
}

fn list<'v>(values: impl Iterator<Item = &'v Arc<Value>>) -> Arc<Value> {
    Arc::new(Value::Array(values.map(|it| it.as_ref().clone()).collect()))
}

impl Items {
    /// The error of a Map in which more iterations failed than it tolerates. One that tolerates
    /// nothing expressly was recorded succeeding.
    pub fn exceeded(&self, test: &StateTest) -> Option<StatesError> {
        let n_failed = test.configuration.map_iteration_failure_count?;
        let is_stated = self.tolerance.count.is_some() || self.tolerance.percentage.is_some();
        let n_failed = usize::try_from(n_failed).unwrap_or(usize::MAX);
        (is_stated && self.tolerance.is_exceeded(n_failed, self.n_items)).then(exceeded)
    }
}

/// What `ItemReader` gives: the data of the request in place of the source.
fn read(test: &StateTest, flow: &Flow, reader: &Value, found: &mut Items) -> Result<Vec<Value>, StatesError> {
    let Some(data) = &test.configuration.map_item_reader_data else { return Ok(Vec::new()) };
    let failed = |cause: &str| StatesError {
        name: "States.ItemReaderFailed".to_string(),
        cause: flow.runtime(cause).cause,
    };
    let config = reader.get("ReaderConfig");
    let input_type = config.and_then(|it| it.get("InputType")).and_then(Value::as_str).unwrap_or("JSON");
    let items = match input_type {
        "JSONL" => {
            let lines = data.lines().filter(|it| !it.trim().is_empty());
            let items: Result<Vec<Value>, _> = lines.map(read_json).collect();
            items.map(Value::from).map_err(|_| failed("The data is not valid JSON Lines"))?
        }
        // Formats that are no JSON are shown as AWS shows them: as items, if they are written so.
        _ => read_json(data).unwrap_or_else(|_| json!([])),
    };
    let pointer = config.and_then(|it| it.get("ItemsPointer")).and_then(Value::as_str);
    let items = match pointer {
        Some(pointer) => {
            let items = items.pointer(pointer).cloned();
            let items = items.ok_or_else(|| failed("The ItemsPointer does not point to a value"))?;
            found.pointed = Some(Arc::new(items.clone()));
            items
        }
        None => items,
    };
    match items {
        Value::Array(items) => Ok(items),
        _ => Err(failed("Attempting to map over non-iterable node.")),
    }
}
