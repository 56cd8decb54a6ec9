//! What calls answer. A mock belongs to a state name and says for the first, second, … call over
//! the whole execution what comes back, as AWS's MockConfigFile does, and besides that for which
//! item of a Map, which attempt and which parameters, and after how long. A call without a mock
//! asks. The form in files is `mock_file`'s business.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::json::keep;
use crate::sim::expect::Expect;
use crate::sim::machines::Machines;
use crate::sim::objects::Objects;
use crate::sim::trace::StatesError;

/// The answers of all states of one scenario, and the other machines its calls can start.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Mocks {
    /// By state name; the first row that fits a call answers it.
    pub states: IndexMap<String, Vec<MockRow>>,
    /// Machines that `startExecution` really runs.
    pub machines: Arc<Machines>,
    /// The objects in S3, for distributed Maps.
    pub objects: Arc<Objects>,
}

/// Which calls of a state are answered, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct MockRow {
    /// The first call this row is for, counted from 0 over the execution.
    pub first: u32,
    /// The last one; `None` means this and all later ones.
    pub last: Option<u32>,
    /// Further conditions, all of which must hold.
    pub only: Only,
    /// Virtual time from the call to the answer; `None`: as long as any call takes.
    pub delay_millis: Option<u64>,
    pub answer: Answer,
}
keep! { MockRow { first, last, only or_default, delay_millis, answer } }

/// Which of the calls with the right number a row is for. Empty: all of them.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Only {
    /// The index of the item in the innermost Map around the state.
    pub item: Option<Numbers>,
    /// `$$.State.RetryCount` of the attempt: 0 is the first one.
    pub retry_count: Option<Numbers>,
    /// What the parameters of the call must contain.
    pub when: Option<Arc<Value>>,
}
keep! { Only { item, retry_count, when } }

/// A number or a range of them, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    pub first: u32,
    pub last: u32,
}
keep! { Numbers { first, last } }

/// How a call ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It succeeds with this result.
    Return(Arc<Value>),
    /// It fails.
    Throw(StatesError),
    /// It sends its heartbeats but never answers: the timeout of the state ends it.
    TimeOut,
    /// It is heard no more: the missing heartbeat ends it.
    LoseHeartbeat,
    /// It succeeds with what this payload template makes of the parameters.
    Compute(Arc<Value>),
}
keep! { enum Answer { Return(result), Throw(error), TimeOut, LoseHeartbeat, Compute(template) } else TimeOut }

/// A call as mocks see it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'c> {
    pub state: &'c str,
    /// Counts the calls of this state name over the execution, from 0.
    pub invocation: u32,
    pub item: Option<usize>,
    pub retry_count: u32,
    pub parameters: &'c Value,
}

/// An input with the answers that calls give: everything a run needs besides the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The name of the test case in the file, unique in its document.
    pub name: String,
    /// What the scenario shows, in a sentence; empty if nobody wrote one.
    pub note: String,
    pub input: Arc<Value>,
    pub mocks: Mocks,
    /// How the run should end, if somebody said so.
    pub expect: Option<Expect>,
}

impl Mocks {
    /// The row that answers a call; `None` asks.
    pub fn row(&self, call: &Call) -> Option<&MockRow> {
        self.states.get(call.state)?.iter().find(|it| it.fits(call))
    }
}

impl MockRow {
    /// A row for all calls with these numbers.
    pub fn new(first: u32, last: Option<u32>, answer: Answer) -> MockRow {
        MockRow { first, last, only: Only::default(), delay_millis: None, answer }
    }

    /// Whether the row is for this call.
    pub fn fits(&self, call: &Call) -> bool {
        self.first <= call.invocation
            && self.last.is_none_or(|last| call.invocation <= last)
            && self.only.fits(call)
    }
}

impl Only {
    /// Whether every call is meant.
    pub fn is_empty(&self) -> bool {
        *self == Only::default()
    }

    fn fits(&self, call: &Call) -> bool {
        let item = call.item.and_then(|it| u32::try_from(it).ok());
        self.item.is_none_or(|numbers| item.is_some_and(|it| numbers.contains(it)))
            && self.retry_count.is_none_or(|it| it.contains(call.retry_count))
            && self.when.as_ref().is_none_or(|it| contains(call.parameters, it))
    }
}

impl Numbers {
    pub fn contains(self, number: u32) -> bool {
        (self.first..=self.last).contains(&number)
    }
}

/// Whether a value has everything that a pattern has: of an object each member of the pattern, of
/// an array as many elements that contain those of the pattern, else an equal value. Both are read
/// from files or data whose depth is limited.
pub(crate) fn contains(value: &Value, pattern: &Value) -> bool {
    match (value, pattern) {
        (Value::Object(value), Value::Object(pattern)) => {
            pattern.iter().all(|(name, inner)| value.get(name).is_some_and(|it| contains(it, inner)))
        }
        (Value::Array(value), Value::Array(pattern)) => {
            value.len() == pattern.len() && value.iter().zip(pattern).all(|(it, inner)| contains(it, inner))
        }
        (Value::Number(value), Value::Number(pattern)) => {
            value == pattern || value.as_f64() == pattern.as_f64()
        }
        (value, pattern) => value == pattern,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: Value, pattern: Value, expected: bool) {
        assert_eq!(contains(&value, &pattern), expected, "{value} contains {pattern}");
    }

    #[test]
    fn a_pattern_asks_for_a_part_of_each_object() {
        let order = json!({"id": 7, "lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}], "paid": null});
        check(order.clone(), json!({}), true);
        check(order.clone(), json!({"id": 7.0}), true);
        check(order.clone(), json!({"id": "7"}), false);
        check(order.clone(), json!({"paid": null}), true);
        check(order.clone(), json!({"sent": null}), false);
        check(order.clone(), json!({"lines": [{"sku": "a"}, {"n": 2}]}), true);
        check(order.clone(), json!({"lines": [{"sku": "a"}]}), false);
        check(order, json!([]), false);
        check(json!("x"), json!("x"), true);
    }

    #[test]
    fn the_first_row_whose_conditions_all_hold_answers() {
        let one = |n: u32| Some(Numbers { first: n, last: n });
        let row = |only: Only, n: i32| MockRow {
            only,
            ..MockRow::new(0, Some(5), Answer::Return(Arc::new(json!(n))))
        };
        let rows = vec![
            row(Only { item: one(2), retry_count: one(0), when: None }, 1),
            row(Only { when: Some(Arc::new(json!({"id": 3}))), ..Only::default() }, 2),
            row(Only { item: Some(Numbers { first: 4, last: 9 }), ..Only::default() }, 3),
            row(Only::default(), 4),
        ];
        let mocks = Mocks { states: [("A".to_string(), rows)].into_iter().collect(), ..Mocks::default() };
        let answer = |invocation: u32, item: Option<usize>, retry_count: u32, parameters: Value| {
            let call = Call { state: "A", invocation, item, retry_count, parameters: &parameters };
            mocks.row(&call).and_then(|it| match &it.answer {
                Answer::Return(value) => value.as_i64(),
                _ => None,
            })
        };
        assert_eq!(answer(0, Some(2), 0, json!({})), Some(1));
        assert_eq!(answer(0, Some(2), 1, json!({})), Some(4));
        assert_eq!(answer(0, Some(2), 1, json!({"id": 3, "more": 1})), Some(2));
        assert_eq!(answer(0, Some(9), 0, json!({})), Some(3));
        assert_eq!(answer(0, None, 0, json!({})), Some(4));
        assert_eq!(answer(6, None, 0, json!({})), None);
    }
}
