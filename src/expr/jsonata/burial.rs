//! Dropping values that nest deep.
//!
//! Left to itself, dropping would recurse once per level and overflow the call stack. Each container
//! therefore hands what it alone holds to a list, and the list is emptied in a loop.

use std::rc::Rc;

use crate::expr::jsonata::object::Object;
use crate::expr::jsonata::value::{Array, Function, Items, Val};

fn bury(mut graves: Vec<Val<'_>>) {
    while let Some(value) = graves.pop() {
        match value {
            Val::Array(array) => {
                if let Some(mut array) = Rc::into_inner(array) {
                    take_items(&mut array, &mut graves);
                }
            }
            Val::Object(object) => {
                if let Some(mut object) = Rc::into_inner(object) {
                    take_fields(&mut object, &mut graves);
                }
            }
            Val::Function(function) => {
                if let Some(mut function) = Rc::into_inner(function) {
                    take_captured(&mut function, &mut graves);
                }
            }
            _ => {}
        }
    }
}

fn is_grave(value: &Val<'_>) -> bool {
    matches!(value, Val::Array(_) | Val::Object(_) | Val::Function(_))
}

fn take_items<'a>(array: &mut Array<'a>, graves: &mut Vec<Val<'a>>) {
    if let Items::List(items) = &mut array.items
        && items.iter().any(is_grave)
    {
        graves.extend(std::mem::take(items).into_iter().filter(is_grave));
    }
}

fn take_fields<'a>(object: &mut Object<'a>, graves: &mut Vec<Val<'a>>) {
    if object.entries().iter().any(|it| is_grave(&it.1)) {
        graves.extend(object.take_entries().into_iter().map(|it| it.1).filter(is_grave));
    }
}

fn take_captured<'a>(function: &mut Function<'a>, graves: &mut Vec<Val<'a>>) {
    match function {
        Function::Lambda { context, .. } | Function::Transform { context, .. } => {
            graves.push(std::mem::take(context));
        }
        Function::Partial { callee, arguments } => {
            graves.push(std::mem::take(callee));
            graves.extend(arguments.drain(..).flatten());
        }
        Function::Chain(first, second) => {
            graves.push(std::mem::take(first));
            graves.push(std::mem::take(second));
        }
        Function::NextMatch { text, .. } => graves.push(std::mem::take(text)),
        Function::Regex(_) => {}
    }
}

impl Drop for Array<'_> {
    fn drop(&mut self) {
        let mut graves = Vec::new();
        take_items(self, &mut graves);
        if !graves.is_empty() {
            bury(graves);
        }
    }
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        let mut graves = Vec::new();
        take_fields(self, &mut graves);
        if !graves.is_empty() {
            bury(graves);
        }
    }
}

impl Drop for Function<'_> {
    fn drop(&mut self) {
        let mut graves = Vec::new();
        take_captured(self, &mut graves);
        bury(graves);
    }
}
