//! Where places go when something is typed inside of one word of the text, so that everything
//! that has a place stays what it is. Cheaper than [`crate::text::TextEdit::map_range`], because it
//! is asked of every place in a document at every key.

use crate::text::TextRange;

/// One replacement that lies inside of a word, or takes the place of whole ones: no word that stays
/// begins or ends within it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shift {
    /// What goes.
    pub old: TextRange,
    /// How many bytes come in its place.
    pub n_new: usize,
}

impl Shift {
    /// Where the start of something is now.
    pub fn start(self, offset: usize) -> usize {
        if offset < self.old.end { offset } else { offset - self.old.len() + self.n_new }
    }

    /// Where the end of something is now. The word ends behind what was typed at its end.
    pub fn end(self, offset: usize) -> usize {
        if offset < self.old.start { offset } else { offset.max(self.old.end) - self.old.len() + self.n_new }
    }

    /// Where something is now.
    pub fn range(self, range: TextRange) -> TextRange {
        TextRange::new(self.start(range.start), self.end(range.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextEdit;

    #[test]
    fn what_is_around_grows_and_what_is_behind_moves() {
        let text = "[aa, bbb, c]";
        let shift = Shift { old: TextRange::new(6, 7), n_new: 3 };
        let new = TextEdit::replace(shift.old, "xyz").apply(text);
        for (before, after) in
            [("[aa, bbb, c]", "[aa, bxyzb, c]"), ("aa", "aa"), ("bbb", "bxyzb"), ("c", "c")]
        {
            let start = text.find(before).unwrap();
            assert_eq!(shift.range(TextRange::new(start, start + before.len())).slice(&new), after);
        }
        let at_its_end = Shift { old: TextRange::empty(8), n_new: 1 };
        assert_eq!(at_its_end.range(TextRange::new(5, 8)), TextRange::new(5, 9));
    }
}
