//! Scenarios: an input and what calls answer. Between the forms that users type and those that
//! the simulator reads.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::asl::integrations::integration;
use crate::asl::reading::call_reading;
use crate::asl::{Document, Pattern, Resource, StateKind, StatePath};
use crate::json::read_json;
use crate::sim::{Answer, MockRow, Mocks, Scenario};
use crate::studio::command::{AnswerInput, MockAnswer, Refusal};
use crate::studio::edit::refuse;
use crate::studio::facade::Studio;
use crate::studio::view::{MockView, ScenariosView};
use crate::text::Arrange;

/// A scenario with nothing in it yet.
pub fn empty_scenario(name: &str) -> Scenario {
    Scenario {
        name: name.to_owned(),
        note: String::new(),
        input: Arc::new(Value::Object(serde_json::Map::new())),
        mocks: Mocks::default(),
        expect: None,
    }
}

/// The scenarios for all panes.
pub fn scenarios_view(document: &Document, scenarios: &[Scenario], chosen: usize) -> ScenariosView {
    let Some(scenario) = scenarios.get(chosen) else { return ScenariosView::default() };
    let tasks = document.machine.states.iter().filter(|it| matches!(it.kind, StateKind::Task { .. }));
    let mocks = tasks.map(|it| MockView {
        state: it.name.clone(),
        path: it.path.clone(),
        calls: call_reading(&document.tree, it).unwrap_or_default(),
        answers: scenario.mocks.states.get(&it.name).map(|it| answers_of(it)).unwrap_or_default(),
    });
    ScenariosView {
        names: scenarios.iter().map(|it| it.name.clone()).collect(),
        chosen: scenario.name.clone(),
        note: scenario.note.clone(),
        input: pretty(&scenario.input),
        mocks: mocks.collect(),
    }
}

/// JSON text that a user typed; the refusal says where it is wrong.
pub fn json_of(text: &str, what: &str) -> Result<Value, Refusal> {
    match read_json(text) {
        Ok(value) => Ok(value),
        Err(_) if text.trim().is_empty() => {
            refuse(format!("{what} is empty; JSON is needed, for instance {{}}"))
        }
        Err(error) => refuse(format!("{what} is not JSON, line {}, column {}", error.line, error.column)),
    }
}

/// What the user answered, as the simulator takes it.
pub fn answer_of(input: &AnswerInput) -> Result<Answer, Refusal> {
    Ok(match input {
        AnswerInput::Succeed(text) => Answer::Return(Arc::new(json_of(text, "The result")?)),
        AnswerInput::Fail(error) if error.name.trim().is_empty() => {
            return refuse("An error needs a name, for instance States.TaskFailed");
        }
        AnswerInput::Fail(error) => Answer::Throw(error.clone()),
        AnswerInput::TimeOut => Answer::TimeOut,
    })
}

/// What the simulator answers, as the user typed it.
pub fn input_of(answer: &Answer) -> AnswerInput {
    match answer {
        Answer::Return(value) => AnswerInput::Succeed(pretty(value)),
        Answer::Throw(error) => AnswerInput::Fail(error.clone()),
        Answer::TimeOut | Answer::LoseHeartbeat => AnswerInput::TimeOut,
        Answer::Compute(template) => AnswerInput::Succeed(pretty(template)),
    }
}

/// The rows of a mock as the simulator takes them. What cannot be typed (conditions, delays,
/// computed results) stays as it is in the rows before.
pub fn rows_of(answers: &[MockAnswer], before: &[MockRow]) -> Result<Vec<MockRow>, Refusal> {
    let (mut rows, plain): (Vec<MockRow>, Vec<MockRow>) =
        before.iter().cloned().partition(|it| !it.only.is_empty());
    let mut plain = plain.into_iter();
    for answer in answers {
        if answer.last.is_some_and(|last| last < answer.first) {
            return refuse(format!("Calls {} to {} are no range", answer.first, answer.last.unwrap_or(0)));
        }
        let row = MockRow::new(answer.first, answer.last, answer_of(&answer.answer)?);
        let same = plain.next().filter(|it| input_of(&it.answer) == answer.answer);
        rows.push(match same {
            Some(same) => MockRow { first: row.first, last: row.last, ..same },
            None => row,
        });
    }
    rows.arrange_by_key(|it| it.first);
    Ok(rows)
}

fn answers_of(rows: &[MockRow]) -> Vec<MockAnswer> {
    rows.iter()
        .filter(|it| it.only.is_empty())
        .map(|it| MockAnswer { first: it.first, last: it.last, answer: input_of(&it.answer) })
        .collect()
}

/// Adds an answer behind the last one, for all later calls. An open end closes where it begins.
pub fn append_answer(rows: &mut Vec<MockAnswer>, answer: AnswerInput) {
    if let Some(last) = rows.last_mut() {
        last.last = Some(last.last.unwrap_or(last.first));
    }
    rows.push(MockAnswer { first: 0, last: None, answer });
    count_calls_anew(rows);
}

/// Takes an answer away; the later ones move up.
pub fn remove_answer(rows: &mut Vec<MockAnswer>, idx: usize) {
    if idx < rows.len() {
        rows.remove(idx);
    }
    count_calls_anew(rows);
}

/// Lets an answer stand for so many calls, `None` for all later ones; the later answers move.
pub fn set_n_calls(rows: &mut [MockAnswer], idx: usize, n_calls: Option<u32>) {
    if let Some(row) = rows.get_mut(idx) {
        row.last = n_calls.map(|it| row.first.saturating_add(it.saturating_sub(1)));
    }
    count_calls_anew(rows);
}

/// Calls are consecutive from 0, as MockConfigFile wants them; each row keeps its number of calls.
fn count_calls_anew(rows: &mut [MockAnswer]) {
    let mut first = 0_u32;
    for row in rows {
        let n_more = row.last.map(|last| last.saturating_sub(row.first));
        row.first = first;
        row.last = n_more.map(|more| first.saturating_add(more));
        first = row.last.unwrap_or(first).saturating_add(1);
    }
}

/// Remembers an answer for one call. Rows that speak of this call make room for it.
pub fn remember(mocks: &mut Mocks, state: &str, invocation: u32, answer: Answer, delay_millis: Option<u64>) {
    let rows = mocks.states.entry(state.to_owned()).or_default();
    let mut kept = Vec::new();
    for row in rows.drain(..) {
        let reaches = row.first <= invocation && row.last.is_none_or(|last| invocation <= last);
        if !reaches {
            kept.push(row);
            continue;
        }
        if let Some(before) = invocation.checked_sub(1).filter(|it| row.first <= *it) {
            kept.push(MockRow { last: Some(before), ..row.clone() });
        }
        let after = invocation.saturating_add(1);
        if row.last.is_none_or(|last| after <= last) {
            kept.push(MockRow { first: after, ..row });
        }
    }
    kept.push(MockRow { delay_millis, ..MockRow::new(invocation, Some(invocation), answer) });
    kept.arrange_by_key(|it| it.first);
    *rows = kept;
}

/// Remembers the object that an `ItemReader` asked for with these parameters.
pub fn remember_object(mocks: &mut Mocks, parameters: &Value, content: &Arc<Value>) {
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    if let (Some(bucket), Some(key)) = (text("Bucket"), text("Key")) {
        Arc::make_mut(&mut mocks.objects).put(format!("s3://{bucket}/{key}"), Arc::clone(content));
    }
}

/// Lets mocks follow a state to its new name.
pub fn rename_mocks(scenarios: &mut [Scenario], old: &str, new: &str) {
    for scenario in scenarios {
        let states = &mut scenario.mocks.states;
        if states.contains_key(new) {
            continue;
        }
        if let Some((idx, _, rows)) = states.shift_remove_full(old) {
            states.shift_insert(idx, new.to_owned(), rows);
        }
    }
}

/// A first proposal for what a call gives back: what this state answered before, anywhere, else a
/// sample that fits the service.
pub fn suggestion(scenarios: &[Scenario], state: &str, resource: &str) -> String {
    let rows = scenarios.iter().filter_map(|it| it.mocks.states.get(state)).flatten();
    let known = rows.rev().find_map(|it| match &it.answer {
        Answer::Return(value) => Some(pretty(value)),
        _ => None,
    });
    known.unwrap_or_else(|| sample_of(resource))
}

impl Studio {
    /// A first proposal for what this state's call gives back, as JSON text.
    pub fn proposed_answer(&self, state: &StatePath) -> String {
        let state = self.document.state(state);
        match state.map(|it| (&it.name, &it.kind)) {
            Some((name, StateKind::Task { resource: Some(resource), .. })) => {
                suggestion(&self.scenarios, name, resource)
            }
            _ => "{}".to_owned(),
        }
    }
}

/// What the call would give back, in its smallest form.
fn sample_of(resource: &str) -> String {
    let resource = Resource::parse(resource);
    let sample = integration(&resource).map(|it| it.result(resource.pattern));
    let mut sample: Value = sample.and_then(|it| read_json(it).ok()).unwrap_or_else(|| json!({}));
    if let (Pattern::Sync, Some(output)) = (resource.pattern, sample.get_mut("Output")) {
        // Without :2 the output of a child comes as JSON text.
        *output = Value::from(output.to_string());
    }
    pretty(&sample)
}

/// Names for “Fail with…”: those the state reacts to first.
pub fn error_names(document: &Document, state: &crate::asl::StatePath) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let known = document.state(state);
    let handled = known.into_iter().flat_map(|it| {
        it.retry.iter().flat_map(|it| &it.error_equals).chain(it.catch.iter().flat_map(|it| &it.error_equals))
    });
    let usual = ["States.TaskFailed", "States.Timeout", "States.Permissions"];
    for name in handled.map(String::as_str).chain(usual) {
        if name != "States.ALL" && !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// A value on several lines.
pub fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(first: u32, last: Option<u32>, n: i32) -> MockRow {
        MockRow::new(first, last, Answer::Return(Arc::new(json!(n))))
    }

    #[track_caller]
    fn check(rows: Vec<MockRow>, invocation: u32, expected: Vec<MockRow>) {
        let mut mocks = Mocks::default();
        mocks.states.insert("A".to_owned(), rows);
        remember(&mut mocks, "A", invocation, Answer::Return(Arc::new(json!(9))), None);
        assert_eq!(mocks.states.get("A"), Some(&expected));
    }

    #[test]
    fn an_answer_is_remembered_for_its_call_only() {
        check(vec![], 0, vec![row(0, Some(0), 9)]);
        check(vec![row(0, Some(0), 1)], 1, vec![row(0, Some(0), 1), row(1, Some(1), 9)]);
        check(vec![row(0, None, 1)], 0, vec![row(0, Some(0), 9), row(1, None, 1)]);
        check(vec![row(0, Some(4), 1)], 2, vec![row(0, Some(1), 1), row(2, Some(2), 9), row(3, Some(4), 1)]);
    }

    #[test]
    fn mocks_follow_a_rename_in_place_and_never_overwrite() {
        let mut scenario = empty_scenario("s");
        for name in ["A", "B"] {
            scenario.mocks.states.insert(name.to_owned(), vec![row(0, None, 1)]);
        }
        let mut scenarios = [scenario];
        rename_mocks(&mut scenarios, "A", "C");
        let names = |it: &[Scenario]| it[0].mocks.states.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&scenarios), ["C", "B"]);
        rename_mocks(&mut scenarios, "C", "B");
        assert_eq!(names(&scenarios), ["C", "B"]);
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        let refusal = json_of("{\n \"a\": }", "The input").unwrap_err();
        assert_eq!(refusal.0, "The input is not JSON, line 2, column 7");
    }

    #[test]
    fn calls_stay_consecutive_when_answers_come_go_and_last_longer() {
        let calls = |rows: &[MockAnswer]| rows.iter().map(|it| (it.first, it.last)).collect::<Vec<_>>();
        let mut rows = Vec::new();
        for _ in 0..3 {
            append_answer(&mut rows, AnswerInput::TimeOut);
        }
        assert_eq!(calls(&rows), [(0, Some(0)), (1, Some(1)), (2, None)]);
        set_n_calls(&mut rows, 0, Some(3));
        assert_eq!(calls(&rows), [(0, Some(2)), (3, Some(3)), (4, None)]);
        remove_answer(&mut rows, 1);
        assert_eq!(calls(&rows), [(0, Some(2)), (3, None)]);
        set_n_calls(&mut rows, 1, Some(2));
        append_answer(&mut rows, AnswerInput::TimeOut);
        assert_eq!(calls(&rows), [(0, Some(2)), (3, Some(4)), (5, None)]);
        remove_answer(&mut rows, 9);
        set_n_calls(&mut rows, 0, None);
        assert_eq!(calls(&rows), [(0, None), (1, Some(2)), (3, None)]);
    }
}
