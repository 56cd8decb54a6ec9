//! Third pass: how far right everything stands. Lines that shall run straight tie their items into
//! blocks; the blocks keep their distances and are pulled together by the remaining lines.

use std::collections::BTreeMap;

use crate::asl::StateType;
use crate::flow::graph::Shape;
use crate::flow::layout::Orientation;
use crate::flow::layout::measure::{LINE_GAP, SIDE_GAP};
use crate::flow::layout::order::Rows;
use crate::flow::layout::rank::Ranks;
use crate::flow::layout::scope::Sketch;
use crate::flow::layout::simplex::{self, Arc};
use crate::flow::layout::sweep;
use crate::flow::layout::table::Table;
use crate::text::Arrange;

/// The rows with the place of every item in them.
#[derive(Clone, Debug, Default)]
pub struct Places {
    pub rows: Rows,
    /// By item, the middle of a vertex or the place of a line.
    pub x: Table<i64>,
    /// By segment, its upper end relative to the middle of the upper item.
    pub upper_port: Table<i64>,
    /// By segment, its lower end relative to the middle of the lower item.
    pub lower_port: Table<i64>,
}

/// Space between a node and a line of others.
const PASSING_GAP: i64 = 20;
/// Above this size ways that meet again are not forced into one column one by one.
const MAX_TRUNKS: usize = 400;

/// Places the items of one connected sketch.
pub fn place(sketch: &Sketch, ranks: &Ranks, mut rows: Rows) -> Places {
    let position = sweep::positions(&rows);
    rows.choose_label_sides(sketch, ranks, &position);
    let n_segments = rows.segments.len();
    let mut places = Places {
        x: Table::filled(rows.items.len(), 0),
        upper_port: Table::filled(n_segments, 0),
        lower_port: Table::filled(n_segments, 0),
        rows,
    };
    assign_ports(&mut places, sketch, &position);
    let mut blocks = align(&places, &position);
    let soft_trunks = tie_trunks(&places, ranks, &mut blocks);
    solve(&mut places, sketch, &blocks, &soft_trunks);
    snap_entries(&mut places, sketch);
    places
}

impl Places {
    /// The middle of a vertex.
    pub fn middle(&self, vertex: usize) -> i64 {
        self.x[self.rows.item_of[vertex]]
    }

    /// Where a segment leaves its upper item and reaches its lower one.
    pub fn ends(&self, segment: usize) -> (i64, i64) {
        let ends = self.rows.segments[segment];
        (self.x[ends.upper] + self.upper_port[segment], self.x[ends.lower] + self.lower_port[segment])
    }

    /// Restless pictures cost more: crossings, bends and ways to the side.
    pub fn cost(&self, sketch: &Sketch) -> i64 {
        let aside = |segment: usize| {
            let (upper, lower) = self.ends(segment);
            if upper == lower { 0 } else { 60 + (upper - lower).abs() }
        };
        let lines: i64 = (0..self.rows.segments.len()).map(aside).sum();
        let (left, right) = extent(self, sketch);
        300 * self.rows.n_crossings as i64 + lines + (right - left)
    }
}

/// Left and right border of all items.
pub fn extent(places: &Places, sketch: &Sketch) -> (i64, i64) {
    let borders = (0..places.rows.items.len()).map(|it| {
        let (left, right) = reach(places, sketch, it);
        (places.x[it] - left, places.x[it] + right)
    });
    borders.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default()
}

fn reach(places: &Places, sketch: &Sketch, item: usize) -> (i64, i64) {
    let item = &places.rows.items[item];
    match item.vertex {
        Some(vertex) => {
            let vertex = sketch.vertices[vertex];
            (vertex.w / 2, vertex.w / 2 + vertex.overhang)
        }
        None if 0 < item.label_width && item.label_before => (sketch.label_reach(item.label_width), 4),
        None if 0 < item.label_width => (4, sketch.label_reach(item.label_width)),
        None => (0, 0),
    }
}

fn distance(places: &Places, sketch: &Sketch, left: usize, right: usize) -> i64 {
    let (a, b) = (&places.rows.items[left], &places.rows.items[right]);
    let gap = match (a.vertex, b.vertex) {
        (Some(_), Some(_)) => sketch.spacing.across,
        (None, None) => LINE_GAP,
        _ if a.cell == b.cell => SIDE_GAP,
        _ => PASSING_GAP,
    };
    reach(places, sketch, left).1 + gap + reach(places, sketch, right).0
}

/// Ends at one node spread in the order of where their lines come from.
fn assign_ports(places: &mut Places, sketch: &Sketch, position: &Table<usize>) {
    let rows = &places.rows;
    let mut below = Table::filled(rows.items.len(), Vec::new());
    let mut above = Table::filled(rows.items.len(), Vec::new());
    for (idx, segment) in rows.segments.iter().enumerate() {
        below[segment.upper].push(idx);
        above[segment.lower].push(idx);
    }
    for vertex in 0..sketch.vertices.len() {
        let item = rows.item_of[vertex];
        let wide = sketch.orientation == Orientation::Vertical
            && sketch.vertices[vertex].shape == Shape::State(StateType::Choice);
        let reach = sketch.port_reach(vertex);
        let weight = |it: &usize| rows.segments[*it].weight;
        let exits = &mut below[item];
        exits.arrange_by_key(|it| position[rows.segments[*it].lower]);
        let straight = strongest(exits, weight, 16);
        for (idx, offset) in spread(exits.len(), straight, reach, if wide { 64 } else { 32 }) {
            if let Some(segment) = exits.get(idx) {
                places.upper_port[*segment] = offset;
            }
        }
        let entries = &mut above[item];
        entries.arrange_by_key(|it| position[rows.segments[*it].upper]);
        let straight = strongest(entries, weight, 16);
        for (idx, offset) in spread(entries.len(), straight, reach, 32) {
            if let Some(segment) = entries.get(idx) {
                places.lower_port[*segment] = offset;
            }
        }
    }
}

/// The index of the one that weighs most, if it weighs enough and more than the others.
fn strongest(segments: &[usize], weight: impl Fn(&usize) -> i64, enough: i64) -> Option<usize> {
    let most = segments.iter().map(&weight).max().filter(|it| enough <= *it)?;
    let mut best = segments.iter().enumerate().filter(|it| weight(it.1) == most).map(|it| it.0);
    best.next().filter(|_| best.next().is_none())
}

/// Offsets from the middle for `count` ends, with one of them in the middle if asked for.
fn spread(count: usize, middle: Option<usize>, reach: i64, ideal: i64) -> Vec<(usize, i64)> {
    let last = count.saturating_sub(1) as i64;
    match middle {
        Some(middle) => {
            let beside = (middle as i64).max(last - middle as i64).max(1);
            let step = ideal.min(reach / beside);
            (0..count).map(|it| (it, (it as i64 - middle as i64) * step)).collect()
        }
        None => {
            let step = if count == 2 && ideal == 64 { 128 } else { ideal };
            let step = step.min(2 * reach / last.max(1));
            (0..count).map(|it| (it, (2 * it as i64 - last) * step / 2)).collect()
        }
    }
}

/// Items that move together.
struct Blocks {
    block: Table<usize>,
    /// By item, its place relative to its block.
    offset: Table<i64>,
    n_blocks: usize,
}

/// Ties the ends of segments that shall be straight, the most important first; a segment that
/// would cross one already tied stays loose.
fn align(places: &Places, position: &Table<usize>) -> Blocks {
    let rows = &places.rows;
    let mut strong_above = Table::filled(rows.items.len(), 0usize);
    for segment in rows.segments.iter().filter(|it| 16 <= it.weight) {
        strong_above[segment.lower] += 1;
    }
    let mut candidates: Vec<usize> = (0..rows.segments.len())
        .filter(|it| {
            let segment = rows.segments[*it];
            24 <= segment.weight || (segment.weight == 16 && strong_above[segment.lower] == 1)
        })
        .collect();
    candidates.arrange_by_key(|it| std::cmp::Reverse(rows.segments[*it].weight));

    let mut tied_below: Table<Option<usize>> = Table::filled(rows.items.len(), None);
    let mut tied_above = Table::filled(rows.items.len(), false);
    let mut tied: Table<BTreeMap<usize, usize>> = Table::filled(rows.rows.len(), BTreeMap::new());
    for candidate in candidates {
        let segment = rows.segments[candidate];
        if tied_below[segment.upper].is_some() || tied_above[segment.lower] {
            continue;
        }
        let (upper, lower) = (position[segment.upper], position[segment.lower]);
        let in_row = &mut tied[rows.items[segment.upper].row];
        let left_ok = in_row.range(..upper).next_back().is_none_or(|it| *it.1 < lower);
        let right_ok = in_row.range(upper + 1..).next().is_none_or(|it| lower < *it.1);
        if left_ok && right_ok {
            in_row.insert(upper, lower);
            tied_below[segment.upper] = Some(candidate);
            tied_above[segment.lower] = true;
        }
    }

    let mut blocks = Blocks {
        block: Table::filled(rows.items.len(), 0),
        offset: Table::filled(rows.items.len(), 0),
        n_blocks: 0,
    };
    for item in (0..rows.items.len()).filter(|it| !tied_above[*it]) {
        let (mut at, mut offset) = (item, 0);
        loop {
            blocks.block[at] = blocks.n_blocks;
            blocks.offset[at] = offset;
            let Some(segment) = tied_below[at] else { break };
            offset += places.upper_port[segment] - places.lower_port[segment];
            at = rows.segments[segment].lower;
        }
        blocks.n_blocks += 1;
    }
    blocks
}

/// Makes one block of where ways part and where they meet, unless something stands between.
/// Returns the pairs that could not be tied.
fn tie_trunks(places: &Places, ranks: &Ranks, blocks: &mut Blocks) -> Vec<(usize, usize)> {
    let mut soft = Vec::new();
    if ranks.trunk.is_empty() {
        return soft;
    }
    let mut right_of = Table::filled(blocks.n_blocks, Vec::new());
    let mut items_of = Table::filled(blocks.n_blocks, Vec::new());
    for row in 0..places.rows.rows.len() {
        let mut left: Option<usize> = None;
        for item in places.rows.row_items(row) {
            items_of[blocks.block[item]].push(item);
            if let Some(left) = left {
                right_of[left].push(item);
            }
            left = Some(blocks.block[item]);
        }
    }
    let mut mark = Table::filled(blocks.n_blocks, 0);
    for (idx, &(from, to)) in ranks.trunk.iter().enumerate() {
        let (from, to) = (places.rows.item_of[from], places.rows.item_of[to]);
        let (keep, gone) = (blocks.block[from], blocks.block[to]);
        if keep == gone {
            continue;
        }
        // Is one of the two left of the other, if only by way of others?
        let mut leads = |start: usize, end: usize, n_walk: usize| {
            let mut stack = vec![start];
            while let Some(block) = stack.pop() {
                if block == end {
                    return true;
                }
                if mark[block] != n_walk {
                    mark[block] = n_walk;
                    stack.extend(right_of[block].iter().map(|it| blocks.block[*it]));
                }
            }
            false
        };
        if MAX_TRUNKS <= idx || leads(keep, gone, 2 * idx + 1) || leads(gone, keep, 2 * idx + 2) {
            soft.push((from, to));
            continue;
        }
        let shift = blocks.offset[from] - blocks.offset[to];
        for item in std::mem::take(&mut items_of[gone]) {
            blocks.block[item] = keep;
            blocks.offset[item] += shift;
            items_of[keep].push(item);
        }
        let more = std::mem::take(&mut right_of[gone]);
        right_of[keep].extend(more);
    }
    soft
}

/// Least distances between blocks, from the neighbors in every row.
fn distances(places: &Places, sketch: &Sketch, blocks: &Blocks) -> BTreeMap<(usize, usize), i64> {
    let mut least = BTreeMap::new();
    for row in 0..places.rows.rows.len() {
        let mut left: Option<usize> = None;
        for item in places.rows.row_items(row) {
            if let Some(left) = left {
                let apart = distance(places, sketch, left, item) + blocks.offset[left] - blocks.offset[item];
                let known = least.entry((blocks.block[left], blocks.block[item])).or_insert(apart);
                *known = apart.max(*known);
            }
            left = Some(item);
        }
    }
    least
}

/// Every block as far left as it can be, or nothing where distances contradict each other.
fn leftmost(least: &BTreeMap<(usize, usize), i64>, n_blocks: usize) -> Option<Table<i64>> {
    let mut n_left = Table::filled(n_blocks, 0usize);
    let mut right_of = Table::filled(n_blocks, Vec::new());
    for (&(a, b), &apart) in least {
        n_left[b] += 1;
        right_of[a].push((b, apart));
    }
    let mut x = Table::filled(n_blocks, 0);
    let mut ready: Vec<usize> = (0..n_blocks).filter(|it| n_left[*it] == 0).collect();
    let mut n_done = 0;
    while let Some(block) = ready.pop() {
        n_done += 1;
        for &(other, apart) in right_of[block].iter() {
            x[other] = x[other].max(x[block] + apart);
            n_left[other] -= 1;
            if n_left[other] == 0 {
                ready.push(other);
            }
        }
    }
    (n_done == n_blocks).then_some(x)
}

/// A line between two blocks that would like to be straight.
#[derive(Clone, Copy)]
struct Pull {
    a: usize,
    a_offset: i64,
    b: usize,
    b_offset: i64,
    weight: i64,
}

fn solve(places: &mut Places, sketch: &Sketch, blocks: &Blocks, soft_trunks: &[(usize, usize)]) {
    let least = distances(places, sketch, blocks);
    let Some(start) = leftmost(&least, blocks.n_blocks) else {
        debug_assert!(false, "tied segments never cross");
        return place_row_by_row(places, sketch);
    };
    let pulls = pulls(places, blocks, soft_trunks);
    let mut x = start;
    let mut arcs: Table<Arc> =
        least.iter().map(|(&(from, to), &apart)| Arc { from, to, least: apart, weight: 0 }).collect();
    for pull in &pulls {
        // A helper left of both ends; its two arcs together cost the distance of the ends.
        let helper = x.push((x[pull.a] + pull.a_offset).min(x[pull.b] + pull.b_offset));
        arcs.push(Arc { from: helper, to: pull.a, least: -pull.a_offset, weight: pull.weight });
        arcs.push(Arc { from: helper, to: pull.b, least: -pull.b_offset, weight: pull.weight });
    }
    simplex::minimize(&arcs, &mut x);
    balance(&mut x, &least, &pulls, blocks.n_blocks);
    for item in 0..places.x.len() {
        places.x[item] = x[blocks.block[item]] + blocks.offset[item];
    }
}

fn pulls(places: &Places, blocks: &Blocks, soft_trunks: &[(usize, usize)]) -> Vec<Pull> {
    let rows = &places.rows;
    let pull = |a: usize, a_port: i64, b: usize, b_port: i64, weight: i64| Pull {
        a: blocks.block[a],
        a_offset: blocks.offset[a] + a_port,
        b: blocks.block[b],
        b_offset: blocks.offset[b] + b_port,
        weight,
    };
    let lines =
        rows.segments.iter().enumerate().map(|(idx, it)| {
            pull(it.upper, places.upper_port[idx], it.lower, places.lower_port[idx], it.weight)
        });
    let trunks = soft_trunks.iter().map(|(from, to)| pull(*from, 0, *to, 0, 20));
    // Lines at the side of a node keep close to it.
    let sides = (0..rows.items.len()).filter(|it| rows.items[*it].vertex.is_none()).filter_map(|it| {
        let beside = rows.cells[rows.items[it].cell].mid;
        (beside != it).then(|| pull(beside, 0, it, 0, 1))
    });
    lines.chain(trunks).chain(sides).filter(|it| it.a != it.b).collect()
}

/// Where a block could stand anywhere in a stretch at the same cost, it stands in the middle.
fn balance(x: &mut Table<i64>, least: &BTreeMap<(usize, usize), i64>, pulls: &[Pull], n_blocks: usize) {
    let mut wishes = Table::filled(n_blocks, Vec::new());
    for (idx, pull) in pulls.iter().enumerate() {
        wishes[pull.a].push(idx);
        wishes[pull.b].push(idx);
    }
    let mut beside = Table::filled(n_blocks, Vec::new());
    for (&(a, b), &apart) in least {
        beside[a].push((b, apart, true));
        beside[b].push((a, apart, false));
    }
    for turn in 0..4 {
        for step in 0..n_blocks {
            let block = if turn % 2 == 0 { step } else { n_blocks - 1 - step };
            let mut wished: Vec<(i64, i64)> = wishes[block]
                .iter()
                .filter_map(|it| pulls.get(*it))
                .map(|it| match it.a == block {
                    true => (x[it.b] + it.b_offset - it.a_offset, it.weight),
                    false => (x[it.a] + it.a_offset - it.b_offset, it.weight),
                })
                .collect();
            let Some((low, high)) = weighted_median(&mut wished) else { continue };
            let (mut from, mut to) = (low, high);
            for &(other, apart, is_right) in beside[block].iter() {
                if is_right {
                    to = to.min(x[other] - apart);
                } else {
                    from = from.max(x[other] + apart);
                }
            }
            if from <= to {
                x[block] = from + (to - from) / 2;
            }
        }
    }
}

/// The stretch in which the weighted sum of distances is least.
fn weighted_median(wished: &mut [(i64, i64)]) -> Option<(i64, i64)> {
    wished.arrange();
    let total: i64 = wished.iter().map(|it| it.1).sum();
    let mut sum = 0;
    let mut low = None;
    for &(place, weight) in wished.iter() {
        if let Some(low) = low {
            return Some((low, place));
        }
        sum += weight;
        if total < 2 * sum {
            return Some((place, place));
        }
        if total == 2 * sum {
            low = Some(place);
        }
    }
    low.map(|it| (it, it))
}

/// The plain answer if all else failed: rows from left to right.
fn place_row_by_row(places: &mut Places, sketch: &Sketch) {
    for row in 0..places.rows.rows.len() {
        let items: Vec<usize> = places.rows.row_items(row).collect();
        let mut left: Option<usize> = None;
        for item in items {
            places.x[item] = left.map_or(0, |it| places.x[it] + distance(places, sketch, it, item));
            left = Some(item);
        }
    }
}

/// Lines that come down within the width of a node go straight into it, as far as their ends can
/// stay apart.
fn snap_entries(places: &mut Places, sketch: &Sketch) {
    let mut above = Table::filled(places.rows.items.len(), Vec::new());
    for (idx, segment) in places.rows.segments.iter().enumerate() {
        above[segment.lower].push(idx);
    }
    for vertex in 0..sketch.vertices.len() {
        let item = places.rows.item_of[vertex];
        let reach = sketch.port_reach(vertex);
        let entries = &mut above[item];
        if reach == 0 || entries.is_empty() {
            continue;
        }
        entries.arrange_by_key(|it| places.lower_port[*it]);
        let crowded = 2 * reach < LINE_GAP * (entries.len() as i64 - 1);
        if crowded {
            continue;
        }
        let x = places.x[item];
        // Left to right, each end as near to its line as its left neighbor and those still to
        // come allow; then right to left to undo shifts that were not needed.
        let wished: Table<i64> =
            entries.iter().map(|it| (places.ends(*it).0 - x).clamp(-reach, reach)).collect();
        let heavy: Table<bool> = entries.iter().map(|it| 64 <= places.rows.segments[*it].weight).collect();
        let n = wished.len();
        let mut port = wished.clone();
        let Some(pivot) = (0..n).find(|it| heavy[*it]).or(Some(n / 2)) else { continue };
        let low = -reach + LINE_GAP * pivot as i64;
        let high = reach - LINE_GAP * (n - 1 - pivot) as i64;
        port[pivot] = wished[pivot].clamp(low, high);
        for idx in pivot + 1..n {
            let high = reach - LINE_GAP * (n - 1 - idx) as i64;
            port[idx] = wished[idx].max(port[idx - 1] + LINE_GAP).min(high);
        }
        for idx in (0..pivot).rev() {
            let low = -reach + LINE_GAP * idx as i64;
            port[idx] = wished[idx].min(port[idx + 1] - LINE_GAP).max(low);
        }
        for (idx, segment) in entries.iter().enumerate() {
            places.lower_port[*segment] = port[idx];
        }
    }
}
