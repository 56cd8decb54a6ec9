//! Scopes inside one another: how large the frame of a scope becomes, and how
//! parts that no line connects are packed beside each other. Works on lists, never by recursion,
//! so nesting can be as deep as the text likes.

use std::sync::Arc;

use crate::asl::StateType;
use crate::flow::graph::{FlowGraph, FlowNode, Shape};
use crate::flow::layout::drawn::{Drawn, Piece};
use crate::flow::layout::measure::{
    BRANCH_GAP, FRAME_HEADER, FRAME_PADDING, MARGIN, STACK_OFFSET, Spacing, columns, even, frame_width,
    label_width, node_size,
};
use crate::flow::layout::scope::{Drawing, Link, Sketch, Vertex};
use crate::flow::layout::scopes::Scopes;
use crate::flow::layout::sections;
use crate::flow::layout::table::Table;
use crate::flow::layout::{Layout, Orientation, Point, Rect, Route};
use crate::text::Arrange;

/// Lays out every scope and puts the results into each other. What is as it was before is taken over.
pub fn lay_out(graph: &FlowGraph, orientation: Orientation, before: &Drawn) -> (Layout, Drawn) {
    let scopes = Scopes::of(graph);
    let mut drawings: Table<Drawing> = Table::filled(scopes.members.len(), Drawing::default());
    let mut drawn = Drawn::default();
    let mut at = 0;
    let mut sizes: Table<(i64, i64)> = Table::filled(graph.nodes.len(), (0, 0));
    let mut outer_first: Vec<usize> = (0..scopes.members.len()).collect();
    outer_first.arrange_by_key(|it| (scopes.depth[*it], *it));
    for &scope in outer_first.iter().rev() {
        for node in scopes.members[scope].iter() {
            sizes[*node] = size(graph, &scopes, &drawings, orientation, *node);
        }
        let first = scopes.members[scope].first().and_then(|it| graph.nodes.get(*it));
        let Some(path) = first.map(|it| &it.scope) else { continue };
        let pieces = draw_parts(graph, &scopes, orientation, scope, &sizes, before.parts(&mut at, path));
        drawings[scope] = pieces.0;
        drawn.scopes.push((path.clone(), pieces.1));
    }

    let mut layout = Layout {
        boxes: vec![Rect::default(); graph.nodes.len()],
        routes: vec![Route::default(); graph.edges.len()],
        size: Rect::default(),
        orientation,
    };
    let mut origin: Table<Point> = Table::filled(scopes.members.len(), Point::default());
    for &scope in &outer_first {
        let at = match scopes.holder[scope] {
            Some(_) => origin[scope],
            None => Point { x: MARGIN as f64, y: MARGIN as f64 },
        };
        let drawing = &drawings[scope];
        for (node, rect) in scopes.members[scope].iter().zip(drawing.boxes.iter()) {
            let rect = Rect { x: rect.x + at.x, y: rect.y + at.y, ..*rect };
            if let Some(slot) = layout.boxes.get_mut(*node) {
                *slot = rect;
            }
            for (inner, place) in inner_places(&scopes, &drawings, orientation, *node, rect) {
                origin[inner] = place;
            }
        }
        for (edge, route) in scopes.edges[scope].iter().zip(drawing.routes.iter()) {
            if let Some(slot) = layout.routes.get_mut(*edge) {
                *slot = route.moved(at);
            }
        }
        if scopes.holder[scope].is_none() {
            layout.size.w = layout.size.w.max(drawing.w + 2.0 * MARGIN as f64);
            layout.size.h = layout.size.h.max(drawing.h + 2.0 * MARGIN as f64);
        }
    }
    (layout, drawn)
}

fn is_frame(node: &FlowNode) -> bool {
    !node.inner.is_empty()
}

fn size(
    graph: &FlowGraph,
    scopes: &Scopes,
    drawings: &Table<Drawing>,
    orientation: Orientation,
    node: usize,
) -> (i64, i64) {
    let Some(flow_node) = graph.nodes.get(node) else { return (0, 0) };
    let inner = &scopes.inner[node];
    if inner.is_empty() {
        let (w, h) = node_size(flow_node);
        return if is_frame(flow_node) { (frame_width(flow_node), h + 20) } else { (w, h) };
    }
    let gaps = BRANCH_GAP * (inner.len() as i64 - 1);
    let (mut widths, mut heights, mut width, mut height) = (gaps, gaps, 0, 0);
    for drawing in inner.iter().map(|it| &drawings[*it]) {
        let (w, h) = (drawing.w.ceil() as i64, drawing.h.ceil() as i64);
        (widths, heights) = (widths + w, heights + h);
        (width, height) = (width.max(w), height.max(h));
    }
    let (w, h) = match orientation {
        Orientation::Vertical => (widths, height),
        Orientation::Horizontal => (width, heights),
    };
    let w = even((w + 2 * FRAME_PADDING).max(frame_width(flow_node)));
    (w, even(FRAME_HEADER + FRAME_PADDING / 2 + h + FRAME_PADDING))
}

/// The upper left corners of the scopes inside a frame: side by side, in the middle; in a flow to
/// the right below each other, beginning in one line.
fn inner_places(
    scopes: &Scopes,
    drawings: &Table<Drawing>,
    orientation: Orientation,
    node: usize,
    frame: Rect,
) -> Vec<(usize, Point)> {
    let inner = &scopes.inner[node];
    if orientation == Orientation::Horizontal {
        let x = frame.x + FRAME_PADDING as f64;
        let mut y = frame.y + (FRAME_HEADER + FRAME_PADDING / 2) as f64;
        let mut places = Vec::with_capacity(inner.len());
        for &scope in inner {
            places.push((scope, Point { x, y }));
            y += drawings[scope].h.ceil() + BRANCH_GAP as f64;
        }
        return places;
    }
    let gaps = (BRANCH_GAP * (inner.len() as i64 - 1).max(0)) as f64;
    let widths: f64 = inner.iter().map(|it| drawings[*it].w.ceil()).sum();
    let mut x = frame.x + ((frame.w - widths - gaps) / 2.0).floor();
    let y = frame.y + (FRAME_HEADER + FRAME_PADDING / 2) as f64;
    let mut places = Vec::with_capacity(inner.len());
    for &scope in inner {
        places.push((scope, Point { x, y }));
        x += drawings[scope].w.ceil() + BRANCH_GAP as f64;
    }
    places
}

/// Draws the connected parts of a scope one by one and packs them: the part with the Start first,
/// the others below it in rows, in text order.
fn draw_parts(
    graph: &FlowGraph,
    scopes: &Scopes,
    orientation: Orientation,
    scope: usize,
    sizes: &Table<(i64, i64)>,
    before: &[Arc<Piece>],
) -> (Drawing, Vec<Arc<Piece>>) {
    let members = &scopes.members[scope];
    let edges = &scopes.edges[scope];
    let part_of = parts(graph, scopes, members, edges);
    let n_parts = part_of.iter().max().map_or(0, |it| it + 1);
    let spacing = Spacing::of(scopes.holder[scope].is_some());
    let empty = Sketch { spacing, orientation, ..Sketch::default() };
    let mut sketches: Table<Sketch> = Table::filled(n_parts, empty);
    let mut local = Table::filled(members.len(), 0);
    for (idx, node) in members.iter().enumerate() {
        let (w, h) = turned(sizes[*node], orientation);
        let Some(flow_node) = graph.nodes.get(*node) else { continue };
        let is_map = flow_node.shape == Shape::State(StateType::Map);
        let overhang = if is_map { STACK_OFFSET } else { 0 };
        let vertex = Vertex { w, h, shape: flow_node.shape, frame: is_frame(flow_node), overhang };
        local[idx] = sketches[part_of[idx]].vertices.push(vertex);
    }
    let mut link_of = Vec::with_capacity(edges.len());
    for edge in edges.iter().filter_map(|it| graph.edges.get(*it)) {
        let (from, to) = (scopes.local[edge.from.0 as usize], scopes.local[edge.to.0 as usize]);
        let label_width = label_width(edge, columns(&edge.label));
        let link = Link { from: local[from], to: local[to], kind: edge.kind, label_width };
        link_of.push((part_of[from], sketches[part_of[from]].links.push(link)));
    }
    let mut pieces = Vec::new();
    for (idx, sketch) in sketches.iter_mut().enumerate() {
        pieces.push(sections::draw(std::mem::take(sketch), before.get(idx)));
    }
    let drawings: Table<Arc<Drawing>> =
        pieces.iter().map(|it| turned_back(&it.drawing, orientation)).collect();
    let (at, w, h) = pack(&drawings, spacing);
    let place = |idx: usize| {
        let rect = drawings[part_of[idx]].boxes[local[idx]];
        let at = at[part_of[idx]];
        Rect { x: rect.x + at.x, y: rect.y + at.y, ..rect }
    };
    let boxes = (0..members.len()).map(place).collect();
    let routes = link_of.iter().map(|(part, link)| drawings[*part].routes[*link].moved(at[*part])).collect();
    (Drawing { boxes, routes, w, h }, pieces)
}

/// By member, the number of its connected part; parts are counted in the order of their first
/// members.
fn parts(graph: &FlowGraph, scopes: &Scopes, members: &[usize], edges: &[usize]) -> Table<usize> {
    let mut beside = Table::filled(members.len(), Vec::new());
    for edge in edges.iter().filter_map(|it| graph.edges.get(*it)) {
        let (from, to) = (scopes.local[edge.from.0 as usize], scopes.local[edge.to.0 as usize]);
        beside[from].push(to);
        beside[to].push(from);
    }
    let mut part: Table<Option<usize>> = Table::filled(members.len(), None);
    let mut n_parts = 0;
    for member in 0..members.len() {
        if part[member].is_some() {
            continue;
        }
        part[member] = Some(n_parts);
        let mut stack = vec![member];
        while let Some(at) = stack.pop() {
            for &other in beside[at].iter() {
                if part[other].is_none() {
                    part[other] = Some(n_parts);
                    stack.push(other);
                }
            }
        }
        n_parts += 1;
    }
    part.iter().map(|it| it.unwrap_or_default()).collect()
}

/// The first part on top, the others in rows below it, like words in lines.
fn pack(drawings: &Table<Arc<Drawing>>, spacing: Spacing) -> (Table<Point>, f64, f64) {
    let gap = spacing.across as f64;
    let mut at: Table<Point> = Table::filled(drawings.len(), Point::default());
    let Some(first) = drawings.iter().next() else { return (at, 0.0, 0.0) };
    let line_width = first.w.max(760.0);
    let (mut x, mut y) = (0.0, if 0.0 < first.h { first.h + gap } else { 0.0 });
    let (mut width, mut height, mut line_height) = (first.w, first.h, 0.0f64);
    for idx in 1..drawings.len() {
        let drawing = &drawings[idx];
        if 0.0 < x && line_width < x + drawing.w {
            y += line_height + gap;
            x = 0.0;
            line_height = 0.0;
        }
        at[idx] = Point { x, y };
        x += drawing.w + gap;
        line_height = line_height.max(drawing.h);
        width = width.max(x - gap);
        height = height.max(y + drawing.h);
    }
    (at, width, height)
}

fn turned((w, h): (i64, i64), orientation: Orientation) -> (i64, i64) {
    match orientation {
        Orientation::Vertical => (w, h),
        Orientation::Horizontal => (h, w),
    }
}

/// What was drawn downwards, drawn to the right.
fn turned_back(drawing: &Arc<Drawing>, orientation: Orientation) -> Arc<Drawing> {
    if orientation == Orientation::Vertical {
        return drawing.clone();
    }
    let turned = |it: &Point| Point { x: it.y, y: it.x };
    Arc::new(Drawing {
        boxes: drawing.boxes.iter().map(|it| Rect { x: it.y, y: it.x, w: it.h, h: it.w }).collect(),
        routes: drawing
            .routes
            .iter()
            .map(|it| Route {
                points: it.points.iter().map(turned).collect(),
                label_at: turned(&it.label_at),
                insert_at: turned(&it.insert_at),
            })
            .collect(),
        w: drawing.h,
        h: drawing.w,
    })
}
