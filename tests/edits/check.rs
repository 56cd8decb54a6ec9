//! What every row of these tests goes through, and the small documents they start from.

use stepglass::asl::{EdgeKey, StatePath};
use stepglass::studio::{Command, ConnectTo, Effect, OpenedFrom, PALETTE, Studio, Template};

pub const CHAIN: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Pass",
      "Next": "B"
    },
    "B": {
      "Type": "Pass",
      "Next": "C"
    },
    "C": {
      "Type": "Pass",
      "End": true
    }
  }
}
"#;

pub const CHOICE: &str = r#"{
  "StartAt": "Pick",
  "States": {
    "Pick": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.a", "IsPresent": true, "Next": "Yes" }
      ],
      "Default": "No"
    },
    "Yes": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Catch": [{ "ErrorEquals": ["E"], "Next": "No" }], "Next": "Done" },
    "No": { "Type": "Pass", "End": true },
    "Done": { "Type": "Succeed" }
  }
}
"#;

pub const NESTED: &str = r#"{
  "StartAt": "P",
  "States": {
    "P": {
      "Type": "Parallel",
      "Branches": [
        {
          "StartAt": "X",
          "States": {
            "X": { "Type": "Pass", "End": true }
          }
        },
        {
          "StartAt": "Y",
          "States": {
            "Y": { "Type": "Pass", "Next": "Z" },
            "Z": { "Type": "Pass", "End": true }
          }
        }
      ],
      "Next": "Last"
    },
    "Last": { "Type": "Pass", "End": true }
  }
}
"#;

pub fn opened(text: &str) -> Studio {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "t.asl.json".into(), text: text.into(), from: OpenedFrom::File });
    studio
}

pub fn text_of(studio: &Studio) -> String {
    studio.document_view().text.to_string()
}

/// What the command changes, as lines with `-` and `+`; then undoes it and compares the bytes.
#[track_caller]
pub fn check(text: &str, command: Command, expected: &[&str]) {
    let after = edited(text, &command);
    assert_eq!(changed_lines(text, &after), expected, "{command:?} gave:\n{after}");
}

/// The text after a command that must be possible, with everything that always holds checked.
#[track_caller]
pub fn edited(text: &str, command: &Command) -> String {
    let mut studio = opened(text);
    assert_eq!(studio.can(command), Ok(()), "{command:?}");
    let reply = studio.dispatch(command.clone());
    let after = text_of(&studio);
    let edit = reply.effects.iter().find_map(|it| match it {
        Effect::EditCode { edit } => Some(edit.clone()),
        _ => None,
    });
    let edit = edit.unwrap_or_default();
    assert_eq!(edit.apply(text), after, "the code pane gets the same change");
    for indel in edit.indels() {
        assert!(indel.delete.end <= text.len());
    }
    if !edit.is_empty() {
        studio.dispatch(Command::Undo);
        assert_eq!(text_of(&studio), text, "undo of {command:?}");
        studio.dispatch(Command::Redo);
        assert_eq!(text_of(&studio), after, "redo of {command:?}");
    }
    after
}

#[track_caller]
pub fn check_refused(text: &str, command: Command, sentence: &str) {
    let mut studio = opened(text);
    let refusal = studio.can(&command).expect_err("this should be refused");
    assert_eq!(refusal.0, sentence, "{command:?}");
    let reply = studio.dispatch(command);
    assert_eq!(text_of(&studio), text);
    let told = Effect::Announce { sentence: sentence.to_owned(), assertive: true };
    assert!(reply.effects.contains(&told), "{:?}", reply.effects);
    assert_eq!(studio.workspace_view().notice.as_deref(), Some(sentence));
}

/// Lines that went and came, in the order of the old text, trimmed.
pub fn changed_lines(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut lines = Vec::new();
    for op in similar::capture_diff_slices(similar::Algorithm::Myers, &old, &new) {
        if !matches!(op, similar::DiffOp::Equal { .. }) {
            lines.extend(old[op.old_range()].iter().map(|it| format!("-{}", it.trim())));
            lines.extend(new[op.new_range()].iter().map(|it| format!("+{}", it.trim())));
        }
    }
    lines
}

pub fn path(name: &str) -> StatePath {
    StatePath::new(format!("/States/{name}"))
}

pub fn edge(key: &str) -> EdgeKey {
    EdgeKey::new(key)
}

pub fn template(id: &str) -> Template {
    PALETTE.iter().find(|it| it.id == id).expect("the palette has this row").template()
}

pub fn insert(key: &str, id: &str) -> Command {
    Command::InsertOnEdge { edge: edge(key), template: template(id) }
}

pub fn to(name: &str) -> ConnectTo {
    ConnectTo::State(name.to_owned())
}
