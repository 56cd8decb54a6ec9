//! What a layout was put together from, kept so that the next one takes over what is the same. Most
//! edits change one section of one scope; a section is drawn from its sketch and ranks alone, so
//! one that is equal need not be drawn again, and the picture is the same with and without it.

use std::sync::Arc;

use crate::asl::ScopePath;
use crate::flow::layout::express;
use crate::flow::layout::rank::Ranks;
use crate::flow::layout::scope::{Drawing, Sketch};

/// What a layout was put together from.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// The connected parts of each scope, inner scopes first.
    pub(crate) scopes: Vec<(ScopePath, Vec<Arc<Piece>>)>,
}

/// A connected part of a scope or a section of one, with what it was drawn from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    pub(crate) sketch: Sketch,
    /// Those of a section; those of a part follow from its sketch.
    pub(crate) ranks: Ranks,
    pub(crate) drawing: Arc<Drawing>,
    /// Of a part, from the bottom up.
    pub(crate) sections: Vec<Arc<Piece>>,
}

/// Pieces of before in the order in which they were drawn, and how far they have been passed.
pub(crate) struct Known<'d> {
    before: &'d [Arc<Piece>],
    at: usize,
}

/// So many pieces are looked at for one that is the same.
const REACH: usize = 64;

impl<'d> Known<'d> {
    pub(crate) fn new(before: &'d [Arc<Piece>]) -> Known<'d> {
        Known { before, at: 0 }
    }

    /// Draws a section, or finds it drawn.
    pub(crate) fn section(&mut self, sketch: Sketch, ranks: Ranks) -> Arc<Piece> {
        let ahead = self.before.iter().enumerate().skip(self.at).take(REACH);
        for (idx, piece) in ahead {
            if piece.sketch == sketch && piece.ranks == ranks {
                self.at = idx + 1;
                return piece.clone();
            }
        }
        let drawing = Arc::new(express::draw(&sketch, &ranks));
        Arc::new(Piece { sketch, ranks, drawing, sections: Vec::new() })
    }
}

impl Drawn {
    /// The parts of a scope, looked for from a place on, which moves behind it.
    pub(crate) fn parts(&self, at: &mut usize, scope: &ScopePath) -> &[Arc<Piece>] {
        let (done, rest) = self.scopes.split_at_checked(*at).unwrap_or((&self.scopes, &[]));
        let all = rest.iter().zip(*at..).chain(done.iter().zip(0..));
        for ((path, parts), idx) in all {
            if path == scope {
                *at = idx + 1;
                return parts;
            }
        }
        &[]
    }
}
