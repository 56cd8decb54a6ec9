//! The program: in the browser it mounts the page; natively it is the command line.

#[cfg(all(feature = "app", target_arch = "wasm32"))]
fn main() {
    stepglass::app::start();
}

#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
fn main() -> std::process::ExitCode {
    stepglass::cli::main()
}

#[cfg(not(any(
    all(feature = "app", target_arch = "wasm32"),
    all(feature = "cli", not(target_arch = "wasm32"))
)))]
fn main() {
    eprintln!("Build the command line with --no-default-features --features cli");
}
