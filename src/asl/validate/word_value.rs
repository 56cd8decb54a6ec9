//! A field that takes one of a few words has another one: `Type`, `QueryLanguage`, `Mode`, …

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::FieldType;
use crate::asl::machine::{StateKind, StateType};
use crate::asl::names::nearest;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};
use crate::json::{NodeId, NodeKind, quote};
use crate::text::TextEdit;

pub const RULE: Rule =
    Rule { name: "word-value", code: SCHEMA, help: "Fields that take a word have one of their words", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            if let FieldType::Word(words) = row.field_type {
                check_word(definition, row.name, member.value, words, found);
            }
        }
    }
    // A state without a known type has no rows, so its type is looked at here.
    let types: Vec<&str> = StateType::ALL.iter().map(|it| it.as_str()).collect();
    for (_, state) in definition.intact_states() {
        if let (StateKind::Unknown { .. }, Some(node)) =
            (&state.kind, definition.tree.get(state.node, "Type"))
        {
            check_word(definition, "Type", node, &types, found);
        }
    }
}

fn check_word(
    definition: &Definition,
    name: &str,
    node: NodeId,
    words: &[&str],
    found: &mut Vec<Diagnostic>,
) {
    let Some(text) = definition.tree.string(node) else {
        if name == "Type" && definition.tree.kind(node) != NodeKind::Placeholder {
            let range = definition.tree.range(node);
            found.push(RULE.error(range, sentence(name, words)).at(definition.pointer(node)));
        }
        return;
    };
    if words.contains(&&*text) || definition.is_substituted(node) {
        return;
    }
    let range = definition.tree.range(node);
    let diagnostic = RULE.error(range, sentence(name, words)).at(definition.pointer(node));
    found.push(match nearest(&text, words.iter().copied()) {
        Some(word) => diagnostic
            .hint(format!("Did you mean {word}?"))
            .fix(format!("Change to {word}"), TextEdit::replace(range, quote(word))),
        None => diagnostic,
    });
}

fn sentence(name: &str, words: &[&str]) -> String {
    format!("The field '{name}' should have one of these values: [{}]", words.join(", "))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::{check, check_fix};

    #[test]
    fn only_the_words_of_the_language_count() {
        check(expect![[r#"
            {"StartAt":"A","Version":"2","States":{
                                     ^^^ word-value: The field 'Version' should have one of these values: [1.0]
              "A":{"Type":"task","Next":"B"},
                          ^^^^^^ word-value: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]
              "B":{"Type":7,"Next":"C"},
                          ^ word-value: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]
              "C":{"Type":"Parallel","QueryLanguage":"Python","Branches":[{"StartAt":"D","States":{"D":{"Type":"Succeed"}}}],"Retry":[{"ErrorEquals":["X"],"JitterStrategy":"HALF"}],"End":true}}}
                                                     ^^^^^^^^ word-value: The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]
                                                                                                                                                                            ^^^^^^ word-value: The field 'JitterStrategy' should have one of these values: [NONE, FULL]
        "#]]);
        check_fix(
            r#"{"StartAt":"A","States":{"A":{"Type":"succed"}}}"#,
            r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#,
        );
    }
}
