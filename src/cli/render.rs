//! `stepglass render`: where everything goes, or the picture itself.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::asl::MachineType;
use crate::cli::definition::Definition;
use crate::cli::{Outcome, read};
use crate::export::{ExportRequest, exporter};
use crate::flow::{FlowGraph, Layout, Orientation, Point};

#[derive(Args)]
pub struct RenderArgs {
    /// The definition; - reads standard input
    pub file: String,
    /// From left to right instead of from top to bottom
    #[arg(long)]
    pub horizontal: bool,
    #[command(flatten)]
    pub form: RenderForm,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct RenderForm {
    /// Nodes with their boxes and edges with their lines
    #[arg(long)]
    pub json: bool,
    /// A picture of its own, in the light theme
    #[arg(long)]
    pub svg: bool,
    /// A flowchart as Mermaid text
    #[arg(long)]
    pub mermaid: bool,
}

/// Draws a definition. Broken places are told on standard error; the rest is drawn all the same.
pub fn render(args: &RenderArgs) -> Result<Outcome, Vec<String>> {
    let definition = Definition::read(&args.file).map_err(|it| vec![it])?;
    let document = definition.document(MachineType::Standard);
    let remarks = definition.syntax_errors(&document);
    if document.machine.states.is_empty() {
        let why = remarks.into_iter().next().unwrap_or_else(|| "There are no states in it".to_string());
        return Err(vec![format!("Nothing to draw in {}. {why}", read::called(&args.file))]);
    }
    let graph = crate::flow::graph(&document.tree, &document.machine);
    let orientation = if args.horizontal { Orientation::Horizontal } else { Orientation::Vertical };
    let layout = crate::flow::lay_out_with(&graph, orientation);
    let text = if args.form.json {
        let drawing = drawing(&graph, &layout);
        Outcome::json(&drawing, 0)?.text
    } else {
        let id = if args.form.svg { "svg" } else { "mermaid" };
        let title = title(&args.file);
        let request = ExportRequest { document: &document, graph: &graph, layout: &layout, title: &title };
        exporter(id).map(|it| (it.write)(&request)).unwrap_or_default()
    };
    Ok(Outcome { text, remarks, ..Outcome::default() })
}

/// The whole picture as data.
#[derive(Serialize)]
struct Drawing {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

#[derive(Serialize)]
struct Node {
    /// Pointer of the state, or that of its scope with `#start` or `#end`.
    path: String,
    /// Pointer of the object that holds `States`; empty for the machine.
    scope: String,
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

#[derive(Serialize)]
struct Edge {
    /// Paths of nodes.
    from: String,
    to: String,
    kind: &'static str,
    points: Vec<Point>,
}

fn drawing(graph: &FlowGraph, layout: &Layout) -> Drawing {
    let path = |idx: u32| graph.nodes.get(idx as usize).map(|it| it.key.to_string()).unwrap_or_default();
    let nodes = graph.nodes.iter().zip(&layout.boxes).map(|(node, rect)| Node {
        path: node.key.to_string(),
        scope: node.scope.to_string(),
        x: rect.x,
        y: rect.y,
        w: rect.w,
        h: rect.h,
    });
    let edges = graph.edges.iter().zip(&layout.routes).map(|(edge, route)| Edge {
        from: path(edge.from.0),
        to: path(edge.to.0),
        kind: edge.kind.word(),
        points: route.points.clone(),
    });
    Drawing { nodes: nodes.collect(), edges: edges.collect() }
}

/// The name of the workflow: that of the file without what says that it is a definition.
fn title(file: &str) -> String {
    if file == read::STDIN {
        return "Workflow".to_string();
    }
    let name = Path::new(file).file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let bare = [".json", ".yaml", ".yml"].iter().find_map(|it| name.strip_suffix(it)).unwrap_or(&name);
    bare.strip_suffix(".asl").unwrap_or(bare).to_string()
}
