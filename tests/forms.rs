//! What a definition can be turned into: its own text laid out anew, and a flowchart. On every
//! published workflow, on every sample and on random input.

mod published;
mod samples;

use std::collections::BTreeSet;

use proptest::prelude::*;
use published::workflows;
use serde_json::Value;
use stepglass::asl::Document;
use stepglass::export::mermaid::flowchart;
use stepglass::flow::{Orientation, graph};
use stepglass::json::{Indent, LONGEST_LINE, TokenKind, Tree, format, parse, quote};

// ---- the text laid out anew ----------------------------------------------------------------

/// Everything that is not white space, as it is spelled.
fn words(tree: &Tree) -> Vec<&str> {
    let tokens = tree.tokens().iter().filter(|it| it.kind != TokenKind::Whitespace);
    tokens.map(|it| &tree.text()[it.start as usize..it.end as usize]).collect()
}

/// The text laid out, after all that must hold of it; `None` for what is no JSON.
fn check_format(name: &str, text: &str, indent: Indent) -> Option<String> {
    let tree = parse(text);
    let Some(edit) = format(&tree, indent) else {
        assert!(!tree.is_valid(), "{name}");
        return None;
    };
    assert!(tree.is_valid(), "{name}");
    let new = edit.apply(text);
    let laid_out = parse(new.as_str());
    assert_eq!(words(&laid_out), words(&tree), "{name}");
    assert!(format(&laid_out, indent).unwrap().is_empty(), "{name}: laid out twice it differs\n{new}");
    assert_eq!(edit.invert(text).apply(&new), text, "{name}");
    assert_eq!(new.ends_with('\n'), text.trim_end_matches([' ', '\t']).ends_with('\n'), "{name}");
    if text.contains("\r\n") {
        let n = |it: &str| new.matches(it).count();
        let first_is_crlf = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
        assert!(n("\r\n") == if first_is_crlf { n("\n") } else { 0 }, "{name}");
    }
    for line in new.lines() {
        let is_one_value = !line.trim_start().contains(['{', '[']);
        let opens = line.trim_end().ends_with(['{', '[']);
        let fits = line.chars().count() <= LONGEST_LINE || is_one_value || opens;
        // A bracket may stand in a text or a name.
        assert!(fits || line.contains('"'), "{name}: {line}");
        assert_eq!(line, line.trim_end(), "{name}");
    }
    Some(new)
}

#[test]
fn every_workflow_is_laid_out_without_touching_a_word() {
    let (mut n_same, mut n_changed, mut n_broken) = (0, 0, 0);
    for (name, text) in workflows() {
        for indent in [Indent::Tab, Indent::Spaces(4), Indent::AsWritten] {
            let new = check_format(&name, &text, indent);
            match new {
                _ if indent != Indent::AsWritten => {}
                None => n_broken += 1,
                Some(new) if new == text => n_same += 1,
                Some(_) => n_changed += 1,
            }
        }
    }
    println!("laid out: {n_same} as they were, {n_changed} changed, {n_broken} are no JSON");
}

#[test]
fn the_samples_are_laid_out() {
    for id in samples::ids() {
        let (definition, mocks) = samples::texts(&id);
        for text in [definition, mocks] {
            assert_eq!(check_format(&id, &text, Indent::AsWritten).as_deref(), Some(text.as_str()), "{id}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_json_is_laid_out_once(
        value in any_value(),
        gaps in prop::collection::vec("[ \t\n]{0,3}|\r\n", 1..20),
        indent in prop::sample::select(vec![Indent::AsWritten, Indent::Spaces(2), Indent::Tab]),
    ) {
        // Any white space at all between the tokens.
        let tree = parse(value.to_string());
        let mut gaps = gaps.iter().cycle();
        let text: String = words(&tree).iter().flat_map(|it| [gaps.next().unwrap().as_str(), it]).collect();
        let new = check_format(&text, &text, indent).expect("it is JSON");
        let read: Value = serde_json::from_str(&new).expect("it is JSON still");
        prop_assert_eq!(read.to_string(), value.to_string());
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i32>().prop_map(Value::from),
        "[a-z{\\[\",é😀\n]{0,30}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec(("[a-c]{0,9}", inner), 0..8)
                .prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

// ---- the flowchart -------------------------------------------------------------------------

/// Reads a flowchart line by line: every node and line of the picture is there once, frames close,
/// and nothing but names of ours stands outside of quotes.
fn check_flowchart(name: &str, text: &str) {
    let document = Document::new(text, 0);
    let picture = graph(&document.tree, &document.machine);
    let chart = flowchart(&picture, Orientation::Vertical);
    let mut lines = chart.lines();
    assert_eq!(lines.next(), Some("flowchart TD"), "{name}");
    let (mut nodes, mut n_edges, mut n_open) = (BTreeSet::new(), 0, 0_i32);
    for line in lines {
        let line = line.trim_start();
        // What is in quotes holds nothing of Mermaid's.
        let parts: Vec<&str> = line.split('"').collect();
        assert!(parts.len() % 2 == 1, "{name}: {line}");
        for words in parts.iter().skip(1).step_by(2) {
            assert!(!words.contains(['<', '>', '&', '`', '\\', '%', '$', '|', '[', '{']), "{name}: {line}");
        }
        let bare: String = parts.iter().step_by(2).copied().collect();
        let id = |text: &str| {
            let id: String = text.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
            assert!(!id.is_empty(), "{name}: {line}");
            id
        };
        if let Some(rest) = bare.strip_prefix("subgraph ") {
            n_open += 1;
            assert!(nodes.insert(id(rest)), "{name}: {line}");
        } else if bare == "end" {
            n_open -= 1;
            assert!(n_open >= 0, "{name}");
        } else if let Some((from, to)) = bare.split_once("-->").or_else(|| bare.split_once("-.->")) {
            n_edges += 1;
            let to = to.trim_start_matches("||").trim();
            assert!(nodes.contains(from.trim()) && nodes.contains(to), "{name}: {line}");
        } else if !bare.starts_with("direction ") && !bare.starts_with("classDef ") {
            assert!(nodes.insert(id(&bare)), "{name}: {line}");
        }
    }
    assert_eq!(n_open, 0, "{name}");
    assert_eq!(n_edges, picture.edges.len(), "{name}");
    let n_branches = chart.lines().filter(|it| it.trim_start().starts_with("subgraph branch_")).count();
    assert_eq!(nodes.len() - n_branches, picture.nodes.len(), "{name}");
}

#[test]
fn every_workflow_has_a_flowchart() {
    for (name, text) in workflows() {
        check_flowchart(&name, &text);
    }
    for id in samples::ids() {
        check_flowchart(&id, &samples::texts(&id).0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_names_make_a_flowchart(
        names in prop::collection::vec("end|default|[a-zA-Z0-9 \"'`<>\\[\\](){}|#;&%$_.:é😀\\\\\n-]{0,12}", 1..8)
    ) {
        let states: Vec<String> = names
            .iter()
            .zip(names.iter().cycle().skip(1))
            .map(|(name, next)| format!("{}: {{\"Type\": \"Pass\", \"Next\": {}}}", quote(name), quote(next)))
            .collect();
        let text = format!("{{\"StartAt\": {}, \"States\": {{{}}}}}", quote(&names[0]), states.join(","));
        check_flowchart(&text, &text);
    }
}
