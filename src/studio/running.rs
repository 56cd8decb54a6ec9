//! Runs: starting them, computing them in slices, answering what they ask, and playing them. The
//! run keeps the document it was made from; an edit never ends it.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use crate::asl::{Document, StateKind, StatePath};
use crate::sim::{
    Answer, CallId, Deed, Expect, Happening, Mocks, Question, Run, RunRequest, RunStatus, Settings, StartAt,
    Step,
};
use crate::studio::command::{AnswerInput, Arrangement, Command, PlayerCommand, Refusal};
use crate::studio::edit::refuse;
use crate::studio::effect::{Effect, Reply};
use crate::studio::explain::Looked;
use crate::studio::facade::{Studio, announce};
use crate::studio::iterations::Iterations;
use crate::studio::lens::ChosenStage;
use crate::studio::player::{Player, sentence};
use crate::studio::scenario::{answer_of, remember, remember_object};
use crate::studio::view::{EventsView, TimelineView};
use crate::studio::words::grouped;

/// Steps computed before the page gets to draw again.
const SLICE: usize = 1_000;
/// Decides jitter, `States.MathRandom` and `States.UUID`; fixed, so that runs can be repeated.
pub(crate) const SEED: u64 = 1;

/// The run and how it is looked at.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) job: Option<Job>,
    pub(crate) player: Player,
    /// More steps are to be computed on the next frames.
    pub(crate) computing: bool,
    pub(crate) chosen_stage: Option<ChosenStage>,
    /// Of several open calls, the one that was chosen.
    pub(crate) chosen_call: Option<CallId>,
    /// The expression of the lens, once somebody looked into it.
    pub(crate) looked: Option<Looked>,
    /// A state selected while the cursor stood at this step: the lens shows what it did last.
    pub(crate) looked_at: Option<(usize, StatePath)>,
    /// Why the last run was not started, in a sentence each.
    pub(crate) refused: Vec<String>,
    pub(crate) derived: DerivedRun,
}

/// A run with what it was made from.
pub(crate) struct Job {
    pub(crate) run: Run,
    pub(crate) document: Document,
    /// What the scenario said, answers given since included.
    pub(crate) input: Arc<Value>,
    pub(crate) mocks: Mocks,
    /// What the scenario expects of it.
    pub(crate) expect: Option<Expect>,
}

/// What is computed from the trace when somebody looks, once for each length of it.
#[derive(Default)]
pub(crate) struct DerivedRun {
    pub(crate) timeline: OnceCell<TimelineView>,
    pub(crate) events: OnceCell<EventsView>,
    pub(crate) iterations: OnceCell<Iterations>,
    pub(crate) differences: OnceCell<Option<Arc<Vec<String>>>>,
}

impl Desk {
    pub(crate) fn has_run(&self) -> bool {
        self.job.is_some()
    }

    pub(crate) fn steps(&self) -> &[Arc<Step>] {
        self.job.as_ref().map(|it| it.run.trace()).unwrap_or_default()
    }

    /// A step with all its data.
    pub(crate) fn whole_step(&self, step_idx: usize) -> Option<Arc<Step>> {
        self.job.as_ref()?.run.step(step_idx)
    }

    pub(crate) fn step(&self) -> Option<&Arc<Step>> {
        self.steps().get(self.player.cursor)
    }

    /// The step whose data is shown: that of the cursor, or the latest one until then of the state
    /// that was selected since the cursor stands here. An execution that failed shows the state
    /// that failed.
    pub(crate) fn lens_idx(&self) -> usize {
        let cursor = self.player.cursor;
        let until_now = self.steps().get(..=cursor).unwrap_or_default();
        let latest = |state: &StatePath| until_now.iter().rposition(|it| it.state.as_ref() == Some(state));
        match (&self.looked_at, self.step().map(|it| &it.happening)) {
            (Some((at, state)), _) if *at == cursor => latest(state).unwrap_or(cursor),
            (_, Some(Happening::ExecutionFailed { .. })) => {
                until_now.iter().rposition(|it| it.state.is_some()).unwrap_or(cursor)
            }
            _ => cursor,
        }
    }

    pub(crate) fn lens_step(&self) -> Option<Arc<Step>> {
        self.whole_step(self.lens_idx())
    }

    /// Forgets the run; breakpoints belong to the document and go with it.
    pub(crate) fn clear(&mut self) {
        let speed = self.player.speed;
        *self = Desk::default();
        self.player.speed = speed;
    }

    /// The call that waits for the user, when the cursor is there.
    pub(crate) fn question(&self) -> Option<Question> {
        let job = self.job.as_ref()?;
        let at_end = self.player.cursor + 1 >= job.run.trace().len();
        at_end.then(|| self.open_call()).flatten()
    }

    /// The open call that was chosen, else the first one, wherever the cursor is.
    pub(crate) fn open_call(&self) -> Option<Question> {
        let mut questions = self.job.as_ref()?.run.questions();
        let chosen = questions.iter().position(|it| Some(&it.call) == self.chosen_call.as_ref());
        (!questions.is_empty()).then(|| questions.swap_remove(chosen.unwrap_or(0)))
    }
}

impl Studio {
    pub(crate) fn can_run(&self, command: &Command) -> Result<(), Refusal> {
        let no_run = || refuse("There is no run yet; start one with Run");
        match command {
            Command::Run | Command::RunAgainToHere => {
                if self.document.machine.states.is_empty() {
                    return refuse("There is nothing to run yet");
                }
                match self.program().refusals().first() {
                    Some(first) => refuse(first.sentence.clone()),
                    None => Ok(()),
                }
            }
            Command::RunFrom { state, input, variables } => self.can_run_from(state, input, variables),
            Command::ChooseQuestion { .. }
            | Command::SendHeartbeat
            | Command::TakeTask
            | Command::LetTimePass { .. }
            | Command::StopExecution
            | Command::Redrive => self.can_do_to_call(command),
            Command::GoToIteration { idx } => self.step_of_iteration(*idx).map(|_| ()),
            Command::Answer { answer } => match self.desk.open_call() {
                Some(_) => answer_of(answer).map(|_| ()),
                None => refuse("No call waits for an answer"),
            },
            Command::AnswerDifferently { answer } => match self.call_at_cursor() {
                Some(_) => answer_of(answer).map(|_| ()),
                None => refuse("There is no call at this step to answer differently"),
            },
            Command::Player(PlayerCommand::ToggleBreakpoint) => match self.marked_state() {
                Some(_) => Ok(()),
                None => refuse("Select a state to put a breakpoint on it"),
            },
            Command::Player(PlayerCommand::SetSpeed(_)) => Ok(()),
            Command::Player(_) if !self.desk.has_run() => no_run(),
            Command::Player(PlayerCommand::Step)
                if self.desk.player.cursor + 1 >= self.desk.steps().len() =>
            {
                refuse("This is the last step")
            }
            Command::Player(PlayerCommand::StepBack) if self.desk.player.cursor == 0 => {
                refuse("This is the first step")
            }
            Command::StopComputing if !self.desk.computing => refuse("Nothing is being computed"),
            Command::ChooseStage { .. } if !self.desk.has_run() => no_run(),
            Command::Look(_) if !self.can_look() => refuse("There is no JSONata here to look into"),
            _ => Ok(()),
        }
    }

    pub(crate) fn act_on_run(&mut self, command: Command) -> Result<Reply, Refusal> {
        let mut reply = Reply::default();
        match command {
            Command::Run => self.start_run(None, &mut reply)?,
            Command::RunAgainToHere => self.run_again(&mut reply)?,
            Command::Compute if self.desk.computing => self.compute(&mut reply),
            Command::StopComputing => {
                self.desk.computing = false;
                reply.changed.player = true;
                let n = self.desk.steps().len();
                reply.effects.push(announce(format!("Stopped after {} steps", grouped(n))));
            }
            Command::Player(command) => self.play(command, &mut reply),
            Command::Tick { elapsed_millis } => self.tick(elapsed_millis, &mut reply),
            Command::RunFrom { state, input, variables } => {
                let start = self.start_at(state, &input, &variables)?;
                self.start_run(Some(start), &mut reply)?;
            }
            Command::ChooseQuestion { .. }
            | Command::SendHeartbeat
            | Command::TakeTask
            | Command::LetTimePass { .. }
            | Command::StopExecution
            | Command::Redrive => self.do_to_call(command, &mut reply)?,
            Command::GoToIteration { idx } => {
                let step_idx = self.step_of_iteration(idx)?;
                self.play(PlayerCommand::SeekStep(step_idx), &mut reply);
            }
            Command::Answer { answer } => self.answer(&answer, &mut reply)?,
            Command::AnswerDifferently { answer } => self.answer_differently(&answer, &mut reply)?,
            Command::ChooseStage { idx } => {
                let chosen = self.stage_names().get(idx).copied();
                self.desk.chosen_stage = chosen.map(|it| (self.desk.lens_idx(), it));
                reply.changed.player = true;
            }
            Command::Look(look) => {
                self.look(look);
                reply.changed.looked = true;
            }
            // Edits and the rest are done elsewhere.
            _ => {}
        }
        Ok(reply)
    }

    fn start_run(&mut self, start: Option<StartAt>, reply: &mut Reply) -> Result<(), Refusal> {
        let request = RunRequest { start, ..self.request()? };
        self.take_up(Run::start(request), 0);
        self.desk.chosen_stage = None;
        self.desk.chosen_call = None;
        self.compute(reply);
        self.go_to_question();
        self.arrangement = Arrangement::Run;
        reply.changed.run = true;
        reply.changed.workspace = true;
        self.tell_cursor(reply);
        reply.effects.push(Effect::Autosave);
        Ok(())
    }

    fn run_again(&mut self, reply: &mut Reply) -> Result<(), Refusal> {
        if !self.desk.has_run() {
            return self.start_run(None, reply);
        }
        let request = self.request()?;
        let Some(job) = &self.desk.job else { return Ok(()) };
        let request = RunRequest { start: job.run.request().start.clone(), ..request };
        let before = self.desk.step().map(|it| sentence(it));
        let (run, cursor) = job.run.replay_with(request, self.desk.player.cursor);
        self.take_up(run, cursor);
        self.compute(reply);
        reply.changed.run = true;
        let here = self.desk.step().map(|it| sentence(it));
        let said = if before == here { "Run again to here" } else { "Run again; it differs from here on" };
        reply.effects.push(announce(format!("{said}. {}", self.step_words())));
        self.reveal_step(reply);
        reply.effects.push(Effect::Autosave);
        Ok(())
    }

    /// What a run of the present document with the chosen scenario is determined by.
    fn request(&self) -> Result<RunRequest, Refusal> {
        let program = self.program().clone();
        let Some(scenario) = self.scenarios.get(self.chosen) else {
            return refuse("There is no scenario to run");
        };
        Ok(RunRequest {
            program,
            input: scenario.input.clone(),
            mocks: scenario.mocks.clone(),
            seed: SEED,
            settings: Settings {
                machine_name: self.title().to_owned(),
                sources: self.sources,
                machine_type: self.document.machine_type,
                ..Settings::default()
            },
            start: None,
        })
    }

    /// Makes a run the one that is shown.
    fn take_up(&mut self, run: Run, cursor: usize) {
        let request = run.request();
        let (input, mocks) = (request.input.clone(), request.mocks.clone());
        let expect = self.scenarios.get(self.chosen).and_then(|it| it.expect.clone());
        self.desk.job = Some(Job { run, document: self.document.clone(), input, mocks, expect });
        self.desk.player.cursor = cursor;
        self.desk.player.playing = false;
        self.desk.derived = DerivedRun::default();
    }

    /// Computes one slice; when there is more, asks to be called again.
    pub(crate) fn compute(&mut self, reply: &mut Reply) {
        let Some(job) = &mut self.desk.job else { return };
        let status = job.run.advance(SLICE);
        self.desk.computing = status == RunStatus::Going;
        self.desk.derived = DerivedRun::default();
        reply.changed.run = true;
        reply.changed.player = true;
        if self.desk.computing {
            reply.effects.push(Effect::Continue);
        }
    }

    pub(crate) fn go_to_question(&mut self) {
        if let Some(job) = &self.desk.job
            && job.run.question().is_some()
        {
            self.desk.player.cursor = job.run.trace().len().saturating_sub(1);
        }
    }

    fn play(&mut self, command: PlayerCommand, reply: &mut Reply) {
        let before = self.desk.player.cursor;
        let state = match command {
            PlayerCommand::NextVisit | PlayerCommand::PreviousVisit | PlayerCommand::ToggleBreakpoint => {
                self.marked_state()
            }
            _ => None,
        };
        let steps = self.desk.job.as_ref().map(|it| it.run.trace()).unwrap_or_default();
        self.desk.player.command(command, steps, state.as_ref());
        reply.changed.player = true;
        if let (PlayerCommand::ToggleBreakpoint, Some(state)) = (command, &state) {
            let set = self.desk.player.breakpoints.contains(state);
            let words = if set { "Breakpoint on" } else { "No breakpoint on" };
            reply.effects.push(announce(format!("{words} “{}”", state.name())));
            reply.effects.push(Effect::Autosave);
        }
        if before != self.desk.player.cursor {
            self.tell_cursor(reply);
            reply.effects.push(Effect::Autosave);
        }
    }

    fn tick(&mut self, elapsed_millis: u64, reply: &mut Reply) {
        let (before, was_playing) = (self.desk.player.cursor, self.desk.player.playing);
        let steps = self.desk.job.as_ref().map(|it| it.run.trace()).unwrap_or_default();
        self.desk.player.tick(elapsed_millis, steps, self.desk.computing);
        let stopped = was_playing && !self.desk.player.playing;
        if before == self.desk.player.cursor && !stopped {
            return;
        }
        reply.changed.player = true;
        // Faster than one step a second only the stops are told.
        if stopped || self.desk.player.speed <= 0.5 {
            self.tell_cursor(reply);
        } else {
            self.reveal_step(reply);
        }
        if stopped {
            reply.effects.push(Effect::Autosave);
        }
    }

    fn answer(&mut self, input: &AnswerInput, reply: &mut Reply) -> Result<(), Refusal> {
        let answer = answer_of(input)?;
        let question = self.desk.open_call();
        let (Some(question), Some(job)) = (question, &mut self.desk.job) else {
            return refuse("No call waits for an answer");
        };
        let asked_at = job.run.trace().len();
        // What comes for a task token counts when it is sent; other calls take their time.
        let delay_millis = match (&question.token, &answer) {
            (Some(_), Answer::Return(_) | Answer::Throw(_)) if question.is_started => {
                let called = job
                    .run
                    .trace()
                    .iter()
                    .rfind(|it| it.visit == Some(question.visit) && it.happening == Happening::Asking);
                let called_millis = called.map_or(0, |it| it.at_millis);
                Some(job.run.now_millis().saturating_sub(called_millis))
            }
            _ => None,
        };
        let deed = Deed::Answer { answer: answer.clone(), delay_millis };
        if !job.run.decide(question.call.clone(), deed) {
            return refuse("This call does not wait for an answer any more");
        }
        self.desk.chosen_call = None;
        let name = question.state.name();
        // A run of an edited document does not write into the scenario of the new one.
        let is_current = self.scenarios.get(self.chosen).is_some_and(|it| it.mocks == job.mocks);
        // What another machine asked is no mock of this one.
        let is_here = question.machine.is_none();
        let is_reader =
            job.document.state(&question.state).is_some_and(|it| matches!(it.kind, StateKind::Map { .. }));
        let keep = |mocks: &mut Mocks| match &answer {
            _ if !is_reader => remember(mocks, &name, question.invocation, answer.clone(), delay_millis),
            Answer::Return(content) => remember_object(mocks, &question.parameters, content),
            _ => {}
        };
        if is_here {
            keep(&mut job.mocks);
        }
        if let Some(scenario) = self.scenarios.get_mut(self.chosen).filter(|_| is_here) {
            match is_current {
                true => scenario.mocks = job.mocks.clone(),
                false => keep(&mut scenario.mocks),
            }
        }
        self.compute(reply);
        self.desk.player.cursor = asked_at.min(self.desk.steps().len().saturating_sub(1));
        self.go_to_question();
        reply.changed.scenarios = true;
        self.tell_cursor(reply);
        reply.effects.push(Effect::Autosave);
        Ok(())
    }

    fn answer_differently(&mut self, input: &AnswerInput, reply: &mut Reply) -> Result<(), Refusal> {
        let answer = answer_of(input)?;
        let cursor = self.desk.player.cursor;
        let fork = self.desk.job.as_ref().and_then(|it| it.run.fork(cursor, answer));
        let (Some(fork), Some(job)) = (fork, &mut self.desk.job) else {
            return refuse("There is no call at this step to answer differently");
        };
        let answered_at = fork.trace().len();
        job.run = fork;
        self.desk.player.playing = false;
        self.compute(reply);
        self.desk.player.cursor = answered_at.min(self.desk.steps().len().saturating_sub(1));
        self.desk.chosen_stage = None;
        self.go_to_question();
        self.tell_cursor(reply);
        reply.effects.push(Effect::Autosave);
        Ok(())
    }

    pub(crate) fn call_at_cursor(&self) -> Option<Question> {
        self.desk.job.as_ref()?.run.call_at(self.desk.player.cursor)
    }

    /// The state selected, else the one of the step at the cursor.
    fn marked_state(&self) -> Option<StatePath> {
        let selected = self.selection.state().cloned();
        selected.or_else(|| self.desk.step().and_then(|it| it.state.clone()))
    }

    /// Says where the cursor is and shows the node.
    pub(crate) fn tell_cursor(&self, reply: &mut Reply) {
        reply.changed.player = true;
        reply.effects.push(announce(self.step_words()));
        self.reveal_step(reply);
    }

    fn reveal_step(&self, reply: &mut Reply) {
        if let Some(state) = self.desk.step().and_then(|it| it.state.as_ref()) {
            reply.effects.push(Effect::RevealNode { key: state.to_string() });
        }
    }

    /// “Step 7: Charge card failed with Card.Declined, retrying in 4 s”.
    pub(crate) fn step_words(&self) -> String {
        match self.desk.step() {
            Some(step) => format!("Step {}: {}", self.desk.player.cursor + 1, sentence(step)),
            None => String::new(),
        }
    }
}
