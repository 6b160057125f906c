//! ZIP archives: read whole within limits, then written below the folder.
//!
//! Everything is judged before anything is written. An archive that says one size and holds another, names a
//! place twice, or holds a link is refused as a whole.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use cap_std::fs::Dir;
use zip::ZipArchive;

use super::{Fault, below, store};

/// Octets of an archive, at most.
pub(super) const ARCHIVE_OCTETS_MAX: usize = 16 * 1024 * 1024;
/// Octets of everything in it, at most.
const EXTRACTED_OCTETS_MAX: u64 = 32 * 1024 * 1024;
/// How many times larger its content may be than the archive.
const RATIO_MAX: u64 = 100;
/// Entries, at most.
const ENTRIES_MAX: usize = 2000;

/// A file of the archive.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    path: String,
    content: Vec<u8>,
}

/// Extracts an archive into a folder.
pub(super) fn extract(folder: &Dir, path: &str, archive: Vec<u8>) -> Result<String, Fault> {
    let target = match path {
        "." | "./" => None,
        path => Some(below(path)?),
    };
    for entry in read(archive)? {
        let place = match &target {
            Some(target) => target.join(&entry.path).display().to_string(),
            None => entry.path,
        };
        store(folder, &place, &entry.content)?;
    }
    Ok("null".to_owned())
}

fn read(archive: Vec<u8>) -> Result<Vec<Entry>, Fault> {
    let refused = |why: String| Fault::Archive(why);
    let most = EXTRACTED_OCTETS_MAX.min((archive.len() as u64).saturating_mul(RATIO_MAX));
    let mut archive = ZipArchive::new(Cursor::new(archive))
        .map_err(|error| refused(format!("it is no ZIP archive: {error}")))?;
    if archive.len() > ENTRIES_MAX {
        return Err(refused(format!("it has {} entries, at most {ENTRIES_MAX} are taken", archive.len())));
    }
    let (mut entries, mut names, mut left) = (Vec::new(), BTreeSet::new(), most);
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| refused(format!("entry {index}: {error}")))?;
        let name = file.name().map_err(|error| refused(format!("entry {index}: {error}")))?.into_owned();
        let shown: String = name.chars().take(128).collect();
        if file.unix_mode().is_some_and(|mode| !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000)) {
            return Err(refused(format!("{shown:?} is neither a file nor a folder")));
        }
        if name.contains('\\') {
            return Err(refused(format!("{shown:?} has a backslash in its name")));
        }
        let inside = below(&name).map_err(|fault| refused(fault.to_string()))?;
        if file.is_dir() {
            continue;
        }
        // Two names that differ in case alone are one file on some disks.
        if !names.insert(inside.display().to_string().to_lowercase()) {
            return Err(refused(format!("{shown:?} is in it twice")));
        }
        let mut content = Vec::new();
        let read = file.take(left + 1).read_to_end(&mut content);
        read.map_err(|error| refused(format!("{shown:?} cannot be read: {error}")))?;
        left = left.checked_sub(content.len() as u64).ok_or_else(|| {
            refused(format!("it holds more than {most} octets, which is too many for its size"))
        })?;
        entries.push(Entry { path: inside.display().to_string(), content });
    }
    match clash(&names) {
        Some(name) => Err(refused(format!("{name:?} is a file and a folder"))),
        None => Ok(entries),
    }
}

/// A name that another one has for a folder.
fn clash(names: &BTreeSet<String>) -> Option<&String> {
    names.iter().find(|name| {
        let folder = format!("{name}/");
        names.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, content) in entries {
            writer.start_file(*name, options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[track_caller]
    fn refused(octets: Vec<u8>, why: &str) {
        let fault = read(octets).unwrap_err().to_string();
        assert!(fault.contains(why), "{fault}");
    }

    #[test]
    fn files_come_with_their_folders() {
        let kept = tempfile::tempdir().unwrap();
        let folder = super::super::open_folder(kept.path()).unwrap();
        let octets = archive(&[("a.zen", b"one"), ("keys/b.json", b"{}")]);
        extract(&folder, "releases/7", octets).unwrap();
        let read = |path: &str| std::fs::read_to_string(kept.path().join(path)).unwrap();
        assert_eq!((read("releases/7/a.zen"), read("releases/7/keys/b.json")), ("one".into(), "{}".into()));
    }

    #[test]
    fn a_name_that_leads_out_is_refused() {
        for name in ["../x", "/x", "a/../../x", "a\\..\\x", ""] {
            refused(archive(&[(name, b"x")]), "");
        }
    }

    #[test]
    fn a_link_is_refused() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        refused(writer.finish().unwrap().into_inner(), "neither a file nor a folder");
    }

    #[test]
    fn a_bomb_is_refused() {
        refused(archive(&[("zeros", &vec![0; 4 * 1024 * 1024])]), "too many for its size");
    }

    #[test]
    fn too_many_entries_are_refused() {
        let names: Vec<String> = (0..=ENTRIES_MAX).map(|number| number.to_string()).collect();
        let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        refused(archive(&entries), "at most 2000");
    }

    #[test]
    fn two_names_that_differ_in_case_are_refused() {
        refused(archive(&[("a/B", b"1"), ("A/b", b"2")]), "twice");
    }

    #[test]
    fn a_file_that_is_a_folder_too_is_refused() {
        refused(archive(&[("a", b"1"), ("a/b", b"2")]), "a file and a folder");
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        refused(b"PK\x03\x04 and no more".to_vec(), "no ZIP archive");
        refused(Vec::new(), "no ZIP archive");
    }

    #[test]
    fn a_damaged_archive_is_refused_or_read_and_never_panics() {
        let whole = archive(&[("a.zen", b"Given nothing"), ("b/c.json", b"{\"d\":1}")]);
        for at in 0..whole.len() {
            for mask in [0x01, 0x80, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] ^= mask;
                drop(read(damaged));
            }
            drop(read(whole[..at].to_vec()));
        }
    }
}
