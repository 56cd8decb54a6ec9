//! A variable that is set inside of a Map or Parallel and outside of it, too. What is inside reads
//! outer variables but cannot set them, and no two variables of nested scopes have one name.

use std::collections::{BTreeMap, BTreeSet};

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::ScopeId;
use crate::asl::validate::variable_name::assigned;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};

pub const RULE: Rule = Rule {
    name: "variable-scope",
    code: SCHEMA,
    help: "A variable that is set in an outer scope is not set in an inner one",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let scope_of = |state| definition.machine.state(state).map(|it| it.scope);
    let mut names: BTreeMap<ScopeId, BTreeSet<&str>> = BTreeMap::new();
    for it in assigned(definition) {
        if let Some(scope) = it.state.and_then(scope_of) {
            names.entry(scope).or_default().insert(it.name);
        }
    }
    if names.len() < 2 {
        return;
    }
    for it in assigned(definition) {
        if is_full(found) {
            return;
        }
        let Some(scope) = it.state.and_then(scope_of) else { continue };
        let is_outer = |scope| names.get(&scope).is_some_and(|names| names.contains(it.name));
        if outer_scopes(definition, scope).any(is_outer) {
            let name = it.name;
            let message = format!("The variable '{name}' is set in an outer scope, so it cannot be set here");
            let diagnostic = RULE.error(it.member.key_range, message).hint("Give it another name");
            found.push(diagnostic.at(definition.pointer(it.member.value)));
        }
    }
}

/// The scopes whose variables a scope reads, nearest first. The children of a distributed Map are
/// executions of their own and read none.
fn outer_scopes(definition: &Definition, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
    let outer = |scope: &ScopeId| {
        let scope = definition.machine.scope(*scope)?;
        let config = definition.tree.get(scope.node, "ProcessorConfig");
        let mode = config.and_then(|it| definition.tree.get(it, "Mode"));
        let is_distributed =
            mode.and_then(|it| definition.tree.string(it)).is_some_and(|it| it == "DISTRIBUTED");
        let parent = scope.parent.filter(|_| !is_distributed)?;
        definition.machine.state(parent).map(|it| it.scope)
    };
    std::iter::successors(outer(&scope), outer)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn inner_scopes_do_not_set_outer_variables() {
        check(expect![[r#"
            {"StartAt":"P","States":{"P":{"Type":"Parallel","Assign":{"x":1},"End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x.$":"$","y":1},"End":true}}},
                                                                    ^^^^^ variable-scope: The variable 'x' is set in an outer scope, so it cannot be set here
              {"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"y":1},"End":true}}}]}}}
        "#]]);
    }

    #[test]
    fn children_of_distributed_maps_have_variables_of_their_own() {
        check(expect![[r#"
            {"StartAt":"M","States":{"M":{"Type":"Map","Assign":{"x":1},"End":true,"ItemProcessor":{
              "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
              "StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"End":true}}}}}}
        "#]]);
    }
}
