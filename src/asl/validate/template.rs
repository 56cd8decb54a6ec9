//! A `"name.$"` field of a payload template holds no path and no intrinsic function call, or
//! collides with the field it would make.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::validate::path_syntax::range_in_string;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};
use crate::expr::Expression;
use crate::json::{Member, NodeId};

pub const RULE: Rule = Rule {
    name: "template-field",
    code: SCHEMA,
    help: "Fields whose names end in .$ hold a path or an intrinsic function",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in definition.jsonpath_objects() {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            if row.field_type.holds_template() {
                check_template(definition, member.value, found);
            }
        }
    }
}

fn check_template(definition: &Definition, template: NodeId, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let mut pending = vec![template];
    while let Some(node) = pending.pop() {
        if is_full(found) {
            return;
        }
        pending.extend(tree.elements(node));
        for member in tree.members(node) {
            match member.name.strip_suffix(".$") {
                Some(name) => check_field(definition, node, member, name, found),
                None => pending.push(member.value),
            }
        }
    }
}

fn check_field(
    definition: &Definition,
    object: NodeId,
    member: &Member,
    name: &str,
    found: &mut Vec<Diagnostic>,
) {
    let tree = definition.tree;
    if tree.get(object, name).is_some() {
        let message = format!("The fields '{}' and '{name}' would have the same name", member.name);
        let diagnostic = RULE.error(member.key_range, message).hint("Remove one of them");
        found.push(diagnostic.at(definition.pointer(object)));
        return;
    }
    if definition.is_substituted(member.value) {
        return;
    }
    let message = format!(
        "The value for the field '{}' must be a valid JSONPath or a valid intrinsic function call",
        member.name
    );
    let diagnostic = match tree.string(member.value) {
        None => {
            RULE.error(tree.range(member.value), message).hint("Write a path such as “$.name” as a string")
        }
        Some(text) => match Expression::parse(&text) {
            Ok(_) => return,
            Err(fault) => RULE
                .error(range_in_string(definition, member.value, &text, &fault), message)
                .hint(fault.message),
        },
    };
    found.push(diagnostic.at(definition.pointer(object)));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn template_fields_are_read_at_any_depth() {
        check(expect![[r#"
            {"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Parameters":{
              "a.$":"$.a", "b.$":"b", "c.$":7, "d":1, "d.$":"$.d",
                                  ^ template-field: The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call
                                            ^ template-field: The value for the field 'c.$' must be a valid JSONPath or a valid intrinsic function call
                                                      ^^^^^ template-field: The fields 'd.$' and 'd' would have the same name
              "e":[{"f.$":"States.Format('{}', $.f"}], "g.$":"States.UUID()", "h.$":"$$.Execution.Id", "i.$":"$variable.x"},
                                                  ^ template-field: The value for the field 'f.$' must be a valid JSONPath or a valid intrinsic function call
              "Assign":{"v.$":"v"}}}}
                               ^ template-field: The value for the field 'v.$' must be a valid JSONPath or a valid intrinsic function call
        "#]]);
    }
}
