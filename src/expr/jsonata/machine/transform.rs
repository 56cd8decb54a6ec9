//! `|pattern|update, delete|`: a copy of a value in which every match of the pattern is changed.
//!
//! The copy is never changed in place. What a match becomes is noted under its address, which is
//! its own as long as the copy lives, and the result is put together at the end.

use std::collections::HashMap;
use std::rc::Rc;

use crate::expr::MAX_DEPTH;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::machine::calls::Next;
use crate::expr::jsonata::machine::driver::Work;
use crate::expr::jsonata::machine::{Machine, broken};
use crate::expr::jsonata::object::Object;
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::value::{Val, View};

/// A transform at work.
pub struct Transforming<'a> {
    unit: u32,
    frame: u32,
    pattern: u32,
    update: u32,
    delete: Option<u32>,
    copy: Val<'a>,
    matches: Vec<Val<'a>>,
    idx: usize,
    waits_for: Waits,
    changed: HashMap<*const Object<'a>, Rc<Object<'a>>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Waits {
    Start,
    Pattern,
    Update,
    Delete,
}

impl<'a> Machine<'a, '_> {
    /// Begins to apply a transform to a value.
    pub fn transform_work(
        &mut self,
        unit: u32,
        transform: u32,
        frame: u32,
        _context: Val<'a>,
        target: Val<'a>,
    ) -> Outcome<Work<'a>> {
        match target.view() {
            View::Undefined => return Ok(Work::Over(Val::Undefined)),
            View::Object(_) | View::Array(_) => {}
            _ => return Err(Fault::new("T0410").index(1)),
        }
        let program = self.units.get(unit as usize).ok_or_else(broken)?.program;
        let transform = program.transforms.get(transform as usize).ok_or_else(broken)?;
        let mut n_values = 0;
        let copy = deep_copy(&target, 0, &mut n_values)?;
        self.control.spend(n_values)?;
        Ok(Work::Transform(Box::new(Transforming {
            unit,
            frame,
            pattern: transform.pattern,
            update: transform.update,
            delete: transform.delete,
            copy,
            matches: Vec::new(),
            idx: 0,
            waits_for: Waits::Start,
            changed: HashMap::new(),
        })))
    }
}

impl<'a> Transforming<'a> {
    pub fn step(&mut self, machine: &mut Machine<'a, '_>, answer: Option<Val<'a>>) -> Outcome<Next<'a>> {
        let answer = answer.unwrap_or_default();
        match self.waits_for {
            Waits::Start => {
                self.waits_for = Waits::Pattern;
                return Ok(self.body(self.pattern, self.copy.clone()));
            }
            Waits::Pattern => self.matches = (0..answer.n_items()).map(|it| answer.item(it)).collect(),
            Waits::Update => {
                self.apply(&answer)?;
                if let Some(delete) = self.delete {
                    self.waits_for = Waits::Delete;
                    return Ok(self.body(delete, self.current()));
                }
                self.idx += 1;
            }
            Waits::Delete => {
                self.delete(&answer)?;
                self.idx += 1;
            }
        }
        if self.idx < self.matches.len() {
            self.waits_for = Waits::Update;
            return Ok(self.body(self.update, self.current()));
        }
        let mut n_values = 0;
        let value = self.rebuilt(&self.copy, 0, &mut n_values)?;
        machine.control.spend(n_values)?;
        Ok(Next::Done(value))
    }

    fn body(&self, pc: u32, context: Val<'a>) -> Next<'a> {
        Next::Body { unit: self.unit, pc, frame: self.frame, context }
    }

    /// The match at hand as it is by now.
    fn current(&self) -> Val<'a> {
        match self.matches.get(self.idx) {
            Some(Val::Object(object)) => match self.changed.get(&Rc::as_ptr(object)) {
                Some(changed) => Val::Object(changed.clone()),
                None => Val::Object(object.clone()),
            },
            other => other.cloned().unwrap_or_default(),
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Object<'a>)) {
        let (Some(Val::Object(original)), Val::Object(current)) =
            (self.matches.get(self.idx), self.current())
        else {
            return;
        };
        let address = Rc::as_ptr(original);
        let mut object = (*current).clone();
        change(&mut object);
        self.changed.insert(address, Rc::new(object));
    }

    fn apply(&mut self, update: &Val<'a>) -> Outcome<()> {
        let Some(fields) = update.as_object() else {
            if update.is_undefined() {
                return Ok(());
            }
            return Err(ops::fault_about("T2011", update));
        };
        let entries = fields.entries();
        self.change(|object| entries.into_iter().for_each(|(name, value)| object.set(name, value)));
        Ok(())
    }

    fn delete(&mut self, names: &Val<'a>) -> Outcome<()> {
        let items: Vec<Val<'a>> = (0..names.n_items()).map(|it| names.item(it)).collect();
        if items.iter().any(|it| it.as_text().is_none()) {
            return Err(ops::fault_about("T2012", names));
        }
        self.change(|object| items.iter().filter_map(Val::as_text).for_each(|it| object.remove(it)));
        Ok(())
    }

    /// A part of the copy with all changes in it.
    fn rebuilt(&self, value: &Val<'a>, depth: usize, n_values: &mut usize) -> Outcome<Val<'a>> {
        if MAX_DEPTH < depth {
            return Err(ops::too_deep());
        }
        *n_values += 1;
        match value {
            Val::Object(object) => {
                let object = self.changed.get(&Rc::as_ptr(object)).unwrap_or(object);
                let mut res = Object::with_capacity(object.entries().len());
                for (name, value) in object.entries() {
                    res.push(name.clone(), self.rebuilt(value, depth + 1, n_values)?);
                }
                Ok(Val::object(res))
            }
            Val::Array(array) => {
                let items =
                    (0..array.items.len()).map(|it| self.rebuilt(&array.items.get(it), depth + 1, n_values));
                Ok(Val::list(items.collect::<Outcome<_>>()?))
            }
            other => Ok(other.clone()),
        }
    }
}

/// A copy in which every object is a new one; functions become empty strings, as they do in JSON.
pub fn deep_copy<'a>(value: &Val<'a>, depth: usize, n_values: &mut usize) -> Outcome<Val<'a>> {
    if MAX_DEPTH < depth {
        return Err(ops::too_deep());
    }
    *n_values += 1;
    match value.view() {
        View::Function => Ok(Val::text("")),
        View::Object(object) => {
            let mut res = Object::with_capacity(object.len());
            for (name, value) in object.entries() {
                res.push(name, deep_copy(&value, depth + 1, n_values)?);
            }
            Ok(Val::object(res))
        }
        View::Array(items) => {
            let items = items.iter().map(|it| deep_copy(&it, depth + 1, n_values));
            Ok(Val::list(items.collect::<Outcome<_>>()?))
        }
        View::Undefined => Ok(Val::null()),
        _ => Ok(value.clone()),
    }
}
