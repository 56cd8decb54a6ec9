//! Fields that exclude each other, and those of which one must be set: `Next` and `End`, the four
//! ways to say how long to wait, …

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::Owner;
use crate::asl::machine::StateType;
use crate::asl::validate::remedy;
use crate::asl::validate::{Definition, MAX_WITH_FIX, Object, Rule, SCHEMA, is_full};
use crate::json::Member;

pub const RULE: Rule = Rule {
    name: "exclusive-fields",
    code: SCHEMA,
    help: "Of fields that exclude each other one is set",
    check,
};

/// The groups of which one field must be set, with what to say when none is.
#[rustfmt::skip]
const REQUIRED: &[(StateType, &str, &str)] = &[
    (StateType::Task, "transition", "'Next' or 'End' is required but was missing"),
    (StateType::Pass, "transition", "'Next' or 'End' is required but was missing"),
    (StateType::Wait, "transition", "'Next' or 'End' is required but was missing"),
    (StateType::Parallel, "transition", "'Next' or 'End' is required but was missing"),
    (StateType::Map, "transition", "'Next' or 'End' is required but was missing"),
    (StateType::Wait, "wait", "One of 'Seconds', 'SecondsPath', 'Timestamp' and 'TimestampPath' is required but was missing"),
    (StateType::Map, "processor", "The field 'ItemProcessor' is required but was missing"),
];

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        check_exclusion(definition, object, found);
        let Owner::State(state_type) = object.owner else { continue };
        for (required_of, group, message) in REQUIRED {
            if *required_of == state_type && !is_set(definition, object, group) {
                let range = definition.handle(object.node);
                let diagnostic = RULE.error(range, *message).at(definition.pointer(object.node));
                found.push(match *group {
                    "transition" if found.len() < MAX_WITH_FIX => diagnostic
                        .hint("Choose a next state, or end here")
                        .fix("End here", remedy::add(definition.tree, object.node, "End", "true")),
                    _ => diagnostic,
                });
            }
        }
    }
}

/// Whether one of the group is there in a way that counts.
fn is_set(definition: &Definition, object: &Object, group: &str) -> bool {
    let mut fields = definition.fields(object).filter(|(_, row)| row.exclusive_group == Some(group));
    fields.any(|(member, _)| counts(definition, member))
}

/// `"End": false` is the same as no `End`.
fn counts(definition: &Definition, member: &Member) -> bool {
    &*member.name != "End" || definition.tree.as_bool(member.value) != Some(false)
}

fn check_exclusion(definition: &Definition, object: &Object, found: &mut Vec<Diagnostic>) {
    let in_groups = definition
        .fields(object)
        .filter(|(member, row)| row.exclusive_group.is_some() && counts(definition, member));
    for (idx, (later, later_row)) in in_groups.clone().enumerate() {
        let mut before = in_groups.clone().take(idx);
        let clash = before
            .find(|(it, row)| row.exclusive_group == later_row.exclusive_group && it.name != later.name);
        let Some((first, _)) = clash else { continue };
        let message = format!("Only one of '{}' and '{}' can be set", first.name, later.name);
        let diagnostic = RULE.error(later.key_range, message).at(definition.pointer(object.node));
        let removal = remedy::remove(definition.tree, object.node, later);
        found.push(diagnostic.fix(format!("Remove {}", later.name), removal));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::{check, check_fix};

    #[test]
    fn one_of_a_group_is_enough_and_needed() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Next":"B","End":true},
                                            ^^^^^ exclusive-fields: Only one of 'Next' and 'End' can be set
              "B":{"Type":"Pass","End":false},
              ^^^ exclusive-fields: 'Next' or 'End' is required but was missing
              "C":{"Type":"Wait","Seconds":1,"Timestamp":"2026-01-01T00:00:00Z","End":true},
              ^^^ unreachable-state: State "C" is not reachable.
                                             ^^^^^^^^^^^ exclusive-fields: Only one of 'Seconds' and 'Timestamp' can be set
              "D":{"Type":"Wait","End":true},
              ^^^ exclusive-fields: One of 'Seconds', 'SecondsPath', 'Timestamp' and 'TimestampPath' is required but was missing
              ^^^ unreachable-state: State "D" is not reachable.
              "E":{"Type":"Map","End":true},
              ^^^ exclusive-fields: The field 'ItemProcessor' is required but was missing
              ^^^ unreachable-state: State "E" is not reachable.
              "F":{"Type":"Fail","Error":"x","ErrorPath":"$.x"}}}
              ^^^ unreachable-state: State "F" is not reachable.
                                             ^^^^^^^^^^^ exclusive-fields: Only one of 'Error' and 'ErrorPath' can be set
        "#]]);
    }

    #[test]
    fn a_loose_end_is_tied() {
        check_fix(
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass"}}}"#,
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#,
        );
    }
}
