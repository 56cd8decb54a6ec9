//! `stepglass edit`: the verbs of the canvas on a file. All operations are made or none, and only the
//! bytes that they need change.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use crate::asl::{Document, Recognized, recognize};
use crate::cli::definition::Definition;
use crate::cli::read::{self, called};
use crate::cli::{FAILED, Outcome, machines};
use crate::studio::Refusal;
use crate::studio::edit::{Child, operation, operations_help, plan_with};

#[derive(Args)]
#[command(after_help = help())]
pub struct EditArgs {
    /// The definition, in JSON; - reads standard input
    pub file: String,
    /// What to do, such as {"op":"rename","state":"A","to":"B"}, or a list of such; may be repeated
    #[arg(long = "op", required = true, value_name = "JSON|@FILE")]
    pub operations: Vec<String>,
    /// Write the file instead of printing the new text
    #[arg(long)]
    pub in_place: bool,
    /// Another state machine that the workflow starts, for “inline”; may be repeated
    #[arg(long, value_name = "ARN=FILE")]
    pub machine_file: Vec<String>,
}

fn help() -> String {
    let explained = "A state is its name, or its JSON Pointer where several have one name; “at” is a pointer from \
        there on, “owner” the pointer of anything, empty for the machine. An “edge” is the pointer of the member \
        that states it, or {\"from\":\"A\",\"to\":\"B\"}. Everything is counted from 0.";
    format!("Operations and what they take:\n{}\n{explained}", operations_help())
}

/// Makes the operations in order, each on what the one before it left.
pub fn edit(args: &EditArgs) -> Result<Outcome, Vec<String>> {
    let wrong = |it: String| vec![it];
    let names = [("definition", Some(args.file.as_str()))];
    let operations = args.operations.iter().map(|it| ("operation", Some(it.as_str())));
    read::only_one_stdin(&names.into_iter().chain(operations).collect::<Vec<_>>()).map_err(wrong)?;
    if args.in_place && args.file == read::STDIN {
        return Err(vec!["Standard input cannot be written in place".to_string()]);
    }
    let text = definition_text(&args.file).map_err(wrong)?;
    let operations = operations_of(args).map_err(wrong)?;
    let machines = machines::definitions(&args.machine_file)?;
    match edited(text, &operations, &machines) {
        Ok(edited) if args.in_place => write(args, &edited).map_err(wrong),
        Ok(edited) if !edited.children.is_empty() => {
            Err(vec!["“extract” makes a second file, so it needs --in-place".to_string()])
        }
        Ok(edited) => Ok(Outcome { text: edited.text, ..Outcome::default() }),
        Err(Refusal(sentence)) => Ok(Outcome { remarks: vec![sentence], exit: FAILED, ..Outcome::default() }),
    }
}

struct Edited {
    text: String,
    /// Other machines that states were extracted to.
    children: Vec<Child>,
}

fn edited(
    mut text: String,
    operations: &[Value],
    machines: &[(String, Definition)],
) -> Result<Edited, Refusal> {
    let mut children: Vec<Child> = Vec::new();
    for value in operations {
        let document = Document::new(text.as_str(), 0);
        let command = operation(value, &document)?;
        let known = |arn: &str| {
            let child = children.iter().rev().find(|it| it.arn == arn).map(|it| it.text.clone());
            child.or_else(|| machines.iter().find(|it| it.0 == arn).map(|it| it.1.text.clone()))
        };
        let Some(plan) = plan_with(&document, &known, &command) else {
            return Err(Refusal("This operation changes nothing in the text".to_string()));
        };
        let plan = plan?;
        text = plan.edit.apply(&text);
        children.extend(plan.child);
    }
    // What was put back in again is not a file of its own.
    children.retain(|it| text.contains(&it.arn));
    Ok(Edited { text, children })
}

/// The text as it stands, byte for byte. Only a definition itself is edited: YAML and templates have
/// another text than the one that the operations are about.
fn definition_text(name: &str) -> Result<String, String> {
    let text = read::exact_text(name)?;
    match recognize(&text) {
        Recognized::Asl | Recognized::TooLarge(_) => Ok(text),
        Recognized::CloudFormation { .. } => {
            Err(format!("{} is a CloudFormation template. Edit the definition itself", called(name)))
        }
        other => Err(format!("{}: {}", called(name), other.sentence().unwrap_or_default())),
    }
}

fn operations_of(args: &EditArgs) -> Result<Vec<Value>, String> {
    let mut operations = Vec::new();
    for argument in &args.operations {
        match read::json_argument(argument, "operation")? {
            Value::Array(several) => operations.extend(several),
            one => operations.push(one),
        }
    }
    Ok(operations)
}

/// Writes the new machines first: without them, the file would call what is nowhere.
fn write(args: &EditArgs, edited: &Edited) -> Result<Outcome, String> {
    let file = |child: &Child| -> PathBuf {
        let name = child.arn.rsplit(':').next().unwrap_or_default();
        Path::new(&args.file).with_file_name(format!("{name}.asl.json"))
    };
    if let Some(taken) = edited.children.iter().map(file).find(|it| it.exists()) {
        return Err(format!("“{}” is there already; choose another name", taken.display()));
    }
    let mut remarks = Vec::new();
    for child in &edited.children {
        put(&file(child), &child.text)?;
        remarks.push(format!("Wrote “{}”", file(child).display()));
    }
    put(Path::new(&args.file), &edited.text)?;
    Ok(Outcome { remarks, ..Outcome::default() })
}

fn put(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("Cannot write “{}”: {error}", path.display()))
}
