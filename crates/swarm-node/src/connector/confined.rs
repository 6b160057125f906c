//! Paths below the files folder: no way out by `..`, by an absolute path or by a link.

use std::path::{Component, Path, PathBuf};

use super::fault::Fault;

/// Octets of a path.
const PATH_OCTETS_MAX: usize = 1024;

/// The place of a path below a folder. It need not exist; nothing on the way to it is a link.
pub(crate) fn below(folder: &Path, path: &str) -> Result<PathBuf, Fault> {
    let inside = Path::new(path);
    let plain = inside.components().all(|it| matches!(it, Component::Normal(_)));
    if path.is_empty() || path.len() > PATH_OCTETS_MAX || path.contains('\0') || !plain {
        return Err(Fault::input(format!("{path:?} is not a path below the files folder")));
    }
    let mut place = root(folder)?;
    for part in inside.components() {
        place.push(part);
        if place.symlink_metadata().is_ok_and(|it| it.is_symlink()) {
            return Err(Fault::input(format!("{path:?} leads over a link, which contracts may not follow")));
        }
    }
    Ok(place)
}

/// The files folder itself, without links.
pub(crate) fn root(folder: &Path) -> Result<PathBuf, Fault> {
    folder
        .canonicalize()
        .map_err(|error| Fault::input(format!("the files folder cannot be read: {}", error.kind())))
}

/// The files folder, or what to do about there being none.
pub(crate) fn folder(files: Option<&PathBuf>) -> Result<&Path, Fault> {
    files.map(PathBuf::as_path).ok_or_else(|| {
        Fault::input("contracts have no files folder here; the operator can give them one with `files`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_below_the_folder_is_found_though_nothing_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = below(folder.path(), "a/b.db").unwrap();
        assert_eq!(place, folder.path().canonicalize().unwrap().join("a/b.db"));
    }

    #[test]
    fn a_path_that_leaves_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("link")).unwrap();
        for path in ["", ".", "..", "../a", "a/../../b", "/etc/passwd", "link", "link/passwd", "a\0b"] {
            assert!(below(folder.path(), path).is_err(), "{path}");
        }
    }
}
