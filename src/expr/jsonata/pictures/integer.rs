//! Pictures of whole numbers: `#,##0`, `001;o`, `I`, `a`, `Ww`, `###١`. Used by `$formatInteger`
//! and `$parseInteger` and for most markers of a date picture.

use crate::expr::jsonata::pictures::{
    MAX_DIGITS, PictureError,
    number_text::{leading_integer, number_text},
    numerals::{letters_from_number, number_from_letters, number_from_roman, roman_from_number},
    unsupported,
    words::{number_from_words, words_from_number},
};

/// `$formatInteger`: the value, rounded down, as the picture says.
pub fn format_integer(value: f64, picture: &str) -> Result<String, PictureError> {
    IntegerPicture::parse(picture)?.write(value.floor())
}

/// `$parseInteger`: the number that a text written with the picture stands for; `None` where the
/// reference has “NaN”, because the text is no such number.
pub fn parse_integer(text: &str, picture: &str) -> Result<Option<f64>, PictureError> {
    IntegerPicture::parse(picture)?.read(text)
}

/// A picture of a whole number, taken apart.
pub(super) struct IntegerPicture {
    pub style: Style,
    /// `;o`: first, 2nd.
    pub ordinal: bool,
}

pub(super) enum Style {
    /// `A` or `a`, the first letter of the alphabet that is used.
    Letters(char),
    Roman(Case),
    Words(Case),
    Digits(Digits),
    /// Anything else, such as `α`, which would be counted in a way that nobody implements.
    Sequence(String),
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
}

impl Case {
    /// Brings a text in title case into this case.
    pub(super) fn apply(self, text: String) -> String {
        match self {
            Case::Upper => text.to_uppercase(),
            Case::Lower => text.to_lowercase(),
            Case::Title => text,
        }
    }
}

pub(super) struct Digits {
    /// The zero of the family that the digits belong to.
    pub zero: char,
    /// How many digits are written at least.
    pub mandatory: usize,
    pub optional: usize,
    /// How many digits the picture shows, mandatory or not.
    n_shown: usize,
    pub grouping: Grouping,
    /// How many digits are read, where the next number follows immediately.
    pub exact: Option<usize>,
}

pub(super) enum Grouping {
    /// The separator after every so many digits from the right, as far as the number goes.
    Regular(usize, char),
    /// Separators only where the picture has them, from right to left: the number of digits to
    /// the right of each.
    Irregular(Vec<(usize, char)>),
}

impl IntegerPicture {
    pub(super) fn parse(picture: &str) -> Result<IntegerPicture, PictureError> {
        let (primary, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
        let style = match primary {
            "A" => Style::Letters('A'),
            "a" => Style::Letters('a'),
            "I" => Style::Roman(Case::Upper),
            "i" => Style::Roman(Case::Lower),
            "W" => Style::Words(Case::Upper),
            "w" => Style::Words(Case::Lower),
            "Ww" => Style::Words(Case::Title),
            _ => digits_style(primary)?,
        };
        Ok(IntegerPicture { style, ordinal: modifier.starts_with('o') })
    }

    /// Writes a whole number; the sign is always a hyphen in front.
    pub(super) fn write(&self, value: f64) -> Result<String, PictureError> {
        let magnitude = value.abs();
        let text = match &self.style {
            Style::Sequence(asked) => return Err(unsupported(asked)),
            _ if !value.is_finite() => number_text(magnitude),
            Style::Letters(first) => letters_from_number(magnitude, *first),
            Style::Roman(case) => {
                let roman = roman_from_number(magnitude).ok_or_else(|| unsupported("I"))?;
                case.apply(roman)
            }
            Style::Words(case) => {
                let words = words_from_number(magnitude, self.ordinal).ok_or_else(|| unsupported("w"))?;
                case.apply(words)
            }
            Style::Digits(digits) => digits.write(magnitude, self.ordinal)?,
        };
        Ok(if value < 0.0 { format!("-{text}") } else { text })
    }

    /// Reads a number; `None` if the text is none.
    pub(super) fn read(&self, text: &str) -> Result<Option<f64>, PictureError> {
        Ok(match &self.style {
            Style::Letters(first) => Some(number_from_letters(text, *first)),
            Style::Roman(Case::Upper) => number_from_roman(text),
            Style::Roman(_) => number_from_roman(&text.to_uppercase()),
            Style::Words(_) => number_from_words(text),
            Style::Digits(digits) => digits.read(text, self.ordinal),
            Style::Sequence(asked) => return Err(unsupported(asked)),
        })
    }
}

impl Digits {
    fn write(&self, value: f64, ordinal: bool) -> Result<String, PictureError> {
        if MAX_DIGITS < self.mandatory {
            return Err(unsupported(&self.mandatory.to_string()));
        }
        let mut text = number_text(value);
        if text.len() < self.mandatory {
            text.insert_str(0, &"0".repeat(self.mandatory - text.len()));
        }
        let text = text.chars().map(|it| moved(it, '0', self.zero)).collect();
        let mut text = self.grouping.insert_into(text, self.n_shown);
        if ordinal {
            text.extend(ordinal_ending(&text).chars());
        }
        Ok(text.into_iter().collect())
    }

    fn read(&self, text: &str, ordinal: bool) -> Option<f64> {
        let mut chars: Vec<char> = text.chars().collect();
        if ordinal {
            chars.truncate(chars.len().saturating_sub(2));
        }
        match &self.grouping {
            // The reference takes out commas, whatever the regular separator is.
            Grouping::Regular(..) => chars.retain(|it| *it != ','),
            Grouping::Irregular(separators) => {
                chars.retain(|it| separators.iter().all(|(_, separator)| it != separator));
            }
        }
        let ascii: String = chars.into_iter().map(|it| moved(it, self.zero, '0')).collect();
        leading_integer(&ascii)
    }
}

impl Grouping {
    fn insert_into(&self, text: Vec<char>, n_shown: usize) -> Vec<char> {
        match self {
            Grouping::Regular(every, separator) => {
                let n_chars = text.len();
                let mut grouped = Vec::with_capacity(2 * n_chars);
                for (at, char) in text.into_iter().enumerate() {
                    if at != 0 && (n_chars - at).checked_rem(*every) == Some(0) {
                        grouped.push(*separator);
                    }
                    grouped.push(char);
                }
                grouped
            }
            Grouping::Irregular(separators) => {
                let mut text = text;
                let mut n_prefix = 0;
                for (n_right, separator) in separators.iter().rev() {
                    match text.len().checked_sub(*n_right) {
                        Some(at) if n_prefix < at => text.insert(at, *separator),
                        // Before all digits of the picture it is as good as a prefix.
                        _ if *n_right == n_shown => {
                            text.insert(n_prefix, *separator);
                            n_prefix += 1;
                        }
                        // Otherwise it belongs between digits, of which there are not enough.
                        // The reference would damage the number.
                        _ => {}
                    }
                }
                text
            }
        }
    }
}

/// The zeros of the decimal digit families of the Basic Multilingual Plane, as Unicode has them.
const ZEROS: [u16; 37] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
    0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

/// The zero of the family that a character is a decimal digit of.
pub(super) fn zero_of(char: char) -> Option<char> {
    let zero = ZEROS.iter().map(|it| u32::from(*it)).find(|it| (*it..*it + 10).contains(&(char as u32)))?;
    char::from_u32(zero)
}

/// The character as far from one zero as it was from the other.
pub(super) fn moved(char: char, from_zero: char, to_zero: char) -> char {
    let code = (char as u32 + to_zero as u32).checked_sub(from_zero as u32);
    code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The divisor of all separator positions, if there is a separator at each of its multiples
/// (and nowhere else) up to the last position; 0 for no separators or irregular ones.
pub(super) fn regular_interval(positions: &[usize]) -> usize {
    let interval = positions.iter().copied().reduce(greatest_common_divisor).unwrap_or(0);
    let regular = (1..=positions.len()).all(|it| positions.contains(&(it * interval)));
    if regular { interval } else { 0 }
}

fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn digits_style(primary: &str) -> Result<Style, PictureError> {
    if MAX_DIGITS < primary.chars().take(MAX_DIGITS + 1).count() {
        return Err(unsupported(primary));
    }
    let mut zero = None;
    let (mut mandatory, mut optional) = (0, 0);
    let mut separators = Vec::new();
    for char in primary.chars().rev() {
        match zero_of(char) {
            Some(other) if zero.is_some_and(|it| it != other) => return Err(PictureError::new("D3131")),
            Some(family) => {
                zero = Some(family);
                mandatory += 1;
            }
            None if char == '#' => optional += 1,
            None => separators.push((mandatory + optional, char)),
        }
    }
    let Some(zero) = zero else {
        return Ok(Style::Sequence(primary.to_string()));
    };
    let positions: Vec<usize> = separators.iter().map(|it| it.0).collect();
    let interval = regular_interval(&positions);
    let grouping = match separators.first() {
        Some((_, first)) if interval != 0 && separators.iter().all(|it| it.1 == *first) => {
            Grouping::Regular(interval, *first)
        }
        _ => Grouping::Irregular(separators),
    };
    Ok(Style::Digits(Digits {
        zero,
        mandatory,
        optional,
        n_shown: mandatory + optional,
        grouping,
        exact: None,
    }))
}

/// The ending by the last characters as they are written, so digits of other families have “th”.
fn ordinal_ending(text: &[char]) -> &'static str {
    match text {
        [.., '1', _] => "th",
        [.., '1'] => "st",
        [.., '2'] => "nd",
        [.., '3'] => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: f64, picture: &str) -> String {
        format_integer(value, picture).unwrap_or_else(|it| format!("{} {}", it.code, it.value))
    }

    #[test]
    fn numbers_are_written_as_the_picture_says() {
        fn check(value: f64, picture: &str, text: &str) {
            assert_eq!(written(value, picture), text, "{value} as {picture}");
        }
        check(7.0, "0", "7");
        check(7.9, "00", "07");
        check(-7.1, "00", "-08");
        check(-0.0, "0", "0");
        check(42.0, "0;c", "42");
        check(1234567.0, "#,##0", "1,234,567");
        check(1234567.0, "#.###,##0", "1.234,567");
        check(1234567.0, "0,0,00", "1234,5,67");
        check(7.0, "#:##,0", "7");
        check(77.0, "#:##,0", "7,7");
        check(7777.0, "#:##,0", "7:77,7");
        check(5.0, "No 0", "No 5");
        check(5.0, "€#,##,##0", "€5");
        check(500.0, "€#,##,##0", "€500");
        check(42.0, "००", "४२");
        check(42.0, "0१", "D3131 ");
        check(42.0, "#", "D3130 #");
        check(42.0, "", "D3130 ");
        check(1e21, "0", "1e+21");
        check(f64::NAN, "0", "NaN");
        check(f64::NEG_INFINITY, "Ww", "-Infinity");
        check(5.0, &"0".repeat(MAX_DIGITS + 1), &format!("D3130 {}", "0".repeat(40)));
    }

    #[test]
    fn ordinals_end_as_they_are_spoken() {
        let written: Vec<String> =
            [0, 1, 2, 3, 4, 10, 11, 12, 13, 21, 101, 111, 112].map(|it| written(it.into(), "0;o")).into();
        assert_eq!(written.join(" "), "0th 1st 2nd 3rd 4th 10th 11th 12th 13th 21st 101st 111th 112th");
    }

    #[test]
    fn other_numerals_follow_their_case() {
        fn check(value: f64, picture: &str, text: &str) {
            assert_eq!(written(value, picture), text, "{value} as {picture}");
        }
        check(49.0, "I", "XLIX");
        check(-49.0, "i", "-xlix");
        check(1e30, "I", "D3130 I");
        check(28.0, "A", "AB");
        check(0.0, "a", "");
        check(21.0, "w", "twenty-one");
        check(21.0, "W;o", "TWENTY-FIRST");
        check(-1600.0, "Ww", "-One Thousand, Six Hundred");
    }

    #[test]
    fn what_is_written_is_read_again() {
        for picture in
            ["0", "000", "#,##0", "0;o", "I", "i", "A", "a", "w", "W", "Ww", "w;o", "#,##٠", "#'##,#0"]
        {
            for value in [1.0, 3.0, 12.0, 40.0, 999.0, 1_001.0, 123_456.0] {
                let text = written(value, picture);
                assert_eq!(parse_integer(&text, picture).unwrap(), Some(value), "{text} as {picture}");
            }
        }
    }

    #[test]
    fn texts_that_are_no_such_number_have_no_value() {
        fn check(text: &str, picture: &str, value: Option<f64>) {
            assert_eq!(parse_integer(text, picture).unwrap(), value, "{text} as {picture}");
        }
        check("", "0", None);
        check("x7", "0", None);
        check(" 7x", "0", Some(7.0));
        check("-7", "0", Some(-7.0));
        check("7", "०", None);
        check("mmm", "I", None);
        check("several", "w", None);
        assert_eq!(parse_integer("7", "#").unwrap_err().code, "D3130");
    }

    proptest! {
        #[test]
        fn any_picture_is_survivable(
            value in any::<f64>(), text in r"\PC{0,12}", picture in "[#0-9٠०,.:;oIiAawW ]{0,12}", other in r"\PC{0,12}",
        ) {
            for picture in [picture, other] {
                for value in [value, value % 1e4] {
                    let _ = format_integer(value, &picture);
                }
                let _ = parse_integer(&text, &picture);
            }
        }
    }
}
