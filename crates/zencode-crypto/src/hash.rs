//! Digests.

use sha2::Digest as _;

/// SHA-256.
///
/// # Source
/// FIPS 180-4.
pub fn sha256(message: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(message).into()
}

/// SHA-512.
///
/// # Source
/// FIPS 180-4.
pub fn sha512(message: &[u8]) -> [u8; 64] {
    sha2::Sha512::digest(message).into()
}
