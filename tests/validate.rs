//! Whole workflows with every problem marked at its place, in `tests/validate/*.marked`, and two
//! properties: whatever the text, validating ends, says the same twice, and marks only places
//! that exist.
//!
//! A marked file is a definition with `^^^ rule: message` lines under the places that are wrong;
//! those lines are cut out before it is read. `UPDATE_EXPECT=1` writes them anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use expect_test::expect_file;
use proptest::prelude::*;
use stepglass::asl::{Document, Severity};

#[test]
fn marked_workflows_have_exactly_these_problems() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validate");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "marked"));
    files.sort();
    assert!(!files.is_empty(), "no marked files in {}", folder.display());
    for file in files {
        let marked = fs::read_to_string(&file).unwrap();
        let text = without_marks(&marked);
        expect_file![&file].assert_eq(&with_marks(&Document::new(text, 0)));
    }
}

fn without_marks(marked: &str) -> String {
    let lines = marked.lines().filter(|it| !it.trim_start().starts_with('^'));
    lines.map(|it| format!("{it}\n")).collect()
}

fn with_marks(document: &Document) -> String {
    let mut marked = String::new();
    for (line_idx, line) in document.text.lines().enumerate() {
        let _ = writeln!(marked, "{line}");
        for diagnostic in document.diagnostics.iter() {
            let start = document.line_index.line_column(diagnostic.range.start);
            let end = document.line_index.line_column(diagnostic.range.end);
            if start.line != line_idx {
                continue;
            }
            let end_column = if end.line == start.line { end.column } else { line.chars().count() };
            let n_marks = end_column.saturating_sub(start.column).max(1);
            let severity = if diagnostic.severity == Severity::Warning { "warning " } else { "" };
            let message = diagnostic.message.lines().next().unwrap_or_default();
            let _ = write!(marked, "{}{}", " ".repeat(start.column), "^".repeat(n_marks));
            let _ = write!(marked, " {severity}{}: {message}", diagnostic.rule);
            let hint = diagnostic.hint.as_deref().map(|it| format!(" · {it}")).unwrap_or_default();
            let fix: String = diagnostic.fixes.iter().map(|it| format!(" [{}]", it.label)).collect();
            let _ = writeln!(marked, "{hint}{fix}");
        }
    }
    marked
}

/// Checks what must hold of every text.
fn check_any(text: &str) {
    let document = Document::new(text, 0);
    assert_eq!(document.diagnostics, Document::new(text, 0).diagnostics, "{text}");
    for diagnostic in document.diagnostics.iter() {
        assert!(diagnostic.range.end <= text.len(), "{diagnostic:?} in {text}");
        for fix in &diagnostic.fixes {
            assert_ne!(*fix.edit.apply(text), *text, "{} changes nothing", fix.label);
        }
    }
    if !document.tree.is_valid() {
        let told = ["invalid-json", "merge-conflict"];
        let has_syntax = document.diagnostics.iter().any(|it| told.contains(&it.rule));
        assert!(has_syntax, "broken text without a word: {text}");
    }
}

const SEED: &str = r#"{"StartAt":"A","QueryLanguage":"JSONPath","States":{
"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"x.$":"$.a"},"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":2}],"Catch":[{"ErrorEquals":["X"],"Next":"C"}],"Next":"B"},
"B":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.a","NumericEquals":1},{"Not":{"Variable":"$.b","IsPresent":true}}],"Next":"P"}],"Default":"C"},
"P":{"Type":"Parallel","Branches":[{"StartAt":"D","States":{"D":{"Type":"Wait","Seconds":1,"End":true}}}],"Next":"M"},
"M":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"E","States":{"E":{"Type":"Pass","Result":{},"End":true}}},"End":true},
"C":{"Type":"Fail","Error":"x","Cause":"y"}}}"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_survived(text in "\\PC{0,60}") {
        check_any(&text);
    }

    #[test]
    fn any_json_shape_is_survived(tokens in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"StartAt\"", "\"States\"", "\"Type\"", "\"Choice\"", "\"Choices\"", "\"Map\"",
        "\"Iterator\"", "\"Next\"", "\"A\"", "null", "true", "1", "\"Parallel\"", "\"Branches\"", "\"And\"", "\"Catch\"",
    ]), 0..60)) {
        check_any(&tokens.concat());
    }

    #[test]
    fn a_damaged_workflow_is_survived(cut in 0..SEED.len(), n_cut in 0usize..40, put in "[\\[\\]{}:,\"a0 ]{0,4}") {
        let end = (cut + n_cut).min(SEED.len());
        check_any(&format!("{}{put}{}", &SEED[..cut], &SEED[end..]));
    }
}
