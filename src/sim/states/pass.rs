//! Pass: makes data and moves it about.

use std::sync::Arc;

use serde_json::Value;

use crate::sim::dataflow::Flow;
use crate::sim::jsonata::Exit;
use crate::sim::states::{Leaving, Move};
use crate::sim::trace::{StageName, StatesError};

pub(crate) fn begin(flow: &mut Flow, raw: Arc<Value>) -> Result<Move, StatesError> {
    let state = flow.state;
    let effective = flow.input_path(&raw)?;
    if flow.is_jsonata() {
        return flow.leave(&Exit::of_state(flow), &raw, &state.next);
    }
    let parameters = flow.template(StageName::AfterParameters, "Parameters", &effective)?;
    let result = match state.field("Result") {
        // ASL: "Result" is taken as it is written, whatever its keys end in.
        Some(result) => {
            flow.record_field(StageName::Result, "Result", &parameters, Ok(Arc::clone(result)))?
        }
        None => parameters,
    };
    // The input may become the output itself, if nobody else has it.
    drop((raw, effective));
    let merged = flow.result_path("ResultPath", state.field("ResultPath"), &result)?;
    let assigned = flow.assign("Assign", state.field("Assign"), &result)?;
    let output = flow.output_path(&merged)?;
    Ok(Move::Leave(Leaving { output, assigned, by: state.next.clone() }))
}
