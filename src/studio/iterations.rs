//! What runs inside of others: the iterations of a Map, the branches of a Parallel, the child
//! executions of a distributed Map, and the executions that a call started.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::asl::StateKind;
use crate::sim::{Happening, Run, Step, VisitId};
use crate::studio::call_view::{IterationView, StartedView};
use crate::studio::command::Refusal;
use crate::studio::edit::refuse;
use crate::studio::facade::Studio;
use crate::studio::player::sentence;
use crate::studio::scenario::pretty;
use crate::studio::words::clock;

/// Steps of a started execution that are listed.
const MAX_LISTED: usize = 500;

/// For each visit of a Map or Parallel, the step with which each of what runs in it begins.
pub(crate) type Iterations = BTreeMap<VisitId, BTreeMap<usize, usize>>;

/// Looks through the whole trace.
pub(crate) fn iterations(steps: &[Arc<Step>]) -> Iterations {
    let mut found = Iterations::new();
    for (step_idx, step) in steps.iter().enumerate() {
        for outer in step.strand.iter() {
            found.entry(outer.visit).or_default().entry(outer.idx).or_insert(step_idx);
        }
    }
    found
}

impl Studio {
    fn iterations(&self) -> &Iterations {
        self.desk.derived.iterations.get_or_init(|| iterations(self.desk.steps()))
    }

    /// The Map or Parallel at the cursor: one that the step is about, else the innermost around it.
    fn outer_visit(&self) -> Option<(VisitId, Option<usize>)> {
        let step = self.desk.step()?;
        let own = step.visit.filter(|it| self.iterations().contains_key(it));
        own.map(|it| (it, None)).or_else(|| step.strand.last().map(|it| (it.visit, Some(it.idx))))
    }

    pub(crate) fn iteration(&self) -> Option<IterationView> {
        let (visit, idx) = self.outer_visit()?;
        let (step, job) = (self.desk.step()?, self.desk.job.as_ref()?);
        let begun = self.iterations().get(&visit)?;
        let outer = match idx {
            Some(_) => &step.strand.last()?.state,
            None => step.state.as_ref()?,
        };
        let first = begun.values().next().and_then(|it| self.desk.steps().get(*it));
        // An iteration inside of a child execution is none itself.
        let around = |it: &Arc<Step>| it.inside.as_ref().map(|it| it.arn.clone());
        let map_step = self.desk.steps().iter().find(|it| it.visit == Some(visit));
        let is_child = first.and_then(around) != map_step.and_then(around);
        let is_map = matches!(job.document.state(outer).map(|it| &it.kind), Some(StateKind::Map { .. }));
        Some(IterationView {
            title: outer.name(),
            word: match (is_child, is_map) {
                (true, _) => "Child",
                (false, true) => "Iteration",
                (false, false) => "Branch",
            },
            idx,
            n: begun.len(),
            name: match (&step.inside, idx) {
                (Some(inside), Some(_)) if is_child => inside.name.clone(),
                _ => String::new(),
            },
        })
    }

    /// The step with which what runs in the Map or Parallel at the cursor begins.
    pub(crate) fn step_of_iteration(&self, idx: usize) -> Result<usize, Refusal> {
        let Some((visit, _)) = self.outer_visit() else {
            return refuse("The cursor is at no Map or Parallel");
        };
        match self.iterations().get(&visit).and_then(|it| it.get(&idx)) {
            Some(step_idx) => Ok(*step_idx),
            None => refuse(format!("Number {} did not begin in this run", idx.saturating_add(1))),
        }
    }

    /// The execution that the call at the cursor started.
    pub(crate) fn started(&self) -> Option<Arc<StartedView>> {
        let run = self.desk.job.as_ref()?.run.child_at(self.desk.player.cursor)?;
        Some(Arc::new(started(run)))
    }
}

fn started(run: &Run) -> StartedView {
    let line = |it: &Arc<Step>| (clock(it.at_millis), sentence(it));
    let (status, end) = match run.outcome() {
        Some(Happening::ExecutionSucceeded { output }) => ("SUCCEEDED", pretty(output)),
        Some(Happening::ExecutionFailed { error }) => ("FAILED", format!("{}: {}", error.name, error.cause)),
        Some(Happening::ExecutionAborted { error }) => {
            ("ABORTED", format!("{}: {}", error.name, error.cause))
        }
        Some(Happening::ExecutionTimedOut) => ("TIMED_OUT", String::new()),
        _ => ("RUNNING", String::new()),
    };
    StartedView {
        machine: run.request().settings.machine_name.clone(),
        status,
        steps: run.trace().iter().take(MAX_LISTED).map(line).collect(),
        n_left_out: run.trace().len().saturating_sub(MAX_LISTED),
        end,
    }
}
