//! The whole state of the machine between two steps, as a value.

/// Everything that decides what happens next.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Snapshot {}
