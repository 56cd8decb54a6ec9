//! The paths and templates of a state, read once when the program is made. Whoever evaluates one
//! asks here first; a text that is not known here is read on the spot.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::expr::{Path, PathError, Payload, Template};

/// What has been read of one state.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Code {
    paths: Vec<Path>,
    templates: Vec<(Arc<Value>, Template)>,
    payloads: Vec<(Arc<Value>, Payload)>,
}

impl Code {
    /// Reads a text, if it is a path.
    pub(crate) fn add_path(&mut self, text: &str) {
        if !self.paths.iter().any(|it| it.text() == text) {
            self.paths.extend(Path::parse(text));
        }
    }

    /// Reads a template.
    pub(crate) fn add_template(&mut self, written: &Arc<Value>) {
        self.templates.push((Arc::clone(written), Template::new(written)));
    }

    /// Reads a JSONata payload.
    pub(crate) fn add_payload(&mut self, written: &Arc<Value>) {
        self.payloads.push((Arc::clone(written), Payload::new(written)));
    }

    /// The path with this text.
    pub(crate) fn path(&self, text: &str) -> Result<Cow<'_, Path>, PathError> {
        match self.paths.iter().find(|it| it.text() == text) {
            Some(path) => Ok(Cow::Borrowed(path)),
            None => Path::parse(text).map(Cow::Owned),
        }
    }

    /// The template that was read from this very value.
    pub(crate) fn template(&self, written: &Value) -> Cow<'_, Template> {
        match self.templates.iter().find(|(it, _)| std::ptr::eq(it.as_ref(), written)) {
            Some((_, template)) => Cow::Borrowed(template),
            None => Cow::Owned(Template::new(written)),
        }
    }

    /// The payload that was read from this very value.
    pub(crate) fn payload(&self, written: &Value) -> Cow<'_, Payload> {
        match self.payloads.iter().find(|(it, _)| std::ptr::eq(it.as_ref(), written)) {
            Some((_, payload)) => Cow::Borrowed(payload),
            None => Cow::Owned(Payload::new(written)),
        }
    }
}
