//! `stepglass run`: a run from start to end, and how it ended.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::cli::{Outcome, RunArgs, WRONG_REQUEST, read};
use crate::sim::scenario::scenarios_of_machine;
use crate::sim::{
    Happening, Program, Question, Run, RunRequest, RunStatus, Scenario, Settings, scenarios_from_file,
};

/// Decides jitter, `States.MathRandom` and `States.UUID`; fixed, so that equal calls print equal
/// outcomes.
const SEED: u64 = 1;
const FAILED: u8 = 1;

/// Runs a definition to its end.
pub fn run(args: &RunArgs) -> Result<Outcome, String> {
    if args.definition == read::STDIN && args.input.as_deref() == Some(read::STDIN) {
        return Err("Only one of definition and input can come from standard input".to_string());
    }
    let document = read::definition(&args.definition)?;
    let errors = read::syntax_errors(&document, &args.definition);
    if !errors.is_empty() {
        return Ok(Outcome { text: String::new(), remarks: errors, exit: WRONG_REQUEST });
    }
    let program = Program::new(&document);
    if !program.refusals().is_empty() {
        let remarks = program.refusals().iter().map(|it| it.sentence.clone()).collect();
        return Ok(Outcome { text: String::new(), remarks, exit: WRONG_REQUEST });
    }
    let scenario = scenario(args)?;
    let input = match &args.input {
        Some(argument) => Arc::new(read::json_argument(argument)?),
        None => scenario.as_ref().map_or_else(|| Arc::new(json!({})), |it| Arc::clone(&it.input)),
    };
    let mut run = Run::start(RunRequest {
        program: Arc::new(program),
        input,
        mocks: scenario.map(|it| it.mocks).unwrap_or_default(),
        seed: SEED,
        settings: Settings::default(),
        start: None,
    });
    match run.finish() {
        RunStatus::Asking => Err(run.question().map(|it| unanswered(&it, args)).unwrap_or_default()),
        _ => report(&run, args.events),
    }
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

fn unanswered(question: &Question, args: &RunArgs) -> String {
    let state = question.state.name();
    let place = match args.mocks {
        Some(_) => "the mocks have no answer for it",
        None => "there are no mocks to answer it; give a file with --mocks",
    };
    format!(
        "“{state}” calls {} (call {} of this state, counted from 0), and {place}",
        question.resource, question.invocation
    )
}

fn report(run: &Run, with_events: bool) -> Result<Outcome, String> {
    let mut report = Map::new();
    let mut put = |name: &str, value: Value| {
        report.insert(name.to_string(), value);
    };
    let exit = match run.outcome() {
        Some(Happening::ExecutionSucceeded { output }) => {
            put("status", "SUCCEEDED".into());
            put("output", output.as_ref().clone());
            0
        }
        Some(Happening::ExecutionFailed { error }) => {
            put("status", "FAILED".into());
            // As in DescribeExecution, what a Fail state does not say is left out.
            for (name, words) in [("error", &error.name), ("cause", &error.cause)] {
                if !words.is_empty() {
                    put(name, words.clone().into());
                }
            }
            FAILED
        }
        Some(Happening::ExecutionTimedOut) => {
            put("status", "TIMED_OUT".into());
            FAILED
        }
        // A finished run has an outcome; if it had none, that would be ours to answer for.
        _ => return Err("The run stopped without an end".to_string()),
    };
    if with_events {
        let start_millis = run.request().settings.start_millis;
        put("history", run.history().map(|it| it.to_value(start_millis)).collect());
    }
    let mut text = serde_json::to_string_pretty(&report).map_err(|it| it.to_string())?;
    text.push('\n');
    Ok(Outcome { text, remarks: Vec::new(), exit })
}
