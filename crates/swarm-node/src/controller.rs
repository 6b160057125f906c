//! The controller: the issuer's key, the registry, the relay of queries.
//!
//! Entry points: [`folder::found`] makes a swarm, [`Controller::open`] takes it up, [`Controller::serve`] answers.

pub mod clock;
pub mod dial;
pub mod folder;
pub mod keyfile;
pub mod registrar;
pub mod relay;
pub mod remote;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use swarm_protocol::did::Did;
use swarm_protocol::enrolment::Desk;
use swarm_protocol::envelope::{Expected, Message, Order, Signed, Stamp};
use swarm_protocol::genesis::SignedGenesis;
use swarm_protocol::key::SigningKey;
use swarm_protocol::limits::VALIDITY_MS_MAX;
use zeroize::Zeroizing;

use crate::http;
use crate::oracle::contracts::{Contracts, ContractsError};
use crate::server::{Manner, Server, ServerError, Socket};
use crate::store::Store;
use crate::tls::Tls;
use folder::FolderError;
use registrar::{Registrar, ReplayError};
use relay::Relay;

/// How long what the controller signs for one machine holds, in milliseconds.
const ANSWER_VALIDITY_MS: u64 = VALIDITY_MS_MAX;

/// What every route of a controller works on.
#[derive(Debug)]
pub struct Controller {
    genesis: SignedGenesis,
    key: SigningKey,
    registrar: Registrar,
    store: Arc<dyn Store>,
    desk: Mutex<Desk>,
    relay: Relay,
}

/// A controller that answers. Dropping it stops it without grace.
#[derive(Debug)]
pub struct Running {
    controller: Arc<Controller>,
    server: Server,
    tls: Option<Tls>,
}

/// Why a controller does not come up.
#[derive(Debug, thiserror::Error)]
pub enum ControllerError {
    /// The state folder is not in order.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The log is not in order.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The contracts are not in order.
    #[error(transparent)]
    Contracts(#[from] ContractsError),
    /// There is no HTTP client to ask oracles with.
    #[error("no HTTP client can be made: {0}")]
    Client(#[from] reqwest::Error),
    /// The socket is not to be had.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl ControllerError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Folder(error) => error.hint(),
            Self::Replay(error) => error.hint(),
            Self::Contracts(_) => "correct the file, or choose another --contracts",
            Self::Client(_) => "check the system's certificates",
            Self::Server(_) => "choose another --listen, or stop what listens there",
        }
    }
}

impl Controller {
    /// Takes up the swarm of a state folder; queries may name the contracts of a folder, or those in the binary.
    ///
    /// # Errors
    /// When key, log, genesis record or contracts are not in order.
    pub fn open(state: &Path, contracts: Option<&Path>) -> Result<Arc<Self>, ControllerError> {
        let folder::Opened { genesis, key, store } = folder::open(state)?;
        Self::new(genesis, key, Arc::new(store), contracts)
    }

    /// Takes up a swarm whose log is in any store.
    ///
    /// # Errors
    /// When log or contracts are not in order.
    pub fn new(
        genesis: SignedGenesis,
        key: SigningKey,
        store: Arc<dyn Store>,
        contracts: Option<&Path>,
    ) -> Result<Arc<Self>, ControllerError> {
        // The controller only compares texts: it runs no contract, and has no keyring to grant.
        let contracts = Contracts::load(contracts, &Zeroizing::default())?;
        let registrar = Registrar::start(store.clone(), key.clone())?;
        let desk = Mutex::new(Desk::new(genesis.clone(), key.clone()));
        Ok(Arc::new(Self { genesis, key, registrar, store, desk, relay: Relay::new(contracts)? }))
    }

    /// Starts to answer.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn serve(self: Arc<Self>, listen: SocketAddr) -> Result<Running, ServerError> {
        self.serve_in(listen, None).await
    }

    /// Starts to answer, with TLS when there is a certificate.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn serve_in(
        self: Arc<Self>,
        listen: SocketAddr,
        tls: Option<Tls>,
    ) -> Result<Running, ServerError> {
        let socket = Socket::bind(listen).await?;
        let manner = Manner { tls: tls.clone(), ..Manner::default() };
        let server = socket.serve_in(self.clone().router(tls.clone()), manner);
        Ok(Running { controller: self, server, tls })
    }

    /// Every route.
    fn router(self: Arc<Self>, tls: Option<Tls>) -> Router {
        Router::new()
            .merge(http::genesis::routes(tls))
            .merge(http::enrolments::routes())
            .merge(http::registry::routes())
            .merge(http::identifiers::routes())
            .merge(http::queries::routes())
            .merge(http::transparency::routes())
            .fallback(http::error::unknown_path)
            .method_not_allowed_fallback(http::error::wrong_method)
            .layer(axum::middleware::from_fn_with_state(None, http::request_log::log))
            .with_state(self)
    }

    /// The genesis record.
    pub fn genesis(&self) -> &SignedGenesis {
        &self.genesis
    }

    /// The registry and its writer.
    pub fn registrar(&self) -> &Registrar {
        &self.registrar
    }

    /// How queries are relayed, and how oracles have fared in them.
    pub fn relay(&self) -> &Relay {
        &self.relay
    }

    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The enrolments in progress; not to be held across an await.
    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a message to this controller must be.
    pub(crate) fn expected(&self) -> Expected {
        Expected::new(self.genesis.swarm(), self.genesis.controller(), clock::now())
    }

    /// Signs an answer to one machine.
    ///
    /// # Errors
    /// When the system gives no random octets.
    pub(crate) fn sign<B: Message>(&self, audience: Did, body: B) -> Result<Signed<B>, getrandom::Error> {
        let stamp = Stamp {
            swarm: self.genesis.swarm(),
            audience: audience.into(),
            order: Order::Nonce(clock::nonce()?),
            issued_at: clock::now(),
            validity_ms: ANSWER_VALIDITY_MS,
        };
        Ok(Signed::by_did(&self.key, stamp, body))
    }
}

impl Running {
    /// The controller.
    pub fn controller(&self) -> &Arc<Controller> {
        &self.controller
    }

    /// The address with its real port.
    pub fn local_addr(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// The address as clients write it.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.local_addr())
    }

    /// Takes no new connection, and lets requests under way finish.
    pub fn shutdown(&self) {
        self.server.shutdown();
    }

    /// Waits until the last connection is closed, and lets go of the log.
    ///
    /// # Errors
    /// When the server ended by a fault of its own.
    pub async fn join(self) -> Result<(), ServerError> {
        let joined = self.server.join().await;
        self.controller.relay.stop().await;
        joined
    }
}
