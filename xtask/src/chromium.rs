//! Finds a Chrome or Chromium for the browser tests, or installs Debian's where that is permitted.

use std::{env, path::PathBuf};

use crate::run::{Outcome, capture, command, run, step};

/// Names on PATH and usual places of the browser.
const CANDIDATES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
];

/// The browser's program, as an absolute path.
pub fn chromium() -> Outcome<PathBuf> {
    if let Some(chosen) = env::var_os("STEPGLASS_CHROMIUM").filter(|it| !it.is_empty()) {
        return Ok(chosen.into());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if let Err(reason) = step("Installing Chromium and fonts with apt", install) {
        return Err(format!("{reason}\n{MISSING}"));
    }
    find().ok_or_else(|| MISSING.to_owned())
}

const MISSING: &str = "The browser tests need Chrome or Chromium, and none was found: \
install one, or set STEPGLASS_CHROMIUM to its program";

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    CANDIDATES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        // Some systems ship a stand-in that only tells how to install the browser, so it has to run.
        .find(|it| it.is_file() && (cfg!(windows) || capture(command(it).arg("--version")).is_ok()))
}

fn install() -> Outcome {
    let is_root = capture(command("id").arg("-u")).is_ok_and(|it| it.trim() == "0");
    apt_get(is_root, &["update"])?;
    let packages = ["chromium", "fonts-dejavu", "fonts-noto-color-emoji"];
    apt_get(is_root, &[&["install", "-y", "--no-install-recommends"], &packages[..]].concat())
}

fn apt_get(is_root: bool, args: &[&str]) -> Outcome {
    let mut apt = if is_root { command("apt-get") } else { command("sudo") };
    if !is_root {
        apt.args(["-n", "apt-get"]);
    }
    run(apt.arg("-q").args(args).env("DEBIAN_FRONTEND", "noninteractive"))
}
