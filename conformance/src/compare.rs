//! What a run ended with, and whether two runs agree.

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It printed this, newline included.
    Printed(String),
    /// It refused.
    Failed {
        /// The line of the contract that is to blame, when one was named.
        line: Option<usize>,
        /// Why, in the engine's words.
        message: String,
    },
    /// What it would print is not known, for this reason.
    Unknown(&'static str),
}

/// Why an answer is unknown: the engine did not end in time.
pub(crate) const LATE: &str = "gave no answer in time";
/// Why an answer is unknown: the engine's process ended.
pub(crate) const CRASHED: &str = "ended without an answer";

impl Outcome {
    /// Whether the engine gave no answer at all.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Unknown(why) if *why == LATE || *why == CRASHED)
    }
}

/// What the comparison of two runs says. The left run is ours, the right one the reference's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Both printed the same octets.
    SameOutput,
    /// Both refused, and no line tells them apart.
    BothFail,
    /// They differ; the text shows where, for a person.
    Differ(String),
    /// The reference engine gave no answer, so there is nothing to compare with.
    NoReference,
}

impl Verdict {
    /// Whether the two runs agree.
    pub fn is_agreement(&self) -> bool {
        matches!(self, Self::SameOutput | Self::BothFail)
    }

    /// One word for a table.
    pub fn word(&self) -> &'static str {
        match self {
            Self::SameOutput => "agree",
            Self::BothFail => "both fail",
            Self::Differ(_) => "differ",
            Self::NoReference => "no reference",
        }
    }
}

/// Compares our run with the reference's.
pub fn compare(ours: &Outcome, reference: &Outcome) -> Verdict {
    match (ours, reference) {
        (_, Outcome::Unknown(_)) => Verdict::NoReference,
        (Outcome::Printed(left), Outcome::Printed(right)) if left == right => Verdict::SameOutput,
        (Outcome::Failed { line: left, .. }, Outcome::Failed { line: right, .. })
            if same_line(*left, *right) =>
        {
            Verdict::BothFail
        }
        _ => Verdict::Differ(difference(ours, reference)),
    }
}

/// Where the reference names no line (a limit, malformed input), any line of ours will do.
fn same_line(ours: Option<usize>, reference: Option<usize>) -> bool {
    reference.is_none() || ours == reference
}

fn difference(ours: &Outcome, reference: &Outcome) -> String {
    let (Outcome::Printed(left), Outcome::Printed(right)) = (ours, reference) else {
        return format!("reference {}\nours      {}", describe(reference), describe(ours));
    };
    let at = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    let at = (0..=at).rev().find(|at| left.is_char_boundary(*at) && right.is_char_boundary(*at)).unwrap_or(0);
    let column = left[..at].chars().count();
    format!(
        "reference printed {}\nours      printed {}\n                  {}^ from octet {at}",
        right.trim_end(),
        left.trim_end(),
        " ".repeat(column)
    )
}

fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Printed(text) => format!("printed {}", text.trim_end()),
        Outcome::Failed { line: Some(line), message } => format!("failed at line {line}: {message}"),
        Outcome::Failed { line: None, message } => format!("failed: {message}"),
        Outcome::Unknown(why) => (*why).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> Outcome {
        Outcome::Printed(text.into())
    }

    fn failed(line: Option<usize>) -> Outcome {
        Outcome::Failed { line, message: "why".into() }
    }

    #[test]
    fn equal_octets_agree() {
        assert_eq!(compare(&printed("{}\n"), &printed("{}\n")), Verdict::SameOutput);
    }

    #[test]
    fn a_missing_newline_is_a_difference() {
        assert!(!compare(&printed("{}"), &printed("{}\n")).is_agreement());
    }

    #[test]
    fn failures_at_one_line_agree() {
        assert_eq!(compare(&failed(Some(3)), &failed(Some(3))), Verdict::BothFail);
    }

    #[test]
    fn failures_at_two_lines_differ() {
        assert!(!compare(&failed(Some(2)), &failed(Some(3))).is_agreement());
    }

    #[test]
    fn a_reference_that_names_no_line_agrees_with_any_failure() {
        assert_eq!(compare(&failed(Some(2)), &failed(None)), Verdict::BothFail);
    }

    #[test]
    fn a_line_that_only_the_reference_names_is_missing() {
        assert!(!compare(&failed(None), &failed(Some(2))).is_agreement());
    }

    #[test]
    fn success_where_the_reference_refuses_is_a_difference() {
        assert!(!compare(&printed("{}\n"), &failed(Some(1))).is_agreement());
    }

    #[test]
    fn the_difference_points_at_the_first_octet_that_is_not_equal() {
        let Verdict::Differ(text) = compare(&printed("{\"é\":1}\n"), &printed("{\"é\":2}\n")) else {
            panic!("the outputs are not equal");
        };
        assert!(text.ends_with("^ from octet 6"), "{text}");
    }
}
