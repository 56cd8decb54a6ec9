//! The command line as a program: what it prints, what it says on standard error, how it exits.
#![cfg(feature = "cli")]

mod edit;
mod eval;
mod format;
mod render;
mod run;
mod state;
mod test;
mod yaml;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

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
