//! What makes an oracle itself: one sealed root, and the service keyring.
//!
//! The root is 32 octets in a file for its owner alone; the DID's key is derived from it under a
//! label, and signs protocol messages and votes, nothing else. The service keyring is Zenroom's:
//! contracts that are granted it sign with it. Both are made once and kept.

use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use serde::Deserialize;
use swarm_protocol::did::Did;
use swarm_protocol::key::SigningKey;
use swarm_protocol::service_key::{ServiceKeyError, ServiceSecrets};
use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};
use zeroize::Zeroizing;

use crate::connector::now_ms;
use crate::controller::keyfile::{self, FileError};

/// The label under which the DID's key is derived from the root.
const DID_LABEL: &str = "zenswarm/v1/oracle/did";
const ROOT_FILE: &str = "root.key";
const KEYRING_FILE: &str = "keyring.json";
/// What makes a service keyring: a key for each contract inside the binary that needs one.
const NEW_KEYRING: &str = "\
Scenario 'es256': key
Scenario 'ethereum': key
Scenario 'qp': key
Scenario 'reflow': key
Scenario 'schnorr': key
Given nothing
When I create the bitcoin key
When I create the dilithium key
When I create the ecdh key
When I create the eddsa key
When I create the es256 key
When I create the ethereum key
When I create the reflow key
When I create the schnorr key
Then print the keyring
";

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file of the state folder.
    #[error(transparent)]
    File(#[from] FileError),
    /// The root's file holds something else.
    #[error("{path} does not hold 32 octets in hexadecimal")]
    Root {
        /// The file.
        path: String,
    },
    /// The keyring's file holds something else.
    #[error("{path} does not hold a keyring: {cause}")]
    Keyring {
        /// The file.
        path: String,
        /// What was found.
        cause: String,
    },
    /// No keyring could be made.
    #[error("no keyring can be made: {cause}")]
    Making {
        /// What the language said.
        cause: String,
    },
    /// The system gave no entropy.
    #[error("the system gives no random octets: {0}")]
    Entropy(#[from] getrandom::Error),
}

impl KeysError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(error) => error.hint(),
            Self::Root { .. } | Self::Keyring { .. } => {
                "restore the file from a backup; without it this oracle is another oracle"
            }
            Self::Making { .. } => "start again; if it stays, this is a fault of the program",
            Self::Entropy(_) => "check that the system's random generator works",
        }
    }
}

/// The keys of an oracle.
pub struct Keys {
    did_key: SigningKey,
    service: ServiceSecrets,
    keyring: Zeroizing<String>,
}

impl Keys {
    /// Reads the keys of a state folder; makes what is not there.
    ///
    /// # Errors
    /// [`KeysError`]: a file that others may read, or that is damaged, is never replaced.
    pub fn open(state: &Path) -> Result<Self, KeysError> {
        keyfile::make_folder(state)?;
        let root = read_or_make(&state.join(ROOT_FILE), new_root)?;
        let root = decode_root(&root).ok_or_else(|| KeysError::Root { path: place(state, ROOT_FILE) })?;
        let keyring = read_or_make(&state.join(KEYRING_FILE), new_keyring)?;
        let service = decode_keyring(&keyring)
            .map_err(|cause| KeysError::Keyring { path: place(state, KEYRING_FILE), cause })?;
        Ok(Self { did_key: SigningKey::derive(&root, DID_LABEL), service, keyring })
    }

    /// The key that signs for the DID.
    pub fn did_key(&self) -> &SigningKey {
        &self.did_key
    }

    /// The oracle's DID.
    pub fn did(&self) -> Did {
        Did::of(self.did_key.public())
    }

    /// The secrets of the service keyring, to prove that they are held.
    pub fn service(&self) -> &ServiceSecrets {
        &self.service
    }

    /// The service keyring as contracts read it: `{"keyring":{…}}`.
    pub(crate) fn keyring(&self) -> &Zeroizing<String> {
        &self.keyring
    }

    /// The public half of the service keyring in Zenroom's encodings: base64 of 65 octets for
    /// `ecdh`, base58 of 32 octets for `eddsa`.
    pub fn public(&self) -> [(&'static str, String); 2] {
        let keys = self.service.public();
        [("ecdh_public_key", BASE64.encode(keys.ecdh.octets())), ("eddsa_public_key", keys.eddsa.to_string())]
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

fn place(state: &Path, file: &str) -> String {
    state.join(file).display().to_string()
}

fn read_or_make(
    path: &Path,
    make: fn() -> Result<Zeroizing<String>, KeysError>,
) -> Result<Zeroizing<String>, KeysError> {
    match keyfile::read_secret(path) {
        Err(FileError::Missing { .. }) => match keyfile::write_secret(path, &make()?) {
            // Another process made it in the meantime: there is one root, and it is that one.
            Ok(()) | Err(FileError::Exists { .. }) => Ok(keyfile::read_secret(path)?),
            Err(error) => Err(error.into()),
        },
        read => Ok(read?),
    }
}

fn entropy() -> Result<Zeroizing<[u8; 32]>, KeysError> {
    let mut octets = Zeroizing::new([0; 32]);
    getrandom::fill(&mut octets[..])?;
    Ok(octets)
}

fn new_root() -> Result<Zeroizing<String>, KeysError> {
    Ok(Zeroizing::new(HEXLOWER.encode(&entropy()?[..])))
}

fn decode_root(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let octets = Zeroizing::new(HEXLOWER.decode(text.as_bytes()).ok()?);
    octets.as_slice().try_into().ok().map(Zeroizing::new)
}

fn new_keyring() -> Result<Zeroizing<String>, KeysError> {
    let fault = |cause: String| KeysError::Making { cause };
    let limits = Limits::default();
    let contract = Contract::compile(NEW_KEYRING, Library::Language, &limits)
        .map_err(|diagnostic| fault(diagnostic.to_string()))?;
    let seed = Seed::Fresh(*entropy()?);
    let settings = Settings { seed, now_ms: now_ms(), limits };
    let step = contract.start(Inputs::default(), settings).and_then(|mut run| run.step());
    match step.map_err(|failure| fault(failure.diagnostic.to_string()))? {
        Step::Done(output) => Ok(Zeroizing::new(output.json)),
        Step::Ask(_) => Err(fault("it asks for something".to_owned())),
    }
}

/// The file's form; other keys beside these two are contracts' business.
#[derive(Deserialize)]
struct KeyringFile<'a> {
    #[serde(borrow)]
    keyring: Keyring<'a>,
}

#[derive(Deserialize)]
struct Keyring<'a> {
    ecdh: &'a str,
    eddsa: &'a str,
}

fn decode_keyring(text: &str) -> Result<ServiceSecrets, String> {
    // The parser's own message could quote a secret.
    let file: KeyringFile<'_> = serde_json::from_str(text)
        .map_err(|error| format!("no keyring with ecdh and eddsa, column {}", error.column()))?;
    let ecdh = BASE64.decode(file.keyring.ecdh.as_bytes()).map(Zeroizing::new);
    let ecdh = ecdh.ok().and_then(|it| octets(&it)).ok_or("ecdh is not base64 of 32 octets")?;
    let eddsa = bs58::decode(file.keyring.eddsa).into_vec().map(Zeroizing::new);
    let eddsa = eddsa.ok().and_then(|it| octets(&it)).ok_or("eddsa is not base58 of 32 octets")?;
    ServiceSecrets::new(*ecdh, *eddsa).map_err(|error: ServiceKeyError| error.to_string())
}

fn octets(octets: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    octets.try_into().ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_restart_keeps_the_did_and_the_keyring() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let first = Keys::open(&state).unwrap();
        let second = Keys::open(&state).unwrap();
        assert_eq!(first.did(), second.did());
        assert_eq!(first.public(), second.public());
        assert_eq!(*first.keyring(), *second.keyring());
    }

    #[test]
    fn two_oracles_have_two_identities() {
        let folder = tempfile::tempdir().unwrap();
        let one = Keys::open(&folder.path().join("1")).unwrap();
        let other = Keys::open(&folder.path().join("2")).unwrap();
        assert_ne!(one.did(), other.did());
        assert_ne!(one.public(), other.public());
    }

    #[test]
    fn the_files_are_for_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        Keys::open(&state).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&state), 0o700);
        for file in [ROOT_FILE, KEYRING_FILE] {
            assert_eq!(mode(&state.join(file)), 0o600);
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        for file in [ROOT_FILE, KEYRING_FILE] {
            let folder = tempfile::tempdir().unwrap();
            Keys::open(folder.path()).unwrap();
            let path = folder.path().join(file);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
            let error = Keys::open(folder.path()).unwrap_err();
            assert!(matches!(error, KeysError::File(FileError::Exposed { mode: 0o640, .. })), "{error}");
        }
    }

    #[test]
    fn a_damaged_file_is_refused_and_kept() {
        for file in [ROOT_FILE, KEYRING_FILE] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(file);
            keyfile::write_secret(&path, "damaged").unwrap();
            assert!(Keys::open(folder.path()).is_err());
            assert_eq!(std::fs::read_to_string(path).unwrap(), "damaged\n");
        }
    }

    #[test]
    fn the_public_keys_are_those_that_the_reference_engine_derives() {
        // Computed with npm zenroom 5.38.1 from this keyring.
        let keyring = "{\"keyring\":{\"ecdh\":\"Aku7vkJ7K01gQehKELav3qaQfTeTMZKgK+5VhaR3Ui0=\",\
            \"eddsa\":\"Cwj9CcqHNoBnXBo8iDfnhFkQeDun4Y4LStd2m3TEAYAg\"}}";
        let folder = tempfile::tempdir().unwrap();
        keyfile::write_secret(&folder.path().join(KEYRING_FILE), keyring).unwrap();
        let [(_, ecdh), (_, eddsa)] = Keys::open(folder.path()).unwrap().public();
        assert_eq!(
            ecdh,
            "BBCQg21VcjsmfTmNsg+I+8m1Cm0neaYONTqRnXUjsJLPa8075IYH+a9w2wRO7rFM1cKmv19Igd7ntDZcUvLq3xI="
        );
        assert_eq!(eddsa, "2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_readers(text in "\\PC{0,100}") {
            drop(decode_root(&text));
            drop(decode_keyring(&text));
            drop(decode_keyring(&format!("{{\"keyring\":{{\"ecdh\":\"{text}\",\"eddsa\":\"{text}\"}}}}")));
        }
    }
}
