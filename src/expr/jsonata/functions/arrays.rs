//! Functions on arrays that call nothing.

use std::collections::HashMap;

use crate::expr::jsonata::functions::argument;
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::value::{Val, View};
use crate::expr::jsonata::world::Control;

pub fn count<'a>(_: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    Ok(Val::Number(argument(arguments, 0).n_items() as f64))
}

pub fn append<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let mut take = |idx: usize| arguments.get_mut(idx).map(std::mem::take).unwrap_or_default();
    let (left, right) = (take(0), take(1));
    control.spend(left.n_items() + right.n_items())?;
    Ok(ops::append(left, right))
}

pub fn reverse<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let value = argument(arguments, 0);
    let len = value.n_items();
    if len <= 1 {
        return Ok(value.clone());
    }
    control.spend(len)?;
    Ok(Val::list((0..len).rev().map(|it| value.item(it)).collect()))
}

pub fn shuffle<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let value = argument(arguments, 0);
    let len = value.n_items();
    if len <= 1 {
        return Ok(value.clone());
    }
    control.spend(len)?;
    let mut items: Vec<Val<'a>> = (0..len).map(|it| value.item(it)).collect();
    for idx in (1..len).rev() {
        let other = (crate::expr::random::unit(control.random) * (idx + 1) as f64) as usize;
        items.swap(idx, other.min(idx));
    }
    Ok(Val::list(items))
}

pub fn zip<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let len = arguments.iter().map(|it| it.as_array().map_or(0, |it| it.len())).min().unwrap_or(0);
    control.spend(len * arguments.len())?;
    let tuple = |idx: usize| Val::list(arguments.iter().map(|it| it.item(idx)).collect());
    Ok(Val::list((0..len).map(tuple).collect()))
}

pub fn distinct<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let value = argument(arguments, 0);
    let Some(items) = value.as_array().filter(|it| 1 < it.len()) else { return Ok(value.clone()) };
    let mut kept: Vec<Val<'a>> = Vec::new();
    // Simple values are found again by hash; only arrays and objects are compared one by one.
    let mut simple: HashMap<Simple, ()> = HashMap::new();
    let mut compound: Vec<usize> = Vec::new();
    for item in items.iter() {
        control.spend(1)?;
        let is_new = match Simple::of(&item) {
            Some(simple_item) => simple.insert(simple_item, ()).is_none(),
            None => {
                let mut is_new = true;
                for idx in &compound {
                    control.spend(1)?;
                    if let Some(known) = kept.get(*idx)
                        && ops::equal(known, &item, 0)?
                    {
                        is_new = false;
                        break;
                    }
                }
                if is_new {
                    compound.push(kept.len());
                }
                is_new
            }
        };
        if is_new {
            kept.push(item);
        }
    }
    Ok(if value.marks().is_sequence { Val::sequence(kept) } else { Val::list(kept) })
}

/// A value that is equal to another one exactly if this is.
#[derive(PartialEq, Eq, Hash)]
enum Simple {
    Null,
    Bool(bool),
    Number(u64),
    Text(String),
}

impl Simple {
    fn of(value: &Val<'_>) -> Option<Simple> {
        Some(match value.view() {
            View::Null => Simple::Null,
            View::Bool(value) => Simple::Bool(value),
            // The two zeros are equal.
            View::Number(number) if !number.is_nan() => Simple::Number((number + 0.0).to_bits()),
            View::Text(text) => Simple::Text(text.to_string()),
            _ => return None,
        })
    }
}
