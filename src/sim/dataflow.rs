//! The data of one state on its way from raw input to output, stage by stage. Every stage is
//! recorded with its expression, what went in and what came out, also when the field is unset and
//! when it fails; the views read nothing else. All reads of one state see the variables as they
//! were when it was entered.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use crate::expr::{self, ExprError, Expression, Path, PathError, Scope, reference};
use crate::sim::context;
use crate::sim::limits::{MAX_DATA_BYTES, size_at_most};
use crate::sim::program::{Kind, StateDef};
use crate::sim::snapshot::{Item, Keep, Random, Snapshot, Strand};
use crate::sim::sources::{Question, Sources};
use crate::sim::trace::{QueryData, Stage, StageName, StatesError};

/// The stages of a state that has not begun, shared by all.
pub(crate) fn no_stages() -> Arc<Vec<Stage>> {
    static NONE: LazyLock<Arc<Vec<Stage>>> = LazyLock::new(Arc::default);
    Arc::clone(&NONE)
}

/// Longer paths could nest data deeper than the limit.
const MAX_STEPS: usize = 50;

/// What stands in the place of data that was taken out.
fn nothing() -> Arc<Value> {
    static NOTHING: LazyLock<Arc<Value>> = LazyLock::new(Arc::default);
    Arc::clone(&NOTHING)
}

/// An expression of a JSONata state gave nothing that can be used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EvaluationFailed {
    /// The field as AWS writes it, `Output/values[0]`; none where no field is to blame.
    pub location: Option<String>,
}

/// What the expressions of one state may read, and the stages so far.
pub(crate) struct Flow<'p> {
    pub state: &'p StateDef,
    pub stages: Vec<Stage>,
    pub random: Random,
    /// The raw input.
    pub raw: Arc<Value>,
    pub context: Value,
    /// `$states.result`, once there is one.
    pub result: Option<Arc<Value>>,
    /// `$states.errorOutput`, for a catcher.
    pub error_output: Option<Arc<Value>>,
    /// Where an expression could not be evaluated, if the failure of the state is that.
    pub evaluation_failed: Option<EvaluationFailed>,
    /// The JSONata field that was evaluated last, and what it read; for the stage that follows.
    pub(crate) read: Option<(String, Arc<QueryData>)>,
    /// In milliseconds since 1970.
    pub now_millis: i64,
    pub variables: Arc<Map<String, Value>>,
    entered_event: u64,
    /// Whether somebody can look at the stages: with this step, or while the state goes on.
    pub(crate) is_kept: bool,
    /// Whether nobody looks at the raw input after this step.
    is_forgotten: bool,
    /// See [`Strand`].
    size: Option<usize>,
    /// The same of the output, where it is known.
    pub size_of_output: Option<usize>,
    /// Roughly the bytes of the data made and kept.
    pub n_bytes_kept: usize,
    pub(crate) sources: Sources,
}

impl<'p> Flow<'p> {
    /// For one attempt of a state, or for what follows its call: stages so far are kept. Input and
    /// stages are taken out of the strand until [`crate::sim::engine::keep`].
    pub(crate) fn new(state: &'p StateDef, strand: &mut Strand, now: &Snapshot) -> Flow<'p> {
        let context = match state.reads_context {
            true => {
                let child = strand.child.and_then(|it| now.children.get(&it));
                context::context(&now.execution, state, strand, child.map(|it| it.facts.as_ref()))
            }
            false => Value::Null,
        };
        Flow {
            state,
            stages: Arc::unwrap_or_clone(std::mem::replace(&mut strand.stages, no_stages())),
            random: now.random.clone(),
            raw: std::mem::replace(&mut strand.input, nothing()),
            context,
            result: None,
            error_output: None,
            evaluation_failed: None,
            read: None,
            now_millis: now.present_millis(),
            variables: Arc::clone(&strand.variables),
            entered_event: strand.entered_event,
            is_kept: match now.keep {
                Keep::Everything => true,
                Keep::Facts => matches!(
                    state.kind,
                    Kind::Task(_) | Kind::Wait | Kind::Parallel { .. } | Kind::Map { .. }
                ),
                Keep::Outcome => false,
            },
            is_forgotten: now.keep != Keep::Everything,
            size: strand.size,
            size_of_output: None,
            n_bytes_kept: 0,
            sources: now.execution.settings.sources,
        }
    }

    /// Lets `$$.Map.Item` be this item from now on.
    pub(crate) fn set_item(&mut self, item: &Item) {
        if self.state.reads_context {
            context::set_item(&mut self.context, item);
        }
    }

    /// Lets `$$` be this value.
    pub(crate) fn set_context(&mut self, context: Value) {
        self.context = context;
    }

    /// `InputPath` on the raw input. Begins the list of stages.
    pub(crate) fn input_path(&mut self, raw: &Arc<Value>) -> Result<Arc<Value>, StatesError> {
        self.begin(raw)?;
        // JSONata has no such field: its expressions choose for themselves.
        if self.is_jsonata() {
            return Ok(Arc::clone(raw));
        }
        let after = self.select("InputPath", raw);
        self.record_field(StageName::AfterInputPath, "InputPath", raw, after)
    }

    /// `OutputPath`: what the state passes on.
    pub(crate) fn output_path(&mut self, data: &Arc<Value>) -> Result<Arc<Value>, StatesError> {
        let after = self.select("OutputPath", data);
        self.record_field(StageName::Output, "OutputPath", data, after)
    }

    /// A payload template such as `Parameters`; the data passes through where it is unset.
    pub(crate) fn template(
        &mut self,
        name: StageName,
        field: &str,
        data: &Arc<Value>,
    ) -> Result<Arc<Value>, StatesError> {
        let after = match self.state.field(field).cloned() {
            None => Ok(Arc::clone(data)),
            Some(template) => self.fill(&template, data).map(Arc::new),
        };
        self.record_field(name, field, data, after)
    }

    /// `ResultPath`: puts the result into the raw input. `field` is the JSON Pointer below the
    /// state, which may be that of a catcher.
    pub(crate) fn result_path(
        &mut self,
        field: &str,
        path: Option<&Arc<Value>>,
        result: &Arc<Value>,
    ) -> Result<Arc<Value>, StatesError> {
        let after = match path.map(|it| it.as_ref()) {
            None => Ok(Arc::clone(result)),
            // ASL: "ResultPath" null discards the result and keeps the raw input.
            Some(Value::Null) => Ok(Arc::clone(&self.raw)),
            Some(Value::String(text)) if text == "$" => Ok(Arc::clone(result)),
            Some(Value::String(text)) => match self.state.code.path(text) {
                Ok(path) => self.put(field, &path, result),
                Err(error) => Err(self.unreadable(field, &error)),
            },
            Some(_) => {
                Err(self.runtime(format!("The value for the field '{field}' must be a valid JSONPath")))
            }
        };
        if !self.is_kept {
            return after;
        }
        let pointer = self.state.pointer(field);
        self.record(StageName::AfterResultPath, path.cloned(), Some(pointer), result, after)
    }

    /// Puts the result into the raw input, which itself becomes the output where nothing can fail
    /// any more and nobody looks at the input afterwards: to copy large data takes long.
    fn put(&mut self, field: &str, path: &Path, result: &Arc<Value>) -> Result<Arc<Value>, StatesError> {
        let is_output = field == "ResultPath" && self.state.field("OutputPath").is_none();
        let size = if is_output { self.size_with(path, result) } else { None };
        let is_last = size.is_some() && self.is_forgotten && self.state.field("Assign").is_none();
        if !is_last || !reference::can_put(&self.raw, path) {
            let put = reference::put(&self.raw, path, result.as_ref().clone());
            let merged = put.map_err(|it| self.error(it))?;
            self.size_of_output = size;
            return Ok(Arc::new(merged));
        }
        self.size_of_output = size;
        // What was made of the input so far would keep it from being changed.
        self.stages.clear();
        self.is_kept = false;
        let mut raw = std::mem::replace(&mut self.raw, nothing());
        reference::write(Arc::make_mut(&mut raw), path, result.as_ref().clone());
        Ok(raw)
    }

    /// No less than the bytes of the raw input with the result in it, where that is known to be
    /// within the limits without looking at all of it.
    fn size_with(&self, path: &Path, result: &Value) -> Option<usize> {
        // What is replaced still counts; a name takes its letters and what is written around it.
        let size = self.size? + size_at_most(result, 0)? + 8 * path.text().len();
        (size <= MAX_DATA_BYTES && path.segments().len() <= MAX_STEPS).then_some(size)
    }

    /// `Assign`: the variables that are set when the state is left.
    pub(crate) fn assign(
        &mut self,
        field: &str,
        template: Option<&Arc<Value>>,
        data: &Arc<Value>,
    ) -> Result<Option<Arc<Map<String, Value>>>, StatesError> {
        let Some(template) = template else { return Ok(None) };
        let after = match self.fill(template, data) {
            Ok(Value::Object(variables)) => Ok(variables),
            Ok(_) => Err(self.runtime(format!("The value for the field '{field}' must be an object"))),
            Err(error) => Err(error),
        };
        if !self.is_kept {
            return after.map(|it| Some(Arc::new(it)));
        }
        let shown = after.as_ref().map(|it| Arc::new(Value::Object(it.clone()))).map_err(Clone::clone);
        let pointer = self.state.pointer(field);
        self.record(StageName::Assign, Some(Arc::clone(template)), Some(pointer), data, shown)?;
        after.map(|it| Some(Arc::new(it)))
    }

    /// Keeps a stage whose value was found elsewhere.
    pub(crate) fn record(
        &mut self,
        name: StageName,
        expression: Option<Arc<Value>>,
        field: Option<Arc<str>>,
        before: &Arc<Value>,
        after: Result<Arc<Value>, StatesError>,
    ) -> Result<Arc<Value>, StatesError> {
        if self.keeps(name) {
            if let (Some(_), Ok(after)) = (&expression, &after)
                && !Arc::ptr_eq(before, after)
            {
                self.n_bytes_kept += size_at_most(after, 0).unwrap_or(MAX_DATA_BYTES);
            }
            let kept = after.clone().map_err(Arc::new);
            let before = Arc::clone(before);
            let read = self.read.take().map(|it| it.1).filter(|_| expression.is_some());
            self.stages.push(Stage { name, expression, field, before, after: kept, read });
        }
        after
    }

    /// Without a trace only the stage is kept that a Wait passes on at its end.
    fn keeps(&self, name: StageName) -> bool {
        self.is_kept || (name == StageName::AfterInputPath && matches!(self.state.kind, Kind::Wait))
    }

    /// Keeps a stage that belongs to a field of the state.
    pub(crate) fn record_field(
        &mut self,
        name: StageName,
        field: &str,
        before: &Arc<Value>,
        after: Result<Arc<Value>, StatesError>,
    ) -> Result<Arc<Value>, StatesError> {
        if !self.keeps(name) {
            return after;
        }
        let expression = self.state.field(field).cloned();
        let pointer = expression.as_ref().map(|_| self.state.pointer(field));
        self.record(name, expression, pointer, before, after)
    }

    /// The data after the last stage of this name.
    pub(crate) fn after(&self, name: StageName) -> Option<Arc<Value>> {
        let stage = self.stages.iter().rev().find(|it| it.name == name)?;
        stage.after.as_ref().ok().cloned()
    }

    /// The value of a path that stands in a field of its own, for instance `SecondsPath`.
    pub(crate) fn query(&self, field: &str, path: &str, data: &Value) -> Result<Value, StatesError> {
        let parsed = self.state.code.path(path).map_err(|it| self.unreadable(field, &it))?;
        parsed.query(&self.scope(data)).map_err(|it| self.error(it))
    }

    /// Like [`Flow::query`]; a path that selects nothing gives nothing.
    pub(crate) fn lookup<'s>(
        &'s self,
        field: &str,
        path: &str,
        data: &'s Value,
    ) -> Result<Option<Cow<'s, Value>>, StatesError> {
        let parsed = self.state.code.path(path).map_err(|it| self.unreadable(field, &it))?;
        let scope = self.scope(data);
        match parsed.node(&scope) {
            Some(node) => Ok(Some(Cow::Borrowed(node))),
            None => Ok(parsed.query(&scope).ok().map(Cow::Owned)),
        }
    }

    /// The value of a path or intrinsic function call that stands in a field of its own.
    pub(crate) fn evaluate(&mut self, field: &str, text: &str, data: &Value) -> Result<Value, StatesError> {
        let expression = Expression::parse(text).map_err(|it| self.unreadable(field, &it))?;
        let scope = Scope { input: data, context: &self.context, variables: self.variables.as_ref() };
        let value = expression.evaluate(&scope, &mut self.random, field);
        value.map_err(|it| self.error(it))
    }

    /// Fills a payload template.
    pub(crate) fn fill(&mut self, template: &Value, data: &Value) -> Result<Value, StatesError> {
        let scope = Scope { input: data, context: &self.context, variables: self.variables.as_ref() };
        let value = self.state.code.template(template).fill(&scope, &mut self.random);
        value.map_err(|mut it| {
            if it.is_missing && self.sources.takes_other(Question::TemplatePath) {
                it.name = "States.ParameterPathFailure".to_string();
            }
            self.error(it)
        })
    }

    /// A `States.Runtime` error of this state, in AWS's frame.
    pub(crate) fn runtime(&self, cause: impl Into<String>) -> StatesError {
        self.error(ExprError::new(expr::RUNTIME, cause))
    }

    /// An error with AWS's frame around the cause.
    pub(crate) fn error(&self, error: ExprError) -> StatesError {
        let (state, event) = (&self.state.name, self.entered_event);
        let frame = format!(
            "An error occurred while executing the state '{state}' (entered at the event id #{event})."
        );
        StatesError { name: error.name, cause: format!("{frame} {}", error.cause) }
    }

    fn scope<'s>(&'s self, data: &'s Value) -> Scope<'s> {
        Scope { input: data, context: &self.context, variables: self.variables.as_ref() }
    }

    fn unreadable(&self, field: &str, error: &PathError) -> StatesError {
        let sentence = &error.message;
        self.runtime(format!("The value for the field '{field}' must be a valid JSONPath: {sentence}"))
    }

    fn select(&self, field: &str, data: &Arc<Value>) -> Result<Arc<Value>, StatesError> {
        match self.state.field(field).map(|it| it.as_ref()) {
            None => Ok(Arc::clone(data)),
            // ASL: a null InputPath or OutputPath stands for an empty object.
            Some(Value::Null) => Ok(Arc::new(Value::Object(Map::new()))),
            Some(Value::String(text)) if text == "$" => Ok(Arc::clone(data)),
            Some(Value::String(text)) => self.query(field, text, data).map(Arc::new),
            Some(_) => {
                Err(self.runtime(format!("The value for the field '{field}' must be a valid JSONPath")))
            }
        }
    }
}
