//! Files of contracts: below one folder, and nothing outside it.
//!
//! Every path is opened relative to the folder's handle by a library that lets no link and no `..` lead out of
//! it, also when somebody changes the tree meanwhile: there is no moment between a check and a use.

use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use zencode::{Answer, FilesRequest, Missing};

use super::Scope;
use super::http::Http;

mod archive;
mod list;
#[cfg(test)]
mod tests;

/// Octets of a file that a contract reads or writes, at most.
pub(crate) const FILE_OCTETS_MAX: u64 = 16 * 1024 * 1024;
/// Octets of a path, at most.
const PATH_OCTETS_MAX: usize = 1024;
/// Folders in a path, at most.
const DEPTH_MAX: usize = 32;

/// Why something below the folder cannot be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The path is none that can be used.
    #[error("{path:?} cannot be used: {why}")]
    Path { path: String, why: &'static str },
    /// The operating system refused.
    #[error("{path:?}: {kind}")]
    Io { path: String, kind: ErrorKind },
    /// A file is too large.
    #[error("{path:?} has more than {most} octets")]
    Large { path: String, most: u64 },
    /// A file holds something else than was expected.
    #[error("{path:?} is not {expected}: {found}")]
    Content { path: String, expected: &'static str, found: String },
    /// An archive is refused.
    #[error("the archive is refused: {0}")]
    Archive(String),
}

impl Fault {
    pub(super) fn io(path: &str, error: &std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), kind: error.kind() }
    }
}

/// Performs requests for files.
#[derive(Debug)]
pub(crate) struct Files {
    folder: Option<PathBuf>,
}

impl Files {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    pub(crate) async fn answer(&self, request: FilesRequest, http: &Http, scope: &Scope) -> Answer {
        let Some(folder) = self.folder.clone() else {
            return Answer::Refused("contracts may use no files here: no files folder is configured".into());
        };
        if let FilesRequest::Extract { url, path } = request {
            return match http.download(&url, archive::ARCHIVE_OCTETS_MAX, scope).await {
                Ok(octets) => blocking(move || archive::extract(&open_folder(&folder)?, &path, octets)).await,
                Err(reason) => Answer::Refused(format!("the archive cannot be downloaded: {reason}")),
            };
        }
        // On a thread where waiting for a disk holds nobody up.
        blocking(move || perform(&open_folder(&folder)?, request)).await
    }
}

async fn blocking(work: impl FnOnce() -> Result<String, Fault> + Send + 'static) -> Answer {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(json)) => Answer::Json(json),
        Ok(Err(fault)) => Answer::Refused(fault.to_string()),
        Err(_) => Answer::Refused("the files could not be reached".into()),
    }
}

/// The handle of a folder that the operator named.
pub(super) fn open_folder(folder: &Path) -> Result<Dir, Fault> {
    let opened = Dir::open_ambient_dir(folder, ambient_authority());
    opened.map_err(|error| Fault::io(&folder.display().to_string(), &error))
}

fn perform(folder: &Dir, request: FilesRequest) -> Result<String, Fault> {
    match request {
        FilesRequest::Json { path, missing } => json(folder, &path, missing),
        FilesRequest::Text { path } => {
            read(folder, &path).map(|text| serde_json::Value::from(text).to_string())
        }
        FilesRequest::List { path, names } => list::list(folder, &path, names),
        FilesRequest::Store { path, content } => {
            store(folder, &path, content.as_bytes()).map(|()| "null".to_owned())
        }
        FilesRequest::Verify { path, exists } => verify(folder, &path, exists),
        FilesRequest::Extract { path, .. } => Err(Fault::Path { path, why: "there is no archive" }),
    }
}

/// A path as one below the folder. A dot in it says nothing and goes.
///
/// What is refused here could not lead out either; it is refused so that the reason is told.
pub(super) fn below(path: &str) -> Result<PathBuf, Fault> {
    let refused = |why| Err(Fault::Path { path: path.chars().take(256).collect(), why });
    let parts = Path::new(path).components().filter(|it| *it != Component::CurDir);
    let inside: PathBuf = parts.clone().collect();
    match path {
        _ if path.len() > PATH_OCTETS_MAX => refused("it is longer than 1024 octets"),
        _ if path.contains('\0') => refused("it holds a NUL"),
        _ if !parts.clone().all(|it| matches!(it, Component::Normal(_))) => {
            refused("it leads out of the folder")
        }
        _ if parts.clone().count() > DEPTH_MAX => refused("it has more than 32 parts"),
        _ if inside.as_os_str().is_empty() => refused("it names no file"),
        _ => Ok(inside),
    }
}

/// Makes the folders that a file is in.
pub(super) fn parent(folder: &Dir, inside: &Path) -> Result<(), Fault> {
    match inside.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => {
            folder.create_dir_all(parent).map_err(|error| Fault::io(&parent.display().to_string(), &error))
        }
        _ => Ok(()),
    }
}

fn json(folder: &Dir, path: &str, missing: Missing) -> Result<String, Fault> {
    let text = match read(folder, path) {
        // As it does in restroom-mw.
        Err(Fault::Io { kind: ErrorKind::NotFound, .. }) if missing == Missing::Empty => "{}".to_owned(),
        text => text?,
    };
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        Err(error) => {
            let found = format!("line {} column {}", error.line(), error.column());
            Err(Fault::Content { path: path.to_owned(), expected: "JSON", found })
        }
    }
}

fn read(folder: &Dir, path: &str) -> Result<String, Fault> {
    let fault = |error: std::io::Error| Fault::io(path, &error);
    let inside = below(path)?;
    // What is no file is not opened: a pipe would never answer.
    if !folder.metadata(&inside).map_err(fault)?.is_file() {
        return Err(Fault::Path { path: path.to_owned(), why: "it is no file" });
    }
    let mut options = OpenOptions::new();
    cap_std::fs::OpenOptionsExt::custom_flags(
        options.read(true),
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let file = folder.open_with(&inside, &options).map_err(fault)?;
    let mut octets = Vec::new();
    file.take(FILE_OCTETS_MAX + 1).read_to_end(&mut octets).map_err(fault)?;
    if octets.len() as u64 > FILE_OCTETS_MAX {
        return Err(Fault::Large { path: path.to_owned(), most: FILE_OCTETS_MAX });
    }
    String::from_utf8(octets).map_err(|error| Fault::Content {
        path: path.to_owned(),
        expected: "text in UTF-8",
        found: format!("octet {}", error.utf8_error().valid_up_to()),
    })
}

/// Writes a file beside its place and moves it there, so that nobody reads half of it.
pub(super) fn store(folder: &Dir, path: &str, content: &[u8]) -> Result<(), Fault> {
    let fault = |error: std::io::Error| Fault::io(path, &error);
    if content.len() as u64 > FILE_OCTETS_MAX {
        return Err(Fault::Large { path: path.to_owned(), most: FILE_OCTETS_MAX });
    }
    let inside = below(path)?;
    parent(folder, &inside)?;
    if folder.symlink_metadata(&inside).is_ok_and(|known| known.is_dir()) {
        return Err(Fault::Path { path: path.to_owned(), why: "it is a folder" });
    }
    let draft = draft(&inside).map_err(fault)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let written = folder.open_with(&draft, &options).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| folder.rename(&draft, folder, &inside));
    moved.map_err(|error| {
        // The draft may not even be there.
        drop(folder.remove_file(&draft));
        fault(error)
    })
}

/// A name that no other write uses.
fn draft(inside: &Path) -> std::io::Result<PathBuf> {
    let mut octets = [0; 8];
    getrandom::fill(&mut octets)?;
    Ok(inside.with_file_name(format!(".{}.draft", data_encoding::HEXLOWER.encode(&octets))))
}

fn verify(folder: &Dir, path: &str, exists: bool) -> Result<String, Fault> {
    let found = match folder.metadata(below(path)?) {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(Fault::io(path, &error)),
    };
    match (found, exists) {
        (true, true) | (false, false) => Ok("null".to_owned()),
        (true, false) => {
            Err(Fault::Path { path: path.to_owned(), why: "there is a file or folder of that name" })
        }
        (false, true) => Err(Fault::Path { path: path.to_owned(), why: "there is no such file or folder" }),
    }
}
