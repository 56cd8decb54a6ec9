//! The context object, `$$`, as a state sees it.

use serde_json::{Map, Value, json};

use crate::asl::MachineType;
use crate::sim::program::{Kind, StateDef};
use crate::sim::run::Run;
use crate::sim::snapshot::{Execution, Item, Strand};
use crate::sim::timestamp::format_millis;
use crate::sim::trace::ChildExecution;

/// Builds the context object for the present attempt of a state.
pub(crate) fn context(
    execution: &Execution,
    state: &StateDef,
    strand: &Strand,
    child: Option<&ChildExecution>,
) -> Value {
    let settings = &execution.settings;
    let arn = |kind: &str, rest: &str| {
        format!("arn:aws:states:{}:{}:{kind}:{rest}", settings.region, settings.account)
    };
    let entered_millis = i64::try_from(strand.entered_millis).unwrap_or(i64::MAX);
    let entered = format_millis(settings.start_millis.saturating_add(entered_millis));
    let mut state_part = json!({ "Name": state.name, "EnteredTime": entered });
    // AWS was recorded counting retries only where there can be some.
    if let (Kind::Task(_) | Kind::Parallel { .. } | Kind::Map { .. }, Value::Object(members)) =
        (&state.kind, &mut state_part)
    {
        members.insert("RetryCount".to_string(), Value::from(strand.attempt.saturating_sub(1)));
    }
    let machine = child.map_or(settings.machine_name.as_str(), |it| it.machine.as_str());
    let execution_id = match settings.machine_type {
        MachineType::Standard => arn("execution", &format!("{machine}:{}", settings.execution_name)),
        // An Express execution has a second name, because names may repeat.
        MachineType::Express => arn("express", &format!("{machine}:{}:1", settings.execution_name)),
    };
    let mut context = json!({
        "Execution": {
            "Id": execution_id,
            "Input": execution.input.as_ref(),
            "StartTime": format_millis(settings.start_millis),
            "Name": settings.execution_name,
            "RoleArn": settings.role_arn,
            "RedriveCount": execution.redrive_count,
        },
        "StateMachine": { "Id": arn("stateMachine", machine), "Name": machine },
        "State": state_part,
    });
    if let (Some(millis), Some(Value::Object(members))) =
        (execution.redrive_millis, context.get_mut("Execution"))
    {
        let millis = i64::try_from(millis).unwrap_or(i64::MAX);
        let moment = format_millis(settings.start_millis.saturating_add(millis));
        members.insert("RedriveTime".to_string(), Value::from(moment));
    }
    if let (Some(token), Value::Object(members)) = (&strand.token, &mut context) {
        members.insert("Task".to_string(), json!({ "Token": token }));
    }
    if let Some(child) = child {
        set_execution(&mut context, settings.start_millis, child);
    }
    if let Some(item) = &strand.item {
        set_item(&mut context, item);
    }
    context
}

/// A child execution is an execution of its own.
fn set_execution(context: &mut Value, start_millis: i64, child: &ChildExecution) {
    let Some(Value::Object(execution)) = context.get_mut("Execution") else { return };
    let at_millis = i64::try_from(child.start_millis).unwrap_or(i64::MAX);
    execution.insert("Id".to_string(), Value::from(child.arn.as_str()));
    execution.insert("Input".to_string(), child.input.as_ref().clone());
    execution
        .insert("StartTime".to_string(), Value::from(format_millis(start_millis.saturating_add(at_millis))));
    execution.insert("Name".to_string(), Value::from(child.name.as_str()));
}

/// Sets the item of the Map around, or of the Map itself while it prepares an iteration.
pub(crate) fn set_item(context: &mut Value, item: &Item) {
    let Value::Object(members) = context else { return };
    let mut part = Map::new();
    part.insert("Index".to_string(), Value::from(item.index));
    if let Some(key) = &item.key {
        part.insert("Key".to_string(), Value::from(key.as_str()));
    }
    part.insert("Value".to_string(), item.value.as_ref().clone());
    if let Some(source) = &item.source {
        part.insert("Source".to_string(), Value::from(source.as_ref()));
    }
    members.insert("Map".to_string(), json!({ "Item": part }));
}

impl Run {
    /// The context object as the state of this step saw it; nothing for steps of the execution
    /// itself.
    pub fn context_at(&self, step_idx: usize) -> Option<Value> {
        let step = self.trace().get(step_idx)?;
        let path = step.state.as_ref()?;
        let state = self.request().program.states.iter().find(|it| it.path == *path)?;
        // A strand that ended with this step is only there before it.
        let after = self.snapshot(step_idx)?;
        let before = step_idx.checked_sub(1).and_then(|it| self.snapshot(it));
        let found = [Some(&after), before.as_ref()].into_iter().flatten().find_map(|now| {
            let strand = now.strands.values().find(|it| it.place == step.strand)?;
            Some((now, strand.as_ref().clone()))
        });
        let (now, mut strand) = found?;
        // It may have gone on to the next state.
        let visit = self.trace().iter().find(|it| it.visit == step.visit)?;
        if Some(strand.visit) != step.visit {
            strand.token = None;
        }
        (strand.entered_millis, strand.attempt) = (visit.at_millis, step.attempt);
        let child = strand.child.and_then(|it| now.children.get(&it));
        Some(context(&now.execution, state, &strand, child.map(|it| it.facts.as_ref())))
    }
}
