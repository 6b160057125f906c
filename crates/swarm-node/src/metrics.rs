//! Counters of an oracle, in the text format that Prometheus reads.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// One number that only goes up.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Counts one more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The count.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What an oracle counts.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Contracts that ended with an output.
    pub runs_done: Counter,
    /// Contracts that failed.
    pub runs_failed: Counter,
    /// Requests turned away because too many were under way.
    pub runs_refused: Counter,
    /// Votes given.
    pub votes: Counter,
    /// Assignments refused.
    pub votes_refused: Counter,
    /// Leases renewed.
    pub renewals: Counter,
    /// Renewals that failed.
    pub renewals_failed: Counter,
}

impl Metrics {
    /// Every counter with its name and meaning.
    ///
    /// # Source
    /// Prometheus text exposition format 0.0.4.
    pub fn render(&self) -> String {
        let rows = [
            ("runs_done", "Contracts that ended with an output.", &self.runs_done),
            ("runs_failed", "Contracts that failed.", &self.runs_failed),
            ("runs_refused", "Requests turned away because too many were under way.", &self.runs_refused),
            ("votes", "Votes given.", &self.votes),
            ("votes_refused", "Assignments refused.", &self.votes_refused),
            ("renewals", "Leases renewed.", &self.renewals),
            ("renewals_failed", "Renewals that failed.", &self.renewals_failed),
        ];
        let mut text = String::new();
        for (name, meaning, counter) in rows {
            let name = format!("zenswarm_oracle_{name}_total");
            // Writing to a string cannot fail.
            let _ =
                writeln!(text, "# HELP {name} {meaning}\n# TYPE {name} counter\n{name} {}", counter.get());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_rendered_with_its_type() {
        let metrics = Metrics::default();
        metrics.votes.add();
        metrics.votes.add();
        let text = metrics.render();
        assert!(text.contains("# TYPE zenswarm_oracle_votes_total counter\nzenswarm_oracle_votes_total 2\n"));
    }
}
