//! A run: a program with its input, mocks, seed and decisions, computed ahead step by step. Its
//! trace is all that the views read. Going to any step, replaying and stepping give the same,
//! because each is the same pure function applied again.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::asl::{MachineType, StatePath};
use crate::sim::checkpoints::Checkpoints;
use crate::sim::engine;
use crate::sim::history::HistoryEvent;
use crate::sim::mocks::{Answer, Mocks};
use crate::sim::program::Program;
use crate::sim::snapshot::{Execution, Phase, Snapshot};
use crate::sim::trace::{Happening, Step, VisitId};

/// Everything a run is determined by, besides later decisions.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRequest {
    pub program: Arc<Program>,
    pub input: Arc<Value>,
    pub mocks: Mocks,
    /// Decides jitter, `States.MathRandom` and `States.UUID`.
    pub seed: u64,
    pub settings: Settings,
}

/// Facts about the imagined account.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How long a mocked call takes in virtual time.
    pub task_millis: u64,
    /// The moment of the start, in milliseconds since 1970.
    pub start_millis: i64,
    pub execution_name: String,
    pub machine_name: String,
    pub region: String,
    pub account: String,
    pub role_arn: String,
    pub machine_type: MachineType,
    pub interleaving: Interleaving,
}

/// In which order branches, iterations and child executions act that could act at the same moment.
/// AWS promises none; a workflow should give the same under each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Interleaving {
    /// Whoever could act first acts first, as in the histories that AWS was recorded giving.
    #[default]
    InOrder,
    /// Whoever could act last acts first: the last branch goes on until it waits, then the others.
    Reversed,
    /// In an order that depends on the seed alone.
    Shuffled { seed: u64 },
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// There is more to compute.
    Going,
    /// A call stands open; see [`Run::question`].
    Asking,
    Ended,
}

/// A call that waits for its answer, or once did.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub state: StatePath,
    pub visit: VisitId,
    /// Counts the calls of this state name over the execution, from 0, as mocks do.
    pub invocation: u32,
    /// Counts the attempts of this visit, from 1.
    pub attempt: u32,
    pub resource: String,
    pub parameters: Arc<Value>,
}

/// An answer given by the user after the step with this index, in place of what the mocks say.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The step with which the call went out.
    pub step_idx: usize,
    pub answer: Answer,
}

/// A run and its trace. Equal requests and decisions give equal traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    request: RunRequest,
    /// In the order of their steps.
    decisions: Vec<Decision>,
    steps: Vec<Arc<Step>>,
    /// The machine after the last step, decisions included.
    now: Snapshot,
    /// The machine before the first step and after some, before the decisions made there; in
    /// between it is computed again.
    checkpoints: Checkpoints,
}

impl Run {
    /// A run before its first step.
    pub fn start(request: RunRequest) -> Run {
        let now = first_snapshot(&request, true);
        Run {
            checkpoints: Checkpoints::new(now.clone()),
            now,
            request,
            decisions: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// Computes up to `max_steps` further steps; stops early at a question or the end.
    pub fn advance(&mut self, max_steps: usize) -> RunStatus {
        for _ in 0..max_steps {
            let Some(step) = engine::advance(&self.request.program, &self.request.mocks, &mut self.now)
            else {
                break;
            };
            self.steps.push(Arc::new(step));
            self.checkpoints.note(self.steps.len(), &self.now);
        }
        self.status()
    }

    /// Computes on until a question or the end. Ends for every program, because the history is
    /// limited.
    pub fn finish(&mut self) -> RunStatus {
        while self.advance(1_000) == RunStatus::Going {}
        self.status()
    }

    /// How far it is.
    pub fn status(&self) -> RunStatus {
        match (&self.now.outcome, self.now.asking) {
            (Some(_), _) => RunStatus::Ended,
            (None, Some(_)) => RunStatus::Asking,
            (None, None) => RunStatus::Going,
        }
    }

    /// All steps so far.
    pub fn trace(&self) -> &[Arc<Step>] {
        &self.steps
    }

    /// How the execution ended, once it has.
    pub fn outcome(&self) -> Option<&Happening> {
        let last = &self.steps.last()?.happening;
        matches!(
            last,
            Happening::ExecutionSucceeded { .. }
                | Happening::ExecutionFailed { .. }
                | Happening::ExecutionTimedOut
        )
        .then_some(last)
    }

    /// The history so far, as AWS would have logged it. Child executions have their own.
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

    /// The indexes of the steps of a state, in order.
    pub fn steps_of(&self, state: &StatePath) -> Vec<usize> {
        let of_state = self.steps.iter().enumerate().filter(|(_, it)| it.state.as_ref() == Some(state));
        of_state.map(|(idx, _)| idx).collect()
    }

    /// The call that stands open, while the status is [`RunStatus::Asking`].
    pub fn question(&self) -> Option<Question> {
        let (strand, _) = self.now.asked()?;
        self.question_of(&self.now, strand.visit)
    }

    /// Answers the open call. Without a question nothing happens. Call [`Run::advance`] after it.
    pub fn answer(&mut self, answer: Answer) {
        let Some(visit) = self.now.asked().map(|(strand, _)| strand.visit) else { return };
        let Some(step_idx) = self.steps.len().checked_sub(1) else { return };
        engine::answer(&mut self.now, visit, answer.clone());
        self.decisions.push(Decision { step_idx, answer });
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

    /// Another run that is equal up to the call of the step with this index and answers that call
    /// differently. `None` where the step belongs to no call.
    pub fn fork(&self, step_idx: usize, answer: Answer) -> Option<Run> {
        let call_idx = self.call_step(step_idx)?;
        let visit = self.steps.get(call_idx)?.visit?;
        let mut now = self.snapshot(call_idx)?;
        engine::answer(&mut now, visit, answer.clone());
        let mut decisions: Vec<Decision> =
            self.decisions.iter().filter(|it| it.step_idx < call_idx).cloned().collect();
        decisions.push(Decision { step_idx: call_idx, answer });
        Some(Run {
            request: self.request.clone(),
            decisions,
            steps: self.steps.get(..=call_idx)?.to_vec(),
            now,
            checkpoints: self.checkpoints.until(call_idx + 1),
        })
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
        let answers = self.answers(&request.mocks);
        let target = self.steps.get(step_idx).map(|it| (it, self.n_visits_before(it)));
        let mut run = Run::start(request);
        loop {
            let known = run.steps.len();
            let status = run.advance(1);
            let Some(step) = run.steps.get(known).cloned() else { break };
            let answered = run.answer_as(&answers, known);
            if target.is_some_and(|(it, n_before)| {
                corresponds(it, &step) && run.n_visits_before(&step) == n_before
            }) {
                return (run, known);
            }
            if status == RunStatus::Ended || (status == RunStatus::Asking && !answered) {
                break;
            }
        }
        let same = run.steps.iter().zip(&self.steps).take_while(|(new, old)| {
            new.state == old.state && new.visit == old.visit && kind(&new.happening) == kind(&old.happening)
        });
        let idx = same.count().saturating_sub(1).min(run.steps.len().saturating_sub(1));
        (run, idx)
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

    /// The answers given by the user, in order.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// Makes the decisions that belong to the last of `n_steps` steps.
    fn apply_decisions(&self, snapshot: &mut Snapshot, n_steps: usize) {
        for decision in self.decisions.iter().filter(|it| it.step_idx + 1 == n_steps) {
            if let Some(visit) = self.steps.get(decision.step_idx).and_then(|it| it.visit) {
                engine::answer(snapshot, visit, decision.answer.clone());
            }
        }
    }

    /// The step with which the call of this step's attempt went out.
    fn call_step(&self, step_idx: usize) -> Option<usize> {
        let step = self.steps.get(step_idx)?;
        let visit = step.visit?;
        let goes_out = |it: &Step| {
            it.visit == Some(visit)
                && it.attempt == step.attempt
                && match it.happening {
                    Happening::Asking => true,
                    Happening::Running => it.events.iter().any(|it| it.event_type.ends_with("Scheduled")),
                    _ => false,
                }
        };
        self.steps.iter().position(|it| goes_out(it))
    }

    /// How often the state of the step was visited before this visit.
    fn n_visits_before(&self, step: &Step) -> usize {
        let of_state = self.steps.iter().filter(|it| it.state.is_some() && it.state == step.state);
        let earlier: BTreeSet<VisitId> =
            of_state.filter_map(|it| it.visit).filter(|it| Some(*it) < step.visit).collect();
        earlier.len()
    }

    fn question_of(&self, snapshot: &Snapshot, visit: VisitId) -> Option<Question> {
        let strand = snapshot
            .strands
            .values()
            .find(|it| it.visit == visit && matches!(it.phase, Phase::Calling(_)))?;
        let Phase::Calling(calling) = &strand.phase else { return None };
        let state = self.request.program.state(strand.state)?;
        // A Map that asks wants what its ItemReader would read.
        let resource = state.field("Resource").map(Arc::as_ref);
        let resource = resource.or_else(|| state.field("ItemReader")?.get("Resource"));
        let resource = resource.and_then(Value::as_str).unwrap_or_default();
        Some(Question {
            state: state.path.clone(),
            visit,
            invocation: calling.invocation,
            attempt: strand.attempt,
            resource: resource.to_string(),
            parameters: Arc::clone(&calling.parameters),
        })
    }

    /// The user's answers with the calls they were for, but those whose mocks are other ones now.
    fn answers(&self, mocks: &Mocks) -> Vec<(Question, Answer)> {
        let answers =
            self.decisions.iter().filter_map(|it| Some((self.call_at(it.step_idx)?, it.answer.clone())));
        let is_as_before = |question: &Question| {
            let name = question.state.name();
            let answer = mocks.answer(&name, question.invocation);
            answer.is_none() || answer == self.request.mocks.answer(&name, question.invocation)
        };
        answers.filter(|(question, _)| is_as_before(question)).collect()
    }

    /// Answers the call that went out with this step as the earlier run was answered.
    fn answer_as(&mut self, earlier: &[(Question, Answer)], step_idx: usize) -> bool {
        if earlier.is_empty() || self.call_step(step_idx) != Some(step_idx) {
            return false;
        }
        let Some(question) =
            self.steps.get(step_idx).and_then(|it| it.visit).and_then(|it| self.question_of(&self.now, it))
        else {
            return false;
        };
        let same = |it: &Question| it.state == question.state && it.invocation == question.invocation;
        let Some((_, answer)) = earlier.iter().find(|(it, _)| same(it)) else { return false };
        engine::answer(&mut self.now, question.visit, answer.clone());
        self.decisions.push(Decision { step_idx, answer: answer.clone() });
        true
    }
}

/// How a run ends, computed without a trace and a history: for runs by the thousand. `None` where
/// a call has no answer.
pub fn outcome_of(request: &RunRequest) -> Option<Happening> {
    let mut now = first_snapshot(request, false);
    let mut last = None;
    while let Some(step) = engine::advance(&request.program, &request.mocks, &mut now) {
        last = Some(step.happening);
    }
    last.filter(|_| now.outcome.is_some())
}

/// The machine before its first step.
fn first_snapshot(request: &RunRequest, recording: bool) -> Snapshot {
    let execution = Execution {
        input: Arc::clone(&request.input),
        settings: request.settings.clone(),
        deadline_millis: request.program.timeout_secs.map(|it| it.saturating_mul(1_000)),
        recording,
    };
    Snapshot::new(execution, request.seed)
}

/// Whether two steps of different runs mean the same, but for the number of the visit.
fn corresponds(left: &Step, right: &Step) -> bool {
    left.state == right.state
        && left.attempt == right.attempt
        && kind(&left.happening) == kind(&right.happening)
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
        | Happening::ExecutionTimedOut => 6,
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            task_millis: 1_000,
            start_millis: 1_767_225_600_000,
            execution_name: "run".to_string(),
            machine_name: "StateMachine".to_string(),
            region: "us-east-1".to_string(),
            account: "123456789012".to_string(),
            role_arn: "arn:aws:iam::123456789012:role/StateMachine".to_string(),
            machine_type: MachineType::Standard,
            interleaving: Interleaving::InOrder,
        }
    }
}
