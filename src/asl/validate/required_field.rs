//! A field that must be there is not.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::{Owner, fields_of};
use crate::asl::machine::{QueryLanguage, StateKind};
use crate::asl::validate::{Definition, Object, Rule, SCHEMA, is_full};
use crate::text::Arrange;

pub const RULE: Rule =
    Rule { name: "missing-field", code: SCHEMA, help: "Every field that an object needs is there", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let mut required = Vec::new();
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        let mut missing = missing_fields(definition, object, &mut required);
        // Addresses take long, and nearly everything is there.
        if missing.is_empty() {
            continue;
        }
        let range = definition.handle(object.node);
        let pointer = definition.pointer(object.node);
        if matches!(object.owner, Owner::Machine | Owner::Branch | Owner::ItemProcessor) {
            // AWS names all that a scope lacks in one sentence, States first.
            missing.arrange_by_key(|it| *it != "States");
            let message = format!("These fields are required: [{}]", missing.join(", "));
            found.push(RULE.error(range, message).at(pointer));
            continue;
        }
        for name in missing {
            let message = format!("The field '{name}' is required but was missing");
            found.push(RULE.error(range, message).at(pointer.as_str()));
        }
    }
    for (_, state) in definition.intact_states() {
        if let StateKind::Unknown { type_text: None } = state.kind
            && definition.tree.get(state.node, "Type").is_none()
            && definition.tree.kind(state.node) == crate::json::NodeKind::Object
        {
            let message = "The field 'Type' is required but was missing";
            found.push(RULE.error(state.key_range, message).at(state.path.as_str()));
        }
    }
}

/// The required fields of the kinds of objects met so far.
type Required = Vec<((Owner, QueryLanguage), Vec<&'static str>)>;

fn missing_fields(definition: &Definition, object: &Object, required: &mut Required) -> Vec<&'static str> {
    let is_missing = |name: &str| definition.tree.get(object.node, name).is_none();
    if object.owner == Owner::Credentials {
        // "RoleArn.$" stands for it in JSONPath.
        let missing = is_missing("RoleArn") && is_missing("RoleArn.$");
        return if missing { vec!["RoleArn"] } else { Vec::new() };
    }
    let kind = (object.owner, object.language);
    if !required.iter().any(|(it, _)| *it == kind) {
        let names = fields_of(object.owner, object.language).filter(|it| it.required).map(|it| it.name);
        required.push((kind, names.collect()));
    }
    let names = required.iter().find(|(it, _)| *it == kind).map_or(&[][..], |(_, names)| names);
    names.iter().copied().filter(|it| is_missing(it)).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn scopes_name_all_they_lack_at_once() {
        check(expect![[r#"
            {}
            ^ missing-field: These fields are required: [States, StartAt]
        "#]]);
        check(expect![[r#"
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"States":{"A":{"Type":"Succeed"}}}]}}}
                                                                                   ^ missing-field: These fields are required: [StartAt]
        "#]]);
    }

    #[test]
    fn states_and_their_parts_lack_fields() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Credentials":{},"Catch":[{"ErrorEquals":["X"]}],"Next":"B"},
              ^^^ missing-field: The field 'Resource' is required but was missing
                                 ^^^^^^^^^^^^^ missing-field: The field 'RoleArn' is required but was missing
                                                           ^ missing-field: The field 'Next' is required but was missing
              "B":{"Type":"Choice","Default":"C"},
              ^^^ missing-field: The field 'Choices' is required but was missing
              "C":{"End":true}}}
              ^^^ missing-field: The field 'Type' is required but was missing
        "#]]);
    }
}
