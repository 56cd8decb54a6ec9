//! The proof of a conversion: every scenario is run on both texts, and what comes out is compared.

use std::sync::Arc;

use serde_json::Value;

use crate::asl::{Document, StatePath};
use crate::expr::payload::QUERY_EVALUATION_ERROR;
use crate::expr::{INTRINSIC_FAILURE, RESULT_PATH_MATCH_FAILURE, RUNTIME, json_text};
use crate::sim::{
    Detail, Happening, HistoryEvent, Program, Question, Run, RunRequest, RunStatus, Scenario, Settings,
};
use crate::studio::Studio;
use crate::studio::command::{Command, Refusal};
use crate::studio::diff::path_below;
use crate::studio::edit::{conversion_refusals, plan, refuse};
use crate::studio::words::{count, cut, grouped};

/// How one scenario goes on two texts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScenarioComparison {
    pub scenario: String,
    pub equal: bool,
    /// What both give, or where they differ.
    pub sentence: String,
    /// Where the outputs, or what a call sent, differ; at most ten places.
    pub differences: Vec<ValueDifference>,
}

/// A place of a value where it differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueDifference {
    /// `$.order.total`.
    pub path: String,
    /// In JSON, shortened; “nothing” where there is no such place.
    pub before: String,
    pub after: String,
}

/// All scenarios on two texts, computed bit by bit so that a page can show how far it is, and stop.
pub struct ConversionTrial {
    before: Arc<Program>,
    after: Arc<Program>,
    /// Those that are not compared yet, the next one last.
    pending: Vec<Scenario>,
    current: Option<(Scenario, Run, Run)>,
    compared: Vec<ScenarioComparison>,
    n_scenarios: usize,
}

/// So many steps are compared; a longer run is said to be equal up to there.
const MAX_STEPS: usize = 20_000;
/// Longer values are cut in sentences (characters).
const MAX_SHOWN: usize = 120;
/// So many places are listed where values differ.
const MAX_DIFFERENCES: usize = 10;
/// So many parts of values are searched for them.
const MAX_SEARCHED: usize = 20_000;

/// Runs every scenario on both documents.
pub fn conversion_check(
    before: &Document,
    after: &Document,
    scenarios: &[Scenario],
) -> Vec<ScenarioComparison> {
    let mut trial = ConversionTrial::new(before, after, scenarios);
    while trial.advance(MAX_STEPS) {}
    trial.compared
}

impl ConversionTrial {
    /// Nothing is run yet.
    pub fn new(before: &Document, after: &Document, scenarios: &[Scenario]) -> ConversionTrial {
        ConversionTrial {
            before: Arc::new(Program::new(before)),
            after: Arc::new(Program::new(after)),
            pending: scenarios.iter().rev().cloned().collect(),
            current: None,
            compared: Vec::new(),
            n_scenarios: scenarios.len(),
        }
    }

    /// Computes at most so many steps of one scenario; false when all are compared.
    pub fn advance(&mut self, max_steps: usize) -> bool {
        let Some((scenario, mut before, mut after)) = self.current.take().or_else(|| self.begin()) else {
            return false;
        };
        let more = |run: &mut Run| {
            let left = MAX_STEPS.saturating_sub(run.trace().len());
            left != 0 && run.advance(max_steps.min(left)) == RunStatus::Going && max_steps < left
        };
        if more(&mut before) | more(&mut after) {
            self.current = Some((scenario, before, after));
            return true;
        }
        let compared = compare(&before, &after);
        let (equal, Ok(it) | Err(it)) = (compared.is_ok(), compared);
        self.compared.push(ScenarioComparison {
            scenario: scenario.name,
            equal,
            sentence: it.sentence,
            differences: it.differences,
        });
        !self.pending.is_empty()
    }

    /// Those that are compared, in the order of the scenarios.
    pub fn compared(&self) -> &[ScenarioComparison] {
        &self.compared
    }

    /// How many there are in all.
    pub fn n_scenarios(&self) -> usize {
        self.n_scenarios
    }

    /// “All 4 scenarios go the same”, “1 of 4 scenarios differs”; while it goes on, how far it is.
    pub fn sentence(&self) -> String {
        let (n_all, n_done) = (self.n_scenarios, self.compared.len());
        let n_different = self.compared.iter().filter(|it| !it.equal).count();
        let of_all = count(n_all, "scenario", "scenarios");
        // A long one tells that it goes on.
        let n_steps = self.current.as_ref().map_or(0, |it| it.1.trace().len());
        let at_step = match n_steps < 1_000 {
            true => String::new(),
            false => format!(" · the next one at step {}", grouped(n_steps)),
        };
        match (n_done == n_all, n_different) {
            (false, 0) if n_done == 0 => format!("Comparing {of_all}{at_step}"),
            (false, 0) => format!("{n_done} of {of_all} compared, all equal so far{at_step}"),
            (false, _) => format!("{n_done} of {of_all} compared, {n_different} of them different{at_step}"),
            (true, 0) if n_all == 1 => "The scenario goes the same before and after".to_string(),
            (true, 0) => format!("All {of_all} go the same before and after"),
            (true, 1) if n_all == 1 => "The scenario goes another way".to_string(),
            (true, 1) => format!("1 of {of_all} goes another way"),
            (true, _) => format!("{n_different} of {of_all} go another way"),
        }
    }

    fn begin(&mut self) -> Option<(Scenario, Run, Run)> {
        let scenario = self.pending.pop()?;
        let run = |program: &Arc<Program>| {
            Run::start(RunRequest {
                program: Arc::clone(program),
                input: Arc::clone(&scenario.input),
                mocks: scenario.mocks.clone(),
                seed: 1,
                settings: Settings::default(),
                start: None,
            })
        };
        let (before, after) = (run(&self.before), run(&self.after));
        Some((scenario, before, after))
    }
}

/// What comparing two runs says.
struct Told {
    sentence: String,
    differences: Vec<ValueDifference>,
}

impl From<String> for Told {
    fn from(sentence: String) -> Told {
        Told { sentence, differences: Vec::new() }
    }
}

/// Whether two runs end in the same way, as a sentence in both cases. The failure of an expression
/// has another name in each query language, which is no difference.
///
/// One difference lies in the languages: what a path cannot find is `States.Runtime`, which nothing
/// catches, and `States.QueryEvaluationError`, which a Catch or Retry for all errors takes.
pub fn compare_runs(before: &Run, after: &Run) -> Result<String, String> {
    compare(before, after).map(|it| it.sentence).map_err(|it| it.sentence)
}

fn compare(before: &Run, after: &Run) -> Result<Told, Told> {
    let of_paths = [RUNTIME, INTRINSIC_FAILURE, RESULT_PATH_MATCH_FAILURE];
    let taken = after.trace().iter().any(|it| match &it.happening {
        Happening::Caught { error, .. } | Happening::Retrying { error, .. } => {
            error.name == QUERY_EVALUATION_ERROR
        }
        _ => false,
    });
    if let (Some(Happening::ExecutionFailed { error }), true) = (before.outcome(), taken)
        && error.name == RUNTIME
    {
        return Err(Told::from(format!(
            "It failed with {RUNTIME}, which nothing catches; {QUERY_EVALUATION_ERROR} is caught or tried again"
        )));
    }
    compare_calls(before, after)?;
    match (before.outcome(), after.outcome()) {
        (
            Some(Happening::ExecutionSucceeded { output }),
            Some(Happening::ExecutionSucceeded { output: new }),
        ) => match output == new || same_numbers(output, new) {
            true => Ok("The outputs are equal".to_string().into()),
            false => Err(Told {
                sentence: format!("The output was {}, now it is {}", shown(output), shown(new)),
                differences: differences(output, new),
            }),
        },
        (Some(Happening::ExecutionFailed { error }), Some(Happening::ExecutionFailed { error: new })) => {
            let (was, is) = (error.name.as_str(), new.name.as_str());
            match was == is {
                true if was.is_empty() => Ok("Both fail".to_string().into()),
                true => Ok(format!("Both fail with {was}").into()),
                false if is == QUERY_EVALUATION_ERROR && of_paths.contains(&was) => {
                    Ok(format!("Both fail, with {is} instead of {was}").into())
                }
                false => Err(format!("The error was {was}, now it is {is}: {}", new.cause).into()),
            }
        }
        (None, None) => compare_open(before, after).map(Told::from).map_err(Told::from),
        (was, is) if was.map(word) == is.map(word) => Ok(format!("Both {}", is.map_or("run", word)).into()),
        (was, is) => {
            let (was, is) = (was.map_or("still ran", word), is.map_or("still runs", word));
            let cause = match after.outcome() {
                Some(Happening::ExecutionFailed { error }) => format!(": {} {}", error.name, error.cause),
                _ => String::new(),
            };
            Err(format!("It {was}, now it {is}{cause}").into())
        }
    }
}

impl Studio {
    /// All scenarios before and after a command that changes the text. Asked before a conversion is
    /// made: afterwards the text before is gone.
    pub fn conversion_trial(&self, command: &Command) -> Result<ConversionTrial, Refusal> {
        match plan(&self.document, command) {
            Some(plan) => {
                let after = self.document.apply(&plan?.edit);
                Ok(ConversionTrial::new(&self.document, &after, &self.scenarios))
            }
            None => refuse("This changes nothing in the text"),
        }
    }

    /// The states that would stay in JSONPath when all are converted, each with the sentence that
    /// says which field of it has no faithful translation, and why.
    pub fn conversion_refusals(&self) -> Vec<(StatePath, String)> {
        conversion_refusals(&self.document)
    }
}

/// What went out to services, call by call.
fn compare_calls(before: &Run, after: &Run) -> Result<(), Told> {
    let sent = |run: &Run| -> Vec<Value> {
        let parameters = |it: &HistoryEvent| {
            let detail = it.detail("parameters").or_else(|| it.detail("input"))?;
            match detail {
                Detail::Payload(value) if it.event_type.ends_with("Scheduled") => {
                    Some(value.as_ref().clone())
                }
                _ => None,
            }
        };
        let steps = run.whole_steps().filter(|it| it.inside.is_none());
        steps.flat_map(|it| it.events.iter().filter_map(parameters).collect::<Vec<Value>>()).collect()
    };
    let (was, is) = (sent(before), sent(after));
    for (idx, (was, is)) in was.iter().zip(&is).enumerate() {
        if !same_numbers(was, is) {
            let number = idx + 1;
            return Err(Told {
                sentence: format!("Call {number} sent {}, now it sends {}", shown(was), shown(is)),
                differences: differences(was, is),
            });
        }
    }
    match was.len() == is.len() {
        true => Ok(()),
        false => Err(format!("There were {} calls, now there are {}", was.len(), is.len()).into()),
    }
}

/// Runs that wait for answers.
fn compare_open(before: &Run, after: &Run) -> Result<String, String> {
    let open = |it: &Run| -> Vec<Question> { it.questions() };
    let (was, is) = (open(before), open(after));
    let same = was.len() == is.len()
        && was
            .iter()
            .zip(&is)
            .all(|(was, is)| was.state == is.state && same_numbers(&was.parameters, &is.parameters));
    match (same, before.status()) {
        (true, RunStatus::Asking) => Ok("Both ask for the same answers".to_string()),
        (true, _) => Ok(format!("Equal for {MAX_STEPS} steps")),
        (false, _) => Err("The calls that wait for an answer differ".to_string()),
    }
}

fn word(outcome: &Happening) -> &'static str {
    match outcome {
        Happening::ExecutionSucceeded { .. } => "succeeded",
        Happening::ExecutionFailed { .. } => "failed",
        Happening::ExecutionTimedOut => "timed out",
        _ => "was stopped",
    }
}

fn shown(value: &Value) -> String {
    cut(&json_text(value), MAX_SHOWN)
}

/// The places where two values differ, the first ones in the order of the first value. Never
/// recurses, and does not search all of a huge value.
fn differences(before: &Value, after: &Value) -> Vec<ValueDifference> {
    let mut found = Vec::new();
    let mut pending = vec![("$".to_string(), Some(before), Some(after))];
    let mut n_left = MAX_SEARCHED;
    while let Some((path, before, after)) = pending.pop() {
        n_left -= 1;
        if MAX_DIFFERENCES <= found.len() || n_left <= pending.len() {
            break;
        }
        match (before, after) {
            (Some(Value::Array(left)), Some(Value::Array(right))) => {
                let n_items = left.len().max(right.len());
                let item = |idx: usize| (format!("{path}[{idx}]"), left.get(idx), right.get(idx));
                pending.extend((0..n_items.min(MAX_SEARCHED)).rev().map(item));
            }
            (Some(Value::Object(left)), Some(Value::Object(right))) => {
                let new = right.keys().filter(|it| !left.contains_key(*it));
                let names: Vec<&String> = left.keys().chain(new).take(MAX_SEARCHED).collect();
                let member = |name: &&String| (path_below(&path, name), left.get(*name), right.get(*name));
                pending.extend(names.iter().rev().map(member));
            }
            (Some(left), Some(right)) if same_numbers(left, right) => {}
            _ => {
                let told = |it: Option<&Value>| it.map_or("nothing".to_string(), shown);
                found.push(ValueDifference { path, before: told(before), after: told(after) });
            }
        }
    }
    found
}

/// Equality that takes 1 and 1.0 for the same number, as JSONata has no other. Never recurses.
fn same_numbers(left: &Value, right: &Value) -> bool {
    let mut pending = vec![(left, right)];
    while let Some((left, right)) = pending.pop() {
        match (left, right) {
            (Value::Number(left), Value::Number(right)) if left.as_f64() == right.as_f64() => {}
            (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
                pending.extend(left.iter().zip(right));
            }
            (Value::Object(left), Value::Object(right)) if left.len() == right.len() => {
                for (name, left) in left {
                    match right.get(name) {
                        Some(right) => pending.push((left, right)),
                        None => return false,
                    }
                }
            }
            (left, right) if left == right => {}
            _ => return false,
        }
    }
    true
}
