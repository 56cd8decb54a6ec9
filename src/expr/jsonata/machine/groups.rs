//! Object constructors and group-by.
//!
//! An object whose keys are all written out is filled directly. Otherwise the items are sorted into
//! groups by their keys first, and then the value of each group is asked for.

use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::machine::{Build, Machine, broken};
use crate::expr::jsonata::object::{Name, NameMap, Object};
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::value::{Tuple, Val};

/// A group-by at work.
pub struct Grouping<'a> {
    group: u32,
    source: Val<'a>,
    idx: usize,
    len: usize,
    groups: Vec<Group<'a>>,
    places: NameMap<'a, usize>,
    /// The group whose value is being asked for.
    each: usize,
    result: Object<'a>,
    context: Val<'a>,
}

/// The items with one key.
struct Group<'a> {
    key: Name<'a>,
    /// The pair of expressions that made the key.
    pair: u32,
    data: Val<'a>,
    tuples: Vec<Tuple<'a>>,
}

impl<'a> Machine<'a, '_> {
    /// Takes what the object is made from: several items count as one array.
    pub fn object_begin(&mut self, n_fields: u32) {
        let source = self.pop();
        let context = std::mem::take(&mut self.context);
        self.context = match source.as_array() {
            Some(items) if items.len() == 1 => items.get(0),
            Some(items) => items.iter().fold(Val::Undefined, ops::append),
            None => source,
        };
        self.builds.push(Build::Object(Object::with_capacity(n_fields as usize), context));
    }

    pub fn object_set(&mut self, key: u32) -> Outcome<()> {
        let value = self.pop();
        self.control.spend(1)?;
        let key = self.program.constants.get(key as usize).and_then(|it| it.as_str()).ok_or_else(broken)?;
        if let (Some(Build::Object(object, _)), false) = (self.builds.last_mut(), value.is_undefined()) {
            object.push(Name::In(key), value);
        }
        Ok(())
    }

    fn grouping(&mut self) -> Outcome<&mut Grouping<'a>> {
        self.groupings.last_mut().ok_or_else(broken)
    }

    fn tuple_frame(&self, group: u32) -> Option<u32> {
        self.program.groups.get(group as usize)?.tuple_frame
    }

    pub fn group_begin(&mut self, group: u32) {
        let source = self.pop();
        let len = source.n_items();
        // Without items the object is made once, from nothing.
        let is_literal = len == 0 && !matches!(source, Val::Stream(_));
        self.groupings.push(Grouping {
            group,
            len: if is_literal { 1 } else { len },
            source: if is_literal { Val::sequence(vec![Val::Undefined]) } else { source },
            idx: 0,
            groups: Vec::new(),
            places: NameMap::default(),
            each: 0,
            result: Object::default(),
            context: self.context.clone(),
        });
    }

    pub fn group_next(&mut self, exit: u32) -> Outcome<()> {
        self.control.spend(1)?;
        let grouping = self.grouping()?;
        if grouping.len <= grouping.idx {
            let outer = grouping.context.clone();
            self.context = outer;
            self.pc = exit as usize;
            return Ok(());
        }
        let idx = grouping.idx;
        grouping.idx += 1;
        let group = grouping.group;
        let tuple = tuple_at(&grouping.source, idx);
        if let Some(tuple_frame) = self.tuple_frame(group) {
            self.enter_tuple(&tuple, tuple_frame)?;
        }
        self.context = tuple.at;
        Ok(())
    }

    pub fn group_key(&mut self, pair: u32) -> Outcome<()> {
        let key = self.pop();
        if key.is_undefined() {
            return Ok(());
        }
        let Some(name) = key.to_name() else { return Err(ops::fault_about("T1003", &key)) };
        let grouping = self.grouping()?;
        let tuple = tuple_at(&grouping.source, grouping.idx.saturating_sub(1));
        let is_stream = matches!(grouping.source, Val::Stream(_));
        let place = grouping.places.get(&name).copied();
        match place.and_then(|it| grouping.groups.get_mut(it)) {
            Some(group) if group.pair != pair => {
                return Err(Fault::new("D1009").value(name.as_str()));
            }
            Some(group) if is_stream => group.tuples.push(tuple),
            Some(group) => group.data = ops::append(std::mem::take(&mut group.data), tuple.at),
            None => {
                grouping.places.insert(name.clone(), grouping.groups.len());
                let (data, tuples) = match is_stream {
                    true => (Val::Undefined, vec![tuple]),
                    false => (tuple.at, Vec::new()),
                };
                grouping.groups.push(Group { key: name, pair, data, tuples });
            }
        }
        Ok(())
    }

    pub fn group_keys_end(&mut self, next: u32) {
        let group = self.groupings.last().map_or(0, |it| it.group);
        if self.tuple_frame(group).is_some() {
            self.close_frame();
        }
        self.pc = next as usize;
    }

    pub fn group_each(&mut self, exit: u32) -> Outcome<()> {
        self.control.spend(1)?;
        let grouping = self.grouping()?;
        let Some(group) = grouping.groups.get_mut(grouping.each) else {
            let grouping = self.groupings.pop().ok_or_else(broken)?;
            self.context = grouping.context;
            self.stack.push(Val::object(grouping.result));
            self.pc = exit as usize;
            return Ok(());
        };
        let (pair, number) = (group.pair as usize, grouping.group);
        let merged = merge(std::mem::take(&mut group.tuples));
        let data = std::mem::take(&mut group.data);
        if let Some(tuple_frame) = self.tuple_frame(number) {
            self.enter_tuple(&merged, tuple_frame)?;
        }
        self.context = if data.is_undefined() { merged.at } else { data };
        let values = self.program.groups.get(number as usize).map(|it| &it.values);
        self.pc = values.and_then(|it| it.get(pair).copied()).ok_or_else(broken)? as usize;
        Ok(())
    }

    pub fn group_value(&mut self, next: u32) -> Outcome<()> {
        let value = self.pop();
        let grouping = self.grouping()?;
        let number = grouping.group;
        let key = grouping.groups.get(grouping.each).map(|it| it.key.clone()).ok_or_else(broken)?;
        grouping.each += 1;
        if !value.is_undefined() {
            grouping.result.push(key, value);
        }
        if self.tuple_frame(number).is_some() {
            self.close_frame();
        }
        self.pc = next as usize;
        Ok(())
    }
}

fn tuple_at<'a>(source: &Val<'a>, idx: usize) -> Tuple<'a> {
    match source {
        Val::Stream(tuples) => tuples.get(idx).cloned().unwrap_or_default(),
        other => Tuple { at: other.item(idx), bound: Vec::new() },
    }
}

/// The tuples of one group as one: what differs becomes an array.
fn merge<'a>(tuples: Vec<Tuple<'a>>) -> Tuple<'a> {
    let mut rest = tuples.into_iter();
    let mut res = rest.next().unwrap_or_default();
    for tuple in rest {
        res.at = ops::append(std::mem::take(&mut res.at), tuple.at);
        for (name, value) in tuple.bound {
            match res.bound.iter_mut().find(|it| it.0 == name) {
                Some(it) => it.1 = ops::append(std::mem::take(&mut it.1), value),
                None => res.bound.push((name, value)),
            }
        }
    }
    res
}
