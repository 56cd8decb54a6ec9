//! Values while an expression is evaluated.
//!
//! A value that comes from the input, a binding or the text of the expression is a reference to
//! it; only what the expression makes is owned, and shared once made. Cloning never copies data.
//! An array knows whether it is a *sequence*, JSONata's list of results that collapses to its only
//! item; arrays of the input never are.

use std::rc::Rc;

use serde_json::{Map, Value};

use crate::expr::jsonata::functions::Builtin;
use crate::expr::jsonata::object::{Name, Object};
use crate::expr::jsonata::regex::Regex;

/// Simple values, for those who need a reference to them.
static NULL: Value = Value::Null;
static TRUE: Value = Value::Bool(true);
static FALSE: Value = Value::Bool(false);

/// Any value.
#[derive(Clone, Default)]
pub enum Val<'a> {
    /// Nothing: a field that does not exist, a filter that lets nothing through.
    #[default]
    Undefined,
    Number(f64),
    /// A JSON value that lives outside of the evaluation.
    In(&'a Value),
    Text(Rc<String>),
    Array(Rc<Array<'a>>),
    Object(Rc<Object<'a>>),
    /// A function of the language.
    Builtin(&'static Builtin),
    Function(Rc<Function<'a>>),
    /// The results of a path that binds variables or looks at parents.
    Stream(Rc<Vec<Tuple<'a>>>),
}

/// One result of a path with what was bound on the way to it.
#[derive(Clone, Default)]
pub struct Tuple<'a> {
    pub at: Val<'a>,
    /// Variables by the number of their name.
    pub bound: Vec<(u32, Val<'a>)>,
}

impl<'a> Tuple<'a> {
    pub fn bind(&mut self, name: u32, value: Val<'a>) {
        match self.bound.iter_mut().find(|it| it.0 == name) {
            Some(it) => it.1 = value,
            None => self.bound.push((name, value)),
        }
    }
}

/// An array that the expression made.
#[derive(Clone, Default)]
pub struct Array<'a> {
    pub items: Items<'a>,
    pub marks: Marks,
}

/// The items of an array. A range is not written out, because it may have ten million of them.
#[derive(Clone)]
pub enum Items<'a> {
    List(Vec<Val<'a>>),
    Range { first: f64, len: usize },
}

impl Default for Items<'_> {
    fn default() -> Self {
        Items::List(Vec::new())
    }
}

/// What is special about an array.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Marks {
    /// A list of results: collapses to its only item, to nothing when empty.
    pub is_sequence: bool,
    /// Followed by `[]`: does not collapse to its only item.
    pub keeps: bool,
    /// From an array constructor at an end of a path: is not flattened.
    pub is_cons: bool,
    /// The wrapping of an input that is an array, so that it counts as one input.
    pub is_outer: bool,
}

pub const PLAIN: Marks = Marks { is_sequence: false, keeps: false, is_cons: false, is_outer: false };
pub const SEQUENCE: Marks = Marks { is_sequence: true, ..PLAIN };

/// A function value other than a built-in one.
pub enum Function<'a> {
    Lambda {
        unit: u32,
        lambda: u32,
        frame: u32,
        context: Val<'a>,
    },
    Transform {
        unit: u32,
        transform: u32,
        frame: u32,
        context: Val<'a>,
    },
    Partial {
        callee: Val<'a>,
        /// `None` for the holes.
        arguments: Vec<Option<Val<'a>>>,
    },
    /// First the left one, then the right one.
    Chain(Val<'a>, Val<'a>),
    Regex(&'a Regex),
    /// The `next` of a match.
    NextMatch {
        regex: &'a Regex,
        text: Val<'a>,
        from: usize,
    },
}

/// A value by its kind, wherever it lives.
pub enum View<'v, 'a> {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(&'v str),
    Array(ArrayView<'v, 'a>),
    Object(ObjectView<'v, 'a>),
    Function,
}

/// The items of an array, wherever it lives.
#[derive(Clone, Copy)]
pub enum ArrayView<'v, 'a> {
    In(&'a [Value]),
    Made(&'v Array<'a>),
    Stream(&'v [Tuple<'a>]),
}

/// The fields of an object, wherever it lives.
#[derive(Clone, Copy)]
pub enum ObjectView<'v, 'a> {
    In(&'a Map<String, Value>),
    Made(&'v Object<'a>),
}

/// A JSON number as the only kind of number that the language has.
pub fn float(number: &serde_json::Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

impl<'a> Val<'a> {
    pub fn null() -> Val<'a> {
        Val::In(&NULL)
    }

    /// Not a variant of its own: with eight bytes in every variant, values are moved in one go.
    #[inline]
    pub fn bool(value: bool) -> Val<'a> {
        Val::In(if value { &TRUE } else { &FALSE })
    }

    pub fn text(text: impl Into<String>) -> Val<'a> {
        Val::Text(Rc::new(text.into()))
    }

    pub fn list(items: Vec<Val<'a>>) -> Val<'a> {
        Val::Array(Rc::new(Array { items: Items::List(items), marks: PLAIN }))
    }

    pub fn sequence(items: Vec<Val<'a>>) -> Val<'a> {
        Val::Array(Rc::new(Array { items: Items::List(items), marks: SEQUENCE }))
    }

    pub fn object(object: Object<'a>) -> Val<'a> {
        Val::Object(Rc::new(object))
    }

    pub fn function(function: Function<'a>) -> Val<'a> {
        Val::Function(Rc::new(function))
    }

    #[inline]
    pub fn view(&self) -> View<'_, 'a> {
        match self {
            Val::Undefined => View::Undefined,
            Val::Number(value) => View::Number(*value),
            Val::In(Value::Null) => View::Null,
            Val::In(Value::Bool(value)) => View::Bool(*value),
            Val::In(Value::Number(value)) => View::Number(float(value)),
            Val::In(Value::String(value)) => View::Text(value),
            Val::In(Value::Array(items)) => View::Array(ArrayView::In(items)),
            Val::In(Value::Object(fields)) => View::Object(ObjectView::In(fields)),
            Val::Text(value) => View::Text(value),
            Val::Array(array) => View::Array(ArrayView::Made(array)),
            Val::Object(object) => View::Object(ObjectView::Made(object)),
            Val::Builtin(_) | Val::Function(_) => View::Function,
            Val::Stream(tuples) => View::Array(ArrayView::Stream(tuples)),
        }
    }

    #[inline]
    pub fn is_undefined(&self) -> bool {
        matches!(self, Val::Undefined)
    }

    pub fn is_function(&self) -> bool {
        matches!(self, Val::Builtin(_) | Val::Function(_))
    }

    #[inline]
    pub fn as_array(&self) -> Option<ArrayView<'_, 'a>> {
        match self {
            Val::Array(array) => Some(ArrayView::Made(array)),
            Val::In(Value::Array(items)) => Some(ArrayView::In(items)),
            Val::Stream(tuples) => Some(ArrayView::Stream(tuples)),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<ObjectView<'_, 'a>> {
        match self.view() {
            View::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Val::Text(text) => Some(text),
            Val::In(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    #[inline]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Val::Number(number) => Some(*number),
            Val::In(Value::Number(number)) => Some(float(number)),
            _ => None,
        }
    }

    /// The name of a field, if this is a string.
    pub fn to_name(&self) -> Option<Name<'a>> {
        match self {
            Val::Text(text) => Some(Name::Text(text.clone())),
            Val::In(Value::String(text)) => Some(Name::In(text)),
            _ => None,
        }
    }

    pub fn marks(&self) -> Marks {
        match self {
            Val::Array(array) => array.marks,
            _ => PLAIN,
        }
    }

    /// How many items a sequence made of this value has: those of an array, else one.
    #[inline]
    pub fn n_items(&self) -> usize {
        match self.as_array() {
            Some(items) => items.len(),
            None => usize::from(!self.is_undefined()),
        }
    }

    /// An item of the sequence made of this value.
    #[inline]
    pub fn item(&self, idx: usize) -> Val<'a> {
        match self.as_array() {
            Some(items) => items.get(idx),
            None => self.clone(),
        }
    }

    /// What a whole sub-expression gives: a sequence of one is that one, an empty one is nothing.
    #[inline]
    pub fn collapse(self, keep: bool) -> Val<'a> {
        let Val::Array(mut array) = self else { return self };
        if !array.marks.is_sequence {
            return Val::Array(array);
        }
        if keep && !array.marks.keeps {
            Rc::make_mut(&mut array).marks.keeps = true;
        }
        match array.items.len() {
            0 => Val::Undefined,
            1 if !array.marks.keeps => array.items.get(0),
            _ => Val::Array(array),
        }
    }
}

impl<'a> Items<'a> {
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Items::List(items) => items.len(),
            Items::Range { len, .. } => *len,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub fn get(&self, idx: usize) -> Val<'a> {
        match self {
            Items::List(items) => items.get(idx).cloned().unwrap_or_default(),
            Items::Range { first, len } if idx < *len => Val::Number(first + idx as f64),
            Items::Range { .. } => Val::Undefined,
        }
    }

    /// The items written out, to be added to.
    pub fn list_mut(&mut self) -> &mut Vec<Val<'a>> {
        if let Items::Range { len, .. } = self {
            let len = *len;
            *self = Items::List((0..len).map(|it| self.get(it)).collect());
        }
        match self {
            Items::List(items) => items,
            // Ranges were written out above.
            Items::Range { .. } => unreachable_list(self),
        }
    }
}

fn unreachable_list<'m, 'a>(items: &'m mut Items<'a>) -> &'m mut Vec<Val<'a>> {
    *items = Items::default();
    items.list_mut()
}

impl<'v, 'a> ArrayView<'v, 'a> {
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            ArrayView::In(items) => items.len(),
            ArrayView::Made(array) => array.items.len(),
            ArrayView::Stream(tuples) => tuples.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub fn get(&self, idx: usize) -> Val<'a> {
        match self {
            ArrayView::In(items) => items.get(idx).map_or(Val::Undefined, Val::In),
            ArrayView::Made(array) => array.items.get(idx),
            ArrayView::Stream(tuples) => tuples.get(idx).map_or(Val::Undefined, |it| it.at.clone()),
        }
    }

    pub fn iter(self) -> impl Iterator<Item = Val<'a>> + use<'v, 'a> {
        (0..self.len()).map(move |it| self.get(it))
    }
}

/// From how many fields on a map of the input is asked by hash instead of field by field.
const MANY_IN: usize = 8;

impl<'v, 'a> ObjectView<'v, 'a> {
    pub fn len(&self) -> usize {
        match self {
            ObjectView::In(fields) => fields.len(),
            ObjectView::Made(object) => object.entries().len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub fn get(&self, name: &str) -> Option<Val<'a>> {
        match self {
            ObjectView::In(fields) => field(fields, name).map(Val::In),
            ObjectView::Made(object) => object.get(name).cloned(),
        }
    }

    pub fn entry(&self, idx: usize) -> Option<(Name<'a>, Val<'a>)> {
        match self {
            ObjectView::In(fields) => {
                fields.iter().nth(idx).map(|(name, value)| (Name::In(name.as_str()), Val::In(value)))
            }
            ObjectView::Made(object) => object.entries().get(idx).cloned(),
        }
    }

    pub fn entries(&self) -> Vec<(Name<'a>, Val<'a>)> {
        match self {
            ObjectView::In(fields) => {
                let entry =
                    |(name, value): (&'a String, &'a Value)| (Name::In(name.as_str()), Val::In(value));
                fields.iter().map(entry).collect()
            }
            ObjectView::Made(object) => object.entries().to_vec(),
        }
    }

    pub fn values(&self) -> Vec<Val<'a>> {
        match self {
            ObjectView::In(fields) => fields.values().map(Val::In).collect(),
            ObjectView::Made(object) => object.entries().iter().map(|it| it.1.clone()).collect(),
        }
    }
}

/// A field of an object of the input.
#[inline]
pub fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if MANY_IN < fields.len() {
        return fields.get(name);
    }
    fields.iter().find(|it| it.0 == name).map(|it| it.1)
}

/// A value that the evaluation owns, of one that it cannot borrow. Its nesting must be bounded.
pub fn copied<'a>(value: &Value) -> Val<'a> {
    match value {
        Value::Null => Val::null(),
        Value::Bool(value) => Val::bool(*value),
        Value::Number(number) => Val::Number(float(number)),
        Value::String(text) => Val::text(text.as_str()),
        Value::Array(items) => Val::list(items.iter().map(copied).collect()),
        Value::Object(fields) => {
            let mut object = Object::with_capacity(fields.len());
            for (name, value) in fields {
                object.push(Name::Text(Rc::new(name.clone())), copied(value));
            }
            Val::object(object)
        }
    }
}
