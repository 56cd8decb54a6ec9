//! `$formatNumber`: decimal pictures such as `#,##0.00`, `0.0%`, `00.000e0` or, with its own form
//! for negative numbers, `0.0;(0.0)`.
//!
//! A picture is one or two sub-pictures. Each is a prefix, an active part made of digits and
//! separators, and a suffix. The active part says how many digits there are at least and at most
//! on either side of the decimal point and where the groups end.
//!
//! XPath decides where the reference implementation loses its way: it never ends when a negative
//! number or zero has an exponent, misplaces irregular groups in short numbers and repeated ones in
//! fractions, and knows neither infinity nor numbers from 1e21 on.

use crate::expr::jsonata::pictures::{
    DecimalFormat, MAX_DIGITS, PictureError,
    decimal_format::Symbols,
    integer::{moved, regular_interval},
    number_text::{round_half_even, to_fixed},
    unsupported,
};

/// `$formatNumber`: the value as the picture says, with the symbols of the format.
pub fn format_number(value: f64, picture: &str, options: &DecimalFormat) -> Result<String, PictureError> {
    let symbols = Symbols::new(options)?;
    let sub_pictures = split(picture, &symbols.pattern)?;
    let layouts = sub_pictures
        .into_iter()
        .map(|it| Ok(SubPicture::parse(it, &symbols)?.layout(&symbols)))
        .collect::<Result<Vec<_>, PictureError>>()?;
    if value.is_nan() {
        return Ok(options.nan.clone());
    }
    let negative = value < 0.0;
    let (sign, layout) = match layouts.as_slice() {
        [_, for_negative] if negative => ("", for_negative),
        [layout, ..] => (if negative { options.minus_sign.as_str() } else { "" }, layout),
        [] => return Err(PictureError::new("D3085")),
    };
    let magnitude = value.abs() * layout.factor;
    let number =
        if magnitude.is_finite() { layout.write(magnitude, &symbols) } else { options.infinity.clone() };
    Ok(format!("{sign}{}{number}{}", layout.prefix, layout.suffix))
}

/// One sub-picture, cut into its parts. Positions in it are those of the reference, which looks
/// for the exponent in the whole sub-picture but cuts it out of the active part.
struct SubPicture {
    whole: Vec<char>,
    prefix: Vec<char>,
    suffix: Vec<char>,
    active: Vec<char>,
    mantissa: Vec<char>,
    exponent: Option<Vec<char>>,
    integer: Vec<char>,
    /// The suffix, where there is no decimal separator.
    fraction: Vec<char>,
}

impl SubPicture {
    fn parse(whole: Vec<char>, symbols: &Symbols) -> Result<SubPicture, PictureError> {
        let start = whole.iter().position(|it| symbols.is_edge(*it)).unwrap_or(0);
        let end = whole.iter().rposition(|it| symbols.is_edge(*it)).map_or(whole.len(), |it| it + 1);
        let part = |from: &[char], start: usize, end: usize| {
            from.get(start.min(from.len())..end.min(from.len())).unwrap_or_default().to_vec()
        };
        let active = part(&whole, start, end);
        if MAX_DIGITS < active.len() {
            return Err(unsupported(&active.iter().collect::<String>()));
        }
        let (mantissa, exponent) = match find(&whole, &symbols.exponent, start) {
            Some(at) if at <= end => (part(&active, 0, at), Some(part(&active, at + 1, usize::MAX))),
            _ => (active.clone(), None),
        };
        let suffix = part(&whole, end, usize::MAX);
        let (integer, fraction) = match find(&mantissa, &symbols.decimal, 0) {
            Some(at) => (part(&mantissa, 0, at), part(&mantissa, at + 1, usize::MAX)),
            None => (mantissa.clone(), suffix.clone()),
        };
        let prefix = part(&whole, 0, start);
        let parts = SubPicture { whole, prefix, suffix, active, mantissa, exponent, integer, fraction };
        match parts.fault(symbols) {
            Some(code) => Err(PictureError::new(code)),
            None => Ok(parts),
        }
    }

    /// The code of the last rule of XPath that the sub-picture breaks.
    fn fault(&self, symbols: &Symbols) -> Option<&'static str> {
        let whole = self.whole.as_slice();
        let twice = |symbol: &[char]| find(whole, symbol, 0) != find_last(whole, symbol);
        let has = |symbol: &[char]| find(whole, symbol, 0).is_some();
        let percent = has(&symbols.percent);
        let per_mille = has(&symbols.per_mille);
        let decimal_at = find(whole, &symbols.decimal, 0);
        let grouping_at =
            |at: Option<usize>| at.and_then(|it| whole.get(it)).is_some_and(|it| symbols.grouping == [*it]);
        let beside_decimal =
            decimal_at.is_some_and(|at| grouping_at(at.checked_sub(1)) || grouping_at(Some(at + 1)));
        let at_end = self.integer.last().is_some_and(|it| symbols.grouping == [*it]);
        let double_grouping = [symbols.grouping.as_slice(), &symbols.grouping].concat();
        let optional_at = self.integer.iter().position(|it| symbols.is_optional(*it));
        let mandatory_before =
            self.integer.iter().take(optional_at.unwrap_or(0)).any(|it| symbols.is_mandatory(*it));
        let last_optional_at = self.fraction.iter().rposition(|it| symbols.is_optional(*it));
        let mandatory_after = last_optional_at
            .is_some_and(|at| self.fraction.iter().skip(at).any(|it| symbols.is_mandatory(*it)));
        let has_exponent = self.exponent.as_ref().is_some_and(|it| !it.is_empty());
        let bad_exponent = self
            .exponent
            .as_ref()
            .is_some_and(|it| it.is_empty() || !it.iter().all(|it| symbols.is_mandatory(*it)));
        let rules = [
            ("D3081", twice(&symbols.decimal)),
            ("D3082", twice(&symbols.percent)),
            ("D3083", twice(&symbols.per_mille)),
            ("D3084", percent && per_mille),
            ("D3085", !self.mantissa.iter().any(|it| symbols.is_digit(*it))),
            ("D3086", !self.active.iter().all(|it| symbols.is_active(*it))),
            ("D3087", beside_decimal),
            ("D3088", decimal_at.is_none() && at_end),
            ("D3089", has(&double_grouping)),
            ("D3090", mandatory_before),
            ("D3091", mandatory_after),
            ("D3092", has_exponent && (percent || per_mille)),
            ("D3093", bad_exponent),
        ];
        rules.iter().rev().find(|it| it.1).map(|it| it.0)
    }

    /// What the parts say about the text.
    fn layout(&self, symbols: &Symbols) -> Layout {
        let n_mandatory = |part: &[char]| part.iter().filter(|it| symbols.is_mandatory(**it)).count();
        let n_digits = |part: &[char]| part.iter().filter(|it| symbols.is_digit(**it)).count();
        let scale = n_mandatory(&self.integer);
        let mut min_whole = scale;
        let mut min_fraction = n_mandatory(&self.fraction);
        let mut max_fraction = n_digits(&self.fraction);
        if min_whole == 0 && max_fraction == 0 {
            if self.exponent.is_some() {
                min_fraction = 1;
                max_fraction = 1;
            } else {
                min_whole = 1;
            }
        }
        if self.exponent.is_some() && min_whole == 0 && find(&self.integer, &symbols.digit, 0).is_some() {
            min_whole = 1;
        }
        if min_whole == 0 && min_fraction == 0 {
            min_fraction = 1;
        }
        let whole_groups: Vec<usize> = positions(&self.integer, &symbols.grouping)
            .map(|at| n_digits(self.integer.get(at..).unwrap_or_default()))
            .collect();
        let fraction_groups = positions(&self.fraction, &symbols.grouping)
            .map(|at| n_digits(self.fraction.get(..at).unwrap_or_default()))
            .collect();
        let has = |symbol: &[char]| find(&self.whole, symbol, 0).is_some();
        let factor = match (has(&symbols.percent), has(&symbols.per_mille)) {
            (true, _) => 100.0,
            (_, true) => 1000.0,
            _ => 1.0,
        };
        Layout {
            prefix: self.prefix.iter().collect(),
            suffix: self.suffix.iter().collect(),
            factor,
            scale,
            min_whole,
            min_fraction,
            max_fraction,
            min_exponent: self.exponent.as_ref().map(|it| n_mandatory(it)),
            every: regular_interval(&whole_groups),
            whole_groups,
            fraction_groups,
            has_decimal: has(&symbols.decimal),
        }
    }
}

/// What one sub-picture says about the text.
struct Layout {
    prefix: String,
    suffix: String,
    /// 100 for percent, 1000 for per mille.
    factor: f64,
    /// How many digits of the mantissa stand before the decimal point when there is an exponent.
    scale: usize,
    min_whole: usize,
    min_fraction: usize,
    max_fraction: usize,
    min_exponent: Option<usize>,
    /// The length of the groups of the whole part if they are all equal, else 0.
    every: usize,
    whole_groups: Vec<usize>,
    fraction_groups: Vec<usize>,
    has_decimal: bool,
}

impl Layout {
    /// A finite number without its sign, already multiplied by the factor.
    fn write(&self, value: f64, symbols: &Symbols) -> String {
        let (mantissa, exponent) = match self.min_exponent {
            Some(min) => {
                let (mantissa, exponent) = scaled(value, self.scale);
                (mantissa, Some((exponent, min)))
            }
            None => (value, None),
        };
        // JavaScript refuses more than 100 places; there are no more digits to show anyway.
        let n_places = self.max_fraction.min(100);
        let rounded = round_half_even(mantissa, n_places as i32);
        let text = to_fixed(rounded, n_places);
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let family = |text: &str| text.chars().map(|it| moved(it, '0', symbols.zero)).collect::<Vec<char>>();
        let whole = padded(family(whole.trim_start_matches('0')), self.min_whole, symbols.zero);
        let mut fraction = family(fraction.trim_end_matches('0'));
        let n_missing = self.min_fraction.saturating_sub(fraction.len());
        fraction.extend(std::iter::repeat_n(symbols.zero, n_missing));

        let mut out = self.group_whole(&whole, &symbols.grouping);
        if self.has_decimal && !fraction.is_empty() {
            out.extend(&symbols.decimal);
            for (at, char) in fraction.into_iter().enumerate() {
                if self.fraction_groups.contains(&at) {
                    out.extend(&symbols.grouping);
                }
                out.push(char);
            }
        }
        if let Some((exponent, min)) = exponent {
            out.extend(&symbols.exponent);
            if exponent < 0 {
                out.extend(&symbols.minus);
            }
            out.extend(padded(family(&exponent.unsigned_abs().to_string()), min, symbols.zero));
        }
        out.into_iter().collect()
    }

    fn group_whole(&self, whole: &[char], separator: &[char]) -> Vec<char> {
        let mut out = Vec::with_capacity(2 * whole.len());
        for (at, char) in whole.iter().enumerate() {
            let n_right = whole.len() - at;
            let ends_group = match n_right.checked_rem(self.every) {
                Some(rest) => rest == 0,
                None => self.whole_groups.contains(&n_right),
            };
            if ends_group && at != 0 {
                out.extend(separator);
            }
            out.push(*char);
        }
        out
    }
}

fn padded(mut digits: Vec<char>, min: usize, zero: char) -> Vec<char> {
    let n_missing = min.saturating_sub(digits.len());
    digits.splice(..0, std::iter::repeat_n(zero, n_missing));
    digits
}

/// Mantissa and exponent, so that the mantissa has this many digits before its decimal point.
fn scaled(value: f64, n_whole: usize) -> (f64, i32) {
    let mut mantissa = value;
    let mut exponent = 0;
    let max = 10f64.powi(n_whole.min(300) as i32);
    while mantissa < max / 10.0 && mantissa != 0.0 {
        mantissa *= 10.0;
        exponent -= 1;
    }
    while max < mantissa {
        mantissa /= 10.0;
        exponent += 1;
    }
    (mantissa, exponent)
}

/// The sub-pictures, at most two.
fn split(picture: &str, separator: &[char]) -> Result<Vec<Vec<char>>, PictureError> {
    let mut rest = picture.chars().collect::<Vec<char>>();
    let mut parts = Vec::new();
    while let (Some(at), true) = (find(&rest, separator, 0), parts.len() < 2) {
        // Nothing separates before every character.
        let at = if separator.is_empty() { 1.min(rest.len()) } else { at };
        let after = rest.split_off(at).split_off(separator.len());
        parts.push(std::mem::replace(&mut rest, after));
        if separator.is_empty() && rest.is_empty() {
            return Ok(parts);
        }
    }
    parts.push(rest);
    if 2 < parts.len() { Err(PictureError::new("D3080")) } else { Ok(parts) }
}

/// Where the symbol first stands at or after a position; the empty symbol stands everywhere.
fn find(text: &[char], symbol: &[char], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    if symbol.is_empty() {
        return Some(from);
    }
    rest.windows(symbol.len()).position(|it| it == symbol).map(|it| it + from)
}

fn find_last(text: &[char], symbol: &[char]) -> Option<usize> {
    if symbol.is_empty() {
        return Some(text.len());
    }
    text.windows(symbol.len()).rposition(|it| it == symbol)
}

/// All places where the symbol stands.
fn positions(text: &[char], symbol: &[char]) -> impl Iterator<Item = usize> {
    (0..text.len())
        .filter(move |at| !symbol.is_empty() && text.get(*at..).is_some_and(|it| it.starts_with(symbol)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: f64, picture: &str, options: &[(&str, &str)]) -> String {
        let mut format = DecimalFormat::default();
        for (name, value) in options {
            format.set(name, value);
        }
        format_number(value, picture, &format).unwrap_or_else(|it| it.code.to_string())
    }

    #[test]
    fn numbers_are_written_as_the_picture_says() {
        fn check(value: f64, picture: &str, text: &str) {
            assert_eq!(written(value, picture, &[]), text, "{value} as {picture}");
        }
        check(7.0, "0", "7");
        check(7.0, "000.0", "007.0");
        check(0.0, "#", "0");
        check(0.0, "#.#", ".0");
        check(0.0, "#.00", ".00");
        check(0.5, "#0.##", "0.5");
        check(6.0, "#0.##", "6");
        check(1234567.891, "#,##0.00", "1,234,567.89");
        check(1234567.0, "#,##,##0", "12,34,567");
        check(567.0, "#,##,##0", "567");
        check(0.123456, "0.00,00,00", "0.12,34,56");
        check(0.125, "0.00", "0.12");
        check(0.375, "0.00", "0.38");
        check(-3.5, "0.0", "-3.5");
        check(-3.5, "0.0;(0.0)", "(3.5)");
        check(3.5, "0.0;(0.0)", "3.5");
        check(-0.0, "0.0", "0.0");
        check(0.256, "0.0%", "25.6%");
        check(0.0256, "0.0‰", "25.6‰");
        check(12.0, "EUR 0.00 net", "EUR 12.00 net");
        check(12.0, "€0.00 ¤", "€12.00 ¤");
        check(1e21, "#,##0", "1,000,000,000,000,000,000,000");
        check(1e-7, "0.0##", "0.0");
    }

    #[test]
    fn exponents_keep_the_mantissa_in_its_size() {
        fn check(value: f64, picture: &str, text: &str) {
            assert_eq!(written(value, picture, &[]), text, "{value} as {picture}");
        }
        check(1500.0, "0.0e0", "1.5e3");
        check(-1500.0, "0.0e0", "-1.5e3");
        check(0.0015, "0.0e00", "1.5e-03");
        check(1500.0, "000.0e0", "150.0e1");
        check(0.0, "0.0e0", "0.0e0");
        check(5.0, "#e0", "0e1");
        check(f64::MAX, "0.0e0", "1.8e308");
        check(5e-324, "0e0", "5e-324");
    }

    #[test]
    fn what_is_no_number_has_its_own_text() {
        fn check(value: f64, picture: &str, text: &str) {
            assert_eq!(written(value, picture, &[("NaN", "?"), ("infinity", "∞")]), text);
        }
        check(f64::NAN, "0.0", "?");
        check(f64::INFINITY, "+0.0 m", "+∞ m");
        check(f64::NEG_INFINITY, "0.0e0", "-∞");
        check(f64::MAX, "0%", "∞%");
    }

    #[test]
    fn symbols_can_be_replaced() {
        fn check(value: f64, picture: &str, options: &[(&str, &str)], text: &str) {
            assert_eq!(written(value, picture, options), text, "{value} as {picture}");
        }
        check(1234.5, "#.##0,00", &[("decimal-separator", ","), ("grouping-separator", ".")], "1.234,50");
        check(-1234.5, "0E0", &[("exponent-separator", "E"), ("minus-sign", "−")], "−1E3");
        check(0.05, "0E0", &[("exponent-separator", "E"), ("minus-sign", "−")], "5E−2");
        check(0.5, "0pct", &[("percent", "pct")], "50pct");
        check(12.0, "००.०", &[("zero-digit", "०")], "१२.०");
        check(12.0, "_0", &[("digit", "_"), ("zero-digit", "")], "12");
        check(-1.0, "0|(0)", &[("pattern-separator", "|"), ("unknown", "x")], "(1)");
        check(1.0, "0", &[("grouping-separator", "")], "D3089");
        check(1.0, "0", &[("percent", "")], "D3082");
        check(1.0, "000", &[("pattern-separator", "")], "D3080");
        check(1.0, "0", &[("pattern-separator", "")], "1");
        check(1.0, "", &[("pattern-separator", "")], "D3085");
        check(1.0, "0", &[("digit", &"x".repeat(1_000))], "D3130");
    }

    #[test]
    fn malformed_pictures_are_refused_by_the_last_rule_they_break() {
        fn check(picture: &str, code: &str) {
            assert_eq!(written(1.0, picture, &[]), code, "{picture}");
        }
        check("0;0;0", "D3080");
        check("0.0.0", "D3081");
        check("0%%", "D3082");
        check("‰0‰", "D3083");
        check("%0‰", "D3084");
        check("", "D3085");
        check("0;", "D3085");
        check(",", "D3088");
        check("abc", "D3086");
        check("0x0", "D3086");
        check("0,.0", "D3087");
        check("0.,0", "D3087");
        check("0,", "D3088");
        check("0,,0", "D3089");
        check("0#", "D3090");
        check("0.#0", "D3091");
        check("0e0%", "D3092");
        check("0.0e", "D3093");
        check("0e#", "D3093");
        check(&"0".repeat(100_000), "D3130");
    }

    proptest! {
        #[test]
        fn any_picture_is_survivable(
            value in any::<f64>(), picture in "[#0-9.,;e%‰ax-]{0,14}", other in r"\PC{0,12}",
            name in "(decimal|grouping|exponent|pattern)-separator|zero-digit|digit|percent|minus-sign",
            symbol in r"\PC{0,2}|[#0.,;e]{0,2}",
        ) {
            for value in [value, value % 1e6, 0.0, -0.0, f64::NAN, f64::INFINITY, 1e300] {
                written(value, &picture, &[]);
                written(value, &picture, &[(&name, &symbol)]);
                written(value, &other, &[(&name, &symbol)]);
            }
        }
    }
}
