//! The text is no JSON. AWS's parser stops at the first fault; ours goes on and lists them all.
//! The one message of that parser that was recorded is given in its words.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::validate::merge_conflict::is_mark;
use crate::asl::validate::{Definition, Rule};
use crate::json::SyntaxError;
use crate::text::LineIndex;

pub const RULE: Rule = Rule {
    name: "invalid-json",
    code: "INVALID_JSON_DESCRIPTION",
    help: "The definition is valid JSON",
    check,
};

/// How much of the text AWS's parser repeats in its message, in characters.
const MAX_SOURCE: usize = 500;

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    if tree.text().trim().is_empty() {
        let range = tree.range(tree.root());
        let diagnostic =
            RULE.error(range, "The definition is empty").hint("Start with “{”, or open a sample");
        found.push(Diagnostic { code: "MISSING_DESCRIPTION", ..diagnostic });
        return;
    }
    let errors = tree.errors().iter().filter(|it| !is_mark(tree, it));
    for (idx, error) in errors.enumerate() {
        let word = if idx == 0 { unrecognized_word(tree.text(), error) } else { None };
        found.push(match word {
            Some(word) => {
                let source = source(tree.text(), error.range.start + word.len());
                let message = format!(
                    "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token \
                     'null', 'true' or 'false')\n at {source}"
                );
                let mut diagnostic = RULE.error(error.range, message).hint(error.message.clone());
                diagnostic.location = Some(source);
                diagnostic
            }
            None => RULE.error(error.range, error.message.clone()),
        });
    }
}

/// The bare word that stands where a value should be.
fn unrecognized_word<'t>(text: &'t str, error: &SyntaxError) -> Option<&'t str> {
    let rest = text.get(error.range.start..)?;
    let word_end =
        rest.find(|it: char| !it.is_alphanumeric() && it != '_' && it != '$').unwrap_or(rest.len());
    let word = rest.get(..word_end)?;
    let is_value_place = error.expected.as_deref().is_none_or(|it| it == "a value");
    (is_value_place && word.starts_with(|it: char| it.is_alphabetic() || it == '_')).then_some(word)
}

/// Where AWS's parser stands when it has read so far, counted from 1.
fn source(text: &str, offset: usize) -> String {
    let place = LineIndex::new(text).line_column(offset);
    let quoted: String = text.chars().take(MAX_SOURCE).collect();
    let n_cut = text.chars().count().saturating_sub(MAX_SOURCE);
    let cut = if n_cut > 0 { format!("[truncated {n_cut} chars]") } else { String::new() };
    format!("[Source: (String)\"{quoted}\"{cut}; line: {}, column: {}]", place.line + 1, place.column + 1)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn a_bare_word_is_told_as_aws_tells_it() {
        check(expect![[r#"
            nonsense text
            ^^^^^^^^ invalid-json: Unrecognized token 'nonsense': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
                     ^^^^ invalid-json: Text after the end of the document
        "#]]);
    }

    #[test]
    fn broken_text_is_the_only_problem_of_its_state() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Next":"Gone", "Nope":1},
                                                ^^^^^^ unknown-field: Field 'Nope' is not supported
              "B":{"Type":"Pass","Next":,"End":true},
                                       ^ invalid-json: Expected a value after “Next”
              "C":{"Type":"Wait","Nope":1,"End":true}}}
              ^^^ exclusive-fields: One of 'Seconds', 'SecondsPath', 'Timestamp' and 'TimestampPath' is required but was missing
                                 ^^^^^^ unknown-field: Field 'Nope' is not supported
        "#]]);
    }

    #[test]
    fn an_empty_text_asks_for_a_beginning() {
        for text in ["", " \r\n\t"] {
            let document = crate::asl::Document::new(text, 0);
            let found: Vec<_> =
                document.diagnostics.iter().map(|it| (it.code, it.message.as_str())).collect();
            assert_eq!(found, [("MISSING_DESCRIPTION", "The definition is empty")]);
        }
    }

    #[test]
    fn the_place_is_that_of_the_parser_behind_the_word() {
        let document = crate::asl::Document::new("\n  nonsense text", 0);
        let first = &document.diagnostics[0];
        let source = "[Source: (String)\"\n  nonsense text\"; line: 2, column: 11]";
        assert_eq!(first.location.as_deref(), Some(source));
        assert!(first.message.ends_with(source));
    }
}
