//! The marks that a version control system leaves in a text where two sides changed the same
//! lines. Finds them and gives the edits that keep a side; what the lines say is not its business.
//!
//! ```text
//! <<<<<<< HEAD
//!   ours
//! ||||||| 1f2e3d4
//!   what both sides started from, in some settings
//! =======
//!   theirs
//! >>>>>>> feature
//! ```

use crate::text::{TextEdit, TextRange};

/// A mark is this many equal characters at the start of a line.
const MARK_LEN: usize = 7;

/// Lines that two sides changed differently.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// All of it with its marks and the last line end.
    pub range: TextRange,
    /// The first line, without its line end.
    pub head: TextRange,
    /// The lines of the first side.
    pub ours: TextRange,
    /// The lines of the second side.
    pub theirs: TextRange,
    /// The name of the first side, often `HEAD`; may be empty.
    pub our_label: String,
    /// The name of the second side, often a branch; may be empty.
    pub their_label: String,
}

/// Which mark a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mark {
    Ours,
    Base,
    Theirs,
    End,
}

impl Conflict {
    /// The conflict that begins with the line at an offset. Without its other marks a first mark is
    /// no conflict, only a mark that was left over.
    pub fn at(text: &str, offset: usize) -> Option<Conflict> {
        let head = marked_line(text, offset).filter(|it| it.mark == Mark::Ours)?;
        let (mut ours_end, mut theirs_start) = (None, None);
        let mut at = head.next;
        while let Some(line) = marked_line_from(text, at) {
            match line.mark {
                Mark::Ours => return None,
                Mark::Base => ours_end = ours_end.or(Some(line.range.start)),
                Mark::Theirs => {
                    ours_end = ours_end.or(Some(line.range.start));
                    theirs_start = theirs_start.or(Some(line.next));
                }
                Mark::End => {
                    let (ours_end, theirs_start) = (ours_end?, theirs_start?);
                    return Some(Conflict {
                        range: TextRange::new(offset, line.next),
                        head: head.range,
                        ours: TextRange::new(head.next, ours_end),
                        theirs: TextRange::new(theirs_start, line.range.start),
                        our_label: label(text, head.range),
                        their_label: label(text, line.range),
                    });
                }
            }
            at = line.next;
        }
        None
    }

    /// “Conflict between “HEAD” and “feature””.
    pub fn sentence(&self) -> String {
        let name = |label: &str, else_: &str| match label {
            "" => else_.to_owned(),
            label => format!("“{label}”"),
        };
        match (self.our_label.as_str(), self.their_label.as_str()) {
            (ours, theirs) if ours == theirs => "Conflict between two versions of these lines".to_owned(),
            (ours, theirs) => {
                let (ours, theirs) = (name(ours, "one version"), name(theirs, "another"));
                format!("Conflict between {ours} and {theirs}")
            }
        }
    }

    /// Keeps the first side.
    pub fn keep_ours(&self) -> TextEdit {
        self.keep(self.ours)
    }

    /// Keeps the second side.
    pub fn keep_theirs(&self) -> TextEdit {
        self.keep(self.theirs)
    }

    fn keep(&self, side: TextRange) -> TextEdit {
        let mut edit = TextEdit::builder();
        edit.delete(TextRange::new(self.range.start, side.start));
        edit.delete(TextRange::new(side.end, self.range.end));
        edit.finish()
    }
}

/// Whether a text begins with a mark: then it is the text below that tells what it is.
pub fn starts_with_mark(text: &str) -> bool {
    marked_line(text, 0).is_some_and(|it| it.mark == Mark::Ours)
}

/// The line at an offset, without its line end, when it is a mark of any kind.
pub fn mark_at(text: &str, offset: usize) -> Option<TextRange> {
    marked_line(text, offset).map(|it| it.range)
}

struct Line {
    mark: Mark,
    /// Without its line end.
    range: TextRange,
    /// Where the next line starts.
    next: usize,
}

/// The first mark at or after the start of a line.
fn marked_line_from(text: &str, mut at: usize) -> Option<Line> {
    loop {
        if let Some(line) = marked_line(text, at) {
            return Some(line);
        }
        at += text.get(at..)?.find('\n')? + 1;
    }
}

fn marked_line(text: &str, offset: usize) -> Option<Line> {
    let rest = text.get(offset..)?;
    let mark = match rest.as_bytes().first()? {
        b'<' => Mark::Ours,
        b'|' => Mark::Base,
        b'=' => Mark::Theirs,
        b'>' => Mark::End,
        _ => return None,
    };
    let before = text.get(..offset)?;
    if !(before.is_empty() || before == "\u{feff}" || before.ends_with('\n')) {
        return None;
    }
    let line_len = rest.find('\n').unwrap_or(rest.len());
    let line = rest.get(..line_len)?.trim_end_matches('\r');
    let label = line.trim_start_matches(line.chars().next()?);
    let is_mark = line.len() - label.len() == MARK_LEN && (label.is_empty() || label.starts_with(' '));
    // The middle has no name: a line of equal signs with words behind it is something else.
    let is_mark = is_mark && (mark != Mark::Theirs || label.trim().is_empty());
    is_mark.then(|| Line {
        mark,
        range: TextRange::new(offset, offset + line.len()),
        next: (offset + line_len + 1).min(text.len()),
    })
}

fn label(text: &str, line: TextRange) -> String {
    line.slice(text).get(MARK_LEN..).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str, &str)>) {
        let at = text.find('<').unwrap();
        let found = Conflict::at(text, at);
        let kept = found.as_ref().map(|it| (it.keep_ours().apply(text), it.keep_theirs().apply(text)));
        let told = found.as_ref().zip(kept.as_ref());
        let told = told.map(|(it, (ours, theirs))| (it.sentence(), ours.as_str(), theirs.as_str()));
        let expected = expected.map(|(sentence, ours, theirs)| (sentence.to_owned(), ours, theirs));
        assert_eq!(told, expected);
    }

    #[test]
    fn each_side_can_be_kept() {
        check(
            "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> feature\nd\n",
            Some(("Conflict between “HEAD” and “feature”", "a\nb\nd\n", "a\nc\nd\n")),
        );
        check(
            "<<<<<<< x\r\nb\r\n||||||| base\r\n=======\r\nold\r\n=======\r\nc\r\n>>>>>>> y",
            Some(("Conflict between “x” and “y”", "b\r\n", "old\r\n=======\r\nc\r\n")),
        );
        check("<<<<<<<\n=======\n>>>>>>>\n", Some(("Conflict between two versions of these lines", "", "")));
        check("<<<<<<<\n=======\n>>>>>>> b\n", Some(("Conflict between one version and “b”", "", "")));
    }

    #[test]
    fn half_a_conflict_is_none() {
        for text in [
            "<<<<<<< HEAD\nb\n=======\nc\n",
            "<<<<<<< HEAD\nb\n>>>>>>> feature\n",
            "<<<<<<< HEAD\n<<<<<<< HEAD\n=======\n>>>>>>> x\n",
            " <<<<<<< HEAD\nb\n=======\nc\n>>>>>>> feature\n",
            "<<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> feature\n",
            "<<<<<<<HEAD\nb\n=======\nc\n>>>>>>> feature\n",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn marks_stand_at_the_start_of_a_line() {
        let text = "\u{feff}<<<<<<< a\nx =======\n=======\n";
        assert_eq!(mark_at(text, 3).map(|it| it.slice(text)), Some("<<<<<<< a"));
        assert_eq!(mark_at(text, text.find("=====").unwrap()), None);
        assert_eq!(mark_at(text, text.len() - 8).map(|it| it.slice(text)), Some("======="));
    }
}
