//! What an edit would do to the text, while a gesture is not finished: the lines that would be
//! added and changed, shown as `+` and `~`.

use crate::asl::Document;
use crate::studio::edit::Plan;
use crate::text::LineIndex;

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
        for indel in plan.edit.indels() {
            let new_start = indel.delete.start.saturating_add_signed(shift);
            let new_end = new_start + indel.insert.len();
            shift += indel.insert.len() as isize - indel.delete.len() as isize;
            let old_first = old.line_column(indel.delete.start).line;
            let old_last = old.line_column(indel.delete.end).line;
            let new_first = new.line_column(new_start).line;
            let new_last = new.line_column(new_end).line;
            let line_text = |line: usize| {
                new.line_range(line).map(|it| it.slice(&new_text).to_owned()).unwrap_or_default()
            };
            let n_old = old_last - old_first + 1;
            let n_new = new_last - new_first + 1;
            for idx in 0..n_old.max(n_new).min(MAX_LINES) {
                match (idx < n_old, idx < n_new) {
                    (true, true) => {
                        let text = line_text(new_first + idx);
                        let before =
                            old.line_range(old_first + idx).map(|it| it.slice(&document.text).to_owned());
                        if before.as_deref() != Some(text.as_str()) {
                            preview.changed.push((old_first + idx + 1, text));
                        }
                    }
                    (false, true) => preview.added.push((old_last + 1, line_text(new_first + idx))),
                    (true, false) => preview.removed.push(old_first + idx + 1),
                    (false, false) => {}
                }
            }
        }
        preview.changed.dedup_by_key(|it| it.0);
        preview
    }
}
