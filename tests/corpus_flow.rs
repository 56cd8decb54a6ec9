//! Every published workflow and every recorded definition is drawn, and the picture keeps its
//! promises: boxes of one scope never overlap, frames hold what is inside, lines touch what they
//! connect and run over nothing else. With `STEPGLASS_DRAW` set to a folder, the pictures are
//! written there for people to look at.

mod pictures;

use std::path::Path;

use pictures::{Faults, RANDOM, check, published, recorded};
use proptest::prelude::*;
use stepglass::asl::{Document, EdgeKey, ScopePath, StateKind, StatePath, StateType};
use stepglass::flow::{
    EdgeKind, FlowEdge, FlowGraph, FlowNode, Layout, NodeIdx, NodeKey, Orientation, Shape, SizeHint, graph,
    graph_with, lay_out, lay_out_with,
};

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

/// Draws a text downwards and to the right, open and with frames collapsed.
fn draw(name: &str, text: &str, faults: &mut [Faults; 3]) {
    let document = Document::new(text, 0);
    let frames: Vec<StatePath> = document
        .machine
        .states
        .iter()
        .filter(|it| matches!(it.kind, StateKind::Parallel { .. } | StateKind::Map { .. }))
        .map(|it| it.path.clone())
        .collect();
    let open = graph(&document.tree, &document.machine);
    let down = lay_out(&open);
    write(name, &document, &open, &down);
    check(name, &open, &down, &mut faults[0]);
    let right = lay_out_with(&open, Orientation::Horizontal);
    write(&format!("{name}-right"), &document, &open, &right);
    check(&format!("{name} to the right"), &open, &right, &mut faults[1]);
    if frames.is_empty() {
        return;
    }
    let every = frames.iter().cloned().collect();
    let second = frames.iter().skip(1).step_by(2).cloned().collect();
    for (n, collapsed) in [every, second].iter().enumerate() {
        let graph = graph_with(&document.tree, &document.machine, collapsed);
        for orientation in [Orientation::Vertical, Orientation::Horizontal] {
            let layout = lay_out_with(&graph, orientation);
            check(&format!("{name} collapsed {n} {orientation:?}"), &graph, &layout, &mut faults[2]);
        }
    }
}

/// Writes the picture for people who work on the layout.
fn write(name: &str, document: &Document, graph: &FlowGraph, layout: &Layout) {
    if let Some(folder) = std::env::var_os("STEPGLASS_DRAW") {
        let file: String =
            name.chars().map(|it| if it.is_alphanumeric() || it == '-' { it } else { '_' }).collect();
        std::fs::create_dir_all(&folder).unwrap();
        let svg = stepglass::export::svg::picture(document, graph, layout, name);
        std::fs::write(Path::new(&folder).join(format!("{file}.svg")), svg).unwrap();
    }
}

/// Nothing lies on anything else.
#[track_caller]
fn check_clean(faults: &[Faults; 3]) {
    for (faults, what) in faults.iter().zip(["down", "to the right", "collapsed"]) {
        println!("{what}: {faults:?}");
        assert_eq!(faults.over_boxes, 0, "{what}");
        assert_eq!(faults.labels_over_boxes + faults.labels_over_labels, 0, "{what}");
        assert_eq!(faults.labels_over_lines + faults.shared_lines, 0, "{what}");
    }
}

#[test]
fn published_workflows_are_drawn_without_overlap() {
    let mut faults = <[Faults; 3]>::default();
    for (name, text) in published() {
        draw(&name, &text, &mut faults);
    }
    check_clean(&faults);
}

#[test]
fn samples_are_drawn_without_a_fault() {
    let mut faults = <[Faults; 3]>::default();
    for (name, text) in samples() {
        draw(&name, &text, &mut faults);
    }
    check_clean(&faults);
    assert_eq!(faults[0].crossings, 0);
}

#[test]
fn recorded_definitions_are_drawn_without_overlap() {
    let mut faults = <[Faults; 3]>::default();
    for (name, text) in recorded() {
        draw(&name, &text, &mut faults);
    }
    check_clean(&faults);
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
        let (from, to) = (from % n_nodes, to % n_nodes);
        // The one line from the dot says nothing and leads to a state.
        let kind = if from == 0 { &3 } else { kind };
        if from == 0 && to == 0 {
            continue;
        }
        let kind = match kind {
            0 => EdgeKind::Catch(idx),
            1 => EdgeKind::Default,
            2 => EdgeKind::Choice(idx),
            _ => EdgeKind::Next,
        };
        let label = if kind == EdgeKind::Next { String::new() } else { format!("link {idx}") };
        graph.edges.push(FlowEdge {
            key: EdgeKey::new(format!("/{idx}")),
            from: NodeIdx(from as u32),
            to: NodeIdx(to as u32),
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
        for orientation in [Orientation::Vertical, Orientation::Horizontal] {
            let mut faults = Faults::default();
            let layout = lay_out_with(&graph, orientation);
            check(RANDOM, &graph, &layout, &mut faults);
            prop_assert_eq!(&layout, &lay_out_with(&graph, orientation));
            prop_assert_eq!(faults.over_boxes, 0);
            prop_assert_eq!(faults.labels_over_boxes + faults.labels_over_labels, 0);
        }
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
        write(&format!("generated-{n_states}-{per_scope}"), &document, &graph, &layout);
    }
}

/// Generated ones that are hard to draw: many rules, loops into loops, catches out of frames.
fn hard_ones() -> Vec<(String, String)> {
    use serde_json::{Map, Value, json};
    let long = "a rather long name of a state that nobody should have to read at once";
    let rules: Vec<Value> = (0..12)
        .map(|it| {
            let variable = format!("$.order.customer.address.country{it}");
            json!({"Variable": variable, "StringEquals": format!("country number {it}"), "Next": format!("Rule {it}")})
        })
        .collect();
    let mut states = Map::new();
    states.insert("Which?".into(), json!({"Type": "Choice", "Choices": rules, "Default": long}));
    for idx in 0..12 {
        let next = if idx % 4 == 3 { "Which?".to_owned() } else { format!("Join {}", idx / 6) };
        let catch = json!([{"ErrorEquals": ["States.Timeout", "States.TaskFailed"], "Next": "Failed"}]);
        let state = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": next, "Catch": catch});
        states.insert(format!("Rule {idx}"), state);
    }
    states.insert(long.into(), json!({"Type": "Pass", "Next": "Join 1"}));
    states.insert("Join 0".into(), json!({"Type": "Pass", "Next": "Join 1"}));
    states.insert("Join 1".into(), json!({"Type": "Succeed"}));
    states.insert("Failed".into(), json!({"Type": "Fail"}));
    let rules = json!({"StartAt": "Which?", "States": states});

    let mut states = Map::new();
    for idx in 0..9 {
        let back =
            |it: usize| json!({"Variable": "$.again", "BooleanEquals": true, "Next": format!("Step {it}")});
        let state = match idx % 3 {
            2 => {
                json!({"Type": "Choice", "Choices": [back(idx - 1), back(idx - 2), back(0)], "Default": format!("Step {}", idx + 1)})
            }
            _ => json!({"Type": "Task", "Resource": "a", "Next": format!("Step {}", idx + 1),
                "Catch": [{"ErrorEquals": ["Again.Soon"], "Next": format!("Step {idx}")}, {"ErrorEquals": ["States.ALL"], "Next": "Step 0"}]}),
        };
        states.insert(format!("Step {idx}"), state);
    }
    states.insert("Step 9".into(), json!({"Type": "Wait", "Seconds": 5, "Next": "Step 3"}));
    let loops = json!({"StartAt": "Step 0", "States": states});

    let mut inner = json!({"StartAt": "Deep", "States": {"Deep": {"Type": "Task", "Resource": "a", "End": true,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Mend"}]}, "Mend": {"Type": "Pass", "End": true}}});
    for level in 0..3 {
        let catch = json!([{"ErrorEquals": ["Card.Declined", "Card.Expired"], "Next": "Refund"}, {"ErrorEquals": ["States.ALL"], "Next": "Give up"}]);
        let (kind, field, value) = match level % 2 {
            0 => (
                "Parallel",
                "Branches",
                json!([inner, {"StartAt": "Aside", "States": {"Aside": {"Type": "Wait", "Seconds": 1, "End": true}}}]),
            ),
            _ => ("Map", "ItemProcessor", inner),
        };
        inner = json!({"StartAt": "Before", "States": {
            "Before": {"Type": "Choice", "Choices": [{"Variable": "$.skip", "IsPresent": true, "Next": "Give up"}], "Default": "Frame"},
            "Frame": {"Type": kind, field: value, "Catch": catch, "Next": "After"},
            "After": {"Type": "Pass", "Next": "Before"},
            "Refund": {"Type": "Task", "Resource": "a", "Next": "Frame"},
            "Give up": {"Type": "Fail"}}});
    }
    let named = [("rules", rules), ("loops", loops), ("catches", inner)];
    named.into_iter().map(|(name, it)| (format!("hard-{name}"), it.to_string())).collect()
}

#[test]
fn hard_ones_are_drawn_without_overlap() {
    let mut faults = <[Faults; 3]>::default();
    for (name, text) in hard_ones() {
        draw(&name, &text, &mut faults);
    }
    check_clean(&faults);
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
        let order = stepglass::flow::reading_order(&graph);
        let sentences = stepglass::flow::node_sentences(&document.machine, &graph, &order);
        assert_eq!(sentences.len(), graph.nodes.len());
    }
}
