//! A choice rule makes exactly one test: in JSONPath with one operator and, unless it combines
//! other rules, a Variable; in JSONata with a Condition.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::{Owner, operator};
use crate::asl::machine::QueryLanguage;
use crate::asl::validate::{Definition, Object, Rule, SCHEMA, is_full};
use crate::json::Member;

pub const RULE: Rule =
    Rule { name: "choice-rule", code: SCHEMA, help: "Every choice rule makes exactly one test", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        match (object.owner, object.language) {
            (Owner::ChoiceRule, QueryLanguage::Jsonata) => check_jsonata(definition, object, found),
            (Owner::ChoiceRule | Owner::Condition, QueryLanguage::JsonPath) => {
                check_jsonpath(definition, object, found);
            }
            _ => {}
        }
    }
}

fn check_jsonata(definition: &Definition, object: &Object, found: &mut Vec<Diagnostic>) {
    if definition.tree.get(object.node, "Condition").is_none() {
        let message = "The field 'Condition' is required but was missing";
        let range = definition.handle(object.node);
        found.push(RULE.error(range, message).at(definition.pointer(object.node)));
    }
}

fn check_jsonpath(definition: &Definition, object: &Object, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let members = tree.members(object.node).iter();
    let tests: Vec<&Member> = members.filter(|it| operator(&it.name).is_some()).collect();
    let variable = tree.member(object.node, "Variable");
    let at = |diagnostic: Diagnostic| diagnostic.at(definition.pointer(object.node));
    let whole = definition.handle(object.node);
    match tests.as_slice() {
        // A Condition or an unknown operator is told by the rules about fields.
        [] if has_other_test(definition, object) => {}
        [] => {
            let range = variable.map_or(whole, |it| it.range);
            let hint = "Add an operator such as StringEquals, NumericGreaterThan or IsPresent";
            found.push(at(RULE.error(range, "A choice rule must have an operator").hint(hint)));
        }
        [one] => {
            let combines = operator(&one.name).is_some_and(|it| it.combines());
            if !combines && variable.is_none() {
                let message = "The field 'Variable' is required but was missing";
                found.push(at(RULE.error(whole, message)));
            }
        }
        [first, rest @ ..] => {
            for later in rest.iter().filter(|it| it.name != first.name) {
                let message = format!(
                    "A choice rule can have only one operator, not '{}' and '{}'",
                    first.name, later.name
                );
                let hint = "Make two rules of it and put them into an And";
                found.push(at(RULE.error(later.key_range, message).hint(hint)));
            }
        }
    }
}

fn has_other_test(definition: &Definition, object: &Object) -> bool {
    let known = ["Variable", "Next", "Comment", "Assign", "Output"];
    definition.tree.members(object.node).iter().any(|it| !known.contains(&&*it.name))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn one_test_each() {
        check(expect![[r#"
            {"StartAt":"C","States":{"D":{"Type":"Succeed"},"C":{"Type":"Choice","Choices":[
              {"Variable":"$.a","Next":"D"},
               ^^^^^^^^^^^^^^^^ choice-rule: A choice rule must have an operator
              {"Next":"D"},
              ^ choice-rule: A choice rule must have an operator
              {"NumericEquals":1,"Next":"D"},
              ^ choice-rule: The field 'Variable' is required but was missing
              {"Variable":"$.a","NumericEquals":1,"StringEquals":"1","Next":"D"},
                                                  ^^^^^^^^^^^^^^ choice-rule: A choice rule can have only one operator, not 'NumericEquals' and 'StringEquals'
              {"Variable":"$.a","NumericEqual":1,"Next":"D"},
                                ^^^^^^^^^^^^^^ unknown-field: Field 'NumericEqual' is not supported
              {"And":[{"Variable":"$.a","IsNull":true,"Next":"D"},{"IsNull":false}],"Next":"D"}]}}}
                                                      ^^^^^^ unknown-field: Field 'Next' is not supported
                                                                  ^ choice-rule: The field 'Variable' is required but was missing
        "#]]);
        check(expect![[r#"
            {"StartAt":"C","QueryLanguage":"JSONata","States":{"D":{"Type":"Succeed"},"C":{"Type":"Choice","Choices":[
              {"Next":"D"},
              ^ choice-rule: The field 'Condition' is required but was missing
              {"Condition":"{% true %}","Next":"D"}]}}}
        "#]]);
    }
}
