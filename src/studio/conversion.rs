//! The proof of a conversion: every scenario is run on both texts, and what comes out is compared.

use std::sync::Arc;

use serde_json::Value;

use crate::asl::Document;
use crate::expr::payload::QUERY_EVALUATION_ERROR;
use crate::expr::{INTRINSIC_FAILURE, RESULT_PATH_MATCH_FAILURE, RUNTIME, json_text};
use crate::sim::{
    Detail, Happening, HistoryEvent, Program, Question, Run, RunRequest, RunStatus, Scenario, Settings,
};
use crate::studio::Studio;
use crate::studio::command::{Command, Refusal};
use crate::studio::edit::plan;
use crate::studio::edit::refuse;

/// How one scenario goes on two texts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScenarioComparison {
    pub scenario: String,
    pub equal: bool,
    /// What both give, or where they differ.
    pub sentence: String,
}

/// So many steps are compared; a longer run is said to be equal up to there.
const MAX_STEPS: usize = 20_000;
/// Longer values are cut in sentences (characters).
const MAX_SHOWN: usize = 120;

/// Runs every scenario on both documents.
pub fn conversion_check(
    before: &Document,
    after: &Document,
    scenarios: &[Scenario],
) -> Vec<ScenarioComparison> {
    let (before, after) = (Arc::new(Program::new(before)), Arc::new(Program::new(after)));
    let compare = |scenario: &Scenario| {
        let run = |program: &Arc<Program>| {
            let mut run = Run::start(RunRequest {
                program: Arc::clone(program),
                input: Arc::clone(&scenario.input),
                mocks: scenario.mocks.clone(),
                seed: 1,
                settings: Settings::default(),
                start: None,
            });
            run.advance(MAX_STEPS);
            run
        };
        let compared = compare_runs(&run(&before), &run(&after));
        let equal = compared.is_ok();
        let (Ok(sentence) | Err(sentence)) = compared;
        ScenarioComparison { scenario: scenario.name.clone(), equal, sentence }
    };
    scenarios.iter().map(compare).collect()
}

/// Whether two runs end in the same way, as a sentence in both cases. The failure of an expression
/// has another name in each query language, which is no difference.
///
/// One difference lies in the languages: what a path cannot find is `States.Runtime`, which nothing
/// catches, and `States.QueryEvaluationError`, which a Catch or Retry for all errors takes.
pub fn compare_runs(before: &Run, after: &Run) -> Result<String, String> {
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
        return Err(format!(
            "It failed with {RUNTIME}, which nothing catches; {QUERY_EVALUATION_ERROR} is caught or tried again"
        ));
    }
    compare_calls(before, after)?;
    match (before.outcome(), after.outcome()) {
        (
            Some(Happening::ExecutionSucceeded { output }),
            Some(Happening::ExecutionSucceeded { output: new }),
        ) => match output == new || same_numbers(output, new) {
            true => Ok("The outputs are equal".to_string()),
            false => Err(format!("The output was {}, now it is {}", shown(output), shown(new))),
        },
        (Some(Happening::ExecutionFailed { error }), Some(Happening::ExecutionFailed { error: new })) => {
            let (was, is) = (error.name.as_str(), new.name.as_str());
            match was == is {
                true => Ok(format!("Both fail with {was}")),
                false if is == QUERY_EVALUATION_ERROR && of_paths.contains(&was) => {
                    Ok(format!("Both fail, with {is} instead of {was}"))
                }
                false => Err(format!("The error was {was}, now it is {is}: {}", new.cause)),
            }
        }
        (None, None) => compare_open(before, after),
        (was, is) if was.map(word) == is.map(word) => Ok(format!("Both {}", is.map_or("run", word))),
        (was, is) => {
            let (was, is) = (was.map_or("still ran", word), is.map_or("still runs", word));
            let cause = match after.outcome() {
                Some(Happening::ExecutionFailed { error }) => format!(": {} {}", error.name, error.cause),
                _ => String::new(),
            };
            Err(format!("It {was}, now it {is}{cause}"))
        }
    }
}

impl Studio {
    /// How the scenarios would go after a command that changes the text, compared with now. Asked
    /// before a conversion is made, or while its preview is shown.
    pub fn conversion_check(&self, command: &Command) -> Result<Vec<ScenarioComparison>, Refusal> {
        match plan(&self.document, command) {
            Some(plan) => {
                let after = self.document.apply(&plan?.edit);
                Ok(conversion_check(&self.document, &after, &self.scenarios))
            }
            None => refuse("This changes nothing in the text"),
        }
    }
}

/// What went out to services, call by call.
fn compare_calls(before: &Run, after: &Run) -> Result<(), String> {
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
            return Err(format!("Call {number} sent {}, now it sends {}", shown(was), shown(is)));
        }
    }
    match was.len() == is.len() {
        true => Ok(()),
        false => Err(format!("There were {} calls, now there are {}", was.len(), is.len())),
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
    let text = json_text(value);
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
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
