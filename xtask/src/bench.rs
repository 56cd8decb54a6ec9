//! Prints the figures that are watched: speed of the core, then the size of the page.

use crate::{
    build::{build, dist},
    run::{Outcome, cargo, command, run, step},
};

/// Sums the brotli sizes of what a first visit loads: the page, its links and scripts, and no more.
const SIZES: &str = r##"
const fs = require("fs"), path = require("path"), zlib = require("zlib");
const dist = process.argv[1];
const page = fs.readFileSync(path.join(dist, "index.html"), "utf8");
const names = [...page.matchAll(/(?:href|src)="\.?\/?([^"#:]+)"/g)].map((it) => it[1]);
const files = ["index.html", ...new Set(names)];
const small = (name) => zlib.brotliCompressSync(fs.readFileSync(path.join(dist, name))).length;
const row = (name, value) => console.log(`${name} ${value} bytes`);
row("wasm_bytes", files.filter((it) => it.endsWith(".wasm")).reduce((sum, it) => sum + small(it), 0));
row("total_bytes", files.reduce((sum, it) => sum + small(it), 0));
"##;

pub fn bench() -> Outcome {
    step("Measuring the core", || run(&mut cargo(&["bench", "--no-default-features"])))?;
    build()?;
    step("Measuring the page, compressed with brotli", || {
        run(command("node").args(["--eval", SIZES]).arg(dist()))
    })
}
