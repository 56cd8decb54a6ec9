//! Steps of paths, filters, order-by and tuples: everything that repeats over a sequence.

use std::rc::Rc;

use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::machine::{Machine, broken};
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::value::{Items, SEQUENCE, Tuple, Val, View};
use crate::expr::jsonata::world::Control;
use crate::expr::jsonata::write::plain;

/// Something that runs over the items of a sequence.
pub struct Repeat<'a> {
    source: Val<'a>,
    idx: usize,
    len: usize,
    out: Vec<Val<'a>>,
    tuples: Vec<Tuple<'a>>,
    /// The context outside.
    context: Val<'a>,
    /// The number of the order-by, if it is one.
    sort: u32,
    /// Whether a frame is open for the tuple at hand.
    has_frame: bool,
}

impl<'a> Repeat<'a> {
    fn tuple(&self, idx: usize) -> Tuple<'a> {
        match &self.source {
            Val::Stream(tuples) => tuples.get(idx).cloned().unwrap_or_default(),
            other => Tuple { at: other.item(idx), bound: Vec::new() },
        }
    }
}

/// Follows names from a sequence, without instructions for each item.
pub fn walk<'a>(
    from: Val<'a>,
    names: &'a [String],
    is_last: bool,
    control: &mut Control<'a, '_>,
) -> Outcome<Val<'a>> {
    let mut current = from;
    for (idx, name) in names.iter().enumerate() {
        let ends = is_last && idx + 1 == names.len();
        current = step_by_name(current, name, ends, control)?;
        if current.is_undefined() {
            break;
        }
    }
    Ok(current)
}

#[inline]
fn step_by_name<'a>(
    from: Val<'a>,
    name: &str,
    ends: bool,
    control: &mut Control<'a, '_>,
) -> Outcome<Val<'a>> {
    let Some(items) = from.as_array() else {
        return Ok(one_result(ops::lookup(&from, name, 0)?, ends));
    };
    control.spend(items.len())?;
    let mut out = Vec::new();
    let mut n_results = 0;
    let mut only = Val::Undefined;
    for item in items.iter() {
        let found = ops::lookup(&item, name, 0)?.collapse(false);
        if found.is_undefined() {
            continue;
        }
        n_results += 1;
        if n_results == 1 {
            only = found.clone();
        }
        flatten_into(found, &mut out);
    }
    if ends && n_results == 1 && only.as_array().is_some() && !only.marks().is_sequence {
        return Ok(only);
    }
    control.spend(out.len())?;
    Ok(if out.is_empty() { Val::Undefined } else { Val::sequence(out) })
}

/// The result of a step that ran once.
fn one_result<'a>(found: Val<'a>, ends: bool) -> Val<'a> {
    if !ends && found.as_array().is_some_and(|it| it.is_empty()) && !found.marks().is_cons {
        return Val::Undefined;
    }
    match &found {
        Val::In(_) | Val::Number(_) | Val::Text(_) | Val::Undefined => found,
        Val::Array(array) if array.marks.is_cons && !ends => Val::sequence(vec![found]),
        Val::Array(array) if array.marks.is_sequence => ops::made(array.items.clone(), SEQUENCE),
        _ => found,
    }
}

/// The result of a first step that does not run over the context: a variable.
pub fn single(value: Val<'_>, is_last: bool) -> Val<'_> {
    one_result(value, is_last)
}

/// The sequence that a predicated array constructor gives to the next step. A quirk of the
/// reference: one lone result is not taken for a sequence of one, so `[{"a": 1}][0].a` is nothing,
/// and of a string the characters are the items.
pub fn written(value: Val<'_>) -> Val<'_> {
    match value.as_text() {
        Some(text) => Val::sequence(text.chars().map(|it| Val::text(it.to_string())).collect()),
        None if value.as_array().is_some() => value,
        None => Val::Undefined,
    }
}

/// Adds a result to the results of a step: arrays are opened unless they were written as such.
fn flatten_into<'a>(found: Val<'a>, out: &mut Vec<Val<'a>>) {
    if found.marks().is_cons {
        out.push(found);
        return;
    }
    match found.as_array() {
        Some(items) => out.extend(items.iter()),
        None => out.push(found),
    }
}

/// A path that keeps its result an array.
pub fn kept(value: Val<'_>) -> Val<'_> {
    match value {
        Val::Array(array) if array.marks.is_cons && !array.marks.is_sequence => {
            let mut marks = SEQUENCE;
            marks.keeps = true;
            ops::made(Items::List(vec![Val::Array(array)]), marks)
        }
        Val::Array(mut array) if array.marks.is_sequence => {
            if !array.marks.keeps {
                Rc::make_mut(&mut array).marks.keeps = true;
            }
            Val::Array(array)
        }
        Val::Undefined | Val::Array(_) | Val::In(serde_json::Value::Array(_)) | Val::Stream(_) => value,
        // A walk gives a lone result bare.
        other => {
            let mut marks = SEQUENCE;
            marks.keeps = true;
            ops::made(Items::List(vec![other]), marks)
        }
    }
}

/// One item, counted from the end when negative.
pub fn pick(value: Val<'_>, place: f64) -> Val<'_> {
    let len = value.n_items();
    let place = if place < 0.0 { len as f64 + place } else { place };
    let is_inside = 0.0 <= place && place < len as f64;
    if let Val::Stream(tuples) = &value {
        let tuple = tuples.get(place as usize).filter(|_| is_inside);
        return Val::Stream(Rc::new(tuple.cloned().into_iter().collect()));
    }
    if !is_inside {
        return Val::sequence(Vec::new());
    }
    let item = value.item(place as usize);
    match item.as_array() {
        Some(_) => item,
        None if item.is_undefined() => Val::sequence(Vec::new()),
        None => Val::sequence(vec![item]),
    }
}

/// Binds the position of each tuple to a name.
pub fn numbered(value: Val<'_>, name: u32) -> Val<'_> {
    let mut tuples = match value {
        Val::Stream(tuples) => Rc::unwrap_or_clone(tuples),
        other => (0..other.n_items()).map(|it| Tuple { at: other.item(it), bound: Vec::new() }).collect(),
    };
    for (idx, tuple) in tuples.iter_mut().enumerate() {
        tuple.bind(name, Val::Number(idx as f64));
    }
    Val::Stream(Rc::new(tuples))
}

impl<'a> Machine<'a, '_> {
    fn begin(&mut self, source: Val<'a>, sort: u32) {
        self.repeats.push(Repeat {
            idx: 0,
            len: source.n_items(),
            source,
            out: Vec::new(),
            tuples: Vec::new(),
            context: self.context.clone(),
            sort,
            has_frame: false,
        });
    }

    /// Makes the next item the context; whether there was one.
    fn next_item(&mut self) -> Outcome<bool> {
        self.control.spend(1)?;
        let repeat = self.repeats.last_mut().ok_or_else(broken)?;
        if repeat.len <= repeat.idx {
            return Ok(false);
        }
        self.context = repeat.source.item(repeat.idx);
        repeat.idx += 1;
        Ok(true)
    }

    fn end_repeat(&mut self) -> Outcome<Repeat<'a>> {
        let mut repeat = self.repeats.pop().ok_or_else(broken)?;
        self.context = std::mem::take(&mut repeat.context);
        Ok(repeat)
    }

    /// Opens a frame for a tuple.
    pub fn enter_tuple(&mut self, tuple: &Tuple<'a>, tuple_frame: u32) -> Outcome<()> {
        let names = self.program.tuple_frames.get(tuple_frame as usize).ok_or_else(broken)?;
        let idx = self.open_frame(self.frame, names.len() as u32);
        let frame = self.frames.get_mut(idx as usize).ok_or_else(broken)?;
        for (slot, name) in frame.slots.iter_mut().zip(names) {
            *slot = tuple.bound.iter().find(|it| it.0 == *name).map(|it| it.1.clone());
        }
        self.frame = idx;
        Ok(())
    }

    pub fn step_begin(&mut self) {
        let source = self.pop();
        self.begin(source, 0);
    }

    pub fn step_next(&mut self, exit: u32, is_last: bool) -> Outcome<()> {
        if self.next_item()? {
            return Ok(());
        }
        let repeat = self.end_repeat()?;
        let mut results = repeat.out;
        let value = match results.as_slice() {
            [only] if is_last && only.as_array().is_some() && !only.marks().is_sequence => {
                results.pop().unwrap_or_default()
            }
            [Val::Stream(_)] => results.pop().unwrap_or_default(),
            _ => {
                let mut flat = Vec::with_capacity(results.len());
                for result in results {
                    flatten_into(result, &mut flat);
                }
                self.control.spend(flat.len())?;
                Val::sequence(flat)
            }
        };
        self.stack.push(value);
        self.pc = exit as usize;
        Ok(())
    }

    pub fn step_collect(&mut self, next: u32) -> Outcome<()> {
        let value = self.pop();
        if !value.is_undefined() {
            self.repeats.last_mut().ok_or_else(broken)?.out.push(value);
        }
        self.pc = next as usize;
        Ok(())
    }

    pub fn filter_begin(&mut self) {
        let source = match self.pop() {
            // The reference asks the filter about nothing, too.
            Val::Undefined => Val::sequence(vec![Val::Undefined]),
            source => source,
        };
        self.begin(source, 0);
    }

    pub fn filter_next(&mut self, exit: u32, tuple_frame: Option<u32>) -> Outcome<()> {
        if self.next_item()? {
            return self.open_for_item(tuple_frame);
        }
        let repeat = self.end_repeat()?;
        let value = match repeat.source {
            Val::Stream(_) => Val::Stream(Rc::new(repeat.tuples)),
            _ => Val::sequence(repeat.out),
        };
        self.stack.push(value);
        self.pc = exit as usize;
        Ok(())
    }

    fn open_for_item(&mut self, tuple_frame: Option<u32>) -> Outcome<()> {
        let Some(tuple_frame) = tuple_frame else { return Ok(()) };
        let repeat = self.repeats.last_mut().ok_or_else(broken)?;
        repeat.has_frame = true;
        let tuple = repeat.tuple(repeat.idx.saturating_sub(1));
        self.enter_tuple(&tuple, tuple_frame)
    }

    pub fn filter_test(&mut self, next: u32) -> Outcome<()> {
        let answer = self.pop();
        let repeat = self.repeats.last_mut().ok_or_else(broken)?;
        let idx = repeat.idx.saturating_sub(1);
        let n_times = match places(&answer)? {
            Some(places) => places.filter(|it| is_place(*it, idx, repeat.len)).count(),
            None => usize::from(ops::truth(&answer)?),
        };
        for _ in 0..n_times {
            match &repeat.source {
                Val::Stream(_) => repeat.tuples.push(repeat.tuple(idx)),
                source => repeat.out.push(source.item(idx)),
            }
        }
        if std::mem::take(&mut repeat.has_frame) {
            self.close_frame();
        }
        self.pc = next as usize;
        Ok(())
    }

    pub fn sort_begin(&mut self, sort: u32) {
        let source = self.pop();
        self.begin(source, sort);
        if let Some(repeat) = self.repeats.last_mut()
            && repeat.len <= 1
        {
            repeat.idx = repeat.len;
        }
    }

    pub fn sort_next(&mut self, exit: u32, tuple_frame: Option<u32>) -> Outcome<()> {
        if self.next_item()? {
            return self.open_for_item(tuple_frame);
        }
        let repeat = self.end_repeat()?;
        self.pc = exit as usize;
        if repeat.len <= 1 {
            self.stack.push(repeat.source);
            return Ok(());
        }
        let directions = self.program.sorts.get(repeat.sort as usize).ok_or_else(broken)?;
        self.control.spend(repeat.len * 4)?;
        let order = sorted(&repeat.out, directions, repeat.len)?;
        let value = match &repeat.source {
            Val::Stream(_) => Val::Stream(Rc::new(order.into_iter().map(|it| repeat.tuple(it)).collect())),
            source => Val::list(order.into_iter().map(|it| source.item(it)).collect()),
        };
        self.stack.push(value);
        Ok(())
    }

    pub fn sort_collect(&mut self, next: u32) -> Outcome<()> {
        let repeat = self.repeats.last_mut().ok_or_else(broken)?;
        let n_terms = self.program.sorts.get(repeat.sort as usize).map_or(0, Vec::len);
        let from = self.stack.len().saturating_sub(n_terms);
        repeat.out.extend(self.stack.drain(from..));
        if std::mem::take(&mut repeat.has_frame) {
            self.close_frame();
        }
        self.pc = next as usize;
        Ok(())
    }

    pub fn tuple_begin(&mut self) {
        let source = self.pop();
        self.begin(source, 0);
    }

    pub fn tuple_next(&mut self, exit: u32, tuple_frame: u32) -> Outcome<()> {
        if self.next_item()? {
            return self.open_for_item(Some(tuple_frame));
        }
        let repeat = self.end_repeat()?;
        self.stack.push(Val::Stream(Rc::new(repeat.tuples)));
        self.pc = exit as usize;
        Ok(())
    }

    pub fn tuple_collect(
        &mut self,
        next: u32,
        focus: Option<u32>,
        index: Option<u32>,
        ancestor: Option<u32>,
    ) -> Outcome<()> {
        let value = self.pop();
        self.control.spend(value.n_items())?;
        let repeat = self.repeats.last_mut().ok_or_else(broken)?;
        let base = repeat.tuple(repeat.idx.saturating_sub(1));
        if let Val::Stream(inner) = &value {
            for tuple in inner.iter() {
                let mut res = base.clone();
                res.at = tuple.at.clone();
                for (name, value) in &tuple.bound {
                    res.bind(*name, value.clone());
                }
                repeat.tuples.push(res);
            }
        } else {
            for idx in 0..value.n_items() {
                let mut res = base.clone();
                match focus {
                    Some(focus) => res.bind(focus, value.item(idx)),
                    None => res.at = value.item(idx),
                }
                if let Some(index) = index {
                    res.bind(index, Val::Number(idx as f64));
                }
                if let Some(ancestor) = ancestor {
                    res.bind(ancestor, base.at.clone());
                }
                repeat.tuples.push(res);
            }
        }
        if std::mem::take(&mut repeat.has_frame) {
            self.close_frame();
        }
        self.pc = next as usize;
        Ok(())
    }
}

/// The positions that a filter asks for, if its result is a number or an array of numbers.
fn places<'v>(answer: &'v Val<'_>) -> Outcome<Option<Box<dyn Iterator<Item = f64> + 'v>>> {
    if let Some(number) = answer.as_number() {
        return Ok(ops::usable(number)?.then(|| Box::new(std::iter::once(number)) as Box<_>));
    }
    let Some(items) = answer.as_array() else { return Ok(None) };
    for item in items.iter() {
        match item.as_number() {
            Some(number) if ops::usable(number)? => {}
            _ => return Ok(None),
        }
    }
    Ok(Some(Box::new(items.iter().filter_map(|it| it.as_number()))))
}

fn is_place(place: f64, idx: usize, len: usize) -> bool {
    let place = place.floor();
    let place = if place < 0.0 { place + len as f64 } else { place };
    place == idx as f64
}

/// The order of so many items by their keys, which lie one item after the other. Equal items keep
/// their order; undefined keys come last in either direction.
fn sorted(keys: &[Val<'_>], directions: &[bool], len: usize) -> Outcome<Vec<usize>> {
    let width = directions.len();
    let key = |item: usize, term: usize| keys.get(item * width + term);
    merge_sort(len, |left, right| {
        for (term, is_descending) in directions.iter().enumerate() {
            let (Some(left), Some(right)) = (key(left, term), key(right, term)) else { return Ok(false) };
            let order = match (left.view(), right.view()) {
                (View::Undefined, View::Undefined) => continue,
                (View::Undefined, _) => return Ok(true),
                (_, View::Undefined) => return Ok(false),
                (View::Number(left), View::Number(right)) => {
                    left.partial_cmp(&right).unwrap_or(std::cmp::Ordering::Greater)
                }
                (View::Text(left), View::Text(right)) => ops::text_order(left, right),
                (View::Number(_) | View::Text(_), View::Number(_) | View::Text(_)) => {
                    let fault = ops::fault_about("T2007", left);
                    return Err(match plain(right) {
                        Some(right) => fault.other(right),
                        None => fault,
                    });
                }
                (View::Number(_) | View::Text(_), _) => return Err(ops::fault_about("T2008", right)),
                _ => return Err(ops::fault_about("T2008", left)),
            };
            let order = if *is_descending { order.reverse() } else { order };
            if order.is_ne() {
                return Ok(order.is_gt());
            }
        }
        Ok(false)
    })
}

/// Sorts the numbers below `len`: `must_swap` says whether its first argument belongs behind the
/// second. Whatever it says, the work ends, because nothing is asked twice.
pub fn merge_sort(
    len: usize,
    mut must_swap: impl FnMut(usize, usize) -> Result<bool, Box<Fault>>,
) -> Result<Vec<usize>, Box<Fault>> {
    let mut sort = MergeSort::new(len);
    while let Some((left, right)) = sort.question() {
        let answer = must_swap(left, right)?;
        sort.answer(answer);
    }
    Ok(sort.into_order())
}

/// A merge sort that asks one question at a time, so that the answer may come from a function of
/// the expression. It halves from the top, as the reference does, so that a function that fails
/// fails on the same pair.
pub struct MergeSort {
    order: Vec<usize>,
    merged: Vec<usize>,
    /// The merges to come, the next one last: start, middle and end.
    merges: Vec<(usize, usize, usize)>,
    /// The two runs: where they start now, and where they end.
    left: usize,
    middle: usize,
    right: usize,
    end: usize,
    /// Where the merged run belongs.
    start: usize,
}

impl MergeSort {
    pub fn new(len: usize) -> MergeSort {
        let mut merges = Vec::with_capacity(len);
        let mut pending = vec![(0, len)];
        // Outer halves come before inner ones here, and the left one is put down last.
        while let Some((start, end)) = pending.pop() {
            if 1 < end - start {
                let middle = start + (end - start) / 2;
                merges.push((start, middle, end));
                pending.push((start, middle));
                pending.push((middle, end));
            }
        }
        let (order, merged) = ((0..len).collect(), Vec::with_capacity(len));
        let mut sort = MergeSort { order, merged, merges, left: 0, middle: 0, right: 0, end: 0, start: 0 };
        sort.next_merge();
        sort
    }

    fn next_merge(&mut self) {
        let (start, middle, end) = self.merges.pop().unwrap_or_default();
        (self.start, self.left, self.middle, self.right, self.end) = (start, start, middle, middle, end);
    }

    /// The two items to compare, the earlier one first; `None` when all is sorted.
    pub fn question(&self) -> Option<(usize, usize)> {
        if self.left == self.middle {
            return None;
        }
        Some((*self.order.get(self.left)?, *self.order.get(self.right)?))
    }

    /// Whether the first of the two belongs behind the second.
    pub fn answer(&mut self, must_swap: bool) {
        let from = if must_swap { &mut self.right } else { &mut self.left };
        self.merged.extend(self.order.get(*from).copied());
        *from += 1;
        if self.left == self.middle || self.right == self.end {
            self.merged.extend(self.order.get(self.left..self.middle).unwrap_or_default());
            self.merged.extend(self.order.get(self.right..self.end).unwrap_or_default());
            let run = self.order.get_mut(self.start..self.end).unwrap_or_default();
            for (slot, item) in run.iter_mut().zip(self.merged.drain(..)) {
                *slot = item;
            }
            self.next_merge();
        }
    }

    pub fn into_order(self) -> Vec<usize> {
        self.order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merge_sort_is_stable_and_complete() {
        for len in 0..40_usize {
            let keys: Vec<usize> = (0..len).map(|it| (it * 7919) % 5).collect();
            let order = merge_sort(len, |left, right| Ok(keys[left] > keys[right])).unwrap();
            let mut expected: Vec<usize> = (0..len).collect();
            expected.sort_by_key(|it| keys[*it]);
            assert_eq!(order, expected, "{len}");
        }
    }
}
