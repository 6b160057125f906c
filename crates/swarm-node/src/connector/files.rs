//! Files that contracts read: JSON below one folder, and nothing outside it.

use std::io::{ErrorKind, Read as _};
use std::path::{Component, Path, PathBuf};

use zencode::Answer;

/// Octets of a file that a contract reads, at most.
pub(crate) const FILE_OCTETS_MAX: u64 = 16 * 1024 * 1024;

/// Reads on a thread where waiting for a disk holds nobody up.
pub(crate) async fn answer(folder: Option<PathBuf>, path: String) -> Answer {
    let Some(folder) = folder else {
        return Answer::Refused("contracts may read no files here: no files folder is configured".into());
    };
    match tokio::task::spawn_blocking(move || read(&folder, &path)).await {
        Ok(Ok(json)) => Answer::File(json),
        Ok(Err(reason)) => Answer::Refused(reason),
        Err(_) => Answer::Refused("the file could not be read".into()),
    }
}

/// A missing file reads as `{}`, as it does upstream.
fn read(folder: &Path, path: &str) -> Result<String, String> {
    let inside = Path::new(path);
    if path.is_empty() || !inside.components().all(|it| matches!(it, Component::Normal(_))) {
        return Err(format!("{path:?} is not a path below the files folder"));
    }
    let refused = |error: std::io::Error| format!("the file {path:?} cannot be read: {}", error.kind());
    let root = folder.canonicalize().map_err(refused)?;
    let real = match root.join(inside).canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok("{}".to_owned()),
        real => real.map_err(refused)?,
    };
    // A link may lead anywhere; only what ends below the folder is the folder's.
    if !real.starts_with(&root) {
        return Err(format!("{path:?} leads out of the files folder"));
    }
    let mut json = String::new();
    let file = std::fs::File::open(&real).map_err(refused)?;
    file.take(FILE_OCTETS_MAX + 1).read_to_string(&mut json).map_err(refused)?;
    if json.len() as u64 > FILE_OCTETS_MAX {
        return Err(format!("the file {path:?} is larger than {FILE_OCTETS_MAX} octets"));
    }
    serde_json::from_str::<serde::de::IgnoredAny>(&json)
        .map_err(|error| format!("the file {path:?} is not JSON: {error}"))?;
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("files");
        std::fs::create_dir_all(files.join("below")).unwrap();
        std::fs::write(files.join("below/list.json"), "{\"a\":[1,2]}").unwrap();
        std::fs::write(files.join("broken.json"), "{\"a\":").unwrap();
        std::fs::write(folder.path().join("secret.json"), "{\"key\":1}").unwrap();
        std::os::unix::fs::symlink("../secret.json", files.join("link.json")).unwrap();
        folder
    }

    fn check(path: &str) -> Result<String, String> {
        read(&folder().path().join("files"), path)
    }

    #[test]
    fn a_file_below_the_folder_is_read() {
        assert_eq!(check("below/list.json").as_deref(), Ok("{\"a\":[1,2]}"));
    }

    #[test]
    fn a_missing_file_reads_as_an_empty_object() {
        assert_eq!(check("below/none.json").as_deref(), Ok("{}"));
    }

    #[test]
    fn a_path_that_leaves_the_folder_is_refused() {
        for path in ["../secret.json", "/etc/passwd", "below/../../secret.json", "link.json", "", "."] {
            assert!(check(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_file_that_is_not_json_is_refused() {
        assert!(check("broken.json").unwrap_err().contains("not JSON"));
    }

    #[test]
    fn a_path_with_a_nul_is_refused() {
        assert!(check("a\0b").is_err());
    }
}
