//! The run on the canvas: the steps up to the cursor folded into one mark for each node and a
//! count for each connection.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::asl::{EdgeKey, ScopePath, StatePath};
use crate::sim::{Happening, Step, VisitId};
use crate::studio::view::{MarksView, NodeMark, Status};

/// Every node and connection that the run has touched up to the step at the cursor.
pub fn marks(steps: &[Arc<Step>], cursor: usize) -> MarksView {
    let seen = steps.get(..=cursor).unwrap_or(steps);
    let mut fold = Fold::default();
    for step in seen {
        fold.step(step);
    }
    let mut nodes: BTreeMap<String, NodeMark> = BTreeMap::new();
    for (state, visits) in &fold.visits_of {
        let mark = mark_of(&fold, visits);
        nodes.insert(state.to_string(), mark);
    }
    for (key, status) in fold.dots {
        nodes.insert(
            key,
            NodeMark { status, sign: sign(status, 1), words: String::new(), ..NodeMark::default() },
        );
    }
    if let Some(key) = current_key(seen)
        && let Some(mark) = nodes.get_mut(&key)
    {
        mark.current = true;
    }
    let just_followed = seen.last().map(|it| it.followed.clone()).unwrap_or_default();
    MarksView { nodes: nodes.into_iter().collect(), edges: fold.edges.into_iter().collect(), just_followed }
}

#[derive(Default)]
struct Fold {
    visits_of: BTreeMap<StatePath, Vec<VisitId>>,
    visits: BTreeMap<VisitId, (Status, u32)>,
    /// By the visit of the Map or Parallel and the index of the iteration or branch.
    strands: BTreeMap<VisitId, BTreeMap<usize, Status>>,
    edges: BTreeMap<EdgeKey, u32>,
    /// Start dots and End rings.
    dots: BTreeMap<String, Status>,
}

impl Fold {
    fn step(&mut self, step: &Step) {
        for edge in &step.followed {
            *self.edges.entry(edge.clone()).or_default() += 1;
            if let Some(key) = dot_of(edge) {
                self.dots.insert(key, Status::Succeeded);
            }
        }
        match step.happening {
            Happening::ExecutionStarted => {
                self.dots.insert("#start".to_owned(), Status::Succeeded);
            }
            Happening::ExecutionSucceeded { .. } => {
                self.dots.insert("#end".to_owned(), Status::Succeeded);
            }
            // Nothing goes on any more; a redrive begins with new visits.
            Happening::ExecutionAborted { .. } | Happening::ExecutionTimedOut => {
                for (status, _) in self.visits.values_mut() {
                    if matches!(status, Status::Running | Status::Waiting) {
                        *status = Status::Aborted;
                    }
                }
            }
            _ => {}
        }
        let (Some(state), Some(visit)) = (&step.state, step.visit) else { return };
        let status = status_of(step);
        if self.visits.insert(visit, (status, step.attempt)).is_none() {
            self.visits_of.entry(state.clone()).or_default().push(visit);
        }
        // What is around goes on with a redrive.
        for outer in step.strand.iter() {
            if let Some((status @ Status::Aborted, _)) = self.visits.get_mut(&outer.visit) {
                *status = Status::Running;
            }
        }
        if let Some(outer) = step.strand.last() {
            let ended = step.followed.iter().any(ends_scope);
            let strand = match step.happening {
                Happening::Failed { .. } => Status::Failed,
                Happening::Aborted => Status::Aborted,
                Happening::Succeeded if ended => Status::Succeeded,
                _ => Status::Running,
            };
            self.strands.entry(outer.visit).or_default().insert(outer.idx, strand);
        }
    }
}

/// What a step makes of its visit.
pub fn status_of(step: &Step) -> Status {
    match step.happening {
        Happening::Running | Happening::Retried => Status::Running,
        Happening::Waiting { .. } | Happening::Asking => Status::Waiting,
        Happening::Succeeded if step.attempt > 1 => Status::Retried,
        Happening::Succeeded => Status::Succeeded,
        Happening::Retrying { .. } => Status::Retried,
        Happening::Caught { .. } => Status::Caught,
        Happening::Failed { .. } => Status::Failed,
        Happening::Aborted => Status::Aborted,
        Happening::ExecutionStarted | Happening::ExecutionRedriven { .. } => Status::Running,
        Happening::ExecutionSucceeded { .. } => Status::Succeeded,
        Happening::ExecutionFailed { .. } | Happening::ExecutionTimedOut => Status::Failed,
        Happening::ExecutionAborted { .. } => Status::Aborted,
    }
}

/// A visit that goes on decides; else the last one. A failed iteration stays visible until then.
fn mark_of(fold: &Fold, visits: &[VisitId]) -> NodeMark {
    let of = |visit: &VisitId| fold.visits.get(visit).copied();
    let goes_on = |it: &&VisitId| matches!(of(it), Some((Status::Running | Status::Waiting, _)));
    let failed = |it: &&VisitId| matches!(of(it), Some((Status::Failed, _)));
    let chosen = visits
        .iter()
        .rev()
        .find(goes_on)
        .or_else(|| visits.last().filter(failed))
        .or_else(|| visits.iter().rev().find(|it| !matches!(of(it), Some((Status::Aborted, _)))))
        .or(visits.last());
    let (status, attempt) = chosen.and_then(of).unwrap_or_default();
    let counts = chosen.and_then(|it| fold.strands.get(it)).map(|strands| {
        let n = |wanted: Status| strands.values().filter(|it| **it == wanted).count() as u32;
        (n(Status::Succeeded), n(Status::Failed), n(Status::Running))
    });
    let mut words = words(status, attempt);
    if visits.len() > 1 {
        words.push_str(&format!(", visit {}", visits.len()));
    }
    NodeMark { status, sign: sign(status, attempt), words, current: false, counts }
}

/// The sign of a visit, with the number of its attempt where that says more.
pub fn sign(status: Status, attempt: u32) -> String {
    match status {
        Status::Running if attempt > 1 => format!("{} ↻{}", status.sign(), attempt - 1),
        Status::Retried => format!("{}{}", status.sign(), attempt.saturating_sub(1).max(1)),
        _ => status.sign().to_owned(),
    }
}

/// The status in words.
pub fn words(status: Status, attempt: u32) -> String {
    match status {
        Status::NotReached => "not reached".to_owned(),
        Status::Running if attempt > 1 => format!("running, attempt {attempt}"),
        Status::Running => "running".to_owned(),
        Status::Waiting => "waiting".to_owned(),
        Status::Succeeded => "succeeded".to_owned(),
        Status::Retried if attempt > 1 => format!("repeated, attempt {attempt}"),
        Status::Retried => "failed, will be repeated".to_owned(),
        Status::Caught => "failed, caught".to_owned(),
        Status::Failed => "failed".to_owned(),
        Status::Aborted => "stopped".to_owned(),
    }
}

/// The node that the step at the cursor is about.
fn current_key(seen: &[Arc<Step>]) -> Option<String> {
    let step = seen.last()?;
    match &step.happening {
        Happening::ExecutionStarted => Some("#start".to_owned()),
        Happening::ExecutionSucceeded { .. } => Some("#end".to_owned()),
        _ => seen.iter().rev().find_map(|it| it.state.as_ref()).map(ToString::to_string),
    }
}

/// The Start dot or End ring at which a connection begins or ends.
fn dot_of(edge: &EdgeKey) -> Option<String> {
    if let Some(scope) = edge.as_str().strip_suffix("/StartAt") {
        return Some(format!("{scope}#start"));
    }
    let scope: ScopePath = edge.source().filter(|_| ends_scope(edge))?.scope();
    Some(format!("{scope}#end"))
}

/// A terminal connection is addressed by the `End` of its state, or by its `Type`.
fn ends_scope(edge: &EdgeKey) -> bool {
    let Some(state) = edge.source() else { return false };
    let field = edge.as_str().get(state.as_str().len()..);
    matches!(field, Some("/End" | "/Type"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::StatesError;
    use crate::studio::player::tests::step;

    #[track_caller]
    fn check(steps: &[Arc<Step>], expected: &[&str]) {
        let told: Vec<String> = marks(steps, steps.len() - 1)
            .nodes
            .into_iter()
            .map(|(key, it)| {
                let current = if it.current { " *" } else { "" };
                let counts = it.counts.map(|it| format!(" {it:?}")).unwrap_or_default();
                format!("{key} {} {}{counts}{current}", it.sign, it.words)
            })
            .collect();
        assert_eq!(told, expected);
    }

    fn failed() -> StatesError {
        StatesError { name: "E".to_owned(), cause: String::new() }
    }

    #[test]
    fn a_retried_state_says_so_while_it_waits_and_when_it_is_done() {
        let retrying = Happening::Retrying { retrier_idx: 0, delay_millis: 1, error: failed() };
        let mut steps = vec![
            step("", 0, &[], 0, Happening::ExecutionStarted),
            step("A", 1, &[], 0, Happening::Running),
            step("A", 1, &[], 0, retrying),
        ];
        check(&steps, &["#start ✓ ", "/States/A ↻1 failed, will be repeated *"]);
        steps.push(Arc::new(Step { attempt: 2, ..(*step("A", 1, &[], 1, Happening::Succeeded)).clone() }));
        check(&steps, &["#start ✓ ", "/States/A ↻1 repeated, attempt 2 *"]);
    }

    #[test]
    fn a_map_counts_its_iterations() {
        let ended = |visit, idx: usize, happening| {
            let followed = vec![EdgeKey::new("/States/M/ItemProcessor/States/A/End")];
            Arc::new(Step { followed, ..(*step("A", visit, &[idx], 0, happening)).clone() })
        };
        let steps = [
            step("M", 1, &[], 0, Happening::Running),
            step("A", 2, &[0], 0, Happening::Running),
            step("A", 3, &[1], 0, Happening::Running),
            step("A", 4, &[2], 0, Happening::Running),
            ended(2, 0, Happening::Succeeded),
            step("A", 3, &[1], 0, Happening::Failed { error: failed() }),
        ];
        check(
            &steps,
            &[
                "/States/A ▶ running, visit 3 *",
                "/States/M ▶ running (1, 1, 1)",
                "/States/M/ItemProcessor#end ✓ ",
            ],
        );
    }

    #[test]
    fn nothing_after_the_cursor_counts() {
        let steps = [step("A", 1, &[], 0, Happening::Running), step("B", 2, &[], 0, Happening::Running)];
        assert_eq!(marks(&steps, 0).nodes.len(), 1);
        assert_eq!(marks(&[], 0), MarksView::default());
    }
}
