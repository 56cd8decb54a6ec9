//! `stepglass fmt`.

use std::fs;

use crate::{Folder, stepglass};

const UNTIDY: &str = "{\"StartAt\" :\"A\",\r\n    \"States\": { \"A\":{\"Type\":\"Succeed\"} } }\r\n";
const TIDY: &str =
    "{\r\n    \"StartAt\": \"A\",\r\n    \"States\": {\"A\": {\"Type\": \"Succeed\"}}\r\n}\r\n";

#[test]
fn files_are_laid_out_in_place_and_only_once() {
    let folder = Folder::new("fmt");
    let (untidy, tidy) = (folder.file("untidy.json", UNTIDY), folder.file("tidy.json", TIDY));
    let checked = stepglass(&["fmt", "--check", &untidy, &tidy], "");
    assert_eq!((checked.code, checked.out, checked.err.as_str()), (1, format!("{untidy}\n"), ""));
    assert_eq!(fs::read_to_string(&untidy).unwrap(), UNTIDY);

    let done = stepglass(&["fmt", &untidy, &tidy], "");
    assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(&untidy).unwrap(), TIDY);
    assert_eq!(stepglass(&["fmt", "--check", &untidy, &tidy], "").code, 0);
}

#[test]
fn standard_input_is_printed() {
    let outcome = stepglass(&["fmt", "-"], UNTIDY);
    assert_eq!((outcome.code, outcome.out.as_str()), (0, TIDY));
    let outcome = stepglass(&["fmt", "-", "--indent", "tab"], UNTIDY);
    assert_eq!(outcome.out, TIDY.replace("    ", "\t"));
    let outcome = stepglass(&["fmt", "--check", "-"], UNTIDY);
    assert_eq!((outcome.code, outcome.out.as_str()), (1, "-\n"));
    assert_eq!(stepglass(&["fmt", "--indent", "3", "-"], UNTIDY).code, 2);
}

#[test]
fn what_is_no_json_is_left_as_it_is_and_told() {
    let folder = Folder::new("fmt-broken");
    let broken = folder.file("broken.json", "{\"a\":\n  1,}");
    let untidy = folder.file("untidy.json", UNTIDY);
    let yaml = folder.file("flow.yaml", "StartAt: A\n");
    let outcome = stepglass(&["fmt", &broken, &yaml, "nowhere.json", &untidy], "");
    assert_eq!(outcome.code, 2);
    let told: Vec<&str> = outcome.err.lines().collect();
    assert_eq!(
        told,
        [
            format!("“{broken}”, line 2, column 4: Remove the comma before “}}”. It is left as it is"),
            format!("“{yaml}” is YAML; only JSON is laid out"),
            "Cannot read “nowhere.json”: there is no such file".to_string(),
        ]
    );
    assert_eq!(fs::read_to_string(&broken).unwrap(), "{\"a\":\n  1,}");
    assert_eq!(fs::read_to_string(&untidy).unwrap(), TIDY, "the others are laid out all the same");

    let piped = stepglass(&["fmt", "-"], "{\"a\":\n");
    assert_eq!((piped.code, piped.out.as_str()), (2, "{\"a\":\n"));
    assert!(piped.err.starts_with("Standard input, line 1, column "), "{}", piped.err);
}
