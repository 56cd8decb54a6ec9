//! A JSONata machine may not have JSONPath states; the other way round is fine.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::QueryLanguage;
use crate::asl::validate::remedy;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};

pub const RULE: Rule =
    Rule { name: "language-downgrade", code: SCHEMA, help: "States of a JSONata machine use JSONata", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    if definition.machine.language != QueryLanguage::Jsonata {
        return;
    }
    for (_, state) in definition.intact_states() {
        if is_full(found) {
            return;
        }
        if state.language == QueryLanguage::JsonPath {
            let message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
            let member = definition.tree.member(state.node, "QueryLanguage");
            let range = member.map_or(state.key_range, |it| it.range);
            let diagnostic = RULE.error(range, message).at(state.path.as_str());
            found.push(match member {
                Some(member) => diagnostic.fix(
                    "Use the language of the machine",
                    remedy::remove(definition.tree, state.node, member),
                ),
                None => diagnostic,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn jsonpath_inside_jsonata_is_refused() {
        check(expect![[r#"
            {"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Pass","QueryLanguage":"JSONPath","End":true}}}
                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^ language-downgrade: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine
        "#]]);
        check(expect![[r#"
            {"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","End":true}}}
        "#]]);
    }
}
