//! What the operators do to two values, and the questions that many functions ask of one: does it
//! count as true, are two equal, which comes first, what does it hold under a name.

use std::cmp::Ordering;

use serde_json::Value;

use crate::expr::MAX_DEPTH;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::signature::Kinds;
use crate::expr::jsonata::syntax::BinaryOp;
use crate::expr::jsonata::value::{ArrayView, Items, Marks, ObjectView, SEQUENCE, Val, View, field};
use crate::expr::jsonata::write::plain;

pub type Outcome<T> = Result<T, Box<Fault>>;

/// The longest range, as in the reference implementation.
const MAX_RANGE: f64 = 1e7;

pub fn too_deep() -> Box<Fault> {
    Fault::new("U1003")
}

/// A fault that shows a value.
pub fn fault_about(code: &'static str, value: &Val<'_>) -> Box<Fault> {
    let fault = Fault::new(code);
    match plain(value) {
        Some(value) => fault.value(value),
        None => fault,
    }
}

pub fn kind(value: &Val<'_>) -> Kinds {
    match value.view() {
        View::Undefined => Kinds::MISSING,
        View::Null => Kinds::NULL,
        View::Bool(_) => Kinds::BOOLEAN,
        View::Number(_) => Kinds::NUMBER,
        View::Text(_) => Kinds::STRING,
        View::Array(_) => Kinds::ARRAY,
        View::Object(_) => Kinds::OBJECT,
        View::Function => Kinds::FUNCTION,
    }
}

/// Whether a number can be calculated with; infinity is an error of its own.
pub fn usable(number: f64) -> Outcome<bool> {
    if number.is_infinite() {
        return Err(Fault::new("D1001").value(if number < 0.0 { "-Infinity" } else { "Infinity" }));
    }
    Ok(!number.is_nan())
}

/// Whether a value counts as true; undefined does not.
pub fn truth(value: &Val<'_>) -> Outcome<bool> {
    match value.view() {
        View::Undefined | View::Null | View::Function => Ok(false),
        View::Bool(value) => Ok(value),
        View::Number(number) => Ok(usable(number)? && number != 0.0),
        View::Text(text) => Ok(!text.is_empty()),
        View::Object(object) => Ok(!object.is_empty()),
        View::Array(items) => truth_of_any(items),
    }
}

/// Whether JavaScript takes a value for true: what the comparator of a sort gives is not looked
/// into.
pub fn script_truth(value: &Val<'_>) -> bool {
    match value.view() {
        View::Undefined | View::Null => false,
        View::Bool(value) => value,
        View::Number(number) => number != 0.0 && !number.is_nan(),
        View::Text(text) => !text.is_empty(),
        View::Array(_) | View::Object(_) | View::Function => true,
    }
}

fn truth_of_any(items: ArrayView<'_, '_>) -> Outcome<bool> {
    // An array counts as true when something in it does, however deep.
    for item in items.iter() {
        let mut pending = vec![item];
        while let Some(item) = pending.pop() {
            match item.as_array() {
                Some(inner) => pending.extend(inner.iter()),
                None if truth(&item)? => return Ok(true),
                None => {}
            }
        }
    }
    Ok(false)
}

/// Whether two values are equal in every part.
pub fn equal(left: &Val<'_>, right: &Val<'_>, depth: usize) -> Outcome<bool> {
    if MAX_DEPTH < depth {
        return Err(too_deep());
    }
    Ok(match (left.view(), right.view()) {
        (View::Null, View::Null) | (View::Undefined, View::Undefined) => true,
        (View::Bool(left), View::Bool(right)) => left == right,
        (View::Number(left), View::Number(right)) => left == right,
        (View::Text(left), View::Text(right)) => left == right,
        (View::Array(left), View::Array(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (left, right) in left.iter().zip(right.iter()) {
                if !equal(&left, &right, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        (View::Object(left), View::Object(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (name, left) in left.entries() {
                match right.get(name.as_str()) {
                    Some(right) if equal(&left, &right, depth + 1)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        (View::Function, View::Function) => match (left, right) {
            (Val::Builtin(left), Val::Builtin(right)) => std::ptr::eq(*left, *right),
            (Val::Function(left), Val::Function(right)) => std::rc::Rc::ptr_eq(left, right),
            _ => false,
        },
        _ => false,
    })
}

/// Orders two texts by UTF-16 units, as JavaScript does.
pub fn text_order(left: &str, right: &str) -> Ordering {
    if left.is_ascii() || right.is_ascii() {
        return left.cmp(right);
    }
    left.encode_utf16().cmp(right.encode_utf16())
}

/// One of the operators that need both values at hand.
pub fn binary<'a>(op: BinaryOp, left: &Val<'a>, right: &Val<'a>) -> Outcome<Val<'a>> {
    use BinaryOp::*;
    match op {
        Add | Subtract | Multiply | Divide | Modulo => arithmetic(op, left, right),
        Equal | NotEqual => {
            if left.is_undefined() || right.is_undefined() {
                return Ok(Val::bool(false));
            }
            Ok(Val::bool(equal(left, right, 0)? == (op == Equal)))
        }
        Less | LessOrEqual | Greater | GreaterOrEqual => compare(op, left, right),
        In => contains(left, right),
        Range => range(left, right),
        Concat | And | Or | Default | Coalesce => Ok(Val::Undefined),
    }
}

fn arithmetic<'a>(op: BinaryOp, left: &Val<'a>, right: &Val<'a>) -> Outcome<Val<'a>> {
    let number = |value: &Val<'a>, code| match value.as_number() {
        Some(number) if usable(number)? => Ok(number),
        _ => Err(fault_about(code, value)),
    };
    let left_number = if left.is_undefined() { None } else { Some(number(left, "T2001")?) };
    let right_number = if right.is_undefined() { None } else { Some(number(right, "T2002")?) };
    let (Some(left), Some(right)) = (left_number, right_number) else { return Ok(Val::Undefined) };
    Ok(Val::Number(match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::Divide => left / right,
        _ => left % right,
    }))
}

fn compare<'a>(op: BinaryOp, left: &Val<'a>, right: &Val<'a>) -> Outcome<Val<'a>> {
    let comparable =
        |value: &Val<'_>| matches!(value.view(), View::Undefined | View::Text(_) | View::Number(_));
    if !comparable(left) || !comparable(right) {
        return Err(fault_about("T2010", if comparable(left) { right } else { left }));
    }
    let order = match (left.view(), right.view()) {
        (View::Undefined, _) | (_, View::Undefined) => return Ok(Val::Undefined),
        (View::Number(left), View::Number(right)) => left.partial_cmp(&right),
        (View::Text(left), View::Text(right)) => Some(text_order(left, right)),
        _ => {
            let fault = fault_about("T2009", left);
            return Err(match plain(right) {
                Some(right) => fault.other(right),
                None => fault,
            });
        }
    };
    Ok(Val::bool(order.is_some_and(|it| match op {
        BinaryOp::Less => it.is_lt(),
        BinaryOp::LessOrEqual => it.is_le(),
        BinaryOp::Greater => it.is_gt(),
        _ => it.is_ge(),
    })))
}

fn contains<'a>(left: &Val<'a>, right: &Val<'a>) -> Outcome<Val<'a>> {
    if left.is_undefined() || right.is_undefined() {
        return Ok(Val::bool(false));
    }
    // Unlike `=`, membership looks at the value itself, not into it.
    let same = |item: &Val<'_>| match (left.view(), item.view()) {
        (View::Array(_) | View::Object(_), _) => false,
        _ => equal(left, item, 0).unwrap_or(false),
    };
    Ok(Val::bool(match right.as_array() {
        Some(items) => items.iter().any(|it| same(&it)),
        None => same(right),
    }))
}

fn range<'a>(left: &Val<'a>, right: &Val<'a>) -> Outcome<Val<'a>> {
    let integer = |value: &Val<'a>, code| match value.as_number() {
        Some(number) if number.is_finite() && number.fract() == 0.0 => Ok(number),
        _ => Err(fault_about(code, value)),
    };
    let first = if left.is_undefined() { None } else { Some(integer(left, "T2003")?) };
    let last = if right.is_undefined() { None } else { Some(integer(right, "T2004")?) };
    let (Some(first), Some(last)) = (first, last) else { return Ok(Val::Undefined) };
    if last < first {
        return Ok(Val::Undefined);
    }
    let len = last - first + 1.0;
    if MAX_RANGE < len {
        return Err(Fault::new("D2014").value(crate::expr::jsonata::write::json_number(len)));
    }
    Ok(made(Items::Range { first, len: len as usize }, SEQUENCE))
}

pub fn made<'a>(items: Items<'a>, marks: Marks) -> Val<'a> {
    Val::Array(std::rc::Rc::new(crate::expr::jsonata::value::Array { items, marks }))
}

/// What a value holds under a name; of an array, what its items hold.
pub fn lookup<'a>(value: &Val<'a>, name: &str, depth: usize) -> Outcome<Val<'a>> {
    match value {
        Val::In(Value::Object(fields)) => Ok(field(fields, name).map_or(Val::Undefined, Val::In)),
        Val::Object(object) => Ok(object.get(name).cloned().unwrap_or_default()),
        value => match value.as_array() {
            Some(items) => lookup_in_items(items, name, depth),
            None => Ok(Val::Undefined),
        },
    }
}

fn lookup_in_items<'a>(items: ArrayView<'_, 'a>, name: &str, depth: usize) -> Outcome<Val<'a>> {
    if MAX_DEPTH < depth {
        return Err(too_deep());
    }
    let mut res = Vec::new();
    for item in items.iter() {
        let found = lookup(&item, name, depth + 1)?;
        match found.as_array() {
            Some(found) => res.extend(found.iter()),
            None if found.is_undefined() => {}
            None => res.push(found),
        }
    }
    Ok(Val::sequence(res))
}

/// One list out of two values; undefined adds nothing.
pub fn append<'a>(left: Val<'a>, right: Val<'a>) -> Val<'a> {
    if left.is_undefined() {
        return right;
    }
    if right.is_undefined() {
        return left;
    }
    let mut items: Vec<Val<'a>> = match left {
        Val::Array(array) => match std::rc::Rc::try_unwrap(array) {
            Ok(mut array) => std::mem::take(array.items.list_mut()),
            Err(array) => ArrayView::Made(&array).iter().collect(),
        },
        left => (0..left.n_items()).map(|it| left.item(it)).collect(),
    };
    items.extend((0..right.n_items()).map(|it| right.item(it)));
    Val::list(items)
}

/// Everything inside a value and the value itself, arrays opened, in document order.
pub fn descendants<'a>(value: &Val<'a>, depth: usize, out: &mut Vec<Val<'a>>) -> Outcome<()> {
    if MAX_DEPTH < depth {
        return Err(too_deep());
    }
    match value.view() {
        View::Array(items) => {
            for item in items.iter() {
                descendants(&item, depth + 1, out)?;
            }
        }
        View::Object(object) => {
            out.push(value.clone());
            for item in object.values() {
                descendants(&item, depth + 1, out)?;
            }
        }
        _ => out.push(value.clone()),
    }
    Ok(())
}

/// The values of all fields, arrays opened to the ground.
pub fn wildcard<'a>(value: &Val<'a>) -> Outcome<Val<'a>> {
    let inner = match value {
        Val::Array(array) if array.marks.is_outer => array.items.get(0),
        other => other.clone(),
    };
    let mut res = Vec::new();
    let values = match inner.view() {
        View::Object(object) => object.values(),
        // The keys of an array are its indexes.
        View::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    values.iter().try_for_each(|it| flat(it, 0, &mut res))?;
    // The items of an array are appended, and what was appended to is no sequence any more.
    let has_array = values.iter().any(|it| it.as_array().is_some());
    Ok(if has_array { Val::list(res) } else { Val::sequence(res) })
}

fn flat<'a>(value: &Val<'a>, depth: usize, out: &mut Vec<Val<'a>>) -> Outcome<()> {
    if MAX_DEPTH < depth {
        return Err(too_deep());
    }
    match value.as_array() {
        Some(items) => items.iter().try_for_each(|it| flat(&it, depth + 1, out)),
        None => {
            out.push(value.clone());
            Ok(())
        }
    }
}

/// The names of an object's fields; of an array, those of its items.
pub fn keys<'a>(value: &Val<'a>, depth: usize, out: &mut Vec<Val<'a>>) -> Outcome<()> {
    if MAX_DEPTH < depth {
        return Err(too_deep());
    }
    match value.view() {
        View::Array(items) => items.iter().try_for_each(|it| keys(&it, depth + 1, out)),
        View::Object(object) => {
            out.extend(object_names(object));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn object_names<'a>(object: ObjectView<'_, 'a>) -> Vec<Val<'a>> {
    object.entries().into_iter().map(|(name, _)| Val::from(name)).collect()
}
