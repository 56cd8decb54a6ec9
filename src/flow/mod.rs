//! The picture: the machine as nodes and edges, their places, the ways a keyboard walks through
//! them and the sentences that tell them. Knows nothing of runs.

pub mod inside;
pub mod graph;
pub mod icons;
pub mod layout;
pub mod walk;
pub mod describe;
pub mod drawing;

pub use describe::{edge_sentence, node_sentences, outline};
pub use graph::{
    EdgeKind, FlowEdge, FlowGraph, FlowNode, NodeIdx, NodeKey, Shape, SizeHint, graph, graph_with, reads_as,
};
pub use icons::icon;
pub use inside::{Inside, inside};
pub use layout::{Drawn, Layout, Orientation, Point, Rect, Route, lay_out, lay_out_after, lay_out_with};
pub use walk::{Direction, Reading, reading_order, walk};
