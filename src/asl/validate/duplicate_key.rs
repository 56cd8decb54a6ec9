//! A name appears twice in one object. The last one counts and the others do nothing, which is
//! hardly ever meant. Two states of one name are the business of `duplicate_state_name`.

use std::collections::HashSet;

use crate::asl::diagnostic::Diagnostic;
use crate::asl::validate::{Definition, Rule, is_full};
use crate::json::{Member, NodeId};

pub const RULE: Rule =
    Rule { name: "duplicate-key", code: "DUPLICATE_KEY", help: "No name appears twice in one object", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let states: HashSet<NodeId> = definition.machine.scopes.iter().filter_map(|it| it.states_node).collect();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        if is_full(found) {
            return;
        }
        pending.extend(tree.children(node));
        let members = tree.members(node);
        if all_differ(members) || states.contains(&node) {
            continue;
        }
        let mut later = HashSet::with_capacity(members.len());
        for member in members.iter().rev() {
            if later.insert(&member.name) || member.broken {
                continue;
            }
            let message = format!("“{}” appears twice here; only the last one counts", member.name);
            let diagnostic = RULE.error(member.key_range, message).hint("Remove one of them or rename it");
            found.push(diagnostic.at(definition.pointer(node)).warning());
        }
    }
}

/// A quick look that settles small objects, and so nearly all, without a set.
fn all_differ(members: &[Member]) -> bool {
    const SMALL: usize = 16;
    members.len() <= SMALL
        && members
            .iter()
            .enumerate()
            .all(|(idx, it)| members.iter().take(idx).all(|other| other.name != it.name))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn the_earlier_one_is_marked() {
        check(expect![[r#"
            {"StartAt":"A","States":{"A":{"Type":"Pass","Comment":"x","Comment":"y","End":true}}}
                                                        ^^^^^^^^^ warning duplicate-key: “Comment” appears twice here; only the last one counts
        "#]]);
    }
}
