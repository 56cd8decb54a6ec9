//! The published workflows of the corpus beside the project, for every test that goes over them.

use std::fs;
use std::path::{Path, PathBuf};

/// The workflow files with their names; none, and loudly so, where the corpus is absent.
pub fn workflows() -> Vec<(String, String)> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let corpus = std::env::var_os("STEPGLASS_CORPUS").map_or(beside, PathBuf::from);
    let mut folders = vec![corpus.join("workflows")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "json") {
                let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                found.push((path.display().to_string(), text));
            }
        }
    }
    found.sort();
    if found.is_empty() {
        println!("SKIPPED: no workflows in {}; set STEPGLASS_CORPUS", corpus.display());
    }
    found
}
