//! Stable sorting of which the page carries one copy. The standard library compiles its sort anew
//! for every kind of item and every comparison, about four kilobytes each time, and forty of them
//! were a twentieth of the page; here only the comparison is new each time. It also sorts whatever
//! is collected into an ordered set or map, which one insertion after the other does not.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts without a copy of the sorting code. Items that compare as equal keep their order.
pub trait Arrange {
    type Item;

    /// By a comparison of two items.
    fn arrange_by(&mut self, compare: impl FnMut(&Self::Item, &Self::Item) -> Ordering);

    /// By what is asked of each item, as often as it is compared.
    fn arrange_by_key<K: Ord>(&mut self, mut key: impl FnMut(&Self::Item) -> K) {
        self.arrange_by(|a, b| key(a).cmp(&key(b)));
    }

    /// By the items themselves.
    fn arrange(&mut self)
    where
        Self::Item: Ord,
    {
        self.arrange_by(Ord::cmp);
    }
}

impl<T> Arrange for [T] {
    type Item = T;

    fn arrange_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let items = &*self;
        let mut places = places(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        });
        // Each exchange brings one item to its place.
        for idx in 0..places.len() {
            while let Some(place) = places.get(idx).copied().filter(|it| *it != idx) {
                self.swap(idx, place);
                places.swap(idx, place);
            }
        }
    }
}

/// Collects in order without a copy of the sorting code.
pub trait InOrder: Iterator + Sized {
    /// Each item once.
    fn into_set(self) -> BTreeSet<Self::Item>
    where
        Self::Item: Ord,
    {
        let mut set = BTreeSet::new();
        self.for_each(|it| {
            set.insert(it);
        });
        set
    }

    /// Of several values of a key the last.
    fn into_map<K: Ord, V>(self) -> BTreeMap<K, V>
    where
        Self: Iterator<Item = (K, V)>,
    {
        let mut map = BTreeMap::new();
        self.for_each(|(key, value)| {
            map.insert(key, value);
        });
        map
    }
}

impl<I: Iterator> InOrder for I {}

/// Where each of `n_items` belongs.
fn places(n_items: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..n_items).collect();
    sorted.sort_by(|a, b| compare(*a, *b));
    let mut places = vec![0; n_items];
    for (place, item) in sorted.into_iter().enumerate() {
        if let Some(it) = places.get_mut(item) {
            *it = place;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_order_is_that_of_the_standard_library(keys in prop::collection::vec(0..20u8, 0..60)) {
            let mut ours: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let mut theirs = ours.clone();
            ours.arrange_by_key(|it| it.0);
            theirs.sort_by_key(|it| it.0);
            prop_assert_eq!(&ours, &theirs);
            ours.arrange_by(|a, b| b.1.cmp(&a.1));
            theirs.sort_by_key(|it| std::cmp::Reverse(it.1));
            prop_assert_eq!(&ours, &theirs);
            ours.arrange();
            theirs.sort();
            prop_assert_eq!(ours, theirs);
        }
    }
}
