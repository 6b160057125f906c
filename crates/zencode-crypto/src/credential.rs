//! Attribute-based credentials as Zenroom issues them: a holder asks for a signature without showing the
//! attribute, unblinds it, and proves to have it as often as wanted without being recognised.
//!
//! The scheme is Coconut with one attribute, the digest of the holder's secret key. Several issuers can sign:
//! holders add up the signatures, verifiers the issuers' public keys.
//!
//! # Example
//! ```
//! use zencode_crypto::credential::{HolderKey, IssuerKey, Request};
//! use zencode_crypto::random::{Generator, Seed};
//!
//! let mut generator = Generator::new(&Seed::Reference([0; 64]));
//! let (issuer, holder) = (IssuerKey::draw(&mut generator), HolderKey::draw(&mut generator));
//! let request = Request::new(&holder, &mut generator);
//! let signature = issuer.sign(&request).ok_or("the request proves nothing")?;
//! let credential = holder.unblind(&[signature]).ok_or("no signature")?;
//! let proof = credential.prove(&issuer.public_key(), &holder, &mut generator);
//! assert!(proof.verify(&issuer.public_key()));
//! # Ok::<(), &str>(())
//! ```
//!
//! # Source
//! Sonnino and others, "Coconut", NDSS 2019; Zenroom `crypto_credential.lua`; zencode.md, F.10.

use std::ops::Add;
use std::sync::LazyLock;

use zeroize::Zeroizing;

use crate::bls12_381::{Error, G1, G2, Scalar, pairings_agree, significant};
use crate::hash::Algorithm;
use crate::random::Generator;

/// A point nobody knows the logarithm of: the hash of the reference engine's copyright and licence texts.
///
/// # Source
/// Zenroom `init.lua`, `SALT`; zencode.md, F.0.
const SALT: [u8; 49] = [
    0x02, 0x00, 0x9b, 0x90, 0x17, 0x28, 0xb0, 0xb1, 0xb9, 0x00, 0xc7, 0xac, 0x0f, 0xde, 0x67, 0xb5, 0x33,
    0x89, 0x5c, 0x47, 0x53, 0xfd, 0x1e, 0x77, 0x08, 0xec, 0x97, 0x7f, 0xfc, 0xcf, 0xb0, 0x38, 0x7c, 0xb6,
    0xeb, 0x32, 0xe2, 0x4b, 0x00, 0x6e, 0x48, 0xa7, 0xc0, 0x25, 0xf5, 0xa6, 0x41, 0x66, 0xba,
];

static SALT_POINT: LazyLock<G1> =
    LazyLock::new(|| G1::from_octets(&SALT).expect("a test reads the salt as a point"));

/// The second generator of commitments.
pub fn salt() -> G1 {
    *SALT_POINT
}

/// What a proof is about, before its challenge.
pub(crate) enum Item {
    First(G1),
    Second(G2),
}

/// The challenge that octets of points give.
///
/// # Source
/// Zenroom `init.lua`, `ZKP_challenge`; zencode.md, F.0.
pub(crate) fn challenge(items: &[Item]) -> Scalar {
    let mut text = G1::generator().to_octets();
    text.extend_from_slice(&G2::generator().to_octets());
    text.extend_from_slice(&SALT);
    text.push(0);
    for item in items {
        text.extend_from_slice(&match item {
            Item::First(point) => point.to_octets(),
            Item::Second(point) => point.to_octets(),
        });
    }
    text.push(b'K');
    for position in 1..=items.len() {
        text.extend_from_slice(position.to_string().as_bytes());
    }
    scalar(&Algorithm::Sha256.digest(&text))
}

fn scalar(digest: &[u8]) -> Scalar {
    Scalar::from_octets(digest).expect("a digest of 32 octets is a scalar")
}

/// The secret key of a holder.
#[derive(Clone)]
pub struct HolderKey {
    octets: Zeroizing<Vec<u8>>,
    pub(crate) secret: Scalar,
    attribute: Scalar,
}

impl std::fmt::Debug for HolderKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HolderKey(..)")
    }
}

impl HolderKey {
    /// Draws a secret key.
    ///
    /// # Source
    /// Zenroom `create credential key`.
    pub fn draw(generator: &mut Generator) -> Self {
        let secret = Scalar::draw(generator);
        Self::new(secret.to_octets(), secret)
    }

    fn new(octets: Zeroizing<Vec<u8>>, secret: Scalar) -> Self {
        let attribute = scalar(&Algorithm::Sha256.digest(&octets));
        Self { octets, secret, attribute }
    }

    /// Reads a secret key: a big-endian integer of at most 48 octets, leading zeros without a meaning.
    ///
    /// It may be above the order; then its attribute is still that of the larger integer, as in the reference
    /// engine.
    ///
    /// # Errors
    /// `ScalarLength`.
    ///
    /// # Source
    /// Zenroom `zencode_keyring.lua`, the key type `credential`.
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        let secret = Scalar::from_octets(octets)?;
        Ok(Self::new(Zeroizing::new(significant(octets).to_vec()), secret))
    }

    /// The secret key, big-endian without leading zeros.
    pub fn to_octets(&self) -> &[u8] {
        &self.octets
    }

    /// Takes the blinding off the issuers' signatures of one request and adds them up; nothing without a
    /// signature.
    ///
    /// # Source
    /// Zenroom `crypto_credential.lua`, `aggregate_creds`.
    pub fn unblind(&self, signatures: &[BlindSignature]) -> Option<Credential> {
        let (first, others) = signatures.split_first()?;
        let bare = |signature: &BlindSignature| signature.b - signature.a * &self.secret;
        let s = others.iter().fold(bare(first), |sum, signature| sum + bare(signature));
        Some(Credential { h: first.h, s })
    }
}

/// The secret key of an issuer.
#[derive(Clone, Debug)]
pub struct IssuerKey {
    /// What signs the commitment.
    pub x: Scalar,
    /// What signs the attribute.
    pub y: Scalar,
}

impl IssuerKey {
    /// Draws a secret key: `x`, then `y`.
    ///
    /// # Source
    /// Zenroom `crypto_credential.lua`, `issuer_keygen`.
    pub fn draw(generator: &mut Generator) -> Self {
        let x = Scalar::draw(generator);
        Self { x, y: Scalar::draw(generator) }
    }

    /// The public key.
    ///
    /// # Source
    /// Zenroom `create issuer public key`.
    pub fn public_key(&self) -> IssuerPublicKey {
        IssuerPublicKey { alpha: G2::generator() * &self.x, beta: G2::generator() * &self.y }
    }

    /// Signs a request; nothing if its proof is wrong.
    ///
    /// # Source
    /// Zenroom `crypto_credential.lua`, `blind_sign`.
    pub fn sign(&self, request: &Request) -> Option<BlindSignature> {
        request.verify().then(|| BlindSignature {
            h: request.commit,
            a: request.a * &self.y,
            b: request.commit * &self.x + request.b * &self.y,
        })
    }
}

/// The public key of an issuer, or the sum of those of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuerPublicKey {
    /// The generator times `x`.
    pub alpha: G2,
    /// The generator times `y`.
    pub beta: G2,
}

impl Add for IssuerPublicKey {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { alpha: self.alpha + other.alpha, beta: self.beta + other.beta }
    }
}

/// What a holder asks to have signed, with the proof that the attribute in it is the holder's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The commitment to the attribute; the base of the signature.
    pub commit: G1,
    /// The holder's public key.
    pub public: G1,
    /// The first half of the encrypted attribute.
    pub a: G1,
    /// The second half of the encrypted attribute.
    pub b: G1,
    /// The challenge of the proof.
    pub challenge: Scalar,
    /// The response for the encryption's nonce.
    pub rk: Scalar,
    /// The response for the attribute.
    pub rm: Scalar,
    /// The response for the commitment's nonce.
    pub rr: Scalar,
}

impl Request {
    /// Asks for a signature. Draws five scalars.
    ///
    /// # Source
    /// Zenroom `crypto_credential.lua`, `prepare_blind_sign` and `make_pi_s`.
    pub fn new(key: &HolderKey, generator: &mut Generator) -> Self {
        let public = G1::generator() * &key.secret;
        let r = Scalar::draw(generator);
        let commit = G1::generator() * &r + salt() * &key.attribute;
        let k = Scalar::draw(generator);
        let (wk, wm, wr) = (Scalar::draw(generator), Scalar::draw(generator), Scalar::draw(generator));
        let challenge = challenge(&[
            Item::First(commit),
            Item::First(G1::generator() * &wk),
            Item::First(public * &wk + commit * &wm),
            Item::First(G1::generator() * &wr + salt() * &wm),
        ]);
        Self {
            commit,
            public,
            a: G1::generator() * &k,
            b: public * &k + commit * &key.attribute,
            rk: &wk - &(&challenge * &k),
            rm: &wm - &(&challenge * &key.attribute),
            rr: &wr - &(&challenge * &r),
            challenge,
        }
    }

    /// Whether the proof is right.
    ///
    /// # Source
    /// Zenroom `crypto_credential.lua`, `verify_pi_s`.
    pub fn verify(&self) -> bool {
        let c = &self.challenge;
        let expected = challenge(&[
            Item::First(self.commit),
            Item::First(self.a * c + G1::generator() * &self.rk),
            Item::First(self.b * c + self.public * &self.rk + self.commit * &self.rm),
            Item::First(self.commit * c + G1::generator() * &self.rr + salt() * &self.rm),
        ]);
        self.challenge == expected
    }
}

/// An issuer's signature of a request, which only the holder can unblind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlindSignature {
    /// The base: the commitment of the request.
    pub h: G1,
    /// What the blinding is made of.
    pub a: G1,
    /// The blinded signature.
    pub b: G1,
}

/// The signature of one issuer or several, unblinded: what the holder proves to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The base.
    pub h: G1,
    /// The signature.
    pub s: G1,
}

impl Credential {
    /// Proves to have a credential of the issuers. Draws four scalars.
    ///
    /// # Source
    /// Zenroom `crypto_credential.lua`, `prove_cred`.
    pub fn prove(&self, issuers: &IssuerPublicKey, key: &HolderKey, generator: &mut Generator) -> Proof {
        self.proof(issuers, key, None, generator)
    }

    /// Proves to have a credential, and marks the proof: the same holder leaves the same mark on the same
    /// subject. Draws four scalars.
    ///
    /// # Source
    /// Zenroom `crypto_credential.lua`, `prove_cred_uid`.
    pub fn prove_about(
        &self,
        issuers: &IssuerPublicKey,
        key: &HolderKey,
        subject: &[u8],
        generator: &mut Generator,
    ) -> (Proof, G1) {
        let subject = G1::hash(subject);
        (self.proof(issuers, key, Some(subject), generator), subject * &key.attribute)
    }

    fn proof(
        &self,
        issuers: &IssuerPublicKey,
        key: &HolderKey,
        subject: Option<G1>,
        generator: &mut Generator,
    ) -> Proof {
        let (r, r_prime) = (Scalar::draw(generator), Scalar::draw(generator));
        let (h_prime, s_prime) = (self.h * &r_prime, self.s * &r_prime);
        let (wm, wr) = (Scalar::draw(generator), Scalar::draw(generator));
        let attested = issuers.alpha + issuers.beta * &wm + G2::generator() * &wr;
        let marked = subject.map(|subject| subject * &wm);
        let challenge = proof_challenge(issuers, attested, h_prime * &wr, marked);
        Proof {
            nu: h_prime * &r,
            kappa: issuers.alpha + issuers.beta * &key.attribute + G2::generator() * &r,
            h_prime,
            s_prime,
            rm: &wm - &(&key.attribute * &challenge),
            rr: &wr - &(&r * &challenge),
            challenge,
        }
    }
}

fn proof_challenge(issuers: &IssuerPublicKey, attested: G2, blinded: G1, marked: Option<G1>) -> Scalar {
    let mut items = vec![
        Item::Second(issuers.alpha),
        Item::Second(issuers.beta),
        Item::Second(attested),
        Item::First(blinded),
    ];
    items.extend(marked.map(Item::First));
    challenge(&items)
}

/// The proof to have a credential; two of them cannot be told to be of one holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The blinding of the signature.
    pub nu: G1,
    /// The attribute, blinded under the issuers' keys.
    pub kappa: G2,
    /// The base of the signature, randomised.
    pub h_prime: G1,
    /// The signature, randomised.
    pub s_prime: G1,
    /// The challenge.
    pub challenge: Scalar,
    /// The response for the attribute.
    pub rm: Scalar,
    /// The response for the blinding.
    pub rr: Scalar,
}

impl Proof {
    /// Whether it proves a credential of the issuers.
    ///
    /// # Source
    /// Zenroom `crypto_credential.lua`, `verify_cred`.
    pub fn verify(&self, issuers: &IssuerPublicKey) -> bool {
        self.holds(issuers, None)
    }

    /// Whether it proves a credential of the issuers, and the mark is its holder's on the subject.
    ///
    /// # Source
    /// Zenroom `crypto_credential.lua`, `verify_cred_uid`.
    pub fn verify_about(&self, issuers: &IssuerPublicKey, subject: &[u8], mark: &G1) -> bool {
        self.holds(issuers, Some(G1::hash(subject) * &self.rm + *mark * &self.challenge))
    }

    fn holds(&self, issuers: &IssuerPublicKey, marked: Option<G1>) -> bool {
        let c = &self.challenge;
        let attested = self.kappa * c
            + G2::generator() * &self.rr
            + issuers.alpha * &(&Scalar::one() - c)
            + issuers.beta * &self.rm;
        let blinded = self.nu * c + self.h_prime * &self.rr;
        *c == proof_challenge(issuers, attested, blinded, marked)
            && !self.h_prime.is_infinity()
            && pairings_agree((&self.kappa, &self.h_prime), (&G2::generator(), &(self.s_prime + self.nu)))
    }
}

#[cfg(test)]
mod tests;
