//! A state's name has 1 to 80 characters.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::validate::{Definition, Rule};

pub const RULE: Rule = Rule {
    name: "state-name",
    code: "INVALID_STATE_NAME",
    help: "A state's name has 1 to 80 characters",
    check,
};

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 80;

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for state in &definition.machine.states {
        let n_chars = state.name.chars().count();
        let message = match n_chars {
            0 => "A state must have a name".to_owned(),
            1..=MAX_NAME_CHARS => continue,
            _ => format!("The name of a state can have {MAX_NAME_CHARS} characters; this one has {n_chars}"),
        };
        found.push(RULE.error(state.key_range, message).at(state.path.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn characters_are_counted_not_bytes() {
        check(expect![[r#"
            {"StartAt":"","States":{
              "":{"Type":"Pass","Next":"ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ"},
              ^^ state-name: A state must have a name
              "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ":{"Type":"Pass","Next":"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhhi"},
              "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhhi":{"Type":"Succeed"}}}
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ state-name: The name of a state can have 80 characters; this one has 81
        "#]]);
    }
}
