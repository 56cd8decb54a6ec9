//! A list that must hold something holds nothing. Empty `Retry` and `Catch` are allowed: AWS was
//! recorded running them.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::{FieldType, Owner, operator};
use crate::asl::validate::definition::is_rule;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};
use crate::json::{NodeId, NodeKind};

pub const RULE: Rule =
    Rule { name: "empty-list", code: SCHEMA, help: "Lists that must hold something do", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            let must_hold = match row.field_type {
                FieldType::Items(owner) => matches!(owner, Owner::ChoiceRule | Owner::Branch),
                FieldType::Errors | FieldType::States => true,
                _ => false,
            };
            if must_hold {
                check_list(definition, member.value, found);
            }
        }
        if is_rule(object.owner) {
            let members = definition.tree.members(object.node).iter();
            for member in members.filter(|it| operator(&it.name).is_some_and(|it| it.combines())) {
                check_list(definition, member.value, found);
            }
        }
    }
}

fn check_list(definition: &Definition, node: NodeId, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let is_list = matches!(tree.kind(node), NodeKind::Array | NodeKind::Object);
    if is_list && tree.children(node).next().is_none() {
        found.push(RULE.error(tree.range(node), "Value cannot be empty").at(definition.pointer(node)));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn what_must_hold_something_does() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Parallel","Branches":[],"Retry":[],"Catch":[],"Next":"B"},
                                                ^^ empty-list: Value cannot be empty
              "B":{"Type":"Choice","Choices":[],"Default":"C"},
                                             ^^ empty-list: Value cannot be empty
              "C":{"Type":"Task","Resource":"${R}","Retry":[{"ErrorEquals":[]}],"Next":"D"},
                                                                           ^^ empty-list: Value cannot be empty
              "D":{"Type":"Choice","Choices":[{"And":[],"Next":"A"}],"Default":"E"},
                                                     ^^ empty-list: Value cannot be empty
              "E":{"Type":"Parallel","Branches":[{"StartAt":"F","States":{}}],"End":true}}}
                                                                         ^^ empty-list: Value cannot be empty
        "#]]);
    }
}
