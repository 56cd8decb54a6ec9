//! Functions that call functions: what they begin with. The machine does the rest.

use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::functions::{argument, number, text};
use crate::expr::jsonata::machine::{Fields, Goal, Matching, MergeSort, Over, Work, merge_sort};
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::value::{Val, View};

/// The items and the function, unless there are no items.
fn over<'a>(arguments: Vec<Val<'a>>) -> Option<Over<'a>> {
    let mut arguments = arguments.into_iter();
    let items = arguments.next().filter(|it| !it.is_undefined())?;
    Some(Over::new(items, arguments.next().unwrap_or_default()))
}

pub fn map(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    Ok(over(arguments).map_or(Work::Over(Val::Undefined), Work::Map))
}

pub fn filter(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    Ok(over(arguments).map_or(Work::Over(Val::Undefined), Work::Filter))
}

pub fn single(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    Ok(over(arguments).map_or(Work::Over(Val::Undefined), |over| Work::Single { over, found: None }))
}

pub fn reduce(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    let result = arguments.get(2).filter(|it| !it.is_undefined()).cloned();
    Ok(match over(arguments) {
        Some(over) => Work::Reduce { over, result, arity: 0 },
        None => Work::Over(Val::Undefined),
    })
}

fn fields<'a>(arguments: Vec<Val<'a>>) -> Fields<'a> {
    let mut arguments = arguments.into_iter();
    let object = arguments.next().unwrap_or_default();
    Fields::new(object, arguments.next().unwrap_or_default())
}

pub fn each(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    Ok(Work::Each(fields(arguments)))
}

pub fn sift(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    Ok(Work::Sift(fields(arguments)))
}

pub fn sort(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    let mut arguments = arguments.into_iter();
    let items = arguments.next().unwrap_or_default();
    let comparator = arguments.next().unwrap_or_default();
    let len = items.n_items();
    if len <= 1 {
        return Ok(Work::Over(items));
    }
    if !comparator.is_undefined() {
        return Ok(Work::Sort { items, comparator, sort: MergeSort::new(len) });
    }
    let list: Vec<Val<'_>> = (0..len).map(|it| items.item(it)).collect();
    let all_numbers = list.iter().all(|it| it.as_number().is_some());
    if !all_numbers && !list.iter().all(|it| it.as_text().is_some()) {
        return Err(Fault::new("D3070").index(1));
    }
    let order = merge_sort(len, |left, right| {
        Ok(match (list.get(left).map(Val::view), list.get(right).map(Val::view)) {
            (Some(View::Number(left)), Some(View::Number(right))) => right < left,
            (Some(View::Text(left)), Some(View::Text(right))) => ops::text_order(left, right).is_gt(),
            _ => false,
        })
    })?;
    Ok(Work::Over(Val::list(order.into_iter().map(|it| items.item(it)).collect())))
}

/// A limit, refused when it is negative.
fn limit(arguments: &[Val<'_>], idx: usize, code: &'static str) -> Outcome<Option<f64>> {
    match number(arguments, idx) {
        Some(limit) if limit < 0.0 => {
            Err(Fault::new(code).value(crate::expr::jsonata::write::json_number(limit)).index(idx + 1))
        }
        limit => Ok(limit),
    }
}

pub fn match_all(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    let limit = limit(&arguments, 2, "D3040")?;
    if text(&arguments, 0).is_none() {
        return Ok(Work::Over(Val::Undefined));
    }
    if limit == Some(0.0) {
        return Ok(Work::Over(Val::sequence(Vec::new())));
    }
    let mut arguments = arguments.into_iter();
    let (text, matcher) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    Ok(Work::Matching(Box::new(Matching::new(text, matcher, Goal::Match, limit))))
}

pub fn contains(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    let pattern = argument(&arguments, 1);
    let Some(source) = text(&arguments, 0) else { return Ok(Work::Over(Val::Undefined)) };
    if let Some(part) = pattern.as_text() {
        return Ok(Work::Over(Val::bool(source.contains(part))));
    }
    if pattern.is_undefined() {
        return Ok(Work::Over(Val::Undefined));
    }
    let mut arguments = arguments.into_iter();
    let (text, matcher) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    Ok(Work::Matching(Box::new(Matching::new(text, matcher, Goal::Contains, None))))
}

pub fn split(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    let Some(source) = text(&arguments, 0) else { return Ok(Work::Over(Val::Undefined)) };
    let limit = limit(&arguments, 2, "D3020")?;
    if limit == Some(0.0) {
        return Ok(Work::Over(Val::list(Vec::new())));
    }
    let separator = argument(&arguments, 1);
    if separator.is_undefined() {
        return Ok(Work::Over(Val::list(vec![argument(&arguments, 0).clone()])));
    }
    if let Some(separator) = separator.as_text() {
        // JavaScript truncates this limit; a regular expression compares with it as it is.
        let most = limit.map_or(usize::MAX, |it| it.trunc() as usize);
        let pieces: Vec<Val<'_>> = if separator.is_empty() {
            source.chars().take(most).map(|it| Val::text(it.to_string())).collect()
        } else {
            source.split(separator).take(most).map(Val::text).collect()
        };
        return Ok(Work::Over(Val::list(pieces)));
    }
    let mut arguments = arguments.into_iter();
    let (text, matcher) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    Ok(Work::Matching(Box::new(Matching::new(text, matcher, Goal::Split, limit))))
}

pub fn replace(arguments: Vec<Val<'_>>) -> Outcome<Work<'_>> {
    let Some(source) = text(&arguments, 0) else { return Ok(Work::Over(Val::Undefined)) };
    let pattern = argument(&arguments, 1);
    if pattern.as_text() == Some("") {
        return Err(Fault::new("D3010").value("").index(2));
    }
    let limit = limit(&arguments, 3, "D3011")?;
    if limit == Some(0.0) || pattern.is_undefined() {
        return Ok(Work::Over(argument(&arguments, 0).clone()));
    }
    let replacement = argument(&arguments, 2);
    if let Some(pattern) = pattern.as_text() {
        let Some(replacement) = replacement.as_text() else {
            return match source.contains(pattern) {
                true => Err(ops::fault_about("D3012", replacement)),
                false => Ok(Work::Over(argument(&arguments, 0).clone())),
            };
        };
        let most = limit.map_or(usize::MAX, |it| it.ceil() as usize);
        return Ok(Work::Over(Val::text(source.replacen(pattern, replacement, most))));
    }
    let goal = match replacement.as_text() {
        Some(template) => Goal::Template(template.to_string()),
        None => Goal::Replacer(replacement.clone()),
    };
    let mut arguments = arguments.into_iter();
    let (text, matcher) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    Ok(Work::Matching(Box::new(Matching::new(text, matcher, goal, limit))))
}
