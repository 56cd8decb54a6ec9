//! Says what is wrong with a document. One row and one file per rule; all rules always run, and
//! what they find is sorted by place.

use serde::{Deserialize, Serialize};

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::Machine;
use crate::json::Tree;

/// How AWS runs a workflow; it is chosen beside the definition, not in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MachineType {
    #[default]
    Standard,
    Express,
}

/// Everything that is wrong, by place.
pub fn validate(_tree: &Tree, _machine: &Machine, _machine_type: MachineType) -> Vec<Diagnostic> {
    Vec::new()
}
