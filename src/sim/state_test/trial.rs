//! A state runs once: through the same stages as in an execution, with the mock where an execution
//! would call, branch or iterate.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::asl::MachineType;
use crate::sim::dataflow::Flow;
use crate::sim::engine::error_output;
use crate::sim::jsonata::Exit;
use crate::sim::limits::measured;
use crate::sim::mocks::Mocks;
use crate::sim::program::{Kind, StateDef};
use crate::sim::request::{RunRequest, Settings};
use crate::sim::retry::{Recovery, recover};
use crate::sim::run::Run;
use crate::sim::snapshot::{Snapshot, Strand, StrandId};
use crate::sim::state_test::TestRefusal;
use crate::sim::state_test::items::{self, Items};
use crate::sim::state_test::request::{MockAnswer, StateTest};
use crate::sim::state_test::subject::{STATE_NAME, Subject};
use crate::sim::states::{self, Leaving, Move};
use crate::sim::timestamp::format_millis;
use crate::sim::trace::{Stage, StatesError};

/// What came of it.
pub(super) struct Trial {
    pub status: Status,
    /// What the state passes on; nothing unless it is left.
    pub output: Option<Arc<Value>>,
    pub error: Option<StatesError>,
    /// The way out that was taken, as a JSON Pointer into the definition.
    pub way_out: Option<String>,
    pub stages: Vec<Stage>,
    /// What a Map would have worked on.
    pub items: Items,
    /// Those given and those assigned.
    pub variables: Map<String, Value>,
    pub retry_idx: Option<usize>,
    pub backoff_secs: Option<u64>,
    pub catch_idx: Option<usize>,
}

/// `status` of the response.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Succeeded,
    Failed,
    Retriable,
    CaughtError,
}

/// A test ends after five minutes; only a Wait takes time here.
const MAX_MILLIS: u64 = 300_000;
/// Decides `States.MathRandom` and `States.UUID`; fixed, so that equal requests give equal
/// responses.
const SEED: u64 = 1;

pub(super) fn run(test: &StateTest, subject: &Subject) -> Result<Trial, TestRefusal> {
    let state = subject.state()?;
    let (mut strand, now) = entered(test, subject)?;
    let mut flow = Flow::new(state, &mut strand, &now);
    let context = test.context.clone().unwrap_or_else(|| context(test, state, &now));
    flow.set_context(context);
    let mut trial = Trial::new(test);
    let decided = carry_out(test, state, &mut flow, &now, &mut trial.items);
    let decided = decided.and_then(|leaving| match measured(&leaving.output, &state.name) {
        Ok(_) => Ok(leaving),
        Err(error) => Err(error),
    });
    match decided {
        Ok(leaving) => trial.leave(Status::Succeeded, leaving),
        Err(error) => trial.fail(test, state, &mut flow, error),
    }
    trial.stages = flow.stages;
    Ok(trial)
}

/// The state as an execution enters it.
fn entered(test: &StateTest, subject: &Subject) -> Result<(Strand, Snapshot), TestRefusal> {
    let mut settings = Settings { machine_type: MachineType::Express, ..Settings::default() };
    // The execution belongs to the account of its role.
    if let Some(account) = test.role_arn.as_deref().and_then(|it| it.split(':').nth(4)) {
        settings.account = account.to_string();
    }
    let mut run = Run::start(RunRequest {
        program: Arc::new(subject.program.clone()),
        input: Arc::clone(&test.input),
        mocks: Mocks::default(),
        seed: SEED,
        settings,
        start: None,
    });
    run.advance(1);
    let mut now = run.snapshot(0).unwrap_or_default();
    let Some(mut strand) = now.take(StrandId(0)) else {
        return Err(TestRefusal::definition("There is no state"));
    };
    strand.variables = Arc::new(test.variables.clone());
    Ok((strand, now))
}

/// What `$$` is when the request does not say it. AWS was recorded leaving out the redrives.
fn context(test: &StateTest, state: &StateDef, now: &Snapshot) -> Value {
    let settings = &now.execution.settings;
    let (region, account) = (&settings.region, &settings.account);
    let (machine, name) = (&settings.machine_name, &settings.execution_name);
    let started = format_millis(settings.start_millis);
    let mut own = json!({ "Name": STATE_NAME, "EnteredTime": started });
    let can_retry = matches!(state.kind, Kind::Task(_) | Kind::Parallel { .. } | Kind::Map { .. });
    if let (true, Value::Object(members)) = (can_retry, &mut own) {
        let n_retries = test.configuration.retrier_retry_count.unwrap_or(0);
        members.insert("RetryCount".to_string(), Value::from(n_retries));
    }
    json!({
        "Execution": {
            "Id": format!("arn:aws:states:{region}:{account}:express:{machine}:{name}"),
            "Input": test.input.as_ref(),
            "Name": name,
            "RoleArn": test.role_arn,
            "StartTime": started,
        },
        "StateMachine": {
            "Id": format!("arn:aws:states:{region}:{account}:stateMachine:{machine}"),
            "Name": machine,
        },
        "State": own,
    })
}

fn carry_out(
    test: &StateTest,
    state: &StateDef,
    flow: &mut Flow,
    now: &Snapshot,
    items: &mut Items,
) -> Result<Leaving, StatesError> {
    if matches!(state.kind, Kind::Map { .. }) {
        *items = items::prepare(test, flow)?;
        let tolerance = items.exceeded(test);
        return mocked(test, flow, tolerance);
    }
    match states::begin(flow, now)? {
        Move::Leave(leaving) => Ok(leaving),
        Move::Fail(error) => Err(error),
        Move::Wait { until_millis } if MAX_MILLIS < until_millis.saturating_sub(now.clock_millis) => {
            Err(StatesError { name: "States.Timeout".to_string(), cause: String::new() })
        }
        Move::Wait { .. } => left(states::resume(flow)?),
        _ => mocked(test, flow, None),
    }
}

/// Goes on with the mock. `error` is what went wrong beside it.
fn mocked(test: &StateTest, flow: &mut Flow, error: Option<StatesError>) -> Result<Leaving, StatesError> {
    match test.mock.as_ref().map(|it| &it.answer) {
        Some(MockAnswer::Error(error)) => Err(error.clone()),
        Some(MockAnswer::Result(result)) => match error {
            Some(error) => Err(error),
            None => left(states::take_result(flow, result)?),
        },
        // Requests without the mock that they need were refused.
        None => Err(StatesError::default()),
    }
}

fn left(decided: Move) -> Result<Leaving, StatesError> {
    match decided {
        Move::Leave(leaving) => Ok(leaving),
        Move::Fail(error) => Err(error),
        _ => Err(StatesError::default()),
    }
}

impl Trial {
    fn new(test: &StateTest) -> Trial {
        Trial {
            status: Status::Failed,
            output: None,
            error: None,
            way_out: None,
            stages: Vec::new(),
            items: Items::default(),
            variables: test.variables.clone(),
            retry_idx: None,
            backoff_secs: None,
            catch_idx: None,
        }
    }

    fn leave(&mut self, status: Status, leaving: Leaving) {
        self.status = status;
        self.output = Some(leaving.output);
        self.way_out = Some(leaving.by.edge.as_str().to_string());
        let assigned = leaving.assigned.iter().flat_map(|it| it.iter());
        self.variables.extend(assigned.map(|(name, value)| (name.clone(), value.clone())));
    }

    fn fail<'p>(&mut self, test: &StateTest, state: &'p StateDef, flow: &mut Flow<'p>, error: StatesError) {
        let n_taken = test.configuration.retrier_retry_count.unwrap_or(0);
        let mut retries = vec![n_taken; state.retry.len()];
        let mut random = flow.random.clone();
        // A retrier that matches is named even when its attempts are used up.
        self.retry_idx = matching_retrier(state, &error);
        match recover(state, &mut retries, &error.name, flow.sources, &mut random) {
            Recovery::Retry { retrier_idx, delay_millis } => {
                self.status = Status::Retriable;
                self.retry_idx = Some(retrier_idx);
                self.backoff_secs = Some(delay_millis / 1_000);
                self.error = Some(unframed(error));
            }
            Recovery::Catch { catcher_idx, catcher } => {
                let error = unframed(error);
                let output = Arc::new(error_output(&error));
                let n_stages = flow.stages.len();
                if flow.is_jsonata() {
                    flow.result = None;
                    let exit = Exit::of_entry(
                        "Catch",
                        catcher_idx,
                        catcher.assign.as_ref(),
                        catcher.output.as_ref(),
                    );
                    let leaving = flow.catch(&exit, &output, &catcher.next);
                    flow.stages.truncate(n_stages);
                    return self.caught(catcher_idx, error, leaving);
                }
                let field = format!("Catch/{catcher_idx}/ResultPath");
                let merged = flow.result_path(&field, catcher.result_path.as_ref(), &output);
                let leaving = merged.and_then(|merged| {
                    let field = format!("Catch/{catcher_idx}/Assign");
                    let assigned = flow.assign(&field, catcher.assign.as_ref(), &output)?;
                    Ok(Leaving { output: merged, assigned, by: catcher.next.clone() })
                });
                // The stages shown are those of the state itself.
                flow.stages.truncate(n_stages);
                self.caught(catcher_idx, error, leaving);
            }
            Recovery::Fail => self.error = Some(unframed(error)),
        }
    }

    fn caught(&mut self, catcher_idx: usize, error: StatesError, leaving: Result<Leaving, StatesError>) {
        match leaving {
            Ok(leaving) => {
                self.leave(Status::CaughtError, leaving);
                self.catch_idx = Some(catcher_idx);
                self.error = Some(error);
            }
            Err(error) => self.error = Some(unframed(error)),
        }
    }
}

fn matching_retrier(state: &StateDef, error: &StatesError) -> Option<usize> {
    let matches = |it: &[String]| crate::asl::errors::matches(it, &error.name, state.state_type());
    state.retry.iter().position(|it| matches(&it.error_equals))
}

/// TestState tells causes without the frame that executions put around them.
fn unframed(error: StatesError) -> StatesError {
    let start =
        format!("An error occurred while executing the state '{STATE_NAME}' (entered at the event id #");
    let inside =
        error.cause.strip_prefix(&start).and_then(|it| it.split_once("). ")).map(|(_, it)| it.to_string());
    StatesError { cause: inside.unwrap_or(error.cause), name: error.name }
}
