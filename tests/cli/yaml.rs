//! Definitions in YAML and in templates.

use serde_json::json;

use crate::{Folder, stepglass};

const YAML: &str = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    # what it gives\n    Result: {n: 1, s: \"2\"}\n    Next: B\n  B:\n    Type: Succeed\n";

#[test]
fn yaml_runs_from_a_file_and_from_standard_input() {
    let folder = Folder::new("yaml");
    let file = folder.file("a.asl.yaml", YAML);
    for outcome in [stepglass(&["run", &file], ""), stepglass(&["run", "-"], YAML)] {
        assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
        assert_eq!(outcome.json()["output"], json!({"n": 1, "s": "2"}));
    }
    let state = stepglass(&["state", &file, "--state", "A"], "").json();
    assert_eq!(state["nextState"], "B");
}

#[test]
fn faults_are_told_at_their_place_in_the_yaml() {
    for (text, sentence) in [
        (
            YAML.replace("Next: B", "Next: C"),
            "line 7, column 11: MISSING_TRANSITION_TARGET: Missing 'Next' target: C",
        ),
        (YAML.replace("  B:\n", "  A:\n"), "line 8, column 3: The key “A” occurs twice"),
        (YAML.replace("States:", "States: ["), "line 4, column 9"),
        ("just words".to_string(), "This looks like other text"),
        (String::new(), "This text is empty"),
    ] {
        let outcome = stepglass(&["run", "-"], &text);
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{text}");
        assert!(outcome.err.contains(sentence), "{}", outcome.err);
    }
}

#[test]
fn a_template_gives_its_only_definition() {
    let template = "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Role: !GetAtt R.Arn\n      Definition:\n        StartAt: A\n        States:\n          A: {Type: Pass, Result: !Ref Queue, End: true}\n";
    let outcome = stepglass(&["run", "-"], template);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(outcome.json()["output"], "${Queue}");
}
