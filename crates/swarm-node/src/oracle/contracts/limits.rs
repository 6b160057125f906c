//! What one contract may take: the member `limits` of its metadata. What is absent is the oracle's own limit.

use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use serde::Deserialize;

use crate::config::{Octets, Rate, RunConfig, Span};
use crate::oracle::runner::Crowd;

/// Limits of one contract.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Runs that go on at once.
    #[serde(default)]
    concurrency: Option<NonZeroUsize>,
    /// Runs that may wait for one of those to end; callers beyond are told to come back. Absent: as many as go on.
    #[serde(default)]
    queue: Option<usize>,
    /// Wall time of one run; never more than `run_timeout`.
    #[serde(default)]
    timeout: Option<Span>,
    /// Statements executed by one run, loops included.
    #[serde(default)]
    statements: Option<NonZeroU64>,
    /// Turns of one `Foreach`.
    #[serde(default)]
    iterations: Option<NonZeroU64>,
    /// Octets held by the objects of one run.
    #[serde(default)]
    memory: Option<Octets>,
    /// Octets of the printed output.
    #[serde(default)]
    output: Option<Octets>,
    /// Octets of the body of a request; never more than `body_max`.
    #[serde(default)]
    body: Option<Octets>,
    /// Requests by one caller.
    #[serde(default)]
    pub rate: Option<Rate>,
}

impl Limits {
    /// How many runs there may be.
    pub fn crowd(&self) -> Crowd {
        let concurrency = self.concurrency.map(NonZeroUsize::get);
        Crowd { concurrency, queue: self.queue.or(concurrency).unwrap_or(0) }
    }

    /// Wall time of one run.
    pub fn timeout(&self, runs: &RunConfig) -> Duration {
        self.timeout.map_or(runs.timeout, |it| it.get().min(runs.timeout))
    }

    /// Octets of the body of a request.
    pub fn body_octets_max(&self, runs: &RunConfig) -> usize {
        self.body.map_or(runs.body_octets_max, |it| it.get().min(runs.body_octets_max))
    }

    /// What the language may use.
    pub fn language(&self) -> zencode::Limits {
        let usual = zencode::Limits::default();
        zencode::Limits {
            statements_max: self.statements.map_or(usual.statements_max, NonZeroU64::get),
            iterations_max: self.iterations.map_or(usual.iterations_max, NonZeroU64::get),
            heap_octets_max: self.memory.map_or(usual.heap_octets_max, Octets::get),
            output_octets_max: self.output.map_or(usual.output_octets_max, Octets::get),
            ..usual
        }
    }
}
