//! Rule for the workspace's `Cargo.lock`: packages that may not be linked together.

use crate::workspace::TextFile;

/// A package that may never be there, and why.
const BANNED: &[(&str, &str)] = &[(
    "pqcrypto-internals",
    "its C functions have the names of those inside pqcrypto-dilithium 0.4.0 and take other arguments, so that \
     Dilithium signatures crash a program that links both; hint: use another crate than the newer pqcrypto one that \
     brings it along (`cargo tree --invert pqcrypto-internals` names it), or measure it in a workspace of its own as \
     xtask/peers does",
)];

/// The faults of the workspace's lock file; those of other workspaces are theirs.
pub(super) fn check(files: &[TextFile]) -> Vec<String> {
    let Some(lock) = files.iter().find(|file| file.path == "Cargo.lock") else {
        return vec![
            "Cargo.lock: it is not there; hint: commit it, so that every build takes the same crates".into(),
        ];
    };
    let is_locked = |name: &str| lock.text.lines().any(|line| line == format!("name = \"{name}\""));
    let banned = BANNED.iter().filter(|(name, _)| is_locked(name));
    banned.map(|(name, why)| format!("Cargo.lock: `{name}` may not be linked: {why}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, packages: &[&str]) -> Vec<String> {
        let package = |name: &&str| format!("[[package]]\nname = \"{name}\"\nversion = \"0.2.0\"\n");
        let text = packages.iter().map(package).collect();
        check(&[TextFile { path: path.into(), text }])
    }

    #[test]
    fn a_second_package_with_the_same_c_functions_is_refused_by_name() {
        let faults = faults("Cargo.lock", &["pqcrypto-dilithium", "pqcrypto-internals"]);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("Cargo.lock: `pqcrypto-internals` may not be linked"));
    }

    #[test]
    fn a_package_whose_name_only_begins_so_is_taken() {
        assert_eq!(faults("Cargo.lock", &["pqcrypto-dilithium", "pqcrypto-internals-of-another"]), [""; 0]);
    }

    #[test]
    fn a_workspace_without_a_lock_file_is_refused() {
        assert_eq!(faults("xtask/peers/Cargo.lock", &["pqcrypto-internals"]).len(), 1);
    }

    #[test]
    fn this_workspace_links_no_such_package() {
        assert_eq!(check(&crate::workspace::text_files().unwrap()), [""; 0]);
    }
}
