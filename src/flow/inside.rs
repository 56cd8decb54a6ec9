//! What a Parallel or Map holds, as numbers: the one line that a collapsed frame shows of it.

use crate::asl::{Machine, ScopeId, StateKind};
use crate::text::words::count;

/// How much is inside a Parallel or Map, at all levels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inside {
    /// Branches of a Parallel; none for the one body of a Map.
    pub n_branches: Option<usize>,
    pub n_states: usize,
}

impl Inside {
    /// “3 branches, 12 states inside”.
    pub fn words(&self) -> String {
        let states = format!("{} inside", count(self.n_states, "state", "states"));
        match self.n_branches {
            Some(n) => format!("{}, {states}", count(n, "branch", "branches")),
            None => states,
        }
    }
}

/// The scopes that a state of this kind holds: one for each branch, one for the body of a Map.
pub fn inner_scopes(kind: &StateKind) -> Vec<ScopeId> {
    match kind {
        StateKind::Parallel { branches } => branches.clone(),
        StateKind::Map { processor, .. } => processor.iter().copied().collect(),
        _ => Vec::new(),
    }
}

/// Counts what a state of this kind holds; nothing where it holds no scope at all.
pub fn inside(machine: &Machine, kind: &StateKind) -> Option<Inside> {
    let mut waiting = inner_scopes(kind);
    if waiting.is_empty() {
        return None;
    }
    let n_branches = matches!(kind, StateKind::Parallel { .. }).then_some(waiting.len());
    let mut n_states = 0;
    while let Some(scope) = waiting.pop().and_then(|it| machine.scope(it)) {
        n_states += scope.states.len();
        waiting.extend(
            scope.states.iter().filter_map(|it| machine.state(*it)).flat_map(|it| inner_scopes(&it.kind)),
        );
    }
    Some(Inside { n_branches, n_states })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::lower::lower;
    use crate::json::parse;

    #[test]
    fn all_levels_count() {
        let tree = parse(
            r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}},
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":
              {"StartAt":"B","States":{"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Pass","End":true}}}}}}]},
            "E":{"Type":"Map","End":true}}}"#,
        );
        let machine = lower(&tree);
        let words = |name: &str| {
            let state = machine.states.iter().find(|it| it.name == name).unwrap();
            inside(&machine, &state.kind).map(|it| it.words())
        };
        assert_eq!(words("P").as_deref(), Some("2 branches, 4 states inside"));
        assert_eq!(words("M").as_deref(), Some("2 states inside"));
        assert_eq!(words("E"), None);
    }
}
