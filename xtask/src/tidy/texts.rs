//! Rules for every tracked text: nothing of the machine it was written on.

use crate::workspace::TextFile;

/// Folders of a workplace that mean nothing to a reader. Written in halves so that this file passes its own check.
const WORKPLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/tmp/", "zs"),
    concat!("/tmp/", "wt"),
    concat!("/Use", "rs/"),
];

/// Settings that point a package manager at another registry, by file name.
const REGISTRY_SETTINGS: &[(&str, &str)] = &[
    ("package-lock.json", "\"resolved\":"),
    (".npmrc", "registry"),
    ("config.toml", "replace-with"),
    ("config.toml", "[registries"),
    ("config.toml", "[source."),
    ("pip.conf", "index-url"),
    ("requirements.txt", "index-url"),
];

/// The only place that a locked crate may come from.
const CRATE_SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// The faults of all texts.
pub(super) fn check(files: &[TextFile]) -> Vec<String> {
    files
        .iter()
        .flat_map(|file| {
            (1..).zip(file.text.lines()).filter_map(|(number, line)| {
                fault(&file.path, line).map(|why| format!("{}:{number}: {why}", file.path))
            })
        })
        .collect()
}

fn fault(path: &str, line: &str) -> Option<String> {
    let (_, name) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(folder) = WORKPLACES.iter().find(|folder| line.contains(**folder)) {
        return Some(format!("`{folder}…` is a folder of somebody's machine: write a relative path"));
    }
    if REGISTRY_SETTINGS.iter().any(|(file, setting)| name == *file && line.contains(setting)) {
        return Some(
            "the project does not choose a package registry: leave that to the user's own settings".into(),
        );
    }
    if name == "Cargo.lock" && line.starts_with("source = ") && line != CRATE_SOURCE {
        return Some("crates come from the public registry".into());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_workplace_is_refused() {
        assert!(fault("docs/a.md", &format!("see {}file", WORKPLACES[0])).is_some());
    }

    #[test]
    fn a_lock_file_that_names_its_registry_is_refused() {
        assert!(fault("x/package-lock.json", "\"resolved\": \"https://example.org/a.tgz\"").is_some());
    }

    #[test]
    fn a_crate_from_elsewhere_is_refused() {
        assert!(fault("Cargo.lock", "source = \"git+https://example.org/a\"").is_some());
    }

    #[test]
    fn the_public_registry_is_taken() {
        assert_eq!(fault("Cargo.lock", CRATE_SOURCE), None);
    }
}
