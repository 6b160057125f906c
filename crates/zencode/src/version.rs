//! Versions, as `Rule check version` writes them.
//!
//! # Source
//! Zenroom `semver.lua`.

/// Major, minor and patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u64, u64, u64);

/// The version of the reference engine that the language follows.
pub(crate) const REFERENCE: Version = Version(5, 38, 1);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Version {
    /// Reads a version: up to three numbers, then a pre-release or a build or both.
    ///
    /// # Errors
    /// A sentence, when the text is none.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix('v').unwrap_or(text);
        let Some((major, rest)) = number(digits) else {
            return Err(format!("Could not extract version number(s) from \"{text}\""));
        };
        let (minor, rest) = part(rest);
        let (patch, rest) = part(rest);
        if tail_fits(rest) {
            return Ok(Self(major, minor, patch));
        }
        Err(format!("The parameter \"{rest}\" must begin with + or - to denote a prerelease or a build"))
    }
}

/// A number in front, and what follows it.
fn number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    // What is longer than any version is the greatest one.
    (!digits.is_empty()).then(|| (digits.parse().unwrap_or(u64::MAX), rest))
}

/// A dot and a number, either of which may be missing.
fn part(text: &str) -> (u64, &str) {
    let rest = text.strip_prefix('.').unwrap_or(text);
    number(rest).unwrap_or((0, rest))
}

fn tail_fits(tail: &str) -> bool {
    let word = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
    };
    match (tail.strip_prefix('-'), tail.strip_prefix('+')) {
        (Some(rest), _) => match rest.split_once('+') {
            Some((release, build)) => word(release) && word(build),
            None => word(rest),
        },
        (None, Some(build)) => word(build),
        (None, None) => tail.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parts_are_zero() {
        assert_eq!(Version::read("v5"), Ok(Version(5, 0, 0)));
    }

    #[test]
    fn a_doubled_dot_leaves_the_minor_out() {
        assert_eq!(Version::read("5..1"), Ok(Version(5, 0, 1)));
    }

    #[test]
    fn a_pre_release_and_a_build_are_read() {
        assert_eq!(Version::read("5.38.1-beta.2+build"), Ok(REFERENCE));
    }

    #[test]
    fn a_fourth_number_is_refused() {
        assert!(Version::read("5.38.1.9").is_err());
    }

    #[test]
    fn a_word_is_refused() {
        assert!(Version::read("latest").is_err());
    }
}
