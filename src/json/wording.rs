//! Pieces of the sentences in which syntax errors are told.

use crate::json::string::quote;
use crate::json::tree::NodeKind;
use crate::text::{Conflict, TextRange};

/// What closes an object or array.
pub(crate) fn close_of(kind: NodeKind) -> &'static str {
    if kind == NodeKind::Object { "}" } else { "]" }
}

/// A user's text in a sentence, cut when it is long.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("“{}…”", TextRange::new(0, end).slice(text)),
        None => format!("“{text}”"),
    }
}

/// What to write instead of a bare word.
pub(crate) fn word_message(word: &str) -> String {
    let right = match word.to_ascii_lowercase().as_str() {
        "true" => "true",
        "false" => "false",
        "null" | "none" | "nil" | "undefined" => "null",
        _ if word.starts_with(|it: char| it.is_ascii_digit() || "+-.".contains(it)) => {
            return format!("{} is not a number in JSON", quoted(word));
        }
        _ => return format!("Write text in double quotes: {}", quoted(&quote(word))),
    };
    format!("Write “{right}” instead of {}", quoted(word))
}

/// What a mark of a merge conflict means.
pub(crate) fn conflict_message(text: &str, mark: TextRange) -> String {
    match Conflict::at(text, mark.start) {
        Some(conflict) => conflict.sentence(),
        None => format!("Remove the line {}: a merge left it behind", quoted(mark.slice(text))),
    }
}
