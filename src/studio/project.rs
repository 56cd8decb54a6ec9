//! The project as one JSON text: everything needed to find things as they were. Numbers that
//! change meaning get a new version; a project that cannot be read still gives its text back.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::asl::{Document, MachineType, StatePath};
use crate::flow::Orientation;
use crate::sim::{
    Answer, Decision, Deed, Expect, Machines, MockRow, Mocks, Objects, Program, Run, RunRequest, RunStatus,
    Scenario, ScenarioFile, Settings, Sources, StartAt,
};
use crate::studio::beside::Beside;
use crate::studio::children::Children;
use crate::studio::command::{Arrangement, Refusal, Theme};
use crate::studio::facade::{FIRST_SCENARIO, Studio};
use crate::studio::folding::Folding;
use crate::studio::nesting::{Parent, SavedParent};
use crate::studio::running::{Job, SEED};
use crate::studio::scenario::empty_scenario;
use crate::studio::selection::Selection;
use crate::text::History;

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Project {
    version: u32,
    file_name: String,
    text: String,
    #[serde(default)]
    is_open: bool,
    /// Whether the text is what was saved to a file.
    #[serde(default)]
    saved: bool,
    #[serde(default)]
    history: History<Beside>,
    #[serde(default)]
    selection: Selection,
    #[serde(default)]
    scenarios: Vec<SavedScenario>,
    #[serde(default)]
    chosen: usize,
    #[serde(default)]
    mock_file: Option<SavedMockFile>,
    #[serde(default)]
    arrangement: Arrangement,
    #[serde(default)]
    theme: Theme,
    #[serde(default)]
    orientation: Orientation,
    #[serde(default)]
    collapsed: BTreeSet<StatePath>,
    /// Ids of the questions that the other source decides.
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    breakpoints: BTreeSet<StatePath>,
    /// Playing speed; 0 for none.
    #[serde(default)]
    speed: f64,
    #[serde(default)]
    run: Option<SavedRun>,
    #[serde(default)]
    children: Children,
    /// The documents that wait while a child is open.
    #[serde(default)]
    parents: Vec<SavedParent>,
    #[serde(default)]
    machine_type: MachineType,
}

/// What a mock file says besides its scenarios.
#[derive(Serialize, Deserialize)]
struct SavedMockFile {
    machine: String,
    title: String,
    summary: String,
    source: Value,
}

#[derive(Serialize, Deserialize)]
struct SavedScenario {
    name: String,
    note: String,
    input: Value,
    mocks: Vec<(String, Vec<MockRow>)>,
    #[serde(default)]
    machines: Machines,
    /// As in a mock file.
    #[serde(default)]
    objects: Option<Value>,
    #[serde(default)]
    expect: Option<Expect>,
}

/// A decision; older projects have answers only.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SavedDecision {
    Made(Decision),
    Answered(usize, Answer),
}

/// What a run is determined by; it is computed anew.
#[derive(Serialize, Deserialize)]
struct SavedRun {
    /// The text that was run, where it is not the present one.
    text: Option<String>,
    input: Value,
    /// Mocks as they were when the run began.
    mocks: Vec<(String, Vec<MockRow>)>,
    /// Mocks with the answers given since.
    mocks_now: Vec<(String, Vec<MockRow>)>,
    #[serde(default)]
    machines: Machines,
    #[serde(default)]
    objects: Option<Value>,
    /// Objects with those that were given as answers since.
    #[serde(default)]
    objects_now: Option<Value>,
    #[serde(default)]
    expect: Option<Expect>,
    /// As those of the project, when the run began.
    #[serde(default)]
    sources: Vec<String>,
    /// The state that it began with, its input and the variables.
    #[serde(default)]
    start: Option<(StatePath, Value, Map<String, Value>)>,
    decisions: Vec<SavedDecision>,
    cursor: usize,
    /// Index of the stage that was chosen at the cursor.
    #[serde(default)]
    stage: Option<usize>,
}

impl Studio {
    /// Everything needed to find things as they were, as one JSON text.
    pub fn project(&self) -> String {
        let project = Project {
            version: VERSION,
            file_name: self.file_name.clone(),
            text: self.document.text.to_string(),
            is_open: self.is_open,
            saved: self.saved.as_ref().is_some_and(|it| **it == *self.document.text),
            history: self.history.clone(),
            selection: self.selection.clone(),
            scenarios: self.scenarios.iter().map(save_scenario).collect(),
            chosen: self.chosen,
            mock_file: Some(SavedMockFile {
                machine: self.mock_file.machine.clone(),
                title: self.mock_file.title.clone(),
                summary: self.mock_file.summary.clone(),
                source: (*self.mock_file.source).clone(),
            }),
            arrangement: self.arrangement,
            theme: self.theme,
            orientation: self.folding.orientation,
            collapsed: self.folding.collapsed.clone(),
            sources: self.sources.ids(),
            machine_type: self.document.machine_type,
            children: self.children.clone(),
            parents: self.parents.iter().map(Parent::save).collect(),
            breakpoints: self.desk.player.breakpoints.clone(),
            speed: self.desk.player.speed,
            run: self.desk.job.as_ref().map(|job| SavedRun {
                text: (job.document.text != self.document.text).then(|| job.document.text.to_string()),
                input: (*job.input).clone(),
                mocks: save_mocks(&job.run.request().mocks),
                mocks_now: save_mocks(&job.mocks),
                machines: (*job.mocks.machines).clone(),
                objects: job.run.request().mocks.objects.to_file(),
                objects_now: job.mocks.objects.to_file(),
                expect: job.expect.clone(),
                sources: job.run.request().settings.sources.ids(),
                start: job
                    .run
                    .request()
                    .start
                    .as_ref()
                    .map(|it| (it.state.clone(), (*it.input).clone(), (*it.variables).clone())),
                decisions: job.run.decisions().iter().cloned().map(SavedDecision::Made).collect(),
                cursor: self.desk.player.cursor,
                stage: self.chosen_stage_idx(),
            }),
        };
        serde_json::to_string(&project).unwrap_or_default()
    }

    fn chosen_stage_idx(&self) -> Option<usize> {
        let (at, name) = self.desk.chosen_stage?;
        (at == self.desk.player.cursor)
            .then(|| self.stage_names().iter().position(|it| *it == name))
            .flatten()
    }

    /// The studio that a project describes. Of one that is damaged or from another version the
    /// text at least comes back; without any text there is nothing to restore.
    pub fn restore(project: &str) -> Result<Studio, Refusal> {
        match serde_json::from_str::<Project>(project) {
            Ok(project) if project.version == VERSION => Ok(restored(project)),
            _ => rescued(project),
        }
    }
}

fn restored(project: Project) -> Studio {
    let mut studio = Studio::new();
    let text: Arc<str> = project.text.into();
    let document = Document::with_type(text.clone(), 1, project.machine_type);
    studio.replace_document(document, &mut Default::default());
    studio.is_open = project.is_open;
    studio.file_name = project.file_name;
    studio.saved = project.saved.then_some(text);
    studio.history = project.history;
    studio.history.isolate();
    studio.selection = project.selection.if_there(&studio.document);
    studio.scenarios = project.scenarios.into_iter().map(load_scenario).collect();
    if studio.scenarios.is_empty() {
        studio.scenarios.push(empty_scenario(FIRST_SCENARIO));
    }
    studio.chosen = project.chosen.min(studio.scenarios.len() - 1);
    if let Some(file) = project.mock_file {
        studio.mock_file = ScenarioFile {
            machine: file.machine,
            title: file.title,
            summary: file.summary,
            source: Arc::new(file.source),
            scenarios: Vec::new(),
        };
    }
    studio.arrangement = project.arrangement;
    studio.theme = project.theme;
    studio.folding = Folding { collapsed: project.collapsed, orientation: project.orientation };
    studio.sources = Sources::from_ids(&project.sources);
    studio.children = project.children;
    studio.parents = project.parents.into_iter().filter_map(Parent::load).collect();
    studio.desk.player.breakpoints = project.breakpoints;
    if project.speed > 0.0 {
        studio.desk.player.speed = project.speed;
    }
    if let Some(saved) = project.run {
        restore_run(&mut studio, saved);
    }
    studio
}

/// Computes the run again with the same answers. A run that takes other ways now, because the
/// simulator has changed, is shown as far as it goes.
fn restore_run(studio: &mut Studio, saved: SavedRun) {
    let document = match saved.text {
        Some(text) => Document::with_type(text, 0, studio.document.machine_type),
        None => studio.document.clone(),
    };
    let request = RunRequest {
        program: Arc::new(Program::new(&document)),
        input: Arc::new(saved.input),
        mocks: load_mocks(saved.mocks, &saved.machines, &saved.objects),
        seed: SEED,
        settings: Settings {
            machine_name: studio.title().to_owned(),
            sources: Sources::from_ids(&saved.sources),
            machine_type: document.machine_type,
            ..Settings::default()
        },
        start: saved.start.map(|(state, input, variables)| StartAt {
            state,
            input: Arc::new(input),
            variables: Arc::new(variables),
        }),
    };
    let input = request.input.clone();
    let mut run = Run::start(request);
    for decision in saved.decisions {
        let step_idx = match &decision {
            SavedDecision::Made(decision) => decision.step_idx,
            SavedDecision::Answered(step_idx, _) => *step_idx,
        };
        let missing = (step_idx + 1).saturating_sub(run.trace().len());
        run.advance(missing);
        match decision {
            SavedDecision::Made(Decision { call, deed, .. }) => {
                let is_here = run.trace().len() == step_idx + 1;
                match deed {
                    Deed::Answer { answer, .. } if !is_here => {
                        if let Some(fork) = run.fork(step_idx, answer) {
                            run = fork;
                        }
                    }
                    deed => drop(run.decide(call, deed)),
                }
            }
            SavedDecision::Answered(_, answer)
                if run.status() == RunStatus::Asking && run.trace().len() == step_idx + 1 =>
            {
                run.answer(answer);
            }
            SavedDecision::Answered(_, answer) => {
                if let Some(fork) = run.fork(step_idx, answer) {
                    run = fork;
                }
            }
        }
    }
    run.finish();
    studio.desk.player.cursor = saved.cursor.min(run.trace().len().saturating_sub(1));
    studio.desk.job = Some(Job {
        run,
        document,
        input,
        mocks: load_mocks(saved.mocks_now, &saved.machines, &saved.objects_now),
        expect: saved.expect,
    });
    let stage = saved.stage.and_then(|it| studio.stage_names().get(it).copied());
    studio.desk.chosen_stage = stage.map(|it| (studio.desk.player.cursor, it));
}

/// Takes what can be taken out of a project that is not ours: first of all the text.
fn rescued(project: &str) -> Result<Studio, Refusal> {
    let tree = crate::json::parse(project);
    let root = tree.root();
    let string = |name: &str| tree.get(root, name).and_then(|it| tree.string(it)).map(|it| it.into_owned());
    let Some(text) = string("text") else {
        return Err(Refusal(
            "What was kept in this browser cannot be read; nothing could be restored".to_owned(),
        ));
    };
    let mut studio = Studio::new();
    let is_empty = text.is_empty();
    studio.replace_document(Document::new(text, 1), &mut Default::default());
    studio.is_open = !is_empty;
    if let Some(name) = string("file_name") {
        studio.file_name = name;
    }
    studio.notice =
        Some("Only the text could be restored: what was kept is damaged or from another version".to_owned());
    Ok(studio)
}

fn save_scenario(scenario: &Scenario) -> SavedScenario {
    SavedScenario {
        name: scenario.name.clone(),
        note: scenario.note.clone(),
        input: (*scenario.input).clone(),
        mocks: save_mocks(&scenario.mocks),
        machines: (*scenario.mocks.machines).clone(),
        objects: scenario.mocks.objects.to_file(),
        expect: scenario.expect.clone(),
    }
}

fn load_scenario(saved: SavedScenario) -> Scenario {
    Scenario {
        name: saved.name,
        note: saved.note,
        input: Arc::new(saved.input),
        mocks: load_mocks(saved.mocks, &saved.machines, &saved.objects),
        expect: saved.expect,
    }
}

fn save_mocks(mocks: &Mocks) -> Vec<(String, Vec<MockRow>)> {
    mocks.states.iter().map(|(name, rows)| (name.clone(), rows.clone())).collect()
}

fn load_mocks(saved: Vec<(String, Vec<MockRow>)>, machines: &Machines, objects: &Option<Value>) -> Mocks {
    let machines = Arc::new(machines.clone());
    let objects = Arc::new(Objects::from_file(objects.as_ref()).unwrap_or_default());
    Mocks { states: saved.into_iter().collect(), machines, objects }
}
