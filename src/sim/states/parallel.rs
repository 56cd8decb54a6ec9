//! Parallel: gives every branch the same data and gathers their outputs in order.

use std::sync::Arc;

use serde_json::Value;

use crate::sim::dataflow::Flow;
use crate::sim::join::Plan;
use crate::sim::program::ScopeIdx;
use crate::sim::snapshot::JoinSource;
use crate::sim::states::Move;
use crate::sim::trace::{StageName, StatesError};

pub(crate) fn begin(flow: &mut Flow, raw: &Arc<Value>, branches: &[ScopeIdx]) -> Result<Move, StatesError> {
    let effective = flow.input_path(raw)?;
    let parameters = match flow.is_jsonata() {
        true => flow.arguments(&effective)?,
        false => flow.template(StageName::AfterParameters, "Parameters", &effective)?,
    };
    Ok(Move::Branch(Plan {
        source: JoinSource::Branches(branches.to_vec()),
        n_slots: branches.len(),
        n_at_once: branches.len(),
        effective: parameters,
    }))
}
