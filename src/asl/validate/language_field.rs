//! A field of one query language in a state of the other.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::{FieldLanguage, operator};
use crate::asl::machine::QueryLanguage;
use crate::asl::validate::definition::is_rule;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};

pub const RULE: Rule = Rule {
    name: "field-of-other-language",
    code: SCHEMA,
    help: "Every field belongs to the query language of its state",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        let set = object.language;
        let mut refuse = |name: &str, range, hint: &str| {
            let needed = other(set).as_str();
            let message = format!(
                "The QueryLanguage is set to '{}', but field '{name}' is only supported for the '{needed}' \
                 QueryLanguage",
                set.as_str()
            );
            found.push(RULE.error(range, message).hint(hint).at(definition.pointer(object.node)));
        };
        for (member, row) in definition.fields(object) {
            if !row.fits(set) {
                refuse(row.name, member.key_range, replacement(row.name, row.language));
            }
        }
        if set == QueryLanguage::Jsonata && is_rule(object.owner) {
            for member in definition.tree.members(object.node) {
                if operator(&member.name).is_some() {
                    refuse(&member.name, member.key_range, "Write the test as a Condition");
                }
            }
        }
    }
}

fn other(language: QueryLanguage) -> QueryLanguage {
    match language {
        QueryLanguage::JsonPath => QueryLanguage::Jsonata,
        QueryLanguage::Jsonata => QueryLanguage::JsonPath,
    }
}

/// What says the same in the language of the state.
fn replacement(name: &str, language: FieldLanguage) -> &'static str {
    match (name, language) {
        ("Parameters", _) => "Use Arguments",
        ("Arguments", _) => "Use Parameters",
        ("ItemsPath", _) => "Use Items",
        ("Items", _) => "Use ItemsPath",
        ("Variable", _) => "Write the test as a Condition",
        ("Condition", _) => "Use Variable and an operator such as StringEquals",
        ("Output", _) => "Use OutputPath or ResultSelector, or set the QueryLanguage of the state to JSONata",
        (_, FieldLanguage::JsonataOnly) => {
            "Set the QueryLanguage of the state to JSONata, or remove the field"
        }
        ("InputPath" | "OutputPath" | "ResultPath" | "ResultSelector" | "Result", _) => {
            "Use Output, with $states.input and $states.result"
        }
        _ => "Write an expression in {% … %} in the field without Path",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn each_language_has_its_fields() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Output":{},"Next":"B"},
                                 ^^^^^^^^ field-of-other-language: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage
              "B":{"Type":"Pass","QueryLanguage":"JSONata","InputPath":"$.a","Parameters":{},"Next":"C"},
                                                           ^^^^^^^^^^^ field-of-other-language: The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage
                                                                             ^^^^^^^^^^^^ field-of-other-language: The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the 'JSONPath' QueryLanguage
              "C":{"Type":"Choice","QueryLanguage":"JSONata","Choices":[{"Condition":"{% true %}","Variable":"$.a","IsNull":true,"Next":"D"}]},
                                                                                                  ^^^^^^^^^^ field-of-other-language: The QueryLanguage is set to 'JSONata', but field 'Variable' is only supported for the 'JSONPath' QueryLanguage
                                                                                                                   ^^^^^^^^ field-of-other-language: The QueryLanguage is set to 'JSONata', but field 'IsNull' is only supported for the 'JSONPath' QueryLanguage
              "D":{"Type":"Succeed"}}}
        "#]]);
    }
}
