//! Bitcoin: secret keys and addresses as its wallets write them.

pub mod transaction;

use bech32::{Fe32, Hrp, segwit};
use ripemd::{Digest as _, Ripemd160};
use zeroize::Zeroizing;

use crate::ecdh::SCALAR_OCTETS;
use crate::hash::sha256;

/// Octets of a public key's hash, which an address of version 0 holds.
pub const HASH_OCTETS: usize = 20;
/// Octets of a secret key in the import format: version, key, compression, checksum.
pub const WIF_OCTETS: usize = 1 + SCALAR_OCTETS + 1 + CHECKSUM_OCTETS;

const CHECKSUM_OCTETS: usize = 4;

/// What stands behind a secret key whose public key is the compressed one.
const COMPRESSED: u8 = 1;

/// Which chain of blocks a key or address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The one with money.
    Main,
    /// The ones for tests.
    Test,
}

impl Network {
    /// The first octet of a secret key in the import format.
    fn version(self) -> u8 {
        match self {
            Self::Main => 0x80,
            Self::Test => 0xef,
        }
    }

    /// What an address begins with.
    ///
    /// # Source
    /// BIP-173, "Segwit address format".
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Main => "bc",
            Self::Test => "tb",
        }
    }

    /// The network of a prefix, in any case.
    ///
    /// # Source
    /// As [`Network::prefix`].
    pub fn of_prefix(prefix: &str) -> Option<Self> {
        [Self::Main, Self::Test].into_iter().find(|network| network.prefix().eq_ignore_ascii_case(prefix))
    }
}

/// Why a key or address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A secret key in the import format of another length.
    #[error("secret key of {0} octets found, expected {WIF_OCTETS} in the import format")]
    Length(usize),
    /// A secret key for another chain.
    #[error("secret key of version {0:#04x} found, expected 0x80 or 0xef")]
    Version(u8),
    /// A secret key whose public key is not the compressed one.
    #[error("secret key with compression octet {0:#04x} found, expected 0x01")]
    Compression(u8),
    /// A secret key that was mistyped.
    #[error("secret key with a wrong checksum")]
    Checksum,
    /// A text that is no address of the two networks.
    #[error("address is not valid, expected a segwit address that begins with bc1 or tb1")]
    Address,
    /// A version above 16, or octets that an address of that version cannot have.
    #[error("no address has version {version} and {octets} octets")]
    Program {
        /// The version.
        version: u8,
        /// The number of octets.
        octets: usize,
    },
}

/// The hash of a public key: RIPEMD-160 of its SHA-256.
///
/// # Source
/// Bitcoin's `OP_HASH160`.
pub fn hash160(octets: &[u8]) -> [u8; HASH_OCTETS] {
    Ripemd160::digest(sha256(octets)).into()
}

/// SHA-256 of the SHA-256.
///
/// # Source
/// Bitcoin's `OP_HASH256`.
pub fn double_sha256(octets: &[u8]) -> [u8; 32] {
    sha256(&sha256(octets))
}

fn checksum(octets: &[u8]) -> [u8; CHECKSUM_OCTETS] {
    *double_sha256(octets).first_chunk().expect("a digest is longer than a checksum")
}

/// Takes a secret key out of the import format, of which base58 is the text. Either network will do.
///
/// # Errors
/// `Length`, `Version`, `Compression`, `Checksum`.
///
/// # Source
/// Bitcoin's wallet import format.
pub fn from_wif(octets: &[u8]) -> Result<Zeroizing<[u8; SCALAR_OCTETS]>, Error> {
    let octets: &[u8; WIF_OCTETS] = octets.try_into().map_err(|_| Error::Length(octets.len()))?;
    let (content, found) = octets.split_at(WIF_OCTETS - CHECKSUM_OCTETS);
    let [version, key @ .., compression] = content else { return Err(Error::Length(octets.len())) };
    if ![Network::Main, Network::Test].iter().any(|network| network.version() == *version) {
        return Err(Error::Version(*version));
    }
    if *compression != COMPRESSED {
        return Err(Error::Compression(*compression));
    }
    if found != checksum(content) {
        return Err(Error::Checksum);
    }
    let mut secret = Zeroizing::new([0; SCALAR_OCTETS]);
    secret.copy_from_slice(key);
    Ok(secret)
}

/// Puts a secret key into the import format.
///
/// # Source
/// Bitcoin's wallet import format.
pub fn to_wif(secret: &[u8; SCALAR_OCTETS], network: Network) -> Zeroizing<[u8; WIF_OCTETS]> {
    let mut octets = Zeroizing::new([0; WIF_OCTETS]);
    octets[0] = network.version();
    octets[1..=SCALAR_OCTETS].copy_from_slice(secret);
    octets[SCALAR_OCTETS + 1] = COMPRESSED;
    let end = WIF_OCTETS - CHECKSUM_OCTETS;
    let checksum = checksum(&octets[..end]);
    octets[end..].copy_from_slice(&checksum);
    octets
}

/// What an address says: how to spend, in which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The network.
    pub network: Network,
    /// The version, 0 to 16.
    pub version: u8,
    /// The witness program: 20 or 32 octets in version 0, 2 to 40 in others.
    pub program: Vec<u8>,
}

impl Address {
    /// Reads the text of an address, all small or all large.
    ///
    /// # Errors
    /// `Address`.
    ///
    /// # Source
    /// BIP-173; BIP-350 for versions above 0.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (prefix, version, program) = segwit::decode(text).map_err(|_| Error::Address)?;
        let network = Network::of_prefix(prefix.as_str()).ok_or(Error::Address)?;
        Ok(Self { network, version: version.to_u8(), program })
    }

    /// The text of the address.
    ///
    /// # Errors
    /// `Program`.
    ///
    /// # Source
    /// BIP-173; BIP-350 for versions above 0.
    pub fn to_text(&self) -> Result<String, Error> {
        let refused = || Error::Program { version: self.version, octets: self.program.len() };
        let prefix = Hrp::parse(self.network.prefix()).expect("bc and tb are human-readable parts");
        let version = Fe32::try_from(self.version).map_err(|_| refused())?;
        segwit::encode(prefix, version, &self.program).map_err(|_| refused())
    }
}

#[cfg(test)]
mod tests;
