//! A vector that can be indexed without a chance of panicking. The passes of the layout are full
//! of small integer indices into parallel tables; every one of them is valid by construction, and
//! if one were not, the picture would be wrong in one place instead of gone.

use std::ops::{Index, IndexMut};

/// Rows by index, with a spare row that answers for an index out of range.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Table<T> {
    rows: Vec<T>,
    spare: T,
}

impl<T: Clone + Default> Table<T> {
    /// A table of `n_rows` equal rows.
    pub fn filled(n_rows: usize, row: T) -> Table<T> {
        Table { rows: vec![row; n_rows], spare: T::default() }
    }

    /// Adds a row and returns its index.
    pub fn push(&mut self, row: T) -> usize {
        self.rows.push(row);
        self.rows.len() - 1
    }
}

impl<T: Default> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Table<T> {
        Table { rows: rows.into_iter().collect(), spare: T::default() }
    }
}

impl<T> Table<T> {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    /// The rows in order, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.rows.iter_mut()
    }
}

impl<T> Index<usize> for Table<T> {
    type Output = T;

    fn index(&self, idx: usize) -> &T {
        debug_assert!(idx < self.rows.len(), "row {idx} of {}", self.rows.len());
        self.rows.get(idx).unwrap_or(&self.spare)
    }
}

impl<T> IndexMut<usize> for Table<T> {
    fn index_mut(&mut self, idx: usize) -> &mut T {
        debug_assert!(idx < self.rows.len(), "row {idx} of {}", self.rows.len());
        self.rows.get_mut(idx).unwrap_or(&mut self.spare)
    }
}
