//! The samples that the page offers, for tests.

// Each test file needs another part of this one.
#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;

use stepglass::studio::{Command, Studio};

/// Their ids, in order.
pub fn ids() -> Vec<String> {
    let files = fs::read_dir(folder()).expect("the samples are there");
    let names = files.map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut ids: Vec<String> =
        names.filter_map(|it| it.strip_suffix(".asl.json").map(str::to_string)).collect();
    ids.sort();
    ids
}

/// The definition and the mocks of one.
pub fn texts(id: &str) -> (String, String) {
    let read =
        |end: &str| fs::read_to_string(folder().join(format!("{id}.{end}"))).expect("the sample is there");
    (read("asl.json"), read("mocks.json"))
}

/// A studio that has opened one.
pub fn opened(id: &str) -> Studio {
    let mut studio = Studio::new();
    let (definition, mocks) = texts(id);
    studio.dispatch(Command::OpenSample { id: id.into(), definition, mocks });
    studio
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("public/examples")
}
