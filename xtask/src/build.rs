//! Writes the page to `dist/`: bundle the scripts and styles, let Trunk compile and link,
//! then optimize what Trunk wrote. Does nothing when no input has changed since the last time.

use std::{path::PathBuf, process::Command, time::Instant};

use crate::{
    files::{all_files, fingerprint, forget, read_text, write},
    optimize,
    run::{Outcome, PAGE_FLAGS, capture, command, npm_program, page_flags, root, run, seconds, step},
    tools,
};

/// Everything that can change the page.
const INPUTS: &[&str] = &[
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "index.html",
    "package-lock.json",
    "public",
    "src",
    "vendor",
    "styles",
    "xtask",
];

/// With these cargo compiles the standard library for size, with what of it the page uses.
const WITH_LIBRARY: &[(&str, &str)] = &[
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
];

/// A panic stops the module at once, and `src/app/crash.js` rescues the text. Its words, which only we
/// could read, would be a fiftieth of the page.
const WITHOUT_PANICS: &str = "-Zunstable-options -Cpanic=immediate-abort";

/// Makes `dist/` current and says how large it is.
pub fn build() -> Outcome {
    let start = Instant::now();
    let inputs: Vec<PathBuf> = INPUTS.iter().flat_map(|it| all_files(&root().join(it))).collect();
    let wanted = fingerprint(&inputs)?;
    if dist().join("index.html").is_file() && read_text(&stamp()).is_ok_and(|it| it == wanted) {
        println!("• The page in dist/ is current");
        return Ok(());
    }
    // A build that stops halfway must not look current.
    forget(&stamp());
    tools::prepare()?;
    step("Bundling the code editor and the styles", bundle)?;
    step("Compiling the page with Trunk", trunk)?;
    optimize::optimize()?;
    write(&stamp(), wanted)?;
    println!("• The page is in dist/, built in {}", seconds(start));
    Ok(())
}

/// The finished page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Files between two build steps.
pub fn work_dir() -> PathBuf {
    root().join("target").join("page")
}

fn stamp() -> PathBuf {
    work_dir().join("dist.stamp")
}

fn bundle() -> Outcome {
    let out = format!("--outdir={}", work_dir().display());
    let script = work_dir().join("boot.js");
    let mut esbuild = npm_program("esbuild/bin/esbuild");
    esbuild.args(["boot=src/app/boot.js", "style=styles/index.css", "--bundle", "--minify", "--format=esm"]);
    esbuild.args(["--target=es2022", "--legal-comments=none", "--log-level=warning"]);
    esbuild.args(["--alias:@codemirror/language=./src/app/code/language.js"]);
    esbuild.args(["--alias:@lezer/common=./src/app/code/language.js"]);
    capture(esbuild.args(["--alias:style-mod=./src/app/code/style_mount.js", &out]))?;
    // Once it is compressed, the code editor is 3 % smaller than as esbuild leaves it.
    let mut terser = npm_program("terser/bin/terser");
    terser.arg(&script).args([
        "--module",
        "--ecma",
        "2020",
        "--compress",
        "passes=3",
        "--mangle",
        "--output",
    ]);
    capture(terser.arg(&script)).map(|_| ())
}

/// Lets a command compile as the page is compiled.
pub fn with_library(command: &mut Command) {
    if tools::compiles_library() {
        command.envs(WITH_LIBRARY.iter().copied());
        command.env(PAGE_FLAGS, format!("{} {WITHOUT_PANICS}", page_flags()));
    }
}

fn trunk() -> Outcome {
    // Trunk must use the tools on PATH: it may not reach the pages from which it would load its own.
    let mut trunk = command("trunk");
    trunk.args(["build", "--color", "never"]).env("TRUNK_OFFLINE", "true");
    with_library(&mut trunk);
    // Where Trunk itself stood helps nobody find the fault that the compiler has just shown.
    trunk.env("RUST_BACKTRACE", "0");
    // Trunk takes only “true” or “false” here, but the usual value is “1”.
    run(trunk.env_remove("NO_COLOR"))
}
