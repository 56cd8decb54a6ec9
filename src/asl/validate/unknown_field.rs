//! A field that the language does not have at this place.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::{OPERATORS, fields_of, operator};
use crate::asl::names::nearest;
use crate::asl::validate::definition::is_rule;
use crate::asl::validate::remedy;
use crate::asl::validate::{Definition, MAX_WITH_FIX, Object, Rule, SCHEMA, is_full};
use crate::json::{Member, quote};
use crate::text::TextEdit;

pub const RULE: Rule =
    Rule { name: "unknown-field", code: SCHEMA, help: "Every field is one that its object can have", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        // Both lists are in text order, so what is known is struck off as it comes.
        let mut known = definition.fields(object).map(|(it, _)| it.key_range).peekable();
        for member in definition.tree.members(object.node) {
            let is_test = is_rule(object.owner) && operator(&member.name).is_some();
            if known.next_if_eq(&member.key_range).is_some() || is_test {
                continue;
            }
            let message = format!("Field '{}' is not supported", member.name);
            let diagnostic = RULE.error(member.key_range, message).at(definition.pointer(object.node));
            found.push(match found.len() < MAX_WITH_FIX {
                true => with_remedy(definition, object, member, diagnostic),
                false => diagnostic,
            });
        }
    }
}

fn with_remedy(
    definition: &Definition,
    object: &Object,
    member: &Member,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let rows = fields_of(object.owner, object.language).map(|it| it.name);
    let tests = OPERATORS.iter().map(|it| it.name).filter(|_| is_rule(object.owner));
    let near = nearest(&member.name, rows.chain(tests));
    match near.filter(|it| definition.tree.get(object.node, it).is_none()) {
        Some(name) => diagnostic
            .hint(format!("Did you mean {name}?"))
            .fix(format!("Rename to {name}"), TextEdit::replace(member.key_range, quote(name))),
        None => diagnostic
            .hint("Remove it")
            .fix(format!("Remove {}", member.name), remedy::remove(definition.tree, object.node, member)),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::{check, check_fix};

    #[test]
    fn fields_are_known_by_state_type() {
        check(expect![[r#"
            {"StartAt":"A","Start":"A","States":{
                           ^^^^^^^ unknown-field: Field 'Start' is not supported
              "A":{"Type":"Pass","TimeoutSeconds":3,"Retry":[],"Next":"B"},
                                 ^^^^^^^^^^^^^^^^ unknown-field: Field 'TimeoutSeconds' is not supported
                                                    ^^^^^^^ unknown-field: Field 'Retry' is not supported
              "B":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"C","End":true}],"Next":"C"},
                                                                                         ^^^^^ unknown-field: Field 'End' is not supported
                                                                                                      ^^^^^^ unknown-field: Field 'Next' is not supported
              "C":{"Type":"Succeed","End":true}}}
                                    ^^^^^ unknown-field: Field 'End' is not supported
        "#]]);
    }

    #[test]
    fn a_slip_of_the_keys_is_mended() {
        check_fix(
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Paramters":{},"End":true}}}"#,
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{},"End":true}}}"#,
        );
        check_fix(
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Whatever":{},"End":true}}}"#,
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#,
        );
    }
}
