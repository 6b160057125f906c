//! A repository below the files folder, opened so that nothing outside it is read or written.

use std::path::{Path, PathBuf};

use gix::Repository;
use gix::open::Options;

use super::{Fault, fault};
use crate::connector::confined;

/// Octets of one object in memory.
const OBJECT_OCTETS_MAX: u32 = 64 * 1024 * 1024;
/// Folders between a path and the repository that it lies in.
const DEPTH_MAX: usize = 32;

/// A repository and the folder that it is in.
pub(super) struct Found {
    pub(super) repository: Repository,
    pub(super) folder: PathBuf,
}

/// What every repository is opened with: its own configuration alone, and bounded memory.
pub(super) fn options() -> Options {
    Options::isolated().config_overrides([
        format!("gitoxide.objects.allocLimit={OBJECT_OCTETS_MAX}"),
        "core.symlinks=false".to_owned(),
        // Who moves references, in their log; a commit says its own author.
        "gitoxide.committer.nameFallback=oracle".to_owned(),
        "gitoxide.committer.emailFallback=oracle@localhost".to_owned(),
    ])
}

/// The repository that a path is, or lies in.
pub(super) fn find(files: &Path, path: &str) -> Result<Found, Fault> {
    let place = confined::below(files, path)?;
    let root = confined::root(files)?;
    let candidates = place.ancestors().take(DEPTH_MAX).take_while(|it| it.starts_with(&root));
    for folder in candidates {
        let git = folder.join(".git");
        if git.symlink_metadata().is_ok_and(|it| it.is_dir()) {
            contained(&git, path)?;
            let repository = options().open_path_as_is(true).open(&git).map_err(fault)?.into();
            return Ok(Found { repository, folder: folder.to_owned() });
        }
    }
    Err(Fault::input(format!("{path:?} is no git repository; clone or unpack one there first")))
}

/// Refuses a repository that borrows from others or whose parts lie elsewhere.
fn contained(git: &Path, path: &str) -> Result<(), Fault> {
    let unreadable = |error: std::io::Error| {
        Fault::input(format!("the git repository {path:?} cannot be read: {}", error.kind()))
    };
    for folder in [git.to_owned(), git.join("objects"), git.join("objects/info"), git.join("refs")] {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let borrows = ["alternates", "commondir", "config.worktree"].iter().any(|it| name == *it);
            if borrows || entry.file_type().map_err(unreadable)?.is_symlink() {
                return Err(Fault::input(format!(
                    "the git repository {path:?} leads elsewhere by {}, which contracts may not follow",
                    name.display()
                )));
            }
        }
    }
    Ok(())
}
