//! Secrets in files: one line of text, mode 0600, outside the database.
//!
//! A file appears whole or not at all, and an existing one is never overwritten.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// Octets of a secret's file, at most.
pub const SECRET_OCTETS_MAX: usize = 4096;

/// Why a file of the state folder cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file is there: it is not overwritten.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file is not there.
    #[error("{} does not exist", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// Others than its owner may read a secret's file.
    #[error("{} may be read by others (mode {mode:03o})", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The content is not what it should be.
    #[error("{} is damaged: {cause}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
    /// The system refused.
    #[error("cannot read or write {}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
}

impl FileError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Exists { .. } => "choose another path, or move the existing file away if it is not needed",
            Self::Missing { .. } => "check the path; the file is made by `init` or `keygen`",
            Self::Exposed { .. } => {
                "chmod 600 the file, and replace the key if someone else may have read it"
            }
            Self::Damaged { .. } => "restore the file from a backup",
            Self::Io { .. } => "check that the folder exists and belongs to the user who runs this",
        }
    }
}

/// Makes a folder, and those above it, for its owner alone.
///
/// # Errors
/// `Io`.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|cause| io(path, cause))
}

/// Writes a secret's text and a newline.
///
/// # Errors
/// `Exists` or `Io`; the path is as it was then.
pub fn write_secret(path: &Path, text: &str) -> Result<(), FileError> {
    let line = Zeroizing::new(format!("{text}\n"));
    write_new(path, line.as_bytes(), 0o600)
}

/// Writes a new file whole: under another name, synced, and then linked into its place.
///
/// # Errors
/// `Exists` or `Io`; the path is as it was then.
pub fn write_new(path: &Path, octets: &[u8], mode: u32) -> Result<(), FileError> {
    let draft = draft(path);
    // A draft left by a process that died half-way was never the file.
    match std::fs::remove_file(&draft) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(io(&draft, error)),
        _ => {}
    }
    let written =
        write_synced(&draft, octets, mode).and_then(|()| std::fs::hard_link(&draft, path)).map_err(|cause| {
            match cause.kind() {
                ErrorKind::AlreadyExists => FileError::Exists { path: path.to_owned() },
                _ => io(path, cause),
            }
        });
    std::fs::remove_file(&draft).map_err(|cause| io(&draft, cause))?;
    written?;
    sync_folder(path)
}

/// Writes a file whole in the place of the one that may be there.
///
/// # Errors
/// `Io`; the path is as it was then.
pub fn replace(path: &Path, octets: &[u8], mode: u32) -> Result<(), FileError> {
    let draft = draft(path);
    match std::fs::remove_file(&draft) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(io(&draft, error)),
        _ => {}
    }
    write_synced(&draft, octets, mode)
        .and_then(|()| std::fs::rename(&draft, path))
        .map_err(|cause| io(path, cause))?;
    sync_folder(path)
}

fn write_synced(path: &Path, octets: &[u8], mode: u32) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(octets)?;
    file.sync_all()
}

/// The name in the folder is durable once the folder is.
fn sync_folder(path: &Path) -> Result<(), FileError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|cause| io(folder, cause))
}

fn draft(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".draft");
    path.with_file_name(name)
}

/// Reads a secret's text, without the newline.
///
/// # Errors
/// `Missing`, `Exposed`, `Damaged` or `Io`.
pub fn read_secret(path: &Path) -> Result<Zeroizing<String>, FileError> {
    let file = open(path)?;
    let mode = file.metadata().map_err(|cause| io(path, cause))?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(FileError::Exposed { path: path.to_owned(), mode });
    }
    // The whole capacity at once: a growing string would leave copies of the secret behind.
    let mut text = Zeroizing::new(String::with_capacity(SECRET_OCTETS_MAX + 1));
    read_at_most(&file, path, SECRET_OCTETS_MAX, &mut text)?;
    let length = text.trim_end().len();
    text.truncate(length);
    Ok(text)
}

/// Writes a 32-octet key as base58.
///
/// # Errors
/// `Exists` or `Io`; the path is as it was then.
pub fn write_key(path: &Path, key: &[u8; 32]) -> Result<(), FileError> {
    // 32 octets are at most 44 characters: nothing is copied on the way.
    let mut text = Zeroizing::new(String::with_capacity(64));
    bs58::encode(key).onto(&mut *text).expect("a growing buffer is never too small");
    write_secret(path, &text)
}

/// Reads a 32-octet key.
///
/// # Errors
/// `Missing`, `Exposed`, `Damaged` or `Io`.
pub fn read_key(path: &Path) -> Result<Zeroizing<[u8; 32]>, FileError> {
    let text = read_secret(path)?;
    let mut key = Zeroizing::new([0; 32]);
    match bs58::decode(text.as_bytes()).onto(&mut key[..]) {
        Ok(32) => Ok(key),
        // The decoder's error would quote a character of the secret.
        _ => Err(FileError::Damaged {
            path: path.to_owned(),
            cause: "it is not a 32-octet key in base58".into(),
        }),
    }
}

/// Reads a text file of at most `octets_max` octets.
///
/// # Errors
/// `Missing`, `Damaged` when it is larger or not UTF-8, or `Io`.
pub fn read_text(path: &Path, octets_max: usize) -> Result<String, FileError> {
    let file = open(path)?;
    let mut text = String::new();
    read_at_most(&file, path, octets_max, &mut text)?;
    Ok(text)
}

fn open(path: &Path) -> Result<File, FileError> {
    File::open(path).map_err(|cause| match cause.kind() {
        ErrorKind::NotFound => FileError::Missing { path: path.to_owned() },
        _ => io(path, cause),
    })
}

fn read_at_most(file: &File, path: &Path, octets_max: usize, text: &mut String) -> Result<(), FileError> {
    let damaged = |cause: String| FileError::Damaged { path: path.to_owned(), cause };
    let count =
        file.take(octets_max as u64 + 1).read_to_string(text).map_err(|cause| match cause.kind() {
            ErrorKind::InvalidData => damaged("it is not UTF-8 text".into()),
            _ => io(path, cause),
        })?;
    match count > octets_max {
        true => Err(damaged(format!("it is larger than {octets_max} octets"))),
        false => Ok(()),
    }
}

fn io(path: &Path, cause: std::io::Error) -> FileError {
    FileError::Io { path: path.to_owned(), cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_and_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issuer.key");
        write_secret(&path, "abc").unwrap();
        assert_eq!(*read_secret(&path).unwrap(), "abc");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_existing_file_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issuer.key");
        write_secret(&path, "first").unwrap();
        assert!(matches!(write_secret(&path, "second"), Err(FileError::Exists { .. })));
        assert_eq!(*read_secret(&path).unwrap(), "first");
    }

    #[test]
    fn a_draft_left_behind_does_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issuer.key");
        std::fs::write(folder.path().join("issuer.key.draft"), "half").unwrap();
        assert!(matches!(read_secret(&path), Err(FileError::Missing { .. })));
        write_secret(&path, "whole").unwrap();
        assert_eq!(*read_secret(&path).unwrap(), "whole");
    }

    #[test]
    fn a_secret_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issuer.key");
        write_new(&path, b"abc\n", 0o644).unwrap();
        assert!(matches!(read_secret(&path), Err(FileError::Exposed { mode: 0o644, .. })));
    }

    #[test]
    fn a_key_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        for octet in [0, 1, 255] {
            let path = folder.path().join(octet.to_string());
            write_key(&path, &[octet; 32]).unwrap();
            assert_eq!(*read_key(&path).unwrap(), [octet; 32]);
        }
    }

    #[test]
    fn a_text_that_is_no_key_is_damaged_and_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["", "0secret", "abc", &"1".repeat(33), &"z".repeat(4000)] {
            let path = folder.path().join(text.len().to_string());
            write_secret(&path, text).unwrap();
            let error = read_key(&path).unwrap_err();
            assert!(
                matches!(&error, FileError::Damaged { cause, .. } if !cause.contains("secret")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_file_beyond_its_limit_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("genesis.json");
        write_new(&path, &[b'x'; 11], 0o644).unwrap();
        assert!(matches!(read_text(&path, 10), Err(FileError::Damaged { .. })));
        assert_eq!(read_text(&path, 11).unwrap(), "x".repeat(11));
    }
}
