//! Functions on time. The time of an evaluation is handed in, never read from a clock.

use crate::expr::jsonata::functions::numbers::picture_fault;
use crate::expr::jsonata::functions::{number, text};
use crate::expr::jsonata::ops::Outcome;
use crate::expr::jsonata::pictures;
use crate::expr::jsonata::value::Val;
use crate::expr::jsonata::world::Control;

pub fn now<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let (picture, timezone) = (text(arguments, 0), text(arguments, 1));
    let now = control.now_millis as f64;
    pictures::from_millis(now, picture, timezone).map(Val::text).map_err(picture_fault)
}

pub fn millis<'a>(control: &mut Control<'a, '_>, _: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    Ok(Val::Number(control.now_millis as f64))
}

pub fn from_millis<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(millis) = number(arguments, 0) else { return Ok(Val::Undefined) };
    let (picture, timezone) = (text(arguments, 1), text(arguments, 2));
    pictures::from_millis(millis, picture, timezone).map(Val::text).map_err(picture_fault)
}

pub fn to_millis<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(timestamp) = text(arguments, 0) else { return Ok(Val::Undefined) };
    let millis =
        pictures::to_millis(timestamp, text(arguments, 1), control.now_millis).map_err(picture_fault)?;
    Ok(millis.map_or(Val::Undefined, Val::Number))
}
