//! Reading what the command line names: files, standard input, JSON. Every fault is a sentence
//! that says which text it is about.

use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use crate::asl::{Document, Recognized, recognize};

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// The text of a file, or of standard input.
pub fn text(name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let outcome = match name {
        STDIN => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        path => std::fs::read(path).map(|it| bytes = it),
    };
    outcome.map_err(|error| format!("Cannot read {}: {}", called(name), reason(&error)))?;
    String::from_utf8(bytes).map_err(|_| format!("{} is not a text file in UTF-8", called(name)))
}

/// A definition, or the only one of a CloudFormation template. Text that is broken in places is
/// read as far as possible; text of another kind is refused.
pub fn definition(name: &str) -> Result<Document, String> {
    let text = text(name)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match recognize(text) {
        Recognized::Asl | Recognized::TooLarge(_) => Ok(Document::new(text, 0)),
        Recognized::CloudFormation { candidates } if candidates.len() == 1 => {
            let definition = candidates.into_iter().next().map(|it| it.definition).unwrap_or_default();
            Ok(Document::new(definition, 0))
        }
        other => Err(format!("{}: {}", called(name), other.sentence().unwrap_or_default())),
    }
}

/// JSON from a file, from standard input, or from the argument itself.
pub fn json_argument(argument: &str) -> Result<Value, String> {
    let looks_like_json = argument.trim_start().starts_with(['{', '[', '"']);
    if argument == STDIN || (!looks_like_json && Path::new(argument).exists()) {
        return json_file(argument);
    }
    let fault = |error| match looks_like_json {
        true => format!("The input is not JSON: {error}"),
        false => format!("There is no file “{argument}”, and it is not JSON itself: {error}"),
    };
    serde_json::from_str(argument).map_err(fault)
}

/// JSON from a file or standard input.
pub fn json_file(name: &str) -> Result<Value, String> {
    let text = text(name)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    serde_json::from_str(text).map_err(|error| format!("{} is not JSON: {error}", called(name)))
}

/// How a text is called in sentences.
pub fn called(name: &str) -> String {
    if name == STDIN { "Standard input".to_string() } else { format!("“{name}”") }
}

/// The syntax errors of a definition, one sentence each.
pub fn syntax_errors(document: &Document, name: &str) -> Vec<String> {
    let sentence = |range: crate::text::TextRange, message: &str| {
        let place = document.line_index.line_column(range.start);
        format!("{}, line {}, column {}: {message}", called(name), place.line + 1, place.column + 1)
    };
    document.tree.errors().iter().map(|it| sentence(it.range, &it.message)).collect()
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_string(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_string(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_string(),
        _ => error.to_string(),
    }
}
