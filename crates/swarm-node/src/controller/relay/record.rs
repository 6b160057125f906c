//! How each oracle has fared in queries: for people who look at the swarm, and for no decision.

use std::collections::BTreeMap;

use serde::Serialize;
use swarm_protocol::consensus::{Collector, Failure, Reason};
use swarm_protocol::did::Did;
use swarm_protocol::limits::ORACLES_MAX;

/// What one oracle did, counted over queries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Votes for what most members said.
    pub agreed: u64,
    /// Votes for something else.
    pub dissented: u64,
    /// Refusals, malformed answers, votes that do not count, and two votes at once.
    pub failed: u64,
    /// No answer before the deadline, or none at all.
    pub silent: u64,
}

/// The records of all oracles.
#[derive(Debug, Default)]
pub(super) struct Records(BTreeMap<Did, Record>);

impl Records {
    pub(super) fn of(&self, did: &Did) -> Record {
        self.0.get(did).copied().unwrap_or_default()
    }

    /// Takes note of a query that is over.
    pub(super) fn note(&mut self, collector: &Collector) {
        let report = collector.divergence(Reason::AllAnswered);
        for (number, cluster) in report.clusters.iter().enumerate() {
            for member in &cluster.members {
                self.count(*member, |record| match number {
                    0 => record.agreed += 1,
                    _ => record.dissented += 1,
                });
            }
        }
        for failed in &report.failures {
            self.count(failed.oracle, |record| match failed.failure {
                Failure::Unreachable | Failure::Timeout => record.silent += 1,
                _ => record.failed += 1,
            });
        }
        for laggard in &report.laggards {
            self.count(*laggard, |record| record.silent += 1);
        }
    }

    fn count(&mut self, did: Did, count: impl FnOnce(&mut Record)) {
        if self.0.len() < ORACLES_MAX || self.0.contains_key(&did) {
            count(self.0.entry(did).or_default());
        }
    }
}
