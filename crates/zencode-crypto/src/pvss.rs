//! Sharing a secret so that anybody can check the shares, and only their owners can read them.
//!
//! A dealer encrypts a share for each participant's public key and proves that all are of one polynomial;
//! each participant decrypts the own share and proves that too; a quorum of decrypted shares gives the secret,
//! which is a point.
//!
//! # Example
//! ```
//! use zencode_crypto::bls12_381::Scalar;
//! use zencode_crypto::pvss::{Shares, compose, draw_key, public_key};
//! use zencode_crypto::random::{Generator, Seed};
//!
//! let mut generator = Generator::new(&Seed::Reference([0; 64]));
//! let keys: Vec<Scalar> = (0..3).map(|_| draw_key(&mut generator)).collect();
//! let shares = Shares::of(&Scalar::one(), 2, keys.iter().map(public_key).collect(), &mut generator)?;
//! assert!(shares.verify()?);
//! let first = shares.decrypt(&keys[0], &mut generator)?;
//! let last = shares.decrypt(&keys[2], &mut generator)?;
//! assert!(first.verify() && last.verify());
//! let secret = compose(&[(first.index, first.decrypted), (last.index, last.decrypted)])?;
//! assert_eq!(secret, public_key(&Scalar::one()));
//! # Ok::<(), zencode_crypto::pvss::Error>(())
//! ```
//!
//! # Source
//! Schoenmakers, "A simple publicly verifiable secret sharing scheme", 1999; Zenroom `crypto_pvss.lua`;
//! zencode.md, F.12.

use std::sync::LazyLock;

use crate::bls12_381::{G1, Scalar};
use crate::encoding::hex;
use crate::hash::sha256;
use crate::random::Generator;

/// The most participants: a core checks the shares of as many with as large a quorum in some seconds.
pub const PARTICIPANTS_MAX: usize = 256;

/// The generator that the polynomial is committed to with, uncompressed.
const COMMITMENT: &str = concat!(
    "04",
    "07ef3f7f6123b2f5e1ce7c249e0a44c8b18b3671e11d5e233d15742cf538d068f94dfae3ac9966e626a3d6670d78b6ee",
    "12d5c20e3ce7143c03491820a7b08c067f25bd9b724985cd95ec862f8cbb31c944f420e59f8f820bccf6e94b72236ca7",
);

/// The generator of keys and secrets, uncompressed.
const KEY: &str = concat!(
    "04",
    "0a17f5c7ea3abe3654c4b56d709efd293e17e79327e15b2a7eababd02b20edf33bba0a6ff2c801923399c3c9fd6a1718",
    "12f6579b77dbc6485107e68fe181e0aeb680f665880c7ded1db5f84c0a3fdc152f299511e4e5f64f1422d21c276f848a",
);

static COMMITMENT_GENERATOR: LazyLock<G1> = LazyLock::new(|| generator_of(COMMITMENT));

static KEY_GENERATOR: LazyLock<G1> = LazyLock::new(|| generator_of(KEY));

fn generator_of(text: &str) -> G1 {
    let octets = hex::decode(text).expect("the constants of this file are hexadecimal");
    G1::from_octets(&octets).expect("a test reads the generators")
}

/// Why shares are not made, read or put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More participants than are taken, or none.
    #[error("{0} participants found, expected 1 to {PARTICIPANTS_MAX}")]
    Participants(usize),
    /// More shares are wanted than there are.
    #[error("the quorum ({quorum}) is larger than the total ({total})")]
    Quorum {
        /// Shares wanted.
        quorum: usize,
        /// Shares found.
        total: usize,
    },
    /// As many encrypted shares and responses as public keys are expected.
    #[error("the parts of the shares are of different lengths")]
    Lengths,
    /// No share is encrypted for the key.
    #[error("no share is for this key")]
    NoShare,
    /// A secret key that is zero.
    #[error("the key is zero modulo the order of BLS12-381")]
    ZeroKey,
    /// Two shares of one participant.
    #[error("a share is there twice")]
    Twice,
}

/// Draws a secret key.
///
/// # Source
/// Zenroom `crypto_pvss.lua`, `keygen`.
pub fn draw_key(generator: &mut Generator) -> Scalar {
    Scalar::draw(generator)
}

/// The public key of a secret key.
///
/// # Source
/// Zenroom `crypto_pvss.lua`, `sk2pk`.
pub fn public_key(secret: &Scalar) -> G1 {
    *KEY_GENERATOR * secret
}

/// Two generators and their multiples by one scalar.
struct Equal {
    first: (G1, G1),
    second: (G1, G1),
}

/// A proof that pairs of points have equal logarithms: the challenge, and a response for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The challenge.
    pub challenge: Scalar,
    /// The responses.
    pub responses: Vec<Scalar>,
}

impl Proof {
    /// Draws a nonce for each pair.
    fn new(pairs: &[(Equal, &Scalar)], generator: &mut Generator) -> Self {
        let nonces: Vec<Scalar> = pairs.iter().map(|_| Scalar::draw(generator)).collect();
        let commitments = pairs.iter().zip(&nonces);
        let commitments =
            commitments.map(|((pair, _), nonce)| (pair, pair.first.0 * nonce, pair.second.0 * nonce));
        let challenge = challenge(commitments);
        let responses = pairs.iter().zip(&nonces);
        let responses = responses.map(|((_, secret), nonce)| nonce - &(*secret * &challenge)).collect();
        Self { challenge, responses }
    }

    fn verify(&self, pairs: &[Equal]) -> bool {
        let commitments = pairs.iter().zip(&self.responses).map(|(pair, response)| {
            let commitment = |(base, multiple): (G1, G1)| base * response + multiple * &self.challenge;
            (pair, commitment(pair.first), commitment(pair.second))
        });
        pairs.len() == self.responses.len() && challenge(commitments) == self.challenge
    }
}

fn challenge<'a>(commitments: impl Iterator<Item = (&'a Equal, G1, G1)>) -> Scalar {
    let mut octets = Vec::new();
    for (pair, first, second) in commitments {
        for point in [pair.first.1, pair.second.1, first, second] {
            octets.extend_from_slice(&point.to_zcash());
        }
    }
    Scalar::from_octets(&sha256(&octets)).expect("a digest of 32 octets is a scalar")
}

/// The shares of a secret as the dealer publishes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// The commitments to the coefficients: as many as the quorum.
    pub commitments: Vec<G1>,
    /// The participants.
    pub public_keys: Vec<G1>,
    /// A share for each of them.
    pub encrypted: Vec<G1>,
    /// That the shares are of the polynomial committed to.
    pub proof: Proof,
}

fn index_of(position: usize) -> Scalar {
    Scalar::from_octets(&(position as u64 + 1).to_be_bytes()).expect("8 octets are a scalar")
}

impl Shares {
    /// Shares a secret. Draws the other coefficients, then a nonce for each participant; a quorum of 0 is as
    /// good as 1.
    ///
    /// # Errors
    /// `Participants`, `Quorum`.
    ///
    /// # Source
    /// Zenroom `crypto_pvss.lua`, `create_shares`.
    pub fn of(
        secret: &Scalar,
        quorum: usize,
        public_keys: Vec<G1>,
        generator: &mut Generator,
    ) -> Result<Self, Error> {
        let total = public_keys.len();
        check(quorum, total)?;
        let mut coefficients = vec![secret.clone()];
        coefficients.extend((1..quorum).map(|_| Scalar::draw(generator)));
        let zero = Scalar::from_octets(&[0]).expect("an octet is a scalar");
        let values: Vec<Scalar> = (0..total)
            .map(|position| {
                let x = index_of(position);
                coefficients.iter().rev().fold(zero.clone(), |sum, next| &(&sum * &x) + next)
            })
            .collect();
        let base = *COMMITMENT_GENERATOR;
        let encrypted: Vec<G1> = public_keys.iter().zip(&values).map(|(key, value)| *key * value).collect();
        let pairs = public_keys.iter().zip(&encrypted).zip(&values);
        let pairs: Vec<_> = pairs
            .map(|((key, share), value)| {
                (Equal { first: (base, base * value), second: (*key, *share) }, value)
            })
            .collect();
        let proof = Proof::new(&pairs, generator);
        let commitments = coefficients.iter().map(|coefficient| base * coefficient).collect();
        Ok(Self { commitments, public_keys, encrypted, proof })
    }

    /// Whether the encrypted shares are of one polynomial, so that every quorum finds the same secret.
    ///
    /// # Errors
    /// `Participants`, `Quorum`, `Lengths`.
    ///
    /// # Source
    /// Zenroom `crypto_pvss.lua`, `verify_shares`.
    pub fn verify(&self) -> Result<bool, Error> {
        check(self.commitments.len(), self.public_keys.len())?;
        if self.encrypted.len() != self.public_keys.len() {
            return Err(Error::Lengths);
        }
        let pairs = self.public_keys.iter().zip(&self.encrypted).zip(1_u32..);
        let pairs: Vec<Equal> = pairs
            .map(|((key, share), index)| Equal {
                first: (*COMMITMENT_GENERATOR, self.value_at(index)),
                second: (*key, *share),
            })
            .collect();
        Ok(self.proof.verify(&pairs))
    }

    /// The commitment to the polynomial's value.
    fn value_at(&self, index: u32) -> G1 {
        self.commitments.iter().rev().fold(G1::infinity(), |sum, next| multiple(sum, index) + *next)
    }

    /// Decrypts the share of a secret key, with the proof that it is the one encrypted. Draws a nonce.
    ///
    /// # Errors
    /// `ZeroKey`, `NoShare`.
    ///
    /// # Source
    /// Zenroom `crypto_pvss.lua`, `decrypt_share`.
    pub fn decrypt(&self, secret: &Scalar, generator: &mut Generator) -> Result<Share, Error> {
        let inverse = secret.inverse().ok_or(Error::ZeroKey)?;
        let public = public_key(secret);
        let position = self.public_keys.iter().position(|key| *key == public).ok_or(Error::NoShare)?;
        let encrypted = *self.encrypted.get(position).ok_or(Error::NoShare)?;
        let decrypted = encrypted * &inverse;
        let pair = Equal { first: (*KEY_GENERATOR, public), second: (decrypted, encrypted) };
        let proof = Proof::new(&[(pair, secret)], generator);
        Ok(Share { index: position + 1, public_key: public, encrypted, decrypted, proof })
    }
}

/// A small multiple of a point, in a time that tells which; both are public.
fn multiple(point: G1, by: u32) -> G1 {
    (0..u32::BITS - by.leading_zeros()).rev().fold(G1::infinity(), |sum, bit| {
        let double = sum + sum;
        if by >> bit & 1 == 1 { double + point } else { double }
    })
}

fn check(quorum: usize, total: usize) -> Result<(), Error> {
    if !(1..=PARTICIPANTS_MAX).contains(&total) {
        return Err(Error::Participants(total));
    }
    if quorum > total { Err(Error::Quorum { quorum, total }) } else { Ok(()) }
}

/// A share as its participant decrypted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which, from 1.
    pub index: usize,
    /// Whose.
    pub public_key: G1,
    /// The share as it was encrypted.
    pub encrypted: G1,
    /// The share.
    pub decrypted: G1,
    /// That the one is the other, decrypted.
    pub proof: Proof,
}

impl Share {
    /// Whether the share is the one that was encrypted for the participant.
    ///
    /// # Source
    /// Zenroom `crypto_pvss.lua`, `verify_decrypted_shares`.
    pub fn verify(&self) -> bool {
        let first = (*KEY_GENERATOR, self.public_key);
        self.proof.verify(&[Equal { first, second: (self.decrypted, self.encrypted) }])
    }
}

/// Puts the secret together of shares with their indexes: the generator of keys times the secret, if there are
/// as many shares as the quorum.
///
/// # Errors
/// `Participants`, `Twice`.
///
/// # Source
/// Zenroom `crypto_pvss.lua`, `pooling_shares`.
pub fn compose(shares: &[(usize, G1)]) -> Result<G1, Error> {
    if shares.len() > PARTICIPANTS_MAX {
        return Err(Error::Participants(shares.len()));
    }
    let mut secret = G1::infinity();
    for (position, (index, share)) in shares.iter().enumerate() {
        let own = scalar_of(*index);
        let mut weight = Scalar::one();
        for (_, (other, _)) in shares.iter().enumerate().filter(|(other, _)| *other != position) {
            let other = scalar_of(*other);
            let difference = (&other - &own).inverse().ok_or(Error::Twice)?;
            weight = &weight * &(&other * &difference);
        }
        secret = secret + *share * &weight;
    }
    Ok(secret)
}

fn scalar_of(index: usize) -> Scalar {
    Scalar::from_octets(&(index as u64).to_be_bytes()).expect("8 octets are a scalar")
}

#[cfg(test)]
mod tests;
