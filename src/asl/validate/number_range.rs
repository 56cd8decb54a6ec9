//! A number outside of its bounds, or with a fraction where whole numbers belong.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::FieldType;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};
use crate::json::float;

pub const RULE: Rule =
    Rule { name: "number-range", code: SCHEMA, help: "Every number lies within its bounds", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            let FieldType::Number { min, max, integer, .. } = row.field_type else { continue };
            let Some(number) = definition.tree.number(member.value).and_then(float) else {
                continue;
            };
            let must = if integer && number.fract() != 0.0 {
                "must be an integer".to_owned()
            } else if number < min {
                format!("must be at least {min}")
            } else if number > max {
                format!("must be at most {max}")
            } else {
                continue;
            };
            let message = format!("The value of the field '{}' {must}", row.name);
            let range = definition.tree.range(member.value);
            found.push(RULE.error(range, message).at(definition.pointer(member.value)));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn bounds_are_those_of_the_table() {
        check(expect![[r#"
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${R}","TimeoutSeconds":0,"End":true,"Retry":[
                                                                                           ^ number-range: The value of the field 'TimeoutSeconds' must be at least 1
              {"ErrorEquals":["A"],"IntervalSeconds":0,"MaxAttempts":-1,"BackoffRate":0.5,"MaxDelaySeconds":99999999},
                                                     ^ number-range: The value of the field 'IntervalSeconds' must be at least 1
                                                                     ^^ number-range: The value of the field 'MaxAttempts' must be at least 0
                                                                                      ^^^ number-range: The value of the field 'BackoffRate' must be at least 1
                                                                                                            ^^^^^^^^ number-range: The value of the field 'MaxDelaySeconds' must be at most 31622400
              {"ErrorEquals":["B"],"IntervalSeconds":1.5,"MaxAttempts":0,"BackoffRate":1.0,"MaxDelaySeconds":1e3}]}}}
                                                     ^^^ number-range: The value of the field 'IntervalSeconds' must be an integer
        "#]]);
    }
}
