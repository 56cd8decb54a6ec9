//! Second pass: what stands left of what. Links that span several ranks become chains of items,
//! labels get items of their own, lines that leave or enter at the side of a node keep beside it.
//! Sweeps of barycenters start from text order and keep the picture with the fewest crossings.

use std::collections::BTreeMap;

use crate::flow::graph::{EdgeKind, Shape};
use crate::flow::layout::rank::Ranks;
use crate::flow::layout::scope::Sketch;
use crate::flow::layout::sweep;
use crate::flow::layout::table::Table;
use crate::text::Arrange;

/// Where a line touches a node: along the flow (bottom or top) or at a side.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Side {
    #[default]
    Flow,
    Left,
    Right,
}

/// Both ends of a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sides {
    pub exit: Side,
    pub entry: Side,
}

/// Everything that needs a place of its own in a row.
#[derive(Clone, Debug, Default)]
pub struct Item {
    pub row: usize,
    pub cell: usize,
    /// The vertex it is; otherwise a line runs through here.
    pub vertex: Option<usize>,
    /// Room of a label beside the line.
    pub label_width: i64,
    /// The label stands to the left of the line, not to the right.
    pub label_before: bool,
}

/// Items that stay together: a vertex with the lines at its sides, or a single line.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// The last one stands next to the vertex.
    pub left: Vec<usize>,
    pub mid: usize,
    /// The first one stands next to the vertex.
    pub right: Vec<usize>,
}

/// A piece of one or more links between neighboring rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Segment {
    pub upper: usize,
    pub lower: usize,
    /// How much it wants to be straight; the largest of its links.
    pub weight: i64,
}

/// The items of a link from the upper vertex to the lower one, both included.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    pub items: Vec<usize>,
    /// Segment between an item and the next; none between two items of one row.
    pub segments: Vec<Option<usize>>,
    pub upper_side: Side,
    pub lower_side: Side,
    /// The link leads from the lower vertex to the upper one.
    pub upward: bool,
    pub label: Option<usize>,
    /// The trunk whose items, from the last one here on, lead to the lower vertex.
    pub joins: Option<usize>,
}

/// The common way of many long links to one target.
#[derive(Clone, Debug, Default)]
pub struct Trunk {
    /// The row of its first item.
    pub top: usize,
    /// By row from `top` on; the rows above the first link that goes this way are empty.
    pub items: Table<Option<usize>>,
    /// By item, the segment below it.
    pub segments: Table<Option<usize>>,
    /// The item of the target.
    pub target: usize,
}

/// The ordered rows, from top to bottom: those of vertices, and between them those of labels.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub items: Table<Item>,
    pub cells: Table<Cell>,
    /// Cells from left to right.
    pub rows: Table<Vec<usize>>,
    /// By row: it holds labels, not vertices.
    pub is_label_row: Table<bool>,
    pub segments: Table<Segment>,
    /// By row, the segments to the row below.
    pub segments_below: Table<Vec<usize>>,
    /// By link.
    pub chains: Table<Chain>,
    /// By vertex, its item.
    pub item_of: Table<usize>,
    pub trunks: Table<Trunk>,
    pub n_crossings: usize,
}

/// How many long lines to one target are drawn apart; more of them join on their way.
const MAX_APART: usize = 3;

/// Orders the rows of one connected sketch.
pub fn order(sketch: &Sketch, ranks: &Ranks, sides: &Table<Sides>) -> Rows {
    let mut builder = Builder::start(sketch, ranks, sides);
    for link in 0..sketch.links.len() {
        builder.add_chain(link);
    }
    let mut rows = builder.rows;
    first_order(&mut rows, sketch, ranks, sides);
    sweep::sweep(&mut rows);
    rows
}

struct Builder<'a> {
    sketch: &'a Sketch,
    ranks: &'a Ranks,
    sides: &'a Table<Sides>,
    rows: Rows,
    row_of_rank: Table<usize>,
    /// By link, the trunk it joins.
    trunk_of: Table<Option<usize>>,
    /// Segments below vertices, by both ends.
    vertex_segments: BTreeMap<(usize, usize), usize>,
    /// By item that is a line, the one segment below it.
    line_segment: Table<Option<usize>>,
}

impl<'a> Builder<'a> {
    fn start(sketch: &'a Sketch, ranks: &'a Ranks, sides: &'a Table<Sides>) -> Builder<'a> {
        let n_ranks = ranks.rank.iter().max().map_or(0, |it| it + 1);
        let mut has_labels = Table::filled(n_ranks, false);
        for (idx, link) in sketch.links.iter().enumerate() {
            if let Some(rank) = label_rank(sketch, ranks, sides, idx).filter(|_| 0 < link.label_width) {
                has_labels[rank] = true;
            }
        }
        let mut rows = Rows::default();
        let mut row_of_rank = Table::filled(n_ranks, 0);
        for rank in 0..n_ranks {
            row_of_rank[rank] = rows.rows.push(Vec::new());
            rows.is_label_row.push(false);
            if has_labels[rank] {
                rows.rows.push(Vec::new());
                rows.is_label_row.push(true);
            }
        }
        rows.segments_below = Table::filled(rows.rows.len(), Vec::new());
        for vertex in 0..sketch.vertices.len() {
            let row = row_of_rank[ranks.rank[vertex]];
            let item = rows.add_item(row, Some(vertex), 0);
            rows.item_of.push(item);
        }
        let trunk_of = rows.add_trunks(sketch, ranks, &row_of_rank);
        Builder {
            sketch,
            ranks,
            sides,
            rows,
            row_of_rank,
            trunk_of,
            vertex_segments: BTreeMap::new(),
            line_segment: Table::default(),
        }
    }

    fn add_chain(&mut self, idx: usize) {
        let link = self.sketch.links[idx];
        let sides = self.sides[idx];
        let upward = self.ranks.back[idx];
        let (upper, lower) = if upward { (link.to, link.from) } else { (link.from, link.to) };
        let (upper_side, lower_side) =
            if upward { (sides.entry, sides.exit) } else { (sides.exit, sides.entry) };
        let (first, last) = (self.rows.item_of[upper], self.rows.item_of[lower]);
        let (top, bottom) =
            (self.row_of_rank[self.ranks.rank[upper]], self.row_of_rank[self.ranks.rank[lower]]);
        let label_row = label_rank(self.sketch, self.ranks, self.sides, idx)
            .filter(|_| 0 < link.label_width)
            .map(|it| self.row_of_rank[it] + 1);

        let mut chain = Chain { items: vec![first], upper_side, lower_side, upward, ..Chain::default() };
        if link.from == link.to {
            let item = self.rows.add_side_item(top, first, upper_side, link.label_width);
            chain.items.extend([item, first]);
            chain.segments = vec![None, None];
            chain.label = (0 < link.label_width).then_some(item);
            self.rows.chains.push(chain);
            return;
        }
        if upper_side != Side::Flow {
            let has_label = !upward && label_row.is_none();
            let label_width = if has_label { link.label_width } else { 0 };
            let item = self.rows.add_side_item(top, first, upper_side, label_width);
            chain.label = (0 < label_width).then_some(item);
            chain.items.push(item);
        }
        for row in top + 1..bottom {
            if Some(row) == label_row {
                let item = self.rows.add_item(row, None, link.label_width);
                chain.label = Some(item);
                chain.items.push(item);
                continue;
            }
            let Some(trunk) = self.trunk_of[idx] else {
                chain.items.push(self.rows.add_item(row, None, 0));
                continue;
            };
            let slot = row - self.rows.trunks[trunk].top;
            if let Some(item) = self.rows.trunks[trunk].items[slot] {
                // From here on the way is there already.
                chain.items.push(item);
                chain.joins = Some(trunk);
                self.connect(idx, &mut chain);
                self.add_to_trunk(trunk, &chain);
                self.strengthen(idx, trunk);
                self.rows.chains.push(chain);
                return;
            }
            let item = self.rows.add_item(row, None, 0);
            self.rows.trunks[trunk].items[slot] = Some(item);
            chain.items.push(item);
        }
        if lower_side != Side::Flow {
            chain.items.push(self.rows.add_side_item(bottom, last, lower_side, 0));
        }
        chain.items.push(last);
        self.connect(idx, &mut chain);
        if let Some(trunk) = self.trunk_of[idx] {
            self.add_to_trunk(trunk, &chain);
        }
        self.rows.chains.push(chain);
    }

    /// Notes the pieces below those items of a trunk that came with this chain.
    fn add_to_trunk(&mut self, trunk: usize, chain: &Chain) {
        let trunk = &mut self.rows.trunks[trunk];
        for (item, segment) in chain.items.iter().zip(&chain.segments) {
            let slot = self.rows.items[*item].row.checked_sub(trunk.top);
            if let Some(slot) = slot.filter(|it| trunk.items[*it] == Some(*item)) {
                trunk.segments[slot] = *segment;
            }
        }
    }

    /// The last piece of a trunk is as important as the most important link on it.
    fn strengthen(&mut self, idx: usize, trunk: usize) {
        let trunk = &self.rows.trunks[trunk];
        let last = trunk.items.len().saturating_sub(1);
        if let (Some(upper), Some(segment)) = (trunk.items[last], trunk.segments[last]) {
            let weight = self.weight(idx, upper, trunk.target);
            let known = &mut self.rows.segments[segment];
            known.weight = known.weight.max(weight);
        }
    }

    fn connect(&mut self, idx: usize, chain: &mut Chain) {
        for (&upper, &lower) in chain.items.iter().zip(chain.items.iter().skip(1)) {
            if self.rows.items[upper].row == self.rows.items[lower].row {
                chain.segments.push(None);
                continue;
            }
            let weight = self.weight(idx, upper, lower);
            while self.line_segment.len() < self.rows.items.len() {
                self.line_segment.push(None);
            }
            let is_line = self.rows.items[upper].vertex.is_none();
            let known = match is_line {
                true => self.line_segment[upper],
                false => self.vertex_segments.get(&(upper, lower)).copied(),
            };
            let segment = known.unwrap_or_else(|| {
                let segment = self.rows.segments.push(Segment { upper, lower, weight });
                self.rows.segments_below[self.rows.items[upper].row].push(segment);
                segment
            });
            if is_line {
                self.line_segment[upper] = Some(segment);
            } else {
                self.vertex_segments.insert((upper, lower), segment);
            }
            let known = &mut self.rows.segments[segment];
            known.weight = known.weight.max(weight);
            chain.segments.push(Some(segment));
        }
    }

    /// The main line is straightest, then lines on their way, then the ways that stand out.
    fn weight(&self, idx: usize, upper: usize, lower: usize) -> i64 {
        let link = self.sketch.links[idx];
        let is_line = |it: usize| self.rows.items[it].vertex.is_none();
        if self.ranks.main[idx] {
            64
        } else if is_line(upper) && is_line(lower) {
            24
        } else if self.ranks.spine[link.from] == Some(idx) {
            16
        } else if is_line(upper) {
            // Lines turn right below their source and reach their target straight.
            8
        } else if is_line(lower) {
            6
        } else {
            4
        }
    }
}

/// The rank below which the label of a link stands: near its source. A line from the side of a
/// frame has its label right there, because the space below a frame is far from its header.
fn label_rank(sketch: &Sketch, ranks: &Ranks, sides: &Table<Sides>, idx: usize) -> Option<usize> {
    let link = sketch.links[idx];
    let rank = ranks.rank[link.from];
    let beside_frame = !ranks.back[idx] && sides[idx].exit != Side::Flow && sketch.vertices[link.from].frame;
    if link.from == link.to || beside_frame {
        return None;
    }
    if ranks.back[idx] { rank.checked_sub(1) } else { Some(rank) }
}

/// Depth first in text order: what is met first stands further left. Ways that can only fail come
/// late, so that failures gather on the right, where errors are.
fn first_order(rows: &mut Rows, sketch: &Sketch, ranks: &Ranks, sides: &Table<Sides>) {
    let mut outs = sketch.outs();
    for (vertex, outs) in outs.iter_mut().enumerate() {
        let has_spine = ranks.spine[vertex].is_some();
        outs.arrange_by_key(|it| match sketch.links[*it].kind {
            EdgeKind::Catch(_) => 2,
            _ => u8::from(has_spine && ranks.doomed[sketch.links[*it].to]),
        });
    }
    let mut loops_to = Table::filled(sketch.vertices.len(), Vec::new());
    for (idx, link) in sketch.links.iter().enumerate() {
        if ranks.back[idx] && link.from != link.to && sides[idx].entry == Side::Left {
            loops_to[link.to].push(idx);
        }
    }
    let starts = (0..sketch.vertices.len()).filter(|it| sketch.vertices[*it].shape == Shape::Start);
    let sources = (0..sketch.vertices.len()).filter(|it| ranks.rank[*it] == 0);
    let mut seen = Table::filled(sketch.vertices.len(), false);
    let mut stood = Table::filled(rows.cells.len(), false);
    for root in starts.chain(sources).chain(0..sketch.vertices.len()) {
        let mut stack = vec![(root, 0)];
        while let Some((vertex, done)) = stack.pop() {
            if done == 0 {
                if seen[vertex] {
                    continue;
                }
                seen[vertex] = true;
                stand(rows, &mut stood, &[rows.item_of[vertex]]);
                for link in loops_to[vertex].iter() {
                    let items = rows.chains[*link].items.clone();
                    stand(rows, &mut stood, &items);
                }
            }
            let Some(link) = outs[vertex].get(done).copied() else { continue };
            stack.push((vertex, done + 1));
            let items = rows.chains[link].items.clone();
            let joins = rows.chains[link].joins;
            let end = items.len().saturating_sub(usize::from(joins.is_none()));
            stand(rows, &mut stood, items.get(1..end).unwrap_or_default());
            if let (Some(trunk), Some(last)) = (joins, items.last()) {
                stand_trunk(rows, &mut stood, trunk, *last);
            }
            stack.push((sketch.links[link].to, 0));
        }
    }
}

/// Puts the cells of these items at the right end of their rows, unless they stand already.
fn stand(rows: &mut Rows, stood: &mut Table<bool>, items: &[usize]) {
    for &item in items {
        let Item { row, cell, .. } = rows.items[item];
        // The items at the sides of a vertex stand with it.
        if !stood[cell] && rows.cells[cell].mid == item {
            stood[cell] = true;
            rows.rows[row].push(cell);
        }
    }
}

/// Puts a trunk below one of its items. Where it stands already, the rest of it does too.
fn stand_trunk(rows: &mut Rows, stood: &mut Table<bool>, trunk: usize, item: usize) {
    let first = rows.items[item].row + 1 - rows.trunks[trunk].top;
    for slot in first..rows.trunks[trunk].items.len() {
        let Some(item) = rows.trunks[trunk].items[slot] else { return };
        if stood[rows.items[item].cell] {
            return;
        }
        stand(rows, stood, &[item]);
    }
}

impl Rows {
    /// Finds all long links that share a target and a look, where these are many. By link, the
    /// trunk it joins.
    fn add_trunks(
        &mut self,
        sketch: &Sketch,
        ranks: &Ranks,
        row_of_rank: &Table<usize>,
    ) -> Table<Option<usize>> {
        let long = |idx: usize| {
            let link = sketch.links[idx];
            !ranks.back[idx] && !ranks.main[idx] && ranks.rank[link.from] + 1 < ranks.rank[link.to]
        };
        let look = |idx: usize| {
            let link = sketch.links[idx];
            2 * link.to + usize::from(matches!(link.kind, EdgeKind::Catch(_)))
        };
        // By target and look, how many there are and where the first one comes from.
        let mut groups = Table::filled(2 * sketch.vertices.len(), (0usize, usize::MAX));
        for idx in (0..sketch.links.len()).filter(|it| long(*it)) {
            let (count, top) = &mut groups[look(idx)];
            *count += 1;
            *top = (*top).min(row_of_rank[ranks.rank[sketch.links[idx].from]] + 1);
        }
        let mut trunk_of_group = Table::filled(groups.len(), None);
        for (group, (count, top)) in groups.iter().copied().enumerate() {
            if MAX_APART < count {
                let bottom = row_of_rank[ranks.rank[group / 2]];
                let empty = Table::filled(bottom.saturating_sub(top), None);
                let target = self.item_of[group / 2];
                trunk_of_group[group] =
                    Some(self.trunks.push(Trunk { top, items: empty.clone(), segments: empty, target }));
            }
        }
        let trunk = |idx: usize| trunk_of_group[look(idx)].filter(|_| long(idx));
        (0..sketch.links.len()).map(trunk).collect()
    }

    fn add_item(&mut self, row: usize, vertex: Option<usize>, label_width: i64) -> usize {
        let cell = self.cells.len();
        let item = self.items.push(Item { row, cell, vertex, label_width, label_before: false });
        self.cells.push(Cell { left: Vec::new(), mid: item, right: Vec::new() });
        item
    }

    fn add_side_item(&mut self, row: usize, beside: usize, side: Side, label_width: i64) -> usize {
        let cell = self.items[beside].cell;
        let item = self.items.push(Item { row, cell, vertex: None, label_width, label_before: false });
        match side {
            Side::Left => self.cells[cell].left.insert(0, item),
            Side::Right | Side::Flow => self.cells[cell].right.push(item),
        }
        item
    }

    /// The items of a row from left to right.
    pub fn row_items(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        self.rows[row].iter().flat_map(|cell| {
            let cell = &self.cells[*cell];
            cell.left.iter().copied().chain([cell.mid]).chain(cell.right.iter().copied())
        })
    }
}

impl Rows {
    /// Decides for every label on which side of its line it stands, once the order is known:
    /// away from the way on, and for errors between the node and the line, where nothing is.
    pub fn choose_label_sides(&mut self, sketch: &Sketch, ranks: &Ranks, position: &Table<usize>) {
        let mut exits: Table<Vec<(usize, usize)>> = Table::filled(sketch.vertices.len(), Vec::new());
        for (idx, chain) in self.chains.iter().enumerate() {
            if let (false, Side::Flow, Some(next)) = (chain.upward, chain.upper_side, chain.items.get(1)) {
                exits[sketch.links[idx].from].push((position[*next], idx));
            }
        }
        for (vertex, exits) in exits.iter_mut().enumerate() {
            exits.arrange();
            let spine = exits.iter().position(|it| Some(it.1) == ranks.spine[vertex]);
            let n_left = spine.unwrap_or(exits.len() / 2);
            for (_, link) in exits.iter().take(n_left) {
                self.set_label_before(*link);
            }
        }
        for (idx, link) in sketch.links.iter().enumerate() {
            let chain = &self.chains[idx];
            let exit = if chain.upward { chain.lower_side } else { chain.upper_side };
            let is_catch = matches!(link.kind, EdgeKind::Catch(_)) && !chain.upward;
            if link.from != link.to && (exit == Side::Left || (is_catch && exit == Side::Right)) {
                self.set_label_before(idx);
            }
        }
    }

    fn set_label_before(&mut self, link: usize) {
        if let Some(item) = self.chains[link].label
            && (self.is_label_row[self.items[item].row] || self.chains[link].upper_side == Side::Left)
        {
            self.items[item].label_before = true;
        }
    }
}
