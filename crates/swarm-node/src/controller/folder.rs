//! The controller's state folder: the issuer's key, the log, and a copy of the genesis record.
//!
//! The first entry of the log is the genesis record, so there is one commit that makes a swarm:
//! before it there is none, after it the key, the log and the record belong together. A start that
//! was cut off earlier is taken up again; one that was cut off later only lacks the copy.

use std::path::{Path, PathBuf};

use swarm_protocol::genesis::{Genesis, GenesisError, SignedGenesis};
use swarm_protocol::key::{PublicKey, SigningKey};
use swarm_protocol::profile::Name;
use swarm_protocol::registry::{LogEntry, Registry};
use swarm_protocol::time::Timestamp;
use zeroize::Zeroizing;

use super::keyfile::{self, FileError};
use crate::store::disk::DiskStore;
use crate::store::{Batch, Store, StoreError};

/// File of the issuer's secret key, iSK.
const KEY: &str = "issuer.key";
/// File of the database.
const DATABASE: &str = "log.redb";
/// File of the copy of the genesis record, for people to hand around.
const GENESIS: &str = "genesis.json";

/// What the admin decides about a new swarm.
#[derive(Debug, Clone)]
pub struct Founding {
    /// A name for people.
    pub name: Name,
    /// The admin's public key, aPK.
    pub admin: PublicKey,
    /// Whether oracles may enrol without a ticket.
    pub permissionless: bool,
    /// Whether this is a swarm for tests.
    pub test: bool,
}

/// A controller's identity and log, opened.
#[derive(Debug)]
pub struct Opened {
    /// The genesis record.
    pub genesis: SignedGenesis,
    /// The issuer's key.
    pub key: SigningKey,
    /// The log.
    pub store: DiskStore,
}

/// Why a state folder cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A swarm was made here before.
    #[error("{} holds a swarm already, with the fingerprint {}", folder.display(), .genesis.fingerprint())]
    AlreadyMade {
        /// The folder.
        folder: PathBuf,
        /// Its genesis record.
        genesis: Box<SignedGenesis>,
    },
    /// The log is there, the key that signs it is not.
    #[error("{} holds the log of a swarm, but not its issuer's key", folder.display())]
    KeyMissing {
        /// The folder.
        folder: PathBuf,
    },
    /// The key is not the one that the genesis record names.
    #[error("the key in {} is not the issuer's key of the log next to it", folder.display())]
    OtherKey {
        /// The folder.
        folder: PathBuf,
    },
    /// The log does not start with a genesis record.
    #[error("the log in {} does not start with a genesis record: {cause}", folder.display())]
    NoGenesis {
        /// The folder.
        folder: PathBuf,
        /// What was found.
        cause: String,
    },
    /// The genesis record cannot be signed as asked for.
    #[error(transparent)]
    Genesis(#[from] GenesisError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gave no random octets.
    #[error("the system gives no random octets: {0}")]
    Entropy(getrandom::Error),
}

impl FolderError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::AlreadyMade { .. } => {
                "serve it with `zenswarm controller serve`, or choose another --state"
            }
            Self::KeyMissing { .. } | Self::OtherKey { .. } => {
                "restore issuer.key from a backup: a swarm cannot change its issuer's key"
            }
            Self::NoGenesis { .. } => "restore log.redb from a backup, or choose another --state",
            Self::Genesis(error) => error.hint(),
            Self::File(error) => error.hint(),
            Self::Store(StoreError::Missing { .. }) => {
                "make the controller with `zenswarm controller init`; if it was made before, restore log.redb from a backup"
            }
            Self::Store(error) => error.hint(),
            Self::Entropy(_) => "check that /dev/urandom can be read",
        }
    }
}

/// Makes the issuer's key and the genesis record.
///
/// # Errors
/// `AlreadyMade` when there is a swarm, and whatever stands in the way of making one; a second try takes up what
/// the first one left.
pub fn found(folder: &Path, founding: &Founding, now: Timestamp) -> Result<SignedGenesis, FolderError> {
    keyfile::make_folder(folder)?;
    let store = DiskStore::create(&folder.join(DATABASE))?;
    if store.entries_count()? > 0 {
        let (genesis, _) = identity(folder, &store)?;
        write_copy(folder, &genesis)?;
        return Err(FolderError::AlreadyMade { folder: folder.to_owned(), genesis: Box::new(genesis) });
    }
    let key = key_made_or_left_behind(&folder.join(KEY))?;
    let mut record = Genesis::new(founding.name.clone(), vec![founding.admin], key.public(), now);
    record.permissionless = founding.permissionless;
    record.test = founding.test;
    let genesis = record.sign(&key)?;
    let (_, entry) = Registry::begin(genesis.clone());
    store.commit(&Batch { first: 0, entries: vec![entry.leaf().into_bytes()], values: Vec::new() })?;
    write_copy(folder, &genesis)?;
    Ok(genesis)
}

/// Opens a folder that [`found`] made.
///
/// # Errors
/// When there is none, or when key, log and record do not belong together.
pub fn open(folder: &Path) -> Result<Opened, FolderError> {
    let store = DiskStore::open(&folder.join(DATABASE))?;
    let (genesis, key) = identity(folder, &store)?;
    Ok(Opened { genesis, key, store })
}

/// The genesis record and the key, checked against each other.
fn identity(folder: &Path, store: &DiskStore) -> Result<(SignedGenesis, SigningKey), FolderError> {
    let genesis = first_entry(folder, store)?;
    let key = match keyfile::read_key(&folder.join(KEY)) {
        Ok(octets) => SigningKey::from_octets(*octets),
        Err(FileError::Missing { .. }) => return Err(FolderError::KeyMissing { folder: folder.to_owned() }),
        Err(error) => return Err(error.into()),
    };
    if key.public() != genesis.genesis().controller {
        return Err(FolderError::OtherKey { folder: folder.to_owned() });
    }
    Ok((genesis, key))
}

fn first_entry(folder: &Path, store: &DiskStore) -> Result<SignedGenesis, FolderError> {
    let fault = |cause: String| FolderError::NoGenesis { folder: folder.to_owned(), cause };
    let octets = store.entries(0, 1)?.pop().ok_or_else(|| fault("it is empty".into()))?;
    let entry = LogEntry::parse(&octets).map_err(|error| fault(error.to_string()))?;
    Ok(Registry::replay(&entry).map_err(|error| fault(error.to_string()))?.genesis().clone())
}

/// A key without a log is what a start that was cut off leaves; nobody has seen it, so it is as good as new.
fn key_made_or_left_behind(path: &Path) -> Result<SigningKey, FolderError> {
    match keyfile::read_key(path) {
        Ok(octets) => return Ok(SigningKey::from_octets(*octets)),
        Err(FileError::Missing { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let mut octets = Zeroizing::new([0; 32]);
    getrandom::fill(&mut octets[..]).map_err(FolderError::Entropy)?;
    keyfile::write_key(path, &octets)?;
    Ok(SigningKey::from_octets(*octets))
}

fn write_copy(folder: &Path, genesis: &SignedGenesis) -> Result<(), FolderError> {
    match keyfile::write_new(&folder.join(GENESIS), format!("{}\n", genesis.to_json()).as_bytes(), 0o644) {
        Ok(()) | Err(FileError::Exists { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn founding() -> Founding {
        Founding {
            name: "test".parse().unwrap(),
            admin: SigningKey::from_octets([2; 32]).public(),
            permissionless: false,
            test: true,
        }
    }

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    #[test]
    fn a_swarm_is_made_and_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let made = found(folder.path(), &founding(), NOW).unwrap();
        let opened = open(folder.path()).unwrap();
        assert_eq!(opened.genesis, made);
        assert_eq!(opened.key.public(), made.genesis().controller);
        let copy = std::fs::read(folder.path().join(GENESIS)).unwrap();
        assert_eq!(SignedGenesis::parse(&copy).unwrap(), made);
    }

    #[test]
    fn a_second_start_is_refused_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let made = found(folder.path(), &founding(), NOW).unwrap();
        let error = found(folder.path(), &founding(), NOW.plus(1)).unwrap_err();
        assert!(matches!(&error, FolderError::AlreadyMade { genesis, .. } if **genesis == made), "{error}");
        assert_eq!(open(folder.path()).unwrap().genesis, made);
    }

    #[test]
    fn a_start_cut_off_after_the_key_is_taken_up() {
        let folder = tempfile::tempdir().unwrap();
        keyfile::write_key(&folder.path().join(KEY), &[5; 32]).unwrap();
        let made = found(folder.path(), &founding(), NOW).unwrap();
        assert_eq!(made.genesis().controller, SigningKey::from_octets([5; 32]).public());
    }

    #[test]
    fn a_start_cut_off_before_the_copy_is_completed() {
        let folder = tempfile::tempdir().unwrap();
        found(folder.path(), &founding(), NOW).unwrap();
        std::fs::remove_file(folder.path().join(GENESIS)).unwrap();
        assert!(matches!(found(folder.path(), &founding(), NOW), Err(FolderError::AlreadyMade { .. })));
        assert!(folder.path().join(GENESIS).exists());
    }

    #[test]
    fn a_log_without_its_key_is_not_given_another() {
        let folder = tempfile::tempdir().unwrap();
        found(folder.path(), &founding(), NOW).unwrap();
        std::fs::remove_file(folder.path().join(KEY)).unwrap();
        assert!(matches!(open(folder.path()), Err(FolderError::KeyMissing { .. })));
        assert!(matches!(found(folder.path(), &founding(), NOW), Err(FolderError::KeyMissing { .. })));
        keyfile::write_key(&folder.path().join(KEY), &[5; 32]).unwrap();
        assert!(matches!(open(folder.path()), Err(FolderError::OtherKey { .. })));
    }

    #[test]
    fn the_admin_key_must_not_be_the_issuers() {
        let folder = tempfile::tempdir().unwrap();
        keyfile::write_key(&folder.path().join(KEY), &[2; 32]).unwrap();
        assert!(matches!(
            found(folder.path(), &founding(), NOW),
            Err(FolderError::Genesis(GenesisError::SharedKey))
        ));
    }

    #[test]
    fn an_empty_folder_cannot_be_served() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(open(folder.path()), Err(FolderError::Store(StoreError::Missing { .. }))));
    }
}
