//! Whether a mocked result is one that the called API can give: kinds of fields, required fields,
//! bounds. A field that the API does not know is no fault, and an API that the table does not know
//! can give anything.

use serde_json::Value;

use crate::asl::resource::{Pattern, Resource, ResourceKind};
use crate::sim::state_test::apis::APIS;

/// What a value can be.
pub(super) enum Shape {
    Any,
    /// Lengths in characters. Binary data and moments are texts, too.
    Text {
        min: usize,
        max: usize,
    },
    Number {
        min: f64,
        max: f64,
    },
    Flag,
    List(&'static Shape),
    /// Any keys, values of one shape.
    Map(&'static Shape),
    Object(&'static [Field]),
}

/// A member of an object.
pub(super) struct Field {
    /// As Step Functions writes it: the first letter is a capital.
    pub name: &'static str,
    pub required: bool,
    pub shape: Shape,
}

/// What an API answers.
pub(super) struct Api {
    /// As in the resource, for instance `dynamodb:putItem`; with `.sync` where the state waits for
    /// a job, because then the answer is that of the call which asks how the job is.
    pub name: &'static str,
    pub result: &'static [Field],
}

/// The first fault of a result, in AWS's words. Missing fields count only if `strict`.
pub(super) fn fault(resource: &Resource, result: &Value, strict: bool) -> Option<String> {
    let name = api_name(resource)?;
    let api = APIS.iter().find(|it| it.name == name)?;
    object_fault(api.result, result, strict)
}

/// Who comes back with a token gives what they like, so then there is nothing to compare with.
fn api_name(resource: &Resource) -> Option<String> {
    let (service, action) = match &resource.kind {
        ResourceKind::LambdaInvoke => ("lambda", "invoke"),
        ResourceKind::Optimized { service, action } | ResourceKind::Sdk { service, action } => {
            (service.as_str(), action.as_str())
        }
        _ => return None,
    };
    // The SDK's names of services that optimized integrations call otherwise.
    let service = match service {
        "sfn" => "states",
        "eventbridge" => "events",
        other => other,
    };
    match resource.pattern {
        Pattern::RequestResponse => Some(format!("{service}:{action}")),
        Pattern::Sync | Pattern::Sync2 => Some(format!("{service}:{action}.sync")),
        Pattern::WaitForTaskToken => None,
    }
}

fn object_fault(fields: &[Field], value: &Value, strict: bool) -> Option<String> {
    fields.iter().find_map(|field| match value.get(field.name) {
        None if field.required && strict => Some(format!("Required field '{}' is missing", field.name)),
        None => None,
        Some(value) => shape_fault(&field.shape, field.name, value, strict),
    })
}

/// Recurses at most as deep as the result is nested, which was bounded when it was read.
fn shape_fault(shape: &Shape, name: &str, value: &Value, strict: bool) -> Option<String> {
    let must_be = |what: &str| Some(format!("Field '{name}' must be {what}"));
    match (shape, value) {
        (Shape::Any, _) => None,
        (Shape::Text { min, max }, Value::String(text)) => match text.chars().count() {
            n_chars if n_chars < *min => Some(format!("Field '{name}' is smaller than the minimum length")),
            n_chars if *max < n_chars => Some(format!("Field '{name}' exceeds the maximum length")),
            _ => None,
        },
        (Shape::Text { .. }, _) => must_be("a string"),
        (Shape::Number { min, max }, Value::Number(number)) => match number.as_f64().unwrap_or(0.0) {
            number if number < *min => Some(format!("Field '{name}' is less than the minimum value")),
            number if *max < number => Some(format!("Field '{name}' exceeds the maximum value")),
            _ => None,
        },
        (Shape::Number { .. }, _) => must_be("a number"),
        (Shape::Flag, Value::Bool(_)) => None,
        (Shape::Flag, _) => must_be("a boolean"),
        (Shape::List(shape), Value::Array(items)) => {
            items.iter().find_map(|it| shape_fault(shape, name, it, strict))
        }
        (Shape::List(_), _) => must_be("an array"),
        (Shape::Map(shape), Value::Object(members)) => {
            members.iter().find_map(|(key, it)| shape_fault(shape, key, it, strict))
        }
        (Shape::Object(fields), Value::Object(_)) => object_fault(fields, value, strict),
        (Shape::Map(_) | Shape::Object(_), _) => must_be("an object"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(resource: &str, result: Value, strict: bool, expected: Option<&str>) {
        let resource = Resource::parse(&format!("arn:aws:states:::{resource}"));
        assert_eq!(fault(&resource, &result, strict).as_deref(), expected);
    }

    #[test]
    fn kinds_lengths_and_bounds() {
        check("sqs:sendMessage", json!({"MessageId": 1}), false, Some("Field 'MessageId' must be a string"));
        let memory = |size: u32| json!({"Configuration": {"MemorySize": size}});
        check("aws-sdk:lambda:getFunction", memory(128), true, None);
        check(
            "aws-sdk:lambda:getFunction",
            memory(64),
            true,
            Some("Field 'MemorySize' is less than the minimum value"),
        );
        check(
            "aws-sdk:kms:decrypt",
            json!({"Plaintext": ""}),
            true,
            Some("Field 'Plaintext' is smaller than the minimum length"),
        );
        check(
            "dynamodb:getItem",
            json!({"Item": {"a": {"L": [{"S": 1}]}}}),
            true,
            Some("Field 'S' must be a string"),
        );
    }

    #[test]
    fn required_fields_count_only_in_strict_mode() {
        let missing = Some("Required field 'ExecutionArn' is missing");
        check("states:startExecution", json!({}), true, missing);
        check("states:startExecution", json!({}), false, None);
        check("aws-sdk:sfn:startExecution", json!({"executionArn": "a"}), true, missing);
    }

    #[test]
    fn what_is_unknown_may_be_anything() {
        check("lambda:invoke", json!({"Unheard": 1}), true, None);
        check("aws-sdk:braket:getJob", json!(7), true, None);
        check("sqs:sendMessage.waitForTaskToken", json!({"MessageId": 1}), true, None);
    }
}
