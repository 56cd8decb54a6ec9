//! Prints the figures that are watched, one `name value unit` a row: speed of the core, then
//! the size of the page.

use std::process::Command;

use crate::{
    build::{build, dist, with_library},
    chromium::chromium,
    files::all_files,
    optimize::wasm_opt,
    run::{Outcome, cargo, command, root, run, step},
    tools::{WASM_TARGET, npm_packages_of, wasm_target},
};

/// Compresses each file given and prints what all of them, and the WebAssembly alone, come to.
const SIZES: &str = r#"
const { readFileSync } = require("node:fs");
const { brotliCompressSync } = require("node:zlib");
const small = (files) => files.reduce((sum, it) => sum + brotliCompressSync(readFileSync(it)).length, 0);
const files = process.argv.slice(1);
console.log(`wasm_bytes ${small(files.filter((it) => it.endsWith(".wasm")))} bytes`);
console.log(`total_bytes ${small(files)} bytes`);
"#;

/// An upper bound of what the evaluator adds to the page: it brings its allocator and its JSON along.
const GZIP: &str = r#"
const bytes = require("node:zlib").gzipSync(require("node:fs").readFileSync(process.argv[1]), { level: 9 });
console.log(`jsonata_gzip_bytes ${bytes.length} bytes`);
"#;

const SPEED_WASM: [&str; 8] =
    ["build", "--quiet", "--package", "speed-wasm", "--profile", "web", "--target", WASM_TARGET];

fn speed_wasm(more: &[&str]) -> Command {
    let mut cargo = cargo(&SPEED_WASM);
    with_library(cargo.args(more));
    cargo
}

/// All figures, or only those of speed whose name contains `rows`.
pub fn bench(rows: &str) -> Outcome {
    step("Measuring the core", || {
        run(&mut cargo(&["bench", "--quiet", "--no-default-features", "--bench", "speed", "--", rows]))
    })?;
    wasm_target()?;
    let benches = root().join("benches");
    npm_packages_of(&benches)?;
    step("Measuring the core in WebAssembly, beside other interpreters", || {
        // With the settings of the page, so that the figures are those of the page.
        run(&mut speed_wasm(&[]))?;
        let module = root().join("target").join(WASM_TARGET).join("web").join("speed_wasm.wasm");
        run(command("node").arg(benches.join("speed.mjs")).arg(&module).arg(rows))
    })?;
    if !rows.is_empty() {
        return Ok(());
    }
    build()?;
    step("Counting the frames of 2,000 states in the browser", || {
        run(command("node").arg(benches.join("frames.mjs")).env("STEPGLASS_CHROMIUM", chromium()?))
    })?;
    step("Measuring the JSONata evaluator alone, compressed with gzip", || {
        let alone = ["--no-default-features", "--target-dir", "target/evaluator"];
        run(&mut speed_wasm(&alone))?;
        let folder = root().join("target").join("evaluator").join(WASM_TARGET).join("web");
        let small = folder.join("evaluator.wasm");
        wasm_opt(&folder.join("speed_wasm.wasm"), &small)?;
        run(command("node").args(["--eval", GZIP]).arg(small))
    })?;
    // The examples are not part of a first visit: each is fetched when it is opened.
    let examples = dist().join("examples");
    let page = all_files(&dist()).into_iter().filter(|it| !it.starts_with(&examples));
    step("Measuring the page, compressed with brotli", || {
        run(command("node").args(["--eval", SIZES]).args(page))
    })
}
