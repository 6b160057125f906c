//! HTTP/2 against clients that mean harm: frames written by hand.
//!
//! # Source
//! RFC 9113 (frames), RFC 7541 (header fields).

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use swarm_node::server::{Manner, Patience, STREAMS_MAX, Server, Socket};
use swarm_node::tls::Tls;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::tls::{certify, files};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const REFUSED_STREAM: u32 = 7;
const ENHANCE_YOUR_CALM: u32 = 11;
/// `:method GET`, `:scheme https`, `:path /`, `:authority localhost`.
const GET: &[u8] = b"\x82\x87\x84\x41\x09localhost";

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A server whose answers never come, and the address of its certificate's folder.
async fn serve(patience: Patience) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let tls = Some(Tls::load(files(folder.path())).unwrap());
    let router = axum::Router::new().fallback(std::future::pending::<String>);
    let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    (folder, socket.serve_in(router, Manner { tls, patience, ..Manner::default() }))
}

async fn connect(folder: &tempfile::TempDir, server: &Server) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.path().join("tls.crt")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = TcpStream::connect(server.local_addr()).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    stream.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).await.unwrap();
    stream
}

/// Kind and error code of every frame until the server closes the connection, or until one that is awaited.
async fn answers(stream: &mut TlsStream<TcpStream>, awaited: impl Fn(u8, u32) -> bool) -> Vec<(u8, u32)> {
    let mut frames = Vec::new();
    let reading = async {
        loop {
            let mut head = [0; 9];
            if stream.read_exact(&mut head).await.is_err() {
                return;
            }
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            if stream.read_exact(&mut payload).await.is_err() {
                return;
            }
            let code = match (head[3], payload.as_slice()) {
                (RST_STREAM, code) | (GOAWAY, [_, _, _, _, code @ ..]) => code.first_chunk().copied(),
                _ => None,
            };
            let code = u32::from_be_bytes(code.unwrap_or_default());
            frames.push((head[3], code));
            if awaited(head[3], code) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("the server ends it");
    frames
}

#[tokio::test]
async fn a_flood_of_resets_ends_the_connection() {
    let (folder, server) = serve(Patience::default()).await;
    let mut stream = connect(&folder, &server).await;
    let mut flood = Vec::new();
    for stream in (1..4000).step_by(2) {
        flood.extend(frame(HEADERS, END_HEADERS | END_STREAM, stream, GET));
        flood.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
    }
    // The server need not read it to its end.
    drop(stream.write_all(&flood).await);
    let frames = answers(&mut stream, |kind, _| kind == GOAWAY).await;
    assert_eq!(frames.last(), Some(&(GOAWAY, ENHANCE_YOUR_CALM)), "{frames:?}");
}

#[tokio::test]
async fn headers_without_end_end_the_connection() {
    let (folder, server) = serve(Patience::default()).await;
    let mut stream = connect(&folder, &server).await;
    let mut flood = frame(HEADERS, END_STREAM, 1, GET);
    for number in 0..2000 {
        // A literal field of 1,000 octets, not indexed.
        let name = format!("{number:04}");
        let field = [&[0, 4][..], name.as_bytes(), &[0x7f, 0xe9, 0x06], &[b'x'; 1000]].concat();
        flood.extend(frame(CONTINUATION, 0, 1, &field));
    }
    drop(stream.write_all(&flood).await);
    let frames = answers(&mut stream, |kind, _| kind == GOAWAY).await;
    assert_eq!(frames.last(), Some(&(GOAWAY, ENHANCE_YOUR_CALM)), "{frames:?}");
}

#[tokio::test]
async fn requests_beyond_the_limit_of_a_connection_are_refused_one_by_one() {
    let (folder, server) = serve(Patience::default()).await;
    let mut stream = connect(&folder, &server).await;
    let mut requests = Vec::new();
    for number in 0..=STREAMS_MAX {
        requests.extend(frame(HEADERS, END_HEADERS | END_STREAM, 2 * number + 1, GET));
    }
    stream.write_all(&requests).await.unwrap();
    let frames = answers(&mut stream, |kind, _| kind == RST_STREAM || kind == GOAWAY).await;
    assert_eq!(frames.last(), Some(&(RST_STREAM, REFUSED_STREAM)), "{frames:?}");
}

#[tokio::test]
async fn a_connection_that_asks_nothing_is_closed() {
    let patience = Patience { header: Duration::from_millis(50), ..Patience::default() };
    let (folder, server) = serve(patience).await;
    let mut stream = connect(&folder, &server).await;
    let frames = answers(&mut stream, |_, _| false).await;
    assert!(frames.contains(&(GOAWAY, 0)), "{frames:?}");
}
