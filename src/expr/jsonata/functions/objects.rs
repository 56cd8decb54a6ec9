//! Functions on objects, on truth, and those that fail on purpose.

use crate::expr::MAX_DEPTH;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::functions::{argument, text};
use crate::expr::jsonata::machine::deep_copy;
use crate::expr::jsonata::object::Object;
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::value::{Val, View};
use crate::expr::jsonata::world::Control;

pub fn boolean<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    match argument(arguments, 0) {
        Val::Undefined => Ok(Val::Undefined),
        value => Ok(Val::bool(ops::truth(value)?)),
    }
}

pub fn not<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    match argument(arguments, 0) {
        Val::Undefined => Ok(Val::Undefined),
        value => Ok(Val::bool(!ops::truth(value)?)),
    }
}

pub fn exists<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    Ok(Val::bool(!argument(arguments, 0).is_undefined()))
}

pub fn keys<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let value = argument(arguments, 0);
    let mut names = Vec::new();
    ops::keys(value, 0, &mut names)?;
    control.spend(names.len())?;
    if value.as_array().is_some() {
        // The items of an array may share names.
        let mut seen = Object::default();
        for name in names.iter().filter_map(Val::to_name) {
            seen.set(name, Val::Undefined);
        }
        names = seen.entries().iter().map(|it| Val::from(it.0.clone())).collect();
    }
    Ok(Val::sequence(names))
}

pub fn lookup<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let value = argument(arguments, 0);
    control.spend(value.n_items())?;
    ops::lookup(value, text(arguments, 1).unwrap_or_default(), 0)
}

pub fn spread<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let value = argument(arguments, 0);
    match value.view() {
        View::Array(_) | View::Object(_) => {
            let mut pieces = Vec::new();
            pieces_of(value, 0, &mut pieces)?;
            control.spend(pieces.len())?;
            // Appending pieces to pieces makes a plain array; those of one object are a sequence.
            let is_sequence = value.as_object().is_some() || value.n_items() == 0;
            Ok(if is_sequence { Val::sequence(pieces) } else { Val::list(pieces) })
        }
        _ => Ok(value.clone()),
    }
}

fn pieces_of<'a>(value: &Val<'a>, depth: usize, out: &mut Vec<Val<'a>>) -> Outcome<()> {
    if MAX_DEPTH < depth {
        return Err(ops::too_deep());
    }
    match value.view() {
        View::Array(items) => items.iter().try_for_each(|it| pieces_of(&it, depth + 1, out)),
        View::Object(object) => {
            for (name, value) in object.entries() {
                let mut piece = Object::with_capacity(1);
                piece.push(name, value);
                out.push(Val::object(piece));
            }
            Ok(())
        }
        View::Undefined => Ok(()),
        _ => {
            out.push(value.clone());
            Ok(())
        }
    }
}

pub fn merge<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(items) = argument(arguments, 0).as_array() else { return Ok(Val::Undefined) };
    let mut res = Object::default();
    for item in items.iter() {
        if let Some(object) = item.as_object() {
            control.spend(object.len() + 1)?;
            for (name, value) in object.entries() {
                res.set(name, value);
            }
        }
    }
    Ok(Val::object(res))
}

pub fn error<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let message = text(arguments, 0).filter(|it| !it.is_empty());
    Err(Fault::new("D3137").message(message.unwrap_or("$error() function evaluated")))
}

pub fn assert<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    if ops::truth(argument(arguments, 0))? {
        return Ok(Val::Undefined);
    }
    let message = text(arguments, 1).filter(|it| !it.is_empty());
    Err(Fault::new("D3141").message(message.unwrap_or("$assert() statement failed")))
}

pub fn type_of<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    Ok(match argument(arguments, 0).view() {
        View::Undefined => Val::Undefined,
        View::Null => Val::text("null"),
        View::Bool(_) => Val::text("boolean"),
        View::Number(_) => Val::text("number"),
        View::Text(_) => Val::text("string"),
        View::Array(_) => Val::text("array"),
        View::Object(_) => Val::text("object"),
        View::Function => Val::text("function"),
    })
}

pub fn clone<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let value = argument(arguments, 0);
    if value.is_undefined() {
        return Ok(Val::Undefined);
    }
    let mut n_values = 0;
    let copy = deep_copy(value, 0, &mut n_values)?;
    control.spend(n_values)?;
    Ok(copy)
}
