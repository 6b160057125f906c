//! Sharing a secret among many, so that a number of them can put it together again and fewer learn nothing.
//!
//! # Example
//! ```
//! use zencode_crypto::random::{Generator, Seed};
//! use zencode_crypto::secret_sharing::{compose, split};
//!
//! let mut generator = Generator::new(&Seed::Reference([0; 64]));
//! let shares = split(b"a secret", 5, 3, &mut generator)?;
//! assert_eq!(*compose(&shares[1..4])?, b"a secret");
//! # Ok::<(), zencode_crypto::secret_sharing::Error>(())
//! ```
//!
//! # Source
//! Shamir, "How to share a secret", 1979; Zenroom `crypto_lagrange_interpolation.lua`; zencode.md, F.12.

use crypto_bigint::{Limb, NonZero, Odd, U256, U384};
use zeroize::{Zeroize as _, Zeroizing};

use crate::bls12_381::significant;
use crate::random::Generator;

/// The most shares of one secret: together with as large a quorum, they take a core some tenths of a second.
pub const SHARES_MAX: usize = 1000;

/// The most octets that are read as a number: those of the reference engine's integers.
pub const NUMBER_OCTETS_MAX: usize = 48;

/// What the prime lacks to 2^256.
const LACKING: Limb = Limb(189);

/// The prime 2^256 - 189, which all is computed modulo of.
const PRIME: Odd<U256> =
    Odd::<U256>::from_be_hex("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff43");

/// Why a secret is not shared, or not found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A number of no octets or of too many.
    #[error("a number of {0} octets found, expected 1 to {NUMBER_OCTETS_MAX}")]
    Length(usize),
    /// A secret that would come back shorter.
    #[error("the secret begins with a zero octet, which would be lost")]
    LeadingZero,
    /// A secret above the prime.
    #[error("the secret is larger than 2^256 - 189")]
    Range,
    /// As many shares as the quorum, or fewer.
    #[error("the quorum ({quorum}) must be smaller than the total ({total})")]
    Quorum {
        /// How many shares put the secret together.
        quorum: usize,
        /// How many shares there are.
        total: usize,
    },
    /// More shares than are made or taken.
    #[error("{0} shares found, expected at most {SHARES_MAX}")]
    Shares(usize),
    /// Two shares with one x.
    #[error("a share is there twice")]
    Twice,
}

/// A number modulo the prime; wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(U256);

impl Drop for Number {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Number(..)")
    }
}

impl Number {
    /// Reads a big-endian integer of 1 to [`NUMBER_OCTETS_MAX`] octets, modulo the prime.
    ///
    /// # Errors
    /// `Length`.
    ///
    /// # Source
    /// Zenroom `INT.new` of an octet.
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        if octets.is_empty() || octets.len() > NUMBER_OCTETS_MAX {
            return Err(Error::Length(octets.len()));
        }
        let mut wide = Zeroizing::new([0; NUMBER_OCTETS_MAX]);
        wide[NUMBER_OCTETS_MAX - octets.len()..].copy_from_slice(octets);
        let mut number = U384::from_be_slice(&*wide);
        let reduced = number.rem(PRIME.as_nz_ref());
        number.zeroize();
        Ok(Self(reduced))
    }

    /// The number, big-endian without leading zeros; zero is one octet.
    ///
    /// # Source
    /// Zenroom `zen_big.c`, the `octet` method.
    pub fn to_octets(&self) -> Zeroizing<Vec<u8>> {
        let mut octets = Zeroizing::new([0; 32]);
        octets.copy_from_slice(self.0.to_be_bytes().as_ref());
        Zeroizing::new(significant(&*octets).to_vec())
    }

    fn draw(generator: &mut Generator) -> Self {
        let drawn = generator.scalar(PRIME.to_be_bytes().as_ref());
        Self(U256::from_be_slice(&drawn))
    }

    fn plus(&self, other: &Self) -> Self {
        Self(self.0.add_mod(&other.0, PRIME.as_nz_ref()))
    }

    fn minus(&self, other: &Self) -> Self {
        Self(self.0.sub_mod(&other.0, PRIME.as_nz_ref()))
    }

    fn times(&self, other: &Self) -> Self {
        Self(self.0.mul_mod_special(&other.0, LACKING))
    }

    /// What gives one when multiplied with it; nothing for zero.
    fn inverse(&self) -> Option<Self> {
        NonZero::new(self.0).into_option()?.invert_odd_mod(&PRIME).into_option().map(Self)
    }
}

/// A share: a point that the polynomial of the secret passes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Where.
    pub x: Number,
    /// The value of the polynomial there.
    pub y: Number,
}

/// Shares a secret of at most 32 octets, so that any `quorum` shares of `total` put it together. Draws the
/// coefficients, then the place of each share; a quorum of 0 is as good as 1.
///
/// # Errors
/// `Length`, `LeadingZero` and `Range` for the secret; `Quorum`, `Shares`.
///
/// # Source
/// Zenroom `crypto_lagrange_interpolation.lua`, `create_shared_secret`.
pub fn split(
    secret: &[u8],
    total: usize,
    quorum: usize,
    generator: &mut Generator,
) -> Result<Vec<Share>, Error> {
    if quorum >= total {
        return Err(Error::Quorum { quorum, total });
    }
    if total > SHARES_MAX {
        return Err(Error::Shares(total));
    }
    let mut coefficients = vec![constant(secret)?];
    coefficients.extend((1..quorum).map(|_| Number::draw(generator)));
    let mut shares: Vec<Share> = Vec::with_capacity(total);
    while shares.len() < total {
        let x = Number::draw(generator);
        // The share at zero would be the secret.
        if x.0 == U256::ZERO || shares.iter().any(|share| share.x == x) {
            continue;
        }
        let y = coefficients.iter().rev().fold(Number(U256::ZERO), |sum, next| sum.times(&x).plus(next));
        shares.push(Share { x, y });
    }
    Ok(shares)
}

/// The secret as the polynomial's value at zero.
fn constant(secret: &[u8]) -> Result<Number, Error> {
    let number = Number::from_octets(secret)?;
    if significant(secret).len() != secret.len() {
        return Err(Error::LeadingZero);
    }
    let prime = PRIME.to_be_bytes();
    // The reference engine shares the prime itself as zero.
    let within = secret.len() < 32 || (secret.len() == 32 && secret <= prime.as_ref());
    if within { Ok(number) } else { Err(Error::Range) }
}

/// Puts a secret together, without its leading zero octets: the right one if there are as many shares as the
/// quorum or more, and a wrong one otherwise. Without shares it is zero.
///
/// # Errors
/// `Twice` for two shares at one place, `Shares` for too many.
///
/// # Source
/// Zenroom `crypto_lagrange_interpolation.lua`, `compose_shared_secret`, whose answer for an even number of
/// shares is wrong: it subtracts modulo the order of a curve.
pub fn compose(shares: &[Share]) -> Result<Zeroizing<Vec<u8>>, Error> {
    if shares.len() > SHARES_MAX {
        return Err(Error::Shares(shares.len()));
    }
    let mut secret = Number(U256::ZERO);
    for (position, share) in shares.iter().enumerate() {
        let (mut above, mut below) = (Number(U256::ONE), Number(U256::ONE));
        let others = shares.iter().enumerate().filter(|(other, _)| *other != position);
        for (_, other) in others {
            above = above.times(&other.x);
            below = below.times(&other.x.minus(&share.x));
        }
        let weight = above.times(&below.inverse().ok_or(Error::Twice)?);
        secret = secret.plus(&share.y.times(&weight));
    }
    Ok(secret.to_octets())
}

#[cfg(test)]
mod tests;
