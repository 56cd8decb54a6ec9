//! What an expression last read: the data of the chosen run at the state in which it stands, or,
//! where nothing has run yet, the input that the run would begin with.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::asl::StatePath;
use crate::expr::jsonata::{Budget, Dialect, Explanation, Jsonata, Outcome, World};
use crate::expr::{Path, RandomSource, Scope, Variables};
use crate::sim::{Stage, StageName, Step};
use crate::studio::expressions::site::{Kind, Site};
use crate::studio::facade::Studio;

/// So many steps are looked through.
const MAX_STEPS: usize = 5_000;
/// Steps whose data is computed again at one look.
const MAX_COMPUTED: usize = 2;
/// Evaluating while somebody types or points must not be felt.
const BUDGET: Budget = Budget { n_steps: 300_000, n_bytes: 4 << 20, depth: 5_000 };

/// The data that an expression reads.
#[derive(Clone, Debug)]
pub(super) struct LastData {
    /// `$states` without its context.
    states: Vec<(&'static str, Arc<Value>)>,
    context: Value,
    variables: Arc<Map<String, Value>>,
    now_millis: i64,
    /// `$` of a path.
    root: Option<Arc<Value>>,
}

impl LastData {
    /// What the expression at a site last read.
    pub(super) fn of(studio: &Studio, site: &Site) -> Option<LastData> {
        let steps = steps_of(studio, &site.state);
        if steps.is_empty() {
            return before_any_run(studio, &site.state);
        }
        let all = || steps.iter().flat_map(|step| step.stages.iter().map(move |it| (step, it)));
        let own = all().find(|(_, it)| it.field.as_deref() == Some(site.pointer.as_str()));
        let after = |name: StageName| {
            all().find(|(_, it)| it.name == name).and_then(|(_, it)| it.after.as_ref().ok().cloned())
        };
        let read = own.and_then(|(_, it)| it.read.as_ref());
        let other = || all().find_map(|(_, it)| it.read.as_ref());
        let step = own.map(|it| it.0).or(steps.first())?;
        let mut states = read.map(|it| it.states.clone()).unwrap_or_default();
        let mut add = |name: &'static str, value: Option<Arc<Value>>| {
            if let (Some(value), false) = (value, states.iter().any(|it| it.0 == name)) {
                states.push((name, value));
            }
        };
        add("input", after(StageName::Input));
        if site.owner.has_result(&site.field) {
            add("result", after(StageName::Result));
        }
        if !site.owner.has_error_output(&site.field) {
            states.retain(|it| it.0 != "errorOutput");
        }
        let from = read.or_else(other);
        let job = studio.desk.job.as_ref()?;
        let input = step.inside.as_ref().map_or(&job.input, |it| &it.input);
        let context = from.and_then(|it| it.context.clone());
        Some(LastData {
            states,
            context: with_input(context, input, &site.state),
            variables: from.map_or_else(|| Arc::clone(&step.variables), |it| Arc::clone(&it.variables)),
            now_millis: from.map_or(0, |it| it.now_millis),
            root: root(site, own.map(|it| it.1), &after),
        })
    }

    /// The value of a JSONata expression on this data.
    pub(super) fn evaluate(&self, text: &str) -> Option<Value> {
        let parsed = Jsonata::parse(text, Dialect::Aws).ok()?;
        match self.in_world(|world| parsed.evaluate(world)) {
            Ok(Some(Outcome::Json(value))) => Some(value),
            _ => None,
        }
    }

    /// What the parts of a JSONata expression give on this data.
    pub(super) fn explain(&self, text: &str) -> Option<Explanation> {
        let parsed = Jsonata::parse(text, Dialect::Aws).ok()?;
        Some(self.in_world(|world| parsed.explain(world)))
    }

    fn in_world<T>(&self, act: impl FnOnce(&mut World<'_>) -> T) -> T {
        let mut states: Map<String, Value> =
            self.states.iter().map(|(name, value)| ((*name).to_string(), value.as_ref().clone())).collect();
        states.insert("context".to_string(), self.context.clone());
        let states = Value::Object(states);
        let mut bindings: Vec<(&str, &Value)> =
            self.variables.iter().map(|(name, value)| (name.as_str(), value)).collect();
        bindings.push(("states", &states));
        let random = &mut Still as &mut dyn RandomSource;
        act(&mut World { input: None, bindings, now_millis: self.now_millis, random, budget: BUDGET })
    }

    /// What a JSONPath selects in this data.
    pub(super) fn query(&self, path: &str) -> Option<Value> {
        let path = Path::parse(path).ok()?;
        let nothing = Value::Null;
        let variables = Known(&self.variables);
        let input = self.root.as_deref().unwrap_or(&nothing);
        path.query(&Scope { input, context: &self.context, variables: &variables }).ok()
    }

    /// The value of a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.get(name)
    }

    /// The value of a member of `$states`.
    pub(super) fn member(&self, name: &str) -> Option<&Value> {
        match name {
            "context" => Some(&self.context),
            name => self.states.iter().find(|it| it.0 == name).map(|it| it.1.as_ref()),
        }
    }
}

/// The steps of a state: those up to the cursor, the latest first, then the later ones. Of those
/// whose data is computed again only a few.
fn steps_of(studio: &Studio, state: &StatePath) -> Vec<Arc<Step>> {
    let steps = studio.desk.steps();
    let now = studio.desk.player.cursor.saturating_add(1).min(steps.len());
    let in_order = (0..now).rev().chain(now..steps.len()).take(MAX_STEPS);
    let of_state = in_order.filter_map(|idx| Some((idx, steps.get(idx)?)));
    let mut n_computed = 0;
    let whole = of_state.filter(|(_, it)| it.state.as_ref() == Some(state)).filter_map(|(idx, it)| {
        if it.is_whole {
            return Some(Arc::clone(it));
        }
        n_computed += 1;
        if n_computed <= MAX_COMPUTED { studio.desk.whole_step(idx) } else { None }
    });
    whole.collect()
}

/// Before anything has run, the first state gets the input of the scenario.
fn before_any_run(studio: &Studio, state: &StatePath) -> Option<LastData> {
    let input = match studio.desk.job.as_ref() {
        Some(job) => &job.input,
        None => &studio.scenarios.get(studio.chosen)?.input,
    };
    let machine = &studio.document.machine;
    let first = machine.scopes.first()?.start_at.as_ref();
    let is_first = state.scope().as_str().is_empty() && first.is_some_and(|it| it.name == state.name());
    Some(LastData {
        states: is_first.then(|| ("input", Arc::clone(input))).into_iter().collect(),
        context: with_input(None, input, state),
        variables: Arc::default(),
        now_millis: 0,
        root: is_first.then(|| Arc::clone(input)),
    })
}

fn with_input(context: Option<Value>, input: &Arc<Value>, state: &StatePath) -> Value {
    let mut context = context.unwrap_or_else(|| json!({"Execution": {}, "State": {"Name": state.name()}}));
    if let Some(Value::Object(execution)) = context.get_mut("Execution") {
        execution.insert("Input".to_string(), input.as_ref().clone());
    }
    context
}

/// `$` in a path of this field: what the field got when it was last applied, else what it would get.
fn root(
    site: &Site,
    own: Option<&Stage>,
    after: &dyn Fn(StageName) -> Option<Arc<Value>>,
) -> Option<Arc<Value>> {
    let input = || after(StageName::Input);
    match (own, site.field.as_str()) {
        // It is put into the raw input, whatever comes in.
        _ if site.kind == Kind::ReferencePath => input(),
        (Some(stage), _) => Some(Arc::clone(&stage.before)),
        (None, "InputPath") => input(),
        (None, "ResultSelector" | "Assign") => {
            after(StageName::Result).or_else(|| after(StageName::AfterInputPath)).or_else(input)
        }
        (None, "OutputPath") => after(StageName::AfterResultPath)
            .or_else(|| after(StageName::Result))
            .or_else(|| after(StageName::AfterInputPath))
            .or_else(input),
        (None, _) => after(StageName::AfterInputPath).or_else(input),
    }
}

/// Variables of a run.
struct Known<'v>(&'v Map<String, Value>);

impl Variables for Known<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

/// What is drawn while somebody only looks is always the same.
struct Still;

impl RandomSource for Still {
    fn next_u64(&mut self) -> u64 {
        1 << 62
    }
}
