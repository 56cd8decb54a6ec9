//! Succeed: ends its scope with the data it is given.

use std::sync::Arc;

use serde_json::Value;

use crate::sim::dataflow::Flow;
use crate::sim::jsonata::Exit;
use crate::sim::states::{Leaving, Move};
use crate::sim::trace::StatesError;

pub(crate) fn begin(flow: &mut Flow, raw: &Arc<Value>) -> Result<Move, StatesError> {
    let effective = flow.input_path(raw)?;
    if flow.is_jsonata() {
        return flow.leave(&Exit::of_state(flow), raw, &flow.state.next);
    }
    let output = flow.output_path(&effective)?;
    Ok(Move::Leave(Leaving { output, assigned: None, by: flow.state.next.clone() }))
}
