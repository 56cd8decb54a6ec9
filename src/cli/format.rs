//! `stepglass fmt`: lays definitions out in one form, or says which are not.

use std::path::Path;

use clap::Args;

use crate::cli::{FAILED, Outcome, WRONG_REQUEST, read};
use crate::json::{Indent, format, parse};
use crate::text::LineIndex;

#[derive(Args)]
pub struct FormatArgs {
    /// Files of JSON, changed in place; - reads standard input and prints it laid out
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// Change nothing, print the names of the files that would change
    #[arg(long)]
    pub check: bool,
    /// One level of indentation; else as each file has it
    #[arg(long, value_name = "2|4|tab", value_parser = indent)]
    pub indent: Option<Indent>,
}

/// Lays files out. What is no JSON is left as it is and told, and the others are laid out all the
/// same.
pub fn fmt(args: &FormatArgs) -> Result<Outcome, Vec<String>> {
    if args.files.iter().filter(|it| *it == read::STDIN).count() > 1 {
        return Err(vec!["Standard input can be read only once".to_string()]);
    }
    let mut outcome = Outcome::default();
    for name in &args.files {
        if let Err(remark) = one(args, name, &mut outcome) {
            outcome.remarks.push(remark);
            outcome.exit = WRONG_REQUEST;
        }
    }
    Ok(outcome)
}

fn one(args: &FormatArgs, name: &str, outcome: &mut Outcome) -> Result<(), String> {
    if Path::new(name).extension().is_some_and(|it| it == "yaml" || it == "yml") {
        return Err(format!("{} is YAML; only JSON is laid out", read::called(name)));
    }
    let text = read::exact_text(name)?;
    let tree = parse(text.as_str());
    let is_printed = name == read::STDIN && !args.check;
    let Some(edit) = format(&tree, args.indent.unwrap_or_default()) else {
        // Whoever pipes a text through gets it back, whatever it is.
        if is_printed {
            outcome.text.push_str(&text);
        }
        let error = tree.errors().first();
        let place = LineIndex::new(&text).line_column(error.map_or(0, |it| it.range.start));
        let message = error.map_or("it is no JSON", |it| it.message.as_str());
        let (line, column) = (place.line + 1, place.column + 1);
        return Err(format!(
            "{}, line {line}, column {column}: {message}. It is left as it is",
            read::called(name)
        ));
    };
    if is_printed {
        outcome.text.push_str(&edit.apply(&text));
    } else if !edit.is_empty() && args.check {
        outcome.text.push_str(&format!("{name}\n"));
        outcome.exit = outcome.exit.max(FAILED);
    } else if !edit.is_empty() {
        let new = edit.apply(&text);
        std::fs::write(name, new).map_err(|it| format!("Cannot write {}: {it}", read::called(name)))?;
    }
    Ok(())
}

fn indent(argument: &str) -> Result<Indent, String> {
    match argument {
        "2" => Ok(Indent::Spaces(2)),
        "4" => Ok(Indent::Spaces(4)),
        "tab" => Ok(Indent::Tab),
        _ => Err("choose 2, 4 or tab".to_string()),
    }
}
