//! What a scenario expects of its run, and where a run differs from it. In a file it stands at
//! `Stepglass.Scenarios.<case>.Expect`; every member is optional, what is not said is not compared:
//!
//! - `"Status"`: `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`, or `RUNNING` for a run that
//!   waits for an answer.
//! - `"Output"`: the whole output.
//! - `"OutputContains"`: a part of it, matched as `When` is in `mock_file`.
//! - `"Error"`, `"Cause"`: of the execution, exactly.
//! - `"Path"`: the names of the states entered, in order, those inside of Map and Parallel states
//!   left out.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::json::keep;
use crate::sim::mocks::{Scenario, contains};
use crate::sim::run::Run;
use crate::sim::trace::{Happening, Step};
use crate::text::words::cut;

/// What a run should come to.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Expect {
    pub status: Option<String>,
    pub output: Option<Arc<Value>>,
    pub output_contains: Option<Arc<Value>>,
    pub error: Option<String>,
    pub cause: Option<String>,
    pub path: Option<Vec<String>>,
}
keep! { Expect { status, output, output_contains, error, cause, path } }

/// One thing that a run does otherwise than its scenario expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The member of `Expect`, for instance `Output`.
    pub member: &'static str,
    /// Where inside of it, as a JSON Pointer; empty for the whole.
    pub pointer: String,
    /// What is other, for people.
    pub sentence: String,
}

const STATUSES: &[&str] = &["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "RUNNING"];
/// Differences inside of one output that are told apart.
const MAX_DIFFERENCES: usize = 20;
/// The longest value that is written out in a sentence, in characters.
const MAX_SHOWN: usize = 200;

/// Compares a run with what its scenario expects. Nothing expected: nothing different.
pub fn check(scenario: &Scenario, run: &Run) -> Vec<Difference> {
    let Some(expect) = &scenario.expect else { return Vec::new() };
    let mut found = Vec::new();
    let (status, output, error) = match run.outcome() {
        Some(Happening::ExecutionSucceeded { output }) => ("SUCCEEDED", Some(output), None),
        Some(Happening::ExecutionFailed { error }) => ("FAILED", None, Some(error)),
        Some(Happening::ExecutionTimedOut) => ("TIMED_OUT", None, None),
        Some(Happening::ExecutionAborted { error }) => ("ABORTED", None, Some(error)),
        _ => ("RUNNING", None, None),
    };
    compare_text(&mut found, "Status", expect.status.as_deref(), Some(status));
    compare_text(&mut found, "Error", expect.error.as_deref(), error.map(|it| it.name.as_str()));
    compare_text(&mut found, "Cause", expect.cause.as_deref(), error.map(|it| it.cause.as_str()));
    for (member, expected, is_whole) in
        [("Output", &expect.output, true), ("OutputContains", &expect.output_contains, false)]
    {
        let Some(expected) = expected else { continue };
        match output {
            Some(output) => compare(&mut found, member, "", expected, output, is_whole),
            None => found.push(Difference {
                member,
                pointer: String::new(),
                sentence: format!("There is no output, expected {}", shown(expected)),
            }),
        }
    }
    if let Some(expected) = &expect.path {
        compare_paths(&mut found, expected, &path_of(run));
    }
    found
}

impl Expect {
    /// Reads the member `Expect` of a test case.
    pub fn from_value(case: &str, value: &Value) -> Result<Expect, String> {
        let members = value.as_object().ok_or_else(|| format!("Expect of “{case}” is not an object"))?;
        let mut expect = Expect::default();
        for (name, value) in members {
            let text = || match value {
                Value::String(text) => Ok(Some(text.clone())),
                _ => Err(format!("{name} in Expect of “{case}” must be text")),
            };
            match name.as_str() {
                "Status" => {
                    expect.status = text()?;
                    if !expect.status.as_deref().is_some_and(|it| STATUSES.contains(&it)) {
                        let known = STATUSES.join(", ");
                        return Err(format!("Status in Expect of “{case}” must be one of {known}"));
                    }
                }
                "Output" => expect.output = Some(Arc::new(value.clone())),
                "OutputContains" => expect.output_contains = Some(Arc::new(value.clone())),
                "Error" => expect.error = text()?,
                "Cause" => expect.cause = text()?,
                "Path" => {
                    let names = value.as_array().map(|it| it.iter().map(|it| Some(it.as_str()?.to_string())));
                    let names = names.and_then(|it| it.collect::<Option<Vec<_>>>());
                    let fault = || format!("Path in Expect of “{case}” must be a list of state names");
                    expect.path = Some(names.ok_or_else(fault)?);
                }
                _ => return Err(format!("Expect of “{case}” has the unknown member “{name}”")),
            }
        }
        Ok(expect)
    }

    /// The file form; reading it gives the same.
    pub fn to_value(&self) -> Value {
        let text = |it: &Option<String>| it.clone().map(Value::from);
        let value = |it: &Option<Arc<Value>>| it.as_ref().map(|it| it.as_ref().clone());
        let members = [
            ("Status", text(&self.status)),
            ("Output", value(&self.output)),
            ("OutputContains", value(&self.output_contains)),
            ("Error", text(&self.error)),
            ("Cause", text(&self.cause)),
            ("Path", self.path.clone().map(Value::from)),
        ];
        let members = members.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?)));
        Value::Object(members.collect::<Map<String, Value>>())
    }
}

fn compare_text(
    found: &mut Vec<Difference>,
    member: &'static str,
    expected: Option<&str>,
    actual: Option<&str>,
) {
    let Some(expected) = expected else { return };
    if actual == Some(expected) {
        return;
    }
    let sentence = match actual {
        Some(actual) => format!("{member} is “{actual}”, expected “{expected}”"),
        None => format!("There is no {}, expected “{expected}”", member.to_lowercase()),
    };
    found.push(Difference { member, pointer: String::new(), sentence });
}

/// Both values are no deeper than what the simulator passes on.
fn compare(
    found: &mut Vec<Difference>,
    member: &'static str,
    pointer: &str,
    expected: &Value,
    actual: &Value,
    is_whole: bool,
) {
    let agrees = contains(actual, expected) && (!is_whole || contains(expected, actual));
    if agrees || MAX_DIFFERENCES <= found.len() {
        return;
    }
    let inner = |name: &str| format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
    let mut differ = |pointer: String, sentence: String| {
        if found.len() < MAX_DIFFERENCES {
            found.push(Difference { member, pointer, sentence });
        }
    };
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, _) in actual.iter().filter(|(name, _)| is_whole && !expected.contains_key(*name)) {
                let at = inner(name);
                differ(at.clone(), format!("{member}{at} is there, expected nothing"));
            }
            for (name, expected) in expected {
                match actual.get(name) {
                    Some(actual) => compare(found, member, &inner(name), expected, actual, is_whole),
                    None => {
                        let at = inner(name);
                        let sentence = format!("{member}{at} is missing, expected {}", shown(expected));
                        if found.len() < MAX_DIFFERENCES {
                            found.push(Difference { member, pointer: at, sentence });
                        }
                    }
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (idx, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                compare(found, member, &inner(&idx.to_string()), expected, actual, is_whole);
            }
        }
        _ => {
            let sentence = format!("{member}{pointer} is {}, expected {}", shown(actual), shown(expected));
            differ(pointer.to_string(), sentence);
        }
    }
}

fn compare_paths(found: &mut Vec<Difference>, expected: &[String], actual: &[String]) {
    let n_same = expected.iter().zip(actual).take_while(|(left, right)| left == right).count();
    let (wanted, was) = (expected.get(n_same), actual.get(n_same));
    let name = |it: &String| format!("“{it}”");
    if wanted.is_none() && was.is_none() {
        return;
    }
    let was = was.map_or_else(|| "nothing more".to_string(), name);
    let wanted = wanted.map_or_else(|| "nothing more".to_string(), name);
    found.push(Difference {
        member: "Path",
        pointer: format!("/{n_same}"),
        sentence: format!("State {} of the path is {was}, expected {wanted}", n_same + 1),
    });
}

/// The states entered outside of Map and Parallel states.
fn path_of(run: &Run) -> Vec<String> {
    let mut last_visit = None;
    let mut path = Vec::new();
    let outer = |it: &&Arc<Step>| it.strand.is_empty() && it.visit.is_some();
    for step in run.trace().iter().filter(outer) {
        if last_visit < step.visit {
            last_visit = step.visit;
            path.extend(step.state.as_ref().map(|it| it.name()));
        }
    }
    path
}

fn shown(value: &Value) -> String {
    cut(&value.to_string(), MAX_SHOWN)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sim::mocks::Mocks;
    use crate::sim::program::Program;
    use crate::sim::request::RunRequest;

    /// Differences of a run with this result in its only state from what was expected.
    #[track_caller]
    fn check_differences(state: Value, expect: Value, expected: &[&str]) {
        let definition = json!({"StartAt": "P", "States": {
            "P": {"Type": "Parallel", "OutputPath": "$[0]", "Next": "A",
                "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}]},
            "A": state
        }});
        let program = Arc::new(Program::from_value(&definition, 0));
        let mut run = Run::start(RunRequest { program, input: Arc::new(json!({})), ..RunRequest::default() });
        run.finish();
        let scenario = Scenario {
            name: "c".to_string(),
            note: String::new(),
            input: Arc::default(),
            mocks: Mocks::default(),
            expect: Some(Expect::from_value("c", &expect).expect("readable")),
        };
        let found: Vec<String> = check(&scenario, &run).into_iter().map(|it| it.sentence).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn differences_are_sentences_with_their_place() {
        let gives = |value: Value| json!({"Type": "Pass", "Result": value, "End": true});
        let order = json!({"id": 1, "lines": [{"n": 2}, {"n": 3}], "a/b": null});
        check_differences(gives(order.clone()), json!({}), &[]);
        check_differences(gives(order.clone()), json!({"Status": "SUCCEEDED", "Output": order}), &[]);
        check_differences(gives(order.clone()), json!({"OutputContains": {"lines": [{}, {"n": 3.0}]}}), &[]);
        check_differences(
            gives(order.clone()),
            json!({"Output": {"id": "1", "lines": [{"n": 2}, {"n": 4}], "c": {}}}),
            &[
                "Output/a~1b is there, expected nothing",
                "Output/id is 1, expected \"1\"",
                "Output/lines/1/n is 3, expected 4",
                "Output/c is missing, expected {}",
            ],
        );
        check_differences(
            gives(order),
            json!({"OutputContains": {"lines": [], "more": 1}}),
            &[
                "OutputContains/lines is [{\"n\":2},{\"n\":3}], expected []",
                "OutputContains/more is missing, expected 1",
            ],
        );
        check_differences(
            gives(json!(1)),
            json!({"Status": "FAILED", "Error": "E", "Path": ["P", "B"]}),
            &[
                "Status is “SUCCEEDED”, expected “FAILED”",
                "There is no error, expected “E”",
                "State 2 of the path is “A”, expected “B”",
            ],
        );
        check_differences(gives(json!(1)), json!({"Path": ["P", "A"]}), &[]);
        check_differences(
            gives(json!(1)),
            json!({"Path": ["P"]}),
            &["State 2 of the path is “A”, expected nothing more"],
        );
        check_differences(
            json!({"Type": "Fail", "Error": "E", "Cause": "c"}),
            json!({"Error": "F", "Cause": "d", "Output": 1, "Path": ["P", "A", "Z"]}),
            &[
                "Error is “E”, expected “F”",
                "Cause is “c”, expected “d”",
                "There is no output, expected 1",
                "State 3 of the path is nothing more, expected “Z”",
            ],
        );
    }
}
