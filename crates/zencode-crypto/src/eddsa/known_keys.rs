//! Public keys that signatures are verified with again and again.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use curve25519_dalek::EdwardsPoint;
use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::traits::Identity as _;

use super::multiples::Multiples;
use super::{Equation, KEY_OCTETS, verify};

/// Keys that are kept with their multiples, 130 kilobytes for each.
const EXPANDED_MAX: usize = 32;
/// Keys of which it is remembered that they came.
const SEEN_MAX: usize = 256;
/// How often a key has to come until it is expanded, which costs as much as four verifications.
const SIGHTINGS: u8 = 2;

/// The multiples of a key: for each, memory and the time to make it grow with the base, and the time of a
/// verification shrinks.
type KeyMultiples = Multiples<5>;
/// The multiples of the base point are made once, 660 kilobytes.
static BASE: LazyLock<Multiples<8>> = LazyLock::new(|| Multiples::new(&ED25519_BASEPOINT_POINT));

/// What a host remembers of the public keys that it verifies with, so that a key that comes again takes half the
/// time. Nothing here is secret, and what [`KnownKeys::verify`] answers does not depend on what is remembered.
#[derive(Clone, Default)]
pub struct KnownKeys(Arc<Mutex<Kept>>);

impl std::fmt::Debug for KnownKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KnownKeys(..)")
    }
}

impl KnownKeys {
    /// Whether a contract takes a signature for the key's: exactly what [`verify`] answers.
    ///
    /// # Source
    /// As [`verify`].
    pub fn verify(&self, public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        let Some(key) = self.multiples(public) else { return verify(public, message, signature) };
        let Some(equation) = Equation::new(public, message, signature) else { return false };
        let base = BASE.add_to(EdwardsPoint::identity(), &equation.response);
        equation.holds(&key.add_to(base, &equation.challenge))
    }

    /// The multiples of the key's negative, if it came often enough and is one.
    fn multiples(&self, public: &[u8; KEY_OCTETS]) -> Option<Arc<KeyMultiples>> {
        match self.kept().look_up(public) {
            LookUp::Expanded(multiples) => return Some(multiples),
            LookUp::Rare => return None,
            LookUp::Frequent => {}
        }
        // Others verify meanwhile; one that expands the same key does so for nothing.
        let multiples = Arc::new(Multiples::new(&-CompressedEdwardsY(*public).decompress()?));
        self.kept().expanded(*public, multiples.clone());
        Some(multiples)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Each change of the lists is whole, so that a panic elsewhere leaves them usable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Both lists begin with the key that came last.
#[derive(Default)]
struct Kept {
    expanded: VecDeque<([u8; KEY_OCTETS], Arc<KeyMultiples>)>,
    seen: VecDeque<([u8; KEY_OCTETS], u8)>,
}

enum LookUp {
    Expanded(Arc<KeyMultiples>),
    /// It came often enough to be expanded.
    Frequent,
    Rare,
}

impl Kept {
    fn look_up(&mut self, public: &[u8; KEY_OCTETS]) -> LookUp {
        if let Some(found) = take(&mut self.expanded, public) {
            let multiples = found.1.clone();
            self.expanded.push_front(found);
            return LookUp::Expanded(multiples);
        }
        let (key, before) = take(&mut self.seen, public).unwrap_or((*public, 0));
        let sightings = before.saturating_add(1);
        self.seen.push_front((key, sightings));
        self.seen.truncate(SEEN_MAX);
        if sightings < SIGHTINGS { LookUp::Rare } else { LookUp::Frequent }
    }

    fn expanded(&mut self, public: [u8; KEY_OCTETS], multiples: Arc<KeyMultiples>) {
        take(&mut self.seen, &public);
        take(&mut self.expanded, &public);
        self.expanded.push_front((public, multiples));
        self.expanded.truncate(EXPANDED_MAX);
    }
}

/// Takes a key out of a list.
fn take<T>(
    list: &mut VecDeque<([u8; KEY_OCTETS], T)>,
    public: &[u8; KEY_OCTETS],
) -> Option<([u8; KEY_OCTETS], T)> {
    let index = list.iter().position(|(key, _)| key == public)?;
    list.remove(index)
}

#[cfg(test)]
mod tests;
