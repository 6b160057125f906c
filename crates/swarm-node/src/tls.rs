//! TLS of a listening socket: certificate and key from PEM files, read again when they change.
//!
//! A pair of files that cannot be used, or that has expired, never takes the place of one that can: the old one stays,
//! and the log and `/health` say so. Connections under way keep the certificate that they began with.

mod expiry;

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use swarm_protocol::time::Timestamp;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use crate::controller::clock;
use crate::file_stamp::FileStamp;

/// Octets of a certificate's or key's file, at most.
pub const PEM_OCTETS_MAX: usize = 256 * 1024;
/// Certificates in one chain, at most.
pub const CHAIN_MAX: usize = 16;
/// How often the files are looked at.
pub const RELOAD_INTERVAL: Duration = Duration::from_secs(1);

/// Where certificate and key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM: the certificate first, then those that lead to the root.
    pub certificate: PathBuf,
    /// PEM: PKCS #8, PKCS #1 or SEC 1; not readable for everybody.
    pub key: PathBuf,
}

/// Why certificate and key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A file is too large to be what it should be.
    #[error("{} is larger than {PEM_OCTETS_MAX} octets", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Everybody may read the key.
    #[error("{} may be read by everybody (mode {mode:03o})", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file holds no certificate, or none that can be read.
    #[error("{} is no chain of certificates in PEM: {cause}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
    /// The file holds no key, or none that can be used.
    #[error("{} is no private key in PEM: {cause}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What was found; never a part of the key.
        cause: String,
    },
    /// The key is another certificate's.
    #[error("the key in {} is not that of the certificate in {}", key.display(), certificate.display())]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// A new certificate has expired already.
    #[error("the certificate in {} expired at {}", path.display(), not_after.xml_date_time())]
    Expired {
        /// The file.
        path: PathBuf,
        /// Until when it held.
        not_after: Timestamp,
    },
}

impl TlsError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Read { .. } => "check the paths `tls_certificate` and `tls_key`, and who may read them",
            Self::TooLarge { .. } => "give the certificate's chain, not a bundle of all roots",
            Self::Exposed { .. } => "chmod 640 the key, and replace it if someone else may have read it",
            Self::Certificate { .. } => "give PEM: the certificate first, then those that signed it",
            Self::Key { .. } => "give an unencrypted RSA, ECDSA or Ed25519 key in PEM",
            Self::Mismatch { .. } => "give the two files that were made together",
            Self::Expired { .. } => "renew the certificate",
        }
    }
}

/// What a socket shows to its clients; clones share it.
#[derive(Debug, Clone)]
pub struct Tls {
    files: TlsFiles,
    shown: Arc<Shown>,
    config: Arc<ServerConfig>,
}

/// What came of looking at the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// They are as they were.
    Unchanged,
    /// New ones are shown from now on.
    Changed,
    /// New ones are there, and are no good.
    Refused,
}

#[derive(Debug)]
struct Shown(RwLock<Loaded>);

#[derive(Debug)]
struct Loaded {
    key: Arc<CertifiedKey>,
    not_after: Timestamp,
    stamps: Stamps,
    trouble: Option<String>,
}

type Stamps = [FileStamp; 2];

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).key.clone())
    }
}

impl Tls {
    /// Reads the files. An expired certificate is shown all the same: clients that trust it hear of it, and the
    /// alternative is to be gone.
    ///
    /// # Errors
    /// [`TlsError`], except `Expired`.
    pub fn load(files: TlsFiles) -> Result<Self, TlsError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let loaded = load(&files, &provider)?;
        if loaded.not_after < clock::now() {
            tracing::error!(path = %files.certificate.display(), "the certificate has expired");
        }
        let shown = Arc::new(Shown(RwLock::new(loaded)));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .expect("ring has cipher suites of both versions")
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { files, shown, config: Arc::new(config) })
    }

    /// Until when the certificate holds.
    pub fn not_after(&self) -> Timestamp {
        self.shown.0.read().unwrap_or_else(PoisonError::into_inner).not_after
    }

    /// Why the files that are there now are not shown; none when they are.
    pub fn trouble(&self) -> Option<String> {
        self.shown.0.read().unwrap_or_else(PoisonError::into_inner).trouble.clone()
    }

    /// Looks at the files, and shows what is new and good.
    pub fn reload(&self) -> Reload {
        let stamps = stamps(&self.files);
        if self.shown.0.read().unwrap_or_else(PoisonError::into_inner).stamps == stamps {
            return Reload::Unchanged;
        }
        let provider = self.config.crypto_provider();
        let loaded = load(&self.files, provider).and_then(|loaded| in_time(loaded, &self.files.certificate));
        let mut shown = self.shown.0.write().unwrap_or_else(PoisonError::into_inner);
        match loaded {
            Ok(loaded) => {
                tracing::info!(until = %loaded.not_after.xml_date_time(), "shows a new certificate");
                *shown = loaded;
                Reload::Changed
            }
            Err(error) => {
                tracing::warn!(%error, hint = error.hint(), "keeps the old certificate");
                shown.stamps = stamps;
                shown.trouble = Some(error.to_string());
                Reload::Refused
            }
        }
    }

    /// Looks at the files again and again, until it is dropped.
    pub(crate) async fn watch(self) {
        let mut ticks = tokio::time::interval(RELOAD_INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let tls = self.clone();
            if tokio::task::spawn_blocking(move || tls.reload()).await.is_err() {
                tracing::error!("the certificate's files could not be looked at");
            }
        }
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.config.clone().into()
    }
}

/// Taken before the files are read: what is written meanwhile is noticed the next time.
fn stamps(files: &TlsFiles) -> Stamps {
    [FileStamp::of(&files.certificate), FileStamp::of(&files.key)]
}

fn load(files: &TlsFiles, provider: &CryptoProvider) -> Result<Loaded, TlsError> {
    let stamps = stamps(files);
    let chain = chain(&files.certificate)?;
    let not_after = expiry::not_after(&chain[0]).map_err(|error| TlsError::Certificate {
        path: files.certificate.clone(),
        cause: error.to_string(),
    })?;
    let key = CertifiedKey::from_der(chain, key(&files.key)?, provider);
    let key = key.map_err(|error| unusable(&error, files))?;
    Ok(Loaded { key: Arc::new(key), not_after, stamps, trouble: None })
}

fn unusable(error: &rustls::Error, files: &TlsFiles) -> TlsError {
    match error {
        rustls::Error::InconsistentKeys(_) => {
            TlsError::Mismatch { certificate: files.certificate.clone(), key: files.key.clone() }
        }
        rustls::Error::InvalidCertificate(_) => {
            TlsError::Certificate { path: files.certificate.clone(), cause: error.to_string() }
        }
        _ => TlsError::Key { path: files.key.clone(), cause: "it cannot be signed with".to_owned() },
    }
}

fn in_time(loaded: Loaded, path: &Path) -> Result<Loaded, TlsError> {
    match loaded.not_after < clock::now() {
        true => Err(TlsError::Expired { path: path.to_owned(), not_after: loaded.not_after }),
        false => Ok(loaded),
    }
}

/// At least one certificate.
fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let fault = |cause: String| TlsError::Certificate { path: path.to_owned(), cause };
    let pem = read(path)?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .take(CHAIN_MAX + 1)
        .collect::<Result<_, _>>()
        .map_err(|error| fault(error.to_string()))?;
    match chain.len() {
        0 => Err(fault("it holds no certificate".to_owned())),
        1..=CHAIN_MAX => Ok(chain),
        _ => Err(fault(format!("it holds more than {CHAIN_MAX} certificates"))),
    }
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let metadata = std::fs::metadata(path);
    let metadata = metadata.map_err(|cause| TlsError::Read { path: path.to_owned(), cause })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o007 != 0 {
        return Err(TlsError::Exposed { path: path.to_owned(), mode });
    }
    // The reader's own words could quote a line of the file.
    PrivateKeyDer::from_pem_slice(&read(path)?).map_err(|_| TlsError::Key {
        path: path.to_owned(),
        cause: "it holds no key that can be read".to_owned(),
    })
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, TlsError> {
    // The whole capacity at once: a growing buffer would leave copies of a key behind.
    let mut octets = Zeroizing::new(Vec::with_capacity(PEM_OCTETS_MAX + 1));
    std::fs::File::open(path)
        .and_then(|file| file.take(PEM_OCTETS_MAX as u64 + 1).read_to_end(&mut octets))
        .map_err(|cause| TlsError::Read { path: path.to_owned(), cause })?;
    match octets.len() > PEM_OCTETS_MAX {
        true => Err(TlsError::TooLarge { path: path.to_owned() }),
        false => Ok(octets),
    }
}

#[cfg(test)]
mod tests;
