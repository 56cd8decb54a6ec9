//! A string that was meant as JSONata but does not begin with `{%` and end with `%}`, or stands in
//! a JSONPath state: it would be taken as it is written.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::QueryLanguage;
use crate::asl::validate::{Definition, Rule, is_full};
use crate::json::NodeId;

pub const RULE: Rule = Rule {
    name: "expression-marks",
    code: "INVALID_JSONATA_EXPRESSION",
    help: "Expressions begin with {% and end with %}, in JSONata states",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            if row.field_type.holds_queries() {
                check_value(definition, object.language, member.value, found);
            }
        }
    }
}

fn check_value(definition: &Definition, language: QueryLanguage, value: NodeId, found: &mut Vec<Diagnostic>) {
    let mut pending = vec![value];
    while let Some(node) = pending.pop() {
        if is_full(found) {
            return;
        }
        pending.extend(definition.tree.children(node));
        let Some(text) = definition.tree.string(node) else { continue };
        let (opens, closes) = (text.trim().starts_with("{%"), text.trim().ends_with("%}"));
        let is_expression = text.starts_with("{%") && text.ends_with("%}");
        let (message, hint) = match language {
            QueryLanguage::Jsonata if (opens || closes) && !is_expression => (
                "This is text, not an expression",
                "An expression begins with “{%” and ends with “%}”, with nothing around them",
            ),
            QueryLanguage::JsonPath if is_expression => (
                "This is text here: the state uses JSONPath",
                "Set the QueryLanguage of the state to JSONata, or write a path in a field whose name ends in .$",
            ),
            _ => continue,
        };
        let diagnostic = RULE.error(definition.tree.range(node), message).hint(hint);
        found.push(diagnostic.at(definition.pointer(node)).warning());
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn half_marked_expressions_are_told() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","QueryLanguage":"JSONata","Output":{"a":"{% 1","b":" {% 2 %}","c":"{% 3 %}","d":["4 %}"]},"Next":"B"},
                                                                         ^^^^^^ warning expression-marks: This is text, not an expression
                                                                                    ^^^^^^^^^^ warning expression-marks: This is text, not an expression
                                                                                                                  ^^^^^^ warning expression-marks: This is text, not an expression
              "B":{"Type":"Pass","Parameters":{"a":"{% 1 %}"},"End":true}}}
                                                   ^^^^^^^^^ warning expression-marks: This is text here: the state uses JSONPath
        "#]]);
    }
}
