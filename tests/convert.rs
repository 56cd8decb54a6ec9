//! Conversions to JSONata, proved by running: what was recorded of AWS, our own scenarios and the
//! samples, each on the original and on the converted text. A conversion that is offered gives the
//! same outcome, adds no validation error, and is undone to the byte.

mod recorded;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use recorded::Case;
use serde_json::Value;
use stepglass::asl::{Document, Severity, StatePath};
use stepglass::sim::{Answer, Mocks, Program, Run, RunRequest, RunStatus, StatesError, scenarios_from_file};
use stepglass::studio::{Command, OpenedFrom, Studio, compare_runs, conversion_check};

/// The one difference that lies in the languages.
const INHERENT: &str = "States.Runtime, which nothing catches; States.QueryEvaluationError";

const ALL: Command = Command::ConvertToJsonata { state: None };

/// The text after the command, or the refusal; undone it is the same to the byte.
fn converted(text: &str, command: &Command) -> Result<String, String> {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "t.asl.json".into(), text: text.into(), from: OpenedFrom::File });
    studio.can(command).map_err(|it| it.0)?;
    studio.dispatch(command.clone());
    let new = studio.document_view().text.to_string();
    assert_ne!(new, text);
    studio.dispatch(Command::Undo);
    assert_eq!(studio.document_view().text.to_string(), text, "undo");
    let (before, after) = (Document::new(text, 0), Document::new(new.as_str(), 0));
    let errors = |it: &Document| -> Vec<String> {
        let errors = it.diagnostics.iter().filter(|it| it.severity == Severity::Error);
        errors.map(|it| format!("{} {} {:?}", it.code, it.message, it.location)).collect()
    };
    let known: Vec<String> = before.diagnostics.iter().map(|it| it.code.to_string()).collect();
    for error in errors(&after) {
        assert!(known.iter().any(|it| error.starts_with(it.as_str())), "{error} in {new}");
    }
    Ok(new)
}

/// The machine where it converts as a whole, and every single state that converts.
fn conversions(text: &str) -> Vec<Result<String, String>> {
    let whole = converted(text, &ALL);
    let document = Document::new(text, 0);
    let states: Vec<StatePath> = document.machine.states.iter().map(|it| it.path.clone()).collect();
    let mut all = vec![whole];
    if 1 < states.len() {
        all.extend(
            states.into_iter().map(|it| converted(text, &Command::ConvertToJsonata { state: Some(it) })),
        );
    }
    all
}

fn run(case: &Case, definition: &Value) -> Run {
    let mut run = Run::start(RunRequest {
        program: Arc::new(Program::from_value(definition, 0)),
        input: Arc::new(case.input.clone()),
        mocks: Mocks { objects: Arc::new(case.objects()), ..Mocks::default() },
        seed: 1,
        settings: case.settings(),
        start: None,
    });
    let mut answers = case.answers();
    while run.finish() == RunStatus::Asking {
        let Some(question) = run.question() else { break };
        let Some(attempt) = answers.take(&question.state.name(), &question.parameters) else { break };
        run.answer(answer_of(&attempt));
    }
    run
}

fn answer_of(attempt: &Value) -> Answer {
    let text = |field: &str| match &attempt[field] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match attempt["result"].as_str() {
        Some("succeeded") => Answer::Return(Arc::new(attempt["output"].clone())),
        Some("timed_out") => Answer::TimeOut,
        _ => Answer::Throw(StatesError { name: text("error"), cause: text("cause") }),
    }
}

/// The reason without what is particular to one document.
fn reason(refusal: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for c in refusal.chars() {
        match c {
            '“' => depth += 1,
            '”' => {
                depth -= 1;
                out.push('…');
            }
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.chars().filter(|it| !it.is_ascii_digit()).collect()
}

#[test]
fn recorded_executions_go_the_same_after_conversion() {
    let Some(cases) = recorded::read_lines("aws-recorded/executions.jsonl") else { return };
    let mut tally: BTreeMap<String, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for case in &cases {
        let case = Case::new(case);
        let text = serde_json::to_string_pretty(&case.definition).expect("JSON");
        if !Program::from_value(&case.definition, 0).refusals().is_empty() {
            continue;
        }
        let original = run(&case, &case.definition);
        for conversion in conversions(&text) {
            let row = match conversion {
                Err(refusal) => format!("refused: {}", reason(&refusal)),
                Ok(text) => {
                    let definition: Value = serde_json::from_str(&text).expect("JSON");
                    match compare_runs(&original, &run(&case, &definition)) {
                        Ok(sentence) => format!("equal: {}", reason(&sentence)),
                        Err(difference) if difference.contains(INHERENT) => difference,
                        Err(difference) => {
                            faults.push(format!("{}\n    {difference}\n{text}", case.id));
                            "different".to_string()
                        }
                    }
                }
            };
            *tally.entry(row).or_default() += 1;
        }
    }
    for (row, n) in &tally {
        println!("{n:5} {row}");
    }
    assert!(faults.is_empty(), "{} conversions differ\n{}", faults.len(), faults.join("\n"));
}

/// Both texts of a folder of ours, compared by the studio.
fn check_own(definition: &Path, mocks: &Path) -> (usize, usize) {
    let read = |path: &Path| fs::read_to_string(path).expect("a file");
    let text = read(definition);
    let file: Value = serde_json::from_str(&read(mocks)).expect("JSON");
    let scenarios = scenarios_from_file(&file).expect("scenarios").scenarios;
    let (mut n_equal, mut n_refused) = (0, 0);
    for conversion in conversions(&text) {
        match conversion {
            Err(refusal) => {
                n_refused += 1;
                println!("{}: {refusal}", definition.display());
            }
            Ok(new) => {
                let (before, after) = (Document::new(text.as_str(), 0), Document::new(new.as_str(), 0));
                for it in conversion_check(&before, &after, &scenarios) {
                    assert!(
                        it.equal || it.sentence.contains(INHERENT),
                        "{} {}: {}\n{new}",
                        definition.display(),
                        it.scenario,
                        it.sentence
                    );
                    n_equal += 1;
                }
            }
        }
    }
    (n_equal, n_refused)
}

#[test]
fn own_scenarios_and_samples_go_the_same_after_conversion() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut pairs = Vec::new();
    for entry in fs::read_dir(root.join("tests/scenarios")).expect("the folder") {
        let folder = entry.expect("an entry").path();
        pairs.push((folder.join("definition.asl.json"), folder.join("mocks.json")));
    }
    for entry in fs::read_dir(root.join("public/examples")).expect("the folder") {
        let path = entry.expect("an entry").path();
        if let Some(name) = path.to_str().and_then(|it| it.strip_suffix(".asl.json")) {
            pairs.push((path.clone(), PathBuf::from(format!("{name}.mocks.json"))));
        }
    }
    pairs.sort();
    let (mut n_equal, mut n_refused) = (0, 0);
    for (definition, mocks) in &pairs {
        let (equal, refused) = check_own(definition, mocks);
        n_equal += equal;
        n_refused += refused;
    }
    println!("{n_equal} scenarios equal after conversion, {n_refused} conversions refused");
    assert!(0 < n_equal);
}

#[test]
fn the_support_call_converts_as_a_whole() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("public/examples/support-call.asl.json");
    let text = fs::read_to_string(path).expect("a file");
    let new: Value = serde_json::from_str(&converted(&text, &ALL).expect("it converts")).expect("JSON");
    assert_eq!(new["QueryLanguage"], "JSONata");
}
