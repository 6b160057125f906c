//! The series of one contract: outcomes, failures, durations, and what is under way.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use zencode::Cause;

use super::{CONTRACTS_MAX, seconds};

/// The name under which contracts beyond the limit are counted; no contract has it.
const OTHERS: &str = "(others)";

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// With an output.
    Done,
    /// The contract failed.
    Failed,
    /// Its time was over.
    Timeout,
    /// Its caller went away.
    Cancelled,
    /// The machine failed.
    Fault,
    /// It did not begin: too many were under way.
    Refused,
}

impl Outcome {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Done, "done"),
        (Self::Failed, "failed"),
        (Self::Timeout, "timeout"),
        (Self::Cancelled, "cancelled"),
        (Self::Fault, "fault"),
        (Self::Refused, "refused"),
    ];
}

const CAUSES: [(Cause, &str); 6] = [
    (Cause::Syntax, "syntax"),
    (Cause::UnknownStatement, "unknown_statement"),
    (Cause::Input, "input"),
    (Cause::Statement, "statement"),
    (Cause::Limit, "limit"),
    (Cause::Host, "host"),
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Contract {
    contract: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    contract: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByKind {
    contract: String,
    kind: &'static str,
}

/// The series of one contract; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct ContractMetrics(Arc<Series>);

#[derive(Debug)]
struct Series {
    outcomes: [Counter; Outcome::ALL.len()],
    failures: [Counter; CAUSES.len()],
    duration: Histogram,
    under_way: Gauge,
    waiting: Gauge,
}

/// Counts one while it lives.
#[derive(Debug)]
pub(crate) struct Counted(Gauge);

/// The series of all contracts that were called.
#[derive(Debug)]
pub(super) struct Contracts {
    known: RwLock<BTreeMap<String, ContractMetrics>>,
    outcomes: Family<ByOutcome, Counter>,
    failures: Family<ByKind, Counter>,
    duration: Family<Contract, Histogram, fn() -> Histogram>,
    under_way: Family<Contract, Gauge>,
    waiting: Family<Contract, Gauge>,
}

impl Contracts {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let contracts = Self {
            known: RwLock::default(),
            outcomes: Family::default(),
            failures: Family::default(),
            duration: Family::new_with_constructor(seconds),
            under_way: Family::default(),
            waiting: Family::default(),
        };
        registry.register("runs", "Runs of contracts, by outcome", contracts.outcomes.clone());
        registry.register("failures", "Runs that failed, by kind of failure", contracts.failures.clone());
        registry.register_with_unit(
            "run_duration",
            "Time from a run's admission to its end",
            Unit::Seconds,
            contracts.duration.clone(),
        );
        registry.register("runs_under_way", "Runs admitted and not ended", contracts.under_way.clone());
        registry.register(
            "runs_waiting",
            "Of these, those that wait for a worker",
            contracts.waiting.clone(),
        );
        contracts
    }

    pub(super) fn of(&self, name: &str) -> ContractMetrics {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return known.clone();
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let name = if known.len() < CONTRACTS_MAX { name } else { OTHERS };
        known.entry(name.to_owned()).or_insert_with(|| self.make(name)).clone()
    }

    fn make(&self, name: &str) -> ContractMetrics {
        let contract = || name.to_owned();
        let own = Contract { contract: contract() };
        let outcome =
            |(_, outcome)| self.outcomes.get_or_create_owned(&ByOutcome { contract: contract(), outcome });
        let failure = |(_, kind)| self.failures.get_or_create_owned(&ByKind { contract: contract(), kind });
        ContractMetrics(Arc::new(Series {
            outcomes: Outcome::ALL.map(outcome),
            failures: CAUSES.map(failure),
            duration: self.duration.get_or_create_owned(&own),
            under_way: self.under_way.get_or_create_owned(&own),
            waiting: self.waiting.get_or_create_owned(&own),
        }))
    }
}

impl ContractMetrics {
    /// Counts a run that ended so.
    pub(crate) fn ended(&self, outcome: Outcome) {
        count(&self.0.outcomes, &Outcome::ALL, outcome);
    }

    /// Counts a failure of this kind.
    pub(crate) fn failed(&self, cause: Cause) {
        count(&self.0.failures, &CAUSES, cause);
    }

    /// Counts a run that failed before it began, because the contract does not compile.
    pub(crate) fn broken(&self, cause: Cause) {
        self.ended(Outcome::Failed);
        self.failed(cause);
    }

    /// Notes how long a run took.
    pub(crate) fn took(&self, time: std::time::Duration) {
        self.0.duration.observe(time.as_secs_f64());
    }

    /// One more run is under way.
    pub(crate) fn under_way(&self) -> Counted {
        Counted::new(&self.0.under_way)
    }

    /// One more run waits.
    pub(crate) fn waiting(&self) -> Counted {
        Counted::new(&self.0.waiting)
    }
}

impl Counted {
    pub(crate) fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn count<T: Copy + PartialEq>(counters: &[Counter], rows: &[(T, &str)], which: T) {
    let row = rows.iter().position(|(it, _)| *it == which);
    if let Some(counter) = row.and_then(|row| counters.get(row)) {
        counter.inc();
    }
}
