//! The canvas without any run: shapes with their places, and what a screen reader says of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::asl::reading::{call_reading, kind_word, n_retries, short_reading_of_rule};
use crate::asl::{Document, Resource, Severity, State, StateKind, StatePath};
use crate::flow::{EdgeKind, FlowEdge, FlowGraph, FlowNode, Layout, NodeKey, Rect, Shape};
use crate::studio::view::{EdgeView, GraphView, NodeView};
use crate::studio::words::count;

/// The graph of one revision and where everything goes.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    pub graph: Arc<FlowGraph>,
    pub layout: Arc<Layout>,
}

/// Draws a document.
pub fn picture(document: &Document) -> Picture {
    let graph = crate::flow::graph(&document.tree, &document.machine);
    let layout = crate::flow::lay_out(&graph);
    Picture { graph: Arc::new(graph), layout: Arc::new(layout) }
}

/// The picture as plain data.
pub fn graph_view(document: &Document, picture: &Picture) -> GraphView {
    let graph = &picture.graph;
    let problems = problems_by_state(document);
    let places = places(graph);
    let nodes = graph.nodes.iter().enumerate().map(|(idx, node)| {
        let rect = picture.layout.boxes.get(idx).copied().unwrap_or_default();
        let place = places.get(idx).copied().unwrap_or_default();
        node_view(document, graph, idx, node, rect, place, &problems)
    });
    let edges = graph.edges.iter().enumerate().map(|(idx, edge)| edge_view(document, picture, idx, edge));
    let has_states = !document.machine.states.is_empty();
    GraphView {
        nodes: nodes.collect(),
        edges: edges.collect(),
        size: picture.layout.size,
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

#[derive(Clone, Copy, Default)]
struct Place {
    level: u32,
    position: u32,
    set_size: u32,
}

/// Where each state stands in the tree that a screen reader walks.
fn places(graph: &FlowGraph) -> Vec<Place> {
    let mut n_siblings: BTreeMap<Option<u32>, u32> = BTreeMap::new();
    let mut places: Vec<Place> = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        let parent = node.parent.map(|it| it.0);
        // Outer nodes come before inner ones, so the level of the parent is known.
        let level = parent.and_then(|it| places.get(it as usize)).map_or(1, |it| it.level + 1);
        let position = match node.key {
            NodeKey::State(_) => {
                let n = n_siblings.entry(parent).or_default();
                *n += 1;
                *n
            }
            _ => 0,
        };
        places.push(Place { level, position, set_size: 0 });
    }
    for (node, place) in graph.nodes.iter().zip(&mut places) {
        place.set_size = n_siblings.get(&node.parent.map(|it| it.0)).copied().unwrap_or(0);
    }
    places
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
    idx: usize,
    node: &FlowNode,
    rect: Rect,
    place: Place,
    problems: &BTreeMap<StatePath, (Severity, usize)>,
) -> NodeView {
    let path = match &node.key {
        NodeKey::State(path) => Some(path.clone()),
        _ => None,
    };
    let state = path.as_ref().and_then(|it| document.state(it));
    let problems = path.as_ref().and_then(|it| problems.get(it)).copied();
    let retries = state.map_or(0, n_retries);
    let damaged = state.filter(|it| it.broken).map(|it| damaged_words(document, it));
    let mut view = NodeView {
        key: node.key.to_string(),
        parent: node.parent.and_then(|it| graph.nodes.get(it.0 as usize)).map(|it| it.key.to_string()),
        shape: node.shape,
        title: title(node),
        icon: state.map_or(icon_of_shape(node.shape), |it| icon_of(&it.kind)),
        subtitle: state.map(|it| subtitle(document, it)).unwrap_or_default(),
        rect,
        frame: !node.inner.is_empty(),
        retry_badge: (retries > 0).then_some(retries),
        problems,
        damaged,
        sentence: String::new(),
        level: place.level,
        position: place.position,
        set_size: place.set_size,
        state: path,
    };
    view.sentence = sentence(document, graph, idx, &view, state);
    view
}

fn title(node: &FlowNode) -> String {
    match node.shape {
        Shape::Start => "Start".to_owned(),
        Shape::End => "End".to_owned(),
        _ => node.label.clone(),
    }
}

fn damaged_words(document: &Document, state: &State) -> String {
    let errors = document.tree.errors();
    let inside = errors.iter().find(|it| state.range.contains_inclusive(it.range.start));
    let at = inside.map_or(state.range.start, |it| it.range.start);
    format!("unfinished text, line {}", document.line_index.line_column(at).line + 1)
}

fn subtitle(document: &Document, state: &State) -> String {
    match &state.kind {
        StateKind::Task { .. } => call_reading(&document.tree, state).unwrap_or_default(),
        StateKind::Parallel { branches } => count(branches.len(), "branch", "branches"),
        StateKind::Map { .. } => {
            let limit =
                document.tree.get(state.node, "MaxConcurrency").and_then(|it| document.tree.number(it));
            match limit {
                Some("0") | None => "for each item".to_owned(),
                Some("1") => "for each item, one after the other".to_owned(),
                Some(limit) => format!("for each item, {limit} at a time"),
            }
        }
        StateKind::Wait => wait_words(document, state),
        StateKind::Unknown { type_text: Some(text) } if !text.is_empty() => format!("unknown type “{text}”"),
        StateKind::Unknown { .. } => "no type yet".to_owned(),
        StateKind::Fail => document
            .tree
            .get(state.node, "Error")
            .and_then(|it| document.tree.string(it))
            .map(|it| it.into_owned())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn wait_words(document: &Document, state: &State) -> String {
    let tree = &document.tree;
    let seconds = tree.get(state.node, "Seconds").and_then(|it| tree.number(it));
    if let Some(seconds) = seconds.and_then(|it| it.parse::<u64>().ok()) {
        return crate::studio::words::duration(seconds.saturating_mul(1_000));
    }
    let until = ["Timestamp", "TimestampPath", "SecondsPath", "Seconds"];
    let text = until.iter().find_map(|it| tree.get(state.node, it)).and_then(|it| tree.string(it));
    text.map(|it| crate::asl::reading::shortened(&it)).unwrap_or_default()
}

/// “Charge card, task, step 3 of 9; next Ship order; on Declined goes to Refund; 1 problem”.
fn sentence(
    document: &Document,
    graph: &FlowGraph,
    idx: usize,
    view: &NodeView,
    state: Option<&State>,
) -> String {
    let Some(state) = state else {
        return match view.shape {
            Shape::Missing => format!("{}, a state that does not exist", view.title),
            _ => view.title.clone(),
        };
    };
    let mut parts = vec![format!(
        "{}, {}, step {} of {}",
        view.title,
        kind_word(&state.kind),
        view.position,
        view.set_size
    )];
    if !view.subtitle.is_empty() {
        parts.push(view.subtitle.clone());
    }
    for edge in graph.edges.iter().filter(|it| it.from.0 as usize == idx) {
        let to = graph.nodes.get(edge.to.0 as usize).map(title).unwrap_or_default();
        parts.push(match edge.kind {
            EdgeKind::End => "ends here".to_owned(),
            EdgeKind::Next | EdgeKind::Start => format!("next {to}"),
            EdgeKind::Choice(_) => format!("when {} goes to {to}", edge.label),
            EdgeKind::Default => format!("otherwise goes to {to}"),
            EdgeKind::Catch(_) => format!("on {} goes to {to}", edge.label),
        });
    }
    if let Some(n) = view.retry_badge {
        parts.push(format!(
            "repeated up to {}",
            count(usize::try_from(n).unwrap_or(usize::MAX), "time", "times")
        ));
    }
    if let Some((_, n)) = view.problems {
        parts.push(count(n, "problem", "problems"));
    }
    parts.extend(view.damaged.clone());
    let _ = document;
    parts.join("; ")
}

fn edge_view(document: &Document, picture: &Picture, idx: usize, edge: &FlowEdge) -> EdgeView {
    let node = |idx: u32| picture.graph.nodes.get(idx as usize);
    let route = picture.layout.routes.get(idx).cloned().unwrap_or_default();
    let name = |idx: u32| node(idx).map(title).unwrap_or_default();
    let (from, to) = (name(edge.from.0), name(edge.to.0));
    let sentence = match edge.kind {
        EdgeKind::Choice(rule) => {
            let full = rule_words(document, edge, rule).unwrap_or_else(|| edge.label.clone());
            format!("From {from} to {to} when {full}")
        }
        EdgeKind::Default => format!("From {from} to {to} otherwise"),
        EdgeKind::Catch(_) => format!("From {from} to {to} on {}", edge.label),
        _ => format!("From {from} to {to}"),
    };
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
        sentence,
    }
}

fn rule_words(document: &Document, edge: &FlowEdge, rule: usize) -> Option<String> {
    let state = document.state(&edge.key.source()?)?;
    let StateKind::Choice { rules, .. } = &state.kind else { return None };
    Some(short_reading_of_rule(&document.tree, rules.get(rule)?.node))
}

/// The symbol for a state: that of the service it calls, or of its kind.
pub fn icon_of(kind: &StateKind) -> &'static str {
    match kind {
        StateKind::Task { resource: Some(resource) } => Resource::parse(resource).icon(),
        StateKind::Task { resource: None } => "api",
        StateKind::Pass => "pass",
        StateKind::Choice { .. } => "choice",
        StateKind::Wait => "wait",
        StateKind::Succeed => "succeed",
        StateKind::Fail => "fail",
        StateKind::Parallel { .. } => "parallel",
        StateKind::Map { .. } => "map",
        StateKind::Unknown { .. } => "unknown",
    }
}

fn icon_of_shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Missing | Shape::Unknown => "unknown",
        _ => "",
    }
}
