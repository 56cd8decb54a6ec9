//! How a keyboard and a screen reader go through the picture: one reading order of everything,
//! and neighbors of a node in eight directions. Start and End are passed by; only states and
//! missing targets can be stood on. Directions are about the flow, not about the screen: “next” is
//! the same key, the same step and the same sentence however the picture is drawn, so that changing
//! the drawing never changes what hands and ears have learned. A collapsed frame is one state.

use crate::asl::ScopePath;
use crate::flow::graph::{FlowGraph, NodeIdx, Shape};
use crate::flow::layout::{Layout, Orientation, Rect};

/// Where a step goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Down the flow.
    Next,
    /// Up the flow.
    Previous,
    /// To the right (below, in a flow to the right), also into the next branch.
    SiblingAfter,
    /// To the left (above), also into the branch before.
    SiblingBefore,
    /// To the first state inside a frame.
    Into,
    /// To the frame around.
    OutOf,
    /// To the first state of the scope.
    First,
    /// To the last state of the scope.
    Last,
}

/// A node in reading order, with its place in the tree that a screen reader sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    pub node: NodeIdx,
    /// From 1, as `aria-level`.
    pub level: u32,
    /// From 1 among the states with the same frame around them, as `aria-posinset`; 0 for Start
    /// and End, which are not items of the tree.
    pub position: u32,
    /// How many states have the same frame around them; 0 for Start and End.
    pub set_size: u32,
}

/// All nodes: in a scope along the flow, first ways first, what is never reached at the end; a
/// frame before what it holds.
pub fn reading_order(graph: &FlowGraph) -> Vec<Reading> {
    let scopes = Scopes::of(graph);
    let mut order: Vec<Reading> = Vec::with_capacity(graph.nodes.len());
    let mut stack: Vec<(NodeIdx, u32)> = Vec::new();
    let mut counts = vec![0u32; graph.nodes.len() + 1];
    let slot = |parent: Option<NodeIdx>| parent.map_or(0, |it| it.0 as usize + 1);
    push_all(&mut stack, scopes.flow_order(graph, None), 1);
    while let Some((node, level)) = stack.pop() {
        let Some(it) = graph.nodes.get(node.0 as usize) else { continue };
        let mut position = 0;
        if is_stop(it.shape)
            && let Some(count) = counts.get_mut(slot(it.parent))
        {
            *count += 1;
            position = *count;
        }
        order.push(Reading { node, level, position, set_size: 0 });
        push_all(&mut stack, scopes.flow_order(graph, Some(node)), level + 1);
    }
    for reading in order.iter_mut().filter(|it| 0 < it.position) {
        let parent = graph.nodes.get(reading.node.0 as usize).and_then(|it| it.parent);
        reading.set_size = counts.get(slot(parent)).copied().unwrap_or_default();
    }
    order
}

/// The neighbor of a node, or none where there is nothing in this direction. From nowhere every
/// direction but `Last` leads to the first state.
pub fn walk(
    graph: &FlowGraph,
    layout: &Layout,
    from: Option<NodeIdx>,
    direction: Direction,
) -> Option<NodeIdx> {
    let Some(from) = from.filter(|it| (it.0 as usize) < graph.nodes.len()) else {
        let order = stops(graph, None);
        return if direction == Direction::Last { order.last().copied() } else { order.first().copied() };
    };
    let node = graph.nodes.get(from.0 as usize)?;
    match direction {
        Direction::Next => along(graph, layout, from, true).or_else(|| beside_in_order(graph, from, true)),
        Direction::Previous => {
            along(graph, layout, from, false).or_else(|| beside_in_order(graph, from, false))
        }
        Direction::SiblingAfter => sideways(graph, layout, from, true),
        Direction::SiblingBefore => sideways(graph, layout, from, false),
        Direction::Into => stops(graph, Some(from)).first().copied(),
        Direction::OutOf => node.parent,
        Direction::First => in_scope(graph, from).first().copied(),
        Direction::Last => in_scope(graph, from).last().copied(),
    }
}

fn is_stop(shape: Shape) -> bool {
    !matches!(shape, Shape::Start | Shape::End)
}

fn push_all(stack: &mut Vec<(NodeIdx, u32)>, nodes: Vec<NodeIdx>, level: u32) {
    stack.extend(nodes.into_iter().rev().map(|it| (it, level)));
}

/// The states right inside a frame (or outside of all), branch after branch, in reading order.
fn stops(graph: &FlowGraph, parent: Option<NodeIdx>) -> Vec<NodeIdx> {
    let mut order = Scopes::of(graph).flow_order(graph, parent);
    order.retain(|it| graph.nodes.get(it.0 as usize).is_some_and(|it| is_stop(it.shape)));
    order
}

/// The states of the scope of a node, in reading order.
fn in_scope(graph: &FlowGraph, node: NodeIdx) -> Vec<NodeIdx> {
    let Some(it) = graph.nodes.get(node.0 as usize) else { return Vec::new() };
    let mut order = stops(graph, it.parent);
    order.retain(|other| graph.nodes.get(other.0 as usize).is_some_and(|other| other.scope == it.scope));
    order
}

/// Along the lines, to a state further down (or up): the nearest column wins, then the earlier
/// line.
fn along(graph: &FlowGraph, layout: &Layout, from: NodeIdx, down: bool) -> Option<NodeIdx> {
    let here = &box_of(layout, from)?;
    let ends = graph.edges.iter().filter_map(|it| match down {
        true => (it.from == from).then_some(it.to),
        false => (it.to == from).then_some(it.from),
    });
    ends.filter(|it| graph.nodes.get(it.0 as usize).is_some_and(|it| is_stop(it.shape)))
        .filter_map(|it| Some((it, box_of(layout, it)?)))
        .filter(|(_, it)| if down { here.y < it.y } else { it.y < here.y })
        .map(|(idx, it)| (idx, (middle(&it).0 - middle(here).0).abs()))
        .reduce(|best, it| if it.1 < best.1 { it } else { best })
        .map(|it| it.0)
}

fn beside_in_order(graph: &FlowGraph, from: NodeIdx, after: bool) -> Option<NodeIdx> {
    let order = in_scope(graph, from);
    let at = order.iter().position(|it| *it == from)?;
    let to = if after { at.checked_add(1) } else { at.checked_sub(1) };
    order.get(to?).copied()
}

/// The nearest state to the right (or left) with the same frame around it: in the same band of
/// height if there is one, otherwise in another branch.
fn sideways(graph: &FlowGraph, layout: &Layout, from: NodeIdx, right: bool) -> Option<NodeIdx> {
    let node = graph.nodes.get(from.0 as usize)?;
    let here = &box_of(layout, from)?;
    let (x, y) = middle(here);
    let others = graph
        .nodes
        .iter()
        .enumerate()
        .filter(|(idx, it)| it.parent == node.parent && is_stop(it.shape) && *idx != from.0 as usize);
    others
        .filter_map(|(idx, it)| {
            let place = &box_of(layout, NodeIdx(idx as u32))?;
            let aside = if right { middle(place).0 - x } else { x - middle(place).0 };
            let same_band = place.y < here.y + here.h && here.y < place.y + place.h;
            let wanted = 0.0 < aside && (same_band || it.scope != node.scope);
            let away = (middle(place).1 - y).abs();
            wanted.then_some((NodeIdx(idx as u32), (!same_band, aside + 2.0 * away)))
        })
        .reduce(|best, it| {
            let nearer = it.1.0.cmp(&best.1.0).then(it.1.1.total_cmp(&best.1.1));
            if nearer.is_lt() { it } else { best }
        })
        .map(|it| it.0)
}

/// The box as it would stand in a flow downwards.
fn box_of(layout: &Layout, node: NodeIdx) -> Option<Rect> {
    let it = *layout.boxes.get(node.0 as usize)?;
    Some(match layout.orientation {
        Orientation::Vertical => it,
        Orientation::Horizontal => Rect { x: it.y, y: it.x, w: it.h, h: it.w },
    })
}

fn middle(it: &Rect) -> (f64, f64) {
    (it.x + it.w / 2.0, it.y + it.h / 2.0)
}

/// Nodes by the frame around them and edges by their source.
struct Scopes {
    /// Slot 0 is the outside, slot n + 1 the inside of node n.
    members: Vec<Vec<NodeIdx>>,
    targets: Vec<Vec<NodeIdx>>,
}

impl Scopes {
    fn of(graph: &FlowGraph) -> Scopes {
        let n_nodes = graph.nodes.len();
        let mut scopes =
            Scopes { members: vec![Vec::new(); n_nodes + 1], targets: vec![Vec::new(); n_nodes] };
        for (idx, node) in graph.nodes.iter().enumerate() {
            // A frame comes before what it holds; anything else would never end.
            let slot = node.parent.map(|it| it.0 as usize).filter(|it| *it < idx).map_or(0, |it| it + 1);
            if let Some(members) = scopes.members.get_mut(slot) {
                members.push(NodeIdx(idx as u32));
            }
        }
        for edge in &graph.edges {
            if let Some(targets) = scopes.targets.get_mut(edge.from.0 as usize) {
                targets.push(edge.to);
            }
        }
        scopes
    }

    /// The nodes inside a frame, scope by scope, depth first along the lines; the End comes last.
    fn flow_order(&self, graph: &FlowGraph, parent: Option<NodeIdx>) -> Vec<NodeIdx> {
        let members = self.members.get(parent.map_or(0, |it| it.0 as usize + 1)).map_or(&[][..], |it| it);
        let scope_of = |it: NodeIdx| graph.nodes.get(it.0 as usize).map(|it| &it.scope);
        let is_end = |it: NodeIdx| graph.nodes.get(it.0 as usize).is_some_and(|it| it.shape == Shape::End);
        let mut seen = std::collections::BTreeSet::new();
        let mut order = Vec::with_capacity(members.len());
        let mut scope: Option<&ScopePath> = None;
        let mut end = None;
        // Members of one scope stand together and its Start comes first.
        for &member in members {
            if scope != scope_of(member) {
                order.extend(end.take());
                scope = scope_of(member);
            }
            let mut stack = vec![member];
            while let Some(node) = stack.pop() {
                if scope_of(node) != scope || seen.contains(&node) {
                    continue;
                }
                seen.insert(node);
                if is_end(node) {
                    end = Some(node);
                    continue;
                }
                order.push(node);
                stack.extend(self.targets.get(node.0 as usize).into_iter().flatten().rev());
            }
        }
        order.extend(end);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::lower::lower;
    use crate::flow::{graph, lay_out_with};
    use crate::json::parse;

    const ORDER: &str = r#"{"StartAt":"Stock","States":{
        "Ship":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"Pack","States":{"Pack":{"Type":"Task","Resource":"a","Next":"Weigh"},"Weigh":{"Type":"Pass","End":true}}},
            {"StartAt":"Book","States":{"Book":{"Type":"Task","Resource":"a","End":true}}}]},
        "Stock":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":0,"Next":"Charge"}],"Default":"Sold out"},
        "Charge":{"Type":"Task","Resource":"a","Next":"Ship","Catch":[{"ErrorEquals":["Card.Declined"],"Next":"Refund"}]},
        "Sold out":{"Type":"Fail"},
        "Refund":{"Type":"Task","Resource":"a","End":true}}}"#;

    fn check(from: &str, direction: Direction, expected: &str) {
        let tree = parse(ORDER);
        let graph = graph(&tree, &lower(&tree));
        let find =
            |name: &str| graph.nodes.iter().position(|it| it.label == name).map(|it| NodeIdx(it as u32));
        let name = |it: NodeIdx| graph.nodes[it.0 as usize].label.as_str();
        for orientation in [Orientation::Vertical, Orientation::Horizontal] {
            let layout = lay_out_with(&graph, orientation);
            let found = walk(&graph, &layout, find(from), direction).map_or("", name);
            assert_eq!(found, expected, "{from} {direction:?} {orientation:?}");
        }
    }

    #[test]
    fn reading_follows_the_flow_and_enters_frames() {
        let tree = parse(ORDER);
        let graph = graph(&tree, &lower(&tree));
        let lines: Vec<String> = reading_order(&graph)
            .iter()
            .filter(|it| it.position > 0)
            .map(|it| {
                let label = &graph.nodes[it.node.0 as usize].label;
                format!("{} {label} {}/{}", it.level, it.position, it.set_size)
            })
            .collect();
        assert_eq!(
            lines,
            [
                "1 Stock 1/5",
                "1 Charge 2/5",
                "1 Ship 3/5",
                "2 Pack 1/3",
                "2 Weigh 2/3",
                "2 Book 3/3",
                "1 Refund 4/5",
                "1 Sold out 5/5"
            ]
        );
    }

    #[test]
    fn arrows_follow_lines_and_columns() {
        check("", Direction::Next, "Stock");
        check("Stock", Direction::Next, "Charge");
        check("Charge", Direction::Next, "Ship");
        check("Ship", Direction::Previous, "Charge");
        check("Charge", Direction::SiblingAfter, "Sold out");
        check("Sold out", Direction::SiblingBefore, "Charge");
        check("Ship", Direction::Into, "Pack");
        check("Pack", Direction::Next, "Weigh");
        check("Pack", Direction::SiblingAfter, "Book");
        check("Book", Direction::OutOf, "Ship");
        check("Weigh", Direction::SiblingAfter, "Book");
        check("Refund", Direction::First, "Stock");
        check("Stock", Direction::Last, "Sold out");
        check("Stock", Direction::Previous, "");
    }
}
