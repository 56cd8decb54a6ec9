//! The verbs of the canvas and the inspector: a command and a text in, a text out. Every edit is
//! undone again, and must give back the exact bytes.

mod check;
mod one;
mod several;
mod wrap;
mod clipboard;
mod child;
mod operations;
