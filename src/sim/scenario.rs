//! Scenarios in files: AWS's MockConfigFile with one member of our own, `Stepglass`, for what that
//! format lacks (inputs and notes). Every fault of a file is a sentence that names its place.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::expr::{MAX_DEPTH, depth_within};
use crate::sim::mocks::{Answer, MockRow, Mocks, Scenario};
use crate::sim::objects::Objects;
use crate::sim::trace::StatesError;

/// Scenarios of one state machine, with the name of the machine in the file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ScenarioFile {
    /// The key in `StateMachines`.
    pub machine: String,
    /// A heading for people.
    pub title: String,
    pub summary: String,
    pub scenarios: Vec<Scenario>,
}

/// The last call of a row that has no end; AWS's format needs a number.
const NO_END: u32 = 99_999_999;

/// Reads the scenarios of the first state machine of a MockConfigFile.
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
    let responses = file.get("MockedResponses").and_then(Value::as_object).unwrap_or(&empty);
    let own = file.get("Stepglass").unwrap_or(&Value::Null);
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_string();
    let objects = Arc::new(Objects::from_file(file.get("Objects"))?);
    let mut scenarios = Vec::new();
    for (name, states) in cases {
        let extra = own.get("Scenarios").and_then(|it| it.get(name));
        scenarios.push(Scenario {
            name: name.clone(),
            note: text(extra.and_then(|it| it.get("Note"))),
            input: Arc::new(extra.and_then(|it| it.get("Input")).cloned().unwrap_or_else(|| json!({}))),
            mocks: Mocks { objects: Arc::clone(&objects), ..mocks_of_case(name, states, responses)? },
        });
    }
    Ok(ScenarioFile {
        machine: machine.to_string(),
        title: text(own.get("Title")),
        summary: text(own.get("Summary")),
        scenarios,
    })
}

/// Reads the mocks of one test case of a MockConfigFile.
pub fn from_mock_config(file: &Value, machine: &str, test_case: &str) -> Result<Mocks, String> {
    let scenarios = scenarios_of_machine(file, machine)?.scenarios;
    let found = scenarios.into_iter().find(|it| it.name == test_case);
    found
        .map(|it| it.mocks)
        .ok_or_else(|| format!("State machine “{machine}” has no test case “{test_case}”"))
}

/// Writes the file form of the scenarios; reading it gives them back.
pub fn scenarios_to_file(file: &ScenarioFile) -> Value {
    let mut cases = Map::new();
    let mut responses: IndexMap<String, Value> = IndexMap::new();
    let mut extras = Map::new();
    for scenario in &file.scenarios {
        let mut states = Map::new();
        for (state, rows) in &scenario.mocks.states {
            let response = response_of_rows(rows);
            // Equal responses of one state are written once.
            let name = (1..)
                .map(|n: usize| if n == 1 { state.clone() } else { format!("{state} {n}") })
                .find(|name| responses.get(name).is_none_or(|it| *it == response));
            let name = name.unwrap_or_default();
            responses.insert(name.clone(), response);
            states.insert(state.clone(), Value::from(name));
        }
        cases.insert(scenario.name.clone(), Value::Object(states));
        let mut extra = Map::new();
        extra.insert("Input".to_string(), scenario.input.as_ref().clone());
        if !scenario.note.is_empty() {
            extra.insert("Note".to_string(), Value::from(scenario.note.as_str()));
        }
        extras.insert(scenario.name.clone(), Value::Object(extra));
    }
    let mut own = Map::new();
    for (name, text) in [("Title", &file.title), ("Summary", &file.summary)] {
        if !text.is_empty() {
            own.insert(name.to_string(), Value::from(text.as_str()));
        }
    }
    own.insert("Scenarios".to_string(), Value::Object(extras));
    let mut machines = Map::new();
    machines.insert(file.machine.clone(), json!({ "TestCases": cases }));
    let mut written = json!({
        "StateMachines": machines,
        "MockedResponses": Value::Object(responses.into_iter().collect()),
        "Stepglass": own,
    });
    let objects = Objects::of_all(file.scenarios.iter().map(|it| it.mocks.objects.as_ref()));
    if let (Some(objects), Value::Object(members)) = (objects.to_file(), &mut written) {
        members.insert("Objects".to_string(), objects);
    }
    written
}

fn mocks_of_case(case: &str, states: &Value, responses: &Map<String, Value>) -> Result<Mocks, String> {
    let states = object(Some(states), &format!("Test case “{case}” is not an object"))?;
    let mut mocks = Mocks::default();
    for (state, response) in states {
        let name = response
            .as_str()
            .ok_or_else(|| format!("Test case “{case}” must name a response for state “{state}”"))?;
        let response = responses.get(name).ok_or_else(|| {
            format!("Test case “{case}” refers to the response “{name}”, which MockedResponses does not have")
        })?;
        mocks.states.insert(state.clone(), rows_of_response(name, response)?);
    }
    Ok(mocks)
}

/// The rows of a response, in order, without a gap and from the first call on.
fn rows_of_response(name: &str, response: &Value) -> Result<Vec<MockRow>, String> {
    let entries = object(Some(response), &format!("The response “{name}” is not an object"))?;
    let mut rows = Vec::new();
    for (key, value) in entries {
        let (first, last) = range(key).ok_or_else(|| {
            format!("The key “{key}” of the response “{name}” is neither a number nor a range such as “1-2”")
        })?;
        let answer = answer(value).ok_or_else(|| {
            format!("The entry “{key}” of the response “{name}” needs either Return or Throw with an Error")
        })?;
        rows.push(MockRow { first, last: (last < NO_END).then_some(last), answer });
    }
    rows.sort_by_key(|it| it.first);
    let mut expected = Some(0);
    for row in &rows {
        if Some(row.first) != expected {
            let number = expected.map_or_else(|| "nothing".to_string(), |it| it.to_string());
            let found = row.first;
            return Err(format!(
                "The calls of the response “{name}” have a gap or overlap: expected {number}, found {found}"
            ));
        }
        expected = row.last.and_then(|it| it.checked_add(1));
    }
    Ok(rows)
}

fn range(key: &str) -> Option<(u32, u32)> {
    let number = |text: &str| -> Option<u32> {
        text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok())?
    };
    let (first, last) = match key.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(key)?, number(key)?),
    };
    (first <= last).then_some((first, last))
}

fn answer(value: &Value) -> Option<Answer> {
    match (value.get("Return"), value.get("Throw")) {
        (Some(result), None) => Some(Answer::Return(Arc::new(result.clone()))),
        (None, Some(error)) => {
            let text = |field: &str| error.get(field).and_then(Value::as_str).unwrap_or_default().to_string();
            let error = StatesError { name: error.get("Error")?.as_str()?.to_string(), cause: text("Cause") };
            // The format has no word of its own for a call that never answers.
            let silent = error.name == "States.Timeout" && error.cause.is_empty();
            Some(if silent { Answer::TimeOut } else { Answer::Throw(error) })
        }
        _ => None,
    }
}

fn response_of_rows(rows: &[MockRow]) -> Value {
    let rows = rows.iter().map(|row| {
        let key = match row.last.unwrap_or(NO_END) {
            last if last == row.first => last.to_string(),
            last => format!("{}-{last}", row.first),
        };
        let throw = |name: &str, cause: &str| json!({ "Throw": { "Error": name, "Cause": cause } });
        let value = match &row.answer {
            Answer::Return(result) => json!({ "Return": result.as_ref() }),
            Answer::Throw(error) => throw(&error.name, &error.cause),
            Answer::TimeOut => throw("States.Timeout", ""),
        };
        (key, value)
    });
    Value::Object(rows.collect())
}

fn object<'v>(value: Option<&'v Value>, sentence: &str) -> Result<&'v Map<String, Value>, String> {
    value.and_then(Value::as_object).ok_or_else(|| sentence.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Value {
        json!({
            "StateMachines": { "orders": { "TestCases": {
                "Happy": { "Charge": "Charge" },
                "Declined": { "Charge": "Charge 2", "Notify": "Notify" }
            } } },
            "MockedResponses": {
                "Charge": { "0-99999999": { "Return": { "ok": true } } },
                "Charge 2": {
                    "0": { "Throw": { "Error": "States.Timeout", "Cause": "" } },
                    "1-2": { "Throw": { "Error": "Card.Declined", "Cause": "no money" } },
                    "3": { "Return": null }
                },
                "Notify": { "0": { "Return": 1 } }
            },
            "Stepglass": {
                "Title": "Orders",
                "Summary": "How an order is paid",
                "Scenarios": { "Happy": { "Input": { "id": 1 }, "Note": "All goes well" }, "Declined": { "Input": {} } }
            }
        })
    }

    #[test]
    fn a_file_is_read_and_written_without_loss() {
        let read = scenarios_from_file(&file()).expect("a good file");
        assert_eq!(scenarios_to_file(&read), file());
        assert_eq!(read.scenarios.len(), 2);
        let declined = read.scenarios.iter().find(|it| it.name == "Declined").expect("there");
        assert_eq!(declined.mocks.answer("Charge", 0), Some(&Answer::TimeOut));
        let thrown = StatesError { name: "Card.Declined".to_string(), cause: "no money".to_string() };
        assert_eq!(declined.mocks.answer("Charge", 2), Some(&Answer::Throw(thrown)));
        assert_eq!(declined.mocks.answer("Charge", 4), None);
        assert_eq!(declined.mocks.answer("Ship", 0), None);
    }

    #[track_caller]
    fn check(pointer: &str, value: Value, sentence: &str) {
        let mut file = file();
        *file.pointer_mut(pointer).expect("a place in the file") = value;
        assert_eq!(scenarios_from_file(&file), Err(sentence.to_string()));
    }

    #[test]
    fn every_fault_of_a_file_is_told_with_its_place() {
        check("/StateMachines", json!(1), "The file has no StateMachines");
        check("/StateMachines", json!({}), "StateMachines has no state machine");
        check("/StateMachines/orders", json!({}), "State machine “orders” has no TestCases");
        check("/StateMachines/orders/TestCases/Happy", json!([]), "Test case “Happy” is not an object");
        check(
            "/StateMachines/orders/TestCases/Happy/Charge",
            json!(1),
            "Test case “Happy” must name a response for state “Charge”",
        );
        check(
            "/StateMachines/orders/TestCases/Happy/Charge",
            json!("Nope"),
            "Test case “Happy” refers to the response “Nope”, which MockedResponses does not have",
        );
        check("/MockedResponses/Charge", json!("x"), "The response “Charge” is not an object");
        check(
            "/MockedResponses/Charge",
            json!({"first": {"Return": 1}}),
            "The key “first” of the response “Charge” is neither a number nor a range such as “1-2”",
        );
        check(
            "/MockedResponses/Charge",
            json!({"-1": {"Return": 1}}),
            "The key “-1” of the response “Charge” is neither a number nor a range such as “1-2”",
        );
        check(
            "/MockedResponses/Charge",
            json!({"0": {"Return": 1}, "2": {"Return": 1}}),
            "The calls of the response “Charge” have a gap or overlap: expected 1, found 2",
        );
        check(
            "/MockedResponses/Charge",
            json!({"0": {}}),
            "The entry “0” of the response “Charge” needs either Return or Throw with an Error",
        );
    }
}
