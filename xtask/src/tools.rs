//! Everything the build needs beyond stable Rust and Node: the WebAssembly target, Trunk,
//! wasm-bindgen and the npm packages. Each is installed once, and only when it is missing.

use std::path::{Path, PathBuf};

use crate::{
    files::{fingerprint, forget, read_text, write},
    run::{Outcome, capture, cargo, command, root, run, step, tools_dir},
};

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
const TRUNK_VERSION: &str = "0.21.14";
const LIBRARY_VERSION: &str = "rustc 1.95.";

/// Makes everything ready that `trunk build` needs.
pub fn prepare() -> Outcome {
    wasm_target()?;
    trunk()?;
    wasm_bindgen()?;
    npm_packages()
}

/// Adds the compile target of the page. Clippy needs it as well.
pub fn wasm_target() -> Outcome {
    let query = ["--print", "target-libdir", "--target", WASM_TARGET];
    let present = capture(command("rustc").args(query)).is_ok_and(|it| PathBuf::from(it.trim()).is_dir());
    if present {
        return Ok(());
    }
    step("Adding the WebAssembly target to Rust", || {
        run(command("rustup").args(["target", "add", WASM_TARGET]))
    })
    .map_err(|reason| format!("{reason}\nAdd the Rust target {WASM_TARGET}, then try again"))
}

/// Whether the page can be compiled together with Rust's standard library, for which the source of
/// that library is added to Rust. Cargo and rustc offer this only as a trial, so only with the version
/// with which it was tried; with another one the page is larger and has the same functions.
pub fn compiles_library() -> bool {
    let version = capture(command("rustc").arg("--version")).unwrap_or_default();
    if !version.starts_with(LIBRARY_VERSION) {
        println!("  Note: the page gets the standard library as it comes with {}", version.trim());
        return false;
    }
    let sysroot = capture(command("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    if Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock").is_file() {
        return true;
    }
    let added = step("Adding the source of the standard library to Rust", || {
        run(command("rustup").args(["component", "add", "rust-src"]))
    });
    if let Err(reason) = &added {
        println!("  Note: the page gets the standard library as it comes with Rust.\n  {reason}");
    }
    added.is_ok()
}

/// Adds rustfmt and clippy, which a minimal Rust installation leaves out.
pub fn rust_components() -> Outcome {
    for (component, probe) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if capture(&mut cargo(&[probe, "--version"])).is_err() {
            step(&format!("Adding {component} to Rust"), || {
                run(command("rustup").args(["component", "add", component]))
            })?;
        }
    }
    Ok(())
}

/// Installs the npm packages of the page and of the browser tests.
pub fn npm_packages() -> Outcome {
    npm_packages_of(&root())
}

/// Installs the npm packages of the lock file in a folder, unless that was done for this very lock
/// file.
pub fn npm_packages_of(folder: &Path) -> Outcome {
    let stamp = folder.join("node_modules").join(".stepglass-lock");
    let wanted = fingerprint(&[folder.join("package-lock.json")])?;
    if read_text(&stamp).is_ok_and(|it| it == wanted) {
        return Ok(());
    }
    capture(command("node").arg("--version"))
        .map_err(|_| "Node with npm is needed: install Node 20 or newer, then try again".to_owned())?;
    forget(&stamp);
    step("Installing the npm packages of package-lock.json", || {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        // No package needs its install script, and what does not run cannot do harm.
        let args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(command(npm).args(args).current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
    })?;
    write(&stamp, wanted)
}

fn trunk() -> Outcome {
    // Without the lock file this version of Trunk no longer compiles.
    install("trunk", TRUNK_VERSION, &["--locked", "--no-default-features", "--features", "rustls"], "six")
}

fn wasm_bindgen() -> Outcome {
    // The command line tool must have exactly the version of the library it reads.
    let version = locked_version("wasm-bindgen")?;
    install_as("wasm-bindgen", "wasm-bindgen-cli", &version, &[], "three")
}

fn install(program: &str, version: &str, flags: &[&str], minutes: &str) -> Outcome {
    install_as(program, program, version, flags, minutes)
}

fn install_as(program: &str, package: &str, version: &str, flags: &[&str], minutes: &str) -> Outcome {
    let found = capture(command(program).arg("--version")).unwrap_or_default();
    if found.split_whitespace().nth(1) == Some(version) {
        return Ok(());
    }
    step(
        &format!("Compiling {package} {version} into .tools; once, about {minutes} minutes on two cores"),
        || {
            let mut install = cargo(&["install", package, "--version", version]);
            run(install.args(flags).arg("--root").arg(tools_dir()))
        },
    )
}

fn locked_version(package: &str) -> Outcome<String> {
    let lock = read_text(&root().join("Cargo.lock"))?;
    version_in_lock(&lock, package).ok_or_else(|| format!("Cargo.lock does not name the package “{package}”"))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|it| *it != name).skip(1);
    let version = lines.next()?.strip_prefix("version = \"")?;
    version.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_gives_the_version_of_exactly_that_package() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"2.1.0\"\n";
        assert_eq!(version_in_lock(lock, "a").as_deref(), Some("2.1.0"));
        assert_eq!(version_in_lock(lock, "b"), None);
    }
}
