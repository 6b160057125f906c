//! Rules for Rust files.

use std::collections::BTreeMap;

use crate::workspace::TextFile;

/// Lines above which a file must be listed in the ratchet.
const LINES_QUESTION: usize = 400;
/// Lines above which a file is refused.
const LINES_STOP: usize = 800;
/// File names that name no subject.
const EMPTY_NAMES: &[&str] = &["common", "helper", "helpers", "manager", "misc", "util", "utils"];

/// What a line of working code must not contain, and why.
const BANNED: &[(&str, &str)] = &[
    (
        concat!(".unwr", "ap()"),
        "`unwrap` outside tests: handle the error, or `expect(\"why it cannot fail\")`",
    ),
    (concat!("todo", "!("), "`todo!`: finish it or leave it out"),
    (concat!("unimplemented", "!("), "`unimplemented!`: finish it or leave it out"),
    (concat!("dbg", "!("), "`dbg!`: use tracing"),
];

/// What no line may contain, tests included.
const BANNED_EVERYWHERE: &[(&str, &str)] = &[
    (
        concat!("#[ign", "ore"),
        "an ignored test proves nothing: assert what happens today and say so, or delete it",
    ),
    (concat!("FIX", "ME"), "a leftover mark: do it now, or write an issue"),
    (concat!("XX", "X:"), "a leftover mark: do it now, or write an issue"),
];

/// The faults of all Rust files.
pub(super) fn check(files: &[TextFile], ratchet: &str) -> Vec<String> {
    let allowed = read_ratchet(ratchet);
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        faults.extend(name(file));
        faults.extend(length(file, &allowed));
        faults.extend(lines(file));
        // `foo/tests.rs` says by its place what it is about.
        if !file.text.starts_with("//!") && !file.path.ends_with("/tests.rs") {
            faults.push(format!("{}:1: the first line must be `//!` and say why the file exists", file.path));
        }
    }
    for (path, lines) in &allowed {
        let now = files.iter().find(|file| file.path == *path).map_or(0, |file| counted(&file.text));
        if now <= LINES_QUESTION {
            faults.push(format!(
                "xtask/ratchet.txt: {path} has {now} lines, take it ({lines}) out of the list"
            ));
        }
    }
    faults
}

fn read_ratchet(text: &str) -> BTreeMap<&str, usize> {
    let entries = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
    entries.filter_map(|(lines, path)| Some((path.trim(), lines.parse().ok()?))).collect()
}

fn name(file: &TextFile) -> Option<String> {
    let (_, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let stem = name.trim_end_matches(".rs");
    if stem == "mod" {
        return Some(format!("{}: write `name.rs` beside the folder `name/`, never `mod.rs`", file.path));
    }
    EMPTY_NAMES
        .contains(&stem)
        .then(|| format!("{}: `{stem}` names no subject; name what the file is about", file.path))
}

fn length(file: &TextFile, allowed: &BTreeMap<&str, usize>) -> Option<String> {
    let lines = counted(&file.text);
    let limit = allowed.get(file.path.as_str()).copied().unwrap_or(LINES_QUESTION).min(LINES_STOP);
    let advice = if limit == LINES_QUESTION {
        ", or add it to xtask/ratchet.txt with a reason in the commit"
    } else {
        ""
    };
    (lines > limit).then(|| format!("{}: {lines} lines, at most {limit}: split it{advice}", file.path))
}

/// Lines of a file, but for the examples in its doc comments: a statement shall not go without one because
/// its file is long. An example ends at the next heading or at the end of the comment.
fn counted(text: &str) -> usize {
    let mut example = false;
    let lines = text.lines().zip(text.lines().skip(1).chain([""]));
    let counted = lines.filter(|(line, next)| {
        let heading = line.starts_with("/// # ");
        example = *line == "/// # Example" || (example && line.starts_with("///") && !heading);
        !example && (*line, *next) != ("///", "/// # Example")
    });
    counted.count()
}

fn lines(file: &TextFile) -> Vec<String> {
    let mut faults = Vec::new();
    let mut in_tests = is_test_file(&file.path);
    for (number, line) in (1..).zip(file.text.lines()) {
        in_tests |= line.trim_start().starts_with("#[cfg(test)]");
        let code = !in_tests && !line.trim_start().starts_with("//");
        let banned = BANNED.iter().filter(|_| code).chain(BANNED_EVERYWHERE);
        for (_, why) in banned.filter(|(text, _)| line.contains(text)) {
            faults.push(format!("{}:{number}: {why}", file.path));
        }
    }
    faults
}

fn is_test_file(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str, ratchet: &str) -> Vec<String> {
        check(&[TextFile { path: path.into(), text: text.into() }], ratchet)
    }

    fn long(lines: usize) -> String {
        "//! subject\n".to_owned() + &"\n".repeat(lines - 1)
    }

    #[test]
    fn a_file_without_a_subject_line_is_refused() {
        assert_eq!(faults("a/b.rs", "fn f() {}\n", "").len(), 1);
    }

    #[test]
    fn a_file_of_400_lines_passes() {
        assert!(faults("a/b.rs", &long(400), "").is_empty());
    }

    #[test]
    fn a_file_of_401_lines_is_refused() {
        assert_eq!(faults("a/b.rs", &long(401), "").len(), 1);
    }

    #[test]
    fn a_listed_file_may_keep_its_length() {
        assert!(faults("a/b.rs", &long(500), "500 a/b.rs\n").is_empty());
    }

    #[test]
    fn a_listed_file_may_not_grow() {
        assert_eq!(faults("a/b.rs", &long(501), "500 a/b.rs\n").len(), 1);
    }

    #[test]
    fn the_example_in_a_doc_comment_is_not_counted() {
        let example = "/// Does it.\n///\n/// # Example\n/// ```\n/// f();\n/// ```\nfn f() {}\n";
        assert_eq!(counted(example), 2);
        let sourced = "/// # Example\n/// ```\n/// ```\n/// # Source\n/// A book.\n";
        assert_eq!(counted(sourced), 2);
    }

    #[test]
    fn no_list_helps_above_800_lines() {
        assert_eq!(faults("a/b.rs", &long(801), "900 a/b.rs\n").len(), 1);
    }

    #[test]
    fn a_listed_file_that_is_short_again_leaves_the_list() {
        assert_eq!(faults("a/b.rs", &long(10), "500 a/b.rs\n").len(), 1);
    }

    #[test]
    fn an_unwrap_is_refused_in_code_and_taken_in_tests() {
        let code = "//! s\nfn f() { g().unwrap(); }\n";
        assert_eq!(faults("a/b.rs", code, "").len(), 1);
        assert!(faults("a/tests/b.rs", code, "").is_empty());
        assert!(faults("a/b.rs", "//! s\n#[cfg(test)]\nmod t { fn f() { g().unwrap(); } }\n", "").is_empty());
    }

    #[test]
    fn a_file_must_be_named_after_a_subject() {
        assert_eq!(faults("a/utils.rs", "//! s\n", "").len(), 1);
        assert_eq!(faults("a/mod.rs", "//! s\n", "").len(), 1);
    }
}
