//! The project as one JSON text: everything needed to find things as they were. Numbers that
//! change meaning get a new version; a project that cannot be read still gives its text back.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::asl::{Document, MachineType, StatePath};
use crate::flow::Orientation;
use crate::json::{Keep, keep, read_json};
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

struct Project {
    version: u32,
    file_name: String,
    text: String,
    is_open: bool,
    /// Whether the text is what was saved to a file.
    saved: bool,
    history: History<Beside>,
    selection: Selection,
    scenarios: Vec<SavedScenario>,
    chosen: usize,
    mock_file: Option<SavedMockFile>,
    arrangement: Arrangement,
    theme: Theme,
    orientation: Orientation,
    collapsed: BTreeSet<StatePath>,
    /// Ids of the questions that the other source decides.
    sources: Vec<String>,
    breakpoints: BTreeSet<StatePath>,
    /// Playing speed; 0 for none.
    speed: f64,
    run: Option<SavedRun>,
    children: Children,
    /// The documents that wait while a child is open.
    parents: Vec<SavedParent>,
    machine_type: MachineType,
}
keep! {
    Project {
        version, file_name, text, is_open or_default, saved or_default, history or_default,
        selection or_default, scenarios or_default, chosen or_default, mock_file,
        arrangement or_default, theme or_default, orientation or_default, collapsed or_default,
        sources or_default, breakpoints or_default, speed or_default, run, children or_default,
        parents or_default, machine_type or_default,
    }
}

/// What a mock file says besides its scenarios.
struct SavedMockFile {
    machine: String,
    title: String,
    summary: String,
    source: Value,
}
keep! { SavedMockFile { machine, title, summary, source } }

struct SavedScenario {
    name: String,
    note: String,
    input: Value,
    mocks: Vec<(String, Vec<MockRow>)>,
    machines: Machines,
    /// As in a mock file.
    objects: Option<Value>,
    expect: Option<Expect>,
}
keep! {
    SavedScenario {
        name, note, input, mocks, machines or_default, objects, expect,
    }
}

/// A decision; older projects have answers only.
enum SavedDecision {
    Made(Decision),
    Answered(usize, Answer),
}

impl Keep for SavedDecision {
    fn keep(&self, out: &mut String) {
        match self {
            SavedDecision::Made(decision) => decision.keep(out),
            SavedDecision::Answered(step_idx, answer) => (*step_idx, answer.clone()).keep(out),
        }
    }

    fn read(value: &mut Value, damaged: &mut bool) -> SavedDecision {
        if value.is_array() {
            let (step_idx, answer) = Keep::read(value, damaged);
            return SavedDecision::Answered(step_idx, answer);
        }
        SavedDecision::Made(Keep::read(value, damaged))
    }
}

/// What a run is determined by; it is computed anew.
struct SavedRun {
    /// The text that was run, where it is not the present one.
    text: Option<String>,
    input: Value,
    /// Mocks as they were when the run began.
    mocks: Vec<(String, Vec<MockRow>)>,
    /// Mocks with the answers given since.
    mocks_now: Vec<(String, Vec<MockRow>)>,
    machines: Machines,
    objects: Option<Value>,
    /// Objects with those that were given as answers since.
    objects_now: Option<Value>,
    expect: Option<Expect>,
    /// As those of the project, when the run began.
    sources: Vec<String>,
    /// The state that it began with, its input and the variables.
    start: Option<(StatePath, Value, Map<String, Value>)>,
    decisions: Vec<SavedDecision>,
    cursor: usize,
    /// Index of the stage that was chosen at the cursor.
    stage: Option<usize>,
}
keep! {
    SavedRun {
        text, input, mocks, mocks_now, machines or_default, objects, objects_now, expect,
        sources or_default, start, decisions, cursor, stage,
    }
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
        project.to_json()
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
        match read_json(project).ok().and_then(|mut it| Project::bring_back(&mut it)) {
            Some(project) if project.version == VERSION => Ok(restored(project)),
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

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::json::{escape, unescape};

    /// A project with everything that can be kept, in the form that is stored.
    const STORED: &str = include_str!("project.stored.json");

    fn brought_back(stored: &Value) -> Option<String> {
        Some(Project::bring_back(&mut stored.clone())?.to_json())
    }

    fn stored() -> Value {
        read_json(STORED).expect("JSON")
    }

    #[test]
    fn what_is_stored_is_read_and_written_as_ever() {
        assert_eq!(brought_back(&stored()), Some(stored().to_string()));
    }

    #[test]
    fn older_projects_are_read() {
        let mut older = json!({"version": 1, "file_name": "a.json", "text": "{}"});
        let kept = brought_back(&older).expect("read");
        expect![[r#"{"version":1,"file_name":"a.json","text":"{}","is_open":false,"saved":false,"history":{"undo":[],"redo":[],"open":false,"n_bytes":0},"selection":"Nothing","scenarios":[],"chosen":0,"mock_file":null,"arrangement":"Build","theme":"System","orientation":"Vertical","collapsed":[],"sources":[],"breakpoints":[],"speed":0.0,"run":null,"children":[],"parents":[],"machine_type":"STANDARD"}"#]].assert_eq(&kept);
        older["children"] = json!([["arn:a", "{}"]]);
        older["run"] = json!({"text": null, "input": 1, "mocks": [], "mocks_now": [], "decisions": [[3, "TimeOut"]], "cursor": 0});
        let kept = read_json(&brought_back(&older).expect("read")).expect("JSON");
        assert_eq!(kept["children"], json!([{"arn": "arn:a", "text": "{}", "project": ""}]));
        assert_eq!(kept["run"]["decisions"], json!([[3, "TimeOut"]]));
    }

    /// The pointers of all values, inner ones first.
    fn places(value: &Value, pointer: String, places: &mut Vec<String>) {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(name, it)| (name.clone(), it)).collect(),
            Value::Array(all) => all.iter().enumerate().map(|(idx, it)| (idx.to_string(), it)).collect(),
            _ => Vec::new(),
        };
        for (name, it) in inner {
            self::places(it, format!("{pointer}/{}", escape(&name)), places);
        }
        places.push(pointer);
    }

    #[test]
    fn whatever_is_damaged_is_read_as_it_stands_or_not_at_all() {
        let stored = stored();
        let mut all = Vec::new();
        places(&stored, String::new(), &mut all);
        let others = json!([null, 7, 1.5, "x", [], ["a", "b"], {}]);
        let mut n_read = 0;
        for place in &all {
            let with = |other: &Value| {
                let mut damaged = stored.clone();
                *damaged.pointer_mut(place)? = other.clone();
                Some(damaged)
            };
            let without = || {
                let (owner, name) = place.rsplit_once('/')?;
                let mut damaged = stored.clone();
                damaged.pointer_mut(owner)?.as_object_mut()?.shift_remove(&unescape(name))?;
                Some(damaged)
            };
            let damaged = others.as_array().into_iter().flatten().map(with).chain([without()]);
            for kept in damaged.flatten().filter_map(|it| brought_back(&it)) {
                n_read += 1;
                assert_eq!(brought_back(&read_json(&kept).expect("JSON")), Some(kept), "{place}");
            }
        }
        // Whatever a text or data may be, and what may be left out.
        assert!(2 * all.len() < n_read && n_read < 6 * all.len(), "{n_read} of {} places", all.len());
    }
}
