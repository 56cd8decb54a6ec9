//! A transition to a state that is not in the same scope.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::{Machine, Scope, Target};
use crate::asl::names::nearest;
use crate::asl::reading::scope_word;
use crate::asl::validate::{Definition, MAX_WITH_FIX, Rule, is_full};
use crate::json::quote;
use crate::text::{Likeness, TextEdit, likeness};

pub const RULE: Rule = Rule {
    name: "unknown-target",
    code: "MISSING_TRANSITION_TARGET",
    help: "Every transition leads to a state of the same scope",
    check,
};

/// A similar name is looked for among so many states.
const MAX_COMPARED: usize = 2_000;

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let (tree, machine) = (definition.tree, definition.machine);
    for scope in &machine.scopes {
        // Where the states are damaged, the missing one may be in the damage.
        let Some(states) = scope.states_node.filter(|it| !tree.is_broken(*it)) else { continue };
        if tree.members(states).is_empty() {
            continue;
        }
        let own = scope.states.iter().filter_map(|it| machine.state(*it)).filter(|it| !it.broken);
        for target in scope.start_at.iter().chain(own.flat_map(|it| it.targets())) {
            if is_full(found) {
                return;
            }
            if machine.resolve(scope, &target.name).is_none() && !definition.is_substituted(target.node) {
                found.push(finding(machine, scope, target, found.len() < MAX_WITH_FIX));
            }
        }
    }
}

fn finding(machine: &Machine, scope: &Scope, target: &Target, suggest: bool) -> Diagnostic {
    let message = format!("Missing 'Next' target: {}", target.name);
    let diagnostic = RULE.error(target.range, message).at(target.key.as_str());
    let place = scope_word(machine, scope);
    let is_elsewhere = suggest && machine.states.iter().any(|it| it.name == target.name);
    if is_elsewhere {
        let hint = format!(
            "“{}” is in another branch or Map. Choose a state of {place}: transitions stay inside it",
            target.name
        );
        return diagnostic.hint(hint);
    }
    let names = || {
        let states = scope.states.iter().filter(|_| suggest).take(MAX_COMPARED);
        states.filter_map(|it| machine.state(*it)).map(|it| it.name.as_str())
    };
    let alike = names().find_map(|name| Some((name, likeness(&target.name, name)?)));
    if let Some((name, likeness)) = alike {
        let (hint, fix) = match likeness {
            Likeness::Case => {
                (format!("Did you mean “{name}”? Capital letters count"), format!("Change to “{name}”"))
            }
            Likeness::Spaces => (
                format!("Did you mean “{name}”? The two differ in spaces or in characters without width"),
                "Write it as the state is named".to_owned(),
            ),
            Likeness::Encoding => (
                format!(
                    "Did you mean “{name}”? The two look the same, but a letter with a mark is one \
                         character in one of them and two in the other"
                ),
                "Write it as the state is named".to_owned(),
            ),
        };
        return diagnostic.hint(hint).fix(fix, TextEdit::replace(target.range, quote(name)));
    }
    match nearest(&target.name, names()) {
        Some(name) => diagnostic
            .hint(format!("Did you mean “{name}”?"))
            .fix(format!("Change to “{name}”"), TextEdit::replace(target.range, quote(name))),
        None => diagnostic.hint(format!("No state “{}” in {place}. Add it, or choose another", target.name)),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::{check, check_fix};

    #[test]
    fn target_must_be_in_the_same_scope() {
        check(expect![[r#"
            {"StartAt":"P","States":{
              "P":{"Type":"Parallel","Next":"Done","Branches":[
                {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"Done"}}}]},
                                                                   ^^^^^^ unknown-target: Missing 'Next' target: Done
              "Done":{"Type":"Succeed"}}}
        "#]]);
    }

    #[test]
    fn every_way_to_go_is_looked_at() {
        check(expect![[r#"
            {"StartAt":"Nowhere","States":{
                       ^^^^^^^^^ unknown-target: Missing 'Next' target: Nowhere
              "A":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"X"}],"Default":"Y"},
                                                                                     ^^^ unknown-target: Missing 'Next' target: X
                                                                                                     ^^^ unknown-target: Missing 'Next' target: Y
              "B":{"Type":"Task","Resource":"${R}","Catch":[{"ErrorEquals":["States.ALL"],"Next":"Z"}],"End":true}}}
                                                                                                 ^^^ unknown-target: Missing 'Next' target: Z
        "#]]);
    }

    #[test]
    fn a_misspelled_name_is_mended() {
        check_fix(
            r#"{"StartAt":"Charge card","States":{"Charge card":{"Type":"Pass","Next":"Ship ordr"},"Ship order":{"Type":"Succeed"}}}"#,
            r#"{"StartAt":"Charge card","States":{"Charge card":{"Type":"Pass","Next":"Ship order"},"Ship order":{"Type":"Succeed"}}}"#,
        );
    }

    #[test]
    fn a_name_that_only_looks_right_is_explained() {
        for (written, hint) in [
            ("ship café", "Did you mean “Ship café”? Capital letters count"),
            (
                "Ship  café",
                "Did you mean “Ship café”? The two differ in spaces or in characters without width",
            ),
            (
                "Ship cafe\u{301}",
                "Did you mean “Ship café”? The two look the same, but a letter with a mark is one character \
                 in one of them and two in the other",
            ),
        ] {
            let with = |it: &str| {
                format!(
                    r#"{{"StartAt":"A","States":{{"A":{{"Type":"Pass","Next":"{it}"}},"Ship café":{{"Type":"Succeed"}}}}}}"#
                )
            };
            let document = crate::asl::Document::new(with(written), 0);
            let hints: Vec<&str> = document.diagnostics.iter().filter_map(|it| it.hint.as_deref()).collect();
            assert!(hints.contains(&hint), "{hints:?}");
            check_fix(&with(written), &with("Ship café"));
        }
    }
}
