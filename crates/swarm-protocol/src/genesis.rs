//! How a swarm begins: one record, made once, whose digest is the swarm's name ever after.

use serde::{Deserialize, Serialize};

use crate::canonical::{self, JsonError};
use crate::did::Did;
use crate::envelope::{self, SUITE};
use crate::key::{PublicKey, Signature, SigningKey};
use crate::limits::{ADMINS_MAX, MESSAGE_OCTETS_MAX};
use crate::octets::Digest;
use crate::profile::Name;
use crate::time::Timestamp;

/// The `type` field, and the end of the domain label.
const TYPE: &str = "genesis";

/// The version of this record's form.
const VERSION: u32 = 1;

/// Who may enrol oracles, who keeps the register, and by which rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// Always `genesis`.
    r#type: String,
    /// Always `eddsa`.
    suite: String,
    /// Version of this record's form: 1.
    version: u32,
    /// A name for people; the swarm's identity is the digest.
    pub name: Name,
    /// The admins' keys (aPK), sorted, 1 to 16.
    pub admins: Vec<PublicKey>,
    /// The controller's key (iPK).
    pub controller: PublicKey,
    /// When the swarm was made.
    pub created: Timestamp,
    /// Whether oracles may enrol without a ticket; they stay quarantined until an admin admits them.
    pub permissionless: bool,
    /// Whether this is a swarm for tests, whose certificates nobody should rely on.
    pub test: bool,
}

/// A genesis record whose form and signature were checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct SignedGenesis {
    genesis: Genesis,
    signature: Signature,
    swarm: Digest,
}

/// The record as it travels.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    body: Genesis,
    signature: Signature,
}

/// Why a genesis record is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GenesisError {
    /// Not strict JSON, or other fields.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// Another type, suite or version.
    #[error("record is not a genesis of version 1 in suite eddsa")]
    Form,
    /// No admin, too many, not sorted, or twice the same.
    #[error("{found} admin keys, expected 1 to {admins_max}, sorted, each once")]
    Admins {
        /// Keys found.
        found: usize,
        /// Keys allowed.
        admins_max: usize,
    },
    /// An admin key that is the controller's.
    #[error("the controller's key is an admin's too")]
    SharedKey,
    /// The signature is not the controller's.
    #[error("signature is not the controller's over this genesis record")]
    BadSignature,
}

impl GenesisError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::Form => "use the genesis record as the controller wrote it",
            Self::Admins { .. } => "name between 1 and 16 different admin keys",
            Self::SharedKey => "make the admin's key on another machine, and keep it there",
            Self::BadSignature => "the record was changed: fetch it again and compare the fingerprint",
        }
    }
}

impl Genesis {
    /// A new swarm's record.
    pub fn new(name: Name, mut admins: Vec<PublicKey>, controller: PublicKey, created: Timestamp) -> Self {
        admins.sort_unstable();
        admins.dedup();
        Self {
            r#type: TYPE.to_owned(),
            suite: SUITE.to_owned(),
            version: VERSION,
            name,
            admins,
            controller,
            created,
            permissionless: false,
            test: false,
        }
    }

    /// Signs the record with the controller's key (iSK).
    ///
    /// # Errors
    /// [`GenesisError`] when the record is not valid or `key` is not its controller's.
    pub fn sign(self, key: &SigningKey) -> Result<SignedGenesis, GenesisError> {
        let signature = key.sign(self.text().as_bytes());
        SignedGenesis::try_from(Wire { body: self, signature })
    }

    fn text(&self) -> String {
        envelope::label(TYPE) + &canonical::text_of(self)
    }

    fn check(&self) -> Result<(), GenesisError> {
        if self.r#type != TYPE || self.suite != SUITE || self.version != VERSION {
            return Err(GenesisError::Form);
        }
        let sorted = self.admins.windows(2).all(|pair| pair[0] < pair[1]);
        if self.admins.is_empty() || self.admins.len() > ADMINS_MAX || !sorted {
            return Err(GenesisError::Admins { found: self.admins.len(), admins_max: ADMINS_MAX });
        }
        if self.admins.contains(&self.controller) {
            return Err(GenesisError::SharedKey);
        }
        Ok(())
    }
}

impl SignedGenesis {
    /// Reads and checks a genesis record.
    ///
    /// # Errors
    /// [`GenesisError`].
    pub fn parse(json: &[u8]) -> Result<Self, GenesisError> {
        Self::try_from(canonical::parse_as::<Wire>(json, MESSAGE_OCTETS_MAX, TYPE)?)
    }

    /// The record on the wire: canonical JSON.
    pub fn to_json(&self) -> String {
        canonical::text_of(self)
    }

    /// The record.
    pub const fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The swarm's identity: SHA-256 of the signed text.
    pub const fn swarm(&self) -> Digest {
        self.swarm
    }

    /// The controller's DID.
    pub const fn controller(&self) -> Did {
        Did::of(self.genesis.controller)
    }

    /// The swarm's identity for comparison by people: 16 groups of four hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.swarm)
    }
}

/// A digest for comparison by people: 16 groups of four hexadecimal digits.
pub fn fingerprint(digest: &Digest) -> String {
    let groups: Vec<String> =
        digest.octets().chunks(2).map(|pair| data_encoding::HEXLOWER.encode(pair)).collect();
    groups.join(" ")
}

impl TryFrom<Wire> for SignedGenesis {
    type Error = GenesisError;

    fn try_from(Wire { body: genesis, signature }: Wire) -> Result<Self, GenesisError> {
        genesis.check()?;
        let text = genesis.text();
        if !genesis.controller.verify(text.as_bytes(), &signature) {
            return Err(GenesisError::BadSignature);
        }
        Ok(Self { swarm: Digest::of(text.as_bytes()), genesis, signature })
    }
}

impl From<SignedGenesis> for Wire {
    fn from(SignedGenesis { genesis: body, signature, .. }: SignedGenesis) -> Self {
        Self { body, signature }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> SignedGenesis {
        let controller = SigningKey::from_octets([1; 32]);
        let admin = SigningKey::from_octets([2; 32]).public();
        let name = "test".parse().unwrap();
        Genesis::new(name, vec![admin], controller.public(), Timestamp::from_millis(5))
            .sign(&controller)
            .unwrap()
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        assert_eq!(SignedGenesis::parse(signed().to_json().as_bytes()), Ok(signed()));
    }

    #[test]
    fn a_record_changed_in_any_field_is_refused() {
        let json = signed().to_json();
        for (from, to) in [
            ("\"test\":false", "\"test\":true"),
            ("\"created\":5", "\"created\":6"),
            ("name\":\"test", "name\":\"tesu"),
        ] {
            assert!(json.contains(from));
            assert_eq!(
                SignedGenesis::parse(json.replace(from, to).as_bytes()),
                Err(GenesisError::BadSignature)
            );
        }
    }

    #[test]
    fn another_key_cannot_sign_for_the_controller() {
        let record = signed().genesis().clone();
        assert_eq!(record.sign(&SigningKey::from_octets([3; 32])), Err(GenesisError::BadSignature));
    }

    #[test]
    fn a_record_without_admin_is_refused() {
        let key = SigningKey::from_octets([1; 32]);
        let record = Genesis::new("x".parse().unwrap(), vec![], key.public(), Timestamp::ZERO);
        assert_eq!(record.sign(&key), Err(GenesisError::Admins { found: 0, admins_max: 16 }));
    }

    #[test]
    fn the_fingerprint_is_sixteen_groups_of_four() {
        let fingerprint = fingerprint(&Digest::new([0xab; 32]));
        assert_eq!(fingerprint, ["abab"; 16].join(" "));
    }
}
