//! Runs every check of the repository, all of them even when one fails, and sums up at the end.

use std::{path::PathBuf, time::Instant};

use crate::{
    build::build,
    chromium::chromium,
    files::all_files,
    run::{Outcome, cargo, command, root, run, seconds, step, watch},
    tools,
};

/// Which checks to run.
pub enum Scope<'a> {
    All,
    Core,
    Browser { filter: &'a str },
}

/// Passed and failed tests of one part.
#[derive(Clone, Copy, Default)]
struct Counts {
    n_passed: usize,
    n_failed: usize,
}

/// What became of one part.
struct Part {
    title: &'static str,
    counts: Counts,
    outcome: Outcome,
    duration: String,
}

pub fn test(scope: Scope) -> Outcome {
    let mut parts = Vec::new();
    if !matches!(scope, Scope::Browser { .. }) {
        core(&mut parts);
    }
    if let Scope::Browser { filter } = scope {
        browser(&mut parts, filter);
    } else if matches!(scope, Scope::All) {
        browser(&mut parts, "");
    }
    sum_up(&parts)
}

fn core(parts: &mut Vec<Part>) {
    add(parts, "rustfmt and clippy are there", |_| tools::rust_components());
    add(parts, "Formatting", |_| run(&mut cargo(&["fmt", "--all", "--check"])));
    let core: &[&str] = &["--workspace", "--no-default-features", "--all-targets"];
    add(parts, "Lints of the core and the tools", |_| clippy(core));
    add(parts, "Lints of the command line", |_| {
        clippy(&["--no-default-features", "--features", "cli", "--all-targets"])
    });
    let page: &[&str] = &["--target", "wasm32-unknown-unknown", "--features", "app", "--lib", "--bins"];
    add(parts, "Lints of the page", |_| tools::wasm_target().and_then(|()| clippy(page)));
    add(parts, "Tests of the tools", |counts| cargo_test(&["--package", "xtask"], counts));
    add(parts, "Tests of the core", |counts| {
        cargo_test(&["--no-default-features", "--features", "cli"], counts)
    });
    add(parts, "Tests of what the page computes itself", |counts| {
        // The core's own tests ran already.
        cargo_test(&["--features", "app", "--lib", "app::"], counts)
    });
}

fn browser(parts: &mut Vec<Part>, filter: &str) {
    add(parts, "The release page builds", |_| build());
    if parts.last().is_some_and(|it| it.outcome.is_err()) {
        return;
    }
    add(parts, "Tests in the browser", |counts| browser_tests(filter, counts));
}

fn add(parts: &mut Vec<Part>, title: &'static str, work: impl FnOnce(&mut Counts) -> Outcome) {
    println!();
    let start = Instant::now();
    let mut counts = Counts::default();
    let outcome = step(title, || work(&mut counts));
    if let Err(reason) = &outcome {
        println!("{reason}");
    }
    parts.push(Part { title, counts, outcome, duration: seconds(start) });
}

fn clippy(args: &[&str]) -> Outcome {
    run(cargo(&["clippy", "--quiet"]).args(args).args(["--", "-D", "warnings"]))
}

fn cargo_test(args: &[&str], counts: &mut Counts) -> Outcome {
    // Every test binary runs, so that one failure does not hide another.
    // What the corpus tests counted is part of the output.
    watch(cargo(&["test", "--no-fail-fast"]).args(args).args(["--", "--show-output"]), |line| {
        if let Some(found) = cargo_counts(line) {
            counts.n_passed += found.n_passed;
            counts.n_failed += found.n_failed;
        }
    })
}

fn browser_tests(filter: &str, counts: &mut Counts) -> Outcome {
    let files = browser_test_files(filter);
    if files.is_empty() {
        return Err(format!("No browser test has “{filter}” in its file name"));
    }
    let chromium = chromium()?;
    println!("  with {}", chromium.display());
    // One file at a time: each starts a browser, and tests that compete for processors measure nothing.
    let mut node = command("node");
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(files);
    let outcome = watch(node.env("STEPGLASS_CHROMIUM", chromium), |line| {
        if let Some(n_tests) = node_count(line, "pass") {
            counts.n_passed = n_tests;
        }
        for word in ["fail", "cancelled"] {
            counts.n_failed += node_count(line, word).unwrap_or(0);
        }
    });
    println!("\n{} passed, {} failed\n", counts.n_passed, counts.n_failed);
    if counts.n_passed == 0 && outcome.is_ok() {
        return Err("No browser test ran".to_owned());
    }
    outcome
}

fn browser_test_files(filter: &str) -> Vec<PathBuf> {
    let is_wanted = |path: &PathBuf| {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        name.ends_with(".test.mjs") && name.contains(filter)
    };
    all_files(&root().join("tests").join("browser")).into_iter().filter(is_wanted).collect()
}

fn sum_up(parts: &[Part]) -> Outcome {
    println!("\nSummary");
    for part in parts {
        let verdict = if part.outcome.is_ok() { "ok    " } else { "FAILED" };
        let Counts { n_passed, n_failed } = part.counts;
        let counts = if n_passed + n_failed == 0 {
            String::new()
        } else {
            format!(", {n_passed} passed, {n_failed} failed")
        };
        println!("  {verdict} {} ({}{counts})", part.title, part.duration);
    }
    let failed: Vec<&str> = parts.iter().filter(|it| it.outcome.is_err()).map(|it| it.title).collect();
    if failed.is_empty() { Ok(()) } else { Err(format!("Failed: {}", failed.join(", "))) }
}

/// Reads `test result: ok. 3 passed; 1 failed; …`.
fn cargo_counts(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("test result: ")?;
    let number_before =
        |word: &str| rest.split([';', '.']).find_map(|it| it.trim().strip_suffix(word)?.trim().parse().ok());
    Some(Counts { n_passed: number_before("passed")?, n_failed: number_before("failed")? })
}

/// Reads `ℹ pass 3`.
fn node_count(line: &str, word: &str) -> Option<usize> {
    let mut words = line.split_whitespace();
    (words.next()? == "ℹ" && words.next()? == word).then(|| words.next()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_lines_of_cargo_and_node() {
        let counts = cargo_counts(
            "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.01s",
        );
        assert_eq!(counts.map(|it| (it.n_passed, it.n_failed)), Some((12, 3)));
        assert!(cargo_counts("running 3 tests").is_none());
        assert_eq!(node_count("ℹ pass 14", "pass"), Some(14));
        assert_eq!(node_count("ℹ pass 14", "fail"), None);
        assert_eq!(node_count("  ✔ pass 14", "pass"), None);
    }
}
