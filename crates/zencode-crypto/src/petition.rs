//! Petitions as Zenroom counts them: signatures are added up under encryption, and only the one who made the
//! petition can say how many there are, with a proof.
//!
//! That nobody signs twice is not shown here: [`crate::credential::Credential::prove_about`] leaves the same
//! mark on the same petition.
//!
//! # Example
//! ```
//! use zencode_crypto::credential::HolderKey;
//! use zencode_crypto::petition::{Scores, Signature, Tally, owner};
//! use zencode_crypto::random::{Generator, Seed};
//!
//! let mut generator = Generator::new(&Seed::Reference([0; 64]));
//! let key = HolderKey::draw(&mut generator);
//! let mut scores = Scores::empty();
//! for _ in 0..3 {
//!     let signature = Signature::new(&owner(&key), &mut generator);
//!     assert!(signature.verify(&owner(&key)));
//!     scores = scores + signature.scores;
//! }
//! let tally = Tally::new(&key, &scores, &mut generator);
//! assert!(tally.verify(&scores));
//! assert_eq!(tally.count(&scores), Some(3));
//! ```
//!
//! # Source
//! Zenroom `crypto_petition.lua`; Sonnino and others, "Coconut", NDSS 2019, section V.B.

use std::ops::Add;

use crate::bls12_381::{G1, Scalar};
use crate::credential::{HolderKey, Item, challenge, salt};
use crate::random::Generator;

/// The most signatures that a tally tells: each one more is another step of a search.
pub const COUNT_MAX: usize = 1000;

/// The public key that signatures of a petition are encrypted under.
///
/// # Source
/// Zenroom `create petition ''`, the member `owner`.
pub fn owner(key: &HolderKey) -> G1 {
    G1::generator() * &key.secret
}

/// A number, encrypted under the key of a petition's owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// What the encryption is undone with.
    pub left: G1,
    /// The number times the salt, encrypted.
    pub right: G1,
}

impl Score {
    /// Zero, encrypted with zero.
    pub fn empty() -> Self {
        Self { left: G1::infinity(), right: G1::infinity() }
    }
}

impl Add for Score {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { left: self.left + other.left, right: self.right + other.right }
    }
}

/// How many signed, and how many of those that were added did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores {
    /// Who signed.
    pub pos: Score,
    /// Who was added and did not sign.
    pub neg: Score,
}

impl Scores {
    /// Those of a new petition.
    pub fn empty() -> Self {
        Self { pos: Score::empty(), neg: Score::empty() }
    }
}

impl Add for Scores {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { pos: self.pos + other.pos, neg: self.neg + other.neg }
    }
}

/// One more signature, encrypted, with the proof that it is one or none and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What is added to the petition's scores.
    pub scores: Scores,
    /// The commitment to the number.
    pub commit: G1,
    /// The challenge of the proof.
    pub challenge: Scalar,
    /// The response for the encryption's nonce.
    pub rk: Scalar,
    /// The response for the number.
    pub rm: Scalar,
    /// The response for the commitment's nonce.
    pub rr1: Scalar,
    /// The response that ties the number to its square.
    pub rr2: Scalar,
}

impl Signature {
    /// Signs: encrypts a one under the owner's key. Draws six scalars.
    ///
    /// # Source
    /// Zenroom `crypto_petition.lua`, `prove_sign_petition` with the number one.
    pub fn new(owner: &G1, generator: &mut Generator) -> Self {
        let k = Scalar::draw(generator);
        let pos = Score { left: G1::generator() * &k, right: *owner * &k + salt() };
        let neg = Score { left: -pos.left, right: -pos.right + salt() };
        let r1 = Scalar::draw(generator);
        let commit = G1::generator() + salt() * &r1;
        let [wk, wm, wr1, wr2] = std::array::from_fn(|_| Scalar::draw(generator));
        let challenge = signature_challenge(
            &pos,
            commit,
            [
                G1::generator() * &wk,
                *owner * &wk + salt() * &wm,
                G1::generator() * &wm + salt() * &wr1,
                commit * &wm + salt() * &wr2,
            ],
        );
        Self {
            scores: Scores { pos, neg },
            commit,
            rk: &wk - &(&challenge * &k),
            rm: &wm - &challenge,
            rr1: &wr1 - &(&challenge * &r1),
            // The nonce of the square is the first one times one minus the number: zero.
            rr2: wr2,
            challenge,
        }
    }

    /// Whether it adds one signature or none to the petition of an owner.
    ///
    /// # Source
    /// Zenroom `crypto_petition.lua`, `verify_sign_petition`.
    pub fn verify(&self, owner: &G1) -> bool {
        let (pos, commit, c) = (&self.scores.pos, self.commit, &self.challenge);
        let expected = signature_challenge(
            pos,
            commit,
            [
                G1::generator() * &self.rk + pos.left * c,
                *owner * &self.rk + salt() * &self.rm + pos.right * c,
                G1::generator() * &self.rm + salt() * &self.rr1 + commit * c,
                commit * &self.rm + salt() * &self.rr2 + commit * c,
            ],
        );
        *c == expected
    }
}

fn signature_challenge(score: &Score, commit: G1, witnesses: [G1; 4]) -> Scalar {
    let mut items = vec![Item::First(score.left), Item::First(score.right), Item::First(commit)];
    items.extend(witnesses.map(Item::First));
    challenge(&items)
}

/// What opens the scores of a petition, with the proof that its owner made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// What opens the score of those who signed.
    pub pos: G1,
    /// What opens the score of those who did not.
    pub neg: G1,
    /// The challenge of the proof.
    pub challenge: Scalar,
    /// The response for the key.
    pub rx: Scalar,
}

impl Tally {
    /// Opens the scores of a petition that the key's holder made. Draws one scalar.
    ///
    /// # Source
    /// Zenroom `crypto_petition.lua`, `prove_tally_petition`.
    pub fn new(key: &HolderKey, scores: &Scores, generator: &mut Generator) -> Self {
        let wx = Scalar::draw(generator);
        let challenge = tally_challenge([scores.pos.left * &-&wx, scores.neg.left * &-&wx]);
        let opening = -&key.secret;
        Self {
            pos: scores.pos.left * &opening,
            neg: scores.neg.left * &opening,
            rx: &wx - &(&challenge * &key.secret),
            challenge,
        }
    }

    /// Whether one key opens both scores. That it is the owner's is not proved: an honest score opens to a
    /// small number under that key alone.
    ///
    /// # Source
    /// Zenroom `crypto_petition.lua`, `verify_tally_petition`.
    pub fn verify(&self, scores: &Scores) -> bool {
        let (rx, c) = (-&self.rx, &self.challenge);
        *c == tally_challenge([scores.pos.left * &rx + self.pos * c, scores.neg.left * &rx + self.neg * c])
    }

    /// How many signed: 1 to [`COUNT_MAX`]; nothing where it is none, more, or the tally is another's.
    ///
    /// # Source
    /// Zenroom `crypto_petition.lua`, `count_signatures_petition`.
    pub fn count(&self, scores: &Scores) -> Option<usize> {
        let opened = scores.pos.right + self.pos;
        let sums = std::iter::successors(Some(salt()), |sum| Some(*sum + salt()));
        sums.take(COUNT_MAX).position(|sum| sum == opened).map(|position| position + 1)
    }
}

fn tally_challenge(witnesses: [G1; 2]) -> Scalar {
    challenge(&witnesses.map(Item::First))
}

#[cfg(test)]
mod tests;
