//! States as lanes over virtual time. Long stretches in which nothing happens are cut short, and
//! every step takes a little width of its own, so that a run without any waiting can be read too.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::asl::StatePath;
use crate::sim::{Happening, Step, VisitId};
use crate::studio::marks::{status_of, words};
use crate::studio::view::{BarKind, BarView, LaneView, Status, TimelineView};
use crate::studio::words::duration;
use crate::text::Arrange;

/// Share of the width that steps take for themselves, however little time passes.
const STEP_SHARE: f64 = 0.4;
/// A gap longer than this many middle-sized gaps is cut short to that.
const MAX_GAP: u64 = 4;
/// Marks of the axis stand at least this far apart.
const TICK_DISTANCE: f64 = 0.12;

/// The whole run; only `cursor` depends on where the player stands.
pub fn timeline(steps: &[Arc<Step>]) -> TimelineView {
    let axis = Axis::new(steps);
    TimelineView {
        lanes: lanes(steps, &axis).into(),
        ticks: ticks(steps, &axis),
        cursor: 0.0,
        breaks: axis.breaks.clone(),
        positions: axis.positions.into(),
    }
}

/// Where each step stands, as a fraction of the width.
struct Axis {
    positions: Vec<f64>,
    breaks: Vec<(f64, String)>,
}

impl Axis {
    fn new(steps: &[Arc<Step>]) -> Axis {
        let gap = |idx: usize| -> u64 {
            let at = |idx: usize| steps.get(idx).map_or(0, |it| it.at_millis);
            if idx == 0 { 0 } else { at(idx).saturating_sub(at(idx - 1)) }
        };
        let mut gaps: Vec<u64> = (0..steps.len()).map(gap).filter(|it| *it > 0).collect();
        gaps.arrange();
        let middle = gaps.get(gaps.len() / 2).copied().unwrap_or(0);
        // Half of a few gaps may be long ones; then the shortest one is the measure.
        let usual = middle.min(gaps.first().copied().unwrap_or(0).saturating_mul(4));
        let max_gap = usual.saturating_mul(MAX_GAP).max(1);
        let shown_gap = |idx: usize| gap(idx).min(max_gap) as f64;
        let shown_total: f64 = (0..steps.len()).map(shown_gap).sum();
        let n_moves = steps.len().saturating_sub(1).max(1) as f64;
        let step_share = if shown_total > 0.0 { STEP_SHARE } else { 1.0 };
        let mut positions = Vec::with_capacity(steps.len());
        let mut breaks = Vec::new();
        let mut shown = 0.0;
        for idx in 0..steps.len() {
            shown += shown_gap(idx);
            let time = if shown_total > 0.0 { shown / shown_total * (1.0 - step_share) } else { 0.0 };
            let position = (time + idx as f64 / n_moves * step_share).min(1.0);
            if gap(idx) > max_gap {
                let before = positions.last().copied().unwrap_or(0.0);
                breaks.push(((before + position) / 2.0, duration(gap(idx) - max_gap)));
            }
            positions.push(position);
        }
        Axis { positions, breaks }
    }

    fn at(&self, idx: usize) -> f64 {
        self.positions.get(idx).copied().unwrap_or(1.0)
    }
}

fn ticks(steps: &[Arc<Step>], axis: &Axis) -> Vec<(f64, String)> {
    let mut ticks: Vec<(f64, String)> = Vec::new();
    let mut last_millis = None;
    for (idx, step) in steps.iter().enumerate() {
        let far = ticks.last().is_none_or(|(at, _)| axis.at(idx) - at >= TICK_DISTANCE);
        if far && last_millis != Some(step.at_millis) {
            ticks.push((axis.at(idx), duration(step.at_millis)));
            last_millis = Some(step.at_millis);
        }
    }
    ticks
}

/// One lane for each state that was reached. An inner state stands below its Map or Parallel,
/// branch by branch, else in the order of first visits.
fn lanes(steps: &[Arc<Step>], axis: &Axis) -> Vec<LaneView> {
    let mut bars: BTreeMap<&StatePath, Vec<BarView>> = BTreeMap::new();
    // Children of each state, by branch, in order of first visits.
    let mut order: BTreeMap<Option<&StatePath>, Vec<(usize, &StatePath)>> = BTreeMap::new();
    let mut open: BTreeMap<VisitId, (usize, Option<&Step>)> = BTreeMap::new();
    for (idx, step) in steps.iter().enumerate() {
        let (Some(state), Some(visit)) = (&step.state, step.visit) else { continue };
        let outer = step.strand.last();
        if !bars.contains_key(state) {
            // The iterations of a Map are the same lanes; the branches of a Parallel are not.
            let branch = outer.map_or(0, |it| it.idx);
            order.entry(outer.map(|it| &it.state)).or_default().push((branch, state));
            bars.insert(state, Vec::new());
        }
        let lane = bars.entry(state).or_default();
        if let Some((from_idx, Some(from))) = open.remove(&visit) {
            // The call goes out the moment the next attempt starts: one stretch, not two.
            if from.happening == Happening::Retried && step.happening == Happening::Running {
                open.insert(visit, (from_idx, Some(step)));
                continue;
            }
            lane.push(bar(from, from_idx, Some(step), axis.at(from_idx), axis.at(idx)));
        } else if is_over(step) {
            lane.push(bar(step, idx, Some(step), axis.at(idx), axis.at(idx)));
        }
        if !is_over(step) {
            open.insert(visit, (idx, Some(step)));
        }
    }
    for (from_idx, from) in open.into_values() {
        if let Some((state, from)) = from.and_then(|it| Some((it.state.as_ref()?, it))) {
            bars.entry(state).or_default().push(bar(from, from_idx, None, axis.at(from_idx), 1.0));
        }
    }
    let mut lanes = Vec::new();
    let mut stack: Vec<(u32, &StatePath)> = Vec::new();
    let mut next: Option<(Option<&StatePath>, u32)> = Some((None, 0));
    loop {
        if let Some((parent, level)) = next {
            let mut children = order.remove(&parent).unwrap_or_default();
            children.arrange_by_key(|(branch, _)| *branch);
            stack.extend(children.into_iter().rev().map(|(_, state)| (level, state)));
        }
        let Some((level, state)) = stack.pop() else { break };
        let mut bars = bars.remove(state).unwrap_or_default();
        bars.arrange_by(|a, b| a.from.total_cmp(&b.from).then(a.step.cmp(&b.step)));
        lanes.push(LaneView { state: state.clone(), title: state.name(), level, bars });
        next = Some((Some(state), level + 1));
    }
    lanes
}

fn is_over(step: &Step) -> bool {
    matches!(
        step.happening,
        Happening::Succeeded | Happening::Caught { .. } | Happening::Failed { .. } | Happening::Aborted
    )
}

/// The stretch from one step of a visit to the next one.
fn bar(from: &Step, from_idx: usize, to: Option<&Step>, start: f64, end: f64) -> BarView {
    let millis = to.map_or(0, |it| it.at_millis.saturating_sub(from.at_millis));
    let (kind, words) = match &from.happening {
        Happening::Retrying { delay_millis, .. } => {
            (BarKind::Backoff, format!("{} until the next attempt", duration(*delay_millis)))
        }
        Happening::Waiting { .. } => (BarKind::Idle, duration(millis)),
        Happening::Asking => (BarKind::Idle, "waits for an answer".to_owned()),
        _ => {
            let (status, attempt) =
                to.map_or((Status::Running, from.attempt), |it| (attempt_status(it), it.attempt));
            (BarKind::Attempt(status), attempt_words(to.unwrap_or(from), status, attempt, millis))
        }
    };
    BarView { from: start, to: end, kind, words, step: from_idx }
}

/// How one attempt ended, whatever came of the visit later.
fn attempt_status(end: &Step) -> Status {
    match end.happening {
        Happening::Retrying { .. } => Status::Failed,
        Happening::Succeeded => Status::Succeeded,
        _ => status_of(end),
    }
}

fn attempt_words(end: &Step, status: Status, attempt: u32, millis: u64) -> String {
    let error = match &end.happening {
        Happening::Retrying { error, .. } | Happening::Caught { error, .. } | Happening::Failed { error } => {
            Some(if error.name.is_empty() { &error.cause } else { &error.name })
        }
        _ => None,
    };
    let mut told = if attempt > 1 || matches!(end.happening, Happening::Retrying { .. }) {
        format!("attempt {attempt} {}", words(status, 1))
    } else {
        words(status, 1)
    };
    if let Some(error) = error.filter(|it| !it.is_empty()) {
        told.push_str(&format!(" with {error}"));
    }
    if millis > 0 {
        told.push_str(&format!(", {}", duration(millis)));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::StatesError;
    use crate::studio::player::tests::step;

    fn told(view: &TimelineView) -> Vec<String> {
        let bar = |it: &BarView| format!("{}-{} {}", percent(it.from), percent(it.to), it.words);
        let lane = |it: &LaneView| {
            let bars: Vec<String> = it.bars.iter().map(bar).collect();
            format!("{}{}: {}", "  ".repeat(it.level as usize), it.title, bars.join(" | "))
        };
        view.lanes.iter().map(lane).collect()
    }

    fn percent(fraction: f64) -> i32 {
        (fraction * 100.0).round() as i32
    }

    #[test]
    fn attempts_backoff_and_waits_are_bars_of_their_lane() {
        let error = StatesError { name: "Busy".to_owned(), cause: String::new() };
        let again = |happening, at| {
            let first = step("A", 1, &[], at, happening);
            Arc::new(Step { attempt: 2, ..(*first).clone() })
        };
        let steps = [
            step("A", 1, &[], 0, Happening::Running),
            step("A", 1, &[], 1_000, Happening::Retrying { retrier_idx: 0, delay_millis: 2_000, error }),
            again(Happening::Retried, 3_000),
            again(Happening::Succeeded, 4_000),
            step("W", 2, &[], 4_000, Happening::Waiting { until_millis: 86_404_000 }),
            step("W", 2, &[], 86_404_000, Happening::Succeeded),
        ];
        let view = timeline(&steps);
        assert_eq!(
            told(&view),
            [
                "A: 0-13 attempt 1 failed with Busy, 1 s | 13-31 2 s until the next attempt | \
                 31-44 attempt 2 succeeded, 1 s",
                "W: 52-100 1 day",
            ]
        );
        let breaks: Vec<&str> = view.breaks.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(breaks, ["23 h 59 min"], "the long wait is cut short");
        assert_eq!(view.ticks.first().map(|it| it.1.as_str()), Some("0 s"));
        assert_eq!(view.ticks.last().map(|it| it.1.as_str()), Some("1 day"));
    }

    #[test]
    fn inner_states_stand_below_their_map_and_time_may_stand_still() {
        let steps = [
            step("M", 1, &[], 0, Happening::Running),
            step("A", 2, &[0], 0, Happening::Running),
            step("A", 2, &[0], 0, Happening::Succeeded),
            step("M", 1, &[], 0, Happening::Succeeded),
            step("Z", 3, &[], 0, Happening::Running),
        ];
        assert_eq!(
            told(&timeline(&steps)),
            ["M: 0-75 succeeded", "  A: 25-50 succeeded", "Z: 100-100 running"]
        );
    }
}
