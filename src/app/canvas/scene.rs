//! The graph as the pointer meets it: found by key, and by place. Works on the views in canvas
//! coordinates, never on the page, so it can be tested without one.

use std::collections::HashMap;
use std::sync::Arc;

use crate::app::canvas::{lettering, route, shape};
use crate::asl::{EdgeKey, ScopePath, StatePath};
use crate::flow::{EdgeKind, Orientation, Point, Rect, Shape};
use crate::studio::{EdgeView, GraphView, NodeView, SelectionView};

/// Half of the smallest pointer target (WCAG 2.5.8: 24 px).
const TARGET: f64 = 12.0;
/// How near a line the pointer counts as on it.
const NEAR_LINE: f64 = 7.0;
/// How near a line something dragged counts as over it.
const NEAR_DROP: f64 = 28.0;

/// One revision of the graph with its indices. Cheap to clone.
#[derive(Clone, Default)]
pub struct Scene(Arc<Inner>);

#[derive(Default)]
struct Inner {
    graph: Arc<GraphView>,
    nodes: HashMap<String, usize>,
    edges: HashMap<EdgeKey, usize>,
    states: HashMap<StatePath, usize>,
    /// The box around each connection.
    spans: Vec<Rect>,
}

/// What is under the pointer. The order of the variants is the order in which they are looked for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Hit<'s> {
    /// The handle at the end of the selected connection.
    EdgeEnd(&'s EdgeView),
    /// The handle below the selected state.
    Port(&'s NodeView),
    /// What collapses a frame, and opens it again.
    Chevron(&'s NodeView),
    Node(&'s NodeView),
    Insert(&'s EdgeView),
    Edge(&'s EdgeView),
    /// Inside a frame, but on nothing in it.
    Body(&'s NodeView),
    Nothing,
}

impl PartialEq for Scene {
    fn eq(&self, other: &Scene) -> bool {
        Arc::ptr_eq(&self.0.graph, &other.0.graph)
    }
}

impl Scene {
    pub fn new(graph: Arc<GraphView>) -> Scene {
        let nodes = graph.nodes.iter().enumerate().map(|(idx, it)| (it.key.clone(), idx)).collect();
        let edges = graph.edges.iter().enumerate().map(|(idx, it)| (it.key.clone(), idx)).collect();
        let states =
            graph.nodes.iter().enumerate().filter_map(|(idx, it)| Some((it.state.clone()?, idx))).collect();
        let spans = graph.edges.iter().map(|it| bounds(&it.points)).collect();
        Scene(Arc::new(Inner { graph, nodes, edges, states, spans }))
    }

    pub fn graph(&self) -> &GraphView {
        &self.0.graph
    }

    pub fn node(&self, key: &str) -> Option<&NodeView> {
        self.0.graph.nodes.get(self.node_index(key)?)
    }

    pub fn edge(&self, key: &EdgeKey) -> Option<&EdgeView> {
        self.0.graph.edges.get(self.edge_index(key)?)
    }

    /// Where a node is in the list of the graph.
    pub fn node_index(&self, key: &str) -> Option<usize> {
        self.0.nodes.get(key).copied()
    }

    /// Where a connection is in the list of the graph.
    pub fn edge_index(&self, key: &EdgeKey) -> Option<usize> {
        self.0.edges.get(key).copied()
    }

    /// The boxes around the connections, in the order of the graph.
    pub fn spans(&self) -> &[Rect] {
        &self.0.spans
    }

    pub fn node_of_state(&self, state: &StatePath) -> Option<&NodeView> {
        self.0.graph.nodes.get(*self.0.states.get(state)?)
    }

    /// What the pointer is on. `zoom` keeps targets from shrinking with the picture.
    pub fn hit(&self, at: Point, zoom: f64, selection: &SelectionView) -> Hit<'_> {
        let target = (TARGET / zoom).max(TARGET);
        if let Some(edge) = selection.edge.as_ref().and_then(|key| self.edge(key))
            && edge.points.last().is_some_and(|end| within(*end, at, target))
        {
            return Hit::EdgeEnd(edge);
        }
        let port = |node: &NodeView| port_of(node, self.is_level());
        if let Some(node) = selection.state.as_ref().and_then(|state| self.node_of_state(state))
            && can_have_port(node)
            && within(port(node), at, target)
            && !lies_in(node.rect, at, 2.0)
        {
            return Hit::Port(node);
        }
        let node = self.node_at(at);
        if let Some(node) = node
            && chevron_of(node).is_some_and(|it| within(it, at, target))
        {
            return Hit::Chevron(node);
        }
        if let Some(node) = node
            && !(node.frame && in_body(node, at))
        {
            return Hit::Node(node);
        }
        let insert = |edge: &&EdgeView| edge.insert_at.is_some_and(|it| within(it, at, target));
        if let Some(edge) = self.0.graph.edges.iter().find(insert) {
            return Hit::Insert(edge);
        }
        if let Some(edge) = self.nearest_edge(at, NEAR_LINE / zoom.min(1.0), |_| true) {
            return Hit::Edge(edge);
        }
        // The words beside a line stand for it.
        if let Some(edge) = self.0.graph.edges.iter().find(|it| contains(label_area(it), at)) {
            return Hit::Edge(edge);
        }
        node.map_or(Hit::Nothing, Hit::Body)
    }

    /// Whether the flow goes from left to right.
    pub fn is_level(&self) -> bool {
        self.0.graph.orientation == Orientation::Horizontal
    }

    /// The innermost node there.
    pub fn node_at(&self, at: Point) -> Option<&NodeView> {
        // Inner nodes come after the frame that holds them.
        self.0.graph.nodes.iter().rev().find(|it| contains(it.rect, at))
    }

    /// The connection that something dropped here would go onto.
    pub fn edge_for_drop(&self, at: Point, zoom: f64) -> Option<&EdgeView> {
        self.nearest_edge(at, (NEAR_DROP / zoom).clamp(NEAR_DROP, 2.0 * NEAR_DROP), |it| {
            it.insert_at.is_some()
        })
    }

    /// The one connection that can be opened and fits; of those that leave a state, the one it goes
    /// on by.
    pub fn only_edge(&self, fits: impl Fn(&EdgeView) -> bool) -> Option<&EdgeView> {
        let is_way_on =
            |it: &&EdgeView| it.insert_at.is_some() && fits(it) && !matches!(it.kind, EdgeKind::Catch(_));
        let mut edges = self.0.graph.edges.iter().filter(is_way_on);
        edges.next().filter(|_| edges.next().is_none())
    }

    /// Whether a node is another one, or somewhere in it.
    pub fn is_inside(&self, node: &NodeView, outer: &NodeView) -> bool {
        let mut at = Some(node);
        while let Some(node) = at {
            if node.key == outer.key {
                return true;
            }
            at = node.parent.as_deref().and_then(|it| self.node(it));
        }
        false
    }

    /// The scope that a place in a frame belongs to: the one whose start dot is nearest across.
    pub fn scope_at(&self, frame: &NodeView, at: Point) -> Option<ScopePath> {
        let starts = self
            .0
            .graph
            .nodes
            .iter()
            .filter(|it| it.shape == Shape::Start && it.parent.as_deref() == Some(frame.key.as_str()));
        let is_level = self.is_level();
        let across = |it: &&NodeView| match is_level {
            true => (it.rect.y + it.rect.h / 2.0 - at.y).abs(),
            false => (it.rect.x + it.rect.w / 2.0 - at.x).abs(),
        };
        let nearest = starts.min_by(|one, other| across(one).total_cmp(&across(other)))?;
        Some(ScopePath::new(nearest.key.strip_suffix("#start")?))
    }

    fn nearest_edge(&self, at: Point, reach: f64, fits: impl Fn(&EdgeView) -> bool) -> Option<&EdgeView> {
        let mut best = None;
        for edge in self.0.graph.edges.iter().filter(|it| fits(it)) {
            let distance = route::distance_to(&edge.points, at);
            if distance <= reach && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, edge));
            }
        }
        best.map(|(_, edge)| edge)
    }
}

/// The smallest box around a line.
pub fn bounds(points: &[Point]) -> Rect {
    let (mut left, mut top) = (f64::INFINITY, f64::INFINITY);
    let (mut right, mut bottom) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for point in points {
        (left, top) = (left.min(point.x), top.min(point.y));
        (right, bottom) = (right.max(point.x), bottom.max(point.y));
    }
    if points.is_empty() {
        Rect::default()
    } else {
        Rect { x: left, y: top, w: right - left, h: bottom - top }
    }
}

/// The middle of the border that the flow leaves by, from where a new connection is drawn.
pub fn port_of(node: &NodeView, is_level: bool) -> Point {
    let Rect { x, y, w, h } = node.rect;
    if is_level { Point { x: x + w, y: y + h / 2.0 } } else { Point { x: x + w / 2.0, y: y + h } }
}

/// Where the sign sits that collapses a frame or opens it, on what can be.
pub fn chevron_of(node: &NodeView) -> Option<Point> {
    let Rect { x, y, w, h } = node.rect;
    let place = |height: f64| Point { x: x + w - 14.0, y: y + height / 2.0 };
    match (node.frame, node.collapsed) {
        (true, _) => Some(place(shape::HEADER)),
        (false, true) => Some(place(h)),
        (false, false) => None,
    }
}

/// Where the words of a connection stand, with the number of its rule.
fn label_area(edge: &EdgeView) -> Rect {
    let number = if edge.rule_number.is_some() { 22.0 } else { 0.0 };
    let words = lettering::width_of(&edge.label, 12.0).min(200.0);
    let w = if edge.label.is_empty() { number } else { number + words };
    Rect { x: edge.label_at.x, y: edge.label_at.y - 10.0, w, h: if 0.0 < w { 20.0 } else { 0.0 } }
}

/// Whether a connection can be drawn out of this node at all.
pub fn can_have_port(node: &NodeView) -> bool {
    use crate::asl::StateType::{Fail, Succeed};
    node.state.is_some() && !matches!(node.shape, Shape::State(Fail | Succeed))
}

fn in_body(frame: &NodeView, at: Point) -> bool {
    frame.rect.y + shape::HEADER < at.y
}

fn contains(rect: Rect, at: Point) -> bool {
    rect.x <= at.x && at.x <= rect.x + rect.w && rect.y <= at.y && at.y <= rect.y + rect.h
}

/// Whether a place is in a box, away from its border.
fn lies_in(rect: Rect, at: Point, away: f64) -> bool {
    let Rect { x, y, w, h } = rect;
    contains(Rect { x: x + away, y: y + away, w: w - 2.0 * away, h: h - 2.0 * away }, at)
}

fn within(center: Point, at: Point, radius: f64) -> bool {
    (center.x - at.x).hypot(center.y - at.y) <= radius
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::asl::StateType;

    /// A, then a Parallel P with two branches (B; C), then the end.
    pub fn sample() -> Scene {
        let node = |key: &str, parent: Option<&str>, shape, rect: (f64, f64, f64, f64), frame| NodeView {
            key: key.to_string(),
            state: (!key.contains('#')).then(|| StatePath::new(key)),
            parent: parent.map(str::to_string),
            shape,
            title: key.rsplit('/').next().unwrap_or_default().to_string(),
            icon: "lambda",
            subtitle: String::new(),
            rect: Rect { x: rect.0, y: rect.1, w: rect.2, h: rect.3 },
            frame,
            collapsed: false,
            retry_badge: None,
            problems: None,
            damaged: None,
            sentence: String::new(),
            level: 1,
            position: 1,
            set_size: 1,
        };
        let edge = |key: &str, from: &str, to: &str, points: &[(f64, f64)]| EdgeView {
            key: EdgeKey::new(key),
            from: from.to_string(),
            to: to.to_string(),
            kind: EdgeKind::Next,
            points: points.iter().map(|(x, y)| Point { x: *x, y: *y }).collect(),
            label: String::new(),
            label_at: Point::default(),
            rule_number: None,
            insert_at: points.first().map(|(x, y)| Point { x: *x, y: *y + 30.0 }),
            sentence: String::new(),
        };
        let task = Shape::State(StateType::Task);
        let p = "/States/P";
        Scene::new(Arc::new(GraphView {
            nodes: vec![
                node("#start", None, Shape::Start, (94.0, 0.0, 12.0, 12.0), false),
                node("/States/A", None, task, (0.0, 60.0, 200.0, 40.0), false),
                node(p, None, Shape::State(StateType::Parallel), (0.0, 160.0, 500.0, 240.0), true),
                node("/States/P/Branches/0#start", Some(p), Shape::Start, (94.0, 200.0, 12.0, 12.0), false),
                node("/States/P/Branches/0/States/B", Some(p), task, (20.0, 240.0, 180.0, 40.0), false),
                node("/States/P/Branches/1#start", Some(p), Shape::Start, (394.0, 200.0, 12.0, 12.0), false),
                node("/States/P/Branches/1/States/C", Some(p), task, (300.0, 240.0, 180.0, 40.0), false),
                node("#end", None, Shape::End, (240.0, 460.0, 20.0, 20.0), false),
            ],
            edges: vec![
                edge("/StartAt", "#start", "/States/A", &[(100.0, 12.0), (100.0, 60.0)]),
                edge("/States/A/Next", "/States/A", p, &[(100.0, 100.0), (100.0, 160.0)]),
                edge("/States/P/End", p, "#end", &[(250.0, 400.0), (250.0, 460.0)]),
            ],
            size: Rect { x: 0.0, y: 0.0, w: 500.0, h: 480.0 },
            orientation: Orientation::Vertical,
            empty: None,
        }))
    }

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    fn words(hit: Hit) -> String {
        match hit {
            Hit::EdgeEnd(it) => format!("end of {}", it.key),
            Hit::Port(it) => format!("port of {}", it.key),
            Hit::Chevron(it) => format!("chevron of {}", it.key),
            Hit::Node(it) => format!("node {}", it.key),
            Hit::Insert(it) => format!("plus of {}", it.key),
            Hit::Edge(it) => format!("edge {}", it.key),
            Hit::Body(it) => format!("body of {}", it.key),
            Hit::Nothing => "nothing".to_string(),
        }
    }

    #[test]
    fn the_pointer_finds_the_innermost_thing() {
        let scene = sample();
        let check = |x, y, expected: &str| {
            assert_eq!(words(scene.hit(at(x, y), 1.0, &SelectionView::default())), expected);
        };
        check(50.0, 80.0, "node /States/A");
        check(50.0, 170.0, "node /States/P");
        check(485.0, 175.0, "chevron of /States/P");
        check(250.0, 350.0, "body of /States/P");
        check(30.0, 250.0, "node /States/P/Branches/0/States/B");
        check(105.0, 132.0, "plus of /States/A/Next");
        check(104.0, 115.0, "edge /States/A/Next");
        check(900.0, 900.0, "nothing");
    }

    #[test]
    fn handles_of_what_is_selected_come_first() {
        let scene = sample();
        let edge = SelectionView { edge: Some(EdgeKey::new("/States/A/Next")), ..Default::default() };
        assert_eq!(words(scene.hit(at(103.0, 162.0), 1.0, &edge)), "end of /States/A/Next");
        let state = SelectionView { state: Some(StatePath::new("/States/A")), ..Default::default() };
        assert_eq!(words(scene.hit(at(103.0, 104.0), 1.0, &state)), "port of /States/A");
        assert_eq!(words(scene.hit(at(103.0, 92.0), 1.0, &state)), "node /States/A");
    }

    #[test]
    fn the_port_is_where_the_flow_leaves() {
        let level = GraphView { orientation: Orientation::Horizontal, ..sample().graph().clone() };
        let scene = Scene::new(Arc::new(level));
        let state = SelectionView { state: Some(StatePath::new("/States/A")), ..Default::default() };
        assert_eq!(words(scene.hit(at(204.0, 81.0), 1.0, &state)), "port of /States/A");
        assert_ne!(words(scene.hit(at(103.0, 104.0), 1.0, &state)), "port of /States/A");
    }

    #[test]
    fn targets_keep_their_size_on_the_screen() {
        let scene = sample();
        let none = SelectionView::default();
        assert_eq!(words(scene.hit(at(120.0, 130.0), 1.0, &none)), "nothing");
        assert_eq!(words(scene.hit(at(120.0, 130.0), 0.5, &none)), "plus of /States/A/Next");
    }

    #[test]
    fn a_frame_knows_the_branch_under_the_pointer() {
        let scene = sample();
        let frame = scene.node("/States/P").unwrap();
        let scope = |x| scene.scope_at(frame, at(x, 350.0)).map(|it| it.to_string());
        assert_eq!(scope(90.0).as_deref(), Some("/States/P/Branches/0"));
        assert_eq!(scope(420.0).as_deref(), Some("/States/P/Branches/1"));
    }
}
