//! A value of the wrong form: text where a number belongs, an object where a list does.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::{FieldRow, FieldType, Operand, Owner, operator};
use crate::asl::machine::QueryLanguage;
use crate::asl::validate::definition::is_rule;
use crate::asl::validate::{Definition, Object, Rule, SCHEMA, is_full};
use crate::json::{NodeId, NodeKind};

pub const RULE: Rule =
    Rule { name: "field-type", code: SCHEMA, help: "Every field has a value of its form", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    check_root(definition, found);
    for scope in definition.scopes() {
        let is_branch = scope.parent.is_some();
        if is_branch && !tree.is_broken(scope.node) && tree.kind(scope.node) != NodeKind::Object {
            push(definition, scope.node, "This must be an object with StartAt and States", found);
        }
    }
    for (_, state) in definition.intact_states() {
        if tree.kind(state.node) != NodeKind::Object {
            let message = format!("The state “{}” must be an object", state.name);
            push(definition, state.node, &message, found);
        }
    }
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            check_field(definition, object, row, member.value, found);
        }
        if is_rule(object.owner) {
            check_operands(definition, object, found);
        }
    }
}

fn check_root(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let root = tree.root();
    if tree.is_valid() && tree.kind(root) != NodeKind::Object {
        let message = "A definition must be an object with StartAt and States";
        found.push(RULE.error(definition.handle(root), message).at(""));
    }
}

fn check_field(
    definition: &Definition,
    object: &Object,
    row: &FieldRow,
    node: NodeId,
    found: &mut Vec<Diagnostic>,
) {
    let kind = definition.tree.kind(node);
    if row.nullable && kind == NodeKind::Null {
        return;
    }
    let is_expression = || object.language == QueryLanguage::Jsonata && definition.is_expression(node);
    let fits = match row.field_type {
        FieldType::Path
        | FieldType::ReferencePath
        | FieldType::PathOrIntrinsic
        | FieldType::Text { .. }
        | FieldType::Comment
        | FieldType::Target
        | FieldType::Resource
        | FieldType::Timestamp => kind == NodeKind::String,
        // `Type` of any other form is told by the rule about words.
        FieldType::Word(_) => kind == NodeKind::String || row.name == "Type",
        FieldType::Number { jsonata, .. } => kind == NodeKind::Number || (jsonata && is_expression()),
        FieldType::Flag => matches!(kind, NodeKind::True | NodeKind::False),
        FieldType::Condition => matches!(kind, NodeKind::True | NodeKind::False) || is_expression(),
        FieldType::Assign => kind == NodeKind::Object || is_expression(),
        FieldType::States | FieldType::Group(_) => kind == NodeKind::Object,
        FieldType::Errors | FieldType::Strings | FieldType::Items(_) => kind == NodeKind::Array,
        FieldType::Template => !matches!(kind, NodeKind::Null),
        FieldType::Jsonata | FieldType::Value | FieldType::Json => true,
    };
    if !fits {
        if !definition.is_substituted(node) {
            let message = format!("The value of the field '{}' must be {}", row.name, noun(row.field_type));
            push(definition, node, &message, found);
        }
        return;
    }
    let element = match row.field_type {
        FieldType::Errors | FieldType::Strings => Some((NodeKind::String, "a string")),
        FieldType::Items(owner) if owner != Owner::Branch => Some((NodeKind::Object, "an object")),
        _ => None,
    };
    let Some((element_kind, noun)) = element else { return };
    for element in definition.tree.elements(node) {
        if definition.tree.kind(*element) != element_kind && !definition.is_substituted(*element) {
            push(definition, *element, &format!("An element of '{}' must be {noun}", row.name), found);
        }
    }
}

fn check_operands(definition: &Definition, object: &Object, found: &mut Vec<Diagnostic>) {
    for member in definition.tree.members(object.node) {
        let Some(operator) = operator(&member.name) else { continue };
        let kind = definition.tree.kind(member.value);
        let (fits, noun) = match operator.operand {
            Operand::Text | Operand::Pattern | Operand::Timestamp | Operand::Path => {
                (kind == NodeKind::String, "a string")
            }
            Operand::Number => (kind == NodeKind::Number, "a number"),
            Operand::Flag | Operand::IsKind => {
                (matches!(kind, NodeKind::True | NodeKind::False), "true or false")
            }
            Operand::Rules => (kind == NodeKind::Array, "a list of rules"),
            Operand::Rule => (kind == NodeKind::Object, "a rule"),
        };
        if !fits && !definition.is_substituted(member.value) {
            let message = format!("The value of the field '{}' must be {noun}", operator.name);
            push(definition, member.value, &message, found);
        }
        for element in definition.tree.elements(member.value) {
            if operator.operand == Operand::Rules && definition.tree.kind(*element) != NodeKind::Object {
                let message = format!("An element of '{}' must be a rule", operator.name);
                push(definition, *element, &message, found);
            }
        }
    }
}

fn push(definition: &Definition, node: NodeId, message: &str, found: &mut Vec<Diagnostic>) {
    let range = definition.tree.range(node);
    found.push(RULE.error(range, message).at(definition.pointer(node)));
}

fn noun(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Path | FieldType::ReferencePath | FieldType::PathOrIntrinsic => "a string with a path",
        FieldType::Text { .. }
        | FieldType::Comment
        | FieldType::Resource
        | FieldType::Timestamp
        | FieldType::Word(_) => "a string",
        FieldType::Target => "the name of a state",
        FieldType::Number { integer: true, .. } => "an integer",
        FieldType::Number { .. } => "a number",
        FieldType::Flag => "true or false",
        FieldType::Condition => "true, false or an expression in {% … %}",
        FieldType::Assign => "an object with variables",
        FieldType::States | FieldType::Group(_) => "an object",
        FieldType::Errors => "a list of error names",
        FieldType::Strings => "a list of strings",
        FieldType::Items(_) => "a list",
        FieldType::Template => "an object",
        FieldType::Jsonata | FieldType::Value | FieldType::Json => "JSON",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn values_have_the_form_of_their_field() {
        check(expect![[r#"
            {"StartAt":"A","Comment":7,"States":{
                                     ^ field-type: The value of the field 'Comment' must be a string
              "A":{"Type":"Task","Resource":"${R}","TimeoutSeconds":"60","InputPath":null,"ResultPath":3,"Retry":{},"Catch":[1],"Next":"B"},
                                                                    ^^^^ field-type: The value of the field 'TimeoutSeconds' must be an integer
                                                                                                       ^ field-type: The value of the field 'ResultPath' must be a string with a path
                                                                                                                 ^^ field-type: The value of the field 'Retry' must be a list
                                                                                                                             ^ field-type: An element of 'Catch' must be an object
              "B":{"Type":"Wait","Seconds":"{% 1 %}","End":"True"},
                                           ^^^^^^^^^ field-type: The value of the field 'Seconds' must be an integer
                                           ^^^^^^^^^ warning expression-marks: This is text here: the state uses JSONPath
                                                           ^^^^^^ field-type: The value of the field 'End' must be true or false
              "C":[]}}
              ^^^ unreachable-state: State "C" is not reachable.
                  ^^ field-type: The state “C” must be an object
        "#]]);
        check(expect![[r#"
            []
            ^ field-type: A definition must be an object with StartAt and States
        "#]]);
    }

    #[test]
    fn jsonata_may_stand_for_numbers_and_substitutions_for_anything() {
        check(expect![[r#"
            {"StartAt":"A","QueryLanguage":"JSONata","States":{
              "A":{"Type":"Wait","Seconds":"{% $states.input.s %}","Next":"B"},
              "B":{"Type":"Wait","Seconds":"${Delay}","End":true}}}
        "#]]);
    }

    #[test]
    fn operands_fit_their_operator() {
        check(expect![[r#"
            {"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[
              {"Variable":"$.a","NumericEquals":"1","Next":"D"},
                                                ^^^ field-type: The value of the field 'NumericEquals' must be a number
              {"And":{},"Next":"D"},
               ^^^^^ choice-rule: A choice rule must have an operator
                     ^^ field-type: The value of the field 'And' must be a list of rules
                     ^^ empty-list: Value cannot be empty
              {"Not":[1],"Next":"D"},
                     ^^^ field-type: The value of the field 'Not' must be a rule
              {"Or":[7,{"Variable":"$.a","IsNull":1}],"Next":"D"}]},
                     ^ field-type: An element of 'Or' must be a rule
                                                  ^ field-type: The value of the field 'IsNull' must be true or false
              "D":{"Type":"Succeed"}}}
        "#]]);
    }
}
