//! What a pattern brings along for runs: an input that it can work on and answers for its calls, so
//! that it runs to its end as soon as it stands. Nothing that the user has said is changed.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::json::read_json;
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
    match read_json(samples) {
        Ok(Value::Object(samples)) => Some(Seeds { samples }),
        _ => None,
    }
}

/// What one sowing added to one scenario. Undo takes it away again, if it is still as it was sown.
#[derive(Default)]
pub(crate) struct Sown {
    /// The input before and after.
    input: Option<(Arc<Value>, Arc<Value>)>,
    objects: Vec<(String, Arc<Value>)>,
    answers: Vec<(String, Vec<MockRow>)>,
}

impl Seeds {
    /// Adds the samples to a scenario for states that are new; their names may have got a number.
    pub(crate) fn sow(&self, scenario: &mut Scenario, new_states: &[String]) -> Sown {
        let mut sown = Sown::default();
        let member = |name: &str| self.samples.get(name).and_then(Value::as_object);
        if let Some(input) = self.samples.get("input")
            && scenario.input.as_object().is_some_and(Map::is_empty)
        {
            let before = std::mem::replace(&mut scenario.input, Arc::new(input.clone()));
            sown.input = Some((before, scenario.input.clone()));
        }
        for (address, content) in member("objects").into_iter().flatten() {
            if scenario.mocks.objects.get(address).is_none() {
                let content = Arc::new(content.clone());
                Arc::make_mut(&mut scenario.mocks.objects).put(address.clone(), content.clone());
                sown.objects.push((address.clone(), content));
            }
        }
        for (name, answers) in member("answers").into_iter().flatten() {
            let Some(answers) = answers.as_array() else { continue };
            for state in new_states.iter().filter(|it| is_named_after(it, name)) {
                if !scenario.mocks.states.contains_key(state) {
                    let rows = rows(answers);
                    scenario.mocks.states.insert(state.clone(), rows.clone());
                    sown.answers.push((state.clone(), rows));
                }
            }
        }
        sown
    }
}

impl Sown {
    /// Takes away what nobody has changed since.
    pub(crate) fn take_back(&self, scenario: &mut Scenario) {
        if let Some((before, after)) = &self.input
            && scenario.input == *after
        {
            scenario.input = before.clone();
        }
        for (address, content) in &self.objects {
            if scenario.mocks.objects.get(address) == Some(content) {
                Arc::make_mut(&mut scenario.mocks.objects).remove(address);
            }
        }
        for (state, rows) in &self.answers {
            if scenario.mocks.states.get(state) == Some(rows) {
                scenario.mocks.states.shift_remove(state);
            }
        }
    }
}

/// Which steps of the history sowed what, so that undo and redo do the same to the scenarios as to
/// the text.
#[derive(Default)]
pub(crate) struct Sowings(Vec<Sowing>);

struct Sowing {
    /// The step is the nth of the history.
    nth: usize,
    seeds: Seeds,
    new_states: Vec<String>,
    /// By scenario.
    sown: Vec<(String, Sown)>,
}

impl Sowings {
    /// A new step is the nth: those that it takes the place of are gone.
    pub(crate) fn forget_from(&mut self, nth: usize) {
        self.0.retain(|it| it.nth < nth);
    }

    /// Sows for the step that is the nth.
    pub(crate) fn sow(
        &mut self,
        nth: usize,
        seeds: Seeds,
        new_states: Vec<String>,
        scenarios: &mut [Scenario],
    ) {
        let mut sowing = Sowing { nth, seeds, new_states, sown: Vec::new() };
        sowing.again(scenarios);
        self.0.push(sowing);
    }

    /// The nth step was undone, or done again. Says whether it had sown anything.
    pub(crate) fn turn(&mut self, nth: usize, redo: bool, scenarios: &mut [Scenario]) -> bool {
        let Some(sowing) = self.0.iter_mut().find(|it| it.nth == nth) else { return false };
        match redo {
            true => sowing.again(scenarios),
            false => {
                for (name, sown) in &sowing.sown {
                    if let Some(scenario) = scenarios.iter_mut().find(|it| it.name == *name) {
                        sown.take_back(scenario);
                    }
                }
            }
        }
        true
    }
}

impl Sowing {
    fn again(&mut self, scenarios: &mut [Scenario]) {
        let sow = |it: &mut Scenario| (it.name.clone(), self.seeds.sow(it, &self.new_states));
        self.sown = scenarios.iter_mut().map(sow).collect();
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
