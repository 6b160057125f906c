//! The known differences: where this implementation leaves the reference on purpose, each with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Known differences, by case, and by statement where no case shows them.
#[derive(Debug, Clone, Default)]
pub struct KnownDifferences {
    reasons: BTreeMap<String, String>,
    of_statements: BTreeMap<String, Vec<String>>,
}

/// What a line begins with that speaks of a statement.
const STATEMENT: &str = "statement ";

impl KnownDifferences {
    /// Reads the list: one case per line, its name, one blank, the reason; `#` starts a comment.
    ///
    /// A line `statement SCENARIO/STATEMENT REASON` tells of a difference that no case can show, because
    /// the reference engine does not answer, or not the same each time.
    ///
    /// # Errors
    /// When a line has no reason or names a case twice.
    pub fn parse(text: &str) -> Result<Self> {
        let mut reasons = BTreeMap::new();
        let mut of_statements: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let no_reason = || format!("line {number}: `{line}` gives no reason");
            if let Some(rest) = line.strip_prefix(STATEMENT) {
                let (statement, reason) = rest.split_once(' ').with_context(no_reason)?;
                of_statements.entry(statement.to_owned()).or_default().push(reason.trim().to_owned());
                continue;
            }
            let (case, reason) = line.split_once(' ').with_context(no_reason)?;
            if reasons.insert(case.to_owned(), reason.trim().to_owned()).is_some() {
                bail!("line {number}: {case} is listed twice");
            }
        }
        Ok(Self { reasons, of_statements })
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

    /// The differences of each statement, by its `SCENARIO/STATEMENT`.
    pub fn of_statements(&self) -> &BTreeMap<String, Vec<String>> {
        &self.of_statements
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
    fn a_statement_may_have_several_differences() {
        let known =
            KnownDifferences::parse("statement math/result it hangs\nstatement math/result it rounds\n")
                .unwrap();
        assert_eq!(known.of_statements()["math/result"], ["it hangs", "it rounds"]);
    }

    #[test]
    fn a_statement_is_no_case() {
        let known = KnownDifferences::parse("statement math/result it hangs").unwrap();
        assert!(known.stale(&BTreeSet::new()).is_empty());
    }

    #[test]
    fn a_case_that_agrees_again_is_stale() {
        let known = KnownDifferences::parse("math/zero hangs").unwrap();
        assert_eq!(known.stale(&BTreeSet::new()), ["math/zero"]);
    }
}
