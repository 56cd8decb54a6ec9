//! Stepglass draws, edits, runs and explains AWS Step Functions workflows. The text is the only
//! truth; everything else is derived from it by the wings below, each of which uses only wings
//! above it in this list.
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
