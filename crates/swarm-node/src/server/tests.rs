//! Binding, serving and ending.

use axum::extract::ConnectInfo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

async fn bind() -> Socket {
    Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap()
}

fn router() -> Router {
    Router::new().route(
        "/",
        axum::routing::get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
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

#[tokio::test]
async fn a_client_that_sends_no_headers_is_cut_off() {
    let patience = Patience { header: Duration::from_millis(50), ..Patience::default() };
    let server = bind().await.serve_in(router(), Manner { patience, ..Manner::default() });
    for sent in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: x\r\na: b\r\n"] {
        assert_eq!(cut_off(server.local_addr(), sent.as_bytes()).await, 0, "{sent:?}");
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_cut_off() {
    let large = Router::new().route("/", axum::routing::get(async || "x".repeat(64 << 20)));
    let patience = Patience { header: Duration::from_millis(50), ..Patience::default() };
    let server = bind().await.serve_in(large, Manner { patience, ..Manner::default() });
    let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // Nothing is read until the server has given up: only what was on its way comes then.
    server.shutdown();
    tokio::time::timeout(Duration::from_secs(10), server.join()).await.unwrap().unwrap();
    let mut octets = Vec::new();
    drop(stream.read_to_end(&mut octets).await);
    assert!(octets.len() < 64 << 20, "{}", octets.len());
}

/// Octets that a server answers with before it closes the connection.
async fn cut_off(address: SocketAddr, sent: &[u8]) -> usize {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent).await.unwrap();
    let mut octets = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut octets)).await;
    drop(ended.expect("the server closes the connection"));
    octets.len()
}
