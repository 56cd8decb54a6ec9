//! A field that holds a path holds something else.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::{FieldType, Operand, operator};
use crate::asl::machine::QueryLanguage;
use crate::asl::validate::definition::is_rule;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};
use crate::expr::{Expression, Path, PathError, Root};
use crate::json::{NodeId, source_offset};
use crate::text::TextRange;

pub const RULE: Rule =
    Rule { name: "path-syntax", code: SCHEMA, help: "Fields that hold a path hold a valid one", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in definition.jsonpath_objects() {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            if row.fits(QueryLanguage::JsonPath) {
                check_field(definition, row.name, row.field_type, member.value, found);
            }
        }
        if is_rule(object.owner) {
            for member in definition.tree.members(object.node) {
                if operator(&member.name).is_some_and(|it| it.operand == Operand::Path) {
                    check_field(definition, &member.name, FieldType::Path, member.value, found);
                }
            }
        }
    }
}

fn check_field(
    definition: &Definition,
    name: &str,
    field_type: FieldType,
    node: NodeId,
    found: &mut Vec<Diagnostic>,
) {
    if !matches!(field_type, FieldType::Path | FieldType::ReferencePath | FieldType::PathOrIntrinsic) {
        return;
    }
    let Some(text) = definition.tree.string(node).filter(|_| !definition.is_substituted(node)) else {
        return;
    };
    let (fault, kind) = match field_type {
        FieldType::Path => (Path::parse(&text).err(), "JSONPath"),
        FieldType::ReferencePath => (reference_fault(&text), "reference path"),
        FieldType::PathOrIntrinsic => {
            (Expression::parse(&text).err(), "JSONPath or a valid intrinsic function call")
        }
        _ => return,
    };
    let Some(fault) = fault else { return };
    let message = format!("The value for the field '{name}' must be a valid {kind}");
    let range = range_in_string(definition, node, &text, &fault);
    found.push(RULE.error(range, message).hint(fault.message).at(definition.pointer(node)));
}

fn reference_fault(text: &str) -> Option<PathError> {
    let fault = |message: &str| Some(PathError { message: message.into(), start: 0, end: text.len() });
    match Path::parse(text) {
        Err(error) => Some(error),
        Ok(path) if *path.root() != Root::Input => {
            fault("The result can only be put into the input: begin with “$.”")
        }
        Ok(path) if !path.is_reference() => fault("Name exactly one place: no *, .., filters or ranges"),
        Ok(_) => None,
    }
}

/// The place of a fault inside of a string. A place without length becomes the character behind
/// it, and at the end the closing quote.
pub(super) fn range_in_string(
    definition: &Definition,
    node: NodeId,
    text: &str,
    fault: &PathError,
) -> TextRange {
    let (range, source) = (definition.tree.range(node), definition.tree.source(node));
    let place = |decoded| (range.start + source_offset(source, decoded)).min(range.end);
    let start = fault.start.min(text.len());
    let next = text.get(start..).and_then(|it| it.chars().next()).map_or(0, char::len_utf8);
    let end = fault.end.min(text.len()).max(start + next);
    let found = TextRange::new(place(start), if end == start { range.end } else { place(end) });
    // A string that nobody closed has nothing at its end.
    if found.is_empty() { range } else { found }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn paths_are_read_where_they_stand() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","InputPath":"a.b","ResultPath":"$.x[*]","OutputPath":"$.a[","Next":"B"},
                                              ^ path-syntax: The value for the field 'InputPath' must be a valid JSONPath
                                                                 ^^^^^^ path-syntax: The value for the field 'ResultPath' must be a valid reference path
                                                                                           ^ path-syntax: The value for the field 'OutputPath' must be a valid JSONPath
              "B":{"Type":"Pass","InputPath":"$$.Execution","ResultPath":"$$.x","OutputPath":"${Path}","Next":"C"},
                                                                          ^^^^ path-syntax: The value for the field 'ResultPath' must be a valid reference path
              "C":{"Type":"Choice","Choices":[{"Variable":"x","StringEqualsPath":"$.y.","Next":"D"}]},
                                                           ^ path-syntax: The value for the field 'Variable' must be a valid JSONPath
                                                                                      ^ path-syntax: The value for the field 'StringEqualsPath' must be a valid JSONPath
              "D":{"Type":"Fail","ErrorPath":"States.Format('{}', $.a)","CausePath":"States.Nope("}}}
                                                                                     ^^^^^^^^^^^ path-syntax: The value for the field 'CausePath' must be a valid JSONPath or a valid intrinsic function call
        "#]]);
    }
}
