//! What is wrong with a document, in the words and codes of AWS's
//! ValidateStateMachineDefinition where it has them. Diagnostics are collected, never thrown.

use serde::Serialize;

use crate::text::{TextEdit, TextRange};

/// How much a diagnostic matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub enum Severity {
    /// AWS would refuse the definition.
    #[serde(rename = "ERROR")]
    Error,
    /// AWS would take it, but it is likely not meant.
    #[serde(rename = "WARNING")]
    Warning,
}

/// One thing that is wrong, at its place.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// AWS's code, for instance `MISSING_TRANSITION_TARGET`.
    pub code: &'static str,
    /// Our kebab-case name of the rule, for instance `unknown-target`.
    pub rule: &'static str,
    /// AWS's sentence where AWS was recorded saying it.
    pub message: String,
    /// What to do, in our words.
    pub hint: Option<String>,
    /// JSON Pointer of the place, as AWS reports it; `None` where AWS names no place.
    pub location: Option<String>,
    /// The bytes of the text to underline.
    pub range: TextRange,
    /// Changes that would mend it, the likeliest first.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a change that mends it, behind those that are there.
    pub fn fix(mut self, label: impl Into<String>, edit: TextEdit) -> Diagnostic {
        if !edit.is_empty() {
            self.fixes.push(Fix { label: label.into(), edit });
        }
        self
    }

    /// Makes it a warning.
    pub fn warning(mut self) -> Diagnostic {
        self.severity = Severity::Warning;
        self
    }

    /// Sets the place as AWS reports it; an empty pointer is the root, which AWS writes `/`.
    pub fn at(mut self, pointer: impl Into<String>) -> Diagnostic {
        let pointer = pointer.into();
        self.location = Some(if pointer.is_empty() { "/".into() } else { pointer });
        self
    }
}

/// A change that would mend the problem.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Fix {
    /// A verb phrase, for instance “Delete “Refund””.
    pub label: String,
    pub edit: TextEdit,
}
