//! The core of Stepglass.
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
