//! Chooses what happens after an error: the first matching retrier if it has attempts left,
//! otherwise the first matching catcher, otherwise failure. Does not know about time: it returns
//! the delay, the engine schedules it.

use crate::expr::random::unit;
use crate::sim::program::{Catcher, Retrier, StateDef};
use crate::sim::snapshot::Random;
use crate::sim::sources::Sources;

/// What a state does about an error it raised.
pub(crate) enum Recovery<'p> {
    Retry { retrier_idx: usize, delay_millis: u64 },
    Catch { catcher_idx: usize, catcher: &'p Catcher },
    Fail,
}

/// AWS's upper bound of an interval, in seconds.
const MAX_DELAY_SECS: f64 = 99_999_999.0;

/// `retries` counts the failures that each retrier has taken in this visit of the state; the one
/// that takes this failure is counted up.
pub(crate) fn recover<'p>(
    state: &'p StateDef,
    retries: &mut [u64],
    error: &str,
    sources: Sources,
    random: &mut Random,
) -> Recovery<'p> {
    let matches = |error_equals: &[String]| sources.matches(error_equals, error, state.state_type());
    if let Some((retrier_idx, retrier)) =
        state.retry.iter().enumerate().find(|(_, it)| matches(&it.error_equals))
        && let Some(taken) = retries.get_mut(retrier_idx)
        && *taken < retrier.max_attempts
    {
        let delay_millis = delay_millis(retrier, *taken, random);
        *taken += 1;
        return Recovery::Retry { retrier_idx, delay_millis };
    }
    let catcher = state.catch.iter().enumerate().find(|(_, it)| matches(&it.error_equals));
    match catcher {
        Some((catcher_idx, catcher)) => Recovery::Catch { catcher_idx, catcher },
        None => Recovery::Fail,
    }
}

/// The pause before the next attempt, after `taken` earlier ones of this retrier.
fn delay_millis(retrier: &Retrier, taken: u64, random: &mut Random) -> u64 {
    let exponent = i32::try_from(taken).unwrap_or(i32::MAX);
    let raw = retrier.interval_secs * retrier.backoff_rate.powi(exponent);
    let delay = raw.min(retrier.max_delay_secs.unwrap_or(MAX_DELAY_SECS)).min(MAX_DELAY_SECS);
    let delay = if retrier.full_jitter { delay * unit(random) } else { delay };
    // The bound above keeps this far inside the range.
    (delay * 1_000.0).round() as u64
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::sim::program::{Program, StateIdx};

    /// Feeds errors to one visit of a state and writes down what it does about each.
    #[track_caller]
    fn check(retry: Value, catch: Value, errors: &[&str], expected: &[&str]) {
        let state = json!({"Type": "Task", "Resource": "r", "End": true, "Retry": retry, "Catch": catch});
        let program = Program::from_value(&json!({"StartAt": "A", "States": {"A": state}}), 0);
        let state = program.state(StateIdx(0)).expect("one state");
        let mut retries = vec![0; state.retry.len()];
        let mut random = Random(1);
        let actual: Vec<String> = errors
            .iter()
            .map(|error| match recover(state, &mut retries, error, Sources::default(), &mut random) {
                Recovery::Retry { retrier_idx, delay_millis } => {
                    format!("retry {retrier_idx} after {delay_millis}")
                }
                Recovery::Catch { catcher_idx, .. } => format!("catch {catcher_idx}"),
                Recovery::Fail => "fail".to_string(),
            })
            .collect();
        assert_eq!(actual, expected);
    }

    #[test]
    fn each_retrier_counts_for_itself() {
        check(
            json!([
                {"ErrorEquals": ["A", "B"], "IntervalSeconds": 1, "BackoffRate": 2.0, "MaxAttempts": 2},
                {"ErrorEquals": ["C"], "IntervalSeconds": 5}
            ]),
            json!([{"ErrorEquals": ["States.ALL"], "Next": "A"}]),
            &["A", "B", "C", "B"],
            &["retry 0 after 1000", "retry 0 after 2000", "retry 1 after 5000", "catch 0"],
        );
    }

    #[test]
    fn an_exhausted_retrier_hides_later_ones() {
        let retry = json!([{"ErrorEquals": ["A"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}]);
        check(retry, json!([]), &["A", "B"], &["fail", "retry 1 after 1000"]);
    }

    #[test]
    fn the_delay_grows_to_its_limit() {
        let retry = json!([{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3, "BackoffRate": 1.5,
            "MaxDelaySeconds": 6, "MaxAttempts": 9}]);
        let expected =
            ["retry 0 after 3000", "retry 0 after 4500", "retry 0 after 6000", "retry 0 after 6000"];
        check(retry, json!([]), &["A"; 4], &expected);
    }

    #[test]
    fn runtime_errors_are_never_taken() {
        let all = json!([{"ErrorEquals": ["States.ALL"], "Next": "A"}]);
        check(all.clone(), all, &["States.Runtime"], &["fail"]);
    }
}
