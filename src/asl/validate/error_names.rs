//! The error names of retriers and catchers: `States.ALL` stands alone and last; a name that can
//! never be raised or caught is not meant.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::errors::ERRORS;
use crate::asl::fields::Owner;
use crate::asl::names::nearest;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};
use crate::json::{NodeId, quote};
use crate::text::TextEdit;

pub const RULE: Rule = Rule {
    name: "error-names",
    code: SCHEMA,
    help: "States.ALL stands alone in the last retrier or catcher, and every name can occur",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        if matches!(object.owner, Owner::Retrier | Owner::Catcher)
            && let Some(errors) = tree.get(object.node, "ErrorEquals")
        {
            check_wildcard(definition, object.node, errors, found);
            for name in tree.elements(errors) {
                check_name(definition, *name, found);
            }
        }
    }
}

fn check_wildcard(definition: &Definition, entry: NodeId, errors: NodeId, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let is_all = |it: &&NodeId| tree.string(**it).is_some_and(|it| it == "States.ALL");
    let Some(all) = tree.elements(errors).iter().find(is_all) else { return };
    let mut refuse = |message: &str, hint: &str| {
        let diagnostic = RULE.error(tree.range(*all), message).hint(hint);
        found.push(diagnostic.at(definition.pointer(errors)));
    };
    if tree.elements(errors).len() > 1 {
        refuse("'States.ALL' must appear alone in 'ErrorEquals'", "It stands for all the others already");
    }
    let list = tree.parent(entry).map_or(&[][..], |it| tree.elements(it));
    if list.last() != Some(&entry) {
        refuse("'States.ALL' must appear only in the last entry", "What comes after it would never be used");
    }
}

fn check_name(definition: &Definition, node: NodeId, found: &mut Vec<Diagnostic>) {
    let Some(name) = definition.tree.string(node) else { return };
    let range = definition.tree.range(node);
    let at = |diagnostic: Diagnostic| diagnostic.at(definition.pointer(node)).warning();
    match ERRORS.iter().find(|it| it.name == name) {
        Some(error) if !error.can_be_caught => {
            let message = format!("{name} is never retried and never caught");
            found.push(at(RULE
                .error(range, message)
                .hint("Remove it: such an error always ends the execution")));
        }
        Some(_) => {}
        None if name.starts_with("States.") || name.eq_ignore_ascii_case("state.all") => {
            let message = format!("There is no error “{name}”, so it never matches");
            let diagnostic = at(RULE.error(range, message));
            found.push(match nearest(&name, ERRORS.iter().map(|it| it.name)) {
                Some(near) => diagnostic
                    .hint(format!("Did you mean {near}?"))
                    .fix(format!("Change to {near}"), TextEdit::replace(range, quote(near))),
                None => diagnostic.hint("Names that begin with States. are those of Step Functions"),
            });
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::{check, check_fix};

    #[test]
    fn all_stands_alone_and_last() {
        check(expect![[r#"
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${R}","End":true,"Retry":[
              {"ErrorEquals":["States.ALL"]},
                              ^^^^^^^^^^^^ error-names: 'States.ALL' must appear only in the last entry
              {"ErrorEquals":["X","States.ALL"]}],
                                  ^^^^^^^^^^^^ error-names: 'States.ALL' must appear alone in 'ErrorEquals'
              "Catch":[{"ErrorEquals":["States.Runtime","Own.Error"],"Next":"A"}]}}}
                                       ^^^^^^^^^^^^^^^^ warning error-names: States.Runtime is never retried and never caught
        "#]]);
    }

    #[test]
    fn a_misspelled_name_is_mended() {
        check_fix(
            r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${R}","End":true,"Retry":[{"ErrorEquals":["State.ALL"]}]}}}"#,
            r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${R}","End":true,"Retry":[{"ErrorEquals":["States.ALL"]}]}}}"#,
        );
    }
}
