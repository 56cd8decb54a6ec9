//! Runs other programs and says what is happening and how long it took.

use std::{
    env,
    ffi::OsString,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

/// What a step comes to; the error is a sentence for the person at the terminal.
pub type Outcome<T = ()> = Result<T, String>;

/// Runs one step under a title and prints its duration.
pub fn step<T>(title: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("• {title}");
    let start = Instant::now();
    let outcome = work();
    let verdict = if outcome.is_ok() { "done" } else { "failed" };
    println!("  {verdict} in {}", seconds(start));
    outcome
}

/// The time since `start`, as people read it.
pub fn seconds(start: Instant) -> String {
    let secs = start.elapsed().as_secs_f64();
    if secs < 120.0 { format!("{secs:.1} s") } else { format!("{:.1} min", secs / 60.0) }
}

/// A command that runs in the repository and finds the pinned tools first.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(root()).env("PATH", tool_path());
    command.env(PAGE_FLAGS, page_flags());
    command
}

/// The variable that gives cargo the flags for WebAssembly.
pub const PAGE_FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// How the compiler is asked for WebAssembly. With the types of Leptos' views erased, the page is a
/// thirteenth smaller, and a little more where only what shrinks by it is inlined. Without the
/// folder of the crates, what is published does not tell where it was built.
pub fn page_flags() -> String {
    let home = env::var("CARGO_HOME").or_else(|_| env::var("HOME").map(|it| format!("{it}/.cargo")));
    // Cargo splits the flags at spaces.
    let home = home.ok().filter(|it| !it.contains(char::is_whitespace));
    let remap = home.map(|it| format!(" --remap-path-prefix={it}/registry/src=crates"));
    format!("--cfg erase_components -C llvm-args=-inline-threshold=0{}", remap.unwrap_or_default())
}

/// The same cargo that runs this program.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    command
}

/// A program of an installed npm package, run by Node.
pub fn npm_program(name: &str) -> Command {
    let mut command = command("node");
    command.arg(root().join("node_modules").join(name));
    command
}

/// Runs with the output shown as it comes.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(failed(command, &status.to_string())) }
}

/// Runs silently and returns what was printed; a failure carries the error output.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|error| cannot_start(command, &error))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}\n{text}{errors}", failed(command, &output.status.to_string())))
}

/// Runs with the output shown as it comes, and hands each line to `seen` as well.
pub fn watch(command: &mut Command, mut seen: impl FnMut(&str)) -> Outcome {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(command, &error))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            seen(&line);
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(failed(command, &status.to_string())) }
}

/// The repository's top folder.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Where the pinned tools are installed; git ignores it.
pub fn tools_dir() -> PathBuf {
    root().join(".tools")
}

fn tool_path() -> OsString {
    let mut places = vec![tools_dir().join("bin")];
    places.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    env::join_paths(places).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default())
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("Cannot start “{}”: {error}", command.get_program().to_string_lossy())
}

fn failed(command: &Command, status: &str) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(|it| it.to_string_lossy()));
    format!("This failed ({status}): {}", words.join(" "))
}
