//! The official JSONata suite, through the public interface, in both dialects.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use stepglass::expr::RandomSource;
use stepglass::expr::jsonata::{Budget, Dialect, Jsonata, Outcome, World};

/// Groups about syntax that came after 2.0.6, which AWS runs.
const MODERN_GROUPS: &[&str] = &["coalescing-operator", "default-operator"];

/// Functions that AWS does not offer, and their groups.
const REFUSED_GROUPS: &[&str] = &["function-eval"];

struct Case {
    name: String,
    group: String,
    value: Value,
}

struct Fixed(u64);

impl RandomSource for Fixed {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        self.0
    }
}

fn corpus() -> Option<PathBuf> {
    let root = match std::env::var("STEPGLASS_CORPUS") {
        Ok(root) => PathBuf::from(root),
        Err(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
    };
    let root = root.join("jsonata");
    if !root.is_dir() {
        eprintln!("SKIPPED: no JSONata suite at {}", root.display());
        return None;
    }
    Some(root)
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry").path());
    let mut res: Vec<PathBuf> =
        entries.filter(|it| it.is_dir() || it.extension().is_some_and(|it| it == extension)).collect();
    res.sort();
    res
}

fn cases(root: &Path) -> Vec<Case> {
    let mut res = Vec::new();
    for group in files(&root.join("groups"), "none") {
        for file in files(&group, "json") {
            let text = fs::read_to_string(&file).expect("a readable case");
            let stem = file.strip_prefix(root.join("groups")).expect("inside").display().to_string();
            let group = group.file_name().expect("a name").to_string_lossy().into_owned();
            let values = match serde_json::from_str::<Value>(&text) {
                Ok(Value::Array(values)) => values,
                Ok(value) => vec![value],
                // Lone surrogates cannot be in a Rust string.
                Err(error) => {
                    let value = serde_json::json!({ "unreadable": error.to_string() });
                    res.push(Case { name: stem, group, value });
                    continue;
                }
            };
            for (idx, mut value) in values.into_iter().enumerate() {
                if let Some(name) = value.get("expr-file").and_then(Value::as_str) {
                    let text = fs::read_to_string(file.with_file_name(name)).expect("an expression");
                    value["expr"] = Value::String(text);
                }
                res.push(Case { name: format!("{stem}#{idx}"), group: group.clone(), value });
            }
        }
    }
    res
}

fn datasets(root: &Path) -> BTreeMap<String, Value> {
    let named = |file: PathBuf| {
        let value = serde_json::from_str(&fs::read_to_string(&file).expect("readable")).expect("JSON");
        (file.file_stem().expect("a name").to_string_lossy().into_owned(), value)
    };
    files(&root.join("datasets"), "json").into_iter().map(named).collect()
}

/// What is wrong with a case, if anything.
fn run(case: &Case, datasets: &BTreeMap<String, Value>, dialect: Dialect) -> Result<(), String> {
    let value = &case.value;
    let expr = value["expr"].as_str().ok_or("no expression")?;
    let input = match value.get("data") {
        Some(data) => Some(data),
        None => value.get("dataset").and_then(Value::as_str).map(|it| &datasets[it]),
    };
    let mut budget = Budget::default();
    if let Some(depth) = value.get("depth").and_then(Value::as_u64) {
        budget.depth = depth as u32;
    }
    let bindings = value.get("bindings").and_then(Value::as_object);
    let bindings = bindings.into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect();
    let mut random = Fixed(1);
    let result = Jsonata::parse(expr, dialect).and_then(|it| {
        let now_millis = 1_700_000_000_000;
        it.evaluate(&mut World { input, bindings, now_millis, random: &mut random, budget })
    });
    let error = value.get("error").unwrap_or(value);
    if let Some(code) = error.get("code").and_then(Value::as_str) {
        let got = match &result {
            Ok(value) => return Err(format!("expected {code}, got {value:?}")),
            Err(error) => error,
        };
        if got.code != code {
            return Err(format!("expected {code}, got {got}"));
        }
        for (name, got) in [("token", got.token.clone()), ("message", Some(got.message.clone()))] {
            let Some(expected) = error.get(name).and_then(Value::as_str) else { continue };
            // Only the messages that an expression wrote itself are a matter of the language.
            if name == "message" && !matches!(code, "D3137" | "D3141") {
                continue;
            }
            if got.as_deref() != Some(expected) {
                return Err(format!("expected {name} {expected}, got {got:?}"));
            }
        }
        return Ok(());
    }
    let got = match result {
        Ok(Some(Outcome::Json(value))) => Some(value),
        Ok(Some(Outcome::Unsupported)) => return Err("an unsupported result".into()),
        Ok(None) => None,
        Err(error) => return Err(format!("failed with {error} at {}", error.position)),
    };
    let is_unordered = value.get("unordered") == Some(&Value::Bool(true));
    match value.get("result") {
        Some(expected) if same(expected, got.as_ref(), is_unordered) => Ok(()),
        None if got.is_none() => Ok(()),
        expected => Err(format!("expected {}, got {}", show(expected), show(got.as_ref()))),
    }
}

fn show(value: Option<&Value>) -> String {
    let text = value.map_or("undefined".into(), Value::to_string);
    text.chars().take(300).collect()
}

fn same(expected: &Value, got: Option<&Value>, is_unordered: bool) -> bool {
    match (expected, got) {
        (Value::Array(expected), Some(Value::Array(got))) if is_unordered => {
            let mut rest: Vec<&Value> = got.iter().collect();
            expected.len() == got.len()
                && expected.iter().all(|it| match rest.iter().position(|got| equal(it, got)) {
                    Some(idx) => {
                        rest.remove(idx);
                        true
                    }
                    None => false,
                })
        }
        (expected, Some(got)) => equal(expected, got),
        (_, None) => false,
    }
}

/// Equal as JSON values; 1 and 1.0 are one number.
fn equal(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Number(expected), Value::Number(got)) => expected.as_f64() == got.as_f64(),
        (Value::Array(expected), Value::Array(got)) => {
            expected.len() == got.len()
                && expected.iter().zip(got).all(|(expected, got)| equal(expected, got))
        }
        (Value::Object(expected), Value::Object(got)) => {
            expected.len() == got.len()
                && expected.iter().all(|(name, value)| got.get(name).is_some_and(|it| equal(value, it)))
        }
        (expected, got) => expected == got,
    }
}

fn check(dialect: Dialect, is_exempt: impl Fn(&Case) -> Option<&'static str>) {
    let Some(root) = corpus() else { return };
    let datasets = datasets(&root);
    let (mut n_passed, mut faults, mut exempt) = (0, Vec::new(), BTreeMap::<String, usize>::new());
    for case in cases(&root) {
        if case.value.get("unreadable").is_some() {
            *exempt.entry(format!("{}: a lone surrogate", case.name)).or_default() += 1;
            continue;
        }
        if let Some(reason) = is_exempt(&case) {
            *exempt.entry(format!("{}: {reason}", case.group)).or_default() += 1;
            continue;
        }
        match run(&case, &datasets, dialect) {
            Ok(()) => n_passed += 1,
            Err(fault) => {
                let expr: String =
                    case.value["expr"].as_str().unwrap_or_default().chars().take(200).collect();
                faults.push(format!("{}: {expr}\n    {fault}", case.name));
            }
        }
    }
    println!("JSONata suite, {dialect:?}: {n_passed} passed, {} failed", faults.len());
    for (reason, count) in exempt {
        println!("    not run: {reason} ({count})");
    }
    assert!(faults.is_empty(), "{} cases failed:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_whole_suite_passes_in_the_full_dialect() {
    check(Dialect::Full, |_| None);
}

#[test]
fn the_suite_passes_in_the_dialect_of_aws_but_for_what_aws_does_not_have() {
    check(Dialect::Aws, |case| {
        if MODERN_GROUPS.contains(&case.group.as_str()) {
            return Some("came after 2.0.6");
        }
        REFUSED_GROUPS.contains(&case.group.as_str()).then_some("AWS refuses $eval")
    });
}
