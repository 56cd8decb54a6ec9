//! What a variable cannot be called.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::FieldType;
use crate::asl::machine::{QueryLanguage, StateId};
use crate::asl::validate::{Definition, Object, Rule, SCHEMA, is_full};
use crate::json::Member;

pub const RULE: Rule = Rule {
    name: "variable-name",
    code: SCHEMA,
    help: "A variable has a name of letters, digits and underscores, and is not called states",
    check,
};

/// AWS's limit, in characters.
const MAX_CHARS: usize = 80;

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for assigned in assigned(definition) {
        if is_full(found) {
            return;
        }
        let name = assigned.name;
        let n_chars = name.chars().count();
        let message = if n_chars == 0 {
            "The name of a variable cannot be empty".to_string()
        } else if name == "states" {
            "The variable name 'states' is reserved".to_string()
        } else if MAX_CHARS < n_chars {
            format!("The name of a variable can have {MAX_CHARS} characters; this one has {n_chars}")
        } else if !is_identifier(name) {
            format!("The variable name '{name}' is not valid")
        } else {
            continue;
        };
        let diagnostic = RULE.error(assigned.member.key_range, message);
        found.push(diagnostic.at(definition.pointer(assigned.member.value)));
    }
}

/// A variable that is set.
pub(super) struct Assigned<'d> {
    pub name: &'d str,
    pub member: &'d Member,
    /// The state that sets it, or whose rule or catcher does.
    pub state: Option<StateId>,
}

/// Every variable that the definition sets.
pub(super) fn assigned<'d>(definition: &'d Definition) -> impl Iterator<Item = Assigned<'d>> {
    definition.objects.iter().flat_map(|object: &Object| {
        let fields = definition.fields(object).filter(|(_, row)| row.field_type == FieldType::Assign);
        let members = fields.flat_map(|(field, _)| definition.tree.members(field.value));
        members.map(|member| {
            // JSONPath: an expression stands in a field whose name ends so.
            let bare = member.name.strip_suffix(".$").filter(|_| object.language == QueryLanguage::JsonPath);
            Assigned { name: bare.unwrap_or(&member.name), member, state: object.state }
        })
    })
}

/// As in Unicode's rules for identifiers, of which this takes the part that can be told without
/// their tables.
fn is_identifier(name: &str) -> bool {
    let is_inner = |it: char| it == '_' || !it.is_ascii() || it.is_ascii_alphanumeric();
    name.chars().all(is_inner) && !name.starts_with(|it: char| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn names_are_identifiers_and_not_reserved() {
        check(expect![[r#"
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,
              "Assign":{"ok_1":1,"größe.$":"$.a","states":1,"a.b.$":"$.a"},
                                                 ^^^^^^^^ variable-name: The variable name 'states' is reserved
                                                            ^^^^^^^ variable-name: The variable name 'a.b' is not valid
              "Catch":[{"ErrorEquals":["X"],"Next":"A","Assign":{"1st":1,"":2}}]}}}
                                                                 ^^^^^ variable-name: The variable name '1st' is not valid
                                                                         ^^ variable-name: The name of a variable cannot be empty
        "#]]);
    }
}
