//! One connection: TLS when the socket has a certificate, then HTTP/2 when the client chose it, HTTP/1.1 otherwise.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tower_service::Service as _;

use super::activity::{Activity, Noted};
use super::{HEADER_OCTETS_MAX, Patience, RESET_STREAMS_MAX, STREAMS_MAX};

/// Time that a client has to close a connection that it was told to.
const LINGER: Duration = Duration::from_secs(5);
/// Octets of one HTTP/2 request's body that are taken before its handler reads.
const STREAM_WINDOW_OCTETS: u32 = 256 * 1024;
/// The same over all requests of a connection.
const CONNECTION_WINDOW_OCTETS: u32 = 1024 * 1024;
/// Octets of one HTTP/2 answer that wait for its reader.
const SEND_OCTETS_MAX: usize = 256 * 1024;

/// What every connection of a socket shares.
#[derive(Clone)]
pub(super) struct Service {
    pub(super) router: Router,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) patience: Patience,
    pub(super) stopped: watch::Receiver<bool>,
}

/// Serves a connection to its end.
pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, service: Service) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "the socket keeps its delay");
    }
    let activity = Activity::new();
    let stream = Noted::new(stream, activity.clone());
    let Some(tls) = &service.tls else {
        return plain(stream, peer, &service, &activity).await;
    };
    match tokio::time::timeout(service.patience.handshake, tls.accept(stream)).await {
        Err(_) => tracing::debug!(%peer, "no TLS within its time"),
        Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS"),
        Ok(Ok(stream)) => match stream.get_ref().1.alpn_protocol() {
            Some(b"h2") => multiplexed(stream, peer, &service, &activity).await,
            _ => plain(stream, peer, &service, &activity).await,
        },
    }
}

/// HTTP/1.1.
async fn plain<S>(stream: S, peer: SocketAddr, service: &Service, activity: &Activity)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let answer = service_fn(|request| answer(request, peer, service.router.clone(), activity.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(service.patience.header)
        .max_buf_size(HEADER_OCTETS_MAX)
        .serve_connection(TokioIo::new(stream), answer);
    let ended = drive(pin!(connection), http1::Connection::graceful_shutdown, service, activity).await;
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended early");
    }
}

/// HTTP/2.
async fn multiplexed<S>(stream: S, peer: SocketAddr, service: &Service, activity: &Activity)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let (router, requests) = (service.router.clone(), activity.clone());
    let answer = service_fn(move |request| answer(request, peer, router.clone(), requests.clone()));
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_pending_accept_reset_streams(RESET_STREAMS_MAX)
        .max_local_error_reset_streams(RESET_STREAMS_MAX)
        .max_header_list_size(u32::try_from(HEADER_OCTETS_MAX).unwrap_or(u32::MAX))
        .initial_stream_window_size(STREAM_WINDOW_OCTETS)
        .initial_connection_window_size(CONNECTION_WINDOW_OCTETS)
        .max_send_buf_size(SEND_OCTETS_MAX)
        .serve_connection(TokioIo::new(stream), answer);
    let ended = drive(pin!(connection), http2::Connection::graceful_shutdown, service, activity).await;
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended early");
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    mut router: Router,
    activity: Activity,
) -> Result<Response, Infallible> {
    let _under_way = activity.begin();
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.call(request).await
}

/// Polls a connection until it ends, is to end because the server stops, or is no longer used.
async fn drive<C: Future<Output = hyper::Result<()>>>(
    mut connection: Pin<&mut C>,
    close: fn(Pin<&mut C>),
    service: &Service,
    activity: &Activity,
) -> hyper::Result<()> {
    let mut stopped = service.stopped.clone();
    let patience = service.patience.header;
    let mut told = false;
    let mut look_at = Instant::now() + patience;
    loop {
        tokio::select! {
            ended = connection.as_mut() => return ended,
            _ = stopped.wait_for(|stop| *stop), if !told => {
                told = true;
                close(connection.as_mut());
            }
            () = tokio::time::sleep_until(look_at) => match activity.unused_at(patience) {
                None => look_at = Instant::now() + patience,
                // It was told before, and is still there.
                Some(_) if told => return Ok(()),
                Some(unused_at) if unused_at > Instant::now() => look_at = unused_at,
                Some(_) => {
                    told = true;
                    look_at = Instant::now() + LINGER;
                    close(connection.as_mut());
                }
            }
        }
    }
}
