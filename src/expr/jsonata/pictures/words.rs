//! English number words: “three thousand, seven hundred and thirty-first”, written and read.

/// The number words of a whole number, each with a capital letter; `None` if they grow out of
/// all proportion, which only happens far beyond the whole numbers that a double can tell apart.
pub(super) fn words_from_number(value: f64, ordinal: bool) -> Option<String> {
    let mut out = String::new();
    write(value, Joint::None, ordinal, &mut out)?;
    Some(out)
}

/// Reads number words in any case; `None` if one of them is not a number word.
pub(super) fn number_from_words(text: &str) -> Option<f64> {
    // Each segment is a finished multiple of a thousand, but the last, which may still grow.
    let mut finished = 0.0;
    let mut current = 0.0;
    for word in split(text) {
        let value = vocabulary().find(|it| match_word(word, it) == Some(word.len())).map(|it| it.value)?;
        if value < 100.0 {
            if 1000.0 <= current {
                finished += current;
                current = 0.0;
            }
            current += value;
        } else {
            current *= value;
        }
    }
    Some(finished + current)
}

/// The lengths of what may stand at the start of the text inside a number in words: number
/// words, “and”, and what joins them.
pub(super) fn word_lengths(text: &str) -> impl Iterator<Item = usize> {
    let joint = text.starts_with(['-', ',', ' ']).then_some(1);
    let and = text.get(..3).filter(|it| it.eq_ignore_ascii_case("and")).map(str::len);
    vocabulary().filter_map(move |it| match_word(text, &it)).chain(joint).chain(and)
}

const UNITS: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];

/// The ordinals that are not the cardinal and “th”.
const IRREGULAR: [(usize, &str); 6] =
    [(1, "First"), (2, "Second"), (3, "Third"), (5, "Fifth"), (8, "Eighth"), (9, "Ninth")];

const TWELFTH: &str = "Twelfth";

/// Without their last letter, which is “y” or, in ordinals, “ieth”.
const TENS: [&str; 8] = ["Twent", "Thirt", "Fort", "Fift", "Sixt", "Sevent", "Eight", "Ninet"];

const MAGNITUDES: [(f64, &str); 4] =
    [(1e12, "Trillion"), (1e9, "Billion"), (1e6, "Million"), (1e3, "Thousand")];

/// What stands between a number and the larger one before it.
#[derive(Clone, Copy, PartialEq)]
enum Joint {
    None,
    And,
}

fn write(value: f64, joint: Joint, ordinal: bool, out: &mut String) -> Option<()> {
    if MAX_WORDS < out.len() {
        return None;
    }
    if value < 100.0 {
        if joint == Joint::And {
            out.push_str(" and ");
        }
        write_below_hundred(value as usize, ordinal, out);
        return Some(());
    }
    if joint == Joint::And {
        out.push_str(", ");
    }
    let (unit, name) = MAGNITUDES.into_iter().find(|(unit, _)| *unit <= value).unwrap_or((100.0, "Hundred"));
    let count = (value / unit).floor();
    write(count, Joint::None, false, out)?;
    out.push(' ');
    out.push_str(name);
    let rest = value - count * unit;
    if 0.0 < rest {
        return write(rest, Joint::And, ordinal, out);
    }
    if ordinal {
        out.push_str("th");
    }
    Some(())
}

/// Bytes; a number of 308 digits takes about 200.
const MAX_WORDS: usize = 10_000;

fn write_below_hundred(value: usize, ordinal: bool, out: &mut String) {
    let unit = match (value, value % 10) {
        (..20, _) => Some(value),
        (_, 0) => None,
        (_, unit) => Some(unit),
    };
    if let (20.., Some(stem)) = (value, TENS.get((value / 10).saturating_sub(2))) {
        out.push_str(stem);
        out.push_str(match unit {
            Some(_) => "y-",
            None if ordinal => "ieth",
            None => "y",
        });
    }
    if let Some(unit) = unit {
        let (stem, ending) = if ordinal { ordinal_word(unit) } else { (cardinal(unit), "") };
        out.push_str(stem);
        out.push_str(ending);
    }
}

fn cardinal(value: usize) -> &'static str {
    UNITS.get(value).copied().unwrap_or_default()
}

fn ordinal_word(value: usize) -> (&'static str, &'static str) {
    match IRREGULAR.iter().find(|it| it.0 == value) {
        Some((_, word)) => (word, ""),
        None if value == 12 => (TWELFTH, ""),
        None => (cardinal(value), "th"),
    }
}

/// One spelling of one number word.
struct Word {
    stem: &'static str,
    ending: &'static str,
    value: f64,
}

fn vocabulary() -> impl Iterator<Item = Word> {
    let units = (0..20).flat_map(|value| {
        let (stem, ending) = ordinal_word(value);
        let value = value as f64;
        [Word { stem: cardinal(value as usize), ending: "", value }, Word { stem, ending, value }]
    });
    let tens = TENS.iter().zip(2..).flat_map(|(stem, ten)| {
        let value = f64::from(ten * 10);
        [Word { stem, ending: "y", value }, Word { stem, ending: "ieth", value }]
    });
    let larger = MAGNITUDES.into_iter().chain([(100.0, "Hundred")]);
    let larger = larger
        .flat_map(|(value, stem)| [Word { stem, ending: "", value }, Word { stem, ending: "th", value }]);
    units.chain(tens).chain(larger)
}

/// The length of the word if the text starts with it.
fn match_word(text: &str, word: &Word) -> Option<usize> {
    let (stem, rest) = text.split_at_checked(word.stem.len())?;
    let ending = rest.get(..word.ending.len())?;
    (stem.eq_ignore_ascii_case(word.stem) && ending.eq_ignore_ascii_case(word.ending))
        .then_some(stem.len() + ending.len())
}

/// The words between “, ”, “ and ”, hyphens, backslashes and single white space.
fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut word_start = 0;
    let mut skip_to = 0;
    for (at, _) in text.char_indices() {
        let Some(rest) = text.get(at..) else { continue };
        let separator = if at < skip_to { None } else { separator_length(rest) };
        if let Some(length) = separator {
            words.extend(text.get(word_start..at));
            word_start = at + length;
            skip_to = word_start;
        }
    }
    words.extend(text.get(word_start..));
    words
}

fn separator_length(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let second = chars.next();
    match (first, second) {
        (',', Some(space)) if space.is_whitespace() => Some(1 + space.len_utf8()),
        ('-' | '\\', _) => Some(1),
        (space, _) if space.is_whitespace() => {
            let n_space = space.len_utf8();
            let after_and = text.get(n_space..).and_then(|it| it.get(3..)).and_then(|it| it.chars().next());
            let and = text.get(n_space..n_space + 3).is_some_and(|it| it.eq_ignore_ascii_case("and"));
            match after_and {
                Some(end) if and && end.is_whitespace() => Some(n_space + 3 + end.len_utf8()),
                _ => Some(n_space),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_words_and_words_numbers() {
        fn check(value: f64, cardinal: &str, ordinal: &str) {
            assert_eq!(words_from_number(value, false).unwrap(), cardinal);
            assert_eq!(words_from_number(value, true).unwrap(), ordinal);
            assert_eq!(number_from_words(cardinal), Some(value), "{cardinal}");
            assert_eq!(number_from_words(&ordinal.to_lowercase()), Some(value), "{ordinal}");
        }
        check(0.0, "Zero", "Zeroth");
        check(8.0, "Eight", "Eighth");
        check(12.0, "Twelve", "Twelfth");
        check(19.0, "Nineteen", "Nineteenth");
        check(40.0, "Forty", "Fortieth");
        check(83.0, "Eighty-Three", "Eighty-Third");
        check(101.0, "One Hundred and One", "One Hundred and First");
        check(900.0, "Nine Hundred", "Nine Hundredth");
        check(2_119.0, "Two Thousand, One Hundred and Nineteen", "Two Thousand, One Hundred and Nineteenth");
        check(5_000_006.0, "Five Million and Six", "Five Million and Sixth");
        check(7e12, "Seven Trillion", "Seven Trillionth");
    }

    #[test]
    fn words_are_read_as_they_are_spoken() {
        fn check(text: &str, value: Option<f64>) {
            assert_eq!(number_from_words(text), value, "{text}");
        }
        check("eighteen hundred and twelve", Some(1812.0));
        check("two thousand twelve", Some(2012.0));
        check("hundred", Some(0.0));
        check("twenty banana", None);
        check("", None);
        check("one  two", None);
        check("é and é", None);
    }

    #[test]
    fn huge_numbers_pile_up_trillions() {
        assert_eq!(words_from_number(2e36, false).unwrap(), "Two Trillion Trillion Trillion");
        words_from_number(f64::MAX, true);
    }
}
