//! The data of a JSONata state: payloads whose expressions read `$states` and the variables.
//! `Assign` and `Output` see the same values and never each other's.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::asl::QueryLanguage;
use crate::expr::payload::{QUERY_EVALUATION_ERROR, QueryScope, unexpected_type};
use crate::expr::{ExprError, json_text};
use crate::sim::dataflow::{EvaluationFailed, Flow};
use crate::sim::program::Transition;
use crate::sim::sources::Question;
use crate::sim::states::{Leaving, Move};
use crate::sim::trace::{QueryData, StageName, StatesError};

/// What is set and passed on when a state, a rule or a catcher is left, and where it is written.
pub(crate) struct Exit<'p> {
    /// The place of the two fields below the state, ending in a slash unless empty: `Choices/0/`.
    pub pointer: String,
    /// The same as AWS writes it: `Choices[0]/`.
    pub location: String,
    pub assign: Option<&'p Arc<Value>>,
    pub output: Option<&'p Arc<Value>>,
}

impl<'p> Exit<'p> {
    /// The state's own fields.
    pub(crate) fn of_state(flow: &Flow<'p>) -> Exit<'p> {
        let state = flow.state;
        Exit {
            pointer: String::new(),
            location: String::new(),
            assign: state.field("Assign"),
            output: state.field("Output"),
        }
    }

    /// The fields of an entry of a list, such as `Choices` or `Catch`.
    pub(crate) fn of_entry(
        list: &str,
        idx: usize,
        assign: Option<&'p Arc<Value>>,
        output: Option<&'p Arc<Value>>,
    ) -> Exit<'p> {
        Exit { pointer: format!("{list}/{idx}/"), location: format!("{list}[{idx}]/"), assign, output }
    }
}

/// A context object without the input of the execution: a copy of that for every stage of a long
/// run would fill the memory.
fn without_input(context: &Value) -> Value {
    let Value::Object(members) = context else { return context.clone() };
    let member = |(name, value): (&String, &Value)| match value {
        Value::Object(execution) if name == "Execution" => {
            let kept = execution.iter().filter(|it| it.0 != "Input");
            (name.clone(), kept.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        value => (name.clone(), value.clone()),
    };
    Value::Object(members.iter().map(member).collect())
}

impl<'p> Flow<'p> {
    pub(crate) fn is_jsonata(&self) -> bool {
        self.state.language == QueryLanguage::Jsonata
    }

    /// Begins the list of stages.
    pub(crate) fn begin(&mut self, raw: &Arc<Value>) -> Result<(), StatesError> {
        self.stages.clear();
        self.record(StageName::Input, None, None, raw, Ok(Arc::clone(raw))).map(|_| ())
    }

    /// Lets `$states.result` be what a call or inner strands gave.
    pub(crate) fn take_result(&mut self, result: &Arc<Value>) -> Result<(), StatesError> {
        self.result = Some(Arc::clone(result));
        let raw = Arc::clone(&self.raw);
        self.record(StageName::Result, None, None, &raw, Ok(Arc::clone(result))).map(|_| ())
    }

    /// Leaves by a catcher, which sees `$states.errorOutput`.
    pub(crate) fn catch(
        &mut self,
        exit: &Exit<'p>,
        error_output: &Arc<Value>,
        by: &Transition,
    ) -> Result<Leaving, StatesError> {
        self.error_output = Some(Arc::clone(error_output));
        self.exit(exit, error_output, by)
    }

    /// The value of a field, with its expressions evaluated; `None` where it is unset.
    pub(crate) fn value(&mut self, field: &str) -> Result<Option<Arc<Value>>, StatesError> {
        let Some(written) = self.state.field(field).cloned() else { return Ok(None) };
        self.payload(field, &written).map(|it| Some(Arc::new(it)))
    }

    /// A field of a type; `None` where it is unset.
    pub(crate) fn typed<T>(
        &mut self,
        field: &str,
        expected: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, StatesError> {
        let Some(written) = self.state.field(field).cloned() else { return Ok(None) };
        let value = self.payload(field, &written)?;
        match read(&value) {
            Some(found) => Ok(Some(found)),
            None => Err(self.query_error(Some(field), unexpected_type(&written, field, expected, &value))),
        }
    }

    /// `Arguments`: what goes out; the input where it is unset.
    pub(crate) fn arguments(&mut self, raw: &Arc<Value>) -> Result<Arc<Value>, StatesError> {
        let after = self.value("Arguments").map(|it| it.unwrap_or_else(|| Arc::clone(raw)));
        self.record_field(StageName::AfterArguments, "Arguments", raw, after)
    }

    /// Leaves by `Assign` and `Output`; `default` is passed on where there is no `Output`.
    pub(crate) fn leave(
        &mut self,
        exit: &Exit<'p>,
        default: &Arc<Value>,
        by: &Transition,
    ) -> Result<Move, StatesError> {
        self.exit(exit, default, by).map(Move::Leave)
    }

    /// See [`Flow::leave`].
    pub(crate) fn exit(
        &mut self,
        exit: &Exit<'p>,
        default: &Arc<Value>,
        by: &Transition,
    ) -> Result<Leaving, StatesError> {
        let assigned = match exit.assign {
            None => None,
            Some(written) => Some(self.assigned(exit, written, default)?),
        };
        let output = match exit.output {
            None => Ok(Arc::clone(default)),
            Some(written) => self.payload(&format!("{}Output", exit.location), written).map(Arc::new),
        };
        let pointer = exit.output.map(|_| self.state.pointer(&format!("{}Output", exit.pointer)));
        let output = self.record(StageName::Output, exit.output.cloned(), pointer, default, output)?;
        Ok(Leaving { output, assigned, by: by.clone() })
    }

    fn assigned(
        &mut self,
        exit: &Exit<'p>,
        written: &Arc<Value>,
        data: &Arc<Value>,
    ) -> Result<Arc<Map<String, Value>>, StatesError> {
        let location = format!("{}Assign", exit.location);
        let after = match self.payload(&location, written) {
            Ok(Value::Object(variables)) => Ok(variables),
            Ok(other) => {
                let cause = unexpected_type(written, &location, "object", &other);
                Err(self.query_error(Some(&location), cause))
            }
            Err(error) => Err(error),
        };
        let shown = after.as_ref().map(|it| Arc::new(Value::Object(it.clone()))).map_err(Clone::clone);
        let pointer = self.state.pointer(&format!("{}Assign", exit.pointer));
        self.record(StageName::Assign, Some(Arc::clone(written)), Some(pointer), data, shown)?;
        after.map(Arc::new)
    }

    /// A payload with its expressions evaluated; `field` is where it stands, as AWS writes it.
    pub(crate) fn payload(&mut self, field: &str, written: &Value) -> Result<Value, StatesError> {
        let state = self.state;
        self.note_read(field);
        let mut random = self.random.clone();
        let filled = {
            let mut members = vec![("input", self.raw.as_ref())];
            members.extend(state.reads_context.then_some(("context", &self.context)));
            members.extend(self.error_output.as_deref().map(|it| ("errorOutput", it)));
            members.extend(self.result.as_deref().map(|it| ("result", it)));
            let scope =
                QueryScope { states: &members, variables: &self.variables, now_millis: self.now_millis };
            state.code.payload(written).fill(&scope, &mut random, field)
        };
        self.random = random;
        filled.map_err(|it| self.query_error(Some(&it.location), it.cause))
    }

    /// Keeps what a field is about to read, for the trace. The first of several times counts.
    fn note_read(&mut self, field: &str) {
        if !self.is_kept || self.read.as_ref().is_some_and(|it| it.0 == field) {
            return;
        }
        let mut states = vec![("input", Arc::clone(&self.raw))];
        states.extend(self.error_output.clone().map(|it| ("errorOutput", it)));
        states.extend(self.result.clone().map(|it| ("result", it)));
        let data = QueryData {
            states,
            context: self.state.reads_context.then(|| without_input(&self.context)),
            variables: Arc::clone(&self.variables),
            now_millis: self.now_millis,
            random: self.random.clone(),
        };
        self.read = Some((field.to_string(), Arc::new(data)));
    }

    /// The failure of an expression, remembered for the event that AWS logs for it.
    pub(crate) fn query_error(&mut self, location: Option<&str>, cause: String) -> StatesError {
        self.evaluation_failed = Some(EvaluationFailed { location: location.map(str::to_string) });
        self.error(ExprError::new(QUERY_EVALUATION_ERROR, cause))
    }

    /// The items of a Map.
    pub(crate) fn items(&mut self, raw: &Arc<Value>) -> Result<Arc<Value>, StatesError> {
        let found = match self.state.field("Items").cloned() {
            None if raw.is_array() => Ok(Arc::clone(raw)),
            None => {
                let cause = format!("Map state input must be an array but was: {}", json_text(raw));
                Err(self.query_error(None, cause))
            }
            Some(written) => match self.payload("Items", &written) {
                Ok(value) if value.is_array() => Ok(Arc::new(value)),
                // Newer words of AWS allow an object here; what was recorded refuses it.
                Ok(value) if value.is_object() && self.sources.takes_other(Question::MapItems) => {
                    Ok(Arc::new(value))
                }
                Ok(value) => {
                    let cause = unexpected_type(&written, "Items", "array", &value);
                    Err(self.query_error(Some("Items"), cause))
                }
                Err(error) => Err(error),
            },
        };
        self.record_field(StageName::AfterItemsPath, "Items", raw, found)
    }
}
