//! The keyboard's ways through the graph, from state to state.

use crate::asl::StatePath;
use crate::flow::walk::Direction;
use crate::flow::{NodeIdx, NodeKey};
use crate::studio::canvas::Picture;
use crate::studio::command::Walk;

/// The state one step away; from nowhere the first one.
pub fn walk(picture: &Picture, from: Option<&StatePath>, walk: Walk) -> Option<StatePath> {
    let nodes = &picture.graph.nodes;
    let is_from = |key: &NodeKey| matches!(key, NodeKey::State(path) if Some(path) == from);
    let idx = nodes.iter().position(|it| is_from(&it.key)).map(|it| NodeIdx(it as u32));
    let to = crate::flow::walk::walk(&picture.graph, &picture.layout, idx, direction(walk))?;
    match &nodes.get(to.0 as usize)?.key {
        NodeKey::State(path) => Some(path.clone()),
        // Where a state is missing there is nothing to select.
        _ => None,
    }
}

fn direction(walk: Walk) -> Direction {
    match walk {
        Walk::Next => Direction::Next,
        Walk::Previous => Direction::Previous,
        Walk::SiblingAfter => Direction::SiblingAfter,
        Walk::SiblingBefore => Direction::SiblingBefore,
        Walk::Into => Direction::Into,
        Walk::OutOf => Direction::OutOf,
        Walk::First => Direction::First,
        Walk::Last => Direction::Last,
    }
}

/// What to say when there is nothing in this direction.
pub fn nowhere(walk: Walk) -> &'static str {
    match walk {
        Walk::Next => "No state follows",
        Walk::Previous => "No state leads here",
        Walk::SiblingAfter | Walk::SiblingBefore => "There is no state on this side",
        Walk::Into => "There is nothing inside",
        Walk::OutOf => "This is the outermost level",
        Walk::First | Walk::Last => "There are no states yet",
    }
}
