//! The files of a commit, written into a new folder. Links are written as the text that they hold, filters and
//! line ends are left alone, submodules become empty folders.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path};

use gix::index::entry::Mode;
use gix::{ObjectId, Repository};

use super::{Fault, Stop, fault};

/// Files of a checkout.
const FILES_MAX: usize = 20_000;
/// Octets of all files.
const OCTETS_MAX: u64 = 256 * 1024 * 1024;

/// Writes every file of a tree, and the index that says so.
pub(super) fn run(repository: &Repository, folder: &Path, tree: ObjectId, stop: &Stop) -> Result<(), Fault> {
    let mut index = repository.index_from_tree(&tree).map_err(fault)?;
    if index.entries().len() > FILES_MAX {
        return Err(Fault::input(format!(
            "the repository has {} files; expected at most {FILES_MAX}",
            index.entries().len()
        )));
    }
    let mut octets = 0;
    for entry in index.entries() {
        stop.check()?;
        let name = Path::new(std::ffi::OsStr::from_bytes(entry.path(&index)));
        let place = folder.join(inside(name)?);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(unwritten)?;
        }
        if entry.mode.is_submodule() {
            fs::create_dir_all(&place).map_err(unwritten)?;
            continue;
        }
        octets += repository.find_header(entry.id).map_err(fault)?.size();
        if octets > OCTETS_MAX {
            return Err(Fault::Oversized {
                what: "the checkout of a git repository".to_owned(),
                limit: usize::try_from(OCTETS_MAX).unwrap_or(usize::MAX),
            });
        }
        let content = repository.find_object(entry.id).map_err(fault)?;
        write(&place, entry.mode, &content.data).map_err(unwritten)?;
    }
    index.write(gix::index::write::Options::default()).map_err(fault)
}

/// The names of a repository are somebody else's.
fn inside(name: &Path) -> Result<&Path, Fault> {
    let plain = name.components().all(|part| match part {
        Component::Normal(part) => !part.eq_ignore_ascii_case(".git"),
        _ => false,
    });
    if plain {
        Ok(name)
    } else {
        Err(Fault::input(format!("the repository has a file of the name {name:?}")))
    }
}

/// The folder is new: what exists already was written under another spelling of the same name.
fn write(place: &Path, mode: Mode, content: &[u8]) -> std::io::Result<()> {
    let permissions = if mode == Mode::FILE_EXECUTABLE { 0o755 } else { 0o644 };
    OpenOptions::new().write(true).create_new(true).mode(permissions).open(place)?.write_all(content)
}

fn unwritten(error: std::io::Error) -> Fault {
    Fault::refused("git", format!("the checkout cannot be written: {error}"))
}
