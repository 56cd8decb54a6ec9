//! Date pictures taken apart: `[D1o] of [MNn], [Y0001]` is a marker, a text, a marker, a text and
//! a marker. Inside a marker stand the component, one or two presentation modifiers and a width.

use crate::expr::jsonata::pictures::{
    PictureError,
    integer::{Case, IntegerPicture, Style},
};

/// One piece of a date picture.
pub(super) enum Part {
    /// Text that stands as it is, except that `]]` means `]` and `[[` means `[`.
    Literal(String),
    Marker(Marker),
}

pub(super) struct Marker {
    /// `Y`, `M`, …; may be a letter that is no component if a presentation modifier follows.
    pub component: char,
    pub form: Form,
    /// The modifier `t`: the zone “UTC” is written as “Z”.
    pub traditional: bool,
    /// The longest name that is written or read.
    pub max_width: Option<usize>,
    /// Of a year: how many of its last digits are written.
    pub n_year_digits: Option<usize>,
}

pub(super) enum Form {
    Name(Case),
    Number(IntegerPicture),
    /// Components that are always written alike.
    Fixed,
}

/// The components that can be written as numbers.
pub(super) const NUMBERS: &str = "YMDdFWwXxHhmsf";

/// The names of the months or days that a component can be written with.
pub(super) fn names(component: char) -> Option<&'static [&'static str]> {
    match component {
        'M' | 'x' => Some(&MONTHS),
        'F' => Some(&DAYS),
        _ => None,
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Takes a date picture apart.
pub(super) fn parse(picture: &str) -> Result<Vec<Part>, PictureError> {
    let mut parts = Vec::new();
    let mut rest = picture;
    while let Some((literal, after)) = rest.split_once('[') {
        push_literal(&mut parts, literal);
        if let Some(after) = after.strip_prefix('[') {
            parts.push(Part::Literal("[".to_string()));
            rest = after;
            continue;
        }
        let (inside, after) = after.split_once(']').ok_or_else(|| PictureError::new("D3135"))?;
        let marker = parse_marker(inside)?;
        // A number right before a number must have a definite length to be read.
        if let (Form::Number(_), Some(Part::Marker(before)), false) =
            (&marker.form, parts.last_mut(), is_zone(marker.component))
        {
            before.fix_length();
        }
        parts.push(Part::Marker(marker));
        rest = after;
    }
    push_literal(&mut parts, rest);
    Ok(parts)
}

pub(super) fn is_zone(component: char) -> bool {
    matches!(component, 'Z' | 'z')
}

fn push_literal(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Literal(text.replace("]]", "]")));
    }
}

impl Marker {
    fn fix_length(&mut self) {
        if let Form::Number(IntegerPicture { style: Style::Digits(digits), .. }) = &mut self.form {
            digits.exact = Some(digits.mandatory);
        }
    }
}

fn parse_marker(inside: &str) -> Result<Marker, PictureError> {
    let text: String = inside.chars().filter(|it| !it.is_whitespace() && *it != '\u{FEFF}').collect();
    let component = text.chars().next().ok_or_else(|| PictureError::new("D3132"))?;
    let (text, width) = match text.rsplit_once(',') {
        Some((before, width)) => (before, Some(width)),
        None => (text.as_str(), None),
    };
    let (min_width, max_width) = width.map_or((None, None), parse_width);
    let modifiers = text.strip_prefix(component).unwrap_or_default();
    let (presentation, second) = split_modifiers(component, modifiers)?;
    let form = if is_zone(component) {
        Form::Number(IntegerPicture::parse(presentation)?)
    } else if presentation.starts_with("Nn") {
        Form::Name(Case::Title)
    } else if presentation.starts_with('N') {
        Form::Name(Case::Upper)
    } else if presentation.starts_with('n') {
        Form::Name(Case::Lower)
    } else if NUMBERS.contains(component) {
        Form::Number(parse_number(presentation, second)?)
    } else {
        Form::Fixed
    };
    let mut marker =
        Marker { component, form, traditional: second == Some('t'), max_width, n_year_digits: None };
    if !is_zone(component) {
        marker.apply_width(min_width);
    }
    Ok(marker)
}

fn parse_number(presentation: &str, second: Option<char>) -> Result<IntegerPicture, PictureError> {
    match second {
        Some(second) => IntegerPicture::parse(&format!("{presentation};{second}")),
        None => IntegerPicture::parse(presentation),
    }
}

impl Marker {
    fn apply_width(&mut self, min_width: Option<usize>) {
        let Form::Number(number) = &mut self.form else { return };
        let mut n_picture_digits = None;
        if let Style::Digits(digits) = &mut number.style {
            digits.mandatory = digits.mandatory.max(min_width.unwrap_or(0));
            if let ('Y', Some(max)) = (self.component, self.max_width) {
                digits.mandatory = max;
            }
            // `[Y01]` asks for two digits of the year, `[Y1]` for all of them.
            n_picture_digits = Some(digits.mandatory + digits.optional).filter(|it| 2 <= *it);
        }
        if self.component == 'Y' {
            self.n_year_digits = self.max_width.or(n_picture_digits);
        }
    }
}

/// The first presentation modifier, or the default of the component, and the second.
fn split_modifiers(component: char, modifiers: &str) -> Result<(&str, Option<char>), PictureError> {
    if modifiers.is_empty() {
        let default = default_presentation(component);
        return match default {
            Some(default) => Ok((default, None)),
            None => Err(PictureError::naming("D3132", component)),
        };
    }
    let mut chars = modifiers.chars();
    let last = chars.next_back();
    if let (Some(last @ ('a' | 't' | 'c' | 'o')), first) = (last, chars.as_str())
        && !first.is_empty()
    {
        return Ok((first, Some(last)));
    }
    Ok((modifiers, None))
}

fn default_presentation(component: char) -> Option<&'static str> {
    Some(match component {
        'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => "1",
        'm' | 's' => "01",
        'F' | 'P' | 'C' | 'E' => "n",
        'Z' | 'z' => "01:01",
        _ => return None,
    })
}

/// Least and greatest width of `,2`, `,2-4`, `,*-4`; what is no number sets no bound.
fn parse_width(width: &str) -> (Option<usize>, Option<usize>) {
    let (min, max) = width.split_once('-').unwrap_or((width, ""));
    (leading_count(min), leading_count(max))
}

fn leading_count(text: &str) -> Option<usize> {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}
