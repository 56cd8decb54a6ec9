//! The picture in sentences: for screen readers, tooltips, the outline and captions. Says what is
//! drawn, in the words of the picture.

use std::fmt::Write as _;

use crate::asl::reading::{kind_word, n_retries};
use crate::asl::{Machine, State, StateKind};
use crate::flow::graph::{EdgeKind, FlowEdge, FlowGraph, FlowNode, NodeIdx, NodeKey, Shape};
use crate::flow::walk::{Reading, reading_order};

/// The sentence of every node, in the order of [`FlowGraph::nodes`]: “Charge card, task, step 3
/// of 9; next Ship order; on Card.Declined goes to Refund; retries 3 times”.
pub fn node_sentences(machine: &Machine, graph: &FlowGraph, order: &[Reading]) -> Vec<String> {
    let outs = outs(graph);
    let mut sentences = vec![String::new(); graph.nodes.len()];
    for reading in order {
        let idx = reading.node.0 as usize;
        if let (Some(node), Some(outs), Some(slot)) =
            (graph.nodes.get(idx), outs.get(idx), sentences.get_mut(idx))
        {
            *slot = node_sentence(machine, graph, node, reading, outs);
        }
    }
    sentences
}

/// “From In stock? to Charge card when total > 500”.
pub fn edge_sentence(graph: &FlowGraph, edge: &FlowEdge) -> String {
    let from = place_name(graph, edge.from);
    let to = place_name(graph, edge.to);
    match edge.kind {
        EdgeKind::Start | EdgeKind::Next | EdgeKind::End => format!("From {from} to {to}"),
        EdgeKind::Choice(_) if edge.reading.is_empty() => format!("From {from} to {to} by a rule"),
        EdgeKind::Choice(_) => format!("From {from} to {to} when {}", edge.reading),
        EdgeKind::Default => format!("From {from} to {to} otherwise"),
        EdgeKind::Catch(_) if edge.reading.is_empty() => format!("From {from} to {to} on no error"),
        EdgeKind::Catch(_) => format!("From {from} to {to} on {}", edge.reading),
    }
}

/// The whole graph as plain text: one line for each state, indented by nesting.
pub fn outline(machine: &Machine, graph: &FlowGraph) -> String {
    let order = reading_order(graph);
    let sentences = node_sentences(machine, graph, &order);
    let mut text = String::new();
    for reading in order.iter().filter(|it| 0 < it.position) {
        let indent = (reading.level.saturating_sub(1) * 2) as usize;
        let sentence = sentences.get(reading.node.0 as usize).map_or("", |it| it.as_str());
        let _ = writeln!(text, "{:indent$}{sentence}", "");
    }
    text
}

fn node_sentence(
    machine: &Machine,
    graph: &FlowGraph,
    node: &FlowNode,
    reading: &Reading,
    outs: &[&FlowEdge],
) -> String {
    let mut sentence = match (&node.key, node.shape) {
        (NodeKey::Start(_), _) => "Start".to_owned(),
        (NodeKey::End(_), _) => return "End".to_owned(),
        (NodeKey::Missing(_, name), _) => return format!("“{name}”, a state that does not exist"),
        (NodeKey::State(_), shape) => {
            let state = state(machine, node);
            let kind = state.map_or("state", |it| kind_word(&it.kind));
            let kind = if shape == Shape::Unknown { "state of unknown type" } else { kind };
            let mut words = format!("{}, {kind}", name_or_empty(&node.label));
            match (node.collapsed, state.and_then(inside)) {
                (Some(inside), _) => drop(write!(words, ", collapsed, {}", inside.words())),
                (None, Some(inside)) => drop(write!(words, " with {inside}")),
                (None, None) => {}
            }
            let _ = write!(words, ", step {} of {}", reading.position, reading.set_size);
            words
        }
    };
    for edge in outs {
        let to = place_name(graph, edge.to);
        let _ = match edge.kind {
            EdgeKind::Start => write!(sentence, "; first {to}"),
            EdgeKind::Next => write!(sentence, "; next {to}"),
            EdgeKind::Choice(_) => write!(sentence, "; when {} goes to {to}", edge.reading),
            EdgeKind::Default => write!(sentence, "; otherwise goes to {to}"),
            EdgeKind::Catch(_) => write!(sentence, "; on {} goes to {to}", edge.reading),
            EdgeKind::End => write!(sentence, "; ends here"),
        };
    }
    let n_retries = state(machine, node).map_or(0, n_retries);
    let _ = match n_retries {
        0 => Ok(()),
        1 => write!(sentence, "; retries once"),
        _ => write!(sentence, "; retries {n_retries} times"),
    };
    if node.folded {
        sentence.push_str("; nested too deep to be drawn");
    }
    if node.damaged {
        sentence.push_str("; unfinished text");
    }
    sentence
}

fn inside(state: &State) -> Option<String> {
    match &state.kind {
        StateKind::Parallel { branches } if branches.len() == 1 => Some("1 branch".to_owned()),
        StateKind::Parallel { branches } => Some(format!("{} branches", branches.len())),
        _ => None,
    }
}

fn state<'m>(machine: &'m Machine, node: &FlowNode) -> Option<&'m State> {
    match &node.key {
        NodeKey::State(path) => machine.find(path).map(|it| it.1),
        _ => None,
    }
}

fn place_name(graph: &FlowGraph, idx: NodeIdx) -> String {
    match graph.nodes.get(idx.0 as usize).map(|it| (&it.key, &it.label)) {
        Some((NodeKey::Start(_), _)) => "the start".to_owned(),
        Some((NodeKey::End(_), _)) => "the end".to_owned(),
        Some((NodeKey::Missing(_, name), _)) => format!("“{name}”, which does not exist"),
        Some((NodeKey::State(_), label)) => name_or_empty(label).to_owned(),
        None => "nowhere".to_owned(),
    }
}

fn name_or_empty(label: &str) -> &str {
    if label.is_empty() { "a state without a name" } else { label }
}

fn outs(graph: &FlowGraph) -> Vec<Vec<&FlowEdge>> {
    let mut outs = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        if let Some(slot) = outs.get_mut(edge.from.0 as usize) {
            slot.push(edge);
        }
    }
    outs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::lower::lower;
    use crate::flow::graph;
    use crate::json::parse;

    fn check(text: &str, expected: &str) {
        let tree = parse(text);
        let machine = lower(&tree);
        assert_eq!(outline(&machine, &graph(&tree, &machine)), expected);
    }

    #[test]
    fn outline_tells_ways_errors_and_retries() {
        check(
            r#"{"StartAt":"In stock?","States":{
                "In stock?":{"Type":"Choice","Choices":[{"Variable":"$.qty","NumericGreaterThan":0,"Next":"Charge card"}],"Default":"Gone"},
                "Charge card":{"Type":"Task","Resource":"a","Next":"Ship",
                    "Retry":[{"ErrorEquals":["Busy"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Refund"}]},
                "Ship":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"Pack","States":{"Pack":{"Type":"Pass","End":true}}}]},
                "Refund":{"Type":"Fail"}}}"#,
            "In stock?, choice, step 1 of 5; when qty > 0 goes to Charge card; otherwise goes to “Gone”, which does not exist\n\
             Charge card, task, step 2 of 5; next Ship; on any error goes to Refund; retries 3 times\n\
             Ship, parallel with 1 branch, step 3 of 5; ends here\n  \
             Pack, pass, step 1 of 1; ends here\n\
             Refund, fail, step 4 of 5\n\
             “Gone”, a state that does not exist\n",
        );
    }

    #[test]
    fn an_edge_tells_both_ends_and_its_reason() {
        let tree = parse(
            r#"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.total","NumericGreaterThan":500,"Next":"B"}],"Default":"A"},"B":{"Type":"Succeed"}}}"#,
        );
        let graph = graph(&tree, &lower(&tree));
        let sentences: Vec<String> = graph.edges.iter().map(|it| edge_sentence(&graph, it)).collect();
        assert_eq!(
            sentences,
            ["From the start to A", "From A to B when total > 500", "From A to A otherwise"]
        );
    }
}
