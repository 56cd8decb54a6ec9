//! Lossless JSON: text to tree, and changes of the tree as edits of the text. Knows no ASL.
//!
//! `parse` takes any text and gives a `Tree` and its errors, never a failure. `edit` computes
//! the smallest `TextEdit` for a change in the style that surrounds it (`style`). `value` reads
//! a part of the tree as a `serde_json::Value` for everything that computes. `read_json` does without the
//! tree where the text is only data.

mod lexer;
mod string;
mod pointer;
mod cursor;
mod builder;
mod recover;
mod wording;
mod parser;
mod tree;
mod retype;
mod reread;
mod value;
mod float;
mod read;
pub(crate) mod kept;
mod style;
mod splice;
mod object_edit;
mod update;
mod edit;
mod format;

pub use edit::{
    copy_value_text, duplicate_element, insert_element, insert_member_after, insert_member_before,
    move_element, move_member, remove_element, remove_elements, remove_member, rename_key, replace_value,
    set_member, set_value_text,
};
pub use float::float;
pub use format::{Indent, LONGEST_LINE, format};
pub use kept::Keep;
pub(crate) use kept::keep;
pub use lexer::{Token, TokenKind, is_number, lex};
pub use object_edit::ObjectEdit;
pub use parser::{MAX_DEPTH, parse};
pub use pointer::{escape, unescape};
pub use read::{ReadError, read_json};
pub use reread::Reread;
pub use retype::Retyped;
pub use splice::{dedent, fit};
pub(crate) use string::push_quoted;
pub use string::{decode, quote, source_offset};
pub use style::{Shape, Style, line_indent, render, render_on_one_line};
pub use tree::{Member, NodeId, NodeKind, SyntaxError, Tree};
pub use value::{MAX_VALUE_DEPTH, NumberFidelity, number, number_fidelity, value};
