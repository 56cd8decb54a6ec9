//! The calls that a Task is offered: every optimized integration and the common SDK calls, each
//! with sample arguments and a sample of what comes back. One text holds them all, because eighty
//! rows are far smaller as a text than as a table in code.
//!
//! An entry is a line of resource, patterns, title, help and words, parted by bars, and below it,
//! indented: arguments and what becomes the output, the result, and the result of a job that was
//! waited for where that is another one. Of the patterns, the first is the usual one: `r` request
//! response, `s` .sync, `2` .sync:2, `t` .waitForTaskToken. In arguments and output a string that
//! begins with `$` is an expression in neither query language; `studio::palette` says it in both.

use std::sync::LazyLock;

use crate::asl::resource::{Pattern, Resource, ResourceKind};
use crate::asl::services::service;

/// One call. The texts are JSON unless they say something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Integration {
    /// What follows `:states:::` in a resource, without a pattern: `aws-sdk:s3:getObject`.
    pub id: &'static str,
    /// As it is written in a resource: `s3`.
    pub service: &'static str,
    /// As it is written in a resource: `getObject`.
    pub action: &'static str,
    /// The heading under which it is listed.
    pub family: &'static str,
    /// What the call does, without the service: “Get object”; with `=` before it, all of the title.
    title: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// More words under which it is found.
    pub keywords: &'static str,
    patterns: &'static str,
    /// A member that begins with `?` is for the pattern `.waitForTaskToken` only.
    pub arguments: &'static str,
    /// What becomes the output in the usual pattern, not as JSON: `$` is the input, `$result.Body`
    /// a part of the result; empty is the whole result.
    pub output: &'static str,
    result: &'static str,
    job_result: &'static str,
}

/// All of them, those used most first, then by family.
pub static INTEGRATIONS: LazyLock<Vec<Integration>> =
    LazyLock::new(|| read(include_str!("integrations.txt")));

/// The entry for a resource, whatever its pattern.
pub fn integration(resource: &Resource) -> Option<&'static Integration> {
    let (name, action) = match &resource.kind {
        ResourceKind::LambdaInvoke => ("lambda", "invoke"),
        ResourceKind::HttpInvoke => ("http", "invoke"),
        ResourceKind::Optimized { service, action } | ResourceKind::Sdk { service, action } => {
            (service.as_str(), action.as_str())
        }
        _ => return None,
    };
    let is_sdk = matches!(resource.kind, ResourceKind::Sdk { .. });
    let named = |it: &&Integration| it.service == name && it.action == action;
    // Both ways of calling the same action have the same result but for the facts of transport.
    let same = INTEGRATIONS.iter().filter(named).find(|it| it.is_sdk() == is_sdk);
    same.or_else(|| INTEGRATIONS.iter().find(named))
}

/// The entries of a service, by its name in a resource.
pub fn actions_of(service: &str) -> impl Iterator<Item = &'static Integration> {
    INTEGRATIONS.iter().filter(move |it| it.service == service)
}

/// The ways in which a resource can be waited for; nothing where that is no question.
pub fn patterns_of(resource: &Resource) -> Vec<Pattern> {
    let is_sdk = matches!(resource.kind, ResourceKind::Sdk { .. });
    match integration(resource) {
        Some(known) if known.is_sdk() == is_sdk => known.patterns(),
        _ if is_sdk => vec![Pattern::RequestResponse, Pattern::WaitForTaskToken],
        _ => Vec::new(),
    }
}

impl Integration {
    /// Whether it is called through the SDK.
    pub fn is_sdk(&self) -> bool {
        self.id.starts_with("aws-sdk:")
    }

    /// What the call does, without the service: “Get object”.
    pub fn title(&self) -> &'static str {
        self.title.trim_start_matches('=')
    }

    /// The service in people's words; empty where the title says it all.
    pub fn service_label(&self) -> &'static str {
        match service(self.service) {
            Some(service) if !self.title.starts_with('=') => service.label,
            _ => "",
        }
    }

    /// The name of a picture.
    pub fn icon(&self) -> &'static str {
        match service(self.service) {
            Some(service) if self.title != "=Any AWS API" => service.icon,
            _ => "api",
        }
    }

    /// The ways in which it can be waited for, the usual one first.
    pub fn patterns(&self) -> Vec<Pattern> {
        self.patterns.chars().map(pattern).collect()
    }

    /// How it is usually waited for.
    pub fn usual_pattern(&self) -> Pattern {
        self.patterns.chars().next().map_or(Pattern::RequestResponse, pattern)
    }

    /// The text for `Resource`.
    pub fn resource(&self, pattern: Pattern) -> String {
        format!("arn:aws:states:::{}{}", self.id, pattern.suffix())
    }

    /// What comes back, as JSON. With a task token that is whatever somebody sends.
    pub fn result(&self, pattern: Pattern) -> &'static str {
        match pattern {
            Pattern::WaitForTaskToken => "{}",
            Pattern::Sync | Pattern::Sync2 if !self.job_result.is_empty() => self.job_result,
            _ => self.result,
        }
    }
}

fn pattern(letter: char) -> Pattern {
    match letter {
        's' => Pattern::Sync,
        '2' => Pattern::Sync2,
        't' => Pattern::WaitForTaskToken,
        _ => Pattern::RequestResponse,
    }
}

fn read(text: &'static str) -> Vec<Integration> {
    let mut found: Vec<Integration> = Vec::new();
    let mut family = "";
    let mut n_below = 0;
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("# ") {
            family = heading;
        } else if let Some(below) = line.strip_prefix(' ') {
            let Some(last) = found.last_mut() else { continue };
            match n_below {
                0 => (last.arguments, last.output) = below.split_once(" | ").unwrap_or((below, "")),
                1 => last.result = below,
                _ => last.job_result = below,
            }
            n_below += 1;
        } else {
            let mut fields = line.split(" | ");
            let mut field = || fields.next().unwrap_or_default();
            let (id, patterns) = field().split_once(' ').unwrap_or_default();
            let (service, action) =
                id.strip_prefix("aws-sdk:").unwrap_or(id).split_once(':').unwrap_or_default();
            found.push(Integration {
                id,
                service,
                action,
                family,
                title: field(),
                help: field(),
                keywords: field(),
                patterns,
                arguments: "{}",
                output: "",
                result: "{}",
                job_result: "",
            });
            n_below = 0;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::asl::resource::ICONS;

    #[test]
    fn every_entry_is_whole() {
        for (idx, row) in INTEGRATIONS.iter().enumerate() {
            let id = row.id;
            assert!(INTEGRATIONS[..idx].iter().all(|it| it.id != id), "{id} stands twice");
            assert!(service(row.service).is_some(), "{id}: a service without a word");
            assert!(ICONS.contains(&row.icon()), "{id}");
            assert!(!row.title().is_empty() && !row.help.is_empty() && !row.keywords.is_empty(), "{id}");
            assert!(serde_json::from_str::<Value>(row.arguments).is_ok_and(|it| it.is_object()), "{id}");
            assert!(["", "$"].contains(&row.output) || row.output.starts_with("$result."), "{id}");
            for pattern in row.patterns() {
                let resource = Resource::parse(&row.resource(pattern));
                assert_eq!(resource.recognized(), Some(true), "{id}");
                assert_eq!(resource.pattern, pattern, "{id}");
                assert_eq!(integration(&resource), Some(row), "{id}");
                assert_eq!(patterns_of(&resource), row.patterns(), "{id}");
                assert!(serde_json::from_str::<Value>(row.result(pattern)).is_ok(), "{id}");
            }
        }
    }

    #[test]
    fn patterns_are_those_of_the_service() {
        let patterns = |resource: &str| {
            let found = patterns_of(&Resource::parse(&format!("arn:aws:states:::{resource}")));
            found.iter().map(|it| it.suffix()).collect::<Vec<_>>()
        };
        assert_eq!(patterns("states:startExecution"), [".sync:2", ".sync", "", ".waitForTaskToken"]);
        assert_eq!(patterns("dynamodb:getItem"), [""]);
        assert_eq!(patterns("batch:submitJob.sync"), [".sync", ""]);
        assert_eq!(patterns("aws-sdk:iam:listRoles"), ["", ".waitForTaskToken"]);
        // The SDK waits for no job, whatever the optimized integration can do.
        assert_eq!(patterns("aws-sdk:ecs:runTask"), ["", ".waitForTaskToken"]);
        assert_eq!(patterns("newservice:act"), [""; 0]);
    }
}
