//! What we say about definitions against what AWS was recorded saying, against AWS's published
//! samples, and against two other checkers. Prints its figures: run with `--nocapture`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use stepglass::asl::{Diagnostic, Document, MachineType, Severity};

/// The corpus, or `None` with a loud word.
fn corpus() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let root = std::env::var_os("STEPGLASS_CORPUS").map_or_else(beside, PathBuf::from);
    if !root.is_dir() {
        println!("SKIPPED: no corpus at {} (set STEPGLASS_CORPUS)", root.display());
        return None;
    }
    Some(root)
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
    text.lines().map(|it| serde_json::from_str(it).expect("a JSON line")).collect()
}

fn errors(document: &Document) -> Vec<&Diagnostic> {
    document.diagnostics.iter().filter(|it| it.severity == Severity::Error).collect()
}

fn shown(found: &[&Diagnostic]) -> String {
    let lines = found.iter().map(|it| {
        format!(
            "      {} [{}] {} at {}",
            it.code,
            it.rule,
            it.message.lines().next().unwrap_or_default(),
            it.location.as_deref().unwrap_or("-")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Why a recorded case cannot be judged by its definition alone.
fn not_comparable(case: &Value, text: &str) -> Option<&'static str> {
    if case["category"] == "other_rejected" {
        return Some("AWS refused the request, not the definition");
    }
    if text.contains("\"activity_arn\"") {
        return Some("the recording put a placeholder where the ARN of an activity was");
    }
    None
}

/// One recorded diagnostic: code, location, message. A failed CreateStateMachine puts all three
/// into one sentence, and only the first fault.
fn recorded(case: &Value) -> Vec<(String, Option<String>, String)> {
    let text = |it: &Value| it.as_str().map(str::to_owned);
    if let Some(diagnostics) = case["expected"]["response"]["diagnostics"].as_array() {
        let all = diagnostics.iter();
        let parts =
            |it: &Value| (text(&it["code"]).unwrap(), text(&it["location"]), text(&it["message"]).unwrap());
        return all.map(parts).collect();
    }
    let error = &case["expected"]["error"];
    let Some(sentence) = error["message"].as_str().or(error["exception_value"].as_str()) else {
        return Vec::new();
    };
    let inside = sentence.split_once("Definition: '").map_or(sentence, |(_, it)| it).trim_end_matches('\'');
    let Some((code, rest)) = inside.split_once(": ") else { return Vec::new() };
    match rest.rsplit_once(" at /") {
        Some((message, location)) => vec![(code.into(), Some(format!("/{location}")), message.into())],
        None => vec![(code.into(), None, rest.into())],
    }
}

#[test]
fn recorded_verdicts_and_diagnostics() {
    let Some(corpus) = corpus() else { return };
    let cases = lines(&corpus.join("aws-recorded/validate.jsonl"));
    let (mut n_verdict, mut n_judged) = (0, 0);
    let (mut n_diagnostics, mut n_place, mut n_message) = (0, 0, 0);
    let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for case in &cases {
        let text = match &case["definition_raw"] {
            Value::String(raw) => raw.clone(),
            _ => serde_json::to_string_pretty(&case["definition"]).unwrap(),
        };
        if let Some(reason) = not_comparable(case, &text) {
            *skipped.entry(reason).or_default() += 1;
            continue;
        }
        n_judged += 1;
        let machine_type = match case["type"].as_str() {
            Some("EXPRESS") => MachineType::Express,
            _ => MachineType::Standard,
        };
        let document = Document::with_type(text, 0, machine_type);
        let found = errors(&document);
        let accepted = case["category"] == "accepted";
        if accepted == found.is_empty() {
            n_verdict += 1;
        } else {
            faults.push(format!("{}: accepted by AWS: {accepted}\n{}", case["id"], shown(&found)));
        }
        for (code, location, message) in recorded(case).iter().filter(|_| !accepted) {
            n_diagnostics += 1;
            let mut here = found.iter().filter(|it| it.code == *code && it.location == *location);
            if here.clone().next().is_some() {
                n_place += 1;
            }
            if here.any(|it| it.message == *message) {
                n_message += 1;
            } else {
                faults.push(format!(
                    "{}: no {code} {message} at {location:?}\n{}",
                    case["id"],
                    shown(&found)
                ));
            }
        }
    }
    println!("recorded verdicts: {n_verdict} of {n_judged} equal ({} cases)", cases.len());
    println!("recorded diagnostics: code and place {n_place} of {n_diagnostics}, words too {n_message}");
    for (reason, count) in &skipped {
        println!("not compared: {count} because {reason}");
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn what_aws_ran_has_no_error() {
    let Some(corpus) = corpus() else { return };
    let (mut n_definitions, mut n_scrubbed) = (0, 0);
    let mut faults = Vec::new();
    for name in ["executions.jsonl", "variable_references.jsonl"] {
        for case in lines(&corpus.join("aws-recorded").join(name)) {
            if !case["definition"].is_object() {
                continue;
            }
            let text = serde_json::to_string_pretty(&case["definition"]).unwrap();
            if text.contains(r#""TimestampPath": "timestamp""#) {
                n_scrubbed += 1;
                continue;
            }
            n_definitions += 1;
            let document = Document::new(text, 0);
            let found = errors(&document);
            if !found.is_empty() {
                faults.push(format!("{}\n{}", case["id"], shown(&found)));
            }
        }
    }
    println!("definitions that AWS ran: {n_definitions}, with an error by us: {}", faults.len());
    println!("not judged: {n_scrubbed} because the recording put a placeholder where a path was");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn published_samples_have_no_error() {
    let Some(corpus) = corpus() else { return };
    let root = corpus.join("workflows");
    let mut n_samples = 0;
    let mut faults = Vec::new();
    for entry in lines(&root.join("manifest.jsonl")) {
        let file = entry["file"].as_str().unwrap();
        if entry["format"] != "json" {
            continue;
        }
        let Ok(text) = fs::read_to_string(root.join(file)) else { continue };
        n_samples += 1;
        let document = Document::new(text, 0);
        let found = errors(&document);
        if !found.is_empty() {
            faults.push(format!("{file} ({})\n{}", entry["format"], shown(&found)));
        }
    }
    println!("published samples: {n_samples}, with an error by us: {}", faults.len());
    println!("{}", faults.join("\n"));
    // Two of the samples are faulty: one is no valid JSON, one has QueryLanguage among its states.
    assert!(faults.len() * 50 <= n_samples, "more than one in fifty");
}

#[test]
fn other_checkers_are_mostly_of_our_mind() {
    let Some(corpus) = corpus() else { return };
    for folder in ["asl-validator", "statelint"] {
        let (mut n_equal, mut n_all) = (0, 0);
        let mut differing = Vec::new();
        for entry in lines(&corpus.join(folder).join("manifest.jsonl")) {
            let file = entry["file"].as_str().unwrap();
            let Ok(text) = fs::read_to_string(corpus.join(folder).join(file)) else { continue };
            let valid = match entry["expected"].as_str() {
                Some("valid") => true,
                Some("invalid") => false,
                _ => continue,
            };
            n_all += 1;
            let document = Document::new(text, 0);
            let found = errors(&document);
            if valid == found.is_empty() {
                n_equal += 1;
            } else {
                differing.push(format!("   {file}: {} by them\n{}", entry["expected"], shown(&found)));
            }
        }
        println!("{folder}: {n_equal} of {n_all} verdicts equal\n{}", differing.join("\n"));
    }
}

#[test]
fn the_editor_library_of_aws_is_mostly_of_our_mind() {
    let Some(corpus) = corpus() else { return };
    let (mut n_equal, mut n_all) = (0, 0);
    let mut differing = Vec::new();
    for case in lines(&corpus.join("asl-language-service/validation.jsonl")) {
        let (Some(text), Some("json")) = (case["text"].as_str(), case["format"].as_str()) else { continue };
        n_all += 1;
        let document = Document::new(text, 0);
        let found = errors(&document);
        if (case["expected"] == "clean") == found.is_empty() {
            n_equal += 1;
        } else {
            differing.push(format!("   {}: {} by it\n{}", case["test"], case["expected"], shown(&found)));
        }
    }
    println!("asl-language-service: {n_equal} of {n_all} verdicts equal\n{}", differing.join("\n"));
}
