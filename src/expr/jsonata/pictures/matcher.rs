//! Finds out which piece of a text belongs to which part of a date picture. Each part takes as
//! much as it can; if the rest then does not fit, the parts before it give back. Letters match in
//! either case.

use std::collections::BTreeSet;

use crate::expr::jsonata::pictures::{
    MAX_DIGITS,
    integer::{Digits, zero_of},
    words::word_lengths,
};

/// What may stand in the place of one part of a picture.
pub(super) enum Shape<'a> {
    Literal(&'a str),
    /// Any digits of one family.
    Digits(char),
    /// Digits as a picture has them: so many where the length is definite, with an ending if it
    /// is an ordinal.
    Number(&'a Digits, bool),
    /// One or more of these ASCII letters.
    Letters(&'static str),
    /// One or more ASCII letters.
    Name,
    /// A number in words.
    Words,
    /// An offset from UTC, after “GMT” if so, with a separator before the minutes if there is one.
    Zone(bool, Option<char>),
}

/// The pieces of a text that is made of these shapes and nothing else, one for each shape.
pub(super) fn match_all<'t>(shapes: &[Shape], text: &'t str) -> Option<Vec<&'t str>> {
    let mut budget = BUDGET;
    // The ends that each part up to the current one may still try, and those that are tried now.
    let mut untried: Vec<Vec<usize>> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    loop {
        let at = ends.last().copied().unwrap_or(0);
        match shapes.get(ends.len()) {
            Some(shape) => {
                let next = shape.ends(text, at);
                budget = budget.checked_sub(1 + next.len() + shape.cost())?;
                untried.push(next);
            }
            None if at == text.len() => break,
            None => {}
        }
        loop {
            match untried.last_mut()?.pop() {
                Some(end) => {
                    ends.truncate(untried.len() - 1);
                    ends.push(end);
                    break;
                }
                None => {
                    untried.pop();
                }
            }
        }
    }
    let starts = std::iter::once(&0).chain(&ends);
    Some(starts.zip(&ends).map(|(start, end)| text.get(*start..*end).unwrap_or_default()).collect())
}

/// How many places may be tried. A text that needs more does not match; only pictures in which
/// several parts may take the same letters get anywhere near.
const BUDGET: usize = 1_000_000;

impl Shape<'_> {
    /// Where the part may end if it starts here, the best end last.
    fn ends(&self, text: &str, at: usize) -> Vec<usize> {
        let Some(rest) = text.get(at..) else {
            return Vec::new();
        };
        let lengths: Vec<usize> = match self {
            Shape::Literal(literal) => literal_length(rest, literal).into_iter().collect(),
            Shape::Digits(zero) => run(rest, |it| zero_of(it) == Some(*zero)),
            Shape::Number(digits, ordinal) => {
                let lengths = run(rest, |it| zero_of(it) == Some(digits.zero));
                let exact = digits.exact.filter(|it| *it != 0);
                let lengths = lengths.into_iter().enumerate();
                let lengths = lengths.filter(|(idx, _)| exact.is_none_or(|exact| exact == idx + 1));
                let lengths = lengths.map(|it| it.1);
                if *ordinal {
                    lengths.filter(|it| has_ordinal_ending(rest, *it)).map(|it| it + 2).collect()
                } else {
                    lengths.collect()
                }
            }
            Shape::Letters(letters) => run(rest, |it| letters.contains(it.to_ascii_lowercase())),
            Shape::Name => run(rest, |it| it.is_ascii_alphabetic()),
            Shape::Words => words(rest),
            Shape::Zone(gmt, separator) => zone_lengths(rest, *gmt, *separator).unwrap_or_default(),
        };
        lengths.into_iter().map(|it| at + it).collect()
    }

    fn cost(&self) -> usize {
        match self {
            Shape::Literal(literal) => literal.len() / 64,
            Shape::Words => 64,
            _ => 0,
        }
    }
}

/// The lengths of one, two, … characters of a kind, as far as they go.
fn run(text: &str, is_kind: impl Fn(char) -> bool) -> Vec<usize> {
    let run = text.char_indices().take_while(|(_, it)| is_kind(*it)).take(MAX_DIGITS);
    run.map(|(at, char)| at + char.len_utf8()).collect()
}

fn literal_length(text: &str, literal: &str) -> Option<usize> {
    let mut chars = text.chars();
    for expected in literal.chars() {
        let found = chars.next()?;
        if found != expected && !found.to_uppercase().eq(expected.to_uppercase()) {
            return None;
        }
    }
    Some(text.len() - chars.as_str().len())
}

fn has_ordinal_ending(text: &str, at: usize) -> bool {
    let ending = text.get(at..).and_then(|it| it.get(..2));
    ending.is_some_and(|ending| ["st", "nd", "rd", "th"].iter().any(|it| it.eq_ignore_ascii_case(ending)))
}

fn words(text: &str) -> Vec<usize> {
    let mut reached = BTreeSet::new();
    let mut pending = vec![0];
    while let Some(at) = pending.pop() {
        for length in word_lengths(text.get(at..).unwrap_or_default()) {
            if at + length <= MAX_DIGITS && reached.insert(at + length) {
                pending.push(at + length);
            }
        }
    }
    reached.into_iter().collect()
}

fn zone_lengths(text: &str, gmt: bool, separator: Option<char>) -> Option<Vec<usize>> {
    let mut rest = text;
    if gmt {
        rest = rest.get(literal_length(rest, "GMT")?..)?;
    }
    rest = rest.strip_prefix(['-', '+'])?;
    let is_digit = |it: char| it.is_ascii_digit();
    if let Some(separator) = separator {
        rest = rest.get(*run(rest, is_digit).last()?..)?.strip_prefix(separator)?;
    }
    let before = text.len() - rest.len();
    Some(run(rest, is_digit).into_iter().map(|it| before + it).collect())
}
