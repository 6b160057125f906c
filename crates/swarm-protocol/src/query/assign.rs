//! The controller's part: draw a committee for a query and sign the assignment.

use super::{AssignedContract, Assignment, ContractChoice, Query, QueryError, draw_seed};
use crate::envelope::{Audience, Order, Signed, Stamp};
use crate::key::SigningKey;
use crate::limits::CLOCK_SKEW_MS_MAX;
use crate::log::SignedCheckpoint;
use crate::octets::{Digest, Nonce};
use crate::registry::Snapshot;
use crate::time::Timestamp;

/// Random octets for one assignment.
#[derive(Debug)]
pub struct AssignEntropy {
    /// The assignment's nonce.
    pub nonce: [u8; 16],
    /// What the draw is keyed with besides query and checkpoint.
    pub draw: [u8; 32],
}

impl Assignment {
    /// Draws the committee and signs the assignment with the controller's key (iSK).
    ///
    /// `contract` is the digest of the text that all oracles are to run: of the controller's copy when the query
    /// names a contract, of the query's text otherwise. `snapshot` is the one that `checkpoint` was signed over.
    ///
    /// # Errors
    /// [`QueryError::Policy`] when fewer oracles are eligible than the policy asks for.
    pub fn new(
        query: &Query,
        contract: Digest,
        snapshot: &Snapshot,
        checkpoint: &SignedCheckpoint,
        entropy: AssignEntropy,
        key: &SigningKey,
        now: Timestamp,
    ) -> Result<Signed<Self>, QueryError> {
        query.check()?;
        let seats = query.policy.seats(snapshot.len())?;
        let draw_nonce = Digest::new(entropy.draw);
        let seed = draw_seed(&query.digest(), &checkpoint.checkpoint().root, &draw_nonce);
        let committee = snapshot.draw(seed, seats.of).into_iter().map(|member| member.did).collect();
        let (name, text) = match query.contract.clone() {
            ContractChoice::Name(name) => (Some(name), None),
            ContractChoice::Text(text) => (None, Some(text)),
        };
        let body = Self {
            query: query.digest(),
            contract: AssignedContract { digest: contract, name, text },
            data: query.data.clone(),
            policy: query.policy,
            errors: query.errors,
            committee,
            checkpoint: checkpoint.digest(),
            draw_nonce,
            deadline: now.plus(query.deadline_ms),
        };
        let stamp = Stamp {
            swarm: checkpoint.checkpoint().swarm,
            audience: Audience::Everyone,
            order: Order::Nonce(Nonce::new(entropy.nonce)),
            issued_at: now,
            validity_ms: query.deadline_ms + CLOCK_SKEW_MS_MAX,
        };
        Ok(Signed::by_did(key, stamp, body))
    }
}
