//! The graph by scope: what stands in each, in an order that the flow alone decides.

use std::collections::BTreeMap;

use crate::asl::ScopePath;
use crate::flow::graph::{FlowGraph, NodeIdx, Shape};
use crate::flow::layout::table::Table;
use crate::text::Arrange;

/// The graph by scope.
pub struct Scopes {
    /// Nodes of the graph, along the flow.
    pub members: Table<Vec<usize>>,
    /// Edges of the graph, by the place of their source.
    pub edges: Table<Vec<usize>>,
    /// The node around the scope.
    pub holder: Table<Option<usize>>,
    pub depth: Table<usize>,
    /// By node, the scopes it holds that have nodes, in order.
    pub inner: Table<Vec<usize>>,
    /// By node, its index among the members of its scope.
    pub local: Table<usize>,
}

impl Scopes {
    pub fn of(graph: &FlowGraph) -> Scopes {
        let mut known: BTreeMap<(Option<NodeIdx>, &ScopePath), usize> = BTreeMap::new();
        let n_nodes = graph.nodes.len();
        let mut scopes = Scopes {
            members: Table::default(),
            edges: Table::default(),
            holder: Table::default(),
            depth: Table::default(),
            inner: Table::filled(n_nodes, Vec::new()),
            local: Table::filled(n_nodes, 0),
        };
        let mut scope_of = Table::filled(n_nodes, 0);
        let mut last: Option<(Option<NodeIdx>, &ScopePath, usize)> = None;
        for (idx, node) in graph.nodes.iter().enumerate() {
            // A parent comes before what it holds; anything else is drawn at the outside.
            let parent = node.parent.filter(|it| (it.0 as usize) < idx);
            // Nodes of one scope mostly stand together.
            let same = last.filter(|it| it.0 == parent && *it.1 == node.scope).map(|it| it.2);
            let scope = same.unwrap_or_else(|| {
                *known.entry((parent, &node.scope)).or_insert_with(|| {
                    let holder = parent.map(|it| it.0 as usize);
                    let depth = holder.map_or(0, |it| scopes.depth[scope_of[it]] + 1);
                    scopes.holder.push(holder);
                    scopes.depth.push(depth);
                    scopes.edges.push(Vec::new());
                    scopes.members.push(Vec::new())
                })
            });
            last = Some((parent, &node.scope, scope));
            scope_of[idx] = scope;
            scopes.members[scope].push(idx);
        }
        for (idx, node) in graph.nodes.iter().enumerate() {
            for path in &node.inner {
                if let Some(scope) = known.get(&(Some(NodeIdx(idx as u32)), path)) {
                    scopes.inner[idx].push(*scope);
                }
            }
        }
        // A scope its holder does not list is still drawn inside it.
        for (scope, holder) in scopes.holder.iter().enumerate() {
            if let Some(holder) = *holder
                && !scopes.inner[holder].contains(&scope)
            {
                scopes.inner[holder].push(scope);
            }
        }
        for (idx, edge) in graph.edges.iter().enumerate() {
            let (from, to) = (edge.from.0 as usize, edge.to.0 as usize);
            if from < n_nodes && to < n_nodes && scope_of[from] == scope_of[to] {
                scopes.edges[scope_of[from]].push(idx);
            }
        }
        scopes.follow_the_flow(graph);
        scopes
    }

    /// Sorts members by when the flow first meets them, from the Start on, and edges by their
    /// source. From here on the order of states in the text is gone, except among those that
    /// nothing leads to.
    fn follow_the_flow(&mut self, graph: &FlowGraph) {
        let mut outs: Table<Vec<usize>> = Table::filled(graph.nodes.len(), Vec::new());
        let mut led_to = Table::filled(graph.nodes.len(), false);
        for edges in self.edges.iter() {
            for edge in edges.iter().filter_map(|it| graph.edges.get(*it)) {
                outs[edge.from.0 as usize].push(edge.to.0 as usize);
                led_to[edge.to.0 as usize] |= edge.to != edge.from;
            }
        }
        let mut seen = Table::filled(graph.nodes.len(), false);
        let is_start = |it: usize| graph.nodes.get(it).is_some_and(|it| it.shape == Shape::Start);
        for members in self.members.iter_mut() {
            let mut order = Vec::with_capacity(members.len());
            let starts = members.iter().copied().filter(|it| is_start(*it));
            let sources = members.iter().copied().filter(|it| !led_to[*it]);
            for root in starts.chain(sources).chain(members.iter().copied()) {
                let mut stack = vec![root];
                while let Some(node) = stack.pop() {
                    if !seen[node] {
                        seen[node] = true;
                        self.local[node] = order.len();
                        order.push(node);
                        stack.extend(outs[node].iter().rev());
                    }
                }
            }
            *members = order;
        }
        for edges in self.edges.iter_mut() {
            edges.arrange_by_key(|it| graph.edges.get(*it).map(|it| self.local[it.from.0 as usize]));
        }
    }
}
