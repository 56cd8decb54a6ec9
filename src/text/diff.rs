//! The edit between two whole texts, for when somebody hands over a new text instead of a
//! change: small enough that selections, folds and undo stay useful.

use similar::DiffOp;
use similar::algorithms::{Capture, Replace, myers};

use crate::text::{TextEdit, TextRange, floor_char_boundary};

/// Beyond this many line pairs a line-wise comparison could take seconds; one span is used.
const MAX_LINE_PAIRS: usize = 4_000_000;

impl TextEdit {
    /// An edit that turns `old` into `new`. Equal lines are left alone, and each changed stretch
    /// is cut down to the characters that differ.
    pub fn diff(old: &str, new: &str) -> TextEdit {
        let mut builder = TextEdit::builder();
        let mut add = |start: usize, old_part: &str, new_part: &str| {
            let (prefix, suffix) = common_ends(old_part, new_part);
            let old_range = TextRange::new(prefix, old_part.len() - suffix);
            let new_range = TextRange::new(prefix, new_part.len() - suffix);
            let place = TextRange::new(start + old_range.start, start + old_range.end);
            builder.replace(place, new_range.slice(new_part));
        };
        let (prefix, suffix) = common_ends(old, new);
        let old_middle = TextRange::new(prefix, old.len() - suffix).slice(old);
        let new_middle = TextRange::new(prefix, new.len() - suffix).slice(new);
        let old_lines: Vec<&str> = old_middle.split_inclusive('\n').collect();
        let new_lines: Vec<&str> = new_middle.split_inclusive('\n').collect();
        if old_lines.len().saturating_mul(new_lines.len()) > MAX_LINE_PAIRS {
            add(prefix, old_middle, new_middle);
            return builder.finish();
        }
        let mut at = prefix;
        for op in ops(&old_lines, &new_lines) {
            let gone = old_lines.get(op.old_range()).unwrap_or_default().concat();
            if !matches!(op, DiffOp::Equal { .. }) {
                add(at, &gone, &new_lines.get(op.new_range()).unwrap_or_default().concat());
            }
            at += gone.len();
        }
        builder.finish()
    }
}

/// What became of the lines. The algorithm itself, without the search for nicer places of equal
/// changes: nobody reads them.
fn ops(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut found = Replace::new(Capture::new());
    // The hook has no error.
    let _ = myers::diff(&mut found, old, 0..old.len(), new, 0..new.len());
    found.into_inner().into_ops()
}

/// How many bytes two texts share at the start and, after that, at the end.
fn common_ends(old: &str, new: &str) -> (usize, usize) {
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let prefix = old.bytes().zip(new.bytes()).take_while(same).count();
    let prefix = floor_char_boundary(old, prefix).min(floor_char_boundary(new, prefix));
    let longest = old.len().min(new.len()) - prefix;
    let mut suffix = old.bytes().rev().zip(new.bytes().rev()).take(longest).take_while(same).count();
    while !old.is_char_boundary(old.len() - suffix) || !new.is_char_boundary(new.len() - suffix) {
        suffix -= 1;
    }
    (prefix, suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, expected: &[(usize, usize, &str)]) {
        let edit = TextEdit::diff(old, new);
        assert_eq!(edit.apply(old), new);
        let parts: Vec<_> =
            edit.indels().iter().map(|it| (it.delete.start, it.delete.end, it.insert.as_str())).collect();
        assert_eq!(parts, expected, "{old:?} to {new:?}");
    }

    #[test]
    fn only_what_differs_changes() {
        check("same", "same", &[]);
        check("", "new", &[(0, 0, "new")]);
        check("aaa", "aa", &[(2, 3, "")]);
        check("one\ntwo\nthree\n", "one\n2\nthree\n", &[(4, 7, "2")]);
        check("a\nb\nc\nd\n", "x\nb\nc\ny\n", &[(0, 1, "x"), (6, 7, "y")]);
        check("é", "è", &[(0, 2, "è")]);
    }
}
