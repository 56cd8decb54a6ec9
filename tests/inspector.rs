//! The form of a state: what it shows, what it offers, and that changing it through the form
//! changes the text.

use stepglass::asl::StatePath;
use stepglass::studio::{Command, Control, FieldView, InspectorView, OpenedFrom, Studio};

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
            "General (3 fields set): Name Type Next Output",
            "Call (1 field set): Resource",
            "Input (1 field set): Parameters",
            "Output (1 field set): ResultPath",
            "Errors (1 retrier, 1 catcher): Retry Catch",
            "Timeouts (1 field set): TimeoutSeconds",
        ],
    );
    check("Pick", &["General (2 rules, 1 field set): Name Type Choices"]);
    check("Done", &["General (1 field set): Name Type"]);
    check("Odd", &["General (1 field set): Name Type"]);
}

#[test]
fn values_keep_their_spelling() {
    assert_eq!(field("Pay", "TimeoutSeconds").control, Control::Number("6.0e1".into()));
    assert_eq!(field("Pay", "ResultPath").control, Control::Path { text: String::new(), null: true });
    assert_eq!(field("Pay", "Parameters").control, Control::Json("{ \"a.$\": \"$.a\" }".into()));
    assert!(field("Odd", "Type").present);
    let Control::Resource { service, action, pattern, .. } = field("Pay", "Resource").control else {
        panic!()
    };
    assert_eq!((service.as_str(), action.as_str()), ("SQS", "send message"));
    assert_eq!(pattern, "waits for the token");
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
    assert_eq!(items[0].attempts_at_secs, [2.0, 8.0, 18.0, 28.0]);
    assert_eq!(items[0].summary, "Busy: 4× after 2 s, ×3, at most 10 s");
    let Control::Items { items, example, .. } = field("Pay", "Catch").control else { panic!() };
    assert_eq!(items[0].summary, "Card.Declined → Pick");
    assert_eq!(example, r#"{"ErrorEquals":["States.ALL"],"Next":"Odd"}"#, "a state that is there");
}

#[test]
fn a_rule_reads_variable_test_next() {
    let Control::Items { items, .. } = field("Pick", "Choices").control else { panic!() };
    assert_eq!(items[0].summary, "n > 5 → Pay");
    let names = |idx: usize| items[idx].fields.iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names(0), ["Variable", "NumericGreaterThan", "Next"]);
    assert_eq!(names(1), ["And", "Next"]);
    assert_eq!(items[0].pointer, "/States/Pick/Choices/0");
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
    assert_eq!(names, ["StartAt"]);
    assert!(Studio::new().inspector_view().note.is_some());
}
