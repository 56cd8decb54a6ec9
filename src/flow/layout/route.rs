//! Fourth pass: how far down everything stands, and the corners of every line. Between two rows
//! level pieces get tracks of their own, chosen so that lines do not cross without need.

use crate::asl::StateType;
use crate::flow::graph::Shape;
use crate::flow::layout::measure::{
    CHEVRON, FRAME_HEADER, LABEL_HEIGHT, LABEL_LIFT, LABEL_OFFSET, LINE_GAP, NODE_HEIGHT, side_inset,
};
use crate::flow::layout::order::{Chain, Item, Side};
use crate::flow::layout::place::{self, Places};
use crate::flow::layout::scope::{Drawing, Sketch};
use crate::flow::layout::table::Table;
use crate::flow::layout::{Orientation, Point, Rect, Route};
use crate::text::Arrange;

/// Distance of two level lines between the same rows.
const TRACK_GAP: i64 = 12;

/// Turns places into boxes and routes, with the upper left corner at 0, 0.
pub fn route(sketch: &Sketch, places: &Places) -> Drawing {
    let tracks = tracks(places);
    let levels = levels(sketch, places, &tracks);
    let side_ports = side_ports(sketch, places);
    let (left, right) = place::extent(places, sketch);
    let mut n_in = Table::filled(places.rows.items.len(), 0usize);
    for segment in places.rows.segments.iter() {
        n_in[segment.lower] += 1;
    }
    let mut pen =
        Pen { sketch, places, tracks, levels, side_ports, n_in, left, trunk_lines: Table::default() };
    pen.trunk_lines = (0..places.rows.trunks.len()).map(|it| pen.trunk_line(it)).collect();
    let boxes = (0..sketch.vertices.len()).map(|it| pen.rect(it)).collect();
    let routes = (0..sketch.links.len()).map(|it| pen.route(it)).collect();
    Drawing { boxes, routes, w: (right - left) as f64, h: pen.levels.height as f64 }
}

/// The level piece of a segment: its track between two rows, counted from above.
#[derive(Clone, Debug, Default)]
struct Tracks {
    /// By segment; none for one that runs straight.
    track: Table<Option<usize>>,
    /// By row, how many tracks there are below it.
    n_below: Table<usize>,
}

fn tracks(places: &Places) -> Tracks {
    let n_rows = places.rows.rows.len();
    let mut tracks =
        Tracks { track: Table::filled(places.rows.segments.len(), None), n_below: Table::filled(n_rows, 0) };
    for row in 0..n_rows {
        let mut levels: Vec<Level> = places.rows.segments_below[row]
            .iter()
            .map(|it| Level::of(places, *it))
            .filter(|it| it.from != it.to)
            .collect();
        // Lines to the right from right to left, then lines to the left from left to right: in
        // this order none has to run above one that was placed before.
        levels.arrange_by_key(|it| {
            let rightwards = it.from < it.to;
            (!rightwards, if rightwards { -it.from } else { it.from }, it.segment)
        });
        let mut placed: Vec<(Level, usize)> = Vec::new();
        for level in levels {
            let beside: Vec<&(Level, usize)> = placed.iter().filter(|it| it.0.meets(&level)).collect();
            let above = beside.iter().filter(|it| it.0.runs_above(&level)).map(|it| it.1 + 1).max();
            let below = beside.iter().filter(|it| level.runs_above(&it.0)).map(|it| it.1).min();
            let free = |track: &usize| beside.iter().all(|it| it.1 != *track);
            let lowest = above.unwrap_or(0);
            let within = (lowest..below.unwrap_or(usize::MAX).min(lowest + placed.len() + 1)).find(free);
            let track = within.or_else(|| (lowest..).find(free)).unwrap_or(lowest);
            tracks.track[level.segment] = Some(track);
            tracks.n_below[row] = tracks.n_below[row].max(track + 1);
            placed.push((level, track));
        }
    }
    tracks
}

/// A segment with a level piece.
#[derive(Clone, Copy)]
struct Level {
    segment: usize,
    lower: usize,
    from: i64,
    to: i64,
}

impl Level {
    fn of(places: &Places, segment: usize) -> Level {
        let (from, to) = places.ends(segment);
        Level { segment, lower: places.rows.segments[segment].lower, from, to }
    }

    fn left(&self) -> i64 {
        self.from.min(self.to)
    }

    fn right(&self) -> i64 {
        self.from.max(self.to)
    }

    /// Both cannot share a track. Lines that join from both sides can.
    fn meets(&self, other: &Level) -> bool {
        if self.lower == other.lower
            && self.to == other.to
            && (self.from < self.to) != (other.from < other.to)
        {
            return false;
        }
        self.left() < other.right() + LINE_GAP / 2 && other.left() < self.right() + LINE_GAP / 2
    }

    fn runs_above(&self, other: &Level) -> bool {
        // The piece down from one source must not cover the piece down to another target.
        if (self.from - other.to).abs() < 6 && self.to != other.to {
            return true;
        }
        match (self.from < self.to, other.from < other.to) {
            (true, true) => other.from < self.from,
            (false, false) => self.from < other.from,
            _ => false,
        }
    }
}

/// Where rows and the spaces between them lie.
#[derive(Clone, Debug, Default)]
struct Levels {
    top: Table<i64>,
    row_height: Table<i64>,
    /// By row, the place of the first track below it.
    first_track: Table<i64>,
    height: i64,
}

fn levels(sketch: &Sketch, places: &Places, tracks: &Tracks) -> Levels {
    let rows = &places.rows;
    let n_rows = rows.rows.len();
    let mut levels = Levels {
        top: Table::filled(n_rows, 0),
        row_height: Table::filled(n_rows, 0),
        first_track: Table::filled(n_rows, 0),
        height: 0,
    };
    let roomy = 32 < sketch.spacing.down;
    for row in 0..n_rows {
        levels.row_height[row] = if rows.is_label_row[row] {
            match sketch.orientation {
                Orientation::Vertical => LABEL_HEIGHT,
                Orientation::Horizontal => {
                    rows.row_items(row).map(|it| rows.items[it].label_width).max().unwrap_or(0)
                }
            }
        } else {
            let vertices = rows.row_items(row).filter_map(|it| rows.items[it].vertex);
            let heights = vertices.map(|it| sketch.vertices[it].h + sketch.vertices[it].overhang);
            heights.max().unwrap_or(0)
        };
    }
    let mut y = 0;
    for row in 0..n_rows {
        levels.top[row] = y;
        y += levels.row_height[row];
        if row + 1 == n_rows {
            break;
        }
        let (label_above, label_below) = (rows.is_label_row[row], rows.is_label_row[row + 1]);
        let least = match (label_above, label_below) {
            (false, false) => sketch.spacing.down,
            (false, true) if roomy => 14,
            (false, true) => 10,
            (true, _) if roomy => 18,
            (true, _) => 16,
        };
        let above = if label_above { 6 } else { 12 };
        let below = if label_below { 8 } else { 20 };
        let taken = (tracks.n_below[row] as i64 - 1).max(0) * TRACK_GAP;
        let height = if tracks.n_below[row] == 0 { least } else { least.max(above + taken + below) };
        levels.first_track[row] = y + (height - taken + above - below) / 2;
        y += height;
    }
    levels.height = y;
    levels
}

/// By item at the side of a vertex, the heights at which its line touches the vertex, measured
/// from its top. A line from a vertex to itself touches it twice, the others once.
fn side_ports(sketch: &Sketch, places: &Places) -> Table<(i64, i64)> {
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
    enum Way {
        Up,
        #[default]
        Around,
        Down,
    }
    let rows = &places.rows;
    let mut way = Table::filled(rows.items.len(), Way::default());
    for chain in rows.chains.iter() {
        let second = chain.items.get(1).copied();
        let last_but_one = chain.items.len().checked_sub(2).and_then(|it| chain.items.get(it)).copied();
        if chain.items.first() == chain.items.last() {
            continue;
        }
        if let (true, Some(item)) = (chain.upper_side != Side::Flow, second) {
            way[item] = Way::Down;
        }
        if let (true, Some(item)) = (chain.lower_side != Side::Flow, last_but_one) {
            way[item] = Way::Up;
        }
    }
    let mut ports = Table::filled(rows.items.len(), (0, 0));
    for (vertex, item) in rows.item_of.iter().enumerate() {
        let cell = &rows.cells[rows.items[*item].cell];
        let outwards = [cell.left.iter().rev().copied().collect::<Vec<_>>(), cell.right.clone()];
        for side in outwards {
            // From the top: lines that go up, the nearest first; lines that come back to the
            // vertex; lines that go down, the farthest first. So none crosses another.
            let mut sorted: Vec<(Way, i64, usize)> = side
                .iter()
                .enumerate()
                .map(|(idx, it)| match way[*it] {
                    Way::Down => (Way::Down, -(idx as i64), *it),
                    other => (other, idx as i64, *it),
                })
                .collect();
            sorted.arrange();
            let ends: Vec<usize> = sorted
                .iter()
                .flat_map(|it| std::iter::repeat_n(it.2, if it.0 == Way::Around { 2 } else { 1 }))
                .collect();
            let vertex = sketch.vertices[vertex];
            let last = ends.len().saturating_sub(1) as i64;
            let unfit = match (sketch.orientation, vertex.shape) {
                (Orientation::Vertical, _) | (_, Shape::Start | Shape::End) => 6,
                (_, Shape::State(StateType::Choice)) => CHEVRON + 4,
                (_, Shape::State(StateType::Wait | StateType::Succeed)) => NODE_HEIGHT / 2,
                _ => 14,
            };
            let step = LINE_GAP.min((vertex.h - 2 * unfit).max(0) / last.max(1));
            let first = if vertex.frame { FRAME_HEADER / 2 } else { (vertex.h - last * step) / 2 };
            for (idx, item) in ends.into_iter().enumerate() {
                let y = first + idx as i64 * step;
                let known = ports[item];
                ports[item] = if known.0 == 0 { (y, y) } else { (known.0, y) };
            }
        }
    }
    ports
}

struct Pen<'a> {
    sketch: &'a Sketch,
    places: &'a Places,
    tracks: Tracks,
    levels: Levels,
    side_ports: Table<(i64, i64)>,
    /// By item, how many segments come down to it.
    n_in: Table<usize>,
    left: i64,
    /// By trunk, its corners with the row each is below, from top to bottom.
    trunk_lines: Table<Vec<(usize, Point)>>,
}

impl Pen<'_> {
    fn rect(&self, vertex: usize) -> Rect {
        let Shaped { x, y, w, h, .. } = self.shaped(vertex);
        Rect { x: x as f64, y: y as f64, w: w as f64, h: h as f64 }
    }

    fn shaped(&self, vertex: usize) -> Shaped {
        let item = self.places.rows.item_of[vertex];
        let it = self.sketch.vertices[vertex];
        let x = self.places.x[item] - it.w / 2 - self.left;
        Shaped {
            x,
            y: self.levels.top[self.places.rows.items[item].row],
            w: it.w,
            h: it.h,
            shape: it.shape,
            orientation: self.sketch.orientation,
        }
    }

    fn route(&self, link: usize) -> Route {
        let chain = &self.places.rows.chains[link];
        let rows = &self.places.rows;
        let (Some(&first), Some(&last)) = (chain.items.first(), chain.items.last()) else {
            return Route::default();
        };
        let target = chain.joins.map_or(last, |it| rows.trunks[it].target);
        let (upper, lower) = (self.vertex_at(first), self.vertex_at(target));
        let mut points: Vec<Point> = Vec::new();
        // Which stretch of the line is shared with no other, for the place of the `+`.
        let mut own_until = usize::MAX;
        for (idx, (&a, &b)) in chain.items.iter().zip(chain.items.iter().skip(1)).enumerate() {
            match chain.segments.get(idx).copied().flatten() {
                Some(segment) => {
                    let (from, to) = self.places.ends(segment);
                    let row = rows.items[a].row;
                    if a == first {
                        points.push(upper.flow_border(from - self.left, true));
                    }
                    if let Some(track) = self.tracks.track[segment] {
                        let y = self.levels.first_track[row] + track as i64 * TRACK_GAP;
                        points.push(self.point(from, y));
                        points.push(self.point(to, y));
                        if rows.items[b].vertex.is_none() && 1 < self.n_in[b] {
                            own_until = own_until.min(points.len());
                        }
                    }
                    if b == target {
                        points.push(lower.flow_border(to - self.left, false));
                    }
                }
                // Between a vertex and the line at its side.
                None if a == first && (b != target || points.is_empty()) => {
                    let y = upper.y + self.side_ports[b].0;
                    points.push(upper.border(chain.upper_side, self.side_ports[b].0));
                    points.push(self.point(self.places.x[b], y));
                }
                None => {
                    let y = lower.y + self.side_ports[a].1;
                    points.push(self.point(self.places.x[a], y));
                    points.push(lower.border(chain.lower_side, self.side_ports[a].1));
                }
            }
        }
        if let Some(trunk) = chain.joins {
            let row = rows.items[last].row;
            points.push(self.point(self.places.x[last], self.levels.top[row]));
            own_until = own_until.min(points.len());
            let line = &self.trunk_lines[trunk];
            let next = line.partition_point(|it| it.0 < row);
            points.extend(line.get(next..).unwrap_or_default().iter().map(|it| it.1));
        }
        if chain.upward {
            points.reverse();
        }
        let insert_at = insert_place(points.get(..own_until.min(points.len())).unwrap_or(&points));
        let points = without_straight_corners(points);
        let label_at = self.label_place(chain).unwrap_or(insert_at);
        Route { points, label_at, insert_at }
    }

    fn trunk_line(&self, trunk: usize) -> Vec<(usize, Point)> {
        let trunk = &self.places.rows.trunks[trunk];
        let mut line = Vec::new();
        let mut end = Point::default();
        for (slot, segment) in trunk.segments.iter().enumerate() {
            let Some(segment) = *segment else { continue };
            let row = trunk.top + slot;
            let (from, to) = self.places.ends(segment);
            if let Some(track) = self.tracks.track[segment] {
                let y = self.levels.first_track[row] + track as i64 * TRACK_GAP;
                line.extend([(row, self.point(from, y)), (row, self.point(to, y))]);
            }
            end = self.vertex_at(trunk.target).flow_border(to - self.left, false);
        }
        line.push((usize::MAX, end));
        line
    }

    fn label_place(&self, chain: &Chain) -> Option<Point> {
        let rows = &self.places.rows;
        let item = chain.label?;
        let row = rows.items[item].row;
        let Item { label_before, label_width, .. } = rows.items[item];
        let (top, bottom) = self.side_ports[item];
        if self.sketch.orientation == Orientation::Horizontal {
            let lift = LABEL_LIFT + LABEL_HEIGHT / 2;
            let x = self.places.x[item] + if label_before { -lift } else { lift };
            let along = match rows.is_label_row[row] {
                true => 0,
                false if top == bottom => top + LABEL_OFFSET,
                false => LABEL_OFFSET,
            };
            return Some(self.point(x, self.levels.top[row] + along));
        }
        let x = match label_before {
            true => self.places.x[item] - LABEL_OFFSET - label_width,
            false => self.places.x[item] + LABEL_OFFSET,
        };
        if rows.is_label_row[row] {
            return Some(self.point(x, self.levels.top[row] + LABEL_HEIGHT / 2));
        }
        let y = if top == bottom { top + LABEL_HEIGHT } else { (top + bottom) / 2 };
        Some(self.point(x, self.levels.top[row] + y))
    }

    fn vertex_at(&self, item: usize) -> Shaped {
        self.shaped(self.places.rows.items[item].vertex.unwrap_or_default())
    }

    fn point(&self, x: i64, y: i64) -> Point {
        Point { x: (x - self.left) as f64, y: y as f64 }
    }
}

struct Shaped {
    x: i64,
    y: i64,
    w: i64,
    h: i64,
    shape: Shape,
    orientation: Orientation,
}

impl Shaped {
    /// The point of the outline where a line of the flow leaves (or arrives) at this place across.
    fn flow_border(&self, x: i64, leaves: bool) -> Point {
        let inset = match self.orientation {
            Orientation::Vertical => 0.0,
            Orientation::Horizontal => side_inset(self.shape, self.w, x - self.x - self.w / 2),
        };
        let y = if leaves { (self.y + self.h) as f64 - inset } else { self.y as f64 + inset };
        Point { x: x as f64, y }
    }

    /// The point of the outline at this side and this far below the top of the box.
    fn border(&self, side: Side, down: i64) -> Point {
        // Above and below, the outline is straight where lines may touch it.
        let inset = match self.orientation {
            Orientation::Vertical => side_inset(self.shape, self.h, down - self.h / 2),
            Orientation::Horizontal => 0.0,
        };
        let x = match side {
            Side::Left => self.x as f64 + inset,
            Side::Right | Side::Flow => (self.x + self.w) as f64 - inset,
        };
        Point { x, y: (self.y + down) as f64 }
    }
}

/// The middle of the longest upright piece, or else of the longest level one.
fn insert_place(points: &[Point]) -> Point {
    let pieces = points.iter().zip(points.iter().skip(1));
    let longest = pieces.max_by(|(a, b), (c, d)| {
        let key = |p: &Point, q: &Point| (p.x == q.x, (p.x - q.x).abs() + (p.y - q.y).abs());
        let (one, two) = (key(a, b), key(c, d));
        one.0.cmp(&two.0).then(one.1.total_cmp(&two.1))
    });
    match longest {
        Some((a, b)) => Point { x: (a.x + b.x) / 2.0, y: (a.y + b.y) / 2.0 },
        None => points.first().copied().unwrap_or_default(),
    }
}

/// Leaves out points in the middle of a straight line.
fn without_straight_corners(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = kept.as_slice()
            && ((a.x == b.x && b.x == point.x) || (a.y == b.y && b.y == point.y))
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
