//! Where the flow narrows to a single node, the picture above and the picture below depend on
//! each other only by the place of that node. A sketch is cut at all such nodes, its sections are
//! drawn one by one and put together again. So time grows with the number of states and not with
//! its square, and an edit in one section moves another one only as a whole.

use std::borrow::Cow;
use std::sync::Arc;

use crate::flow::graph::{EdgeKind, Shape};
use crate::flow::layout::drawn::{Known, Piece};
use crate::flow::layout::express;
use crate::flow::layout::rank::{self, Ranks};
use crate::flow::layout::scope::{self, Drawing, Sketch};
use crate::flow::layout::table::Table;
use crate::flow::layout::{Orientation, Point, Rect, Route};

/// Draws one connected sketch, in a flow downwards, or takes over what was drawn in its place before.
pub fn draw(sketch: Sketch, before: Option<&Arc<Piece>>) -> Arc<Piece> {
    if let Some(before) = before.filter(|it| it.sketch == sketch) {
        return before.clone();
    }
    let known = Known::new(before.map_or(&[], |it| &it.sections));
    let (drawing, sections) = draw_sections(&sketch, known);
    Arc::new(Piece { sketch, ranks: Ranks::default(), drawing: Arc::new(drawing), sections })
}

fn draw_sections(sketch: &Sketch, mut known: Known) -> (Drawing, Vec<Arc<Piece>>) {
    let ranks = rank::rank(sketch);
    let sketch = &with_room_for_entries(sketch, &ranks);
    let cuts = cuts(sketch, &ranks);
    if cuts.is_empty() {
        return (express::draw(sketch, &ranks), Vec::new());
    }
    let mut sections = split(sketch, &ranks, &cuts);
    let mut drawings: Table<Arc<Drawing>> = Table::filled(sections.len(), Arc::default());
    let mut pieces = Vec::new();
    // A node grows where its lines leave, below the cut; above it is as large.
    let mut sizes: Table<(i64, i64)> = sketch.vertices.iter().map(|it| (it.w, it.h)).collect();
    for idx in (0..sections.len()).rev() {
        let section = &mut sections[idx];
        if section.straight.is_some() {
            continue;
        }
        if let Some(bottom) = cuts.get(idx) {
            let vertex = &mut section.sketch.vertices[section.bottom];
            (vertex.w, vertex.h) = sizes[*bottom];
        }
        let piece = known.section(std::mem::take(&mut section.sketch), std::mem::take(&mut section.ranks));
        drawings[idx] = piece.drawing.clone();
        pieces.push(piece);
        for (here, vertex) in section.vertices.iter().enumerate() {
            let it = drawings[idx].boxes[here];
            sizes[*vertex] = (it.w as i64, it.h as i64);
        }
    }
    (join(sketch, &cuts, &sections, &drawings, &sizes), pieces)
}

/// In a flow to the right many lines arrive at a side that is no longer than a box is high, so the
/// box grows. Before the cuts, because both sections at a cut must agree on its size.
fn with_room_for_entries<'s>(sketch: &'s Sketch, ranks: &Ranks) -> Cow<'s, Sketch> {
    const MOST: i64 = 8;
    if sketch.orientation == Orientation::Vertical {
        return Cow::Borrowed(sketch);
    }
    let mut ready = sketch.clone();
    let mut n_entries = Table::filled(sketch.vertices.len(), 0i64);
    for (_, link) in sketch.links.iter().enumerate().filter(|it| !ranks.back[it.0]) {
        n_entries[link.to] += 1;
    }
    for (vertex, n_entries) in n_entries.iter().enumerate() {
        let vertex = &mut ready.vertices[vertex];
        if vertex.shape != Shape::End {
            vertex.w = vertex.w.max(24 + 12 * (n_entries.min(&MOST) - 1));
        }
    }
    Cow::Owned(ready)
}

/// The part of a sketch from one cut to the next.
#[derive(Clone, Default)]
struct Section {
    /// All it holds is this link from one cut straight to the next; nothing else is filled in.
    straight: Option<usize>,
    sketch: Sketch,
    ranks: Ranks,
    /// In the whole sketch, by their index here.
    vertices: Vec<usize>,
    links: Vec<usize>,
    /// The nodes that the section shares with the one above and the one below, by index here.
    top: usize,
    bottom: usize,
}

/// The vertices at which the sketch falls apart, from top to bottom: alone in their rank, with no
/// line passing by, and none that turns back from them.
fn cuts(sketch: &Sketch, ranks: &Ranks) -> Vec<usize> {
    let n_ranks = ranks.rank.iter().max().map_or(0, |it| it + 1);
    // How many lines begin minus how many end to pass by, rank by rank.
    let mut passing = Table::filled(n_ranks + 1, 0i64);
    for (idx, link) in sketch.links.iter().enumerate().filter(|(_, it)| it.from != it.to) {
        let (from, to) = (ranks.rank[link.from], ranks.rank[link.to]);
        let (first, end) = if ranks.back[idx] { (to + 1, from + 1) } else { (from + 1, to) };
        passing[first] += 1;
        passing[end] -= 1;
    }
    let mut alone: Table<Option<usize>> = Table::filled(n_ranks, None);
    let mut n_there = Table::filled(n_ranks, 0usize);
    for (vertex, rank) in ranks.rank.iter().enumerate() {
        n_there[*rank] += 1;
        alone[*rank] = Some(vertex);
    }
    let mut n_passing = 0;
    let mut cuts = Vec::new();
    for rank in 0..n_ranks {
        n_passing += passing[rank];
        if 0 < rank && rank + 1 < n_ranks && n_passing == 0 && n_there[rank] == 1 {
            cuts.extend(alone[rank]);
        }
    }
    cuts
}

fn split(sketch: &Sketch, ranks: &Ranks, cuts: &[usize]) -> Table<Section> {
    let n_ranks = ranks.rank.iter().max().map_or(0, |it| it + 1);
    // By rank, how many cuts are above it or at it: the section that goes on from there.
    let mut section_of_rank = Table::filled(n_ranks, 0);
    let mut is_cut = Table::filled(n_ranks, false);
    for cut in cuts {
        is_cut[ranks.rank[*cut]] = true;
    }
    let mut n_cuts = 0;
    for rank in 0..n_ranks {
        n_cuts += usize::from(is_cut[rank]);
        section_of_rank[rank] = n_cuts;
    }
    let empty = Section {
        sketch: Sketch { spacing: sketch.spacing, orientation: sketch.orientation, ..Sketch::default() },
        ..Section::default()
    };
    let mut sections = Table::filled(cuts.len() + 1, empty);
    let straight = straight_links(sketch, ranks, cuts, &section_of_rank);
    for (idx, link) in straight.iter().enumerate() {
        sections[idx].straight = *link;
    }
    let mut add = |section: usize, vertex: usize, base: usize| {
        let section = &mut sections[section];
        if section.straight.is_some() {
            return 0;
        }
        section.vertices.push(vertex);
        section.ranks.rank.push(ranks.rank[vertex] - base);
        section.ranks.doomed.push(ranks.doomed[vertex]);
        section.ranks.spine.push(None);
        section.sketch.vertices.push(sketch.vertices[vertex])
    };
    // The rank at which a section begins.
    let base = |section: usize| match section.checked_sub(1).and_then(|it| cuts.get(it)) {
        Some(cut) => ranks.rank[*cut],
        None => 0,
    };
    let mut local = Table::filled(sketch.vertices.len(), 0);
    let mut local_above = Table::filled(sketch.vertices.len(), 0);
    for vertex in 0..sketch.vertices.len() {
        let rank = ranks.rank[vertex];
        let section = section_of_rank[rank];
        local[vertex] = add(section, vertex, base(section));
        if is_cut[rank] {
            local_above[vertex] = add(section - 1, vertex, base(section - 1));
        }
    }
    for (idx, cut) in cuts.iter().enumerate() {
        sections[idx].bottom = local_above[*cut];
        sections[idx + 1].top = local[*cut];
    }
    let section_of = |vertex: usize| section_of_rank[ranks.rank[vertex]];
    let within = |section: usize, vertex: usize| match section_of(vertex) == section {
        true => local[vertex],
        false => local_above[vertex],
    };
    for (idx, link) in sketch.links.iter().enumerate() {
        let at = section_of(link.from).min(section_of(link.to));
        let (from, to) = (within(at, link.from), within(at, link.to));
        let section = &mut sections[at];
        if section.straight.is_some() {
            continue;
        }
        section.links.push(idx);
        section.ranks.back.push(ranks.back[idx]);
        section.ranks.main.push(ranks.main[idx]);
        let here = section.sketch.links.push(scope::Link { from, to, ..*link });
        if ranks.spine[link.from] == Some(idx) {
            section.ranks.spine[from] = Some(here);
        }
    }
    for &(from, to) in &ranks.trunk {
        let at = section_of(from);
        // Ways that part in a section meet in it, at its last node at the latest.
        if section_of(to) == at || (section_of(to) == at + 1 && is_cut[ranks.rank[to]]) {
            sections[at].ranks.trunk.push((within(at, from), within(at, to)));
        }
    }
    sections
}

/// By section, its link if there is nothing more to draw than one line from its only node above
/// to its only node below.
fn straight_links(
    sketch: &Sketch,
    ranks: &Ranks,
    cuts: &[usize],
    section_of_rank: &Table<usize>,
) -> Table<Option<usize>> {
    let mut n_vertices = Table::filled(cuts.len() + 1, 0usize);
    let mut n_links = Table::filled(cuts.len() + 1, 0usize);
    let mut straight = Table::filled(cuts.len() + 1, None);
    for rank in ranks.rank.iter() {
        n_vertices[section_of_rank[*rank]] += 1;
    }
    for (idx, link) in sketch.links.iter().enumerate() {
        let at = section_of_rank[ranks.rank[link.from].min(ranks.rank[link.to])];
        n_links[at] += 1;
        let is_plain = matches!(link.kind, EdgeKind::Start | EdgeKind::Next | EdgeKind::End);
        straight[at] = Some(idx).filter(|_| is_plain && link.label_width == 0 && !ranks.back[idx]);
    }
    for (idx, link) in straight.iter_mut().enumerate() {
        // The last section counts its lowest node, the others that of the next section.
        let last = usize::from(idx == cuts.len());
        if n_vertices[idx] != 1 + last || n_links[idx] != 1 {
            *link = None;
        }
    }
    straight
}

/// Hangs every section on the last node of the one above.
fn join(
    sketch: &Sketch,
    cuts: &[usize],
    sections: &Table<Section>,
    drawings: &Table<Arc<Drawing>>,
    sizes: &Table<(i64, i64)>,
) -> Drawing {
    let mut joined = Drawing {
        boxes: Table::filled(sketch.vertices.len(), Rect::default()),
        routes: Table::filled(sketch.links.len(), Route::default()),
        ..Drawing::default()
    };
    let (mut left, mut right, mut height) = (0.0f64, 0.0f64, 0.0f64);
    let rect = |vertex: usize, middle: f64, y: f64| {
        let (w, h) = sizes[vertex];
        Rect { x: middle - (w / 2) as f64, y, w: w as f64, h: h as f64 }
    };
    // The middle of the upper border of the next section's first node.
    let mut hook = Point::default();
    for (idx, section) in sections.iter().enumerate() {
        if let Some(link) = section.straight {
            let (top, bottom) = (sketch.links[link].from, sketch.links[link].to);
            let upper = rect(top, hook.x, hook.y);
            let overhang = sketch.vertices[top].overhang;
            let y = upper.y + upper.h + (overhang + sketch.spacing.down) as f64;
            let lower = rect(bottom, hook.x, y);
            let from = Point { x: hook.x, y: upper.y + upper.h };
            let middle = Point { x: hook.x, y: (from.y + y) / 2.0 };
            hook = Point { x: hook.x, y };
            joined.routes[link] = Route { points: vec![from, hook], label_at: middle, insert_at: middle };
            for (vertex, it) in [(top, upper), (bottom, lower)] {
                left = left.min(it.x);
                right = right.max(it.x + it.w + sketch.vertices[vertex].overhang as f64);
                height = height.max(it.y + it.h + sketch.vertices[vertex].overhang as f64);
                joined.boxes[vertex] = it;
            }
            continue;
        }
        let drawing = &drawings[idx];
        let middle = |it: Rect| it.x + (it.w as i64 / 2) as f64;
        let by = match idx {
            0 => Point::default(),
            _ => {
                let top = drawing.boxes[section.top];
                Point { x: hook.x - middle(top), y: hook.y - top.y }
            }
        };
        left = left.min(by.x);
        right = right.max(by.x + drawing.w);
        height = height.max(by.y + drawing.h);
        for (here, vertex) in section.vertices.iter().enumerate() {
            let it = drawing.boxes[here];
            joined.boxes[*vertex] = Rect { x: it.x + by.x, y: it.y + by.y, ..it };
        }
        for (here, link) in section.links.iter().enumerate() {
            joined.routes[*link] = drawing.routes[here].moved(by);
        }
        if let Some(bottom) = cuts.get(idx) {
            let it = joined.boxes[*bottom];
            hook = Point { x: middle(it), y: it.y };
        }
    }
    (joined.w, joined.h) = (right - left, height);
    if left < 0.0 {
        for it in joined.boxes.iter_mut() {
            it.x -= left;
        }
        for it in joined.routes.iter_mut() {
            *it = it.moved(Point { x: -left, y: 0.0 });
        }
    }
    joined
}
