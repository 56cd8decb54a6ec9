//! The text as the editor counts it. CodeMirror knows one kind of line break, so `\r\n` and a
//! lone `\r` are one unit for it, and it counts UTF-16. The true text stays here, in bytes, with
//! every line break as it was; this is the one place where the two are converted.

use std::sync::Arc;

use crate::text::{TextEdit, TextRange, Utf16Change};

/// Bytes between two places that are remembered.
const STRIDE: usize = 1024;

/// One text, and where its bytes are in the editor.
#[derive(Clone, Debug)]
pub struct EditorText {
    text: Arc<str>,
    /// Every so often: a byte offset and the editor's offset of the same place. Never inside `\r\n`.
    places: Vec<(usize, usize)>,
    n_units: usize,
    newline: &'static str,
    has_returns: bool,
}

impl EditorText {
    pub fn new(text: Arc<str>) -> EditorText {
        let mut places = vec![(0, 0)];
        let mut last = 0;
        let mut units = 0;
        let mut newline = None;
        let mut chars = text.char_indices().peekable();
        while let Some((at, char)) = chars.next() {
            if STRIDE <= at - last {
                places.push((at, units));
                last = at;
            }
            if char == '\r' {
                let is_pair = chars.next_if(|(_, next)| *next == '\n').is_some();
                newline = newline.or(Some(if is_pair { "\r\n" } else { "\r" }));
            } else if char == '\n' {
                newline = newline.or(Some("\n"));
            }
            units += char.len_utf16();
        }
        let has_returns = text.contains('\r');
        EditorText { text, places, n_units: units, newline: newline.unwrap_or("\n"), has_returns }
    }

    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// How long the text is for the editor.
    pub fn n_units(&self) -> usize {
        self.n_units
    }

    /// The line break that a typed one becomes: the first of the text.
    pub fn newline(&self) -> &'static str {
        self.newline
    }

    /// The editor's offset of a byte offset. Inside a line break it is that of its beginning.
    pub fn units(&self, byte: usize) -> usize {
        let known = self.places.partition_point(|(at, _)| *at <= byte);
        let (from, before) = self.place(known);
        let mut units = before;
        self.walk(from, |at, len, wide| {
            if at + len <= byte {
                units += wide;
            }
            at + len < byte
        });
        units
    }

    /// The byte offset of an offset of the editor. Inside a surrogate pair it is that of its beginning.
    pub fn byte(&self, units: usize) -> usize {
        let known = self.places.partition_point(|(_, at)| *at <= units);
        let (from, before) = self.place(known);
        let mut seen = before;
        let mut byte = from;
        self.walk(from, |at, len, wide| {
            if seen + wide <= units {
                seen += wide;
                byte = at + len;
            }
            seen < units && byte == at + len
        });
        byte
    }

    pub fn range(&self, range: TextRange) -> (usize, usize) {
        (self.units(range.start), self.units(range.end))
    }

    /// What was typed as an edit of the true text: line breaks become the text's own kind, and
    /// none may join with a neighbor into one.
    pub fn edit_from_changes(&self, changes: &[Utf16Change]) -> TextEdit {
        let mut builder = TextEdit::builder();
        let bytes = self.text.as_bytes();
        for change in changes {
            let start = self.byte(change.from as usize);
            let end = self.byte(change.to as usize);
            let mut insert = match self.newline {
                "\n" => change.insert.clone(),
                newline => change.insert.replace('\n', newline),
            };
            let after_return = start.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'\r');
            let before_newline = bytes.get(end) == Some(&b'\n');
            let would_join = insert.starts_with('\n') || (insert.is_empty() && before_newline);
            if after_return && would_join {
                insert.insert(0, '\r');
            } else if before_newline && insert.ends_with('\r') {
                insert.push('\n');
            }
            builder.replace(TextRange::new(start, end), insert);
        }
        builder.finish()
    }

    /// An edit of the true text as changes for the editor, which shows this text.
    pub fn changes_from_edit(&self, edit: &TextEdit) -> Vec<Utf16Change> {
        let returns = self.has_returns || edit.indels().iter().any(|it| it.insert.contains('\r'));
        let mut parts: Vec<(usize, usize, String)> = Vec::new();
        for indel in edit.indels() {
            let (start, end) = (indel.delete.start, indel.delete.end);
            match parts.last_mut() {
                // Neighbors are joined, so that what is widened below cannot overlap.
                Some((_, before, insert)) if returns && start <= *before + 1 => {
                    insert.push_str(TextRange::new(*before, start).slice(&self.text));
                    insert.push_str(&indel.insert);
                    *before = end.max(*before);
                }
                _ => parts.push((start, end, indel.insert.clone())),
            }
        }
        let change = |(start, end, insert): (usize, usize, String)| {
            let (start, end, insert) =
                if returns { self.widened(start, end, &insert) } else { (start, end, insert) };
            Utf16Change { from: clamp(self.units(start)), to: clamp(self.units(end)), insert }
        };
        parts.into_iter().map(change).collect()
    }

    /// Takes in a `\r` before and a `\n` behind, which might join with what is inserted or be
    /// parted by it, and writes line breaks as the editor does.
    fn widened(&self, start: usize, end: usize, insert: &str) -> (usize, usize, String) {
        let bytes = self.text.as_bytes();
        let after_return = start.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'\r');
        let before_newline = bytes.get(end) == Some(&b'\n');
        let mut whole = String::with_capacity(insert.len() + 2);
        if after_return {
            whole.push('\r');
        }
        whole.push_str(insert);
        if before_newline {
            whole.push('\n');
        }
        (start - usize::from(after_return), end + usize::from(before_newline), with_newlines(&whole))
    }

    fn place(&self, known: usize) -> (usize, usize) {
        known.checked_sub(1).and_then(|idx| self.places.get(idx)).copied().unwrap_or_default()
    }

    /// Calls with offset, bytes and units of each sign from here on, as long as it is wanted.
    fn walk(&self, from: usize, mut more: impl FnMut(usize, usize, usize) -> bool) {
        let rest = self.text.get(from..).unwrap_or_default();
        let mut chars = rest.char_indices().peekable();
        while let Some((at, char)) = chars.next() {
            let is_pair = char == '\r' && chars.next_if(|(_, next)| *next == '\n').is_some();
            if !more(from + at, char.len_utf8() + usize::from(is_pair), char.len_utf16()) {
                return;
            }
        }
    }
}

/// The text with every line break as the editor writes it.
pub fn with_newlines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_string() }
}

fn clamp(units: usize) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> EditorText {
        EditorText::new(Arc::from(text))
    }

    /// What an editor that shows `text` does with changes.
    fn apply(text: &str, changes: &[Utf16Change]) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut new = Vec::new();
        let mut at = 0;
        for change in changes {
            new.extend_from_slice(&units[at..change.from as usize]);
            new.extend(change.insert.encode_utf16());
            at = change.to as usize;
        }
        new.extend_from_slice(&units[at..]);
        String::from_utf16(&new).unwrap()
    }

    /// Typing gives the true text the same lines that the editor has.
    fn check_typed(text: &str, from: u32, to: u32, insert: &str, expected: &str) {
        let changes = [Utf16Change { from, to, insert: insert.to_string() }];
        let new = shown(text).edit_from_changes(&changes).apply(text);
        assert_eq!(new, expected);
        assert_eq!(with_newlines(&new), apply(&with_newlines(text), &changes), "{text:?}");
    }

    #[test]
    fn offsets_count_a_line_break_once_and_pictures_twice() {
        let text = shown("a\r\n😀b\rc\nd");
        for (byte, units) in [(0, 0), (1, 1), (3, 2), (7, 4), (8, 5), (9, 6), (10, 7), (11, 8), (12, 9)] {
            assert_eq!(text.units(byte), units, "byte {byte}");
            assert_eq!(text.byte(units), byte, "unit {units}");
        }
        assert_eq!(text.units(2), 1, "inside the line break");
        assert_eq!(text.byte(3), 3, "inside the pair");
        assert_eq!((text.units(999), text.byte(999)), (9, 12));
        assert_eq!(text.n_units(), 9);
    }

    #[test]
    fn far_places_are_found_too() {
        let long = "é\r\n".repeat(5000) + "😀 end";
        let text = shown(&long);
        assert_eq!(text.units(long.len()), text.n_units());
        assert_eq!(text.byte(10_000), 20_000);
        assert_eq!(text.units(20_000), 10_000);
    }

    #[test]
    fn typed_line_breaks_become_the_kind_of_the_text() {
        check_typed("a\r\nb", 3, 3, "\nc", "a\r\nb\r\nc");
        check_typed("a\nb", 1, 1, "\n", "a\n\nb");
        check_typed("a\rb", 3, 3, "\n", "a\rb\r");
        check_typed("ab", 1, 1, "\n", "a\nb");
        check_typed("a\r\nb", 1, 2, "", "ab");
    }

    #[test]
    fn line_breaks_never_join_into_one() {
        check_typed("x\na\rb", 4, 4, "\n", "x\na\r\r\nb");
        check_typed("a\rX\nb", 2, 3, "", "a\r\r\nb");
        check_typed("a\rb\n", 3, 3, "\n", "a\rb\r\n\n");
    }

    #[test]
    fn edits_of_the_text_give_the_editor_the_same_lines() {
        let pieces = ["a", "\r", "\n", "\r\n", "😀", "{", "\r\r", "\n\r", ""];
        // A small generator is enough: thousands of texts and edits around line breaks.
        let mut seed = 7_u32;
        let mut next = |n: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % n
        };
        for _ in 0..20_000 {
            let text: String = (0..next(8)).map(|_| pieces[next(pieces.len())]).collect();
            let mut builder = TextEdit::builder();
            for _ in 0..1 + next(3) {
                let places: Vec<usize> = (0..=text.len()).filter(|it| text.is_char_boundary(*it)).collect();
                let (one, other) = (places[next(places.len())], places[next(places.len())]);
                builder.replace(TextRange::new(one, other), pieces[next(pieces.len())]);
            }
            let edit = builder.finish();
            let changes = shown(&text).changes_from_edit(&edit);
            assert_eq!(
                apply(&with_newlines(&text), &changes),
                with_newlines(&edit.apply(&text)),
                "{text:?} {edit:?}"
            );
        }
    }

    #[test]
    fn typing_around_any_line_breaks_keeps_both_texts_together() {
        let pieces = ["a", "\r", "\n", "\r\n", "😀"];
        let mut seed = 11_u32;
        let mut next = |n: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % n
        };
        for _ in 0..20_000 {
            let text: String = (0..next(8)).map(|_| pieces[next(pieces.len())]).collect();
            let here = with_newlines(&text);
            let mut starts: Vec<u32> = Vec::new();
            let mut at = 0;
            for char in here.chars() {
                starts.push(at);
                at += char.len_utf16() as u32;
            }
            starts.push(at);
            let (one, other) = (starts[next(starts.len())], starts[next(starts.len())]);
            let insert = ["", "\n", "x", "x\n", "\nx", "\n\n"][next(6)].to_string();
            let changes = [Utf16Change { from: one.min(other), to: one.max(other), insert }];
            let new = shown(&text).edit_from_changes(&changes).apply(&text);
            assert_eq!(with_newlines(&new), apply(&here, &changes), "{text:?} {changes:?}");
        }
    }
}
