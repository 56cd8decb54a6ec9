//! Speeds of the core, one row each: name, value, unit. Not a test: machines differ and are shared,
//! so compare rows of one run with each other. Each figure is the smallest of many repetitions.

mod expressions;
mod items;
mod jsonata;
mod large;
mod transitions;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stepglass::asl::Document;
use stepglass::flow::{FlowGraph, NodeKey, graph, lay_out};
use stepglass::sim::{Mocks, Program, Run, RunRequest, Settings};
use stepglass::studio::{Command, OpenedFrom, Studio};
use stepglass::text::TextEdit;

fn main() {
    if std::env::args().any(|it| large::alone(&it)) {
        return;
    }
    let of_50 = definition(50);
    let of_500 = definition(500);
    row("open_50", "ms", || millis(200, || open(&of_50)));
    row("open_500", "ms", || millis(50, || open(&of_500)));
    row("parse_500", "ms", || millis(50, || stepglass::json::parse(of_500.as_str())));
    row("document_500", "ms", || millis(50, || Document::new(of_500.as_str(), 1)));

    let graph_of_500 = picture(&Document::new(of_500.as_str(), 1));
    let ours = row("layout_500", "ms", || millis(50, || lay_out(&graph_of_500)));
    let theirs = row("layout_500_dugong", "ms", || millis(20, || dugong_layout(&graph_of_500)));
    row("layout_500_ratio", "of dugong's time", || ours / theirs);

    row("keystroke_500", "ms", || keystroke(&of_500));
    row("run_linear_1000", "ms", || linear_run(1_000));

    let request = transitions::request();
    let a_second = |millis: f64| transitions::N_TRANSITIONS as f64 / millis * 1_000.0;
    row("transitions_native", "a second", || a_second(millis(20, || transitions::traced(&request))));
    row("transitions_native_lean", "a second", || a_second(millis(200, || transitions::lean(&request))));

    large::rows();
    jsonata::rows();
}

/// One row, unless an argument asks for rows with other names.
fn row(name: &str, unit: &str, measure: impl FnOnce() -> f64) -> f64 {
    let wish = std::env::args().skip(1).find(|it| !it.starts_with('-'));
    if wish.is_some_and(|it| !name.contains(&it)) {
        return f64::NAN;
    }
    let value = measure();
    println!("{name} {value:.3} {unit}");
    value
}

/// The least time of so many repetitions.
fn millis<T>(n_times: usize, mut work: impl FnMut() -> T) -> f64 {
    let mut least = Duration::MAX;
    for _ in 0..n_times {
        let start = Instant::now();
        black_box(work());
        least = least.min(start.elapsed());
    }
    least.as_secs_f64() * 1_000.0
}

/// What opening a text costs before anything is drawn.
fn open(text: &str) -> usize {
    let document = Document::new(text, 1);
    lay_out(&picture(&document)).boxes.len()
}

fn picture(document: &Document) -> FlowGraph {
    graph(&document.tree, &document.machine)
}

/// One character typed in the middle, up to all new views, undone by the next one.
fn keystroke(text: &str) -> f64 {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open {
        name: "bench.asl.json".into(),
        text: text.into(),
        from: OpenedFrom::File,
    });
    let at = text.len() / 2 + text[text.len() / 2..].find("\"Comment\": \"").expect("comments") + 12;
    let mut at_millis = 0;
    millis(50, || {
        at_millis += 1_000;
        studio.dispatch(Command::Type { edit: TextEdit::insert(at, "x"), at_millis });
        (
            studio.document_view(),
            studio.graph_view(),
            studio.problems_view(),
            studio.selection_view(),
            studio.inspector_view(),
        )
    })
}

fn linear_run(n_states: usize) -> f64 {
    let states: serde_json::Map<String, Value> = (0..n_states)
        .map(|idx| {
            let next = format!("State {}", idx + 1);
            let state = if idx + 1 == n_states {
                json!({"Type": "Pass", "End": true})
            } else {
                json!({"Type": "Pass", "Parameters": {"n.$": "$.n", "list.$": "$.list"}, "Next": next})
            };
            (format!("State {idx}"), state)
        })
        .collect();
    let text = json!({"StartAt": "State 0", "States": states}).to_string();
    let program = Arc::new(Program::new(&Document::new(text, 1)));
    let input = Arc::new(json!({"n": 1, "list": [1, 2, 3]}));
    millis(20, || {
        let request = RunRequest {
            program: program.clone(),
            input: input.clone(),
            mocks: Mocks::default(),
            seed: 1,
            settings: Settings::default(),
            start: None,
        };
        let mut run = Run::start(request);
        run.finish();
        run
    })
}

/// A workflow of about so many states, with Choices, catchers and nested Parallels and Maps.
fn definition(n_states: usize) -> String {
    let mut count = 0;
    let scope = scope(n_states, 0, &mut count);
    let mut text = serde_json::to_string_pretty(&scope).expect("a value is written");
    text.push('\n');
    text
}

fn scope(n_states: usize, level: usize, count: &mut usize) -> Value {
    let mut left = n_states;
    let mut names = Vec::new();
    let mut states = serde_json::Map::new();
    while left > 0 {
        let name = format!("Step {count}");
        *count += 1;
        left -= 1;
        let inner = (left / 3).min(12);
        let state = match *count % 7 {
            3 if level < 3 && inner >= 2 => {
                left -= inner;
                let (one, two) =
                    (scope(inner / 2, level + 1, count), scope(inner - inner / 2, level + 1, count));
                json!({"Type": "Parallel", "Comment": "Both at once", "Branches": [one, two]})
            }
            5 if level < 3 && inner >= 1 => {
                left -= inner;
                let body = scope(inner, level + 1, count);
                json!({"Type": "Map", "Comment": "For each", "ItemsPath": "$.items", "ItemProcessor": body})
            }
            1 | 4 => json!({
                "Type": "Task", "Comment": "Calls a function", "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName": "work", "Payload.$": "$"}, "ResultPath": "$.work",
                "Retry": [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3}]
            }),
            6 => json!({"Type": "Choice", "Comment": "Which way"}),
            _ => json!({"Type": "Pass", "Comment": "Shapes the data"}),
        };
        names.push(name.clone());
        states.insert(name, state);
    }
    for (idx, name) in names.iter().enumerate() {
        let next = names.get(idx + 1);
        let state = states.get_mut(name).and_then(Value::as_object_mut).expect("just made");
        match (state["Type"] == "Choice", next) {
            (true, Some(next)) => {
                let other = names.get(idx + 2).unwrap_or(next);
                state.insert(
                    "Choices".into(),
                    json!([{"Variable": "$.n", "NumericGreaterThan": 3, "Next": other}]),
                );
                state.insert("Default".into(), json!(next));
            }
            (true, None) => {
                state.insert("Type".into(), json!("Succeed"));
            }
            (false, Some(next)) => {
                state.insert("Next".into(), json!(next));
            }
            (false, None) => {
                state.insert("End".into(), json!(true));
            }
        }
    }
    json!({"StartAt": names.first(), "States": states})
}

/// The same graph laid out by another library, with the sizes of our nodes.
fn dugong_layout(flow: &FlowGraph) -> usize {
    use dugong::graphlib::{Graph, GraphOptions};
    let options = GraphOptions { compound: true, ..Default::default() };
    let mut graph: Graph<dugong::NodeLabel, dugong::EdgeLabel, dugong::GraphLabel> = Graph::new(options);
    graph.set_graph(dugong::GraphLabel::default());
    let key = |key: &NodeKey| key.to_string();
    for node in &flow.nodes {
        let label = dugong::NodeLabel { width: 220.0, height: 52.0, ..Default::default() };
        graph.set_node(key(&node.key), label);
    }
    for node in &flow.nodes {
        if let Some(parent) = node.parent.and_then(|it| flow.nodes.get(it.0 as usize)) {
            graph.set_parent(key(&node.key), key(&parent.key));
        }
    }
    for edge in &flow.edges {
        let ends = (flow.nodes.get(edge.from.0 as usize), flow.nodes.get(edge.to.0 as usize));
        // Its own layout does not take edges from a container.
        if let (Some(from), Some(to)) = ends
            && from.inner.is_empty()
            && to.inner.is_empty()
        {
            graph.set_edge_with_label(key(&from.key), key(&to.key), dugong::EdgeLabel::default());
        }
    }
    assert!(dugong::layout(&mut graph).is_ok());
    graph.node_count()
}
