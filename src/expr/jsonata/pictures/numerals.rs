//! Numbers without digits: Roman numerals and the letters of spreadsheet columns.

/// Lower-case Roman numerals, nothing for zero; `None` where there would be more than ten
/// thousand of them.
pub(super) fn roman_from_number(value: f64) -> Option<String> {
    if MAX_ROMAN < value {
        return None;
    }
    let mut rest = value as u32;
    let mut out = "m".repeat((rest / 1000) as usize);
    rest %= 1000;
    for (amount, letters) in ROMAN {
        while amount <= rest {
            out.push_str(letters);
            rest -= amount;
        }
    }
    Some(out)
}

/// Reads upper-case Roman numerals from the right: a letter that is worth less than the largest
/// after it is subtracted. `None` if there is another letter.
pub(super) fn number_from_roman(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut largest = 1;
    for letter in text.chars().rev() {
        let value = match letter {
            'M' => 1000,
            'D' => 500,
            'C' => 100,
            'L' => 50,
            'X' => 10,
            'V' => 5,
            'I' => 1,
            _ => return None,
        };
        total += f64::from(if value < largest { -value } else { value });
        largest = largest.max(value);
    }
    Some(total)
}

/// A to Z, AA, AB, …: the letters of a whole number, nothing for zero.
pub(super) fn letters_from_number(value: f64, first: char) -> String {
    let mut letters = Vec::new();
    let mut rest = value;
    while 1.0 <= rest && rest.is_finite() {
        letters.push(char::from_u32(first as u32 + ((rest - 1.0) % 26.0) as u32).unwrap_or(first));
        rest = ((rest - 1.0) / 26.0).floor();
    }
    letters.iter().rev().collect()
}

/// The reverse of [`letters_from_number`]; other characters count by their distance.
pub(super) fn number_from_letters(text: &str, first: char) -> f64 {
    text.encode_utf16()
        .fold(0.0, |total, unit| total * 26.0 + f64::from(unit) - f64::from(first as u32) + 1.0)
}

const MAX_ROMAN: f64 = 10_000_000.0;

const ROMAN: [(u32, &str); 12] = [
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numerals_go_both_ways() {
        for value in 0..4_100 {
            let roman = roman_from_number(f64::from(value)).unwrap();
            assert_eq!(number_from_roman(&roman.to_uppercase()), Some(f64::from(value)), "{roman}");
        }
        assert_eq!(roman_from_number(1944.0).unwrap(), "mcmxliv");
        assert_eq!(roman_from_number(1e300), None);
        assert_eq!(number_from_roman("IIX"), Some(8.0));
        assert_eq!(number_from_roman("XB"), None);
    }

    #[test]
    fn letters_go_both_ways() {
        for value in (1..2_000).map(f64::from).chain([123_456_789.0]) {
            assert_eq!(number_from_letters(&letters_from_number(value, 'a'), 'a'), value);
        }
        assert_eq!(letters_from_number(0.0, 'A'), "");
        assert_eq!(letters_from_number(703.0, 'A'), "AAA");
        letters_from_number(f64::MAX, 'A');
        letters_from_number(f64::INFINITY, 'A');
    }
}
