//! What the `Resource` of a Task calls and how it waits for the answer. Reading never fails: text
//! that is none of the known forms is `Unknown`, and a substitution such as `${ChargeFunction}` is
//! a placeholder for a function.

use std::sync::Arc;

use serde::Serialize;

use crate::asl::services::{SERVICES, Service, service};

/// A `Resource` taken apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Resource {
    pub kind: ResourceKind,
    pub pattern: Pattern,
    /// Who is called, in people's words: “Lambda”, “DynamoDB”.
    pub service_label: String,
    /// What is asked of it: the name of a function or activity, else the action. May be empty.
    pub action_label: String,
    /// `resourceType` of the history events: `lambda`, `aws-sdk:s3`.
    pub resource_type: Arc<str>,
    /// `resource` of the history events: `invoke`, `sendMessage.waitForTaskToken`. For a direct
    /// call of a Lambda function or an activity the whole ARN.
    pub resource: Arc<str>,
}

/// The forms a `Resource` can take.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub enum ResourceKind {
    /// The ARN of a Lambda function, called directly.
    Lambda,
    /// `lambda:invoke`, whose result is wrapped in `Payload` and status fields.
    LambdaInvoke,
    /// An activity: a worker elsewhere asks for work.
    Activity,
    /// Any other optimized integration.
    Optimized { service: String, action: String },
    /// Any API of AWS through its SDK.
    Sdk { service: String, action: String },
    /// A call of an HTTPS endpoint.
    HttpInvoke,
    /// A substitution that stands for the whole resource.
    Placeholder,
    /// None of these.
    Unknown,
}

/// When the state goes on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub enum Pattern {
    /// With the answer of the call.
    RequestResponse,
    /// When the job it started has ended; a child's output is JSON text.
    Sync,
    /// The same; a child's output is JSON.
    Sync2,
    /// When somebody returns the token.
    WaitForTaskToken,
}

/// The names of the pictures that [`Resource::icon`] gives.
pub const ICONS: &[&str] = &[
    "lambda", "dynamodb", "sqs", "sns", "s3", "events", "states", "ecs", "glue", "batch", "http", "activity",
    "ai", "build", "chart", "database", "eye", "film", "gate", "key", "mail", "query", "schedule", "server",
    "sliders", "spark", "speech", "stream", "api",
];

impl Resource {
    /// Reads the text of a `Resource` field.
    pub fn parse(text: &str) -> Resource {
        let parts: Vec<&str> = split_arn(text);
        match parts.as_slice() {
            ["arn", _, "lambda", ..] => direct_lambda(text, &parts),
            ["arn", _, "states", _, _, "activity", name] => Resource {
                kind: ResourceKind::Activity,
                pattern: Pattern::RequestResponse,
                service_label: "Activity".into(),
                action_label: (*name).into(),
                resource_type: "activity".into(),
                resource: text.into(),
            },
            ["arn", _, "states", _, _, "aws-sdk", service, action @ ..] if !action.is_empty() => {
                let (action, pattern) = split_pattern(&action.join(":"));
                Resource {
                    service_label: service_label(service),
                    action_label: words(&action),
                    resource_type: format!("aws-sdk:{service}").into(),
                    resource: format!("{action}{}", pattern.suffix()).into(),
                    kind: ResourceKind::Sdk { service: (*service).into(), action },
                    pattern,
                }
            }
            ["arn", _, "states", _, _, service, action @ ..] if !action.is_empty() => {
                let (action, pattern) = split_pattern(&action.join(":"));
                Resource {
                    service_label: service_label(service),
                    action_label: words(&action),
                    resource_type: (*service).into(),
                    resource: format!("{action}{}", pattern.suffix()).into(),
                    kind: match (*service, action.as_str()) {
                        ("lambda", "invoke") => ResourceKind::LambdaInvoke,
                        ("http", "invoke") => ResourceKind::HttpInvoke,
                        _ => ResourceKind::Optimized { service: (*service).into(), action },
                    },
                    pattern,
                }
            }
            _ => placeholder_or_unknown(text),
        }
    }

    /// Who is called and for what, on one line: “Lambda · charge”.
    pub fn describe(&self) -> String {
        match (self.service_label.as_str(), self.action_label.as_str()) {
            (service, "") => service.into(),
            ("", action) => action.into(),
            (service, action) => format!("{service} · {action}"),
        }
    }

    /// The name of the picture to show, one of [`ICONS`].
    pub fn icon(&self) -> &'static str {
        match &self.kind {
            ResourceKind::Lambda | ResourceKind::LambdaInvoke | ResourceKind::Placeholder => "lambda",
            ResourceKind::Activity => "activity",
            ResourceKind::HttpInvoke => "http",
            ResourceKind::Optimized { service: name, .. } | ResourceKind::Sdk { service: name, .. } => {
                service(name).map_or("api", |it| it.icon)
            }
            ResourceKind::Unknown => "api",
        }
    }

    /// Whether AWS knows such a resource; `None` where we cannot tell, as with a substitution.
    pub fn recognized(&self) -> Option<bool> {
        match &self.kind {
            ResourceKind::Optimized { service: name, action } => {
                let known: &Service = service(name).filter(|it| !it.actions.is_empty())?;
                Some(action.contains("${") || known.actions.contains(&action.as_str()))
            }
            ResourceKind::Placeholder => None,
            ResourceKind::Unknown => Some(false),
            _ => Some(true),
        }
    }
}

impl Pattern {
    /// What is written behind the action.
    pub fn suffix(self) -> &'static str {
        match self {
            Pattern::RequestResponse => "",
            Pattern::Sync => ".sync",
            Pattern::Sync2 => ".sync:2",
            Pattern::WaitForTaskToken => ".waitForTaskToken",
        }
    }
}

/// Splits at the colons outside of `${…}`, whose inside may hold colons too. A substitution for
/// the partition or service counts as one part.
fn split_arn(text: &str) -> Vec<&str> {
    // Room for as many as nearly all have.
    let mut parts = Vec::with_capacity(8);
    let mut start = 0;
    let mut depth = 0u32;
    for (at, char) in text.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

fn direct_lambda(text: &str, parts: &[&str]) -> Resource {
    let after_function = parts.iter().position(|it| *it == "function").map_or(6, |it| it + 1);
    let name = parts.get(after_function).copied().unwrap_or_default();
    Resource {
        kind: ResourceKind::Lambda,
        pattern: Pattern::RequestResponse,
        service_label: "Lambda".into(),
        action_label: placeholder_name(name).unwrap_or(name).into(),
        resource_type: "lambda".into(),
        resource: text.into(),
    }
}

fn placeholder_or_unknown(text: &str) -> Resource {
    let name = placeholder_name(text);
    let kind = if name.is_some() { ResourceKind::Placeholder } else { ResourceKind::Unknown };
    Resource {
        kind,
        pattern: Pattern::RequestResponse,
        service_label: if name.is_some() { "Lambda".into() } else { String::new() },
        action_label: name.unwrap_or(text).into(),
        resource_type: "lambda".into(),
        resource: text.into(),
    }
}

/// The name inside a substitution that makes up the whole text: `ChargeFn` of `${ChargeFn}`.
fn placeholder_name(text: &str) -> Option<&str> {
    let name = text.trim().strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains('{')).then_some(name)
}

fn split_pattern(action: &str) -> (String, Pattern) {
    for pattern in [Pattern::Sync2, Pattern::Sync, Pattern::WaitForTaskToken] {
        if let Some(bare) = action.strip_suffix(pattern.suffix()) {
            return (bare.into(), pattern);
        }
    }
    (action.into(), Pattern::RequestResponse)
}

fn service_label(name: &str) -> String {
    service(name).map_or_else(|| capitalized(name), |it| it.label.into())
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|it| it.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `startExecution` as people write it: “start execution”.
fn words(action: &str) -> String {
    let mut spaced = String::new();
    let mut upper_before = true;
    for char in action.chars() {
        let upper = char.is_uppercase();
        if upper && !upper_before {
            spaced.push(' ');
        }
        spaced.extend(char.to_lowercase());
        upper_before = upper;
    }
    spaced
}

/// Every service we have a word for, for palettes.
pub fn services() -> impl Iterator<Item = &'static Service> {
    SERVICES.iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, description: &str, event_words: &str, icon: &str) {
        let resource = Resource::parse(text);
        assert_eq!(resource.describe(), description, "{text}");
        assert_eq!(format!("{} {}", resource.resource_type, resource.resource), event_words, "{text}");
        assert_eq!(resource.icon(), icon, "{text}");
        assert!(ICONS.contains(&icon));
    }

    #[test]
    fn every_form_is_told_in_words() {
        let lambda = "arn:aws:lambda:eu-west-1:111111111111:function:charge";
        check(lambda, "Lambda · charge", &format!("lambda {lambda}"), "lambda");
        check("arn:aws:states:::lambda:invoke", "Lambda · invoke", "lambda invoke", "lambda");
        check(
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "SQS · send message",
            "sqs sendMessage.waitForTaskToken",
            "sqs",
        );
        check(
            "arn:aws:states:::states:startExecution.sync:2",
            "Step Functions · start execution",
            "states startExecution.sync:2",
            "states",
        );
        check(
            "arn:aws:states:::aws-sdk:dynamodb:query",
            "DynamoDB · query",
            "aws-sdk:dynamodb query",
            "dynamodb",
        );
        check(
            "arn:aws:states:::aws-sdk:rds:createDBSnapshot",
            "RDS · create dbsnapshot",
            "aws-sdk:rds createDBSnapshot",
            "database",
        );
        let activity = "arn:aws:states:us-east-1:111111111111:activity:Approve";
        check(activity, "Activity · Approve", &format!("activity {activity}"), "activity");
        check("arn:aws:states:::http:invoke", "HTTP · invoke", "http invoke", "http");
        check("${ChargeFn}", "Lambda · ChargeFn", "lambda ${ChargeFn}", "lambda");
        check("arn:${AWS::Partition}:states:::sns:publish", "SNS · publish", "sns publish", "sns");
        check("nonsense", "nonsense", "lambda nonsense", "api");
        check("", "", "lambda ", "api");
    }

    #[test]
    fn an_action_that_a_service_lacks_is_not_recognized() {
        let recognized = |it: &str| Resource::parse(it).recognized();
        assert_eq!(recognized("arn:aws:states:::dynamodb:query"), Some(false));
        assert_eq!(recognized("arn:aws:states:::dynamodb:getItem"), Some(true));
        assert_eq!(recognized("arn:aws:states:::aws-sdk:dynamodb:query"), Some(true));
        assert_eq!(recognized("arn:aws:states:::newservice:act"), None);
        assert_eq!(recognized("${Function}"), None);
        assert_eq!(recognized("nonsense"), Some(false));
    }
}
