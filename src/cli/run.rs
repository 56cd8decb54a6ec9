//! `stepglass run`: a run from start to end, how it ended, its history and its trace.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value, json};

use crate::asl::MachineType;
use crate::cli::definition::Definition;
use crate::cli::{FAILED, Outcome, SEED, machines, read, trace};
use crate::sim::scenario::scenarios_of_machine;
use crate::sim::{
    DISAGREEMENTS, Disagreement, Happening, Machine, Program, Question, Run, RunRequest, RunStatus, Scenario,
    Settings, Sources, Step, scenarios_from_file,
};

#[derive(Args)]
pub struct RunArgs {
    /// The definition; - reads standard input
    pub definition: String,
    /// The input: a JSON text, a file, or - for standard input; else that of the case, else {}
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub input: Option<String>,
    /// What the tasks answer: a file in the form of AWS's MockConfigFile.json
    #[arg(long, value_name = "FILE")]
    pub mocks: Option<PathBuf>,
    /// The test case of the mocks; needed when there are several
    #[arg(long, value_name = "NAME", requires = "mocks")]
    pub case: Option<String>,
    /// The name of the state machine; in the mocks, else the first one is taken
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
    /// Another state machine that the workflow may start; may be repeated
    #[arg(long, value_name = "ARN=FILE")]
    pub machine_file: Vec<String>,
    /// How AWS runs the workflow
    #[arg(long = "type", value_name = "TYPE", default_value = "STANDARD", ignore_case = true)]
    pub machine_type: TypeWord,
    /// The name of the execution
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// When the execution starts, such as 2026-01-01T00:00:00Z, or in seconds since 1970
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub start_time: Option<String>,
    /// Decides jitter, States.MathRandom and States.UUID
    #[arg(long, value_name = "NUMBER", default_value_t = SEED)]
    pub seed: u64,
    /// Follow the other source on these questions on which the sources disagree (--help lists them);
    /// by default a run does what AWS was recorded doing
    #[arg(long, value_name = "ID,…", value_delimiter = ',', long_help = sources_help())]
    pub sources: Vec<String>,
    /// Print what every state did to its data, too
    #[arg(long)]
    pub trace: bool,
}

/// [`MachineType`] as a word of the command line.
#[derive(Clone, Copy, ValueEnum)]
pub enum TypeWord {
    #[value(name = "STANDARD")]
    Standard,
    #[value(name = "EXPRESS")]
    Express,
}

/// AWS's limit for an input, in bytes.
const MAX_INPUT_BYTES: usize = 262_144;
/// AWS's limit for the name of an execution, in characters.
const MAX_NAME_CHARS: usize = 80;

/// Runs a definition to its end.
pub fn run(args: &RunArgs) -> Result<Outcome, Vec<String>> {
    let one = |sentence: String| vec![sentence];
    read::only_one_stdin(&[("definition", Some(&args.definition)), ("input", args.input.as_deref())])
        .map_err(one)?;
    let settings = settings(args).map_err(one)?;
    let program = program(&args.definition, settings.machine_type)?;
    let machines = machines::machines(&args.machine_file)?;
    let scenario = scenario(args).map_err(one)?;
    let input = match &args.input {
        Some(argument) => Arc::new(input(argument).map_err(one)?),
        None => scenario.as_ref().map_or_else(|| Arc::new(json!({})), |it| Arc::clone(&it.input)),
    };
    let mut mocks = scenario.map(|it| it.mocks).unwrap_or_default();
    for (arn, definition) in machines {
        mocks.add_machine(&arn, Machine::new(&arn, definition));
    }
    let mut run = Run::start(RunRequest {
        program: Arc::new(program),
        input,
        mocks,
        seed: args.seed,
        settings,
        start: None,
    });
    match run.finish() {
        RunStatus::Asking => {
            let question = run.question();
            Err(vec![question.map(|it| unanswered(&it, args.mocks.is_some())).unwrap_or_default()])
        }
        _ => report(run, args.trace),
    }
}

/// A definition ready to run, or all reasons why AWS or the simulator would refuse it.
pub fn program(name: &str, machine_type: MachineType) -> Result<Program, Vec<String>> {
    let definition = Definition::read(name).map_err(|it| vec![it])?;
    let document = definition.document(machine_type);
    let reasons = definition.reasons(&document);
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let program = Program::new(&document);
    match program.refusals().is_empty() {
        true => Ok(program),
        false => Err(program.refusals().iter().map(|it| it.sentence.clone()).collect()),
    }
}

/// What is said of a call that nobody answers.
pub fn unanswered(question: &Question, has_mocks: bool) -> String {
    let state = question.state.name();
    let place = match has_mocks {
        true => "the mocks have no answer for it",
        false => "there are no mocks to answer it; give a file with --mocks",
    };
    format!(
        "“{state}” calls {} (call {} of this state, counted from 0), and {place}",
        question.resource, question.invocation
    )
}

/// How a run ended, as DescribeExecution says it.
pub fn ending(run: &Run) -> Option<Map<String, Value>> {
    let mut ending = Map::new();
    let mut put = |name: &str, value: Value| {
        ending.insert(name.to_string(), value);
    };
    match run.outcome()? {
        Happening::ExecutionSucceeded { output } => {
            put("status", "SUCCEEDED".into());
            put("output", output.as_ref().clone());
        }
        Happening::ExecutionFailed { error } => {
            put("status", "FAILED".into());
            // As in DescribeExecution, what a Fail state does not say is left out.
            for (name, words) in [("error", &error.name), ("cause", &error.cause)] {
                if !words.is_empty() {
                    put(name, words.clone().into());
                }
            }
        }
        Happening::ExecutionAborted { .. } => put("status", "ABORTED".into()),
        _ => put("status", "TIMED_OUT".into()),
    }
    Some(ending)
}

fn settings(args: &RunArgs) -> Result<Settings, String> {
    let machine_type = match args.machine_type {
        TypeWord::Standard => MachineType::Standard,
        TypeWord::Express => MachineType::Express,
    };
    let mut settings = Settings { machine_type, ..Settings::default() };
    if let Some(machine) = &args.machine {
        settings.machine_name.clone_from(machine);
    }
    if let Some(name) = &args.name {
        if !is_name(name) {
            // As AWS says it.
            return Err(format!("Invalid Name: '{name}'"));
        }
        settings.execution_name.clone_from(name);
    }
    if let Some(text) = &args.start_time {
        settings.start_millis =
            start_millis(text).ok_or_else(|| format!("“{text}” is no time such as 2026-01-01T00:00:00Z"))?;
    }
    settings.sources = sources(&args.sources)?;
    Ok(settings)
}

/// What can be chosen, and what each choice means.
fn sources_help() -> String {
    let mut help =
        "Follow the other source on these questions on which the sources disagree; by default a run \
                    does what AWS was recorded doing"
            .to_string();
    for row in DISAGREEMENTS.iter().filter(|it| it.can_switch) {
        let Disagreement { id, title, by_default, other, .. } = row;
        help.push_str(&format!("\n- {id}: {title}"));
        help.push_str(&format!("\n  Default: {} ({})", by_default.says, by_default.source));
        help.push_str(&format!("\n  Other: {} ({})", other.says, other.source));
    }
    help
}

/// The other side of the questions with these ids.
fn sources(ids: &[String]) -> Result<Sources, String> {
    for id in ids {
        match Disagreement::find(id) {
            Some(row) if row.can_switch => {}
            Some(row) => {
                let (title, says) = (row.title, row.by_default.says);
                return Err(format!("“{id}” cannot be chosen. {title}: {says}"));
            }
            None => {
                let known: Vec<&str> =
                    DISAGREEMENTS.iter().filter(|it| it.can_switch).map(|it| it.id).collect();
                return Err(format!(
                    "“{id}” is no question on which sources disagree. There are {}",
                    known.join(", ")
                ));
            }
        }
    }
    Ok(Sources::from_ids(ids))
}

/// Whether an execution can be called so.
fn is_name(name: &str) -> bool {
    let n_chars = name.chars().count();
    let is_banned =
        |it: char| it.is_whitespace() || it.is_control() || "?*<>{}[]\"#%\\^|~`$&,;:/".contains(it);
    (1..=MAX_NAME_CHARS).contains(&n_chars) && !name.contains(is_banned)
}

/// A moment with its offset, or seconds since 1970.
fn start_millis(text: &str) -> Option<i64> {
    if let Ok(secs) = text.parse::<f64>() {
        let millis = (secs * 1_000.0).round();
        // What a date of four digits can be.
        return (millis.abs() < 2.5e14).then_some(millis as i64);
    }
    text.parse::<jiff::Timestamp>().ok().map(|it| it.as_millisecond())
}

fn input(argument: &str) -> Result<Value, String> {
    let text = read::json_text(argument, "input")?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| format!("The input is not JSON: {error}"))?;
    if MAX_INPUT_BYTES < text.len() && MAX_INPUT_BYTES < value.to_string().len() {
        return Err(format!("The input has more than {MAX_INPUT_BYTES} bytes, which AWS does not take"));
    }
    Ok(value)
}

/// The chosen test case of the mocks.
fn scenario(args: &RunArgs) -> Result<Option<Scenario>, String> {
    let Some(path) = &args.mocks else { return Ok(None) };
    let name = path.to_string_lossy();
    let file = read::json_file(&name)?;
    let file = match &args.machine {
        Some(machine) => scenarios_of_machine(&file, machine),
        None => scenarios_from_file(&file),
    };
    let scenarios = file.map_err(|sentence| format!("{}: {sentence}", read::called(&name)))?.scenarios;
    let names = || scenarios.iter().map(|it| format!("“{}”", it.name)).collect::<Vec<_>>().join(", ");
    let found = match (&args.case, scenarios.as_slice()) {
        (Some(case), _) => scenarios.iter().find(|it| it.name == *case),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    match (found, &args.case) {
        (Some(scenario), _) => Ok(Some(scenario.clone())),
        (None, _) if scenarios.is_empty() => Err(format!("{} has no test cases", read::called(&name))),
        (None, Some(case)) => {
            Err(format!("{} has no test case “{case}”. It has {}", read::called(&name), names()))
        }
        (None, None) => Err(format!(
            "{} has several test cases: choose one with --case. It has {}",
            read::called(&name),
            names()
        )),
    }
}

fn report(run: Run, with_trace: bool) -> Result<Outcome, Vec<String>> {
    // A finished run has an outcome; if it had none, that would be ours to answer for.
    let Some(ending) = ending(&run) else { return Err(vec!["The run stopped without an end".to_string()]) };
    let exit = if ending.get("status").is_some_and(|it| it == "SUCCEEDED") { 0 } else { FAILED };
    let report = Report { ending, run, with_trace };
    Ok(Outcome { report: Some(report), exit, ..Outcome::default() })
}

/// How a run ended, with its history and perhaps its trace.
pub struct Report {
    ending: Map<String, Value>,
    run: Run,
    with_trace: bool,
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        for (name, value) in &self.ending {
            members.serialize_entry(name, value)?;
        }
        members.serialize_entry("history", &History(&self.run))?;
        if self.with_trace {
            members.serialize_entry("trace", &Trace(&self.run))?;
        }
        members.end()
    }
}

/// The events of a run, made and written one after the other.
struct History<'r>(&'r Run);

impl Serialize for History<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let start_millis = self.0.request().settings.start_millis;
        let steps = self.0.whole_steps().filter(|it| it.inside.is_none());
        let values = |step: Arc<Step>| -> Vec<Value> {
            step.events.iter().map(|it| it.to_value(start_millis)).collect()
        };
        serializer.collect_seq(steps.flat_map(values))
    }
}

/// The trace of a run, in the same manner.
struct Trace<'r>(&'r Run);

impl Serialize for Trace<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(trace::trace(self.0))
    }
}
