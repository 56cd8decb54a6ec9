//! A state to which no way leads from `StartAt` of its scope.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::{Machine, Scope, StateId};
use crate::asl::validate::remedy;
use crate::asl::validate::{Definition, MAX_WITH_FIX, Rule, is_full};

pub const RULE: Rule = Rule {
    name: "unreachable-state",
    code: "MISSING_TRANSITION_TARGET",
    help: "Every state can be reached from the start of its scope",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let (tree, machine) = (definition.tree, definition.machine);
    // Of all states; a way never leads out of its scope.
    let mut reached = vec![false; machine.states.len()];
    for scope in &machine.scopes {
        let Some(states) = scope.states_node.filter(|it| !tree.is_broken(*it)) else { continue };
        // Without a known start nothing can be said.
        let Some(start) = scope.start_at.as_ref().and_then(|it| machine.resolve(scope, &it.name)) else {
            continue;
        };
        reach(machine, scope, start, &mut reached);
        for id in &scope.states {
            let Some(state) = machine.state(*id).filter(|_| !is_full(found)) else { continue };
            // Of duplicates only the last can be reached; they have a rule of their own.
            if reached.get(id.0 as usize) == Some(&true) || machine.resolve(scope, &state.name) != Some(*id) {
                continue;
            }
            let message = format!("State \"{}\" is not reachable.", state.name);
            let mut diagnostic = RULE.error(state.key_range, message).at(state.path.as_str());
            diagnostic = diagnostic.hint("Point a Next at it, or delete it");
            if let Some(member) = tree.member_of(state.node).filter(|_| found.len() < MAX_WITH_FIX) {
                let removal = remedy::remove(tree, states, member);
                diagnostic = diagnostic.fix(format!("Delete “{}”", state.name), removal);
            }
            found.push(diagnostic);
        }
    }
}

/// Marks every state of the scope to which a way leads.
fn reach(machine: &Machine, scope: &Scope, start: StateId, reached: &mut [bool]) {
    let mut pending = vec![start];
    while let Some(id) = pending.pop() {
        let (Some(state), Some(slot)) = (machine.state(id), reached.get_mut(id.0 as usize)) else { continue };
        if !std::mem::replace(slot, true) {
            pending.extend(state.targets().iter().filter_map(|it| machine.resolve(scope, &it.name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::{check, check_fix};

    #[test]
    fn a_ring_beside_the_way_is_not_reached() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","End":true},
              "B":{"Type":"Pass","Next":"C"},
              ^^^ unreachable-state: State "B" is not reachable.
              "C":{"Type":"Pass","Next":"B"}}}
              ^^^ unreachable-state: State "C" is not reachable.
        "#]]);
    }

    #[test]
    fn catchers_and_rules_lead_somewhere_too() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Resource":"${R}","Catch":[{"ErrorEquals":["X"],"Next":"B"}],"End":true},
              "B":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"C"}],"Default":"D"},
              "C":{"Type":"Succeed"},
              "D":{"Type":"Fail"}}}
        "#]]);
    }

    #[test]
    fn an_unreached_state_can_go() {
        check_fix(
            r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"},"B":{"Type":"Succeed"}}}"#,
            r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#,
        );
    }
}
