//! From decimal digits to the nearest `f64`. The standard library does the same faster with a table of
//! ten thousand bytes that no compressor shrinks; here numbers as people and programs write them take
//! one division, and only the others are worked out digit by digit.

/// The number that a text spells: a sign, digits, a point and an exponent, of which only one digit is
/// needed. The nearest `f64`, of two the even one; too large ones are infinite.
pub fn float(text: &str) -> Option<f64> {
    let (is_negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent_of(exponent)?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let size = nearest(whole, fraction, exponent);
    Some(if is_negative { -size } else { size })
}

/// Too many digits are as good as any large number.
fn exponent_of(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let size = digits.bytes().fold(0_i64, |size, it| (size * 10 + i64::from(it - b'0')).min(FAR));
    Some(sign * size)
}

/// A power of ten beyond every text.
const FAR: i64 = 1 << 40;

/// More digits than ever decide between two neighbors.
const MAX_DIGITS: usize = 800;

fn nearest(whole: &str, fraction: &str, exponent: i64) -> f64 {
    let all = || whole.bytes().chain(fraction.bytes()).map(|it| it - b'0');
    let n_zeros = all().take_while(|it| *it == 0).count();
    let mut digits: Vec<u8> = all().skip(n_zeros).take(MAX_DIGITS).collect();
    if all().skip(n_zeros + MAX_DIGITS).any(|it| it > 0) {
        digits.push(1);
    }
    while digits.last() == Some(&0) {
        digits.pop();
    }
    let length = |it: usize| i64::try_from(it).unwrap_or(FAR);
    let point = length(whole.len()) - length(n_zeros) + exponent;
    match digits.len() {
        0 => 0.0,
        _ if point > 310 => f64::INFINITY,
        _ if point < -330 => 0.0,
        1..20 => few_digits(&digits, point).unwrap_or_else(|| many_digits(digits, point)),
        _ => many_digits(digits, point),
    }
}

/// `0.digits` times ten to the power of `point`, by one multiplication or division if that is enough.
fn few_digits(digits: &[u8], point: i64) -> Option<f64> {
    let size = digits.iter().fold(0_u64, |size, it| size * 10 + u64::from(*it));
    let exponent = i32::try_from(point).ok()? - i32::try_from(digits.len()).ok()?;
    let power = 10_u64.checked_pow(exponent.unsigned_abs())?;
    if exponent >= 0 {
        return Some(rounded(u128::from(size) * u128::from(power), false, 0));
    }
    let shift = size.leading_zeros() + 64;
    let (high, low) = (u128::from(size) << shift, u128::from(power));
    Some(rounded(high / low, high % low > 0, -i32::try_from(shift).ok()?))
}

/// The `f64` nearest to `size` times two to the power of `exponent`, and a little more if `is_more`.
/// None of these is near the ends of what an `f64` holds.
fn rounded(size: u128, is_more: bool, exponent: i32) -> f64 {
    let n_dropped = (128 - size.leading_zeros()).saturating_sub(53);
    let rest = size - (size >> n_dropped << n_dropped);
    let half = (1_u128 << n_dropped) >> 1;
    let kept = u64::try_from(size >> n_dropped).unwrap_or(0);
    let is_up = n_dropped > 0 && (rest > half || rest == half && (is_more || kept & 1 == 1));
    let kept = kept + u64::from(is_up);
    // Both are exact: 53 bits, and a power of two.
    kept as f64 * 2_f64.powi(exponent + i32::try_from(n_dropped).unwrap_or(0))
}

/// The same by shifting decimal digits until the number is one of 53 bits.
fn many_digits(mut digits: Vec<u8>, mut point: i64) -> f64 {
    let mut exponent = 0;
    while point > 0 {
        let n_bits = if point > 18 { 60 } else { (point * 3).min(60) as u32 };
        shift_right(&mut digits, &mut point, n_bits);
        exponent += i64::from(n_bits);
    }
    while point < 0 || digits.first().is_none_or(|it| *it < 5) {
        let n_bits = if point < -18 { 60 } else { (point.unsigned_abs() * 3).clamp(1, 60) as u32 };
        shift_left(&mut digits, &mut point, n_bits);
        exponent -= i64::from(n_bits);
    }
    // Now the number is one half at least and less than one.
    if exponent > 1024 {
        return f64::INFINITY;
    }
    let n_bits = (exponent + 1074).clamp(0, 53) as u32;
    if exponent + 1074 < 0 {
        return 0.0;
    }
    shift_left(&mut digits, &mut point, n_bits);
    let n_whole = usize::try_from(point).unwrap_or(0);
    let whole = digits.iter().copied().chain(std::iter::repeat(0)).take(n_whole);
    let whole = whole.fold(0_u64, |whole, it| whole * 10 + u64::from(it));
    let is_up = match digits.get(n_whole..) {
        Some([5]) if point >= 0 => whole & 1 == 1,
        Some([first, ..]) if point >= 0 => *first >= 5,
        _ => false,
    };
    let kept = whole + u64::from(is_up);
    // 53 bits before the point, fewer for the smallest numbers; a carry is right by itself.
    let exponent = exponent - i64::from(n_bits);
    let bits =
        if kept >= 1 << 52 { kept - (1 << 52) + ((exponent + 1075).unsigned_abs() << 52) } else { kept };
    f64::from_bits(bits).min(f64::INFINITY)
}

/// Multiplies by a power of two; at most 60.
fn shift_left(digits: &mut Vec<u8>, point: &mut i64, n_bits: u32) {
    let mut carry = 0_u64;
    for digit in digits.iter_mut().rev() {
        carry += u64::from(*digit) << n_bits;
        *digit = (carry % 10) as u8;
        carry /= 10;
    }
    let mut before = Vec::new();
    while carry > 0 {
        before.push((carry % 10) as u8);
        carry /= 10;
    }
    before.reverse();
    *point += before.len() as i64;
    digits.splice(0..0, before);
    while digits.last() == Some(&0) {
        digits.pop();
    }
}

/// Divides by a power of two; at most 60.
fn shift_right(digits: &mut Vec<u8>, point: &mut i64, n_bits: u32) {
    let mut rest = 0_u64;
    let mut shifted = Vec::with_capacity(digits.len() + n_bits as usize);
    let mut place = 0;
    while place < digits.len() || rest > 0 {
        rest = rest * 10 + u64::from(digits.get(place).copied().unwrap_or(0));
        place += 1;
        let digit = (rest >> n_bits) as u8;
        rest &= (1 << n_bits) - 1;
        if digit == 0 && shifted.is_empty() {
            *point -= 1;
        } else {
            shifted.push(digit);
        }
    }
    *digits = shifted;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) {
        let expected = text.parse::<f64>().ok();
        assert_eq!(float(text).map(f64::to_bits), expected.map(f64::to_bits), "{text}");
    }

    #[test]
    fn the_standard_library_reads_the_same() {
        for text in [
            "0",
            "-0",
            "1",
            "+1",
            "1.",
            ".5",
            ".",
            "",
            "-",
            "e5",
            "1e",
            "1e+",
            "1e5",
            "1E-5",
            "0.1",
            "1.5x",
            "1e400",
            "-1e400",
            "1e-400",
            "0e999999999999999999999",
            "1e999999999999999999999",
            "1e-99999999999999999999",
            "5e-324",
            "2.4703282292062327208e-324",
            "2.4703282292062328e-324",
            "2.2250738585072014e-308",
            "2.2250738585072011e-308",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "9007199254740993",
            "9007199254740992.5",
            "9007199254740993.00000000000000000000000000000000001",
            "18446744073709551615",
            "18446744073709551616",
            "0.000000000000000000000000000000000000001e39",
            "123456789012345678901234567890",
            "4.9406564584124654e-324",
            "1e23",
            "8.5e22",
            "9.5367431640625e-7",
            "1.00000005960464477539062501e0",
        ] {
            check(text);
        }
        check(&format!("1{}", "0".repeat(308)));
        check(&format!("0.{}1", "0".repeat(2_000)));
        check(&format!("0.5{}1", "0".repeat(2_000)));
        check(&format!("9007199254740992.5{}1", "0".repeat(2_000)));
    }

    #[test]
    fn every_number_comes_back_from_its_spellings() {
        let mut state = 88_172_645_463_325_252_u64;
        for _ in 0..2_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let number = f64::from_bits(state);
            if number.is_finite() {
                check(&format!("{number:e}"));
                check(&format!("{number:.20e}"));
                // Halfway to the next.
                check(&format!("{:.17e}5", number));
            }
            check(&format!("{}", (state >> 12) as f64 / 1e6));
            check(&format!("{}.{}", state >> 40, state & 0xFFFF_FFFF));
            check(&format!("{}e{}", state >> 11, state % 640));
            check(&format!("{}e-{}", state >> 11, state % 360));
        }
    }
}
