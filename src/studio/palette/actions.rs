//! The calls of services: rows and new states out of the table of integrations.

use serde_json::{Map, Value, json};

use crate::asl::integrations::{INTEGRATIONS, Integration, integration};
use crate::asl::{Pattern, QueryLanguage, Resource, StateType};
use crate::json::read_json;
use crate::studio::palette::PaletteRow;
use crate::studio::palette::speech::template;

pub(super) fn rows() -> Vec<PaletteRow> {
    INTEGRATIONS.iter().map(row).collect()
}

fn row(call: &Integration) -> PaletteRow {
    PaletteRow {
        id: format!("{}{}", call.id, call.usual_pattern().suffix()),
        state_type: StateType::Task,
        group: call.family,
        label: call.title().to_owned(),
        service: call.service_label(),
        help: call.help.to_owned(),
        keywords: call.keywords,
        icon: call.icon(),
        patterns: call.patterns(),
    }
}

/// The described state that makes this call, under its name; `id` is a resource without
/// `arn:aws:states:::`.
pub(super) fn described(id: &str) -> Option<Value> {
    let resource = format!("arn:aws:states:::{id}");
    let parsed = Resource::parse(&resource);
    let call = integration(&parsed)?;
    let name = match call.title() {
        // One word says too little on the canvas.
        word if !word.contains(' ') => format!("{} {word}", call.service_label()),
        words => words.to_owned(),
    };
    let mut state =
        json!({ "Type": "Task", "Resource": resource, "Arguments": arguments(call, parsed.pattern) });
    let is_usual = parsed.pattern == call.usual_pattern();
    let keeps_input = call.output == "$" && parsed.pattern != Pattern::WaitForTaskToken;
    if let Some(state) = state.as_object_mut() {
        if !call.output.is_empty() && (is_usual || keeps_input) {
            state.insert("Output".to_owned(), Value::from(call.output));
        }
        state.insert("Next".to_owned(), Value::from("@next"));
    }
    Some(json!({ name: state }))
}

/// Sample arguments for a resource, the value of `Parameters` in JSONPath or `Arguments` in
/// JSONata; `None` for a resource that we have no sample for.
pub fn arguments_of(resource: &str, language: QueryLanguage) -> Option<Value> {
    let parsed = Resource::parse(resource);
    Some(template(&arguments(integration(&parsed)?, parsed.pattern), language))
}

fn arguments(call: &Integration, pattern: Pattern) -> Value {
    let mut arguments = read_json(call.arguments).unwrap_or_default();
    fit_to(&mut arguments, pattern == Pattern::WaitForTaskToken);
    arguments
}

/// Whoever answers needs the token, so it travels where otherwise the input alone does.
fn fit_to(value: &mut Value, with_token: bool) {
    match value {
        Value::String(text) if with_token && text == "$" => {
            *value = json!({ "input": "$", "taskToken": "$$.Task.Token" });
        }
        Value::Array(items) => items.iter_mut().for_each(|it| fit_to(it, with_token)),
        Value::Object(members) => {
            let mut fitted = Map::new();
            for (name, mut member) in std::mem::take(members) {
                let for_token = name.strip_prefix('?');
                if for_token.is_none() || with_token {
                    fit_to(&mut member, with_token);
                    fitted.insert(for_token.unwrap_or(&name).to_owned(), member);
                }
            }
            *members = fitted;
        }
        _ => {}
    }
}
