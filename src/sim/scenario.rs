//! Scenarios in files: AWS's MockConfigFile with one member of our own, `Stepglass`, for what that
//! format lacks. How calls are answered, and the members that plain readers pass over, is told in
//! `mock_file`; here is the rest:
//!
//! ```json
//! { "Stepglass": { "Title": "…", "Summary": "…", "Scenarios": { "Declined": {
//!     "Input": { "orderId": 7 },
//!     "Note": "What the test case shows",
//!     "Expect": { "Status": "FAILED", "Error": "Card.Declined", "Path": ["Charge", "Refuse"] }
//! } } } }
//! ```
//!
//! The members of `Expect` are told in `expect`. Reading and writing a file changes nothing that
//! was not changed in between: names, spelling of keys, responses that nothing refers to, members
//! nobody here knows. Every fault of a file is a sentence that names its place.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::expr::{MAX_DEPTH, depth_within};
use crate::sim::expect::Expect;
use crate::sim::mock_file::{
    mock_machines, object, read_machines, response_of_rows, rows_of_response, states_of_case,
};
use crate::sim::mocks::{MockRow, Mocks, Scenario};
use crate::sim::objects::Objects;
use crate::text::InOrder;

/// Scenarios of one state machine, with the name of the machine in the file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ScenarioFile {
    /// The key in `StateMachines`.
    pub machine: String,
    /// A heading for people.
    pub title: String,
    pub summary: String,
    pub scenarios: Vec<Scenario>,
    /// The file as it was read, so that writing keeps what is unchanged; null for a new one.
    pub source: Arc<Value>,
}

/// Reads the scenarios of the first state machine of a mock file.
pub fn scenarios_from_file(file: &Value) -> Result<ScenarioFile, String> {
    let machines = object(file.get("StateMachines"), "The file has no StateMachines")?;
    let first = machines.keys().next().ok_or("StateMachines has no state machine")?;
    scenarios_of_machine(file, first)
}

/// Reads the scenarios of the state machine with this name.
pub fn scenarios_of_machine(file: &Value, machine: &str) -> Result<ScenarioFile, String> {
    if !depth_within(file, MAX_DEPTH) {
        return Err(format!("The file is nested deeper than {MAX_DEPTH} levels"));
    }
    let machines = object(file.get("StateMachines"), "The file has no StateMachines")?;
    let value =
        machines.get(machine).ok_or_else(|| format!("StateMachines has no state machine “{machine}”"))?;
    let sentence = format!("State machine “{machine}” has no TestCases");
    let cases = object(value.get("TestCases"), &sentence)?;
    let empty = Map::new();
    let responses = member(file.get("MockedResponses"), &empty, "MockedResponses")?;
    let others = read_machines(file.get("Machines"))?;
    let objects = Arc::new(Objects::from_file(file.get("Objects"))?);
    let own = member(file.get("Stepglass"), &empty, "Stepglass")?;
    let extras = member(own.get("Scenarios"), &empty, "Scenarios in Stepglass")?;
    let mut scenarios = Vec::new();
    for (name, states) in cases {
        let extra = member(extras.get(name), &empty, &format!("What Stepglass says about “{name}”"))?;
        let expect = extra.get("Expect");
        scenarios.push(Scenario {
            name: name.clone(),
            note: words(extra, "Note", &format!("what Stepglass says about “{name}”"))?,
            input: Arc::new(extra.get("Input").cloned().unwrap_or_else(|| json!({}))),
            mocks: Mocks {
                states: states_of_case(name, states, responses)?,
                machines: Arc::new(mock_machines(&others, name, file, responses)?),
                objects: Arc::clone(&objects),
            },
            expect: expect.map(|it| Expect::from_value(name, it)).transpose()?,
        });
    }
    Ok(ScenarioFile {
        machine: machine.to_string(),
        title: words(own, "Title", "Stepglass")?,
        summary: words(own, "Summary", "Stepglass")?,
        scenarios,
        source: Arc::new(file.clone()),
    })
}

/// Writes the file form of the scenarios; reading it gives them back.
pub fn scenarios_to_file(file: &ScenarioFile) -> Value {
    let mut out = file.source.as_object().cloned().unwrap_or_default();
    let mut responses = out.get("MockedResponses").and_then(Value::as_object).cloned().unwrap_or_default();
    let cases = cases_to_value(file, &mut responses);

    let mut machines = out.get("StateMachines").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut machine = machines.get(&file.machine).and_then(Value::as_object).cloned().unwrap_or_default();
    machine.insert("TestCases".to_string(), Value::Object(cases));
    machines.insert(file.machine.clone(), Value::Object(machine));
    drop_orphans(file, &machines, &mut responses);

    out.insert("StateMachines".to_string(), Value::Object(machines));
    if out.contains_key("MockedResponses") || !responses.is_empty() {
        out.insert("MockedResponses".to_string(), Value::Object(responses));
    }
    let others = file.scenarios.first().map(|it| &it.mocks.machines);
    if let Some(others) = others.filter(|it| !it.0.is_empty() && !out.contains_key("Machines")) {
        out.insert("Machines".to_string(), others.to_value());
    }
    let objects = Objects::of_all(file.scenarios.iter().map(|it| it.mocks.objects.as_ref()));
    let old_objects = Objects::from_file(out.get("Objects")).unwrap_or_default();
    match objects.to_file() {
        Some(written) if objects != old_objects => drop(out.insert("Objects".to_string(), written)),
        _ => {}
    }
    let own = own_to_value(file);
    if out.contains_key("Stepglass") || !own.is_empty() {
        out.insert("Stepglass".to_string(), Value::Object(own));
    }
    Value::Object(out)
}

/// The test cases; what they answer is put into `responses`, under its old name where it has one.
fn cases_to_value(file: &ScenarioFile, responses: &mut Map<String, Value>) -> Map<String, Value> {
    let is_as_read = |name: &str, rows: &[MockRow], responses: &Map<String, Value>| {
        let response = responses.get(name).map(|it| rows_of_response(name, it));
        response.is_some_and(|it| it.is_ok_and(|it| it == rows))
    };
    let old_cases = old_cases(file);
    let old_name = |case: &str, state: &str| -> Option<&str> {
        old_cases.and_then(|it| it.get(case)).and_then(|it| it.get(state)).and_then(Value::as_str)
    };
    // Names whose responses must stay: used unchanged here, or by other machines.
    let mut kept: BTreeSet<String> = foreign_names(file);
    for scenario in &file.scenarios {
        for (state, rows) in &scenario.mocks.states {
            let name = old_name(&scenario.name, state).filter(|it| is_as_read(it, rows, responses));
            kept.extend(name.map(str::to_string));
        }
    }
    let mut cases = Map::new();
    for scenario in &file.scenarios {
        let mut states = Map::new();
        for (state, rows) in &scenario.mocks.states {
            let old = old_name(&scenario.name, state);
            let mut names = old
                .map(str::to_string)
                .into_iter()
                .chain((1..).map(|n: usize| if n == 1 { state.clone() } else { format!("{state} {n}") }));
            // Equal responses are written once; a name that nothing else needs can change.
            let name = names.find(|name| {
                is_as_read(name, rows, responses)
                    || !responses.contains_key(name)
                    || (old == Some(name.as_str()) && !kept.contains(name))
            });
            let name = name.unwrap_or_default();
            if !is_as_read(&name, rows, responses) {
                responses.insert(name.clone(), response_of_rows(rows));
            }
            kept.insert(name.clone());
            states.insert(state.clone(), Value::from(name));
        }
        cases.insert(scenario.name.clone(), Value::Object(states));
    }
    cases
}

/// Takes away the responses that only the cases before referred to.
fn drop_orphans(file: &ScenarioFile, machines: &Map<String, Value>, responses: &mut Map<String, Value>) {
    let names = |cases: Option<&Map<String, Value>>| -> BTreeSet<String> {
        let states = cases.into_iter().flat_map(|it| it.values()).filter_map(Value::as_object);
        states.flat_map(|it| it.values()).filter_map(|it| Some(it.as_str()?.to_string())).into_set()
    };
    let mut used = foreign_names(file);
    used.extend(names(
        machines.get(&file.machine).and_then(|it| it.get("TestCases")).and_then(Value::as_object),
    ));
    for name in names(old_cases(file)) {
        if !used.contains(&name) {
            responses.shift_remove(&name);
        }
    }
}

/// The responses that other machines of the file refer to.
fn foreign_names(file: &ScenarioFile) -> BTreeSet<String> {
    let machines = file.source.get("StateMachines").and_then(Value::as_object);
    let others = machines.into_iter().flatten().filter(|(name, _)| **name != file.machine);
    let cases = others.filter_map(|(_, it)| it.get("TestCases")?.as_object()).flat_map(|it| it.values());
    let states = cases.filter_map(Value::as_object).flat_map(|it| it.values());
    states.filter_map(|it| Some(it.as_str()?.to_string())).collect()
}

fn old_cases(file: &ScenarioFile) -> Option<&Map<String, Value>> {
    file.source.get("StateMachines")?.get(&file.machine)?.get("TestCases")?.as_object()
}

/// The member of our own.
fn own_to_value(file: &ScenarioFile) -> Map<String, Value> {
    let old = file.source.get("Stepglass");
    let mut own = old.and_then(Value::as_object).cloned().unwrap_or_default();
    for (name, words) in [("Title", &file.title), ("Summary", &file.summary)] {
        if text(own.get(name)) != *words {
            own.insert(name.to_string(), Value::from(words.as_str()));
        }
    }
    let old_extras = own.get("Scenarios").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut extras = Map::new();
    for scenario in &file.scenarios {
        let old = old_extras.get(&scenario.name);
        let mut extra = old.and_then(Value::as_object).cloned().unwrap_or_default();
        let was_known = old.is_some() || old_cases(file).is_some_and(|it| it.contains_key(&scenario.name));
        let same_input = match extra.get("Input") {
            Some(input) => *input == *scenario.input,
            None => was_known && *scenario.input == json!({}),
        };
        if !same_input {
            extra.insert("Input".to_string(), scenario.input.as_ref().clone());
        }
        if text(extra.get("Note")) != scenario.note {
            extra.insert("Note".to_string(), Value::from(scenario.note.as_str()));
        }
        let old_expect = extra.get("Expect").and_then(|it| Expect::from_value(&scenario.name, it).ok());
        match &scenario.expect {
            expect if old_expect == *expect => {}
            Some(expect) => drop(extra.insert("Expect".to_string(), expect.to_value())),
            None => drop(extra.shift_remove("Expect")),
        }
        if old.is_some() || !extra.is_empty() {
            extras.insert(scenario.name.clone(), Value::Object(extra));
        }
    }
    // What was said about the cases of other machines stays.
    for (name, extra) in old_extras {
        if !extras.contains_key(&name) && !old_cases(file).is_some_and(|it| it.contains_key(&name)) {
            extras.insert(name, extra);
        }
    }
    if own.contains_key("Scenarios") || !extras.is_empty() {
        own.insert("Scenarios".to_string(), Value::Object(extras));
    }
    own
}

/// A member that may be absent, but nothing else than an object.
fn member<'v>(
    value: Option<&'v Value>,
    empty: &'v Map<String, Value>,
    what: &str,
) -> Result<&'v Map<String, Value>, String> {
    value.map_or(Ok(empty), |it| object(Some(it), &format!("{what} is not an object")))
}

/// A text that may be absent.
fn words(members: &Map<String, Value>, name: &str, place: &str) -> Result<String, String> {
    match members.get(name) {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("{name} in {place} must be text")),
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::mocks::{Answer, Call};
    use crate::sim::trace::StatesError;

    fn file() -> Value {
        json!({
            "Comment": "nobody here knows this member",
            "StateMachines": {
                "orders": { "Owner": "me", "TestCases": {
                    "Happy": { "Ship": "ok", "Charge": "ok" },
                    "Declined": { "Charge": "no money", "Notify": "Notify" }
                } },
                "ship": { "TestCases": { "Declined": { "Pack": "Notify" }, "Other": {} } }
            },
            "MockedResponses": {
                "unused": { "5": "not even an answer" },
                "ok": { "0-99999999": { "Return": { "ok": true }, "Why": "because" } },
                "no money": {
                    "3": { "Return": null },
                    "0": { "Throw": { "Error": "States.Timeout" } },
                    "01-2": { "Throw": { "Error": "Card.Declined", "Cause": "no money" } }
                },
                "Notify": { "0": { "Return": 1 } }
            },
            "Machines": { "arn:aws:states:eu-west-1:123456789012:stateMachine:ship": { "StartAt": "Pack", "States": {} } },
            "Stepglass": {
                "Title": "Orders",
                "Summary": "How an order is paid",
                "Color": "green",
                "Scenarios": {
                    "Declined": { "Note": "No money", "Seen": 3, "Expect": { "Status": "FAILED", "Path": ["Charge"] } },
                    "Other": { "Input": 5 }
                }
            }
        })
    }

    #[track_caller]
    fn check_kept(file: Value) {
        let read = scenarios_from_file(&file).expect("a good file");
        // As text, so that the order of members counts.
        assert_eq!(scenarios_to_file(&read).to_string(), file.to_string());
    }

    #[test]
    fn a_file_is_read_and_written_without_loss() {
        check_kept(file());
        check_kept(
            json!({"StateMachines": {"m": {"TestCases": {"c": {"S": "r"}}}}, "MockedResponses": {"r": {"0": {"Return": 1}}}}),
        );
        check_kept(json!({"MockedResponses": {}, "StateMachines": {"m": {"TestCases": {}}}}));
        check_kept(json!({"StateMachines": {"m": {"TestCases": {"c": {}}}}, "Stepglass": {}}));
    }

    #[test]
    fn answers_are_found_by_call() {
        let read = scenarios_from_file(&file()).expect("a good file");
        let declined = read.scenarios.iter().find(|it| it.name == "Declined").expect("there");
        let answer = |state: &str, invocation: u32| {
            let parameters = json!({});
            let call = Call { state, invocation, item: None, retry_count: 0, parameters: &parameters };
            declined.mocks.row(&call).map(|it| it.answer.clone())
        };
        assert_eq!(answer("Charge", 0), Some(Answer::TimeOut));
        let thrown = StatesError { name: "Card.Declined".to_string(), cause: "no money".to_string() };
        assert_eq!(answer("Charge", 2), Some(Answer::Throw(thrown)));
        assert_eq!(answer("Charge", 4), None);
        assert_eq!(answer("Ship", 0), None);
        let ship = declined.mocks.machines.find("arn:aws:states:eu-west-1:123456789012:stateMachine:ship");
        assert_eq!(ship.map(|(_, it)| it.states.keys().cloned().collect()), Some(vec!["Pack".to_string()]));
        assert_eq!(declined.expect.as_ref().and_then(|it| it.status.clone()), Some("FAILED".to_string()));
        // A case that the other machine does not have, and no single one to take instead.
        let happy = read.scenarios.iter().find(|it| it.name == "Happy").expect("there");
        assert!(happy.mocks.machines.0.values().all(|it| it.states.is_empty()));
    }

    #[test]
    fn only_what_was_changed_is_written_anew() {
        let mut read = scenarios_from_file(&file()).expect("a good file");
        let row = |n: i32| vec![MockRow::new(0, Some(0), Answer::Return(Arc::new(json!(n))))];
        read.scenarios[0].mocks.states.insert("Charge".to_string(), row(7));
        read.scenarios[1].mocks.states.insert("Charge".to_string(), row(8));
        read.scenarios[1].mocks.states.insert("Notify".to_string(), row(9));
        let mut expected = file();
        // “ok” is still used for Ship, “Notify” by the other machine.
        expected["StateMachines"]["orders"]["TestCases"]["Happy"]["Charge"] = json!("Charge");
        expected["StateMachines"]["orders"]["TestCases"]["Declined"]["Notify"] = json!("Notify 2");
        expected["MockedResponses"]["no money"] = json!({"0": {"Return": 8}});
        expected["MockedResponses"]["Charge"] = json!({"0": {"Return": 7}});
        expected["MockedResponses"]["Notify 2"] = json!({"0": {"Return": 9}});
        assert_eq!(scenarios_to_file(&read).to_string(), expected.to_string());
        // What nothing refers to any more goes, what nothing referred to before stays.
        read.scenarios.truncate(1);
        let written = scenarios_to_file(&read);
        let names: Vec<&String> = written["MockedResponses"].as_object().expect("responses").keys().collect();
        assert_eq!(names, ["unused", "ok", "Notify", "Charge"]);
        assert_eq!(written["Stepglass"]["Scenarios"], json!({"Other": {"Input": 5}}));
    }

    #[test]
    fn a_new_file_has_all_there_is() {
        let states = [("A".to_string(), vec![MockRow::new(0, None, Answer::TimeOut)])].into_iter().collect();
        let expect = Expect { status: Some("FAILED".to_string()), ..Expect::default() };
        let scenario = Scenario {
            name: "c".to_string(),
            note: "why".to_string(),
            input: Arc::new(json!({})),
            mocks: Mocks { states, ..Mocks::default() },
            expect: Some(expect),
        };
        let file = ScenarioFile {
            machine: "m".to_string(),
            title: "T".to_string(),
            scenarios: vec![scenario],
            ..ScenarioFile::default()
        };
        let written = scenarios_to_file(&file);
        let expected = json!({
            "StateMachines": {"m": {"TestCases": {"c": {"A": "A"}}}},
            "MockedResponses": {"A": {"0-99999999": {"Throw": {"Error": "States.Timeout", "Cause": ""}}}},
            "Stepglass": {"Title": "T", "Scenarios": {"c": {"Input": {}, "Note": "why", "Expect": {"Status": "FAILED"}}}}
        });
        assert_eq!(written.to_string(), expected.to_string());
        let read = scenarios_from_file(&written).expect("a good file");
        assert_eq!(read.scenarios, file.scenarios);
    }

    #[track_caller]
    fn check(pointer: &str, value: Value, sentence: &str) {
        let mut file = file();
        *file.pointer_mut(pointer).expect("a place in the file") = value;
        assert_eq!(scenarios_from_file(&file).err(), Some(sentence.to_string()));
    }

    #[test]
    fn every_fault_of_a_file_is_told_with_its_place() {
        check("/StateMachines", json!(1), "The file has no StateMachines");
        check("/StateMachines", json!({}), "StateMachines has no state machine");
        check("/StateMachines/orders", json!({}), "State machine “orders” has no TestCases");
        check("/StateMachines/orders/TestCases/Happy", json!([]), "Test case “Happy” is not an object");
        check("/MockedResponses", json!([]), "MockedResponses is not an object");
        check("/Stepglass", json!(null), "Stepglass is not an object");
        check("/Stepglass/Title", json!(1), "Title in Stepglass must be text");
        check("/Stepglass/Scenarios", json!([]), "Scenarios in Stepglass is not an object");
        check(
            "/Stepglass/Scenarios/Declined",
            json!(1),
            "What Stepglass says about “Declined” is not an object",
        );
        check(
            "/Stepglass/Scenarios/Declined/Note",
            json!(1),
            "Note in what Stepglass says about “Declined” must be text",
        );
        let charge = "/StateMachines/orders/TestCases/Declined/Charge";
        check(charge, json!(1), "Test case “Declined” must name a response for state “Charge”");
        check(
            charge,
            json!("Nope"),
            "Test case “Declined” refers to the response “Nope”, which MockedResponses does not have",
        );
        let response = "/MockedResponses/no money";
        check(
            response,
            json!("x"),
            "Test case “Declined”, state “Charge”: the response “no money” is not an object",
        );
        check(
            response,
            json!({"first": {"Return": 1}}),
            "Test case “Declined”, state “Charge”: the key “first” of the response “no money” is neither a number nor a range such as “1-2”",
        );
        check(
            response,
            json!({"-1": {"Return": 1}}),
            "Test case “Declined”, state “Charge”: the key “-1” of the response “no money” is neither a number nor a range such as “1-2”",
        );
        check(
            response,
            json!({"0": {"Return": 1}, "2": {"Return": 1}}),
            "Test case “Declined”, state “Charge”: the calls of the response “no money” have a gap or overlap: expected 1, found 2",
        );
        check(
            response,
            json!({"0": {}}),
            "Test case “Declined”, state “Charge”: the entry “0” of the response “no money” needs either Return or Throw with an Error",
        );
        let expect = "/Stepglass/Scenarios/Declined/Expect";
        check(expect, json!(1), "Expect of “Declined” is not an object");
        check(expect, json!({"Stat": 1}), "Expect of “Declined” has the unknown member “Stat”");
        check(expect, json!({"Error": 1}), "Error in Expect of “Declined” must be text");
        check(
            expect,
            json!({"Status": "OK"}),
            "Status in Expect of “Declined” must be one of SUCCEEDED, FAILED, TIMED_OUT, ABORTED, RUNNING",
        );
        check(expect, json!({"Path": [1]}), "Path in Expect of “Declined” must be a list of state names");
        check("/Machines", json!(1), "Machines is not an object of definitions by ARN");
        let arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:ship";
        check(
            "/Machines",
            json!({arn: {"Definition": {}, "Case": "Gone"}}),
            &format!(
                "The machine “{arn}” in Machines wants the test case “Gone”, which StateMachines does not have for “ship”"
            ),
        );
    }
}
