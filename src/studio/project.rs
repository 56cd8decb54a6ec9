//! The project as one JSON text: everything needed to find things as they were. Numbers that
//! change meaning get a new version; a project that cannot be read still gives its text back.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::asl::{Document, StatePath};
use crate::sim::{
    Answer, MockRow, Mocks, Program, Run, RunRequest, RunStatus, Scenario, Settings, StatesError,
};
use crate::studio::command::{Arrangement, Refusal, Theme};
use crate::studio::facade::{FIRST_SCENARIO, Studio};
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
    history: History,
    #[serde(default)]
    selection: Selection,
    #[serde(default)]
    scenarios: Vec<SavedScenario>,
    #[serde(default)]
    chosen: usize,
    #[serde(default)]
    arrangement: Arrangement,
    #[serde(default)]
    theme: Theme,
    #[serde(default)]
    breakpoints: BTreeSet<StatePath>,
    /// Playing speed; 0 for none.
    #[serde(default)]
    speed: f64,
    #[serde(default)]
    run: Option<SavedRun>,
}

#[derive(Serialize, Deserialize)]
struct SavedScenario {
    name: String,
    note: String,
    input: Value,
    mocks: Vec<(String, Vec<SavedRow>)>,
}

#[derive(Serialize, Deserialize)]
struct SavedRow {
    first: u32,
    last: Option<u32>,
    answer: SavedAnswer,
}

#[derive(Serialize, Deserialize)]
enum SavedAnswer {
    Return(Value),
    Throw(StatesError),
    TimeOut,
}

/// What a run is determined by; it is computed anew.
#[derive(Serialize, Deserialize)]
struct SavedRun {
    /// The text that was run, where it is not the present one.
    text: Option<String>,
    input: Value,
    /// Mocks as they were when the run began.
    mocks: Vec<(String, Vec<SavedRow>)>,
    /// Mocks with the answers given since.
    mocks_now: Vec<(String, Vec<SavedRow>)>,
    decisions: Vec<(usize, SavedAnswer)>,
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
            arrangement: self.arrangement,
            theme: self.theme,
            breakpoints: self.desk.player.breakpoints.clone(),
            speed: self.desk.player.speed,
            run: self.desk.job.as_ref().map(|job| SavedRun {
                text: (job.document.text != self.document.text).then(|| job.document.text.to_string()),
                input: (*job.input).clone(),
                mocks: save_mocks(&job.run.request().mocks),
                mocks_now: save_mocks(&job.mocks),
                decisions: job
                    .run
                    .decisions()
                    .iter()
                    .map(|it| (it.step_idx, save_answer(&it.answer)))
                    .collect(),
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
    let document = Document::new(text.clone(), 1);
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
    studio.arrangement = project.arrangement;
    studio.theme = project.theme;
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
        Some(text) => Document::new(text, 0),
        None => studio.document.clone(),
    };
    let request = RunRequest {
        program: Arc::new(Program::new(&document)),
        input: Arc::new(saved.input),
        mocks: load_mocks(saved.mocks),
        seed: SEED,
        settings: Settings { machine_name: studio.title().to_owned(), ..Settings::default() },
    };
    let input = request.input.clone();
    let mut run = Run::start(request);
    for (step_idx, answer) in saved.decisions {
        let answer = load_answer(answer);
        let missing = (step_idx + 1).saturating_sub(run.trace().len());
        run.advance(missing);
        if run.status() == RunStatus::Asking && run.trace().len() == step_idx + 1 {
            run.answer(answer);
        } else if let Some(fork) = run.fork(step_idx, answer) {
            run = fork;
        }
    }
    run.finish();
    studio.desk.player.cursor = saved.cursor.min(run.trace().len().saturating_sub(1));
    studio.desk.job = Some(Job { run, document, input, mocks: load_mocks(saved.mocks_now) });
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
    }
}

fn load_scenario(saved: SavedScenario) -> Scenario {
    Scenario {
        name: saved.name,
        note: saved.note,
        input: Arc::new(saved.input),
        mocks: load_mocks(saved.mocks),
    }
}

fn save_mocks(mocks: &Mocks) -> Vec<(String, Vec<SavedRow>)> {
    let save_row =
        |it: &MockRow| SavedRow { first: it.first, last: it.last, answer: save_answer(&it.answer) };
    mocks.states.iter().map(|(name, rows)| (name.clone(), rows.iter().map(save_row).collect())).collect()
}

fn load_mocks(saved: Vec<(String, Vec<SavedRow>)>) -> Mocks {
    let load_row = |it: SavedRow| MockRow { first: it.first, last: it.last, answer: load_answer(it.answer) };
    let states = saved.into_iter().map(|(name, rows)| (name, rows.into_iter().map(load_row).collect()));
    Mocks { states: states.collect(), ..Mocks::default() }
}

fn save_answer(answer: &Answer) -> SavedAnswer {
    match answer {
        Answer::Return(value) => SavedAnswer::Return((**value).clone()),
        Answer::Throw(error) => SavedAnswer::Throw(error.clone()),
        Answer::TimeOut => SavedAnswer::TimeOut,
    }
}

fn load_answer(saved: SavedAnswer) -> Answer {
    match saved {
        SavedAnswer::Return(value) => Answer::Return(Arc::new(value)),
        SavedAnswer::Throw(error) => Answer::Throw(error),
        SavedAnswer::TimeOut => Answer::TimeOut,
    }
}
