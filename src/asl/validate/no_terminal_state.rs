//! No state of a scope ends it: neither `End`, nor Succeed, nor Fail.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::{State, StateKind};
use crate::asl::reading::scope_word;
use crate::asl::validate::{Definition, Rule};

pub const RULE: Rule = Rule {
    name: "no-terminal-state",
    code: "MISSING_END_STATE",
    help: "Every scope has a state that ends it",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let (tree, machine) = (definition.tree, definition.machine);
    for scope in &machine.scopes {
        let Some(states_node) = scope.states_node.filter(|it| !tree.is_broken(*it)) else { continue };
        let states: Vec<&State> = scope.states.iter().filter_map(|it| machine.state(*it)).collect();
        // A transition into nothing may be the one that should lead to the end.
        let leads_nowhere =
            |it: &&State| it.targets().iter().any(|it| machine.resolve(scope, &it.name).is_none());
        let may_end = states.is_empty() || states.iter().any(|it| may_end(it));
        if may_end || states.iter().any(leads_nowhere) {
            continue;
        }
        let message = "Workflow has no terminal state";
        let hint = format!("Set End on a state of {}, or add a Succeed or Fail", scope_word(machine, scope));
        let diagnostic = RULE.error(definition.handle(states_node), message).hint(hint);
        // AWS names no place for the machine itself.
        let is_root = scope.parent.is_none();
        found.push(if is_root { diagnostic } else { diagnostic.at(scope.path.as_str()) });
    }
}

/// Whether a state ends its scope, or is too unfinished to say that it does not.
fn may_end(state: &State) -> bool {
    match &state.kind {
        StateKind::Succeed | StateKind::Fail | StateKind::Unknown { .. } => true,
        StateKind::Choice { .. } => false,
        _ => state.end || state.next.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn a_pure_loop_never_ends() {
        check(expect![[r#"
            {"StartAt":"A","States":{
                           ^^^^^^^^ no-terminal-state: Workflow has no terminal state
              "A":{"Type":"Pass","Next":"B"},
              "B":{"Type":"Pass","Next":"A"}}}
        "#]]);
        check(expect![[r#"
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"}}}]}}}
                             ^^^^^^^^ no-terminal-state: Workflow has no terminal state
        "#]]);
    }
}
