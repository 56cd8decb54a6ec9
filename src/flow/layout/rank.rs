//! First pass: which links run against the flow, how far down every vertex stands, and which
//! path is the main line that shall run straight. Never looks at sizes.

use petgraph::algo::{dominators, toposort};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::asl::StateType;
use crate::flow::graph::{EdgeKind, Shape};
use crate::flow::layout::scope::Sketch;
use crate::flow::layout::table::Table;
use crate::text::Arrange;

/// What the first pass finds out.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ranks {
    /// By vertex: 0 at the top; every link that is not `back` leads to a larger rank.
    pub rank: Table<usize>,
    /// By link: it leads up, to a vertex that leads to its own source, or back to itself.
    pub back: Table<bool>,
    /// By vertex: the link by which its story goes on, if one stands out.
    pub spine: Table<Option<usize>>,
    /// By link: it belongs to the path of spines from the top.
    pub main: Table<bool>,
    /// By vertex: every way from here ends in a Fail (or nowhere); none ends well or turns back.
    pub doomed: Table<bool>,
    /// Where ways part and where they meet again: both shall stand in one column.
    pub trunk: Vec<(usize, usize)>,
}

/// Ranks the vertices of one connected sketch.
pub fn rank(sketch: &Sketch) -> Ranks {
    let outs = sketch.outs();
    let back = back_links(sketch, &outs);
    let order = order_along(sketch, &back);
    let rank = longest_path(sketch, &outs, &back, &order);
    let (spine, trunk) = spines(sketch, &outs, &back, &order);
    let main = main_line(sketch, &spine, &trunk);
    let doomed = doomed(sketch, &outs, &back, &order);
    Ranks { rank, back, spine, main, doomed, trunk }
}

/// Depth first from the Start, in text order, with an explicit stack: a link to a vertex that is
/// still open closes a loop.
fn back_links(sketch: &Sketch, outs: &Table<Vec<usize>>) -> Table<bool> {
    let n_vertices = sketch.vertices.len();
    let mut back = Table::filled(sketch.links.len(), false);
    let mut n_ins = Table::filled(n_vertices, 0usize);
    for link in sketch.links.iter() {
        n_ins[link.to] += 1;
    }
    let starts = (0..n_vertices).filter(|it| sketch.vertices[*it].shape == Shape::Start);
    let sources = (0..n_vertices).filter(|it| n_ins[*it] == 0);
    let mut open = Table::filled(n_vertices, false);
    let mut seen = Table::filled(n_vertices, false);
    for root in starts.chain(sources).chain(0..n_vertices) {
        if seen[root] {
            continue;
        }
        seen[root] = true;
        open[root] = true;
        let mut stack = vec![(root, 0)];
        while let Some((vertex, done)) = stack.pop() {
            let Some(link) = outs[vertex].get(done).copied() else {
                open[vertex] = false;
                continue;
            };
            stack.push((vertex, done + 1));
            let to = sketch.links[link].to;
            if open[to] {
                back[link] = true;
            } else if !seen[to] {
                seen[to] = true;
                open[to] = true;
                stack.push((to, 0));
            }
        }
    }
    back
}

/// All vertices, sources before targets.
fn order_along(sketch: &Sketch, back: &Table<bool>) -> Vec<usize> {
    let mut graph = DiGraph::<(), ()>::with_capacity(sketch.vertices.len(), sketch.links.len());
    for _ in sketch.vertices.iter() {
        graph.add_node(());
    }
    for (idx, link) in sketch.links.iter().enumerate() {
        if !back[idx] {
            graph.add_edge(NodeIndex::new(link.from), NodeIndex::new(link.to), ());
        }
    }
    match toposort(&graph, None) {
        Ok(order) => order.into_iter().map(NodeIndex::index).collect(),
        Err(_) => {
            debug_assert!(false, "the remaining links make no loop");
            (0..sketch.vertices.len()).collect()
        }
    }
}

/// As high as possible, except that a vertex nothing leads to hangs right above its target.
fn longest_path(
    sketch: &Sketch,
    outs: &Table<Vec<usize>>,
    back: &Table<bool>,
    order: &[usize],
) -> Table<usize> {
    let has_start = sketch.vertices.iter().any(|it| it.shape == Shape::Start);
    let top = usize::from(has_start);
    let mut rank: Table<usize> =
        sketch.vertices.iter().map(|it| if it.shape == Shape::Start { 0 } else { top }).collect();
    let mut led_to = Table::filled(sketch.vertices.len(), false);
    let forward = |vertex: usize| outs[vertex].iter().copied().filter(|it| !back[*it]);
    for &vertex in order {
        for link in forward(vertex) {
            let to = sketch.links[link].to;
            led_to[to] = true;
            rank[to] = rank[to].max(rank[vertex] + 1);
        }
    }
    for &vertex in order.iter().rev() {
        if led_to[vertex] || sketch.vertices[vertex].shape == Shape::Start {
            continue;
        }
        let below = forward(vertex).map(|it| rank[sketch.links[it].to]).min();
        rank[vertex] = below.map_or(top, |it| it.saturating_sub(1).max(top));
    }
    rank
}

/// For every vertex the link by which the story goes on: the only one that can still end well,
/// or else the one with the clearly longest story. Ways of about the same length stand side by
/// side instead, around the column in which they meet again.
#[allow(clippy::type_complexity)]
fn spines(
    sketch: &Sketch,
    outs: &Table<Vec<usize>>,
    back: &Table<bool>,
    order: &[usize],
) -> (Table<Option<usize>>, Vec<(usize, usize)>) {
    let n_vertices = sketch.vertices.len();
    let ends_well =
        |it: usize| matches!(sketch.vertices[it].shape, Shape::End | Shape::State(StateType::Succeed));
    let onward = |vertex: usize| {
        outs[vertex]
            .iter()
            .copied()
            .filter(|it| !back[*it] && !matches!(sketch.links[*it].kind, EdgeKind::Catch(_)))
    };
    let mut alive = Table::filled(n_vertices, false);
    let mut story_len = Table::filled(n_vertices, 0usize);
    for &vertex in order.iter().rev() {
        alive[vertex] = ends_well(vertex) || onward(vertex).any(|it| alive[sketch.links[it].to]);
        let longest = onward(vertex).map(|it| story_len[sketch.links[it].to] + 1).max();
        story_len[vertex] = longest.unwrap_or(0);
    }

    let exit = NodeIndex::new(n_vertices);
    let mut reversed = DiGraph::<(), ()>::with_capacity(n_vertices + 1, sketch.links.len());
    for _ in 0..=n_vertices {
        reversed.add_node(());
    }
    for vertex in 0..n_vertices {
        if ends_well(vertex) {
            reversed.add_edge(exit, NodeIndex::new(vertex), ());
        }
        for to in onward(vertex).map(|it| sketch.links[it].to).filter(|it| alive[*it]) {
            reversed.add_edge(NodeIndex::new(to), NodeIndex::new(vertex), ());
        }
    }
    let meets = dominators::simple_fast(&reversed, exit);

    let mut spine = Table::filled(n_vertices, None);
    let mut trunk = Vec::new();
    for &vertex in order {
        let mut ways: Vec<usize> = Vec::new();
        let any_alive = onward(vertex).any(|it| alive[sketch.links[it].to]);
        for link in onward(vertex) {
            let to = sketch.links[link].to;
            let known = ways.iter().any(|it| sketch.links[*it].to == to);
            if !known && (alive[to] || !any_alive) {
                ways.push(link);
            }
        }
        if ways.len() < 2 {
            spine[vertex] = ways.first().copied();
            continue;
        }
        let join =
            meets.immediate_dominator(NodeIndex::new(vertex)).filter(|it| *it != exit).map(NodeIndex::index);
        ways.retain(|it| Some(sketch.links[*it].to) != join);
        let mut longest: Vec<usize> = ways.clone();
        longest.arrange_by_key(|it| std::cmp::Reverse(story_len[sketch.links[*it].to]));
        let len = |idx: usize| longest.get(idx).map_or(0, |it| story_len[sketch.links[*it].to]);
        if ways.len() == 1 || len(0) >= len(1) + 2 {
            spine[vertex] = longest.first().copied();
        } else if ways.len() % 2 == 1 {
            spine[vertex] = ways.get(ways.len() / 2).copied();
        }
        trunk.extend(join.map(|it| (vertex, it)));
    }
    (spine, trunk)
}

/// Follows the spines from the top; where ways part evenly, goes on where they meet.
fn main_line(sketch: &Sketch, spine: &Table<Option<usize>>, trunk: &[(usize, usize)]) -> Table<bool> {
    let mut main = Table::filled(sketch.links.len(), false);
    let mut meets = Table::filled(sketch.vertices.len(), None);
    for &(from, to) in trunk {
        meets[from] = Some(to);
    }
    let mut at = sketch.vertices.iter().position(|it| it.shape == Shape::Start);
    while let Some(vertex) = at {
        at = match spine[vertex] {
            Some(link) => {
                main[link] = true;
                Some(sketch.links[link].to)
            }
            None => meets[vertex],
        };
    }
    main
}

/// By vertex, whether every way from it fails; with the order reversed each target is known first.
fn doomed(sketch: &Sketch, outs: &Table<Vec<usize>>, back: &Table<bool>, order: &[usize]) -> Table<bool> {
    let mut doomed = Table::filled(sketch.vertices.len(), false);
    for &vertex in order.iter().rev() {
        let ends_well =
            matches!(sketch.vertices[vertex].shape, Shape::End | Shape::State(StateType::Succeed));
        let way_out = outs[vertex].iter().any(|it| back[*it] || !doomed[sketch.links[*it].to]);
        doomed[vertex] = !ends_well && !way_out;
    }
    doomed
}
