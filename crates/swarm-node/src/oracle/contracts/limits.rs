//! What one contract may take: the member `limits` of its metadata. What is absent is the oracle's own limit.
//!
//! Of a step of a chain, `timeout` and what the language may use are heeded; the rest is the chain's to say.

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

    /// Wall time of one run, of what there is at most.
    pub fn timeout(&self, at_most: Duration) -> Duration {
        self.timeout.map_or(at_most, |it| it.get().min(at_most))
    }

    /// Octets of the body of a request.
    pub fn body_octets_max(&self, runs: &RunConfig) -> usize {
        self.body.map_or(runs.body_octets_max, |it| it.get().min(runs.body_octets_max))
    }

    /// What the language may use, where that is not as usual.
    pub fn language(&self, usual: zencode::Limits) -> zencode::Limits {
        zencode::Limits {
            statements_max: self.statements.map_or(usual.statements_max, NonZeroU64::get),
            iterations_max: self.iterations.map_or(usual.iterations_max, NonZeroU64::get),
            heap_octets_max: self.memory.map_or(usual.heap_octets_max, Octets::get),
            output_octets_max: self.output.map_or(usual.output_octets_max, Octets::get),
            ..usual
        }
    }
}
