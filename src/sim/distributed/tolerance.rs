//! How many failed items a Map run bears.

use std::sync::Arc;

use serde_json::Value;

use crate::sim::dataflow::Flow;
use crate::sim::distributed::fields;
use crate::sim::trace::StatesError;

/// What a Map says about failed items. Where it says both, either can be exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub(crate) struct Tolerance {
    pub count: Option<u64>,
    /// From 0 to 100.
    pub percentage: Option<f64>,
}

/// Reads the fields, which AWS also checks where they have no effect.
pub(crate) fn check(flow: &mut Flow, effective: &Arc<Value>) -> Result<Tolerance, StatesError> {
    let count = fields::whole_number(flow, "ToleratedFailureCount", effective)?;
    let percentage = fields::number(flow, "ToleratedFailurePercentage", effective)?;
    let count = count.map(u64::try_from);
    if count.is_some_and(|it| it.is_err()) {
        return Err(flow.runtime("ToleratedFailureCount cannot be negative."));
    }
    if percentage.is_some_and(|it| !(0.0..=100.0).contains(&it)) {
        return Err(flow.runtime("ToleratedFailurePercentage must be between 0 and 100."));
    }
    Ok(Tolerance { count: count.and_then(Result::ok), percentage })
}

impl Tolerance {
    /// Whether so many failed items of all items are too many.
    pub(crate) fn is_exceeded(&self, n_failed: usize, n_items: usize) -> bool {
        if self.count.is_none() && self.percentage.is_none() {
            return 0 < n_failed;
        }
        let percentage = n_failed as f64 * 100.0 / n_items.max(1) as f64;
        self.count.is_some_and(|it| it < n_failed as u64) || self.percentage.is_some_and(|it| it < percentage)
    }
}

/// The failure of a Map run that bears no more.
pub(crate) fn exceeded() -> StatesError {
    StatesError {
        name: "States.ExceedToleratedFailureThreshold".to_string(),
        cause: "The specified tolerated failure threshold was exceeded".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(count: Option<u64>, percentage: Option<f64>, n_borne: usize, n_items: usize) {
        let tolerance = Tolerance { count, percentage };
        let borne = (0..=n_items).take_while(|it| !tolerance.is_exceeded(*it, n_items)).count();
        assert_eq!(borne, n_borne + 1, "{tolerance:?} of {n_items}");
    }

    #[test]
    fn failures_are_borne_up_to_the_limit_itself() {
        check(None, None, 0, 10);
        check(Some(0), None, 0, 10);
        check(Some(3), None, 3, 10);
        check(None, Some(30.0), 3, 10);
        check(None, Some(33.4), 1, 3);
        check(None, Some(100.0), 10, 10);
        check(Some(5), Some(20.0), 2, 10);
        check(Some(1), Some(20.0), 1, 10);
    }
}
