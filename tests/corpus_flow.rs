//! Every published workflow and every recorded definition is drawn, and the picture keeps its
//! promises: boxes of one scope never overlap, frames hold what is inside, lines touch what they
//! connect and run over nothing else. With `STEPGLASS_DRAW` set to a folder, the pictures are
//! written there for people to look at.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use stepglass::asl::{Document, EdgeKey, ScopePath, StateType};
use stepglass::flow::{
    EdgeKind, FlowEdge, FlowGraph, FlowNode, Layout, NodeIdx, NodeKey, Point, Rect, Shape, SizeHint, graph,
    lay_out,
};

/// Names a fault in a known picture; random ones are only counted.
macro_rules! tell {
    ($name:expr, $($words:tt)*) => {
        if $name != RANDOM {
            println!($($words)*);
        }
    };
}

const RANDOM: &str = "random";

/// What is counted over many pictures.
#[derive(Default, Debug)]
struct Faults {
    n_pictures: usize,
    n_edges: usize,
    crossings: usize,
    /// Edges that run over the box of another node.
    over_boxes: usize,
    labels_over_boxes: usize,
    labels_over_labels: usize,
    labels_over_lines: usize,
    /// Pieces of two edges that lie on each other, unless both lead to one target.
    shared_lines: usize,
}

fn check(name: &str, graph: &FlowGraph, layout: &Layout, faults: &mut Faults) {
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

fn overlap(a: Rect, b: Rect, margin: f64) -> bool {
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

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("STEPGLASS_CORPUS").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: no corpus at {}; set STEPGLASS_CORPUS", folder.display());
    None
}

/// The sample workflows that the page offers.
fn samples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/examples");
    let files = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut samples: Vec<(String, String)> = files
        .filter(|it| it.to_string_lossy().ends_with(".asl.json"))
        .map(|it| {
            (it.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&it).unwrap())
        })
        .collect();
    samples.sort();
    samples
}

fn published() -> Vec<(String, String)> {
    let Some(folder) = corpus() else { return Vec::new() };
    let workflows = folder.join("workflows");
    let manifest = std::fs::read_to_string(workflows.join("manifest.jsonl")).unwrap();
    let rows = manifest.lines().map(|it| serde_json::from_str::<serde_json::Value>(it).unwrap());
    rows.filter_map(|row| row["file"].as_str().map(str::to_owned))
        .map(|file| (file.clone(), std::fs::read_to_string(workflows.join(file)).unwrap()))
        .collect()
}

fn recorded() -> Vec<(String, String)> {
    let Some(folder) = corpus() else { return Vec::new() };
    let executions = std::fs::read_to_string(folder.join("aws-recorded/executions.jsonl")).unwrap();
    let mut known = BTreeSet::new();
    let rows = executions.lines().map(|it| serde_json::from_str::<serde_json::Value>(it).unwrap());
    rows.map(|row| (row["id"].to_string(), serde_json::to_string(&row["definition"]).unwrap()))
        .filter(|(_, text)| known.insert(text.clone()))
        .collect()
}

fn draw(name: &str, text: &str, faults: &mut Faults) {
    let document = Document::new(text, 0);
    let graph = graph(&document.tree, &document.machine);
    let layout = lay_out(&graph);
    if let Some(folder) = std::env::var_os("STEPGLASS_DRAW") {
        let file: String =
            name.chars().map(|it| if it.is_alphanumeric() || it == '-' { it } else { '_' }).collect();
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{file}.svg")), svg(&graph, &layout)).unwrap();
    }
    check(name, &graph, &layout, faults);
}

#[test]
fn published_workflows_are_drawn_without_overlap() {
    let mut faults = Faults::default();
    for (name, text) in published() {
        draw(&name, &text, &mut faults);
    }
    println!("{faults:?}");
    assert_eq!(faults.over_boxes, 0);
}

#[test]
fn samples_are_drawn_without_a_fault() {
    let mut faults = Faults::default();
    for (name, text) in samples() {
        draw(&name, &text, &mut faults);
    }
    println!("{faults:?}");
    assert_eq!(faults.over_boxes + faults.shared_lines + faults.crossings, 0);
    assert_eq!(faults.labels_over_boxes + faults.labels_over_lines + faults.labels_over_labels, 0);
}

#[test]
fn recorded_definitions_are_drawn_without_overlap() {
    let mut faults = Faults::default();
    for (name, text) in recorded() {
        draw(&name, &text, &mut faults);
    }
    println!("{faults:?}");
    assert_eq!(faults.over_boxes, 0);
}

/// A plain picture for people who work on the layout.
fn svg(graph: &FlowGraph, layout: &Layout) -> String {
    use std::fmt::Write as _;
    let mut out = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{0}' height='{1}' viewBox='0 0 {0} {1}' \
         font-family='sans-serif'><rect width='100%' height='100%' fill='#fff'/>",
        layout.size.w, layout.size.h
    );
    let text = |it: &str| it.replace('&', "&amp;").replace('<', "&lt;");
    for (node, it) in graph.nodes.iter().zip(&layout.boxes) {
        let Rect { x, y, w, h } = *it;
        let (x2, y2, my) = (x + w, y + h, y + h / 2.0);
        let style = "fill='#fff' stroke='#767C87' stroke-width='1.5'";
        let _ = match node.shape {
            Shape::Start => {
                write!(out, "<circle cx='{}' cy='{my}' r='{}' fill='#1B1F27'/>", x + w / 2.0, w / 2.0)
            }
            Shape::End => write!(out, "<circle cx='{}' cy='{my}' r='{}' {style}/>", x + w / 2.0, w / 2.0),
            Shape::State(StateType::Choice) => write!(
                out,
                "<path d='M{},{y}H{}L{x2},{my}L{},{y2}H{}L{x},{my}z' {style}/>",
                x + 18.0,
                x2 - 18.0,
                x2 - 18.0,
                x + 18.0
            ),
            Shape::State(StateType::Wait | StateType::Succeed) => {
                write!(out, "<rect x='{x}' y='{y}' width='{w}' height='{h}' rx='26' {style}/>")
            }
            Shape::State(StateType::Fail) => {
                write!(out, "<path d='M{x},{y}H{}L{x2},{}V{y2}H{x}z' {style}/>", x2 - 12.0, y + 12.0)
            }
            _ if !node.inner.is_empty() => write!(
                out,
                "<rect x='{x}' y='{y}' width='{w}' height='{h}' rx='8' fill='#F6F7F9' stroke='#767C87'/>\
                 <path d='M{x},{}h{w}' stroke='#D9DDE4'/>",
                y + 32.0
            ),
            _ => write!(out, "<rect x='{x}' y='{y}' width='{w}' height='{h}' rx='8' {style}/>"),
        };
        let ty = if node.inner.is_empty() { my + 5.0 } else { y + 21.0 };
        let _ = write!(
            out,
            "<text x='{}' y='{ty}' font-size='14' font-weight='600'>{}</text>",
            x + 34.0,
            text(&stepglass::flow::layout::measure::shorten(&node.label, 26))
        );
    }
    for (edge, route) in graph.edges.iter().zip(&layout.routes) {
        let points: Vec<String> = route.points.iter().map(|it| format!("{},{}", it.x, it.y)).collect();
        let (color, dash) = match edge.kind {
            EdgeKind::Catch(_) => ("#AD7415", "6 4"),
            EdgeKind::Default => ("#5A6270", "none"),
            _ => ("#767C87", "none"),
        };
        let _ = write!(
            out,
            "<polyline points='{}' fill='none' stroke='{color}' stroke-width='1.5' stroke-dasharray='{dash}'/>",
            points.join(" ")
        );
        if let [.., a, b] = route.points.as_slice() {
            let (dx, dy) =
                ((b.x - a.x).signum() * f64::from(a.x != b.x), (b.y - a.y).signum() * f64::from(a.y != b.y));
            let _ = write!(
                out,
                "<path d='M{},{}L{},{}L{},{}z' fill='{color}'/>",
                b.x,
                b.y,
                b.x - 8.0 * dx - 5.0 * dy,
                b.y - 8.0 * dy - 5.0 * dx,
                b.x - 8.0 * dx + 5.0 * dy,
                b.y - 8.0 * dy + 5.0 * dx
            );
        }
        let sign = match edge.kind {
            EdgeKind::Choice(idx) => format!("({}) ", idx + 1),
            EdgeKind::Catch(_) => "⚡ ".to_owned(),
            _ => String::new(),
        };
        if !edge.label.is_empty() {
            let _ = write!(
                out,
                "<text x='{}' y='{}' font-size='12' fill='#5A6270'>{sign}{}</text>",
                route.label_at.x,
                route.label_at.y + 4.0,
                text(&edge.label)
            );
        }
        let _ = write!(
            out,
            "<circle cx='{}' cy='{}' r='3' fill='#fff' stroke='#1257A0'/>",
            route.insert_at.x, route.insert_at.y
        );
    }
    out.push_str("</svg>");
    out
}

fn hand_made(n_nodes: usize, links: &[(usize, usize, u8)]) -> FlowGraph {
    let scope = ScopePath::default();
    let mut graph = FlowGraph::default();
    for idx in 0..n_nodes {
        let label = format!("State {idx}");
        let shape = match idx % 5 {
            0 if idx == 0 => Shape::Start,
            1 => Shape::State(StateType::Choice),
            2 => Shape::State(StateType::Wait),
            3 => Shape::State(StateType::Fail),
            _ => Shape::State(StateType::Task),
        };
        graph.nodes.push(FlowNode {
            key: NodeKey::State(scope.state(&label)),
            scope: scope.clone(),
            parent: None,
            shape,
            size_hint: SizeHint { columns: label.len() },
            label,
            inner: Vec::new(),
            damaged: false,
            folded: false,
            collapsed: None,
        });
    }
    for (idx, (from, to, kind)) in links.iter().enumerate() {
        let kind = match kind {
            0 => EdgeKind::Catch(idx),
            1 => EdgeKind::Default,
            2 => EdgeKind::Choice(idx),
            _ => EdgeKind::Next,
        };
        let label = if kind == EdgeKind::Next { String::new() } else { format!("link {idx}") };
        graph.edges.push(FlowEdge {
            key: EdgeKey::new(format!("/{idx}")),
            from: NodeIdx((from % n_nodes) as u32),
            to: NodeIdx((to % n_nodes) as u32),
            kind,
            reading: label.clone(),
            label,
        });
    }
    graph
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]
    #[test]
    fn any_graph_is_drawn_without_overlap(
        n_nodes in 1usize..24,
        links in prop::collection::vec((0usize..24, 0usize..24, 0u8..4), 0..40),
    ) {
        let graph = hand_made(n_nodes, &links);
        let mut faults = Faults::default();
        let layout = lay_out(&graph);
        check(RANDOM, &graph, &layout, &mut faults);
        prop_assert_eq!(&layout, &lay_out(&graph));
        prop_assert_eq!(faults.over_boxes, 0);
    }
}

/// A chain of states in which every tenth is a choice and every third has a catcher.
fn generated(n_states: usize, per_scope: usize) -> String {
    let scope = |offset: usize, n: usize| {
        let mut states = serde_json::Map::new();
        for idx in 0..n {
            let (name, next) = (format!("S{}", offset + idx), format!("S{}", offset + idx + 1));
            let skip = format!("S{}", offset + (idx + 4).min(n - 1));
            let state = if idx + 1 == n {
                serde_json::json!({"Type": "Succeed"})
            } else if idx % 10 == 5 {
                serde_json::json!({"Type": "Choice", "Choices": [
                    {"Variable": "$.total", "NumericGreaterThan": 100, "Next": skip},
                    {"Variable": "$.again", "BooleanEquals": true, "Next": format!("S{}", offset + idx - 3)}],
                    "Default": next})
            } else if idx % 3 == 1 {
                serde_json::json!({"Type": "Task", "Resource": "a", "Next": next,
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": format!("S{}", offset + n - 1)}]})
            } else {
                serde_json::json!({"Type": "Pass", "Next": next})
            };
            states.insert(name, state);
        }
        serde_json::json!({"StartAt": format!("S{offset}"), "States": states})
    };
    if n_states <= per_scope {
        return scope(0, n_states).to_string();
    }
    let mut outer = scope(0, n_states / per_scope + 1);
    for idx in 0..n_states / per_scope {
        let state = &mut outer["States"][format!("S{idx}")];
        if state["Type"] == "Pass" || state["Type"] == "Task" {
            let branches =
                [scope(1000 * (idx + 1), per_scope / 2), scope(1000 * (idx + 1) + 500, per_scope / 2)];
            state["Type"] = "Parallel".into();
            state["Branches"] = branches.to_vec().into();
        }
    }
    outer.to_string()
}

#[test]
fn large_definitions_are_drawn_in_little_time() {
    for (n_states, per_scope) in [(50, 10), (500, 24), (500, 500), (3000, 3000)] {
        let text = generated(n_states, per_scope);
        let document = Document::new(text.as_str(), 0);
        let graph = graph(&document.tree, &document.machine);
        let layout = lay_out(&graph);
        let fastest = (0..5).map(|_| {
            let start = std::time::Instant::now();
            assert_eq!(layout, lay_out(&graph));
            start.elapsed()
        });
        println!("{n_states} states, {per_scope} in a scope: {:?}", fastest.min().unwrap());
        let mut faults = Faults::default();
        check("generated", &graph, &layout, &mut faults);
        println!("{faults:?} {:?}", layout.size);
        assert_eq!(faults.over_boxes, 0);
        if let Some(folder) = std::env::var_os("STEPGLASS_DRAW") {
            let file = format!("generated-{n_states}-{per_scope}.svg");
            std::fs::write(Path::new(&folder).join(file), svg(&graph, &layout)).unwrap();
        }
    }
}

#[test]
fn three_thousand_levels_and_odd_documents_are_drawn() {
    let deep = format!(
        "{}{{\"Type\":\"Pass\",\"End\":true}}{}",
        r#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"M","States":{"M":"#
            .repeat(1500),
        "}}}}}}".repeat(1500)
    );
    let isolated: Vec<String> = (0..400).map(|it| format!(r#""S{it}":{{"Type":"Task"}}"#)).collect();
    let isolated = format!(r#"{{"StartAt":"Nowhere","States":{{{}}}}}"#, isolated.join(","));
    let odd = [
        deep.as_str(),
        isolated.as_str(),
        "",
        "{",
        "[]",
        r#"{"States":{}}"#,
        r#"{"StartAt":"__proto__","States":{"__proto__":{"Type":"Choice","Choices":[{"Next":"__proto__"}],"Default":"__proto__"}}}"#,
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"},"A":{"Type":"Pass","Next":"🚀"},"🚀":{"Type":"Map","End":true}}}"#,
    ];
    for text in odd {
        let document = Document::new(text, 0);
        let graph = graph(&document.tree, &document.machine);
        let layout = lay_out(&graph);
        let mut faults = Faults::default();
        check("odd", &graph, &layout, &mut faults);
        assert_eq!(faults.over_boxes, 0);
        assert_eq!(stepglass::flow::reading_order(&graph).len(), graph.nodes.len());
        assert_eq!(stepglass::flow::node_sentences(&document.machine, &graph).len(), graph.nodes.len());
    }
}
