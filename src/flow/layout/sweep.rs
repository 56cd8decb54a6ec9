//! Fewer crossings: rows are sorted by where their neighbors stand, down and up in turn, then
//! neighboring cells swap where that helps. Ties keep the order they came in, which is that of
//! the text.

use crate::flow::layout::order::{Cell, Rows};
use crate::flow::layout::table::Table;
use crate::text::Arrange;

/// Above this size sweeps are few and swaps are left out.
const LARGE: usize = 4000;

/// Improves the order in place and counts the crossings left. Sweeps that begin downwards and
/// sweeps that begin upwards often end differently; the better end is kept.
pub fn sweep(rows: &mut Rows) {
    let links = Neighbors::of(rows);
    rows.n_crossings = crossings(rows, &positions(rows));
    if rows.n_crossings == 0 {
        return;
    }
    let first = (rows.rows.clone(), rows.cells.clone());
    let mut best = first.clone();
    for begins_downwards in [true, false] {
        (rows.rows, rows.cells) = first.clone();
        let mut position = positions(rows);
        let mut idle = 0;
        for turn in 0..if LARGE < rows.items.len() { 3 } else { 12 } {
            sweep_once(rows, &links, (turn % 2 == 0) == begins_downwards, &mut position);
            let n_crossings = crossings(rows, &position);
            idle += 1;
            if n_crossings < rows.n_crossings {
                rows.n_crossings = n_crossings;
                best = (rows.rows.clone(), rows.cells.clone());
                idle = 0;
            }
            if rows.n_crossings == 0 || idle == 4 {
                break;
            }
        }
    }
    (rows.rows, rows.cells) = best;
}

fn sweep_once(rows: &mut Rows, links: &Neighbors, downwards: bool, position: &mut Table<usize>) {
    let n_rows = rows.rows.len();
    for step in 0..n_rows {
        let row = if downwards { step } else { n_rows - 1 - step };
        let beside = if downwards { &links.above } else { &links.below };
        sort_row(rows, row, beside, position);
    }
    if rows.items.len() <= LARGE {
        swap_neighbors(rows, links, position);
    }
}

/// By item, the items it is connected with in the rows above and below.
struct Neighbors {
    above: Table<Vec<usize>>,
    below: Table<Vec<usize>>,
}

impl Neighbors {
    fn of(rows: &Rows) -> Neighbors {
        let mut above = Table::filled(rows.items.len(), Vec::new());
        let mut below = Table::filled(rows.items.len(), Vec::new());
        for segment in rows.segments.iter() {
            above[segment.lower].push(segment.upper);
            below[segment.upper].push(segment.lower);
        }
        Neighbors { above, below }
    }
}

/// By item, its index in its row.
pub fn positions(rows: &Rows) -> Table<usize> {
    let mut position = Table::filled(rows.items.len(), 0);
    for row in 0..rows.rows.len() {
        for (idx, item) in rows.row_items(row).enumerate() {
            position[item] = idx;
        }
    }
    position
}

fn sort_row(rows: &mut Rows, row: usize, beside: &Table<Vec<usize>>, position: &mut Table<usize>) {
    let middle = |items: &mut dyn Iterator<Item = usize>| {
        let (mut sum, mut count) = (0usize, 0usize);
        for neighbor in items.flat_map(|it| beside[it].iter()) {
            sum += position[*neighbor];
            count += 1;
        }
        (0 < count).then(|| sum as f64 / count as f64)
    };
    let cells = rows.rows[row].clone();
    for cell in &cells {
        let Cell { left, right, .. } = &mut rows.cells[*cell];
        sort_anchored(left, |it| middle(&mut [it].into_iter()));
        sort_anchored(right, |it| middle(&mut [it].into_iter()));
    }
    let mut sorted = cells;
    sort_anchored(&mut sorted, |it| {
        let Cell { left, mid, right } = &rows.cells[it];
        // The vertex itself speaks for the cell; lines at its sides only where it has no links.
        middle(&mut [*mid].into_iter())
            .or_else(|| middle(&mut left.iter().copied().chain(right.iter().copied())))
    });
    rows.rows[row] = sorted;
    renumber(rows, row, position);
}

/// Sorts by key; what has none keeps its index.
fn sort_anchored(list: &mut [usize], key: impl Fn(usize) -> Option<f64>) {
    let mut keyed: Vec<(f64, usize)> = list.iter().filter_map(|it| key(*it).map(|k| (k, *it))).collect();
    keyed.arrange_by(|a, b| a.0.total_cmp(&b.0));
    let mut next = keyed.into_iter();
    for slot in list.iter_mut().filter(|it| key(**it).is_some()) {
        if let Some((_, it)) = next.next() {
            *slot = it;
        }
    }
}

fn renumber(rows: &Rows, row: usize, position: &mut Table<usize>) {
    for (idx, item) in rows.row_items(row).enumerate() {
        position[item] = idx;
    }
}

fn swap_neighbors(rows: &mut Rows, links: &Neighbors, position: &mut Table<usize>) {
    for row in 0..rows.rows.len() {
        let mut idx = 0;
        while let (Some(&left), Some(&right)) = (rows.rows[row].get(idx), rows.rows[row].get(idx + 1)) {
            let as_is = pair_crossings(rows, links, position, left, right);
            if 0 < as_is && pair_crossings(rows, links, position, right, left) < as_is {
                rows.rows[row].swap(idx, idx + 1);
                renumber(rows, row, position);
            }
            idx += 1;
        }
        for cell in rows.rows[row].clone() {
            swap_side_lines(rows, links, position, cell);
        }
        renumber(rows, row, position);
    }
}

fn swap_side_lines(rows: &mut Rows, links: &Neighbors, position: &Table<usize>, cell: usize) {
    let Cell { left, right, .. } = &mut rows.cells[cell];
    for list in [left, right] {
        for idx in 1..list.len() {
            if let (Some(&a), Some(&b)) = (list.get(idx - 1), list.get(idx))
                && item_crossings(links, position, b, a) < item_crossings(links, position, a, b)
            {
                list.swap(idx - 1, idx);
            }
        }
    }
}

/// Crossings between the lines of two cells of a row if the first stands left of the second.
fn pair_crossings(
    rows: &Rows,
    links: &Neighbors,
    position: &Table<usize>,
    left: usize,
    right: usize,
) -> usize {
    let items = |cell: usize| {
        let cell = &rows.cells[cell];
        cell.left.iter().chain([&cell.mid]).chain(&cell.right).copied()
    };
    items(left).map(|a| items(right).map(|b| item_crossings(links, position, a, b)).sum::<usize>()).sum()
}

fn item_crossings(links: &Neighbors, position: &Table<usize>, left: usize, right: usize) -> usize {
    let count = |beside: &Table<Vec<usize>>| {
        let of_left = beside[left].iter();
        of_left.map(|a| beside[right].iter().filter(|b| position[**b] < position[*a]).count()).sum::<usize>()
    };
    count(&links.above) + count(&links.below)
}

/// All crossings between neighboring rows, with a binary indexed tree for each pair of rows.
fn crossings(rows: &Rows, position: &Table<usize>) -> usize {
    let mut total = 0;
    for row in 0..rows.rows.len().saturating_sub(1) {
        let mut ends: Vec<(usize, usize)> = rows.segments_below[row]
            .iter()
            .map(|it| (position[rows.segments[*it].upper], position[rows.segments[*it].lower]))
            .collect();
        ends.arrange();
        let width = ends.iter().map(|it| it.1 + 1).max().unwrap_or(0);
        let mut tree = Table::filled(width + 1, 0usize);
        for (seen, (_, lower)) in ends.iter().enumerate() {
            let mut not_right = 0;
            let mut at = lower + 1;
            while 0 < at {
                not_right += tree[at];
                at &= at - 1;
            }
            total += seen - not_right;
            at = lower + 1;
            while at <= width {
                tree[at] += 1;
                at += at & at.wrapping_neg();
            }
        }
    }
    total
}
