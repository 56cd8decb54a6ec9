//! The proleptic Gregorian calendar in UTC, with the ISO weeks of a year and, in the same manner,
//! of a month: the first week is the one with the first Thursday, and weeks begin on Monday.

/// One point in time, taken apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    year: i64,
    /// 1 to 12.
    month: i64,
    day: i64,
    /// Days since 1970-01-01.
    days: i64,
    millis_of_day: i64,
}

pub(super) const DAY_MILLIS: i64 = 86_400_000;

/// How far from 1970 a point in time may be, in milliseconds: ECMAScript's limit.
const MAX_MILLIS: f64 = 8.64e15;

impl Moment {
    /// A point in time by its milliseconds since 1970; `None` outside of the calendar.
    pub(super) fn from_millis(millis: f64) -> Option<Moment> {
        if millis.is_nan() || MAX_MILLIS < millis.abs() {
            return None;
        }
        let millis = millis as i64;
        let days = millis.div_euclid(DAY_MILLIS);
        let (year, month, day) = civil_from_days(days);
        Some(Moment { year, month, day, days, millis_of_day: millis.rem_euclid(DAY_MILLIS) })
    }

    /// The number that a marker of a picture stands for; `P` is 1 after noon. `None` for markers
    /// that stand for no number.
    pub(super) fn component(&self, marker: char) -> Option<i64> {
        Some(match marker {
            'Y' => self.year,
            'M' => self.month,
            'D' => self.day,
            'd' => self.days - days_from_civil(self.year, 1, 1) + 1,
            'F' => weekday(self.days),
            'W' => self.week(|it| first_week(self.year + it, 1), 52),
            'w' => self.week(|it| first_week(self.year, self.month + it), 4),
            'X' => self.year + self.week_owner(|it| first_week(self.year + it, 1)),
            'x' => {
                (self.month - 1 + self.week_owner(|it| first_week(self.year, self.month + it))).rem_euclid(12)
                    + 1
            }
            'H' => self.hour(),
            'h' => (self.hour() + 11) % 12 + 1,
            'P' => self.hour() / 12,
            'm' => self.millis_of_day / 60_000 % 60,
            's' => self.millis_of_day / 1_000 % 60,
            'f' => self.millis_of_day % 1_000,
            _ => return None,
        })
    }

    fn hour(&self) -> i64 {
        self.millis_of_day / 3_600_000
    }

    /// The number of the week in a year or month, given the first days of the weeks 1 of this (0),
    /// the next (1) and the previous one (-1), and how many weeks are always there.
    fn week(&self, start: impl Fn(i64) -> i64, n_full: i64) -> i64 {
        let elapsed = self.days - start(0);
        if elapsed < 0 {
            (self.days - start(-1)) / 7 + 1
        } else if 7 * (n_full - 1) < elapsed && start(1) <= self.days {
            1
        } else {
            elapsed / 7 + 1
        }
    }

    /// Whether the week belongs to the previous (-1), this (0) or the next (1) year or month.
    fn week_owner(&self, start: impl Fn(i64) -> i64) -> i64 {
        if self.days < start(0) { -1 } else { i64::from(start(1) <= self.days) }
    }
}

/// The milliseconds since 1970 of year, month (from 1), day, hour, minute, second and millisecond.
/// Each may be out of its range and then counts on. `None` if one is no number or if the result
/// is outside of the calendar. As in ECMAScript the years 0 to 99 are those of the 20th century.
pub(super) fn millis_from_civil([year, month, day, hour, minute, second, milli]: [f64; 7]) -> Option<f64> {
    let year = year.trunc();
    let year = if (0.0..=99.0).contains(&year) { year + 1900.0 } else { year };
    let month = month.trunc();
    if !(year.abs() < 1e6 && month.abs() < 1e7) {
        return None;
    }
    let days = days_from_civil(year as i64, month as i64, 1) as f64 + day.trunc() - 1.0;
    let in_day = hour.trunc() * 3.6e6 + minute.trunc() * 6e4 + second.trunc() * 1e3 + milli.trunc();
    let millis = days * DAY_MILLIS as f64 + in_day;
    // Not a number is not within the limit either.
    (millis.abs() <= MAX_MILLIS).then_some(millis)
}

/// Days since 1970-01-01; the month, from 1, may be out of its range.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Counted from March, so that the leap day is the last of a year.
    let months = year * 12 + month - 3;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let days_before_month = (153 * month + 2) / 5;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + days_before_month + day
        - 1
        - DAYS_BEFORE_1970
}

/// From March 1 of the year 0 to 1970.
const DAYS_BEFORE_1970: i64 = 719_468;

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_BEFORE_1970;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year_of_era + i64::from(10 <= month);
    (year, (month + 2) % 12 + 1, day)
}

/// Monday 1 to Sunday 7.
fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7) + 1
}

/// The Monday with which the first week of a month begins.
fn first_week(year: i64, month: i64) -> i64 {
    let first = days_from_civil(year, month, 1);
    let weekday = weekday(first);
    if 4 < weekday { first + 8 - weekday } else { first - (weekday - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_both_ways() {
        for days in (-800_000..800_000).step_by(13) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        assert_eq!(civil_from_days(0), (1970, 1, 1));
        assert_eq!(civil_from_days(-1), (1969, 12, 31));
        assert_eq!(civil_from_days(11_016), (2000, 2, 29));
        assert_eq!(days_from_civil(2000, 14, 1), days_from_civil(2001, 2, 1));
    }

    #[test]
    fn weeks_belong_to_the_thursday() {
        fn check(date: (i64, i64, i64), year: i64, week: i64, month: i64, week_of_month: i64) {
            let days = days_from_civil(date.0, date.1, date.2);
            let moment = Moment::from_millis((days * DAY_MILLIS) as f64).unwrap();
            let got = ['X', 'W', 'x', 'w'].map(|it| moment.component(it).unwrap());
            assert_eq!(got, [year, week, month, week_of_month], "{date:?}");
        }
        check((2021, 1, 3), 2020, 53, 12, 5);
        check((2021, 1, 4), 2021, 1, 1, 1);
        check((2024, 12, 29), 2024, 52, 12, 4);
        check((2024, 12, 30), 2025, 1, 1, 1);
        check((2024, 2, 29), 2024, 9, 2, 5);
        check((2024, 3, 1), 2024, 9, 2, 5);
        check((2026, 12, 31), 2026, 53, 12, 5);
    }

    #[test]
    fn the_calendar_has_an_end() {
        assert!(Moment::from_millis(8.64e15).is_some());
        assert_eq!(Moment::from_millis(8.64e15 + 2.0), None);
        assert_eq!(Moment::from_millis(f64::NAN), None);
        let first = Moment::from_millis(-8.64e15).unwrap();
        assert_eq!((first.year, first.month, first.day), (-271_821, 4, 20));
        assert_eq!(millis_from_civil([1970.0, 1.0, 1e300, 0.0, 0.0, 0.0, 0.0]), None);
        assert_eq!(millis_from_civil([f64::NAN, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]), None);
        assert_eq!(millis_from_civil([70.0, 1.0, 2.0, -1.0, 0.0, 0.0, 0.5]), Some(82_800_000.0));
    }
}
