//! Reading, listing and fingerprinting files, with errors that name the file.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::run::Outcome;

pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("Cannot read “{}”: {error}", path.display()))
}

pub fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("Cannot read “{}”: {error}", path.display()))
}

pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Outcome {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("Cannot make “{}”: {error}", folder.display()))?;
    }
    fs::write(path, content).map_err(|error| format!("Cannot write “{}”: {error}", path.display()))
}

/// Removes a file that may not be there.
pub fn forget(path: &Path) {
    // A file that stays is overwritten later, so nothing is lost when this fails.
    let _ = fs::remove_file(path);
}

/// Every file at or below `path`, in a fixed order; nothing when `path` does not exist.
pub fn all_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path).into_iter().flatten().flatten().map(|it| it.path()).collect();
    entries.sort();
    entries.iter().flat_map(|it| all_files(it)).collect()
}

/// A number that changes when the name or the content of any of these files changes.
pub fn fingerprint(files: &[PathBuf]) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        read(file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
