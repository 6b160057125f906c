//! The table of a comparison, for a person and for a program.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::compare::Verdict;
use crate::difference::KnownDifferences;

/// One case and what its comparison says.
#[derive(Debug, Clone)]
pub struct Row {
    /// The case.
    pub case: String,
    /// The verdict.
    pub verdict: Verdict,
}

/// All rows of one comparison.
#[derive(Debug, Clone)]
pub struct Table {
    rows: Vec<Row>,
    known: KnownDifferences,
}

impl Table {
    /// A table over rows, with the differences that are known.
    pub fn new(rows: Vec<Row>, known: KnownDifferences) -> Self {
        Self { rows, known }
    }

    /// Rows that differ, or have no reference, without a listed reason.
    pub fn unexplained(&self) -> Vec<&Row> {
        self.disagreeing().filter(|row| self.known.reason(&row.case).is_none()).collect()
    }

    /// Listed differences that are none.
    pub fn stale(&self) -> Vec<&str> {
        let differing: BTreeSet<String> = self.disagreeing().map(|row| row.case.clone()).collect();
        self.known.stale(&differing)
    }

    /// How many rows have the same output, fail on both sides, and differ.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count =
            |wanted: fn(&Verdict) -> bool| self.rows.iter().filter(|row| wanted(&row.verdict)).count();
        (
            count(|verdict| *verdict == Verdict::SameOutput),
            count(|verdict| *verdict == Verdict::BothFail),
            count(|verdict| !verdict.is_agreement()),
        )
    }

    /// The table as text: one line per case, then every difference in full, then the sum.
    pub fn text(&self, every_row: bool) -> String {
        let mut text = String::new();
        let width = self.rows.iter().map(|row| row.case.chars().count()).max().unwrap_or(0);
        for row in self.rows.iter().filter(|row| every_row || !row.verdict.is_agreement()) {
            let reason =
                self.known.reason(&row.case).map(|reason| format!("  known: {reason}")).unwrap_or_default();
            writeln!(text, "{:width$}  {}{reason}", row.case, row.verdict.word())
                .expect("a String takes any text");
        }
        for row in self.unexplained() {
            let Verdict::Differ(difference) = &row.verdict else { continue };
            let indented = difference.replace('\n', "\n    ");
            write!(text, "\n{}\n    {indented}\n", row.case).expect("a String takes any text");
        }
        for case in self.stale() {
            writeln!(text, "{case} is listed as a known difference and is none")
                .expect("a String takes any text");
        }
        text + &self.summary()
    }

    /// The sum in one line.
    pub fn summary(&self) -> String {
        let (agree, both_fail, differ) = self.counts();
        let unexplained = self.unexplained().len();
        format!(
            "{} cases: {agree} agree, {both_fail} fail on both sides, {differ} differ ({unexplained} unexplained)\n",
            self.rows.len()
        )
    }

    /// The table for a program.
    pub fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let difference = match &row.verdict {
                Verdict::Differ(text) => Some(text),
                _ => None,
            };
            json!({ "case": row.case, "verdict": row.verdict.word(), "difference": difference,
                    "known": self.known.reason(&row.case) })
        });
        let (agree, both_fail, differ) = self.counts();
        json!({ "cases": rows.collect::<Vec<_>>(), "agree": agree, "both_fail": both_fail, "differ": differ,
                "unexplained": self.unexplained().len() })
    }

    fn disagreeing(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.verdict.is_agreement())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(known: &str) -> Table {
        let rows = vec![
            Row { case: "a/same".into(), verdict: Verdict::SameOutput },
            Row { case: "b/other".into(), verdict: Verdict::Differ("left\nright".into()) },
        ];
        Table::new(rows, KnownDifferences::parse(known).unwrap())
    }

    #[test]
    fn an_unlisted_difference_is_unexplained() {
        assert_eq!(table("").unexplained().len(), 1);
    }

    #[test]
    fn a_listed_difference_is_explained() {
        assert!(table("b/other because").unexplained().is_empty());
    }

    #[test]
    fn a_listed_case_that_agrees_is_stale() {
        assert_eq!(table("a/same because").stale(), ["a/same"]);
    }

    #[test]
    fn the_text_ends_with_the_sum() {
        assert!(
            table("")
                .text(false)
                .ends_with("2 cases: 1 agree, 0 fail on both sides, 1 differ (1 unexplained)\n")
        );
    }
}
