//! Requests for files: everything below one folder of the host's.

use super::origin;

/// Something below the host's files folder. Every path is one below that folder, as the contract gave it: the
/// host refuses those that leave it.
#[derive(Clone, PartialEq, Eq)]
pub enum FilesRequest {
    /// The content of a JSON file.
    Json {
        /// Path of the file.
        path: String,
        /// What is answered when there is no such file.
        missing: Missing,
    },
    /// The content of a file, as a JSON string.
    Text {
        /// Path of the file.
        path: String,
    },
    /// An array with a record for each entry of a folder: name, octal mode, sizes and times.
    List {
        /// Path of the folder; `.` is the files folder itself.
        path: String,
        /// Whether names are those of the entries or paths below the files folder.
        names: Names,
    },
    /// Writes a file, and the folders that it is in; an existing one is replaced.
    Store {
        /// Path of the file.
        path: String,
        /// What it will hold.
        content: String,
    },
    /// Ends the run unless there is, or is not, a file or folder.
    Verify {
        /// Path of the file or folder.
        path: String,
        /// Whether it has to be there.
        exists: bool,
    },
    /// Downloads a ZIP archive and extracts it.
    Extract {
        /// Address of the archive.
        url: String,
        /// Path of the folder that it is extracted into.
        path: String,
    },
}

/// What a missing file stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// `{}`.
    Empty,
    /// The end of the run.
    Refused,
}

/// What the entries of a folder are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// By their own names.
    Bare,
    /// By their paths below the files folder.
    Paths,
}

impl FilesRequest {
    pub(super) fn writes(&self) -> bool {
        matches!(self, Self::Store { .. } | Self::Extract { .. })
    }

    pub(super) fn target(&self) -> String {
        match self {
            Self::Json { path, .. } | Self::Text { path } => format!("read {path}"),
            Self::List { path, .. } => format!("list {path}"),
            Self::Store { path, .. } => format!("store {path}"),
            Self::Verify { path, .. } => format!("verify {path}"),
            Self::Extract { url, path } => format!("extract {} into {path}", origin(url)),
        }
    }
}

impl std::fmt::Debug for FilesRequest {
    /// What is stored may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.target())
    }
}
