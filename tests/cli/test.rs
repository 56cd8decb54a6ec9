//! `stepglass test`: scenarios beside definitions, the report, JUnit.

use std::fs;

use crate::{Folder, RETRIED, stepglass};

/// The mocks above with what two of their cases expect.
fn mocks(output: &str) -> String {
    format!(
        r#"{{"StateMachines":{{"Other":{{"TestCases":{{}}}},"orders":{{"TestCases":{{
            "paid":{{"Charge":"Paid"}},"too few":{{"Charge":"Paid"}},"free":{{"Charge":"Paid"}}}}}}}},
          "MockedResponses":{{"Paid":{{"0":{{"Return":{{"ok":true}}}}}}}},
          "Stepglass":{{"Scenarios":{{
            "paid":{{"Input":{{"n":2}},"Expect":{{"Status":"SUCCEEDED","Output":{output}}}}},
            "too few":{{"Input":{{"n":1}},"Expect":{{"Status":"FAILED","Path":["Check","Refuse"],"Error":"TooFew","Cause":"One is not enough"}}}},
            "free":{{"Input":{{"n":3}}}}}}}}}}"#
    )
}

#[test]
fn scenarios_that_go_as_expected_exit_with_0() {
    let folder = Folder::new("test-good");
    let file = folder.file("orders.asl.json", RETRIED);
    folder.file("orders.mocks.json", &mocks(r#"{"ok":true}"#));
    let outcome = stepglass(&["test", &file], "");
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""), "{}", outcome.out);
    assert_eq!(
        outcome.out,
        format!(
            "{file}\n  ok   paid\n  ok   too few\n  ok   free (expects nothing)\n3 scenarios, all as expected\n"
        )
    );
}

#[test]
fn a_difference_is_told_and_exits_with_1() {
    let folder = Folder::new("test-bad");
    let file = folder.file("orders.asl.json", RETRIED);
    folder.file("MockConfigFile.json", &mocks(r#"{"ok":1}"#));
    let outcome = stepglass(&["test", &file], "");
    assert_eq!((outcome.code, outcome.err.as_str()), (1, ""));
    assert!(outcome.out.contains("  FAIL paid\n"), "{}", outcome.out);
    assert!(outcome.out.contains("Output/ok is true, expected 1"), "{}", outcome.out);
    assert!(outcome.out.ends_with("3 scenarios, 1 not as expected\n"), "{}", outcome.out);
}

#[test]
fn junit_goes_to_a_file_or_to_standard_output() {
    let folder = Folder::new("test-junit");
    let file = folder.file("a & b.json", RETRIED);
    folder.file("a & b.mocks.json", &mocks(r#"{"ok":1}"#).replace("\"orders\"", "\"a & b\""));
    let xml = folder.path("report.xml").to_string_lossy().into_owned();
    let to_file = stepglass(&["test", &file, "--junit", &xml], "");
    assert_eq!(to_file.code, 1);
    assert!(to_file.out.contains("FAIL paid"), "{}", to_file.out);
    let to_output = stepglass(&["test", "--junit", &file], "");
    assert!(to_output.err.contains("FAIL paid"), "{}", to_output.err);
    for text in [fs::read_to_string(&xml).unwrap(), to_output.out] {
        assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "), "{text}");
        assert!(text.contains("tests=\"3\" failures=\"1\" errors=\"0\""), "{text}");
        assert!(
            text.contains("<testcase name=\"too few\" classname=\"") && text.contains("a &amp; b.json\"")
        );
        assert!(
            text.contains("<failure message=\"") && text.contains("Output/ok is true, expected 1"),
            "{text}"
        );
    }
}

#[test]
fn what_cannot_be_tested_exits_with_2() {
    let folder = Folder::new("test-wrong");
    let file = folder.file("orders.asl.json", RETRIED);
    for (args, sentence) in [
        (vec!["test"], "Name at least one definition"),
        (vec!["test", &file], "There are no mocks beside"),
        (vec!["test", &file, "--mocks", &file], "The file has no StateMachines"),
    ] {
        let outcome = stepglass(&args, "");
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{args:?}");
        assert!(outcome.err.contains(sentence), "{args:?}: {}", outcome.err);
    }
}

#[test]
fn the_samples_of_the_page_run() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/examples");
    let mut files: Vec<String> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().path().to_string_lossy().into_owned()).collect();
    files.retain(|it| it.ends_with(".json"));
    files.sort();
    let all: Vec<&str> = ["test"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let outcome = stepglass(&all, "");
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""), "{}", outcome.out);
    assert!(outcome.out.contains("order-saga.asl.json\n  ok   Normal order"), "{}", outcome.out);
}
