//! AWS takes definitions of up to 1 MiB.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::recognize::MAX_DEFINITION_BYTES;
use crate::asl::validate::{Definition, Rule, SCHEMA};

pub const RULE: Rule =
    Rule { name: "definition-size", code: SCHEMA, help: "The definition has at most 1 MiB", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let n_bytes = definition.tree.text().len();
    if n_bytes <= MAX_DEFINITION_BYTES {
        return;
    }
    let message = format!("The definition has {n_bytes} bytes; at most {MAX_DEFINITION_BYTES} are allowed");
    let range = definition.handle(definition.tree.root());
    let hint = "Move a part of it to a state machine of its own and start that one";
    found.push(RULE.error(range, message).hint(hint));
}

#[cfg(test)]
mod tests {
    use crate::asl::Document;

    fn rules_of(n_bytes: usize) -> Vec<&'static str> {
        let start = r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"Comment":""#;
        let text = format!("{start}{}\"}}", "x".repeat(n_bytes - start.len() - 2));
        Document::new(text, 0).diagnostics.iter().map(|it| it.rule).collect()
    }

    #[test]
    fn one_byte_too_many_is_told() {
        assert!(rules_of(1_048_576).is_empty());
        assert_eq!(rules_of(1_048_577), ["definition-size"]);
    }
}
