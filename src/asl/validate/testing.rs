//! The one helper of all rule tests. A definition is written with marks under the places that are
//! wrong; the marked lines are cut out before it is read.
//!
//! ```text
//! {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}
//!                                                    ^^^ unknown-target: Missing 'Next' target: B
//! ```

use std::fmt::Write as _;

use expect_test::Expect;

use crate::asl::lower::lower;
use crate::asl::validate::{Definition, Focus, MachineType, validate};
use crate::json::parse;
use crate::text::LineIndex;

/// Checks that exactly the marked problems are found, of this rule and of all others.
#[track_caller]
pub fn check(marked: Expect) {
    check_as(marked, MachineType::Standard);
}

/// The same for an Express workflow.
#[track_caller]
pub fn check_express(marked: Expect) {
    check_as(marked, MachineType::Express);
}

#[track_caller]
fn check_as(marked: Expect, machine_type: MachineType) {
    let lines = || marked.data().trim_start_matches('\n').lines();
    let indent = |it: &str| it.len() - it.trim_start().len();
    let margin = lines().filter(|it| !it.trim().is_empty()).map(indent).min().unwrap_or(0);
    let own = lines().filter(|it| !it.trim().is_empty() && !it.trim_start().starts_with('^'));
    let text: String = own.map(|it| format!("{}\n", &it[margin..])).collect();
    marked.assert_eq(&with_marks(&text, machine_type));
}

/// Checks that the first fix that is offered turns one text into the other.
#[track_caller]
pub fn check_fix(before: &str, after: &str) {
    let tree = parse(before);
    let machine = lower(&tree);
    let found = validate(&tree, &machine, MachineType::Standard);
    let fix = found.iter().find_map(|it| it.fixes.first()).expect("a fix");
    assert_eq!(fix.edit.apply(before), after, "{}", fix.label);
}

/// The text with a line of marks behind every line that has problems. A problem that spans
/// several lines is marked on its first one.
fn with_marks(text: &str, machine_type: MachineType) -> String {
    let tree = parse(text);
    let machine = lower(&tree);
    let found = validate(&tree, &machine, machine_type);
    let index = LineIndex::new(text);
    let mut marked = String::new();
    for (line_idx, line) in text.lines().enumerate() {
        let _ = writeln!(marked, "{line}");
        for diagnostic in &found {
            let start = index.line_column(diagnostic.range.start);
            if start.line != line_idx {
                continue;
            }
            let end = index.line_column(diagnostic.range.end);
            let end_column = if end.line == start.line { end.column } else { line.chars().count() };
            let n_marks = end_column.saturating_sub(start.column).max(1);
            let mut message = diagnostic.message.lines();
            let first = message.next().unwrap_or_default();
            let severity = if diagnostic.severity == crate::asl::Severity::Warning { "warning " } else { "" };
            let _ = writeln!(
                marked,
                "{}{} {severity}{}: {first}",
                " ".repeat(start.column),
                "^".repeat(n_marks),
                diagnostic.rule
            );
        }
    }
    marked
}

#[test]
fn objects_are_found_at_any_depth() {
    let text = r#"{"States":{"C":{"Type":"Choice","Choices":[{"Not":{"And":[{},{}]}}]}}}"#;
    let tree = parse(text);
    let machine = lower(&tree);
    assert_eq!(Definition::new(&tree, &machine, MachineType::Standard, Focus::All).objects.len(), 6);
}
