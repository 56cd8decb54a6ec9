//! What a retrier does over time, and what becomes of an error that its attempts do not cure.

use crate::asl::State;
use crate::asl::errors::matches as error_matches;
use crate::json::{NodeId, float};
use crate::studio::inspector::form::Form;
use crate::studio::view::RetryView;

/// At most so many attempts are drawn.
const MAX_ATTEMPTS_SHOWN: f64 = 50.0;

impl Form<'_> {
    pub(super) fn retry(&self, retrier: NodeId) -> RetryView {
        let tree = &self.document.tree;
        let number = |name: &str, usual: f64| {
            let set = tree.get(retrier, name).and_then(|it| tree.number(it)).and_then(float);
            set.unwrap_or(usual)
        };
        let rate = number("BackoffRate", 2.0);
        let longest = number("MaxDelaySeconds", f64::MAX);
        let n_attempts = number("MaxAttempts", 3.0).max(0.0);
        let mut view = RetryView {
            goes_on: n_attempts > MAX_ATTEMPTS_SHOWN,
            jitter: tree.get(retrier, "JitterStrategy").and_then(|it| tree.string(it)).as_deref()
                == Some("FULL"),
            ends: self.state.map(|it| ends(it, retrier)).unwrap_or_default(),
            ..RetryView::default()
        };
        let mut at = 0.0;
        // asl.md 2.14: the computed wait grows on, the longest one only cuts it.
        let mut delay = number("IntervalSeconds", 1.0);
        for idx in 0..n_attempts.min(MAX_ATTEMPTS_SHOWN) as usize {
            if longest < delay && view.capped_from.is_none() {
                view.capped_from = Some(idx);
            }
            at += delay.min(longest);
            delay *= rate;
            view.attempts_at_secs.push(at);
        }
        view
    }
}

/// What becomes of the errors of a retrier after its last attempt: the first catcher that takes
/// each, or the end of the state.
fn ends(state: &State, retrier: NodeId) -> String {
    let Some(retrier) = state.retry.iter().find(|it| it.node == retrier) else { return String::new() };
    let Some(state_type) = state.kind.state_type() else { return String::new() };
    let mut ways: Vec<(Option<String>, Vec<&str>)> = Vec::new();
    for error in &retrier.error_equals {
        let catcher = state
            .catch
            .iter()
            .find(|it| it.error_equals.contains(error) || error_matches(&it.error_equals, error, state_type));
        let target = catcher.and_then(|it| it.next.as_ref()).map(|it| it.name.clone());
        match ways.iter_mut().find(|it| it.0 == target) {
            Some((_, errors)) => errors.push(error),
            None => ways.push((target, vec![error])),
        }
    }
    let way = |target: &Option<String>| match target {
        Some(target) => format!("goes to “{target}”"),
        None => "fails".to_owned(),
    };
    match ways.as_slice() {
        [] => String::new(),
        [(target, _)] => format!("then the state {}", way(target)),
        many => {
            let parts = many.iter().map(|(target, errors)| format!("{} {}", errors.join(", "), way(target)));
            format!("then {}", parts.collect::<Vec<_>>().join("; "))
        }
    }
}
