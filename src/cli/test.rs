//! `stepglass test`: the scenarios that are stored beside a definition, run and compared with what
//! they expect.
//!
//! Beside `NAME.asl.json` (or `.asl.yaml`, `.json`, …) stand `NAME.mocks.json`, `mocks.json` or
//! `MockConfigFile.json`; the first that exists is taken. In it the state machine `NAME`, else the
//! first one. What a scenario expects stands in `Stepglass.Scenarios.<case>.Expect`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use serde_json::Value;

use crate::asl::MachineType;
use crate::cli::run::{program, unanswered};
use crate::cli::{FAILED, Outcome, SEED, junit, read};
use crate::sim::scenario::scenarios_of_machine;
use crate::sim::{Program, Run, RunRequest, RunStatus, Scenario, Settings, check};

#[derive(Args)]
pub struct TestArgs {
    /// Definitions with mocks beside them
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// The mocks, in place of the file beside each definition
    #[arg(long, value_name = "FILE")]
    pub mocks: Option<PathBuf>,
    /// The state machine in the mocks
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
    /// Write a report as JUnit XML to a file, or to standard output
    #[arg(long, value_name = "FILE.xml", num_args = 0..=1)]
    pub junit: Option<Option<PathBuf>>,
}

/// The scenarios of one definition.
pub struct Suite {
    /// The definition, as it was named.
    pub name: String,
    pub cases: Vec<Case>,
}

/// One scenario and what came of it.
pub struct Case {
    pub name: String,
    pub seconds: f64,
    /// What differs from what is expected, a sentence each; empty if nothing does.
    pub differences: Vec<String>,
    /// Nothing was expected, so it only had to come to an end.
    pub expects_nothing: bool,
}

/// Runs all scenarios.
pub fn test(mut args: TestArgs) -> Result<Outcome, Vec<String>> {
    // `--junit` takes the next word; one that is no XML file is a definition.
    if let Some(Some(path)) = &args.junit
        && path.extension().is_none_or(|it| it != "xml")
    {
        args.files.insert(0, path.to_string_lossy().into_owned());
        args.junit = Some(None);
    }
    let is_mock_file =
        |name: &String| name.ends_with(".mocks.json") || MOCK_FILES.iter().any(|it| name.ends_with(it));
    args.files.retain(|it| !is_mock_file(it));
    if args.files.is_empty() {
        return Err(vec!["Name at least one definition".to_string()]);
    }
    let mut suites = Vec::new();
    let mut faults = Vec::new();
    for file in &args.files {
        match suite(file, &args) {
            Ok(suite) => suites.push(suite),
            Err(sentences) => faults.extend(sentences),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let n_different = suites.iter().flat_map(|it| &it.cases).filter(|it| !it.differences.is_empty()).count();
    let mut outcome = Outcome { exit: if n_different == 0 { 0 } else { FAILED }, ..Outcome::default() };
    let report = report(&suites, n_different);
    match &args.junit {
        None => outcome.text = report,
        Some(None) => {
            outcome.text = junit::xml(&suites);
            outcome.remarks.push(report.trim_end().to_string());
        }
        Some(Some(path)) => {
            let written = std::fs::write(path, junit::xml(&suites));
            written.map_err(|it| vec![format!("Cannot write “{}”: {it}", path.display())])?;
            outcome.text = report;
        }
    }
    Ok(outcome)
}

/// Names of mock files for a whole folder.
const MOCK_FILES: [&str; 2] = ["mocks.json", "MockConfigFile.json"];

fn suite(file: &str, args: &TestArgs) -> Result<Suite, Vec<String>> {
    let one = |sentence: String| vec![sentence];
    let program = Arc::new(program(file, MachineType::Standard)?);
    let mocks = mock_file(file, args).map_err(one)?;
    let name = mocks.to_string_lossy().into_owned();
    let value = read::json_file(&name).map_err(one)?;
    let machine = machine(file, args, &value).unwrap_or_default();
    let scenarios = scenarios_of_machine(&value, &machine);
    let scenarios = scenarios.map_err(|it| vec![format!("{}: {it}", read::called(&name))])?.scenarios;
    if scenarios.is_empty() {
        return Err(vec![format!("{} has no test cases", read::called(&name))]);
    }
    let cases = scenarios.into_iter().map(|it| case(&program, &machine, it)).collect();
    Ok(Suite { name: file.to_string(), cases })
}

fn case(program: &Arc<Program>, machine: &str, scenario: Scenario) -> Case {
    let started = Instant::now();
    let settings = Settings { machine_name: machine.to_string(), ..Settings::default() };
    let mut run = Run::start(RunRequest {
        program: Arc::clone(program),
        input: Arc::clone(&scenario.input),
        mocks: scenario.mocks.clone(),
        seed: SEED,
        settings,
        start: None,
    });
    let may_ask = scenario.expect.as_ref().is_some_and(|it| it.status.as_deref() == Some("RUNNING"));
    let differences = match run.finish() {
        RunStatus::Asking if !may_ask => run.question().map(|it| unanswered(&it, true)).into_iter().collect(),
        _ => check(&scenario, &run).into_iter().map(|it| it.sentence).collect(),
    };
    Case {
        name: scenario.name,
        seconds: started.elapsed().as_secs_f64(),
        differences,
        expects_nothing: scenario.expect.is_none(),
    }
}

/// The file with the scenarios of a definition.
fn mock_file(file: &str, args: &TestArgs) -> Result<PathBuf, String> {
    if let Some(path) = &args.mocks {
        return Ok(path.clone());
    }
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    let own = format!("{}.mocks.json", stem(file));
    let names = [own.as_str()].into_iter().chain(MOCK_FILES);
    let found = names.map(|it| folder.join(it)).find(|it| it.is_file());
    found.ok_or_else(|| {
        let folder_name =
            if folder.as_os_str().is_empty() { ".".to_string() } else { folder.display().to_string() };
        format!("There are no mocks beside {}: no {own} in “{folder_name}”", read::called(file))
    })
}

/// The state machine of the mocks that a definition means.
fn machine(file: &str, args: &TestArgs, mocks: &Value) -> Option<String> {
    if let Some(machine) = &args.machine {
        return Some(machine.clone());
    }
    let machines = mocks.get("StateMachines")?.as_object()?;
    let stem = stem(file);
    let own = machines.keys().find(|it| **it == stem).or_else(|| machines.keys().next());
    own.cloned()
}

/// `order` for `folder/order.asl.json`.
fn stem(file: &str) -> String {
    let name = Path::new(file).file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let endings = [".asl.json", ".asl.yaml", ".asl.yml", ".json", ".yaml", ".yml", ".asl"];
    let bare = endings.iter().find_map(|it| name.strip_suffix(it)).unwrap_or(&name);
    bare.to_string()
}

fn report(suites: &[Suite], n_different: usize) -> String {
    let mut text = String::new();
    for suite in suites {
        text.push_str(&format!("{}\n", suite.name));
        for case in &suite.cases {
            let mark = if case.differences.is_empty() { "ok  " } else { "FAIL" };
            let note =
                if case.expects_nothing && case.differences.is_empty() { " (expects nothing)" } else { "" };
            text.push_str(&format!("  {mark} {}{note}\n", case.name));
            for difference in &case.differences {
                text.push_str(&format!("         {difference}\n"));
            }
        }
    }
    let n_cases: usize = suites.iter().map(|it| it.cases.len()).sum();
    let scenarios = if n_cases == 1 { "scenario" } else { "scenarios" };
    text.push_str(&match n_different {
        0 => format!("{n_cases} {scenarios}, all as expected\n"),
        n => format!("{n_cases} {scenarios}, {n} not as expected\n"),
    });
    text
}
