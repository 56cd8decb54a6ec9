//! Objects that an expression makes, and the names of their fields.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::rc::Rc;

use crate::expr::jsonata::value::Val;

/// The name of a field.
#[derive(Clone)]
pub enum Name<'a> {
    In(&'a str),
    Text(Rc<String>),
}

impl Name<'_> {
    pub fn as_str(&self) -> &str {
        match self {
            Name::In(text) => text,
            Name::Text(text) => text,
        }
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Name<'_> {}

impl Hash for Name<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.as_str().as_bytes());
    }
}

impl<'a> From<Name<'a>> for Val<'a> {
    fn from(name: Name<'a>) -> Val<'a> {
        match name {
            Name::In(text) => Val::text(text),
            Name::Text(text) => Val::Text(text),
        }
    }
}

/// A quick hash for names. Nobody outside can choose between two hashes here.
#[derive(Default, Clone)]
pub struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
            self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517C_C1B7_2722_0A95);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

pub type NameMap<'a, T> = HashMap<Name<'a>, T, BuildHasherDefault<NameHasher>>;

/// An object that the expression made: fields in the order in which they came.
#[derive(Clone, Default)]
pub struct Object<'a> {
    entries: Vec<(Name<'a>, Val<'a>)>,
    /// Where each name is, once there are many.
    places: Option<Box<NameMap<'a, usize>>>,
}

/// From how many fields on names are looked up by hash.
const MANY: usize = 12;

impl<'a> Object<'a> {
    pub fn with_capacity(n_fields: usize) -> Object<'a> {
        Object { entries: Vec::with_capacity(n_fields), places: None }
    }

    pub fn entries(&self) -> &[(Name<'a>, Val<'a>)] {
        &self.entries
    }

    /// All fields, leaving none.
    pub fn take_entries(&mut self) -> Vec<(Name<'a>, Val<'a>)> {
        std::mem::take(&mut self.entries)
    }

    fn place(&self, name: &str) -> Option<usize> {
        match &self.places {
            Some(places) => places.get(&Name::In(name)).copied(),
            None => self.entries.iter().position(|it| it.0.as_str() == name),
        }
    }

    pub fn get(&self, name: &str) -> Option<&Val<'a>> {
        self.entries.get(self.place(name)?).map(|it| &it.1)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Val<'a>> {
        let place = self.place(name)?;
        self.entries.get_mut(place).map(|it| &mut it.1)
    }

    /// Sets a field, in its old place if there is one.
    pub fn set(&mut self, name: Name<'a>, value: Val<'a>) {
        match self.get_mut(name.as_str()) {
            Some(it) => *it = value,
            None => self.push(name, value),
        }
    }

    /// Adds a field that is not there yet.
    pub fn push(&mut self, name: Name<'a>, value: Val<'a>) {
        if let Some(places) = &mut self.places {
            places.insert(name.clone(), self.entries.len());
        }
        self.entries.push((name, value));
        if self.places.is_none() && self.entries.len() == MANY {
            let names = self.entries.iter().enumerate();
            self.places = Some(Box::new(names.map(|(idx, it)| (it.0.clone(), idx)).collect()));
        }
    }

    pub fn remove(&mut self, name: &str) {
        if let Some(place) = self.place(name) {
            self.entries.remove(place);
            self.places = None;
            if MANY <= self.entries.len() {
                let names = self.entries.iter().enumerate();
                self.places = Some(Box::new(names.map(|(idx, it)| (it.0.clone(), idx)).collect()));
            }
        }
    }
}
