//! Reading what the command line names: files, standard input, JSON. Every fault is a sentence
//! that says which text it is about.

use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// The text of a file, or of standard input; without a byte order mark.
pub fn text(name: &str) -> Result<String, String> {
    let text = exact_text(name)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text))
}

/// The text of a file, or of standard input, byte for byte.
pub fn exact_text(name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let outcome = match name {
        STDIN => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        path => std::fs::read(path).map(|it| bytes = it),
    };
    outcome.map_err(|error| format!("Cannot read {}: {}", called(name), reason(&error)))?;
    String::from_utf8(bytes).map_err(|_| format!("{} is not a text file in UTF-8", called(name)))
}

/// The JSON text of an argument: the argument itself, `@FILE`, or `-` for standard input. What is
/// no JSON but the name of a file means that file.
pub fn json_text(argument: &str, what: &str) -> Result<String, String> {
    if let Some(name) = argument.strip_prefix('@') {
        return checked(name, text(name)?);
    }
    if argument == STDIN {
        return checked(STDIN, text(STDIN)?);
    }
    let error = match serde_json::from_str::<serde::de::IgnoredAny>(argument) {
        Ok(_) => return Ok(argument.to_string()),
        Err(error) => error,
    };
    if argument.trim_start().starts_with(['{', '[', '"']) {
        return Err(format!("The {what} is not JSON: {error}"));
    }
    match Path::new(argument).exists() {
        true => checked(argument, text(argument)?),
        false => Err(format!("There is no file “{argument}”, and it is not JSON itself: {error}")),
    }
}

/// The JSON of an argument, as in [`json_text`].
pub fn json_argument(argument: &str, what: &str) -> Result<Value, String> {
    let text = json_text(argument, what)?;
    serde_json::from_str(&text).map_err(|error| format!("The {what} is not JSON: {error}"))
}

/// JSON from a file or standard input.
pub fn json_file(name: &str) -> Result<Value, String> {
    serde_json::from_str(&text(name)?).map_err(|error| format!("{} is not JSON: {error}", called(name)))
}

/// Refuses a command line that reads standard input more than once.
pub fn only_one_stdin(names: &[(&str, Option<&str>)]) -> Result<(), String> {
    let reading = names.iter().filter(|(_, it)| it.is_some_and(|it| it == STDIN || it == "@-"));
    let reading: Vec<&str> = reading.map(|(what, _)| *what).collect();
    match reading.as_slice() {
        [first, second, ..] => Err(format!("Only one of {first} and {second} can come from standard input")),
        _ => Ok(()),
    }
}

/// How a text is called in sentences.
pub fn called(name: &str) -> String {
    if name == STDIN { "Standard input".to_string() } else { format!("“{name}”") }
}

fn checked(name: &str, text: String) -> Result<String, String> {
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(format!("{} is not JSON: {error}", called(name))),
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_string(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_string(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_string(),
        _ => error.to_string(),
    }
}
