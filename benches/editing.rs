//! Editing large workflows, natively and in Wasm: what happens between a key or a drop and the new
//! views, as a whole and stage by stage.

use serde_json::{Value, json};
use stepglass::asl::{Document, EdgeKey, Machine, MachineType, StateType, lower, validate};
use stepglass::flow::{FlowGraph, Layout, graph, lay_out};
use stepglass::json::{Indent, Tree, format, parse};
use stepglass::studio::{Command, OpenedFrom, Studio, Template};
use stepglass::text::TextEdit;

/// What reading a text anew consists of, in order; the layout comes last. A key does all of it only
/// where it leaves the text unfinished.
pub const STAGES: [&str; 4] = ["parse", "lower", "validate", "graph"];

/// What stands before the place where characters are typed.
const FIELD: &str = "\"Comment\": \"";

/// A studio with a large workflow, and what each stage works on.
pub struct Desk {
    studio: Studio,
    text: String,
    /// Where a character is typed: in a comment in the middle.
    at: usize,
    at_millis: u64,
    tree: Tree,
    machine: Machine,
    graph: FlowGraph,
    layout: Layout,
    /// A connection in the middle.
    edge: EdgeKey,
}

impl Desk {
    /// A workflow of about so many states.
    pub fn new(n_states: usize) -> Desk {
        Desk::with(definition(n_states))
    }

    /// A workflow of about so many bytes, and not more.
    pub fn of_bytes(n_bytes: usize) -> Desk {
        let small = definition(1_000);
        let n_states = (n_bytes as f64 / small.len() as f64 * 980.0) as usize;
        Desk::with(definition(n_states))
    }

    fn with(text: String) -> Desk {
        let mut studio = Studio::new();
        studio.dispatch(Command::Open {
            name: "bench.asl.json".into(),
            text: text.clone(),
            from: OpenedFrom::File,
        });
        let half = text.len() / 2;
        let at = half + text[half..].find(FIELD).expect("comments") + FIELD.len();
        let Document { tree, machine, .. } = Document::new(text.as_str(), 1);
        let machine = (*machine).clone();
        let graph = graph(&tree, &machine);
        let layout = lay_out(&graph);
        let from = machine.states.len() / 2;
        let edge = machine.states[from..].iter().find_map(|it| it.next.as_ref()).expect("a connection");
        let edge = edge.key.clone();
        let mut desk = Desk { studio, text, at, at_millis: 0, tree, machine, graph, layout, edge };
        desk.views();
        desk
    }

    /// One character typed, up to all new views.
    pub fn keystroke(&mut self) -> usize {
        self.typed(self.at, "x")
    }

    fn typed(&mut self, at: usize, text: &str) -> usize {
        self.at_millis += 1_000;
        let edit = TextEdit::insert(at, text);
        self.studio.dispatch(Command::Type { edit, at_millis: self.at_millis });
        self.views()
    }

    /// A field inserted into a state, up to all new views.
    pub fn field(&mut self) -> usize {
        self.typed(self.at - FIELD.len(), "\"InputPath\": \"$\", ")
    }

    /// A quote typed that closes a string too early, so that the text is no JSON, up to all new views.
    pub fn unfinished(&mut self) -> usize {
        self.typed(self.at, "\"")
    }

    /// A state dropped on a connection, up to all new views.
    pub fn drop_on_edge(&mut self) -> usize {
        let template = Template { state_type: StateType::Wait, id: "wait".into() };
        self.studio.dispatch(Command::InsertOnEdge { edge: self.edge.clone(), template });
        self.views()
    }

    /// What makes the next edit like the one before.
    pub fn undo(&mut self) {
        self.studio.dispatch(Command::Undo);
        self.views();
    }

    fn views(&mut self) -> usize {
        let studio = &self.studio;
        studio.document_view().n_states
            + studio.graph_view().nodes.len()
            + studio.problems_view().problems.len()
            + usize::from(studio.selection_view().state.is_some())
            + studio.inspector_view().title.len()
    }

    /// One of [`STAGES`] alone, or the layout.
    pub fn stage(&self, idx: usize) -> usize {
        match idx {
            0 => parse(self.text.as_str()).n_nodes(),
            1 => lower(&self.tree).states.len(),
            2 => validate(&self.tree, &self.machine, MachineType::Standard).len(),
            3 => graph(&self.tree, &self.machine).nodes.len(),
            _ => lay_out(&self.graph).boxes.len(),
        }
    }

    /// The text laid out anew, in another way than it is.
    pub fn format(&self) -> usize {
        let edit = format(&self.tree, Indent::Tab).expect("JSON");
        edit.apply(&self.text).len() + self.layout.boxes.len()
    }

    pub fn n_bytes(&self) -> usize {
        self.text.len()
    }
}

/// A workflow of about so many states, with Choices, catchers and nested Parallels and Maps.
pub fn definition(n_states: usize) -> String {
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
