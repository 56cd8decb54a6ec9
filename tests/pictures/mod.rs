//! What a picture promises, as numbers: boxes of one scope never overlap, frames hold what is
//! inside, lines touch what they connect and run over nothing else, labels lie on nothing.

// Each test that shares this file uses a part of it.
#![allow(dead_code)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use stepglass::asl::{ScopePath, StateType};
use stepglass::flow::{EdgeKind, FlowEdge, FlowGraph, Layout, NodeIdx, Point, Rect, Shape};

/// Names a fault in a known picture; random ones are only counted.
macro_rules! tell {
    ($name:expr, $($words:tt)*) => {
        if $name != RANDOM {
            println!($($words)*);
        }
    };
}

pub const RANDOM: &str = "random";

/// What is counted over many pictures.
#[derive(Default, Debug)]
pub struct Faults {
    pub n_pictures: usize,
    pub n_edges: usize,
    pub crossings: usize,
    /// Edges that run over the box of another node.
    pub over_boxes: usize,
    pub labels_over_boxes: usize,
    pub labels_over_labels: usize,
    pub labels_over_lines: usize,
    /// Pieces of two edges that lie on each other, unless both lead to one target.
    pub shared_lines: usize,
}

pub fn check(name: &str, graph: &FlowGraph, layout: &Layout, faults: &mut Faults) {
    assert_eq!(layout.boxes.len(), graph.nodes.len(), "{name}");
    assert_eq!(layout.routes.len(), graph.edges.len(), "{name}");
    faults.n_pictures += 1;
    faults.n_edges += graph.edges.len();
    let rect = |it: NodeIdx| layout.boxes[it.0 as usize];
    for (node, it) in graph.nodes.iter().zip(&layout.boxes) {
        for number in [it.x, it.y, it.w, it.h] {
            assert!(number.is_finite() && number >= 0.0, "{name}: {} at {it:?}", node.key);
        }
        if let Some(parent) = node.parent {
            assert!(holds(rect(parent), *it), "{name}: {} sticks out of its frame", node.key);
        }
        assert!(holds(layout.size, *it), "{name}: {} sticks out of the picture", node.key);
    }
    let mut scopes: Vec<(Option<NodeIdx>, &ScopePath, Vec<usize>)> = Vec::new();
    let mut known = std::collections::BTreeMap::new();
    for (idx, node) in graph.nodes.iter().enumerate() {
        let at = *known.entry((node.parent, &node.scope)).or_insert_with(|| {
            scopes.push((node.parent, &node.scope, Vec::new()));
            scopes.len() - 1
        });
        scopes[at].2.push(idx);
    }
    for (_, _, members) in &scopes {
        for (n, a) in members.iter().enumerate() {
            for b in &members[n + 1..] {
                assert!(
                    !overlap(layout.boxes[*a], layout.boxes[*b], 0.0),
                    "{name}: {} lies on {}",
                    graph.nodes[*a].key,
                    graph.nodes[*b].key
                );
            }
        }
    }
    for (edge, route) in graph.edges.iter().zip(&layout.routes) {
        assert!(route.points.len() >= 2, "{name}: {} has no line", edge.key);
        for pair in route.points.windows(2) {
            assert!(pair[0].x == pair[1].x || pair[0].y == pair[1].y, "{name}: {} runs askew", edge.key);
        }
        for point in route.points.iter().chain([&route.label_at, &route.insert_at]) {
            assert!(point.x.is_finite() && point.y.is_finite(), "{name}");
        }
        let (first, last) = (route.points[0], *route.points.last().unwrap());
        assert!(touches(graph, layout, edge.from, first), "{name}: {} starts off its node", edge.key);
        assert!(touches(graph, layout, edge.to, last), "{name}: {} ends off its node", edge.key);
    }
    for (_, _, members) in &scopes {
        let inside: BTreeSet<usize> = members.iter().copied().collect();
        let edges: Vec<usize> = (0..graph.edges.len())
            .filter(|it| inside.contains(&(graph.edges[*it].from.0 as usize)))
            .collect();
        if edges.len() > 600 {
            continue;
        }
        for (n, &a) in edges.iter().enumerate() {
            for piece in layout.routes[a].points.windows(2) {
                for member in members {
                    let own = [graph.edges[a].from, graph.edges[a].to].contains(&NodeIdx(*member as u32));
                    let slant = if own { layout.boxes[*member].h / 2.0 + 0.5 } else { 0.5 };
                    if crosses_box(piece[0], piece[1], layout.boxes[*member], slant) {
                        faults.over_boxes += 1;
                        tell!(name, "{name}: {} runs over {}", graph.edges[a].key, graph.nodes[*member].key);
                    }
                }
            }
            if let Some(label) = label_rect(&graph.edges[a], layout.routes[a].label_at) {
                let over = members.iter().filter(|it| overlap(label, layout.boxes[**it], 0.0)).count();
                if over > 0 {
                    tell!(name, "{name}: the label of {} lies on a box", graph.edges[a].key);
                }
                faults.labels_over_boxes += over;
                for &b in &edges {
                    let lines = layout.routes[b].points.windows(2);
                    let over = lines.filter(|it| crosses_box(it[0], it[1], label, 0.5)).count();
                    if over > 0 {
                        tell!(
                            name,
                            "{name}: the label of {} lies on {}",
                            graph.edges[a].key,
                            graph.edges[b].key
                        );
                    }
                    faults.labels_over_lines += over;
                }
            }
            for &b in &edges[n + 1..] {
                if let (Some(one), Some(other)) = (
                    label_rect(&graph.edges[a], layout.routes[a].label_at),
                    label_rect(&graph.edges[b], layout.routes[b].label_at),
                ) {
                    faults.labels_over_labels += usize::from(overlap(one, other, 0.0));
                }
                let same_target = graph.edges[a].to == graph.edges[b].to;
                for p in layout.routes[a].points.windows(2) {
                    for q in layout.routes[b].points.windows(2) {
                        faults.crossings += usize::from(cross(p, q));
                        if !same_target && lie_on_each_other(p, q) {
                            faults.shared_lines += 1;
                            tell!(
                                name,
                                "{name}: {} and {} share a line",
                                graph.edges[a].key,
                                graph.edges[b].key
                            );
                        }
                    }
                }
            }
        }
    }
}

fn holds(outer: Rect, inner: Rect) -> bool {
    outer.x <= inner.x
        && outer.y <= inner.y
        && inner.x + inner.w <= outer.x + outer.w
        && inner.y + inner.h <= outer.y + outer.h
}

pub fn overlap(a: Rect, b: Rect, margin: f64) -> bool {
    a.x + margin < b.x + b.w
        && b.x + margin < a.x + a.w
        && a.y + margin < b.y + b.h
        && b.y + margin < a.y + a.h
}

/// On the border of the box; the sides of chevrons and pills run a little inside of it.
fn touches(graph: &FlowGraph, layout: &Layout, node: NodeIdx, at: Point) -> bool {
    let it = layout.boxes[node.0 as usize];
    let inset = match graph.nodes[node.0 as usize].shape {
        Shape::State(StateType::Choice) => 18.0,
        Shape::State(StateType::Wait | StateType::Succeed) => it.h / 2.0,
        _ => 0.0,
    };
    let across = it.x <= at.x && at.x <= it.x + it.w;
    let down = it.y <= at.y && at.y <= it.y + it.h;
    let level_border = (at.y - it.y).abs() < 0.01 || (at.y - it.y - it.h).abs() < 0.01;
    let to_side = (at.x - it.x).min(it.x + it.w - at.x);
    across && down && (level_border || to_side <= inset + 0.01)
}

/// Runs through the inside of the box, by more than the slanted sides of some outlines take.
fn crosses_box(a: Point, b: Point, it: Rect, slant: f64) -> bool {
    a.x.min(b.x) < it.x + it.w - slant
        && it.x + slant < a.x.max(b.x)
        && a.y.min(b.y) < it.y + it.h - 0.5
        && it.y + 0.5 < a.y.max(b.y)
}

fn cross(p: &[Point], q: &[Point]) -> bool {
    let (level, upright) = if p[0].y == p[1].y { (p, q) } else { (q, p) };
    if level[0].y != level[1].y || upright[0].x != upright[1].x {
        return false;
    }
    let (x, y) = (upright[0].x, level[0].y);
    level[0].x.min(level[1].x) < x
        && x < level[0].x.max(level[1].x)
        && upright[0].y.min(upright[1].y) < y
        && y < upright[0].y.max(upright[1].y)
}

fn lie_on_each_other(p: &[Point], q: &[Point]) -> bool {
    let both_upright = p[0].x == p[1].x && q[0].x == q[1].x && (p[0].x - q[0].x).abs() < 3.0;
    let both_level = p[0].y == p[1].y && q[0].y == q[1].y && (p[0].y - q[0].y).abs() < 3.0;
    let apart = |a: f64, b: f64, c: f64, d: f64| a.max(b) <= c.min(d) || c.max(d) <= a.min(b);
    both_upright && !apart(p[0].y, p[1].y, q[0].y, q[1].y)
        || both_level && !apart(p[0].x, p[1].x, q[0].x, q[1].x)
}

fn label_rect(edge: &FlowEdge, at: Point) -> Option<Rect> {
    let sign = match edge.kind {
        EdgeKind::Choice(_) => 24.0,
        EdgeKind::Catch(_) => 16.0,
        _ => 0.0,
    };
    let w = sign + 6.6 * edge.label.chars().count() as f64;
    (!edge.label.is_empty()).then_some(Rect { x: at.x, y: at.y - 8.0, w, h: 16.0 })
}

pub fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("STEPGLASS_CORPUS").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: no corpus at {}; set STEPGLASS_CORPUS", folder.display());
    None
}

pub fn published() -> Vec<(String, String)> {
    let Some(folder) = corpus() else { return Vec::new() };
    let workflows = folder.join("workflows");
    let manifest = std::fs::read_to_string(workflows.join("manifest.jsonl")).unwrap();
    let rows = manifest.lines().map(|it| serde_json::from_str::<serde_json::Value>(it).unwrap());
    rows.filter_map(|row| row["file"].as_str().map(str::to_owned))
        .map(|file| (file.clone(), std::fs::read_to_string(workflows.join(file)).unwrap()))
        .collect()
}

pub fn recorded() -> Vec<(String, String)> {
    let Some(folder) = corpus() else { return Vec::new() };
    let executions = std::fs::read_to_string(folder.join("aws-recorded/executions.jsonl")).unwrap();
    let mut known = BTreeSet::new();
    let rows = executions.lines().map(|it| serde_json::from_str::<serde_json::Value>(it).unwrap());
    rows.map(|row| (row["id"].to_string(), serde_json::to_string(&row["definition"]).unwrap()))
        .filter(|(_, text)| known.insert(text.clone()))
        .collect()
}
