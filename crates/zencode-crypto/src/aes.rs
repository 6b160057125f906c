//! AES-256: in Galois/counter mode, with the nonces that Zenroom's secret messages have, and block by block.

use aes_gcm::aead::array::ArraySize;
use aes_gcm::aead::consts::{U12, U16, U32};
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::aes::Aes256;
use aes_gcm::aes::cipher::BlockCipherEncrypt as _;
use aes_gcm::{AesGcm, Nonce, Tag};

/// Octets of a key.
pub const KEY_OCTETS: usize = 32;
/// Octets of the nonces that Zenroom draws.
pub const NONCE_OCTETS: usize = 32;
/// Octets of a tag.
pub const TAG_OCTETS: usize = 16;
/// Octets of a block.
pub const BLOCK_OCTETS: usize = 16;

/// Why a message was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A nonce of another length.
    #[error("nonce of {0} octets found, expected 12, 16 or 32")]
    NonceLength(usize),
    /// More text than the mode can take: 64 GiB.
    #[error("text of {0} octets found, expected at most 64 GiB")]
    TextLength(usize),
    /// The tag belongs to another text, header, nonce or key.
    #[error("message is not authentic under this key")]
    NotAuthentic,
}

/// Encrypts a text and authenticates it with a header. Gives the ciphertext, as long as the text, and the tag.
///
/// # Errors
/// `NonceLength` unless the nonce has 12, 16 or 32 octets; `TextLength`.
///
/// # Source
/// NIST SP 800-38D; Zenroom `ECDH.aead_encrypt`, behind `encrypt secret message '' with ''`.
pub fn encrypt(
    key: &[u8; KEY_OCTETS],
    nonce: &[u8],
    header: &[u8],
    text: &[u8],
) -> Result<(Vec<u8>, [u8; TAG_OCTETS]), Error> {
    let mut buffer = text.to_vec();
    let tag = match nonce.len() {
        12 => seal::<U12>(key, nonce, header, &mut buffer),
        16 => seal::<U16>(key, nonce, header, &mut buffer),
        32 => seal::<U32>(key, nonce, header, &mut buffer),
        length => Err(Error::NonceLength(length)),
    }?;
    Ok((buffer, tag))
}

/// Decrypts a ciphertext if its tag is right.
///
/// # Errors
/// `NonceLength` unless the nonce has 12, 16 or 32 octets; `NotAuthentic`.
///
/// # Source
/// NIST SP 800-38D; Zenroom `ECDH.aead_decrypt`, behind `decrypt text of '' with ''`.
pub fn decrypt(
    key: &[u8; KEY_OCTETS],
    nonce: &[u8],
    header: &[u8],
    ciphertext: &[u8],
    tag: &[u8; TAG_OCTETS],
) -> Result<Vec<u8>, Error> {
    let mut buffer = ciphertext.to_vec();
    match nonce.len() {
        12 => open::<U12>(key, nonce, header, &mut buffer, tag),
        16 => open::<U16>(key, nonce, header, &mut buffer, tag),
        32 => open::<U32>(key, nonce, header, &mut buffer, tag),
        length => Err(Error::NonceLength(length)),
    }?;
    Ok(buffer)
}

fn seal<N: ArraySize>(
    key: &[u8; KEY_OCTETS],
    nonce: &[u8],
    header: &[u8],
    buffer: &mut [u8],
) -> Result<[u8; TAG_OCTETS], Error> {
    let nonce = Nonce::<N>::try_from(nonce).map_err(|_| Error::NonceLength(nonce.len()))?;
    let length = buffer.len();
    AesGcm::<Aes256, N>::new(key.into())
        .encrypt_inout_detached(&nonce, header, buffer.into())
        .map(Into::into)
        .map_err(|_| Error::TextLength(length))
}

fn open<N: ArraySize>(
    key: &[u8; KEY_OCTETS],
    nonce: &[u8],
    header: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG_OCTETS],
) -> Result<(), Error> {
    let nonce = Nonce::<N>::try_from(nonce).map_err(|_| Error::NonceLength(nonce.len()))?;
    AesGcm::<Aes256, N>::new(key.into())
        .decrypt_inout_detached(&nonce, header, buffer.into(), &Tag::from(*tag))
        .map_err(|_| Error::NotAuthentic)
}

/// AES-256 under one key, a block at a time. Alone it hides no message: it is a part for other schemes.
pub struct Block(Aes256);

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Block(..)")
    }
}

impl Block {
    /// Prepares a key.
    pub fn new(key: &[u8; KEY_OCTETS]) -> Self {
        Self(Aes256::new(key.into()))
    }

    /// The block that a block is turned into.
    ///
    /// # Source
    /// FIPS 197, 5.1.
    pub fn encrypt(&self, block: [u8; BLOCK_OCTETS]) -> [u8; BLOCK_OCTETS] {
        let mut block = block.into();
        self.0.encrypt_block(&mut block);
        block.into()
    }
}

#[cfg(test)]
mod tests;
