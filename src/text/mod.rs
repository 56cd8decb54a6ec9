//! Plain text: ranges and edits.

use serde::Serialize;

/// A stretch of bytes, end excluded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub struct TextRange {
    pub start: usize,
    pub end: usize,
}

/// Sorted, disjoint replacements.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct TextEdit {}
