//! Speeds of the core, one row each: name, value, unit. Not a test: machines differ and are shared,
//! so compare rows of one run with each other. Each figure is the smallest of many repetitions.

mod editing;
mod expressions;
mod items;
mod jsonata;
mod large;
mod transitions;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use editing::{Desk, STAGES, definition};
use serde_json::{Value, json};
use stepglass::asl::Document;
use stepglass::flow::{FlowGraph, NodeKey, graph, lay_out};
use stepglass::sim::{Mocks, Program, Run, RunRequest, Settings};

fn main() {
    if std::env::args().any(|it| large::alone(&it)) {
        return;
    }
    let of_50 = definition(50);
    let of_500 = definition(500);
    let of_1000 = definition(1_000);
    row("open_50", "ms", || millis(200, || open(&of_50)));
    row("open_500", "ms", || millis(50, || open(&of_500)));
    row("parse_500", "ms", || millis(50, || stepglass::json::parse(of_500.as_str())));
    row("document_500", "ms", || millis(50, || Document::new(of_500.as_str(), 1)));

    let graph_of_500 = picture(&Document::new(of_500.as_str(), 1));
    let ours = row("layout_500", "ms", || millis(50, || lay_out(&graph_of_500)));
    let theirs = row("layout_500_dugong", "ms", || millis(20, || dugong_layout(&graph_of_500)));
    row("layout_500_ratio", "of dugong's time", || ours / theirs);

    let graph_of_1000 = picture(&Document::new(of_1000.as_str(), 1));
    let ours = row("layout_1000", "ms", || millis(20, || lay_out(&graph_of_1000)));
    let theirs = row("layout_1000_dugong", "ms", || millis(5, || dugong_layout(&graph_of_1000)));
    row("layout_1000_ratio", "of dugong's time", || ours / theirs);
    let graph_of_5000 = picture(&Document::new(definition(5_000), 1));
    row("layout_5000", "ms", || millis(10, || lay_out(&graph_of_5000)));

    keystrokes(500, 50);
    keystrokes(5_000, 10);
    row("gesture_500", "ms", || {
        let mut desk = Desk::new(500);
        millis_and(50, &mut desk, Desk::drop_on_edge, Desk::undo)
    });
    let desk = Desk::of_bytes(1 << 20);
    let time = row("format_1mib", "ms", || millis(10, || desk.format()));
    row("format_1mib_rate", "MB/s", || desk.n_bytes() as f64 / 1_000.0 / time);
    row("run_linear_1000", "ms", || linear_run(1_000));

    let request = transitions::request();
    let a_second = |millis: f64| transitions::N_TRANSITIONS as f64 / millis * 1_000.0;
    row("transitions_native", "a second", || a_second(millis(20, || transitions::traced(&request))));
    row("transitions_native_lean", "a second", || a_second(millis(200, || transitions::lean(&request))));

    large::rows();
    jsonata::rows();
}

/// What is typed, up to all new views: a character inside of a value, a field, and a character that
/// leaves the text unfinished, for which all is read anew; then the stages of that, each alone.
fn keystrokes(n_states: usize, n_times: usize) {
    let name = format!("keystroke_{n_states}");
    let mut desk = Desk::new(n_states);
    row(&name, "ms", || millis(n_times, || desk.keystroke()));
    row(&format!("{name}_field"), "ms", || millis_and(n_times, &mut desk, Desk::field, Desk::undo));
    row(&format!("{name}_unfinished"), "ms", || millis_and(n_times, &mut desk, Desk::unfinished, Desk::undo));
    for (idx, stage) in STAGES.iter().enumerate() {
        row(&format!("{name}_stage_{stage}"), "ms", || millis(n_times, || desk.stage(idx)));
    }
}

/// The least time of so many repetitions, with something done after each that is not measured.
fn millis_and<S, T>(
    n_times: usize,
    subject: &mut S,
    mut work: impl FnMut(&mut S) -> T,
    mut after: impl FnMut(&mut S),
) -> f64 {
    let mut least = f64::MAX;
    for _ in 0..n_times {
        least = least.min(millis(1, || work(subject)));
        after(subject);
    }
    least
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
