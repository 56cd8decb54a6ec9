//! What of a large graph is drawn in full: the states near the view, a few more with each frame, so
//! that no frame has to wait for them. All others are there as a sketch, and so is everything when
//! it is too small to be read. A graph of ordinary size is always drawn in full.

use crate::app::canvas::camera::{Camera, PaneSize, touches};
use crate::app::canvas::scene::Scene;
use crate::asl::{EdgeKey, StatePath};
use crate::flow::{Point, Rect};
use crate::studio::SelectionView;
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
/// How many parts are added at a time while the camera moves, and when it rests.
const STEPS: (usize, usize) = (6, 10);
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
    order: Vec<usize>,
    opened: u32,
    has_view: bool,
    /// Everything is too small to be read.
    pub is_far: bool,
    /// Something that is seen is not drawn yet, or never will be from so far away.
    pub needs_sketch: bool,
    /// The next frame has nothing to add and nothing to take away.
    pub is_done: bool,
}

/// What decides on it.
pub struct Look<'l> {
    pub camera: Camera,
    pub pane: PaneSize,
    /// Grows when the view has nothing to do with the one before.
    pub opened: u32,
    pub is_moving: bool,
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
            needs_sketch: look.camera.zoom < zooms,
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
        let n_parts = if look.is_moving { STEPS.0 } else { STEPS.1 };
        for (parts, is_drawn) in [(&mut missing, true), (&mut spare, false)] {
            next.is_done &= parts.len() <= n_parts;
            parts.arrange();
            parts.iter().take(n_parts).for_each(|(_, at)| turn(&mut next.drawn, *at, is_drawn));
        }
        next.put_in_order(before);
        next.needs_sketch |= missing.iter().skip(n_parts).any(|(_, at)| touches(seen, area(&scene, *at)));
        next
    }

    /// The frames that are drawn, or the other nodes.
    pub fn nodes(&self, frames: bool) -> Vec<String> {
        let nodes = &self.scene.graph().nodes;
        let mut order: Vec<usize> =
            if self.is_large() { self.order.clone() } else { (0..nodes.len()).collect() };
        // A frame is drawn over those that it is in; other boxes share no place.
        if frames {
            order.arrange();
        }
        let nodes = order.iter().filter_map(|at| nodes.get(*at).filter(|it| it.frame == frames));
        nodes.map(|it| it.key.clone()).collect()
    }

    /// The connections that are drawn.
    pub fn edges(&self) -> Vec<EdgeKey> {
        let edges = &self.scene.graph().edges;
        let from = first_edge(&self.scene);
        let order: Vec<usize> =
            if self.is_large() { self.order.clone() } else { (from..from + edges.len()).collect() };
        let edges = order.iter().filter_map(|at| edges.get(at.checked_sub(from)?));
        edges.map(|it| it.key.clone()).collect()
    }

    /// Whether there is more than is drawn at once.
    pub fn is_large(&self) -> bool {
        !self.drawn.is_empty()
    }

    fn put_in_order(&mut self, before: Option<&Detail>) {
        let mut left = self.drawn.clone();
        for at in before
            .iter()
            .flat_map(|it| it.order.iter().filter_map(|at| index_in(&it.scene, &self.scene, *at)))
        {
            if has(&left, at) {
                turn(&mut left, at, false);
                self.order.push(at);
            }
        }
        self.order.extend((0..left.len() * WORD).filter(|at| has(&left, *at)));
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
        Look { camera, pane: PANE, opened: 0, is_moving: true, selection, cursor: None }
    }

    fn count(detail: &Detail) -> usize {
        detail.nodes(false).len() + detail.nodes(true).len() + detail.edges().len()
    }

    #[test]
    fn a_graph_of_ordinary_size_is_all_drawn_and_has_no_sketch() {
        let none = SelectionView::default();
        let detail = Detail::next(None, column(ALL), &look(&none, 0.0, 0.1));
        assert_eq!(count(&detail), 2 * ALL);
        assert!(detail.is_done && !detail.is_large() && !detail.needs_sketch);
    }

    #[test]
    fn what_is_seen_first_is_there_at_once_and_the_rest_comes_with_the_frames() {
        let (none, scene) = (SelectionView::default(), column(2000));
        let here = look(&none, 50_000.0, 1.0);
        let mut detail = Detail::next(None, scene.clone(), &here);
        assert!(detail.nodes(false).contains(&"/States/505".to_string()));
        assert!(!detail.is_done);
        let mut frames = 0;
        while !detail.is_done {
            let next = Detail::next(Some(&detail), scene.clone(), &here);
            assert!(count(&next) - count(&detail) <= STEPS.0);
            detail = next;
            frames += 1;
            assert!(frames < 100);
        }
        // A quarter of a view above and a quarter below.
        assert_eq!(detail.nodes(false).len(), 15);
        assert!(Detail::next(Some(&detail), scene, &here) == detail, "nothing changes any more");
    }

    #[test]
    fn a_movement_adds_and_takes_away_few_parts_at_a_time() {
        let (none, scene) = (SelectionView::default(), column(2000));
        let mut detail = Detail::next(None, scene.clone(), &look(&none, 0.0, 1.0));
        for frame in 0..300 {
            let next = Detail::next(Some(&detail), scene.clone(), &look(&none, 60.0 * f64::from(frame), 1.0));
            // What stays keeps its place on the page.
            let stays = |it: &Detail, other: &Detail| {
                let keys = it.nodes(false);
                keys.into_iter().filter(|it| other.nodes(false).contains(it)).collect::<Vec<_>>()
            };
            assert_eq!(stays(&detail, &next), stays(&next, &detail));
            let changed: u32 = next.drawn.iter().zip(&detail.drawn).map(|(a, b)| (a ^ b).count_ones()).sum();
            assert!(changed <= 2 * STEPS.0 as u32);
            detail = next;
        }
        let keys = detail.nodes(false);
        assert!(keys.contains(&"/States/184".to_string()) && keys.len() < 40, "{keys:?}");
        assert!(!detail.needs_sketch, "what is seen was drawn before it came into view");
        let jumped = Detail::next(Some(&detail), scene, &look(&none, 150_000.0, 1.0));
        assert!(jumped.needs_sketch);
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
        assert_eq!((detail.nodes(false), count(&detail)), (vec!["/States/1900".to_string()], 1));
        assert!(detail.is_large() && detail.needs_sketch);
        let near = Detail::next(Some(&detail), scene, &look(&selection, 0.0, 0.3));
        assert!(near.is_far, "it stays so until it is clearly nearer");
    }

    #[test]
    fn after_an_edit_what_is_seen_is_complete() {
        let none = SelectionView::default();
        let before = Detail::next(None, column(2000), &look(&none, 50_000.0, 1.0));
        let after = Detail::next(Some(&before), column(2001), &look(&none, 50_400.0, 1.0));
        let keys = after.nodes(false);
        for idx in 500..514 {
            assert!(keys.contains(&format!("/States/{idx}")), "{idx} in {keys:?}");
        }
    }
}
