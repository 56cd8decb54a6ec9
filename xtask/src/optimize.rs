//! Finishes what Trunk wrote: no inline script, a smaller WebAssembly module, minified glue.

use std::path::{Path, PathBuf};

use crate::{
    build::{dist, work_dir},
    files::{all_files, fingerprint, read, read_text, write},
    names, order,
    run::{Outcome, capture, npm_program, root, step},
};

/// What Rust's WebAssembly target uses by default; without the flags wasm-opt refuses the module.
const WASM_FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What wasm-opt does. The module is larger than after `-Oz`, and yet smaller once it is compressed;
/// it also runs faster. Nor are the zeros taken out of the data: they compress to less than what would
/// say where they have been.
const PASSES: &[&str] = &[
    "-O2",
    "--skip-pass=memory-packing",
    "--low-memory-unused",
    "--zero-filled-memory",
    "--reorder-functions-by-name",
];

pub fn optimize() -> Outcome {
    without_inline_scripts()?;
    let wasm = only_file("_bg.wasm")?;
    let glue = wasm.with_file_name(file_name(&wasm).replace("_bg.wasm", ".js"));
    if let Err(reason) = step("Shrinking the WebAssembly module with wasm-opt", || shrink(&wasm, &glue)) {
        // The module works without this step, it is only larger.
        println!("  Note: the module stays as it was.\n  {reason}");
    }
    minify(&glue)
}

/// Takes Trunk's inline start script out, because `boot.js` starts the page under a policy
/// that allows no inline script.
fn without_inline_scripts() -> Outcome {
    let page = dist().join("index.html");
    let html = strip_inline_scripts(&read_text(&page)?);
    write(&page, html)
}

fn strip_inline_scripts(html: &str) -> String {
    let mut rest = html;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("<script") {
        let Some((attributes, body)) = after.split_once('>') else {
            break;
        };
        let Some((_, tail)) = body.split_once("</script>") else {
            break;
        };
        kept.push_str(before);
        if attributes.contains("src=") {
            kept.push_str(&rest[before.len()..rest.len() - tail.len()]);
        }
        rest = tail;
    }
    kept + rest
}

fn shrink(wasm: &Path, glue: &Path) -> Outcome {
    let input = work_dir().join("input.wasm");
    let output = work_dir().join("optimized.wasm");
    let names = work_dir().join("optimized.names");
    let stamp = work_dir().join("optimized.stamp");
    write(&input, read(wasm)?)?;
    let [sorting, naming] = ["order", "names"].map(|it| root().join(format!("xtask/src/{it}.rs")));
    let wanted = fingerprint(&[input.clone(), sorting, naming])? + &PASSES.concat();
    // Most builds change no Rust code, and this step is the second slowest.
    if !read_text(&stamp).is_ok_and(|it| it == wanted) {
        wasm_opt(&input, &output)?;
        names::shorten_in_module(&output, &names)?;
        write(&stamp, wanted)?;
    }
    let (before, after) = (read(&input)?, read(&output)?);
    println!("  {} KB before, {} KB after", before.len() / 1024, after.len() / 1024);
    names::shorten_in_glue(glue, &names)?;
    write(wasm, after)
}

/// Writes a module again as the page has it.
pub fn wasm_opt(input: &Path, output: &Path) -> Outcome {
    run_passes(input, output, PASSES)?;
    // Functions that look alike stand together, which takes another fortieth off.
    if let Some(named) = order::name_by_likeness(&read(output)?) {
        write(output, named)?;
        run_passes(output, output, &["--reorder-functions-by-name"])?;
    }
    Ok(())
}

/// Gives what wasm-opt printed.
pub fn run_passes(input: &Path, output: &Path, passes: &[&str]) -> Outcome<String> {
    let mut wasm_opt = npm_program("binaryen/bin/wasm-opt");
    wasm_opt.arg(input).arg("-o").arg(output).args(passes);
    capture(wasm_opt.args(WASM_FEATURES))
}

fn minify(script: &Path) -> Outcome {
    let mut esbuild = npm_program("esbuild/bin/esbuild");
    let small = capture(esbuild.arg(script).args(["--minify", "--format=esm", "--log-level=warning"]))?;
    write(script, small)
}

fn only_file(end: &str) -> Outcome<PathBuf> {
    let mut found = all_files(&dist()).into_iter().filter(|it| file_name(it).ends_with(end));
    match (found.next(), found.next()) {
        (Some(file), None) => Ok(file),
        _ => Err(format!("dist/ should hold exactly one file that ends in “{end}”")),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_without_an_address_are_removed() {
        let html = "<a><script type=\"module\" src=\"./boot.js\"></script><b>\n<script type=\"module\">\nimport x\n</script><c>";
        assert_eq!(
            strip_inline_scripts(html),
            "<a><script type=\"module\" src=\"./boot.js\"></script><b>\n<c>"
        );
    }

    #[test]
    fn a_page_without_scripts_is_kept() {
        assert_eq!(strip_inline_scripts("<p>Hello</p>"), "<p>Hello</p>");
    }
}
