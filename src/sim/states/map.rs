//! Map: runs its body once per item of an array, some at a time.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::json_text;
use crate::sim::dataflow::Flow;
use crate::sim::program::ScopeIdx;
use crate::sim::snapshot::{Item, JoinSource};
use crate::sim::states::Move;
use crate::sim::trace::{StageName, StatesError};

/// How many iterations of an inline Map AWS runs at once when nothing else is said.
const DEFAULT_AT_ONCE: usize = 40;

pub(crate) fn begin(flow: &mut Flow, raw: &Arc<Value>, processor: ScopeIdx) -> Result<Move, StatesError> {
    let effective = flow.input_path(raw)?;
    let items = items(flow, &effective)?;
    let n_at_once = at_once(flow, &effective)?;
    let n_slots = items.as_array().map_or(0, Vec::len);
    Ok(Move::Branch { source: JoinSource::Items { processor, items }, n_slots, n_at_once, effective })
}

/// The input of one iteration: the item, or what `ItemSelector` makes of it.
pub(crate) fn item_input(flow: &mut Flow, effective: &Value, item: &Item) -> Result<Arc<Value>, StatesError> {
    let state = flow.state;
    // `Parameters` is the older name of `ItemSelector`.
    let selector = state.field("ItemSelector").or_else(|| state.field("Parameters"));
    match selector.cloned() {
        None => Ok(Arc::new(item.value.clone())),
        Some(selector) => {
            flow.set_item(item);
            flow.fill(&selector, effective).map(Arc::new)
        }
    }
}

/// The array of items: `ItemsPath` on the effective input.
pub(crate) fn items(flow: &mut Flow, effective: &Arc<Value>) -> Result<Arc<Value>, StatesError> {
    let path = flow.state.field("ItemsPath").cloned();
    let path = path.as_deref().and_then(Value::as_str).unwrap_or("$");
    let found = match path {
        "$" => Ok(Arc::clone(effective)),
        path => flow.query("ItemsPath", path, effective).map(Arc::new),
    };
    let found = found.and_then(|it| match it.is_array() {
        true => Ok(it),
        // AWS writes a path into the context object with one dollar sign here.
        false => {
            let path = path.replacen("$$", "$", 1);
            Err(flow.runtime(format!("Reference path \"{path}\" must point to array.")))
        }
    });
    flow.record_field(StageName::AfterItemsPath, "ItemsPath", effective, found)
}

fn at_once(flow: &Flow, effective: &Value) -> Result<usize, StatesError> {
    let stated = match flow.state.field("MaxConcurrencyPath").and_then(|it| it.as_str()) {
        None => flow.state.field("MaxConcurrency").and_then(|it| it.as_u64()),
        Some(path) => {
            let value = flow.query("MaxConcurrencyPath", path, effective)?;
            // AWS was recorded taking a text that spells a number.
            let number = value.as_u64().or_else(|| value.as_str().and_then(|it| it.parse().ok()));
            if number.is_none() {
                let text = value.as_str().map_or_else(|| json_text(&value), str::to_string);
                let what = format!("refers to value \"{text}\" which is not a valid integer: {path}");
                return Err(flow.runtime(format!("The MaxConcurrencyPath field {what}")));
            }
            number
        }
    };
    // ASL: 0, like no value, sets no limit.
    let stated = stated.filter(|it| 0 < *it).and_then(|it| usize::try_from(it).ok());
    Ok(stated.unwrap_or(DEFAULT_AT_ONCE).min(DEFAULT_AT_ONCE))
}
