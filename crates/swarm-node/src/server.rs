//! One listening socket and the connections on it: bind, serve, shut down, join.
//!
//! Oracle and controller both run on this, with TLS or without. Every wait has an end: a client that shakes hands or
//! sends its headers slowly is cut off, one that does not read its answer too, connections and streams are counted, and
//! a shutdown gives requests a grace period and no more.

mod activity;
mod connection;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::tls::Tls;
use connection::Service;

/// Connections open at once.
pub const CONNECTIONS_MAX: usize = 4096;
/// Time for a client to agree on TLS.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for a client to send the headers of a request, also the longest idle keep-alive, and the longest time for which
/// an answer may wait for its reader.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// Octets of a request's head.
pub const HEADER_OCTETS_MAX: usize = 64 * 1024;
/// Requests under way at once on one HTTP/2 connection.
pub const STREAMS_MAX: u32 = 100;
/// Requests of one HTTP/2 connection that were reset before they were looked at; one more ends the connection.
pub const RESET_STREAMS_MAX: usize = 20;
/// Time that requests under way are given at shutdown, unless it is set otherwise.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// Why a server did not come up, or went down.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {cause}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The accepting task ended by a fault of its own.
    #[error("the server stopped by itself: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

/// How a socket serves.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Certificate and key; plain HTTP without.
    pub tls: Option<Tls>,
    /// Time that requests under way are given at shutdown.
    pub grace: Duration,
    /// How long clients are waited for.
    pub patience: Patience,
}

/// How long clients are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To agree on TLS.
    pub handshake: Duration,
    /// To send the headers of a request, or the next request, or to read an answer.
    pub header: Duration,
}

impl Default for Manner {
    fn default() -> Self {
        Self { tls: None, grace: SHUTDOWN_GRACE, patience: Patience::default() }
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self { handshake: HANDSHAKE_TIMEOUT, header: HEADER_TIMEOUT }
    }
}

/// A bound socket that serves nothing yet, so that the address can go into what it will serve.
#[derive(Debug)]
pub struct Socket {
    listener: TcpListener,
    address: SocketAddr,
}

/// A running server. Dropping it stops it without grace.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Socket {
    /// Binds; port 0 takes a free one.
    ///
    /// # Errors
    /// [`ServerError::Bind`].
    pub async fn bind(address: SocketAddr) -> Result<Self, ServerError> {
        let fault = |cause| ServerError::Bind { address, cause };
        let listener = TcpListener::bind(address).await.map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        Ok(Self { listener, address })
    }

    /// The address with its real port.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Starts to answer in plain HTTP. Handlers may extract `ConnectInfo<SocketAddr>`.
    pub fn serve(self, router: Router) -> Server {
        self.serve_in(router, Manner::default())
    }

    /// Starts to answer, with TLS when there is a certificate.
    pub fn serve_in(self, router: Router, manner: Manner) -> Server {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(serve(self.listener, router, manner, stopped));
        Server { address: self.address, stop, task }
    }
}

impl Server {
    /// The address with its real port.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new connection, and lets requests under way finish within the grace period.
    pub fn shutdown(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until the last connection is closed.
    ///
    /// # Errors
    /// [`ServerError::Stopped`] when the accepting task panicked.
    pub async fn join(mut self) -> Result<(), ServerError> {
        (&mut self.task).await?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, router: Router, manner: Manner, stopped: watch::Receiver<bool>) {
    let Manner { tls, grace, patience } = manner;
    // Ends with this function.
    let mut watching = JoinSet::new();
    let service = Service { router, tls: tls.as_ref().map(Tls::acceptor), patience, stopped };
    if let Some(tls) = tls {
        watching.spawn(tls.watch());
    }
    let mut connections = accept(listener, service).await;
    let over = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(grace, over).await.is_err() {
        tracing::warn!("some requests were cut off at shutdown");
    }
}

/// Takes connections until the server is to stop; gives those that are open then.
async fn accept(listener: TcpListener, service: Service) -> JoinSet<()> {
    let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stopped = service.stopped.clone();
    let mut connections = JoinSet::new();
    loop {
        // A connection waits in the system's queue until there is a seat for it.
        let seat = seats.clone().acquire_owned();
        let accepted = tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => break,
            // Keeps the set small; its result says nothing that the log has not said.
            Some(_) = connections.join_next() => continue,
            accepted = async { (seat.await, listener.accept().await) } => accepted,
        };
        match accepted {
            (Ok(seat), Ok((stream, peer))) => {
                connections.spawn(seated(seat, connection::serve(stream, peer, service.clone())));
            }
            (_, Err(error)) => {
                // Usually too many open files: pause, rather than spin.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            (Err(_closed), _) => break,
        }
    }
    connections
}

async fn seated(seat: OwnedSemaphorePermit, connection: impl Future<Output = ()>) {
    connection.await;
    drop(seat);
}

#[cfg(test)]
mod tests;
