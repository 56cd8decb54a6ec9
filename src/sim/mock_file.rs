//! The answers in a mock file. The plain part is AWS's MockConfigFile.json:
//!
//! ```json
//! {
//!   "StateMachines": { "Orders": { "TestCases": { "Declined": { "Charge": "ChargeDeclined" } } } },
//!   "MockedResponses": { "ChargeDeclined": {
//!     "0": { "Throw": { "Error": "Busy", "Cause": "" } },
//!     "1-2": { "Return": { "ok": true } }
//!   } }
//! }
//! ```
//!
//! Keys are call numbers over the execution or ranges of them, from 0 on and without a gap. What
//! the format lacks stands in members beside `Return` and `Throw`, which plain readers pass over:
//!
//! - `"DelaySeconds": 2.5`: virtual time from the call to the answer. An answer that comes after
//!   the state's `TimeoutSeconds` does not come at all.
//! - `"LoseHeartbeat": true`: the call is heard no more after its delay, so that it ends with
//!   `States.Timeout` after `HeartbeatSeconds`. Otherwise heartbeats are assumed to arrive. A
//!   plain reader sees the `Throw` beside it, if there is one.
//! - `"Compute": { "id.$": "$.orderId" }`: the result is what this payload template makes of the
//!   call's parameters (`$`), the context object (`$$`) and variables. With JSONata in it, as in
//!   `"{% $states.input.orderId %}"`, it reads the parameters, `$states.context` and variables. The
//!   language of the state does not matter. A plain reader sees the `Return` beside it, if there is
//!   one.
//! - `"Choices": [ … ]`: answers that come first. Each has its own `Return`, `Throw`, `Compute`, …
//!   and any of the conditions `"Item": 2` or `"0-3"` (the index in the innermost Map around the
//!   state), `"RetryCount": 0` or `"1-2"` (as `$$.State.RetryCount`) and `"When": { … }` (the
//!   parameters of the call contain this: of objects the members named, else equal values). The
//!   first choice whose conditions all hold answers; none: the `Return` or `Throw` beside
//!   `Choices`, and where there is none the run asks.
//!
//! A `Throw` of `States.Timeout` without a cause is a call that never answers.
//!
//! Other machines that `startExecution` really runs stand in a member at the top, as definition or
//! with the test case that answers its calls:
//!
//! ```json
//! { "Machines": { "arn:aws:states:eu-west-1:123456789012:stateMachine:Ship":
//!     { "Definition": { "StartAt": "…", "States": {} }, "Case": "Lost", "Type": "EXPRESS" } } }
//! ```
//!
//! The mocks of such a machine stand in the same file under its name, `Ship`.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::asl::MachineType;
use crate::sim::machines::{Machine, Machines};
use crate::sim::mocks::{Answer, MockRow, Numbers, Only};
use crate::sim::trace::StatesError;
use crate::text::Arrange;

/// The last call of a row that has no end; AWS's format needs a number.
pub(crate) const NO_END: u32 = 99_999_999;
/// The longest delay, in seconds: AWS's longest timeout.
const MAX_DELAY_SECS: f64 = 99_999_999.0;

/// The answers of one test case by state name.
pub(crate) fn states_of_case(
    case: &str,
    states: &Value,
    responses: &Map<String, Value>,
) -> Result<IndexMap<String, Vec<MockRow>>, String> {
    let states = object(Some(states), &format!("Test case “{case}” is not an object"))?;
    let mut rows = IndexMap::new();
    for (state, response) in states {
        let name = response
            .as_str()
            .ok_or_else(|| format!("Test case “{case}” must name a response for state “{state}”"))?;
        let response = responses.get(name).ok_or_else(|| {
            format!("Test case “{case}” refers to the response “{name}”, which MockedResponses does not have")
        })?;
        let read = rows_of_response(name, response);
        rows.insert(state.clone(), read.map_err(|it| format!("Test case “{case}”, state “{state}”: {it}"))?);
    }
    Ok(rows)
}

/// The rows of a response, in order, without a gap and from the first call on.
pub(crate) fn rows_of_response(name: &str, response: &Value) -> Result<Vec<MockRow>, String> {
    let entries = object(Some(response), &format!("the response “{name}” is not an object"))?;
    let mut found = Vec::new();
    for (key, entry) in entries {
        let numbers = range(key).ok_or_else(|| {
            format!("the key “{key}” of the response “{name}” is neither a number nor a range such as “1-2”")
        })?;
        found.push((numbers, key, entry));
    }
    found.arrange_by_key(|(numbers, ..)| numbers.first);
    let mut rows = Vec::new();
    let mut expected = Some(0);
    for (numbers, key, entry) in found {
        if Some(numbers.first) != expected {
            let number = expected.map_or_else(|| "nothing".to_string(), |it: u32| it.to_string());
            let first = numbers.first;
            return Err(format!(
                "the calls of the response “{name}” have a gap or overlap: expected {number}, found {first}"
            ));
        }
        let last = (numbers.last < NO_END).then_some(numbers.last);
        expected = last.and_then(|it| it.checked_add(1));
        let place = format!("the entry “{key}” of the response “{name}”");
        read_entry(&place, entry, numbers.first, last, &mut rows)?;
    }
    Ok(rows)
}

/// The rows of one entry: its choices, then what else comes back.
fn read_entry(
    place: &str,
    entry: &Value,
    first: u32,
    last: Option<u32>,
    rows: &mut Vec<MockRow>,
) -> Result<(), String> {
    let choices = match entry.get("Choices") {
        None => &[][..],
        Some(Value::Array(choices)) if !choices.is_empty() => choices.as_slice(),
        Some(_) => return Err(format!("{place} needs a list with at least one choice in Choices")),
    };
    for (idx, choice) in choices.iter().enumerate() {
        let place = format!("choice {} of {place}", idx + 1);
        if choice.get("Choices").is_some() {
            return Err(format!("{place} cannot have Choices itself"));
        }
        let only = Only {
            item: numbers_of(&place, choice, "Item")?,
            retry_count: numbers_of(&place, choice, "RetryCount")?,
            when: choice.get("When").cloned().map(Arc::new),
        };
        if only.is_empty() {
            return Err(format!("{place} has none of the conditions Item, RetryCount and When"));
        }
        let answer = read_answer(&place, choice)?.ok_or_else(|| needs_answer(&place))?;
        rows.push(MockRow { first, last, only, delay_millis: read_delay(&place, choice)?, answer });
    }
    match read_answer(place, entry)? {
        Some(answer) => {
            let delay_millis = read_delay(place, entry)?;
            rows.push(MockRow { delay_millis, ..MockRow::new(first, last, answer) });
        }
        None if choices.is_empty() => return Err(needs_answer(place)),
        None => {}
    }
    Ok(())
}

fn needs_answer(place: &str) -> String {
    format!("{place} needs either Return or Throw with an Error")
}

fn read_answer(place: &str, entry: &Value) -> Result<Option<Answer>, String> {
    let loses = match entry.get("LoseHeartbeat") {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err(format!("LoseHeartbeat in {place} must be true or false")),
    };
    Ok(Some(match (entry.get("Return"), entry.get("Throw"), entry.get("Compute")) {
        (None, throw, None) if loses => {
            throw.map(|it| read_error(place, it)).transpose()?;
            Answer::LoseHeartbeat
        }
        (_, None, Some(template)) if !loses => Answer::Compute(Arc::new(template.clone())),
        (Some(result), None, None) if !loses => Answer::Return(Arc::new(result.clone())),
        (None, Some(throw), None) => {
            let error = read_error(place, throw)?;
            // The format has no word of its own for a call that never answers.
            let silent = error.name == "States.Timeout" && error.cause.is_empty();
            if silent { Answer::TimeOut } else { Answer::Throw(error) }
        }
        (None, None, None) => return Ok(None),
        _ => return Err(needs_answer(place)),
    }))
}

fn read_error(place: &str, throw: &Value) -> Result<StatesError, String> {
    let name = throw.get("Error").and_then(Value::as_str).ok_or_else(|| needs_answer(place))?;
    let cause = match throw.get("Cause") {
        None => "",
        Some(Value::String(text)) => text.as_str(),
        Some(_) => return Err(format!("the Cause in {place} must be text")),
    };
    Ok(StatesError { name: name.to_string(), cause: cause.to_string() })
}

fn read_delay(place: &str, entry: &Value) -> Result<Option<u64>, String> {
    let Some(value) = entry.get("DelaySeconds") else { return Ok(None) };
    match value.as_f64() {
        Some(secs) if secs < 0.0 => Err(format!("DelaySeconds in {place} is negative: {value}")),
        Some(secs) if secs <= MAX_DELAY_SECS => Ok(Some((secs * 1_000.0).round() as u64)),
        Some(_) => Err(format!("DelaySeconds in {place} is longer than {MAX_DELAY_SECS} seconds: {value}")),
        None => Err(format!("DelaySeconds in {place} must be a number")),
    }
}

fn numbers_of(place: &str, choice: &Value, field: &str) -> Result<Option<Numbers>, String> {
    let Some(value) = choice.get(field) else { return Ok(None) };
    let numbers = match value {
        Value::String(text) => range(text),
        other => other
            .as_u64()
            .and_then(|it| u32::try_from(it).ok())
            .map(|number| Numbers { first: number, last: number }),
    };
    let fault = || format!("{field} in {place} is neither a number nor a range such as “1-2”");
    numbers.map(Some).ok_or_else(fault)
}

fn range(key: &str) -> Option<Numbers> {
    let number = |text: &str| -> Option<u32> {
        text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok())?
    };
    let (first, last) = match key.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(key)?, number(key)?),
    };
    (first <= last).then_some(Numbers { first, last })
}

/// The file form of rows; reading it gives them back.
pub(crate) fn response_of_rows(rows: &[MockRow]) -> Value {
    let mut response: Map<String, Value> = Map::new();
    for row in rows {
        let key = key_of(row.first, row.last.unwrap_or(NO_END));
        let mut entry = value_of_answer(&row.answer);
        if let Some(millis) = row.delay_millis {
            entry.insert("DelaySeconds".to_string(), seconds(millis));
        }
        let place = response.entry(key).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(place) = place else { continue };
        if row.only.is_empty() {
            // What no call reaches is left out.
            for (name, value) in entry {
                place.entry(name).or_insert(value);
            }
            continue;
        }
        let mut choice = Map::new();
        for (name, numbers) in [("Item", row.only.item), ("RetryCount", row.only.retry_count)] {
            if let Some(numbers) = numbers {
                choice.insert(name.to_string(), Value::from(key_of(numbers.first, numbers.last)));
            }
        }
        if let Some(when) = &row.only.when {
            choice.insert("When".to_string(), when.as_ref().clone());
        }
        choice.extend(entry);
        let choices = place.entry("Choices").or_insert_with(|| json!([]));
        if let Value::Array(choices) = choices {
            choices.push(Value::Object(choice));
        }
    }
    Value::Object(response)
}

fn key_of(first: u32, last: u32) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

fn seconds(millis: u64) -> Value {
    match millis.is_multiple_of(1_000) {
        true => Value::from(millis / 1_000),
        false => Value::from(millis as f64 / 1_000.0),
    }
}

fn value_of_answer(answer: &Answer) -> Map<String, Value> {
    let throw = |name: &str, cause: &str| json!({ "Throw": { "Error": name, "Cause": cause } });
    let value = match answer {
        Answer::Return(result) => json!({ "Return": result.as_ref() }),
        Answer::Throw(error) => throw(&error.name, &error.cause),
        Answer::TimeOut => throw("States.Timeout", ""),
        Answer::LoseHeartbeat => {
            json!({ "Throw": { "Error": "States.Timeout", "Cause": "" }, "LoseHeartbeat": true })
        }
        Answer::Compute(template) => json!({ "Compute": template.as_ref() }),
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The machines of a file, without their mocks.
pub(crate) fn read_machines(value: Option<&Value>) -> Result<Machines, String> {
    let Some(value) = value else { return Ok(Machines::default()) };
    let entries = object(Some(value), "Machines is not an object of definitions by ARN")?;
    let mut machines = Machines::default();
    for (arn, entry) in entries {
        let wrapped = entry.get("States").is_none().then(|| entry.get("Definition")).flatten();
        let definition = wrapped.unwrap_or(entry);
        if !definition.is_object() {
            return Err(format!("The machine “{arn}” in Machines has no definition"));
        }
        let mut machine = Machine::new(arn, definition.clone());
        if wrapped.is_some() {
            machine.case = match entry.get("Case") {
                None => None,
                Some(Value::String(case)) => Some(case.clone()),
                Some(_) => return Err(format!("The Case of the machine “{arn}” in Machines must be text")),
            };
            machine.machine_type = match entry.get("Type").map(|it| it.as_str()) {
                None | Some(Some("STANDARD")) => MachineType::Standard,
                Some(Some("EXPRESS")) => MachineType::Express,
                Some(_) => {
                    let what = "must be STANDARD or EXPRESS";
                    return Err(format!("The Type of the machine “{arn}” in Machines {what}"));
                }
            };
        }
        machines.insert(arn, machine);
    }
    Ok(machines)
}

/// Gives each machine the mocks of its test case: the one it names, else the one that is called
/// like the case of the run, else the only one.
pub(crate) fn mock_machines(
    machines: &Machines,
    run_case: &str,
    file: &Value,
    responses: &Map<String, Value>,
) -> Result<Machines, String> {
    let mut machines = machines.clone();
    for (arn, machine) in &mut machines.0 {
        let cases = file.get("StateMachines").and_then(|it| it.get(&machine.name));
        let cases = cases.and_then(|it| it.get("TestCases")).and_then(Value::as_object);
        let case = match &machine.case {
            Some(case) => Some(case.clone()),
            None => cases.and_then(|cases| match cases.contains_key(run_case) {
                true => Some(run_case.to_string()),
                false => cases.keys().next().filter(|_| cases.len() == 1).cloned(),
            }),
        };
        let Some(case) = case else { continue };
        let states = cases.and_then(|it| it.get(&case)).ok_or_else(|| {
            let name = &machine.name;
            format!("The machine “{arn}” in Machines wants the test case “{case}”, which StateMachines does not have for “{name}”")
        })?;
        machine.states = states_of_case(&case, states, responses)?;
    }
    Ok(machines)
}

pub(crate) fn object<'v>(value: Option<&'v Value>, sentence: &str) -> Result<&'v Map<String, Value>, String> {
    value.and_then(Value::as_object).ok_or_else(|| sentence.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(response: Value) {
        let rows = rows_of_response("R", &response).expect("a good response");
        assert_eq!(response_of_rows(&rows), response);
    }

    #[test]
    fn rows_are_read_and_written_without_loss() {
        check(json!({"0": {"Return": null}, "1-2": {"Throw": {"Error": "E", "Cause": "c"}}}));
        check(json!({"0": {"Throw": {"Error": "States.Timeout", "Cause": ""}, "LoseHeartbeat": true}}));
        check(
            json!({"0": {"Compute": {"a.$": "$.b"}, "DelaySeconds": 0.25}, "1": {"Return": 1, "DelaySeconds": 3}}),
        );
        check(json!({"0-99999999": {
            "Choices": [
                {"Item": "2", "RetryCount": "0-1", "Throw": {"Error": "E", "Cause": ""}},
                {"When": {"id": 1}, "Return": 2, "DelaySeconds": 60}
            ],
            "Return": 3
        }}));
        check(json!({"0": {"Choices": [{"Item": "0", "Return": 2}]}}));
    }

    #[track_caller]
    fn check_fault(entry: Value, sentence: &str) {
        let fault = rows_of_response("R", &json!({ "0": entry })).expect_err("a fault");
        assert_eq!(fault, sentence);
    }

    #[test]
    fn every_fault_of_an_entry_names_its_place() {
        let either = "the entry “0” of the response “R” needs either Return or Throw with an Error";
        check_fault(json!(1), either);
        check_fault(json!({"Return": 1, "Throw": {"Error": "E"}}), either);
        check_fault(json!({"Throw": "E"}), either);
        check_fault(json!({"Throw": {"Error": 1}}), either);
        check_fault(json!({"Compute": 1, "Throw": {"Error": "E"}}), either);
        check_fault(json!({"Return": 1, "LoseHeartbeat": true}), either);
        check_fault(
            json!({"Throw": {"Error": "E", "Cause": 1}}),
            "the Cause in the entry “0” of the response “R” must be text",
        );
        check_fault(
            json!({"Throw": {"Error": "E"}, "LoseHeartbeat": 1}),
            "LoseHeartbeat in the entry “0” of the response “R” must be true or false",
        );
        check_fault(
            json!({"Return": 1, "DelaySeconds": -0.5}),
            "DelaySeconds in the entry “0” of the response “R” is negative: -0.5",
        );
        check_fault(
            json!({"Return": 1, "DelaySeconds": "1"}),
            "DelaySeconds in the entry “0” of the response “R” must be a number",
        );
        check_fault(
            json!({"Return": 1, "DelaySeconds": 1e9}),
            "DelaySeconds in the entry “0” of the response “R” is longer than 99999999 seconds: 1000000000.0",
        );
        check_fault(
            json!({"Choices": []}),
            "the entry “0” of the response “R” needs a list with at least one choice in Choices",
        );
        check_fault(
            json!({"Choices": [{"Return": 1}]}),
            "choice 1 of the entry “0” of the response “R” has none of the conditions Item, RetryCount and When",
        );
        check_fault(
            json!({"Choices": [{"Item": 1, "Return": 1}, {"Item": 2}]}),
            "choice 2 of the entry “0” of the response “R” needs either Return or Throw with an Error",
        );
        check_fault(
            json!({"Choices": [{"Item": -1, "Return": 1}]}),
            "Item in choice 1 of the entry “0” of the response “R” is neither a number nor a range such as “1-2”",
        );
        check_fault(
            json!({"Choices": [{"Item": 1, "Choices": []}]}),
            "choice 1 of the entry “0” of the response “R” cannot have Choices itself",
        );
    }

    #[test]
    fn what_stands_beside_is_for_plain_readers() {
        let rows = rows_of_response("R", &json!({"0": {"Return": 1, "Compute": {"a": 2}, "Unknown": 3}}));
        let rows = rows.expect("a good response");
        assert_eq!(rows, [MockRow::new(0, Some(0), Answer::Compute(Arc::new(json!({"a": 2}))))]);
    }

    #[track_caller]
    fn check_machines(value: Value, sentence: &str) {
        assert_eq!(read_machines(Some(&value)), Err(sentence.to_string()));
    }

    #[test]
    fn every_fault_of_a_machine_names_its_arn() {
        check_machines(json!([]), "Machines is not an object of definitions by ARN");
        check_machines(json!({"a": 1}), "The machine “a” in Machines has no definition");
        check_machines(json!({"a": {"Definition": 1}}), "The machine “a” in Machines has no definition");
        let with = |name: &str, value: Value| json!({"a": {"Definition": {}, name: value}});
        check_machines(with("Case", json!(1)), "The Case of the machine “a” in Machines must be text");
        check_machines(
            with("Type", json!("FAST")),
            "The Type of the machine “a” in Machines must be STANDARD or EXPRESS",
        );
    }
}
