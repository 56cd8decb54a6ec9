//! The form of a state: what it shows, what it offers, and that changing it through the form
//! changes the text.

use stepglass::asl::StatePath;
use stepglass::studio::{
    Command, ConditionChange, ConditionView, Control, FieldDraft, FieldView, InspectorView, OpenedFrom,
    Studio,
};

const TEXT: &str = r#"{
  "StartAt": "Pay",
  "States": {
    "Pay": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": { "a.$": "$.a" },
      "ResultPath": null,
      "Output": "{% 1 %}",
      "Retry": [
        { "ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 4, "BackoffRate": 3, "MaxDelaySeconds": 10 }
      ],
      "Catch": [{ "ErrorEquals": ["Card.Declined"], "Next": "Pick" }],
      "TimeoutSeconds": 6.0e1,
      "Next": "Pick"
    },
    "Pick": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.n", "NumericGreaterThan": 5, "Next": "Pay" },
        { "And": [{ "Variable": "$.n", "IsPresent": true }], "Next": "Done" }
      ]
    },
    "Done": { "Type": "Succeed" },
    "Odd": { "Type": "Tusk" }
  }
}
"#;

fn opened() -> Studio {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "t".into(), text: TEXT.into(), from: OpenedFrom::File });
    studio
}

fn form(name: &str) -> InspectorView {
    let mut studio = opened();
    studio.dispatch(Command::Select { state: Some(StatePath::new(format!("/States/{name}"))) });
    (*studio.inspector_view()).clone()
}

/// The fields as “Group: name name”.
#[track_caller]
fn check(name: &str, expected: &[&str]) {
    let told: Vec<String> = form(name)
        .groups
        .iter()
        .map(|it| {
            let names: Vec<&str> = it.fields.iter().map(|it| it.name.as_str()).collect();
            format!("{} ({}): {}", it.title, it.summary, names.join(" "))
        })
        .collect();
    assert_eq!(told, expected);
}

fn field(name: &str, field: &str) -> FieldView {
    let view = form(name);
    let fields = view.groups.into_iter().flat_map(|it| it.fields);
    fields.into_iter().find(|it| it.name == field).unwrap_or_else(|| panic!("no {field} in {name}"))
}

#[test]
fn what_is_set_or_required_is_shown_in_its_group() {
    check(
        "Pay",
        &[
            "Configuration (4 fields set): Name Type Resource Next Output",
            "Input (1 field set): Parameters",
            "Output (1 field set): ResultPath",
            "Error handling (1 retrier, 1 catcher, 1 field set): TimeoutSeconds Retry Catch",
            "Definition (13 lines): Definition",
        ],
    );
    check(
        "Pick",
        &[
            "Configuration (2 rules, 1 field set): Name Type Choices Default",
            "Definition (7 lines): Definition",
        ],
    );
    check("Done", &["Configuration (1 field set): Name Type", "Definition (1 line): Definition"]);
    check("Odd", &["Configuration (1 field set): Name Type", "Definition (1 line): Definition"]);
}

#[test]
fn values_keep_their_spelling() {
    assert_eq!(field("Pay", "TimeoutSeconds").control, Control::Number("6.0e1".into()));
    assert_eq!(field("Pay", "ResultPath").control, Control::Path { text: String::new(), null: true });
    assert_eq!(field("Pay", "Parameters").control, Control::Json("{ \"a.$\": \"$.a\" }".into()));
    assert!(field("Odd", "Type").present);
    let Control::Resource { words, .. } = field("Pay", "Resource").control else { panic!() };
    assert_eq!(words, "SQS · send message · waits for the token");
}

/// The menus for a resource: label, and the words of what is chosen with the number of choices.
#[track_caller]
fn check_picks(resource: &str, expected: &[&str]) {
    let text = TEXT.replace("arn:aws:states:::sqs:sendMessage.waitForTaskToken", resource);
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "t".into(), text, from: OpenedFrom::File });
    studio.dispatch(Command::Select { state: Some(StatePath::new("/States/Pay")) });
    let view = studio.inspector_view();
    let field = view.groups.iter().flat_map(|it| &it.fields).find(|it| it.name == "Resource").unwrap();
    let Control::Resource { picks, .. } = &field.control else { panic!() };
    let told: Vec<String> = picks
        .iter()
        .map(|pick| {
            let chosen: Vec<&str> =
                pick.options.iter().filter(|it| it.0 == pick.chosen).map(|it| it.1.as_str()).collect();
            assert!(pick.options.iter().all(|it| !it.0.is_empty()));
            format!("{}: {}", pick.label, chosen.join(" and "))
        })
        .collect();
    assert_eq!(told, expected, "{resource}");
}

#[test]
fn a_call_is_chosen_by_service_action_and_integration_type() {
    check_picks(
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        &[
            "Service: SQS",
            "Action: Send message (sendMessage)",
            "Integration type: Wait for callback (.waitForTaskToken)",
        ],
    );
    check_picks("arn:aws:states:::dynamodb:getItem", &["Service: DynamoDB", "Action: Get item (getItem)"]);
    check_picks(
        "arn:aws-cn:states:::aws-sdk:iam:listRoles",
        &["Service: IAM · list roles", "Integration type: Request response"],
    );
    check_picks(
        "arn:aws:lambda:eu-west-1:111111111111:function:charge",
        &["Service: A Lambda function by its ARN"],
    );
    check_picks("${Anything}", &["Service: Lambda · Anything"]);
}

#[test]
fn the_way_out_is_one_control() {
    let Control::Target { value, ends, states, can_end } = field("Pay", "Next").control else { panic!() };
    assert_eq!((value.as_str(), ends, can_end), ("Pick", false, true));
    assert_eq!(states, ["Pay", "Pick", "Done", "Odd"]);
}

#[test]
fn retries_say_when_each_attempt_starts() {
    let Control::Items { items, .. } = field("Pay", "Retry").control else { panic!() };
    // 2, then 6, then 10 instead of 18, then 10: each counted from the failure before.
    let retry = items[0].retry.clone().unwrap();
    assert_eq!(retry.attempts_at_secs, [2.0, 8.0, 18.0, 28.0]);
    assert_eq!((retry.capped_from, retry.jitter, retry.goes_on), (Some(2), false, false));
    assert_eq!(retry.ends, "then the state fails", "the only catcher is for another error");
    assert_eq!(items[0].summary, "Busy: 4× after 2 s, ×3, at most 10 s");
    let Control::Items { items, example, .. } = field("Pay", "Catch").control else { panic!() };
    assert_eq!(items[0].summary, "Card.Declined → Pick");
    assert_eq!(example, r#"{"ErrorEquals":["States.ALL"],"Next":"Odd"}"#, "a state that is there");
}

/// The lines of a rule's condition: depth, operator and the names of its fields.
fn lines(studio: &Studio, idx: usize) -> Vec<String> {
    let view = studio.inspector_view();
    let fields = view.groups.iter().flat_map(|it| &it.fields);
    let Control::Items { items, .. } = &fields.clone().find(|it| it.name == "Choices").unwrap().control
    else {
        panic!()
    };
    let Control::Conditions(lines) = &items[idx].fields[0].control else {
        panic!("{:?}", items[idx].fields[0])
    };
    let names = |it: &ConditionView| it.fields.iter().map(|it| it.name.clone()).collect::<Vec<_>>().join(" ");
    lines.iter().map(|it| format!("{} {}: {}", it.depth, it.operator, names(it))).collect()
}

#[test]
fn a_rule_is_its_condition_line_by_line_and_then_where_it_leads() {
    let Control::Items { items, .. } = field("Pick", "Choices").control else { panic!() };
    assert_eq!(items[0].summary, "n > 5 → Pay");
    let names = |idx: usize| items[idx].fields.iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names(0), ["Test", "Next"]);
    assert_eq!(items[0].pointer, "/States/Pick/Choices/0");
    let mut studio = opened();
    studio.dispatch(Command::Select { state: Some(StatePath::new("/States/Pick")) });
    assert_eq!(lines(&studio, 0), ["0 NumericGreaterThan: Variable NumericGreaterThan"]);
    assert_eq!(lines(&studio, 1), ["0 And: ", "1 IsPresent: Variable IsPresent"]);
}

#[test]
fn a_condition_is_built_step_by_step_and_undone_step_by_step() {
    let mut studio = opened();
    studio.dispatch(Command::Select { state: Some(StatePath::new("/States/Pick")) });
    let owner = |place: &str| format!("/States/Pick/Choices/0{place}");
    let mut texts = vec![studio.document_view().text.clone()];
    for (place, change) in [
        ("", ConditionChange::Add("And".into())),
        ("/And/1", ConditionChange::Operator("BooleanEquals".into())),
        ("/And/1", ConditionChange::Add("Or".into())),
        ("/And/1/Or/1", ConditionChange::Wrap("Not".into())),
        ("/And/1", ConditionChange::Duplicate),
        ("/And/0", ConditionChange::Remove),
        ("/And/0", ConditionChange::Remove),
    ] {
        let command = Command::ChangeCondition { owner: owner(place), change };
        assert_eq!(studio.can(&command), Ok(()), "{command:?}");
        studio.dispatch(command);
        texts.push(studio.document_view().text.clone());
    }
    assert_eq!(
        lines(&studio, 0),
        ["0 Or: ", "1 BooleanEquals: Variable BooleanEquals", "1 Not: ", "2 IsPresent: Variable IsPresent"]
    );
    assert_eq!(studio.problems_view().n_errors, opened().problems_view().n_errors);
    for text in texts.iter().rev().skip(1) {
        studio.dispatch(Command::Undo);
        assert_eq!(studio.document_view().text, *text);
    }
}

#[test]
fn deep_conditions_are_shown_as_they_stand() {
    let rule =
        format!("{}{}{}", r#"{"Not":"#.repeat(600), r#"{"Variable":"$.a","IsNull":true}"#, "}".repeat(600));
    let text = format!(r#"{{"StartAt":"C","States":{{"C":{{"Type":"Choice","Choices":[{rule}]}}}}}}"#);
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "t".into(), text, from: OpenedFrom::File });
    studio.dispatch(Command::Select { state: Some(StatePath::new("/States/C")) });
    let lines = lines(&studio, 0);
    assert_eq!(lines.len(), 9);
    assert_eq!(lines[8], "8 Not: Not", "the rest is one JSON field");
}

/// Sends what must be possible, and gives the new text.
#[track_caller]
fn after(text: &str, command: Command) -> String {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "t".into(), text: text.into(), from: OpenedFrom::File });
    assert_eq!(studio.can(&command), Ok(()));
    studio.dispatch(command);
    let changed = studio.document_view().text.to_string();
    studio.dispatch(Command::Undo);
    assert_eq!(&*studio.document_view().text, text);
    changed
}

#[test]
fn the_definition_of_a_state_is_changed_where_it_differs() {
    let Control::Definition(json) = field("Pick", "Definition").control else { panic!() };
    assert!(json.starts_with("{\n  \"Type\": \"Choice\""), "at the left margin: {json}");
    let owner = "/States/Pick".to_string();
    let changed = after(TEXT, Command::SetText { owner: owner.clone(), json: json.replace("5,", "50,") });
    assert_eq!(changed, TEXT.replace("\"NumericGreaterThan\": 5,", "\"NumericGreaterThan\": 50,"));
    for wrong in ["{ \"Type\": ", "[]", "", "{} {}"] {
        let refused = opened().can(&Command::SetText { owner: owner.clone(), json: wrong.into() });
        assert!(refused.is_err(), "{wrong}");
    }
}

#[test]
fn a_copy_of_a_rule_is_the_same_to_the_byte() {
    let rule = r#"{ "Variable": "$.n", "NumericGreaterThan": 5, "Next": "Pay" }"#;
    let twice = TEXT.replace(rule, &format!("{rule},\n        {rule}"));
    assert_eq!(after(TEXT, Command::DuplicateItem { owner: "/States/Pick/Choices".into(), idx: 0 }), twice);
}

#[test]
fn what_a_state_of_this_type_cannot_end_with_is_shown() {
    let mut studio = opened();
    let set = |name: &str, json: &str| Command::SetField {
        owner: "/States/Done".into(),
        field: name.into(),
        json: json.into(),
    };
    studio.dispatch(set("End", "true"));
    studio.dispatch(Command::Select { state: Some(StatePath::new("/States/Done")) });
    let view = studio.inspector_view();
    let end = view.groups[0].fields.iter().find(|it| it.name == "End").unwrap();
    assert_eq!(end.label, "Not a field of this state");
}

#[test]
fn the_type_of_the_machine_decides_what_it_may_call_and_is_kept() {
    use stepglass::asl::MachineType::{Express, Standard};
    let mut studio = opened();
    let problems =
        |it: &Studio| it.problems_view().problems.iter().filter(|it| it.message.contains("Express")).count();
    let shown = |it: &Studio| it.inspector_view().groups[0].fields[0].control.clone();
    assert_eq!((problems(&studio), shown(&studio)), (0, Control::MachineType(Standard)));
    studio.dispatch(Command::SetMachineType(Express));
    assert_eq!((problems(&studio), shown(&studio)), (1, Control::MachineType(Express)));
    assert_eq!(&*studio.document_view().text, TEXT);
    assert_eq!(shown(&Studio::restore(&studio.project()).unwrap()), Control::MachineType(Express));
    studio.dispatch(Command::RemoveField { owner: "/States/Pay".into(), field: "TimeoutSeconds".into() });
    studio.dispatch(Command::Undo);
    assert_eq!(problems(&studio), 1, "an edit does not change the type");
}

#[test]
fn error_names_of_the_called_service_come_first() {
    let mut studio = opened();
    studio.dispatch(Command::Select { state: Some(StatePath::new("/States/Pay")) });
    let view = studio.inspector_view();
    let catch = view.groups.iter().flat_map(|it| &it.fields).find(|it| it.name == "Catch").unwrap();
    let Control::Items { items, .. } = &catch.control else { panic!() };
    let Control::Errors { suggestions, .. } = &items[0].fields[0].control else { panic!() };
    assert_eq!(suggestions[0], "SQS.AmazonSQSException");
    assert!(
        suggestions.contains(&"States.ALL".to_owned()) && !suggestions.contains(&"States.Runtime".to_owned())
    );
}

/// The words of a draft as “text:Class”.
#[track_caller]
fn check_words(name: &str, is_json: bool, text: &str, expected: &str) {
    let owner = "/States/Pay".to_owned();
    let draft = FieldDraft { owner, name: name.into(), text: text.into(), is_json };
    let words = opened().draft_words(&draft);
    let told: Vec<String> =
        words.iter().map(|it| format!("{}:{:?}", it.range.slice(text), it.class)).collect();
    assert_eq!(told.join(" "), expected);
}

#[test]
fn what_is_typed_is_colored_in_any_state_of_completion() {
    check_words("Parameters", true, r#"{"a": [1, "b"]}"#, r#""a":Name 1:Value "b":Text"#);
    check_words(
        "Parameters",
        true,
        r#"{"a.$": "$.b", "c": "$.d"}"#,
        r#""a.$":Name ":Text $:Variable .:Operator b:Name ":Text "c":Name "$.d":Text"#,
    );
    check_words("Parameters", true, r#"{"a": tr"#, r#""a":Name"#);
    check_words("InputPath", false, "$.b[0]", "$:Variable .:Operator b:Name [:Operator 0:Value ]:Operator");
    check_words(
        "",
        true,
        r#"{"Type": "Task", "InputPath": "$"}"#,
        r#""Type":Name "Task":Text "InputPath":Name ":Text $:Variable ":Text"#,
    );
    check_words("Nothing", false, "$.b", "");
    for deep in [100, 3_000] {
        check_words("Parameters", true, &"[".repeat(deep), "");
    }
}

const MAP: &str = r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}},"End":true}}}"#;

#[test]
fn the_fields_of_a_distributed_map_are_offered_in_a_distributed_map() {
    let names = |text: &str| {
        let mut studio = Studio::new();
        studio.dispatch(Command::Open { name: "t".into(), text: text.into(), from: OpenedFrom::File });
        studio.dispatch(Command::Select { state: Some(StatePath::new("/States/M")) });
        studio.inspector_view().addable.iter().map(|it| it.name).collect::<Vec<_>>()
    };
    let config = "/States/M/ItemProcessor/ProcessorConfig".to_string();
    let set =
        |owner, field: &str, json: &str| Command::SetField { owner, field: field.into(), json: json.into() };
    let distributed = after(MAP, set(config, "Mode", "\"DISTRIBUTED\""));
    let expected = r#"{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"A""#;
    assert_eq!(distributed, MAP.replace(r#"{"StartAt":"A""#, expected));
    for name in ["ItemReader", "ItemBatcher", "ResultWriter", "Label", "ToleratedFailureCount"] {
        assert!(!names(MAP).contains(&name) && names(&distributed).contains(&name), "{name}");
    }
    assert!(names(MAP).contains(&"MaxConcurrency"));
}

#[test]
fn a_field_of_what_is_gone_brings_nothing_back() {
    for owner in ["/States/Gone", "/States/Pay/Catch/7", "/Nowhere/Else", "/States/Pay/Odd"] {
        let set = Command::SetField { owner: owner.into(), field: "Comment".into(), json: "1".into() };
        let refusal = opened().can(&set).unwrap_err();
        assert!(
            refusal.0.contains("not there any more") || refusal.0.contains("not an object"),
            "{refusal:?}"
        );
    }
}

#[test]
fn what_does_not_belong_is_shown_with_its_problem_and_can_be_removed() {
    let output = field("Pay", "Output");
    assert_eq!(output.help, "This field belongs to the other query language");
    assert_eq!(output.problems.len(), 1, "{:?}", output.problems);
    let mut studio = opened();
    studio.dispatch(Command::RemoveField { owner: output.owner, field: output.name });
    assert!(!studio.document_view().text.contains("Output"));
}

#[test]
fn what_can_be_added_is_offered_with_a_first_value_that_is_valid_json() {
    for name in ["Pay", "Pick", "Done"] {
        let view = form(name);
        assert!(!view.addable.is_empty(), "{name}");
        for field in &view.addable {
            let value = serde_json::from_str::<serde_json::Value>(&field.example);
            assert!(value.is_ok(), "{name}: {} = {}", field.name, field.example);
            let mut studio = opened();
            let (owner, json) = (field.owner.clone(), field.example.clone());
            let command = Command::SetField { owner, field: field.name.into(), json };
            assert_eq!(studio.can(&command), Ok(()));
            studio.dispatch(command);
            studio.dispatch(Command::Undo);
            assert_eq!(*studio.document_view().text, *TEXT);
        }
    }
    let names: Vec<&str> = form("Pay").addable.iter().map(|it| it.name).collect();
    assert!(names.contains(&"HeartbeatSeconds") && !names.contains(&"TimeoutSecondsPath"), "{names:?}");
}

#[test]
fn without_a_selection_the_form_is_that_of_the_workflow() {
    let view = opened().inspector_view();
    assert_eq!((view.title.as_str(), view.state.clone(), view.note.clone()), ("Workflow", None, None));
    let names: Vec<&str> = view.groups.iter().flat_map(|it| &it.fields).map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Machine type", "StartAt"]);
    assert!(Studio::new().inspector_view().note.is_some());
}
