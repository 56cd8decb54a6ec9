//! The canvas without any run: shapes with their places, and what a screen reader says of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::asl::reading::n_retries;
use crate::asl::{Document, Severity, State, StatePath};
use crate::flow::describe::{edge_sentence, node_sentences};
use crate::flow::drawing::{icon_of, subtitle};
use crate::flow::walk::{Reading, reading_order};
use crate::flow::{EdgeKind, FlowEdge, FlowGraph, FlowNode, Layout, NodeKey, Rect, Shape};
use crate::studio::edit::Scene;
use crate::studio::folding::Folding;
use crate::studio::view::{EdgeView, GraphView, NodeView};
use crate::studio::words::count;

/// The graph of one revision and where everything goes.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    pub graph: Arc<FlowGraph>,
    pub layout: Arc<Layout>,
}

/// Draws a document.
pub fn picture(document: &Document, folding: &Folding) -> Picture {
    let graph = crate::flow::graph_with(&document.tree, &document.machine, &folding.collapsed);
    let layout = crate::flow::lay_out_with(&graph, folding.orientation);
    Picture { graph: Arc::new(graph), layout: Arc::new(layout) }
}

/// The picture as plain data.
pub fn graph_view(document: &Document, picture: &Picture) -> GraphView {
    let graph = &picture.graph;
    let problems = problems_by_state(document);
    let sentences = node_sentences(&document.machine, graph);
    let nodes = reading_order(graph).into_iter().filter_map(|reading| {
        let idx = reading.node.0 as usize;
        let rect = picture.layout.boxes.get(idx).copied().unwrap_or_default();
        let sentence = sentences.get(idx).cloned().unwrap_or_default();
        Some(node_view(document, graph, graph.nodes.get(idx)?, rect, &reading, sentence, &problems))
    });
    let edges = graph.edges.iter().enumerate().map(|(idx, edge)| edge_view(picture, idx, edge));
    let has_states = !document.machine.states.is_empty();
    GraphView {
        nodes: nodes.collect(),
        edges: edges.collect(),
        size: picture.layout.size,
        orientation: picture.layout.orientation,
        empty: (!has_states).then(|| empty_words(document)),
    }
}

fn empty_words(document: &Document) -> String {
    if document.text.trim().is_empty() {
        "Paste a definition, open a file, or add the first state".to_owned()
    } else {
        "There are no states in this text yet: add one, or paste a definition".to_owned()
    }
}

fn problems_by_state(document: &Document) -> BTreeMap<StatePath, (Severity, usize)> {
    let mut problems: BTreeMap<StatePath, (Severity, usize)> = BTreeMap::new();
    for problem in document.diagnostics.iter() {
        if let Some(path) = document.state_at(problem.range.start) {
            let entry = problems.entry(path).or_insert((problem.severity, 0));
            entry.0 = entry.0.min(problem.severity);
            entry.1 += 1;
        }
    }
    problems
}

fn node_view(
    document: &Document,
    graph: &FlowGraph,
    node: &FlowNode,
    rect: Rect,
    reading: &Reading,
    mut sentence: String,
    problems: &BTreeMap<StatePath, (Severity, usize)>,
) -> NodeView {
    let path = match &node.key {
        NodeKey::State(path) => Some(path.clone()),
        _ => None,
    };
    let state = path.as_ref().and_then(|it| document.state(it));
    let problems = path.as_ref().and_then(|it| problems.get(it)).copied();
    let retries = state.map_or(0, n_retries);
    if let Some((_, n)) = problems {
        sentence.push_str(&format!("; {}", count(n, "problem", "problems")));
    }
    NodeView {
        key: node.key.to_string(),
        parent: node.parent.and_then(|it| graph.nodes.get(it.0 as usize)).map(|it| it.key.to_string()),
        shape: node.shape,
        title: title(node),
        icon: state.map_or(icon_of_shape(node.shape), |it| icon_of(&it.kind)),
        subtitle: match node.collapsed {
            Some(inside) => inside.words(),
            None => state.map(|it| subtitle(&document.tree, it)).unwrap_or_default(),
        },
        rect,
        frame: !node.inner.is_empty(),
        collapsed: node.collapsed.is_some(),
        retry_badge: (retries > 0).then_some(retries),
        problems,
        damaged: state.filter(|it| it.broken).map(|it| damaged_words(document, it)),
        sentence,
        level: reading.level,
        position: reading.position,
        set_size: reading.set_size,
        state: path,
    }
}

fn title(node: &FlowNode) -> String {
    match node.shape {
        Shape::Start => "Start".to_owned(),
        Shape::End => "End".to_owned(),
        _ => node.label.clone(),
    }
}

fn damaged_words(document: &Document, state: &State) -> String {
    format!("unfinished text, line {}", Scene::new(document).broken_line(state.range))
}

fn edge_view(picture: &Picture, idx: usize, edge: &FlowEdge) -> EdgeView {
    let node = |idx: u32| picture.graph.nodes.get(idx as usize);
    let route = picture.layout.routes.get(idx).cloned().unwrap_or_default();
    let is_terminal = edge.kind == EdgeKind::End && edge.key.as_str().ends_with("/Type");
    EdgeView {
        key: edge.key.clone(),
        from: node(edge.from.0).map(|it| it.key.to_string()).unwrap_or_default(),
        to: node(edge.to.0).map(|it| it.key.to_string()).unwrap_or_default(),
        kind: edge.kind,
        label: edge.label.clone(),
        label_at: route.label_at,
        rule_number: match edge.kind {
            EdgeKind::Choice(rule) => Some(rule + 1),
            _ => None,
        },
        insert_at: (!is_terminal).then_some(route.insert_at),
        points: route.points,
        sentence: edge_sentence(&picture.graph, edge),
    }
}

fn icon_of_shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Missing | Shape::Unknown => "unknown",
        _ => "",
    }
}
