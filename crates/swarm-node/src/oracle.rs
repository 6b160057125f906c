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

pub mod contracts;
mod identity;
pub mod keys;
pub mod runner;

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::{Value, json};
use swarm_protocol::did::Did;
use url::Url;

use crate::config::{ConfigError, OracleConfig};
use crate::connector::World;
use crate::http;
use crate::metrics::Metrics;
use crate::server::{Server, ServerError, Socket};
use contracts::{Contracts, ContractsError, Input};
use keys::{Keys, KeysError};
use runner::Runner;

/// Why an oracle does not start, or does not stop as it should.
#[derive(Debug, thiserror::Error)]
pub enum OracleError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The contracts.
    #[error(transparent)]
    Contracts(#[from] ContractsError),
    /// The socket.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// What the routes of an oracle share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: OracleConfig,
    pub(crate) keys: Keys,
    pub(crate) contracts: Contracts,
    pub(crate) runner: Runner,
    pub(crate) metrics: Metrics,
    identity: Value,
}

/// A running oracle.
#[derive(Debug)]
pub struct Oracle {
    shared: Arc<Shared>,
    server: Server,
    endpoint: Url,
}

impl Oracle {
    /// Reads keys and contracts, listens, and serves.
    ///
    /// # Errors
    /// [`OracleError`].
    pub async fn start(config: OracleConfig) -> Result<Self, OracleError> {
        let keys = Keys::open(&config.state)?;
        let contracts = Contracts::load(config.contracts.as_deref(), keys.keyring())?;
        let socket = Socket::bind(config.listen).await?;
        let endpoint = match &config.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => listening_address(socket.local_addr()),
        };
        let world = World::new(config.egress.clone(), config.files.clone());
        let shared = Arc::new(Shared {
            identity: identity::identity(&keys, &contracts, &endpoint, config.swarm.as_ref()),
            runner: Runner::new(&config.runs, Arc::new(world)),
            metrics: Metrics::default(),
            config,
            keys,
            contracts,
        });
        let server = socket.serve(http::oracle::routes(shared.clone()));
        tracing::info!(did = %shared.keys.did(), address = %server.local_addr(), "oracle serves");
        Ok(Self { shared, server, endpoint })
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
        &self.endpoint
    }

    /// Finishes the requests under way, and ends.
    ///
    /// # Errors
    /// [`OracleError`].
    pub async fn stop(self) -> Result<(), OracleError> {
        self.server.shutdown();
        Ok(self.server.join().await?)
    }
}

impl Shared {
    /// What a contract gets when its metadata asks for it.
    pub(crate) fn input(&self, input: Input) -> Value {
        match input {
            Input::Identity => self.identity.clone(),
            // Ledgers are watched in a later release; until then there is nothing to list.
            Input::Subscriptions | Input::EventsSubscriptions => json!({}),
        }
    }

    /// How this oracle stands in its swarm; null without one.
    pub(crate) fn standing(&self) -> Value {
        Value::Null
    }
}

fn listening_address(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}")).expect("a socket's address makes a valid URL")
}
