//! Changes to a text as data: a sorted, disjoint list of "delete this range, insert that".
//! Every change of the document is a `TextEdit`; nothing else may change it. An edit can be
//! applied, inverted, composed with the next one, joined with a disjoint one, and used to carry
//! offsets over. It never fails: offsets outside the text are moved to the nearest that exist.

use serde::{Deserialize, Serialize};

use crate::text::arrange::Arrange;
use crate::text::{LineIndex, TextRange, floor_char_boundary};

/// Replaces `delete` by `insert`; an empty range inserts, an empty text deletes.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Indel {
    /// What goes, in offsets of the old text.
    pub delete: TextRange,
    /// What comes in its place.
    pub insert: String,
}

/// Several replacements that happen at once, all in offsets of the same old text.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize)]
pub struct TextEdit {
    /// Sorted by place and disjoint. At one offset the insertions come first, in the order in
    /// which they were added, and then what replaces the text after it.
    pub(crate) indels: Vec<Indel>,
}

/// Two edits want to change the same text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overlap {
    /// The range of the first edit that the second one touches.
    pub range: TextRange,
}

/// To which side of an insertion an offset belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// It stays before text inserted exactly there.
    Before,
    /// It moves behind text inserted exactly there.
    After,
}

/// One replacement as a browser editor reports it, in UTF-16 offsets of the old text.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Utf16Change {
    /// The first unit that goes.
    pub from: u32,
    /// The first unit that stays.
    pub to: u32,
    /// What comes in its place.
    pub insert: String,
}

/// Collects indels in any order.
#[derive(Clone, Debug, Default)]
pub struct TextEditBuilder {
    indels: Vec<Indel>,
}

impl TextEdit {
    /// Starts an edit of several parts.
    pub fn builder() -> TextEditBuilder {
        TextEditBuilder::default()
    }

    /// An edit that inserts text at an offset.
    pub fn insert(at: usize, text: impl Into<String>) -> TextEdit {
        TextEdit::replace(TextRange::empty(at), text)
    }

    /// An edit that deletes a range.
    pub fn delete(range: TextRange) -> TextEdit {
        TextEdit::replace(range, "")
    }

    /// An edit that replaces a range.
    pub fn replace(range: TextRange, text: impl Into<String>) -> TextEdit {
        let mut builder = TextEdit::builder();
        builder.replace(range, text);
        builder.finish()
    }

    /// The replacements in order of place.
    pub fn indels(&self) -> &[Indel] {
        &self.indels
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.indels.is_empty()
    }

    /// Both edits at once, or the place where they collide. Insertions at the same offset are
    /// no collision: those of `self` come first.
    pub fn union(self, other: TextEdit) -> Result<TextEdit, Overlap> {
        let mut builder = TextEditBuilder { indels: self.indels };
        builder.indels.extend(other.indels);
        builder.try_finish()
    }

    /// The new text.
    pub fn apply(&self, old: &str) -> String {
        let grown: usize = self.indels.iter().map(|it| it.insert.len()).sum();
        let mut new = String::with_capacity(old.len() + grown);
        let mut at = 0;
        for indel in &self.indels {
            new.push_str(TextRange { start: at, end: indel.delete.start }.slice(old));
            new.push_str(&indel.insert);
            at = indel.delete.end.max(at);
        }
        new.push_str(TextRange { start: at, end: old.len() }.slice(old));
        new
    }

    /// The edit that turns the new text back into the old one, byte for byte.
    pub fn invert(&self, old: &str) -> TextEdit {
        let mut indels = Vec::with_capacity(self.indels.len());
        let mut kept_from = 0;
        let mut new_len = 0;
        for indel in &self.indels {
            let start = floor_char_boundary(old, indel.delete.start).max(kept_from);
            let end = floor_char_boundary(old, indel.delete.end).max(start);
            new_len += start - kept_from;
            let delete = TextRange::new(new_len, new_len + indel.insert.len());
            indels.push(Indel { delete, insert: TextRange::new(start, end).slice(old).to_owned() });
            new_len += indel.insert.len();
            kept_from = end;
        }
        TextEditBuilder { indels }.finish()
    }

    /// This edit and then another one, as one edit of the old text. `then` is in offsets of the
    /// text after this edit.
    pub fn compose(&self, then: &TextEdit) -> TextEdit {
        compose(&self.indels, &then.indels)
    }

    /// Where an offset of the old text is in the new one. Inside replaced text it moves to the
    /// start or the end of what came; the very start of replaced text stays its start.
    pub fn map_offset(&self, offset: usize, side: Side) -> usize {
        let mut new = offset;
        for indel in &self.indels {
            let TextRange { start, end } = indel.delete;
            if offset < start {
                break;
            }
            if start == end && offset == start && side == Side::Before {
                break;
            }
            if offset < end {
                let new_start = new - (offset - start);
                let stays = offset == start || side == Side::Before;
                return if stays { new_start } else { new_start + indel.insert.len() };
            }
            new = new + indel.insert.len() - (end - start);
        }
        new
    }

    /// Where a range of the old text is in the new one. Text inserted at its ends stays outside.
    pub fn map_range(&self, range: TextRange) -> TextRange {
        let start = self.map_offset(range.start, Side::After);
        if range.is_empty() {
            return TextRange::empty(start);
        }
        TextRange { start, end: self.map_offset(range.end, Side::Before).max(start) }
    }

    /// The edit a browser editor reports as UTF-16 changes of the text that `old` indexes.
    pub fn from_utf16_changes(old: &LineIndex, changes: impl IntoIterator<Item = Utf16Change>) -> TextEdit {
        let mut builder = TextEdit::builder();
        for change in changes {
            let start = old.byte_from_utf16(change.from as usize);
            let end = old.byte_from_utf16(change.to as usize);
            builder.replace(TextRange::new(start, end), change.insert);
        }
        builder.finish()
    }

    /// The same edit as UTF-16 changes for a browser editor that shows the text `old` indexes.
    pub fn to_utf16_changes(&self, old: &LineIndex) -> Vec<Utf16Change> {
        let change_of = |indel: &Indel| {
            let range = old.utf16_range(indel.delete);
            Utf16Change { from: range.from, to: range.to, insert: indel.insert.clone() }
        };
        self.indels.iter().map(change_of).collect()
    }
}

impl TextEditBuilder {
    /// Inserts text at an offset.
    pub fn insert(&mut self, at: usize, text: impl Into<String>) -> &mut TextEditBuilder {
        self.replace(TextRange::empty(at), text)
    }

    /// Deletes a range.
    pub fn delete(&mut self, range: TextRange) -> &mut TextEditBuilder {
        self.replace(range, "")
    }

    /// Replaces a range.
    pub fn replace(&mut self, range: TextRange, text: impl Into<String>) -> &mut TextEditBuilder {
        self.indels.push(Indel { delete: TextRange::new(range.start, range.end), insert: text.into() });
        self
    }

    /// Adds every part of another edit.
    pub fn extend(&mut self, edit: TextEdit) -> &mut TextEditBuilder {
        self.indels.extend(edit.indels);
        self
    }

    /// The edit. Parts that overlap are joined: all they delete goes, all they insert comes in
    /// order of place. Use `try_finish` where an overlap must be told.
    pub fn finish(&mut self) -> TextEdit {
        let mut indels: Vec<Indel> = Vec::with_capacity(self.indels.len());
        for indel in self.sorted() {
            match indels.last_mut() {
                Some(last) if overlap(last, &indel) => {
                    last.delete = last.delete.cover(indel.delete);
                    last.insert.push_str(&indel.insert);
                }
                _ => indels.push(indel),
            }
        }
        TextEdit { indels }
    }

    /// The edit, or the first place where two parts overlap.
    pub fn try_finish(&mut self) -> Result<TextEdit, Overlap> {
        let indels = self.sorted();
        for pair in indels.windows(2) {
            if let [first, second] = pair
                && overlap(first, second)
            {
                return Err(Overlap { range: first.delete });
            }
        }
        Ok(TextEdit { indels })
    }

    fn sorted(&mut self) -> Vec<Indel> {
        let mut indels = std::mem::take(&mut self.indels);
        indels.retain(|it| !(it.delete.is_empty() && it.insert.is_empty()));
        // Stable: insertions at one offset keep the order in which they were added.
        indels.arrange_by_key(|it| (it.delete.start, !it.delete.is_empty()));
        indels
    }
}

/// Whether the later of two sorted indels reaches into the earlier one.
fn overlap(earlier: &Indel, later: &Indel) -> bool {
    later.delete.start < earlier.delete.end
}

/// One stretch of an edit read from left to right.
#[derive(Clone, Copy)]
enum Piece<'t> {
    Keep(usize),
    Delete(usize),
    Insert(&'t str),
}

fn compose(first: &[Indel], second: &[Indel]) -> TextEdit {
    let (mut ups, mut downs) = (pieces(first), pieces(second));
    let (mut up, mut down) = (ups.next(), downs.next());
    let mut out = TextEditBuilder::default();
    // What has gathered since the last kept text: it becomes one indel.
    let mut pending = Indel { delete: TextRange::empty(0), insert: String::new() };
    loop {
        match (up, down) {
            (Some(Piece::Delete(n)), _) => {
                pending.delete.end += n;
                up = ups.next();
            }
            (_, Some(Piece::Insert(text))) => {
                pending.insert.push_str(text);
                down = downs.next();
            }
            (None, None) => break,
            // Past its last indel an edit keeps everything.
            (up_now, down_now) => {
                let up_len = length(up_now);
                let down_len = length(down_now);
                let mut n = up_len.min(down_len);
                if let Some(Piece::Insert(text)) = up_now {
                    let cut = floor_char_boundary(text, n);
                    let (head, tail) = text.split_at_checked(cut).unwrap_or((text, ""));
                    if !matches!(down_now, Some(Piece::Delete(_))) {
                        pending.insert.push_str(head);
                    }
                    n = n.max(1);
                    up = if tail.is_empty() { ups.next() } else { Some(Piece::Insert(tail)) };
                } else if matches!(down_now, Some(Piece::Delete(_))) {
                    pending.delete.end += n;
                    up = shorter(up_now, n).or_else(|| ups.next());
                } else {
                    let at = pending.delete.end + n;
                    let done = Indel { delete: TextRange::empty(at), insert: String::new() };
                    out.indels.push(std::mem::replace(&mut pending, done));
                    up = shorter(up_now, n).or_else(|| ups.next());
                }
                down = shorter(down_now, n).or_else(|| downs.next());
            }
        }
    }
    out.indels.push(pending);
    out.finish()
}

/// An edit as stretches; what follows the last indel is kept and not listed.
fn pieces(indels: &[Indel]) -> impl Iterator<Item = Piece<'_>> {
    let starts = std::iter::once(0).chain(indels.iter().map(|it| it.delete.end));
    indels.iter().zip(starts).flat_map(|(indel, from)| {
        [
            Piece::Keep(indel.delete.start.saturating_sub(from)),
            Piece::Insert(&indel.insert),
            Piece::Delete(indel.delete.len()),
        ]
        .into_iter()
        .filter(|piece| length(Some(*piece)) > 0)
    })
}

fn length(piece: Option<Piece>) -> usize {
    match piece {
        Some(Piece::Keep(n) | Piece::Delete(n)) => n,
        Some(Piece::Insert(text)) => text.len(),
        None => usize::MAX,
    }
}

/// What is left of a stretch after `n` bytes of it; `None` when nothing is.
fn shorter(piece: Option<Piece>, n: usize) -> Option<Piece> {
    match piece {
        Some(Piece::Keep(len)) if n < len => Some(Piece::Keep(len - n)),
        Some(Piece::Delete(len)) if n < len => Some(Piece::Delete(len - n)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(parts: &[(usize, usize, &str)]) -> TextEdit {
        let mut builder = TextEdit::builder();
        for (start, end, text) in parts {
            builder.replace(TextRange::new(*start, *end), *text);
        }
        builder.finish()
    }

    fn check(old: &str, parts: &[(usize, usize, &str)], expected: &str) {
        let edit = edit(parts);
        let new = edit.apply(old);
        assert_eq!(new, expected);
        assert_eq!(edit.invert(old).apply(&new), old, "inverse of {edit:?}");
    }

    #[test]
    fn parts_apply_in_order_of_place_and_invert_exactly() {
        check("hello", &[], "hello");
        check("hello", &[(5, 5, "!"), (0, 1, "J")], "Jello!");
        check("hello", &[(2, 2, "a"), (2, 2, "b"), (2, 4, "c")], "heabco");
        check("hello", &[(0, 2, ""), (2, 2, "x"), (2, 4, "")], "xo");
        check("aé😀", &[(1, 3, "e"), (7, 7, "z")], "ae😀z");
    }

    #[test]
    fn overlapping_parts_are_joined_by_finish_and_told_by_union() {
        check("abcdef", &[(1, 4, "X"), (2, 5, "Y")], "aXYf");
        let one = edit(&[(1, 4, "")]);
        assert_eq!(one.clone().union(edit(&[(3, 5, "")])), Err(Overlap { range: TextRange::new(1, 4) }));
        assert!(one.clone().union(edit(&[(2, 2, "x")])).is_err());
        assert_eq!(one.union(edit(&[(4, 4, "x"), (1, 1, "y")])).unwrap().apply("abcdef"), "ayxef");
    }

    #[test]
    fn composing_is_doing_one_after_the_other() {
        let old = "hello world";
        let firsts = [edit(&[(0, 5, "bye")]), edit(&[(5, 5, ", big")]), edit(&[(0, 1, ""), (6, 11, "é")])];
        let seconds = [edit(&[(0, 3, "")]), edit(&[(2, 7, "Z")]), edit(&[(0, 0, "A"), (3, 4, "")])];
        for first in &firsts {
            for second in &seconds {
                let middle = first.apply(old);
                let both = first.compose(second);
                assert_eq!(both.apply(old), second.apply(&middle), "{first:?} then {second:?}");
            }
        }
    }

    #[test]
    fn offsets_move_with_the_text_around_them() {
        let edit = edit(&[(2, 2, "xx"), (4, 7, "y")]);
        let moved = |at, side| edit.map_offset(at, side);
        assert_eq!((moved(2, Side::Before), moved(2, Side::After)), (2, 4));
        assert_eq!((moved(4, Side::Before), moved(4, Side::After)), (6, 6));
        assert_eq!((moved(5, Side::Before), moved(5, Side::After)), (6, 7));
        assert_eq!((moved(7, Side::Before), moved(9, Side::After)), (7, 9));
        assert_eq!(edit.map_range(TextRange::new(2, 4)), TextRange::new(4, 6));
    }

    #[test]
    fn utf16_changes_come_and_go() {
        let old = "a😀b";
        let index = LineIndex::new(old);
        let change = Utf16Change { from: 3, to: 4, insert: "é".into() };
        let edit = TextEdit::from_utf16_changes(&index, [change.clone()]);
        assert_eq!(edit.apply(old), "a😀é");
        assert_eq!(edit.to_utf16_changes(&index), [change]);
    }
}
