//! The keyboard's ways through the graph, from state to state.

use crate::asl::StatePath;
use crate::flow::walk::Direction;
use crate::flow::{NodeIdx, NodeKey};
use crate::studio::Studio;
use crate::studio::canvas::Picture;

impl Studio {
    /// The state one step away from another one; nothing is selected.
    pub fn neighbor(&self, from: &StatePath, direction: Direction) -> Option<StatePath> {
        walk(self.picture(), Some(from), direction)
    }
}

/// The state one step away; from nowhere the first one.
pub fn walk(picture: &Picture, from: Option<&StatePath>, direction: Direction) -> Option<StatePath> {
    let nodes = &picture.graph.nodes;
    let is_from = |key: &NodeKey| matches!(key, NodeKey::State(path) if Some(path) == from);
    let idx = nodes.iter().position(|it| is_from(&it.key)).map(|it| NodeIdx(it as u32));
    let to = crate::flow::walk::walk(&picture.graph, &picture.layout, idx, direction)?;
    match &nodes.get(to.0 as usize)?.key {
        NodeKey::State(path) => Some(path.clone()),
        // Where a state is missing there is nothing to select.
        _ => None,
    }
}

/// What to say when there is nothing in this direction.
pub fn nowhere(direction: Direction, from_collapsed: bool) -> &'static str {
    match direction {
        Direction::Into if from_collapsed => "This is collapsed; expand it to go in",
        Direction::Next => "No state follows",
        Direction::Previous => "No state leads here",
        Direction::SiblingAfter | Direction::SiblingBefore => "There is no state on this side",
        Direction::Into => "There is nothing inside",
        Direction::OutOf => "This is the outermost level",
        Direction::First | Direction::Last => "There are no states yet",
    }
}
