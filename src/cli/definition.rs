//! Definitions as users keep them: JSON, YAML, or inside of a CloudFormation template. Whatever the
//! form, the rest of the program sees JSON text, and what is wrong is told at its place in the
//! text that the user wrote.

use std::path::Path;

use crate::asl::{Diagnostic, Document, MachineType, Recognized, Severity, recognize};
use crate::cli::read::{self, called};
use crate::cli::yaml::{self, Places};
use crate::text::conflict::starts_with_mark;

/// A definition that was read.
pub struct Definition {
    /// What the user called it.
    pub name: String,
    /// JSON text.
    pub text: String,
    /// Where the JSON text stands in the YAML that it was made from.
    places: Option<Places>,
    /// The text was taken out of a template, whose lines are others.
    is_inside_template: bool,
}

impl Definition {
    /// Reads a file or standard input. Text that is broken in places is taken as far as possible;
    /// text of another kind is refused.
    pub fn read(name: &str) -> Result<Definition, String> {
        let definition = Definition::read_any(name)?;
        match recognize(&definition.text) {
            Recognized::Asl | Recognized::TooLarge(_) => Ok(definition),
            Recognized::CloudFormation { candidates } if candidates.len() == 1 => {
                let text = candidates.into_iter().next().map(|it| it.definition).unwrap_or_default();
                Ok(Definition { text, places: None, is_inside_template: true, ..definition })
            }
            other => Err(format!("{}: {}", called(name), other.sentence().unwrap_or_default())),
        }
    }

    /// The same for a text that may be a single state, too.
    pub fn read_state(name: &str) -> Result<Definition, String> {
        let definition = Definition::read_any(name)?;
        match recognize(&definition.text) {
            Recognized::NotAsl("a single state") => Ok(definition),
            Recognized::CloudFormation { .. } => Definition::read(name),
            _ => Ok(definition),
        }
    }

    fn read_any(name: &str) -> Result<Definition, String> {
        let text = read::text(name)?;
        let plain =
            |text| Definition { name: name.to_string(), text, places: None, is_inside_template: false };
        let extension = Path::new(name).extension().map(|it| it.to_ascii_lowercase());
        let is_yaml_file = extension.is_some_and(|it| it == "yaml" || it == "yml");
        let is_json = text.trim_start().starts_with(['{', '[']) || starts_with_mark(text.trim_start());
        if !is_yaml_file && is_json {
            return Ok(plain(text));
        }
        match yaml::json_of(&text) {
            Ok(Some((json, places))) => Ok(Definition { places: Some(places), ..plain(json) }),
            // Text of another kind: a sentence about it helps more than one about YAML.
            Ok(None) if !is_yaml_file => Ok(plain(text)),
            Ok(None) => Err(format!("{} holds no mapping", called(name))),
            Err(_) if !is_yaml_file && !looks_like_yaml(&text) => Ok(plain(text)),
            Err(fault) => Err(format!(
                "{}, line {}, column {}: {}",
                called(name),
                fault.line,
                fault.column,
                fault.message
            )),
        }
    }

    /// The definition with everything derived from it.
    pub fn document(&self, machine_type: MachineType) -> Document {
        Document::with_type(self.text.as_str(), 0, machine_type)
    }

    /// What is no JSON, one sentence each.
    pub fn syntax_errors(&self, document: &Document) -> Vec<String> {
        let errors = document.tree.errors().iter();
        errors.map(|it| format!("{}: {}", self.place(document, it.range.start), it.message)).collect()
    }

    /// The reasons for which AWS would refuse the definition, in its words, one sentence each.
    pub fn reasons(&self, document: &Document) -> Vec<String> {
        let syntax_errors = self.syntax_errors(document);
        if !syntax_errors.is_empty() {
            return syntax_errors;
        }
        let errors = document.diagnostics.iter().filter(|it| it.severity == Severity::Error);
        errors.map(|it| format!("{}: {}", self.place(document, it.range.start), words(it))).collect()
    }

    /// “name”, line 3, column 7.
    fn place(&self, document: &Document, offset: usize) -> String {
        let name = called(&self.name);
        if self.is_inside_template {
            return name;
        }
        let (line, column) = match &self.places {
            Some(places) => places.of(offset),
            None => {
                let place = document.line_index.line_column(offset);
                (place.line + 1, place.column + 1)
            }
        };
        format!("{name}, line {line}, column {column}")
    }
}

/// As in the answer of CreateStateMachine.
fn words(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.location.as_ref().map(|it| format!(" at {it}")).unwrap_or_default();
    format!("{}: {}{place}", diagnostic.code, diagnostic.message)
}

fn looks_like_yaml(text: &str) -> bool {
    let starts = ["StartAt:", "States:", "Comment:", "QueryLanguage:", "Type:", "Resources:"];
    text.lines().any(|line| starts.iter().any(|it| line.starts_with(it)))
}
