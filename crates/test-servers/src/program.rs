//! Where the servers' programs are, and which Debian package brings them.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The oldest PostgreSQL that is tested with.
const POSTGRES_MAJOR_MIN: u32 = 15;

/// A server that tests need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Redis 6 or newer.
    Redis,
    /// PostgreSQL 15 or newer.
    Postgres,
}

impl Program {
    /// The Debian package.
    pub fn package(self) -> &'static str {
        match self {
            Self::Redis => "redis-server",
            Self::Postgres => "postgresql",
        }
    }

    /// The folder of the programs.
    ///
    /// # Errors
    /// When there is none; the message says what to install.
    pub fn folder(self) -> Result<PathBuf> {
        let found = match self {
            Self::Redis => in_path("redis-server"),
            Self::Postgres => newest_postgres(Path::new("/usr/lib/postgresql")).or_else(|| in_path("initdb")),
        };
        match found {
            Some(folder) => Ok(folder),
            None => bail!("{self:?} is missing; hint: `apt-get install {}`", self.package()),
        }
    }
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|folder| folder.join(program).is_file())
}

/// Debian keeps the programs of each major version apart.
fn newest_postgres(root: &Path) -> Option<PathBuf> {
    let versions = std::fs::read_dir(root).ok()?.filter_map(|entry| {
        let major: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        (major >= POSTGRES_MAJOR_MIN).then_some(major)
    });
    let folder = root.join(versions.max()?.to_string()).join("bin");
    folder.join("initdb").is_file().then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_taken() {
        let root = tempfile::tempdir().unwrap();
        for major in ["9", "15", "17", "x"] {
            std::fs::create_dir_all(root.path().join(major).join("bin")).unwrap();
            std::fs::write(root.path().join(major).join("bin/initdb"), "").unwrap();
        }
        assert_eq!(newest_postgres(root.path()), Some(root.path().join("17/bin")));
    }

    #[test]
    fn a_version_that_is_too_old_is_none() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("13/bin")).unwrap();
        std::fs::write(root.path().join("13/bin/initdb"), "").unwrap();
        assert_eq!(newest_postgres(root.path()), None);
    }
}
