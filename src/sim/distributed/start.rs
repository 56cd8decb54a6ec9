//! A Map run begins: its events, its items, and the question for an object that nobody has given.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::random::uuid_v4;
use crate::sim::dataflow::Flow;
use crate::sim::distributed::reader::{self, Missing, Reading};
use crate::sim::distributed::tolerance::{self, Tolerance};
use crate::sim::distributed::{batch, end, fields};
use crate::sim::engine::{self, keep};
use crate::sim::join;
use crate::sim::mocks::Answer;
use crate::sim::program::{ScopeIdx, StateDef};
use crate::sim::slots::Slots;
use crate::sim::snapshot::{Action, Calling, ChildInput, Item, Join, JoinSource, Phase, Strand};
use crate::sim::states::map;
use crate::sim::trace::{Happening, StageName, StatesError, Step};
use crate::sim::turn::{Turn, plain};
use crate::sim::{calls, objects};

/// What a distributed Map wants to run.
pub(crate) struct Plan {
    pub processor: ScopeIdx,
    /// None where an `ItemReader` has them.
    pub items: Option<Vec<Arc<Item>>>,
    pub n_at_once: usize,
    /// The input of the Map after `InputPath`.
    pub effective: Arc<Value>,
}

/// What holds for all child executions of one attempt of a Map.
#[derive(Debug, PartialEq)]
pub(crate) struct MapRun {
    pub arn: String,
    /// The last part of the ARN, under which results are written.
    pub id: String,
    /// The name of the state machine as child executions see it.
    pub machine: String,
    pub is_express: bool,
    pub started_event: u64,
    pub tolerance: Tolerance,
    pub n_at_once: usize,
    pub processor: ScopeIdx,
    pub effective: Arc<Value>,
}

/// Begins the run of a distributed Map.
pub(crate) fn start(turn: &mut Turn, mut strand: Strand, mut flow: Flow, plan: Plan) -> Step {
    // AWS does not know the number of items yet when a reader will find them.
    let length = plan.items.as_ref().map_or(0, Vec::len);
    let details = vec![("length", plain(length))];
    strand.last_event =
        turn.emit(strand.last_event, "MapStateStarted", "mapStateStartedEventDetails", details);
    let tolerance = match tolerance::check(&mut flow, &plan.effective) {
        Ok(tolerance) => tolerance,
        Err(error) => return engine::settle(turn, strand, flow, Err(error)),
    };
    let mut run = new_run(turn, &mut flow, &plan, tolerance);
    let details = vec![("mapRunArn", plain(run.arn.as_str()))];
    run.started_event = turn.emit(strand.last_event, "MapRunStarted", "mapRunStartedEventDetails", details);
    strand.last_event = run.started_event;
    strand.map_run = Some(Arc::new(run));
    match plan.items {
        Some(items) => spawn(turn, strand, flow, &items),
        None => read(turn, strand, flow),
    }
}

/// The answer to a question for an object is here.
pub(crate) fn read_answer(turn: &mut Turn, mut strand: Strand, state: &StateDef, calling: Calling) -> Step {
    let flow = Flow::new(state, &mut strand, turn.now);
    match calling.answer {
        Some(Answer::Return(content)) => {
            let address = Missing::from_parameters(&calling.parameters).address();
            Arc::make_mut(&mut turn.now.written).put(address, content);
            read(turn, strand, flow)
        }
        Some(Answer::Throw(error)) => end::fail(turn, strand, flow, error),
        _ => {
            let error = StatesError { name: "States.Timeout".to_string(), cause: String::new() };
            end::fail(turn, strand, flow, error)
        }
    }
}

fn new_run(turn: &Turn, flow: &mut Flow, plan: &Plan, tolerance: Tolerance) -> MapRun {
    let settings = &turn.now.execution.settings;
    let id = uuid_v4(&mut flow.random);
    // Without a Label AWS makes up one of its own.
    let label = fields::text(flow.state, "Label").map(str::to_string);
    let label = label.unwrap_or_else(|| uuid_v4(&mut flow.random));
    let machine = format!("{}/{label}", settings.machine_name);
    MapRun {
        arn: format!("arn:aws:states:{}:{}:mapRun:{machine}:{id}", settings.region, settings.account),
        id,
        machine,
        is_express: fields::text(flow.state, "ProcessorConfig/ExecutionType") == Some("EXPRESS"),
        started_event: 0,
        tolerance,
        n_at_once: plan.n_at_once,
        processor: plan.processor,
        effective: Arc::clone(&plan.effective),
    }
}

/// Reads the items, asks for an object that is not there, or fails.
fn read(turn: &mut Turn, strand: Strand, mut flow: Flow) -> Step {
    let Some(run) = strand.map_run.clone() else {
        debug_assert!(false, "a Map reads within its run");
        return end::fail(turn, strand, flow, StatesError::default());
    };
    let written = Arc::clone(&turn.now.written);
    let modified_millis = turn.now.execution.settings.start_millis;
    let store = reader::Store { written: &written, given: &turn.mocks.objects, modified_millis };
    match reader::read(&mut flow, &run.effective, &store) {
        Ok(Reading::Items(items)) => spawn(turn, strand, flow, &items),
        Ok(Reading::Missing(missing)) => ask(turn, strand, flow, &missing),
        Err(error) => end::fail(turn, strand, flow, error),
    }
}

/// Sends the question for an object out, as a call of the Map.
fn ask(turn: &mut Turn, mut strand: Strand, flow: Flow, missing: &Missing) -> Step {
    let state = flow.state;
    keep(turn, &mut strand, flow);
    calls::ask(turn, strand, state, Arc::new(missing.parameters()))
}

/// Makes the inputs of the child executions and lets the first one start.
fn spawn(turn: &mut Turn, mut strand: Strand, mut flow: Flow, items: &[Arc<Item>]) -> Step {
    let Some(run) = strand.map_run.clone() else {
        debug_assert!(false, "child executions start within a run");
        return end::fail(turn, strand, flow, StatesError::default());
    };
    let inputs = match inputs(&mut flow, &run.effective, items) {
        Ok(inputs) => inputs,
        Err(error) => return end::fail(turn, strand, flow, error),
    };
    keep(turn, &mut strand, flow);
    let n_slots = inputs.len();
    let next = if n_slots == 0 { Action::Complete(strand.id) } else { Action::StartChild(strand.id) };
    turn.now.ready.push_back(next);
    strand.phase = Phase::Joining(Box::new(Join {
        source: JoinSource::Children {
            processor: run.processor,
            inputs: Arc::new(inputs),
            n_items: items.len(),
        },
        slots: Slots::new(n_slots),
        n_done: 0,
        n_failed_items: 0,
        next_slot: 0,
        effective: Arc::clone(&run.effective),
    }));
    let subject = turn.subject(&strand);
    turn.now.put(strand);
    turn.step(subject, Happening::Running)
}

/// What `ItemSelector` and `ItemBatcher` make of the items.
fn inputs(
    flow: &mut Flow,
    effective: &Arc<Value>,
    items: &[Arc<Item>],
) -> Result<Vec<ChildInput>, StatesError> {
    let field = map::selector(flow.state);
    let selected: Result<Vec<Arc<Value>>, StatesError> =
        items.iter().map(|it| map::item_input(flow, effective, it)).collect();
    let shown = selected.as_ref().map(|it| join::shown(it)).map_err(Clone::clone);
    flow.record_field(StageName::AfterItemSelector, field, effective, shown)?;
    let selected = selected?;
    if flow.state.field("ItemBatcher").is_none() {
        let inputs = selected.into_iter().zip(items).map(|(input, item)| ChildInput {
            input,
            item: Some(Arc::clone(item)),
            n_items: 1,
        });
        return Ok(inputs.collect());
    }
    let batches = batch::batches(flow, effective, &selected);
    let shown = batches.as_ref().map_err(Clone::clone).map(|it| {
        let inputs: Vec<Arc<Value>> = it.iter().map(|it| Arc::clone(&it.input)).collect();
        join::shown(&inputs)
    });
    flow.record_field(StageName::AfterItemBatcher, "ItemBatcher", effective, shown)?;
    batches
}

impl Missing {
    /// The place among the written objects where an answer is kept.
    fn address(&self) -> String {
        match self {
            Missing::Object { bucket, key } => objects::address(bucket, key),
            Missing::Listing { bucket, prefix } => reader::listing_address(bucket, prefix),
        }
    }
}
