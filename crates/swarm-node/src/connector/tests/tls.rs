//! Certificates that are not to be trusted.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::*;

/// An authority, and a server whose certificate it made.
struct Secure {
    address: SocketAddr,
    authority: reqwest::Certificate,
    _serving: JoinSet<()>,
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

async fn secure(name: &str, last_year: i32) -> Secure {
    let authority = authority();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    let certificate = params.signed_by(&key, &authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            drop(stream.read(&mut [0; 4096]).await);
            drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await);
            drop(stream.shutdown().await);
        }
    });
    let authority = reqwest::Certificate::from_der(authority.der()).unwrap();
    Secure { address, authority, _serving: serving }
}

async fn hear(server: &Secure, trusted: &[&Secure]) -> Answer {
    let http = http(&["127.0.0.1"], &[("bank.example", "127.0.0.1")]);
    let trusted = trusted.iter().map(|server| server.authority.clone()).collect();
    let allowed = Scope { egress: vec!["bank.example".parse().unwrap()], ..Scope::default() };
    let url = format!("https://bank.example:{}/", server.address.port());
    let calls = HttpCalls { calls: vec![request(HttpMethod::Get, &url, None)], pace: Pace::Together };
    http.trusting(trusted).answer(calls, &allowed).await
}

#[tokio::test]
async fn a_certificate_that_is_right_is_trusted() {
    let server = secure("bank.example", 2999).await;
    assert_eq!(hear(&server, &[&server]).await, response(200, "{}"));
}

#[tokio::test]
async fn a_certificate_of_a_stranger_is_a_code() {
    let (server, other) = (secure("bank.example", 2999).await, secure("bank.example", 2999).await);
    assert_eq!(hear(&server, &[&other]).await, unreachable("UNABLE_TO_VERIFY_LEAF_SIGNATURE"));
}

#[tokio::test]
async fn a_certificate_of_another_name_is_a_code() {
    let server = secure("other.example", 2999).await;
    assert_eq!(hear(&server, &[&server]).await, unreachable("ERR_TLS_CERT_ALTNAME_INVALID"));
}

#[tokio::test]
async fn a_certificate_that_is_over_is_a_code() {
    let server = secure("bank.example", 2021).await;
    assert_eq!(hear(&server, &[&server]).await, unreachable("CERT_HAS_EXPIRED"));
}

#[tokio::test]
async fn plain_text_where_tls_is_expected_is_a_code() {
    let server = serve().await;
    let http = http(&["127.0.0.1"], &[]);
    let answer = fetch(&http, &format!("https://{}/", server.local_addr())).await;
    assert_eq!(answer, unreachable("EPROTO"));
}
