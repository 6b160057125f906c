//! A difference as files, in the form of a committed case.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::case::Case;

/// Where differences are saved when nobody says otherwise: `target/differences` of the workspace.
pub fn saved_differences_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target").join("differences")
}

/// Writes `x.zen`, `x.data.json`, `x.keys.json` and `x.conf` into a folder `SEED-NUMBER`, which it answers.
pub(super) fn save(folder: &Path, seed: u64, number: u64, case: &Case) -> Result<PathBuf> {
    let folder = folder.join(format!("{seed}-{number}"));
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let conf = case.conf.clone().unwrap_or_default();
    for (name, text) in
        [("x.zen", &case.script), ("x.data.json", &case.data), ("x.keys.json", &case.keys), ("x.conf", &conf)]
    {
        let path = folder.join(name);
        if text.is_empty() {
            fs::remove_file(&path).ok();
        } else {
            fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
    }
    Ok(folder)
}
