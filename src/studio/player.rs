//! The cursor over a computed run: where it stands, whether it moves by itself and how fast, and
//! where it stops. Data never changes when it moves; time comes in as elapsed milliseconds.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::asl::StatePath;
use crate::sim::{Happening, Step};
use crate::studio::command::PlayerCommand;
use crate::studio::words::duration;

/// Time between two steps at speed 1.
const STEP_MILLIS: f64 = 500.0;
/// A pause of the browser longer than this is not made up for.
const MAX_ELAPSED_MILLIS: u64 = 1_000;
const SPEEDS: (f64, f64) = (0.1, 100.0);

/// Presentation of a run, never part of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Player {
    /// Index of the step shown.
    pub cursor: usize,
    pub playing: bool,
    pub speed: f64,
    pub breakpoints: BTreeSet<StatePath>,
    /// Time that has passed and not yet made a step.
    owed_millis: f64,
}

impl Default for Player {
    fn default() -> Player {
        Player { cursor: 0, playing: false, speed: 1.0, breakpoints: BTreeSet::new(), owed_millis: 0.0 }
    }
}

impl Player {
    /// Does what the user asked for. `state` is the one selected, for visits and breakpoints.
    pub fn command(&mut self, command: PlayerCommand, steps: &[Arc<Step>], state: Option<&StatePath>) {
        let last = steps.len().saturating_sub(1);
        let here = self.cursor.min(last);
        self.owed_millis = 0.0;
        let was_playing = std::mem::take(&mut self.playing);
        match command {
            PlayerCommand::TogglePlay => {
                self.playing = !was_playing && !steps.is_empty();
                // Playing at the end starts over.
                if self.playing && here == last {
                    self.cursor = 0;
                }
            }
            PlayerCommand::Pause => {}
            PlayerCommand::Step => self.cursor = (here + 1).min(last),
            PlayerCommand::StepBack => self.cursor = here.saturating_sub(1),
            PlayerCommand::StepOver => {
                let over = (here + 1..steps.len()).find(|it| is_outside(steps, here, *it));
                self.cursor = over.unwrap_or(last);
            }
            PlayerCommand::StepOverBack => {
                self.cursor = (0..here).rev().find(|it| is_outside(steps, here, *it)).unwrap_or(0);
            }
            PlayerCommand::First => self.cursor = 0,
            PlayerCommand::Last => self.cursor = last,
            PlayerCommand::SeekStep(step) => self.cursor = step.min(last),
            PlayerCommand::SeekMillis(millis) => {
                self.cursor = steps.partition_point(|it| it.at_millis <= millis).saturating_sub(1);
            }
            PlayerCommand::NextVisit => {
                let next = visits_of(steps, state).into_iter().find(|it| *it > here);
                self.cursor = next.unwrap_or(here);
            }
            PlayerCommand::PreviousVisit => {
                let before = visits_of(steps, state).into_iter().rev().find(|it| *it < here);
                self.cursor = before.unwrap_or(here);
            }
            PlayerCommand::SetSpeed(speed) => {
                self.playing = was_playing;
                if speed.is_finite() {
                    self.speed = speed.clamp(SPEEDS.0, SPEEDS.1);
                }
            }
            PlayerCommand::ToggleBreakpoint => {
                self.playing = was_playing;
                if let Some(state) = state
                    && !self.breakpoints.remove(state)
                {
                    self.breakpoints.insert(state.clone());
                }
            }
            PlayerCommand::Continue => {
                let stop = (here + 1..steps.len()).find(|it| self.stops_at(steps, *it));
                self.cursor = stop.unwrap_or(last);
            }
        }
    }

    /// Time has passed. `growing`: more steps are being computed, so the end is not the end.
    pub fn tick(&mut self, elapsed_millis: u64, steps: &[Arc<Step>], growing: bool) {
        if !self.playing {
            return;
        }
        self.owed_millis += elapsed_millis.min(MAX_ELAPSED_MILLIS) as f64 * self.speed;
        while self.owed_millis >= STEP_MILLIS && self.playing {
            self.owed_millis -= STEP_MILLIS;
            if self.cursor + 1 < steps.len() {
                self.cursor += 1;
                if self.stops_at(steps, self.cursor) {
                    self.playing = false;
                }
            } else {
                self.owed_millis = 0.0;
                self.playing = growing;
                break;
            }
        }
        // Stop together with the last step, not one step later.
        if self.cursor + 1 >= steps.len() && !growing {
            self.playing = false;
        }
    }

    /// A breakpoint stops where its state is entered.
    fn stops_at(&self, steps: &[Arc<Step>], idx: usize) -> bool {
        let Some(state) = steps.get(idx).and_then(|it| it.state.as_ref()) else { return false };
        self.breakpoints.contains(state) && is_entry(steps, idx)
    }
}

/// Whether a visit begins with this step.
fn is_entry(steps: &[Arc<Step>], idx: usize) -> bool {
    let Some(visit) = steps.get(idx).and_then(|it| it.visit) else { return false };
    !steps.iter().take(idx).rev().any(|it| it.visit == Some(visit))
}

/// The steps with which the visits of a state begin.
fn visits_of(steps: &[Arc<Step>], state: Option<&StatePath>) -> Vec<usize> {
    let Some(state) = state else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let of_state = steps.iter().enumerate().filter(|(_, it)| it.state.as_ref() == Some(state));
    of_state.filter(|(_, it)| it.visit.is_some_and(|it| seen.insert(it))).map(|(idx, _)| idx).collect()
}

/// Whether a step lies in the same strand as the one at `here`, or in one around it.
fn is_outside(steps: &[Arc<Step>], here: usize, idx: usize) -> bool {
    let strand = |idx: usize| steps.get(idx).map(|it| it.strand.as_slice()).unwrap_or_default();
    strand(here).starts_with(strand(idx))
}

/// What a step was, in a sentence without its number.
pub fn sentence(step: &Step) -> String {
    let name = step.state.as_ref().map(|it| it.name()).unwrap_or_default();
    match &step.happening {
        Happening::ExecutionStarted => "The execution starts".to_owned(),
        Happening::Running => format!("{name} starts"),
        Happening::Waiting { until_millis } => {
            format!("{name} waits {}", duration(until_millis.saturating_sub(step.at_millis)))
        }
        Happening::Asking => format!("{name} waits for your answer"),
        Happening::Succeeded if step.attempt > 1 => format!("{name} succeeded on attempt {}", step.attempt),
        Happening::Succeeded => format!("{name} succeeded"),
        Happening::Retrying { delay_millis, error, .. } => {
            format!("{name} failed{}, retrying in {}", with_error(error), duration(*delay_millis))
        }
        Happening::Retried => format!("{name} is tried again, attempt {}", step.attempt),
        Happening::Caught { error, .. } => format!("{name} failed{}, which was caught", with_error(error)),
        Happening::Failed { error } => format!("{name} failed{}", with_error(error)),
        Happening::Aborted => format!("{name} was stopped because a sibling failed"),
        Happening::ExecutionSucceeded { .. } => "The execution succeeded".to_owned(),
        Happening::ExecutionFailed { error } => match error.cause.as_str() {
            "" => format!("The execution failed{}", with_error(error)),
            cause if error.name.is_empty() => format!("The execution failed: {cause}"),
            cause => format!("The execution failed with {}: {cause}", error.name),
        },
        Happening::ExecutionTimedOut => "The execution timed out".to_owned(),
        Happening::ExecutionAborted { error } => format!("The execution was stopped{}", with_error(error)),
        Happening::ExecutionRedriven { .. } => "The execution goes on from where it failed".to_owned(),
    }
}

/// “ with Card.Declined”, “: the cause” where there is no name.
fn with_error(error: &crate::sim::StatesError) -> String {
    match (error.name.as_str(), error.cause.as_str()) {
        ("", "") => String::new(),
        ("", cause) => format!(": {cause}"),
        (name, _) => format!(" with {name}"),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::sim::{StrandStep, VisitId};

    /// A step in short: state, visit, strand (as indexes of a Map “M”), time.
    pub(crate) fn step(
        state: &str,
        visit: u32,
        strand: &[usize],
        at_millis: u64,
        happening: Happening,
    ) -> Arc<Step> {
        let path = |name: &str| StatePath::new(format!("/States/{name}"));
        Arc::new(Step {
            at_millis,
            state: (!state.is_empty()).then(|| path(state)),
            visit: (!state.is_empty()).then_some(VisitId(visit)),
            strand: Arc::new(
                strand
                    .iter()
                    .map(|idx| StrandStep { state: path("M"), visit: VisitId(1), idx: *idx })
                    .collect(),
            ),
            attempt: 1,
            happening,
            stages: Arc::default(),
            events: Vec::new(),
            followed: Vec::new(),
            variables: Arc::default(),
            inside: None,
            is_whole: true,
            started: None,
        })
    }

    fn trace() -> Vec<Arc<Step>> {
        use Happening::{ExecutionStarted, Running, Succeeded};
        vec![
            step("", 0, &[], 0, ExecutionStarted),
            step("M", 1, &[], 0, Running),
            step("A", 2, &[0], 0, Running),
            step("A", 3, &[1], 0, Running),
            step("A", 2, &[0], 1_000, Succeeded),
            step("A", 3, &[1], 2_000, Succeeded),
            step("M", 1, &[], 2_000, Succeeded),
        ]
    }

    #[track_caller]
    fn check(from: usize, command: PlayerCommand, to: usize) {
        let mut player = Player { cursor: from, ..Player::default() };
        player.command(command, &trace(), Some(&StatePath::new("/States/A")));
        assert_eq!(player.cursor, to, "{command:?}");
    }

    #[test]
    fn the_cursor_stays_inside_the_run() {
        check(6, PlayerCommand::Step, 6);
        check(0, PlayerCommand::StepBack, 0);
        check(2, PlayerCommand::Last, 6);
        check(2, PlayerCommand::SeekStep(99), 6);
    }

    #[test]
    fn stepping_over_leaves_out_what_is_inside_and_beside() {
        check(1, PlayerCommand::StepOver, 6);
        check(6, PlayerCommand::StepOverBack, 1);
        check(2, PlayerCommand::StepOver, 4);
    }

    #[test]
    fn time_and_visits_lead_to_steps() {
        check(0, PlayerCommand::SeekMillis(1_500), 4);
        check(0, PlayerCommand::SeekMillis(2_000), 6);
        check(2, PlayerCommand::NextVisit, 3);
        check(3, PlayerCommand::NextVisit, 3);
        check(6, PlayerCommand::PreviousVisit, 3);
    }

    #[test]
    fn playing_takes_two_steps_a_second_and_stops_at_breakpoints_and_at_the_end() {
        let steps = trace();
        let mut player = Player::default();
        player.command(PlayerCommand::TogglePlay, &steps, None);
        player.tick(400, &steps, false);
        assert_eq!(player.cursor, 0);
        player.tick(600, &steps, false);
        assert_eq!((player.cursor, player.playing), (2, true));
        player.command(PlayerCommand::ToggleBreakpoint, &steps, Some(&StatePath::new("/States/A")));
        player.tick(1_000, &steps, false);
        assert_eq!((player.cursor, player.playing), (3, false), "the second visit of A begins");
        player.command(PlayerCommand::SetSpeed(10.0), &steps, None);
        player.command(PlayerCommand::TogglePlay, &steps, None);
        player.tick(1_000, &steps, false);
        assert_eq!((player.cursor, player.playing), (6, false));
    }

    #[test]
    fn continue_goes_to_the_next_breakpoint_or_the_end() {
        let steps = trace();
        let mut player = Player::default();
        player.command(PlayerCommand::ToggleBreakpoint, &steps, Some(&StatePath::new("/States/A")));
        let mut stops = Vec::new();
        for _ in 0..3 {
            player.command(PlayerCommand::Continue, &steps, None);
            stops.push(player.cursor);
        }
        assert_eq!(stops, [2, 3, 6]);
    }
}
