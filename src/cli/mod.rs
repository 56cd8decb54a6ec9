//! The same core at a terminal: pictures and runs without a browser. Results go to standard
//! output, sentences about what is wrong to standard error; the exit code is 0 when the workflow
//! succeeded or the picture is drawn, 1 when the workflow failed, 2 when the request is wrong.

mod read;
mod render;
mod run;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Draws and runs AWS Step Functions workflows, without an account
#[derive(Parser)]
#[command(name = "stepglass", version)]
struct Cli {
    #[command(subcommand)]
    wish: Wish,
}

#[derive(Subcommand)]
enum Wish {
    /// Draw a definition: its boxes and lines as JSON, or a picture as SVG
    Render(RenderArgs),
    /// Run a definition with mocked tasks and print how it ended
    Run(RunArgs),
}

#[derive(Args)]
struct RenderArgs {
    /// The definition; - reads standard input
    file: String,
    #[command(flatten)]
    form: RenderForm,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct RenderForm {
    /// Nodes with their boxes and edges with their lines
    #[arg(long)]
    json: bool,
    /// A picture of its own, in the light theme
    #[arg(long)]
    svg: bool,
}

#[derive(Args)]
struct RunArgs {
    /// The definition; - reads standard input
    definition: String,
    /// The input: a file, a JSON text, or - for standard input; else that of the case, else {}
    #[arg(long, value_name = "FILE|JSON|-")]
    input: Option<String>,
    /// What the tasks answer: a file in the form of AWS's MockConfigFile.json
    #[arg(long, value_name = "FILE")]
    mocks: Option<PathBuf>,
    /// The test case of the mocks; needed when there are several
    #[arg(long, value_name = "NAME", requires = "mocks")]
    case: Option<String>,
    /// The state machine of the mocks; else the first one
    #[arg(long, value_name = "NAME", requires = "mocks")]
    machine: Option<String>,
    /// Print the events that AWS would have logged, too
    #[arg(long)]
    events: bool,
}

/// What a command came to.
struct Outcome {
    /// For standard output.
    text: String,
    /// Sentences for standard error.
    remarks: Vec<String>,
    exit: u8,
}

const WRONG_REQUEST: u8 = 2;

/// The whole program.
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().wish {
        Wish::Render(args) => render::render(&args),
        Wish::Run(args) => run::run(&args),
    };
    let outcome = outcome.unwrap_or_else(|sentence| Outcome {
        text: String::new(),
        remarks: vec![sentence],
        exit: WRONG_REQUEST,
    });
    for remark in &outcome.remarks {
        eprintln!("{remark}");
    }
    let mut out = std::io::stdout().lock();
    match out.write_all(outcome.text.as_bytes()).and_then(|()| out.flush()) {
        // A reader that has seen enough, such as `head`, is no fault.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("Cannot write the result: {error}");
            ExitCode::from(WRONG_REQUEST)
        }
        _ => ExitCode::from(outcome.exit),
    }
}
