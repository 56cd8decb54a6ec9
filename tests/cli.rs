//! The command line as a program: what it prints, what it says on standard error, how it exits.
#![cfg(feature = "cli")]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const RETRIED: &str = r#"{"StartAt":"Check","States":{
  "Check":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":1,"Next":"Charge"}],"Default":"Refuse"},
  "Charge":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"charge"},
    "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":2,"MaxAttempts":1}],"Next":"Done"},
  "Refuse":{"Type":"Fail","Error":"TooFew","Cause":"One is not enough"},
  "Done":{"Type":"Succeed"}}}"#;

const MOCKS: &str = r#"{"StateMachines":{"Orders":{"TestCases":{
    "paid":{"Charge":"Paid"},"busy once":{"Charge":"BusyOnce"},"nobody":{}}}},
  "MockedResponses":{"Paid":{"0":{"Return":{"ok":true}}},
    "BusyOnce":{"0":{"Throw":{"Error":"Busy","Cause":"later"}},"1":{"Return":{"ok":2}}}}}"#;

#[test]
fn a_run_that_succeeds_prints_its_output() {
    let outcome = run(&["--input", r#"{"n":2}"#, "--case", "paid"]);
    assert_eq!(outcome.json(), json!({"status": "SUCCEEDED", "output": {"ok": true}}));
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
}

#[test]
fn a_workflow_that_fails_exits_with_1_and_says_why_in_json() {
    let outcome = run(&["--input", r#"{"n":1}"#, "--case", "paid"]);
    assert_eq!(outcome.json(), json!({"status": "FAILED", "error": "TooFew", "cause": "One is not enough"}));
    assert_eq!(outcome.code, 1);
}

#[test]
fn events_are_those_of_aws_in_order() {
    let outcome = run(&["--input", r#"{"n":2}"#, "--case", "busy once", "--events"]);
    let report = outcome.json();
    let types: Vec<&str> =
        report["history"].as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(types.first(), Some(&"ExecutionStarted"));
    assert_eq!(types.last(), Some(&"ExecutionSucceeded"));
    assert_eq!(types.iter().filter(|it| **it == "TaskScheduled").count(), 2);
    assert_eq!(report["output"], json!({"ok": 2}));
}

#[test]
fn input_comes_from_a_file_or_from_standard_input() {
    let folder = Folder::new("inputs");
    let input = folder.file("input.json", r#"{"n":2}"#);
    let by_file = run(&["--case", "paid", "--input", &input]);
    let by_pipe = run_with(&["--case", "paid", "--input", "-"], r#"{"n":2}"#);
    assert_eq!((by_file.code, by_pipe.code), (0, 0), "{} {}", by_file.err, by_pipe.err);
    assert_eq!(by_file.out, by_pipe.out);
}

#[test]
fn a_call_without_an_answer_is_named() {
    let outcome = run(&["--input", r#"{"n":2}"#, "--case", "nobody"]);
    assert_eq!((outcome.code, outcome.out.as_str()), (2, ""));
    assert!(outcome.err.contains("“Charge” calls arn:aws:states:::lambda:invoke"), "{}", outcome.err);
}

#[test]
fn wrong_requests_exit_with_2_and_a_sentence() {
    let folder = Folder::new("wrong");
    let good = folder.file("good.asl.json", RETRIED);
    let broken = folder.file("broken.asl.json", &RETRIED[..RETRIED.len() - 2]);
    let template = folder.file("list.json", "[1,2]");
    let binary = folder.path("binary.json");
    fs::write(&binary, [0xff, 0xfe, 0x00, 0x01]).unwrap();
    let binary = binary.to_string_lossy().into_owned();
    let mocks = folder.file("mocks.json", MOCKS);
    for (args, sentence) in [
        (vec!["run", "no such file.json"], "Cannot read “no such file.json”: there is no such file"),
        (vec!["run", &broken], "line 6, column 27: Expected “}”"),
        (vec!["render", "--json", &template], "not a state machine"),
        (vec!["render", "--json", &binary], "is not a text file in UTF-8"),
        (vec!["render", "--svg", "--json", &good], "cannot be used with"),
        (vec!["render", &good], "--json"),
        (vec!["run", &good, "--input", "{n:1}"], "The input is not JSON"),
        (vec!["run", &good, "--input", "nowhere.json"], "There is no file “nowhere.json”"),
        (
            vec!["run", &good, "--mocks", &mocks],
            "choose one with --case. It has “paid”, “busy once”, “nobody”",
        ),
        (vec!["run", &good, "--mocks", &mocks, "--case", "x"], "has no test case “x”"),
        (vec!["run", &good, "--mocks", &good, "--case", "x"], "The file has no StateMachines"),
        (vec!["run", "-", "--input", "-"], "Only one of definition and input"),
        (vec!["paint"], "unrecognized subcommand"),
    ] {
        let outcome = stepglass(&args, "");
        assert_eq!(outcome.code, 2, "{args:?}: {}", outcome.err);
        assert!(outcome.err.contains(sentence), "{args:?}: {}", outcome.err);
        assert_eq!(outcome.out, "", "{args:?}");
    }
}

#[test]
fn a_drawing_has_every_node_and_every_line_between_its_nodes() {
    let outcome = stepglass(&["render", "--json", "-"], RETRIED);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
    let drawing = outcome.json();
    let nodes = drawing["nodes"].as_array().unwrap();
    let paths: Vec<&str> = nodes.iter().map(|it| it["path"].as_str().unwrap()).collect();
    for path in ["#start", "/States/Check", "/States/Charge", "/States/Refuse", "/States/Done"] {
        assert!(paths.contains(&path), "{path} is not in {paths:?}");
    }
    for node in nodes {
        assert_eq!(node["scope"], "");
        assert!(node["w"].as_f64().unwrap() > 0.0 && node["h"].as_f64().unwrap() > 0.0);
    }
    let kinds: Vec<&str> =
        drawing["edges"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert!(["start", "choice", "default", "next"].iter().all(|it| kinds.contains(it)), "{kinds:?}");
    for edge in drawing["edges"].as_array().unwrap() {
        assert!(paths.contains(&edge["from"].as_str().unwrap()), "{edge}");
        assert!(paths.contains(&edge["to"].as_str().unwrap()), "{edge}");
        assert!(2 <= edge["points"].as_array().unwrap().len(), "{edge}");
    }
}

#[test]
fn inner_states_name_their_scope() {
    let definition = r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{
        "StartAt":"In","States":{"In":{"Type":"Pass","End":true}}},"End":true}}}"#;
    let drawing = stepglass(&["render", "--json", "-"], definition).json();
    let inner = drawing["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["path"] == "/States/M/ItemProcessor/States/In");
    assert_eq!(inner.unwrap()["scope"], "/States/M/ItemProcessor");
}

#[test]
fn a_picture_is_a_whole_svg_and_the_same_every_time() {
    let folder = Folder::new("picture");
    let file = folder.file("Order & co.asl.json", RETRIED);
    let first = stepglass(&["render", "--svg", &file], "");
    assert!(first.out.starts_with("<svg ") && first.out.ends_with("</svg>\n"));
    assert!(first.out.contains("<title>Order &amp; co</title>"), "{}", first.out);
    assert_eq!(first.out, stepglass(&["render", &file, "--svg"], "").out);
}

#[test]
fn broken_text_is_drawn_as_far_as_it_goes() {
    let outcome = stepglass(&["render", "--json", "-"], &RETRIED[..RETRIED.len() - 1]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(outcome.err.starts_with("Standard input, line "), "{}", outcome.err);
    assert!(outcome.out.contains("/States/Done"));
}

struct Outcome {
    code: i32,
    out: String,
    err: String,
}

impl Outcome {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|it| panic!("{it}\n{}\n{}", self.out, self.err))
    }
}

/// Runs the definition above with the mocks above.
fn run(args: &[&str]) -> Outcome {
    run_with(args, "")
}

fn run_with(args: &[&str], stdin: &str) -> Outcome {
    let folder = Folder::new("run");
    let (definition, mocks) = (folder.file("orders.asl.json", RETRIED), folder.file("mocks.json", MOCKS));
    let all: Vec<&str> =
        ["run", &definition, "--mocks", &mocks].into_iter().chain(args.iter().copied()).collect();
    stepglass(&all, stdin)
}

fn stepglass(args: &[&str], stdin: &str) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stepglass"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that needs no input may have ended already.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    Outcome {
        code: status.code().expect("an exit code"),
        out: String::from_utf8(stdout).expect("text"),
        err: String::from_utf8(stderr).expect("text"),
    }
}

/// A folder of its own for each use, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}-{number}"));
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is in the build's own folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}
