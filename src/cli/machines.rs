//! Other state machines that the workflow may start, given as `ARN=FILE`.

use serde_json::Value;

use crate::asl::MachineType;
use crate::cli::definition::Definition;
use crate::cli::read::called;
use crate::json;

/// Reads the machines of a command line: ARNs and definitions. A definition that AWS would refuse
/// is refused.
pub fn machines(arguments: &[String]) -> Result<Vec<(String, Value)>, Vec<String>> {
    let mut machines: Vec<(String, Value)> = Vec::new();
    for argument in arguments {
        // A file name may hold an equals sign, an ARN does not.
        let Some((arn, file)) = argument.split_once('=').filter(|(arn, _)| arn.starts_with("arn:")) else {
            return Err(vec![format!("“{argument}” does not have the form ARN=FILE")]);
        };
        if machines.iter().any(|(it, _)| it == arn) {
            return Err(vec![format!("There are two files for “{arn}”, the second is {}", called(file))]);
        }
        let definition = Definition::read(file).map_err(|it| vec![it])?;
        let document = definition.document(MachineType::Standard);
        let reasons = definition.reasons(&document);
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let value = json::value(&document.tree, document.tree.root());
        machines.push((arn.to_string(), value));
    }
    Ok(machines)
}
