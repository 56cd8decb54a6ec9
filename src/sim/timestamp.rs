//! Moments as the States Language writes them: RFC 3339 with an upper-case `T` and an upper-case
//! `Z` or a numeric offset. Read strictly, because AWS does; written as the context object does.

/// A moment with the precision of a nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    /// Since 1970, rounded down.
    pub secs: i64,
    /// 0 to 999,999,999.
    pub nanos: u32,
}

/// Reads a timestamp; `None` if the text is not one.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    let (date, time) = text.split_once('T')?;
    let mut date = date.split('-');
    let year = number(date.next()?, 4)?;
    let month = number(date.next()?, 2)?;
    let day = number(date.next()?, 2)?;
    if date.next().is_some() || !(1..=12).contains(&month) || day < 1 || days_in_month(year, month) < day {
        return None;
    }
    let (clock, offset_secs) = match time.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let at = time.rfind(['+', '-'])?;
            (time.get(..at)?, offset(time.get(at..)?)?)
        }
    };
    let (clock, nanos) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, nanos(fraction)?),
        None => (clock, 0),
    };
    let mut clock = clock.split(':');
    let hour = number(clock.next()?, 2)?;
    let minute = number(clock.next()?, 2)?;
    let second = number(clock.next()?, 2)?;
    if clock.next().is_some() || 23 < hour || 59 < minute || 59 < second {
        return None;
    }
    let secs = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset_secs;
    Some(Moment { secs, nanos })
}

/// Writes a moment with milliseconds, in UTC: `2026-01-01T00:00:00.000Z`.
pub(crate) fn format_millis(millis: i64) -> String {
    let (days, within) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute) = (within / 3_600_000, within / 60_000 % 60);
    let (second, milli) = (within / 1_000 % 60, within % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Exactly `n_digits` digits.
fn number(text: &str, n_digits: usize) -> Option<i64> {
    if text.len() != n_digits || !text.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// `+hh:mm` or `-hh:mm`, in seconds.
fn offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// One to nine digits after the point.
fn nanos(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || 9 < fraction.len() || !fraction.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let value: u32 = fraction.parse().ok()?;
    Some(value * 10_u32.pow(9 - fraction.len() as u32))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(i64, u32)>) {
        assert_eq!(parse(text).map(|it| (it.secs, it.nanos)), expected, "{text}");
    }

    #[test]
    fn only_rfc_3339_with_capitals_is_a_timestamp() {
        check("1970-01-01T00:00:00Z", Some((0, 0)));
        check("2016-03-14T01:59:00Z", Some((1_457_920_740, 0)));
        check("2016-03-14T01:59:00.5+02:00", Some((1_457_913_540, 500_000_000)));
        check("2016-03-14T01:59:00.123456789Z", Some((1_457_920_740, 123_456_789)));
        check("2024-02-29T00:00:00Z", Some((1_709_164_800, 0)));
        for text in [
            "",
            "2016-03-14",
            "2016-03-14t01:59:00Z",
            "2016-03-14T01:59:00z",
            "2016-03-14 01:59:00Z",
            "2016-03-14T01:59:00",
            "2016-13-14T01:59:00Z",
            "2023-02-29T01:59:00Z",
            "2016-03-14T25:59:00Z",
            "2016-03-14T01:59Z",
            "2016-03-14T01:59:00.Z",
            "2016-03-14T01:59:00+0200",
            "14-03-2016T01:59:00Z",
            "é",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn moments_are_written_as_the_context_object_does() {
        assert_eq!(format_millis(1_767_225_600_000), "2026-01-01T00:00:00.000Z");
        assert_eq!(format_millis(1_457_920_740_123), "2016-03-14T01:59:00.123Z");
        assert_eq!(format_millis(-1), "1969-12-31T23:59:59.999Z");
    }
}
