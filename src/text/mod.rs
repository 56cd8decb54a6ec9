//! Plain text: ranges, lines, edits and their history. Knows no JSON and no workflow.
//!
//! The document of the product is a `String`; everything here is about places in it and changes
//! to it, as plain data. Offsets are bytes; the browser's UTF-16 offsets are converted at the
//! edge through `LineIndex`. Beside it stands what every wing needs and none owns: `Arrange`, the one
//! way to sort.

mod range;
mod line_index;
mod edit;
mod shift;
mod diff;
mod history;
mod arrange;
pub mod conflict;
mod likeness;
mod nearest;
pub mod words;

pub use arrange::{Arrange, InOrder};
pub use conflict::Conflict;
pub use edit::{Indel, Overlap, Side, TextEdit, TextEditBuilder, Utf16Change};
pub(crate) use history::Step;
pub use history::{EditOrigin, History, Undone};
pub use likeness::{Likeness, likeness};
pub use line_index::{LineColumn, LineIndex};
pub use nearest::nearest;
pub use range::{TextRange, Utf16Range, floor_char_boundary};
pub use shift::Shift;
