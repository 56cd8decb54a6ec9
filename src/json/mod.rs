//! Lossless JSON: text to tree, and changes of the tree as edits of the text. Knows no ASL.
//!
//! `parse` takes any text and gives a `Tree` and its errors, never a failure. `edit` computes
//! the smallest `TextEdit` for a change in the style that surrounds it (`style`). `value` reads
//! a part of the tree as a `serde_json::Value` for everything that computes.

mod lexer;
mod string;
mod cursor;
mod recover;
mod parser;
mod tree;
mod value;

pub use lexer::{Token, TokenKind, is_number, lex};
pub use parser::{MAX_DEPTH, parse};
pub use string::{decode, quote};
pub use tree::{Member, NodeId, NodeKind, SyntaxError, Tree};
pub use value::{MAX_VALUE_DEPTH, NumberFidelity, exact_number, number_fidelity, value};
