//! One section of a scope on its own: connected vertices of known size go through the four passes. Frames are
//! just large vertices here.

use crate::asl::StateType;
use crate::flow::graph::{EdgeKind, Shape};
use crate::flow::layout::measure::{
    LABEL_HEIGHT, LABEL_LIFT, LABEL_OFFSET, LINE_GAP, Spacing, even, port_reach,
};
use crate::flow::layout::order::{self, Side, Sides};
use crate::flow::layout::place::{self, Places};
use crate::flow::layout::rank::Ranks;
use crate::flow::layout::route;
use crate::flow::layout::table::Table;
use crate::flow::layout::{Orientation, Rect, Route};

/// What is to be drawn.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sketch {
    pub vertices: Table<Vertex>,
    pub links: Table<Link>,
    pub spacing: Spacing,
    pub orientation: Orientation,
}

/// A node, reduced to what the passes need.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Vertex {
    /// Across the flow; in a flow to the right this is the height of the box.
    pub w: i64,
    /// Along the flow.
    pub h: i64,
    pub shape: Shape,
    /// It holds other nodes; lines leave its side beside the header.
    pub frame: bool,
    /// Space taken to the right of and below the box.
    pub overhang: i64,
}

/// An edge, reduced to what the passes need.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Link {
    pub from: usize,
    pub to: usize,
    pub kind: EdgeKind,
    /// Length of its words; 0 for none.
    pub label_width: i64,
}

/// Where everything goes, in a flow downwards, with the upper left corner at 0, 0.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    pub boxes: Table<Rect>,
    pub routes: Table<Route>,
    pub w: f64,
    pub h: f64,
}

/// How many links times orders are spent on trying other sides.
const TRIAL_BUDGET: usize = 1500;

/// Draws one section of a sketch. Where lines cross that may use either side of their nodes, the
/// other side is tried too.
pub fn draw(sketch: &Sketch, ranks: &Ranks) -> Drawing {
    let mut sides = first_sides(sketch, ranks);
    let mut best = attempt(sketch, ranks, &sides);
    let better = better_sides(&best.0, ranks, &sides, &best.1);
    let mut n_trials = TRIAL_BUDGET / (sketch.links.len() + 1);
    if !better.iter().eq(sides.iter()) {
        let other = attempt(sketch, ranks, &better);
        if other.1.cost(&other.0) < best.1.cost(&best.0) {
            (best, sides) = (other, better);
        }
    }
    let mut n_crossings = best.1.rows.n_crossings;
    let mut flipped_any = false;
    for idx in 0..sketch.links.len() {
        if n_crossings == 0 || n_trials == 0 {
            break;
        }
        let from = sketch.links[idx].from;
        // All loops from one vertex go together.
        let is_partner = |it: usize| ranks.back[it] && ranks.back[idx] && sketch.links[it].from == from;
        if (0..idx).any(is_partner) {
            continue;
        }
        let mut trial = sides.clone();
        for partner in (idx..sketch.links.len()).filter(|it| *it == idx || is_partner(*it)) {
            if let Some(flipped) = other_sides(sketch, ranks, partner, sides[partner]) {
                trial[partner] = flipped;
            }
        }
        if trial.iter().eq(sides.iter()) {
            continue;
        }
        n_trials -= 1;
        let rows = order::order(&make_room_for_ports(sketch, &trial), ranks, &trial);
        if rows.n_crossings < n_crossings {
            n_crossings = rows.n_crossings;
            sides = trial;
            flipped_any = true;
        }
    }
    if flipped_any {
        best = attempt(sketch, ranks, &sides);
    }
    route::route(&best.0, &best.1)
}

/// The other way a link could go, for the links that have a choice.
fn other_sides(sketch: &Sketch, ranks: &Ranks, idx: usize, sides: Sides) -> Option<Sides> {
    let link = sketch.links[idx];
    let flipped = match sides.exit {
        Side::Left => Side::Right,
        Side::Right => Side::Left,
        Side::Flow => return None,
    };
    if link.from == link.to {
        None
    } else if ranks.back[idx] {
        Some(Sides { exit: flipped, entry: flipped })
    } else if link.kind == EdgeKind::Default {
        Some(Sides { exit: flipped, entry: sides.entry })
    } else {
        None
    }
}

fn attempt(sketch: &Sketch, ranks: &Ranks, sides: &Table<Sides>) -> (Sketch, Places) {
    let ready = make_room_for_ports(sketch, sides);
    let rows = order::order(&ready, ranks, sides);
    let places = place::place(&ready, ranks, rows);
    (ready, places)
}

/// Catchers leave to the right, loops run along the left, and so does “otherwise” to the right
/// unless it is the way on.
fn first_sides(sketch: &Sketch, ranks: &Ranks) -> Table<Sides> {
    let mut n_ways = Table::filled(sketch.vertices.len(), 0usize);
    for link in sketch.links.iter() {
        n_ways[link.from] += 1;
    }
    let sides = |(idx, link): (usize, &Link)| {
        let small = matches!(sketch.vertices[link.from].shape, Shape::Start | Shape::End);
        let is_spine = ranks.spine[link.from] == Some(idx);
        match link.kind {
            _ if small => Sides { exit: Side::Flow, entry: Side::Flow },
            _ if link.from == link.to => Sides { exit: Side::Right, entry: Side::Right },
            _ if ranks.back[idx] => Sides { exit: Side::Left, entry: Side::Left },
            EdgeKind::Catch(_) => Sides { exit: Side::Right, entry: Side::Flow },
            EdgeKind::Default if !is_spine && n_ways[link.from] > 1 => {
                Sides { exit: Side::Right, entry: Side::Flow }
            }
            _ => Sides { exit: Side::Flow, entry: Side::Flow },
        }
    };
    sketch.links.iter().enumerate().map(sides).collect()
}

/// “Otherwise” leaves towards its target; a loop from a vertex that stands to the right of its
/// target runs on the right.
fn better_sides(sketch: &Sketch, ranks: &Ranks, sides: &Table<Sides>, places: &Places) -> Table<Sides> {
    let mut better = sides.clone();
    for (idx, link) in sketch.links.iter().enumerate() {
        let (from, to) = (places.middle(link.from), places.middle(link.to));
        let reach = sketch.vertices[link.from].w / 2;
        if link.from == link.to || sides[idx].exit == Side::Flow {
            continue;
        }
        if ranks.back[idx] {
            if sketch.vertices[link.to].w / 2 + reach <= from - to {
                better[idx] = Sides { exit: Side::Right, entry: Side::Right };
            }
        } else if link.kind == EdgeKind::Default {
            better[idx].exit = if to + reach < from {
                Side::Left
            } else if to < from + reach / 4 {
                Side::Flow
            } else {
                Side::Right
            };
        }
    }
    better
}

/// A vertex with many lines at its side or at its bottom grows, so that ends stay apart.
fn make_room_for_ports(sketch: &Sketch, sides: &Table<Sides>) -> Sketch {
    let mut ready = sketch.clone();
    let mut counts = Table::filled(sketch.vertices.len(), [0i64; 3]);
    for (idx, link) in sketch.links.iter().enumerate() {
        let mut count = |vertex: usize, side: Side| {
            let [bottom, left, right] = &mut counts[vertex];
            match side {
                Side::Flow => *bottom += 1,
                Side::Left => *left += 1,
                Side::Right => *right += 1,
            }
        };
        count(link.from, sides[idx].exit);
        if sides[idx].entry != Side::Flow {
            count(link.to, sides[idx].entry);
        }
    }
    let horizontal = sketch.orientation == Orientation::Horizontal;
    if horizontal {
        // A label at the side of a node lies along it.
        for (idx, link) in sketch.links.iter().enumerate().filter(|it| sides[it.0].exit != Side::Flow) {
            let vertex = &mut ready.vertices[link.from];
            if 0 < link.label_width && (link.from == link.to || vertex.frame) && sides[idx].exit != Side::Flow
            {
                vertex.h = vertex.h.max(even(link.label_width + 64));
            }
        }
    }
    for (vertex, [bottom, left, right]) in counts.iter().copied().enumerate() {
        let vertex = &mut ready.vertices[vertex];
        if matches!(vertex.shape, Shape::Start | Shape::End) {
            continue;
        }
        if horizontal {
            vertex.w = vertex.w.max(24 + LINE_GAP * (bottom - 1));
            vertex.h = vertex.h.max(64 + LINE_GAP * (left.max(right) - 1));
            continue;
        }
        vertex.h = vertex.h.max(20 + LINE_GAP * (left.max(right) - 1));
        if vertex.shape == Shape::State(StateType::Choice) {
            vertex.w = vertex.w.max(64 + 2 * LINE_GAP * (bottom - 1));
        }
    }
    ready
}

impl Sketch {
    /// How far from the middle of its border along the rank a vertex may be touched.
    pub fn port_reach(&self, vertex: usize) -> i64 {
        let it = self.vertices[vertex];
        port_reach(it.shape, it.w, self.orientation)
    }

    /// Room across the flow that a label of this length takes, its distance from the line included.
    pub fn label_reach(&self, label_width: i64) -> i64 {
        match self.orientation {
            Orientation::Vertical => LABEL_OFFSET + label_width,
            Orientation::Horizontal => LABEL_LIFT + LABEL_HEIGHT,
        }
    }

    /// By vertex, the links that leave it, in text order.
    pub fn outs(&self) -> Table<Vec<usize>> {
        let mut outs = Table::filled(self.vertices.len(), Vec::new());
        for (idx, link) in self.links.iter().enumerate() {
            outs[link.from].push(idx);
        }
        outs
    }
}

impl Default for Vertex {
    fn default() -> Vertex {
        Vertex { w: 0, h: 0, shape: Shape::Missing, frame: false, overhang: 0 }
    }
}

impl Default for Link {
    fn default() -> Link {
        Link { from: 0, to: 0, kind: EdgeKind::Next, label_width: 0 }
    }
}
