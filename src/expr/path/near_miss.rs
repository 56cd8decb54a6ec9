//! “Did you mean”: what a definite path that selects nothing was probably meant to say.

use serde_json::Value;

use crate::expr::path::syntax::{Root, Selector};
use crate::expr::path::{is_single, item_at};
use crate::expr::{Path, Scope};

/// Where a path leaves the data, and what is there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// The first segment that selects nothing: start and end byte in the path's text.
    pub missing_segment_range: (usize, usize),
    /// The available key that is spelled most alike, when one is alike at all.
    pub nearest: Option<String>,
    /// The keys (or variables) that exist at that place, in their order there.
    pub available: Vec<String>,
}

impl Path {
    /// Where the path leaves the data; `None` when it selects something, or when it is not made
    /// of names and indexes alone.
    pub fn nearest_key(&self, scope: &Scope) -> Option<NearMiss> {
        if !self.segments().iter().all(is_single) {
            return None;
        }
        let Some(mut value) = self.data(scope) else {
            let Root::Variable(name) = self.root() else { return None };
            let end = self.segments().first().map_or(self.text().len(), |it| it.start);
            let available = scope.variables.names();
            return Some(near_miss((0, end), name, available.into_iter()));
        };
        for segment in self.segments() {
            let range = (segment.start, segment.end);
            match (&segment.selector, value) {
                (Selector::Name(name), Value::Object(members)) => match members.get(name) {
                    Some(member) => value = member,
                    None => return Some(near_miss(range, name, members.keys().map(String::as_str))),
                },
                (Selector::Index(index), Value::Array(items)) => match item_at(items, *index) {
                    Some(item) => value = item,
                    None => return Some(near_miss(range, "", std::iter::empty())),
                },
                (Selector::Index(_), Value::Object(members)) => {
                    return Some(near_miss(range, "", members.keys().map(String::as_str)));
                }
                _ => return Some(near_miss(range, "", std::iter::empty())),
            }
        }
        None
    }
}

fn near_miss<'k>(range: (usize, usize), wanted: &str, keys: impl Iterator<Item = &'k str>) -> NearMiss {
    let available: Vec<String> = keys.map(str::to_string).collect();
    let nearest = nearest(wanted, available.iter().map(String::as_str)).map(str::to_string);
    NearMiss { missing_segment_range: range, nearest, available }
}

/// The candidate most like `wanted`; `None` when more than a third of it would have to change, or
/// every letter.
pub(crate) fn nearest<'c>(wanted: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    crate::text::nearest(wanted, candidates, |wanted, _| if wanted < 2 { 0 } else { wanted.div_ceil(3) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Expected<'e> = Option<((usize, usize), Option<&'e str>, &'e [&'e str])>;

    fn check(path: &str, expected: Expected) {
        let input = json!({"order": {"orderId": 7, "customer": {"name": "Ada"}}, "items": [1]});
        let variables = json!({"total": 1, "count": 2});
        let variables = variables.as_object().expect("an object");
        let scope = Scope { input: &input, context: &json!({"Execution": {}}), variables };
        let actual = Path::parse(path).expect(path).nearest_key(&scope);
        let expected = expected.map(|(missing_segment_range, nearest, available)| NearMiss {
            missing_segment_range,
            nearest: nearest.map(str::to_string),
            available: available.iter().map(ToString::to_string).collect(),
        });
        assert_eq!(actual, expected, "{path}");
    }

    #[test]
    fn misspelled_names_find_their_neighbor() {
        check("$.ordr.orderId", Some(((1, 6), Some("order"), &["order", "items"])));
        check("$.order.orderid", Some(((7, 15), Some("orderId"), &["orderId", "customer"])));
        check("$.order.customer.nmae", Some(((16, 21), Some("name"), &["name"])));
        check("$.order.zebra", Some(((7, 13), None, &["orderId", "customer"])));
        check("$totl", Some(((0, 5), Some("total"), &["total", "count"])));
        check("$$.Exection.Id", Some(((2, 11), Some("Execution"), &["Execution"])));
    }

    #[test]
    fn other_misses_say_where() {
        check("$.items[3]", Some(((7, 10), None, &[])));
        check("$.items.x", Some(((7, 9), None, &[])));
        check("$.order[0]", Some(((7, 10), None, &["orderId", "customer"])));
    }

    #[test]
    fn hits_and_indefinite_paths_have_none() {
        check("$.order.orderId", None);
        check("$.nothing[*]", None);
        check("$", None);
    }
}
