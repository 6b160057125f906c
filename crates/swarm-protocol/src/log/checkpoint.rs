//! Checkpoints: the signed head of the log, in the text form of transparency logs.
//!
//! ```text
//! zenswarm/<swarm>
//! <entries>
//! <root, base64>
//! active <oracles> <root, base64>
//! at <milliseconds>
//!
//! — zenswarm/<swarm> <key hash and signature, base64>
//! ```
//!
//! The two lines after the root are extension lines: the tree over the oracles that may sit on committees, so
//! that a certificate can prove a committee without carrying the registry; and the time.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64;
use zencode_crypto::hash::sha256;

use crate::did::Did;
use crate::key::{PublicKey, Signature, SigningKey};
use crate::limits::{CHECKPOINT_OCTETS_MAX, INTEGER_MAX};
use crate::octets::{Digest, text_type};
use crate::time::Timestamp;

/// What a signature line starts with: an em dash and a space.
const SIGNATURE: &str = "\u{2014} ";

/// The signature type of Ed25519 in signed notes.
const ED25519: u8 = 1;

/// The head of the log at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// The swarm whose log it is.
    pub swarm: Digest,
    /// Entries in the log.
    pub size: u64,
    /// The root over the entries.
    pub root: Digest,
    /// The oracles that may sit on committees.
    pub active: ActiveRoot,
    /// When it was signed.
    pub at: Timestamp,
}

/// The tree over the oracles that may sit on committees, in the order of their DIDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveRoot {
    /// Oracles in the tree.
    pub count: u64,
    /// The root over them.
    pub root: Digest,
}

/// A checkpoint with its signature: the text of a signed note.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    key_hash: [u8; 4],
    signature: Signature,
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// Longer than any checkpoint.
    #[error("checkpoint of {octets} octets is longer than {octets_max}")]
    TooLarge {
        /// Octets found.
        octets: usize,
        /// Octets allowed.
        octets_max: usize,
    },
    /// A line is not what it should be.
    #[error("line {line} of the checkpoint is not {expected}")]
    Line {
        /// Line from 1.
        line: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// The checkpoint is another swarm's.
    #[error("checkpoint of swarm {found}, expected {expected}")]
    WrongSwarm {
        /// The swarm found.
        found: Digest,
        /// The swarm expected.
        expected: Digest,
    },
    /// The signature is not the controller's.
    #[error("signature is not {controller}'s over this checkpoint")]
    BadSignature {
        /// Who should have signed.
        controller: Did,
    },
}

impl CheckpointError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } | Self::Line { .. } => {
                "fetch the checkpoint again, as plain text, unchanged"
            }
            Self::WrongSwarm { .. } => "compare the fingerprints of the two swarms' genesis records",
            Self::BadSignature { .. } => "the checkpoint was changed, or signed by another controller",
        }
    }
}

impl Checkpoint {
    /// The text that is signed.
    ///
    /// # Source
    /// C2SP tlog-checkpoint.
    pub fn text(&self) -> String {
        let Self { size, active, at, .. } = self;
        format!(
            "{}\n{size}\n{}\nactive {} {}\nat {}\n",
            origin(&self.swarm),
            BASE64.encode(self.root.octets()),
            active.count,
            BASE64.encode(active.root.octets()),
            at.millis(),
        )
    }

    /// Signs the head with the controller's key (iSK).
    pub fn sign(self, key: &SigningKey) -> SignedCheckpoint {
        // The text starts with `zenswarm/` and the base58 of a digest, which no message's label does.
        let signature = key.sign(self.text().as_bytes());
        SignedCheckpoint { key_hash: key_hash(&self.swarm, &key.public()), checkpoint: self, signature }
    }
}

impl SignedCheckpoint {
    /// Checks swarm and signature.
    ///
    /// # Errors
    /// [`CheckpointError::WrongSwarm`] and [`CheckpointError::BadSignature`].
    pub fn verify(&self, swarm: Digest, controller: Did) -> Result<&Checkpoint, CheckpointError> {
        let Self { checkpoint, key_hash: found, signature } = self;
        if checkpoint.swarm != swarm {
            return Err(CheckpointError::WrongSwarm { found: checkpoint.swarm, expected: swarm });
        }
        let key = controller.key();
        if *found != key_hash(&swarm, &key) || !key.verify(checkpoint.text().as_bytes(), signature) {
            return Err(CheckpointError::BadSignature { controller });
        }
        Ok(checkpoint)
    }

    /// The head, whose signature is checked by [`Self::verify`].
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The digest of the signed text, by which assignments name a checkpoint.
    pub fn digest(&self) -> Digest {
        Digest::of(self.checkpoint.text().as_bytes())
    }
}

text_type!(SignedCheckpoint);

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = [&self.key_hash[..], self.signature.octets()].concat();
        let name = origin(&self.checkpoint.swarm);
        writeln!(f, "{}\n{SIGNATURE}{name} {}", self.checkpoint.text(), BASE64.encode(&signed))
    }
}

impl FromStr for SignedCheckpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        if text.len() > CHECKPOINT_OCTETS_MAX {
            return Err(CheckpointError::TooLarge { octets: text.len(), octets_max: CHECKPOINT_OCTETS_MAX });
        }
        let signed = read(text)?;
        // Signatures of witnesses and other forms of the same values may come one day; they are not read silently.
        if signed.to_string() != text {
            return Err(CheckpointError::Line { line: 1, expected: "the form that this version writes" });
        }
        Ok(signed)
    }
}

fn read(text: &str) -> Result<SignedCheckpoint, CheckpointError> {
    let mut lines = text.split('\n').enumerate();
    let mut line = |expected: &'static str, prefix: &str| {
        let (number, line) = lines.next().unwrap_or((usize::MAX - 1, ""));
        let refused = CheckpointError::Line { line: number.saturating_add(1), expected };
        line.strip_prefix(prefix).map(|rest| (rest, refused.clone())).ok_or(refused)
    };
    let (swarm, refused) = line("`zenswarm/` and a swarm", "zenswarm/")?;
    let swarm = swarm.parse().map_err(|_| refused)?;
    let (size, refused) = line("a number of entries", "")?;
    let size = integer(size).ok_or(refused)?;
    let (root, refused) = line("a root in base64", "")?;
    let root = Digest::new(base64(root).ok_or(refused)?);
    let (active, refused) = line("`active`, a number and a root", "active ")?;
    let (count, active_root) = active.split_once(' ').ok_or_else(|| refused.clone())?;
    let count = integer(count).ok_or_else(|| refused.clone())?;
    let active = ActiveRoot { count, root: Digest::new(base64(active_root).ok_or(refused)?) };
    let (at, refused) = line("`at` and a time", "at ")?;
    let at = Timestamp::from_millis(integer(at).ok_or(refused)?);
    line("empty", "")?;
    let (signature, refused) = line("a signature", SIGNATURE)?;
    let (_, signature) = signature.split_once(' ').ok_or_else(|| refused.clone())?;
    let octets: [u8; 68] = base64(signature).ok_or(refused)?;
    let (key_hash, signature) = octets.split_at(4);
    Ok(SignedCheckpoint {
        checkpoint: Checkpoint { swarm, size, root, active, at },
        key_hash: key_hash.try_into().expect("split at 4"),
        signature: Signature::new(signature.try_into().expect("68 less 4 is 64")),
    })
}

fn origin(swarm: &Digest) -> String {
    format!("zenswarm/{swarm}")
}

/// # Source
/// C2SP signed-note: the first four octets of SHA-256(name, newline, type, key).
fn key_hash(swarm: &Digest, key: &PublicKey) -> [u8; 4] {
    let input = [origin(swarm).as_bytes(), &[b'\n', ED25519], key.octets()].concat();
    let [a, b, c, d, ..] = sha256(&input);
    [a, b, c, d]
}

fn integer(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| *number <= INTEGER_MAX)
}

fn base64<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64.decode(text.as_bytes()).ok()?.try_into().ok()
}

impl SignedCheckpoint {
    /// The line by which other tools of transparency logs verify this controller's checkpoints.
    ///
    /// # Source
    /// C2SP signed-note, verifier keys: name, hexadecimal key hash, base64 of type and key.
    pub fn verifier_key(swarm: &Digest, controller: &Did) -> String {
        let key = controller.key();
        let hash = data_encoding::HEXLOWER.encode(&key_hash(swarm, &key));
        let typed = [&[ED25519][..], key.octets()].concat();
        format!("{}+{hash}+{}", origin(swarm), BASE64.encode(&typed))
    }
}
