//! What of a large graph is drawn in full: the states near the view, a few more with each frame, so
//! that no frame has to wait for them. All others are there as a sketch, and so is everything when
//! it is too small to be read. A graph of ordinary size is always drawn in full.

use crate::app::canvas::camera::{Camera, PaneSize, touches};
use crate::app::canvas::scene::Scene;
use crate::asl::{EdgeKey, StatePath};
use crate::flow::{Point, Rect};
use crate::studio::{EdgeView, NodeView, SelectionView};
use crate::text::Arrange;

/// Up to this many nodes are drawn in full, wherever they are.
const ALL: usize = 300;
/// Below the first zoom a large graph is only a sketch, from the second on it is not. In between
/// it stays as it was, so that a hand that trembles there costs nothing.
const FAR: (f64, f64) = (0.28, 0.32);
/// What is drawn beyond the view, in views on each side.
const AROUND: f64 = 0.25;
/// What is drawn already stays up to here.
const KEPT: f64 = 0.6;
/// In so many groups is a large graph drawn. Each is a picture of its own, and what comes and goes
/// lies together, so that the browser goes through a few of them again and not through all.
pub const GROUPS: usize = 16;
/// What lies in the same field of this width and height comes into the same group.
const FIELD: (f64, f64) = (960.0, 880.0);
const WORD: usize = 64;

/// Which nodes and connections of a scene are drawn in full.
#[derive(Clone, PartialEq, Default)]
pub struct Detail {
    scene: Scene,
    /// One bit for each part, nodes before connections; both begin at a word of their own. Empty
    /// when all is drawn.
    drawn: Vec<u64>,
    /// The same parts in the order in which they came, so that what is there stays where it is on
    /// the page.
    order: Vec<Part>,
    opened: u32,
    has_view: bool,
    /// Everything is too small to be read.
    pub is_far: bool,
    /// What is near and not drawn yet: there as a sketch. From far away all is.
    rough: Vec<usize>,
    /// The next frame has nothing to add and nothing to take away.
    pub is_done: bool,
}

/// A part that is drawn, by its bit, and the group it was put into when it came.
#[derive(Clone, Copy, PartialEq)]
struct Part {
    at: usize,
    group: usize,
}

/// What decides on it.
pub struct Look<'l> {
    pub camera: Camera,
    pub pane: PaneSize,
    /// Grows when the view has nothing to do with the one before.
    pub opened: u32,
    /// How many parts may come, and how many may go.
    pub n_parts: usize,
    /// What is selected is always drawn.
    pub selection: &'l SelectionView,
    /// And so is where the keyboard is.
    pub cursor: Option<&'l StatePath>,
}

impl Detail {
    /// What is drawn in this frame, after what was drawn in the one before.
    pub fn next(before: Option<&Detail>, scene: Scene, look: &Look) -> Detail {
        let n_nodes = scene.graph().nodes.len();
        if n_nodes <= ALL {
            return Detail { scene, is_done: true, ..Detail::default() };
        }
        let n_words = words_of(n_nodes) + words_of(scene.graph().edges.len());
        let zooms = if before.is_some_and(|it| it.is_far) { FAR.1 } else { FAR.0 };
        let mut next = Detail {
            drawn: vec![0; n_words],
            order: Vec::new(),
            opened: look.opened,
            has_view: look.pane != PaneSize::default(),
            is_far: look.camera.zoom < zooms,
            rough: Vec::new(),
            is_done: true,
            scene,
        };
        let scene = next.scene.clone();
        let always = always(&scene, look);
        always.iter().for_each(|at| turn(&mut next.drawn, *at, true));
        if !next.has_view {
            next.put_in_order(before);
            return next;
        }
        let seen = look.camera.seen(look.pane, 0.0);
        let near = look.camera.seen(look.pane, AROUND);
        let kept = look.camera.seen(look.pane, KEPT);
        let middle = Point { x: seen.x + seen.w / 2.0, y: seen.y + seen.h / 2.0 };
        // After an edit and in another document what is seen is there at once.
        let is_same = before.is_some_and(|it| it.scene == scene);
        let at_once = !is_same || before.is_none_or(|it| !it.has_view || it.opened != look.opened);
        let (mut missing, mut spare) = (Vec::new(), Vec::new());
        let nodes = scene.graph().nodes.iter().map(|it| it.rect).enumerate();
        let edges = scene.spans().iter().copied().enumerate();
        let edges = edges.map(|(idx, rect)| (first_edge(&scene) + idx, rect));
        for (at, rect) in nodes.chain(edges) {
            if next.has(at) {
                continue;
            }
            let was_drawn = before.is_some_and(|before| match is_same {
                true => before.has(at),
                false => touches(kept, rect) && before.had(&scene, at),
            });
            if was_drawn {
                turn(&mut next.drawn, at, true);
                if next.is_far || !touches(kept, rect) {
                    spare.push((-far(middle, rect), at));
                }
            } else if !next.is_far && touches(near, rect) {
                match at_once && touches(seen, rect) {
                    true => turn(&mut next.drawn, at, true),
                    false => missing.push((far(middle, rect), at)),
                }
            }
        }
        for (parts, is_drawn) in [(&mut missing, true), (&mut spare, false)] {
            next.is_done &= parts.len() <= look.n_parts;
            parts.arrange();
            parts.iter().take(look.n_parts).for_each(|(_, at)| turn(&mut next.drawn, *at, is_drawn));
        }
        next.put_in_order(before);
        next.rough = missing.iter().skip(look.n_parts).map(|(_, at)| *at).collect();
        next
    }

    /// The frames that are drawn.
    pub fn frames(&self) -> Vec<String> {
        // A frame is drawn over those that it is in; other boxes share no place.
        let mut order: Vec<usize> = (0..GROUPS).flat_map(|it| self.group(it, 0)).collect();
        order.arrange();
        self.keys_of_nodes(&order, true)
    }

    /// The other nodes of a group that are drawn.
    pub fn boxes(&self, group: usize) -> Vec<String> {
        self.keys_of_nodes(&self.group(group, 0), false)
    }

    /// The connections of a group that are drawn.
    pub fn edges(&self, group: usize) -> Vec<EdgeKey> {
        let edges = &self.scene.graph().edges;
        let from = first_edge(&self.scene);
        let order = self.group(group, from);
        order.iter().filter_map(|at| edges.get(at.checked_sub(from)?)).map(|it| it.key.clone()).collect()
    }

    fn keys_of_nodes(&self, order: &[usize], frames: bool) -> Vec<String> {
        let nodes = &self.scene.graph().nodes;
        let nodes = order.iter().filter_map(|at| nodes.get(*at).filter(|it| it.frame == frames));
        nodes.map(|it| it.key.clone()).collect()
    }

    /// The parts of a group. All of a graph of ordinary size are in the first one: nodes, or
    /// connections, from the given bit on.
    fn group(&self, group: usize, from: usize) -> Vec<usize> {
        match (self.is_large(), group) {
            (true, _) => self.order.iter().filter(|it| it.group == group).map(|it| it.at).collect(),
            (false, 0) => {
                let graph = self.scene.graph();
                let n_parts = if from == 0 { graph.nodes.len() } else { graph.edges.len() };
                (from..from + n_parts).collect()
            }
            (false, _) => Vec::new(),
        }
    }

    /// Whether there is more than is drawn at once.
    pub fn is_large(&self) -> bool {
        !self.drawn.is_empty()
    }

    /// The nodes of which there is a sketch, from near.
    pub fn rough_nodes(&self) -> impl Iterator<Item = &NodeView> {
        self.rough.iter().filter_map(|at| self.scene.graph().nodes.get(*at))
    }

    /// The connections of which there is a sketch, from near.
    pub fn rough_edges(&self) -> impl Iterator<Item = &EdgeView> {
        let from = first_edge(&self.scene);
        self.rough.iter().filter_map(move |at| self.scene.graph().edges.get(at.checked_sub(from)?))
    }

    fn put_in_order(&mut self, before: Option<&Detail>) {
        let mut left = self.drawn.clone();
        for (before, part) in before.iter().flat_map(|it| it.order.iter().map(move |part| (it, part))) {
            if let Some(at) = index_in(&before.scene, &self.scene, part.at)
                && has(&left, at)
            {
                turn(&mut left, at, false);
                self.order.push(Part { at, ..*part });
            }
        }
        let new = (0..left.len() * WORD).filter(|at| has(&left, *at));
        self.order.extend(new.map(|at| Part { at, group: group_at(area(&self.scene, at)) }));
    }

    fn has(&self, at: usize) -> bool {
        has(&self.drawn, at)
    }

    /// Whether a part of another revision of the graph was drawn.
    fn had(&self, now: &Scene, at: usize) -> bool {
        index_in(now, &self.scene, at).is_some_and(|it| !self.is_large() || self.has(it))
    }
}

/// Where a part of one revision of the graph is in another one.
fn index_in(scene: &Scene, other: &Scene, at: usize) -> Option<usize> {
    if scene == other {
        return Some(at);
    }
    let graph = scene.graph();
    match at.checked_sub(first_edge(scene)) {
        None => other.node_index(&graph.nodes.get(at)?.key),
        Some(edge) => Some(first_edge(other) + other.edge_index(&graph.edges.get(edge)?.key)?),
    }
}

/// The bit of the first connection.
fn first_edge(scene: &Scene) -> usize {
    words_of(scene.graph().nodes.len()) * WORD
}

fn has(words: &[u64], at: usize) -> bool {
    words.get(at / WORD).is_some_and(|it| it >> (at % WORD) & 1 == 1)
}

fn turn(words: &mut [u64], at: usize, on: bool) {
    if let Some(word) = words.get_mut(at / WORD) {
        let bit = 1 << (at % WORD);
        *word = if on { *word | bit } else { *word & !bit };
    }
}

/// What the keys and the pointer are about: drawn wherever it is.
fn always(scene: &Scene, look: &Look) -> Vec<usize> {
    let SelectionView { state, shown, edge, .. } = look.selection;
    let states = state.iter().chain(shown).chain(look.cursor);
    let nodes = states.filter_map(|it| scene.node_index(&scene.node_of_state(it)?.key));
    let edge = edge.as_ref().and_then(|it| scene.edge_index(it)).map(|it| first_edge(scene) + it);
    nodes.chain(edge).collect()
}

/// The group of what is drawn there first. Fields beside and below each other have different ones.
fn group_at(rect: Rect) -> usize {
    let (column, row) = ((rect.x / FIELD.0) as usize, (rect.y / FIELD.1) as usize);
    (column + 5 * row) % GROUPS
}

/// The box around a part.
fn area(scene: &Scene, at: usize) -> Rect {
    let node = scene.graph().nodes.get(at).map(|it| it.rect);
    node.or_else(|| scene.spans().get(at.checked_sub(first_edge(scene))?).copied()).unwrap_or_default()
}

fn words_of(n_parts: usize) -> usize {
    n_parts.div_ceil(WORD)
}

/// How far a box is from a place, in canvas units.
fn far(from: Point, rect: Rect) -> i64 {
    let away = |at: f64, start: f64, len: f64| (start - at).max(at - start - len).max(0.0);
    away(from.x, rect.x, rect.w).hypot(away(from.y, rect.y, rect.h)) as i64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::canvas::scene;
    use crate::studio::GraphView;

    const PANE: PaneSize = PaneSize { w: 600.0, h: 1000.0, foot: 56.0 };
    const N_PARTS: usize = 6;

    /// So many states below each other, 100 apart.
    fn column(n: usize) -> Scene {
        let sample = scene::tests::sample();
        let (node, edge) = (sample.node("/States/A").unwrap(), &sample.graph().edges[1]);
        let mut graph = GraphView { nodes: Vec::new(), edges: Vec::new(), ..sample.graph().clone() };
        for idx in 0..n {
            let y = 100.0 * idx as f64;
            let key = format!("/States/{idx}");
            graph.nodes.push(crate::studio::NodeView {
                state: Some(StatePath::new(key.as_str())),
                rect: Rect { y, ..node.rect },
                key: key.clone(),
                ..node.clone()
            });
            let points = vec![Point { x: 100.0, y: y + 40.0 }, Point { x: 100.0, y: y + 100.0 }];
            graph.edges.push(crate::studio::EdgeView {
                key: EdgeKey::new(format!("{key}/Next")),
                points,
                ..edge.clone()
            });
        }
        Scene::new(Arc::new(graph))
    }

    fn look(selection: &SelectionView, y: f64, zoom: f64) -> Look<'_> {
        let camera = Camera { x: 0.0, y: -y * zoom, zoom };
        Look { camera, pane: PANE, opened: 0, n_parts: N_PARTS, selection, cursor: None }
    }

    fn boxes(detail: &Detail) -> Vec<String> {
        (0..GROUPS).flat_map(|it| detail.boxes(it)).collect()
    }

    fn count(detail: &Detail) -> usize {
        let edges: usize = (0..GROUPS).map(|it| detail.edges(it).len()).sum();
        boxes(detail).len() + detail.frames().len() + edges
    }

    #[test]
    fn a_graph_of_ordinary_size_is_all_drawn_and_has_no_sketch() {
        let none = SelectionView::default();
        let detail = Detail::next(None, column(ALL), &look(&none, 0.0, 0.1));
        assert_eq!(count(&detail), 2 * ALL);
        assert!(detail.is_done && !detail.is_large() && detail.rough.is_empty());
    }

    #[test]
    fn what_is_seen_first_is_there_at_once_and_the_rest_comes_with_the_frames() {
        let (none, scene) = (SelectionView::default(), column(2000));
        let here = look(&none, 50_000.0, 1.0);
        let mut detail = Detail::next(None, scene.clone(), &here);
        assert!(boxes(&detail).contains(&"/States/505".to_string()));
        assert!(!detail.is_done);
        let mut frames = 0;
        while !detail.is_done {
            let next = Detail::next(Some(&detail), scene.clone(), &here);
            assert!(count(&next) - count(&detail) <= N_PARTS);
            detail = next;
            frames += 1;
            assert!(frames < 100);
        }
        // A quarter of a view above and a quarter below.
        assert_eq!(boxes(&detail).len(), 15);
        assert!(Detail::next(Some(&detail), scene, &here) == detail, "nothing changes any more");
    }

    #[test]
    fn a_movement_adds_and_takes_away_few_parts_at_a_time() {
        let (none, scene) = (SelectionView::default(), column(2000));
        let mut detail = Detail::next(None, scene.clone(), &look(&none, 0.0, 1.0));
        for frame in 0..300 {
            let next = Detail::next(Some(&detail), scene.clone(), &look(&none, 60.0 * f64::from(frame), 1.0));
            // What stays keeps its place on the page.
            for group in 0..GROUPS {
                let stays = |it: &Detail, other: &Detail| {
                    let keys = it.boxes(group);
                    keys.into_iter().filter(|it| other.boxes(group).contains(it)).collect::<Vec<_>>()
                };
                assert_eq!(stays(&detail, &next), stays(&next, &detail));
                let goes = |it: &String| !boxes(&next).contains(it) || next.boxes(group).contains(it);
                assert!(detail.boxes(group).iter().all(goes), "a group is for good");
            }
            let changed: u32 = next.drawn.iter().zip(&detail.drawn).map(|(a, b)| (a ^ b).count_ones()).sum();
            assert!(changed <= 2 * N_PARTS as u32);
            detail = next;
        }
        let keys = boxes(&detail);
        assert!(keys.contains(&"/States/184".to_string()) && keys.len() < 40, "{keys:?}");
        let seen = look(&none, 60.0 * 299.0, 1.0).camera.seen(PANE, 0.0);
        let is_seen = |at: &usize| touches(seen, area(&scene, *at));
        assert!(!detail.rough.iter().any(is_seen), "what is seen was drawn before it came into view");
        let jumped = Detail::next(Some(&detail), scene.clone(), &look(&none, 150_000.0, 1.0));
        let (boxes, lines) = (jumped.rough_nodes().count(), jumped.rough_edges().count());
        assert_eq!((boxes, lines), (11, 14), "of 15 and 16 that are near 6 are drawn");
    }

    #[test]
    fn from_far_only_what_is_selected_is_drawn_in_full() {
        let scene = column(2000);
        let state = Some(StatePath::new("/States/1900"));
        let selection = SelectionView { shown: state.clone(), state, ..SelectionView::default() };
        let mut detail = Detail::next(None, scene.clone(), &look(&selection, 0.0, 1.0));
        for _ in 0..100 {
            detail = Detail::next(Some(&detail), scene.clone(), &look(&selection, 0.0, 0.1));
        }
        assert!(detail.is_far && detail.is_done);
        assert_eq!((boxes(&detail), count(&detail)), (vec!["/States/1900".to_string()], 1));
        assert!(detail.is_large() && detail.rough.is_empty());
        let near = Detail::next(Some(&detail), scene, &look(&selection, 0.0, 0.3));
        assert!(near.is_far, "it stays so until it is clearly nearer");
    }

    #[test]
    fn after_an_edit_what_is_seen_is_complete() {
        let none = SelectionView::default();
        let before = Detail::next(None, column(2000), &look(&none, 50_000.0, 1.0));
        let after = Detail::next(Some(&before), column(2001), &look(&none, 50_400.0, 1.0));
        let keys = boxes(&after);
        for idx in 500..514 {
            assert!(keys.contains(&format!("/States/{idx}")), "{idx} in {keys:?}");
        }
    }
}
