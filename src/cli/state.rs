//! `stepglass state`: one state alone, as AWS's TestState runs it.

use clap::Args;
use serde_json::{Map, Value};

use crate::cli::definition::Definition;
use crate::cli::{Outcome, read};
use crate::sim::test_state;

#[derive(Args)]
pub struct StateArgs {
    /// A state, or the state machine around it; - reads standard input
    pub definition: String,
    /// The name of the state in the state machine
    #[arg(long, value_name = "NAME")]
    pub state: Option<String>,
    /// The input of the state; else {}
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub input: Option<String>,
    /// The workflow variables, an object
    #[arg(long, value_name = "JSON|@FILE")]
    pub variables: Option<String>,
    /// The context object; needs a mock
    #[arg(long, value_name = "JSON|@FILE")]
    pub context: Option<String>,
    /// What the call, the branches or the iterations give: {"result"} or {"errorOutput"}, and
    /// "fieldValidationMode"
    #[arg(long, value_name = "JSON|@FILE")]
    pub mock: Option<String>,
    /// Facts about the visit: "retrierRetryCount", "errorCausedByState",
    /// "mapIterationFailureCount", "mapItemReaderData"
    #[arg(long, value_name = "JSON|@FILE")]
    pub state_configuration: Option<String>,
    /// How much the response tells: INFO, DEBUG or TRACE
    #[arg(long, value_name = "LEVEL", default_value = "INFO", ignore_case = true, value_parser = ["INFO", "DEBUG", "TRACE"])]
    pub level: String,
}

/// Tests a state and prints the response. A response is a result, whatever status it tells.
pub fn state(args: &StateArgs) -> Result<Outcome, Vec<String>> {
    let request = request(args).map_err(|it| vec![it])?;
    match test_state(&request) {
        Ok(response) => Outcome::json(&response, 0),
        Err(refusal) => Err(vec![refusal.sentence()]),
    }
}

fn request(args: &StateArgs) -> Result<Value, String> {
    let options = [
        ("input", "input", &args.input),
        ("variables", "variables", &args.variables),
        ("context", "context", &args.context),
        ("mock", "mock", &args.mock),
        ("stateConfiguration", "state configuration", &args.state_configuration),
    ];
    let mut readers = vec![("definition", Some(args.definition.as_str()))];
    readers.extend(options.iter().map(|(_, what, argument)| (*what, argument.as_deref())));
    read::only_one_stdin(&readers)?;
    let mut request = Map::new();
    let definition = Definition::read_state(&args.definition)?;
    request.insert("definition".to_string(), definition.text.into());
    request.insert("inspectionLevel".to_string(), args.level.to_ascii_uppercase().into());
    if let Some(name) = &args.state {
        request.insert("stateName".to_string(), name.as_str().into());
    }
    for (member, what, argument) in options {
        let Some(argument) = argument else { continue };
        let value = match member {
            "mock" | "stateConfiguration" => read::json_argument(argument, what)?,
            // The API takes these as text.
            _ => Value::from(read::json_text(argument, what)?),
        };
        request.insert(member.to_string(), value);
    }
    Ok(Value::Object(request))
}
