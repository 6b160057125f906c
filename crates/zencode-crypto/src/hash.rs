//! Digests, and what is built on them: HMAC and key derivation.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest, Sha256, Sha512};
use sha3::{Keccak256, Sha3_256, Sha3_512};
use shake::{ExtendableOutput as _, Shake256, XofReader as _};

/// The most rounds of [`Algorithm::pbkdf2`]: about a second of work.
pub const PBKDF2_ROUNDS_MAX: u32 = 1_000_000;

/// The most octets of one [`hkdf_sha256`].
pub const HKDF_OCTETS_MAX: usize = 255 * 32;

/// Octets of a SHAKE256 digest here.
const SHAKE_OCTETS: usize = 32;

/// Why a derivation was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// HMAC is there for the SHA-2 digests only.
    #[error("HMAC with {} found, expected sha256 or sha512", .0.name())]
    Hmac(Algorithm),
    /// Too few or too many rounds.
    #[error("{0} rounds found, expected 1 to {PBKDF2_ROUNDS_MAX}")]
    Rounds(u32),
    /// More octets wanted than the derivation can give.
    #[error("{0} octets wanted, expected at most {HKDF_OCTETS_MAX}")]
    Octets(usize),
}

/// A digest that contracts can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// SHA-256: 32 octets.
    Sha256,
    /// SHA-512: 64 octets.
    Sha512,
    /// SHA3-256: 32 octets.
    Sha3_256,
    /// SHA3-512: 64 octets.
    Sha3_512,
    /// Keccak-256 as Ethereum has it, before the padding changed: 32 octets.
    Keccak256,
    /// SHAKE256: 32 octets. The reference engine returns memory it never wrote.
    Shake256,
}

impl Algorithm {
    /// Every digest, in the order of the reference manual.
    pub const ALL: [Self; 6] =
        [Self::Sha256, Self::Sha512, Self::Sha3_256, Self::Sha3_512, Self::Keccak256, Self::Shake256];

    /// The digest that contracts call `name`; case counts.
    ///
    /// # Source
    /// Zenroom `zencode_hash.lua`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// What contracts call it.
    ///
    /// # Source
    /// Zenroom `zencode_hash.lua`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Sha3_256 => "sha3_256",
            Self::Sha3_512 => "sha3_512",
            Self::Keccak256 => "keccak256",
            Self::Shake256 => "shake256",
        }
    }

    /// Octets of a digest.
    ///
    /// # Source
    /// FIPS 180-4 and FIPS 202.
    pub fn octets(self) -> usize {
        match self {
            Self::Sha256 | Self::Sha3_256 | Self::Keccak256 => 32,
            Self::Shake256 => SHAKE_OCTETS,
            Self::Sha512 | Self::Sha3_512 => 64,
        }
    }

    /// The digest of a message.
    ///
    /// # Source
    /// FIPS 180-4, FIPS 202; Keccak as submitted to SHA-3, with its first padding.
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => sha256(message).to_vec(),
            Self::Sha512 => sha512(message).to_vec(),
            Self::Sha3_256 => Sha3_256::digest(message).to_vec(),
            Self::Sha3_512 => Sha3_512::digest(message).to_vec(),
            Self::Keccak256 => keccak256(message).to_vec(),
            Self::Shake256 => shake256(message, SHAKE_OCTETS),
        }
    }

    /// HMAC with a key of any length.
    ///
    /// # Errors
    /// `Hmac` for digests other than SHA-256 and SHA-512, as in the reference engine.
    ///
    /// # Source
    /// RFC 2104, FIPS 198-1; Zenroom `create HMAC of '' with key ''`.
    pub fn hmac(self, key: &[u8], message: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            Self::Sha256 => Ok(hmac_sha256(key, message).to_vec()),
            Self::Sha512 => Ok(hmac_sha512(key, message).to_vec()),
            _ => Err(Error::Hmac(self)),
        }
    }

    /// KDF2 with one block: the SHA-2 digest of this one's length, over the secret and a counter of one.
    ///
    /// # Source
    /// IEEE 1363a KDF2; Zenroom `create key derivation of ''`.
    pub fn kdf(self, secret: &[u8]) -> Vec<u8> {
        if self.octets() == 64 {
            Sha512::new().chain_update(secret).chain_update(KDF_COUNTER).finalize().to_vec()
        } else {
            kdf_sha256(secret).to_vec()
        }
    }

    /// PBKDF2 with HMAC over the SHA-2 digest of this one's length. Gives `octets` octets.
    ///
    /// # Errors
    /// `Rounds` unless they are within 1 to [`PBKDF2_ROUNDS_MAX`].
    ///
    /// # Source
    /// RFC 8018, 5.2; Zenroom `create key derivation of '' with '' rounds with password ''`, whose
    /// "password" is the salt.
    pub fn pbkdf2(self, password: &[u8], salt: &[u8], rounds: u32, octets: usize) -> Result<Vec<u8>, Error> {
        if rounds == 0 || rounds > PBKDF2_ROUNDS_MAX {
            return Err(Error::Rounds(rounds));
        }
        let mut derived = vec![0; octets];
        if self.octets() == 64 {
            pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, rounds, &mut derived);
        } else {
            pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, &mut derived);
        }
        Ok(derived)
    }
}

const KDF_COUNTER: [u8; 4] = 1u32.to_be_bytes();

/// SHA-256.
///
/// # Source
/// FIPS 180-4.
pub fn sha256(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

/// SHA-512.
///
/// # Source
/// FIPS 180-4.
pub fn sha512(message: &[u8]) -> [u8; 64] {
    Sha512::digest(message).into()
}

/// Keccak-256, as Ethereum has it.
///
/// # Source
/// The Keccak submission to SHA-3, with its first padding.
pub fn keccak256(message: &[u8]) -> [u8; 32] {
    Keccak256::digest(message).into()
}

/// SHAKE256 with `octets` octets of output.
///
/// # Source
/// FIPS 202, 6.2.
pub fn shake256(message: &[u8], octets: usize) -> Vec<u8> {
    let mut state = Shake256::default();
    shake::Update::update(&mut state, message);
    let mut output = vec![0; octets];
    state.finalize_xof().read(&mut output);
    output
}

/// HMAC with SHA-256.
///
/// # Source
/// RFC 2104, RFC 4231.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    hmac_sha256_of(key, &[message])
}

/// HMAC with SHA-256 over the parts of a message, one after the other.
///
/// # Source
/// RFC 2104, RFC 4231.
pub fn hmac_sha256_of(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut state = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    parts.iter().for_each(|part| state.update(part));
    state.finalize().into_bytes().into()
}

/// HMAC with SHA-512.
///
/// # Source
/// RFC 2104, RFC 4231.
pub fn hmac_sha512(key: &[u8], message: &[u8]) -> [u8; 64] {
    hmac_sha512_of(key, &[message])
}

/// HMAC with SHA-512 over the parts of a message, one after the other.
///
/// # Source
/// RFC 2104, RFC 4231.
pub fn hmac_sha512_of(key: &[u8], parts: &[&[u8]]) -> [u8; 64] {
    let mut state = Hmac::<Sha512>::new_from_slice(key).expect("HMAC takes keys of any length");
    parts.iter().for_each(|part| state.update(part));
    state.finalize().into_bytes().into()
}

/// The key that Zenroom derives of a password or shared secret: KDF2 with SHA-256.
///
/// # Source
/// IEEE 1363a KDF2; Zenroom `zenroom_hash.lua`, `KDF`.
pub fn kdf_sha256(secret: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(secret).chain_update(KDF_COUNTER).finalize().into()
}

/// HKDF with SHA-256, extract and expand. Gives `octets` octets.
///
/// # Errors
/// `Octets` for more than [`HKDF_OCTETS_MAX`].
///
/// # Source
/// RFC 5869.
pub fn hkdf_sha256(salt: &[u8], secret: &[u8], info: &[u8], octets: usize) -> Result<Vec<u8>, Error> {
    let mut derived = vec![0; octets];
    Hkdf::<Sha256>::new(Some(salt), secret).expand(info, &mut derived).map_err(|_| Error::Octets(octets))?;
    Ok(derived)
}

#[cfg(test)]
mod tests;
