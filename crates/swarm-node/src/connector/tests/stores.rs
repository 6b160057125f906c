//! Stores that speak TLS: the real servers, with certificates that are right and wrong.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use test_servers::{Identity, Program, shared};
use zencode::{RedisCommand, RedisRequest, SqlAction, SqlParameters, SqlRequest};

use super::*;
use crate::connector::dial::Dialer;
use crate::connector::fault::Fault;
use crate::connector::{redis, sql};

const NAME: &str = "store.example";

/// A certificate for a name, and the dialer that trusts who made it.
fn identity(name: &str) -> (Identity, Arc<Dialer>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let trusted =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let identity = Identity {
        certificate: pem("CERTIFICATE", certificate.der()),
        key: pem("PRIVATE KEY", &key.serialize_der()),
    };
    (identity, Arc::new(dialer().trusting(trusted)))
}

/// Octets between lines that say what they are: RFC 7468.
fn pem(label: &str, octets: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(octets);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn dialer() -> Dialer {
    let egress = EgressConfig {
        policy: Policy::new(vec![NAME.parse().unwrap()]),
        timeout: Duration::from_secs(30),
        reply_octets_max: 1000,
    };
    let names = [(NAME.to_owned(), vec!["127.0.0.1".parse().unwrap()])];
    Dialer::new(egress, Names::Table(names.into_iter().collect()))
}

async fn increment(dialer: &Arc<Dialer>, url: String) -> Result<String, Fault> {
    let command = RedisCommand::Increment { key: "a".to_owned() };
    redis::Redis::new(dialer.clone()).answer(RedisRequest { url, command }, &Scope::default()).await
}

async fn select(dialer: &Arc<Dialer>, url: String) -> Result<String, Fault> {
    let parameters = SqlParameters::Positional(Vec::new());
    let statement = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()".to_owned();
    let action = SqlAction::Execute { statement, parameters };
    sql::Sql::new(dialer.clone(), None).answer(SqlRequest { url, action }, &Scope::default()).await
}

#[tokio::test]
async fn redis_is_reached_over_tls() {
    if shared(Program::Redis).is_none() {
        return;
    }
    let (identity, trusting) = identity(NAME);
    let server = test_servers::Redis::start_secure(&identity).unwrap();
    assert_eq!(increment(&trusting, server.secure_url(NAME)).await.unwrap(), "0");
}

#[tokio::test]
async fn redis_with_a_certificate_that_is_wrong_is_not_spoken_to() {
    if shared(Program::Redis).is_none() {
        return;
    }
    let ((right, _), (wrong, of_wrong)) = (identity(NAME), identity("other.example"));
    for identity in [right, wrong] {
        let server = test_servers::Redis::start_secure(&identity).unwrap();
        let error = increment(&of_wrong, server.secure_url(NAME)).await.unwrap_err();
        assert!(matches!(error, Fault::Unreachable { .. }), "{error}");
    }
}

#[tokio::test]
async fn postgres_is_reached_over_tls() {
    if shared(Program::Postgres).is_none() {
        return;
    }
    let (identity, trusting) = identity(NAME);
    let server = test_servers::Postgres::start_secure(&identity).unwrap();
    let rows = select(&trusting, server.secure_url(NAME)).await.unwrap();
    assert_eq!(rows, "[{\"ssl\":true}]");
    let (_, stranger) = self::identity(NAME);
    let error = select(&stranger, server.secure_url(NAME)).await.unwrap_err().to_string();
    assert!(error.contains("certificate"), "{error}");
}
