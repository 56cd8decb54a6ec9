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
const BUDGET: usize = 6_000_000;

/// Improves `x`, which must keep all distances.
pub fn minimize(arcs: &Table<Arc>, x: &mut Table<i64>) {
    let Some(mut tree) = Tree::tight(arcs, x) else { return };
    let mut spent = 0;
    let mut at = 0;
    while spent < BUDGET {
        let Some(child) = tree.leaving(arcs, &mut at, &mut spent) else { return };
        let Some(leaving) = tree.up[child] else { return };
        let child_is_head = arcs[leaving].to == child;
        let members = tree.below(arcs, child);
        // Of the arcs that hold the subtree back the tightest one takes over.
        let mut entering: Option<(i64, usize)> = None;
        for &member in &members {
            spent += tree.touching[member].len();
            for &idx in tree.touching[member].iter() {
                let arc = arcs[idx];
                let inner = if child_is_head { arc.from } else { arc.to };
                let outer = if child_is_head { arc.to } else { arc.from };
                if inner != member || tree.mark[outer] == tree.n_marks {
                    continue;
                }
                let candidate = (x[arc.to] - x[arc.from] - arc.least, idx);
                if entering.is_none_or(|it| candidate < it) {
                    entering = Some(candidate);
                }
            }
        }
        let Some((room, entering)) = entering else { return };
        let shift = if child_is_head { room } else { -room };
        for &member in &members {
            x[member] += shift;
        }
        let inner = if child_is_head { arcs[entering].from } else { arcs[entering].to };
        spent += tree.exchange(arcs, child, inner, entering);
    }
}

/// A spanning tree of arcs without slack.
struct Tree {
    /// By node, all its arcs.
    touching: Table<Vec<usize>>,
    /// By node, its arcs in the tree.
    arcs_at: Table<Vec<usize>>,
    /// By node, the arc to its parent; none for the root.
    up: Table<Option<usize>>,
    /// By node: weight going out of its subtree minus weight coming in.
    pull: Table<i64>,
    /// By node, the number of the last walk that met it.
    mark: Table<usize>,
    n_marks: usize,
}

impl Tree {
    /// Grows a tree, shifting it towards the nearest node where nothing is tight. `None` where
    /// the arcs do not connect all nodes. The busiest node is the root: most subtrees are small.
    fn tight(arcs: &Table<Arc>, x: &mut Table<i64>) -> Option<Tree> {
        let n_nodes = x.len();
        let mut tree = Tree {
            touching: Table::filled(n_nodes, Vec::new()),
            arcs_at: Table::filled(n_nodes, Vec::new()),
            up: Table::filled(n_nodes, None),
            pull: Table::filled(n_nodes, 0),
            mark: Table::filled(n_nodes, 0),
            n_marks: 0,
        };
        for (idx, arc) in arcs.iter().enumerate() {
            tree.touching[arc.from].push(idx);
            tree.touching[arc.to].push(idx);
            tree.pull[arc.from] += arc.weight;
            tree.pull[arc.to] -= arc.weight;
        }
        let root = (0..n_nodes).max_by_key(|it| (tree.touching[*it].len(), std::cmp::Reverse(*it)))?;
        let mut inside = Table::filled(n_nodes, false);
        inside[root] = true;
        let mut members = Vec::with_capacity(n_nodes);
        let mut n_grown = 0;
        members.push(root);
        // Arcs that lead out of the tree; those that no longer do are dropped when met.
        let mut border: Vec<usize> = Vec::new();
        loop {
            while let Some(&node) = members.get(n_grown) {
                n_grown += 1;
                for idx in tree.touching[node].clone() {
                    let arc = arcs[idx];
                    let other = if arc.from == node { arc.to } else { arc.from };
                    if inside[other] {
                        continue;
                    }
                    if x[arc.to] - x[arc.from] == arc.least {
                        inside[other] = true;
                        tree.tie(arcs, idx, other);
                        members.push(other);
                    } else {
                        border.push(idx);
                    }
                }
            }
            if members.len() == n_nodes {
                break;
            }
            border.retain(|it| inside[arcs[*it].from] != inside[arcs[*it].to]);
            let slack = |it: &usize| x[arcs[*it].to] - x[arcs[*it].from] - arcs[*it].least;
            let nearest = border.iter().copied().min_by_key(slack)?;
            let arc = arcs[nearest];
            let (shift, other) =
                if inside[arc.from] { (slack(&nearest), arc.to) } else { (-slack(&nearest), arc.from) };
            for &member in &members {
                x[member] += shift;
            }
            inside[other] = true;
            tree.tie(arcs, nearest, other);
            members.push(other);
        }
        for &node in members.iter().rev() {
            if let Some(up) = tree.up[node] {
                let parent = other_end(arcs, up, node);
                tree.pull[parent] += tree.pull[node];
            }
        }
        Some(tree)
    }

    fn tie(&mut self, arcs: &Table<Arc>, idx: usize, child: usize) {
        self.arcs_at[arcs[idx].from].push(idx);
        self.arcs_at[arcs[idx].to].push(idx);
        self.up[child] = Some(idx);
    }

    /// The next node whose arc to its parent gains by being stretched.
    fn leaving(&self, arcs: &Table<Arc>, at: &mut usize, spent: &mut usize) -> Option<usize> {
        let n_nodes = self.up.len();
        for _ in 0..n_nodes {
            *spent += 1;
            let node = *at;
            *at = (*at + 1) % n_nodes;
            let Some(arc) = self.up[node] else { continue };
            let gain = if arcs[arc].from == node { -self.pull[node] } else { self.pull[node] };
            if 0 < gain {
                return Some(node);
            }
        }
        None
    }

    /// The nodes of a subtree, marked with the current number.
    fn below(&mut self, arcs: &Table<Arc>, top: usize) -> Vec<usize> {
        self.n_marks += 1;
        let mut members = vec![top];
        let mut n_seen = 0;
        while let Some(&node) = members.get(n_seen) {
            n_seen += 1;
            self.mark[node] = self.n_marks;
            for &idx in self.arcs_at[node].iter() {
                if self.up[node] != Some(idx) {
                    members.push(other_end(arcs, idx, node));
                }
            }
        }
        members
    }

    /// Takes the subtree of `child` from its parent and hangs it, by its node `inner`, on the
    /// other end of `entering`. Returns how many nodes were touched.
    fn exchange(&mut self, arcs: &Table<Arc>, child: usize, inner: usize, entering: usize) -> usize {
        let Some(leaving) = self.up[child] else { return 1 };
        let moved = self.pull[child];
        let mut n_touched = 1;
        let mut above = Some(other_end(arcs, leaving, child));
        while let Some(node) = above {
            self.pull[node] -= moved;
            above = self.up[node].map(|it| other_end(arcs, it, node));
            n_touched += 1;
        }
        for end in [arcs[leaving].from, arcs[leaving].to] {
            self.arcs_at[end].retain(|it| *it != leaving);
        }
        // Turn the way from `inner` up to `child` around.
        let mut node = inner;
        let mut up = entering;
        let mut pull_below = 0;
        loop {
            let old_up = self.up[node];
            let old_pull = self.pull[node];
            self.up[node] = Some(up);
            self.pull[node] = moved - pull_below;
            n_touched += 1;
            let Some(next) = old_up.filter(|_| node != child) else { break };
            pull_below = old_pull;
            up = next;
            node = other_end(arcs, next, node);
        }
        for end in [arcs[entering].from, arcs[entering].to] {
            self.arcs_at[end].push(entering);
        }
        let mut above = Some(other_end(arcs, entering, inner));
        while let Some(node) = above {
            self.pull[node] += moved;
            above = self.up[node].map(|it| other_end(arcs, it, node));
            n_touched += 1;
        }
        n_touched
    }
}

fn other_end(arcs: &Table<Arc>, arc: usize, node: usize) -> usize {
    if arcs[arc].from == node { arcs[arc].to } else { arcs[arc].from }
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
