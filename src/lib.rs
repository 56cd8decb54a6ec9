//! Stepglass draws, edits, runs and explains AWS Step Functions workflows.
//!
//! # The map
//!
//! The folders are *wings*. Each uses only wings above it in this list:
//!
//! | wing | what it knows | start reading at |
//! | --- | --- | --- |
//! | [`text`] | ranges, edits and undo of plain text | [`text::TextEdit`] |
//! | [`json`] | a lossless tree over any text, edits in the style around them | [`json::parse`] |
//! | [`expr`] | paths, payload templates and intrinsic functions over values | [`expr::Path`] |
//! | [`asl`] | the States Language: the field table, the machine, the rules | [`asl::Document`] |
//! | [`flow`] | the machine as a picture: graph, layout, sentences | [`flow::FlowGraph`] |
//! | [`sim`] | the machine as a run: program, snapshot, step, trace | [`sim::Run`] |
//! | [`export`] | pictures and files | [`export::svg`] |
//! | [`studio`] | the whole application without a browser | [`studio::Studio`] |
//! | `cli` | the same core at a terminal (feature `cli`) | |
//! | `app` | the page: Leptos and everything that knows a browser (feature `app`) | |
//!
//! # One edit, end to end
//!
//! A gesture on the canvas is a [`studio::Command`]. The studio plans it as a [`text::TextEdit`]
//! that touches only the bytes it needs, applies it to the text, derives tree, machine, problems,
//! graph and layout anew, and keeps the inverted edit for undo. The page learns what changed from
//! the [`studio::Reply`] and reads the new views.
//!
//! ```
//! use stepglass::asl::EdgeKey;
//! use stepglass::studio::{Command, OpenedFrom, Studio, Template};
//! use stepglass::asl::StateType;
//!
//! let mut studio = Studio::new();
//! let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#.to_string();
//! studio.dispatch(Command::Open { name: "a.asl.json".into(), text: text.clone(), from: OpenedFrom::Paste });
//!
//! let template = Template { state_type: StateType::Wait, id: "wait".into() };
//! studio.dispatch(Command::InsertOnEdge { edge: EdgeKey::new("/States/A/End"), template });
//! assert_eq!(studio.document_view().n_states, 2);
//!
//! studio.dispatch(Command::Undo);
//! assert_eq!(&*studio.document_view().text, text);
//! ```
//!
//! # What never happens
//!
//! 1. Nothing derived is ever written back, because the text is the only truth.
//! 2. Parsing, lowering, validating and laying out never fail and never panic, whatever the text.
//! 3. An edit made by a command never touches a byte it does not need; undo restores the exact
//!    bytes.
//! 4. `sim` never reads a clock, a random source or a global: equal inputs give equal traces.
//! 5. A name is never resolved outside of its own scope (machine, branch or item processor).
//! 6. Nothing shown in a list has an undefined order.
//! 7. No wing but `app` knows a browser; only `flow` knows petgraph, only `expr/path` the JSONPath
//!    crate.
//! 8. A view and a command are plain data: both could be sent over a wire.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unreachable,
        clippy::todo
    )
)]

pub mod text;
pub mod json;
pub mod expr;
pub mod asl;
pub mod flow;
pub mod sim;
pub mod export;
pub mod studio;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "app")]
pub mod app;
