//! What an edit would do to the text, while a gesture is not finished: the lines that would be
//! added and changed, shown as `+` and `~`.

use std::ops::Range;

use crate::asl::Document;
use crate::studio::edit::Plan;
use crate::text::{LineIndex, TextRange};

/// Lines shown of what would be added.
const MAX_LINES: usize = 200;

/// The effect of a pending edit.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EditPreview {
    /// “Insert Wait after “Charge card””.
    pub sentence: String,
    /// New lines: the line of the present text, from 1, behind which each would stand, and its text.
    pub added: Vec<(usize, String)>,
    /// Lines that would be different: the line, from 1, and its text afterwards.
    pub changed: Vec<(usize, String)>,
    /// Lines, from 1, that would go.
    pub removed: Vec<usize>,
}

impl EditPreview {
    /// The lines that a plan touches.
    pub(crate) fn new(document: &Document, plan: &Plan) -> EditPreview {
        let mut preview = EditPreview { sentence: plan.preview.clone(), ..EditPreview::default() };
        let new_text = plan.edit.apply(&document.text);
        let (old, new) = (&document.line_index, LineIndex::new(&new_text));
        let mut shift = 0_isize;
        let mut stretches: Vec<Stretch> = Vec::new();
        for indel in plan.edit.indels() {
            let new_start = indel.delete.start.saturating_add_signed(shift);
            let new_end = new_start + indel.insert.len();
            shift += indel.insert.len() as isize - indel.delete.len() as isize;
            let old_first = old.line_column(indel.delete.start).line;
            let old_end = old.line_column(indel.delete.end).line + 1;
            let new_lines = new.line_column(new_start).line..new.line_column(new_end).line + 1;
            match stretches.last_mut().filter(|it| old_first < it.old.end) {
                Some(last) => {
                    last.old.end = old_end;
                    last.new.end = new_lines.end;
                }
                None => {
                    let start = old.line_range(old_first).map_or(0, |it| it.start);
                    let before = TextRange::new(start, indel.delete.start).slice(&document.text);
                    let whole_first = before.trim().is_empty();
                    stretches.push(Stretch { old: old_first..old_end, new: new_lines, whole_first });
                }
            }
        }
        for Stretch { old: old_lines, new: new_lines, whole_first } in stretches {
            let old_text =
                |line: usize| old.line_range(line).map(|it| it.slice(&document.text)).unwrap_or_default();
            let new_text =
                |line: usize| new.line_range(line).map(|it| it.slice(&new_text)).unwrap_or_default();
            // Lines that go as a whole stand before the one whose rest stays.
            let n_gone = old_lines.len().saturating_sub(new_lines.len());
            let n_before = if whole_first { n_gone } else { 0 };
            preview.removed.extend(old_lines.clone().take(n_before).map(|it| it + 1).take(MAX_LINES));
            for idx in 0..(old_lines.len() - n_before).max(new_lines.len()).min(MAX_LINES) {
                let (old_line, new_line) = (old_lines.start + n_before + idx, new_lines.start + idx);
                match (old_line < old_lines.end, new_line < new_lines.end) {
                    (true, true) if old_text(old_line) != new_text(new_line) => {
                        preview.changed.push((old_line + 1, new_text(new_line).to_owned()));
                    }
                    (false, true) => preview.added.push((old_lines.end, new_text(new_line).to_owned())),
                    (true, false) => preview.removed.push(old_line + 1),
                    _ => {}
                }
            }
        }
        preview
    }
}

/// Lines that an edit touches, before and after it.
struct Stretch {
    old: Range<usize>,
    new: Range<usize>,
    /// Nothing stands before what goes of the first line.
    whole_first: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::StatePath;
    use crate::studio::command::Command;
    use crate::studio::edit::plan;

    const TEXT: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "B" },
    "B": { "Type": "Pass", "Next": "C" },
    "C": { "Type": "Pass", "Next": "D" },
    "D": { "Type": "Pass", "End": true }
  }
}
"#;

    #[track_caller]
    fn check(command: Command, expected: &[&str]) {
        let document = Document::new(TEXT, 0);
        let plan = plan(&document, &command).expect("an edit").expect("possible");
        let preview = EditPreview::new(&document, &plan);
        let row = |sign: &str, line: usize, text: &str| format!("{line}{sign}{}", text.trim());
        let rows = preview.changed.iter().map(|it| row("~", it.0, &it.1));
        let rows = rows.chain(preview.removed.iter().map(|it| row("-", *it, "")));
        let rows: Vec<String> = rows.chain(preview.added.iter().map(|it| row("+", it.0, &it.1))).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn each_line_is_shown_once_and_where_it_stands() {
        let state = |name: &str| StatePath::new(format!("/States/{name}"));
        check(Command::Delete { state: state("A") }, &["2~\"StartAt\": \"B\",", "4-"]);
        check(
            Command::DeleteStates { states: vec![state("B"), state("C")] },
            &["4~\"A\": { \"Type\": \"Pass\", \"Next\": \"D\" },", "5-", "6-"],
        );
        check(
            Command::Duplicate { state: state("D") },
            &[
                "7~\"D\": { \"Type\": \"Pass\", \"Next\": \"D 2\" },",
                "7+\"D 2\": { \"Type\": \"Pass\", \"End\": true }",
            ],
        );
        let both =
            Command::SetText { owner: "/States/B".into(), json: r#"{ "Type": "Wait", "Next": "D" }"#.into() };
        check(both, &["5~\"B\": { \"Type\": \"Wait\", \"Next\": \"D\" },"]);
    }
}
