//! What a pattern brings along for runs: an input that it can work on and answers for its calls, so
//! that it runs to its end as soon as it stands. Nothing that the user has said is changed.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::sim::{Answer, MockRow, Scenario, StatesError};
use crate::studio::command::Template;
use crate::studio::palette::patterns::pattern;

/// The samples of a template.
pub(crate) struct Seeds {
    samples: Map<String, Value>,
}

/// The samples of a template, if it has any.
pub(crate) fn seeds(template: &Template) -> Option<Seeds> {
    let samples = match template.id.as_str() {
        "map" => r#"{"input":{"items":[1,2,3]}}"#,
        id => pattern(id)?.samples,
    };
    Some(Seeds { samples: serde_json::from_str(samples).ok()? })
}

impl Seeds {
    /// Adds the samples to a scenario for states that are new; their names may have got a number.
    pub(crate) fn sow(&self, scenario: &mut Scenario, new_states: &[String]) {
        let member = |name: &str| self.samples.get(name).and_then(Value::as_object);
        if let Some(input) = self.samples.get("input")
            && scenario.input.as_object().is_some_and(Map::is_empty)
        {
            scenario.input = Arc::new(input.clone());
        }
        for (address, content) in member("objects").into_iter().flatten() {
            if scenario.mocks.objects.get(address).is_none() {
                let content = Arc::new(content.clone());
                Arc::make_mut(&mut scenario.mocks.objects).put(address.clone(), content);
            }
        }
        for (name, answers) in member("answers").into_iter().flatten() {
            let Some(answers) = answers.as_array() else { continue };
            for state in new_states.iter().filter(|it| is_named_after(it, name)) {
                scenario.mocks.states.entry(state.clone()).or_insert_with(|| rows(answers));
            }
        }
    }
}

fn rows(answers: &[Value]) -> Vec<MockRow> {
    let row = |(idx, answer): (usize, &Value)| {
        let first = u32::try_from(idx).unwrap_or(u32::MAX);
        let last = (idx + 1 < answers.len()).then_some(first);
        let answer = match answer.get("!").and_then(Value::as_str) {
            Some(name) => Answer::Throw(StatesError { name: name.to_owned(), cause: String::new() }),
            None => Answer::Return(Arc::new(answer.clone())),
        };
        MockRow::new(first, last, answer)
    };
    answers.iter().enumerate().map(row).collect()
}

/// “Start job 2” is named after “Start job”.
fn is_named_after(name: &str, wish: &str) -> bool {
    let rest = name.strip_prefix(wish);
    rest.is_some_and(|it| it.is_empty() || it.trim_start().parse::<u32>().is_ok())
}
