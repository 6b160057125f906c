//! ncr's conventions, answered by this oracle as the list says. The list was written from what ncr 1.47.11 was seen to
//! answer; where this oracle answers something else on purpose, the list says why.

use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use super::expected::Expected;
use super::list::{self, Ask};
use super::report::{Line, Report, Verdict};
use super::side::Side;
use crate::binary::Scratch;

/// What makes an oracle serve a folder of ncr.
const CONFIGURATION: &str = "convention = \"ncr\"\n";

/// A request and its answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    ask: Ask,
    expect: Expected,
    /// Why the answer is not ncr's.
    #[serde(default)]
    because: Option<String>,
}

/// Sends every request of the list.
pub(super) fn compare(zenswarm: &Path) -> Result<Report> {
    let cases: Vec<Case> = list::read("ncr")?;
    let scratch = Scratch::new("compare-ncr")?;
    let here = Side::oracle(zenswarm, &scratch, "ncr", CONFIGURATION)?;
    let mut lines = Vec::new();
    for case in cases {
        let ours = here.ask(&case.ask)?;
        let found = case.expect.differences(&ours.content);
        let verdict = match (found.is_empty(), case.because) {
            (true, None) => Verdict::Same,
            (true, Some(because)) => Verdict::Instead(because),
            (false, _) => Verdict::Different(found),
        };
        lines.push(Line {
            name: case.name,
            method: case.ask.method.clone(),
            path: case.ask.path.clone(),
            there: None,
            here: ours.content.status,
            verdict,
        });
    }
    Ok(Report {
        title: "ncr's conventions as they are written down, and zenswarm",
        lines,
        besides: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_read_and_no_name_stands_twice() {
        let cases: Vec<Case> = list::read("ncr").unwrap();
        let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
