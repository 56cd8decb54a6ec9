//! Conversions to JSONata, proved by running: what was recorded of AWS, our own scenarios and the
//! samples, each on the original and on the converted text. A conversion that is offered gives the
//! same outcome, adds no validation error, and is undone to the byte.

mod recorded;
mod samples;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use recorded::Case;
use serde_json::Value;
use stepglass::asl::{Document, Severity, StatePath};
use stepglass::sim::{Mocks, Program, Run, RunRequest, RunStatus, Scenario, scenarios_from_file};
use stepglass::studio::{Command, OpenedFrom, Studio, compare_runs, conversion_check};

/// The one difference that lies in the languages.
const INHERENT: &str = "States.Runtime, which nothing catches; States.QueryEvaluationError";

/// A limit that only the JSONPath function has: States.Hash refuses more than 10,000 characters.
const WITHOUT_THE_LIMIT: (&str, &str) = ("intrinsic_failures", "longHash");

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
        run.answer(recorded::answer_of(&attempt));
    }
    run
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
                    let (folder, name) = WITHOUT_THE_LIMIT;
                    let is_limit =
                        it.scenario == name && definition.parent().is_some_and(|it| it.ends_with(folder));
                    if is_limit && it.sentence == "It failed, now it succeeded" {
                        continue;
                    }
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

#[test]
fn the_trial_goes_in_slices_and_tells_how_far_it_is() {
    let mut studio = samples::opened("support-call");
    let mut trial = studio.conversion_trial(&ALL).expect("it converts");
    let n_all = trial.n_scenarios();
    assert!(1 < n_all);
    assert_eq!(trial.sentence(), format!("Comparing {n_all} scenarios"));
    // The page shows the new text while the runs go on.
    studio.dispatch(ALL);
    let mut n_slices = 1;
    while trial.advance(3) {
        n_slices += 1;
    }
    assert!(n_all < n_slices);
    assert_eq!(trial.sentence(), format!("All {n_all} scenarios go the same before and after"));
    assert_eq!(trial.compared().len(), n_all);
    assert!(!trial.advance(3));
    // The same as all at once.
    studio.dispatch(Command::Undo);
    let mut whole = studio.conversion_trial(&ALL).expect("it converts");
    while whole.advance(1_000_000) {}
    assert_eq!(whole.compared(), trial.compared());
}

fn plain_scenario() -> Scenario {
    let input = Arc::new(Value::Object(Default::default()));
    Scenario { name: "one".into(), note: String::new(), input, mocks: Mocks::default(), expect: None }
}

#[test]
fn what_differs_is_told_with_path_and_both_values() {
    let machine = |result: &str| {
        let text =
            format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Pass","Result":{result},"End":true}}}}}}"#);
        Document::new(text.as_str(), 0)
    };
    let check = |before: &str, after: &str, expected: &[(&str, &str, &str)]| {
        let compared = conversion_check(&machine(before), &machine(after), &[plain_scenario()]);
        let found: Vec<(&str, &str, &str)> = compared[0]
            .differences
            .iter()
            .map(|it| (it.path.as_str(), it.before.as_str(), it.after.as_str()))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(compared[0].equal, expected.is_empty());
    };
    check(r#"{"a":1}"#, r#"{"a":1.0}"#, &[]);
    check(
        r#"{"order":{"total":7,"items":[1,2]},"x y":true,"z":[1,2]}"#,
        r#"{"order":{"total":8,"items":[1]},"x y":false,"z":{"0":1},"n":null}"#,
        &[
            ("$.order.total", "7", "8"),
            ("$.order.items[1]", "2", "nothing"),
            ("$['x y']", "true", "false"),
            ("$.z", "[1,2]", r#"{"0":1}"#),
            ("$.n", "nothing", "null"),
        ],
    );
    let many: Vec<usize> = (0..50).collect();
    let (many, none) = (format!("{many:?}"), "[]");
    let compared = conversion_check(&machine(&many), &machine(none), &[plain_scenario()]);
    assert_eq!(compared[0].differences.len(), 10);
}

#[test]
fn states_that_stay_are_listed_with_field_and_reason() {
    let text = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$..book[?(@.price < 10)]","Next":"B"},
      "B":{"Type":"Pass","ResultPath":"$.a","Result":1,"End":true}}}"#;
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "t.asl.json".into(), text: text.into(), from: OpenedFrom::File });
    for (state, sentence) in studio.conversion_refusals() {
        assert_eq!(state.as_str(), "/States/A");
        assert!(sentence.starts_with("“A” stays in JSONPath, because in its InputPath "), "{sentence}");
    }
    assert_eq!(studio.conversion_refusals().len(), 1);
}
