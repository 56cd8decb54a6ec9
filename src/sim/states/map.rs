//! Map: what it iterates over, how many at a time, and what one iteration is given. Child
//! executions of a distributed Map are another matter, see `sim/distributed`.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::sim::dataflow::Flow;
use crate::sim::distributed::{self, fields};
use crate::sim::join;
use crate::sim::program::{ScopeIdx, StateDef};
use crate::sim::snapshot::{Item, JoinSource};
use crate::sim::states::Move;
use crate::sim::trace::{StageName, StatesError};

/// How many iterations of an inline Map AWS runs at once when nothing else is said.
const INLINE_AT_ONCE: usize = 40;
/// How many child executions of a distributed Map AWS runs at once.
const DISTRIBUTED_AT_ONCE: usize = 10_000;
/// `$$.Map.Item.Source` of items that came with the input.
const STATE_DATA: &str = "STATE_DATA";

/// Fields that only a distributed Map can have.
const DISTRIBUTED_FIELDS: &[&str] = &["ItemReader", "ItemBatcher", "ResultWriter"];

pub(crate) fn begin(flow: &mut Flow, raw: &Arc<Value>, processor: ScopeIdx) -> Result<Move, StatesError> {
    let effective = flow.input_path(raw)?;
    if is_distributed(flow.state) {
        // AWS was recorded reading ItemsPath only where there is no reader.
        let items = match flow.state.field("ItemReader") {
            Some(_) => None,
            None => Some(items(flow, &effective, Some(STATE_DATA))?),
        };
        let n_at_once = at_once(flow, &effective, DISTRIBUTED_AT_ONCE)?;
        return Ok(Move::RunMap(distributed::Plan { processor, items, n_at_once, effective }));
    }
    if DISTRIBUTED_FIELDS.iter().any(|it| flow.state.field(it).is_some()) {
        let what = "The ItemReader, ItemBatcher and ResultWriter fields are not supported for INLINE maps";
        return Err(flow.runtime(what));
    }
    let items = items(flow, &effective, None)?;
    let n_at_once = at_once(flow, &effective, INLINE_AT_ONCE)?;
    let n_slots = items.len();
    let source = JoinSource::Items { processor, items: Arc::new(items) };
    Ok(Move::Branch(join::Plan { source, n_slots, n_at_once, effective }))
}

/// Whether iterations are executions of their own.
pub(crate) fn is_distributed(state: &StateDef) -> bool {
    fields::inner(state, "ProcessorConfig/Mode").and_then(Value::as_str) == Some("DISTRIBUTED")
}

/// The input of one iteration: the item, or what `ItemSelector` makes of it.
pub(crate) fn item_input(flow: &mut Flow, effective: &Value, item: &Item) -> Result<Arc<Value>, StatesError> {
    match flow.state.field(selector(flow.state)).cloned() {
        None => Ok(match &item.key {
            Some(key) => Arc::new(json!({ "Key": key, "Value": item.value.as_ref() })),
            None => Arc::clone(&item.value),
        }),
        Some(selector) => {
            flow.set_item(item);
            if flow.is_jsonata() {
                return flow.payload("ItemSelector", &selector).map(Arc::new);
            }
            flow.fill(&selector, effective).map(Arc::new)
        }
    }
}

/// `Parameters` is the older name of `ItemSelector`.
pub(crate) fn selector(state: &StateDef) -> &'static str {
    if state.field("ItemSelector").is_none() && state.field("Parameters").is_some() {
        return "Parameters";
    }
    "ItemSelector"
}

/// What a Map iterates over: `ItemsPath` on the effective input, or `Items`.
pub(crate) fn items(
    flow: &mut Flow,
    effective: &Arc<Value>,
    source: Option<&str>,
) -> Result<Vec<Arc<Item>>, StatesError> {
    if flow.is_jsonata() {
        let found = flow.items(effective)?;
        if let Value::Object(members) = found.as_ref() {
            let members = members.iter().map(|(key, value)| (Some(key.clone()), value.clone()));
            return Ok(numbered(members, source));
        }
        return Ok(numbered(found.as_array().into_iter().flatten().map(|it| (None, it.clone())), source));
    }
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
    let found = flow.record_field(StageName::AfterItemsPath, "ItemsPath", effective, found)?;
    Ok(numbered(found.as_array().into_iter().flatten().map(|it| (None, it.clone())), source))
}

/// Items in order, with the address they came from.
pub(crate) fn numbered(
    items: impl Iterator<Item = (Option<String>, Value)>,
    source: Option<&str>,
) -> Vec<Arc<Item>> {
    let source: Option<Arc<str>> = source.map(Arc::from);
    let items = items.enumerate().map(|(index, (key, value))| {
        Arc::new(Item { index, value: Arc::new(value), key, source: source.clone() })
    });
    items.collect()
}

fn at_once(flow: &mut Flow, effective: &Arc<Value>, most: usize) -> Result<usize, StatesError> {
    let stated = fields::whole_number(flow, "MaxConcurrency", effective)?;
    // ASL: 0, like no value, sets no limit.
    let stated = stated.filter(|it| 0 < *it).and_then(|it| usize::try_from(it).ok());
    Ok(stated.unwrap_or(most).min(most))
}
