//! The views of a run: transport, marks, timeline, events and the data-flow lens.

use std::sync::Arc;

use crate::asl::reading::{call_reading, n_retries};
use crate::asl::{StateKind, StateType};
use crate::sim::{DISAGREEMENTS, Happening, Question, SourceQuestion, StageName, Step};
use crate::studio::call_view::QuestionView;
use crate::studio::events::{events, n_events_until};
use crate::studio::facade::Studio;
use crate::studio::lens::{StateFacts, lens, strip};
use crate::studio::marks::marks;
use crate::studio::scenario::{error_names, pretty, suggestion};
use crate::studio::timeline::timeline;
use crate::studio::view::{DataFlowView, EventsView, MarksView, PlayerView, TimelineView};
use crate::studio::words::clock;

impl Studio {
    /// The transport.
    pub fn player_view(&self) -> Arc<PlayerView> {
        let desk = &self.desk;
        let at_millis = desk.step().map_or(0, |it| it.at_millis);
        Arc::new(PlayerView {
            run: desk.has_run(),
            step: desk.player.cursor,
            n_steps: desk.steps().len(),
            at_millis,
            clock: clock(at_millis),
            playing: desk.player.playing,
            speed: desk.player.speed,
            sentence: self.step_words(),
            ended: desk.job.as_ref().and_then(|it| it.run.outcome()).map(|it| match it {
                Happening::ExecutionSucceeded { .. } => "SUCCEEDED",
                Happening::ExecutionTimedOut => "TIMED_OUT",
                Happening::ExecutionAborted { .. } => "ABORTED",
                _ => "FAILED",
            }),
            computing: desk.computing.then(|| desk.steps().len()),
            stale: self.is_stale(),
            refused: desk.refused.clone(),
            breakpoints: desk.player.breakpoints.iter().cloned().collect(),
            question: self.question_view(),
            questions: self.open_calls(),
            iteration: self.iteration(),
            started: self.started(),
            differences: self.differences(),
            can_answer_differently: desk.question().is_none()
                && desk.job.as_ref().is_some_and(|it| it.run.has_call_at(desk.player.cursor)),
        })
    }

    /// The run on the canvas at the cursor.
    pub fn marks_view(&self) -> Arc<MarksView> {
        Arc::new(self.folding.marks(marks(self.desk.steps(), self.desk.player.cursor)))
    }

    /// States as lanes over virtual time.
    pub fn timeline_view(&self) -> Arc<TimelineView> {
        let whole = self.desk.derived.timeline.get_or_init(|| timeline(self.desk.steps()));
        let cursor = whole.positions.get(self.desk.player.cursor).copied().unwrap_or(0.0);
        Arc::new(TimelineView { cursor, ..whole.clone() })
    }

    /// The events AWS would have logged.
    pub fn events_view(&self) -> Arc<EventsView> {
        let whole = self.desk.derived.events.get_or_init(|| events(self.desk.steps()));
        let cursor = n_events_until(self.desk.steps(), self.desk.player.cursor);
        Arc::new(EventsView { cursor, ..whole.clone() })
    }

    /// The data-flow lens for the step at the cursor.
    pub fn data_flow_view(&self) -> Arc<DataFlowView> {
        let line_of = |pointer: &str| {
            let document = &self.document;
            let node = document.tree.find(pointer)?;
            let place = document.tree.member_of(node).map_or(document.tree.range(node), |it| it.key_range);
            Some(document.line_index.line_column(place.start).line + 1)
        };
        let desk = &self.desk;
        let (step, facts) = (desk.lens_step(), self.facts());
        let mut view = lens(step.as_deref(), desk.lens_idx(), &facts, desk.chosen_stage, &line_of);
        if view.note.is_none() {
            view.note = step.and_then(|it| remark(&it, &facts)).map(str::to_owned);
        }
        Arc::new(view)
    }

    /// The stages of the strip as it is shown now.
    pub(crate) fn stage_names(&self) -> Vec<StageName> {
        self.desk.lens_step().map(|it| strip(&it, &self.facts())).unwrap_or_default()
    }

    /// The run no longer stands for the definition, or for the scenario.
    pub(crate) fn is_stale(&self) -> bool {
        let Some(job) = &self.desk.job else { return false };
        let same_text =
            Arc::ptr_eq(&job.document.text, &self.document.text) || job.document.text == self.document.text;
        let same_scenario =
            self.scenarios.get(self.chosen).is_some_and(|it| it.input == job.input && it.mocks == job.mocks);
        let same_type = job.document.machine_type == self.document.machine_type;
        !same_text || !same_type || !same_scenario || job.run.request().settings.sources != self.sources
    }

    /// What the lens must know of the state that it shows, from the document that was run.
    pub(crate) fn facts(&self) -> StateFacts {
        let Some(job) = &self.desk.job else { return StateFacts::default() };
        let steps = self.desk.steps();
        let Some(step) = steps.get(self.desk.lens_idx()) else { return StateFacts::default() };
        let state = step.state.as_ref().and_then(|it| job.document.state(it));
        let Some(state) = state else { return StateFacts::default() };
        let strand =
            step.strand.iter().map(|outer| match job.document.state(&outer.state).map(|it| &it.kind) {
                Some(StateKind::Map { .. }) => format!("item {}", outer.idx + 1),
                _ => format!("branch {}", outer.idx + 1),
            });
        let members = job.document.tree.members(state.node).iter();
        StateFacts {
            state_type: state.kind.state_type(),
            language: state.language,
            fields: members.map(|it| it.name.to_string()).collect(),
            strand: strand.collect(),
            max_attempts: (state.retry.len() == 1).then(|| n_retries(state).saturating_add(1)),
        }
    }

    /// The call at the cursor as a question, to answer it in another way.
    pub fn question_at_cursor(&self) -> Option<QuestionView> {
        self.view_of(self.call_at_cursor()?)
    }

    fn question_view(&self) -> Option<QuestionView> {
        self.view_of(self.desk.question()?)
    }

    fn view_of(&self, question: Question) -> Option<QuestionView> {
        let job = self.desk.job.as_ref()?;
        let is_here = question.machine.is_none();
        let state = job.document.state(&question.state).filter(|_| is_here);
        let calls = state.and_then(|it| call_reading(&job.document.tree, it));
        let name = question.state.name();
        Some(QuestionView {
            title: name.clone(),
            calls: calls.unwrap_or_else(|| question.resource.clone()),
            parameters: pretty(&question.parameters),
            suggestion: suggestion(&self.scenarios, &name, &question.resource),
            errors: error_names(&job.document, &question.state),
            invocation: question.invocation,
            machine: question.machine,
            can_take: question.token.is_some() && !question.is_started,
            can_send_heartbeat: question.has_heartbeat && question.is_started,
            token: question.token,
            now: clock(job.run.now_millis()),
            next: job.run.next_millis().map(clock),
            state: question.state,
        })
    }
}

/// What to say about the name of an error that the sources give different names.
fn remark(step: &Step, facts: &StateFacts) -> Option<&'static str> {
    let (Happening::Failed { error } | Happening::Caught { error, .. } | Happening::Retrying { error, .. }) =
        &step.happening
    else {
        return None;
    };
    let has = |field: &str| facts.fields.iter().any(|it| it.starts_with(field));
    let failed = step.stages.iter().find(|it| it.after.is_err()).map(|it| it.name);
    let question = match (failed, facts.state_type?) {
        (
            Some(
                StageName::AfterParameters
                | StageName::AfterItemSelector
                | StageName::AfterResultSelector
                | StageName::Assign,
            ),
            _,
        ) if error.cause.contains("could not be found in the input") => SourceQuestion::TemplatePath,
        (None, StateType::Parallel) if error.name != "States.DataLimitExceeded" => {
            SourceQuestion::BranchError
        }
        (None, StateType::Task) if has("HeartbeatSeconds") => match error.name.as_str() {
            "States.HeartbeatTimeout" => SourceQuestion::HeartbeatLoss,
            "States.Timeout" if !has("TimeoutSeconds") => SourceQuestion::HeartbeatLoss,
            _ => return None,
        },
        _ => return None,
    };
    DISAGREEMENTS.iter().find(|it| it.question == question).map(|it| it.remark)
}
