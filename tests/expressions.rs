//! What the editor knows of expressions: colors, completion and hover. A text with `‸` for the caret
//! goes in; words come out.

use stepglass::studio::{
    AnswerInput, Command, Completions, FieldDraft, OpenedFrom, PlayerCommand, Studio, Writing,
};
use stepglass::text::TextRange;

const MACHINE: &str = r#"{
  "StartAt": "A", "QueryLanguage": "JSONata",
  "States": {
    "A": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
      "Arguments": { "MessageBody": "{% $states.input.order.id %}", "QueueUrl": "q" },
      "Assign": { "order": "{% $states.input.order %}" },
      "Output": "{% $states.result %}",
      "Catch": [{ "ErrorEquals": ["States.ALL"], "Assign": { "why": "{% $states.errorOutput.Cause %}" }, "Next": "B" }],
      "Next": "B" },
    "B": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $order.items.price %}", "Next": "C" },
    "C": { "Type": "Choice", "Choices": [{ "Condition": "{% $order.id = 7 %}", "Next": "D" }], "Default": "D" },
    "D": { "Type": "Succeed", "Output": { "a": ["{% \"x\" %}"] } }
  }
}"#;

const INPUT: &str =
    r#"{"order":{"id":7,"card no":"x","items":[{"price":2.5,"sku":"a"},{"price":3,"extra":1}]}}"#;

const PATHS: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "InputPath": "$.order", "Parameters": { "id.$": "$.id", "all.$": "States.Array($.id, $.items[0].price)" },
      "ResultPath": "$.made", "Assign": { "id.$": "$.id" }, "Next": "C" },
    "C": { "Type": "Choice", "Choices": [{ "Not": { "Variable": "$.order.id", "NumericEqualsPath": "$id" }, "Next": "D" }], "Default": "D" },
    "D": { "Type": "Succeed", "OutputPath": "$.made" }
  }
}"#;

fn opened(text: &str) -> Studio {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "a.asl.json".into(), text: text.into(), from: OpenedFrom::Paste });
    studio.dispatch(Command::SetInput { json: INPUT.into() });
    studio
}

/// Runs the machine to its end; a call is answered.
fn run(text: &str) -> Studio {
    let mut studio = opened(text);
    studio.dispatch(Command::Run);
    if studio.player_view().question.is_some() {
        let answer = AnswerInput::Succeed(r#"{"MessageId":"m1","list":[1]}"#.into());
        studio.dispatch(Command::Answer { answer });
    }
    studio.dispatch(Command::Player(PlayerCommand::Last));
    studio
}

/// Puts `new` in the place of `old`, as if it were typed, and gives where the caret `‸` is then.
fn typed(studio: &mut Studio, old: &str, new: &str) -> usize {
    let text = studio.document_view().text.clone();
    let at = text.find(old).unwrap_or_else(|| panic!("no {old}"));
    let caret = new.find('‸').expect("a caret");
    let range = TextRange::new(at, at + old.len());
    let edit = stepglass::text::TextEdit::replace(range, new.replace('‸', ""));
    studio.dispatch(Command::Type { edit, at_millis: 0 });
    at + caret
}

fn told(found: &Option<Completions>) -> String {
    let items = found.iter().flat_map(|it| &it.items);
    let words: Vec<String> =
        items
            .map(|it| {
                if it.detail.is_empty() {
                    it.insert.clone()
                } else {
                    format!("{} = {}", it.insert, it.detail)
                }
            })
            .collect();
    words.join(" | ")
}

/// What is offered at the caret after typing; at most the first five.
#[track_caller]
fn check(studio: &Studio, old: &str, new: &str, expected: &str) {
    let mut copy = clone_of(studio);
    let at = typed(&mut copy, old, new);
    let mut found = copy.complete(Writing::InDocument, at, false);
    if let Some(found) = &mut found {
        found.items.truncate(5);
        let text = copy.document_view().text.clone();
        assert!(found.range.end == at && text.is_char_boundary(found.range.start), "{:?}", found.range);
    }
    assert_eq!(told(&found), expected, "{new}");
}

/// A studio in the same condition: the same text, run again.
fn clone_of(studio: &Studio) -> Studio {
    let text = studio.document_view().text.to_string();
    if studio.player_view().run { run(&text) } else { opened(&text) }
}

#[test]
fn members_of_states_are_those_of_the_field() {
    let studio = opened(MACHINE);
    check(&studio, "{% $states.result %}", "{% $states.‸ %}", "input = 1 key | result | context = 2 keys");
    check(
        &studio,
        "{% $states.errorOutput.Cause %}",
        "{% $states.‸ %}",
        "input = 1 key | errorOutput | context = 2 keys",
    );
    check(&studio, "{% $order.items.price %}", "{% $states.‸ %}", "input | context = 2 keys");
    check(&studio, "{% $states.input.order.id %}", "{% $states.re‸ %}", "");
}

#[test]
fn data_of_the_run_completes_paths() {
    let studio = run(MACHINE);
    check(&studio, "input.order.id %}", "input.‸ %}", "order = 3 keys");
    check(&studio, "input.order.id %}", "input.order.‸ %}", "id = 7 | `card no` = \"x\" | items = 2 items");
    check(&studio, "input.order.id %}", "input.order.items.‸ %}", "price = 2.5 | sku = \"a\" | extra = 1");
    check(&studio, "input.order.id %}", "input.order.items[0].‸ %}", "price = 2.5 | sku = \"a\"");
    check(&studio, "$states.result %}", "$states.result.‸ %}", "MessageId = \"m1\" | list = 1 item");
    check(&studio, "$order.items.price %}", "$order.it‸ %}", "items = 2 items");
    check(&studio, "$order.items.price %}", "$order.items[pr‸ %}", "price = 2.5 | $spread() = (object)");
    check(
        &studio,
        "$order.items.price %}",
        "$sum($order.items.(pr‸ %}",
        "price = 2.5 | $spread() = (object)",
    );
    check(&studio, "$order.items.price %}", "$order.items.{'a': sk‸} %}", "sku = \"a\"");
    check(
        &studio,
        "$order.items.price %}",
        "$map($order.items, function($i) { $i.‸ }) %}",
        "price = 2.5 | sku = \"a\"",
    );
    check(&studio, "$order.items.price %}", "($o := $order; $o.it‸) %}", "items = 2 items");
    check(&studio, "$order.items.price %}", "$order.items^(pr‸) %}", "price = 2.5 | $spread() = (object)");
}

#[test]
fn the_context_object_is_known() {
    let studio = run(MACHINE);
    check(
        &studio,
        "$order.items.price %}",
        "$states.context.‸ %}",
        "Execution = 1 key | State = 1 key | StateMachine | Task | Map",
    );
    check(&studio, "$order.items.price %}", "$states.context.Map.Item.‸ %}", "Index | Value | Key | Source");
    check(
        &studio,
        "$order.items.price %}",
        "$states.context.Execution.Input.order.i‸ %}",
        "id = 7 | items = 2 items",
    );
}

#[test]
fn functions_and_variables_begin_with_a_dollar() {
    let studio = run(MACHINE);
    check(
        &studio,
        "$order.items.price %}",
        "$su‸ %}",
        "$sum() = (array) | $substring() = (str, start[, length]) | $substringBefore() = (str, chars) | $substringAfter() = (str, chars)",
    );
    check(&studio, "$order.items.price %}", "$sum‸($order) %}", "");
    check(&studio, "$order.items.price %}", "$roun‸(1) %}", "$round = (number[, precision])");
    check(&studio, "$order.items.price %}", "$o‸ %}", "$order = 3 keys");
    check(&studio, "$order.items.price %}", "$why & function($where) { $whe‸ } %}", "$where");
    check(&studio, "$order.items.price %}", "$ev‸ %}", "$reverse() = (array)");
    check(
        &studio,
        "$order.items.price %}",
        "($total := 1; $to‸",
        "$total | $toMillis() = (timestamp[, picture])",
    );
}

#[test]
fn nothing_is_offered_in_texts_comments_and_other_fields() {
    let studio = run(MACHINE);
    check(&studio, "$order.items.price %}", "'a $s‸' %}", "");
    check(&studio, "$order.items.price %}", "/* $s‸ */ 1 %}", "");
    check(&studio, "$order.items.price %}", "1 + 2‸ %}", "");
    check(&studio, "{% $order.items.price %}", "$su‸", "");
    check(&studio, "\"Pass\"", "\"Pa‸ss\"", "");
    check(&studio, "{% $order.items.price %}", "‸{% $order %}", "");
}

#[test]
fn names_are_spelled_as_the_text_needs_them() {
    let studio = run(&MACHINE.replace("card no", "a"));
    check(
        &studio,
        r#""{% \"x\" %}""#,
        r#""{% \"é\" & $su‸ %}""#,
        "$sum() = (array) | $substring() = (str, start[, length]) | $substringBefore() = (str, chars) | $substringAfter() = (str, chars)",
    );
}

#[test]
fn paths_know_the_data_of_their_own_field() {
    let studio = run(PATHS);
    check(&studio, "\"$.order\"", "\"$.‸\"", "order = 3 keys");
    check(&studio, "\"$.id\", \"all", "\"$.i‸\", \"all", "id = 7 | items = 2 items");
    check(&studio, "$.items[0].price", "$.items[0].p‸", "price = 2.5");
    check(&studio, "$.items[0].price", "$.items[?(@.pr‸", "price = 2.5");
    check(&studio, "\"$.id\", \"all", "\"$.‸\", \"all", ".id = 7 | ['card no'] = \"x\" | .items = 2 items");
    check(&studio, "\"$.made\", \"Assign", "\"$.o‸\", \"Assign", "order = 3 keys");
    check(&studio, "\"$.order.id\"", "\"$.order.‸\"", ".id = 7 | ['card no'] = \"x\" | .items = 2 items");
    check(&studio, "\"$id\"", "\"$i‸\"", "$id = 7");
    check(&studio, "\"$.order\"", "\"$$.Execution.I‸\"", "Input = 1 key | Id");
}

#[test]
fn calls_are_offered_where_they_can_stand() {
    let studio = run(PATHS);
    check(&studio, "States.Array($.id,", "States.ArrayL‸($.id,", "States.ArrayLength = (array)");
    check(&studio, "\"$.id\", \"all", "\"States.UU‸\", \"all", "States.UUID() = ()");
    check(&studio, "\"$.order\"", "\"States.UU‸\"", "");
}

#[test]
fn a_draft_of_a_field_is_completed_like_the_text() {
    let studio = run(MACHINE);
    let check = |is_json: bool, owner: &str, name: &str, draft: &str, expected: &str| {
        let at = draft.find('‸').expect("a caret");
        let text = draft.replace('‸', "");
        let draft = FieldDraft { owner: owner.into(), name: name.into(), text, is_json };
        let found = studio.complete(Writing::InField(&draft), at, false);
        assert_eq!(told(&found), expected, "{}", draft.text);
        assert!(found.is_none_or(|it| it.range.end == at));
    };
    check(true, "/States/B", "Output", r#""{% $order.i‸ %}""#, "id = 7 | items = 2 items");
    check(true, "/States/B", "Output", r#"{"a": ["{% $order.i‸ %}""#, "id = 7 | items = 2 items");
    check(false, "/States/C/Choices/0", "Condition", "{% $order.i‸ %}", "id = 7 | items = 2 items");
    check(false, "/States/C/Choices/0", "Condition", "$order.i‸", "");
    check(false, "/States/Nowhere", "Condition", "{% $order.i‸ %}", "");
    let paths = run(PATHS);
    let draft = FieldDraft {
        owner: "/States/D".into(),
        name: "OutputPath".into(),
        text: "$.ma".into(),
        is_json: false,
    };
    assert_eq!(told(&paths.complete(Writing::InField(&draft), 4, false)), "made = 2 keys");
}

/// Title, help and value of the word at the caret.
#[track_caller]
fn check_hover(studio: &Studio, old: &str, new: &str, expected: &str) {
    let mut copy = clone_of(studio);
    let at = typed(&mut copy, old, new);
    let found = copy.hover(Writing::InDocument, at).map(|it| {
        let value = it.value.map(|it| format!(" = {it}")).unwrap_or_default();
        format!("{}: {}{value}", it.title, it.help)
    });
    assert_eq!(found.unwrap_or_default(), expected, "{new}");
}

#[test]
fn words_say_what_they_mean_and_what_they_gave() {
    let studio = run(MACHINE);
    let here = "$order.items.price %}";
    check_hover(
        &studio,
        here,
        "$r‸ound(1.5) %}",
        "$round(number[, precision]): A number rounded to so many decimal places, halves to the even digit",
    );
    check_hover(&studio, here, "$ord‸er.id %}", "$order:  = 3 keys");
    check_hover(&studio, here, "$order.i‸d %}", "$order.id:  = 7");
    check_hover(
        &studio,
        here,
        "$order.items.(pr‸ice * 2) %}",
        "$order.items.price:  = 2.5 the first of 2 times",
    );
    check_hover(&studio, here, "$order.id ‸+ 1 %}", "$order.id + 1:  = 8");
    check_hover(&studio, here, "$order.i‸d + %}", "$order.id:  = 7");
    check_hover(
        &studio,
        here,
        "$states.context.Execution.Na‸me & 'x' %}",
        "$states.context.Execution.Name: The name of the execution = nothing",
    );
    check_hover(
        &studio,
        "{% $states.result %}",
        "{% $states.res‸ult %}",
        "$states.result: What the call, the branches or the iterations gave = 2 keys",
    );
    check_hover(&studio, "\"Pass\"", "\"Pa‸ss\"", "");
    let paths = run(PATHS);
    check_hover(&paths, "\"$.id\", \"all", "\"$.i‸d\", \"all", "$.id:  = 7");
    check_hover(
        &paths,
        "States.Array(",
        "States.Ar‸ray(",
        "States.Array(value, …): Gathers its arguments in an array; States.Array('a', 2, true) gives [\"a\",2,true]",
    );
    check_hover(&paths, "$.items[0].price", "$.it‸ems[0].price", "$.items:  = 2 items");
    check_hover(&paths, "$.items[0].price", "$.items[0].pri‸ce", "$.items[0].price:  = 2.5");
}

/// The colored words of all of a text.
#[track_caller]
fn check_words(text: &str, expected: &str) {
    let studio = opened(text);
    let words = studio.expression_words(TextRange::new(0, text.len()));
    let told: Vec<String> =
        words.iter().map(|it| format!("{:?}:{}", it.class, it.range.slice(text))).collect();
    assert_eq!(told.join(" "), expected);
}

#[test]
fn words_of_expressions_have_their_place_in_the_text() {
    check_words(
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","Comment":"{% 1 %}","Output":{"a":"{% $sum($states.input.\"b\") %}","b":"$x"}}}}"#,
        r#"Mark:{% Function:$sum Operator:( Variable:$states Operator:. Name:input Operator:. Text:\"b\" Operator:) Mark:%}"#,
    );
    check_words(
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$.a-b['c'][0]","Parameters":{"x.$":"States.Format('{}', $$.Execution.Id, $v)","y":"$.z"}}}}"#,
        "Variable:$ Operator:. Name:a-b Operator:[ Text:'c' Operator:] Operator:[ Value:0 Operator:] \
         Function:States.Format Operator:( Text:'{}' Operator:, Variable:$$ Operator:. Name:Execution Operator:. Name:Id \
         Operator:, Variable:$v Operator:)",
    );
    check_words(
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $a.b"#,
        "Mark:{% Variable:$a Operator:. Name:b",
    );
}

#[test]
fn faults_of_a_draft_are_told_with_their_place() {
    let studio = opened(MACHINE);
    let fault = |json: &str| {
        let (owner, field) = ("/States/B".to_string(), "Output".to_string());
        studio.fault_after(&Command::SetField { owner, field, json: json.to_string() })
    };
    assert_eq!(fault("\"{% $order %}\""), None);
    assert_eq!(fault("{\"a\": 5}"), None);
    assert_eq!(fault("\"{% $order. %}\"").as_deref(), Some("Unexpected end of expression, at “%}”"));
    assert_eq!(
        fault("{\"a\": [\"{% order %}\"]}").as_deref(),
        Some(
            "Reference to 'order' at the top level is not supported: Write “$states.input.order”, or “$order” for a variable, at “order”"
        )
    );
}

#[test]
fn hostile_texts_are_survived() {
    let deep = "(".repeat(5_000);
    let long = "$a.b[c].(d).{'e': f}^(g)#$h@$i~>".repeat(300);
    let names = "$a ".repeat(5_000);
    for inner in
        [deep.as_str(), long.as_str(), names.as_str(), "\u{0}", "\\\\\\u12", "é‸", "'", "/", "`", "$$$$.."]
    {
        let text = format!(
            r#"{{"StartAt":"A","QueryLanguage":"JSONata","States":{{"A":{{"Type":"Pass","Output":"{{% {inner} %}}","End":true}}}}}}"#
        );
        let studio = opened(&text);
        studio.expression_words(TextRange::new(0, text.len()));
        let end = text.find(" %}").unwrap_or(text.len());
        for at in [0, end - 1, end, end + 1, end + 4, text.len(), text.len() + 9] {
            studio.complete(Writing::InDocument, at, true);
            studio.hover(Writing::InDocument, at);
        }
        let draft = FieldDraft {
            owner: "/States/A".into(),
            name: "Output".into(),
            text: text.clone(),
            is_json: true,
        };
        studio.complete(Writing::InField(&draft), text.len() / 2, true);
    }
}
