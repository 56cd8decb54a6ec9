//! Small workflows of our own with what they do, step by step and event by event: the meaning of
//! the simulator without any corpus. Each folder in `tests/scenarios/` holds a definition, a
//! MockConfigFile with inputs and, by hand, what the language says comes of them; and the whole
//! text of the run, which `UPDATE_EXPECT=1` writes anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use stepglass::sim::{
    Happening, Program, Run, RunRequest, ScenarioFile, Settings, Step, check, scenarios_from_file,
};

#[test]
fn scenarios_go_as_written_down() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(&root).expect("the folder").map(|it| it.expect("an entry").path()).collect();
    folders.sort();
    assert!(60 <= folders.len(), "the scenarios are there");
    for folder in folders {
        let actual = play_all(&folder);
        expect_test::expect_file![folder.join("expected.txt")].assert_eq(&actual);
    }
}

fn play_all(folder: &Path) -> String {
    let read = |name: &str| -> Value {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
    };
    let program = Arc::new(Program::from_value(&read("definition.asl.json"), 0));
    let file: ScenarioFile = scenarios_from_file(&read("mocks.json")).expect("readable mocks");
    let mut text = String::new();
    for scenario in file.scenarios {
        let mut run = Run::start(RunRequest {
            program: Arc::clone(&program),
            input: scenario.input.clone(),
            mocks: scenario.mocks.clone(),
            seed: 7,
            settings: Settings::default(),
            start: None,
        });
        run.finish();
        writeln!(text, "# {}", scenario.name).expect("text");
        for step in run.trace() {
            describe(&mut text, step);
        }
        for question in run.questions() {
            let machine = question.machine.map(|it| format!("{it} ")).unwrap_or_default();
            writeln!(text, "asks {machine}{} {}", question.state, question.parameters).expect("text");
        }
        // What a scenario expects was written by hand; no update of the text gets past it.
        assert_eq!(check(&scenario, &run), [], "{}: {}", folder.display(), scenario.name);
        for (address, content) in run.written_objects() {
            writeln!(text, "wrote {address} {content}").expect("text");
        }
        text.push('\n');
    }
    text.lines().map(|it| clipped(it) + "\n").collect()
}

/// Data near AWS's limit would drown the rest: of a long line the length and both ends are enough.
fn clipped(line: &str) -> String {
    const MAX_CHARS: usize = 3_000;
    const SHOWN_CHARS: usize = 200;
    let n_chars = line.chars().count();
    if n_chars <= MAX_CHARS {
        return line.to_string();
    }
    let first: String = line.chars().take(SHOWN_CHARS).collect();
    let last: String = line.chars().skip(n_chars - SHOWN_CHARS).collect();
    format!("{first} … {n_chars} characters … {last}")
}

fn describe(text: &mut String, step: &Step) {
    let mut place = String::new();
    for outer in step.strand.iter() {
        write!(place, "{}[{}] ", outer.state.name(), outer.idx).expect("text");
    }
    let state = step.state.as_ref().map_or_else(|| "execution".to_string(), |it| it.name());
    let attempt = if 1 < step.attempt { format!(" (attempt {})", step.attempt) } else { String::new() };
    let happening = match &step.happening {
        Happening::Waiting { until_millis } => format!("waits until {until_millis}"),
        Happening::Retrying { retrier_idx, delay_millis, error } => {
            format!("retries after {delay_millis} by retrier {retrier_idx}: {} {}", error.name, error.cause)
        }
        Happening::Caught { catcher_idx, error } => {
            format!("caught by catcher {catcher_idx}: {} {}", error.name, error.cause)
        }
        Happening::Failed { error } | Happening::ExecutionFailed { error } => {
            format!("failed: {} {}", error.name, error.cause)
        }
        Happening::ExecutionSucceeded { output } => format!("succeeded: {output}"),
        other => format!("{other:?}").to_lowercase(),
    };
    writeln!(text, "{:>6} {place}{state}{attempt} {happening}", step.at_millis).expect("text");
    for stage in &step.stages[..] {
        let Some(expression) = &stage.expression else { continue };
        let after = match &stage.after {
            Ok(value) => value.to_string(),
            Err(error) => format!("{}!", error.name),
        };
        writeln!(text, "           {:?} {expression} gives {after}", stage.name).expect("text");
    }
    for event in &step.events {
        let (id, previous) = (event.id, event.previous_event_id);
        let mut details = event.details_map();
        details.retain(|name, _| !name.ends_with("Details") && name != "roleArn" && name != "region");
        let details = if details.is_empty() { String::new() } else { Value::Object(details).to_string() };
        let line = format!("       {id}<-{previous} {} {details}", event.event_type);
        writeln!(text, "{}", line.trim_end()).expect("text");
    }
    for edge in &step.followed {
        writeln!(text, "       -> {edge}").expect("text");
    }
    if let Some(child) = &step.started {
        let mut inner = String::new();
        for step in child.trace() {
            describe(&mut inner, step);
        }
        for line in inner.lines() {
            writeln!(text, "        | {line}").expect("text");
        }
    }
}
