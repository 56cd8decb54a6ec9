//! The studio itself: the one document, its history, selection, scenarios and run. Commands come
//! in, views go out; the files beside this one hold the parts.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::asl::{Document, StatePath};
use crate::sim::{Program, Scenario, ScenarioFile, Sources};
use crate::studio::beside::Beside;
use crate::studio::canvas::{Canvas, Picture, canvas, picture};
use crate::studio::children::Children;
use crate::studio::command::{Arrangement, Command, Refusal, Theme};
use crate::studio::edit::{Plan, Scene, SelectAfter, mapped, plan_with};
use crate::studio::effect::{Changed, Effect, Reply};
use crate::studio::folding::Folding;
use crate::studio::inspector::inspector;
use crate::studio::nesting::Parent;
use crate::studio::palette::{Sowing, has_seeds};
use crate::studio::preview::EditPreview;
use crate::studio::problems::problems;
use crate::studio::running::Desk;
use crate::studio::scenario::{empty_scenario, rename_mocks, scenarios_view};
use crate::studio::selection::Selection;
use crate::studio::view::*;
use crate::text::{EditOrigin, History, TextEdit, TextRange};

/// The headless application.
pub struct Studio {
    pub(crate) document: Document,
    pub(crate) file_name: String,
    /// False until something was opened or typed.
    pub(crate) is_open: bool,
    pub(crate) history: History<Beside>,
    /// The text as it was last saved to a file, or opened from one.
    pub(crate) saved: Option<Arc<str>>,
    pub(crate) selection: Selection,
    pub(crate) scenarios: Vec<Scenario>,
    /// The mock file that the scenarios come from, without them.
    pub(crate) mock_file: ScenarioFile,
    /// Index of the scenario in use; always there.
    pub(crate) chosen: usize,
    pub(crate) desk: Desk,
    pub(crate) arrangement: Arrangement,
    pub(crate) theme: Theme,
    pub(crate) folding: Folding,
    /// Whom runs follow where the sources disagree.
    pub(crate) sources: Sources,
    pub(crate) notice: Option<String>,
    /// The machines that states were extracted to.
    pub(crate) children: Children,
    /// The documents that wait while a child is open, the outermost first.
    pub(crate) parents: Vec<Parent>,
    /// The project that the last opening took the place of.
    pub(crate) previous: Option<String>,
    /// Where the walk through the problems is.
    pub(crate) problem_idx: Option<usize>,
    derived: Derived,
}

/// What is computed from the document when somebody looks, once for each revision.
#[derive(Default)]
struct Derived {
    picture: OnceCell<Picture>,
    canvas: OnceCell<Canvas>,
    /// That of an earlier revision, of which a new one takes what is the same.
    canvas_before: Option<Canvas>,
    problems: OnceCell<Arc<ProblemsView>>,
    program: OnceCell<Arc<Program>>,
}

impl Default for Studio {
    fn default() -> Studio {
        Studio::new()
    }
}

impl Studio {
    /// A studio with nothing open.
    pub fn new() -> Studio {
        Studio {
            document: Document::new("", 0),
            file_name: "workflow.asl.json".to_owned(),
            is_open: false,
            history: History::new(),
            saved: None,
            selection: Selection::Nothing,
            scenarios: vec![empty_scenario(FIRST_SCENARIO)],
            mock_file: ScenarioFile::default(),
            chosen: 0,
            desk: Desk::default(),
            arrangement: Arrangement::default(),
            theme: Theme::default(),
            folding: Folding::default(),
            sources: Sources::default(),
            notice: None,
            children: Children::default(),
            parents: Vec::new(),
            previous: None,
            problem_idx: None,
            derived: Derived::default(),
        }
    }

    /// Does what a command says. What cannot be done is told in a sentence and changes nothing.
    pub fn dispatch(&mut self, command: Command) -> Reply {
        let had_notice = match command {
            Command::Tick { .. } | Command::Compute => false,
            _ => self.notice.take().is_some(),
        };
        let mut reply = self.act(command).unwrap_or_else(|Refusal(sentence)| {
            self.notice = Some(sentence.clone());
            let mut reply = Reply::default();
            reply.changed.workspace = true;
            reply.changed.player = !self.desk.refused.is_empty();
            reply.effects.push(Effect::Announce { sentence, assertive: true });
            reply
        });
        reply.changed.workspace |= had_notice || reply.changed.document;
        reply
    }

    /// Whether a command is possible now; the refusal is a sentence for the user. The same
    /// functions decide that later do it.
    pub fn can(&self, command: &Command) -> Result<(), Refusal> {
        if let Some(plan) = self.plan(command) {
            return plan.map(|_| ());
        }
        self.can_do(command)
    }

    /// What an edit would do to the text, for a gesture that is not finished.
    pub fn preview(&self, command: &Command) -> Result<EditPreview, Refusal> {
        match self.plan(command) {
            Some(plan) => Ok(EditPreview::new(&self.document, &plan?)),
            None => Err(Refusal("This changes nothing in the text".to_owned())),
        }
    }

    fn act(&mut self, command: Command) -> Result<Reply, Refusal> {
        if let Some(plan) = self.plan(&command) {
            let plan = plan?;
            let seeded = command.template().filter(|it| has_seeds(it));
            let seeded = seeded.map(|it| (it.clone(), Scene::new(&self.document).names()));
            let origin = command.origin(&plan.label);
            let mut reply = self.apply(plan, origin);
            if let Some((template, before)) = seeded {
                let new: Vec<String> =
                    Scene::new(&self.document).names().difference(&before).cloned().collect();
                let sowing = Sowing::new(&template, new, &mut self.scenarios);
                if let Some(beside) = self.history.beside_mut() {
                    beside.get_or_insert_default().sowing = sowing;
                }
                reply.changed.scenarios = true;
            }
            return Ok(reply);
        }
        if matches!(command, Command::Run | Command::RunAgainToHere) {
            self.desk.refused = self.program().refusals().iter().map(|it| it.sentence.clone()).collect();
        }
        self.can_do(&command)?;
        self.act_on_rest(command)
    }

    fn plan(&self, command: &Command) -> Option<Result<Plan, Refusal>> {
        plan_with(&self.document, &|arn| self.child_text(arn), command)
    }

    /// Makes a planned edit.
    fn apply(&mut self, plan: Plan, (origin, at_millis): (EditOrigin, u64)) -> Reply {
        let mut reply = Reply::default();
        if !plan.edit.is_empty() {
            let old = self.document.clone();
            self.change(&plan.edit, origin, at_millis, &mut reply);
            for (from, to) in &plan.moved {
                if from.scope() == to.scope() && from.name() != to.name() {
                    rename_mocks(&mut self.scenarios, &from.name(), &to.name());
                    reply.changed.scenarios = true;
                }
            }
            self.move_addresses(&plan.moved);
            self.folding.made(&old, &self.document, &plan.moved);
            if let Some(child) = plan.child {
                self.children.keep(child);
            }
            reply.changed.scenarios |= self.call_children();
            reply.effects.push(Effect::EditCode { edit: plan.edit });
            reply.effects.push(Effect::Autosave);
            reply.effects.push(announce(format!("{}. Undo with Control Z", plan.said)));
        } else if plan.copy.is_some() {
            reply.effects.push(announce(plan.said));
        }
        let keeps_selection = plan.select == SelectAfter::Same;
        reply.effects.extend(plan.copy.map(|text| Effect::Copy { text }));
        let selected = match plan.select {
            SelectAfter::Same => self.selection.clone(),
            SelectAfter::State(path) => Selection::State(path),
            SelectAfter::States(paths) => Selection::of_states(paths),
            SelectAfter::Edge(key) => Selection::Edge(key),
            SelectAfter::Nothing => Selection::Nothing,
        };
        self.selection = selected.if_there(&self.document);
        reply.changed.selection = true;
        if !keeps_selection {
            self.uncover_selection(&mut reply);
        }
        self.reveal(false, &mut reply);
        reply
    }

    /// Changes the text: the one place where that happens.
    pub(crate) fn change(&mut self, edit: &TextEdit, origin: EditOrigin, at_millis: u64, reply: &mut Reply) {
        let before = self.selection.range(&self.document);
        let beside = Beside::of_selection(&self.selection);
        if !edit.is_empty() {
            self.history.record(edit.invert(&self.document.text), origin, at_millis, before, beside);
        }
        self.document.edit(edit);
        self.document_changed(reply);
    }

    /// Puts another document in its place.
    pub(crate) fn replace_document(&mut self, document: Document, reply: &mut Reply) {
        self.document = document;
        self.document_changed(reply);
        if let Some(canvas) = &mut self.derived.canvas_before {
            canvas.picture.revision = None;
        }
    }

    fn document_changed(&mut self, reply: &mut Reply) {
        self.set_canvas_aside();
        self.derived.problems = OnceCell::new();
        self.derived.program = OnceCell::new();
        self.is_open = true;
        self.problem_idx = None;
        self.desk.refused.clear();
        reply.changed.document = true;
        reply.changed.selection = true;
        reply.changed.workspace = true;
        // Whether the run is older than the definition may have changed.
        reply.changed.player |= self.desk.has_run();
    }

    fn move_addresses(&mut self, moved: &[(StatePath, StatePath)]) {
        if moved.is_empty() {
            return;
        }
        self.selection = std::mem::take(&mut self.selection).moved(moved);
        self.folding.moved(moved);
        let breakpoints = std::mem::take(&mut self.desk.player.breakpoints);
        self.desk.player.breakpoints =
            breakpoints.into_iter().map(|it| mapped(it.as_str(), moved).map_or(it, StatePath::new)).collect();
    }

    /// Undoes, or does again.
    pub(crate) fn turn_back(&mut self, redo: bool) -> Result<Reply, Refusal> {
        let text = self.document.text.clone();
        let undone = if redo { self.history.redo(&text) } else { self.history.undo(&text) };
        let Some(undone) = undone else {
            let what = if redo { "redo" } else { "undo" };
            return Err(Refusal(format!("There is nothing to {what}")));
        };
        let mut reply = Reply::default();
        let old = self.document.clone();
        let mut beside = undone.beside.unwrap_or_default();
        self.document.edit(&undone.edit);
        match beside.machine_type(redo) {
            Some(machine_type) => {
                let (text, revision) = (self.document.text.clone(), self.document.revision);
                self.replace_document(Document::with_type(text, revision, machine_type), &mut reply);
            }
            None => self.document_changed(&mut reply),
        }
        if let Some(sowing) = &mut beside.sowing {
            match redo {
                true => sowing.again(&mut self.scenarios),
                false => sowing.take_back(&mut self.scenarios),
            }
            reply.changed.scenarios = true;
        }
        self.folding.follow(&old, &undone.edit, &self.document);
        reply.changed.scenarios |= self.call_children();
        if let Some((from, to)) = only_rename(&old, &self.document) {
            rename_mocks(&mut self.scenarios, &from, &to);
            reply.changed.scenarios = true;
        }
        self.selection = match Selection::at(&self.document, undone.selection) {
            Selection::Nothing => {
                std::mem::take(&mut self.selection).after(&old, &undone.edit, &self.document)
            }
            _ if !redo && !beside.selected.is_empty() => {
                Selection::of_states(beside.selected.clone()).if_there(&self.document)
            }
            selection => selection,
        };
        if redo
            && beside.sowing.is_some()
            && let Some(newest) = self.history.beside_mut()
        {
            *newest = Some(beside);
        }
        if !undone.edit.is_empty() {
            reply.effects.push(Effect::EditCode { edit: undone.edit });
        }
        reply
            .effects
            .push(Effect::RevealCode { range: TextRange::empty(undone.selection.start), scroll: true });
        self.reveal_node(&mut reply);
        reply.effects.push(Effect::Autosave);
        let done = if redo { "Did again" } else { "Undid" };
        reply.effects.push(announce(format!("{done} {}", undone.label)));
        Ok(reply)
    }

    /// Shows what is selected in the code pane and on the canvas.
    pub(crate) fn reveal(&self, scroll: bool, reply: &mut Reply) {
        if self.selection != Selection::Nothing {
            let start = self.selection.range(&self.document).start;
            reply.effects.push(Effect::RevealCode { range: TextRange::empty(start), scroll });
        }
        self.reveal_node(reply);
    }

    pub(crate) fn reveal_node(&self, reply: &mut Reply) {
        if let Some(path) = self.selection.state() {
            reply.effects.push(Effect::RevealNode { key: self.shown(path).to_string() });
        }
    }

    /// The picture is drawn in another way; the document is the same.
    pub(crate) fn redraw(&mut self, reply: &mut Reply) {
        self.set_canvas_aside();
        reply.changed.document = true;
        reply.changed.selection = true;
    }

    fn set_canvas_aside(&mut self) {
        self.derived.picture = OnceCell::new();
        if let Some(canvas) = self.derived.canvas.take() {
            self.derived.canvas_before = Some(canvas);
        }
    }

    pub(crate) fn picture(&self) -> &Picture {
        let before = self.derived.canvas_before.as_ref().map(|it| &it.picture);
        self.derived.picture.get_or_init(|| picture(&self.document, &self.folding, before))
    }

    /// The document made ready to run.
    pub(crate) fn program(&self) -> &Arc<Program> {
        self.derived.program.get_or_init(|| Arc::new(Program::new(&self.document)))
    }

    /// The text and facts about the document.
    pub fn document_view(&self) -> Arc<DocumentView> {
        Arc::new(DocumentView {
            revision: self.document.revision,
            text: self.document.text.clone(),
            file_name: self.file_name.clone(),
            language: self.document.machine.language.as_str(),
            n_states: self.document.machine.states.len(),
            undo: self.history.undo_label().map(|it| format!("Undo {it}")),
            redo: self.history.redo_label().map(|it| format!("Redo {it}")),
            parents: self.parents.iter().map(Parent::title).collect(),
            saved: self.saved.as_ref().is_some_and(|it| **it == *self.document.text),
        })
    }

    /// The canvas without any run.
    pub fn graph_view(&self) -> Arc<GraphView> {
        let before = self.derived.canvas_before.as_ref();
        self.derived.canvas.get_or_init(|| canvas(&self.document, self.picture(), before)).view.clone()
    }

    /// What is selected.
    pub fn selection_view(&self) -> Arc<SelectionView> {
        let mut view = self.selection.view(&self.document);
        view.shown = view.shown.map(|it| self.shown(&it));
        Arc::new(view)
    }

    /// Everything wrong with the document.
    pub fn problems_view(&self) -> Arc<ProblemsView> {
        self.derived.problems.get_or_init(|| Arc::new(problems(&self.document))).clone()
    }

    /// The selected state as a form; of a selected connection the state it leaves.
    pub fn inspector_view(&self) -> Arc<InspectorView> {
        let state = self.selection.subject();
        Arc::new(inspector(&self.document, state.as_ref()))
    }

    /// Scenarios and what the chosen one answers.
    pub fn scenarios_view(&self) -> Arc<ScenariosView> {
        Arc::new(scenarios_view(&self.document, &self.scenarios, self.chosen))
    }

    /// The frame around everything.
    pub fn workspace_view(&self) -> Arc<WorkspaceView> {
        use crate::studio::words::count;
        let n_problems = self.document.diagnostics.len();
        let n_states = self.document.machine.states.len();
        let status_line = format!(
            "{} · {} · {}",
            self.document.machine.language.as_str(),
            count(n_states, "state", "states"),
            if n_problems == 0 { "no problems".to_owned() } else { count(n_problems, "problem", "problems") }
        );
        let status_line = match self.sources.ids().len() {
            0 => status_line,
            n => format!("{status_line} · {}", count(n, "rule of another source", "rules of another source")),
        };
        Arc::new(WorkspaceView {
            arrangement: self.arrangement,
            theme: self.theme,
            orientation: self.folding.orientation,
            sources: self.sources,
            welcome: !self.is_open,
            status_line,
            notice: self.notice.clone(),
        })
    }
}

/// The name of the scenario that every document begins with.
pub(crate) const FIRST_SCENARIO: &str = "Scenario 1";

/// A sentence for the live region.
pub(crate) fn announce(sentence: impl Into<String>) -> Effect {
    Effect::Announce { sentence: sentence.into(), assertive: false }
}

/// The old and the new name, when one state is named differently and nothing else came or went.
fn only_rename(old: &Document, new: &Document) -> Option<(String, String)> {
    let (old_names, new_names) = (Scene::new(old).names(), Scene::new(new).names());
    let only = |from: &BTreeSet<String>, to: &BTreeSet<String>| {
        let mut gone = from.difference(to);
        gone.next().filter(|_| gone.next().is_none()).cloned()
    };
    if old.machine.states.len() != new.machine.states.len() {
        return None;
    }
    Some((only(&old_names, &new_names)?, only(&new_names, &old_names)?))
}

impl Changed {
    /// Every view is new.
    pub(crate) const ALL: Changed = Changed {
        document: true,
        selection: true,
        run: true,
        player: true,
        looked: true,
        scenarios: true,
        workspace: true,
    };
}
