//! Plain numbers as text, and the rounding that goes with it. JSONata's numbers are ECMAScript's,
//! so this file follows the number-to-text rules of that language, which differ from Rust's in
//! when an exponent appears and in how halves are rounded.

use crate::expr::jsonata::pictures::PictureError;
use crate::json::float;

/// The shortest text that reads back as the same number, as ECMAScript's `Number::toString`
/// writes it: `100`, `0.000001`, `1e-7`, `1e+21`. Both zeros are `0`.
pub fn number_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_string();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-Infinity" } else { "Infinity" }.to_string();
    }
    if value == 0.0 {
        return "0".to_string();
    }
    let scientific = shortest(value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(|it| *it != '.').collect();
    // The decimal point stands after this many digits.
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let sign = if value < 0.0 { "-" } else { "" };
    let n_digits = digits.len() as i32;
    let body = match point {
        1..=21 if n_digits <= point => digits + &"0".repeat((point - n_digits) as usize),
        1..=21 => with_point(&digits, point as usize),
        -5..=0 => format!("0.{}{digits}", "0".repeat(-point as usize)),
        _ => {
            let mantissa = if n_digits == 1 { digits } else { with_point(&digits, 1) };
            format!("{mantissa}e{}{}", if point < 1 { '-' } else { '+' }, (point - 1).abs())
        }
    };
    format!("{sign}{body}")
}

/// A number as `$string` and string concatenation write it: a number with a fraction is first
/// rounded to 15 significant digits, which hides what binary arithmetic leaves behind.
pub fn number_text_15(value: f64) -> String {
    if !value.is_finite() || value.fract() == 0.0 {
        return number_text(value);
    }
    number_text(to_precision_15(value))
}

/// `$round`: to this many decimal places, or with a negative precision to tens, hundreds, …;
/// a half goes to the even neighbor. The decimal text of the number is what is rounded, so that
/// 4.525 is a half although its binary value is a little more. Never gives a negative zero.
pub fn round_half_even(value: f64, precision: i32) -> f64 {
    let shifted = shift_decimal(value, precision);
    if !shifted.is_finite() {
        // Nothing to round at a place that far behind the digits.
        return value;
    }
    let rounded = shift_decimal(shifted.round_ties_even(), precision.saturating_neg());
    // Adding zero turns the negative zero, which JSON does not have, into zero.
    rounded + 0.0
}

/// `$formatBase`: the integer nearest to the value in another base, 2 to 36. Digits beyond what a
/// number holds are zeros.
pub fn format_base(value: f64, radix: f64) -> Result<String, PictureError> {
    let value = round_half_even(value, 0);
    let radix = round_half_even(radix, 0);
    if !(2.0..=36.0).contains(&radix) {
        return Err(PictureError::naming("D3100", number_text(radix)));
    }
    if radix == 10.0 || !value.is_finite() {
        return Ok(number_text(value));
    }
    let mut digits = Vec::new();
    let mut rest = value.abs();
    // Half the distance to the next number: digits that are worth less are not known.
    let mut unknown = 0.5 * (rest.next_up() - rest);
    while radix <= unknown && unknown.is_finite() {
        rest /= radix;
        unknown /= radix;
        digits.push('0');
    }
    loop {
        let digit = rest % radix;
        digits.push(char::from_digit(digit as u32, radix as u32).unwrap_or('0'));
        rest = (rest - digit) / radix;
        if rest <= 0.0 {
            break;
        }
    }
    if value < 0.0 {
        digits.push('-');
    }
    Ok(digits.iter().rev().collect())
}

/// The absolute value with exactly this many decimal places, halves away from zero, as
/// ECMAScript's `toFixed` writes it (which gives up at 1e21; this does not).
pub(super) fn to_fixed(value: f64, n_places: usize) -> String {
    let value = value.abs();
    if !value.is_finite() {
        return number_text(value);
    }
    // Rust prints the exact digits but would round a half to even. No number of 53 bits has
    // `EXTRA` further digits that look like a half without being one.
    let exact = format!("{value:.*}", n_places + EXTRA);
    let end = exact.len() - EXTRA;
    let kept = exact.get(..end).unwrap_or(&exact).trim_end_matches('.');
    let next = exact.as_bytes().get(end).copied().unwrap_or(b'0');
    if next < b'5' { kept.to_string() } else { increment(kept) }
}

const EXTRA: usize = 60;

/// The integer at the start of a text, ignoring white space before it and anything after it.
pub(super) fn leading_integer(text: &str) -> Option<f64> {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
    Some(sign * float(digits.get(..end)?)?)
}

fn to_precision_15(value: f64) -> f64 {
    let exact = format!("{:.*e}", 14 + EXTRA, value.abs());
    let (mantissa, exponent) = exact.split_once('e').unwrap_or((&exact, "0"));
    // One digit, the point, fourteen digits.
    let kept = mantissa.get(..16).unwrap_or(mantissa);
    let next = mantissa.as_bytes().get(16).copied().unwrap_or(b'0');
    let kept = if next < b'5' { kept.to_string() } else { increment(kept) };
    let rounded = float(&format!("{kept}e{exponent}")).unwrap_or(value);
    rounded.copysign(value)
}

/// The decimal text plus one in its last place.
fn increment(text: &str) -> String {
    let mut carry = true;
    let mut digits: Vec<char> = text.chars().collect();
    for digit in digits.iter_mut().rev().filter(|it| it.is_ascii_digit()) {
        *digit = match *digit {
            '9' => '0',
            low => char::from(low as u8 + 1),
        };
        carry = *digit == '0';
        if !carry {
            break;
        }
    }
    if carry {
        digits.insert(0, '1');
    }
    digits.into_iter().collect()
}

/// The fewest digits that read back as the same number, in scientific notation. Where two texts of
/// that length are equally near, Rust takes the greater and ECMAScript the even one.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    let n_digits = text.bytes().take_while(|it| *it != b'e').filter(u8::is_ascii_digit).count();
    let nearest = format!("{value:.*e}", n_digits.saturating_sub(1));
    if float(&nearest) == Some(value) { nearest } else { text }
}

/// The number with its decimal point moved to the right, by way of its text.
fn shift_decimal(value: f64, n_places: i32) -> f64 {
    if n_places == 0 || !value.is_finite() {
        return value;
    }
    let scientific = shortest(value);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent = exponent.parse::<i64>().unwrap_or(0) + i64::from(n_places);
    float(&format!("{mantissa}e{exponent}")).unwrap_or(value)
}

fn with_point(digits: &str, point: usize) -> String {
    match digits.split_at_checked(point) {
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => digits.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_read_as_in_ecmascript() {
        fn check(value: f64, text: &str) {
            assert_eq!(number_text(value), text);
            assert_eq!(number_text(-value), if value == 0.0 { text.to_string() } else { format!("-{text}") });
        }
        check(0.0, "0");
        check(7.0, "7");
        check(120.0, "120");
        check(0.5, "0.5");
        check(12.75, "12.75");
        check(1e20, "100000000000000000000");
        check(1e21, "1e+21");
        check(1.5e300, "1.5e+300");
        check(0.000001, "0.000001");
        check(0.0000012, "0.0000012");
        check(0.00000012, "1.2e-7");
        check(5e-324, "5e-324");
        check(93754201568663.0 + 0.125, "93754201568663.12");
        check(f64::INFINITY, "Infinity");
        assert_eq!(number_text(f64::NAN), "NaN");
    }

    #[test]
    fn fractions_keep_fifteen_digits() {
        fn check(value: f64, text: &str) {
            assert_eq!(number_text_15(value), text);
        }
        check(0.1 + 0.2, "0.3");
        check(1.0 / 3.0, "0.333333333333333");
        check(2.0 / 3.0, "0.666666666666667");
        check(-2.0 / 3.0, "-0.666666666666667");
        check(123456789012344.5, "123456789012345");
        check(999999999999999.5, "1000000000000000");
        check(9007199254740993.0, "9007199254740992");
        check(1e300, "1e+300");
        check(1.1e-300, "1.1e-300");
    }

    #[test]
    fn halves_go_to_the_even_neighbor() {
        fn check(value: f64, precision: i32, rounded: f64) {
            let got = round_half_even(value, precision);
            assert_eq!(got, rounded, "{value} to {precision}");
            assert!(!(got == 0.0 && got.is_sign_negative()), "{value} to {precision}");
        }
        check(1.5, 0, 2.0);
        check(2.5, 0, 2.0);
        check(-3.5, 0, -4.0);
        check(-0.4, 0, 0.0);
        check(1.005, 2, 1.0);
        check(1.015, 2, 1.02);
        check(8.125, 2, 8.12);
        check(1250.0, -2, 1200.0);
        check(1350.0, -2, 1400.0);
        check(1e300, 2, 1e300);
        check(93754201568663.12, 3, 93754201568663.12);
        check(1.25, 400, 1.25);
        check(1.25, i32::MIN, 0.0);
        check(1.25, i32::MAX, 1.25);
    }

    #[test]
    fn fixed_places_round_halves_up() {
        fn check(value: f64, n_places: usize, text: &str) {
            assert_eq!(to_fixed(value, n_places), text);
        }
        check(0.5, 0, "1");
        check(2.5, 0, "3");
        check(-2.5, 0, "3");
        check(1.005, 2, "1.00");
        check(9.995, 1, "10.0");
        check(2f64.powi(50) + 0.25, 1, "1125899906842624.3");
        check(0.1, 20, "0.10000000000000000555");
        check(1e21, 1, "1000000000000000000000.0");
    }

    #[test]
    fn integers_have_other_bases() {
        fn check(value: f64, radix: f64, text: &str) {
            assert_eq!(format_base(value, radix).unwrap_or_else(|it| it.code.to_string()), text);
        }
        check(255.0, 16.0, "ff");
        check(-255.0, 2.0, "-11111111");
        check(0.0, 3.0, "0");
        check(35.5, 36.0, "10");
        check(2f64.powi(60), 2.0, &format!("1{}", "0".repeat(60)));
        check(1e21, 10.0, "1e+21");
        check(8.0, 1.5, "1000");
        check(8.0, 1.4, "D3100");
        check(8.0, 37.0, "D3100");
        check(8.0, f64::NAN, "D3100");
    }

    proptest! {
        #[test]
        fn text_reads_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            let back: f64 = number_text(value).parse().unwrap();
            prop_assert!(back == value || value.is_nan());
            number_text_15(value);
            to_fixed(value, (bits % 100) as usize);
        }

        #[test]
        fn any_rounding_and_base_is_survivable(value in any::<f64>(), precision in any::<i32>(), radix in any::<f64>()) {
            round_half_even(value, precision);
            round_half_even(value, precision % 30);
            let _ = format_base(value, radix);
            let _ = format_base(value, radix % 36.0);
        }
    }
}
