//! Everything that is wrong with the document, as one list sorted by place.

use crate::asl::{Document, Severity};
use crate::studio::expressions::is_of_expression;
use crate::studio::view::{ProblemView, ProblemsView};

/// The list. Its order is that of the document's diagnostics, whose indexes the commands use.
pub fn problems(document: &Document) -> ProblemsView {
    let problems: Vec<ProblemView> = document
        .diagnostics
        .iter()
        .map(|it| {
            let place = document.line_index.line_column(it.range.start);
            ProblemView {
                severity: it.severity,
                code: it.code,
                message: it.message.clone(),
                hint: it.hint.clone(),
                state: document.state_at(it.range.start),
                line: place.line + 1,
                column: place.column + 1,
                range: it.range,
                in_expression: is_of_expression(it.rule),
                fixes: it.fixes.iter().map(|it| it.label.clone()).collect(),
            }
        })
        .collect();
    let n = |severity| problems.iter().filter(|it| it.severity == severity).count();
    ProblemsView { n_errors: n(Severity::Error), n_warnings: n(Severity::Warning), problems }
}
