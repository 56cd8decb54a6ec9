//! The commands of this repository: `cargo xtask serve | build | test | bench`.
//!
//! All set-up lives here, so that a fresh machine needs only Rust, Node and one command.
//! Each file does one thing and says in plain sentences what it is doing; no other script exists.

mod bench;
mod build;
mod chromium;
mod files;
mod names;
mod optimize;
mod order;
mod run;
mod serve;
mod test;
mod tools;

use std::{env, process::ExitCode};

use run::Outcome;

const HELP: &str = "\
cargo xtask serve [--port N]          build the page if anything changed and serve it on 127.0.0.1
cargo xtask build                     write the page to dist/, ready for any static host or sub-path
cargo xtask test                      run every check: format, lints, core tests, browser tests
cargo xtask test --core               only format, lints and core tests
cargo xtask test --browser [FILTER]   only the browser tests whose file name contains FILTER
cargo xtask bench                     print the speed and size figures, one `name value unit` a row
cargo xtask bench ROWS                only the figures of speed whose name contains ROWS";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("\n{reason}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[&str]) -> Outcome {
    match args {
        ["serve"] => serve::serve(None),
        ["serve", "--port", port] => match port.parse() {
            Ok(port) => serve::serve(Some(port)),
            Err(_) => Err(format!("“{port}” is not a port number")),
        },
        ["build"] => build::build(),
        ["test"] => test::test(test::Scope::All),
        ["test", "--core"] => test::test(test::Scope::Core),
        ["test", "--browser"] => test::test(test::Scope::Browser { filter: "" }),
        ["test", "--browser", filter] => test::test(test::Scope::Browser { filter }),
        ["bench"] => bench::bench(""),
        ["bench", rows] => bench::bench(rows),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(format!("There is no such command: {}\n\n{HELP}", args.join(" "))),
    }
}
