//! The oracle: contracts served, keys kept, a place in a swarm held.
//!
//! ```no_run
//! # async fn run() -> Result<(), swarm_node::oracle::OracleError> {
//! use swarm_node::config::Layer;
//! use swarm_node::oracle::Oracle;
//!
//! let config = Layer { state: Some("state".into()), ..Layer::default() }.resolve()?;
//! let oracle = Oracle::start(config).await?;
//! println!("{} listens on {}", oracle.did(), oracle.local_addr());
//! oracle.stop().await
//! # }
//! ```

pub mod api_keys;
pub mod contracts;
pub(crate) mod enrolment;
mod error;
mod identity;
pub mod keys;
mod lease;
pub mod membership;
mod phase;
pub mod runner;
pub mod voting;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::{Value, json};
use swarm_protocol::did::Did;
use swarm_protocol::enrolment::Joining;
use swarm_protocol::octets::Digest;
use swarm_protocol::registry::Acknowledgement;
use swarm_protocol::replay::Nonces;
use swarm_protocol::request::NO_SWARM;
use swarm_protocol::time::Timestamp;
use tokio::task::JoinSet;
use url::Url;

use crate::config::OracleConfig;
use crate::connector::World;
use crate::controller::clock;
use crate::http;
use crate::http::limit::Limiter;
use crate::metrics::Metrics;
use crate::server::{Manner, Server, Socket};
use crate::tls::Tls;
use api_keys::ApiKeys;
use contracts::{Contracts, Input};
pub use error::{OracleError, SwarmError};
use keys::{Keys, KeysError};
use membership::{Membership, Record};
pub(crate) use phase::Phase;
use phase::Phases;
use runner::Runner;

/// What the routes of an oracle share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: OracleConfig,
    pub(crate) keys: Keys,
    pub(crate) contracts: Contracts,
    pub(crate) texts: voting::Texts,
    pub(crate) runner: Runner,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) endpoint: Url,
    pub(crate) tls: Option<Tls>,
    pub(crate) api_keys: Arc<ApiKeys>,
    pub(crate) limiter: Limiter,
    /// Nonces of signed requests: of callers that are expected, and of all others, which cannot crowd them out.
    pub(crate) seen_requests: [Mutex<Nonces>; 2],
    /// When the oracle began to remember them.
    pub(crate) since: Timestamp,
    phases: Phases,
    identity: Value,
    member: OnceLock<Arc<Membership>>,
    joining: Mutex<Option<Joining>>,
}

/// A running oracle.
#[derive(Debug)]
pub struct Oracle {
    shared: Arc<Shared>,
    server: Server,
    tasks: JoinSet<()>,
}

impl Oracle {
    /// Reads keys and contracts, listens, and serves; joins the configured swarm when it is not a
    /// member yet, and announces itself.
    ///
    /// # Errors
    /// [`OracleError`]. Nothing is left running then.
    pub async fn start(config: OracleConfig) -> Result<Self, OracleError> {
        let mut oracle = Self::open(config).await?;
        if let Some(record) = oracle.record().await? {
            oracle.enter(&record).await?;
        }
        oracle.shared.phases.set(Phase::Serving);
        Ok(oracle)
    }

    /// Serves contracts, and keeps away from any swarm.
    ///
    /// # Errors
    /// [`OracleError`].
    pub async fn serve(config: OracleConfig) -> Result<Self, OracleError> {
        let oracle = Self::open(config).await?;
        oracle.shared.phases.set(Phase::Serving);
        Ok(oracle)
    }

    /// Answers, and says that it is not ready.
    async fn open(config: OracleConfig) -> Result<Self, OracleError> {
        let parts = Parts::read(&config)?;
        let socket = Socket::bind(config.listen).await?;
        let shared = Arc::new(Shared::new(config, parts, socket.local_addr()));
        let grace = shared.config.serving.grace;
        let manner = Manner { tls: shared.tls.clone(), grace, ..Manner::default() };
        let server = socket.serve_in(http::oracle::routes(shared.clone()), manner);
        let mut tasks = JoinSet::new();
        tasks.spawn(shared.api_keys.clone().watch());
        tracing::info!(did = %shared.keys.did(), address = %server.local_addr(), "oracle serves");
        Ok(Self { shared, server, tasks })
    }

    /// Enrols in the configured swarm, unless it is a member already; announces nothing.
    ///
    /// # Errors
    /// [`OracleError`].
    pub async fn join(&self) -> Result<Option<Record>, OracleError> {
        self.record().await
    }

    /// Says goodbye for an oracle that does not run.
    ///
    /// # Errors
    /// [`OracleError::Swarm`] when it never joined, or the controller does not acknowledge.
    pub async fn leave(config: &OracleConfig) -> Result<Did, OracleError> {
        let keys = Keys::open(&config.state)?;
        let record = Record::read(&config.state).map_err(SwarmError::from)?.ok_or(SwarmError::NoSwarm)?;
        let member = Membership::new(&record)?;
        lease::goodbye(keys.did_key(), &member).await?;
        Ok(keys.did())
    }

    /// Who it is.
    pub fn did(&self) -> Did {
        self.shared.keys.did()
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// The address under which others reach it.
    pub fn endpoint(&self) -> &Url {
        &self.shared.endpoint
    }

    /// What the controller last acknowledged; none without a swarm.
    pub fn standing(&self) -> Option<Acknowledgement> {
        self.shared.member().and_then(|member| member.standing())
    }

    /// Says that it is no longer ready, says goodbye, finishes the requests under way, and ends.
    ///
    /// # Errors
    /// [`OracleError::Swarm`] when the goodbye failed; the oracle has ended all the same.
    pub async fn stop(mut self) -> Result<(), OracleError> {
        self.shared.phases.set(Phase::Draining);
        self.tasks.shutdown().await;
        let goodbye = match self.shared.member() {
            Some(member) => lease::goodbye(self.shared.keys.did_key(), &member).await.map(drop),
            None => Ok(()),
        };
        tokio::time::sleep(self.shared.config.serving.drain).await;
        self.server.shutdown();
        self.server.join().await?;
        Ok(goodbye?)
    }

    /// The swarm that this oracle belongs to; joins it first when need be.
    async fn record(&self) -> Result<Option<Record>, OracleError> {
        let config = &self.shared.config;
        let record = match Record::read(&config.state).map_err(SwarmError::from)? {
            Some(record) => record,
            None => match &config.swarm {
                Some(swarm) => enrolment::enrol(&self.shared, swarm).await?,
                None if config.fault.is_some() => return Err(SwarmError::FaultRefused.into()),
                None => return Ok(None),
            },
        };
        record.check(config.swarm.as_ref(), self.did())?;
        if config.fault.is_some() && !record.genesis.genesis().test {
            return Err(SwarmError::FaultRefused.into());
        }
        Ok(Some(record))
    }

    async fn enter(&mut self, record: &Record) -> Result<(), OracleError> {
        let member = Arc::new(Membership::new(record)?);
        // Votes may be asked for as soon as the announcement is acknowledged.
        let member = self.shared.member.get_or_init(|| member).clone();
        let standing = lease::announce(&self.shared, &member).await?;
        tracing::info!(state = ?standing.state, "announced");
        self.tasks.spawn(lease::keep(self.shared.clone(), member));
        Ok(())
    }
}

/// What is read before anything is served.
struct Parts {
    keys: Keys,
    api_keys: ApiKeys,
    contracts: Contracts,
    tls: Option<Tls>,
}

impl Parts {
    fn read(config: &OracleConfig) -> Result<Self, OracleError> {
        let keys = Keys::open(&config.state)?;
        let api_keys = ApiKeys::open(&config.state).map_err(KeysError::from)?;
        let contracts = Contracts::load(config.contracts.as_deref(), keys.keyring())?;
        let tls = config.serving.tls.clone().map(Tls::load).transpose()?;
        Ok(Self { keys, api_keys, contracts, tls })
    }
}

impl Shared {
    fn new(config: OracleConfig, parts: Parts, address: SocketAddr) -> Self {
        let Parts { keys, api_keys, contracts, tls } = parts;
        let endpoint = match &config.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => listening_address(address, tls.as_ref()),
        };
        let world = World::new(config.egress.clone(), config.files.clone());
        let metrics = Arc::new(Metrics::default());
        Self {
            identity: identity::identity(&keys, &contracts, &endpoint, config.swarm.as_ref()),
            runner: Runner::new(&config.runs, Arc::new(world), metrics.clone()),
            texts: voting::Texts::default(),
            metrics,
            member: OnceLock::new(),
            joining: Mutex::new(None),
            endpoint,
            limiter: Limiter::default(),
            seen_requests: Default::default(),
            since: clock::now(),
            phases: Phases::default(),
            tls,
            api_keys: Arc::new(api_keys),
            config,
            keys,
            contracts,
        }
    }

    /// What a contract gets when its metadata asks for it.
    pub(crate) fn input(&self, input: Input) -> Value {
        match input {
            Input::Identity => self.identity.clone(),
            // Ledgers are watched in a later release; until then there is nothing to list.
            Input::Subscriptions | Input::EventsSubscriptions => json!({}),
        }
    }

    /// Whether it starts, serves or stops.
    pub(crate) fn phase(&self) -> Phase {
        self.phases.get()
    }

    /// The swarm that requests to this oracle name.
    pub(crate) fn swarm(&self) -> Digest {
        self.member.get().map_or(NO_SWARM, |member| member.genesis.swarm())
    }

    /// The place in a swarm.
    pub(crate) fn member(&self) -> Option<Arc<Membership>> {
        self.member.get().cloned()
    }

    /// The enrolment under way.
    pub(crate) fn joining(&self) -> MutexGuard<'_, Option<Joining>> {
        self.joining.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How this oracle stands in its swarm; null without one.
    pub(crate) fn standing(&self) -> Value {
        let Some(member) = self.member() else { return Value::Null };
        json!({ "id": member.genesis.swarm(), "standing": member.standing() })
    }
}

fn listening_address(address: SocketAddr, tls: Option<&Tls>) -> Url {
    let scheme = if tls.is_some() { "https" } else { "http" };
    Url::parse(&format!("{scheme}://{address}")).expect("a socket's address makes a valid URL")
}
