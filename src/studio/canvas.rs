//! The canvas without any run: shapes with their places, and what a screen reader says of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::asl::reading::n_retries;
use crate::asl::{Document, Severity, Since, State, StatePath};
use crate::flow::describe::{edge_sentence, node_sentences};
use crate::flow::drawing::face;
use crate::flow::walk::{Reading, reading_order};
use crate::flow::{Drawn, EdgeKind, FlowEdge, FlowGraph, FlowNode, Layout, NodeKey, Rect, Shape, reads_as};
use crate::studio::edit::Scene;
use crate::studio::folding::Folding;
use crate::studio::view::{EdgeView, GraphView, NodeView};
use crate::studio::words::count;

/// The graph of one revision and where everything goes.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    pub graph: Arc<FlowGraph>,
    pub layout: Arc<Layout>,
    drawn: Arc<Drawn>,
    /// Of the document that it was drawn of last; none where another document took its place.
    pub revision: Option<u64>,
    collapsed: BTreeSet<StatePath>,
}

/// The canvas of one revision and what it was made of.
#[derive(Clone, Debug, Default)]
pub struct Canvas {
    pub picture: Picture,
    facts: Arc<[Facts]>,
    pub view: Arc<GraphView>,
}

/// What a node shows of its state besides what the graph tells: together they decide all of it.
#[derive(Clone, PartialEq, Debug, Default)]
struct Facts {
    icon: &'static str,
    subtitle: String,
    n_retries: u64,
    problems: Option<(Severity, usize)>,
    damaged: Option<String>,
}

/// A text above this size is kept and checked, but not drawn.
const MAX_DRAWN_BYTES: usize = 2 << 20;

/// Draws a document. Most keys change nothing that is drawn: where one state says something else and
/// the words on its connections are the same, or the graph is that of the picture before, nothing is
/// laid out again. Otherwise, what is as it was before keeps its layout.
pub fn picture(document: &Document, folding: &Folding, before: Option<&Picture>) -> Picture {
    if MAX_DRAWN_BYTES <= document.text.len() {
        return Picture::default();
    }
    let (revision, collapsed) = (Some(document.revision), folding.collapsed.clone());
    let drawn = before.map(|it| it.drawn.clone()).unwrap_or_default();
    let before = before.filter(|it| it.layout.orientation == folding.orientation);
    let kept = |it: &Picture| Picture { revision, ..it.clone() };
    if let Some(before) = before.filter(|it| it.collapsed == collapsed)
        && let Some(state) = retyped_since(document, before)
        && state.is_none_or(|it| reads_as(&before.graph, &document.tree, it))
    {
        return kept(before);
    }
    let graph = crate::flow::graph_with(&document.tree, &document.machine, &collapsed);
    match before.filter(|it| *it.graph == graph) {
        Some(before) => Picture { collapsed, ..kept(before) },
        None => {
            let (layout, drawn) = crate::flow::lay_out_after(&graph, folding.orientation, &drawn);
            let (graph, layout, drawn) = (Arc::new(graph), Arc::new(layout), Arc::new(drawn));
            Picture { graph, layout, drawn, revision, collapsed }
        }
    }
}

/// The one state that is not as it was when the picture was drawn, if no more than that can be.
fn retyped_since<'d>(document: &'d Document, before: &Picture) -> Option<Option<&'d State>> {
    match document.since {
        Since::Inside(state) if before.revision.map(|it| it + 1) == Some(document.revision) => {
            Some(state.and_then(|it| document.machine.state(it)))
        }
        _ => None,
    }
}

/// The picture as plain data. Where all it is made of is as it was before, it is the same view.
pub fn canvas(document: &Document, picture: &Picture, before: Option<&Canvas>) -> Canvas {
    let before = before.filter(|it| Arc::ptr_eq(&it.picture.layout, &picture.layout));
    let facts = match before.and_then(|it| Some((it, retyped_since(document, &it.picture)?))) {
        Some((before, state)) => facts_after(document, &picture.graph, &before.facts, state),
        None => facts(document, &picture.graph),
    };
    let is_same = |it: &&Canvas| it.facts == facts && !facts.is_empty();
    let view = match before.filter(is_same) {
        Some(before) => before.view.clone(),
        None => Arc::new(graph_view(document, picture, &facts)),
    };
    Canvas { picture: picture.clone(), facts, view }
}

fn graph_view(document: &Document, picture: &Picture, facts: &[Facts]) -> GraphView {
    let graph = &picture.graph;
    let order = reading_order(graph);
    let mut sentences = node_sentences(&document.machine, graph, &order);
    let keys: Vec<String> = graph.nodes.iter().map(|it| key_text(&it.key)).collect();
    let nodes = order.iter().filter_map(|reading| {
        let idx = reading.node.0 as usize;
        let rect = picture.layout.boxes.get(idx).copied().unwrap_or_default();
        let sentence = sentences.get_mut(idx).map(std::mem::take).unwrap_or_default();
        Some(node_view(&keys, graph.nodes.get(idx)?, rect, reading, sentence, facts.get(idx)?.clone()))
    });
    let nodes = nodes.collect();
    let edges = graph.edges.iter().enumerate().map(|(idx, edge)| edge_view(picture, &keys, idx, edge));
    GraphView {
        nodes,
        edges: edges.collect(),
        size: picture.layout.size,
        orientation: picture.layout.orientation,
        empty: empty_words(document),
    }
}

/// What to say in place of a picture, where there is none.
fn empty_words(document: &Document) -> Option<String> {
    let n_bytes = document.text.len();
    if MAX_DRAWN_BYTES <= n_bytes {
        let megabytes = n_bytes as f64 / 1e6;
        Some(format!("This text has {megabytes:.1} MB, too much to draw; Step Functions takes up to 1 MB"))
    } else if !document.machine.states.is_empty() {
        None
    } else if document.text.trim().is_empty() {
        Some("Paste a definition, open a file, or add the first state".to_owned())
    } else {
        Some("There are no states in this text yet: add one, or paste a definition".to_owned())
    }
}

/// By node, in the order of the graph.
fn facts(document: &Document, graph: &FlowGraph) -> Arc<[Facts]> {
    let problems = problems_by_state(document);
    graph.nodes.iter().map(|it| facts_of(document, it, &problems)).collect()
}

/// The same when no state but this one can have others than before.
fn facts_after(
    document: &Document,
    graph: &FlowGraph,
    before: &Arc<[Facts]>,
    state: Option<&State>,
) -> Arc<[Facts]> {
    let is_drawn = |node: &FlowNode| match (&node.key, state) {
        (NodeKey::State(path), Some(state)) => *path == state.path,
        _ => false,
    };
    let Some(idx) = graph.nodes.iter().position(is_drawn) else { return before.clone() };
    let facts = graph.nodes.get(idx).map(|it| facts_of(document, it, &problems_by_state(document)));
    if before.get(idx) == facts.as_ref() {
        return before.clone();
    }
    let mut after: Arc<[Facts]> = before.iter().cloned().collect();
    if let (Some(slot), Some(facts)) = (Arc::get_mut(&mut after).and_then(|it| it.get_mut(idx)), facts) {
        *slot = facts;
    }
    after
}

fn facts_of(
    document: &Document,
    node: &FlowNode,
    problems: &BTreeMap<StatePath, (Severity, usize)>,
) -> Facts {
    let NodeKey::State(path) = &node.key else {
        return Facts { icon: icon_of_shape(node.shape), ..Facts::default() };
    };
    let state = document.state(path);
    let face = state.map(|it| face(&document.tree, it));
    let (icon, subtitle) = face.unwrap_or_else(|| (icon_of_shape(node.shape), String::new()));
    Facts {
        icon,
        subtitle: node.collapsed.map_or(subtitle, |it| it.words()),
        n_retries: state.map_or(0, n_retries),
        problems: problems.get(path).copied(),
        damaged: state.filter(|it| it.broken).map(|it| damaged_words(document, it)),
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

/// The key as text. Most are those of states, which are text already.
fn key_text(key: &NodeKey) -> String {
    match key {
        NodeKey::State(path) => path.as_str().to_owned(),
        key => key.to_string(),
    }
}

fn node_view(
    keys: &[String],
    node: &FlowNode,
    rect: Rect,
    reading: &Reading,
    mut sentence: String,
    facts: Facts,
) -> NodeView {
    if let Some((_, n)) = facts.problems {
        sentence.push_str(&format!("; {}", count(n, "problem", "problems")));
    }
    NodeView {
        key: keys.get(reading.node.0 as usize).cloned().unwrap_or_default(),
        parent: node.parent.and_then(|it| keys.get(it.0 as usize)).cloned(),
        shape: node.shape,
        title: title(node),
        icon: facts.icon,
        subtitle: facts.subtitle,
        rect,
        frame: !node.inner.is_empty(),
        collapsed: node.collapsed.is_some(),
        retry_badge: (facts.n_retries > 0).then_some(facts.n_retries),
        problems: facts.problems,
        damaged: facts.damaged,
        sentence,
        level: reading.level,
        position: reading.position,
        set_size: reading.set_size,
        state: match &node.key {
            NodeKey::State(path) => Some(path.clone()),
            _ => None,
        },
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

fn edge_view(picture: &Picture, keys: &[String], idx: usize, edge: &FlowEdge) -> EdgeView {
    let key = |idx: u32| keys.get(idx as usize).cloned().unwrap_or_default();
    let route = picture.layout.routes.get(idx).cloned().unwrap_or_default();
    let is_terminal = edge.kind == EdgeKind::End && edge.key.as_str().ends_with("/Type");
    EdgeView {
        key: edge.key.clone(),
        from: key(edge.from.0),
        to: key(edge.to.0),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Orientation;
    use crate::text::{TextEdit, TextRange};

    const TEXT: &str = r#"{"StartAt":"Ask","States":{
"Ask":{"Type":"Choice","Choices":[{"Variable":"$.n","IsNull":true,"Next":"Both"}],"Default":"Call"},
"Call":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Retry":[{"ErrorEquals":["A"],"MaxAttempts":2}],"Comment":"one","Next":"Both"},
"Both":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":5,"End":true}}}]}}}"#;

    #[test]
    fn what_is_taken_from_the_view_before_is_as_if_drawn_anew() {
        let open = Folding::default();
        let collapsed = [StatePath::new("/States/Both")].into_iter().collect();
        let folded = Folding { collapsed, orientation: Orientation::Horizontal };
        for folding in [open, folded] {
            let mut before: Option<Canvas> = None;
            let mut n_taken = 0;
            for (at, typed) in (0..TEXT.len()).flat_map(|at| [(at, ""), (at, "7"), (at, "x")]) {
                let text = format!("{}{typed}{}", &TEXT[..at], &TEXT[at + usize::from(typed.is_empty())..]);
                let document = Document::new(text, 1);
                let old = before.as_ref();
                let now = canvas(&document, &picture(&document, &folding, old.map(|it| &it.picture)), old);
                let anew = canvas(&document, &picture(&document, &folding, None), None);
                assert_eq!(now.view, anew.view, "“{typed}” at {at}");
                n_taken += usize::from(old.is_some_and(|it| Arc::ptr_eq(&it.view, &now.view)));
                before = Some(now);
            }
            assert!(100 < n_taken, "{n_taken} views are like the one before");
        }
    }

    #[test]
    fn typing_inside_of_values_changes_the_view_where_it_shows() {
        let mut document = Document::new(TEXT, 1);
        let folding = Folding::default();
        let mut before = canvas(&document, &picture(&document, &folding, None), None);
        let (mut n_taken, mut n_drawn) = (0, 0);
        for at in 0..TEXT.len() {
            for edit in [TextEdit::insert(at, "7"), TextEdit::delete(TextRange::new(at, at + 1))] {
                if document.retyped(&edit).is_none() {
                    continue;
                }
                document.edit(&edit);
                let now = picture(&document, &folding, Some(&before.picture));
                let now = canvas(&document, &now, Some(&before));
                let anew = canvas(&document, &picture(&document, &folding, None), None);
                assert_eq!(now.view, anew.view, "{edit:?}");
                let is_taken = Arc::ptr_eq(&before.view, &now.view);
                n_taken += usize::from(is_taken);
                n_drawn += usize::from(!is_taken);
                before = now;
            }
        }
        assert!(20 < n_taken && 20 < n_drawn, "{n_taken} {n_drawn}");
    }
}
