//! The answers of a comparison as a table, with what differs below it.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use super::allowance::Allowance;

/// One list, asked.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) title: &'static str,
    pub(super) lines: Vec<Line>,
    /// What differs besides the answers.
    pub(super) besides: Vec<String>,
}

/// One request.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) method: String,
    pub(super) path: String,
    /// The other's status, when there is another.
    pub(super) there: Option<u16>,
    pub(super) here: u16,
    pub(super) verdict: Verdict,
}

/// How two answers compare.
#[derive(Debug)]
pub(super) enum Verdict {
    Same,
    /// The same but for what may differ.
    Allowed(Vec<Allowance>),
    /// Another answer, as it is written down, for this reason.
    Instead(String),
    /// What differs without a reason.
    Different(Vec<String>),
}

impl Report {
    /// How many differ without a reason.
    pub(super) fn unexplained(&self) -> usize {
        let different = self.lines.iter().filter(|line| matches!(line.verdict, Verdict::Different(_)));
        different.count() + self.besides.len()
    }

    fn reasons(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut allowed = BTreeMap::<Allowance, usize>::new();
        let mut instead = BTreeMap::<&str, Vec<&str>>::new();
        for line in &self.lines {
            match &line.verdict {
                Verdict::Allowed(allowances) => {
                    allowances.iter().for_each(|it| *allowed.entry(*it).or_default() += 1);
                }
                Verdict::Instead(because) => instead.entry(because).or_default().push(&line.name),
                Verdict::Same | Verdict::Different(_) => {}
            }
        }
        for (allowance, count) in allowed {
            writeln!(f, "{} ({count}): {}", allowance.name(), allowance.reason())?;
        }
        for (because, names) in instead {
            writeln!(f, "otherwise, {because}: {}", names.join("; "))?;
        }
        Ok(())
    }
}

impl Verdict {
    fn word(&self) -> String {
        match self {
            Self::Same => "same".to_owned(),
            Self::Allowed(allowances) => {
                let names: Vec<&str> = allowances.iter().map(|it| it.name()).collect();
                format!("same but {}", names.join(", "))
            }
            Self::Instead(_) => "otherwise, with a reason".to_owned(),
            Self::Different(_) => "DIFFERENT".to_owned(),
        }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = |text: fn(&Line) -> usize| self.lines.iter().map(text).max().unwrap_or_default();
        let name = width(|line| line.name.chars().count());
        writeln!(f, "{}\n", self.title)?;
        for line in &self.lines {
            let there = line.there.map_or_else(String::new, |status| format!("{status}  "));
            writeln!(f, "{:<name$}  {there}{}  {}", line.name, line.here, line.verdict.word())?;
        }
        writeln!(f)?;
        self.reasons(f)?;
        for line in &self.lines {
            if let Verdict::Different(found) = &line.verdict {
                writeln!(f, "DIFFERENT  {}: {} {}", line.name, line.method, line.path)?;
                found.iter().try_for_each(|found| writeln!(f, "    {found}"))?;
            }
        }
        self.besides.iter().try_for_each(|found| writeln!(f, "DIFFERENT  {found}"))?;
        writeln!(f, "{} requests, {} differences without a reason", self.lines.len(), self.unexplained())
    }
}
