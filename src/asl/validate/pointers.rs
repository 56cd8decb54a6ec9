//! The addresses of findings. A rule finds one thing after the other, often each a level deeper than
//! the one before; so the way to the last one is kept, and only what is below it is walked.

use crate::json::{NodeId, Tree, escape};

/// The way to the node that was asked for last.
#[derive(Default)]
pub struct Pointers {
    /// The nodes from the root on, whose ids rise, with the length of the pointer up to each.
    way: Vec<(NodeId, usize)>,
    pointer: String,
}

impl Pointers {
    /// The same as [`Tree::pointer`].
    pub fn of(&mut self, tree: &Tree, node: NodeId) -> String {
        let mut below = Vec::new();
        let mut at = Some(node);
        let mut n_known = 0;
        while let Some(id) = at {
            if let Ok(idx) = self.way.binary_search_by_key(&id, |it| it.0) {
                n_known = idx + 1;
                break;
            }
            below.push(id);
            at = tree.parent(id);
        }
        self.way.truncate(n_known);
        self.pointer.truncate(self.way.last().map_or(0, |it| it.1));
        for id in below.into_iter().rev() {
            if let Some(member) = tree.member_of(id) {
                self.pointer.push('/');
                self.pointer.push_str(&escape(&member.name));
            } else if let Some(idx) = tree.index_of(id) {
                self.pointer.push('/');
                self.pointer.push_str(&idx.to_string());
            }
            self.way.push((id, self.pointer.len()));
        }
        self.pointer.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn in_any_order_they_are_those_of_the_tree() {
        let tree = parse(r#"{"a/b": [1, {"c": {}, "d": [[], 2]}], "e": {"f": null}, "": 3}"#);
        let n_nodes = tree.n_nodes() as u32;
        for step in [1, 3, 5, 7] {
            let mut pointers = Pointers::default();
            for idx in 0..4 * n_nodes {
                let node = NodeId(idx * step % n_nodes);
                assert_eq!(pointers.of(&tree, node), tree.pointer(node));
            }
        }
    }
}
