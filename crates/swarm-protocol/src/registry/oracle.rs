//! One oracle in the registry.

use serde::{Deserialize, Serialize};

use crate::did::{Did, DidDocument, DocumentMetadata};
use crate::enrolment::Admission;
use crate::limits::SUSPECT_MS;
use crate::octets::Digest;
use crate::profile::Profile;
use crate::service_key::ServiceKeys;
use crate::time::Timestamp;

/// What an oracle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Enrolled, and has not announced yet.
    Provisioned,
    /// Enrolled without a ticket, and no admin has admitted it yet.
    Quarantined,
    /// Announced, with a live lease: may sit on committees.
    Active,
    /// Its lease ran out a short time ago.
    Suspect,
    /// An admin suspended it.
    Suspended,
    /// Its lease ran out a while ago, or it said goodbye. It may come back by announcing.
    Expired,
    /// An admin ended it, for good.
    Deactivated,
}

/// What admins have said about an oracle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Quarantined,
    Admitted,
    Suspended,
    Evicted,
}

/// One oracle, as the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oracle {
    /// Its DID.
    pub did: Did,
    /// The keys that its contracts use.
    pub keys: ServiceKeys,
    /// Where it is reached, and what it runs, as announced last.
    pub profile: Profile,
    /// The latest sequence number; the next must be higher.
    pub sequence: u64,
    /// Until when its announcement holds; `None` before the first, and after a goodbye.
    pub lease_until: Option<Timestamp>,
    /// When it enrolled.
    pub enrolled_at: Timestamp,
    /// The latest entry that changed it.
    pub updated_at: Timestamp,
    /// The leaf hash of that entry.
    pub version: Digest,
    /// The digest of its DID document.
    pub document_digest: Digest,
    pub(super) standing: Standing,
    pub(super) has_left: bool,
}

impl Oracle {
    pub(super) fn enrolled(
        did: Did,
        keys: ServiceKeys,
        profile: Profile,
        admission: Admission,
        at: Timestamp,
        version: Digest,
    ) -> Self {
        let standing = match admission {
            Admission::Active => Standing::Admitted,
            Admission::Quarantined => Standing::Quarantined,
        };
        let mut oracle = Self {
            did,
            keys,
            profile,
            sequence: 0,
            lease_until: None,
            enrolled_at: at,
            updated_at: at,
            version,
            document_digest: version,
            standing,
            has_left: false,
        };
        oracle.document_digest = oracle.document().digest();
        oracle
    }

    /// What it is at this time.
    pub fn state(&self, now: Timestamp) -> State {
        match (self.standing, self.lease_until) {
            (Standing::Evicted, _) => State::Deactivated,
            (Standing::Suspended, _) => State::Suspended,
            _ if self.has_left => State::Expired,
            (_, Some(lease)) if now > lease.plus(SUSPECT_MS) => State::Expired,
            (Standing::Quarantined, _) => State::Quarantined,
            (Standing::Admitted, None) => State::Provisioned,
            (Standing::Admitted, Some(lease)) if now > lease => State::Suspect,
            (Standing::Admitted, Some(_)) => State::Active,
        }
    }

    /// Its DID document, without proof.
    pub fn document(&self) -> DidDocument {
        DidDocument::of_oracle(self.did, &self.keys, &self.profile.endpoints)
    }

    /// What is known about its document.
    pub fn document_metadata(&self) -> DocumentMetadata {
        DocumentMetadata {
            created: self.enrolled_at.xml_date_time(),
            updated: self.updated_at.xml_date_time(),
            deactivated: self.standing == Standing::Evicted,
            version_id: self.version,
        }
    }

    /// Whether its lease ran out for so long that the log should say so.
    pub(super) fn is_overdue(&self, now: Timestamp) -> bool {
        let over = self.lease_until.is_some_and(|lease| now > lease.plus(SUSPECT_MS));
        over && !self.has_left && self.standing != Standing::Evicted
    }
}
