//! Functions on strings that call nothing.

use crate::expr::jsonata::functions::{argument, number, text};
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::value::Val;
use crate::expr::jsonata::world::Control;
use crate::expr::jsonata::write::text_of;

/// A body on one string.
fn on_text<'a>(
    control: &mut Control<'a, '_>,
    arguments: &[Val<'a>],
    change: impl FnOnce(&str) -> String,
) -> Outcome<Val<'a>> {
    let Some(source) = text(arguments, 0) else { return Ok(Val::Undefined) };
    control.spend_bytes(source.len())?;
    Ok(Val::text(change(source)))
}

pub fn string<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let value = argument(arguments, 0);
    if value.is_undefined() || value.as_text().is_some() {
        return Ok(value.clone());
    }
    let is_pretty = ops::truth(argument(arguments, 1))?;
    let text = text_of(value, is_pretty)?;
    control.spend_bytes(text.len())?;
    Ok(Val::text(text))
}

/// A relative place as JavaScript's `slice` has it.
fn sliced(place: f64, len: usize) -> usize {
    let place = place.trunc();
    let place = if place < 0.0 { place + len as f64 } else { place };
    place.clamp(0.0, len as f64) as usize
}

pub fn substring<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(source) = text(arguments, 0) else { return Ok(Val::Undefined) };
    let len = if source.is_ascii() { source.len() } else { source.chars().count() };
    let start = number(arguments, 1).unwrap_or(0.0);
    let start = if len as f64 + start < 0.0 { 0.0 } else { start };
    let end = match number(arguments, 2) {
        Some(length) if length <= 0.0 => return Ok(Val::text("")),
        Some(length) if 0.0 <= start => start + length,
        Some(length) => len as f64 + start + length,
        None => len as f64,
    };
    let (from, to) = (sliced(start, len), sliced(end, len));
    if source.is_ascii() {
        return Ok(Val::text(source.get(from..to).unwrap_or_default()));
    }
    Ok(Val::text(source.chars().skip(from).take(to.saturating_sub(from)).collect::<String>()))
}

pub fn substring_before<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let (Some(source), Some(mark)) = (text(arguments, 0), text(arguments, 1)) else {
        return Ok(argument(arguments, 0).clone());
    };
    Ok(source.split_once(mark).map_or_else(|| argument(arguments, 0).clone(), |it| Val::text(it.0)))
}

pub fn substring_after<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let (Some(source), Some(mark)) = (text(arguments, 0), text(arguments, 1)) else {
        return Ok(argument(arguments, 0).clone());
    };
    Ok(source.split_once(mark).map_or_else(|| argument(arguments, 0).clone(), |it| Val::text(it.1)))
}

pub fn lowercase<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    on_text(control, arguments, str::to_lowercase)
}

pub fn uppercase<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    on_text(control, arguments, str::to_uppercase)
}

pub fn length<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    Ok(text(arguments, 0).map_or(Val::Undefined, |it| Val::Number(it.chars().count() as f64)))
}

pub fn trim<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    on_text(control, arguments, |it| {
        let words = it.split([' ', '\t', '\n', '\r']).filter(|it| !it.is_empty());
        words.collect::<Vec<_>>().join(" ")
    })
}

pub fn pad<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(source) = text(arguments, 0) else { return Ok(Val::Undefined) };
    let width = number(arguments, 1).unwrap_or(0.0).trunc();
    let filling = text(arguments, 2).filter(|it| !it.is_empty()).unwrap_or(" ");
    let missing = width.abs() - source.chars().count() as f64;
    if missing.is_nan() || missing <= 0.0 {
        return Ok(argument(arguments, 0).clone());
    }
    control.spend_bytes(missing.min(u32::MAX.into()) as usize)?;
    let padding: String = filling.chars().cycle().take(missing as usize).collect();
    Ok(Val::text(if 0.0 < width { format!("{source}{padding}") } else { format!("{padding}{source}") }))
}

pub fn join<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(items) = argument(arguments, 0).as_array() else { return Ok(Val::Undefined) };
    let separator = text(arguments, 1).unwrap_or_default();
    let mut res = String::new();
    for (idx, item) in items.iter().enumerate() {
        if idx != 0 {
            res.push_str(separator);
        }
        let piece = item.as_text().unwrap_or_default();
        control.spend_bytes(piece.len() + separator.len())?;
        res.push_str(piece);
    }
    Ok(Val::text(res))
}
