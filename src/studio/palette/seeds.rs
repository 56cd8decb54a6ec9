//! What a pattern brings along for runs: an input that it can work on and answers for its calls, so
//! that it runs to its end as soon as it stands. Nothing that the user has said is changed.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::json::{keep, read_json};
use crate::sim::{Answer, MockRow, Scenario, StatesError};
use crate::studio::command::Template;
use crate::studio::palette::patterns::pattern;

/// What one step of the history sowed, so that undo and redo do the same to the scenarios as to the
/// text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Sowing {
    /// Id of the template.
    template: String,
    new_states: Vec<String>,
    sown: Vec<Sown>,
}
keep! { Sowing { template, new_states, sown } }

/// What was new in one scenario.
#[derive(Clone, PartialEq, Debug)]
struct Sown {
    scenario: String,
    input: bool,
    /// By address.
    objects: Vec<String>,
    /// Those that got answers.
    states: Vec<String>,
}
keep! { Sown { scenario, input, objects, states } }

/// The samples of a template, if it has any.
fn samples(template: &str) -> Option<Map<String, Value>> {
    let samples = match template {
        "map" => r#"{"input":{"items":[1,2,3]}}"#,
        id => pattern(id)?.samples,
    };
    match read_json(samples) {
        Ok(Value::Object(samples)) => Some(samples),
        _ => None,
    }
}

impl Sowing {
    /// Sows the samples of a template for states that are new; their names may have got a number.
    pub(crate) fn new(
        template: &Template,
        new_states: Vec<String>,
        scenarios: &mut [Scenario],
    ) -> Option<Sowing> {
        samples(&template.id)?;
        let mut sowing = Sowing { template: template.id.clone(), new_states, sown: Vec::new() };
        sowing.again(scenarios);
        Some(sowing)
    }

    /// The step is done again.
    pub(crate) fn again(&mut self, scenarios: &mut [Scenario]) {
        let samples = samples(&self.template).unwrap_or_default();
        self.sown = scenarios.iter_mut().map(|it| sow(&samples, it, &self.new_states)).collect();
    }

    /// The step is undone: takes away what nobody has changed since.
    pub(crate) fn take_back(&self, scenarios: &mut [Scenario]) {
        let samples = samples(&self.template).unwrap_or_default();
        for sown in &self.sown {
            if let Some(scenario) = scenarios.iter_mut().find(|it| it.name == sown.scenario) {
                take_back(&samples, sown, scenario);
            }
        }
    }
}

/// Whether samples would go along with a template.
pub(crate) fn has_seeds(template: &Template) -> bool {
    samples(&template.id).is_some()
}

fn sow(samples: &Map<String, Value>, scenario: &mut Scenario, new_states: &[String]) -> Sown {
    let (mut objects, mut states) = (Vec::new(), Vec::new());
    let input = samples.get("input").filter(|_| scenario.input.as_object().is_some_and(Map::is_empty));
    if let Some(input) = input {
        scenario.input = Arc::new(input.clone());
    }
    for (address, content) in members(samples, "objects") {
        if scenario.mocks.objects.get(address).is_none() {
            Arc::make_mut(&mut scenario.mocks.objects).put(address.clone(), Arc::new(content.clone()));
            objects.push(address.clone());
        }
    }
    for (name, answers) in members(samples, "answers") {
        for state in new_states.iter().filter(|it| is_named_after(it, name)) {
            if !scenario.mocks.states.contains_key(state) {
                scenario.mocks.states.insert(state.clone(), rows(answers));
                states.push(state.clone());
            }
        }
    }
    Sown { scenario: scenario.name.clone(), input: input.is_some(), objects, states }
}

fn take_back(samples: &Map<String, Value>, sown: &Sown, scenario: &mut Scenario) {
    if sown.input && samples.get("input") == Some(&*scenario.input) {
        scenario.input = Arc::new(Value::Object(Map::new()));
    }
    for (address, content) in members(samples, "objects") {
        let is_there = scenario.mocks.objects.get(address).is_some_and(|it| **it == *content);
        if sown.objects.contains(address) && is_there {
            Arc::make_mut(&mut scenario.mocks.objects).remove(address);
        }
    }
    for (name, answers) in members(samples, "answers") {
        for state in sown.states.iter().filter(|it| is_named_after(it, name)) {
            if scenario.mocks.states.get(state) == Some(&rows(answers)) {
                scenario.mocks.states.shift_remove(state);
            }
        }
    }
}

fn members<'s>(samples: &'s Map<String, Value>, name: &str) -> impl Iterator<Item = (&'s String, &'s Value)> {
    samples.get(name).and_then(Value::as_object).into_iter().flatten()
}

fn rows(answers: &Value) -> Vec<MockRow> {
    let answers = answers.as_array().map(Vec::as_slice).unwrap_or_default();
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
