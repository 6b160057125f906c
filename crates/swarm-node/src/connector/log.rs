//! Logs that contracts append to, below one folder.

use std::io::Write as _;
use std::path::PathBuf;

use cap_std::fs::{Dir, OpenOptions};
use zencode::Answer;

use super::files::{Fault, below, open_folder, parent};

/// Octets of one line, at most; what is beyond is cut off.
const LINE_OCTETS_MAX: usize = 8 * 1024;
/// Octets of one log, at most.
const LOG_OCTETS_MAX: u64 = 256 * 1024 * 1024;

/// Appends below one folder.
#[derive(Debug)]
pub(crate) struct Log {
    folder: Option<PathBuf>,
}

impl Log {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    pub(crate) async fn answer(&self, path: String, lines: Vec<String>) -> Answer {
        let Some(folder) = self.folder.clone() else {
            return Answer::Refused(
                "contracts may append to no log here: no logs folder is configured".into(),
            );
        };
        let appended = tokio::task::spawn_blocking(move || {
            let folder = open_folder(&folder)?;
            append(&folder, &path, &lines)
        });
        match appended.await {
            Ok(Ok(())) => Answer::Json("null".to_owned()),
            Ok(Err(fault)) => Answer::Refused(format!("the log is not written: {fault}")),
            Err(_) => Answer::Refused("the log could not be written".to_owned()),
        }
    }
}

/// All lines in one write, so that those of two contracts do not mix.
fn append(folder: &Dir, path: &str, lines: &[String]) -> Result<(), Fault> {
    let inside = below(path)?;
    parent(folder, &inside)?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    let mut file = folder.open_with(&inside, &options).map_err(|error| Fault::io(path, &error))?;
    let known = file.metadata().map_err(|error| Fault::io(path, &error))?;
    if !known.is_file() {
        return Err(Fault::Path { path: path.to_owned(), why: "it is no file" });
    }
    let text: String = lines.iter().flat_map(|line| [one_line(line), "\n".to_owned()]).collect();
    if known.len() + text.len() as u64 > LOG_OCTETS_MAX {
        return Err(Fault::Large { path: path.to_owned(), most: LOG_OCTETS_MAX });
    }
    file.write_all(text.as_bytes()).map_err(|error| Fault::io(path, &error))
}

/// A text as one line: what would begin another, or move a terminal's cursor, is written as an escape.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        if line.len() >= LINE_OCTETS_MAX {
            line.push('…');
            break;
        }
        match letter {
            '\t' => line.push(letter),
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                line.extend(letter.escape_default());
            }
            letter => line.push(letter),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Dir) {
        let folder = tempfile::tempdir().unwrap();
        let opened = open_folder(folder.path()).unwrap();
        (folder, opened)
    }

    #[test]
    fn lines_are_appended() {
        let (kept, folder) = folder();
        append(&folder, "a/b.log", &["one".into(), "two".into()]).unwrap();
        append(&folder, "a/b.log", &["three".into()]).unwrap();
        assert_eq!(std::fs::read_to_string(kept.path().join("a/b.log")).unwrap(), "one\ntwo\nthree\n");
    }

    #[test]
    fn a_text_cannot_begin_a_line_of_its_own() {
        assert_eq!(one_line("a\r\nb\u{1b}[2J\u{85}\u{2028}c\td"), "a\\r\\nb\\u{1b}[2J\\u{85}\\u{2028}c\td");
    }

    #[test]
    fn a_long_line_is_cut() {
        assert!(one_line(&"é".repeat(LINE_OCTETS_MAX)).len() < LINE_OCTETS_MAX + 8);
    }

    #[test]
    fn a_log_outside_the_folder_is_refused() {
        let (kept, folder) = folder();
        std::os::unix::fs::symlink("/tmp", kept.path().join("out")).unwrap();
        for path in ["../x.log", "/tmp/x.log", "out/x.log", "", "a\0b", "a/../../x.log", "."] {
            assert!(append(&folder, path, &["x".into()]).is_err(), "{path:?}");
        }
    }
}
