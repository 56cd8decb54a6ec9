//! Functions on numbers.

use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::functions::{argument, number, text};
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::pictures::{self, DecimalFormat, PictureError, round_half_even};
use crate::expr::jsonata::value::{Val, View};
use crate::expr::jsonata::world::Control;
use crate::expr::jsonata::write::json_number;
use crate::json::float;

/// A fault of a picture.
pub fn picture_fault(error: PictureError) -> Box<Fault> {
    Fault::new(error.code).value(error.value)
}

/// The numbers of an array; `None` when there is none.
fn numbers<'m>(arguments: &'m [Val<'_>]) -> Option<impl Iterator<Item = f64> + 'm> {
    let items = argument(arguments, 0).as_array()?;
    Some(items.iter().filter_map(|it| it.as_number()))
}

pub fn sum<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    control.spend(argument(arguments, 0).n_items())?;
    Ok(numbers(arguments).map_or(Val::Undefined, |it| Val::Number(it.fold(0.0, |sum, it| sum + it))))
}

pub fn average<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let n_items = argument(arguments, 0).n_items();
    if n_items == 0 {
        return Ok(Val::Undefined);
    }
    control.spend(n_items)?;
    let sum = numbers(arguments).map(|it| it.fold(0.0, |sum, it| sum + it));
    Ok(sum.map_or(Val::Undefined, |it| Val::Number(it / n_items as f64)))
}

pub fn max<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    control.spend(argument(arguments, 0).n_items())?;
    let most = numbers(arguments).and_then(|it| it.reduce(f64::max));
    Ok(most.map_or(Val::Undefined, Val::Number))
}

pub fn min<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    control.spend(argument(arguments, 0).n_items())?;
    let least = numbers(arguments).and_then(|it| it.reduce(f64::min));
    Ok(least.map_or(Val::Undefined, Val::Number))
}

/// A body on one number.
fn on_number<'a>(arguments: &[Val<'a>], change: impl FnOnce(f64) -> f64) -> Outcome<Val<'a>> {
    Ok(number(arguments, 0).map_or(Val::Undefined, |it| Val::Number(change(it))))
}

pub fn floor<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    on_number(arguments, f64::floor)
}

pub fn ceil<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    on_number(arguments, f64::ceil)
}

pub fn abs<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    on_number(arguments, f64::abs)
}

pub fn round<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let precision = number(arguments, 1).unwrap_or(0.0);
    on_number(arguments, |it| round_half_even(it, precision as i32))
}

pub fn sqrt<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    match number(arguments, 0) {
        Some(it) if it < 0.0 => Err(Fault::new("D3060").value(json_number(it)).index(1)),
        _ => on_number(arguments, f64::sqrt),
    }
}

pub fn power<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(base) = number(arguments, 0) else { return Ok(Val::Undefined) };
    let exponent = number(arguments, 1).unwrap_or(f64::NAN);
    let power = base.powf(exponent);
    // JavaScript has no result for one to the power of infinity or nothing.
    if power.is_finite() && exponent.is_finite() {
        return Ok(Val::Number(power));
    }
    Err(Fault::new("D3061").value(json_number(base)).other(json_number(exponent)).index(1))
}

pub fn random<'a>(control: &mut Control<'a, '_>, _: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    Ok(Val::Number(crate::expr::random::unit(control.random)))
}

pub fn number_of<'a>(value: &Val<'a>) -> Outcome<Val<'a>> {
    match value.view() {
        View::Undefined => Ok(Val::Undefined),
        View::Number(_) => Ok(value.clone()),
        View::Bool(value) => Ok(Val::Number(f64::from(u8::from(value)))),
        View::Text(text) => match decimal(text).or_else(|| prefixed(text)) {
            Some(number) => Ok(Val::Number(number)),
            None => Err(Fault::new("D3030").value(text).index(1)),
        },
        _ => Err(ops::fault_about("D3030", value).index(1)),
    }
}

pub fn to_number<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    number_of(argument(arguments, 0))
}

/// Decimal digits with an optional fraction and exponent, and nothing around them.
fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent_digits = exponent.map(|it| it.strip_prefix(['+', '-']).unwrap_or(it));
    let is_number = digits(whole) && fraction.is_none_or(digits) && exponent_digits.is_none_or(digits);
    if !is_number {
        return None;
    }
    float(text).filter(|it| it.is_finite())
}

/// `0x1F`, `0o17`, `0b101`.
fn prefixed(text: &str) -> Option<f64> {
    let (prefix, digits) = text.split_at_checked(2)?;
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    if digits.is_empty() {
        return None;
    }
    let digit = |it: char| it.to_digit(radix).map(f64::from);
    digits.chars().try_fold(0.0, |sum, it| Some(sum * f64::from(radix) + digit(it)?))
}

pub fn format_number<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(value) = number(arguments, 0) else { return Ok(Val::Undefined) };
    let picture = text(arguments, 1).unwrap_or_default();
    let mut options = DecimalFormat::default();
    if let Some(given) = argument(arguments, 2).as_object() {
        for (name, value) in given.entries() {
            if let Some(value) = value.as_text() {
                options.set(name.as_str(), value);
            }
        }
    }
    pictures::format_number(value, picture, &options).map(Val::text).map_err(picture_fault)
}

pub fn format_base<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(value) = number(arguments, 0) else { return Ok(Val::Undefined) };
    let radix = number(arguments, 1).unwrap_or(10.0);
    pictures::format_base(value, radix).map(Val::text).map_err(picture_fault)
}

pub fn format_integer<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(value) = number(arguments, 0) else { return Ok(Val::Undefined) };
    let picture = text(arguments, 1).unwrap_or_default();
    pictures::format_integer(value, picture).map(Val::text).map_err(picture_fault)
}

pub fn parse_integer<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(source) = text(arguments, 0) else { return Ok(Val::Undefined) };
    let picture = text(arguments, 1).unwrap_or_default();
    let number = pictures::parse_integer(source, picture).map_err(picture_fault)?;
    Ok(number.map_or(Val::Undefined, Val::Number))
}
