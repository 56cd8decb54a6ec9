//! `$fromMillis`: writes a point in time as a date picture says.

use crate::expr::jsonata::pictures::{
    MAX_OUTPUT, PictureError,
    calendar::Moment,
    integer::{Case, Digits, Grouping, IntegerPicture, Style, format_integer},
    marker::{self, Form, Marker, Part, is_zone},
    number_text::{leading_integer, number_text},
    unsupported,
};

/// `$fromMillis`: the point in time, in milliseconds since 1970, as the picture says; without a
/// picture as ISO 8601 (`1970-01-01T00:00:00.000Z`). The timezone is an offset like `+0530`;
/// without one it is UTC.
///
/// The reference writes “NaN” for a time outside of the calendar and for a timezone that is no
/// number; here they are errors.
pub fn from_millis(
    millis: f64,
    picture: Option<&str>,
    timezone: Option<&str>,
) -> Result<String, PictureError> {
    let picture = picture.unwrap_or(ISO_8601);
    let zone = timezone.map_or(Ok(Zone { hours: 0, minutes: 0 }), Zone::parse)?;
    let parts = marker::parse(picture)?;
    let moment = Moment::from_millis(millis + zone.millis())
        .ok_or_else(|| PictureError::naming("D3110", number_text(millis)))?;
    let mut out = String::new();
    for part in &parts {
        match part {
            Part::Literal(text) => out.push_str(text),
            Part::Marker(marker) => out.push_str(&marker.write(&moment, zone)?),
        }
        if MAX_OUTPUT + picture.len() < out.len() {
            return Err(unsupported(picture));
        }
    }
    Ok(out)
}

const ISO_8601: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

/// An offset from UTC. Like in the reference the hours are rounded down while the minutes keep
/// the sign, so that `-0530` is six and a half hours.
#[derive(Clone, Copy)]
struct Zone {
    hours: i64,
    minutes: i64,
}

impl Zone {
    fn parse(text: &str) -> Result<Zone, PictureError> {
        let offset = leading_integer(text).filter(|it| it.abs() < 1e9);
        let offset = offset.ok_or_else(|| PictureError::naming("D3134", text))? as i64;
        Ok(Zone { hours: offset.div_euclid(100), minutes: offset % 100 })
    }

    fn millis(self) -> f64 {
        (60 * self.hours + self.minutes) as f64 * 60_000.0
    }

    fn write(self, marker: &Marker) -> Result<String, PictureError> {
        let Form::Number(picture) = &marker.form else {
            return Ok(String::new());
        };
        let offset = self.hours * 100 + self.minutes;
        let text = match (&picture.style, n_zone_digits(picture)) {
            (Style::Digits(Digits { grouping: Grouping::Regular(..), .. }), _) | (_, 3 | 4) => {
                picture.write(offset as f64)?
            }
            (_, 1 | 2) if self.minutes == 0 => picture.write(self.hours as f64)?,
            (_, 1 | 2) => {
                format!(
                    "{}:{}",
                    picture.write(self.hours as f64)?,
                    format_integer(self.minutes as f64, "00")?
                )
            }
            (_, n_digits) => return Err(PictureError::naming("D3134", n_digits.to_string())),
        };
        if offset == 0 && marker.traditional {
            return Ok("Z".to_string());
        }
        let name = if marker.component == 'z' { "GMT" } else { "" };
        let sign = if 0 <= offset { "+" } else { "" };
        Ok(format!("{name}{sign}{text}"))
    }
}

fn n_zone_digits(picture: &IntegerPicture) -> usize {
    match &picture.style {
        Style::Digits(digits) => digits.mandatory,
        _ => 0,
    }
}

impl Marker {
    fn write(&self, moment: &Moment, zone: Zone) -> Result<String, PictureError> {
        if is_zone(self.component) {
            return zone.write(self);
        }
        let value = moment.component(self.component);
        match (self.component, &self.form, value) {
            ('C' | 'E', ..) => Ok("ISO".to_string()),
            ('P', form, Some(value)) => {
                let text = if value == 1 { "pm" } else { "am" }.to_string();
                Ok(if matches!(form, Form::Name(Case::Upper)) { Case::Upper.apply(text) } else { text })
            }
            (component, Form::Name(case), Some(value)) => {
                let names =
                    marker::names(component).ok_or_else(|| PictureError::naming("D3133", component))?;
                let name = names.get(value as usize - 1).copied().unwrap_or_default();
                let width = self.max_width.unwrap_or(name.len());
                Ok(case.apply(name.chars().take(width).collect()))
            }
            (_, Form::Number(picture), Some(value)) => picture.write(self.visible(value) as f64),
            (component, ..) => Err(PictureError::naming("D3132", component)),
        }
    }

    /// The last digits of a year, if the picture asks for so many only.
    fn visible(&self, value: i64) -> i64 {
        let modulus = self.n_year_digits.and_then(|it| 10_i64.checked_pow(u32::try_from(it).ok()?));
        modulus.map_or(value, |it| value % it)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Saturday, 2024-02-03T16:05:06.078Z.
    const SATURDAY: f64 = 1_706_976_306_078.0;
    const HOUR: f64 = 3_600_000.0;

    fn written(millis: f64, picture: Option<&str>, timezone: Option<&str>) -> String {
        from_millis(millis, picture, timezone).unwrap_or_else(|it| format!("{} {}", it.code, it.value))
    }

    #[test]
    fn without_a_picture_it_is_iso_8601() {
        assert_eq!(written(SATURDAY, None, None), "2024-02-03T16:05:06.078Z");
        assert_eq!(written(SATURDAY, None, Some("+0530")), "2024-02-03T21:35:06.078+05:30");
        assert_eq!(written(-1.5, None, None), "1969-12-31T23:59:59.999Z");
        assert_eq!(written(f64::NAN, None, None), "D3110 NaN");
        assert_eq!(written(1e300, None, None), "D3110 1e+300");
        assert_eq!(written(0.0, None, Some("Europe/Berlin")), "D3134 Europe/Berlin");
    }

    #[test]
    fn markers_stand_for_components() {
        fn check(picture: &str, text: &str) {
            assert_eq!(written(SATURDAY, Some(picture), None), text, "{picture}");
        }
        check("[Y]/[M]/[D] [d]", "2024/2/3 34");
        check("[H]:[m]:[s].[f]", "16:05:06.78");
        check("[h] [P] [PN] [P1]", "4 pm PM pm");
        check("[F] [F1] [W] [w] [X] [x]", "saturday 6 5 1 2024 2");
        check("[xNn] [MN] [Mn] [FNn]", "February FEBRUARY february Saturday");
        check("[C] [E] [C1]", "ISO ISO ISO");
        check("[z] [Z] [Zt] [Z0t]", "D3134 0");
    }

    #[test]
    fn modifiers_say_how() {
        fn check(picture: &str, text: &str) {
            assert_eq!(written(SATURDAY, Some(picture), None), text, "{picture}");
        }
        check("[D01] [D001] [D1o] [Dwo] [DWw] [DI] [Da] [DA]", "03 003 3rd third Three III c C");
        check("[D٠١] [H#00]", "٠٣ 16");
        check(
            "[Y01] [Y,2] [Y1,4] [Y,*-3] [Y,2-2] [YI] [Yw]",
            "24 24 2024 024 24 MMXXIV two thousand and twenty-four",
        );
        check("[MNn,3-3] [FN,*-2] [M,3] [s1,1-1]", "Feb SA 002 6");
        check("[Y9,999,*] [f1,x-y]", "2,024 78");
        check("[ Y 0001 ] [\nM01]", "2024 02");
        check("[Z] [Z0] [Z0000] [Z0101t] [Z00:00] [z0]", "+00:00 +0 +0000 Z +00:00 GMT+0");
    }

    #[test]
    fn zones_move_the_clock() {
        fn check(timezone: &str, text: &str) {
            assert_eq!(written(SATURDAY, Some("[D] [H]:[m] [Z] [Z0] [Z0000t] [z]"), Some(timezone)), text);
        }
        check("+0200", "3 18:05 +02:00 +2 +0200 GMT+02:00");
        check("0545", "3 21:50 +05:45 +5:45 +0545 GMT+05:45");
        check("-1000", "3 6:05 -10:00 -10 -1000 GMT-10:00");
        check("-1700", "2 23:05 -17:00 -17 -1700 GMT-17:00");
    }

    #[test]
    fn brackets_are_doubled_to_stand_for_themselves() {
        fn check(picture: &str, text: &str) {
            assert_eq!(written(SATURDAY, Some(picture), None), text, "{picture}");
        }
        check("", "");
        check("é [[[Y]]] ]", "é [2024] ]");
        check("[[Y]]", "[Y]");
        check("[Y", "D3135 ");
        check("[", "D3135 ");
    }

    #[test]
    fn unknown_markers_are_refused() {
        fn check(picture: &str, text: &str) {
            assert_eq!(written(SATURDAY, Some(picture), None), text, "{picture}");
        }
        check("[]", "D3132 ");
        check("[q]", "D3132 q");
        check("[q1]", "D3132 q");
        check("[é]", "D3132 é");
        check("[,2]", "D3132 ,");
        check("[YN]", "D3133 Y");
        check("[fn]", "D3133 f");
        check("[ZN]", "D3134 0");
        check("[Z000000]", "D3134 6");
        check("[Dα]", "D3130 α");
        check("[D0٠]", "D3131 ");
        check("[Y,99999999999]", "D3130 99999999999");
        check(&"[Y,999]".repeat(10_000), "D3130 [Y,999][Y,999][Y,999][Y,999][Y,999][Y,99");
    }

    #[test]
    fn noon_and_midnight_are_twelve() {
        let hours = [0, 1, 11, 12, 13, 23].map(|it| written(f64::from(it) * HOUR, Some("[h][P]"), None));
        assert_eq!(hours.join(" "), "12am 1am 11am 12pm 1pm 11pm");
    }

    proptest! {
        #[test]
        fn any_picture_is_survivable(
            millis in any::<f64>(), zone in r"[+-]?[0-9]{1,5}|\PC{0,5}",
            picture in r"(\[[YMDdFWwXxHhPmsfZzCEq][NnIiAawWoct01#:, ]{0,5}(,[0-9*]{1,3}(-[0-9*]{1,4})?)?\]|\PC){0,6}",
        ) {
            for millis in [millis, millis % 8.7e15] {
                written(millis, Some(&picture), Some(&zone));
                written(millis, Some(&picture), None);
            }
        }
    }

    /// All numeric components are markers that can be written as numbers.
    #[test]
    fn every_number_has_a_component() {
        let moment = Moment::from_millis(SATURDAY).unwrap();
        assert!(marker::NUMBERS.chars().all(|it| moment.component(it).is_some()));
    }
}
