//! From offsets to lines and back, and between UTF-8 and UTF-16.
//!
//! The text is cut into runs of characters of one width, so both conversions are one binary
//! search. Lines end at `\n` (and so at `\r\n`); a lone `\r` is an ordinary character.

use crate::text::{TextRange, Utf16Range};

/// A zero-based place in the text as people say it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default)]
pub struct LineColumn {
    /// The line, from 0.
    pub line: usize,
    /// The characters before the place on its line, from 0.
    pub column: usize,
}

/// The lines and character widths of one text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineIndex {
    /// The offset of the first byte of every line; the first is 0.
    line_starts: Vec<usize>,
    /// The offset after the last visible byte of every line, before its line break.
    line_ends: Vec<usize>,
    /// Consecutive runs that cover the text; every character of a run has the same width.
    runs: Vec<Run>,
    end: Place,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Place {
    byte: usize,
    utf16: usize,
    char: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Run {
    start: Place,
    /// Bytes per character, 1 to 4; four bytes are two UTF-16 units, fewer are one.
    width: usize,
}

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> LineIndex {
        let mut line_starts = vec![0];
        let mut line_ends = Vec::new();
        let mut runs: Vec<Run> = Vec::new();
        // By bytes, because this is done at every keystroke: a place is its byte less what the wide
        // characters before it have more in bytes than in characters or units.
        let (mut surplus_utf16, mut surplus_char) = (0, 0);
        let place = |byte: usize, surplus_utf16: usize, surplus_char: usize| Place {
            byte,
            utf16: byte - surplus_utf16,
            char: byte - surplus_char,
        };
        let mut width_before = 0;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            // Nearly all lines of most texts: no run begins in them.
            let is_plain = width_before == 1 && line.is_ascii();
            let looked_at = if is_plain { "" } else { line };
            for (offset, byte) in looked_at.bytes().enumerate() {
                let width = match byte {
                    0..0x80 => 1,
                    0x80..0xc0 => continue,
                    0xc0..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    _ => 4,
                };
                if width != width_before {
                    runs.push(Run { start: place(at + offset, surplus_utf16, surplus_char), width });
                    width_before = width;
                }
                surplus_utf16 += width - width.div_ceil(3);
                surplus_char += width - 1;
            }
            at += line.len();
            if let Some(content) = line.strip_suffix('\n') {
                line_ends.push(at - 1 - usize::from(content.ends_with('\r')));
                line_starts.push(at);
            }
        }
        line_ends.push(text.len());
        LineIndex { line_starts, line_ends, runs, end: place(text.len(), surplus_utf16, surplus_char) }
    }

    /// Makes it the index of the text after one replacement. Only the lines that it touches are read,
    /// if they are plain.
    pub fn edit(&mut self, gone: TextRange, n_new: usize, old: &str, new: &str) {
        if self.edit_plain(gone, n_new, old, new).is_none() {
            *self = LineIndex::new(new);
        }
    }

    fn edit_plain(&mut self, gone: TextRange, n_new: usize, old: &str, new: &str) -> Option<()> {
        // With the character before, because a plain one next to wide ones begins a run.
        let before = gone.start.checked_sub(1)?;
        let is_plain =
            old.get(before..gone.end)?.is_ascii() && new.get(before..gone.start + n_new)?.is_ascii();
        if !is_plain {
            return None;
        }
        let moved = |at: usize| at - gone.len() + n_new;
        let first = self.line_starts.partition_point(|it| *it <= gone.start).checked_sub(1)?;
        let behind = self.line_starts.partition_point(|it| *it <= gone.end);
        let from = *self.line_starts.get(first)?;
        let to = self.line_starts.get(behind).copied();
        let (mut starts, mut ends) = lines(new.get(from..moved(to.unwrap_or(old.len())))?, from);
        if to.is_some() {
            // The end of the last line that was read is the start of one that is there.
            starts.pop();
            ends.pop();
        }
        for (places, new_places) in [(&mut self.line_starts, starts), (&mut self.line_ends, ends)] {
            places.get_mut(behind..)?.iter_mut().for_each(|it| *it = moved(*it));
            places.splice(first..behind, new_places);
        }
        let places = self.runs.iter_mut().map(|it| &mut it.start).chain([&mut self.end]);
        for place in places.filter(|it| gone.end <= it.byte) {
            *place = Place { byte: moved(place.byte), utf16: moved(place.utf16), char: moved(place.char) };
        }
        Some(())
    }

    /// How many lines there are; an empty text has one.
    pub fn n_lines(&self) -> usize {
        self.line_starts.len()
    }

    /// The bytes of a line without its line break.
    pub fn line_range(&self, line: usize) -> Option<TextRange> {
        let start = *self.line_starts.get(line)?;
        Some(TextRange::new(start, *self.line_ends.get(line)?))
    }

    /// The line and column of a byte offset. Offsets past the end are the end.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let offset = offset.min(self.end.byte);
        let line = self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.line_starts.get(line).copied().unwrap_or_default();
        LineColumn { line, column: self.place_of_byte(offset).char - self.place_of_byte(start).char }
    }

    /// The byte offset of a line and column. A column past the end of its line is the end of
    /// the line; a line past the last is the end of the text.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let Some(range) = self.line_range(line) else {
            return self.end.byte;
        };
        let char = self.place_of_byte(range.start).char.saturating_add(column);
        let run_idx = self.runs.partition_point(|run| run.start.char <= char);
        let byte = match run_idx.checked_sub(1).and_then(|idx| self.runs.get(idx)) {
            Some(run) => {
                let chars = char - run.start.char;
                run.start.byte.saturating_add(chars.saturating_mul(run.width))
            }
            None => 0,
        };
        byte.min(range.end)
    }

    /// UTF-16 units before a byte offset.
    pub fn utf16_from_byte(&self, offset: usize) -> usize {
        self.place_of_byte(offset).utf16
    }

    /// The byte offset after so many UTF-16 units. A unit inside a surrogate pair is the start
    /// of its character.
    pub fn byte_from_utf16(&self, units: usize) -> usize {
        let units = units.min(self.end.utf16);
        let run_idx = self.runs.partition_point(|run| run.start.utf16 <= units);
        let Some(run) = run_idx.checked_sub(1).and_then(|idx| self.runs.get(idx)) else {
            return 0;
        };
        run.start.byte + (units - run.start.utf16) / utf16_width(run.width) * run.width
    }

    /// A byte range in UTF-16 units.
    pub fn utf16_range(&self, range: TextRange) -> Utf16Range {
        Utf16Range {
            from: u32::try_from(self.utf16_from_byte(range.start)).unwrap_or(u32::MAX),
            to: u32::try_from(self.utf16_from_byte(range.end)).unwrap_or(u32::MAX),
        }
    }

    /// The bytes of the whole text.
    pub fn len(&self) -> usize {
        self.end.byte
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.end.byte == 0
    }

    fn place_of_byte(&self, offset: usize) -> Place {
        let offset = offset.min(self.end.byte);
        let run_idx = self.runs.partition_point(|run| run.start.byte <= offset);
        let Some(run) = run_idx.checked_sub(1).and_then(|idx| self.runs.get(idx)) else {
            return Place::default();
        };
        let chars = (offset - run.start.byte) / run.width;
        Place {
            byte: run.start.byte + chars * run.width,
            utf16: run.start.utf16 + chars * utf16_width(run.width),
            char: run.start.char + chars,
        }
    }
}

/// Where the lines of a text that stands at an offset start and end.
fn lines(text: &str, offset: usize) -> (Vec<usize>, Vec<usize>) {
    let (mut starts, mut ends) = (vec![offset], Vec::new());
    let mut at = offset;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if let Some(content) = line.strip_suffix('\n') {
            ends.push(at - 1 - usize::from(content.ends_with('\r')));
            starts.push(at);
        }
    }
    ends.push(at);
    (starts, ends)
}

fn utf16_width(width: usize) -> usize {
    if width == 4 { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_by_hand() {
        let texts =
            ["", "\n", "a\r\nb", "é😀x\n\r\n日本語\n", "a\rb\nc", "😀😀é日a\n\n", "a\nbc\r\nd\né\nf\n\ng"];
        for text in texts {
            let index = LineIndex::new(text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let before = &text[..offset];
                let line_start = before.rfind('\n').map_or(0, |at| at + 1);
                let expected = LineColumn {
                    line: before.matches('\n').count(),
                    column: text[line_start..offset].chars().count(),
                };
                assert_eq!(index.line_column(offset), expected, "{text:?} at {offset}");
                let units = before.encode_utf16().count();
                assert_eq!(index.utf16_from_byte(offset), units, "{text:?} at {offset}");
                assert_eq!(index.byte_from_utf16(units), offset, "{text:?} at {offset}");
                let range = index.line_range(expected.line).unwrap();
                let back = index.offset(expected.line, expected.column);
                assert_eq!(back, offset.min(range.end), "{text:?} at {offset}");
            }
        }
    }

    #[test]
    fn places_outside_are_the_nearest_inside() {
        let index = LineIndex::new("ab\r\n😀");
        assert_eq!(index.line_range(0), Some(TextRange::new(0, 2)));
        assert_eq!(index.offset(0, 99), 2);
        assert_eq!(index.offset(9, 0), 8);
        assert_eq!(index.byte_from_utf16(5), 4, "inside the surrogate pair");
        assert_eq!(index.byte_from_utf16(99), 8);
        assert_eq!(index.line_column(99), LineColumn { line: 1, column: 1 });
        assert_eq!(index.n_lines(), 2);
    }

    #[test]
    fn after_an_edit_it_is_that_of_the_new_text() {
        let text = "a\r\nbc\n\n é日x\ry\nz😀\r\n";
        let offsets = || (0..=text.len()).filter(|it| text.is_char_boundary(*it));
        for (start, end) in offsets().flat_map(|start| offsets().map(move |end| (start, end.max(start)))) {
            for typed in ["", "x", "\n", "q\r\nr", "\r", "é", "a\n\n"] {
                let new = [&text[..start], typed, &text[end..]].concat();
                let mut index = LineIndex::new(text);
                index.edit(TextRange::new(start, end), typed.len(), text, &new);
                assert_eq!(index, LineIndex::new(&new), "{typed:?} at {start}..{end}");
            }
        }
    }
}
