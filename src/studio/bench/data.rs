//! What an expression in the bench reads: the data of one stage of the step that the lens shows, or
//! an input of one's own.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::asl::{QueryLanguage, StatePath};
use crate::expr::{MAX_DEPTH, depth_within};
use crate::sim::{Settings, Stage, StageName, Step};
use crate::studio::Studio;
use crate::studio::command::Refusal;
use crate::studio::edit::refuse;
use crate::studio::lens::{chosen_name, words_of};
use crate::studio::scenario::{json_of, pretty};

/// Everything that an expression reads.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchData {
    /// `$` of a path.
    pub(crate) input: Arc<Value>,
    /// `$states` of JSONata.
    pub(crate) states: Value,
    /// `$$` of a path, `$states.context` of JSONata.
    pub(crate) context: Value,
    pub(crate) variables: Arc<Map<String, Value>>,
    /// In milliseconds since 1970.
    pub(crate) now_millis: i64,
}

impl BenchData {
    /// The names that an expression can begin with: `$states.input`, `$order`; `$`, `$$` in paths.
    pub fn names(&self, language: QueryLanguage) -> Vec<String> {
        let mut names: Vec<String> = match language {
            QueryLanguage::JsonPath => vec!["$".to_string(), "$$".to_string()],
            QueryLanguage::Jsonata => {
                let members = self.states.as_object().into_iter().flat_map(|it| it.keys());
                members.map(|it| format!("$states.{it}")).collect()
            }
        };
        names.extend(self.variables.keys().map(|it| format!("${it}")));
        names
    }
}

/// Where the data comes from.
#[derive(Clone, PartialEq, Debug)]
pub enum BenchSource {
    /// What is read at a stage of the step that the lens shows, by its index in [`BenchPlaces`].
    Step { place: usize },
    /// This JSON text, without a run.
    Own { input: String },
}

/// The data that there is to choose from.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct BenchPlaces {
    /// The state whose step the lens shows; without one there is only one's own data, for the
    /// state that is selected.
    pub state: Option<StatePath>,
    /// “Charge card · step 7”; empty without a run.
    pub title: String,
    /// The stages that the step has come to, by the words of the States Language.
    pub stages: Vec<&'static str>,
    /// The one that the lens shows.
    pub chosen: usize,
    /// The language of the state.
    pub language: QueryLanguage,
    /// What one's own input is at first: that of the scenario.
    pub input: String,
}

impl Studio {
    /// What there is to try an expression on.
    pub fn bench_places(&self) -> BenchPlaces {
        let input = self.scenarios.get(self.chosen).map(|it| pretty(&it.input));
        let input = input.filter(|it| it != "null").unwrap_or_else(|| "{}".to_string());
        let language = |path: Option<&StatePath>| {
            let state = path.and_then(|it| self.document.state(it));
            state.map_or(self.document.machine.language, |it| it.language)
        };
        let desk = &self.desk;
        let at_state = desk.lens_step().and_then(|step| Some((step.state.clone()?, step)));
        let Some((path, step)) = at_state.filter(|(_, step)| !step.stages.is_empty()) else {
            let state = self.selection.subject();
            let language = language(state.as_ref());
            return BenchPlaces { state, language, input, ..BenchPlaces::default() };
        };
        let facts = self.facts();
        let chosen = chosen_name(&step, desk.lens_idx(), &facts, desk.chosen_stage);
        let chosen = step.stages.iter().position(|it| Some(it.name) == chosen);
        BenchPlaces {
            title: format!("{} · step {}", path.name(), desk.lens_idx() + 1),
            stages: step.stages.iter().map(|it| words_of(it.name, &facts).0).collect(),
            chosen: chosen.unwrap_or(step.stages.len().saturating_sub(1)),
            language: language(Some(&path)),
            state: Some(path),
            input,
        }
    }

    /// Gathers the data, or says why there is none.
    pub fn bench_data(&self, source: &BenchSource) -> Result<BenchData, Refusal> {
        match source {
            BenchSource::Own { input } => own(input),
            BenchSource::Step { place } => {
                let desk = &self.desk;
                let found = desk.lens_step().and_then(|step| Some((step.stages.get(*place)?.clone(), step)));
                match found {
                    Some((stage, step)) => Ok(self.data_of(&step, *place, &stage)),
                    None => refuse("The run has no data here"),
                }
            }
        }
    }

    fn data_of(&self, step: &Arc<Step>, place: usize, stage: &Stage) -> BenchData {
        let context = self.desk.job.as_ref().and_then(|it| it.run.context_at(self.desk.lens_idx()));
        let context = context.unwrap_or_else(|| json!({}));
        let gave = |it: &Stage| it.after.as_ref().ok().cloned();
        let is_given = matches!(stage.name, StageName::Input | StageName::Result);
        let input = if is_given { gave(stage) } else { None };
        let input = input.unwrap_or_else(|| Arc::clone(&stage.before));

        let mut states = Map::new();
        match &stage.read {
            Some(read) => {
                let members = read.states.iter().map(|(name, it)| ((*name).to_string(), Value::clone(it)));
                states.extend(members);
            }
            None => {
                let until_here = step.stages.get(..=place).unwrap_or_default();
                let found = |name: StageName| until_here.iter().rfind(|it| it.name == name).and_then(gave);
                let raw = found(StageName::Input).unwrap_or_else(|| Arc::clone(&stage.before));
                states.insert("input".to_string(), Value::clone(&raw));
                let result = found(StageName::Result);
                states.extend(result.map(|it| ("result".to_string(), Value::clone(&it))));
            }
        }
        states.insert("context".to_string(), context.clone());

        let read = stage.read.as_ref().or_else(|| step.stages.iter().find_map(|it| it.read.as_ref()));
        let start_millis = self.desk.job.as_ref().map_or(0, |it| it.run.request().settings.start_millis);
        let at_millis = i64::try_from(step.at_millis).unwrap_or(i64::MAX);
        BenchData {
            input,
            states: Value::Object(states),
            context,
            variables: read.map_or_else(|| self.variables_at_entry(step), |it| Arc::clone(&it.variables)),
            now_millis: read.map_or(start_millis.saturating_add(at_millis), |it| it.now_millis),
        }
    }

    /// The variables as they were when the state was entered: what all its fields read.
    fn variables_at_entry(&self, step: &Step) -> Arc<Map<String, Value>> {
        let desk = &self.desk;
        let steps = desk.steps();
        let entry_idx = steps.iter().position(|it| it.visit == step.visit);
        let entry = entry_idx.and_then(|it| desk.whole_step(it));
        let has_assigned = |it: &Step| it.stages.iter().any(|it| it.name == StageName::Assign);
        if let Some(entry) = entry.filter(|it| !has_assigned(it)) {
            return Arc::clone(&entry.variables);
        }
        // It was entered and left in one step, so the one before it tells.
        let before = steps.get(..entry_idx.unwrap_or_default()).unwrap_or_default();
        let around = before.iter().rposition(|it| step.strand.starts_with(&it.strand));
        around.and_then(|it| desk.whole_step(it)).map(|it| Arc::clone(&it.variables)).unwrap_or_default()
    }
}

fn own(input: &str) -> Result<BenchData, Refusal> {
    let text = if input.trim().is_empty() { "{}" } else { input };
    let input = json_of(text, "The input")?;
    if !depth_within(&input, MAX_DEPTH) {
        return refuse(format!("The input is nested deeper than {MAX_DEPTH} levels"));
    }
    let context = json!({ "Execution": { "Input": input } });
    Ok(BenchData {
        states: json!({ "input": input, "context": context }),
        context,
        input: Arc::new(input),
        variables: Arc::default(),
        now_millis: Settings::default().start_millis,
    })
}
