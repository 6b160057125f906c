//! BBS signatures: one signature of many messages, of which the holder shows those that matter and proves to
//! have a signature of all.
//!
//! The header is always empty, as in the reference engine.
//!
//! # Example
//! ```
//! use zencode_crypto::bbs::{Proof, SecretKey, Suite};
//! use zencode_crypto::random::{Generator, Seed};
//!
//! let mut generator = Generator::new(&Seed::Reference([0; 64]));
//! let key = SecretKey::draw(Suite::Sha256, &mut generator);
//! let (public, messages) = (key.public_key(), [b"above 18".to_vec(), b"italian".to_vec()]);
//! let signature = key.sign(Suite::Sha256, &messages)?;
//! assert!(signature.verify(Suite::Sha256, &public, &messages)?);
//!
//! let proof = signature.prove(Suite::Sha256, &public, b"today", &messages, &[0], &mut generator)?;
//! assert!(proof.verify(Suite::Sha256, &public, b"today", &messages[..1], &[0])?);
//! assert!(!proof.verify(Suite::Sha256, &public, b"today", &messages[1..], &[0])?);
//! # Ok::<(), zencode_crypto::bbs::Error>(())
//! ```
//!
//! # Source
//! draft-irtf-cfrg-bbs-signatures, both of its ciphersuites; Zenroom `crypto_bbs.lua`; zencode.md, F.11.

use zeroize::Zeroizing;

use crate::bls12_381::{self, G1, G1_ZCASH_OCTETS, G2, Scalar, pairings_agree};
use crate::random::Generator;

mod proof;
mod suite;

pub use proof::Proof;
pub use suite::Suite;

/// The most messages of one signature: a core takes some tenths of a second for as many.
pub const MESSAGES_MAX: usize = 1000;

/// Octets of a scalar.
const SCALAR_OCTETS: usize = 32;

/// Octets of a signature: a point and a scalar.
pub const SIGNATURE_OCTETS: usize = G1_ZCASH_OCTETS + SCALAR_OCTETS;

/// Why octets are no key, signature or proof, or cannot be made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A point or a scalar that is none.
    #[error(transparent)]
    Part(#[from] bls12_381::Error),
    /// The point at infinity, or a scalar that is zero.
    #[error("a part of the key, signature or proof is zero")]
    Zero,
    /// A signature or proof of another length.
    #[error("{0} octets found, which is no length of a signature or proof")]
    Length(usize),
    /// More messages than are signed.
    #[error("{0} messages found, expected at most {MESSAGES_MAX}")]
    Messages(usize),
    /// Positions of disclosed messages that are not ascending, or beyond the messages.
    #[error("the disclosed positions are not ascending, or one of them is beyond the messages")]
    Positions,
    /// As many messages as positions are expected.
    #[error("{messages} disclosed messages and {positions} positions found")]
    Disclosed {
        /// Messages found.
        messages: usize,
        /// Positions found.
        positions: usize,
    },
}

/// A secret key; wiped when dropped.
#[derive(Clone, Debug)]
pub struct SecretKey(Scalar);

impl SecretKey {
    /// Draws a secret key: 32 octets, hashed.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 3.4.1 "Secret key", with an empty `key_info`.
    pub fn draw(suite: Suite, generator: &mut Generator) -> Self {
        let material: Zeroizing<[u8; 32]> = Zeroizing::new(generator.array());
        Self::derive(suite, &*material)
    }

    fn derive(suite: Suite, material: &[u8]) -> Self {
        let input = Zeroizing::new([material, &[0, 0]].concat());
        Self(suite.expansion().scalar(&input, suite.key_label()))
    }

    /// Reads a secret key: a big-endian integer below the order, and not zero.
    ///
    /// # Errors
    /// `Part`, `Zero`.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 3.4.2 "Public key", whose scalar is within 1 and the order.
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        let secret = Scalar::from_canonical(octets)?;
        if secret.is_zero() { Err(Error::Zero) } else { Ok(Self(secret)) }
    }

    /// The secret key, big-endian without leading zeros.
    pub fn to_octets(&self) -> Zeroizing<Vec<u8>> {
        self.0.to_octets()
    }

    /// The public key.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 3.4.2 "Public key".
    pub fn public_key(&self) -> PublicKey {
        PublicKey(G2::generator() * &self.0)
    }

    /// Signs messages.
    ///
    /// # Errors
    /// `Messages`; `Zero` where the key and the digest cancel out, which nobody will see.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 3.6.1 "CoreSign".
    pub fn sign(&self, suite: Suite, messages: &[Vec<u8>]) -> Result<Signature, Error> {
        let statement = Statement::new(suite, &self.public_key(), messages)?;
        let mut input = Zeroizing::new(self.0.to_fixed().to_vec());
        for scalar in &statement.scalars {
            input.extend_from_slice(&*scalar.to_fixed());
        }
        input.extend_from_slice(&*statement.domain.to_fixed());
        let e = suite.hash(&input);
        let inverse = (&self.0 + &e).inverse().ok_or(Error::Zero)?;
        Ok(Signature { a: statement.point(suite) * &inverse, e })
    }
}

/// A public key: a point of the second group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(G2);

impl PublicKey {
    /// Reads a public key of 96 octets, which is not the point at infinity.
    ///
    /// # Errors
    /// `Part`, `Zero`.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 4.2.4 "Octets to public key".
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        let point = G2::from_zcash(octets)?;
        if point.is_infinity() { Err(Error::Zero) } else { Ok(Self(point)) }
    }

    /// The public key as 96 octets.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 3.4.2 "Public key".
    pub fn to_octets(self) -> [u8; crate::bls12_381::G2_ZCASH_OCTETS] {
        self.0.to_zcash()
    }
}

/// What a signature is about: the messages as scalars, and the domain that binds them to a key.
struct Statement {
    scalars: Vec<Scalar>,
    generators: Vec<G1>,
    domain: Scalar,
}

impl Statement {
    fn new(suite: Suite, public: &PublicKey, messages: &[Vec<u8>]) -> Result<Self, Error> {
        let generators = suite.generators(messages.len())?;
        let scalars = messages.iter().map(|message| suite.message(message)).collect();
        Ok(Self { scalars, domain: suite.domain(public, &generators), generators })
    }

    /// What the secret key raises: the messages' commitment.
    fn point(&self, suite: Suite) -> G1 {
        let start = suite.base() + self.generators[0] * &self.domain;
        self.generators[1..]
            .iter()
            .zip(&self.scalars)
            .fold(start, |sum, (generator, scalar)| sum + *generator * scalar)
    }
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    a: G1,
    e: Scalar,
}

impl Signature {
    /// Reads a signature of [`SIGNATURE_OCTETS`].
    ///
    /// # Errors
    /// `Length`, `Part`, `Zero`.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 4.2.4 "Octets to signature".
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        if octets.len() != SIGNATURE_OCTETS {
            return Err(Error::Length(octets.len()));
        }
        let (a, e) = octets.split_at(G1_ZCASH_OCTETS);
        Ok(Self { a: point(a)?, e: scalar(e)? })
    }

    /// The signature as [`SIGNATURE_OCTETS`].
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 4.2.4 "Signature to octets".
    pub fn to_octets(&self) -> Vec<u8> {
        [&self.a.to_zcash()[..], &self.e.to_fixed()[..]].concat()
    }

    /// Whether it is a signature of the messages by a key.
    ///
    /// # Errors
    /// `Messages`.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 3.6.2 "CoreVerify".
    pub fn verify(&self, suite: Suite, public: &PublicKey, messages: &[Vec<u8>]) -> Result<bool, Error> {
        let signed = Statement::new(suite, public, messages)?.point(suite);
        let key = public.0 + G2::generator() * &self.e;
        Ok(pairings_agree((&key, &self.a), (&G2::generator(), &signed)))
    }
}

/// A point that is not the one at infinity.
fn point(octets: &[u8]) -> Result<G1, Error> {
    let point = G1::from_zcash(octets)?;
    if point.is_infinity() { Err(Error::Zero) } else { Ok(point) }
}

/// A scalar of 32 octets that is not zero.
fn scalar(octets: &[u8]) -> Result<Scalar, Error> {
    let scalar = Scalar::from_canonical(octets)?;
    if scalar.is_zero() { Err(Error::Zero) } else { Ok(scalar) }
}

#[cfg(test)]
mod tests;
