//! Names of states are unique in the whole machine, branches and item processors included.

use std::collections::HashMap;

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::State;
use crate::asl::validate::{Definition, Rule};

pub const RULE: Rule = Rule {
    name: "duplicate-state-name",
    code: "DUPLICATE_STATE_NAME",
    help: "No two states of the machine have the same name",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let states = &definition.machine.states;
    let mut first_by_name: HashMap<&str, &State> = HashMap::with_capacity(states.len());
    for state in states {
        let first = *first_by_name.entry(state.name.as_str()).or_insert(state);
        if first.key_range == state.key_range {
            continue;
        }
        let message = format!("Duplicate State name: {}", state.name);
        let hint = if first.scope == state.scope {
            "AWS keeps only the last state of this name. Rename one of them"
        } else {
            "Names are unique in the whole machine, inside branches and Maps too. Rename one of them"
        };
        found.push(RULE.error(state.key_range, message).hint(hint).at(state.path.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn every_later_one_is_marked() {
        check(expect![[r#"
            {"StartAt":"P","States":{
              "P":{"Type":"Parallel","Next":"A","Branches":[
                {"StartAt":"A","States":{"A":{"Type":"Succeed"}}}]},
              "A":{"Type":"Pass","End":true},
              ^^^ duplicate-state-name: Duplicate State name: A
              "A":{"Type":"Succeed"}}}
              ^^^ duplicate-state-name: Duplicate State name: A
        "#]]);
    }
}
