//! Where everything goes. Positions follow from the graph alone and are never stored. Scopes are
//! drawn one by one, inner ones first, because a frame is as large as what it holds; every scope
//! is cut into sections where the flow narrows, and goes through four passes: rank, order, place,
//! route.

pub mod measure;
mod scope;
mod rank;
mod order;
mod sweep;
mod place;
mod simplex;
mod route;
mod express;
mod drawn;
mod sections;
mod scopes;
mod nest;
mod table;

use serde::Serialize;

pub use drawn::Drawn;

use crate::flow::graph::FlowGraph;
use crate::json::keep;

/// A place on the canvas in CSS pixels at zoom 1, y downwards.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// A box on the canvas, by its upper left corner.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

/// The places of all nodes and the routes of all edges, by their index in the graph.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Layout {
    /// Absolute, in the order of `FlowGraph::nodes`.
    pub boxes: Vec<Rect>,
    /// In the order of `FlowGraph::edges`.
    pub routes: Vec<Route>,
    pub size: Rect,
    pub orientation: Orientation,
}

/// Where the flow goes. Keys and words are about the flow and mean the same in both.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub enum Orientation {
    /// From top to bottom; branches side by side.
    #[default]
    Vertical,
    /// From left to right; branches one below the other.
    Horizontal,
}
keep! { enum Orientation { Vertical, Horizontal } else Vertical }

/// The way of one edge: level and upright lines from the border of one box to that of another.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Route {
    /// At least two corners; the last one touches the target.
    pub points: Vec<Point>,
    /// Where the label starts (its left end, on the middle of its line).
    pub label_at: Point,
    /// Where the `+` of this edge sits.
    pub insert_at: Point,
}

impl Route {
    /// The same way somewhere else.
    pub(crate) fn moved(&self, by: Point) -> Route {
        let moved = |it: &Point| Point { x: it.x + by.x, y: it.y + by.y };
        Route {
            points: self.points.iter().map(moved).collect(),
            label_at: moved(&self.label_at),
            insert_at: moved(&self.insert_at),
        }
    }
}

/// Lays out a whole graph from top to bottom. Equal graphs give equal layouts; text order decides
/// every tie.
pub fn lay_out(graph: &FlowGraph) -> Layout {
    lay_out_with(graph, Orientation::Vertical)
}

/// Lays out a whole graph. The passes know only one way to go, down; for a flow to the right they
/// get every size turned, and their result is turned back.
pub fn lay_out_with(graph: &FlowGraph, orientation: Orientation) -> Layout {
    lay_out_after(graph, orientation, &Drawn::default()).0
}

/// The same layout, sooner where much of it is as it was in the one before.
pub fn lay_out_after(graph: &FlowGraph, orientation: Orientation, before: &Drawn) -> (Layout, Drawn) {
    nest::lay_out(graph, orientation, before)
}
