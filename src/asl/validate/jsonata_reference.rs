//! An expression that reads what is not there: AWS gives expressions no input of their own, the
//! members of `$states` exist in some places only, and `$eval` not at all.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::validate::queries::Query;
use crate::asl::validate::{Definition, Rule, is_full};
use crate::expr::jsonata::VariableReference;

pub const RULE: Rule = Rule {
    name: "jsonata-reference",
    code: "UNSUPPORTED_JSONATA_EXPRESSION",
    help: "Expressions read $states and variables; they have no input of their own",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for query in &definition.queries {
        let Ok(parsed) = &query.parsed else { continue };
        let references = parsed.references();
        let tops = references.top_level.iter().map(|it| {
            let hint = match it.name.as_str() {
                "$" | "$$" => "Write “$states.input”".to_string(),
                "*" | "**" | "%" => format!("Write “$states.input.{}”", it.name),
                name => format!("Write “$states.input.{name}”, or “${name}” for a variable"),
            };
            (it.start, it.length, it.message(), Some(hint), false)
        });
        let reads = references.variables.iter().filter_map(|it| {
            let missing = missing(query, it)?;
            Some((it.start, it.length, missing.message, missing.hint, missing.is_warning))
        });
        for (start, length, message, hint, is_warning) in tops.chain(reads) {
            if is_full(found) {
                return;
            }
            let diagnostic = RULE.error(query.range(definition.tree, start, length), message);
            let diagnostic = Diagnostic { hint, ..diagnostic }.at(definition.pointer(query.node));
            found.push(if is_warning { diagnostic.warning() } else { diagnostic });
        }
    }
}

/// What a variable lacks.
struct Missing {
    message: String,
    hint: Option<String>,
    is_warning: bool,
}

fn missing(query: &Query, variable: &VariableReference) -> Option<Missing> {
    if variable.name == "eval" {
        let message = "Reference to '$eval' is not supported.".to_string();
        let hint = Some("To read JSON text, use “$parse”".to_string());
        return Some(Missing { message, hint, is_warning: false });
    }
    let member = variable.members.first().filter(|_| variable.name == "states")?.as_str();
    let (is_there, hint) = match member {
        "input" | "context" => (true, ""),
        "result" => (
            query.owner.has_result(query.field),
            "The result exists in the Output and Assign of a Task, Parallel or Map",
        ),
        "errorOutput" => (
            query.owner.has_error_output(query.field),
            "The error output exists in the Output and Assign of a catcher",
        ),
        _ => (false, "$states has the members input, result, errorOutput and context"),
    };
    let message = format!("Field '$states.{member}' does not exist.");
    // AWS was never seen judging members that exist nowhere.
    let is_warning = !matches!(member, "result" | "errorOutput");
    (!is_there).then(|| Missing { message, hint: Some(hint.to_string()), is_warning })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn the_input_has_no_name_of_its_own() {
        check(expect![[r#"
            {"StartAt":"A","QueryLanguage":"JSONata","States":{
              "A":{"Type":"Pass","Output":{"v":"{% phone %}","w":["{% $ %}","{% $$.a & $.b %}"]},"Next":"B"},
                                                   ^^^^^ jsonata-reference: Reference to 'phone' at the top level is not supported.
                                                                      ^ jsonata-reference: Reference to '$' at the top level is not supported.
                                                                                ^^ jsonata-reference: Reference to '$$' is not supported.
                                                                                       ^ jsonata-reference: Reference to '$' at the top level is not supported.
              "B":{"Type":"Pass","Output":"{% $states.input.\"a\"[b > 1 and $.c = $$.d] %}","Assign":{"x":"{% $map($states.input, function($i) { $i.a & b }) %}"},"Next":"C"},
                                                                                  ^^ jsonata-reference: Reference to '$$' is not supported.
                                                                                                                                                        ^ jsonata-reference: Reference to 'b' at the top level is not supported.
              "C":{"Type":"Choice","Choices":[{"Condition":"{% total > $limit %}","Next":"D"}]},
                                                               ^^^^^ jsonata-reference: Reference to 'total' at the top level is not supported.
              "D":{"Type":"Succeed","Output":"{% $states.input.items{name: $sum(price)} ~> |*|{'n': price}| %}"}}}
        "#]]);
    }

    #[test]
    fn members_of_states_exist_where_they_are_given() {
        check(expect![[r#"
            {"StartAt":"A","QueryLanguage":"JSONata","States":{
              "A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Next":"B",
                "Arguments":{"a":"{% $states.result.x %}","b":"{% $states.input & $states.context.State.Name %}"},
                                     ^^^^^^^^^^^^^^^^ jsonata-reference: Field '$states.result' does not exist.
                "Output":"{% $states.result & $states.errorOutput.Cause %}","Assign":{"r":"{% $states.result %}"},
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^ jsonata-reference: Field '$states.errorOutput' does not exist.
                "Catch":[{"ErrorEquals":["States.ALL"],"Next":"B","Output":"{% $states.errorOutput.Error & $states.result %}","Assign":{"e":"{% $states.errorOutput %}"}}]},
                                                                                                           ^^^^^^^^^^^^^^ jsonata-reference: Field '$states.result' does not exist.
              "B":{"Type":"Pass","Output":"{% $states.result %}","Assign":{"n":"{% $states.name %}"},"Next":"C"},
                                              ^^^^^^^^^^^^^^ jsonata-reference: Field '$states.result' does not exist.
                                                                                   ^^^^^^^^^^^^ warning jsonata-reference: Field '$states.name' does not exist.
              "C":{"Type":"Succeed","Output":"{% $eval('1') + ($states := {'result': 1}).result %}"}}}
                                                 ^^^^^ jsonata-reference: Reference to '$eval' is not supported.
        "#]]);
    }
}
