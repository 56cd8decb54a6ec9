//! What a task calls, taken apart into what can be chosen: the service, its action and how the
//! answer is waited for. Every choice is a whole resource text, so that choosing is setting.

use crate::asl::fields::{FieldRow, Owner};
use crate::asl::integrations::{INTEGRATIONS, Integration, actions_of, patterns_of};
use crate::asl::{Pattern, Resource, ResourceKind};
use crate::studio::view::{Control, PickView};

/// A function and an activity of the user's own, to be completed by hand.
const FUNCTION: &str = "lambda:us-east-1:123456789012:function:MyFunction";
const ACTIVITY: &str = "states:us-east-1:123456789012:activity:MyActivity";

/// The control for a field that holds a resource.
pub(super) fn resource(row: &FieldRow, text: &str) -> Control {
    let known = Resource::parse(text);
    let waits = match known.pattern {
        Pattern::RequestResponse => "",
        Pattern::WaitForTaskToken => "waits for the token",
        Pattern::Sync | Pattern::Sync2 => "waits for the end",
    };
    let words = [known.service_label.as_str(), known.action_label.as_str(), waits];
    let words = words.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · ");
    let picks = match row.owners {
        [Owner::ItemReader] => vec![fixed("Reads", text, READS)],
        [Owner::ResultWriter] => vec![fixed("Writes", text, WRITES)],
        _ => picks(text, &known),
    };
    Control::Resource { text: text.to_owned(), words, picks }
}

const READS: &[(&str, &str)] =
    &[("s3:getObject", "One file (getObject)"), ("s3:listObjectsV2", "The list of a bucket (listObjectsV2)")];
const WRITES: &[(&str, &str)] = &[("s3:putObject", "Files of results (putObject)")];

fn fixed(label: &'static str, text: &str, rows: &[(&str, &str)]) -> PickView {
    let start = start_of(text);
    let options = rows.iter().map(|(id, words)| (format!("{start}:states:::{id}"), (*words).to_owned()));
    PickView { label, options: options.collect(), chosen: text.to_owned() }.with_chosen(text)
}

fn picks(text: &str, known: &Resource) -> Vec<PickView> {
    let start = start_of(text);
    let (service, is_sdk) = match &known.kind {
        ResourceKind::LambdaInvoke => ("lambda", false),
        ResourceKind::HttpInvoke => ("http", false),
        ResourceKind::Optimized { service, .. } => (service.as_str(), false),
        ResourceKind::Sdk { service, .. } => (service.as_str(), true),
        _ => ("", false),
    };
    let write = |it: &Integration, pattern: Pattern| {
        let patterns = it.patterns();
        let pattern = if patterns.contains(&pattern) { pattern } else { it.usual_pattern() };
        it.resource(pattern).replacen("arn:aws", start, 1)
    };
    let is_of =
        |it: &Integration, service: &str, is_sdk: bool| it.service == service && it.is_sdk() == is_sdk;
    let mut services = PickView { label: "Service", options: Vec::new(), chosen: text.to_owned() };
    for (idx, row) in INTEGRATIONS.iter().enumerate() {
        let is_first = !INTEGRATIONS.iter().take(idx).any(|it| is_of(it, row.service, row.is_sdk()));
        if !is_first {
            continue;
        }
        let label = if row.service_label().is_empty() { row.title() } else { row.service_label() };
        let words = if row.is_sdk() { format!("{label} (SDK)") } else { label.to_owned() };
        // What is there stays what it is when its own service is chosen again.
        let value =
            if is_of(row, service, is_sdk) { text.to_owned() } else { write(row, row.usual_pattern()) };
        services.options.push((value, words));
    }
    for (kind, path, words) in [
        (ResourceKind::Lambda, FUNCTION, "A Lambda function by its ARN"),
        (ResourceKind::Activity, ACTIVITY, "An activity"),
    ] {
        let value = if known.kind == kind { text.to_owned() } else { format!("{start}:{path}") };
        services.options.push((value, words.to_owned()));
    }
    let mut picks = vec![services.with_chosen(text)];
    if service.is_empty() {
        return picks;
    }
    let rows = actions_of(service).filter(|it| it.is_sdk() == is_sdk);
    let options: Vec<(String, String)> =
        rows.map(|it| (write(it, known.pattern), format!("{} ({})", it.title(), it.action))).collect();
    if !options.is_empty() {
        picks.push(PickView { label: "Action", options, chosen: text.to_owned() }.with_chosen(text));
    }
    let bare = text.strip_suffix(known.pattern.suffix()).unwrap_or(text);
    let patterns = patterns_of(known);
    if patterns.len() > 1 {
        let options =
            patterns.iter().map(|it| (format!("{bare}{}", it.suffix()), pattern_words(*it).to_owned()));
        picks.push(
            PickView { label: "Integration type", options: options.collect(), chosen: text.to_owned() }
                .with_chosen(text),
        );
    }
    picks
}

impl PickView {
    /// What stands in the text can be chosen, whatever it is.
    fn with_chosen(mut self, text: &str) -> PickView {
        if !text.is_empty() && !self.options.iter().any(|it| it.0 == text) {
            self.options.insert(0, (text.to_owned(), Resource::parse(text).describe()));
        }
        self
    }
}

/// The words of AWS for how an answer is waited for.
fn pattern_words(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::RequestResponse => "Request response",
        Pattern::Sync => "Wait for the job to end (.sync)",
        Pattern::Sync2 => "Wait for the job to end, output as JSON (.sync:2)",
        Pattern::WaitForTaskToken => "Wait for callback (.waitForTaskToken)",
    }
}

/// The beginning with the partition, which a choice keeps: `arn:aws-cn`, `arn:${AWS::Partition}`.
fn start_of(text: &str) -> &str {
    let ends = [":states:", ":lambda:"].iter().filter_map(|it| text.find(it));
    let start = ends.min().and_then(|it| text.get(..it));
    start.filter(|it| it.starts_with("arn:")).unwrap_or("arn:aws")
}
