//! `stepglass edit`.

use std::fs;

use crate::{Folder, RETRIED, stepglass};

#[track_caller]
fn check(operations: &[&str], text: &str, expected: &str) {
    let mut args = vec!["edit", "-"];
    args.extend(operations.iter().flat_map(|it| ["--op", it]));
    let outcome = stepglass(&args, text);
    assert_eq!((outcome.code, outcome.err.as_str(), outcome.out.as_str()), (0, "", expected));
}

#[test]
fn only_what_an_operation_needs_changes() {
    check(
        &[r#"{"op":"rename","state":"Charge","to":"Charge card"}"#],
        RETRIED,
        &RETRIED.replace("\"Charge\"", "\"Charge card\""),
    );
    let without = RETRIED.replace(
        "  \"Refuse\":{\"Type\":\"Fail\",\"Error\":\"TooFew\",\"Cause\":\"One is not enough\"},\n",
        "",
    );
    // The rule that led there is left open, as on the canvas.
    check(&[r#"{"op":"delete","state":"Refuse"}"#], RETRIED, &without);
    // What is odd about the text stays odd.
    let odd = format!("\u{feff}{}\r\n\r\n", RETRIED.replace("\"n\",", "\"n\" ,  "));
    check(
        &[r#"[{"op":"rename","state":"Done","to":"End"},{"op":"rename","state":"End","to":"Done"}]"#],
        &odd,
        &odd,
    );
}

#[test]
fn operations_come_one_after_the_other_and_all_or_none() {
    let folder = Folder::new("edit");
    let file = folder.file("order.asl.json", RETRIED);
    let rename = r#"{"op":"rename","state":"Done","to":"Paid"}"#;
    let outcome = stepglass(
        &["edit", &file, "--in-place", "--op", rename, "--op", r#"{"op":"delete","state":"Done"}"#],
        "",
    );
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    assert!(outcome.err.starts_with("There is no state “Done”"), "{}", outcome.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), RETRIED);

    let outcome = stepglass(
        &[
            "edit",
            &file,
            "--in-place",
            "--op",
            rename,
            "--op",
            r#"{"op":"rename","state":"Paid","to":"Done!"}"#,
        ],
        "",
    );
    assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), RETRIED.replace("\"Done\"", "\"Done!\""));
}

#[test]
fn what_cannot_be_done_is_told_and_what_cannot_be_used_is_another_matter() {
    for (operation, code, told) in [
        (r#"{"op":"rename","state":"Done","to":"Charge"}"#, 1, "“Charge”"),
        (r#"{"op":"renam"}"#, 1, "There is no operation “renam”, but “rename”"),
        (r#"{"op":"delete"}"#, 1, "needs “state”"),
        (r#"{"op":"#, 2, "The operation is not JSON"),
        ("nothing.json", 2, "There is no file “nothing.json”"),
    ] {
        let outcome = stepglass(&["edit", "-", "--op", operation], RETRIED);
        assert_eq!((outcome.code, outcome.out.as_str()), (code, ""), "{operation}: {}", outcome.err);
        assert!(outcome.err.contains(told), "{operation}: {}", outcome.err);
    }
    let rename = r#"{"op":"rename","state":"A","to":"B"}"#;
    for (text, told) in [
        ("StartAt: A\n", "This looks like YAML"),
        (r#"{"Resources":{}}"#, "is a CloudFormation template"),
        ("", "This text is empty"),
    ] {
        let outcome = stepglass(&["edit", "-", "--op", rename], text);
        assert_eq!(outcome.code, 2, "{text}");
        assert!(outcome.err.contains(told), "{}", outcome.err);
    }
    assert_eq!(stepglass(&["edit", "-", "--in-place", "--op", rename], RETRIED).code, 2);
}

#[test]
fn help_lists_every_operation() {
    let outcome = stepglass(&["edit", "--help"], "");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    for line in stepglass::studio::edit::operations_help().lines() {
        assert!(outcome.out.contains(line.trim_end()), "{line}\n{}", outcome.out);
    }
    assert!(outcome.out.contains("  wrap-condition       state, rule, at, owner, in\n"), "{}", outcome.out);
}

#[test]
fn states_become_a_file_of_their_own_and_come_back() {
    let folder = Folder::new("edit-extract");
    let file = folder.file("order.asl.json", RETRIED);
    let extract = r#"{"op":"extract","state":"Charge","name":"Charging"}"#;
    let printed = stepglass(&["edit", &file, "--op", extract], "");
    assert_eq!((printed.code, printed.out.as_str()), (2, ""), "a second text would be lost");
    let outcome = stepglass(&["edit", &file, "--in-place", "--op", extract], "");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let child = folder.path("Charging.asl.json");
    assert!(fs::read_to_string(&child).unwrap().contains("\"FunctionName\""));
    assert!(!fs::read_to_string(&file).unwrap().contains("\"FunctionName\""));

    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:Charging";
    let known = format!("{arn}={}", child.display());
    let inline = r#"{"op":"inline","state":"Charging"}"#;
    assert_eq!(stepglass(&["edit", &file, "--op", inline], "").code, 1, "its text is not known");
    let outcome = stepglass(&["edit", &file, "--op", inline, "--machine-file", &known], "");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(outcome.out.contains("\"FunctionName\""), "{}", outcome.out);
}
