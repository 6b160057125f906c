//! Rules for `Cargo.toml` files and the lint settings of the pure crates.

use crate::arrows::PURE;
use crate::workspace::TextFile;

/// The faults of all manifests.
pub(super) fn check(files: &[TextFile]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.path == "Cargo.toml" || file.path.ends_with("/Cargo.toml")) {
        faults.extend(reasons(file));
        if file.path != "Cargo.toml" && !file.text.contains("[lints]\nworkspace = true") {
            faults.push(format!(
                "{}: a crate takes the lints of the workspace (`[lints]`, `workspace = true`)",
                file.path
            ));
        }
    }
    for package in PURE {
        let path = format!("crates/{package}/clippy.toml");
        if !files.iter().any(|file| file.path == path) {
            faults.push(format!(
                "{path}: a pure crate bans clocks, entropy and hash maps by name, each with its reason"
            ));
        }
    }
    faults
}

/// Every dependency that comes from outside has a comment above it, or above the block of lines it stands in.
fn reasons(file: &TextFile) -> Vec<String> {
    let mut faults = Vec::new();
    let mut in_dependencies = false;
    let mut explained = false;
    for (number, line) in (1..).zip(file.text.lines()) {
        let line = line.trim();
        if line.starts_with('[') {
            in_dependencies = line.trim_matches(['[', ']']).ends_with("dependencies");
            explained = false;
        } else if line.is_empty() {
            explained = false;
        } else if line.starts_with('#') {
            explained = true;
        } else if in_dependencies && !explained && comes_from_outside(line) {
            let name = line.split(['=', '.', ' ']).next().unwrap_or(line);
            faults.push(format!("{}:{number}: say in a comment above why `{name}` is needed", file.path));
        }
    }
    faults
}

fn comes_from_outside(line: &str) -> bool {
    line.contains('=') && !line.contains("workspace = true") && !line.contains("path = ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> usize {
        reasons(&TextFile { path: "Cargo.toml".into(), text: text.into() }).len()
    }

    #[test]
    fn a_dependency_without_a_reason_is_refused() {
        assert_eq!(faults("[dependencies]\nserde = \"1\"\n"), 1);
    }

    #[test]
    fn a_comment_above_is_a_reason() {
        assert_eq!(faults("[dependencies]\n# records\nserde = \"1\"\nserde_json = \"1\"\n"), 0);
    }

    #[test]
    fn a_blank_line_ends_the_reach_of_a_comment() {
        assert_eq!(faults("[dependencies]\n# records\nserde = \"1\"\n\nserde_json = \"1\"\n"), 1);
    }

    #[test]
    fn the_workspace_gives_the_reason_for_its_own_versions() {
        assert_eq!(
            faults("[dependencies]\nserde.workspace = true\nzencode = { path = \"../zencode\" }\n"),
            0
        );
    }
}
