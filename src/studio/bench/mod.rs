//! The expression bench: any expression on the data of any step of the run, or on data of one's
//! own, and from there into a field of a state.
//!
//! `evaluate` gives the value and what every part gave, `data` says what there is to read, and
//! `fields` where the expression could be written. The page keeps what is typed; nothing here is
//! part of the document before it is applied, which is the command that sets a field.

mod evaluate;
mod data;
mod fields;

pub use data::{BenchData, BenchPlaces, BenchSource};
pub use evaluate::{Bench, BenchFault, BenchView};
pub use fields::{BenchField, Takes, bench_fields};
