//! The relay of queries: draws the committee, asks it, and answers as soon as enough members agree.
//!
//! Nothing here waits for the disk: the checkpoint is the latest one, signed when the log last changed. After the
//! answer is out, the remaining votes are still collected until the deadline, for the record of each oracle.

mod record;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use swarm_protocol::certificate::{Certificate, Evidence};
use swarm_protocol::consensus::{Collector, Command, Divergence, Event, Failure};
use swarm_protocol::did::Did;
use swarm_protocol::envelope::Signed;
use swarm_protocol::limits::RESULT_OCTETS_MAX;
use swarm_protocol::octets::Digest;
use swarm_protocol::query::{Answer, AssignEntropy, Assignment, ContractChoice, Query, QueryError};
use swarm_protocol::registry::Registry;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use url::Url;

pub use record::Record;

use super::remote::{Remote, RemoteError, Reply};
use super::{Controller, clock};
use crate::client::{self, Tls};
use crate::oracle::contracts::Contracts;
use record::Records;

/// Queries that wait for their answer at once.
const QUERIES_MAX: usize = 256;
/// Queries, answered ones included, whose votes are still collected.
const COLLECTIONS_MAX: usize = 1024;
/// Octets of one oracle's answer, at most.
const ANSWER_OCTETS_MAX: usize = RESULT_OCTETS_MAX + RESULT_OCTETS_MAX / 4;
/// How long an exchange with a member may outlast the deadline.
const EXCHANGE_GRACE: Duration = Duration::from_secs(1);
/// Idle connections are closed before the oracle closes them.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// Attempts to draw a committee from a head that the registry has not overtaken, and the pause between them.
const DRAWS_MAX: u32 = 50;
const DRAW_PAUSE: Duration = Duration::from_millis(5);

/// What came of a query.
#[derive(Debug)]
pub enum Answered {
    /// Enough members agree: the file of the certificate.
    Certified(String),
    /// They do not.
    Diverged(Box<Divergence>),
}

/// Why a query was not put to a committee.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The query cannot be assigned.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The swarm does not serve a contract of this name.
    #[error("there is no contract {name:?}")]
    UnknownContract {
        /// The name asked for.
        name: String,
        /// The nearest name that there is.
        nearest: Option<String>,
    },
    /// Too many queries at once.
    #[error("{QUERIES_MAX} queries are under way")]
    Busy,
    /// The registry changes faster than a committee can be drawn.
    #[error("the registry changes too fast to draw a committee")]
    Unsettled,
    /// No entropy, no client, or a task that ended by a fault of its own.
    #[error("the query could not be relayed: {0}")]
    Fault(String),
}

/// What the relay keeps between queries.
#[derive(Debug)]
pub struct Relay {
    contracts: Contracts,
    plain: reqwest::Client,
    /// Made when the first oracle with HTTPS is asked: reading the system's certificates takes its time.
    secure: OnceLock<reqwest::Client>,
    seats: Arc<Semaphore>,
    collections: Mutex<JoinSet<()>>,
    records: Mutex<Records>,
}

/// A committee drawn, and whom to ask where.
struct Drawn {
    evidence: Evidence,
    members: Vec<(Did, Url)>,
}

impl Relay {
    /// A relay of queries about these contracts, or about any that a query brings.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(contracts: Contracts) -> Result<Self, reqwest::Error> {
        Ok(Self {
            contracts,
            plain: client(Tls::Off)?,
            secure: OnceLock::new(),
            seats: Arc::new(Semaphore::new(QUERIES_MAX)),
            collections: Mutex::default(),
            records: Mutex::default(),
        })
    }

    /// How an oracle has fared in queries since this process started.
    pub fn record(&self, did: &Did) -> Record {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).of(did)
    }

    /// Ends every collection: their tasks hold the controller, and so its log.
    pub(super) async fn stop(&self) {
        let mut collections =
            std::mem::take(&mut *self.collections.lock().unwrap_or_else(PoisonError::into_inner));
        collections.shutdown().await;
    }

    fn digest(&self, contract: &ContractChoice) -> Result<Digest, RelayError> {
        match contract {
            ContractChoice::Text(text) => Ok(Digest::of(text.as_bytes())),
            ContractChoice::Name(name) => match self.contracts.public(name.as_str()) {
                Some(entry) => Ok(entry.digest),
                None => Err(RelayError::UnknownContract {
                    name: name.to_string(),
                    nearest: self.contracts.nearest(name.as_str()).map(str::to_owned),
                }),
            },
        }
    }

    fn remote(&self, base: Url) -> Result<Remote, reqwest::Error> {
        let client = match Tls::for_url(&base) {
            Tls::Off => &self.plain,
            Tls::System => match self.secure.get() {
                Some(client) => client,
                None => {
                    let made = client(Tls::System)?;
                    self.secure.get_or_init(|| made)
                }
            },
        };
        Ok(Remote::over(client.clone(), base))
    }
}

fn client(tls: Tls) -> Result<reqwest::Client, reqwest::Error> {
    client::builder(tls).pool_idle_timeout(IDLE_TIMEOUT).build()
}

impl Controller {
    /// Puts a query to a committee, and returns as soon as it is decided.
    ///
    /// # Errors
    /// [`RelayError`] when it was not put to a committee at all.
    pub async fn ask(self: &Arc<Self>, query: &Query) -> Result<Answered, RelayError> {
        let contract = self.relay().digest(&query.contract)?;
        let seat = self.relay().seats.clone().try_acquire_owned().map_err(|_| RelayError::Busy)?;
        let drawn = self.draw(query, contract).await?;
        let (decided, decision) = oneshot::channel();
        self.collect_in_background(drawn, decided);
        let answered = decision.await.map_err(|_| RelayError::Fault("the collection ended early".into()))?;
        drop(seat);
        Ok(answered)
    }

    /// Draws a committee from the latest checkpoint, and takes the evidence for it.
    async fn draw(&self, query: &Query, contract: Digest) -> Result<Drawn, RelayError> {
        for _ in 0..DRAWS_MAX {
            if let Some(drawn) = self.try_draw(query, contract)? {
                return Ok(drawn);
            }
            // The registry is ahead of the checkpoint by a batch that is on its way to the disk.
            tokio::time::sleep(DRAW_PAUSE).await;
        }
        Err(RelayError::Unsettled)
    }

    fn try_draw(&self, query: &Query, contract: Digest) -> Result<Option<Drawn>, RelayError> {
        let fault = |error: getrandom::Error| RelayError::Fault(error.to_string());
        let head = self.registrar().head();
        let entropy =
            AssignEntropy { nonce: clock::random().map_err(fault)?, draw: clock::random().map_err(fault)? };
        let (snapshot, checkpoint) = (head.snapshot(), head.checkpoint());
        let assignment =
            Assignment::new(query, contract, snapshot, checkpoint, entropy, self.key(), clock::now())?;
        let registry = self.registrar().registry();
        let unchanged = assignment.body().committee.iter().all(|did| {
            let position = snapshot.position(did).and_then(|position| snapshot.members().get(position));
            position.map(|member| member.document)
                == registry.oracle(did).map(|oracle| oracle.document_digest)
        });
        let evidence = match unchanged {
            true => Evidence::new(&registry, snapshot, checkpoint.clone(), assignment),
            false => None,
        };
        Ok(evidence.map(|evidence| Drawn { members: members(evidence.assignment(), &registry), evidence }))
    }

    /// Asks the committee in a task of its own, which outlives the answer.
    fn collect_in_background(self: &Arc<Self>, drawn: Drawn, decided: oneshot::Sender<Answered>) {
        let mut collections = self.relay().collections.lock().unwrap_or_else(PoisonError::into_inner);
        while collections.try_join_next().is_some() {}
        // Beyond the limit, votes that come after the answer are not waited for.
        let goes_on = collections.len() < COLLECTIONS_MAX;
        let controller = self.clone();
        collections.spawn(async move { controller.collect(drawn, decided, goes_on).await });
    }

    async fn collect(self: Arc<Self>, drawn: Drawn, decided: oneshot::Sender<Answered>, goes_on: bool) {
        let Drawn { evidence, members } = drawn;
        let mut collector = Collector::new(evidence.assignment());
        let json = Bytes::from(evidence.assignment().to_json());
        let left = Duration::from_millis(collector.deadline().since(clock::now()));
        let end = tokio::time::Instant::now() + left;
        let mut asked = JoinSet::new();
        for (did, url) in members {
            // The deadline ends the wait; a member's own limit only keeps a connection from living on.
            asked.spawn(exchange(self.clone(), did, url, json.clone(), left + EXCHANGE_GRACE));
        }
        let mut decision = Some((decided, evidence));
        while let Some(event) = next(&mut asked, end).await {
            let command = collector.handle(event, clock::now());
            self.decide(command, &mut decision);
            if decision.is_none() && !goes_on {
                break;
            }
        }
        if decision.is_some() {
            tokio::time::sleep_until(end).await;
            let command = collector.handle(Event::Tick, clock::now().max(collector.deadline()));
            self.decide(command, &mut decision);
        }
        self.relay().records.lock().unwrap_or_else(PoisonError::into_inner).note(&collector);
    }

    /// Hands the decision over, once.
    fn decide(&self, command: Command, decision: &mut Option<(oneshot::Sender<Answered>, Evidence)>) {
        let answered = match command {
            Command::Wait { .. } | Command::Ignore => return,
            Command::Diverge(divergence) => {
                decision.take().map(|(decided, _)| (decided, Ok(Answered::Diverged(Box::new(divergence)))))
            }
            Command::Certify(agreement) => decision.take().map(|(decided, evidence)| {
                let certificate = clock::random()
                    .map(|nonce| Certificate::new(evidence, agreement, nonce, self.key(), clock::now()));
                (decided, certificate.map(|it| Answered::Certified(it.to_file())))
            }),
        };
        match answered {
            // Who no longer waits need not know.
            Some((decided, Ok(answered))) => drop(decided.send(answered)),
            Some((_, Err(error))) => tracing::error!(%error, "the system gives no random octets"),
            None => {}
        }
    }
}

/// What the next member answered; `None` when everybody was heard, or the deadline is over.
async fn next(asked: &mut JoinSet<Event>, end: tokio::time::Instant) -> Option<Event> {
    loop {
        tokio::select! {
            joined = asked.join_next() => match joined? {
                Ok(event) => return Some(event),
                // A member whose task panicked did not answer.
                Err(error) => tracing::error!(%error, "asking a member failed"),
            },
            () = tokio::time::sleep_until(end) => return None,
        }
    }
}

fn members(assignment: &Signed<Assignment>, registry: &Registry) -> Vec<(Did, Url)> {
    let endpoint = |did: &Did| {
        let endpoint = registry.oracle(did)?.profile.endpoints.first()?;
        Some((*did, Url::parse(endpoint.as_str()).ok()?))
    };
    assignment.body().committee.iter().filter_map(endpoint).collect()
}

/// Asks one member.
async fn exchange(controller: Arc<Controller>, from: Did, url: Url, json: Bytes, time: Duration) -> Event {
    let failed = |failure| Event::Failed { from, failure };
    let Ok(remote) = controller.relay().remote(url) else { return failed(Failure::Unreachable) };
    match remote.post_raw("/v1/votes", json, ANSWER_OCTETS_MAX, time).await {
        Ok(Reply { status: 200, octets, .. }) => match Answer::parse(&octets) {
            Ok(answer) => Event::Answered { from, answer },
            Err(_) => failed(Failure::Malformed),
        },
        Ok(Reply { status, .. }) => failed(Failure::Refused { status }),
        Err(RemoteError::Unreadable { .. }) => failed(Failure::Malformed),
        Err(RemoteError::Timeout { .. }) => failed(Failure::Timeout),
        Err(_) => failed(Failure::Unreachable),
    }
}
