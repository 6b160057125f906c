//! Requests about git repositories in the host's files folder.

/// One request about a repository. Paths are below the host's files folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitRequest {
    /// Fails unless the path lies in a repository.
    Verify {
        /// The folder.
        path: String,
    },
    /// Copies a repository with its history and checks its main branch out.
    Clone {
        /// Where it comes from: `https://…`, `http://…`, or `file://` and a path below the files folder.
        url: String,
        /// The folder to make.
        path: String,
    },
    /// Adds files to the branch that is checked out; gives the commit's hash.
    Commit {
        /// The folder of the repository.
        path: String,
        /// The commit.
        commit: GitCommit,
    },
}

/// A commit to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitCommit {
    /// What it says.
    pub message: String,
    /// Name of the author.
    pub author: String,
    /// Address of the author.
    pub email: String,
    /// The files, as paths below the repository's folder.
    pub files: Vec<String>,
}

impl GitRequest {
    /// The folder, and the server of a clone, for a log.
    pub(super) fn target(&self) -> String {
        match self {
            Self::Verify { path } | Self::Commit { path, .. } => format!("git {path}"),
            Self::Clone { url, path } => format!("git {path} from {}", super::origin(url)),
        }
    }

    /// Whether the files folder is another one afterwards.
    pub fn writes(&self) -> bool {
        !matches!(self, Self::Verify { .. })
    }
}
