//! Network simplex: integers that keep their distances and whose weighted differences are least.
//! A spanning tree of tight arcs is improved one exchange at a time, so stopping early leaves a
//! valid answer, only a less compact one.

use crate::flow::layout::table::Table;

/// `x[to] - x[from]` is at least `least` and costs `weight` for each unit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arc {
    pub from: usize,
    pub to: usize,
    pub least: i64,
    pub weight: i64,
}

/// How many steps over variables and arcs are spent on one problem.
const BUDGET: usize = 20_000_000;

/// Improves `x`, which must keep all distances.
pub fn minimize(arcs: &Table<Arc>, x: &mut Table<i64>) {
    let n_nodes = x.len();
    let Some(mut tree) = Tree::tight(arcs, x) else { return };
    let n_pivots = (BUDGET / (n_nodes + arcs.len() + 1)).min(8 * n_nodes + 64);
    for _ in 0..n_pivots {
        tree.number(arcs);
        let Some((leaving, child)) = tree.leaving(arcs) else { return };
        let child_is_head = arcs[leaving].to == child;
        let inside = |node: usize| tree.contains(child, node);
        let crosses_back = |arc: &Arc| match child_is_head {
            true => inside(arc.from) && !inside(arc.to),
            false => !inside(arc.from) && inside(arc.to),
        };
        let slack = |arc: &Arc| x[arc.to] - x[arc.from] - arc.least;
        let entering = arcs
            .iter()
            .enumerate()
            .filter(|(_, arc)| crosses_back(arc))
            .min_by_key(|(_, arc)| slack(arc))
            .map(|(idx, arc)| (idx, slack(arc)));
        let Some((entering, room)) = entering else { return };
        let shift = if child_is_head { room } else { -room };
        for node in tree.below(child) {
            x[node] += shift;
        }
        tree.exchange(arcs, leaving, entering);
    }
}

/// A spanning tree of arcs without slack.
struct Tree {
    /// By node, its arcs in the tree.
    arcs_at: Table<Vec<usize>>,
    /// Nodes in depth-first order from node 0; a subtree is a stretch of it.
    order: Vec<usize>,
    index: Table<usize>,
    size: Table<usize>,
    /// By node, the arc to its parent.
    up: Table<Option<usize>>,
    parent: Table<usize>,
    /// By node: weight of its arcs going out minus that of those coming in.
    pull: Table<i64>,
    /// By node: the pull of its subtree.
    subtree_pull: Table<i64>,
}

impl Tree {
    /// Grows a tree from node 0, shifting it towards the nearest node where nothing is tight.
    /// `None` where the arcs do not connect all nodes.
    fn tight(arcs: &Table<Arc>, x: &mut Table<i64>) -> Option<Tree> {
        let n_nodes = x.len();
        let mut touching = Table::filled(n_nodes, Vec::new());
        let mut pull = Table::filled(n_nodes, 0);
        for (idx, arc) in arcs.iter().enumerate() {
            touching[arc.from].push(idx);
            touching[arc.to].push(idx);
            pull[arc.from] += arc.weight;
            pull[arc.to] -= arc.weight;
        }
        let mut arcs_at = Table::filled(n_nodes, Vec::new());
        let mut inside = Table::filled(n_nodes, false);
        let mut members = Vec::new();
        let mut fresh = vec![0];
        if 0 < n_nodes {
            inside[0] = true;
        }
        loop {
            while let Some(node) = fresh.pop() {
                members.push(node);
                for &idx in touching[node].iter() {
                    let arc = arcs[idx];
                    let other = if arc.from == node { arc.to } else { arc.from };
                    if !inside[other] && x[arc.to] - x[arc.from] == arc.least {
                        inside[other] = true;
                        arcs_at[node].push(idx);
                        arcs_at[other].push(idx);
                        fresh.push(other);
                    }
                }
            }
            if n_nodes <= members.len() {
                break;
            }
            let (idx, slack) = arcs
                .iter()
                .enumerate()
                .filter(|(_, arc)| inside[arc.from] != inside[arc.to])
                .map(|(idx, arc)| (idx, x[arc.to] - x[arc.from] - arc.least))
                .min_by_key(|it| it.1)?;
            let arc = arcs[idx];
            let (shift, outer) = if inside[arc.from] { (slack, arc.to) } else { (-slack, arc.from) };
            for &member in &members {
                x[member] += shift;
            }
            inside[outer] = true;
            arcs_at[arc.from].push(idx);
            arcs_at[arc.to].push(idx);
            fresh.push(outer);
        }
        Some(Tree {
            arcs_at,
            order: Vec::with_capacity(n_nodes),
            index: Table::filled(n_nodes, 0),
            size: Table::filled(n_nodes, 0),
            up: Table::filled(n_nodes, None),
            parent: Table::filled(n_nodes, 0),
            subtree_pull: Table::filled(n_nodes, 0),
            pull,
        })
    }

    /// Walks the tree again after an exchange.
    fn number(&mut self, arcs: &Table<Arc>) {
        self.order.clear();
        if self.pull.is_empty() {
            return;
        }
        self.up[0] = None;
        let mut stack = vec![0];
        while let Some(node) = stack.pop() {
            self.index[node] = self.order.len();
            self.size[node] = 1;
            self.subtree_pull[node] = self.pull[node];
            self.order.push(node);
            for &idx in self.arcs_at[node].iter() {
                if self.up[node] != Some(idx) {
                    let arc = arcs[idx];
                    let child = if arc.from == node { arc.to } else { arc.from };
                    self.up[child] = Some(idx);
                    self.parent[child] = node;
                    stack.push(child);
                }
            }
        }
        for &node in self.order.iter().rev() {
            if self.up[node].is_some() {
                let parent = self.parent[node];
                self.size[parent] += self.size[node];
                self.subtree_pull[parent] += self.subtree_pull[node];
            }
        }
    }

    /// The arc whose stretching gains most, with its lower node in the tree.
    fn leaving(&self, arcs: &Table<Arc>) -> Option<(usize, usize)> {
        let gain = |node: usize, arc: usize| {
            let pull = self.subtree_pull[node];
            if arcs[arc].from == node { -pull } else { pull }
        };
        self.order
            .iter()
            .filter_map(|node| self.up[*node].map(|arc| (gain(*node, arc), arc, *node)))
            .filter(|it| 0 < it.0)
            .max_by_key(|it| (it.0, std::cmp::Reverse(it.1)))
            .map(|(_, arc, node)| (arc, node))
    }

    fn contains(&self, top: usize, node: usize) -> bool {
        let start = self.index[top];
        (start..start + self.size[top]).contains(&self.index[node])
    }

    fn below(&self, top: usize) -> impl Iterator<Item = usize> + '_ {
        self.order.iter().copied().skip(self.index[top]).take(self.size[top])
    }

    fn exchange(&mut self, arcs: &Table<Arc>, leaving: usize, entering: usize) {
        let arc = arcs[leaving];
        self.arcs_at[arc.from].retain(|it| *it != leaving);
        self.arcs_at[arc.to].retain(|it| *it != leaving);
        let arc = arcs[entering];
        self.arcs_at[arc.from].push(entering);
        self.arcs_at[arc.to].push(entering);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_shrink_until_the_distances_hold_them() {
        let arcs: Table<Arc> = [(0, 1, 10, 1), (0, 2, 10, 5), (1, 2, 10, 0), (0, 3, 0, 2), (3, 2, 5, 1)]
            .into_iter()
            .map(|(from, to, least, weight)| Arc { from, to, least, weight })
            .collect();
        let mut x: Table<i64> = [0, 40, 90, 70].into_iter().collect();
        minimize(&arcs, &mut x);
        let differences: Vec<i64> = x.iter().map(|it| it - x[0]).collect();
        assert_eq!(differences, [0, 10, 20, 0]);
    }
}
