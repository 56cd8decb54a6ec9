//! Other state machines of the project by ARN, so that a `startExecution` really runs them: the
//! resolved definition and what its own calls answer.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::asl::MachineType;
use crate::json::{Keep, keep};
use crate::sim::mocks::{MockRow, Mocks};
use crate::sim::program::Program;

/// Machines by ARN.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Machines(pub IndexMap<String, Machine>);
keep! { Machines(_) }

/// A machine that can be started by a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// The last part of the ARN: the key in `StateMachines` under which its mocks stand.
    pub name: String,
    pub definition: Arc<Value>,
    pub machine_type: MachineType,
    /// The test case that answers its calls; `None`: the one that is called like the case of the
    /// run, else the only one.
    pub case: Option<String>,
    /// What its calls answer, by state name.
    pub states: IndexMap<String, Vec<MockRow>>,
    pub(crate) program: Arc<Program>,
}

/// A machine as it is kept: what was resolved is resolved again.
struct Kept {
    name: String,
    definition: Value,
    is_express: bool,
    case: Option<String>,
    states: IndexMap<String, Vec<MockRow>>,
}
keep! { Kept { name, definition, is_express, case, states } }

impl Keep for Machine {
    fn keep(&self, out: &mut String) {
        Kept::from(self.clone()).keep(out);
    }

    fn read(value: &mut Value, damaged: &mut bool) -> Machine {
        Kept::read(value, damaged).into()
    }
}

impl From<Machine> for Kept {
    fn from(machine: Machine) -> Kept {
        Kept {
            name: machine.name,
            definition: Arc::unwrap_or_clone(machine.definition),
            is_express: machine.machine_type == MachineType::Express,
            case: machine.case,
            states: machine.states,
        }
    }
}

impl From<Kept> for Machine {
    fn from(kept: Kept) -> Machine {
        let machine_type = if kept.is_express { MachineType::Express } else { MachineType::Standard };
        let machine = Machine::new(&kept.name, kept.definition);
        Machine { name: kept.name, machine_type, case: kept.case, states: kept.states, ..machine }
    }
}

impl Machine {
    /// A machine whose calls ask.
    pub fn new(arn: &str, definition: Value) -> Machine {
        Machine {
            name: name_of_arn(arn).to_string(),
            program: Arc::new(Program::from_value(&definition, 0)),
            definition: Arc::new(definition),
            machine_type: MachineType::Standard,
            case: None,
            states: IndexMap::new(),
        }
    }
}

impl Machines {
    /// The machine that a call names; a version or alias behind the name means the machine.
    pub fn find(&self, arn: &str) -> Option<(&str, &Machine)> {
        let found = self.0.get_key_value(arn).or_else(|| {
            // arn:partition:states:region:account:stateMachine:name:version
            let (bare, _) = arn.rsplit_once(':').filter(|_| arn.split(':').count() == 8)?;
            self.0.get_key_value(bare)
        });
        found.map(|(arn, machine)| (arn.as_str(), machine))
    }

    /// Lets a machine be found by this ARN, in place of what was known of it.
    pub fn insert(&mut self, arn: &str, machine: Machine) {
        self.0.insert(arn.to_string(), machine);
    }

    /// The definitions with their types and cases, in the form of a file.
    pub fn to_value(&self) -> Value {
        let machines = self.0.iter().map(|(arn, machine)| {
            let mut entry = Map::new();
            entry.insert("Definition".to_string(), machine.definition.as_ref().clone());
            if let Some(case) = &machine.case {
                entry.insert("Case".to_string(), Value::from(case.as_str()));
            }
            if machine.machine_type == MachineType::Express {
                entry.insert("Type".to_string(), Value::from("EXPRESS"));
            }
            (arn.clone(), Value::Object(entry))
        });
        Value::Object(machines.collect())
    }
}

impl Mocks {
    /// Lets calls start the machine with this ARN.
    pub fn add_machine(&mut self, arn: &str, machine: Machine) {
        Arc::make_mut(&mut self.machines).insert(arn, machine);
    }
}

/// `Orders` of `arn:aws:states:eu-west-1:123456789012:stateMachine:Orders`; what is no ARN is its
/// own name.
pub(crate) fn name_of_arn(arn: &str) -> &str {
    arn.split(':').nth(6).unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_version_or_alias_means_the_machine() {
        let arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders";
        let mut machines = Machines::default();
        machines.insert(arn, Machine::new(arn, json!({})));
        machines.insert("${Child}", Machine::new("${Child}", json!({})));
        let name = |arn: &str| machines.find(arn).map(|(_, it)| it.name.clone());
        assert_eq!(name(arn), Some("Orders".to_string()));
        assert_eq!(name(&format!("{arn}:PROD")), Some("Orders".to_string()));
        assert_eq!(name(&format!("{arn}:1:2")), None);
        assert_eq!(name("arn:aws:states:eu-west-1:123456789012:stateMachine:Order"), None);
        assert_eq!(name("${Child}"), Some("${Child}".to_string()));
    }
}
