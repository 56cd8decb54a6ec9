//! The workflow as a Mermaid flowchart, for places that draw Mermaid, such as README files. A
//! flowchart and not a state diagram, because only that has lines with words on them out of every
//! shape, dashed lines for catchers, and frames in frames for branches.
//!
//! No text of the user ever stands outside of quotes, and inside of them every character that
//! Mermaid reads as its own is written as its number.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::asl::{ScopePath, StateType};
use crate::flow::{EdgeKind, FlowEdge, FlowGraph, FlowNode, Orientation, Shape};

/// The flowchart, from top to bottom or from left to right. Equal graphs give equal text.
pub fn flowchart(graph: &FlowGraph, orientation: Orientation) -> String {
    let direction = match orientation {
        Orientation::Vertical => "TD",
        Orientation::Horizontal => "LR",
    };
    let ids = ids(graph);
    let mut by_scope: BTreeMap<&ScopePath, Vec<usize>> = BTreeMap::new();
    for (idx, node) in graph.nodes.iter().enumerate() {
        by_scope.entry(&node.scope).or_default().push(idx);
    }
    let mut chart = Chart { graph, ids, by_scope, direction, text: format!("flowchart {direction}\n") };
    let root = graph.nodes.iter().find(|it| it.parent.is_none()).map(|it| &it.scope);
    if let Some(scope) = root {
        chart.scope(scope, 1);
    }
    for edge in &graph.edges {
        chart.edge(edge);
    }
    if graph.nodes.iter().any(|it| it.shape == Shape::Missing) {
        chart.text.push_str("    classDef missing stroke-dasharray: 4 3\n");
    }
    chart.text
}

struct Chart<'g> {
    graph: &'g FlowGraph,
    /// A name that Mermaid takes for every node.
    ids: Vec<String>,
    by_scope: BTreeMap<&'g ScopePath, Vec<usize>>,
    direction: &'static str,
    text: String,
}

impl<'g> Chart<'g> {
    /// Everything in a scope. The graph is cut at 64 levels, so this comes to an end.
    fn scope(&mut self, scope: &'g ScopePath, level: usize) {
        for idx in self.by_scope.remove(scope).unwrap_or_default() {
            let graph = self.graph;
            if let Some(node) = graph.nodes.get(idx) {
                self.node(node, &self.id(idx), level);
            }
        }
    }

    fn node(&mut self, node: &'g FlowNode, id: &str, level: usize) {
        let kind = match node.shape {
            Shape::State(StateType::Parallel) => " (Parallel)",
            Shape::State(StateType::Map) => " (Map)",
            Shape::Missing => " (missing)",
            _ => "",
        };
        let label = quoted(&format!("{}{kind}", node.label));
        if node.inner.is_empty() {
            let (open, close) = brackets(node.shape);
            let label = match node.shape {
                Shape::Start => "\"Start\"".to_owned(),
                Shape::End => "\"End\"".to_owned(),
                _ => label,
            };
            let class = if node.shape == Shape::Missing { ":::missing" } else { "" };
            return self.line(level, format_args!("{id}{open}{label}{close}{class}"));
        }
        self.line(level, format_args!("subgraph {id}[{label}]"));
        let direction = self.direction;
        self.line(level + 1, format_args!("direction {direction}"));
        let is_parallel = node.shape == Shape::State(StateType::Parallel);
        for (idx, scope) in node.inner.iter().enumerate() {
            if !is_parallel {
                self.scope(scope, level + 1);
                continue;
            }
            let number = idx + 1;
            // No state has this name: those of states begin otherwise.
            self.line(level + 1, format_args!("subgraph branch_{number}_of_{id}[\"Branch {number}\"]"));
            self.line(level + 2, format_args!("direction {direction}"));
            self.scope(scope, level + 2);
            self.line(level + 1, format_args!("end"));
        }
        self.line(level, format_args!("end"));
    }

    fn edge(&mut self, edge: &FlowEdge) {
        let arrow = if matches!(edge.kind, EdgeKind::Catch(_)) { "-.->" } else { "-->" };
        let label =
            if edge.reading.is_empty() { String::new() } else { format!("|{}|", quoted(&edge.reading)) };
        let (from, to) = (self.id(edge.from.0 as usize), self.id(edge.to.0 as usize));
        self.line(1, format_args!("{from} {arrow}{label} {to}"));
    }

    fn id(&self, idx: usize) -> String {
        self.ids.get(idx).cloned().unwrap_or_default()
    }

    fn line(&mut self, level: usize, words: std::fmt::Arguments) {
        let width = level * 4;
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "{:width$}{words}", "");
    }
}

/// What stands around the words of a node.
fn brackets(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Start => ("((", "))"),
        Shape::End => ("(((", ")))"),
        Shape::State(StateType::Choice) => ("{", "}"),
        Shape::State(StateType::Wait) => ("{{", "}}"),
        Shape::State(StateType::Pass) => ("[/", "/]"),
        Shape::State(StateType::Succeed) => ("([", "])"),
        Shape::State(StateType::Fail) => (">", "]"),
        Shape::State(StateType::Parallel | StateType::Map) => ("[[", "]]"),
        Shape::State(StateType::Task) | Shape::Unknown | Shape::Missing => ("[", "]"),
    }
}

/// The name of a node in the chart: its own with `_` for what Mermaid does not take, so that the
/// chart can be read and changes little when the workflow does. Never a word of Mermaid, because
/// those are in small letters and a prefix keeps every name from being one.
fn ids(graph: &FlowGraph) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let id = |node: &FlowNode| {
        let base = match node.shape {
            Shape::Start => "s_start".to_owned(),
            Shape::End => "s_end".to_owned(),
            _ => {
                let plain = |it: char| if it.is_ascii_alphanumeric() { it } else { '_' };
                let name: String = node.label.chars().take(MAX_ID_CHARS).map(plain).collect();
                format!("s_{name}")
            }
        };
        let mut id = base.clone();
        let mut number = 1;
        while !taken.insert(id.clone()) {
            number += 1;
            id = format!("{base}_{number}");
        }
        id
    };
    graph.nodes.iter().map(id).collect()
}

const MAX_ID_CHARS: usize = 40;

/// A text in quotes, in which Mermaid finds nothing of its own: no quote, no HTML, no Markdown, no
/// comment, no entity.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        // “1. ” and “- ” at the start would make a list.
        let starts_list =
            matches!(char, '-' | '.' | ')') && out.bytes().skip(1).all(|it| it.is_ascii_digit());
        match char {
            _ if char.is_whitespace() || char.is_control() => out.push(' '),
            _ if char.is_alphanumeric() || !char.is_ascii() => out.push(char),
            '-' | '.' | '?' | '!' | ',' | ':' | '(' | ')' | '/' | '\'' | '=' if !starts_list => {
                out.push(char)
            }
            _ => {
                let _ = write!(out, "#{};", u32::from(char));
            }
        }
    }
    // An empty label is no label to Mermaid.
    if out.trim_end_matches(' ') == "\"" {
        out.push_str("#160;");
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::asl::lower::lower;
    use crate::flow::graph;
    use crate::json::parse;

    fn check(text: &str, expected: Expect) {
        let tree = parse(text);
        expected.assert_eq(&flowchart(&graph(&tree, &lower(&tree)), Orientation::Vertical));
    }

    #[test]
    fn rules_catchers_and_frames_are_drawn() {
        check(
            r#"{"StartAt":"In stock?","States":{
                "In stock?":{"Type":"Choice","Choices":[{"Variable":"$.qty","NumericGreaterThan":0,"Next":"Both"}],"Default":"Gone"},
                "Both":{"Type":"Parallel","Next":"Each","Catch":[{"ErrorEquals":["Busy"],"Next":"Stop"}],"Branches":[
                    {"StartAt":"Pack","States":{"Pack":{"Type":"Task","Resource":"a","End":true}}},
                    {"StartAt":"Pack","States":{"Pack":{"Type":"Wait","Seconds":1,"End":true}}}]},
                "Each":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"One","States":{"One":{"Type":"Pass","End":true}}}},
                "Stop":{"Type":"Fail"}}}"#,
            expect![[r#"
                flowchart TD
                    s_start(("Start"))
                    s_In_stock_{"In stock?"}
                    subgraph s_Both["Both (Parallel)"]
                        direction TD
                        subgraph branch_1_of_s_Both["Branch 1"]
                            direction TD
                            s_start_2(("Start"))
                            s_Pack["Pack"]
                            s_end_2((("End")))
                        end
                        subgraph branch_2_of_s_Both["Branch 2"]
                            direction TD
                            s_start_3(("Start"))
                            s_Pack_2{{"Pack"}}
                            s_end_3((("End")))
                        end
                    end
                    subgraph s_Each["Each (Map)"]
                        direction TD
                        s_start_4(("Start"))
                        s_One[/"One"/]
                        s_end_4((("End")))
                    end
                    s_Stop>"Stop"]
                    s_Gone["Gone (missing)"]:::missing
                    s_end((("End")))
                    s_start --> s_In_stock_
                    s_In_stock_ -->|"qty #62; 0"| s_Both
                    s_In_stock_ -->|"otherwise"| s_Gone
                    s_Both --> s_Each
                    s_Both -.->|"Busy"| s_Stop
                    s_Each --> s_end
                    s_start_2 --> s_Pack
                    s_Pack --> s_end_2
                    s_start_3 --> s_Pack_2
                    s_Pack_2 --> s_end_3
                    s_start_4 --> s_One
                    s_One --> s_end_4
                    classDef missing stroke-dasharray: 4 3
            "#]],
        );
    }

    #[test]
    fn names_are_only_words() {
        check(
            r#"{"StartAt":"end","States":{"end":{"Type":"Pass","Next":"a \"b\" [c] {d} #35; <e> `f` 1. g\n%%h|"},
                "a \"b\" [c] {d} #35; <e> `f` 1. g\n%%h|":{"Type":"Pass","Next":"subgraph"},
                "subgraph":{"Type":"Pass","Next":"😀 ü"},"😀 ü":{"Type":"Pass","Next":""},"":{"Type":"Pass","Next":"START"},
                "START":{"Type":"Pass","Next":"End"}, "End":{"Type":"Pass","Next":"1. Pay"},
                "1. Pay":{"Type":"Pass","Next":"- Pay_*.$$x$$"}, "- Pay_*.$$x$$":{"Type":"Pass","End":true}}}"#,
            expect![[r##"
                flowchart TD
                    s_start(("Start"))
                    s_end[/"end"/]
                    s_a__b___c___d___35___e___f__1__g___h_[/"a #34;b#34; #91;c#93; #123;d#125; #35;35#59; #60;e#62; #96;f#96; 1. g #37;#37;h#124;"/]
                    s_subgraph[/"subgraph"/]
                    s____[/"😀 ü"/]
                    s_[/"#160;"/]
                    s_START[/"START"/]
                    s_End[/"End"/]
                    s_1__Pay[/"1#46; Pay"/]
                    s___Pay_____x__[/"#45; Pay#95;#42;.#36;#36;x#36;#36;"/]
                    s_end_2((("End")))
                    s_start --> s_end
                    s_end --> s_a__b___c___d___35___e___f__1__g___h_
                    s_a__b___c___d___35___e___f__1__g___h_ --> s_subgraph
                    s_subgraph --> s____
                    s____ --> s_
                    s_ --> s_START
                    s_START --> s_End
                    s_End --> s_1__Pay
                    s_1__Pay --> s___Pay_____x__
                    s___Pay_____x__ --> s_end_2
            "##]],
        );
    }
}
