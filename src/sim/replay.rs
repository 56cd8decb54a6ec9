//! Variants of a run: another answer to one of its calls, and the same decisions on an edited
//! program or other mocks.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::asl::StatePath;
use crate::sim::mocks::{Answer, Call};
use crate::sim::pending::{CallId, Deed};
use crate::sim::program::Program;
use crate::sim::request::RunRequest;
use crate::sim::run::{Decision, Question, Run, RunStatus};
use crate::sim::trace::{Happening, Step, VisitId};
use crate::text::InOrder;

/// A decision of an earlier run, to be made again.
struct Earlier {
    /// The call it was about; nothing for one about the execution.
    call: Option<Question>,
    /// Further calls inside, and what was done.
    decision: Decision,
    /// It was made when the call went out, so it may stand in for a mock.
    is_immediate: bool,
}

impl Run {
    /// Another run that is equal up to the call of the step with this index and answers that call
    /// differently. `None` where the step belongs to no call.
    pub fn fork(&self, step_idx: usize, answer: Answer) -> Option<Run> {
        let call_idx = self.call_step(step_idx)?;
        let visit = self.steps.get(call_idx)?.visit?;
        // The call was answered by the user, or by a mock when it went out.
        let next_call = self.calls.get(&(visit, self.steps.get(call_idx)?.attempt.saturating_add(1)));
        let answered = self.decisions.iter().position(|it| {
            matches!(it.deed, Deed::Answer { .. })
                && it.call.0 == [visit]
                && call_idx <= it.step_idx
                && next_call.is_none_or(|next| it.step_idx < *next)
        });
        let fork_idx = answered.and_then(|it| self.decisions.get(it)).map_or(call_idx, |it| it.step_idx);
        // What was decided about other calls in the same moment stays.
        let stays = |idx: usize, it: &Decision| {
            it.step_idx < fork_idx
                || (it.step_idx == fork_idx
                    && (answered.is_some_and(|at| idx < at) || it.call.0.first() != Some(&visit)))
        };
        let (before, here): (Vec<Decision>, Vec<Decision>) = self
            .decisions
            .iter()
            .enumerate()
            .filter(|(idx, it)| stays(*idx, it))
            .map(|(_, it)| it.clone())
            .partition(|it| it.step_idx < fork_idx);
        let mut fork = Run {
            request: self.request.clone(),
            decisions: before,
            steps: self.steps.get(..=fork_idx)?.to_vec(),
            calls: self.calls.iter().filter(|(_, idx)| **idx <= fork_idx).map(|(k, v)| (*k, *v)).collect(),
            now: self.snapshot(fork_idx)?,
            checkpoints: self.checkpoints.until(fork_idx + 1),
        };
        for decision in here {
            fork.decide(decision.call, decision.deed);
        }
        fork.decide(visit.into(), Deed::Answer { answer, delay_millis: None });
        Some(fork)
    }

    /// [`Run::replay_with`] with nothing changed but the program.
    pub fn replay_on(&self, program: Arc<Program>, step_idx: usize) -> (Run, usize) {
        self.replay_with(RunRequest { program, ..self.request.clone() }, step_idx)
    }

    /// The same decisions on another request (an edited program, other mocks), up to where this
    /// run's step `step_idx` is. Gives the run and the index of the step that corresponds: the
    /// same visit of the same state doing the same; where the new run never gets there, the last
    /// step before the runs part. An answer of the user gives way to a mock that was changed.
    pub fn replay_with(&self, request: RunRequest, step_idx: usize) -> (Run, usize) {
        let mut earlier = self.earlier(&request);
        let target = self.steps.get(step_idx).map(|it| (it, self.n_before(it, step_idx)));
        let mut run = Run::start(request);
        loop {
            let known = run.steps.len();
            run.advance(1);
            if let Some(step) = run.steps.get(known).cloned() {
                run.decide_at_call(&mut earlier, known);
                let same_count = |n_before| run.n_before(&step, known) == n_before;
                if target.is_some_and(|(it, n_before)| corresponds(it, &step) && same_count(n_before)) {
                    return (run, known);
                }
                if run.status() == RunStatus::Going {
                    continue;
                }
            }
            if !run.decide_when_stuck(&mut earlier) {
                break;
            }
        }
        let same = run.steps.iter().zip(&self.steps).take_while(|(new, old)| {
            new.state == old.state && new.visit == old.visit && kind(&new.happening) == kind(&old.happening)
        });
        let idx = same.count().saturating_sub(1).min(run.steps.len().saturating_sub(1));
        (run, idx)
    }

    /// How often the state of the step was visited before this visit; of a step of the execution
    /// itself, how often it was redriven before.
    fn n_before(&self, step: &Step, step_idx: usize) -> usize {
        if step.state.is_none() {
            let before = self.steps.iter().take(step_idx);
            return before.filter(|it| matches!(it.happening, Happening::ExecutionRedriven { .. })).count();
        }
        let of_state = self.steps.iter().filter(|it| it.state == step.state);
        of_state.filter_map(|it| it.visit).filter(|it| Some(*it) < step.visit).into_set().len()
    }

    /// The user's decisions with the calls they were about, but those whose mocks are other ones
    /// now.
    fn earlier(&self, request: &RunRequest) -> VecDeque<Earlier> {
        let mut earlier = VecDeque::new();
        for decision in &self.decisions {
            let Some(visit) = decision.call.0.first() else {
                let decision = decision.clone();
                earlier.push_back(Earlier { call: None, decision, is_immediate: false });
                continue;
            };
            // The attempt that was open when it was decided.
            let made_by = self.calls.range((*visit, 0)..=(*visit, u32::MAX));
            let call_idx = made_by.map(|(_, idx)| *idx).filter(|it| *it <= decision.step_idx).max();
            let question =
                call_idx.and_then(|it| self.snapshot(it)).and_then(|it| self.question_of(&it, *visit));
            let (Some(call_idx), Some(question)) = (call_idx, question) else { continue };
            if is_as_before(&question, &self.request, request) {
                earlier.push_back(Earlier {
                    call: Some(question),
                    decision: decision.clone(),
                    is_immediate: call_idx == decision.step_idx,
                });
            }
        }
        earlier
    }

    /// Makes the earlier decisions about the call that went out with this step, if they were made
    /// at once.
    fn decide_at_call(&mut self, earlier: &mut VecDeque<Earlier>, step_idx: usize) {
        if earlier.is_empty() || self.call_step(step_idx) != Some(step_idx) {
            return;
        }
        let visit = self.steps.get(step_idx).and_then(|it| it.visit);
        let Some(question) = visit.and_then(|it| self.question_of(&self.now, it)) else { return };
        // Decisions about calls that went out before come first.
        let open = self.open_calls();
        let waits = |it: &Earlier| {
            let is_open = |call: &Question| open.iter().any(|open| is_same_call(open, call));
            it.call.as_ref().is_none_or(|call| is_open(call) && !is_same_call(call, &question))
        };
        let is_here = |it: &Earlier| {
            it.is_immediate && it.call.as_ref().is_some_and(|call| is_same_call(call, &question))
        };
        while let Some(at) = earlier.iter().position(|it| waits(it) || is_here(it)) {
            let Some(found) = earlier.get(at).is_some_and(is_here).then(|| earlier.remove(at)).flatten()
            else {
                return;
            };
            self.decide(call_in(question.visit, &found.decision), found.decision.deed);
        }
    }

    /// Makes the next earlier decision that can be made while the run stands still.
    fn decide_when_stuck(&mut self, earlier: &mut VecDeque<Earlier>) -> bool {
        let open: Vec<Question> = self.open_calls();
        let mut at = 0;
        while let Some(next) = earlier.get(at) {
            let call = match &next.call {
                None => Some(CallId::default()),
                Some(call) => {
                    let found = open.iter().find(|it| is_same_call(it, call));
                    found.map(|it| call_in(it.visit, &next.decision))
                }
            };
            let deed = next.decision.deed.clone();
            if call.is_some_and(|call| self.decide(call, deed)) {
                earlier.remove(at);
                return true;
            }
            at += 1;
        }
        false
    }

    /// The open calls of this execution itself.
    fn open_calls(&self) -> Vec<Question> {
        let open = self.now.asking.iter().filter_map(|it| self.now.strands.get(it));
        open.filter_map(|it| self.question_of(&self.now, it.visit)).collect()
    }
}

/// The call of an earlier decision in the new run: another visit, but the same calls inside.
fn call_in(visit: VisitId, decision: &Decision) -> CallId {
    CallId([visit].into_iter().chain(decision.call.0.iter().skip(1).copied()).collect())
}

fn is_same_call(left: &Question, right: &Question) -> bool {
    let key = |it: &Question| -> (StatePath, u32) { (it.state.clone(), it.invocation) };
    key(left) == key(right)
}

/// Whether the mocks say the same about a call as before, or nothing.
fn is_as_before(question: &Question, before: &RunRequest, now: &RunRequest) -> bool {
    let name = question.state.name();
    let call = Call {
        state: &name,
        invocation: question.invocation,
        item: question.item,
        retry_count: question.attempt.saturating_sub(1),
        parameters: &question.parameters,
    };
    let row = now.mocks.row(&call);
    let answer =
        |row: Option<&crate::sim::mocks::MockRow>| row.map(|it| (it.answer.clone(), it.delay_millis));
    row.is_none() || answer(row) == answer(before.mocks.row(&call))
}

/// Whether two steps of different runs mean the same, but for the number of the visit.
fn corresponds(left: &Step, right: &Step) -> bool {
    // A call that goes out is another step than its start.
    let goes_out = |it: &Step| it.events.iter().any(|it| it.event_type.ends_with("Scheduled"));
    left.state == right.state
        && left.attempt == right.attempt
        && kind(&left.happening) == kind(&right.happening)
        && goes_out(left) == goes_out(right)
}

/// Steps of one kind correspond to each other. A call that goes out is one kind, whoever answers.
fn kind(happening: &Happening) -> u8 {
    match happening {
        Happening::ExecutionStarted => 0,
        Happening::Running | Happening::Asking => 1,
        Happening::Waiting { .. } => 2,
        Happening::Retried => 3,
        Happening::Aborted => 4,
        Happening::Succeeded
        | Happening::Retrying { .. }
        | Happening::Caught { .. }
        | Happening::Failed { .. } => 5,
        Happening::ExecutionSucceeded { .. }
        | Happening::ExecutionFailed { .. }
        | Happening::ExecutionAborted { .. }
        | Happening::ExecutionTimedOut => 6,
        Happening::ExecutionRedriven { .. } => 7,
    }
}
