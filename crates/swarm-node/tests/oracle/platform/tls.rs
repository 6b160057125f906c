//! TLS: versions, protocols, and certificates that change while requests come in.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use reqwest::tls::{TlsInfo, Version as TlsVersion};
use reqwest::{Certificate, Client, ClientBuilder, Version};
use serde_json::json;
use swarm_node::client::{self, Tls};
use swarm_node::oracle::Oracle;
use swarm_node::server::{Manner, Patience, Socket};
use swarm_node::tls::{Tls as Shown, TlsFiles};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{FAST, until};

/// A new certificate for localhost in the folder; gives what clients trust.
pub(super) fn certify(folder: &Path) -> Certificate {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    write(&folder.join("tls.key"), &key.serialize_pem());
    write(&folder.join("tls.crt"), &certificate.pem());
    Certificate::from_pem(certificate.pem().as_bytes()).unwrap()
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

pub(super) fn files(folder: &Path) -> TlsFiles {
    TlsFiles { certificate: folder.join("tls.crt"), key: folder.join("tls.key") }
}

async fn serve() -> (TempDir, Oracle, Certificate) {
    let folder = super::folder(&[("fast.zen", FAST)]);
    let trusted = certify(folder.path());
    let TlsFiles { certificate, key } = files(folder.path());
    let settings = format!("tls_certificate = {certificate:?}\ntls_key = {key:?}");
    let oracle = crate::start(&folder.path().join("state"), super::layer(&settings, &folder)).await;
    (folder, oracle, trusted)
}

fn trusting(certificates: &[&Certificate], address: SocketAddr) -> ClientBuilder {
    client::builder(Tls::Off)
        .tls_certs_only(certificates.iter().map(|it| (*it).clone()))
        .resolve("localhost", address)
}

fn url(address: SocketAddr, path: &str) -> String {
    format!("https://localhost:{}{path}", address.port())
}

#[tokio::test]
async fn both_versions_of_tls_and_both_of_http_are_spoken() {
    let (_folder, oracle, trusted) = serve().await;
    let address = oracle.local_addr();
    let builder = || trusting(&[&trusted], address);
    for (client, expected) in [
        (builder(), Version::HTTP_2),
        (builder().http1_only(), Version::HTTP_11),
        (builder().tls_version_max(TlsVersion::TLS_1_2), Version::HTTP_2),
        (builder().tls_version_min(TlsVersion::TLS_1_3), Version::HTTP_2),
    ] {
        let response = client.build().unwrap().get(url(address, "/api/fast")).send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.version()), (200, expected));
        assert_eq!(response.text().await.unwrap(), "{\"output\":[\"fast\"]}");
    }
}

#[tokio::test]
async fn the_endpoint_of_an_oracle_with_a_certificate_is_https() {
    let (_folder, oracle, _) = serve().await;
    assert_eq!(oracle.endpoint().scheme(), "https");
}

#[tokio::test]
async fn a_client_that_does_not_trust_the_certificate_gets_nothing() {
    let (_folder, oracle, _) = serve().await;
    let stranger = certify(tempfile::tempdir().unwrap().path());
    let client = trusting(&[&stranger], oracle.local_addr()).build().unwrap();
    assert!(client.get(url(oracle.local_addr(), "/health")).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn plain_http_to_a_tls_port_gets_no_answer() {
    let (_folder, oracle, _) = serve().await;
    let client = client::new(Tls::Off).unwrap();
    assert!(client.get(format!("http://{}/health", oracle.local_addr())).send().await.is_err());
}

#[tokio::test]
async fn health_and_metrics_say_until_when_the_certificate_holds() {
    let (_folder, oracle, trusted) = serve().await;
    let address = oracle.local_addr();
    let client = trusting(&[&trusted], address).build().unwrap();
    let health: serde_json::Value =
        client.get(url(address, "/health")).send().await.unwrap().json().await.unwrap();
    // The year 4096 is what the library gives to certificates that say nothing else.
    assert_eq!(health["tls"]["not_after"], json!("4096-01-01T00:00:00Z"));
    let text = client.get(url(address, "/metrics")).send().await.unwrap().text().await.unwrap();
    super::open_metrics::check(&text);
    let series = "zenswarm_oracle_certificate_not_after_timestamp_seconds";
    // `date -u -d 4096-01-01 +%s`
    assert_eq!(super::metrics::sample(&text, series), Some(67_090_118_400.0));
}

/// The certificate that a new connection is shown.
async fn shown(trusted: &[&Certificate], address: SocketAddr) -> Vec<u8> {
    let client = trusting(trusted, address).tls_info(true).build().unwrap();
    let response = client.get(url(address, "/health/live")).send().await.unwrap();
    response.extensions().get::<TlsInfo>().unwrap().peer_certificate().unwrap().to_vec()
}

async fn warnings(client: &Client, address: SocketAddr) -> usize {
    let health: serde_json::Value =
        client.get(url(address, "/health")).send().await.unwrap().json().await.unwrap();
    health["warnings"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_new_certificate_is_shown_to_new_connections_while_old_ones_go_on() {
    let (folder, oracle, old) = serve().await;
    let address = oracle.local_addr();
    let before = shown(&[&old], address).await;
    // One connection that is never closed, and is asked all the time.
    let kept = trusting(&[&old], address).pool_max_idle_per_host(1).build().unwrap();
    let traffic = async {
        loop {
            let response = kept.get(url(address, "/api/fast")).send().await.unwrap();
            assert_eq!(response.status(), 200);
        }
    };
    let new = certify(folder.path());
    let changed = until("the new certificate is shown", || async {
        Some(shown(&[&old, &new], address).await).filter(|it| *it != before)
    });
    tokio::select! {
        () = traffic => {}
        _ = changed => {}
    }
    assert_eq!(kept.get(url(address, "/api/fast")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_bad_new_certificate_leaves_the_old_one_and_health_warns() {
    let (folder, oracle, trusted) = serve().await;
    let address = oracle.local_addr();
    let client = trusting(&[&trusted], address).build().unwrap();
    assert_eq!(warnings(&client, address).await, 0);
    write(&folder.path().join("tls.crt"), "-----BEGIN CERTIFICATE-----\nnonsense\n");
    until("a warning", || async { (warnings(&client, address).await == 1).then_some(()) }).await;
    shown(&[&trusted], address).await;
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_stops_the_start_with_its_path() {
    let folder = super::folder(&[("fast.zen", FAST)]);
    certify(folder.path());
    write(&folder.path().join("tls.key"), "nonsense");
    let TlsFiles { certificate, key } = files(folder.path());
    let layer = super::layer(&format!("tls_certificate = {certificate:?}\ntls_key = {key:?}"), &folder);
    let layer = swarm_node::config::Layer { state: Some(folder.path().join("state")), ..layer };
    let error = Oracle::start(layer.resolve().unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("tls.key"), "{error}");
    assert!(error.hint().contains("PEM"), "{}", error.hint());
}

#[tokio::test]
async fn a_client_that_shakes_hands_slowly_is_cut_off_and_others_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = certify(folder.path());
    let patience = Patience { handshake: Duration::from_millis(300), ..Patience::default() };
    let tls = Some(Shown::load(files(folder.path())).unwrap());
    let router = axum::Router::new().route("/", axum::routing::get(async || "served"));
    let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let server = socket.serve_in(router, Manner { tls, patience, ..Manner::default() });
    let address = server.local_addr();
    // Nothing; the head of a record; a record that announces more than ever comes.
    let mut slow = Vec::new();
    for sent in [&b""[..], b"\x16\x03", b"\x16\x03\x01\x02\x00\x01\x00"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent).await.unwrap();
        slow.push(stream);
    }
    let client = trusting(&[&trusted], address).build().unwrap();
    assert_eq!(client.get(url(address, "/")).send().await.unwrap().text().await.unwrap(), "served");
    for mut stream in slow {
        let mut octets = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut octets)).await;
        drop(ended.expect("the server closes the connection"));
    }
}
