//! Positions in text. Offsets count bytes of UTF-8 from the start of the document; a browser
//! counts UTF-16 units, so those have their own type and the two can never be mixed up.

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets, `start..end`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default, Serialize)]
pub struct TextRange {
    /// The offset of the first byte inside.
    pub start: usize,
    /// The offset of the first byte after; never less than `start` when built by `new`.
    pub end: usize,
}

/// A half-open range of UTF-16 offsets, as the browser counts them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Utf16Range {
    /// The first UTF-16 unit inside.
    pub from: u32,
    /// The first UTF-16 unit after.
    pub to: u32,
}

impl TextRange {
    /// The range between two offsets, in whichever order they come.
    pub const fn new(start: usize, end: usize) -> TextRange {
        if start <= end { TextRange { start, end } } else { TextRange { start: end, end: start } }
    }

    /// The empty range at an offset: a place between two characters.
    pub const fn empty(at: usize) -> TextRange {
        TextRange { start: at, end: at }
    }

    /// How many bytes are inside.
    pub const fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether nothing is inside.
    pub const fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// Whether the byte at `offset` is inside; the end is not.
    pub const fn contains(&self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether a caret at `offset` touches the range; both ends do.
    pub const fn contains_inclusive(&self, offset: usize) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// Whether all of `other` is inside.
    pub const fn contains_range(&self, other: TextRange) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether at least one byte is in both. Ranges that only touch do not intersect.
    pub const fn intersects(&self, other: TextRange) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest range that holds both.
    pub fn cover(&self, other: TextRange) -> TextRange {
        TextRange { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text inside. Offsets past the end or inside a character move down to the nearest
    /// place that exists, so a stale range gives less text and never a failure.
    pub fn slice<'t>(&self, text: &'t str) -> &'t str {
        if let Some(inside) = text.get(self.start..self.end) {
            return inside;
        }
        let start = floor_char_boundary(text, self.start);
        let end = floor_char_boundary(text, self.end).max(start);
        text.get(start..end).unwrap_or_default()
    }
}

/// The last character boundary at or before `offset`, at most the length of the text.
pub fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slice_never_leaves_the_text_or_splits_a_character() {
        let text = "aé😀";
        assert_eq!(TextRange::new(0, 3).slice(text), "aé");
        assert_eq!(TextRange::new(0, 2).slice(text), "a");
        assert_eq!(TextRange::new(3, 900).slice(text), "😀");
        assert_eq!(TextRange::new(5, 6).slice(text), "");
        assert_eq!(TextRange::new(800, 900).slice(text), "");
    }

    #[test]
    fn touching_is_not_intersecting() {
        let range = TextRange::new(2, 5);
        assert!(!range.intersects(TextRange::new(5, 9)));
        assert!(range.intersects(TextRange::new(4, 9)));
        assert!(!range.contains(5) && range.contains_inclusive(5));
        assert!(range.contains_range(TextRange::empty(5)));
        assert_eq!(TextRange::new(5, 2), range);
    }
}
