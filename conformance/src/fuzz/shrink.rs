//! Makes a case that differs as small as it gets while it differs in the same way.

use std::time::{Duration, Instant};

use super::tree::Tree;
use crate::case::Case;

/// Says whether a smaller case still shows the difference.
pub(super) type Judge<'a> = dyn FnMut(&Case) -> bool + 'a;

/// Cases judged at most; each asks the reference engine.
const JUDGED_MAX: usize = 400;
/// Time after which no further case is judged: an engine that hangs takes seconds for each.
const TIME_MAX: Duration = Duration::from_secs(45);

struct Shrinker<'a, 'b> {
    case: Case,
    judge: &'a mut Judge<'b>,
    judged: usize,
    started: Instant,
}

/// The smallest case found.
pub(super) fn shrink(case: &Case, judge: &mut Judge<'_>) -> Case {
    let mut shrinker = Shrinker { case: case.clone(), judge, judged: 0, started: Instant::now() };
    loop {
        let before = shrinker.case.clone();
        shrinker.lines();
        shrinker.blocks();
        shrinker.input(|case| &mut case.data);
        shrinker.input(|case| &mut case.keys);
        shrinker.quoted();
        shrinker.conf();
        if shrinker.case == before || shrinker.is_over() {
            return shrinker.case;
        }
    }
}

impl Shrinker<'_, '_> {
    fn is_over(&self) -> bool {
        self.judged >= JUDGED_MAX || self.started.elapsed() > TIME_MAX
    }

    /// Keeps the smaller case if it still differs.
    fn offer(&mut self, smaller: Case) -> bool {
        if self.is_over() || smaller == self.case {
            return false;
        }
        self.judged += 1;
        let still = (self.judge)(&smaller);
        if still {
            self.case = smaller;
        }
        still
    }

    fn offer_script(&mut self, lines: &[&str]) -> bool {
        let script = lines.iter().map(|line| format!("{line}\n")).collect();
        self.offer(Case { script, ..self.case.clone() })
    }

    /// Leaves out halves, quarters and so on down to single lines.
    fn lines(&mut self) {
        let mut length = self.case.script.lines().count().div_ceil(2);
        while length > 0 {
            let mut at = 0;
            loop {
                let script = self.case.script.clone();
                let lines: Vec<&str> = script.lines().collect();
                if at >= lines.len() {
                    break;
                }
                let end = (at + length).min(lines.len());
                if !self.offer_script(&[&lines[..at], &lines[end..]].concat()) {
                    at += length;
                }
            }
            length /= 2;
        }
    }

    /// Leaves out the first and last line of a block, with and without what is between.
    fn blocks(&mut self) {
        let mut at = 0;
        while at < self.case.script.lines().count() {
            let script = self.case.script.clone();
            let Some(end) = block_end(&script, at) else {
                at += 1;
                continue;
            };
            let lines: Vec<&str> = script.lines().collect();
            let unwrapped = [&lines[..at], &lines[at + 1..end], &lines[end + 1..]].concat();
            let dropped = [&lines[..at], &lines[end + 1..]].concat();
            if !self.offer_script(&dropped) && !self.offer_script(&unwrapped) {
                at += 1;
            }
        }
    }

    fn input(&mut self, of: fn(&mut Case) -> &mut String) {
        let mut emptied = self.case.clone();
        of(&mut emptied).clear();
        if self.offer(emptied) {
            return;
        }
        while !self.is_over() {
            let Some(tree) = Tree::read(of(&mut self.case.clone())) else { return };
            let found = tree.smaller().into_iter().any(|smaller| {
                let mut case = self.case.clone();
                *of(&mut case) = smaller.write();
                self.offer(case)
            });
            if !found {
                return;
            }
        }
    }

    /// Shortens what stands between quotes.
    fn quoted(&mut self) {
        let count = self.case.script.split('\'').count();
        for at in (1..count).step_by(2) {
            for keep in [0, 1] {
                let parts: Vec<&str> = self.case.script.split('\'').collect();
                let Some(part) = parts.get(at) else { return };
                let letters = part.chars().count();
                // An empty name is a case of its own, and would hide another.
                let kept = if keep == 0 { letters.min(1) } else { letters.div_ceil(2) };
                let half: String = part.chars().take(kept).collect();
                let old = format!("'{part}'");
                // A name has to stay the same in every line.
                let script = self.case.script.replace(&old, &format!("'{half}'"));
                self.offer(Case { script, ..self.case.clone() });
            }
        }
    }

    fn conf(&mut self) {
        self.offer(Case { conf: None, ..self.case.clone() });
    }
}

/// The line that closes the block which a line opens, if it opens one.
fn block_end(script: &str, from: usize) -> Option<usize> {
    let first = |line: &str| line.split_whitespace().next().unwrap_or_default().to_lowercase();
    let lines: Vec<String> = script.lines().map(first).collect();
    let mut depth = 0_usize;
    if !matches!(lines.get(from)?.as_str(), "if" | "foreach") {
        return None;
    }
    for (at, word) in lines.iter().enumerate().skip(from) {
        match word.as_str() {
            "if" | "foreach" => depth += 1,
            "endif" | "endforeach" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 && at > from {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_difference_needs_is_left() {
        let case = Case {
            data: r#"{"x":"needed here","y":[1,2,3]}"#.into(),
            conf: Some("debug=1".into()),
            ..Case::from_text(
                "",
                "Given nothing\nIf I verify 'a' is found\nWhen bad 'thing'\nEndIf\nThen print data\n",
            )
        };
        let small = shrink(&case, &mut |case| case.script.contains("When bad") && case.data.contains("eed"));
        assert_eq!(small.script, "When bad 't'\n");
        assert!(small.data.len() < 14, "{}", small.data);
        assert_eq!(small.conf, None);
    }

    #[test]
    fn a_case_that_stops_differing_is_left_alone() {
        let case = Case::from_text("", "Given nothing\nThen print data\n");
        assert_eq!(shrink(&case, &mut |_| false), case);
    }
}
