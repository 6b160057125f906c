//! The known differences: where this implementation leaves the reference on purpose, each with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Known differences, by case.
#[derive(Debug, Clone, Default)]
pub struct KnownDifferences {
    reasons: BTreeMap<String, String>,
}

impl KnownDifferences {
    /// Reads the list: one case per line, its name, one blank, the reason; `#` starts a comment.
    ///
    /// # Errors
    /// When a line has no reason or names a case twice.
    pub fn parse(text: &str) -> Result<Self> {
        let mut reasons = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (case, reason) =
                line.split_once(' ').with_context(|| format!("line {number}: `{line}` gives no reason"))?;
            if reasons.insert(case.to_owned(), reason.trim().to_owned()).is_some() {
                bail!("line {number}: {case} is listed twice");
            }
        }
        Ok(Self { reasons })
    }

    /// Reads the list from a file.
    ///
    /// # Errors
    /// When the file cannot be read, and as [`KnownDifferences::parse`].
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    /// Why the case differs, when that is known.
    pub fn reason(&self, case: &str) -> Option<&str> {
        self.reasons.get(case).map(String::as_str)
    }

    /// The listed cases that are none of `differing`: they agree again, or exist no more.
    pub fn stale<'a>(&'a self, differing: &BTreeSet<String>) -> Vec<&'a str> {
        self.reasons.keys().filter(|case| !differing.contains(*case)).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_found_by_case() {
        let known = KnownDifferences::parse("# why\n\nmath/zero the reference hangs\n").unwrap();
        assert_eq!(known.reason("math/zero"), Some("the reference hangs"));
    }

    #[test]
    fn a_case_without_a_reason_is_refused() {
        assert!(KnownDifferences::parse("math/zero").is_err());
    }

    #[test]
    fn a_case_that_agrees_again_is_stale() {
        let known = KnownDifferences::parse("math/zero hangs").unwrap();
        assert_eq!(known.stale(&BTreeSet::new()), ["math/zero"]);
    }
}
