//! A way out for graphs that nobody draws by hand: where thousands of links span thousands of
//! ranks, giving each a place in every row would take time and memory without end. The longest of
//! them are left out of the passes and led around the outside afterwards: down into the gap below
//! their source, along a lane at the right, and through the gap above their target.

use std::collections::BTreeMap;

use crate::flow::layout::measure::LINE_GAP;
use crate::flow::layout::rank::Ranks;
use crate::flow::layout::scope::{self, Drawing, Sketch};
use crate::flow::layout::table::Table;
use crate::flow::layout::{Point, Rect, Route};
use crate::text::Arrange;

/// How many places in rows the links of one section may take together.
const MAX_PLACES: usize = 40_000;
/// More lanes than this are not laid beside one another.
const MAX_LANES: usize = 100;
/// From a row to a line that is led around.
const GAP: f64 = 4.0;

/// Draws one section of a sketch.
pub fn draw(sketch: &Sketch, ranks: &Ranks) -> Drawing {
    let express = express_links(sketch, ranks);
    if express.is_empty() {
        return scope::draw(sketch, ranks);
    }
    let mut taken = Table::filled(sketch.links.len(), false);
    for link in &express {
        taken[*link] = true;
    }
    let mut rest = Sketch { links: Table::default(), ..sketch.clone() };
    let mut rest_ranks = Ranks { back: Table::default(), main: Table::default(), ..ranks.clone() };
    rest_ranks.spine = Table::filled(sketch.vertices.len(), None);
    let mut kept = Vec::new();
    for (idx, link) in sketch.links.iter().enumerate().filter(|it| !taken[it.0]) {
        let here = rest.links.push(*link);
        rest_ranks.back.push(ranks.back[idx]);
        rest_ranks.main.push(ranks.main[idx]);
        if ranks.spine[link.from] == Some(idx) {
            rest_ranks.spine[link.from] = Some(here);
        }
        kept.push(idx);
    }
    let drawn = scope::draw(&rest, &rest_ranks);
    let mut drawing = Drawing { routes: Table::filled(sketch.links.len(), Route::default()), ..drawn };
    for (idx, route) in kept.into_iter().zip(drawn.routes.iter()) {
        drawing.routes[idx] = route.clone();
    }
    lead_around(sketch, ranks, &express, &mut drawing);
    drawing
}

/// The links that go around, the longest first, until the rest fits.
fn express_links(sketch: &Sketch, ranks: &Ranks) -> Vec<usize> {
    let span = |idx: usize| {
        let link = sketch.links[idx];
        ranks.rank[link.from].abs_diff(ranks.rank[link.to])
    };
    let mut n_to: Table<usize> = Table::filled(sketch.vertices.len(), 0);
    let mut places: usize = (0..sketch.links.len()).map(span).sum();
    if places <= MAX_PLACES {
        return Vec::new();
    }
    // Many links down to one target share their places.
    for (idx, link) in sketch.links.iter().enumerate() {
        n_to[link.to] += usize::from(!ranks.back[idx]);
    }
    let shares = |idx: usize| !ranks.back[idx] && 8 < n_to[sketch.links[idx].to];
    places -= (0..sketch.links.len()).filter(|it| shares(*it)).map(span).sum::<usize>();
    let mut longest: Vec<usize> = (0..sketch.links.len()).filter(|it| !shares(*it)).collect();
    longest.arrange_by_key(|it| std::cmp::Reverse(span(*it)));
    let goes_around = |it: &usize| {
        let is_too_much = MAX_PLACES < places;
        places -= span(*it).min(places);
        is_too_much && 1 < span(*it)
    };
    longest.into_iter().take_while(goes_around).collect()
}

fn lead_around(sketch: &Sketch, ranks: &Ranks, express: &[usize], drawing: &mut Drawing) {
    let n_ranks = ranks.rank.iter().max().map_or(0, |it| it + 1);
    let mut bottoms = Table::filled(n_ranks, 0.0f64);
    for (vertex, rank) in ranks.rank.iter().enumerate() {
        let it = drawing.boxes[vertex];
        bottoms[*rank] = bottoms[*rank].max(it.y + it.h + sketch.vertices[vertex].overhang as f64);
    }
    let right = drawing.w;
    let mut lanes: BTreeMap<usize, usize> = BTreeMap::new();
    for &idx in express {
        let link = sketch.links[idx];
        let n_lanes = lanes.len();
        let lane = *lanes.entry(link.to).or_insert(n_lanes % MAX_LANES);
        let x = right + (LINE_GAP * (lane as i64 + 1)) as f64;
        let middle = |it: Rect| it.x + (it.w / 2.0).floor();
        let (from, to) = (drawing.boxes[link.from], drawing.boxes[link.to]);
        let (below, above) = (bottoms[ranks.rank[link.from]] + GAP, to.y - GAP);
        let corners = [
            (middle(from), from.y + from.h),
            (middle(from), below),
            (x, below),
            (x, above),
            (middle(to), above),
            (middle(to), to.y),
        ];
        let points = corners.into_iter().map(|(x, y)| Point { x, y }).collect();
        let at = Point { x, y: (below + above) / 2.0 };
        drawing.routes[idx] = Route { points, label_at: at, insert_at: at };
        drawing.w = drawing.w.max(x + 2.0);
        drawing.h = drawing.h.max(below + 2.0);
    }
}
