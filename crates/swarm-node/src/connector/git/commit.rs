//! A commit: files of the worktree on top of the branch that is checked out.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use gix::actor::SignatureRef;
use gix::objs::tree::EntryKind;
use zencode::GitCommit;

use super::repository::{Found, find};
use super::{Fault, Stop, fault};
use crate::connector::confined;

/// Files of one commit.
const FILES_MAX: usize = 1000;
/// Octets of one file.
const FILE_OCTETS_MAX: u64 = 16 * 1024 * 1024;
/// Octets of the message.
const MESSAGE_OCTETS_MAX: usize = 64 * 1024;
/// Octets of the author's name and address.
const NAME_OCTETS_MAX: usize = 256;

/// Makes a commit and returns its hash. What else is staged is not committed, and not staged afterwards.
pub(super) fn run(
    files: &Path,
    path: &str,
    commit: &GitCommit,
    now_seconds: i64,
    stop: &Stop,
) -> Result<String, Fault> {
    check(commit)?;
    let Found { repository, folder } = find(files, path)?;
    let parent = repository.head().map_err(fault)?.try_into_peeled_id().map_err(fault)?;
    let base = repository.head_tree_id_or_empty().map_err(fault)?;
    let mut tree = repository.edit_tree(base).map_err(fault)?;
    for name in &commit.files {
        stop.check()?;
        let (kind, content) = read(&folder, name)?;
        let blob = repository.write_blob(content).map_err(fault)?;
        tree.upsert(name, kind, blob).map_err(fault)?;
    }
    let tree = tree.write().map_err(fault)?.detach();
    let time = format!("{now_seconds} +0000");
    let author = SignatureRef {
        name: commit.author.as_str().into(),
        email: commit.email.as_str().into(),
        time: &time,
    };
    let hash = repository
        .commit_as(author, author, "HEAD", &commit.message, tree, parent.map(gix::Id::detach))
        .map_err(fault)?;
    // So that the files count as committed, not as changed.
    repository
        .index_from_tree(&tree)
        .map_err(fault)?
        .write(gix::index::write::Options::default())
        .map_err(fault)?;
    Ok(hash.to_string())
}

fn check(commit: &GitCommit) -> Result<(), Fault> {
    let named = |text: &str| {
        !text.trim().is_empty() && text.len() <= NAME_OCTETS_MAX && !text.contains(['<', '>', '\n', '\0'])
    };
    if !named(&commit.author) || !named(&commit.email) {
        return Err(Fault::input(format!(
            "the author and the email of a commit are 1 to {NAME_OCTETS_MAX} octets without < > and line ends; \
             found {:?} and {:?}",
            commit.author, commit.email
        )));
    }
    if commit.message.trim().is_empty()
        || commit.message.len() > MESSAGE_OCTETS_MAX
        || commit.message.contains('\0')
    {
        return Err(Fault::input(format!(
            "the message of a commit has 1 to {MESSAGE_OCTETS_MAX} octets and no NUL; found {}",
            commit.message.len()
        )));
    }
    if commit.files.is_empty() || commit.files.len() > FILES_MAX {
        return Err(Fault::input(format!(
            "a commit names 1 to {FILES_MAX} files; found {}",
            commit.files.len()
        )));
    }
    Ok(())
}

fn read(folder: &Path, name: &str) -> Result<(EntryKind, Vec<u8>), Fault> {
    if name.split('/').any(|part| part.eq_ignore_ascii_case(".git")) {
        return Err(Fault::input(format!("{name:?} is a part of the repository itself")));
    }
    let place = confined::below(folder, name)
        .map_err(|_| Fault::input(format!("{name:?} is not a file below the repository's folder")))?;
    let refused = |what: &str| Fault::input(format!("{name:?} cannot be committed: {what}"));
    let about = fs::symlink_metadata(&place).map_err(|error| refused(&error.kind().to_string()))?;
    if !about.is_file() {
        return Err(refused("it is no file; name the files of a folder one by one"));
    }
    if about.len() > FILE_OCTETS_MAX {
        return Err(refused(&format!("it has {} octets, expected at most {FILE_OCTETS_MAX}", about.len())));
    }
    let executable = about.permissions().mode() & 0o111 != 0;
    let kind = if executable { EntryKind::BlobExecutable } else { EntryKind::Blob };
    let content = fs::read(&place).map_err(|error| refused(&error.kind().to_string()))?;
    Ok((kind, content))
}
