//! Signature schemes as rows: the sentences that repeat over algorithms are one function each.

use zencode_crypto::random::Generator;

use crate::error::Error;
use crate::key_cache::KeyCache;
use crate::value::Value;

/// What a scheme may use to sign.
pub(crate) struct Tools<'a> {
    pub(crate) random: &'a mut Generator,
    pub(crate) keys: &'a KeyCache,
}

/// Signs a message with a secret key, drawing what the scheme needs.
pub(crate) type Sign = fn(secret: &[u8], message: &[u8], tools: Tools<'_>) -> Result<Value, Error>;

/// Whether a signature of a message is that of a public key; what is kept of keys changes the time alone.
pub(crate) type Verify =
    fn(public: &[u8], message: &[u8], signature: &Value, keys: &KeyCache) -> Result<bool, Error>;

/// One signature scheme.
pub(crate) struct SignatureScheme {
    /// Its name in sentences and in the keyring.
    pub(crate) name: &'static str,
    /// Draws a new secret key.
    pub(crate) draw_key: fn(&mut Generator) -> Vec<u8>,
    pub(crate) public_key: fn(secret: &[u8]) -> Result<Vec<u8>, Error>,
    pub(crate) sign: Sign,
    /// Whether a signature is authentic; an error when key or signature are not even of the right form.
    pub(crate) verify: Verify,
    /// The encoding that its public keys and signatures are noted with; none for the contract's own.
    pub(crate) encoding: Option<&'static str>,
    /// Names under which public keys of several owners may be in memory.
    pub(crate) public_keys: &'static [&'static str],
}
