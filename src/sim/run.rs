//! A run: a program with its input, mocks, seed and decisions, computed ahead step by step. Its
//! trace is all that the views read. Going to any step, replaying and stepping give the same,
//! because each is the same pure function applied again. Variants of a run are in `replay`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::asl::StatePath;
use crate::asl::resource::Pattern;
use crate::json::keep;
use crate::sim::checkpoints::Checkpoints;
use crate::sim::engine;
use crate::sim::history::HistoryEvent;
use crate::sim::mocks::Answer;
use crate::sim::pending::{self, CallId, Deed};
use crate::sim::program::Kind;
use crate::sim::redrive;
use crate::sim::request::RunRequest;
use crate::sim::snapshot::{Calling, Execution, Keep, Phase, Snapshot, Strand};
use crate::sim::trace::{Happening, StatesError, Step, VisitId};

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// There is more to compute.
    Going,
    /// Calls stand open; see [`Run::questions`].
    Asking,
    Ended,
}

/// A call that waits for its answer, or once did.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What decisions about the call name.
    pub call: CallId,
    /// The machine whose state calls, where it is one that was started from another.
    pub machine: Option<String>,
    pub state: StatePath,
    pub visit: VisitId,
    /// Counts the calls of this state name over the execution, from 0, as mocks do.
    pub invocation: u32,
    /// Counts the attempts of this visit, from 1.
    pub attempt: u32,
    /// The index of the item in the innermost Map around the state.
    pub item: Option<usize>,
    pub resource: String,
    pub parameters: Arc<Value>,
    /// What `SendTaskSuccess`, `SendTaskFailure` and `SendTaskHeartbeat` name, where the call
    /// waits for them.
    pub token: Option<String>,
    /// False for the work of an activity that no worker has taken.
    pub is_started: bool,
    /// Heartbeats count for it.
    pub has_heartbeat: bool,
}

/// Something done by the user after the step with this index, in place of what the mocks say.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The last step before it was done.
    pub step_idx: usize,
    /// The call it is about; empty for the execution.
    pub call: CallId,
    pub deed: Deed,
}
keep! { Decision { step_idx, call, deed } }

/// A run and its trace. Equal requests and decisions give equal traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub(crate) request: RunRequest,
    /// In the order of their steps.
    pub(crate) decisions: Vec<Decision>,
    pub(crate) steps: Vec<Arc<Step>>,
    /// The step with which the call of a visit's attempt went out.
    pub(crate) calls: BTreeMap<(VisitId, u32), usize>,
    /// The machine after the last step, decisions included.
    pub(crate) now: Snapshot,
    /// The machine before the first step and after some, before the decisions made there; in
    /// between it is computed again.
    pub(crate) checkpoints: Checkpoints,
}

impl Run {
    /// A run before its first step.
    pub fn start(request: RunRequest) -> Run {
        Run::begin(Execution::new(&request), request, Keep::Everything)
    }

    /// A run inside of another one.
    pub(crate) fn start_inside(request: RunRequest, outer: &Snapshot) -> Run {
        let execution = Execution {
            depth: outer.execution.depth.saturating_add(1),
            n_nested_before: outer.n_nested_events,
            ..Execution::new(&request)
        };
        let keep = if outer.keep == Keep::Outcome { Keep::Outcome } else { Keep::Everything };
        Run::begin(execution, request, keep)
    }

    fn begin(execution: Execution, request: RunRequest, keep: Keep) -> Run {
        let now = Snapshot::new(execution, request.seed, keep);
        Run {
            checkpoints: Checkpoints::new(now.clone()),
            now,
            request,
            decisions: Vec::new(),
            steps: Vec::new(),
            calls: BTreeMap::new(),
        }
    }

    /// Computes up to `max_steps` further steps; stops early at a question or the end.
    pub fn advance(&mut self, max_steps: usize) -> RunStatus {
        for _ in 0..max_steps {
            let Some(step) = engine::advance(&self.request.program, &self.request.mocks, &mut self.now)
            else {
                break;
            };
            if let Some(key) = call_of(&step) {
                self.calls.entry(key).or_insert(self.steps.len());
            }
            self.steps.push(Arc::new(step));
            self.checkpoints.note(self.steps.len(), &self.now);
        }
        self.status()
    }

    /// Computes on until a question or the end. Ends for every program, because the history is
    /// limited.
    pub fn finish(&mut self) -> RunStatus {
        loop {
            let known = self.steps.len();
            if self.advance(1_000) != RunStatus::Going || self.steps.len() == known {
                return self.status();
            }
        }
    }

    /// How far it is.
    pub fn status(&self) -> RunStatus {
        match &self.now.outcome {
            Some(_) => RunStatus::Ended,
            None if !self.now.asking.is_empty() && !self.now.can_go_on() => RunStatus::Asking,
            None => RunStatus::Going,
        }
    }

    /// All steps so far. Once a run has made much data, further steps come without it; see
    /// [`Run::step`].
    pub fn trace(&self) -> &[Arc<Step>] {
        &self.steps
    }

    /// The step with this index, with all its data.
    pub fn step(&self, step_idx: usize) -> Option<Arc<Step>> {
        let kept = self.steps.get(step_idx)?;
        if kept.is_whole {
            return Some(Arc::clone(kept));
        }
        self.whole(step_idx, &mut self.snapshot(step_idx.checked_sub(1)?)?)
    }

    /// All steps so far with all their data, made one after the other.
    pub fn whole_steps(&self) -> impl Iterator<Item = Arc<Step>> {
        let mut now = None;
        self.steps.iter().enumerate().filter_map(move |(idx, kept)| {
            if kept.is_whole {
                return Some(Arc::clone(kept));
            }
            let mut before = now.take().or_else(|| self.snapshot(idx.checked_sub(1)?))?;
            let step = self.whole(idx, &mut before);
            now = Some(before);
            step
        })
    }

    /// Computes a step again and keeps its data; the machine stands before it.
    fn whole(&self, step_idx: usize, now: &mut Snapshot) -> Option<Arc<Step>> {
        self.apply_decisions(now, step_idx);
        now.keep = Keep::Everything;
        engine::advance(&self.request.program, &self.request.mocks, now).map(Arc::new)
    }

    /// How the execution ended, once it has.
    pub fn outcome(&self) -> Option<&Happening> {
        self.now.outcome.as_ref()?;
        self.steps.last().map(|it| &it.happening)
    }

    /// The history so far, as AWS would have logged it. Child executions have their own. Events of
    /// steps that are not whole lack their payloads; [`Run::whole_steps`] has them all.
    pub fn history(&self) -> impl Iterator<Item = &HistoryEvent> {
        self.steps.iter().filter(|it| it.inside.is_none()).flat_map(|it| &it.events)
    }

    /// The history so far of the child execution with this ARN.
    pub fn child_history<'r>(&'r self, arn: &'r str) -> impl Iterator<Item = &'r HistoryEvent> {
        let of_child = move |it: &&Arc<Step>| it.inside.as_ref().is_some_and(|it| it.arn == arn);
        self.steps.iter().filter(of_child).flat_map(|it| &it.events)
    }

    /// The objects that this run wrote or was given as answers so far, by address.
    pub fn written_objects(&self) -> impl Iterator<Item = (&str, &Arc<Value>)> {
        self.now.written.iter()
    }

    /// Virtual time since the start of the execution.
    pub fn clock_millis(&self) -> u64 {
        self.now.clock_millis
    }

    /// The first call that stands open, while the status is [`RunStatus::Asking`].
    pub fn question(&self) -> Option<Question> {
        self.questions().into_iter().next()
    }

    /// All calls that stand open, in the order in which they went out, while the status is
    /// [`RunStatus::Asking`]. Any of them can be answered first.
    pub fn questions(&self) -> Vec<Question> {
        match self.status() {
            RunStatus::Asking => self.questions_at(&self.now, &CallId::default()),
            RunStatus::Going | RunStatus::Ended => Vec::new(),
        }
    }

    /// Answers the first open call. Without a question nothing happens. Call [`Run::advance`]
    /// after it.
    pub fn answer(&mut self, answer: Answer) {
        if let Some(question) = self.question() {
            self.decide(question.call, Deed::Answer { answer, delay_millis: None });
        }
    }

    /// Does something to a call, or to the execution itself when `call` is empty, and says whether
    /// there was something to do it to. Call [`Run::advance`] after it.
    pub fn decide(&mut self, call: CallId, deed: Deed) -> bool {
        let Some(step_idx) = self.steps.len().checked_sub(1) else { return false };
        let decision = Decision { step_idx, call, deed };
        let mut now = self.now.clone();
        let done = self.make(&mut now, &decision);
        if done {
            self.now = now;
            self.decisions.push(decision);
        }
        done
    }

    /// `SendTaskSuccess`: the call that waits with this token succeeds now.
    pub fn send_task_success(&mut self, token: &str, output: Arc<Value>) -> Result<(), String> {
        self.send(token, Deed::Answer { answer: Answer::Return(output), delay_millis: Some(0) })
    }

    /// `SendTaskFailure`: the call that waits with this token fails now.
    pub fn send_task_failure(&mut self, token: &str, error: StatesError) -> Result<(), String> {
        self.send(token, Deed::Answer { answer: Answer::Throw(error), delay_millis: Some(0) })
    }

    /// `SendTaskHeartbeat`: the call that waits with this token is still worked on.
    pub fn send_task_heartbeat(&mut self, token: &str) -> Result<(), String> {
        self.send(token, Deed::Heartbeat)
    }

    /// `GetActivityTask`: a worker takes the oldest work of an activity that nobody has, and gets
    /// its token.
    pub fn get_activity_task(&mut self, activity: &str, worker: &str) -> Result<String, String> {
        let mut open = self.questions().into_iter().filter(|it| it.resource == activity && !it.is_started);
        let fault = || format!("The activity “{activity}” has no work that waits for a worker");
        let question = open.next().ok_or_else(fault)?;
        let token = question.token.ok_or_else(fault)?;
        match self.decide(question.call, Deed::Take { worker: worker.to_string() }) {
            true => Ok(token),
            false => Err(fault()),
        }
    }

    /// Lets virtual time go on while calls stand open: so long, or to the next moment at which
    /// something happens, such as the timeout of an open call.
    pub fn let_time_pass(&mut self, millis: Option<u64>) -> Result<(), String> {
        match self.decide(CallId::default(), Deed::Wait { millis }) {
            true => Ok(()),
            false => Err("There is nothing to wait for: no open call has a timeout".to_string()),
        }
    }

    /// `StopExecution`.
    pub fn stop(&mut self, error: StatesError) -> Result<(), String> {
        match self.decide(CallId::default(), Deed::Stop { error }) {
            true => Ok(()),
            false => Err("The execution has ended already".to_string()),
        }
    }

    /// Virtual time since the start of the execution, with what was let pass while nothing happened.
    pub fn now_millis(&self) -> u64 {
        let is_over = !self.now.asking.is_empty() && !self.now.can_go_on();
        let passed = self.now.passing_millis.filter(|_| is_over);
        self.now.clock_millis.max(passed.unwrap_or(0))
    }

    /// The next moment at which something happens by itself while calls stand open, such as the
    /// timeout of one of them.
    pub fn next_millis(&self) -> Option<u64> {
        (self.status() == RunStatus::Asking).then(|| pending::next_moment(&self.now)).flatten()
    }

    /// Why [`Run::redrive`] is not possible, if so.
    pub fn redrive_refusal(&self) -> Option<&'static str> {
        redrive::refusal(self, &self.now)
    }

    /// `RedriveExecution`: goes on from where the execution failed, timed out or was stopped. Call
    /// [`Run::advance`] after it.
    pub fn redrive(&mut self) -> Result<(), String> {
        if let Some(sentence) = redrive::refusal(self, &self.now) {
            return Err(sentence.to_string());
        }
        match self.decide(CallId::default(), Deed::Redrive) {
            true => Ok(()),
            false => Err("An execution that has not begun cannot be redriven".to_string()),
        }
    }

    /// Whether the step belongs to a call, so that [`Run::call_at`] has something to tell.
    pub fn has_call_at(&self, step_idx: usize) -> bool {
        self.call_step(step_idx).is_some()
    }

    /// The call that the step belongs to, answered or not: what [`Run::fork`] would answer.
    pub fn call_at(&self, step_idx: usize) -> Option<Question> {
        let call_idx = self.call_step(step_idx)?;
        let visit = self.steps.get(call_idx)?.visit?;
        self.question_of(&self.snapshot(call_idx)?, visit)
    }

    /// The execution that the call of this step started, as far as it was at this step.
    pub fn child_at(&self, step_idx: usize) -> Option<&Arc<Run>> {
        let step = self.steps.get(step_idx)?;
        let call_idx = self.call_step(step_idx)?;
        let steps = self.steps.get(call_idx..=step_idx)?;
        let same = |it: &&Arc<Step>| it.visit == step.visit && it.attempt == step.attempt;
        steps.iter().rev().filter(same).find_map(|it| it.started.as_ref())
    }

    /// The machine after the step with this index, before any decision made there.
    pub fn snapshot(&self, step_idx: usize) -> Option<Snapshot> {
        if self.steps.len() <= step_idx {
            return None;
        }
        let n_wanted = step_idx + 1;
        let (n_known, checkpoint) = self.checkpoints.before(n_wanted)?;
        let mut snapshot = checkpoint.clone();
        for n_steps in n_known..n_wanted {
            self.apply_decisions(&mut snapshot, n_steps);
            engine::advance(&self.request.program, &self.request.mocks, &mut snapshot)?;
        }
        Some(snapshot)
    }

    /// What the run is determined by.
    pub fn request(&self) -> &RunRequest {
        &self.request
    }

    /// What the user did, in order.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// Events logged by this execution and those inside of it.
    pub(crate) fn n_events_inside(&self) -> u64 {
        let nested = self.now.n_nested_events.saturating_sub(self.now.execution.n_nested_before);
        self.now.n_events.saturating_add(nested)
    }

    /// Whether it was stopped because of an execution that it started.
    pub(crate) fn has_child_that_cannot_run(&self) -> bool {
        let steps = self.steps.iter().rev().take(2).filter_map(|it| it.started.as_ref());
        steps
            .filter_map(|it| it.outcome())
            .any(|it| matches!(it, Happening::ExecutionFailed { error } if error.name == engine::CANNOT_RUN))
    }

    /// A deed inside of a run that belongs to a call of another.
    pub(crate) fn do_inside(&mut self, call: &[VisitId], deed: &Deed) -> bool {
        let done = self.decide(CallId(call.to_vec()), deed.clone());
        if done {
            self.finish();
        }
        done
    }

    /// Makes the decisions that belong to the last of `n_steps` steps.
    fn apply_decisions(&self, snapshot: &mut Snapshot, n_steps: usize) {
        for decision in self.decisions.iter().filter(|it| it.step_idx + 1 == n_steps) {
            self.make(snapshot, decision);
        }
    }

    /// Makes one decision on the machine as it stood after the decision's step.
    pub(crate) fn make(&self, now: &mut Snapshot, decision: &Decision) -> bool {
        if decision.deed != Deed::Redrive || !decision.call.0.is_empty() {
            return pending::apply(now, &decision.call.0, &decision.deed);
        }
        if redrive::refusal(self, now).is_some() {
            return false;
        }
        let Some(before) = self.before_failure(decision.step_idx) else { return false };
        *now = redrive::going_on(now, &before, self.request.program.timeout_secs);
        true
    }

    /// The machine as it stood before the failure that ended it with the step `end_idx` spread.
    fn before_failure(&self, end_idx: usize) -> Option<Snapshot> {
        let mut idx = end_idx.checked_sub(1)?;
        if !matches!(self.steps.get(end_idx)?.happening, Happening::ExecutionFailed { .. }) {
            return self.snapshot(idx);
        }
        loop {
            let step = self.steps.get(idx)?;
            let before = self.snapshot(idx.checked_sub(1)?)?;
            let strand = step.visit.and_then(|it| before.strand_of(it));
            let spread = step.happening == Happening::Aborted
                || strand
                    .is_some_and(|it| matches!(it.phase, Phase::Joining(_)) && !before.failing.is_empty());
            if !spread {
                // The state that failed: inside of others the failure is noted by now.
                let after = self.snapshot(idx)?;
                // A child execution is forgotten with its failure, so it goes on from before it.
                let failed = after.failing.front().and_then(|it| after.strands.get(&it.strand));
                let is_noted =
                    failed.is_some_and(|it| it.child.is_none_or(|it| after.children.contains_key(&it)));
                return Some(if is_noted { after } else { before });
            }
            idx -= 1;
        }
    }

    /// The step with which the call of this step's attempt went out.
    pub(crate) fn call_step(&self, step_idx: usize) -> Option<usize> {
        let step = self.steps.get(step_idx)?;
        self.calls.get(&(step.visit?, step.attempt)).copied()
    }

    /// The open calls of a snapshot, those inside of executions that it started included.
    fn questions_at(&self, snapshot: &Snapshot, outer: &CallId) -> Vec<Question> {
        let mut questions = Vec::new();
        for strand in snapshot.asking.iter().filter_map(|it| snapshot.strands.get(it)) {
            let Phase::Calling(calling) = &strand.phase else { continue };
            let call = CallId(outer.0.iter().copied().chain([strand.visit]).collect());
            match (&calling.child, self.waits_for_child(strand)) {
                // Machines start each other only so deep, so this ends.
                (Some(child), true) => {
                    let inner = child.questions_at(&child.now, &call).into_iter();
                    let name = &child.request.settings.machine_name;
                    questions.extend(inner.map(|it| {
                        let machine = it.machine.or_else(|| Some(name.clone()));
                        Question { machine, ..it }
                    }));
                }
                _ => questions.extend(self.question_about(strand, calling, call)),
            }
        }
        questions
    }

    /// Whether the strand's call ends with the execution that it started.
    fn waits_for_child(&self, strand: &Strand) -> bool {
        let state = self.request.program.state(strand.state);
        state.is_some_and(|it| {
            matches!(&it.kind, Kind::Task(resource)
                if matches!(resource.pattern, Pattern::Sync | Pattern::Sync2))
        })
    }

    pub(crate) fn question_of(&self, snapshot: &Snapshot, visit: VisitId) -> Option<Question> {
        let strand = snapshot.strand_of(visit)?;
        let Phase::Calling(calling) = &strand.phase else { return None };
        self.question_about(strand, calling, visit.into())
    }

    fn question_about(&self, strand: &Strand, calling: &Calling, call: CallId) -> Option<Question> {
        let state = self.request.program.state(strand.state)?;
        // A Map that asks wants what its ItemReader would read.
        let resource = state.field("Resource").map(Arc::as_ref);
        let resource = resource.or_else(|| state.field("ItemReader")?.get("Resource"));
        let resource = resource.and_then(Value::as_str).unwrap_or_default();
        Some(Question {
            call,
            machine: None,
            state: state.path.clone(),
            visit: strand.visit,
            invocation: calling.invocation,
            attempt: strand.attempt,
            item: strand.item.as_ref().map(|it| it.index),
            resource: resource.to_string(),
            parameters: Arc::clone(&calling.parameters),
            token: calling.token.clone(),
            is_started: calling.is_started,
            has_heartbeat: calling.heartbeat_millis.is_some(),
        })
    }

    fn send(&mut self, token: &str, deed: Deed) -> Result<(), String> {
        let open = self.questions().into_iter().find(|it| it.token.as_deref() == Some(token));
        let question = open.ok_or_else(|| format!("No open call waits with the task token “{token}”"))?;
        if !question.is_started {
            return Err(format!("No worker has taken the work with the task token “{token}”"));
        }
        match self.decide(question.call, deed) {
            true => Ok(()),
            false => Err(format!("The call with the task token “{token}” has no heartbeat to send")),
        }
    }
}

/// How a run ends, computed without a trace and a history: for runs by the thousand. `None` where
/// a call has no answer.
pub fn outcome_of(request: &RunRequest) -> Option<Happening> {
    let mut now = Snapshot::new(Execution::new(request), request.seed, Keep::Outcome);
    let mut last = None;
    while let Some(step) = engine::advance(&request.program, &request.mocks, &mut now) {
        last = Some(step.happening);
    }
    last.filter(|_| now.outcome.is_some())
}

/// The visit and attempt whose call goes out with this step.
fn call_of(step: &Step) -> Option<(VisitId, u32)> {
    let goes_out = match step.happening {
        Happening::Asking => true,
        Happening::Running => step.events.iter().any(|it| it.event_type.ends_with("Scheduled")),
        _ => false,
    };
    goes_out.then_some(())?;
    Some((step.visit?, step.attempt))
}
