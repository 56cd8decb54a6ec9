//! Other state machines that the workflow may start, given as `ARN=FILE`.

use serde_json::Value;

use crate::asl::MachineType;
use crate::cli::definition::Definition;
use crate::cli::read::called;
use crate::json;

/// Reads the machines of a command line: ARNs and definitions. A definition that AWS would refuse
/// is refused.
pub fn machines(arguments: &[String]) -> Result<Vec<(String, Value)>, Vec<String>> {
    let mut machines = Vec::new();
    for (arn, definition) in definitions(arguments)? {
        let document = definition.document(MachineType::Standard);
        let reasons = definition.reasons(&document);
        if !reasons.is_empty() {
            return Err(reasons);
        }
        machines.push((arn, json::value(&document.tree, document.tree.root())));
    }
    Ok(machines)
}

/// The same as they are written, whatever AWS would say of them.
pub fn definitions(arguments: &[String]) -> Result<Vec<(String, Definition)>, Vec<String>> {
    let mut definitions: Vec<(String, Definition)> = Vec::new();
    for argument in arguments {
        // A file name may hold an equals sign, an ARN does not.
        let Some((arn, file)) = argument.split_once('=').filter(|(arn, _)| arn.starts_with("arn:")) else {
            return Err(vec![format!("“{argument}” does not have the form ARN=FILE")]);
        };
        if definitions.iter().any(|(it, _)| it == arn) {
            return Err(vec![format!("There are two files for “{arn}”, the second is {}", called(file))]);
        }
        let definition = Definition::read(file).map_err(|it| vec![it])?;
        definitions.push((arn.to_string(), definition));
    }
    Ok(definitions)
}
