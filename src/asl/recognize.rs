//! What a text is, before it is opened: a definition, a template that holds some, or something
//! else that deserves a clear sentence.

use crate::json::{NodeId, NodeKind, Tree, parse};
use crate::text::conflict::starts_with_mark;

/// The largest definition that Step Functions takes, in bytes.
pub const MAX_DEFINITION_BYTES: usize = 1_048_576;

/// What a text is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recognized {
    /// A definition, whole or half typed.
    Asl,
    /// A CloudFormation or SAM template, with the definitions that could be taken out of it.
    CloudFormation { candidates: Vec<Candidate> },
    /// Nothing but white space.
    Empty,
    /// No text at all.
    Binary,
    /// Text of another form; what it seems to be.
    NotJson(&'static str),
    /// JSON that is no definition; what it seems to be.
    NotAsl(&'static str),
    /// More than Step Functions takes; its size in bytes.
    TooLarge(usize),
}

/// A definition inside a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The name of the resource in the template.
    pub logical_id: String,
    /// The definition, with substitutions such as `${ChargeFunction}` kept.
    pub definition: String,
}

/// Says what a text is.
pub fn recognize(text: &str) -> Recognized {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.is_empty() {
        return Recognized::Empty;
    }
    if looks_binary(text) {
        return Recognized::Binary;
    }
    if text.len() > MAX_DEFINITION_BYTES {
        return Recognized::TooLarge(text.len());
    }
    if !trimmed.starts_with(['{', '[']) && !starts_with_mark(trimmed) {
        return recognize_other(trimmed);
    }
    let tree = parse(text);
    let root = tree.root();
    let has = |name: &str| tree.get(root, name).is_some();
    if tree.kind(root) == NodeKind::Array {
        return Recognized::NotAsl("a list");
    }
    if has("StartAt") || has("States") || tree.members(root).is_empty() {
        return Recognized::Asl;
    }
    if has("Resources") || has("AWSTemplateFormatVersion") {
        return Recognized::CloudFormation { candidates: candidates(&tree) };
    }
    if has("Type") && !tree.is_broken(root) {
        return Recognized::NotAsl("a single state");
    }
    if tree.is_valid() { Recognized::NotAsl("other JSON") } else { Recognized::Asl }
}

impl Recognized {
    /// What to tell the user; `None` for a definition.
    pub fn sentence(&self) -> Option<String> {
        Some(match self {
            Recognized::Asl => return None,
            Recognized::Empty => "This text is empty. Add a state, or open a sample".into(),
            Recognized::Binary => "This is not a text file, so there is no definition in it".into(),
            Recognized::NotJson(what) => {
                format!("This looks like {what}. A definition is JSON with StartAt and States")
            }
            Recognized::NotAsl(what) => {
                format!(
                    "This is {what}, not a state machine. A definition is an object with StartAt and States"
                )
            }
            Recognized::TooLarge(bytes) => format!(
                "This text has {}.{} MB. Step Functions takes definitions of up to 1 MB",
                bytes / 1_000_000,
                bytes / 100_000 % 10,
            ),
            Recognized::CloudFormation { candidates } => match candidates.as_slice() {
                [] => "This is a CloudFormation template, and no definition could be taken out of it. \
                       Paste the definition itself"
                    .into(),
                [one] => format!(
                    "This is a CloudFormation template. The definition of “{}” can be taken out of it",
                    one.logical_id
                ),
                many => format!(
                    "This is a CloudFormation template with {} state machines. Choose the one to open",
                    many.len()
                ),
            },
        })
    }
}

/// Text that was read from a binary file holds characters that no editor writes.
fn looks_binary(text: &str) -> bool {
    let mut n_odd = 0usize;
    let mut n_seen = 0usize;
    for char in text.chars().take(4096) {
        n_seen += 1;
        if char == '\0' {
            return true;
        }
        if char == '\u{fffd}' || (char.is_control() && !matches!(char, '\n' | '\r' | '\t' | '\u{c}')) {
            n_odd += 1;
        }
    }
    n_odd * 20 > n_seen
}

fn recognize_other(text: &str) -> Recognized {
    let starts = |word: &str| text.lines().any(|line| line.starts_with(word));
    let names_machine =
        text.contains("AWS::StepFunctions::StateMachine") || text.contains("AWS::Serverless::StateMachine");
    if starts("AWSTemplateFormatVersion") || (starts("Resources:") && names_machine) {
        return Recognized::CloudFormation { candidates: Vec::new() };
    }
    if starts("StartAt:") || starts("States:") {
        return Recognized::NotJson("YAML");
    }
    if text.starts_with('<') {
        return Recognized::NotJson("a web page or XML");
    }
    if text.starts_with("digraph") || text.starts_with("graph") || text.starts_with("stateDiagram") {
        return Recognized::NotJson("a diagram");
    }
    Recognized::NotJson("other text")
}

fn candidates(tree: &Tree) -> Vec<Candidate> {
    let Some(resources) = tree.get(tree.root(), "Resources") else { return Vec::new() };
    let mut candidates = Vec::new();
    for member in tree.members(resources) {
        let resource_type = tree.get(member.value, "Type").and_then(|it| tree.string(it));
        let is_machine = resource_type.is_some_and(|it| {
            it == "AWS::StepFunctions::StateMachine" || it == "AWS::Serverless::StateMachine"
        });
        if !is_machine {
            continue;
        }
        let Some(properties) = tree.get(member.value, "Properties") else { continue };
        let object = tree.get(properties, "Definition").map(|it| dedented_source(tree, it));
        let string = || tree.get(properties, "DefinitionString").and_then(|it| substituted(tree, it));
        if let Some(definition) = object.or_else(string) {
            candidates.push(Candidate { logical_id: member.name.to_string(), definition });
        }
    }
    candidates
}

/// The text of a value as if it stood at the start of a line.
fn dedented_source(tree: &Tree, node: NodeId) -> String {
    let before = tree.text().get(..tree.range(node).start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indent: String = line.chars().take_while(|it| *it == ' ' || *it == '\t').collect();
    let lines = tree.source(node).split('\n').map(|it| it.strip_prefix(indent.as_str()).unwrap_or(it));
    lines.collect::<Vec<_>>().join("\n")
}

/// A string of a template with its functions written as substitutions.
fn substituted(tree: &Tree, node: NodeId) -> Option<String> {
    if let Some(text) = tree.string(node) {
        return Some(text.into_owned());
    }
    if let Some(sub) = tree.get(node, "Fn::Sub") {
        let text = tree.elements(sub).first().copied().unwrap_or(sub);
        return tree.string(text).map(Into::into);
    }
    let join = tree.elements(tree.get(node, "Fn::Join")?);
    let separator = tree.string(*join.first()?)?;
    let parts = tree.elements(*join.get(1)?).iter().map(|it| join_part(tree, *it));
    Some(parts.collect::<Vec<_>>().join(&separator))
}

fn join_part(tree: &Tree, node: NodeId) -> String {
    let text = |it: NodeId| tree.string(it).map(|it| it.into_owned());
    if let Some(literal) = text(node) {
        return literal;
    }
    if let Some(name) = tree.get(node, "Ref").and_then(text) {
        return format!("${{{name}}}");
    }
    if let Some(attribute) = tree.get(node, "Fn::GetAtt") {
        let parts = tree.elements(attribute).iter().filter_map(|it| text(*it)).collect::<Vec<_>>();
        let name = text(attribute).unwrap_or_else(|| parts.join("."));
        return format!("${{{name}}}");
    }
    let sub = tree.get(node, "Fn::Sub").and_then(text);
    sub.unwrap_or_else(|| "${Substitution}".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Recognized, words: &str) {
        let recognized = recognize(text);
        assert_eq!(recognized, expected, "{text:.80}");
        let sentence = recognized.sentence().unwrap_or_default();
        assert!(sentence.contains(words), "{sentence}");
        assert_eq!(sentence.is_empty(), recognized == Recognized::Asl);
    }

    #[test]
    fn every_kind_of_text_gets_its_sentence() {
        check(r#"{"StartAt":"A"}"#, Recognized::Asl, "");
        check("{", Recognized::Asl, "");
        check(r#"{"Comment":"x", "St"#, Recognized::Asl, "");
        check(" \n\t", Recognized::Empty, "empty");
        check("\u{feff}", Recognized::Empty, "empty");
        check("PK\u{3}\u{4}\u{0}\u{0}", Recognized::Binary, "not a text file");
        check(&"\u{fffd}".repeat(50), Recognized::Binary, "not a text file");
        check("StartAt: A\nStates:\n", Recognized::NotJson("YAML"), "YAML");
        check("<html>", Recognized::NotJson("a web page or XML"), "web page");
        check("hello", Recognized::NotJson("other text"), "other text");
        check("[]", Recognized::NotAsl("a list"), "a list");
        check(r#"{"Type":"Pass","End":true}"#, Recognized::NotAsl("a single state"), "single state");
        check(r#"{"name":"x","version":"1"}"#, Recognized::NotAsl("other JSON"), "other JSON");
        check(
            "AWSTemplateFormatVersion: '2010-09-09'\n",
            Recognized::CloudFormation { candidates: vec![] },
            "template",
        );
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(5_000_000));
        check(&large, Recognized::TooLarge(large.len()), "5.0 MB");
    }

    #[track_caller]
    fn check_template(properties: &str, expected: &str) {
        let template = format!(
            r#"{{"Resources":{{"Fn":{{"Type":"AWS::Lambda::Function"}},"Flow":{{"Type":"AWS::StepFunctions::StateMachine","Properties":{properties}}}}}}}"#
        );
        let candidate = Candidate { logical_id: "Flow".into(), definition: expected.into() };
        let sentence = "The definition of “Flow” can be taken out of it";
        check(&template, Recognized::CloudFormation { candidates: vec![candidate] }, sentence);
    }

    #[test]
    fn definitions_are_taken_out_of_templates() {
        check_template(r#"{"DefinitionString":"{\"StartAt\":\"A\"}"}"#, r#"{"StartAt":"A"}"#);
        check_template(r#"{"DefinitionString":{"Fn::Sub":"{\"R\":\"${Fn}\"}"}}"#, r#"{"R":"${Fn}"}"#);
        check_template(r#"{"DefinitionString":{"Fn::Sub":["{}",{"a":1}]}}"#, "{}");
        check_template(
            r#"{"DefinitionString":{"Fn::Join":["",["{\"R\":\"",{"Fn::GetAtt":["Fn","Arn"]},"\",\"S\":\"",{"Ref":"T"},"\"}"]]}}"#,
            r#"{"R":"${Fn.Arn}","S":"${T}"}"#,
        );
        check_template(
            "{\n      \"Definition\": {\n        \"StartAt\": \"A\"\n      }\n    }",
            "{\n  \"StartAt\": \"A\"\n}",
        );
    }
}
