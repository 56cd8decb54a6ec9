//! Gives what a WebAssembly module and its glue share short names. Those of wasm-bindgen are long and
//! end in a hash, which stands in both files and which nothing compresses.

use std::{collections::HashMap, path::Path};

use crate::{
    files::{read_text, write},
    optimize::run_passes,
    run::Outcome,
};

/// Renames in the module and says what is called how now, for [`shorten_in_glue`].
pub fn shorten_in_module(wasm: &Path, report: &Path) -> Outcome {
    write(report, run_passes(wasm, wasm, &["--minify-imports-and-exports-and-modules"])?)
}

/// Renames in the glue as it is before anything else is done to it.
pub fn shorten_in_glue(glue: &Path, report: &Path) -> Outcome {
    let short = shortened(&read_text(glue)?, &read_text(report)?)?;
    write(glue, short)
}

/// The only name that wasm-opt gives to modules that something is imported from.
const MODULE: &str = "a";

fn shortened(glue: &str, report: &str) -> Outcome<String> {
    let (mut imports, mut exports) = (HashMap::new(), HashMap::new());
    let mut modules = HashMap::new();
    for line in report.lines() {
        // Module, name and new name of what is imported; name and new name of what is exported.
        let parts: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        match parts[..] {
            [module, name, short] => {
                modules.insert(module, MODULE);
                imports.insert(name, short);
            }
            [name, short] => _ = exports.insert(name, short),
            _ => {}
        }
    }
    let glue = modules.into_iter().fold(glue.to_owned(), |glue, (module, short)| glue.replace(module, short));
    let mut out = String::with_capacity(glue.len());
    let mut rest = glue.as_str();
    while let Some(start) = rest.find(is_of_name) {
        let (before, name) = rest.split_at(start);
        let (name, after) = name.split_at(name.find(|it| !is_of_name(it)).unwrap_or(name.len()));
        out.push_str(before);
        // What is exported is always reached in this way, and some of its names are usual words.
        let short = if out.ends_with("wasm.") { exports.get(name).copied() } else { imports.remove(name) };
        out.push_str(short.unwrap_or(name));
        rest = after;
    }
    out.push_str(rest);
    if imports.is_empty() { Ok(out) } else { Err(format!("The glue has none of these: {imports:?}")) }
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{
 "imports": [
  ["./page_bg.js", "__wbg_key_76125a528069feff", "Ab"],
  ["./page_bg.js", "__wbg_key_87", "b"]
 ],
"exports": [
  ["memory", "c"],
  ["__wbindgen_free", "d"]
 ]
}"#;

    #[test]
    fn imports_and_exports_get_their_new_names() {
        let glue = r#"
            const memory = new WebAssembly.Memory(wasm.memory);
            const imports = { __wbg_key_76125a528069feff: it => it.key, __wbg_key_87() { wasm.__wbindgen_free() } };
            return { "./page_bg.js": imports };"#;
        let short = r#"
            const memory = new WebAssembly.Memory(wasm.c);
            const imports = { Ab: it => it.key, b() { wasm.d() } };
            return { "a": imports };"#;
        assert_eq!(shortened(glue, REPORT).as_deref(), Ok(short));
    }

    #[test]
    fn glue_that_is_not_of_the_module_is_refused() {
        assert!(shortened("const imports = { __wbg_key_87() {} }", REPORT).is_err());
    }
}
