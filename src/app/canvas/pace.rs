//! How much of a large graph may be drawn in one frame of a movement: as much as leaves time for the
//! rest of the frame, and half as much after a frame that came late.

/// A frame that follows the one before after so many milliseconds is late: at 60 a second one has
/// been left out.
const LATE: f64 = 25.0;
/// A frame in which something is drawn should take the page so many milliseconds: below the first
/// more is drawn in the next one, above the second less.
const GOAL: (f64, f64) = (8.0, 11.0);
/// At least one part for each turn, or nothing would ever come, and at most what the quickest machine
/// takes.
const PARTS: (usize, usize) = (1, 24);
/// What a movement starts with, and what is drawn in a frame when nothing moves.
const START: usize = 4;
const AT_REST: usize = 10;

/// The pace of one canvas.
#[derive(Debug, Default)]
pub struct Pace {
    movement: Option<Movement>,
}

#[derive(Debug)]
struct Movement {
    last: f64,
    n_parts: usize,
    only_moves: bool,
}

impl Pace {
    /// A frame of a movement, at a time in milliseconds. Says whether parts may come and go in it:
    /// what is new costs the browser more than how much it is, so every other frame only moves.
    pub fn turn(&mut self, now: f64) -> bool {
        let it = self.movement.get_or_insert(Movement { last: now, n_parts: START, only_moves: false });
        if LATE < now - it.last {
            it.n_parts = (it.n_parts / 2).max(PARTS.0);
        }
        it.last = now;
        it.only_moves = !it.only_moves;
        !it.only_moves
    }

    /// How long a frame took the page in which something was drawn, in milliseconds.
    pub fn took(&mut self, millis: f64) {
        let Some(it) = &mut self.movement else { return };
        if millis < GOAL.0 {
            it.n_parts = (it.n_parts + 1).min(PARTS.1);
        } else if GOAL.1 < millis {
            it.n_parts = (it.n_parts - it.n_parts.div_ceil(4)).max(PARTS.0);
        }
    }

    /// The movement is over.
    pub fn rest(&mut self) {
        self.movement = None;
    }

    /// How many parts may come in this frame, and how many may go.
    pub fn n_parts(&self) -> usize {
        self.movement.as_ref().map_or(AT_REST, |it| it.n_parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many frames, each so long after the one before, and what drawing takes in every other one.
    fn go(pace: &mut Pace, start: f64, millis: f64, took: f64, n: usize) -> (usize, usize) {
        let mut turns = 0;
        for idx in 1..=n {
            if pace.turn(start + millis * idx as f64) {
                turns += 1;
                pace.took(took);
            }
        }
        (turns, pace.n_parts())
    }

    #[test]
    fn a_frame_is_filled_but_not_more() {
        let mut pace = Pace::default();
        assert_eq!(pace.n_parts(), AT_REST);
        assert_eq!(go(&mut pace, 0.0, 16.7, 3.0, 4), (2, START + 2), "every other frame only moves");
        assert_eq!(go(&mut pace, 66.8, 16.7, 9.0, 100).1, START + 2, "as it should be");
        assert_eq!(go(&mut pace, 1736.8, 16.7, 3.0, 100).1, PARTS.1);
        assert_eq!(go(&mut pace, 3406.8, 16.7, 12.0, 2).1, 18);
        assert_eq!(go(&mut pace, 3440.2, 33.3, 9.0, 1).1, 9, "late, whoever is to blame");
        assert_eq!(go(&mut pace, 3473.5, 33.3, 30.0, 20).1, PARTS.0, "something always comes");
        pace.rest();
        pace.took(1.0);
        assert_eq!(pace.n_parts(), AT_REST);
    }
}
