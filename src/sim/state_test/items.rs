//! What a Map would work on: its items after each of its fields, and the numbers that bound its
//! iterations. Nothing is iterated.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::sim::dataflow::Flow;
use crate::sim::snapshot::Item;
use crate::sim::state_test::request::StateTest;
use crate::sim::states::map;
use crate::sim::trace::StatesError;

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
    pub tolerated_count: Option<u64>,
    /// Of 100.
    pub tolerated_percentage: Option<f64>,
    n_items: usize,
}

pub(super) fn prepare(test: &StateTest, flow: &mut Flow) -> Result<Items, StatesError> {
    let mut found = Items::default();
    let effective = flow.input_path(&test.input)?;
    let items = match flow.state.field("ItemReader").cloned() {
        Some(reader) => {
            let items = read(test, flow, &reader, &mut found)?;
            Arc::new(items)
        }
        None => {
            let items = map::items(flow, &effective)?;
            found.selected = Some(Arc::clone(&items));
            items
        }
    };
    found.n_items = items.as_array().map_or(0, Vec::len);
    if let Some(number) = number(flow, "MaxConcurrency", &effective)? {
        found.max_concurrency = number.as_u64();
    }
    found.max_concurrency = Some(found.max_concurrency.unwrap_or(0));
    found.tolerated_count = number(flow, "ToleratedFailureCount", &effective)?.and_then(|it| it.as_u64());
    found.tolerated_percentage =
        number(flow, "ToleratedFailurePercentage", &effective)?.and_then(|it| it.as_f64());
    let inputs = inputs(flow, &effective, &items)?;
    found.batches = batches(flow, &effective, inputs.as_ref().unwrap_or(&items))?;
    found.inputs = inputs;
    Ok(found)
}

impl Items {
    /// The error of a Map in which more iterations failed than it tolerates. One that tolerates
    /// nothing expressly was recorded succeeding.
    pub fn exceeded(&self, test: &StateTest) -> Option<StatesError> {
        let n_failed = test.configuration.map_iteration_failure_count?;
        let too_many = self.tolerated_count.is_some_and(|it| it < n_failed);
        let percentage = n_failed as f64 * 100.0 / self.n_items.max(1) as f64;
        let too_large = self.tolerated_percentage.is_some_and(|it| it < percentage);
        (too_many || too_large).then(|| StatesError {
            name: "States.ExceedToleratedFailureThreshold".to_string(),
            cause: "The specified tolerated failure threshold was exceeded".to_string(),
        })
    }
}

/// What `ItemReader` gives: the data of the request in place of the source.
fn read(test: &StateTest, flow: &Flow, reader: &Value, found: &mut Items) -> Result<Value, StatesError> {
    let Some(data) = &test.configuration.map_item_reader_data else { return Ok(json!([])) };
    let failed = |cause: &str| StatesError {
        name: "States.ItemReaderFailed".to_string(),
        cause: flow.runtime(cause).cause,
    };
    let config = reader.get("ReaderConfig");
    let input_type = config.and_then(|it| it.get("InputType")).and_then(Value::as_str).unwrap_or("JSON");
    let items = match input_type {
        "JSONL" => {
            let lines = data.lines().filter(|it| !it.trim().is_empty());
            let items: Result<Vec<Value>, _> = lines.map(serde_json::from_str).collect();
            items.map(Value::from).map_err(|_| failed("The data is not valid JSON Lines"))?
        }
        // Formats that are no JSON are shown as AWS shows them: as items, if they are written so.
        _ => serde_json::from_str(data).unwrap_or_else(|_| json!([])),
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
    match items.is_array() {
        true => Ok(items),
        false => Err(failed("Attempting to map over non-iterable node.")),
    }
}

/// A number that stands in a field, or where the field with `Path` at its end points to.
fn number(flow: &Flow, field: &str, effective: &Value) -> Result<Option<Value>, StatesError> {
    let path_field = format!("{field}Path");
    let Some(path) = flow.state.field(&path_field).and_then(|it| it.as_str()) else {
        return Ok(flow.state.field(field).map(|it| it.as_ref().clone()));
    };
    let value = flow.query(&path_field, path, effective)?;
    let number = match &value {
        // AWS was recorded taking a text that spells a number.
        Value::String(text) => serde_json::from_str::<serde_json::Number>(text).ok().map(Value::Number),
        Value::Number(_) => Some(value.clone()),
        _ => None,
    };
    match number {
        Some(number) => Ok(Some(number)),
        None => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
            let what = format!("refers to value \"{text}\" which is not a valid integer: {path}");
            Err(flow.runtime(format!("The {path_field} field {what}")))
        }
    }
}

fn inputs(
    flow: &mut Flow,
    effective: &Arc<Value>,
    items: &Arc<Value>,
) -> Result<Option<Arc<Value>>, StatesError> {
    let selects = flow.state.field("ItemSelector").or_else(|| flow.state.field("Parameters")).is_some();
    if !selects {
        return Ok(None);
    }
    let mut inputs = Vec::new();
    for (index, value) in items.as_array().into_iter().flatten().enumerate() {
        let item = Item { index, value: value.clone() };
        inputs.push(map::item_input(flow, effective, &item)?.as_ref().clone());
    }
    Ok(Some(Arc::new(Value::from(inputs))))
}

fn batches(
    flow: &mut Flow,
    effective: &Arc<Value>,
    inputs: &Value,
) -> Result<Option<Arc<Value>>, StatesError> {
    let Some(batcher) = flow.state.field("ItemBatcher").cloned() else { return Ok(None) };
    let common = match batcher.get("BatchInput") {
        Some(template) => Some(flow.fill(template, effective)?),
        None => None,
    };
    let limit = |flow: &Flow, name: &str| -> Result<Option<u64>, StatesError> {
        let path_name = format!("{name}Path");
        match batcher.get(&path_name).and_then(Value::as_str) {
            Some(path) => Ok(flow.query(&path_name, path, effective)?.as_u64()),
            None => Ok(batcher.get(name).and_then(Value::as_u64)),
        }
    };
    let max_items = limit(flow, "MaxItemsPerBatch")?.filter(|it| 0 < *it).unwrap_or(u64::MAX);
    let max_bytes = limit(flow, "MaxInputBytesPerBatch")?.filter(|it| 0 < *it).unwrap_or(u64::MAX);
    let size = |items: &[Value]| batch(common.as_ref(), items).to_string().len() as u64;
    let mut batches: Vec<Vec<Value>> = Vec::new();
    let mut n_bytes = 0;
    for item in inputs.as_array().into_iter().flatten() {
        // One more comma and the item; a batch has at least one item, however large.
        let item_bytes = item.to_string().len() as u64 + 1;
        match batches.last_mut() {
            Some(last) if (last.len() as u64) < max_items && n_bytes + item_bytes <= max_bytes => {
                last.push(item.clone());
                n_bytes += item_bytes;
            }
            _ => {
                n_bytes = size(std::slice::from_ref(item));
                batches.push(vec![item.clone()]);
            }
        }
    }
    let batches: Vec<Value> = batches.iter().map(|it| batch(common.as_ref(), it)).collect();
    Ok(Some(Arc::new(Value::from(batches))))
}

fn batch(common: Option<&Value>, items: &[Value]) -> Value {
    let mut members = Map::new();
    if let Some(common) = common {
        members.insert("BatchInput".to_string(), common.clone());
    }
    members.insert("Items".to_string(), Value::from(items.to_vec()));
    Value::Object(members)
}
