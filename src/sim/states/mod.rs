//! What each type of state does with its data: one file per type, one function to begin an
//! attempt, one to go on with what a call, a wait or inner strands gave. They decide, they do not
//! act: the engine logs events, sets timers and moves strands.

pub mod pass;
pub mod task;
pub mod choice;
pub mod wait;
pub mod succeed;
pub mod fail;
pub mod parallel;
pub mod map;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::sim::dataflow::Flow;
use crate::sim::jsonata::Exit;
use crate::sim::program::{Kind, Transition};
use crate::sim::snapshot::Snapshot;
use crate::sim::trace::{StageName, StatesError};
use crate::sim::{distributed, join};

/// What a state wants to happen.
pub(crate) enum Move {
    Leave(Leaving),
    Call(task::Request),
    Wait {
        until_millis: u64,
    },
    /// Run inner strands and join them.
    Branch(join::Plan),
    /// Run child executions and join them.
    RunMap(distributed::Plan),
    Fail(StatesError),
}

/// How a state is left in the ordinary way.
pub(crate) struct Leaving {
    pub output: Arc<Value>,
    pub assigned: Option<Arc<Map<String, Value>>>,
    pub by: Transition,
}

/// Begins an attempt on the raw input.
pub(crate) fn begin(flow: &mut Flow, now: &Snapshot) -> Result<Move, StatesError> {
    let state = flow.state;
    let raw = Arc::clone(&flow.raw);
    match &state.kind {
        Kind::Pass => pass::begin(flow, raw),
        Kind::Task(_) => task::begin(flow, &raw),
        Kind::Choice { rules, default } => choice::begin(flow, &raw, rules, default.as_ref()),
        Kind::Wait => wait::begin(flow, &raw, now),
        Kind::Succeed => succeed::begin(flow, &raw),
        Kind::Fail => fail::begin(flow, &raw),
        Kind::Parallel { branches } => parallel::begin(flow, &raw, branches),
        Kind::Map { processor } => map::begin(flow, &raw, *processor),
    }
}

/// Goes on after a wait: the data passes through.
pub(crate) fn resume(flow: &mut Flow) -> Result<Move, StatesError> {
    wait::resume(flow)
}

/// Goes on with the result of a call or of inner strands.
pub(crate) fn take_result(flow: &mut Flow, result: &Arc<Value>) -> Result<Move, StatesError> {
    let state = flow.state;
    if flow.is_jsonata() {
        flow.take_result(result)?;
        return flow.leave(&Exit::of_state(flow), result, &state.next);
    }
    if flow.is_kept {
        let effective = flow.after(StageName::AfterInputPath).unwrap_or_else(|| Arc::clone(&flow.raw));
        flow.record(StageName::Result, None, None, &effective, Ok(Arc::clone(result)))?;
    }
    let selected = flow.template(StageName::AfterResultSelector, "ResultSelector", result)?;
    let merged = flow.result_path("ResultPath", state.field("ResultPath"), &selected)?;
    // ASL: "Assign" of a Task, Map or Parallel sees the result, not what ResultSelector made of it.
    let assigned = flow.assign("Assign", state.field("Assign"), result)?;
    let output = flow.output_path(&merged)?;
    Ok(Move::Leave(Leaving { output, assigned, by: state.next.clone() }))
}
