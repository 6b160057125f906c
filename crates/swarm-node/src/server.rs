//! One listening socket and the connections on it: bind, serve, shut down, join.
//!
//! Oracle and controller both run on this. Every wait has an end: a client that sends its headers
//! slowly is cut off, connections are counted, and a shutdown gives requests a grace period and
//! no more.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tower_service::Service as _;

/// Connections open at once.
pub const CONNECTIONS_MAX: usize = 4096;
/// Time for a client to send the headers of a request, also the longest idle keep-alive.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// Octets of a request's head.
pub const HEADER_OCTETS_MAX: usize = 64 * 1024;
/// Time that requests under way are given at shutdown.
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

    /// Starts to answer. Handlers may extract `ConnectInfo<SocketAddr>`.
    pub fn serve(self, router: Router) -> Server {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(self.listener, router, stopped));
        Server { address: self.address, stop, task }
    }
}

impl Server {
    /// The address with its real port.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new connection, and lets requests under way finish within [`SHUTDOWN_GRACE`].
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

async fn accept(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
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
                let connection = graceful.watch(connection(stream, peer, router.clone()));
                connections.spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%peer, %error, "connection ended early");
                    }
                    drop(seat);
                });
            }
            (_, Err(error)) => {
                // Usually too many open files: pause, rather than spin.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            (Err(_closed), _) => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were cut off at shutdown");
    }
}

type Answer = Result<axum::response::Response, Infallible>;

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
) -> http1::Connection<
    TokioIo<TcpStream>,
    impl hyper::service::Service<
        hyper::Request<hyper::body::Incoming>,
        Response = axum::response::Response,
        Error = Infallible,
        Future = impl Future<Output = Answer>,
    >,
> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "the socket keeps its delay");
    }
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut router = router.clone();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        async move { router.call(request).await }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(HEADER_OCTETS_MAX)
        .serve_connection(TokioIo::new(stream), service)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn bind() -> Socket {
        Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap()
    }

    fn router() -> Router {
        Router::new().route(
            "/",
            axum::routing::get(
                |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() },
            ),
        )
    }

    #[tokio::test]
    async fn a_handler_learns_who_calls() {
        let server = bind().await.serve(router());
        let client = crate::client::new(crate::client::Tls::Off).unwrap();
        let url = format!("http://{}/", server.local_addr());
        let text = client.get(url).send().await.unwrap().text().await;
        drop(client);
        assert_eq!(text.unwrap(), "127.0.0.1");
        server.shutdown();
        server.join().await.unwrap();
    }

    #[tokio::test]
    async fn a_shutdown_closes_idle_connections_and_ends() {
        let server = bind().await.serve(router());
        let address = server.local_addr();
        let idle = TcpStream::connect(address).await.unwrap();
        server.shutdown();
        tokio::time::timeout(Duration::from_secs(10), server.join()).await.unwrap().unwrap();
        drop(idle);
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn a_taken_address_is_refused_with_its_name() {
        let first = bind().await;
        let error = Socket::bind(first.local_addr()).await.unwrap_err();
        assert!(error.to_string().contains(&first.local_addr().to_string()), "{error}");
    }
}
