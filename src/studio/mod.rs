//! The headless application: [`Command`]s in, plain views out. No clock, no input or output: what
//! the outside world must do is asked for with [`Effect`]s.

pub mod facade;
pub mod command;
pub mod effect;
pub mod view;
pub mod call_view;
pub mod actions;
pub mod edge_actions;
pub mod palette;
mod rest;
mod open;
pub mod children;
mod nesting;
pub mod edit;
pub mod conversion;
mod owner;
pub mod preview;
mod selection;
mod beside;
mod canvas;
mod folding;
mod walking;
mod problems;
mod inspector;
pub mod scenario;
mod running;
mod pending;
mod run_from;
mod iterations;
mod expectation;
mod run_views;
mod player;
mod marks;
mod timeline;
mod events;
mod lens;
mod insight;
mod explain;
pub mod bench;
pub mod expressions;
mod diff;
mod project;

use crate::text::words;

pub use actions::{ACTIONS, Act, Action, Dialog, Key, Place, Situation, action_for_key};
pub use bench::{
    Bench, BenchData, BenchFault, BenchField, BenchPlaces, BenchSource, BenchView, Takes, bench_fields,
};
pub use call_view::*;
pub use children::ChildView;
pub use command::*;
pub use conversion::{ConversionTrial, ScenarioComparison, ValueDifference, compare_runs, conversion_check};
pub use effect::{Changed, Effect, Reply};
pub use expressions::{
    Completion, CompletionKind, Completions, FieldDraft, Hover, WordClass, WordSpan, Writing,
};
pub use facade::Studio;
pub use insight::{ExplainView, FaultView, OriginView, PartView};
pub use palette::{PALETTE, PaletteRow};
pub use preview::EditPreview;
pub use view::*;
