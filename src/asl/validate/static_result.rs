//! A path where none is read: in the `Result` of a Pass, which is taken as it stands, or in a
//! template field whose name lacks the `.$`.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::FieldType;
use crate::asl::validate::{Definition, Rule, is_full};
use crate::expr::Expression;
use crate::json::{NodeId, quote};
use crate::text::TextEdit;

pub const RULE: Rule = Rule {
    name: "path-not-read",
    code: "NO_DOLLAR",
    help: "Paths stand in fields whose names end in .$",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in definition.jsonpath_objects() {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            match row.field_type {
                FieldType::Json => check_result(definition, member.value, found),
                it if it.holds_template() => check_template(definition, member.value, found),
                _ => {}
            }
        }
    }
}

fn check_result(definition: &Definition, result: NodeId, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let mut pending = vec![result];
    while let Some(node) = pending.pop() {
        if is_full(found) {
            return;
        }
        pending.extend(tree.children(node));
        for member in tree.members(node).iter().filter(|it| it.name.ends_with(".$")) {
            let message = "The Result of a Pass is taken as it stands, so this path is not read";
            let diagnostic = RULE.error(member.key_range, message).hint("Use Parameters instead of Result");
            let diagnostic = diagnostic.at(definition.pointer(member.value)).warning();
            found.push(Diagnostic { code: "PASS_RESULT_IS_STATIC", ..diagnostic });
        }
    }
}

fn check_template(definition: &Definition, template: NodeId, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let mut pending = vec![template];
    while let Some(node) = pending.pop() {
        if is_full(found) {
            return;
        }
        pending.extend(tree.children(node));
        for member in tree.members(node).iter().filter(|it| !it.name.ends_with(".$")) {
            let Some(text) = tree.string(member.value) else { continue };
            let looks_like_path = ["$.", "$[", "$$.", "States."].iter().any(|it| text.starts_with(it));
            if !looks_like_path
                || definition.is_substituted(member.value)
                || Expression::parse(&text).is_err()
            {
                continue;
            }
            let message =
                format!("“{}” is passed on as text: the name of its field does not end in .$", text);
            let name = quote(&format!("{}.$", member.name));
            let diagnostic = RULE.error(member.key_range, message).at(definition.pointer(member.value));
            found.push(diagnostic.warning().fix("Add .$", TextEdit::replace(member.key_range, name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::{check, check_fix};

    #[test]
    fn paths_that_nobody_reads_are_told() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Result":{"a.$":"$.a"},"Next":"B"},
                                           ^^^^^ warning path-not-read: The Result of a Pass is taken as it stands, so this path is not read
              "B":{"Type":"Pass","Parameters":{"price":"$5","id":"$.id","now":"$$.State.EnteredTime","say":"States are nice"},"End":true}}}
                                                            ^^^^ warning path-not-read: “$.id” is passed on as text: the name of its field does not end in .$
                                                                        ^^^^^ warning path-not-read: “$$.State.EnteredTime” is passed on as text: the name of its field does not end in .$
        "#]]);
    }

    #[test]
    fn the_mark_is_added() {
        check_fix(
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"id":"$.id"},"End":true}}}"#,
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"id.$":"$.id"},"End":true}}}"#,
        );
    }
}
