//! `ItemBatcher`: several items for each child execution.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::sim::dataflow::Flow;
use crate::sim::distributed::fields;
use crate::sim::limits::MAX_DATA_BYTES;
use crate::sim::snapshot::ChildInput;
use crate::sim::trace::StatesError;

/// Gathers the inputs of single items into batches, as full as the limits allow.
pub(crate) fn batches(
    flow: &mut Flow,
    effective: &Arc<Value>,
    items: &[Arc<Value>],
) -> Result<Vec<ChildInput>, StatesError> {
    let max_items = limit(flow, "ItemBatcher/MaxItemsPerBatch", effective)?.unwrap_or(usize::MAX);
    let max_bytes = limit(flow, "ItemBatcher/MaxInputBytesPerBatch", effective)?;
    let max_bytes = max_bytes.unwrap_or(MAX_DATA_BYTES).min(MAX_DATA_BYTES);
    let batch_input = fields::template(flow, &["ItemBatcher/BatchInput"], effective)?;
    let n_frame_bytes = n_bytes(&input(batch_input.as_ref(), &[]));
    let mut batches = Vec::new();
    let mut batch: Vec<Arc<Value>> = Vec::new();
    let mut n_batch_bytes = n_frame_bytes;
    for item in items {
        // One byte more for the comma before it.
        let n_item_bytes = n_bytes(item) + usize::from(!batch.is_empty());
        let is_full = max_items <= batch.len() || max_bytes < n_batch_bytes.saturating_add(n_item_bytes);
        // An item that is too large by itself still has to go somewhere.
        if is_full && !batch.is_empty() {
            batches.push(child_input(batch_input.as_ref(), &batch));
            batch.clear();
            n_batch_bytes = n_frame_bytes;
        }
        n_batch_bytes = n_batch_bytes.saturating_add(n_bytes(item) + usize::from(!batch.is_empty()));
        batch.push(Arc::clone(item));
    }
    if !batch.is_empty() {
        batches.push(child_input(batch_input.as_ref(), &batch));
    }
    Ok(batches)
}

fn child_input(batch_input: Option<&Value>, items: &[Arc<Value>]) -> ChildInput {
    ChildInput { input: Arc::new(input(batch_input, items)), item: None, n_items: items.len() }
}

/// What a child execution is given for a batch.
fn input(batch_input: Option<&Value>, items: &[Arc<Value>]) -> Value {
    let mut input = Map::new();
    if let Some(batch_input) = batch_input {
        input.insert("BatchInput".to_string(), batch_input.clone());
    }
    input.insert("Items".to_string(), items.iter().map(|it| it.as_ref().clone()).collect());
    Value::Object(input)
}

fn n_bytes(value: &Value) -> usize {
    value.to_string().len()
}

/// A limit of a batch; none for no limit.
fn limit(flow: &mut Flow, place: &str, effective: &Arc<Value>) -> Result<Option<usize>, StatesError> {
    match fields::whole_number(flow, place, effective)? {
        None | Some(0) => Ok(None),
        Some(number) => match usize::try_from(number) {
            Ok(number) => Ok(Some(number)),
            Err(_) => {
                let name = place.rsplit('/').next().unwrap_or(place);
                Err(flow.runtime(format!("{name} cannot be negative.")))
            }
        },
    }
}
