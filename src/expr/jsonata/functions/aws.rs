//! The functions that AWS Step Functions adds to the language.

use crate::expr::digest;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::functions::{argument, number, text};
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::value::Val;
use crate::expr::jsonata::world::Control;
use crate::expr::jsonata::write::text_of;
use crate::expr::random::{unit, uuid_v4};
use crate::expr::{JavaRandom, MAX_DEPTH, depth_within};
use crate::json::read_json;

/// So many items a range may have, as in `States.ArrayRange`.
const MAX_RANGE: usize = 1_000;

pub fn random<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    Ok(Val::Number(match number(arguments, 0) {
        Some(seed) => JavaRandom::new(seed as i64).next_double(),
        None => unit(control.random),
    }))
}

pub fn uuid<'a>(control: &mut Control<'a, '_>, _: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    Ok(Val::text(uuid_v4(control.random)))
}

pub fn partition<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(items) = argument(arguments, 0).as_array() else { return Ok(Val::Undefined) };
    let Some(size) = number(arguments, 1) else { return Ok(Val::Undefined) };
    let size = size.trunc();
    if size.is_nan() || size < 1.0 {
        return Err(Fault::new("D3137").message("The chunk size must be greater than zero"));
    }
    control.spend(items.len())?;
    let size = size.min(f64::from(u32::MAX)) as usize;
    let chunk = |start: usize| {
        let end = (start + size).min(items.len());
        Val::list((start..end).map(|it| items.get(it)).collect())
    };
    Ok(Val::sequence((0..items.len()).step_by(size).map(chunk).collect()))
}

pub fn range<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let (Some(first), Some(last), Some(step)) =
        (number(arguments, 0), number(arguments, 1), number(arguments, 2))
    else {
        return Ok(Val::Undefined);
    };
    if step == 0.0 {
        return Err(Fault::new("D3137").message("The step must not be zero"));
    }
    let mut items = Vec::new();
    loop {
        let item = first + step * items.len() as f64;
        if if 0.0 < step { last < item } else { item < last } {
            break;
        }
        if items.len() == MAX_RANGE {
            let message = format!("The range has more than {MAX_RANGE} items");
            return Err(Fault::new("D3137").message(message));
        }
        items.push(Val::Number(item));
    }
    control.spend(items.len())?;
    Ok(Val::sequence(items))
}

pub fn hash<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let (data, algorithm) = (argument(arguments, 0), text(arguments, 1));
    let (false, Some(algorithm)) = (data.is_undefined(), algorithm) else { return Ok(Val::Undefined) };
    let data = text_of(data, false)?;
    control.spend_bytes(data.len())?;
    match digest::hash(algorithm, data.as_bytes()) {
        Some(hash) => Ok(Val::text(hash)),
        None => {
            let message =
                format!("“{algorithm}” is not a hash algorithm: use MD5, SHA-1, SHA-256, SHA-384 or SHA-512");
            Err(Fault::new("D3137").message(message))
        }
    }
}

pub fn parse<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(source) = text(arguments, 0) else { return Ok(Val::Undefined) };
    control.spend_bytes(source.len())?;
    match read_json(source) {
        Ok(value) if depth_within(&value, MAX_DEPTH) => control.keep(value),
        Ok(_) => Err(ops::too_deep()),
        Err(error) => {
            let message = format!("The text given to $parse is not JSON: {error}");
            Err(Fault::new("D3137").message(message))
        }
    }
}
