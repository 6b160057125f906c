//! What an oracle counts and measures, in the text format that Prometheus reads.
//!
//! Labels come from bounded sets: routes, kinds, outcomes, and the names of contracts that are served, of which at most
//! [`CONTRACTS_MAX`] have series of their own. Nothing that a caller chooses becomes a label.

mod contract;
mod process;

use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use contract::Contracts;
pub(crate) use contract::{ContractMetrics, Counted, Outcome};

/// Media type of the answer to `/metrics`.
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Contracts with series of their own; what is beyond them is counted together.
pub const CONTRACTS_MAX: usize = 1_000;
/// Upper bounds of the histograms' buckets, in seconds.
const SECONDS: [f64; 13] =
    [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// One request that was answered, or given up by its caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Answered {
    /// The pattern of the address, such as `/api/{*name}`.
    pub(crate) route: String,
    /// The verb, or `other`.
    pub(crate) method: &'static str,
    /// HTTP status code.
    pub(crate) status: u16,
}

/// A bounded set of words.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// What an oracle counts and measures.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    contracts: Contracts,
    connectors: Family<Kind, Histogram, fn() -> Histogram>,
    connectors_refused: Family<Kind, Counter>,
    requests: Family<Answered, Counter>,
    turned_away: Family<Kind, Counter>,
    /// Votes given.
    pub votes: Counter,
    /// Assignments refused.
    pub votes_refused: Counter,
    /// Leases renewed.
    pub renewals: Counter,
    /// Renewals that failed.
    pub renewals_failed: Counter,
    /// Threads that execute contracts, at most.
    pub(crate) workers: Gauge,
    /// Of these, those that are at work.
    pub(crate) workers_busy: Gauge,
    certificate_not_after: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("zenswarm_oracle");
        let metrics = Self {
            contracts: Contracts::register(&mut registry),
            connectors: Family::new_with_constructor(seconds),
            connectors_refused: Family::default(),
            requests: Family::default(),
            turned_away: Family::default(),
            votes: Counter::default(),
            votes_refused: Counter::default(),
            renewals: Counter::default(),
            renewals_failed: Counter::default(),
            workers: Gauge::default(),
            workers_busy: Gauge::default(),
            certificate_not_after: Gauge::default(),
            registry: Registry::default(),
        };
        metrics.register(&mut registry);
        registry.register_collector(Box::new(process::Process::new()));
        Self { registry, ..metrics }
    }
}

impl Metrics {
    fn register(&self, registry: &mut Registry) {
        let build = Info::new(Build { version: env!("CARGO_PKG_VERSION") });
        registry.register("build", "The program", build);
        registry.register("requests", "HTTP requests by route, verb and status", self.requests.clone());
        registry.register("turned_away", "Requests turned away, by reason", self.turned_away.clone());
        registry.register("votes", "Votes given", self.votes.clone());
        registry.register("votes_refused", "Assignments refused", self.votes_refused.clone());
        registry.register("renewals", "Leases renewed", self.renewals.clone());
        registry.register("renewals_failed", "Renewals that failed", self.renewals_failed.clone());
        registry.register("workers", "Contracts executed at once, at most", self.workers.clone());
        registry.register("workers_busy", "Contracts executed now", self.workers_busy.clone());
        registry.register_with_unit(
            "connector_duration",
            "Time that requests of contracts to the world took, by kind",
            Unit::Seconds,
            self.connectors.clone(),
        );
        registry.register(
            "connector_refused",
            "Requests of contracts to the world that were refused, by kind",
            self.connectors_refused.clone(),
        );
    }

    /// The series of one contract.
    pub(crate) fn contract(&self, name: &str) -> ContractMetrics {
        self.contracts.of(name)
    }

    /// Counts an HTTP request.
    pub(crate) fn answered(&self, answered: &Answered) {
        self.requests.get_or_create(answered).inc();
    }

    /// Counts a request that was turned away for this reason.
    pub(crate) fn turn_away(&self, kind: &'static str) {
        self.turned_away.get_or_create(&Kind { kind }).inc();
    }

    /// Notes how long a connector of this kind took.
    pub(crate) fn connector(&self, kind: &'static str, took: Duration, refused: bool) {
        self.connectors.get_or_create(&Kind { kind }).observe(took.as_secs_f64());
        if refused {
            self.connectors_refused.get_or_create(&Kind { kind }).inc();
        }
    }

    /// Everything, as of now; `certificate_not_after` is in seconds since 1970.
    ///
    /// # Source
    /// OpenMetrics 1.0, text format.
    pub(crate) fn render(&self, certificate_not_after: Option<u64>) -> String {
        let mut text = String::new();
        let encoded = text::encode_registry(&mut text, &self.registry).and_then(|()| {
            if let Some(seconds) = certificate_not_after {
                self.certificate_not_after.set(i64::try_from(seconds).unwrap_or(i64::MAX));
                text::encode_registry(&mut text, &self.certificate())?;
            }
            text::encode_eof(&mut text)
        });
        encoded.expect("writing to a string cannot fail");
        text
    }

    /// In a registry of its own: without TLS there is no such series.
    fn certificate(&self) -> Registry {
        let mut registry = Registry::with_prefix("zenswarm_oracle");
        registry.register_with_unit(
            "certificate_not_after_timestamp",
            "When the TLS certificate expires, since 1970",
            Unit::Seconds,
            self.certificate_not_after.clone(),
        );
        registry
    }
}

fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

#[cfg(test)]
mod tests;
