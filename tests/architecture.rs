//! Rules about the source tree itself: who may depend on whom, how long a file may grow,
//! which words belong to one place only, and that every folder tells its story.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Wings in dependency order: a wing may use any wing listed before it.
const WINGS: &[&str] = &["text", "json", "expr", "asl", "flow", "sim", "export", "studio", "cli", "app"];

const MAX_LINES: usize = 600;

/// Words that only one place may contain, and why.
const OWNED_WORDS: &[OwnedWords] = &[
    OwnedWords {
        words: &[
            "leptos",
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "gloo",
            "console_error_panic_hook",
        ],
        places: &["app/", "main.rs"],
        reason: "only app knows the browser",
    },
    OwnedWords {
        words: &["jsonpath_rust"],
        places: &["expr/path.rs", "expr/path/"],
        reason: "only expr/path.rs knows the JSONPath crate",
    },
    OwnedWords { words: &["petgraph"], places: &["flow/"], reason: "only flow knows petgraph" },
    OwnedWords {
        words: &["clap"],
        places: &["cli/", "main.rs"],
        reason: "only cli knows its argument parser",
    },
    OwnedWords {
        words: &["SystemTime", "Instant::now", "Timestamp::now", "Zoned::now", "rand", "getrandom"],
        places: &["cli/", "app/", "main.rs"],
        reason: "the core reads no clock and no random source",
    },
];

struct OwnedWords {
    words: &'static [&'static str],
    /// File or folder prefixes below `src/`.
    places: &'static [&'static str],
    reason: &'static str,
}

/// One Rust file below `src/`.
struct Source {
    /// Relative to `src/`, with `/` between the names.
    path: String,
    text: String,
}

#[test]
fn wings_only_use_wings_below_them() {
    check(|source| {
        let Some((wing, _)) = source.path.split_once('/') else {
            return Vec::new();
        };
        let Some(rank) = WINGS.iter().position(|it| *it == wing) else {
            return vec![format!("{}: “{wing}” is not a wing", source.path)];
        };
        // Neither front end may use the other.
        let forbidden = if wing == "app" { &["cli"][..] } else { &WINGS[rank + 1..] };
        let uses = |line: &str, above: &str| {
            used_wings(line).iter().any(|it| it == above) || line.contains(&format!("stepglass::{above}"))
        };
        lines_where(source, |line| {
            let above = forbidden.iter().find(|above| uses(line, above))?;
            Some(format!("{wing} uses {above}"))
        })
    });
}

#[test]
fn owned_words_stay_in_their_place() {
    check(|source| {
        let mut faults = Vec::new();
        for owned in OWNED_WORDS {
            if owned.places.iter().any(|it| source.path.starts_with(it)) {
                continue;
            }
            faults.extend(lines_where(source, |line| {
                let word = owned.words.iter().find(|word| names_path(line, word))?;
                Some(format!("{word} is named, but {}", owned.reason))
            }));
        }
        faults
    });
}

#[test]
fn files_stay_short_enough_to_read() {
    check(|source| {
        let n_lines = source.text.lines().count();
        if n_lines <= MAX_LINES {
            Vec::new()
        } else {
            vec![format!("{}: {n_lines} lines, more than {MAX_LINES}", source.path)]
        }
    });
}

#[test]
fn every_file_opens_with_its_story() {
    check(|source| {
        if source.text.starts_with("//! ") {
            Vec::new()
        } else {
            vec![format!("{}: does not start with `//!`", source.path)]
        }
    });
}

#[test]
fn no_file_is_named_after_nothing() {
    check(|source| {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        if ["utils.rs", "util.rs", "types.rs", "helpers.rs", "common.rs", "misc.rs"].contains(&name) {
            vec![format!("{}: the name says nothing about what is inside", source.path)]
        } else {
            Vec::new()
        }
    });
}

#[test]
fn every_folder_has_a_mod_file_and_every_wing_is_there() {
    let mut faults = Vec::new();
    for folder in folders(&src()) {
        let holds_rust = fs::read_dir(&folder)
            .unwrap()
            .any(|it| it.unwrap().path().extension().is_some_and(|it| it == "rs"));
        if holds_rust && !folder.join("mod.rs").is_file() {
            faults.push(format!("{}: has no mod.rs", folder.display()));
        }
    }
    faults.extend(
        WINGS.iter().filter(|it| !src().join(it).is_dir()).map(|it| format!("the wing “{it}” has no folder")),
    );
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_matchers_see_what_they_should() {
    assert_eq!(used_wings("use crate::sim::engine;"), ["sim"]);
    assert_eq!(used_wings("use crate::{asl::Machine, flow, text::{edit, range}};"), ["asl", "flow", "text"]);
    assert_eq!(used_wings("let x = crate::json::parse(crate::text::read());"), ["json", "text"]);
    assert!(names_path("use petgraph::Graph;", "petgraph"));
    assert!(names_path("let t = time::Instant::now();", "Instant::now"));
    assert!(names_path("use std::time::{Duration, SystemTime};", "SystemTime"));
    assert!(!names_path("// The operand:: is not rand.", "rand"));
    assert!(!names_path("let operand = brand::new();", "rand"));
    let text =
        "// use crate::app;\nuse crate::{\n    asl::Machine,\n    // why\n    sim::engine,\n};\nfn f() {}";
    let found = statements(text);
    assert_eq!(found[0], (1, "use crate::{asl::Machine,sim::engine,};".to_owned()));
    assert_eq!(used_wings(&found[0].1), ["asl", "sim"]);
    assert_eq!(found[1], (6, "fn f() {}".to_owned()));
}

/// Collects the faults that `faults_of` finds in all sources.
fn check(faults_of: impl Fn(&Source) -> Vec<String>) {
    let sources = sources();
    assert!(WINGS.len() <= sources.len(), "the sources were not found");
    let faults: Vec<String> = sources.iter().flat_map(faults_of).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// `path:line: fault` for every line of code; an import over many lines counts as its first one.
fn lines_where(source: &Source, fault: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let statements = statements(&source.text);
    let found = statements
        .iter()
        .filter_map(|(idx, code)| Some(format!("{}:{}: {}", source.path, idx + 1, fault(code)?)));
    found.collect()
}

/// The lines without comments, each with its number; the lines of one import are joined.
fn statements(text: &str) -> Vec<(usize, String)> {
    let mut statements: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (idx, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with("//") {
            continue;
        }
        match statements.last_mut() {
            Some((_, import)) if is_open => import.push_str(line),
            _ => statements.push((idx, line.to_owned())),
        }
        is_open = (is_open || is_import(line)) && !line.contains(';');
    }
    statements
}

fn is_import(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
    line.starts_with("use ")
}

/// The modules named directly after `crate::` in a line, also inside one pair of braces.
fn used_wings(line: &str) -> Vec<String> {
    let mut wings = Vec::new();
    for rest in line.split("crate::").skip(1) {
        let mut depth = 0;
        let mut word = String::new();
        let mut is_first = true;
        for letter in rest.chars() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                letter if letter.is_alphanumeric() || letter == '_' => {
                    word.push(letter);
                    continue;
                }
                ' ' => continue,
                _ => {}
            }
            if is_first && depth <= 1 && !word.is_empty() {
                wings.push(word.clone());
            }
            word.clear();
            is_first = depth == 1 && (letter == ',' || letter == '{');
            if depth == 0 {
                break;
            }
        }
    }
    wings
}

/// Whether a line uses `word` as a path: followed by `::`, or at the end of an import.
fn names_path(line: &str, word: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    line.match_indices(word).any(|(start, _)| {
        let (before, after) = (&line[..start], &line[start + word.len()..]);
        let starts_here = !before.ends_with(is_part);
        let ends_here = !after.starts_with(is_part);
        let is_whole = word.contains("::") || is_import(line) || after.starts_with("::");
        starts_here && ends_here && is_whole
    })
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for folder in folders(&src()) {
        for file in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
            if file.extension().is_some_and(|it| it == "rs") {
                let names: Vec<_> =
                    file.strip_prefix(src()).unwrap().iter().map(|it| it.to_string_lossy()).collect();
                sources.push(Source { path: names.join("/"), text: fs::read_to_string(&file).unwrap() });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// The wing folders and everything below them; `src/` itself holds only the two crate roots.
fn folders(above: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(above).unwrap().map(|it| it.unwrap().path()) {
        if entry.is_dir() {
            found.extend(folders(&entry));
            found.push(entry);
        }
    }
    found
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}
