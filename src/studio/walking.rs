//! The keyboard's ways through the graph: along the connections, between siblings, into and out
//! of frames.

use crate::asl::StatePath;
use crate::flow::{EdgeKind, FlowGraph, NodeIdx, NodeKey};
use crate::studio::canvas::Picture;
use crate::studio::command::Walk;

/// The state one step away; from nowhere the first one.
pub fn walk(picture: &Picture, from: Option<&StatePath>, walk: Walk) -> Option<StatePath> {
    let graph = &picture.graph;
    let idx = from.and_then(|path| idx_of(graph, path));
    let Some(idx) = idx else {
        return match walk {
            Walk::Last => states(graph).last().and_then(|it| path_of(graph, it)),
            _ => states(graph).next().and_then(|it| path_of(graph, it)),
        };
    };
    let target = match walk {
        Walk::Next => neighbors(graph, idx, true).into_iter().next(),
        Walk::Previous => neighbors(graph, idx, false).into_iter().next(),
        Walk::SiblingAfter => sibling(picture, idx, true),
        Walk::SiblingBefore => sibling(picture, idx, false),
        Walk::Into => states(graph).find(|it| parent(graph, *it) == Some(idx)),
        Walk::OutOf => parent(graph, idx),
        Walk::First => states(graph).next(),
        Walk::Last => states(graph).last(),
    };
    target.and_then(|it| path_of(graph, it))
}

/// What to say when there is nothing in this direction.
pub fn nowhere(walk: Walk) -> &'static str {
    match walk {
        Walk::Next => "No state follows",
        Walk::Previous => "No state leads here",
        Walk::SiblingAfter | Walk::SiblingBefore => "There is no branch on this side",
        Walk::Into => "There is nothing inside",
        Walk::OutOf => "This is the outermost level",
        Walk::First | Walk::Last => "There are no states yet",
    }
}

fn states(graph: &FlowGraph) -> impl DoubleEndedIterator<Item = usize> + '_ {
    let nodes = graph.nodes.iter().enumerate();
    nodes.filter(|(_, it)| matches!(it.key, NodeKey::State(_))).map(|(idx, _)| idx)
}

fn idx_of(graph: &FlowGraph, path: &StatePath) -> Option<usize> {
    graph.nodes.iter().position(|it| matches!(&it.key, NodeKey::State(own) if own == path))
}

fn path_of(graph: &FlowGraph, idx: usize) -> Option<StatePath> {
    match &graph.nodes.get(idx)?.key {
        NodeKey::State(path) => Some(path.clone()),
        _ => None,
    }
}

fn parent(graph: &FlowGraph, idx: usize) -> Option<usize> {
    graph.nodes.get(idx)?.parent.map(|NodeIdx(it)| it as usize)
}

/// The states a state leads to, or those that lead to it: plain connections first.
fn neighbors(graph: &FlowGraph, idx: usize, forward: bool) -> Vec<usize> {
    let is_state = |it: &usize| path_of(graph, *it).is_some() && *it != idx;
    let edges = graph.edges.iter().filter_map(|edge| {
        let (from, to) = (edge.from.0 as usize, edge.to.0 as usize);
        let is_catch = matches!(edge.kind, EdgeKind::Catch(_));
        match forward {
            true => (from == idx).then_some((is_catch, to)),
            false => (to == idx).then_some((is_catch, from)),
        }
    });
    let mut edges: Vec<(bool, usize)> = edges.filter(|(_, it)| is_state(it)).collect();
    edges.sort_by_key(|(is_catch, _)| *is_catch);
    edges.into_iter().map(|(_, it)| it).collect()
}

/// The nearest state of the same frame at about the same height, to the right or to the left.
fn sibling(picture: &Picture, idx: usize, after: bool) -> Option<usize> {
    let graph = &picture.graph;
    let own = picture.layout.boxes.get(idx)?;
    let center = |it: usize| {
        let rect = picture.layout.boxes.get(it)?;
        Some((rect.x + rect.w / 2.0, rect.y + rect.h / 2.0))
    };
    let (x, y) = center(idx)?;
    let beside = states(graph).filter(|it| *it != idx && parent(graph, *it) == parent(graph, idx));
    let distances = beside.filter_map(|it| {
        let (other_x, other_y) = center(it)?;
        let across = if after { other_x - x } else { x - other_x };
        // Beside means more across than up or down, and not in the same column.
        let overlaps = (other_y - y).abs() < own.h.max(40.0) * 1.5;
        (across > own.w / 4.0 && overlaps).then_some((across + (other_y - y).abs(), it))
    });
    distances.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, it)| it)
}
