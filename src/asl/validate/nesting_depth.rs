//! Parallel and Map states lie too deep inside each other.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::lower::MAX_SCOPE_DEPTH;
use crate::asl::validate::{Definition, Rule};

pub const RULE: Rule = Rule {
    name: "nesting-depth",
    code: "TOO_DEEPLY_NESTED",
    help: "Parallel and Map states are not nested too deeply",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let machine = definition.machine;
    let Some(state) = machine.too_deep.and_then(|it| machine.state(it)) else { return };
    let message = "The states are too deeply nested";
    let hint = format!("What lies in more than {MAX_SCOPE_DEPTH} states is neither shown nor checked");
    found.push(RULE.error(state.key_range, message).hint(hint).at(state.path.as_str()));
}

#[cfg(test)]
mod tests {
    use crate::asl::Document;

    #[test]
    fn deep_nesting_is_told_once() {
        let open = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":["#;
        let text = format!("{}{}", open.repeat(300), "]}}}".repeat(300));
        let document = Document::new(text, 0);
        let n_found = document.diagnostics.iter().filter(|it| it.rule == "nesting-depth").count();
        assert_eq!(n_found, 1);
    }
}
