//! An expression that cannot be read.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::validate::{Definition, Rule, is_full};

pub const RULE: Rule = Rule {
    name: "jsonata-syntax",
    code: "INVALID_JSONATA_EXPRESSION",
    help: "What stands between {% and %} is a JSONata expression",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for query in &definition.queries {
        if is_full(found) {
            return;
        }
        let Err(error) = &query.parsed else { continue };
        let range = query.range(definition.tree, error.start, error.length);
        // AWS gives the parser's sentence without its code.
        found.push(RULE.error(range, error.message.as_str()).at(definition.pointer(query.node)));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn faults_stand_at_their_place_inside_of_the_string() {
        check(expect![[r#"
            {"StartAt":"A","QueryLanguage":"JSONata","States":{
              "A":{"Type":"Pass","Output":{"a":"{% 1 + %}","b":["{% [1,2) %}"],"c":"{% 'x %}"},"Next":"B"},
                                                       ^^ jsonata-syntax: Unexpected end of expression
                                                                        ^ jsonata-syntax: Expected "]", got ")"
                                                                                       ^^^ jsonata-syntax: String literal must be terminated by a matching quote
              "B":{"Type":"Pass","Assign":{"x":"{% \"é\" & \n & 2 %}"},"Output":"{%%}","Next":"C"},
                                                              ^ jsonata-syntax: "&" needs something on its left
                                                                                   ^^ jsonata-syntax: Unexpected end of expression
              "C":{"Type":"Wait","Seconds":"{% $sum( %}","Next":"D"},
                                                     ^^ jsonata-syntax: Expected ")" before end of expression
              "D":{"Type":"Fail","Error":"{% 1 ?: 2 %}","Cause":"{% ${Cause} %}"}}}
                                                ^ jsonata-syntax: ":" needs something on its left
        "#]]);
    }

    #[test]
    fn jsonpath_states_hold_no_expressions() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Result":"{% 1 + %}","Next":"B"},
              "B":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input{a: $sum(b)} %}","End":true}}}
        "#]]);
    }
}
