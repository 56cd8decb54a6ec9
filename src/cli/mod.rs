//! The same core at a terminal: pictures, layout of text, edits, runs, single states, expressions and
//! tests without a browser. Results go to standard output, sentences about what is wrong to standard error; the
//! exit code is 0 when the workflow succeeded (or the picture is drawn, the text laid out or edited,
//! the state answered, the expression evaluated, the scenarios agree), 1 when it did not, 2 when the
//! request is wrong.

mod read;
mod yaml;
mod definition;
mod machines;
mod render;
mod format;
mod edit;
mod run;
mod trace;
mod state;
mod eval;
mod test;
mod junit;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Draws, runs and tests AWS Step Functions workflows, without an account
///
/// A definition is JSON or YAML, or the only one of a CloudFormation template; - reads it from
/// standard input.
#[derive(Parser)]
#[command(name = "stepglass", version)]
struct Cli {
    #[command(subcommand)]
    wish: Wish,
}

#[derive(Subcommand)]
enum Wish {
    /// Draw a definition: its boxes and lines as JSON, or a picture as SVG or Mermaid
    Render(render::RenderArgs),
    /// Lay out the text of definitions in one form, in place
    Fmt(format::FormatArgs),
    /// Change a definition as the canvas does: rename, insert, delete, wrap and all else
    Edit(edit::EditArgs),
    /// Run a definition with mocked tasks and print how it ended and its history
    Run(run::RunArgs),
    /// Test one state alone and print what AWS's TestState answers
    State(state::StateArgs),
    /// Evaluate one expression
    Eval(eval::EvalArgs),
    /// Run the scenarios that are stored beside definitions and compare with what they expect
    Test(test::TestArgs),
}

/// What a command came to.
#[derive(Default)]
struct Outcome {
    /// For standard output.
    text: String,
    /// For standard output, too; written piece by piece, because histories can be huge.
    report: Option<run::Report>,
    /// Sentences for standard error.
    remarks: Vec<String>,
    exit: u8,
}

const FAILED: u8 = 1;
const WRONG_REQUEST: u8 = 2;

/// Decides jitter, `States.MathRandom` and `States.UUID` unless the user gives another number;
/// fixed, so that equal calls print equal outcomes.
const SEED: u64 = 1;

/// The whole program.
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().wish {
        Wish::Render(args) => render::render(&args),
        Wish::Fmt(args) => format::fmt(&args),
        Wish::Edit(args) => edit::edit(&args),
        Wish::Run(args) => run::run(&args),
        Wish::State(args) => state::state(&args),
        Wish::Eval(args) => eval::eval(&args),
        Wish::Test(args) => test::test(args),
    };
    let outcome = outcome.unwrap_or_else(Outcome::wrong_request);
    for remark in &outcome.remarks {
        eprintln!("{remark}");
    }
    match write(&outcome) {
        // A reader that has seen enough, such as `head`, is no fault.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("Cannot write the result: {error}");
            ExitCode::from(WRONG_REQUEST)
        }
        _ => ExitCode::from(outcome.exit),
    }
}

fn write(outcome: &Outcome) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    out.write_all(outcome.text.as_bytes())?;
    if let Some(report) = &outcome.report {
        serde_json::to_writer_pretty(&mut out, report)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

impl Outcome {
    /// One JSON document.
    fn json(value: &impl serde::Serialize, exit: u8) -> Result<Outcome, Vec<String>> {
        let mut text = serde_json::to_string_pretty(value).map_err(|it| vec![it.to_string()])?;
        text.push('\n');
        Ok(Outcome { text, exit, ..Outcome::default() })
    }

    /// Nothing was done, for these reasons.
    fn wrong_request(remarks: Vec<String>) -> Outcome {
        Outcome { remarks, exit: WRONG_REQUEST, ..Outcome::default() }
    }
}
